"""gradcheck: do the formulas of backward agree with differences? A proof that needs no other library."""

import numpy as np

from dlcourse.reference.graph import wrap
from dlcourse.reference.tensor import Tensor


class GradcheckError(RuntimeError):
    """The analytical gradient differs from the numerical one."""


def gradcheck(func, inputs, *, eps: float = 1e-6, atol: float = 1e-5, rtol: float = 1e-3, raise_exception: bool = True):
    """Whether the gradient of every real output with respect to every input that requires one is right.

    Each input is moved by ±eps along every axis in turn; (f(x + eps) − f(x − eps))/(2·eps) must agree with `backward`
    to atol + rtol·|value|. Inputs should be float64: in float32 the difference itself has an error of about 1e-2.
    """
    inputs = (inputs,) if isinstance(inputs, Tensor) else tuple(inputs)
    for i, x in enumerate(inputs):
        if isinstance(x, Tensor) and x.requires_grad:
            if x._array.dtype != np.float64:
                raise ValueError(f"gradcheck: input {i} must be float64, because float32 hides errors; got {x.dtype}.")
            problem = _worst_difference(func, inputs, i, eps, atol, rtol)
            if problem:
                if raise_exception:
                    raise GradcheckError(problem)
                return False
    return True


def _worst_difference(func, inputs, which: int, eps: float, atol: float, rtol: float) -> str | None:
    x = inputs[which]
    outputs = _outputs(func, inputs)
    for o, output in enumerate(outputs):
        numerical = np.zeros((output._array.size, x._array.size))
        for j in range(x._array.size):
            numerical[:, j] = _difference(func, inputs, x, j, o, eps)
        analytical = np.stack([_row(func, inputs, x, o, k) for k in range(output._array.size)] or [np.zeros(0)])
        if not np.allclose(analytical, numerical, rtol, atol):
            return (
                f"Jacobian mismatch for output {o} with respect to input {which}:\n"
                f"numerical:\n{numerical}\nanalytical:\n{analytical}"
            )
    return None


def _outputs(func, inputs) -> list[Tensor]:
    result = func(*inputs)
    return [out for out in (result if isinstance(result, (tuple, list)) else [result]) if out.is_floating_point()]


def _difference(func, inputs, x: Tensor, j: int, o: int, eps: float) -> np.ndarray:
    flat = x._array.reshape(-1)
    kept = flat[j]
    values = []
    for moved in (kept + eps, kept - eps):
        flat[j] = moved
        values.append(_outputs(func, inputs)[o]._array.reshape(-1).copy())
    flat[j] = kept
    return (values[0] - values[1]) / (2 * eps)


def _row(func, inputs, x: Tensor, o: int, k: int) -> np.ndarray:
    kept, x.grad = x.grad, None
    output = _outputs(func, inputs)[o]
    upstream = np.zeros(output._array.size)
    upstream[k] = 1.0
    if output.requires_grad:
        output.backward(wrap(upstream.reshape(output._array.shape)))
    row = np.zeros(x._array.size) if x.grad is None else x.grad._array.reshape(-1)
    x.grad = kept
    return row
