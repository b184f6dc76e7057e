"""Losses that need a formula of their own to be stable, elementwise; x is the prediction, t the target."""

import numpy as np
from scipy.special import xlogy

from dlcourse.reference.graph import Function


class BinaryCrossEntropy(Function):
    """y = −t·max(ln p, −100) − (1 − t)·max(ln(1 − p), −100);  g·(p − t)/max(p(1 − p), 1e−12)."""

    keeps = ((0, (0, 1)), (1, (0, 1)))

    def forward(self, p, t):
        self.p, self.t = p, t
        with np.errstate(divide="ignore"):
            return -(t * np.maximum(np.log(p), -100) + (1 - t) * np.maximum(np.log1p(-p), -100))

    def backward(self, g):
        smallest = np.float32(1e-12)  # torch, too, has this constant in float32
        slope_p = (self.p - self.t) / np.maximum(self.p * (1 - self.p), smallest).astype(self.p.dtype)
        slope_t = np.maximum(np.log1p(-self.p), -100) - np.maximum(np.log(self.p), -100)
        return g * slope_p, g * slope_t


class BinaryCrossEntropyWithLogits(Function):
    """y = max(z, 0) − z·t + ln(1 + e^−|z|);  g·(σ(z) − t), −g·z."""

    keeps = ((0, (0, 1)), (1, (0, 1)))

    def forward(self, z, t):
        self.z, self.t, self.decay = z, t, np.exp(-np.abs(z))
        return np.maximum(z, 0) - z * t + np.log1p(self.decay)

    def backward(self, g):
        sigmoid = np.where(self.z >= 0, 1, self.decay) / (1 + self.decay)
        return g * (sigmoid - self.t), -g * self.z


class RoundedCorner(Function):
    """With d = x − t: y = d²/(2β) where |d| < β, else |d| − β/2;  ±g·d/β, there ±g·sign(d)."""

    keeps = ((0, (0, 1)), (1, (0, 1)))

    def forward(self, x, t, beta=1.0):
        self.difference, self.beta = x - t, x.dtype.type(beta)
        size = np.abs(self.difference)
        return np.where(size < self.beta, self.difference**2 / (2 * self.beta), size - self.beta / 2)

    def name(self) -> str:
        return "SmoothL1LossBackward0"

    def backward(self, g):
        slope = g * np.clip(self.difference / self.beta, -1, 1)
        return slope, -slope


class NegativeLogLikelihood(Function):
    """y = −scale·x[index]/divisor along one axis, x being log-probabilities;  −g·scale/divisor there, 0 elsewhere.

    Where scale is 0 the gradient is exactly 0, even if the divisor is, too.
    """

    keeps = ((0, (0,)),)

    def forward(self, x, *, dim, index, scale, divisor):
        self.shape = x.shape
        places = list(np.ogrid[tuple(map(slice, index.shape))])
        self.places = (*places[:dim], index, *places[dim:])
        if divisor:
            self.slope = scale / -divisor
            return x[self.places] * self.slope
        with np.errstate(divide="ignore", invalid="ignore"):
            self.slope = np.where(scale == 0, scale, scale / -divisor)
            return x[self.places] * self.slope / divisor

    def name(self) -> str:
        return "NllLossBackward0"

    def backward(self, g):
        grad = np.zeros(self.shape, g.dtype)
        grad[self.places] = np.where(self.slope == 0, self.slope, g * self.slope)
        return (grad,)


class WeightedSum(Function):
    """y = Σ weights·x/divisor along one axis;  g·weights/divisor, exactly 0 where the weight is 0."""

    def forward(self, x, *, dim, weights, divisor):
        self.dim = dim
        with np.errstate(divide="ignore", invalid="ignore"):
            self.slope = np.where(weights == 0, weights.dtype.type(0), weights / divisor)
            y = np.where(weights == 0, x.dtype.type(0), x * self.slope).sum(axis=dim)
            return y if divisor else y / divisor

    def backward(self, g):
        return (np.where(self.slope == 0, g.dtype.type(0), np.expand_dims(g, self.dim) * self.slope),)


class KlDivergence(Function):
    """y = t·ln t − t·x, with 0·ln 0 = 0;  −g·t, g·(ln t + 1 − x), 0 where t = 0."""

    keeps = ((0, (1,)), (1, (0, 1)))

    def forward(self, x, t):
        self.x, self.t = x, t
        return xlogy(t, t) - t * x

    def backward(self, g):
        slope = np.where(self.t == 0, 0, np.log(self.t) + 1) - self.x
        return -g * self.t, g * slope
