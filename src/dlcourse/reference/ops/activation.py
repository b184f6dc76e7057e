"""Activation functions beyond tanh, sigmoid and ReLU, elementwise."""

import math

import numpy as np
from scipy.special import erf

from dlcourse.reference.graph import Function

_SQRT_2_OVER_PI = math.sqrt(2 / math.pi)


def sigmoid(x: np.ndarray) -> np.ndarray:
    """1/(1 + e⁻ˣ), from e^−|x|, which cannot overflow."""
    decay = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, decay) / (1 + decay)


class LeakyRelu(Function):
    """y = x where x > 0, else slope·x;  g, slope·g. At the corner the slope of the left side is taken."""

    keeps = ((0, (0,)),)

    def forward(self, x, slope=0.01):
        self.positive, self.slope = x > 0, x.dtype.type(slope)
        return np.where(self.positive, x, x * self.slope)

    def backward(self, g):
        return (np.where(self.positive, g, g * self.slope),)


class Elu(Function):
    """y = x where x > 0, else α(eˣ − 1);  g, g·α·eˣ = g·(y + α) (Clevert, Unterthiner & Hochreiter 2016)."""

    keeps = ((0, (0,)),)

    def forward(self, x, alpha=1.0):
        self.x, self.alpha = x, x.dtype.type(alpha)
        return np.where(x > 0, x, self.alpha * np.expm1(np.minimum(x, 0)))

    def backward(self, g):
        return (np.where(self.x > 0, g, g * self.alpha * np.exp(np.minimum(self.x, 0))),)


class Gelu(Function):
    """y = x·Φ(x) with the normal Φ(x) = (1 + erf(x/√2))/2;  g·(Φ(x) + x·Φ′(x)) (Hendrycks & Gimpel 2016)."""

    keeps = ((0, (0,)),)

    def forward(self, x):
        self.x = x
        self.share = (0.5 * (1 + erf(x * math.sqrt(0.5)))).astype(x.dtype)
        return x * self.share

    def backward(self, g):
        density = np.exp(-0.5 * self.x * self.x) / math.sqrt(2 * math.pi)
        return (g * (self.share + self.x * density),)


class GeluTanh(Function):
    """y = x·(1 + tanh u)/2, u = √(2/π)·(x + 0.044715·x³), close to GELU;  g·((1 + tanh u) + x·(1 − tanh²u)·u′)/2."""

    keeps = ((0, (0,)),)

    def forward(self, x):
        self.x, self.t = x, np.tanh(_SQRT_2_OVER_PI * (x + 0.044715 * x**3))
        return 0.5 * x * (1 + self.t)

    def name(self) -> str:
        return "GeluBackward0"

    def backward(self, g):
        slope = _SQRT_2_OVER_PI * (1 + 3 * 0.044715 * self.x**2)
        return (g * 0.5 * ((1 + self.t) + self.x * (1 - self.t * self.t) * slope),)


class Silu(Function):
    """y = x·σ(x);  g·σ(x)·(1 + x·(1 − σ(x))) (also called swish)."""

    keeps = ((0, (0,)),)

    def forward(self, x):
        self.x, self.s = x, sigmoid(x)
        return x * self.s

    def backward(self, g):
        return (g * self.s * (1 + self.x * (1 - self.s)),)


class LogSigmoid(Function):
    """y = ln σ(x) = min(x, 0) − ln(1 + e^−|x|);  g·σ(−x)."""

    keeps = ((0, (0,)),)

    def forward(self, x):
        self.x = x
        return np.minimum(x, 0) - np.log1p(np.exp(-np.abs(x)))

    def backward(self, g):
        return (g * sigmoid(-self.x),)
