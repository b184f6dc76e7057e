"""The number types, with torch's names and rules for mixing them."""

import builtins

import numpy as np


class dtype:
    """A number type; printed as torch prints it, so that the same cell prints the same on either engine."""

    __slots__ = ("is_floating_point", "name", "numpy")

    def __init__(self, name: str, numpy_type: type):
        self.name, self.numpy = name, np.dtype(numpy_type)
        self.is_floating_point = self.numpy.kind == "f"

    def __repr__(self) -> str:
        return f"torch.{self.name}"


float32 = dtype("float32", np.float32)
float64 = dtype("float64", np.float64)
int64 = dtype("int64", np.int64)
bool = dtype("bool", np.bool_)
float, double, long = float32, float64, int64  # torch's short names

_BY_NUMPY = {kind.numpy: kind for kind in (float32, float64, int64, bool)}
_default = float32


def get_default_dtype() -> dtype:
    """The type of new floating-point tensors: float32 unless changed."""
    return _default


def set_default_dtype(d: dtype) -> None:
    """Make float32 or float64 the type of new floating-point tensors."""
    if not isinstance(d, dtype) or not d.is_floating_point:
        raise TypeError(f"set_default_dtype: expected float32 or float64, because it is for real numbers; got {d!r}.")
    global _default
    _default = d


def of_array(array: np.ndarray) -> dtype:
    """The engine's type of an array. TypeError for a type the engine does not have."""
    try:
        return _BY_NUMPY[array.dtype]
    except KeyError:
        known = ", ".join(kind.name for kind in _BY_NUMPY.values())
        raise TypeError(f"Tensor: expected numbers of type {known}; got {array.dtype}; convert them first.") from None


_SCALAR_RANK = {"b": 0, "i": 1, "f": 2}


def result_type(first: np.ndarray, second) -> np.dtype:
    """The type in which torch computes first ∘ second.

    The higher kind wins (bool < int < float); within one kind a Python number gives way to a 0-d tensor, and a 0-d
    tensor to one with dimensions. A kind that only a Python number brings in takes the default type.
    """
    if not isinstance(second, np.ndarray):
        kind = _kind(second)
        if _SCALAR_RANK[kind] <= _SCALAR_RANK[first.dtype.kind]:
            return first.dtype
        return _default.numpy if kind == "f" else int64.numpy
    ranks = rank(first.dtype), rank(second.dtype)
    if ranks[0] != ranks[1]:
        return first.dtype if ranks[0] > ranks[1] else second.dtype
    if (first.ndim == 0) != (second.ndim == 0):
        return second.dtype if first.ndim == 0 else first.dtype
    return np.promote_types(first.dtype, second.dtype)


def _kind(number) -> str:
    """NumPy's letter for the kind of a Python number: b, i or f."""
    if isinstance(number, (np.bool_, builtins.bool)):
        return "b"
    return "i" if isinstance(number, (int, np.integer)) else "f"


def rank(kind: np.dtype) -> int:
    """bool 0, whole numbers 1, real numbers 2: a higher rank cannot be stored in a lower one in place."""
    return _SCALAR_RANK[kind.kind]
