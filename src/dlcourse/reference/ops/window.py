"""Sliding windows over the last axes of an array, one after the other in memory order, and the way back.

What convolution and pooling share. A `Window` holds one number an axis: size of the window, stride, padding before and
after, dilation. Letters: N samples, C channels, S the input's sizes along the axes, O the output's.
"""

import itertools
from dataclasses import dataclass, replace

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


@dataclass(frozen=True)
class Window:
    """Where windows lie along each axis: the first starts `before` in front of the input, the next `stride` further.
    Within a window the elements are `dilation` apart."""

    size: tuple[int, ...]
    stride: tuple[int, ...]
    before: tuple[int, ...]
    after: tuple[int, ...]
    dilation: tuple[int, ...]
    edge: tuple[int, ...] | None = None  # padding behind that counts in a mean, where it is not `after`

    def outputs(self, sizes: tuple[int, ...]) -> tuple[int, ...]:
        """How many windows fit along each axis: ⌊(S + before + after − dilation·(size − 1) − 1)/stride⌋ + 1."""
        parts = zip(sizes, self.size, self.stride, self.before, self.after, self.dilation, strict=True)
        return tuple((n + b + a - d * (k - 1) - 1) // s + 1 for n, k, s, b, a, d in parts)

    def pad(self, x: np.ndarray, value: float = 0) -> np.ndarray:
        """x (N, C, *S) with `value` around it; x itself where there is no padding."""
        if not any(self.before) and not any(self.after):
            return x
        padded = np.full(self.padded(x.shape), value, x.dtype)
        padded[self.inside(x.shape)] = x
        return padded

    def padded(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """The shape (N, C, *S) with the padding added."""
        return (*shape[:2], *(n + b + a for n, b, a in zip(shape[2:], self.before, self.after, strict=True)))

    def inside(self, shape: tuple[int, ...]) -> tuple:
        """The part of the padded array that is the input of `shape`."""
        return (..., *(slice(b, b + n) for b, n in zip(self.before, shape[2:], strict=True)))

    def view(self, padded: np.ndarray) -> np.ndarray:
        """(N, C, *padded S) as (N, C, *size, *O): every window's elements, without copying."""
        axes = len(self.size)
        reach = tuple(d * (k - 1) + 1 for k, d in zip(self.size, self.dilation, strict=True))
        windows = sliding_window_view(padded, reach, axis=tuple(range(2, 2 + axes)))  # (N, C, *starts, *reach)
        starts = tuple(slice(None, None, s) for s in self.stride)
        elements = tuple(slice(None, None, d) for d in self.dilation)
        windows = windows[(slice(None), slice(None), *starts, *elements)]  # (N, C, *O, *size)
        return windows.transpose(0, 1, *range(2 + axes, 2 + 2 * axes), *range(2, 2 + axes))

    def places(self, outputs: tuple[int, ...]):
        """For each element of the window: its index in the window, and where it lies in the padded input for all
        windows at once. The only loop of convolution and pooling: over the window, never over samples or pixels."""
        for index in itertools.product(*map(range, self.size)):
            parts = zip(index, self.dilation, self.stride, outputs, strict=True)
            yield index, (..., *(slice(i * d, i * d + s * (o - 1) + 1, s) for i, d, s, o in parts))

    def rounded_up(self, sizes: tuple[int, ...]) -> "Window":
        """With enough padding behind that the rest of an axis gets a window of its own, if that starts before the
        padding behind (torch's ceil_mode)."""
        after = []
        for n, k, s, b, a, d in zip(sizes, self.size, self.stride, self.before, self.after, self.dilation, strict=True):
            reach = d * (k - 1) + 1
            count = -(-(n + b + a - reach) // s) + 1
            if (count - 1) * s >= n + b:
                count -= 1
            after.append(max((count - 1) * s + reach - n - b, 0))
        return replace(self, after=tuple(after), edge=self.after)

    def counts(self, sizes: tuple[int, ...], include_padding: bool) -> np.ndarray:
        """Of how many elements each window consists (*O): of the input, or of the input and its padding."""
        result = np.ones(())
        parts = zip(
            sizes, self.outputs(sizes), self.size, self.stride, self.before, self.edge or self.after, strict=True
        )
        for n, o, k, s, b, a in parts:
            starts = np.arange(o) * s - b
            ends = np.minimum(starts + k, n + a)
            along = ends - starts if include_padding else np.minimum(ends, n) - np.maximum(starts, 0)
            result = result[..., None] * along
        return result
