"""Functions that make tensors."""

import numpy as np

from dlcourse.reference import dtypes
from dlcourse.reference.graph import wrap
from dlcourse.reference.ops.view import sharing
from dlcourse.reference.random import default_generator
from dlcourse.reference.tensor import Tensor
from dlcourse.reference.tensor.operands import must_be_tensor, sizes_of


def _numpy(dtype: dtypes.dtype | None) -> np.dtype:
    return (dtype or dtypes.get_default_dtype()).numpy


def zeros(*size, dtype=None, requires_grad: bool = False) -> Tensor:
    """A tensor full of 0; the shape as numbers or one tuple."""
    return wrap(np.zeros(sizes_of(size), _numpy(dtype))).requires_grad_(requires_grad)


def ones(*size, dtype=None, requires_grad: bool = False) -> Tensor:
    """A tensor full of 1."""
    return wrap(np.ones(sizes_of(size), _numpy(dtype))).requires_grad_(requires_grad)


def empty(*size, dtype=None, requires_grad: bool = False) -> Tensor:
    """Like zeros here; torch leaves the memory as it was."""
    return zeros(*size, dtype=dtype, requires_grad=requires_grad)


def full(size, fill_value, *, dtype=None) -> Tensor:
    """A tensor full of one value, of that value's type."""
    array = np.full(sizes_of((size,)), fill_value)
    wanted = dtype.numpy if dtype else (_numpy(None) if array.dtype.kind == "f" else array.dtype)
    return wrap(array.astype(wanted))


def eye(n: int, *, dtype=None) -> Tensor:
    """The n × n identity matrix."""
    return wrap(np.eye(n, dtype=_numpy(dtype)))


def zeros_like(input: Tensor, *, dtype=None) -> Tensor:
    """Zeros of the same shape and type."""
    must_be_tensor("zeros_like", input=input)
    return wrap(np.zeros_like(input._array, dtype.numpy if dtype else None))


def ones_like(input: Tensor, *, dtype=None) -> Tensor:
    """Ones of the same shape and type."""
    must_be_tensor("ones_like", input=input)
    return wrap(np.ones_like(input._array, dtype.numpy if dtype else None))


def arange(start, end=None, step=1, *, dtype=None) -> Tensor:
    """start, start + step, … below end; arange(n) is 0 … n − 1. Real if any argument is."""
    start, end = (0, start) if end is None else (start, end)
    real = any(isinstance(value, float) for value in (start, end, step))
    return wrap(np.arange(start, end, step).astype(_numpy(dtype) if dtype or real else np.int64))


def linspace(start, end, steps: int, *, dtype=None) -> Tensor:
    """`steps` numbers from start to end, both included, evenly spaced."""
    return wrap(np.linspace(start, end, steps, dtype=_numpy(dtype)))


def from_numpy(ndarray: np.ndarray) -> Tensor:
    """A tensor that shares the array's memory."""
    dtypes.of_array(ndarray)
    return sharing(ndarray)


def rand(*size, dtype=None) -> Tensor:
    """Uniform in [0, 1), torch's very numbers for the same seed."""
    return wrap(default_generator.uniform(sizes_of(size), _numpy(dtype)))


def randn(*size, dtype=None) -> Tensor:
    """Standard normal, torch's numbers for the same seed up to the last bit."""
    return wrap(default_generator.normal(sizes_of(size), _numpy(dtype)))


def randint(low: int, high: int, size=None) -> Tensor:
    """Whole numbers in [low, high), or in [0, low) if only one number and a size are given: randint(10, (3,))."""
    if size is None:
        low, high, size = 0, low, high
    return wrap(default_generator.integers(low, high, tuple(size)))


def randperm(n: int) -> Tensor:
    """0 … n − 1 in random order."""
    return wrap(default_generator.permutation(n))
