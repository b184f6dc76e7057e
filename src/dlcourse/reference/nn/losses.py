"""Loss functions.

Each takes `reduction`: "mean" (default), "sum" or "none". Shapes are checked, because broadcasting a column against a
row is the commonest silent mistake with losses.
"""

import functools
import inspect
import warnings
from collections.abc import Callable

import numpy as np

from dlcourse.reference.ops import elementwise
from dlcourse.reference.ops import loss as ops
from dlcourse.reference.ops.arithmetic import SquaredDifference
from dlcourse.reference.tensor import Tensor
from dlcourse.reference.tensor.indexing import noted
from dlcourse.reference.tensor.operands import alike, must_be_given, must_be_real, must_be_tensor


def settings_by_name(compute: Callable) -> Callable:
    """Refuse settings given by position, in words: in torch size_average and reduce stand there, which are old."""
    parameters = inspect.signature(compute).parameters.values()
    most = sum(parameter.kind == parameter.POSITIONAL_OR_KEYWORD for parameter in parameters)

    @functools.wraps(compute)
    def checked(*args, **settings):
        if len(args) > most:
            name = type(args[0]).__name__ if compute.__name__ == "__init__" else compute.__name__
            wanted = args[most] if args[most] in ("mean", "sum", "none") else "sum"
            raise TypeError(
                f"{name}: give settings by name, as in reduction={wanted!r}; "
                f"PyTorch takes {args[most]!r} at this place for its old argument size_average."
            )
        return compute(*args, **settings)

    return checked


def reduce(losses: Tensor, reduction: str) -> Tensor:
    """Mean, sum or all of the losses."""
    if reduction == "mean":
        return losses.mean()
    if reduction == "sum":
        return losses.sum()
    if reduction == "none":
        return losses
    raise ValueError(f"{reduction} is not a valid value for reduction; it is 'mean', 'sum' or 'none'.")


@settings_by_name
def mse_loss(input: Tensor, target: Tensor, *, reduction: str = "mean") -> Tensor:
    """(x − t)²."""
    _same_shape("mse_loss", input, target)
    input, target = _reals("mse_loss", input, target)
    return reduce(SquaredDifference.apply(input, target), reduction)


@settings_by_name
def l1_loss(input: Tensor, target: Tensor, *, reduction: str = "mean") -> Tensor:
    """|x − t|."""
    _same_shape("l1_loss", input, target)
    return reduce((input - target).abs(), reduction)


def huber_loss(
    input: Tensor, target: Tensor, reduction: str = "mean", delta: float = 1.0, weight: Tensor | None = None
) -> Tensor:
    """With d = |x − t|: d²/2 where d < δ, else δ·(d − δ/2): squared near the target, absolute far off (Huber 1964)."""
    _must_be_tensors("huber_loss", input, target, weight=weight)
    if not delta > 0:
        raise RuntimeError(f"huber_loss does not support non-positive values for delta; got {delta}.")
    must_be_tensor("huber_loss", input=input, target=target)
    must_be_real("huber_loss", input)
    losses = _rounded_corner("huber_loss", input, target, delta) * delta
    return reduce(losses if weight is None else losses * weight, reduction)


@settings_by_name
def smooth_l1_loss(input: Tensor, target: Tensor, *, reduction: str = "mean", beta: float = 1.0) -> Tensor:
    """With d = |x − t|: d²/(2β) where d < β, else d − β/2: Huber's loss divided by β (Girshick 2015). β = 0 is d."""
    _must_be_tensors("smooth_l1_loss", input, target)
    if beta < 0:
        raise RuntimeError(f"smooth_l1_loss does not support negative values for beta; got {beta}.")
    if beta == 0:
        return l1_loss(input, target, reduction=reduction)
    return reduce(_rounded_corner("smooth_l1_loss", input, target, beta), reduction)


def _rounded_corner(name: str, input: Tensor, target: Tensor, beta: float) -> Tensor:
    _same_shape(name, input, target)
    input, target = _reals(name, input, target)
    return ops.RoundedCorner.apply(input, target, beta=beta)


