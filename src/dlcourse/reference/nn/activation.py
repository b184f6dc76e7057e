"""Activations and Dropout as modules; the formulas stand in `functional`."""

from dlcourse.reference.nn import functional
from dlcourse.reference.nn.module import Module


class Tanh(Module):
    """y = (eˣ − e⁻ˣ)/(eˣ + e⁻ˣ), in (−1, 1)."""

    def forward(self, input):
        return input.tanh()


class Sigmoid(Module):
    """y = 1/(1 + e⁻ˣ), in (0, 1)."""

    def forward(self, input):
        return input.sigmoid()


class ReLU(Module):
    """y = max(x, 0)."""

    def forward(self, input):
        return input.relu()


class Softmax(Module):
    """y = eˣ/Σ eˣ along `dim`: positive, sum 1."""

    def __init__(self, dim: int | None = None):
        super().__init__()
        self.dim = dim

    def forward(self, input):
        return functional.softmax(input, self.dim)

    def extra_repr(self) -> str:
        return f"dim={self.dim}"


class LogSoftmax(Softmax):
    """y = x − ln Σ eˣ along `dim`."""

    def forward(self, input):
        return functional.log_softmax(input, self.dim)


class Dropout(Module):
    """In training each number is set to 0 with probability p and the others are divided by 1 − p ("inverted"), so that
    nothing is to be done in evaluation (Srivastava et al. 2014). The masks differ from torch's for the same seed."""

    def __init__(self, p: float = 0.5):
        super().__init__()
        if not 0 <= p <= 1:
            raise ValueError(f"dropout probability has to be between 0 and 1, but got {p}")
        self.p = p

    def forward(self, input):
        return functional.dropout(input, self.p, self.training)

    def extra_repr(self) -> str:
        return f"p={self.p}, inplace=False"
