"""Activations as modules; the formulas stand in `functional`."""

from dlcourse.reference.nn import functional
from dlcourse.reference.nn.module import Module


class Tanh(Module):
    """y = (eˣ − e⁻ˣ)/(eˣ + e⁻ˣ), in (−1, 1)."""

    def forward(self, input):
        return functional.tanh(input)


class Sigmoid(Module):
    """y = 1/(1 + e⁻ˣ), in (0, 1)."""

    def forward(self, input):
        return functional.sigmoid(input)


class ReLU(Module):
    """y = max(x, 0). inplace: y is written into the memory of x, whose old numbers are then gone."""

    def __init__(self, inplace: bool = False):
        super().__init__()
        self.inplace = inplace

    def forward(self, input):
        return functional.relu(input, self.inplace)

    def extra_repr(self) -> str:
        return "inplace=True" if self.inplace else ""


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


class LeakyReLU(Module):
    """y = x where x > 0, else negative_slope·x: never quite flat, so a unit cannot die (Maas, Hannun & Ng 2013)."""

    def __init__(self, negative_slope: float = 0.01, inplace: bool = False):
        super().__init__()
        self.negative_slope, self.inplace = negative_slope, inplace

    def forward(self, input):
        return functional.leaky_relu(input, self.negative_slope, self.inplace)

    def extra_repr(self) -> str:
        return f"negative_slope={self.negative_slope}" + (", inplace=True" if self.inplace else "")


class ELU(Module):
    """y = x where x > 0, else alpha·(eˣ − 1), which levels off at −alpha."""

    def __init__(self, alpha: float = 1.0, inplace: bool = False):
        super().__init__()
        self.alpha, self.inplace = alpha, inplace

    def forward(self, input):
        return functional.elu(input, self.alpha, self.inplace)

    def extra_repr(self) -> str:
        return f"alpha={self.alpha}" + (", inplace=True" if self.inplace else "")


class GELU(Module):
    """y = x·Φ(x) with the normal distribution Φ; approximate="tanh" replaces Φ by a formula with tanh."""

    def __init__(self, approximate: str = "none"):
        super().__init__()
        self.approximate = approximate

    def forward(self, input):
        return functional.gelu(input, approximate=self.approximate)

    def extra_repr(self) -> str:
        return f"approximate={self.approximate!r}"


class SiLU(Module):
    """y = x·σ(x), also called swish: smooth, and not monotonic."""

    def __init__(self, inplace: bool = False):
        super().__init__()
        self.inplace = inplace

    def forward(self, input):
        return functional.silu(input, self.inplace)

    def extra_repr(self) -> str:
        return "inplace=True" if self.inplace else ""


class Softplus(Module):
    """y = ln(1 + e^{βx})/β, a smooth ReLU; x itself where βx > threshold."""

    def __init__(self, beta: float = 1.0, threshold: float = 20.0):
        super().__init__()
        self.beta, self.threshold = beta, threshold

    def forward(self, input):
        return functional.softplus(input, self.beta, self.threshold)

    def extra_repr(self) -> str:
        return f"beta={self.beta}, threshold={self.threshold}"


class LogSigmoid(Module):
    """y = ln σ(x), without overflow."""

    def forward(self, input):
        return functional.logsigmoid(input)
