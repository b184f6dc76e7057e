"""Exercises and quiz of chapter 10, convolutional networks."""

import numpy as np

from dlcourse.exercises.cases import by_cases
from dlcourse.exercises.core import Exercise, Question, Wrong, array

_rng = np.random.default_rng(10)
_SIDES = (
    (28, 5, 1, 2, 1),
    (64, 3, 1, 0, 1),
    (32, 3, 2, 1, 1),
    (9, 3, 2, 0, 1),
    (32, 3, 2, 0, 3),
    (20, 2, 3, 1, 4),
    (5, 5, 1, 0, 1),
)
_CHANNELS = ((6, 16, 5), (1, 6, 5), (3, 64, 3), (16, 16, 1), (2, 3, 7))
_IMAGES = tuple(
    (_rng.normal(size=shape).round(1), _rng.normal(size=size).round(1))
    for shape, size in (((5, 6), (3, 3)), ((6, 4), (2, 3)), ((3, 3), (3, 3)), ((4, 2), (1, 1)), ((2, 7), (2, 4)))
)  # fmt: skip
_MAPS = tuple(
    (x,) for x in (_rng.normal(size=(4, 6)).round(1), -1 - _rng.random((2, 2)).round(2), _rng.normal(-0.5, 1, (8, 4)).round(1), np.array([[3.0, 3, 0, -2], [1, 3, -2, -2]]))
)  # fmt: skip
_STACKS = tuple(
    (list(layers),)
    for layers in (
        (), ((3, 1, 1), (3, 1, 1)), ((5, 1, 1), (2, 2, 1), (5, 1, 1), (2, 2, 1)), ((3, 1, 1), (3, 1, 2), (3, 1, 4)), ((3, 2, 1), (5, 3, 1), (3, 1, 2)),
        ((7, 2, 1),), ((3, 2, 2), (3, 1, 1)),
    )
)  # fmt: skip
_LAYERS = tuple(
    (_rng.normal(size=(c, h, w)).round(1), _rng.normal(size=(m, c, k, k)).round(1), _rng.normal(size=m).round(1) + 0.0)
    for c, h, w, m, k in ((3, 5, 6, 4, 3), (2, 4, 4, 2, 2), (1, 3, 5, 2, 3), (4, 2, 3, 1, 1))
)  # fmt: skip
_BOXES = (
    ((0, 0, 8, 6), (4, 3, 7, 9)), ((0, 0, 8, 8), (0, 0, 8, 8)), ((0, 0, 2, 6), (0, 3, 2, 9)), ((1, 2, 8, 8), (20, 21, 7, 5)), ((0, 0, 8, 8), (20, 0, 8, 8)),
    ((0, 0, 4, 5), (1, 1, 2, 2)), ((9, 12, 3, 2), (2, 12, 7, 2)), ((10, 10, 6, 4), (8, 7, 4, 20)), ((3, 9, 5, 4), (3, 1, 5, 4)),
)  # fmt: skip


def check_level_edges(answer):
    kernel = array(answer, (3, 3), "The kernel")
    size = np.abs(kernel).max()
    if size == 0:
        raise Wrong("All weights are 0, so the output is 0 everywhere.")
    kernel = kernel / size
    flat = kernel.sum()
    vertical = max(abs(kernel[:, 2].sum()), abs(kernel[:, 1:].sum()))  # an edge may lie left or right of the middle
    levels = np.array([kernel[2].sum(), kernel[1:].sum()])  # an edge below the middle, or above it
    levels[np.abs(levels) < 1e-6] = 0
    if abs(flat) > 1e-6:
        raise Wrong(f"For a flat picture of ones the output is {size * flat:g}; the weights must add up to 0.")
    if vertical > 1e-6 and not levels.any():
        raise Wrong("This kernel finds vertical edges; the task is the horizontal ones. Rotate it by 90°.")
    if vertical > 1e-6:
        raise Wrong("The output is not 0 at vertical edges: every column must add up to 0.")
    if not levels.any():
        raise Wrong("The output is also 0 at horizontal edges: every row adds up to 0.")
    if (levels <= 0).all():
        raise Wrong(
            "Where the picture gets brighter downwards the output is negative: exchange the upper and the lower row."
        )
    if (levels < 0).any():
        raise Wrong(
            "The output is positive above an edge and negative below it, or the reverse: the weights must grow from top to bottom."
        )


