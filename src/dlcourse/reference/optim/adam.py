"""Adam and AdamW."""

import math

import numpy as np

from dlcourse.reference.optim.optimizer import Optimizer, must_not_be_negative


class Adam(Optimizer):
    """w ← w − lr·m̂/(√v̂ + eps) with running means m of g, v of g², each divided by its bias 1 − βᵗ (Kingma & Ba 2015).

    eps stands outside the root and after the bias correction. weight_decay is added to g (AdamW shrinks w instead).
    amsgrad divides by the largest v so far (Reddi, Kale & Kumar 2018).
    """

    def __init__(
        self,
        params,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
    ):
        must_not_be_negative(lr=lr, eps=eps, weight_decay=weight_decay)
        for index, beta in enumerate(betas):
            if not 0 <= beta < 1:
                raise ValueError(f"Invalid beta parameter at index {index}: {beta}")
        settings = {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay}
        super().__init__(params, settings | {"amsgrad": amsgrad, "maximize": maximize})

    def decay(self, parameter, grad, group):
        """The gradient with the weight decay in it."""
        return grad + group["weight_decay"] * parameter if group["weight_decay"] else grad

    def update(self, parameter, grad, memory, group):
        grad = self.decay(parameter, grad, group)
        if not memory:
            memory.update(step=0, exp_avg=np.zeros_like(parameter), exp_avg_sq=np.zeros_like(parameter))
            if group["amsgrad"]:
                memory["max_exp_avg_sq"] = np.zeros_like(parameter)
        memory["step"] += 1
        beta1, beta2 = group["betas"]
        mean, square = memory["exp_avg"], memory["exp_avg_sq"]
        mean += (1 - beta1) * (grad - mean)
        square *= beta2
        square += (1 - beta2) * grad * grad
        if group["amsgrad"]:
            square = np.maximum(memory["max_exp_avg_sq"], square, out=memory["max_exp_avg_sq"])
        unbias1, unbias2 = 1 - beta1 ** memory["step"], 1 - beta2 ** memory["step"]
        parameter -= (group["lr"] / unbias1) * mean / (np.sqrt(square) / math.sqrt(unbias2) + group["eps"])


class AdamW(Adam):
    """Adam whose weight decay shrinks the weights first, w ← (1 − lr·weight_decay)·w, apart from the gradient
    (Loshchilov & Hutter 2019). Its weight_decay is 0.01 by default."""

    def __init__(
        self,
        params,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
    ):
        super().__init__(params, lr, betas, eps, weight_decay, amsgrad, maximize=maximize)

    def decay(self, parameter, grad, group):
        parameter *= 1 - group["lr"] * group["weight_decay"]
        return grad
