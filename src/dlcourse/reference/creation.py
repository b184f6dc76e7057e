"""Functions that make tensors."""

import numpy as np

from dlcourse.reference import dtypes
from dlcourse.reference.random import default_generator
from dlcourse.reference.tensor import Tensor, _sizes


def _numpy(dtype: dtypes.dtype | None) -> np.dtype:
    return (dtype or dtypes.get_default_dtype()).numpy


def zeros(*size, dtype=None, requires_grad: bool = False) -> Tensor:
    """A tensor full of 0; the shape as numbers or one tuple."""
    return Tensor(np.zeros(_sizes(size), _numpy(dtype)), requires_grad)


def ones(*size, dtype=None, requires_grad: bool = False) -> Tensor:
    """A tensor full of 1."""
    return Tensor(np.ones(_sizes(size), _numpy(dtype)), requires_grad)


def empty(*size, dtype=None, requires_grad: bool = False) -> Tensor:
    """Like zeros here; torch leaves the memory as it was."""
    return zeros(*size, dtype=dtype, requires_grad=requires_grad)


def full(size, fill_value, *, dtype=None) -> Tensor:
    """A tensor full of one value, of that value's type."""
    array = np.full(_sizes((size,)), fill_value)
    wanted = dtype.numpy if dtype else (_numpy(None) if array.dtype.kind == "f" else array.dtype)
    return Tensor(array.astype(wanted))


def eye(n: int, *, dtype=None) -> Tensor:
    """The n × n identity matrix."""
    return Tensor(np.eye(n, dtype=_numpy(dtype)))


def zeros_like(input: Tensor, *, dtype=None) -> Tensor:
    """Zeros of the same shape and type."""
    return Tensor(np.zeros(input._array.shape, dtype.numpy if dtype else input._array.dtype))


def ones_like(input: Tensor, *, dtype=None) -> Tensor:
    """Ones of the same shape and type."""
    return Tensor(np.ones(input._array.shape, dtype.numpy if dtype else input._array.dtype))


def arange(start, end=None, step=1, *, dtype=None) -> Tensor:
    """start, start + step, … below end; arange(n) is 0 … n − 1. Real if any argument is."""
    start, end = (0, start) if end is None else (start, end)
    real = any(isinstance(value, float) for value in (start, end, step))
    return Tensor(np.arange(start, end, step).astype(_numpy(dtype) if dtype or real else np.int64))


def linspace(start, end, steps: int, *, dtype=None) -> Tensor:
    """`steps` numbers from start to end, both included, evenly spaced."""
    return Tensor(np.linspace(start, end, steps, dtype=_numpy(dtype)))


def from_numpy(ndarray: np.ndarray) -> Tensor:
    """A tensor that shares the array's memory."""
    dtypes.of_array(ndarray)
    return Tensor(ndarray)


def rand(*size, dtype=None) -> Tensor:
    """Uniform in [0, 1), torch's very numbers for the same seed."""
    return Tensor(default_generator.uniform(_sizes(size), _numpy(dtype)))


def randn(*size, dtype=None) -> Tensor:
    """Standard normal, torch's numbers for the same seed up to the last bit."""
    return Tensor(default_generator.normal(_sizes(size), _numpy(dtype)))


def randint(low: int, high: int, size) -> Tensor:
    """Whole numbers in [low, high)."""
    return Tensor(default_generator.integers(low, high, tuple(size)))


def randperm(n: int) -> Tensor:
    """0 … n − 1 in random order."""
    return Tensor(default_generator.permutation(n))