@settings_by_name
def kl_div(input: Tensor, target: Tensor, *, reduction: str = "mean", log_target: bool = False) -> Tensor:
    """t·(ln t − x) for *log*-probabilities x and probabilities t (log_target: ln t is given), 0 where t = 0.

    Summed over the classes this is the divergence of Kullback & Leibler (1951), KL(t ‖ eˣ): the first argument is the
    model, the second the truth. "mean" divides by the number of all elements, so that it is not the divergence:
    "batchmean", which divides the sum by the number of samples, is.
    """
    _same_shape("kl_div", input, target)
    for value in (input, target):
        must_be_real("kl_div", value)
    input, target = alike(input, target)
    losses = target.exp() * (target - input) if log_target else ops.KlDivergence.apply(input, target)
    if reduction == "batchmean":
        return losses.sum() / max(len(losses), 1) if losses.ndim else losses
    if reduction == "mean":
        warnings.warn(
            "reduction: 'mean' divides the total loss by both the batch size and the support size. "
            "'batchmean' divides only by the batch size, and aligns with the KL div math definition.",
            stacklevel=2,
        )
    return reduce(losses, reduction)


@settings_by_name
def binary_cross_entropy(
    input: Tensor, target: Tensor, weight: Tensor | None = None, *, reduction: str = "mean"
) -> Tensor:
    """−w·(t·ln p + (1 − t)·ln(1 − p)) for probabilities p; each logarithm is cut off at −100, as in torch."""
    _must_be_tensors("binary_cross_entropy", input, target, weight=weight)
    _same_shape("binary_cross_entropy", input, target)
    _same_type("binary_cross_entropy", input, target)
    if input._array.size and not (input._array.min() >= 0 and input._array.max() <= 1):
        raise RuntimeError(
            "binary_cross_entropy: all elements of input should be between 0 and 1; "
            "for logits use binary_cross_entropy_with_logits."
        )
    if target._array.size and not (target._array.min() >= 0 and target._array.max() <= 1):
        raise RuntimeError("binary_cross_entropy: all elements of target should be between 0 and 1.")
    losses = ops.BinaryCrossEntropy.apply(input, target)
    return reduce(losses if weight is None else losses * weight, reduction)


@settings_by_name
def binary_cross_entropy_with_logits(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    *,
    reduction: str = "mean",
    pos_weight: Tensor | None = None,
) -> Tensor:
    """−w·(c·t·ln σ(z) + (1 − t)·ln(1 − σ(z))) for logits z, with c = pos_weight, computed without overflow."""
    _must_be_tensors("binary_cross_entropy_with_logits", input, target, weight=weight, pos_weight=pos_weight)
    _same_shape("binary_cross_entropy_with_logits", input, target)
    for value in (input, target):
        must_be_real("binary_cross_entropy_with_logits", value)
    input, target = alike(input, target)
    log_sigmoid = -elementwise.Softplus.apply(-input, threshold=np.inf) if pos_weight is not None else None
    if log_sigmoid is None:
        losses = ops.BinaryCrossEntropyWithLogits.apply(input, target)
    else:
        losses = (1 - target) * input - (1 + (pos_weight - 1) * target) * log_sigmoid
    return reduce(losses if weight is None else losses * weight, reduction)


@settings_by_name
def nll_loss(
    input: Tensor, target: Tensor, weight: Tensor | None = None, *, ignore_index: int = -100, reduction: str = "mean"
) -> Tensor:
    """−w[t]·x[t] for log-probabilities x (N, C) or (C,) and class numbers t; the mean divides by Σ w[t]."""
    _must_be_tensors("nll_loss", input, target, weight=weight)
    must_be_real("nll_loss", input)
    return _of_classes("nll_loss", input, target, weight, ignore_index, reduction, 0.0)


@settings_by_name
def cross_entropy(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    *,
    ignore_index: int = -100,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
) -> Tensor:
    """−w[t]·ln softmax(z)[t] for logits z (N, C), (N, C, d₁, …) or (C,).

    target: class numbers (N,), (N, d₁, …), or probabilities of the shape of z. Smoothing ε mixes the target with ε/C
    for every class. The mean divides by the sum of the weights of the targets, not by N, when `weight` is given.
    """
    _must_be_tensors("cross_entropy", input, target, weight=weight)
    if not 0 <= label_smoothing <= 1:
        raise RuntimeError(f"label_smoothing must be between 0.0 and 1.0. Got: {label_smoothing}")
    dim = 0 if input.ndim == 1 else 1
    logs = input.log_softmax(dim)
    if target.shape == input.shape and target.is_floating_point():
        return _of_probabilities(logs, target, weight, reduction, label_smoothing, dim)
    return _of_classes("cross_entropy", logs, target, weight, ignore_index, reduction, label_smoothing)


