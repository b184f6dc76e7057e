"""The functions of the engine's top level that are not methods alone: torch.cat, torch.where, torch.exp …"""

import numpy as np

from dlcourse.reference.ops import arithmetic, shape
from dlcourse.reference.tensor import Tensor, _axis, _binary, _sizes_differ, alike, as_tensor


def cat(tensors, dim: int = 0) -> Tensor:
    """Tensors one after the other along an existing axis."""
    return _joined("cat", shape.Cat, tensors, dim, 0)


def stack(tensors, dim: int = 0) -> Tensor:
    """Tensors of one shape along a new axis."""
    return _joined("stack", shape.Stack, tensors, dim, 1)


def _joined(name: str, operation, tensors, dim: int, new_axes: int) -> Tensor:
    tensors = list(tensors)
    if not tensors:
        raise RuntimeError(f"{name}: expected a list of tensors, at least one; got none.")
    axis = _axis(dim, tensors[0].ndim + new_axes)
    try:
        return operation.apply(*tensors, dim=axis)
    except ValueError:
        sizes = ", ".join(str(tuple(tensor.shape)) for tensor in tensors)
        where = "" if new_axes else f" except along axis {axis}"
        raise RuntimeError(f"{name}: the sizes of the tensors must agree{where}; got {sizes}.") from None


def where(condition: Tensor, input, other) -> Tensor:
    """input where the condition holds, else other."""
    first, second = (input, other) if isinstance(input, Tensor) else (other, input)
    first, second = alike(first if isinstance(first, Tensor) else as_tensor(first), second)
    if not isinstance(input, Tensor):
        first, second = second, first
    try:
        return arithmetic.Where.apply(first, second, condition=condition._array)
    except ValueError as error:
        raise _sizes_differ(error, "where", condition, input, other) from None


def maximum(input: Tensor, other: Tensor) -> Tensor:
    """The larger of the two, element by element."""
    return _binary(arithmetic.Maximum, input, other)


def minimum(input: Tensor, other: Tensor) -> Tensor:
    """The smaller of the two, element by element."""
    return _binary(arithmetic.Minimum, input, other)


def equal(input: Tensor, other: Tensor) -> bool:
    """Whether two tensors have the same shape and the same numbers."""
    return bool(np.array_equal(input._array, other._array))


def allclose(input: Tensor, other: Tensor, rtol: float = 1e-05, atol: float = 1e-08) -> bool:
    """Whether |input − other| ≤ atol + rtol·|other| everywhere."""
    return bool(np.allclose(input._array, other._array, rtol, atol))


def matmul(input: Tensor, other: Tensor) -> Tensor:
    return input.matmul(other)


def exp(input: Tensor) -> Tensor:
    return input.exp()


def log(input: Tensor) -> Tensor:
    return input.log()


def sqrt(input: Tensor) -> Tensor:
    return input.sqrt()


def sin(input: Tensor) -> Tensor:
    return input.sin()


def cos(input: Tensor) -> Tensor:
    return input.cos()


def tanh(input: Tensor) -> Tensor:
    return input.tanh()


def sigmoid(input: Tensor) -> Tensor:
    return input.sigmoid()


def relu(input: Tensor) -> Tensor:
    return input.relu()


def abs(input: Tensor) -> Tensor:
    return input.abs()


def sign(input: Tensor) -> Tensor:
    return input.sign()


def round(input: Tensor, *, decimals: int = 0) -> Tensor:
    return input.round(decimals=decimals)


def clamp(input: Tensor, min=None, max=None) -> Tensor:
    return input.clamp(min, max)


def sum(input: Tensor, dim=None, keepdim: bool = False) -> Tensor:
    return input.sum(dim, keepdim)


def mean(input: Tensor, dim=None, keepdim: bool = False) -> Tensor:
    return input.mean(dim, keepdim)


def argmax(input: Tensor, dim=None, keepdim: bool = False) -> Tensor:
    return input.argmax(dim, keepdim)


def softmax(input: Tensor, dim: int) -> Tensor:
    return input.softmax(dim)


def logsumexp(input: Tensor, dim, keepdim: bool = False) -> Tensor:
    return input.logsumexp(dim, keepdim)
