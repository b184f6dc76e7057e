"""Layers and losses as functions: what a module computes, without its memory."""

import numpy as np

from dlcourse.reference import creation
from dlcourse.reference.nn.losses import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    cross_entropy,
    l1_loss,
    mse_loss,
    nll_loss,
)
from dlcourse.reference.ops import elementwise, matrix
from dlcourse.reference.random import default_generator
from dlcourse.reference.tensor import Tensor

__all__ = [
    "binary_cross_entropy", "binary_cross_entropy_with_logits", "cross_entropy", "dropout", "l1_loss", "linear",
    "log_softmax", "mse_loss", "nll_loss", "one_hot", "relu", "sigmoid", "softmax", "softplus", "tanh",
]  # fmt: skip


def linear(input: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """y = x Wᵀ + b for x (…, in), W (out, in), b (out,)."""
    if input._array.ndim == 0 or input._array.shape[-1] != weight._array.shape[-1]:
        raise RuntimeError(
            f"linear: input must have shape (…, {weight._array.shape[-1]}) because weight is {tuple(weight.shape)}; "
            f"got {tuple(input.shape)}."
        )
    if input._array.dtype != weight._array.dtype:
        raise RuntimeError(
            f"linear: input and weight must have the same dtype, but got: {input.dtype} != {weight.dtype}; "
            "convert the input with .to(), or the model with .double()."
        )
    return matrix.Linear.apply(input, weight) if bias is None else matrix.Linear.apply(input, weight, bias)


def tanh(input: Tensor) -> Tensor:
    return input.tanh()


def sigmoid(input: Tensor) -> Tensor:
    return input.sigmoid()


def relu(input: Tensor) -> Tensor:
    return input.relu()


def softplus(input: Tensor, beta: float = 1, threshold: float = 20) -> Tensor:
    """ln(1 + e^{βx})/β, and x where βx > threshold."""
    return elementwise.Softplus.apply(input, beta=beta, threshold=threshold)


def softmax(input: Tensor, dim: int) -> Tensor:
    """eˣ/Σ eˣ along `dim`."""
    return input.softmax(_dim("softmax", input, dim))


def log_softmax(input: Tensor, dim: int) -> Tensor:
    """x − ln Σ eˣ along `dim`."""
    return input.log_softmax(_dim("log_softmax", input, dim))


def dropout(input: Tensor, p: float = 0.5, training: bool = True) -> Tensor:
    """Each number to 0 with probability p, the others divided by 1 − p; unchanged when not training."""
    if not 0 <= p <= 1:
        raise ValueError(f"dropout probability has to be between 0 and 1, but got {p}")
    if not training or p == 0:
        return input
    kept = default_generator.uniform(input._array.shape, np.dtype(np.float32)) >= p
    scale = 0.0 if p == 1 else 1 / (1 - p)
    return input * Tensor(kept.astype(input._array.dtype) * input._array.dtype.type(scale))


def one_hot(tensor: Tensor, num_classes: int = -1) -> Tensor:
    """Class numbers (…) as rows (…, num_classes) with a single 1."""
    count = int(tensor._array.max()) + 1 if num_classes == -1 else num_classes
    return Tensor(creation.eye(count)._array.astype(np.int64)[tensor._array])


def _dim(name: str, input: Tensor, dim) -> int:
    if dim is None:
        raise TypeError(f"{name}: dim must be given, because guessing the axis hides mistakes; usually dim=-1.")
    return dim