def _of_probabilities(logs, target, weight, reduction, smoothing, dim):
    classes = logs._array.shape[dim]
    if smoothing:
        target = target * (1 - smoothing) + smoothing / classes
    weighted = logs if weight is None else logs * weight.reshape(*_along(classes, dim, logs.ndim))
    losses = -(target * weighted).sum(dim)
    if reduction != "mean":
        return reduce(losses, reduction)
    return losses.sum() / max(losses.numel(), 1)


def _of_classes(name, logs, target, weight, ignore_index, reduction, smoothing):
    dim = 0 if logs.ndim == 1 else 1
    index = _class_numbers(name, logs, target, ignore_index, dim)
    array = logs._array
    used = index != ignore_index
    safe = index * used
    scale = used.astype(array.dtype)
    if weight is not None:
        _same_type(name, logs, weight)
        scale *= weight._array[safe]
    # The mean divides by the weights of what is used. Where that is 0 the loss is nan, but what is ignored gets 0.
    divisor = scale.sum() if reduction == "mean" else array.dtype.type(1)
    losses = noted(ops.NegativeLogLikelihood.apply(logs, dim=dim, index=safe, scale=scale, divisor=divisor), [target])
    if smoothing:
        class_weight = np.ones(array.shape[dim], array.dtype) if weight is None else weight._array
        shares = np.where(np.expand_dims(used, dim), class_weight.reshape(_along(array.shape[dim], dim, array.ndim)), 0)
        spread = ops.WeightedSum.apply(logs, dim=dim, weights=-shares.astype(array.dtype), divisor=divisor)
        losses = losses * (1 - smoothing) + spread * (smoothing / array.shape[dim])
    return losses.sum() if reduction == "mean" else reduce(losses, reduction)


def _class_numbers(name, logs, target, ignore_index, dim) -> np.ndarray:
    index = target._array
    expected = tuple(size for axis, size in enumerate(logs._array.shape) if axis != dim)
    if index.dtype.kind != "i":
        raise RuntimeError(f"{name}: expected class numbers of type int64 as target; got {target.dtype}; use .long().")
    if index.shape != expected:
        raise ValueError(
            f"{name}: target must have shape {expected} because input is {logs._array.shape}; got {index.shape}."
        )
    classes = logs._array.shape[dim]
    if index.size and not (index.min() >= 0 and index.max() < classes):
        wrong = index[(index != ignore_index) & ((index < 0) | (index >= classes))]
        if not wrong.size:
            return index
        raise IndexError(f"{name}: Target {wrong[0]} is out of bounds; class numbers run from 0 to {classes - 1}.")
    return index


def _along(size: int, dim: int, ndim: int) -> tuple:
    return tuple(size if axis == dim else 1 for axis in range(ndim))


def _must_be_tensors(name: str, input, target, **weights) -> None:
    must_be_given(name, input=input, target=target)
    must_be_tensor(name, **weights)


def _reals(name: str, input: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
    """Both in their joint type, which must be real."""
    input, target = alike(input, target)
    must_be_real(name, input)
    return input, target


def _same_type(name: str, input: Tensor, target: Tensor) -> None:
    if input._array.dtype != target._array.dtype:
        raise RuntimeError(
            f"{name}: Found dtype {target.dtype} but expected {input.dtype}; convert the target with .to()."
        )


def _same_shape(name: str, input: Tensor, target: Tensor) -> None:
    must_be_given(name, input=input, target=target)
    if input._array.shape != target._array.shape:
        raise ValueError(
            f"{name}: input and target must have the same shape, because broadcasting would compare every element with "
            f"every other; got {tuple(input.shape)} and {tuple(target.shape)}."
        )
