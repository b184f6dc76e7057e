"""Helpers for parameters."""

import math

import numpy as np

from dlcourse.reference.grad_mode import no_grad
from dlcourse.reference.graph import wrap
from dlcourse.reference.tensor import Tensor
from dlcourse.reference.tensor.operands import must_be_given


@no_grad()
def clip_grad_norm_(parameters, max_norm: float, norm_type: float = 2.0, error_if_nonfinite: bool = False) -> Tensor:
    """Scale all gradients together so that their joint length is at most max_norm; returns the length before
    (Pascanu, Mikolov & Bengio 2013).

    The length is (Σ |g|^p)^(1/p) with p = norm_type, and max |g| for p = inf. A length of nan makes all gradients
    nan, an infinite one makes them 0 or nan; with error_if_nonfinite both are a RuntimeError.
    """
    grads, power = _gradients("clip_grad_norm_", parameters), float(norm_type)
    lengths = [np.linalg.norm(grad._array.ravel(), power) for grad in grads]
    total = np.linalg.norm(np.stack(lengths), power) if lengths else np.float32(0)
    if error_if_nonfinite and not math.isfinite(total):
        raise RuntimeError(
            f"The total norm of order {power} for gradients from `parameters` is non-finite, so it cannot be clipped. "
            "Leave out error_if_nonfinite to scale the gradients by it anyway."
        )
    scale = np.minimum(1.0, max_norm / (total + 1e-6))  # nan stays nan
    with np.errstate(invalid="ignore"):  # 0 · inf
        for grad in grads:
            grad.mul_(float(scale))
    return wrap(np.asarray(total))


@no_grad()
def clip_grad_value_(parameters, clip_value: float) -> None:
    """Limit every element of the gradients to [−clip_value, clip_value]."""
    for grad in _gradients("clip_grad_value_", parameters):
        grad.clamp_(-float(clip_value), float(clip_value))


def _gradients(who: str, parameters) -> list[Tensor]:
    """The gradients of a tensor or of several, of those that have one."""
    parameters = [parameters] if isinstance(parameters, Tensor) else list(parameters)
    for parameter in parameters:
        must_be_given(who, parameters=parameter)
    return [parameter.grad for parameter in parameters if parameter.grad is not None]
