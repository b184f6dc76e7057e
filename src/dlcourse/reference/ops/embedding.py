"""Rows taken from a table."""

import numpy as np

from dlcourse.reference.graph import Function


class Embedding(Function):
    """y = W[index];  g added to the rows that were taken, a row taken twice getting both; none to row padding_idx."""

    saves = True

    def forward(self, weight, *, index, padding_idx=None):
        self.shape, self.index, self.padding_idx = weight.shape, index.reshape(-1), padding_idx
        return weight[index]

    def backward(self, g):
        grad = np.zeros(self.shape, g.dtype)
        if self.index.size:
            order = np.argsort(self.index, kind="stable")
            taken, first = np.unique(self.index[order], return_index=True)
            grad[taken] = np.add.reduceat(g.reshape(-1, self.shape[1])[order], first)  # much faster than np.add.at
        if self.padding_idx is not None:
            grad[self.padding_idx] = 0
        return (grad,)
