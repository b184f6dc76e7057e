"""The functions of the engine's top level that are not methods alone: torch.cat, torch.where, torch.exp …"""

import numpy as np

from dlcourse.reference.ops import arithmetic, shape
from dlcourse.reference.tensor import Tensor, as_tensor
from dlcourse.reference.tensor.indexing import noted
from dlcourse.reference.tensor.operands import alike, axis_of, must_be_tensor, numpys_names, sizes_differ


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
    for tensor in tensors:
        must_be_tensor(name, tensors=tensor)
    tensors = _of_one_type(tensors)
    if not new_axes:
        tensors = _without_empty(name, tensors, dim)
    axis = axis_of(dim, tensors[0].ndim + new_axes)
    try:
        return operation.apply(*tensors, dim=axis)
    except ValueError:
        sizes = ", ".join(str(tuple(tensor.shape)) for tensor in tensors)
        where = "" if new_axes else f" except along axis {axis}"
        raise RuntimeError(f"{name}: the sizes of the tensors must agree{where}; got {sizes}.") from None


def _of_one_type(tensors: list[Tensor]) -> list[Tensor]:
    """All in the type that torch finds for them together."""
    if len({tensor._array.dtype for tensor in tensors}) == 1:
        return tensors
    first, *others = tensors
    for other in others:
        first, _ = alike(first.detach(), other.detach())
    return [
        alike(tensor, first.detach())[0] if tensor._array.dtype != first._array.dtype else tensor for tensor in tensors
    ]


def _without_empty(name: str, tensors: list[Tensor], dim: int) -> list[Tensor]:
    """Numbers have no axis to be joined along; a list of nothing fits to any shape, as in torch."""
    if any(tensor.ndim == 0 for tensor in tensors):
        raise RuntimeError(f"{name}: a zero-dimensional tensor cannot be concatenated; use stack().")
    shape = next((tensor._array.shape for tensor in tensors if tensor._array.shape != (0,)), (0,))
    empty = tuple(0 if axis == dim % len(shape) else size for axis, size in enumerate(shape))
    return [tensor.reshape(empty) if tensor._array.shape == (0,) else tensor for tensor in tensors]


def where(condition: Tensor, input, other) -> Tensor:
    """input where the condition holds, else other."""
    must_be_tensor("where", condition=condition)
    if condition._array.dtype != np.bool_:
        raise RuntimeError(
            f"where expected condition to be a boolean tensor, but got a tensor with dtype {condition.dtype}"
        )
    first, second = (input, other) if isinstance(input, Tensor) else (other, input)
    first, second = alike(first if isinstance(first, Tensor) else as_tensor(first), second)
    if not isinstance(input, Tensor):
        first, second = second, first
    try:
        return noted(arithmetic.Where.apply(first, second, condition=condition._array), [condition])
    except ValueError as error:
        raise sizes_differ(error, "where", condition, input, other) from None


def maximum(input: Tensor, other: Tensor) -> Tensor:
    """The larger of the two, element by element."""
    must_be_tensor("maximum", input=input)
    return input.maximum(other)


def minimum(input: Tensor, other: Tensor) -> Tensor:
    """The smaller of the two, element by element."""
    must_be_tensor("minimum", input=input)
    return input.minimum(other)


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


@numpys_names
def sum(input: Tensor, dim=None, keepdim: bool = False) -> Tensor:
    return input.sum(dim, keepdim)


@numpys_names
def prod(input: Tensor, dim: int | None = None, keepdim: bool = False) -> Tensor:
    return input.prod(dim, keepdim)


@numpys_names
def cumsum(input: Tensor, dim: int) -> Tensor:
    return input.cumsum(dim)


@numpys_names
def mean(input: Tensor, dim=None, keepdim: bool = False) -> Tensor:
    return input.mean(dim, keepdim)


@numpys_names
def max(input: Tensor, dim: int | None = None, keepdim: bool = False):
    """The largest element; with `dim` the pair (values, indices); with a tensor instead, the larger one by one."""
    return input.max(dim, keepdim)


@numpys_names
def min(input: Tensor, dim: int | None = None, keepdim: bool = False):
    """The smallest element; with `dim` the pair (values, indices); with a tensor instead, the smaller one by one."""
    return input.min(dim, keepdim)


@numpys_names
def argmax(input: Tensor, dim=None, keepdim: bool = False) -> Tensor:
    return input.argmax(dim, keepdim)


@numpys_names
def softmax(input: Tensor, dim: int) -> Tensor:
    return input.softmax(dim)


@numpys_names
def logsumexp(input: Tensor, dim, keepdim: bool = False) -> Tensor:
    return input.logsumexp(dim, keepdim)
