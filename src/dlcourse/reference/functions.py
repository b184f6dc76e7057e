"""The functions of the engine's top level that are not methods alone: torch.cat, torch.where, torch.exp …"""

import numpy as np

from dlcourse.reference.ops import arithmetic, shape
from dlcourse.reference.tensor import Tensor, _binary, as_tensor


def cat(tensors, dim: int = 0) -> Tensor:
    """Tensors one after the other along an existing axis."""
    return shape.Cat.apply(*tensors, dim=dim)


def stack(tensors, dim: int = 0) -> Tensor:
    """Tensors of one shape along a new axis."""
    return shape.Stack.apply(*tensors, dim=dim)


def where(condition: Tensor, input, other) -> Tensor:
    """input where the condition holds, else other."""
    input, other = (value if isinstance(value, Tensor) else as_tensor(value) for value in (input, other))
    return arithmetic.Where.apply(input, other, condition=condition._array)


def maximum(input: Tensor, other: Tensor) -> Tensor:
    return _binary(arithmetic.Maximum, input, other)


def minimum(input: Tensor, other: Tensor) -> Tensor:
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
