"""Operations of two numbers, elementwise and broadcast; each input's gradient is summed back to the input's shape."""

import numpy as np

from dlcourse.reference.autograd import Function, unbroadcast


class Add(Function):
    """y = a + b;  g, g."""

    def forward(self, a, b):
        self.shapes = a.shape, b.shape
        return a + b

    def backward(self, g):
        return unbroadcast(g, self.shapes[0]), unbroadcast(g, self.shapes[1])


class Sub(Function):
    """y = a − b;  g, −g."""

    def forward(self, a, b):
        self.shapes = a.shape, b.shape
        return a - b

    def backward(self, g):
        return unbroadcast(g, self.shapes[0]), unbroadcast(-g, self.shapes[1])


class Mul(Function):
    """y = a·b;  g·b, g·a."""

    def forward(self, a, b):
        self.a, self.b = a, b
        return a * b

    def backward(self, g):
        return unbroadcast(g * self.b, self.a.shape), unbroadcast(g * self.a, self.b.shape)


class Div(Function):
    """y = a/b;  g/b, −g·a/b²."""

    def forward(self, a, b):
        self.a, self.b = a, b
        with np.errstate(divide="ignore", invalid="ignore"):
            return a / b

    def backward(self, g):
        with np.errstate(divide="ignore", invalid="ignore"):
            return unbroadcast(g / self.b, self.a.shape), unbroadcast(-g * self.a / self.b**2, self.b.shape)


class Pow(Function):
    """y = aᵇ;  g·b·aᵇ⁻¹, g·y·ln a. At a = 0 the second is 0 for b ≥ 0, as in torch."""

    def forward(self, a, b):
        self.a, self.b = a, b
        with np.errstate(divide="ignore", invalid="ignore"):
            self.y = np.power(a, b)
        return self.y

    def backward(self, g):
        a, b = self.a, self.b
        with np.errstate(divide="ignore", invalid="ignore"):
            slope_a = np.where(b == 0, 0, b * np.power(a, b - 1))
            slope_b = np.where((a == 0) & (b >= 0), 0, self.y * np.log(a))
        return unbroadcast(g * slope_a, a.shape), unbroadcast(g * slope_b, b.shape)


class Maximum(Function):
    """y = max(a, b);  g to the larger, half to each where they are equal."""

    def forward(self, a, b):
        self.shapes, self.share = (a.shape, b.shape), (a > b) + 0.5 * (a == b)
        return np.maximum(a, b)

    def backward(self, g):
        return unbroadcast(g * self.share, self.shapes[0]), unbroadcast(g * (1 - self.share), self.shapes[1])


class Minimum(Function):
    """y = min(a, b);  g to the smaller, half to each where they are equal."""

    def forward(self, a, b):
        self.shapes, self.share = (a.shape, b.shape), (a < b) + 0.5 * (a == b)
        return np.minimum(a, b)

    def backward(self, g):
        return unbroadcast(g * self.share, self.shapes[0]), unbroadcast(g * (1 - self.share), self.shapes[1])


class Where(Function):
    """y = a where the condition holds, else b;  g to the one that was taken."""

    def forward(self, a, b, condition):
        self.condition, self.shapes = condition, (a.shape, b.shape)
        return np.where(condition, a, b)

    def backward(self, g):
        zero = g.dtype.type(0)
        taken = np.where(self.condition, g, zero), np.where(self.condition, zero, g)
        return unbroadcast(taken[0], self.shapes[0]), unbroadcast(taken[1], self.shapes[1])
