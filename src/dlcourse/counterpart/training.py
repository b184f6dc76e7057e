"""Training on cuda, mps or cpu, in one process or several: the data stay on the device, nothing waits for a step.

`dlcourse.training.fit` is the same loop for reading, and shuffles in the same order on either engine. This one is for
speed and long runs: no number leaves the device before an epoch ends, the order is drawn on the device, and a run that
was stopped goes on from its checkpoint.
"""

import math
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass

import torch
from torch.utils.data import default_convert

from dlcourse.counterpart import distributed
from dlcourse.counterpart.checkpoints import Checkpoints
from dlcourse.counterpart.device import check_bf16
from dlcourse.counterpart.metrics import Metrics
from dlcourse.counterpart.restoring import generator_states, restore
from dlcourse.training import History, check_run


def fit(model, loss_function, optimizer, x, y, *, epochs, batch_size=None, seed=0, validation=None, scheduler=None,
        bf16=False, compile=False, progress=False, metrics: Metrics | None = None,
        checkpoints: Checkpoints | None = None) -> History:  # fmt: skip
    """Train a model on the device where its parameters are; returns its History.

    x (N, …), y (N, …): tensors or arrays, copied to the device once. loss_function(output, y) -> mean over the batch.
    batch_size: samples an update, over all processes together; all N if None. Each epoch has an order of its own,
    drawn on the device from `seed` and the number of the epoch. scheduler: one step an epoch. validation: (x, y).
    bf16: matrix products in bfloat16, weights and loss in float32. compile: through torch.compile, which takes a
    minute first. progress: a bar with samples a second, and a line per epoch. metrics: where to write each epoch.
    checkpoints: saved after each epoch, and gone on from: `epochs` counts those before, too.

    The loss of an epoch is the mean over its samples, each measured before its update. FloatingPointError if it or the
    validation loss is not finite; that epoch is not saved. ValueError or TypeError for arguments that do not fit.
    """
    device = next(model.parameters()).device
    x, y, validation = _resident(x, device), _resident(y, device), _pair(validation, device)
    batch_size = len(x) if batch_size is None else batch_size
    _check(model, x, y, epochs, batch_size)
    if bf16:
        check_bf16(device)
    run = _Run(model, optimizer, scheduler, loss_function, batch_size, seed, bf16)
    run.resume(checkpoints)
    leads = distributed.rank() == 0
    if metrics is not None and leads:
        metrics.start(run.history.epochs)
    forward = distributed.wrapped(model)
    forward = torch.compile(forward) if compile else forward
    with _bar(progress and leads, run.history.epochs, epochs, len(x)) as bar:
        for epoch in range(run.history.epochs, epochs):
            row = run.epoch(forward, x, y, epoch, bar)
            if validation is not None:
                values = evaluate(model, loss_function, *validation, bf16=bf16)
                row |= dict(zip(("validation_loss", "validation_accuracy"), values, strict=True))
                run.check_finite("validation loss", values[0], epoch)
            run.remember(row)
            bar.set_postfix_str(_words(row).partition(", validation")[0])
            if progress and leads:
                bar.write(_words(row))
            if metrics is not None and leads:
                metrics.add(row)
            if checkpoints is not None and leads:
                checkpoints.save(run.state(), epoch + 1)
            distributed.wait_for_all()
    return run.history


@torch.no_grad()
def evaluate(model, loss_function, x, y, *, batch_size=4096, bf16=False) -> tuple[float, float | None]:
    """(loss, accuracy) on data, in evaluation mode, on the model's device; accuracy is None if y holds no classes.

    loss_function(output, y) -> mean over the batch; batch_size: samples at a time, which only bounds the memory.
    """
    device = next(model.parameters()).device
    x, y = _resident(x, device), _resident(y, device)
    counts = _counts(y)
    sums = _zeros(device)
    was_training = model.training
    model.eval()
    for start in range(0, len(x), batch_size):
        rows = slice(start, start + batch_size)
        with torch.autocast(device.type, torch.bfloat16, enabled=bf16):
            output = model(x[rows])
        loss = loss_function(output.float() if bf16 else output, y[rows])
        sums += _summed(loss, len(y[rows]), output, y[rows], counts)
    model.train(was_training)
    loss, correct = (sums / len(x)).tolist()
    return loss, correct if counts else None


