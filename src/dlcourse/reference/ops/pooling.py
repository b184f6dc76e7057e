"""Pooling: the largest or the mean of each window."""

import numpy as np

from dlcourse.reference.graph import Function
from dlcourse.reference.ops.window import Window, samples_first, samples_last


class MaxPool(Function):
    """y = the largest element of each window, padding counting as −∞;  g to that element, the first one of a tie."""

    keeps = ((0, (0,)),)

    def forward(self, x, *, window: Window):
        x = samples_last(x)  # (C, *S, N)
        self.window, self.shape, self.outputs = window, x.shape, window.outputs(x.shape[1:-1])
        self.padded, self.y = window.pad(x, -np.inf), None
        for _, place in window.places(self.outputs):
            element = self.padded[place]
            self.y = element.copy() if self.y is None else np.maximum(self.y, element, out=self.y)
        return samples_first(self.y.copy())  # the result may be changed in place, as by relu_

    def name(self) -> str:
        return f"MaxPool{self.inputs[0].ndim - 2}DWithIndicesBackward0"

    def backward(self, g):
        g = samples_last(g)
        grad = np.zeros(self.padded.shape, g.dtype)
        free = np.ones(g.shape, np.bool_)  # no element has got this window's gradient yet
        for _, place in self.window.places(self.outputs):
            winner = (self.padded[place] == self.y) & free
            free ^= winner
            grad[place] += np.where(winner, g, g.dtype.type(0))
        return (samples_first(grad[self.window.inside(self.shape)]),)


class AvgPool(Function):
    """y = Σ of each window / `count`, padding counting as 0;  g/count to each element.

    count: the divisor of every window, a number or an array (*O).
    """

    keeps = ((0, (0,)),)

    def forward(self, x, *, window: Window, count):
        x = samples_last(x)  # (C, *S, N)
        self.window, self.shape, self.outputs = window, x.shape, window.outputs(x.shape[1:-1])
        self.count = np.asarray(count, x.dtype)[..., None]
        padded, y = window.pad(x), None
        for _, place in window.places(self.outputs):
            y = padded[place].copy() if y is None else np.add(y, padded[place], out=y)
        y /= self.count
        return samples_first(y)

    def name(self) -> str:
        return f"AvgPool{self.inputs[0].ndim - 2}DBackward0"

    def backward(self, g):
        share = samples_last(g) / self.count
        grad = np.zeros(self.window.padded(self.shape), g.dtype)
        for _, place in self.window.places(self.outputs):
            grad[place] += share
        return (samples_first(grad[self.window.inside(self.shape)]),)


class AdaptiveAvgPool(Function):
    """y = the mean of windows that divide each axis of S elements into O: window i runs from ⌊i·S/O⌋ to ⌈(i + 1)·S/O⌉;
    g/(elements of the window) to each. Neighbouring windows share elements where O does not divide S."""

    keeps = ((0, (0,)),)

    def forward(self, x, *, sizes: tuple[int, ...]):
        self.shape, self.bounds = x.shape, []
        for axis, outputs in enumerate(sizes, start=2):
            i, size = np.arange(outputs), x.shape[axis]
            starts, ends = i * size // outputs, -(-(i + 1) * size // outputs)
            self.bounds.append((starts, ends))
            x = _range_sums(x, starts, ends, axis) / self.counts(starts, ends, axis, x.dtype)
        return x

    def counts(self, starts, ends, axis, dtype) -> np.ndarray:
        """Elements of each window along an axis, shaped to divide by."""
        return (ends - starts).astype(dtype).reshape(-1, *(1,) * (len(self.shape) - axis - 1))

    def name(self) -> str:
        return f"AdaptiveAvgPool{self.inputs[0].ndim - 2}DBackward0"

    def backward(self, g):
        for axis, (starts, ends) in enumerate(self.bounds, start=2):
            j = np.arange(self.shape[axis])  # element j lies in the windows from the first that ends after it …
            first, last = np.searchsorted(ends, j, side="right"), np.searchsorted(starts, j, side="right")
            g = _range_sums(g / self.counts(starts, ends, axis, g.dtype), first, last, axis)
        return (g,)


def _range_sums(x: np.ndarray, starts: np.ndarray, ends: np.ndarray, axis: int) -> np.ndarray:
    """Σ x[start:end] along an axis for each pair; the ranges may overlap and none is empty."""
    zero = np.zeros([1 if a == axis else size for a, size in enumerate(x.shape)], x.dtype)
    padded = np.concatenate([x, zero], axis=axis)  # so that an end is a valid index
    sums = np.add.reduceat(padded, np.stack([starts, ends], axis=1).reshape(-1), axis=axis)
    return sums[(slice(None),) * axis + (slice(None, None, 2),)]
