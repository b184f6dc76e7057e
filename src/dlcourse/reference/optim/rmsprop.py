"""RMSprop."""

import numpy as np

from dlcourse.reference.optim.optimizer import Optimizer, must_not_be_negative


class RMSprop(Optimizer):
    """w ← w − lr·g/(√v + eps) with the running mean v ← alpha·v + (1 − alpha)·g² (Hinton 2012, lecture 6e).

    eps stands outside the root (TensorFlow's stands inside). weight_decay·w is added to g. centered: v is replaced by
    v − m² with the running mean m of g, an estimate of the variance. momentum: b ← momentum·b + g/(√v + eps),
    w ← w − lr·b.
    """

    def __init__(
        self,
        params,
        lr: float = 1e-2,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0,
        momentum: float = 0,
        centered: bool = False,
        *,
        maximize: bool = False,
    ):
        must_not_be_negative(lr=lr, eps=eps, momentum=momentum, weight_decay=weight_decay, alpha=alpha)
        settings = {"lr": lr, "momentum": momentum, "alpha": alpha, "eps": eps, "centered": centered}
        super().__init__(params, settings | {"weight_decay": weight_decay, "maximize": maximize})

    def update(self, parameter, grad, memory, group):
        if group["weight_decay"]:
            grad = grad + group["weight_decay"] * parameter
        if not memory:
            memory.update(step=0, square_avg=np.zeros_like(parameter))
            if group["momentum"] > 0:
                memory["momentum_buffer"] = np.zeros_like(parameter)
            if group["centered"]:
                memory["grad_avg"] = np.zeros_like(parameter)
        memory["step"] += 1
        alpha, square = group["alpha"], memory["square_avg"]
        square *= alpha
        square += (1 - alpha) * grad * grad
        if group["centered"]:
            memory["grad_avg"] += (1 - alpha) * (grad - memory["grad_avg"])
            square = square - memory["grad_avg"] ** 2
        move = grad / (np.sqrt(square) + group["eps"])
        if group["momentum"] > 0:
            memory["momentum_buffer"] *= group["momentum"]
            memory["momentum_buffer"] += move
            move = memory["momentum_buffer"]
        parameter -= group["lr"] * move
