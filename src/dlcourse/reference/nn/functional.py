"""Layers and losses as functions: what a module computes, without its memory."""

import warnings

import numpy as np

from dlcourse.reference import inplace as changes
from dlcourse.reference.graph import wrap
from dlcourse.reference.nn.losses import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    cross_entropy,
    huber_loss,
    kl_div,
    l1_loss,
    mse_loss,
    nll_loss,
    smooth_l1_loss,
)
from dlcourse.reference.nn.normalize import batch_norm, layer_norm
from dlcourse.reference.nn.spatial import (
    adaptive_avg_pool1d,
    adaptive_avg_pool2d,
    avg_pool1d,
    avg_pool2d,
    conv1d,
    conv2d,
    max_pool1d,
    max_pool2d,
)
from dlcourse.reference.ops import activation, elementwise, matrix
from dlcourse.reference.ops.embedding import Embedding
from dlcourse.reference.random import default_generator
from dlcourse.reference.tensor import Tensor
from dlcourse.reference.tensor.indexing import noted
from dlcourse.reference.tensor.operands import must_be_given, must_be_real, must_be_tensor

__all__ = [
    "adaptive_avg_pool1d", "adaptive_avg_pool2d", "avg_pool1d", "avg_pool2d", "batch_norm", "binary_cross_entropy",
    "binary_cross_entropy_with_logits", "conv1d", "conv2d", "cross_entropy", "dropout", "dropout1d", "dropout2d", "elu",
    "embedding", "gelu", "huber_loss", "kl_div", "l1_loss", "layer_norm", "leaky_relu", "linear", "log_softmax",
    "logsigmoid", "max_pool1d", "max_pool2d", "mse_loss", "nll_loss", "one_hot", "relu", "sigmoid", "silu",
    "smooth_l1_loss", "softmax", "softplus", "tanh",
]  # fmt: skip


