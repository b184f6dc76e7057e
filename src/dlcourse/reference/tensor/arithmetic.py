"""Methods that compute element by element: operators, functions, comparisons."""

import numbers

import numpy as np

from dlcourse.reference import dtypes
from dlcourse.reference.graph import wrap
from dlcourse.reference.ops import arithmetic, elementwise, matrix
from dlcourse.reference.tensor.operands import (
    NUMBERS,
    array_of,
    binary,
    computes,
    is_tensor,
    must_be_given,
    must_be_whole_for_whole,
    no_bool,
    not_bool,
    not_zero,
    real,
    sizes_differ,
    type_with,
)


class Arithmetic:
    """Operators and functions of a Tensor."""

    __slots__ = ()

    def __add__(self, other):
        return binary(arithmetic.Add, self, other)

    __radd__ = __add__

    def __sub__(self, other):
        return binary(arithmetic.Sub, self, no_bool(self, other))

    def __rsub__(self, other):
        no_bool(self, other)
        return binary(arithmetic.Rsub if isinstance(other, NUMBERS) else arithmetic.Sub, self, other, swapped=True)

    def __mul__(self, other):
        return binary(arithmetic.Mul, self, other)

    __rmul__ = __mul__

    def __truediv__(self, other):
        return binary(arithmetic.Div, *_reals(self, other))

    def __rtruediv__(self, other):
        if isinstance(other, NUMBERS):
            return self.reciprocal() * other  # as torch, to the last bit
        return binary(arithmetic.Div, *_reals(self, other), swapped=True)

    def __pow__(self, exponent):
        if self._array.dtype.kind == "b" and np.asarray(array_of(exponent)).dtype.kind == "b":
            raise NotImplementedError("\"pow\" not implemented for 'Bool'")
        if self._array.dtype.kind == "i" and isinstance(exponent, (int, np.integer)) and exponent < 0:
            raise RuntimeError("Integers to negative integer powers are not allowed; convert them with .float().")
        return binary(arithmetic.Pow if isinstance(exponent, NUMBERS) else arithmetic.PowOfTensors, self, exponent)

    def __rpow__(self, base):
        operation = arithmetic.PowOfNumber if isinstance(base, NUMBERS) else arithmetic.PowOfTensors
        return binary(operation, self, base, swapped=True)

    def __mod__(self, other):
        return binary(arithmetic.Remainder, self, not_zero(self, other))

    def __rmod__(self, other):
        not_zero(other, self)
        return binary(arithmetic.RemainderOfNumber, self, other, swapped=True)

    def __floordiv__(self, other):
        return binary(arithmetic.FloorDivide, self, not_zero(self, other))

    def __rfloordiv__(self, other):
        not_zero(other, self)
        return binary(arithmetic.FloorDivide, self, other, swapped=True)

    def __matmul__(self, other):
        return self.matmul(other)

    def __neg__(self):
        if self._array.dtype.kind == "b":
            raise RuntimeError("Negation, the `-` operator, on a bool tensor is not supported; use ~ for “not”.")
        return elementwise.Neg.apply(self)

    def __abs__(self):
        return self.abs()

    def matmul(self, other):
        """The matrix product. Number types must agree, as in torch."""
        if not is_tensor(other):
            raise TypeError(f"matmul(): argument 'other' must be Tensor, not {type(other).__name__}")
        a, b = self._array, other._array
        if a.ndim == 0 or b.ndim == 0 or a.shape[-1] != b.shape[-2 if b.ndim > 1 else 0]:
            raise RuntimeError(
                f"matmul: the last size of the first must equal the {'second last' if b.ndim > 1 else 'only'} size of "
                f"the second; got {a.shape} and {b.shape}."
            )
        if a.dtype != b.dtype:
            raise RuntimeError(
                f"expected m1 and m2 to have the same dtype, but got: {self.dtype} != {other.dtype}; "
                "convert one by .to()."
            )
        if a.dtype.kind == "b":
            raise NotImplementedError("matmul: not implemented for 'Bool'; convert the tensors with .float().")
        return matrix.Matmul.apply(self, other)

    def mm(self, mat2):
        """The product of two matrices."""
        must_be_given("mm", mat2=mat2)
        if self.ndim != 2 or mat2.ndim != 2:
            raise RuntimeError(f"mm: expected two matrices; got {tuple(self.shape)} and {tuple(mat2.shape)}; use @.")
        return self.matmul(mat2)

    def exp(self):
        """eˣ; its derivative is eˣ itself."""
        return elementwise.Exp.apply(real(self))

    def log(self):
        """ln x; derivative 1/x."""
        return elementwise.Log.apply(real(self))

    def sqrt(self):
        """√x; derivative 1/(2√x)."""
        return elementwise.Sqrt.apply(real(self))

    def reciprocal(self):
        """1/x; derivative −1/x²."""
        return elementwise.Reciprocal.apply(real(self))

    def sin(self):
        """sin x; derivative cos x."""
        return elementwise.Sin.apply(real(self))

    def cos(self):
        """cos x; derivative −sin x."""
        return elementwise.Cos.apply(real(self))

    def tanh(self):
        """(eˣ − e⁻ˣ)/(eˣ + e⁻ˣ); derivative 1 − tanh² x."""
        return elementwise.Tanh.apply(real(self))

    def sigmoid(self):
        """σ(x) = 1/(1 + e⁻ˣ); derivative σ(1 − σ)."""
        return elementwise.Sigmoid.apply(real(self))

    def relu(self):
        """max(x, 0); derivative 1 above 0 and 0 elsewhere, at 0 too."""
        return elementwise.Relu.apply(not_bool("relu", self))

    def abs(self):
        """|x|; derivative sign x, 0 at 0."""
        return elementwise.Abs.apply(not_bool("abs", self))

    def square(self):
        """x²; derivative 2x."""
        return self**2

    def add(self, other, *, alpha: numbers.Real = 1):
        """x + alpha · other."""
        must_be_whole_for_whole(self, alpha)
        return self + (other if alpha == 1 else other * alpha)

    def sub(self, other, *, alpha: numbers.Real = 1):
        """x − alpha · other."""
        must_be_whole_for_whole(self, alpha)
        return self - (other if alpha == 1 else other * alpha)

    def mul(self, other):
        """x · other."""
        return self * other

    def div(self, other):
        """x / other."""
        return self / other

    def neg(self):
        """−x."""
        return -self

    def maximum(self, other):
        """The larger of the two, element by element."""
        must_be_given("maximum", other=other)
        return binary(arithmetic.Maximum, self, other)

    def minimum(self, other):
        """The smaller of the two, element by element."""
        must_be_given("minimum", other=other)
        return binary(arithmetic.Minimum, self, other)

    def pow(self, exponent):
        """x to a power that is a number or a tensor."""
        return self**exponent

    def remainder(self, divisor):
        """x − divisor·⌊x/divisor⌋, which has the sign of the divisor, like Python's %; slopes 1 and −⌊x/divisor⌋."""
        return self % divisor

    def clamp(self, min=None, max=None):
        """Limited to [min, max], two numbers; None leaves an end open."""
        if min is None and max is None:
            raise RuntimeError("torch.clamp: At least one of 'min' or 'max' must not be None")
        kind = type_with(self, min, max)
        x = self if kind == self._array.dtype else elementwise.ToType.apply(self, numpy_type=kind)
        return elementwise.Clamp.apply(x, low=min, high=max)

    def sign(self):
        """−1, 0 or 1; the derivative is 0."""
        return elementwise.Sign.apply(self)

    def round(self, *, decimals: int = 0):
        """Rounded half to even. Its slope is zero wherever it has one, so the gradient is zero."""
        return elementwise.Round.apply(not_bool("round", self), decimals=decimals)

    def floor(self):
        """The largest whole number that is not above x."""
        return elementwise.Floor.apply(not_bool("floor", self))

    def isnan(self):
        """Where an element is nan."""
        return wrap(np.isnan(self._array))

    def isfinite(self):
        """Where an element is neither nan nor infinite."""
        return wrap(np.isfinite(self._array))

    # -- comparison: no gradient -------------------------------------------------------------------

    def __eq__(self, other):
        return _compare(np.equal, self, other)

    def __ne__(self, other):
        return _compare(np.not_equal, self, other)

    def __lt__(self, other):
        return _compare(np.less, self, other)

    def __le__(self, other):
        return _compare(np.less_equal, self, other)

    def __gt__(self, other):
        return _compare(np.greater, self, other)

    def __ge__(self, other):
        return _compare(np.greater_equal, self, other)

    __hash__ = object.__hash__

    def __and__(self, other):
        return wrap(self._array & array_of(other))

    def __or__(self, other):
        return wrap(self._array | array_of(other))

    def __xor__(self, other):
        return wrap(self._array ^ array_of(other))

    __rand__, __ror__, __rxor__ = __and__, __or__, __xor__

    def __invert__(self):
        return wrap(~self._array)


def _compare(compare, first, second):
    if not computes(second):
        return NotImplemented
    try:
        return wrap(compare(first._array, array_of(second)))
    except ValueError as error:
        raise sizes_differ(error, compare.__name__, first, second) from None


def _reals(first, second) -> tuple:
    """The same two, of which at least one is real: whole numbers by whole numbers become the default type."""
    kind = array_of(second).dtype.kind if is_tensor(second) or isinstance(second, (np.ndarray, np.generic)) else None
    is_real = first.is_floating_point() or kind == "f" or isinstance(second, float)
    return (first if is_real else first.to(dtypes.get_default_dtype())), second
