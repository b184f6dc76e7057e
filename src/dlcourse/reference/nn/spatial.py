"""Convolution and pooling as functions, for sequences (N, C, L) and images (N, C, H, W), with or without N.

Every function takes a number for all axes or one number an axis for kernel_size, stride, padding and dilation.
"""

from dlcourse.reference.ops.convolution import Convolution
from dlcourse.reference.ops.pooling import AdaptiveAvgPool, AvgPool, MaxPool
from dlcourse.reference.ops.window import Window
from dlcourse.reference.tensor import Tensor
from dlcourse.reference.tensor.operands import must_be_given, must_be_tensor


def conv1d(
    input: Tensor, weight: Tensor, bias: Tensor | None = None, stride=1, padding=0, dilation=1, groups: int = 1
) -> Tensor:
    """Cross-correlation of input (N, C, L) with weight (out, C/groups, k); see Conv1d."""
    return _convolution("Conv1d", 1, input, weight, bias, stride, padding, dilation, groups)


def conv2d(
    input: Tensor, weight: Tensor, bias: Tensor | None = None, stride=1, padding=0, dilation=1, groups: int = 1
) -> Tensor:
    """Cross-correlation of input (N, C, H, W) with weight (out, C/groups, kH, kW); see Conv2d."""
    return _convolution("Conv2d", 2, input, weight, bias, stride, padding, dilation, groups)


def max_pool1d(input: Tensor, kernel_size, stride=None, padding=0, dilation=1, ceil_mode: bool = False) -> Tensor:
    """The largest number of each window of (N, C, L); see MaxPool1d."""
    return _max_pool("MaxPool1d", 1, input, kernel_size, stride, padding, dilation, ceil_mode)


def max_pool2d(input: Tensor, kernel_size, stride=None, padding=0, dilation=1, ceil_mode: bool = False) -> Tensor:
    """The largest number of each window of (N, C, H, W); see MaxPool2d."""
    return _max_pool("MaxPool2d", 2, input, kernel_size, stride, padding, dilation, ceil_mode)


def avg_pool1d(
    input: Tensor, kernel_size, stride=None, padding=0, ceil_mode: bool = False, count_include_pad: bool = True
) -> Tensor:
    """The mean of each window of (N, C, L); see AvgPool1d."""
    return _avg_pool("AvgPool1d", 1, input, kernel_size, stride, padding, ceil_mode, count_include_pad)