@dataclass
class _Run:
    """What a run consists of between two epochs; all of it goes into a checkpoint."""

    model: torch.nn.Module
    optimizer: torch.optim.Optimizer
    scheduler: object | None
    loss_function: Callable
    batch_size: int
    seed: int
    bf16: bool

    def __post_init__(self):
        self.history = History()
        self.device = next(self.model.parameters()).device

    def epoch(self, forward, x, y, number: int, bar) -> dict[str, float]:
        """Train for one epoch, `number` of them before it; returns its row of the metrics."""
        started = time.perf_counter()
        counts, sums = _counts(y), _zeros(self.device)
        self.model.train()
        for batch in self.order(len(x), number).split(self.batch_size):
            rows, factor = distributed.share(batch)
            targets = y[rows]
            with torch.autocast(self.device.type, torch.bfloat16, enabled=self.bf16):
                output = forward(x[rows])
            loss = self.loss_function(output.float() if self.bf16 else output, targets)
            self.optimizer.zero_grad()
            (loss if factor == 1.0 else loss * factor).backward()
            self.optimizer.step()
            if factor:
                sums += _summed(loss.detach(), len(rows), output.detach(), targets, counts)
            bar.update(len(batch))
        loss, correct = (distributed.total(sums) / len(x)).tolist()  # the one moment an epoch that waits for the device
        seconds = time.perf_counter() - started
        self.check_finite("loss", loss, number)
        rate = self.optimizer.param_groups[0]["lr"]
        if self.scheduler is not None:
            self.scheduler.step()
        return {
            "epoch": number + 1, "loss": loss, "accuracy": correct if counts else None,
            "learning_rate": float(rate), "seconds": seconds, "samples_per_second": len(x) / max(seconds, 1e-9),
        }  # fmt: skip

    def check_finite(self, name: str, loss: float, number: int) -> None:
        """FloatingPointError if a loss of epoch `number` is nan or infinite: such weights are not worth saving."""
        if not math.isfinite(loss):
            mend = f"a smaller learning rate than {self.optimizer.param_groups[0]['lr']:g} often mends it"
            raise FloatingPointError(f"fit: the {name} became {loss} in epoch {number + 1}; {mend}.")

    def order(self, count: int, epoch: int) -> torch.Tensor:
        """The sample numbers in the order of an epoch, a function of seed and epoch alone: resuming needs no state."""
        if self.batch_size >= count:
            return torch.arange(count, device=self.device)
        generator = torch.Generator(self.device).manual_seed(self.seed * 1_000_003 + epoch)
        return torch.randperm(count, generator=generator, device=self.device)

    def remember(self, row: dict[str, float]) -> None:
        for name in ("loss", "accuracy", "validation_loss", "validation_accuracy"):
            if row.get(name) is not None:
                getattr(self.history, name).append(row[name])

    def state(self) -> dict:
        """All that the rest of the run depends on; RNG states for Dropout, whose masks are not drawn from `seed`."""
        return {
            "model": self.model.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "scheduler": None if self.scheduler is None else self.scheduler.state_dict(),
            "history": asdict(self.history),
            "rng": generator_states(self.device),
        }

    def resume(self, checkpoints: Checkpoints | None) -> None:
        """Go on from the newest checkpoint, if there is one. On another kind of device Dropout draws other masks."""
        state = None if checkpoints is None else checkpoints.load()
        if state is None:
            return
        self.history = restore(state, self.model, self.optimizer, self.scheduler)
        if distributed.rank():  # the saved state is that of process 0; the others draw masks of their own
            torch.manual_seed(self.seed + 1_000_003 * distributed.rank() + self.history.epochs)


def _resident(values, device) -> torch.Tensor:
    """A tensor on the device; nothing is copied if it is there already."""
    return torch.as_tensor(default_convert(values)).to(device)


def _pair(validation, device):
    if validation is None:
        return None
    if not (isinstance(validation, (tuple, list)) and len(validation) == 2):
        raise ValueError(f"fit: validation must be a pair (x, y); got {type(validation).__name__}.")
    return _resident(validation[0], device), _resident(validation[1], device)


def _check(model, x, y, epochs, batch_size) -> None:
    """TypeError or ValueError that says which argument of `fit` does not fit."""
    check_run(x, y, epochs, batch_size)
    own = next(model.parameters()).dtype
    if x.is_floating_point() and x.dtype != own:
        raise TypeError(f"fit: x must be {own} because the model's weights are; got {x.dtype}; convert: x.to({own}).")
    if y.dtype not in (torch.int64, own):
        raise TypeError(f"fit: y must be torch.int64 (classes) or {own} (numbers); got {y.dtype}; convert it: y.to(…).")
    for name, values in (("x", x), ("y", y)):
        if not bool(values.isfinite().all()):
            raise ValueError(f"fit: {name} holds nan or infinite numbers, which would spread to every weight.")


def _counts(y: torch.Tensor) -> str:
    """How to count correct answers: "classes" (int64), "truth" (0 or 1 as a number) or "" for other numbers."""
    if y.dtype == torch.int64:
        return "classes"
    return "truth" if bool(((y == 0) | (y == 1)).all()) else ""


def _summed(loss, weight: int, output, y, counts: str) -> torch.Tensor:
    """(summed loss, correct answers) of a batch, left on the device."""
    if counts == "classes":
        correct = (output.argmax(1) == y).sum()
    elif counts == "truth":
        correct = ((output > 0) == (y > 0.5)).sum()
    else:
        correct = torch.zeros((), device=loss.device)
    return torch.stack([loss * weight, correct.to(loss.dtype)])


def _zeros(device) -> torch.Tensor:
    return torch.zeros(2, dtype=torch.float32 if device.type == "mps" else torch.float64, device=device)


def _bar(shown: bool, done: int, epochs: int, count: int):
    """A bar over all samples of all epochs, so that tqdm itself shows samples a second."""
    from tqdm import tqdm

    form = "{percentage:3.0f}%|{bar:20}| {elapsed}<{remaining}, {rate_fmt}{postfix}"
    return tqdm(total=epochs * count, initial=done * count, unit=" samples", unit_scale=True, disable=not shown,
                mininterval=0.5, bar_format=form)  # fmt: skip


def _words(row: dict) -> str:
    forms = {"loss": ".3f", "accuracy": ".1%", "validation_loss": ".3f", "validation_accuracy": ".1%"}
    known = {name: form for name, form in forms.items() if row.get(name) is not None}
    parts = [f"{name.replace('_', ' ')} {row[name]:{form}}" for name, form in known.items()]
    return f"epoch {row['epoch']}: {', '.join(parts)}"
