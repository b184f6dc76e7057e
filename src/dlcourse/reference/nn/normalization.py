"""Normalisation layers."""

from dlcourse.reference import creation, dtypes
from dlcourse.reference.nn import functional
from dlcourse.reference.nn.module import Module, Parameter
from dlcourse.reference.tensor import Tensor
from dlcourse.reference.tensor.operands import must_be_given


class _BatchNorm(Module):
    """What BatchNorm1d and BatchNorm2d share."""

    layouts: dict[int, str] = {}  # number of axes of the input -> its letters

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        *,
        bias: bool = True,
    ):
        super().__init__()
        self.num_features, self.eps, self.momentum = num_features, eps, momentum
        self.affine, self.track_running_stats = affine, track_running_stats
        self.register_parameter("weight", Parameter(creation.ones(num_features)) if affine else None)
        self.register_parameter("bias", Parameter(creation.zeros(num_features)) if affine and bias else None)
        tracked = track_running_stats
        self.register_buffer("running_mean", creation.zeros(num_features) if tracked else None)
        self.register_buffer("running_var", creation.ones(num_features) if tracked else None)
        self.register_buffer("num_batches_tracked", creation.zeros(dtype=dtypes.int64) if tracked else None)

    def reset_running_stats(self) -> None:
        if self.track_running_stats:
            self.running_mean.zero_()
            self.running_var.fill_(1)
            self.num_batches_tracked.zero_()

    def forward(self, input):
        self._check(input)
        momentum = self.momentum
        if self.training and self.track_running_stats:
            self.num_batches_tracked.add_(1)
            if momentum is None:
                momentum = 1 / self.num_batches_tracked.item()
        return functional.batch_norm(
            input,
            self.running_mean,
            self.running_var,
            self.weight,
            self.bias,
            self.training or not self.track_running_stats,
            0.0 if momentum is None else momentum,
            self.eps,
        )

    def _check(self, input: Tensor) -> None:
        must_be_given(type(self).__name__, input=input)
        if input.ndim not in self.layouts or input._array.shape[1] != self.num_features:
            wanted = " or ".join(f"(N, {self.num_features}{letters})" for letters in self.layouts.values())
            raise ValueError(
                f"{type(self).__name__}: input must have shape {wanted} because num_features={self.num_features}; "
                f"got {input._array.shape}."
            )

    def extra_repr(self) -> str:
        return (
            f"{self.num_features}, eps={self.eps}, momentum={self.momentum}, affine={self.affine}, "
            f"bias={self.bias is not None}, track_running_stats={self.track_running_stats}"
        )


class BatchNorm1d(_BatchNorm):
    """y = (x − μ)/√(σ² + eps)·weight + bias for each feature, x (N, C) or (N, C, L) (Ioffe & Szegedy 2015).

    In training μ and σ² are the mean and the *biased* variance of the batch, and the running ones move towards them:
    running ← (1 − momentum)·running + momentum·batch, where the *unbiased* variance is stored. momentum is thus the
    weight of the new value (TensorFlow's is the weight of the old); None takes the plain mean of all batches. In
    evaluation μ and σ² are the running ones. A batch in training needs more than one value a feature.
    """

    layouts = {2: "", 3: ", L"}


class BatchNorm2d(_BatchNorm):
    """BatchNorm1d for images (N, C, H, W): one mean and variance a channel, over N, H and W."""

    layouts = {4: ", H, W"}


class LayerNorm(Module):
    """y = (x − μ)/√(σ² + eps)·weight + bias, with mean and biased variance over the last axes of each sample: the same
    in training and evaluation, and independent of the batch (Ba, Kiros & Hinton 2016).

    normalized_shape: the sizes of these last axes, or of the one last axis; weight and bias have this shape.
    """

    def __init__(self, normalized_shape, eps: float = 1e-5, elementwise_affine: bool = True, bias: bool = True):
        super().__init__()
        self.normalized_shape = (normalized_shape,) if isinstance(normalized_shape, int) else tuple(normalized_shape)
        self.eps, self.elementwise_affine = eps, elementwise_affine
        shape = self.normalized_shape
        self.register_parameter("weight", Parameter(creation.ones(*shape)) if elementwise_affine else None)
        self.register_parameter("bias", Parameter(creation.zeros(*shape)) if elementwise_affine and bias else None)

    def forward(self, input):
        return functional.layer_norm(input, self.normalized_shape, self.weight, self.bias, self.eps)

    def extra_repr(self) -> str:
        return (
            f"{self.normalized_shape}, eps={self.eps}, elementwise_affine={self.elementwise_affine}, "
            f"bias={self.bias is not None}"
        )