def linear(input: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """y = x Wᵀ + b for x (…, in), W (out, in), b (out,)."""
    must_be_given("linear", input=input, weight=weight)
    must_be_tensor("linear", bias=bias)
    if weight._array.ndim == 1 and bias is None:
        return input.matmul(weight)
    if weight._array.ndim != 2:
        raise RuntimeError(f"linear: weight must be a matrix (out, in); got {tuple(weight.shape)}.")
    if weight._array.dtype.kind == "b":
        raise NotImplementedError("linear: not implemented for 'Bool'; convert the tensors with .float().")
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
    must_be_given("tanh", input=input)
    return input.tanh()


def sigmoid(input: Tensor) -> Tensor:
    must_be_given("sigmoid", input=input)
    return input.sigmoid()


def relu(input: Tensor, inplace: bool = False) -> Tensor:
    """max(x, 0); inplace: written into the memory of the input."""
    must_be_given("relu", input=input)
    return input.relu_() if inplace else input.relu()


def leaky_relu(input: Tensor, negative_slope: float = 0.01, inplace: bool = False) -> Tensor:
    """x where x > 0, else negative_slope·x."""
    return _activation("leaky_relu", activation.LeakyRelu, input, inplace, slope=negative_slope)


def elu(input: Tensor, alpha: float = 1.0, inplace: bool = False) -> Tensor:
    """x where x > 0, else α(eˣ − 1)."""
    return _activation("elu", activation.Elu, input, inplace, alpha=alpha)


def gelu(input: Tensor, *, approximate: str = "none") -> Tensor:
    """x·Φ(x) with the normal distribution Φ; approximate="tanh": by a formula with tanh, to about 5e-4."""
    if approximate not in ("none", "tanh"):
        raise RuntimeError(f"approximate argument must be either none or tanh; got {approximate!r}.")
    return _activation("gelu", activation.Gelu if approximate == "none" else activation.GeluTanh, input)


def silu(input: Tensor, inplace: bool = False) -> Tensor:
    """x·σ(x)."""
    return _activation("silu", activation.Silu, input, inplace)


def logsigmoid(input: Tensor) -> Tensor:
    """ln σ(x), without overflow."""
    return _activation("logsigmoid", activation.LogSigmoid, input)


def softplus(input: Tensor, beta: float = 1, threshold: float = 20) -> Tensor:
    """ln(1 + e^{βx})/β, and x where βx > threshold."""
    return _activation("softplus", elementwise.Softplus, input, beta=beta, threshold=threshold)


def _activation(name: str, operation, input: Tensor, inplace: bool = False, **options) -> Tensor:
    """operation(input) of real numbers; inplace: written into the memory of the input, which is returned."""
    must_be_given(name, input=input)
    must_be_real(name, input)
    return changes.change(input, operation, **options) if inplace else operation.apply(input, **options)


def softmax(input: Tensor, dim: int | None = None) -> Tensor:
    """eˣ/Σ eˣ along `dim`."""
    dim = _dim("softmax", input, dim)
    return input.softmax(dim)


def log_softmax(input: Tensor, dim: int | None = None) -> Tensor:
    """x − ln Σ eˣ along `dim`."""
    dim = _dim("log_softmax", input, dim)
    return input.log_softmax(dim)


def dropout(input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
    """Each number to 0 with probability p, the others divided by 1 − p; unchanged when not training."""
    return _dropout("dropout", input, p, training, inplace, 0)


def dropout1d(input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
    """Dropout of whole channels of (N, C, L) or (C, L)."""
    return _dropout("dropout1d", input, p, training, inplace, 1)


def dropout2d(input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
    """Dropout of whole channels of (N, C, H, W). Three axes are taken as (N, C, L), with a warning, as in torch."""
    must_be_given("dropout2d", input=input)
    if input.ndim == 3:
        warnings.warn("dropout2d: a 3D input is taken as (N, C, L), not (C, H, W); use dropout1d for it.", stacklevel=2)
    return _dropout("dropout2d", input, p, training, inplace, max(input.ndim - 2, 0))


def _dropout(name: str, input: Tensor, p: float, training: bool, inplace: bool, joint_axes: int) -> Tensor:
    """joint_axes: how many of the last axes are dropped together."""
    must_be_given(name, input=input)
    if not 0 <= p <= 1:
        raise ValueError(f"dropout probability has to be between 0 and 1, but got {p}")
    if not training or p == 0:
        return input
    sizes = input._array.shape
    mask_shape = (*sizes[: len(sizes) - joint_axes], *(1,) * joint_axes)
    kept = default_generator.uniform(mask_shape, np.dtype(np.float32)) >= p
    scale = 0.0 if p == 1 else 1 / (1 - p)
    mask = wrap(kept.astype(input._array.dtype) * input._array.dtype.type(scale))
    return input.mul_(mask) if inplace else input * mask


def embedding(input: Tensor, weight: Tensor, padding_idx: int | None = None) -> Tensor:
    """weight[index]: whole numbers (…) become rows of weight (count, dim); row padding_idx gets no gradient."""
    must_be_given("embedding", input=input, weight=weight)
    if weight._array.ndim != 2:
        raise RuntimeError(f"embedding: weight must have shape (count, dim); got {tuple(weight.shape)}.")
    index, count = input._array, len(weight._array)
    if index.dtype.kind != "i":
        raise RuntimeError(f"embedding: input must hold whole numbers of type int64; got {input.dtype}; use .long().")
    if index.size and not (index.min() >= 0 and index.max() < count):
        raise IndexError(
            f"embedding: index out of range: the table has rows 0 to {count - 1}; got {index.min()} to {index.max()}."
        )
    place = None if padding_idx is None else padding_idx % count
    return noted(Embedding.apply(weight, index=index, padding_idx=place), [input])


def one_hot(tensor: Tensor, num_classes: int = -1) -> Tensor:
    """Class numbers (…) as rows (…, num_classes) with a single 1."""
    must_be_given("one_hot", tensor=tensor)
    index = tensor._array
    if index.dtype.kind != "i":
        raise RuntimeError(f"one_hot: class numbers must be of type int64; got {tensor.dtype}; use .long().")
    if index.size == 0 and num_classes <= 0:
        raise RuntimeError("one_hot: Can not infer total number of classes from empty tensor; give num_classes.")
    if index.size and index.min() < 0:
        raise RuntimeError(f"one_hot: Class values must be non-negative; got {index.min()}.")
    count = int(index.max()) + 1 if num_classes == -1 else num_classes
    if index.size and index.max() >= count:
        raise RuntimeError(f"one_hot: Class values must be smaller than num_classes={count}; got {index.max()}.")
    return wrap(np.eye(count, dtype=np.int64)[index])


def _dim(name: str, input: Tensor, dim) -> int:
    must_be_given(name, input=input)
    if dim is None:
        raise TypeError(f"{name}: dim must be given, because guessing the axis hides mistakes; usually dim=-1.")
    return dim
