"""The training loop, written once for either engine, and the History of what happened."""

from dataclasses import dataclass, field
from numbers import Integral

import numpy as np


@dataclass
class History:
    """What a training run measured, one number an epoch."""

    loss: list[float] = field(default_factory=list)
    accuracy: list[float] = field(default_factory=list)
    validation_loss: list[float] = field(default_factory=list)
    validation_accuracy: list[float] = field(default_factory=list)

    @property
    def epochs(self) -> int:
        return len(self.loss)

    @property
    def best_epoch(self) -> int | None:
        """The epoch, counted from 1, with the least validation loss, the first of equal ones; None without any.

        A loss that is nan is never the best, unless all are: then it is the first.
        """
        losses = np.array(self.validation_loss)
        if not losses.size:
            return None
        return 1 + int(np.argmin(np.where(np.isnan(losses), np.inf, losses)))

    def plot(self, axes, what: str = "loss") -> None:
        """Draw "loss" or "accuracy" over the epochs on Matplotlib axes: solid for training, dashed for validation."""
        epochs = range(1, self.epochs + 1)
        axes.plot(epochs, getattr(self, what), color="#0072B2", label=f"training {what}")
        if getattr(self, f"validation_{what}"):
            axes.plot(
                epochs, getattr(self, f"validation_{what}"), color="#A35200", linestyle="--", label=f"validation {what}"
            )
            axes.legend(frameon=False)
        axes.set(xlabel="epoch", ylabel=what)

    def __repr__(self) -> str:
        if not self.loss:
            return "History(no epoch yet)"
        parts = [f"{self.epochs} epochs", f"loss {self.loss[0]:.3f} → {self.loss[-1]:.3f}"]
        if self.accuracy:
            parts.append(f"accuracy {self.accuracy[-1]:.1%}")
        if self.validation_loss:
            parts.append(f"validation loss {self.validation_loss[-1]:.3f}")
        return f"History({', '.join(parts)})"


def fit(
    engine, model, loss_function, optimizer, x, y, *,
    epochs, batch_size=None, seed=0, shuffle=True, validation=None, patience=None, progress=False,
) -> History:  # fmt: skip
    """Train a model; returns its History.

    x (N, …), y (N, …): arrays or tensors of `engine`. batch_size: samples an update, all N if None; each epoch visits
    them in an order of its own, drawn by NumPy from `seed` and therefore the same on either engine, or always in the
    order given if `shuffle` is false. validation: (x, y). loss_function(output, y) -> scalar. The loss of an epoch is
    the mean over its samples, each measured before its update; accuracy is counted where y holds classes.

    patience: stop early, when the validation loss has not fallen below its least for so many epochs, and leave the
    model with the weights of the best epoch, whether it stopped or not. progress: draw a bar with tqdm on stderr.
    """
    x, y = engine.as_tensor(x), engine.as_tensor(y)
    batch_size = len(x) if batch_size is None else batch_size
    _check(x, y, epochs, batch_size, validation, patience)
    orders = np.random.default_rng(seed)
    history, stopper = History(), _EarlyStop(model, patience)
    rounds = _with_progress(range(epochs), history) if progress else range(epochs)
    for _ in rounds:
        order = orders.permutation(len(x)) if shuffle and batch_size < len(x) else np.arange(len(x))
        _epoch(engine, model, loss_function, optimizer, x, y, order, batch_size, history)
        if validation is not None:
            loss, accuracy = evaluate(engine, model, loss_function, *validation)
            history.validation_loss.append(loss)
            _append_accuracy(history.validation_accuracy, accuracy)
        if stopper.must_stop(history):
            break
    stopper.restore(history)
    return history


def _epoch(engine, model, loss_function, optimizer, x, y, order, batch_size, history) -> None:
    """One pass over the rows in `order`; appends the mean loss and the accuracy to the history."""
    loss, correct = 0.0, 0.0
    model.train()
    for start in range(0, len(x), batch_size):
        rows = engine.as_tensor(order[start : start + batch_size])
        output = model(x[rows])
        batch_loss = loss_function(output, y[rows])
        optimizer.zero_grad()
        batch_loss.backward()
        optimizer.step()
        loss += batch_loss.item() * len(rows)
        correct += _correct(engine, output, y[rows])
    history.loss.append(loss / len(x))
    _append_accuracy(history.accuracy, correct / len(x))


