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


def fit(engine, model, loss_function, optimizer, x, y, *, epochs, batch_size=None, seed=0, validation=None) -> History:
    """Train a model; returns its History.

    x (N, …), y (N, …): arrays or tensors of `engine`. batch_size: samples an update, all N if None; each epoch visits
    them in an order of its own, drawn by NumPy from `seed` and therefore the same on either engine. validation: (x, y).
    loss_function(output, y) -> scalar. The loss of an epoch is the mean over its samples, each measured before its
    update; accuracy is counted where y holds classes.
    """
    x, y = engine.as_tensor(x), engine.as_tensor(y)
    count = len(x)
    batch_size = count if batch_size is None else batch_size
    _check(x, y, epochs, batch_size, validation)
    orders = np.random.default_rng(seed)
    history = History()
    for _ in range(epochs):
        order = orders.permutation(count) if batch_size < count else np.arange(count)
        loss, correct = 0.0, 0.0
        model.train()
        for start in range(0, count, batch_size):
            rows = engine.as_tensor(order[start : start + batch_size])
            output = model(x[rows])
            batch_loss = loss_function(output, y[rows])
            optimizer.zero_grad()
            batch_loss.backward()
            optimizer.step()
            loss += batch_loss.item() * len(rows)
            correct += _correct(engine, output, y[rows])
        history.loss.append(loss / count)
        _append_accuracy(history.accuracy, correct / count)
        if validation is not None:
            loss, accuracy = evaluate(engine, model, loss_function, *validation)
            history.validation_loss.append(loss)
            _append_accuracy(history.validation_accuracy, accuracy)
    return history


def _check(x, y, epochs, batch_size, validation) -> None:
    """TypeError or ValueError that says which argument of `fit` is wrong."""
    if not (isinstance(epochs, Integral) and isinstance(batch_size, Integral)):
        raise TypeError(f"fit: epochs and batch_size must be whole numbers; got {epochs!r} and {batch_size!r}.")
    if len(y) != len(x) or len(x) == 0:
        raise ValueError(f"fit: x and y must have the same number of samples, at least one; got {len(x)} and {len(y)}.")
    if batch_size < 1 or epochs < 0:
        raise ValueError(f"fit: batch_size must be at least 1 and epochs at least 0; got {batch_size} and {epochs}.")
    if not (validation is None or (isinstance(validation, (tuple, list)) and len(validation) == 2)):
        raise ValueError(f"fit: validation must be a pair (x, y); got {type(validation).__name__}.")
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
