"""Sliding windows over an array: what convolution and pooling share.

Letters: N samples, C channels, S the sizes of the input's axes (L, or H and W), O those of the output. Inside these
operations an array is (C, *S, N), samples last: every copy, comparison and sum then runs along N, a long stretch of
memory, instead of along the few pixels of a row. Outside it is torch's (N, C, *S): a view of the same memory.
"""

import itertools
from dataclasses import dataclass, replace

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def samples_last(x: np.ndarray) -> np.ndarray:
    """(N, C, *S) -> (C, *S, N), a view."""
    return x.transpose(*range(1, x.ndim), 0)


def samples_first(x: np.ndarray) -> np.ndarray:
    """(C, *S, N) -> (N, C, *S), a view."""
    return x.transpose(x.ndim - 1, *range(x.ndim - 1))


@dataclass(frozen=True)
class Window:
    """Where windows lie, one number an axis: the first starts `before` in front of the input, the next `stride`
    further, the last ends at most `after` behind it. The elements of a window are `dilation` apart."""

    size: tuple[int, ...]
    stride: tuple[int, ...]
    before: tuple[int, ...]
    after: tuple[int, ...]
    dilation: tuple[int, ...]
    edge: tuple[int, ...] | None = None  # as much of `after` as counts in a mean; None: all of it

    def outputs(self, sizes: tuple[int, ...]) -> tuple[int, ...]:
        """How many windows fit along each axis: ⌊(S + before + after − dilation·(size − 1) − 1)/stride⌋ + 1."""
        parts = zip(sizes, self.size, self.stride, self.before, self.after, self.dilation, strict=True)
        return tuple((n + b + a - d * (k - 1) - 1) // s + 1 for n, k, s, b, a, d in parts)

    def padded(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """The shape (C, *S, N) with the padding added."""
        sizes = (n + b + a for n, b, a in zip(shape[1:-1], self.before, self.after, strict=True))
        return (shape[0], *sizes, shape[-1])

    def inside(self, shape: tuple[int, ...]) -> tuple[slice, ...]:
        """The part of a padded array that is the input of shape (C, *S, N)."""
        return (slice(None), *(slice(b, b + n) for b, n in zip(self.before, shape[1:-1], strict=True)))

    def pad(self, x: np.ndarray, value: float = 0) -> np.ndarray:
        """x (C, *S, N) with `value` around it; x itself where there is no padding."""
        if not any(self.before) and not any(self.after):
            return x
        padded = np.full(self.padded(x.shape), value, x.dtype)
        padded[self.inside(x.shape)] = x
        return padded

    def view(self, padded: np.ndarray) -> np.ndarray:
        """(C, *padded S, N) as (C, *size, *O, N): the elements of every window, without copying."""
        axes = len(self.size)
        reach = tuple(d * (k - 1) + 1 for k, d in zip(self.size, self.dilation, strict=True))
        windows = sliding_window_view(padded, reach, axis=tuple(range(1, 1 + axes)))  # (C, *starts, N, *reach)
        starts = tuple(slice(None, None, s) for s in self.stride)
        elements = tuple(slice(None, None, d) for d in self.dilation)
        windows = windows[(slice(None), *starts, slice(None), *elements)]  # (C, *O, N, *size)
        return windows.transpose(0, *range(2 + axes, 2 + 2 * axes), *range(1, 2 + axes))

    def places(self, outputs: tuple[int, ...]):
        """For each element of a window its index, and where it lies in the padded input for all windows at once.

        The only loop of convolution and pooling: over a window's elements, never over samples or pixels.
        """
        for index in itertools.product(*map(range, self.size)):
            parts = zip(index, self.dilation, self.stride, outputs, strict=True)
            yield index, (slice(None), *(slice(i * d, i * d + s * (o - 1) + 1, s) for i, d, s, o in parts))

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
        result, edge = np.ones(()), self.edge or self.after
        for n, o, k, s, b, a in zip(sizes, self.outputs(sizes), self.size, self.stride, self.before, edge, strict=True):
            starts = np.arange(o) * s - b
            ends = np.minimum(starts + k, n + a)
            along = ends - starts if include_padding else np.minimum(ends, n) - np.maximum(starts, 0)
            result = result[..., None] * along
        return result
