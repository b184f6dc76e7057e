"""Methods that take many numbers to fewer: sums, means, extremes, and softmax."""

import numbers

import numpy as np

from dlcourse.reference import dtypes
from dlcourse.reference.graph import wrap
from dlcourse.reference.ops import reduction
from dlcourse.reference.tensor.indexing import noted
from dlcourse.reference.tensor.operands import axes_of, axis_of, is_tensor, must_be_real, not_bool, numpys_names, real


class Reductions:
    """Reductions of a Tensor; `dim` is an axis or several, None for all."""

    __slots__ = ()

    @numpys_names
    def sum(self, dim=None, keepdim: bool = False):
        """Σ x over all elements, or along `dim`."""
        x = self if self._array.dtype.kind != "b" else self.to(dtypes.int64)
        return reduction.Sum.apply(x, axes=axes_of(self, dim), keepdims=keepdim)

    @numpys_names
    def mean(self, dim=None, keepdim: bool = False):
        """Σ x / n over all elements, or along `dim`."""
        if not self.is_floating_point():
            raise RuntimeError(
                f"mean(): could not infer output dtype. Input dtype must be floating point; got: {self.dtype}"
            )
        return reduction.Mean.apply(self, axes=axes_of(self, dim), keepdims=keepdim)

    @numpys_names
    def var(self, dim=None, *, unbiased: bool = True, correction: float = 1, keepdim: bool = False):
        """Σ (x − x̄)² / (n − correction); unbiased=False is correction=0."""
        must_be_real("var", self)
        correction = correction if unbiased else 0
        return reduction.Var.apply(self, axes=axes_of(self, dim), keepdims=keepdim, correction=correction)

    @numpys_names
    def std(self, dim=None, *, unbiased: bool = True, correction: float = 1, keepdim: bool = False):
        """√var, with n − correction in the denominator. Its gradient where all numbers are equal is 0."""
        must_be_real("std", self)
        correction = correction if unbiased else 0
        return reduction.Std.apply(self, axes=axes_of(self, dim), keepdims=keepdim, correction=correction)

    @numpys_names
    def prod(self, dim: int | None = None, keepdim: bool = False):
        """Π x over all elements, or along `dim`."""
        x = self.to(dtypes.int64) if self._array.dtype.kind == "b" else self
        axis = None if dim is None else axis_of(dim, self.ndim)
        if axis is not None and self.ndim:
            return reduction.Prod.apply(x, dim=axis, keepdims=keepdim)
        return reduction.Prod.apply(x.reshape(-1), dim=0, keepdims=False)

    @numpys_names
    def cumsum(self, dim: int):
        """y[i] = x[0] + … + x[i] along `dim`."""
        x = self.to(dtypes.int64) if self._array.dtype.kind == "b" else self
        axis = axis_of(dim, self.ndim)
        return reduction.Cumsum.apply(x, dim=axis) if self.ndim else x.clone()

    @numpys_names
    def norm(self, p="fro", dim=None, keepdim: bool = False):
        """The Euclidean length √Σ x², of all elements or along `dim`. Its gradient at 0 is 0. p is 2 or "fro" here."""
        must_be_real("norm", self)
        if p not in ("fro", 2):
            raise ValueError(
                f'norm: p must be 2 or "fro", the Euclidean length; got {p!r}; for p = 1 write abs().sum().'
            )
        return reduction.Norm.apply(self, axes=axes_of(self, dim), keepdims=keepdim)

    @numpys_names
    def max(self, dim: int | None = None, keepdim: bool = False):
        """The largest element; with `dim`, a pair (values, indices) along that axis."""
        if is_tensor(dim):
            return self.maximum(dim)
        return _extreme(self, dim, keepdim, reduction.MaxOfAll, reduction.Max, np.argmax)

    @numpys_names
    def min(self, dim: int | None = None, keepdim: bool = False):
        """The smallest element; with `dim`, a pair (values, indices) along that axis."""
        if is_tensor(dim):
            return self.minimum(dim)
        return _extreme(self, dim, keepdim, reduction.MinOfAll, reduction.Min, np.argmin)

    @numpys_names
    def amax(self, dim=None, keepdim: bool = False):
        """The largest element along `dim`; equal ones share the gradient."""
        return reduction.Amax.apply(self, axes=axes_of(self, dim), keepdims=keepdim)

    @numpys_names
    def amin(self, dim=None, keepdim: bool = False):
        """The smallest element along `dim`; equal ones share the gradient."""
        return reduction.Amin.apply(self, axes=axes_of(self, dim), keepdims=keepdim)

    @numpys_names
    def argmax(self, dim: int | None = None, keepdim: bool = False):
        """The place of the largest element, the first of equal ones; without `dim`, counted in the flattened tensor."""
        return _place(np.argmax, not_bool("argmax", self), dim, keepdim)

    @numpys_names
    def argmin(self, dim: int | None = None, keepdim: bool = False):
        """The place of the smallest element, the first of equal ones."""
        return _place(np.argmin, not_bool("argmin", self), dim, keepdim)

    @numpys_names
    def all(self, dim: int | None = None):
        """Whether all elements are true."""
        return wrap(self._array.all(axis=axes_of(self, dim)))

    @numpys_names
    def any(self, dim: int | None = None):
        """Whether an element is true."""
        return wrap(self._array.any(axis=axes_of(self, dim)))

    @numpys_names
    def logsumexp(self, dim, keepdim: bool = False):
        """ln Σ eˣ along `dim`, without overflow."""
        return reduction.Logsumexp.apply(real(self), axes=axes_of(self, dim), keepdims=keepdim)

    @numpys_names
    def softmax(self, dim: int):
        """eˣ / Σ eˣ along `dim`, without overflow."""
        must_be_real("softmax", self)
        return reduction.Softmax.apply(self, dim=axis_of(dim, self.ndim))

    @numpys_names
    def log_softmax(self, dim: int):
        """x − ln Σ eˣ along `dim`, without overflow."""
        must_be_real("log_softmax", self)
        return reduction.LogSoftmax.apply(self, dim=axis_of(dim, self.ndim))


class MinMax(tuple):
    """Values and indices of a maximum or minimum along an axis."""

    __slots__ = ()
    values = property(lambda self: self[0])
    indices = property(lambda self: self[1])


def _extreme(x, dim, keepdim, of_all, along, find):
    if dim is None:
        if x._array.size == 0:
            name = find.__name__[3:]
            raise RuntimeError(f"{name}(): Expected reduction dim to be specified for input.numel() == 0.")
        return of_all.apply(x)
    if not isinstance(dim, numbers.Integral):
        raise TypeError(f"{find.__name__[3:]}: dim must be one axis, a whole number; got {dim!r}; see amax and amin.")
    dim = axis_of(dim, x.ndim)
    if x.ndim == 0:
        return MinMax((of_all.apply(x), wrap(np.zeros((), np.int64))))
    indices = _place(find, x, dim, keepdim)
    return MinMax((noted(along.apply(x, dim=dim, keepdims=keepdim), [indices]), indices))


def _place(find, x, dim, keepdim: bool):
    """Where the largest or smallest element is, in all or along an axis."""
    axis = None if dim is None else axis_of(dim, x.ndim)
    if x._array.size == 0 and (dim is None or x._array.shape[axis] == 0):
        raise IndexError(
            f"{find.__name__}(): expected an axis with elements; got shape {x._array.shape}, numel() == 0."
        )
    return wrap(find(x._array, axis=axis, keepdims=keepdim and dim is not None))
