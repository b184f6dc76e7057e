"""Operations of one number, elementwise."""

import numpy as np

from dlcourse.reference.graph import RESULT, Function


def signs(x: np.ndarray) -> np.ndarray:
    """−1, 0 or 1, and 0 for nan, as in torch."""
    return np.subtract(x > 0, x < 0, dtype=x.dtype)


class Neg(Function):
    """y = −x;  −g."""

    def forward(self, x):
        return -x

    def backward(self, g):
        return (-g,)


class Abs(Function):
    """y = |x|;  g·sign(x), 0 at the corner."""

    keeps = ((0, (0,)),)

    def forward(self, x):
        self.x = x
        return np.abs(x)

    def backward(self, g):
        return (g * signs(self.x),)


class Exp(Function):
    """y = eˣ;  g·y."""

    keeps = ((0, (RESULT,)),)

    def forward(self, x):
        with np.errstate(over="ignore"):
            self.y = np.exp(x)
        return self.y

    def backward(self, g):
        return (g * self.y,)


class Log(Function):
    """y = ln x;  g/x."""

    keeps = ((0, (0,)),)

    def forward(self, x):
        self.x = x
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.log(x)

    def backward(self, g):
        return (g / self.x,)


class Sqrt(Function):
    """y = √x;  g/(2y)."""

    keeps = ((0, (RESULT,)),)

    def forward(self, x):
        with np.errstate(invalid="ignore"):
            self.y = np.sqrt(x)
        return self.y

    def backward(self, g):
        return (g / (2 * self.y),)


class Reciprocal(Function):
    """y = 1/x;  −g·y²."""

    keeps = ((0, (RESULT,)),)

    def forward(self, x):
        with np.errstate(divide="ignore"):
            self.y = 1 / x
        return self.y

    def backward(self, g):
        return (-g * (self.y * self.y),)


class Sin(Function):
    """y = sin x;  g·cos x."""

    keeps = ((0, (0,)),)

    def forward(self, x):
        self.x = x
        return np.sin(x)

    def backward(self, g):
        return (g * np.cos(self.x),)


class Cos(Function):
    """y = cos x;  −g·sin x."""

    keeps = ((0, (0,)),)

    def forward(self, x):
        self.x = x
        return np.cos(x)

    def backward(self, g):
        return (-g * np.sin(self.x),)


class Tanh(Function):
    """y = tanh x;  g·(1 − y²)."""

    keeps = ((0, (RESULT,)),)

    def forward(self, x):
        self.y = np.tanh(x)
        return self.y

    def backward(self, g):
        return (g * (1 - self.y * self.y),)


class Sigmoid(Function):
    """y = 1/(1 + e⁻ˣ);  g·y·(1 − y). Computed from e^−|x|, which cannot overflow."""

    keeps = ((0, (RESULT,)),)

    def forward(self, x):
        decay = np.exp(-np.abs(x))  # in (0, 1]
        self.y = np.where(x >= 0, 1, decay) / (1 + decay)
        return self.y

    def backward(self, g):
        return (g * (self.y * (1 - self.y)),)


class Relu(Function):
    """y = max(x, 0);  g where x > 0. At the corner the slope is taken as 0."""

    keeps = ((0, (RESULT,)),)

    def forward(self, x):
        self.y = np.maximum(x, 0)
        return self.y

    def backward(self, g):
        return (np.where(self.y <= 0, g.dtype.type(0), g),)  # no product: 0 · ∞ would be nan


class Softplus(Function):
    """y = ln(1 + e^{βx})/β, and x itself where βx exceeds the threshold;  g·sigmoid(βx), there g."""

    keeps = ((0, (0,)),)

    def forward(self, x, beta=1.0, threshold=20.0):
        scaled = x * beta
        decay = np.exp(-np.abs(scaled))  # in (0, 1]: cannot overflow
        linear = scaled > threshold
        self.slope = np.where(linear | (scaled >= 0), 1, decay) / np.where(linear, 1, 1 + decay)
        return np.where(linear, x, (np.maximum(scaled, 0) + np.log1p(decay)) / beta).astype(x.dtype)

    def backward(self, g):
        return ((g * self.slope).astype(g.dtype),)


class Clamp(Function):
    """y = x limited to [low, high];  g where x is inside, ends included."""

    keeps = ((0, (0,)),)

    def forward(self, x, low=None, high=None):
        self.inside = np.ones(x.shape, np.bool_)
        if low is not None:
            self.inside &= x >= low
        if high is not None:
            self.inside &= x <= high
        return np.asarray(np.clip(x, low, high), x.dtype)

    def name(self) -> str:
        return "ClampBackward1"

    def backward(self, g):
        return (np.where(self.inside, g, g.dtype.type(0)),)


class Sign(Function):
    """y = −1, 0 or 1;  0: a step function is flat wherever it has a slope."""

    def forward(self, x):
        return x.copy() if x.dtype.kind == "b" else signs(x)

    def backward(self, g):
        return (np.zeros_like(g),)


class Floor(Sign):
    """y = the largest whole number that is not above x;  0."""

    def forward(self, x):
        return np.floor(x)


class Round(Sign):
    """y = x to some decimals, half to even;  0."""

    def forward(self, x, decimals=0):
        return x.round(decimals)


class ToType(Function):
    """The same numbers in another type;  g in the old type."""

    def forward(self, x, numpy_type):
        self.old = x.dtype
        return x.astype(numpy_type)

    def name(self) -> str:
        return "ToCopyBackward0"

    def backward(self, g):
        return (g.astype(self.old),)


class Clone(Function):
    """y = x in memory of its own;  g."""

    def forward(self, x):
        return x.copy(order="K")

    def backward(self, g):
        return (g,)


class Contiguous(Clone):
    """y = x in memory of its own, in the order of the indices;  g."""

    def forward(self, x):
        return x.copy(order="C")

    def name(self) -> str:
        return "CloneBackward0"
