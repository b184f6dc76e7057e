"""Helpers for parameters."""

import numpy as np

from dlcourse.reference.autograd import wrap
from dlcourse.reference.tensor import Tensor


def clip_grad_norm_(parameters, max_norm: float) -> Tensor:
    """Scale all gradients together so that their joint length is at most max_norm; returns the length before
    (Pascanu, Mikolov & Bengio 2013)."""
    parameters = [parameters] if isinstance(parameters, Tensor) else list(parameters)
    grads = [parameter.grad for parameter in parameters if parameter.grad is not None]
    total = np.sqrt(sum((grad._array**2).sum() for grad in grads)) if grads else np.float32(0)
    scale = min(1.0, max_norm / (total + 1e-6))
    for grad in grads:
        grad.mul_(float(scale))
    return wrap(np.asarray(total))
