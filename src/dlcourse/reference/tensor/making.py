"""Tensors from numbers, lists and arrays."""

import numpy as np

from dlcourse.reference import dtypes
from dlcourse.reference.graph import wrap
from dlcourse.reference.ops.view import sharing
from dlcourse.reference.tensor.core import Tensor


def as_tensor(data, *, dtype: dtypes.dtype | None = None) -> Tensor:
    """A tensor of `data`, sharing memory where it can."""
    if isinstance(data, Tensor):
        return data if dtype is None else data.to(dtype)
    if not isinstance(data, np.ndarray):
        return tensor(data, dtype=dtype)
    result = sharing(data if dtype is None else data.astype(dtype.numpy, copy=False))
    dtypes.of_array(result._array)
    return result


def tensor(data, *, dtype: dtypes.dtype | None = None, requires_grad: bool = False) -> Tensor:
    """A new tensor with a copy of `data`: numbers, nested lists, an array.

    Python's real numbers become the default type, whole numbers int64; numbers of NumPy keep their type. ValueError for
    rows of unequal lengths.
    """
    try:
        array = np.array(data.detach()._array if isinstance(data, Tensor) else data)
    except ValueError:
        raise ValueError("tensor: expected rows of equal length, because a tensor is rectangular.") from None
    except RuntimeError:  # a tensor that requires a gradient, in a list
        return tensor(_plain(data), dtype=dtype, requires_grad=requires_grad)
    if array.dtype.kind not in "biuf":
        raise TypeError(f"tensor: expected numbers; got {type(data).__name__} holding {array.dtype}.")
    if dtype is not None:
        array = array.astype(dtype.numpy)
    elif array.dtype.kind == "f" and not _has_type(data):
        array = array.astype(dtypes.get_default_dtype().numpy)
    elif array.dtype.kind in "iu":
        array = array.astype(np.int64)
    dtypes.of_array(array)
    return wrap(array).requires_grad_(requires_grad)


def _has_type(data) -> bool:
    """Whether real numbers of NumPy or a tensor are among the data: Python's own take the default type."""
    if isinstance(data, (list, tuple)):
        return any(_has_type(part) for part in data)
    kind = getattr(data._array if isinstance(data, Tensor) else data, "dtype", None)
    return kind is not None and kind.kind == "f"


def _plain(data):
    if isinstance(data, (list, tuple)):
        return [_plain(part) for part in data]
    return data.detach() if isinstance(data, Tensor) else data
