"""Adagrad."""

import numpy as np

from dlcourse.reference.optim.optimizer import Optimizer, must_not_be_negative


class Adagrad(Optimizer):
    """w ← w − lr/(1 + (t − 1)·lr_decay)·g/(√s + eps) with the sum s ← s + g² of all squares so far (Duchi, Hazan &
    Singer 2011). s never shrinks, so that steps become smaller and smaller. t is 1, 2, …; weight_decay·w is added to g.
    """

    def __init__(
        self,
        params,
        lr: float = 1e-2,
        lr_decay: float = 0,
        weight_decay: float = 0,
        initial_accumulator_value: float = 0,
        eps: float = 1e-10,
        *,
        maximize: bool = False,
    ):
        start = initial_accumulator_value
        must_not_be_negative(
            lr=lr, lr_decay=lr_decay, weight_decay=weight_decay, initial_accumulator_value=start, eps=eps
        )
        settings = {"lr": lr, "lr_decay": lr_decay, "eps": eps, "weight_decay": weight_decay}
        super().__init__(params, settings | {"initial_accumulator_value": start, "maximize": maximize})

    def update(self, parameter, grad, memory, group):
        if group["weight_decay"]:
            grad = grad + group["weight_decay"] * parameter
        if not memory:
            memory.update(step=0, sum=np.full_like(parameter, group["initial_accumulator_value"]))
        rate = group["lr"] / (1 + memory["step"] * group["lr_decay"])
        memory["step"] += 1
        memory["sum"] += grad * grad
        parameter -= rate * grad / (np.sqrt(memory["sum"]) + group["eps"])