_SIDE = "answer = lambda n, k, s, p, d: {}"
_COUNT = "answer = lambda c_in, c_out, k: {}"
_SLIDE = "def answer(x, k):\n    {}\n    return (np.lib.stride_tricks.sliding_window_view(x, k.shape) * k){}"
_SUM = ".sum((-2, -1))"
_POOL = "answer = lambda x: {}"
_BLOCKS = "x.reshape(len(x) // 2, 2, -1, 2)"
_FIELD = "def answer(layers):\n    seen, jump = {start}, 1\n    for k, s, d in layers:\n        {step}\n    return seen"
_LAYER = (
    "def answer(x, w, b):\n    v = np.lib.stride_tricks.sliding_window_view(x, w.shape[2:], axis=(1, 2))\n    return {}"
)
_BOX = (
    "def answer(a, b):\n    (t, l, h, w), (T, L, H, W) = a, b\n    y, x = min(t + h, T + H) - max(t, T), min(l + w, L + W) - max(l, L)\n"
    "    i = {both}\n    return {value}"
)
_CORNERS = (
    "def answer(a, b):\n    (t, l, h, w), (T, L, H, W) = a, b\n    i = max(0, min(h, H) - max(t, T)) * max(0, min(w, W) - max(l, L))\n"
    "    return i / ((h - t) * (w - l) + (H - T) * (W - L) - i)"
)


def _field(step: str = "seen += d * (k - 1) * jump; jump *= s", start: int = 1) -> str:
    return _FIELD.format(start=start, step=step)


def _box(value: str, both: str = "max(0, y) * max(0, x)") -> str:
    return _BOX.format(both=both, value=value)


