"""Methods and operators that change a tensor in place; see `dlcourse.reference.inplace`."""

import numbers

import numpy as np

from dlcourse.reference import dtypes, inplace
from dlcourse.reference.graph import wrap
from dlcourse.reference.ops import arithmetic, assignment, elementwise
from dlcourse.reference.random import default_generator
from dlcourse.reference.tensor.indexing import noted
from dlcourse.reference.tensor.operands import (
    NUMBERS,
    computes,
    filling,
    is_tensor,
    must_be_given,
    must_be_whole_for_whole,
    no_bool,
    not_bool,
    not_zero,
    operand,
    sizes_differ,
    type_with,
)


class Changes:
    """What changes a Tensor's own memory, and returns the tensor."""

    __slots__ = ()

    def _change(self, operation, other, **options):
        other = operand(self, other)
        try:
            return inplace.change(self, operation, other, **options)
        except ValueError as error:
            raise sizes_differ(error, operation.__name__.lower(), self, other) from None

    def add_(self, other, *, alpha: numbers.Real = 1):
        """Add alpha · other, in place."""
        must_be_whole_for_whole(self, alpha)
        return self._change(arithmetic.Add, other, alpha=alpha)

    def sub_(self, other, *, alpha: numbers.Real = 1):
        """Subtract alpha · other, in place."""
        no_bool(self, other)
        return self._change(arithmetic.Sub, other) if alpha == 1 else self.add_(other, alpha=-alpha)

    def mul_(self, other):
        """Multiply by other, in place."""
        return self._change(arithmetic.Mul, other)

    def div_(self, other):
        """Divide by other, in place."""
        return self._change(arithmetic.Div, other)

    def pow_(self, exponent):
        """Raise to a power, in place."""
        return self._change(arithmetic.Pow, exponent)

    def remainder_(self, divisor):
        """The remainder of the division by `divisor`, in place."""
        return self._change(arithmetic.Remainder, not_zero(self, divisor))

    def floor_divide_(self, other):
        """Divide by other and round down, in place."""
        return self._change(arithmetic.FloorDivide, not_zero(self, other))

    def __iadd__(self, other):
        return self.add_(other) if computes(other) else NotImplemented

    def __isub__(self, other):
        return self.sub_(other) if computes(other) else NotImplemented

    def __imul__(self, other):
        return self.mul_(other) if computes(other) else NotImplemented

    def __itruediv__(self, other):
        return self.div_(other) if computes(other) else NotImplemented

    def __ipow__(self, exponent):
        return self.pow_(exponent) if computes(exponent) else NotImplemented

    def __imod__(self, other):
        return self.remainder_(other) if computes(other) else NotImplemented

    def __ifloordiv__(self, other):
        return self.floor_divide_(other) if computes(other) else NotImplemented

    def exp_(self):
        """eˣ, in place."""
        return inplace.change(self, elementwise.Exp)

    def log_(self):
        """ln x, in place."""
        return inplace.change(self, elementwise.Log)

    def sqrt_(self):
        """√x, in place."""
        return inplace.change(self, elementwise.Sqrt)

    def sin_(self):
        """sin x, in place."""
        return inplace.change(self, elementwise.Sin)

    def cos_(self):
        """cos x, in place."""
        return inplace.change(self, elementwise.Cos)

    def tanh_(self):
        """tanh x, in place."""
        return inplace.change(self, elementwise.Tanh)

    def sigmoid_(self):
        """σ(x), in place."""
        return inplace.change(self, elementwise.Sigmoid)

    def relu_(self):
        """max(x, 0), in place."""
        return inplace.change(not_bool("relu_", self), elementwise.Relu)

    def abs_(self):
        """|x|, in place."""
        return inplace.change(not_bool("abs_", self), elementwise.Abs)

    def neg_(self):
        """−x, in place."""
        return inplace.change(not_bool("neg_", self), elementwise.Neg)

    def square_(self):
        """x², in place."""
        return self.pow_(2)

    def clamp_(self, min=None, max=None):
        """Limited to [min, max], in place."""
        if min is None and max is None:
            raise RuntimeError("torch.clamp_: At least one of 'min' or 'max' must not be None")
        if dtypes.rank(type_with(self, min, max)) > dtypes.rank(self._array.dtype):
            raise RuntimeError(f"result type of clamp_ can't be cast to the desired output type {self.dtype!r}")
        return inplace.change(self, elementwise.Clamp, low=min, high=max)

    def round_(self):
        """Rounded half to even, in place."""
        return inplace.change(not_bool("round_", self), elementwise.Round)

    def floor_(self):
        """Rounded down, in place."""
        return inplace.change(not_bool("floor_", self), elementwise.Floor)

    def sign_(self):
        """−1, 0 or 1, in place."""
        return inplace.change(self, elementwise.Sign)

    def copy_(self, src):
        """Replace the elements by those of `src`, converted to this tensor's type."""
        must_be_given("copy_", src=src)
        try:
            return inplace.change(self, assignment.Copy, src.to(self.dtype))
        except ValueError:
            raise RuntimeError(
                f"copy_: src of shape {list(src.shape)} cannot be broadcast to {list(self.shape)}"
            ) from None

    def fill_(self, value):
        """Set every element to one number, or to a tensor that holds one."""
        if not is_tensor(value):
            if not isinstance(value, NUMBERS):
                raise TypeError(f"fill_: expected a number; got {type(value).__name__}.")
            value = wrap(np.asarray(value).astype(self._array.dtype))
        if value.ndim:
            raise RuntimeError(
                f"fill_ only supports 0-dimension value tensor but got tensor with {value.ndim} dimensions."
            )
        return inplace.fill(self, assignment.Fill, value.to(self.dtype))

    def masked_fill_(self, mask, value):
        """Set every element where the bool tensor `mask` is true to `value`."""
        mask, value = filling("masked_fill_", self, mask, value)
        result = inplace.change(self, arithmetic.MaskedFill, value, mask=mask._array)
        return noted(result, [mask])

    def zero_(self):
        """Set every element to 0."""
        return inplace.fill(self, assignment.Zero)

    def normal_(self, mean: float = 0, std: float = 1):
        """Fill with normal random numbers, torch's for the same seed."""
        kind = self._array.dtype
        draws = default_generator.normal(self._array.shape, kind)
        return inplace.fill(self, assignment.Drawn, wrap(draws * kind.type(std) + kind.type(mean)))

    def uniform_(self, from_: float = 0, to: float = 1):
        """Fill with uniform random numbers of [from_, to), torch's for the same seed.

        x·(to − from_) + from_ is rounded once, as torch's fused multiply-add does; in float64, for which NumPy has no
        wider type, the last bit may differ.
        """
        kind = self._array.dtype
        draws = default_generator.uniform(self._array.shape, kind).astype(np.float64)
        low, width = float(kind.type(from_)), float(kind.type(to) - kind.type(from_))
        return inplace.fill(self, assignment.Drawn, wrap((draws * width + low).astype(kind)))
