"""Normalisation: numbers shifted and scaled to mean 0 and variance 1."""

import numpy as np

from dlcourse.reference.graph import Function


def moments(x: np.ndarray, axes: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Mean and biased variance Σ(x − μ)²/n over `axes`, which are kept as axes of size 1."""
    with np.errstate(invalid="ignore", divide="ignore"):  # of no values: nan
        count = x.dtype.type(np.prod([x.shape[axis] for axis in axes]))
        mean = x.sum(axis=axes, keepdims=True) / count
        return mean, np.square(x - mean).sum(axis=axes, keepdims=True) / count


class Normalize(Function):
    """y = x̂ = (x − μ)/√(σ² + ε) with the `moments` μ and σ² of x over `axes`;
    (g − mean g − x̂·mean(g·x̂))/√(σ² + ε), the means over the same axes: μ and σ depend on x, too."""

    keeps = ((0, (0,)),)

    def forward(self, x, *, axes: tuple[int, ...], mean: np.ndarray, variance: np.ndarray, eps: float):
        self.x, self.mean, self.axes = x, mean, axes
        self.inverse = 1 / np.sqrt(variance + x.dtype.type(eps))
        return (x - mean) * self.inverse

    def name(self) -> str:
        return "NativeBatchNormBackward0" if 0 in self.axes else "NativeLayerNormBackward0"

    def backward(self, g):
        y = (self.x - self.mean) * self.inverse  # computed again: the result may have been changed in place since
        mean = g.mean(axis=self.axes, keepdims=True)
        projection = (g * y).mean(axis=self.axes, keepdims=True)
        return ((g - mean - y * projection) * self.inverse,)
