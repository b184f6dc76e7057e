"""Stochastic gradient descent."""

import numpy as np

from dlcourse.reference.optim.optimizer import Optimizer, must_not_be_negative


class SGD(Optimizer):
    """w ← w − lr·v with v ← momentum·v + (1 − dampening)·g; Nesterov's form steps along g + momentum·v.

    g includes weight_decay·w. The first v is g itself, whatever the dampening. (Sutskever et al. 2013 put lr inside v;
    torch and this engine keep it outside, which differs when lr changes.)
    """

    def __init__(
        self,
        params,
        lr: float = 1e-3,
        momentum: float = 0,
        dampening: float = 0,
        weight_decay: float = 0,
        nesterov: bool = False,
        *,
        maximize: bool = False,
    ):
        must_not_be_negative(lr=lr, momentum=momentum, weight_decay=weight_decay)
        if nesterov and (momentum <= 0 or dampening != 0):
            raise ValueError("Nesterov momentum requires a momentum and zero dampening")
        settings = {"lr": lr, "momentum": momentum, "dampening": dampening, "weight_decay": weight_decay}
        super().__init__(params, settings | {"nesterov": nesterov, "maximize": maximize})

    def update(self, parameter, grad, memory, group):
        if group["weight_decay"]:
            grad = grad + group["weight_decay"] * parameter
        momentum = group["momentum"]
        if momentum:
            if "momentum_buffer" not in memory:
                memory["momentum_buffer"] = np.array(grad)
            else:
                memory["momentum_buffer"] *= momentum
                memory["momentum_buffer"] += (1 - group["dampening"]) * grad
            velocity = memory["momentum_buffer"]
            grad = grad + momentum * velocity if group["nesterov"] else velocity
        parameter -= group["lr"] * grad
