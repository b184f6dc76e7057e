"""Convolutional layers."""

import math

from dlcourse.reference import creation
from dlcourse.reference.nn import functional, init
from dlcourse.reference.nn.module import Module, Parameter
from dlcourse.reference.nn.spatial import per_axis


class _Conv(Module):
    """What Conv1d and Conv2d share."""

    axes = 0

    def __init__(self, in_channels, out_channels, kernel_size, stride, padding, dilation, groups, bias):
        super().__init__()
        name = type(self).__name__
        if groups <= 0 or in_channels % groups or out_channels % groups:
            raise ValueError(
                f"{name}: in_channels and out_channels must be divisible by groups; "
                f"got {in_channels}, {out_channels} and groups={groups}."
            )
        if isinstance(padding, str) and padding not in ("same", "valid"):
            raise ValueError(f"Invalid padding string '{padding}', should be one of 'valid', 'same'")
        self.in_channels, self.out_channels, self.groups = in_channels, out_channels, groups
        self.kernel_size, self.stride = per_axis(kernel_size, self.axes), per_axis(stride, self.axes)
        self.padding = padding if isinstance(padding, str) else per_axis(padding, self.axes)
        self.dilation = per_axis(dilation, self.axes)
        if padding == "same" and any(s != 1 for s in self.stride):
            raise ValueError("padding='same' is not supported for strided convolutions")
        self.weight = Parameter(creation.empty(out_channels, in_channels // groups, *self.kernel_size))
        if bias:
            self.bias = Parameter(creation.empty(out_channels))
        else:
            self.register_parameter("bias", None)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        init.kaiming_uniform_(self.weight, a=math.sqrt(5))
        if self.bias is not None:
            connections = self.weight[0].numel()
            if connections:
                bound = 1 / math.sqrt(connections)
                init.uniform_(self.bias, -bound, bound)

    def extra_repr(self) -> str:
        text = f"{self.in_channels}, {self.out_channels}, kernel_size={self.kernel_size}, stride={self.stride}"
        if self.padding != (0,) * self.axes:
            text += f", padding={self.padding}"
        if self.dilation != (1,) * self.axes:
            text += f", dilation={self.dilation}"
        if self.groups != 1:
            text += f", groups={self.groups}"
        return text if self.bias is not None else text + ", bias=False"


class Conv1d(_Conv):
    """y[n, o, p] = b[o] + Σ_{c, k} w[o, c, k]·x[n, c, stride·p + dilation·k − padding].

    x (N, C, L) or (C, L), 0 outside; w (out, C/groups, k); y (N, out, L′) with
    L′ = ⌊(L + 2·padding − dilation·(k − 1) − 1)/stride⌋ + 1. A cross-correlation: the kernel is not flipped, unlike a
    convolution in mathematics (and in scipy.signal.convolve). padding: a number, "valid" (0), or "same" (L′ = L, for
    stride 1). groups: out is cut into that many blocks, each seeing only its share of C. First weights: as in Linear.
    """

    axes = 1

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size,
        stride=1,
        padding=0,
        dilation=1,
        groups: int = 1,
        bias: bool = True,
    ):
        super().__init__(in_channels, out_channels, kernel_size, stride, padding, dilation, groups, bias)

    def forward(self, input):
        return functional.conv1d(input, self.weight, self.bias, self.stride, self.padding, self.dilation, self.groups)


class Conv2d(_Conv):
    """Conv1d over two axes: x (N, C, H, W), w (out, C/groups, kH, kW), y (N, out, H′, W′).

    kernel_size, stride, padding, dilation: a number, or (along H, along W). H′ and W′ follow Conv1d's formula (LeCun et
    al. 1998).
    """

    axes = 2

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size,
        stride=1,
        padding=0,
        dilation=1,
        groups: int = 1,
        bias: bool = True,
    ):
        super().__init__(in_channels, out_channels, kernel_size, stride, padding, dilation, groups, bias)

    def forward(self, input):
        return functional.conv2d(input, self.weight, self.bias, self.stride, self.padding, self.dilation, self.groups)
