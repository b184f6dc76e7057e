"""Convolution over any number of axes, as one matrix product."""

import threading

import numpy as np

from dlcourse.reference.graph import Function
from dlcourse.reference.ops.window import Window, samples_first, samples_last


class _Scratch(threading.local):
    """Memory for the columns, kept from one use to the next, in each thread its own.

    Columns are megabytes that live for one product; asking the system for fresh pages each time takes longer than the
    product itself. At most `limit` bytes are kept.
    """

    limit = 1 << 26

    def __init__(self):
        self.memory = np.empty(0, np.uint8)

    def array(self, shape: tuple[int, ...], dtype: np.dtype) -> np.ndarray:
        """An array of any content, valid until the next call."""
        size = int(np.prod(shape)) * dtype.itemsize
        if size > self.limit:
            return np.empty(shape, dtype)
        if size > self.memory.size:
            self.memory = np.empty(size, np.uint8)
        return self.memory[:size].view(dtype).reshape(shape)


_scratch = _Scratch()


class Convolution(Function):
    """y[n, o, p] = b[o] + Σ_{c, k} w[o, c, k]·x[n, c, stride·p + dilation·k − padding], x being 0 outside.

    A cross-correlation: a convolution in the sense of mathematics would flip w; deep learning does not.

    Every window of x is copied into a column of K = (C/groups)·kernel numbers, one column for each of the P places of
    the output and each sample ("im2col"; Chellapilla, Puri & Simard 2006). With X (groups, K, P·N) and W (groups,
    out/groups, K):  Y = W X;  ∂W = G Xᵀ,  ∂X = Wᵀ G, whose columns are added back where their windows lay,  ∂b = Σ G.
    """

    keeps = ((0, (0, 1)), (1, (0, 1)), (2, (0, 1)))

    def forward(self, x, weight, bias=None, *, window: Window, groups: int = 1):
        x = np.ascontiguousarray(samples_last(x))  # (C, *S, N)
        self.window, self.shape, self.outputs = window, x.shape, window.outputs(x.shape[1:-1])
        self.weight_shape = weight.shape
        self.rows = weight.reshape(groups, len(weight) // groups, int(np.prod(weight.shape[1:])))
        self.padded = window.pad(x)
        y = self.rows @ self.columns()
        if bias is not None:
            y += bias.reshape(groups, -1, 1)
        return samples_first(y.reshape(len(weight), *self.outputs, x.shape[-1]))

    def columns(self) -> np.ndarray:
        """X (groups, K, P·N) in the scratch memory. Made anew going back: copying costs less than keeping."""
        windows = self.window.view(self.padded)  # (C, *kernel, *O, N)
        columns = _scratch.array(windows.shape, windows.dtype)
        columns[...] = windows
        return columns.reshape(len(self.rows), self.rows.shape[2], int(np.prod(self.outputs)) * self.shape[-1])

    def name(self) -> str:
        return "ConvolutionBackward0"

    def backward(self, g):
        groups, each, _ = self.rows.shape
        g = np.ascontiguousarray(samples_last(g))  # (out, *O, N)
        g = g.reshape(groups, each, int(np.prod(g.shape[1:])))
        grad_x = None
        if self.needs(0):
            columns = _scratch.array((groups, self.rows.shape[2], g.shape[2]), g.dtype)
            grad_x = samples_first(self.scatter(np.matmul(self.rows.swapaxes(1, 2), g, out=columns)))
        grad_weight = (g @ self.columns().swapaxes(1, 2)).reshape(self.weight_shape)
        grads = grad_x, grad_weight, g.sum(axis=2).reshape(-1)
        return grads[: len(self.next_nodes)]

    def scatter(self, columns: np.ndarray) -> np.ndarray:
        """Columns (groups, K, P·N) added up where their windows lie in the input ("col2im")."""
        columns = columns.reshape(self.shape[0], *self.window.size, *self.outputs, self.shape[-1])
        grad = np.zeros(self.window.padded(self.shape), columns.dtype)
        for index, place in self.window.places(self.outputs):
            grad[place] += columns[(slice(None), *index)]
        return grad[self.window.inside(self.shape)]