EXERCISES = (
    by_cases(
        "10.1", "How large the output is", "side", _SIDES,
        (
            "Count the positions of a window of width d·(k − 1) + 1 on n + 2p pixels.",
            "The first position is free; each further one takes s pixels.",
            "Begin with window = d * (k - 1) + 1. How many steps of s fit into the pixels that are left of n + 2p?",
        ),
        "def side(n, k, s=1, p=0, d=1):\n    return (n + 2 * p - d * (k - 1) - 1) // s + 1",
        "answer = lambda n, k, s, p, d: len(range(0, n + 2 * p - d * (k - 1), s))",
        (
            (_SIDE.format("(n + 2 * p - d * (k - 1) - 1) // s"), "One position is missing: the first one takes no step. Add 1 at the end."),
            (_SIDE.format("(n + 2 * p - d * (k - 1)) // s + 1"), "The window is d·(k − 1) + 1 pixels wide; you have left out the 1."),
            (_SIDE.format("(n + p - d * (k - 1) - 1) // s + 1"), "The padding counts twice: it stands on both sides."),
            (_SIDE.format("(n - d * (k - 1) - 1) // s + 1"), "The padding is left out: it makes the picture 2p pixels wider."),
            (_SIDE.format("(n + 2 * p - d * (k - 1) - 1) / s + 1"), "A part of a position is none. Round the quotient down, with //."),
            (_SIDE.format("-((n + 2 * p - d * (k - 1) - 1) // -s) + 1"), "You round up: a window that hangs over the edge is not used."),
            (_SIDE.format("(n + 2 * p - k) // s + 1"), "The dilation is left out: the window is d·(k − 1) + 1 pixels wide."),
            (_SIDE.format("(n + 2 * p - d * k) // s + 1"), "The window is not d·k pixels wide: between k pixels there are k − 1 gaps, so its width is d·(k − 1) + 1."),
            (_SIDE.format("n + 2 * p - d * (k - 1)"), "The stride is left out: each position after the first takes s pixels."),
        ),
        "The side", counts=True,
    ),
    Exercise(
        "10.2", "A detector of level edges", "level_edges", check_level_edges,
        (
            "Subtract what is above from what is below.",
            "Put negative weights in the upper row, positive ones in the lower.",
            "Every column must add up to 0, and the first row may be [−1, −1, −1].",
        ),
        "level_edges = [[-1, -1, -1],\n               [ 0,  0,  0],\n               [ 1,  1,  1]]",
        "answer = np.outer([-1, 0, 1], [1, 2, 1])",
        (
            ("answer = np.outer([1, 2, 1], [-1, 0, 1])", "Rotate it by 90°"),
            ("answer = np.outer([1, 0, -1], [1, 2, 1])", "exchange the upper and the lower row"),
            ("answer = np.outer([0, 1, 1], [1, 1, 1])", "For a flat picture"),
            ("answer = [[-1, -1, 0], [-1, 0, 1], [0, 1, 1]]", "every column"),
            ("answer = np.outer([-1, 0, 1], [1, 0, -1])", "every row adds up to 0"),
            ("answer = np.outer([-1, 2, -1], [1, 1, 1])", "grow from top to bottom"),
            ("answer = np.zeros((3, 3))", "All weights are 0"),
        ),
    ),
    by_cases(
        "10.3", "The numbers that a layer learns", "parameters", _CHANNELS,
        (
            "One filter makes one output channel. How many weights does a filter have?",
            "It reads all input channels: c_in·k·k weights, and it has one bias.",
            "Begin with one filter, weights and bias; the size of the image does not matter.",
        ),
        "def parameters(c_in, c_out, k):\n    return c_out * (c_in * k * k + 1)",
        "answer = lambda c_in, c_out, k: np.ones((c_out, c_in, k, k)).size + np.ones(c_out).size",
        (
            (_COUNT.format("c_out * c_in * k * k"), "The biases are missing: one for each output channel."),
            (_COUNT.format("c_out * c_in * (k * k + 1)"), "You have a bias for each pair of channels; the sum gets a single one."),
            (_COUNT.format("c_out * c_in * k * k + c_in"), "You have a bias for each input channel; count the output channels."),
            (_COUNT.format("c_out * c_in * k * k + 1"), "You have a single bias for the whole layer; every output channel has its own."),
            (_COUNT.format("c_out * (k * k + 1)"), "Each filter must read all input channels: c_in·k·k weights."),
            (_COUNT.format("c_in * (k * k + 1)"), "The output channels are left out: each has a filter of its own."),
            (_COUNT.format("c_out * (c_in * k + 1)"), "A kernel is a square: k·k weights, not k."),
        ),
        "The number", counts=True,
    ),
    by_cases(
        "10.4", "Cross-correlation", "correlate", _IMAGES,
        (
            "Each output is the sum of a window of the image times the kernel.",
            "Two loops over the places, or np.lib.stride_tricks.sliding_window_view(image, kernel.shape).",
            "At row r and column c the window is image[r : r + k, c : c + l]; r runs from 0 to H − k, c from 0 to W − l.",
        ),
        "def correlate(image, kernel):\n    (H, W), (k, l) = image.shape, kernel.shape\n"
        "    return np.array([[(image[r : r + k, c : c + l] * kernel).sum() for c in range(W - l + 1)]\n"
        "                     for r in range(H - k + 1)])",
        "def answer(image, kernel):\n    H, W = (n - k + 1 for n, k in zip(image.shape, kernel.shape))\n"
        "    return sum(kernel[i, j] * image[i : i + H, j : j + W] for i, j in np.ndindex(kernel.shape))",
        (
            (_SLIDE.format("k = k[::-1, ::-1]", _SUM), "You rotate the kernel by 180°: that is the convolution of mathematics. Leave it as it is."),
            (_SLIDE.format("k = k[:, ::-1]", _SUM), "Your kernel is mirrored from left to right; leave it as it is."),
            (_SLIDE.format("k = k[::-1]", _SUM), "Your kernel is mirrored from top to bottom; leave it as it is."),
            (_SLIDE.format("", ".mean((-2, -1))"), "You take the mean of the products; take their sum."),
            (_SLIDE.format("", ".max((-2, -1))"), "You take the largest product; take their sum."),
            (_SLIDE.format("k = k.T if k.shape[0] == k.shape[1] else k", _SUM), "Rows and columns of the kernel are exchanged."),
            (_SLIDE.format("(H, W), (a, b) = x.shape, k.shape; x = np.pad(x, ((a // 2, (a - 1) // 2), (b // 2, (b - 1) // 2)))", _SUM), "Your output is as large as the image: you pad it with zeros. Leave the padding out."),
            (_SLIDE.format("k = np.ones_like(k)", _SUM), "You add up each window; multiply it by the kernel first."),
            (_SLIDE.format("x = x[:-1, :-1] if min(x.shape) > max(k.shape) else x", _SUM), "The last row and the last column of positions are missing: r runs to H − k, and H − k counts."),
        ),
        "The result",
    ),
    by_cases(
        "10.5", "Maximum pooling", "pool", _MAPS,
        (
            "Cut the map into squares of 2 × 2 and take the largest number of each.",
            "x.reshape(H // 2, 2, W // 2, 2) has the rows of a square on axis 1, its columns on axis 3.",
            "Begin with H, W = x.shape and the array of squares; max takes several axes at once.",
        ),
        "def pool(x):\n    H, W = x.shape\n    return x.reshape(H // 2, 2, W // 2, 2).max(axis=(1, 3))",
        "answer = lambda x: np.maximum(np.maximum(x[::2, ::2], x[1::2, ::2]), np.maximum(x[::2, 1::2], x[1::2, 1::2]))",
        (
            (_POOL.format(f"{_BLOCKS}.mean(axis=(1, 3))"), "This is average pooling; the task is the largest of the four."),
            (_POOL.format("np.lib.stride_tricks.sliding_window_view(x, (2, 2)).max((2, 3))"), "Your windows overlap: the next one starts two pixels on, not one."),
            (_POOL.format("x[::2, ::2]"), "You keep every second pixel and never look at the three others of the window."),
            (_POOL.format("abs(x).reshape(len(x) // 2, 2, -1, 2).max(axis=(1, 3))"), "You take the largest size without its sign; the maximum of −3 and 1 is 1."),
            (_POOL.format(f"np.maximum({_BLOCKS}.max(axis=(1, 3)), 0)"), "You begin with 0 as the largest so far; if all four are negative, 0 is none of them."),
            (_POOL.format(f"{_BLOCKS}.min(axis=(1, 3))"), "You take the smallest of the four; the largest is asked for."),
            (_POOL.format(f"{_BLOCKS}.sum(axis=(1, 3))"), "You add up the four numbers; the largest is asked for."),
            (_POOL.format("x.reshape(len(x) // 2, x.shape[1] // 2, 4).max(axis=2)"), "You cut each row into pieces of four numbers; a window is two rows high and two columns wide."),
            (_POOL.format("np.maximum(x[:, ::2], x[:, 1::2])"), "You pool the columns alone; a window is two rows high as well."),
        ),
        "The result",
    ),
    by_cases(
        "10.6", "The receptive field of a stack", "receptive_field", _STACKS,
        (
            "Keep two numbers: how far a unit sees, and how many pixels lie between neighbouring units (the jump).",
            "A layer adds d·(k − 1) of the jumps before it.",
            "Begin with seen, jump = 1, 1. Each layer first widens what is seen; its stride counts only for the layers after it.",
        ),
        _field().replace("answer", "receptive_field").replace("; ", "\n        "),
        "def answer(layers):\n    seen = 1  # from the last layer back to the pixels\n    for k, s, d in layers[::-1]:\n"
        "        seen = (seen - 1) * s + d * (k - 1) + 1\n    return seen",
        (
            (_field("seen += d * k * jump; jump *= s"), "You add k for a layer; windows overlap, and only k − 1 pixels are new."),
            (_field("seen += d * (k - 1)"), "You forget the strides of the earlier layers: they widen the steps of a layer."),
            (_field("seen += (k - 1) * jump; jump *= s"), "The dilation is left out: the window is d·(k − 1) + 1 wide."),
            (_field("jump *= s; seen += d * (k - 1) * jump"), "A layer's own stride comes too early: it counts for the layers after it."),
            (_field(start=0), "Begin with 1: without any layer a unit is a pixel and sees 1."),
            (_field("seen += d * (k - 1) * jump; jump = s"), "The strides of all earlier layers multiply; you keep that of the last one alone."),
            (_field("seen += d * (k - 1) * jump; jump += s - 1"), "You add the strides up; they multiply."),
            (_field("seen += d * (k - 1) * jump; jump *= s * d"), "The dilation widens one window, but not the distance between units; only strides multiply the jump."),
            (_field("seen = d * (k - 1) * jump + 1; jump *= s"), "You return what the last layer sees; each layer adds to what was seen before."),
        ),
        "The receptive field", counts=True,
    ),
    by_cases(
        "10.7", "A layer with channels", "my_layer", _LAYERS,
        (
            "Each of the M filters has one kernel for each input channel.",
            "Correlate each channel with its kernel, add the results up, add the bias once.",
            "Begin with an array of zeros, (M, H − k + 1, W − k + 1); out[m] is the sum over c of x[c] correlated with w[m, c], plus b[m].",
        ),
        "def my_layer(x, w, b):\n    windows = np.lib.stride_tricks.sliding_window_view(x, w.shape[2:], axis=(1, 2))  # (C, H', W', k, k)\n"
        "    return np.einsum('cijkl,mckl->mij', windows, w) + b[:, None, None]",
        "def answer(x, w, b):\n    (M, C, k, _), (_, H, W) = w.shape, x.shape\n    out = np.zeros((M, H - k + 1, W - k + 1))\n"
        "    for m, r, c in np.ndindex(out.shape):\n        out[m, r, c] = (x[:, r : r + k, c : c + k] * w[m]).sum() + b[m]\n    return out",
        tuple(
            (_LAYER.format(code), words)
            for code, words in (
                ("np.einsum('cijkl,mckl->mij', v, w)", "The bias is missing: add b[m] to each map."),
                ("np.einsum('cijkl,mckl->mij', v, w) / len(x) + b[:, None, None]", "The channels are added up, not averaged."),
                ("np.einsum('cijkl,mckl->mij', v, w) + len(x) * b[:, None, None]", "You add the bias once for each channel; the sum over all channels gets it once."),
                ("np.einsum('ijkl,mkl->mij', v[0], w[:, 0]) + b[:, None, None]", "Only the first channel is used; every filter reads all channels."),
                ("np.einsum('cijkl,mckl->mij', v, w[:, :, ::-1, ::-1]) + b[:, None, None]", "You rotate the kernels by 180°; a layer uses them as they are."),
                ("np.einsum('cijkl,mckl->mij', v, w.transpose(0, 1, 3, 2)) + b[:, None, None]", "Rows and columns of the kernels are exchanged."),
                ("np.einsum('cijkl,mckl->mij', v, w[:, ::-1]) + b[:, None, None]", "The channels meet the wrong kernels: x[c] belongs to w[m, c]."),
                ("np.einsum('cijkl,mckl->mij', v, w) - b[:, None, None]", "The bias is added, not subtracted."),
                ("np.maximum(np.einsum('cijkl,mckl->mij', v, w) + b[:, None, None], 0)", "You also apply ReLU; return the sums as they are."),
            )
        ),
        "The result",
    ),
    by_cases(
        "10.8", "How well does a box fit?", "box_overlap", _BOXES,
        (
            "The measure of detection: the area of the common part over the area of both together.",
            "Height of the common part: min of the lower edges − max of the upper edges, but never below 0.",
            "Begin with the intersection. The union is the sum of both areas, in which the intersection is counted twice.",
        ),
        "def box_overlap(a, b):\n    (t, l, h, w), (T, L, H, W) = a, b\n    height = max(0, min(t + h, T + H) - max(t, T))\n"
        "    width = max(0, min(l + w, L + W) - max(l, L))\n    both = height * width\n    return both / (h * w + H * W - both)",
        "def answer(a, b):\n    masks = np.zeros((2, 40, 40), bool)  # paint both, count pixels\n    for mask, (t, l, h, w) in zip(masks, (a, b)):\n"
        "        mask[t : t + h, l : l + w] = True\n    return masks.all(axis=0).sum() / masks.any(axis=0).sum()",
        (
            (_box("i / (h * w + H * W)"), "The common part is counted twice below the line: union = area + area − intersection."),
            (_box("2 * i / (h * w + H * W)"), "This is Dice's measure, twice the intersection over the sum of the areas; divide the intersection by the union."),
            (_box("i / min(h * w, H * W)"), "You divide by the smaller box; divide by the union, or a huge box around everything would score 1."),
            (_box("i / max(h * w, H * W)"), "You divide by the larger box; divide by the union of both."),
            (_box("i / (h * w)"), "You divide by the first box; divide by the union of both."),
            (_box("i / (H * W)"), "You divide by the second box; divide by the union of both."),
            (_box("i"), "This is the area of the intersection; divide it by the union."),
            (_box("i / (h * w + H * W - i)", "y * x"), "Boxes that do not meet overlap by 0: a negative height or width must become 0 before you multiply."),
            (_box("i / (h * w + H * W - i)", "max(0, y * x)"), "Two negative sides multiply to a positive area: each must become 0 on its own, before you multiply."),
            (_CORNERS, "You read the last two numbers as the lower right corner; they are height and width."),
            (_box("1 - i / (h * w + H * W - i)"), "This is 1 minus the measure, a distance; equal boxes must have 1."),
            (_box("i / ((max(t + h, T + H) - min(t, T)) * (max(l + w, L + W) - min(l, L)))"), "You divide by the smallest box around both; the union has only the pixels of the two boxes."),
        ),
        "The overlap",
    ),
)  # fmt: skip

