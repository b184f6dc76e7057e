"""Learning rates that change while training: `scheduler.step()` after each epoch's `optimizer.step()`s."""

import math

from dlcourse.reference.optim.optimizer import Optimizer


class LRScheduler:
    """Base of the schedulers. A subclass gives `get_lr() -> one rate a parameter group` for `self.last_epoch`.

    The next rate is made from the present one, so that schedulers can be combined and a rate changed by hand stays
    changed. last_epoch: −1 to begin; else the epoch to go on from, the groups then holding "initial_lr".
    """

    def __init__(self, optimizer: Optimizer, last_epoch: int = -1):
        if not isinstance(optimizer, Optimizer):
            raise TypeError(f"{type(optimizer).__name__} is not an Optimizer")
        self.optimizer = optimizer
        for i, group in enumerate(optimizer.param_groups):
            if last_epoch == -1:
                group.setdefault("initial_lr", group["lr"])
            elif "initial_lr" not in group:
                raise KeyError(
                    f"param 'initial_lr' is not specified in param_groups[{i}] when resuming scheduler with "
                    "last_epoch >= 0: load the optimizer's state_dict first."
                )
        self.base_lrs = [group["initial_lr"] for group in optimizer.param_groups]
        self.last_epoch = last_epoch + 1
        self._last_lr: list[float] | None = None
        self._set(self.get_lr())

    def rates(self) -> list[float]:
        """The present learning rate of every group."""
        return [group["lr"] for group in self.optimizer.param_groups]

    def get_lr(self) -> list[float]:
        raise NotImplementedError

    def get_last_lr(self) -> list[float]:
        """The learning rates that the last step set."""
        return self._last_lr

    def step(self) -> None:
        """Go to the next epoch's learning rate."""
        self.last_epoch += 1
        self._set(self.get_lr())

    def _set(self, rates: list[float]) -> None:
        for group, rate in zip(self.optimizer.param_groups, rates, strict=True):
            group["lr"] = rate
        self._last_lr = self.rates()

    def state_dict(self) -> dict:
        """Everything but the optimizer, which saves the rates themselves."""
        return {key: value for key, value in self.__dict__.items() if key != "optimizer"}

    def load_state_dict(self, state_dict: dict) -> None:
        self.__dict__.update(state_dict)


class StepLR(LRScheduler):
    """The rate times gamma every step_size epochs."""

    def __init__(self, optimizer: Optimizer, step_size: int, gamma: float = 0.1, last_epoch: int = -1):
        if isinstance(step_size, bool) or not isinstance(step_size, int) or step_size < 1:
            raise ValueError(f"StepLR: step_size must be a whole number of epochs from 1; got {step_size!r}.")
        self.step_size, self.gamma = step_size, gamma
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        due = self.last_epoch > 0 and self.last_epoch % self.step_size == 0
        return [rate * self.gamma if due else rate for rate in self.rates()]


class CosineAnnealingLR(LRScheduler):
    """Half a cosine from the first rate lr₀ down to eta_min in T_max epochs (Loshchilov & Hutter 2017):
    eta_min + (lr₀ − eta_min)·(1 + cos(π·t/T_max))/2. Beyond T_max the rate rises again: there are no restarts."""

    def __init__(self, optimizer: Optimizer, T_max: int, eta_min: float = 0.0, last_epoch: int = -1):
        if isinstance(T_max, bool) or not isinstance(T_max, int) or T_max < 1:
            raise ValueError(f"CosineAnnealingLR: T_max must be a whole number of epochs from 1; got {T_max!r}.")
        self.T_max, self.eta_min = T_max, eta_min
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        t, low = self.last_epoch, self.eta_min
        if self._last_lr is None:  # being made: the optimizer's rates are those of this epoch
            return self.rates()
        if (t - 1 - self.T_max) % (2 * self.T_max) == 0:  # the rate is eta_min: no factor leads away from there
            rise = (1 - math.cos(math.pi / self.T_max)) / 2
            return [rate + (base - low) * rise for rate, base in zip(self.rates(), self.base_lrs, strict=True)]
        factor = (1 + math.cos(math.pi * t / self.T_max)) / (1 + math.cos(math.pi * (t - 1) / self.T_max))
        return [low + (rate - low) * factor for rate in self.rates()]