class _EarlyStop:
    """Keeps a copy of the best epoch's weights; without patience it does nothing."""

    def __init__(self, model, patience):
        self.model, self.patience, self.weights = model, patience, None

    def must_stop(self, history: History) -> bool:
        if self.patience is None:
            return False
        best = history.best_epoch
        if best == history.epochs:
            self.weights = {name: value.clone() for name, value in self.model.state_dict().items()}
        return history.epochs - best >= self.patience

    def restore(self, history: History) -> None:
        if self.weights is not None and history.best_epoch < history.epochs:
            self.model.load_state_dict(self.weights)


def _with_progress(rounds, history: History):
    """The rounds, with a bar that shows the last epoch's numbers; it is closed however the loop ends."""
    from tqdm import tqdm  # only for those who ask; the plain bar is text, which a saved notebook can show

    with tqdm(rounds, desc="training", unit="epoch") as bar:
        for i in bar:
            try:
                yield i
            finally:  # after an early stop too
                numbers = {"loss": history.loss, "accuracy": history.accuracy, "validation": history.validation_loss}
                bar.set_postfix({name: f"{values[-1]:.3f}" for name, values in numbers.items() if values})


def check_run(x, y, epochs, batch_size) -> None:
    """TypeError or ValueError of `fit` for what every training needs, on whatever engine and device."""
    if not (isinstance(epochs, Integral) and isinstance(batch_size, Integral)):
        raise TypeError(f"fit: epochs and batch_size must be whole numbers; got {epochs!r} and {batch_size!r}.")
    if len(y) != len(x) or len(x) == 0:
        raise ValueError(f"fit: x and y must have the same number of samples, at least one; got {len(x)} and {len(y)}.")
    if batch_size < 1 or epochs < 0:
        raise ValueError(f"fit: batch_size must be at least 1 and epochs at least 0; got {batch_size} and {epochs}.")


def _check(x, y, epochs, batch_size, validation, patience) -> None:
    """TypeError or ValueError that says which argument of `fit` is wrong."""
    check_run(x, y, epochs, batch_size)
    if not (validation is None or (isinstance(validation, (tuple, list)) and len(validation) == 2)):
        raise ValueError(f"fit: validation must be a pair (x, y); got {type(validation).__name__}.")
    if patience is not None and (isinstance(patience, bool) or not isinstance(patience, Integral) or patience < 1):
        raise ValueError(f"fit: patience must be a whole number of epochs from 1, or None; got {patience!r}.")
    if patience is not None and validation is None:
        raise ValueError("fit: patience needs validation=(x, y), because it watches the validation loss; got None.")
    for name, values in (("x", x), ("y", y)):
        if not bool(values.isfinite().all()):
            raise ValueError(f"fit: {name} holds nan or infinite numbers, which would spread to every weight.")


def evaluate(engine, model, loss_function, x, y) -> tuple[float, float]:
    """(loss, accuracy) of a model on data, in evaluation mode, without gradients; accuracy is nan if y is no class."""
    x, y = engine.as_tensor(x), engine.as_tensor(y)
    was_training = model.training
    model.eval()
    with engine.no_grad():
        output = model(x)
        loss = loss_function(output, y).item()
    model.train(was_training)
    return loss, _correct(engine, output, y) / len(x)


def _append_accuracy(accuracies: list[float], value: float) -> None:
    if not np.isnan(value):
        accuracies.append(value)


def _correct(engine, output, y) -> float:
    """How many outputs name their class: the largest of several logits, or the sign of one for y of 0, 1."""
    if y.dtype == engine.int64 and output.ndim == 2:
        return (output.argmax(dim=1) == y).sum().item()
    if output.shape == y.shape and bool(((y == 0) | (y == 1)).all()):
        return ((output > 0) == (y > 0.5)).sum().item()
    return float("nan")