QUESTIONS = (
    Question(
        "A 3 × 3 convolution slides over a photo of 640 × 480 pixels, and then over one of 320 × 240. Its weights?",
        ("A quarter as many for the smaller photo", "The same nine for both", "Nine for every pixel"), 1,
        (
            "The number of outputs falls to a quarter. The weights are shared by all of them.",
            "The weights do not depend on the size of the photo: every place uses the same nine.",
            "That would be a layer without weight sharing (locally connected).",
        ),
    ),
    Question(
        "A layer turns an RGB image into 16 maps with kernels of 3 × 3. What is the shape of its weight in torch?",
        ("(16, 3, 3, 3)", "(16, 3, 3)", "(3, 3, 16)"), 0,
        (
            "Output channels, input channels, height, width: each of the 16 filters reads all three colours.",
            "This has no place for the three colours; each filter has a kernel for every input channel.",
            "The number of maps comes first in torch, and the three colours are missing.",
        ),
    ),
    Question(
        "Deep-learning libraries call cross-correlation a convolution. Why does nobody mind?",
        ("The kernel is learned, flipped or not", "Both always give the same output", "Nobody noticed it in thirty years of use"), 0,
        (
            "A network that flips its kernels learns the flipped kernel and computes the very same function.",
            "For a kernel that changes when rotated by 180°, such as Sobel's, they differ: by the sign, for example.",
            "It is in every library's documentation.",
        ),
    ),
    Question(
        "The input moves by one pixel to the right. What does a convolution with stride 1 do, away from the edges?",
        ("Its output stays the same", "Its output moves by one pixel", "Its output becomes a different picture"), 1,
        (
            "That would be invariance. It takes a pooling over all places to get there.",
            "Equivariance: moving first and convolving then gives the same as the reverse order.",
            "So does a dense layer, which has a weight of its own for every place.",
        ),
    ),
    Question(
        "Two conv 3 in a row, or one conv 5, C maps in and out: which statement is true?",
        (
            "conv 5 sees more of the picture than the two conv 3 in a row", "Both see 5 × 5; the two have 18·C² weights instead of 25·C²",
            "The two have more weights, because there are two layers",
        ), 1,
        (
            "Each conv 3 widens the view by 2: 1 + 2 + 2 = 5.",
            "And there is an activation between them, so that they can do more with less.",
            "2 · 9 = 18 is less than 25.",
        ),
    ),
    Question(
        "Segmentation: what does the last layer of a network give?",
        ("One class for the image", "A box and a class for each object", "A class for every pixel"), 2,
        (
            "This is classification.",
            "This is detection.",
            "The layer outputs one score per class at every pixel; the largest wins.",
        ),
    ),
)  # fmt: skip
