"""First weights. Each function fills a tensor in place and returns it.

n_in and n_out are the numbers of inputs and outputs that one unit is connected to.
"""

import functools
import math
from collections.abc import Callable

import numpy as np

from dlcourse.reference.grad_mode import no_grad
from dlcourse.reference.tensor import Tensor
from dlcourse.reference.tensor.operands import must_be_given


def fills(function: Callable) -> Callable:
    """What all functions here do: check that a tensor is given, and fill it without recording that."""

    @functools.wraps(function)
    def filled(*args, **settings) -> Tensor:
        if args or "tensor" in settings:  # else Python says what is missing
            must_be_given(function.__name__, tensor=args[0] if args else settings["tensor"])
        with no_grad():
            return function(*args, **settings)

    return filled


def calculate_gain(nonlinearity: str, param: float | None = None) -> float:
    """By how much an activation's inputs must be larger so that the variance survives it."""
    gains = {"linear": 1.0, "conv1d": 1.0, "conv2d": 1.0, "sigmoid": 1.0, "tanh": 5.0 / 3, "relu": math.sqrt(2.0)}
    if nonlinearity == "leaky_relu":
        return math.sqrt(2.0 / (1 + (0.01 if param is None else param) ** 2))
    if nonlinearity not in gains:
        raise ValueError(f"Unsupported nonlinearity {nonlinearity}")
    return gains[nonlinearity]


@fills
def uniform_(tensor: Tensor, a: float = 0.0, b: float = 1.0) -> Tensor:
    """Uniform in [a, b)."""
    return tensor.uniform_(a, b)


@fills
def normal_(tensor: Tensor, mean: float = 0.0, std: float = 1.0) -> Tensor:
    """Normal with the given mean and standard deviation."""
    return tensor.normal_(mean, std)


@fills
def constant_(tensor: Tensor, val: float) -> Tensor:
    """Every element the same value."""
    return tensor.fill_(val)


@fills
def zeros_(tensor: Tensor) -> Tensor:
    """Every element 0."""
    return constant_(tensor, 0.0)


@fills
def ones_(tensor: Tensor) -> Tensor:
    """Every element 1."""
    return constant_(tensor, 1.0)


@fills
def xavier_uniform_(tensor: Tensor, gain: float = 1.0) -> Tensor:
    """Uniform in ±gain·√(6/(n_in + n_out)) (Glorot & Bengio 2010)."""
    n_in, n_out = _connections(tensor)
    bound = math.sqrt(3.0) * gain * math.sqrt(2.0 / (n_in + n_out))
    return uniform_(tensor, -bound, bound)


@fills
def xavier_normal_(tensor: Tensor, gain: float = 1.0) -> Tensor:
    """Normal with standard deviation gain·√(2/(n_in + n_out))."""
    n_in, n_out = _connections(tensor)
    return normal_(tensor, 0.0, gain * math.sqrt(2.0 / (n_in + n_out)))


@fills
def kaiming_uniform_(tensor: Tensor, a: float = 0, mode: str = "fan_in", nonlinearity: str = "leaky_relu") -> Tensor:
    """Uniform in ±gain·√(3/n) (He et al. 2015)."""
    bound = math.sqrt(3.0) * _kaiming_std(tensor, a, mode, nonlinearity)
    return uniform_(tensor, -bound, bound)


@fills
def kaiming_normal_(tensor: Tensor, a: float = 0, mode: str = "fan_in", nonlinearity: str = "leaky_relu") -> Tensor:
    """Normal with standard deviation gain/√n (He et al. 2015)."""
    return normal_(tensor, 0.0, _kaiming_std(tensor, a, mode, nonlinearity))


def _kaiming_std(tensor: Tensor, a: float, mode: str, nonlinearity: str) -> float:
    if mode not in ("fan_in", "fan_out"):
        raise ValueError(f"Mode {mode} not supported, please use one of ['fan_in', 'fan_out']")
    count = _connections(tensor)[0 if mode == "fan_in" else 1]
    return calculate_gain(nonlinearity, a) / math.sqrt(count) if count else 0.0


def _connections(tensor: Tensor) -> tuple[int, int]:
    """(n_in, n_out) of a weight (out, in, *kernel)."""
    sizes = tensor._array.shape
    if len(sizes) < 2:
        raise ValueError("Fan in and fan out can not be computed for tensor with fewer than 2 dimensions")
    receptive = int(np.prod(sizes[2:]))
    return sizes[1] * receptive, sizes[0] * receptive
