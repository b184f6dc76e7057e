"""Convolution over any number of axes, as one matrix product."""

import numpy as np

from dlcourse.reference.autograd import Function
from dlcourse.reference.ops.window import Window


class Convolution(Function):
    """y[n, o, p] = b[o] + Σ_{c, k} w[o, c, k]·x[n, c, stride·p + dilation·k − padding], x being 0 outside.

    A cross-correlation: a convolution in the sense of mathematics would flip w; deep learning does not.

    The windows of x are copied into columns, K = (C/groups)·kernel numbers for each of the P output places; then
    Y = W X_cols,  ∂W = Σₙ G X_colsᵀ,  ∂X_cols = Wᵀ G, and every column is added back where its window lay; ∂b = Σ G.
    """

    def forward(self, x, weight, bias=None, *, window: Window, groups: int = 1):
        self.window, self.groups, self.shape = window, groups, x.shape
        n, self.outputs = len(x), window.outputs(x.shape[2:])
        columns = window.view(window.pad(x))  # (N, C, *kernel, *O)
        k, p = int(np.prod(weight.shape[1:])), int(np.prod(self.outputs))
        self.columns = np.ascontiguousarray(columns).reshape(n, groups, k, p)
        self.weight = weight
        y = (self.rows() @ self.columns).reshape(n, len(weight), p)
        if bias is not None:
            y += bias[:, None]
        return y.reshape(n, len(weight), *self.outputs)

    def name(self) -> str:
        return "ConvolutionBackward0"

    def rows(self) -> np.ndarray:
        """The weight as one matrix a group: (groups, out/groups, K)."""
        return self.weight.reshape(self.groups, len(self.weight) // self.groups, -1)

    def backward(self, g):
        n, groups = len(g), self.groups
        rows = g.reshape(n, groups, len(self.weight) // groups, -1)  # (N, groups, out/groups, P)
        grad_x = self.scatter(self.rows().swapaxes(1, 2) @ rows) if self.inputs[0].requires_grad else None
        grad_weight = (rows @ self.columns.swapaxes(2, 3)).sum(axis=0).reshape(self.weight.shape)
        if len(self.inputs) == 2:
            return grad_x, grad_weight
        return grad_x, grad_weight, g.sum(axis=(0, *range(2, g.ndim)))

    def scatter(self, columns: np.ndarray) -> np.ndarray:
        """Columns (N, groups, K, P) added up where their windows lie in the input."""
        window = self.window
        columns = columns.reshape(*self.shape[:2], *window.size, *self.outputs)
        grad = np.zeros(window.padded(self.shape), columns.dtype)
        for index, place in window.places(self.outputs):
            grad[place] += columns[(slice(None), slice(None), *index)]
        return grad[window.inside(self.shape)]
