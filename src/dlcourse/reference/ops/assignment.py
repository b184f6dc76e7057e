"""Operations that exist in place only: the old numbers are replaced, so the gradient does not go back to them."""

import numpy as np

from dlcourse.reference.graph import Function, unbroadcast


class Copy(Function):
    """y = t in the shape of x;  0, g."""

    def forward(self, x, t):
        self.shape = t.shape
        return np.broadcast_to(t, x.shape)

    def name(self) -> str:
        return "CopyBackwards"

    def backward(self, g):
        return np.zeros_like(g), unbroadcast(g, self.shape)


class Fill(Copy):
    """y = one number everywhere;  0, Σ g."""

    def name(self) -> str:
        return "FillBackward0"


class Drawn(Copy):
    """y = random numbers;  0."""

    def name(self) -> str:
        return "NormalBackward0"


class Zero(Function):
    """y = 0;  0."""

    def forward(self, x):
        return np.zeros((), x.dtype)

    def backward(self, g):
        return (np.zeros_like(g),)
