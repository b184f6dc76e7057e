"""Operations of two numbers, elementwise and broadcast; each input's gradient is summed back to the input's shape."""

import numpy as np

from dlcourse.reference.graph import RESULT, Function, NotDifferentiable, unbroadcast


class Add(Function):
    """y = a + α·b;  g, α·g. α is 1 but in add_(b, alpha=α)."""

    def forward(self, a, b, alpha=1):
        self.shapes, self.alpha = (a.shape, b.shape), alpha
        return a + b if alpha == 1 else a + b.dtype.type(alpha) * b

    def backward(self, g):
        to_b = g if self.alpha == 1 else g * g.dtype.type(self.alpha)
        return unbroadcast(g, self.shapes[0]), unbroadcast(to_b, self.shapes[1])


class Sub(Function):
    """y = a − b;  g, −g."""

    def forward(self, a, b):
        self.shapes = a.shape, b.shape
        return a - b

    def backward(self, g):
        return unbroadcast(g, self.shapes[0]), unbroadcast(-g, self.shapes[1])


class Rsub(Sub):
    """y = a − b for a Python number a;  −g to b."""

    def name(self) -> str:
        return "RsubBackward1"


class Mul(Function):
    """y = a·b;  g·b, g·a."""

    keeps = ((0, (1,)), (1, (0,)))

    def forward(self, a, b):
        self.a, self.b = a, b
        return a * b

    def backward(self, g):
        return unbroadcast(g * self.b, self.a.shape), unbroadcast(g * self.a, self.b.shape)


class Div(Function):
    """y = a/b;  g/b, −g·(a/b)/b, which does not square b and so overflows no earlier than a/b."""

    keeps = ((0, (1,)), (1, (0, 1)))

    def forward(self, a, b):
        self.a, self.b = a, b
        with np.errstate(all="ignore"):
            return a / b

    def backward(self, g):
        slope = self.a / self.b / self.b
        return unbroadcast(g / self.b, self.a.shape), unbroadcast(-g * slope, self.b.shape)


class Pow(Function):
    """y = aᵇ for a Python number b;  g·b·aᵇ⁻¹, and to an exponent that is a tensor g·y·ln a (0 at a = 0 ≤ b)."""

    keeps = ((0, (0,)),)

    def forward(self, a, b):
        self.a, self.b = a, b
        with np.errstate(all="ignore"):
            if a.dtype.kind == "i" and np.any(b < 0):  # 1/a⁻ᵇ, cut to a whole number; torch gives 0 for 1/0
                return np.where((a == 0) & (b < 0), 0, np.power(a.astype(float), b)).astype(a.dtype)
            self.y = np.power(a, b)
        return self.y

    def backward(self, g):
        return self.to_base(g), None

    def to_base(self, g):
        slope = np.where(self.b == 0, 0, self.b * np.power(self.a, self.b - 1))
        return unbroadcast(g * slope, self.a.shape)

    def to_exponent(self, g):
        slope = np.where((self.a == 0) & (self.b >= 0), 0, self.y * np.log(self.a))
        return unbroadcast(g * slope, self.b.shape)


class PowOfTensors(Pow):
    """The same where both are tensors."""

    keeps = ((0, (0, 1, RESULT)), (1, (0, 1, RESULT)))

    def name(self) -> str:
        return "PowBackward1"

    def backward(self, g):
        return self.to_base(g), self.to_exponent(g)


class PowOfNumber(Pow):
    """The same where the base is a Python number."""

    keeps = ((1, (1, RESULT)),)

    def name(self) -> str:
        return "PowBackward2"

    def backward(self, g):
        return None, self.to_exponent(g)


class Remainder(Function):
    """y = a − b·⌊a/b⌋, of the sign of b;  g, −g·⌊a/b⌋."""

    keeps = ((1, (0, 1)),)

    def forward(self, a, b):
        self.a, self.b = a, b
        return _remainder(a, b)

    def backward(self, g):
        slope = -np.floor_divide(self.a, self.b)
        return unbroadcast(g, self.a.shape), unbroadcast(g * slope, self.b.shape)


class RemainderOfNumber(NotDifferentiable):
    """y = a − b·⌊a/b⌋ for a Python number a; torch has no gradient for it."""

    def forward(self, a, b):
        return _remainder(a, b)


def _remainder(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """a mod b with the sign of b; a remainder of 0 keeps the sign of a, as in torch."""
    with np.errstate(all="ignore"):
        rest = np.fmod(a, b)
        return np.where((rest != 0) & ((rest < 0) != (b < 0)), rest + b, rest)


class FloorDivide(NotDifferentiable):
    """y = ⌊a/b⌋, which is flat between its steps."""

    def forward(self, a, b):
        with np.errstate(all="ignore"):
            return np.floor_divide(a, b)


class Maximum(Function):
    """y = max(a, b);  g to the larger, half to each where they are equal."""

    keeps = ((0, (0, 1)), (1, (0, 1)))
    smaller = staticmethod(np.less)
    choose = staticmethod(np.maximum)

    def forward(self, a, b):
        self.a, self.b = a, b
        return self.choose(a, b)

    def backward(self, g):
        half = np.where(self.a == self.b, g / 2, g)
        to_a, to_b = np.where(self.smaller(self.a, self.b), 0, half), np.where(self.smaller(self.b, self.a), 0, half)
        return unbroadcast(to_a, self.a.shape), unbroadcast(to_b, self.b.shape)


class Minimum(Maximum):
    """y = min(a, b);  g to the smaller, half to each where they are equal."""

    smaller = staticmethod(np.greater)
    choose = staticmethod(np.minimum)


class SquaredDifference(Function):
    """y = (a − b)²;  2g(a − b), −2g(a − b)."""

    keeps = ((0, (0, 1)), (1, (0, 1)))

    def forward(self, a, b):
        self.difference = a - b
        return self.difference**2

    def name(self) -> str:
        return "MseLossBackward0"

    def backward(self, g):
        slope = 2 * g * self.difference
        return slope, -slope


class Where(Function):
    """y = a where the condition holds, else b;  g to the one that was taken."""

    saves = True

    def forward(self, a, b, condition):
        self.condition, self.shapes = condition, (a.shape, b.shape)
        return np.where(condition, a, b)

    def backward(self, g):
        zero = g.dtype.type(0)
        taken = np.where(self.condition, g, zero), np.where(self.condition, zero, g)
        return unbroadcast(taken[0], self.shapes[0]), unbroadcast(taken[1], self.shapes[1])


class MaskedFill(Function):
    """y = a where the mask holds, else x;  0 there, g elsewhere, and Σ g of there to a."""

    saves = True

    def forward(self, x, a, mask):
        self.mask = mask
        return np.where(mask, a, x)

    def backward(self, g):
        zero = g.dtype.type(0)
        return np.where(self.mask, zero, g), np.where(self.mask, g, zero).sum()
