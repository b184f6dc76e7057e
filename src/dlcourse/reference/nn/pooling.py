"""Pooling layers: no parameters, fewer places."""

from dlcourse.reference.nn import functional
from dlcourse.reference.nn.module import Module
from dlcourse.reference.nn.spatial import per_axis


class _MaxPool(Module):
    def __init__(self, kernel_size, stride=None, padding=0, dilation=1, *, ceil_mode: bool = False):
        super().__init__()
        self.kernel_size, self.stride = kernel_size, kernel_size if stride is None else stride
        self.padding, self.dilation, self.ceil_mode = padding, dilation, ceil_mode

    def settings(self) -> tuple:
        return self.kernel_size, self.stride, self.padding, self.dilation, self.ceil_mode

    def extra_repr(self) -> str:
        return (
            f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}, "
            f"dilation={self.dilation}, ceil_mode={self.ceil_mode}"
        )


class MaxPool1d(_MaxPool):
    """y[n, c, p] = max_k x[n, c, stride·p + dilation·k − padding], the padding being −∞; x (N, C, L).

    stride is kernel_size if None. The gradient goes to the largest element, to the first one of a tie. ceil_mode: a
    rest shorter than a stride gets a window, too.
    """

    def forward(self, input):
        return functional.max_pool1d(input, *self.settings())


class MaxPool2d(_MaxPool):
    """MaxPool1d over two axes: x (N, C, H, W); each setting a number, or (along H, along W)."""

    def forward(self, input):
        return functional.max_pool2d(input, *self.settings())


class AvgPool1d(Module):
    """y[n, c, p] = Σ_k x[n, c, stride·p + k − padding]/kernel_size, the padding being 0; x (N, C, L).

    stride is kernel_size if None. count_include_pad=False divides by the number of elements that are no padding.
    """

    def __init__(self, kernel_size, stride=None, padding=0, ceil_mode: bool = False, count_include_pad: bool = True):
        super().__init__()
        self.kernel_size = per_axis(kernel_size, 1)
        self.stride = self.kernel_size if stride is None else per_axis(stride, 1)
        self.padding = per_axis(padding, 1)
        self.ceil_mode, self.count_include_pad = ceil_mode, count_include_pad

    def forward(self, input):
        return functional.avg_pool1d(
            input, self.kernel_size, self.stride, self.padding, self.ceil_mode, self.count_include_pad
        )

    def extra_repr(self) -> str:
        return f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}"


class AvgPool2d(Module):
    """AvgPool1d over two axes: x (N, C, H, W). divisor_override: divide by this number instead."""

    def __init__(
        self,
        kernel_size,
        stride=None,
        padding=0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
        divisor_override: int | None = None,
    ):
        super().__init__()
        self.kernel_size, self.stride, self.padding = kernel_size, kernel_size if stride is None else stride, padding
        self.ceil_mode, self.count_include_pad, self.divisor_override = ceil_mode, count_include_pad, divisor_override

    def forward(self, input):
        return functional.avg_pool2d(
            input, self.kernel_size, self.stride, self.padding, self.ceil_mode, self.count_include_pad,
            self.divisor_override,
        )  # fmt: skip

    def extra_repr(self) -> str:
        return f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}"


class _AdaptiveAvgPool(Module):
    def __init__(self, output_size):
        super().__init__()
        self.output_size = output_size

    def extra_repr(self) -> str:
        return f"output_size={self.output_size}"


class AdaptiveAvgPool1d(_AdaptiveAvgPool):
    """Means of O = output_size windows that cover x (N, C, L): window i from ⌊i·L/O⌋ to ⌈(i + 1)·L/O⌉."""

    def forward(self, input):
        return functional.adaptive_avg_pool1d(input, self.output_size)


class AdaptiveAvgPool2d(_AdaptiveAvgPool):
    """AdaptiveAvgPool1d over two axes of x (N, C, H, W). output_size: a number, or (rows, columns), None keeping an
    axis. AdaptiveAvgPool2d(1) is the mean of each channel ("global average pooling")."""

    def forward(self, input):
        return functional.adaptive_avg_pool2d(input, self.output_size)