def avg_pool2d(
    input: Tensor,
    kernel_size,
    stride=None,
    padding=0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Tensor:
    """The mean of each window of (N, C, H, W); see AvgPool2d."""
    if divisor_override == 0:
        raise RuntimeError("avg_pool2d: divisor must be not zero")
    return _avg_pool(
        "AvgPool2d", 2, input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override
    )


def adaptive_avg_pool1d(input: Tensor, output_size) -> Tensor:
    """Means of output_size windows that divide (N, C, L); see AdaptiveAvgPool1d."""
    return _adaptive("AdaptiveAvgPool1d", 1, input, output_size)


def adaptive_avg_pool2d(input: Tensor, output_size) -> Tensor:
    """Means of output_size = (rows, columns) windows that divide (N, C, H, W); see AdaptiveAvgPool2d."""
    return _adaptive("AdaptiveAvgPool2d", 2, input, output_size)


def per_axis(value, axes: int) -> tuple:
    """One number for all axes as a tuple; a sequence must have one number an axis."""
    values = tuple(value) if isinstance(value, (tuple, list)) else (value,) * axes
    if len(values) == 1:
        values *= axes
    if len(values) != axes:
        raise RuntimeError(f"expected a single integer value or a list of {axes} values; got {value}.")
    return values


def _convolution(name, axes, input, weight, bias, stride, padding, dilation, groups):
    must_be_given(name, input=input, weight=weight)
    must_be_tensor(name, bias=bias)
    sizes, in_channels = weight._array.shape[2:], weight._array.shape[1] * groups
    batch = _batch(name, axes, input, in_channels, f"because in_channels={in_channels}")
    if len({tensor._array.dtype for tensor in (input, weight, bias) if tensor is not None}) > 1:
        raise RuntimeError(
            f"{name}: input and weight must have the same dtype, but got: {input.dtype} != {weight.dtype}; "
            "convert the input with .to(), or the model with .double()."
        )
    stride, dilation = per_axis(stride, axes), per_axis(dilation, axes)
    before, after = _padding(padding, sizes, stride, dilation)
    window = _window(name, sizes, stride, before, after, dilation)
    _must_fit(name, window, batch._array.shape[2:])
    tensors = (batch, weight) if bias is None else (batch, weight, bias)
    return _unbatch(Convolution.apply(*tensors, window=window, groups=groups), batch, input)


def _padding(padding, sizes, stride, dilation) -> tuple[tuple, tuple]:
    """(before, after) each axis. 'valid' is none; 'same' keeps the size and puts an odd one behind."""
    if padding == "valid":
        return (0,) * len(sizes), (0,) * len(sizes)
    if padding == "same":
        if any(s != 1 for s in stride):
            raise RuntimeError("padding='same' is not supported for strided convolutions")
        total = [d * (k - 1) for k, d in zip(sizes, dilation, strict=True)]
        return tuple(t // 2 for t in total), tuple(t - t // 2 for t in total)
    both = per_axis(padding, len(sizes))
    return both, both


def _max_pool(name, axes, input, kernel_size, stride, padding, dilation, ceil_mode):
    batch = _batch(name, axes, input)
    window = _pooling_window(name, axes, batch, kernel_size, stride, padding, dilation, ceil_mode)
    return _unbatch(MaxPool.apply(batch, window=window), batch, input)


def _avg_pool(name, axes, input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor=None):
    batch = _batch(name, axes, input)
    window = _pooling_window(name, axes, batch, kernel_size, stride, padding, 1, ceil_mode)
    count = divisor or window.counts(batch._array.shape[2:], count_include_pad)
    return _unbatch(AvgPool.apply(batch, window=window, count=count), batch, input)


def _pooling_window(name, axes, batch, kernel_size, stride, padding, dilation, ceil_mode) -> Window:
    """ceil_mode: a last window that starts inside the input, or the padding in front of it, may end outside."""
    size = per_axis(kernel_size, axes)
    stride = size if stride is None or stride == [] else per_axis(stride, axes)
    padding, dilation = per_axis(padding, axes), per_axis(dilation, axes)
    if any(p > (d * (k - 1) + 1) // 2 for p, k, d in zip(padding, size, dilation, strict=True)):
        raise RuntimeError(
            f"{name}: pad should be at most half of effective kernel size; got padding={padding} for "
            f"kernel_size={size}."
        )
    window = _window(name, size, stride, padding, padding, dilation)
    sizes = batch._array.shape[2:]
    if ceil_mode:
        window = window.rounded_up(sizes)
    _must_fit(name, window, sizes)
    return window


def _adaptive(name, axes, input, output_size):
    batch = _batch(name, axes, input)
    wanted = per_axis(output_size, axes)
    sizes = tuple(own if size is None else size for size, own in zip(wanted, batch._array.shape[2:], strict=True))
    return _unbatch(AdaptiveAvgPool.apply(batch, sizes=sizes), batch, input)


_LETTERS = {1: "L", 2: "H, W"}


def _batch(name: str, axes: int, input: Tensor, channels: int | None = None, reason: str = "") -> Tensor:
    """The input with its axis of samples; ValueError where its shape does not fit."""
    must_be_given(name, input=input)
    x = input._array
    fits = x.ndim in (axes + 1, axes + 2) and (channels is None or x.shape[-axes - 1] == channels)
    if not fits:
        shape = f"{'C' if channels is None else channels}, {_LETTERS[axes]}"
        raise ValueError(
            f"{name}: input must have shape (N, {shape}), or ({shape}) for one sample, {reason or 'of numbers'}; "
            f"got {x.shape}.".replace(", of numbers;", ";")
        )
    if x.dtype.kind != "f":
        raise RuntimeError(f"{name}: input must hold real numbers; got {input.dtype}; convert it with .float().")
    return input.unsqueeze(0) if x.ndim == axes + 1 else input


def _unbatch(output: Tensor, batch: Tensor, input: Tensor) -> Tensor:
    return output if batch is input else output.squeeze(0)


def _window(name: str, size, stride, before, after, dilation) -> Window:
    if any(value < 1 for value in (*size, *stride, *dilation)) or any(value < 0 for value in before):
        raise RuntimeError(
            f"{name}: kernel_size, stride and dilation must be at least 1 and padding at least 0; "
            f"got {size}, {stride}, {dilation} and {before}."
        )
    return Window(size, stride, before, after, dilation)


def _must_fit(name: str, window: Window, sizes: tuple) -> None:
    if any(n < 1 for n in window.outputs(sizes)):
        raise RuntimeError(
            f"{name}: the window must fit into the input at least once; got kernel_size={window.size}, "
            f"dilation={window.dilation}, padding={window.before} for an input of {sizes}."
        )
