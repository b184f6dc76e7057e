"""Dropout layers."""

from dlcourse.reference.nn import functional
from dlcourse.reference.nn.module import Module


class _Dropout(Module):
    def __init__(self, p: float = 0.5, inplace: bool = False):
        super().__init__()
        if not 0 <= p <= 1:
            raise ValueError(f"dropout probability has to be between 0 and 1, but got {p}")
        self.p, self.inplace = p, inplace

    def extra_repr(self) -> str:
        return f"p={self.p}, inplace={self.inplace}"


class Dropout(_Dropout):
    """In training each number is set to 0 with probability p and the others are divided by 1 − p ("inverted"), so that
    nothing is to be done in evaluation (Srivastava et al. 2014). The masks differ from torch's for the same seed."""

    def forward(self, input):
        return functional.dropout(input, self.p, self.training, self.inplace)


class Dropout1d(_Dropout):
    """Dropout of whole channels of (N, C, L) or (C, L): neighbours along L are alike, so that dropping single numbers
    would hide little (Tompson et al. 2015)."""

    def forward(self, input):
        return functional.dropout1d(input, self.p, self.training, self.inplace)


class Dropout2d(_Dropout):
    """Dropout of whole channels of (N, C, H, W)."""

    def forward(self, input):
        return functional.dropout2d(input, self.p, self.training, self.inplace)
