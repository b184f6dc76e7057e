"""Matrix products."""

import numpy as np

from dlcourse.reference.graph import Function, unbroadcast


class Matmul(Function):
    """Y = A B, batched over leading axes;  G Bᵀ, Aᵀ G. A vector is taken as one row (left) or one column (right)."""

    keeps = ((0, (1,)), (1, (0,)))

    def forward(self, a, b):
        self.a, self.b = a, b
        return a @ b

    def name(self) -> str:
        axes = self.inputs[0].ndim, self.inputs[1].ndim
        return {(1, 1): "DotBackward0", (2, 1): "MvBackward0", (2, 2): "MmBackward0"}.get(axes, "BmmBackward0")

    def backward(self, g):
        a, b = self.a, self.b
        rows = a[None, :] if a.ndim == 1 else a
        columns = b[:, None] if b.ndim == 1 else b
        if a.ndim == 1:
            g = np.expand_dims(g, -1 if b.ndim == 1 else -2)
        if b.ndim == 1:
            g = np.expand_dims(g, -1)
        grad_a = unbroadcast(g @ columns.swapaxes(-1, -2), rows.shape)
        grad_b = unbroadcast(rows.swapaxes(-1, -2) @ g, columns.shape)
        return grad_a.reshape(a.shape), grad_b.reshape(b.shape)


class Linear(Function):
    """Y = X Wᵀ + b for X (…, in), W (out, in), b (out,);  G W, Gᵀ X, Σ G."""

    keeps = ((0, (1,)), (1, (0,)))

    def forward(self, x, weight, bias=None):
        self.x, self.weight = x, weight
        y = x @ weight.T
        if bias is not None:
            y += bias
        return y

    def name(self) -> str:
        return "AddmmBackward0"

    def backward(self, g):
        rows = g.reshape(-1, g.shape[-1])  # (samples, out)
        x = self.x.reshape(-1, self.x.shape[-1])  # (samples, in)
        grad_x = g @ self.weight if self.needs(0) else None
        grads = grad_x, rows.T @ x
        return grads if len(self.next_nodes) == 2 else (*grads, rows.sum(axis=0))
