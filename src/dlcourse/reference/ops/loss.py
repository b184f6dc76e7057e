"""Losses that need a formula of their own to be stable, elementwise; x is the prediction, t the target."""

import numpy as np
from scipy.special import xlogy

from dlcourse.reference.autograd import Function


class BinaryCrossEntropy(Function):
    """y = −t·max(ln p, −100) − (1 − t)·max(ln(1 − p), −100);  g·(p − t)/max(p(1 − p), 1e−12)."""

    def forward(self, p, t):
        self.p, self.t = p, t
        with np.errstate(divide="ignore"):
            return -(t * np.maximum(np.log(p), -100) + (1 - t) * np.maximum(np.log1p(-p), -100))

    def backward(self, g):
        smallest = np.float32(1e-12)  # torch, too, has this constant in float32
        slope_p = (self.p - self.t) / np.maximum(self.p * (1 - self.p), smallest).astype(self.p.dtype)
        with np.errstate(divide="ignore"):
            slope_t = np.maximum(np.log1p(-self.p), -100) - np.maximum(np.log(self.p), -100)
        return g * slope_p, g * slope_t


class BinaryCrossEntropyWithLogits(Function):
    """y = max(z, 0) − z·t + ln(1 + e^−|z|);  g·(σ(z) − t), −g·z."""

    def forward(self, z, t):
        self.z, self.t, self.decay = z, t, np.exp(-np.abs(z))
        return np.maximum(z, 0) - z * t + np.log1p(self.decay)

    def backward(self, g):
        sigmoid = np.where(self.z >= 0, 1, self.decay) / (1 + self.decay)
        return g * (sigmoid - self.t), -g * self.z


class RoundedCorner(Function):
    """y = x²/(2β) where |x| < β, else |x| − β/2;  g·x/β, there g·sign(x)."""

    def forward(self, x, beta=1.0):
        self.x, self.beta = x, x.dtype.type(beta)
        size = np.abs(x)
        return np.where(size < self.beta, x * x / (2 * self.beta), size - self.beta / 2)

    def backward(self, g):
        return (g * np.clip(self.x / self.beta, -1, 1),)


class KlDivergence(Function):
    """y = t·ln t − t·x, with 0·ln 0 = 0;  −g·t, g·(ln t + 1 − x), 0 where t = 0."""

    def forward(self, x, t):
        self.x, self.t = x, t
        return xlogy(t, t) - t * x

    def backward(self, g):
        with np.errstate(divide="ignore", invalid="ignore"):
            slope = np.where(self.t == 0, 0, np.log(self.t) + 1) - self.x
        return -g * self.t, g * slope
