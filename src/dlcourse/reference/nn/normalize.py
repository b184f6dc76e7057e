"""Normalisation as functions."""

from dlcourse.reference.ops.normalization import Normalize, moments
from dlcourse.reference.tensor import Tensor
from dlcourse.reference.tensor.indexing import noted
from dlcourse.reference.tensor.operands import must_be_given, must_be_real, must_be_tensor


def batch_norm(
    input: Tensor,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    training: bool = False,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Tensor:
    """(x − μ)/√(σ² + eps)·weight + bias for each channel of x (N, C, …); see BatchNorm1d.

    training: μ and σ² of the batch, towards which the running ones are moved in place; else the running ones.
    """
    must_be_given("batch_norm", input=input)
    must_be_tensor("batch_norm", running_mean=running_mean, running_var=running_var, weight=weight, bias=bias)
    must_be_real("batch_norm", input)
    x = input._array
    if x.ndim < 2:
        raise ValueError(f"batch_norm: input must have shape (N, C, …); got {x.shape}.")
    shape = (1, x.shape[1], *(1,) * (x.ndim - 2))
    if training:
        count = x.size // max(x.shape[1], 1)
        if count == 1:
            raise ValueError(f"Expected more than 1 value per channel when training, got input size {input.shape}")
        if not eps > 0:
            raise ValueError(f"batch_norm eps must be positive during training, but got {eps}")
        axes = (0, *range(2, x.ndim))
        mean, variance = moments(x, axes)
        output = Normalize.apply(input, axes=axes, mean=mean, variance=variance, eps=eps)
        if count:  # a batch of no samples says nothing
            _move(running_mean, mean, momentum)
            _move(running_var, variance * (count / (count - 1)), momentum)  # the unbiased variance
    elif running_mean is None or running_var is None:
        raise RuntimeError("batch_norm: expected running_mean and running_var to be given when training=False")
    else:
        inverse = 1 / (running_var + eps).sqrt()
        output = (input - running_mean.reshape(*shape)) * inverse.reshape(*shape)
    return _scaled(output, weight, bias, shape)


def layer_norm(
    input: Tensor, normalized_shape, weight: Tensor | None = None, bias: Tensor | None = None, eps: float = 1e-5
) -> Tensor:
    """(x − μ)/√(σ² + eps)·weight + bias with μ and the biased σ² over the last axes, of sizes normalized_shape."""
    must_be_given("layer_norm", input=input)
    must_be_tensor("layer_norm", weight=weight, bias=bias)
    must_be_real("layer_norm", input)
    sizes, x = tuple(normalized_shape), input._array
    if not sizes or x.shape[-len(sizes) :] != sizes:
        raise RuntimeError(
            f"LayerNorm: input must have shape (…, {', '.join(map(str, sizes))}) because normalized_shape={sizes}; "
            f"got {x.shape}."
        )
    axes = tuple(range(x.ndim - len(sizes), x.ndim))
    mean, variance = moments(x, axes)
    return _scaled(Normalize.apply(input, axes=axes, mean=mean, variance=variance, eps=eps), weight, bias, sizes)


def _move(running: Tensor | None, batch, momentum: float) -> None:
    """running ← (1 − momentum)·running + momentum·batch."""
    if running is not None:
        running._array[...] = (1 - momentum) * running._array + momentum * batch.reshape(-1)
        running._version[0] += 1


def _scaled(output: Tensor, weight: Tensor | None, bias: Tensor | None, shape: tuple) -> Tensor:
    if weight is not None:
        output = noted(output * weight.reshape(*shape), [weight])  # torch's node keeps the weight, needed or not
    return output if bias is None else output + bias.reshape(*shape)
