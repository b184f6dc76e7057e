"""Exercises and quiz of chapter 10, convolutional networks."""

import numpy as np

from dlcourse.exercises.core import Exercise, Question, Wrong, array, as_it_came, call, close, function


def check_output_side(answer):
    f = function(answer)
    for n, k, s, p, d in ((64, 3, 1, 0, 1), (28, 5, 1, 2, 1), (32, 3, 2, 1, 1), (9, 3, 2, 0, 1), (32, 3, 2, 0, 3)):
        wanted = (n + 2 * p - d * (k - 1) - 1) // s + 1
        got = float(array(call(f, n, k, s, p, d), (), "The size"))
        if got == wanted:
            continue
        told = f"For n = {n}, k = {k}, s = {s}, p = {p}, d = {d}"
        exact = (n + 2 * p - d * (k - 1) - 1) / s + 1
        if np.isclose(got, exact):
            raise Wrong(f"{told} you have {got:g}: half a position is none. Round the quotient down, with //.")
        if got == wanted - 1:
            raise Wrong(f"{told} one position is missing: the first one takes no step. Add 1 at the end.")
        if got == (n + p - d * (k - 1) - 1) // s + 1:
            raise Wrong(f"{told} the padding counts twice: it stands on both sides.")
        if got == -((n + 2 * p - d * (k - 1) - 1) // -s) + 1:
            raise Wrong(f"{told} you round up: a window that hangs over the edge is not used.")
        if got == (n + 2 * p - k) // s + 1:
            raise Wrong(f"{told} the dilation is left out: the window is d·(k − 1) + 1 pixels wide.")
        raise Wrong(f"{told} it should be {wanted}; you have {got:g}.")


def check_level_edges(answer):
    kernel = array(answer, (3, 3), "The kernel")
    flat = kernel.sum()
    upright = max(abs(kernel[:, 2].sum()), abs(kernel[:, 1:].sum()))  # an edge may lie left or right of the middle
    levels = kernel[2].sum(), kernel[1:].sum()
    if close(kernel, np.zeros((3, 3))):
        raise Wrong("All weights are 0, so the answer is 0 to everything.")
    if abs(flat) > 1e-9:
        raise Wrong(f"To a flat picture it answers {flat:g}: the weights must add up to 0.")
    if upright > 1e-9:
        if np.abs(levels).max() < 1e-9:
            raise Wrong("This finds upright edges; the task is the level ones. Turn it by a quarter.")
        raise Wrong("It answers to upright edges as well: every column must add up to 0.")
    if max(levels) <= 0 or min(levels) < -1e-9:
        raise Wrong(
            "Where the picture gets brighter downwards the answer must be positive: exchange upper and lower row."
        )


def check_parameters(answer):
    f = function(answer)
    for c_in, c_out, k in ((1, 6, 5), (6, 16, 5), (3, 64, 3), (16, 16, 1)):
        wanted = c_out * (c_in * k * k + 1)
        got = float(array(call(f, c_in, c_out, k), (), "The number"))
        if got == wanted:
            continue
        told = f"From {c_in} to {c_out} channels with k = {k}"
        if got == c_out * c_in * k * k:
            raise Wrong(f"{told} the biases are missing: one for each output channel.")
        if got == c_out * c_in * (k * k + 1):
            raise Wrong(f"{told} you have a bias for each pair of channels; the sum gets a single one.")
        if got == c_out * (k * k + 1):
            raise Wrong(f"{told} each filter must read all input channels: c_in·k·k weights.")
        if got == c_out * (c_in * k + 1):
            raise Wrong(f"{told} a kernel is a square: k·k weights, not k.")
        raise Wrong(f"{told} it should be {wanted:,}; you have {got:g}.")


def _correlation(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return (windows * kernel).sum(axis=(-2, -1))


def check_correlate(answer):
    f, rng = function(answer), np.random.default_rng(0)
    for shape, size in (((5, 6), (3, 3)), ((6, 4), (2, 3)), ((3, 3), (3, 3))):
        image, kernel = rng.normal(size=shape), rng.normal(size=size)
        wanted, result = _correlation(image, kernel), call(f, image, kernel)
        if as_it_came(result).shape == shape and shape != wanted.shape:
            raise Wrong(f"Your output is as large as the image, {shape}; without padding it has shape {wanted.shape}.")
        got = array(result, wanted.shape, "What your function returns")
        if close(got, wanted):
            continue
        if close(got, _correlation(image, kernel[::-1, ::-1])):
            raise Wrong("You turn the kernel by 180°: that is the convolution of mathematics. Leave it as it is.")
        if close(got, wanted / kernel.size):
            raise Wrong("You take the mean of the products; take their sum.")
        if size[0] == size[1] and close(got, _correlation(image, kernel.T)):
            raise Wrong("Rows and columns of the kernel are exchanged.")
        raise Wrong(f"For an image of {shape} the first output should be {wanted[0, 0]:.3f}; you have {got[0, 0]:.3f}.")


def check_pool(answer):
    f, rng = function(answer), np.random.default_rng(1)
    for shape in ((4, 6), (2, 2), (8, 4)):
        x = rng.normal(size=shape)
        blocks = x.reshape(shape[0] // 2, 2, shape[1] // 2, 2)
        result = call(f, x)
        if shape != (2, 2) and as_it_came(result).shape == (shape[0] - 1, shape[1] - 1):
            raise Wrong("Your windows overlap: the next one starts two pixels on, not one.")
        got = array(result, (shape[0] // 2, shape[1] // 2), "What your function returns")
        if close(got, blocks.max(axis=(1, 3))):
            continue
        if close(got, blocks.mean(axis=(1, 3))):
            raise Wrong("This is average pooling; the task is the largest of the four.")
        if close(got, np.abs(blocks).max(axis=(1, 3))):
            raise Wrong("You take the largest size without its sign; the maximum of −3 and 1 is 1.")
        if close(got, x[::2, ::2]):
            raise Wrong("You keep every second pixel and never look at the three others of the window.")
        if close(got, np.maximum(blocks.max(axis=(1, 3)), 0)):
            raise Wrong("You begin with 0 as the largest so far; if all four are negative, 0 is none of them.")
        raise Wrong(f"For {shape} the first output should be {blocks[0, :, 0].max():.3f}; you have {got[0, 0]:.3f}.")


_STACKS = (((3, 1, 1), (3, 1, 1)), ((5, 1, 1), (2, 2, 1), (5, 1, 1), (2, 2, 1)), ((3, 1, 1), (3, 1, 2), (3, 1, 4)))


def _field(layers) -> int:
    field, jump = 1, 1
    for k, s, d in layers:
        field, jump = field + d * (k - 1) * jump, jump * s
    return field


def check_receptive_field(answer):
    f = function(answer)
    for layers in ((), *_STACKS, ((3, 2, 1), (3, 2, 1), (3, 2, 2))):
        wanted, got = _field(layers), float(array(call(f, list(layers)), (), "The receptive field"))
        if got == wanted:
            continue
        told = f"For (k, s, d) = {', '.join(map(str, layers)) or 'no layer'}"
        if not layers:
            raise Wrong(f"{told} a unit is a pixel and sees 1; you have {got:g}. Begin with 1.")
        if got == 1 + sum(k * d for k, s, d in layers):
            raise Wrong(f"{told} you add k for a layer; windows overlap, and only k − 1 pixels are new.")
        if got == 1 + sum(k - 1 for k, s, d in layers) and any(d > 1 for _, _, d in layers):
            raise Wrong(f"{told} the dilation is left out: the window is d·(k − 1) + 1 wide.")
        if got == 1 + sum(d * (k - 1) for k, s, d in layers):
            raise Wrong(f"{told} you forget the strides before a layer: they widen its steps.")
        field, jump = 1, 1
        for k, s, d in layers:
            jump *= s
            field += d * (k - 1) * jump
        if got == field:
            raise Wrong(f"{told} a layer's own stride comes too early: it widens the steps of the layers after it.")
        raise Wrong(f"{told} it should be {wanted}; you have {got:g}.")


def check_layer(answer):
    f, rng = function(answer), np.random.default_rng(2)
    for c, k, side, maps in ((3, 3, 6, 2), (1, 2, 4, 3), (2, 1, 3, 4)):
        x, w, b = rng.normal(size=(c, side, side + 1)), rng.normal(size=(maps, c, k, k)), rng.normal(size=maps)
        each = np.array([[_correlation(x[i], w[m, i]) for i in range(c)] for m in range(maps)])  # (maps, c, …)
        wanted = each.sum(axis=1) + b[:, None, None]
        got = array(call(f, x, w, b), wanted.shape, "What your function returns")
        if close(got, wanted):
            continue
        if close(got, each.sum(axis=1)):
            raise Wrong("The bias is missing: b[m] is added to every pixel of map m.")
        if close(got, each.mean(axis=1) + b[:, None, None]):
            raise Wrong("The channels are added up, not averaged.")
        if close(got, each.sum(axis=1) + c * b[:, None, None]):
            raise Wrong("You add the bias once for each channel; it is added once, to the sum.")
        if close(got, each[:, 0] + b[:, None, None]):
            raise Wrong("Only the first channel is read.")
        raise Wrong(f"With {c} channels the first output should be {wanted[0, 0, 0]:.3f}; you have {got[0, 0, 0]:.3f}.")


def _overlap(a, b) -> tuple[float, float, float]:
    """Intersection and the two areas of boxes (top, left, height, width)."""
    sides = [max(0.0, min(a[i] + a[i + 2], b[i] + b[i + 2]) - max(a[i], b[i])) for i in (0, 1)]
    return sides[0] * sides[1], a[2] * a[3], b[2] * b[3]


def check_iou(answer):
    f = function(answer)
    for a, b in (
        ((0, 0, 8, 8), (0, 0, 8, 8)), ((0, 0, 8, 8), (4, 4, 8, 8)), ((0, 0, 2, 6), (0, 3, 2, 9)),
        ((0, 0, 8, 8), (20, 20, 8, 8)), ((0, 0, 8, 8), (20, 0, 8, 8)), ((0, 0, 4, 4), (1, 1, 2, 2)),
    ):  # fmt: skip
        both, first, second = _overlap(a, b)
        wanted, got = both / (first + second - both), float(array(call(f, a, b), (), "The overlap"))
        if close(got, wanted):
            continue
        told = f"For {a} and {b}"
        if close(got, both / (first + second)):
            raise Wrong(f"{told} the common part is counted twice below: union = area + area − intersection.")
        if close(got, both / min(first, second)):
            raise Wrong(f"{told} you divide by the smaller box; divide by the union, or a huge box is always right.")
        if close(got, both):
            raise Wrong(f"{told} this is the intersection, {both:g} pixels; divide it by the union.")
        if not both:
            raise Wrong(f"{told} they do not meet: 0. A negative side length must become 0 before you multiply.")
        raise Wrong(f"{told} it should be {wanted:.3f}; you have {got:.3f}.")


EXERCISES = (
    Exercise(
        "10.1", "How large the output is", "side", check_output_side,
        (
            "Count the positions of a window of width d·(k − 1) + 1 on n + 2p pixels.",
            "The first position is free; each further one takes s pixels.",
            "(n + 2p − d·(k − 1) − 1) // s + 1",
        ),
        "def side(n, k, s=1, p=0, d=1):\n    return (n + 2 * p - d * (k - 1) - 1) // s + 1",
        "answer = lambda n, k, s, p, d: len(range(0, n + 2 * p - d * (k - 1), s))",
        (
            ("answer = lambda n, k, s, p, d: (n + 2 * p - d * (k - 1) - 1) // s", "takes no step"),
            ("answer = lambda n, k, s, p, d: (n + p - d * (k - 1) - 1) // s + 1", "both sides"),
            ("answer = lambda n, k, s, p, d: (n + 2 * p - d * (k - 1) - 1) / s + 1", "half a position"),
            ("answer = lambda n, k, s, p, d: -((n + 2 * p - d * (k - 1) - 1) // -s) + 1", "round up"),
            ("answer = lambda n, k, s, p, d: (n + 2 * p - k) // s + 1", "dilation is left out"),
            ("answer = lambda n, k, s, p, d: n", "it should be 62"),
        ),
    ),
    Exercise(
        "10.2", "A detector of level edges", "level_edges", check_level_edges,
        (
            "Subtract what is above from what is below.",
            "Negative weights in the upper row, positive ones in the lower.",
            "[[−1, −1, −1], [0, 0, 0], [1, 1, 1]] is one; every column adds up to 0.",
        ),
        "level_edges = [[-1, -1, -1],\n               [ 0,  0,  0],\n               [ 1,  1,  1]]",
        "answer = np.outer([-1, 0, 1], [1, 2, 1])",
        (
            ("answer = np.outer([1, 2, 1], [-1, 0, 1])", "Turn it by a quarter"),
            ("answer = np.outer([1, 0, -1], [1, 2, 1])", "exchange upper and lower"),
            ("answer = np.outer([0, 1, 1], [1, 1, 1])", "To a flat picture"),
            ("answer = [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]]", "every column"),
            ("answer = np.zeros((3, 3))", "All weights are 0"),
        ),
    ),
    Exercise(
        "10.3", "The numbers that a layer learns", "parameters", check_parameters,
        (
            "One filter makes one output channel. How many weights does a filter have?",
            "It reads all input channels: c_in·k·k weights, and it has one bias.",
            "c_out · (c_in·k·k + 1); the size of the image does not matter.",
        ),
        "def parameters(c_in, c_out, k):\n    return c_out * (c_in * k * k + 1)",
        "answer = lambda c_in, c_out, k: np.ones((c_out, c_in, k, k)).size + np.ones(c_out).size",
        (
            ("answer = lambda c_in, c_out, k: c_out * c_in * k * k", "biases are missing"),
            ("answer = lambda c_in, c_out, k: c_out * c_in * (k * k + 1)", "pair of channels"),
            ("answer = lambda c_in, c_out, k: c_out * (k * k + 1)", "all input channels"),
            ("answer = lambda c_in, c_out, k: c_out * (c_in * k + 1)", "is a square"),
            ("answer = lambda c_in, c_out, k: c_out", "it should be 156"),
        ),
    ),
    Exercise(
        "10.4", "Cross-correlation", "correlate", check_correlate,
        (
            "Each output is the sum of a window of the image times the kernel.",
            "Two loops over the places, or np.lib.stride_tricks.sliding_window_view(image, kernel.shape).",
            "(image[r : r + k, c : c + l] * kernel).sum() for every r from 0 to H − k and c from 0 to W − l.",
        ),
        "def correlate(image, kernel):\n    (H, W), (k, l) = image.shape, kernel.shape\n"
        "    return np.array([[(image[r : r + k, c : c + l] * kernel).sum() for c in range(W - l + 1)]\n"
        "                     for r in range(H - k + 1)])",
        "def answer(image, kernel):\n    H, W = (n - k + 1 for n, k in zip(image.shape, kernel.shape))\n"
        "    return sum(kernel[i, j] * image[i : i + H, j : j + W] for i, j in np.ndindex(kernel.shape))",
        (
            ("def answer(x, k):\n    w = np.lib.stride_tricks.sliding_window_view(x, k.shape)\n    return (w * k[::-1, ::-1]).sum((-2, -1))", "turn the kernel"),
            ("def answer(x, k):\n    w = np.lib.stride_tricks.sliding_window_view(x, k.shape)\n    return (w * k).mean((-2, -1))", "mean of the products"),
            ("def answer(x, k):\n    k = k.T if k.shape[0] == k.shape[1] else k\n    w = np.lib.stride_tricks.sliding_window_view(x, k.shape)\n    return (w * k).sum((-2, -1))", "Rows and columns"),
            ("def answer(x, k):\n    return x * k.sum()", "as large as the image"),
            ("def answer(x, k):\n    w = np.lib.stride_tricks.sliding_window_view(x, k.shape)\n    return w.sum((-2, -1))", "first output should be"),
        ),
    ),
    Exercise(
        "10.5", "Maximum pooling", "pool", check_pool,
        (
            "Cut the map into squares of 2 × 2 and take the largest number of each.",
            "x.reshape(H // 2, 2, W // 2, 2) has the rows of a square on axis 1, its columns on axis 3.",
            "x.reshape(H // 2, 2, W // 2, 2).max(axis=(1, 3))",
        ),
        "def pool(x):\n    H, W = x.shape\n    return x.reshape(H // 2, 2, W // 2, 2).max(axis=(1, 3))",
        "answer = lambda x: np.maximum(np.maximum(x[::2, ::2], x[1::2, ::2]), np.maximum(x[::2, 1::2], x[1::2, 1::2]))",
        (
            ("answer = lambda x: x.reshape(len(x) // 2, 2, -1, 2).mean(axis=(1, 3))", "average pooling"),
            ("answer = lambda x: np.lib.stride_tricks.sliding_window_view(x, (2, 2)).max((2, 3))", "windows overlap"),
            ("answer = lambda x: x[::2, ::2]", "every second pixel"),
            ("answer = lambda x: abs(x).reshape(len(x) // 2, 2, -1, 2).max(axis=(1, 3))", "without its sign"),
            ("answer = lambda x: np.maximum(x.reshape(len(x) // 2, 2, -1, 2).max(axis=(1, 3)), 0)", "largest so far"),
            ("answer = lambda x: x.reshape(len(x) // 2, 2, -1, 2).sum(axis=(1, 3))", "first output should be"),
        ),
    ),
    Exercise(
        "10.6", "The receptive field of a stack", "receptive_field", check_receptive_field,
        (
            "Keep two numbers: how far a unit sees, and how many pixels lie between neighbouring units (the jump).",
            "A layer adds d·(k − 1) of the jumps before it.",
            "field += d·(k − 1)·jump, and then jump *= s; begin with 1 and 1.",
        ),
        "def receptive_field(layers):\n    seen, jump = 1, 1\n    for k, s, d in layers:\n        seen += d * (k - 1) * jump\n"
        "        jump *= s\n    return seen",
        "def answer(layers):\n    seen = 1  # from the last layer back to the pixels\n    for k, s, d in layers[::-1]:\n"
        "        seen = (seen - 1) * s + d * (k - 1) + 1\n    return seen",
        (
            ("answer = lambda layers: 1 + sum(k * d for k, s, d in layers)", "windows overlap"),
            ("answer = lambda layers: 1 + sum(d * (k - 1) for k, s, d in layers)", "forget the strides"),
            ("def answer(layers):\n    f, j = 1, 1\n    for k, s, d in layers:\n        f += (k - 1) * j\n        j *= s\n    return f", "dilation is left out"),
            ("def answer(layers):\n    f, j = 1, 1\n    for k, s, d in layers:\n        j *= s\n        f += d * (k - 1) * j\n    return f", "comes too early"),
            ("answer = lambda layers: sum(d * (k - 1) for k, s, d in layers)", "Begin with 1"),
            ("answer = lambda layers: 1 + 10 * len(layers)", "it should be 5"),
        ),
    ),
    Exercise(
        "10.7", "A layer with channels", "my_layer", check_layer,
        (
            "Each of the M filters has one kernel for each input channel.",
            "Correlate each channel with its kernel, add the results up, add the bias once.",
            "out[m] = sum of correlate(x[c], w[m, c]) over c, + b[m]; np.einsum can do it in one line.",
        ),
        "def my_layer(x, w, b):\n    windows = np.lib.stride_tricks.sliding_window_view(x, w.shape[2:], axis=(1, 2))  # (C, H', W', k, k)\n"
        "    return np.einsum('cijkl,mckl->mij', windows, w) + b[:, None, None]",
        "def answer(x, w, b):\n    (M, C, k, _), (_, H, W) = w.shape, x.shape\n    out = np.zeros((M, H - k + 1, W - k + 1))\n"
        "    for m, r, c in np.ndindex(out.shape):\n        out[m, r, c] = (x[:, r : r + k, c : c + k] * w[m]).sum() + b[m]\n    return out",
        tuple(
            (f"def answer(x, w, b):\n    v = np.lib.stride_tricks.sliding_window_view(x, w.shape[2:], axis=(1, 2))\n    return {code}", words)
            for code, words in (
                ("np.einsum('cijkl,mckl->mij', v, w)", "bias is missing"),
                ("np.einsum('cijkl,mckl->mij', v, w) / len(x) + b[:, None, None]", "not averaged"),
                ("np.einsum('cijkl,mckl->mij', v, w) + len(x) * b[:, None, None]", "once for each channel"),
                ("np.einsum('ijkl,mkl->mij', v[0], w[:, 0]) + b[:, None, None]", "Only the first channel"),
                ("np.einsum('cijkl,mckl->mij', v, w[:, :, ::-1]) + b[:, None, None]", "first output should be"),
            )
        ),
    ),
    Exercise(
        "10.8", "How well does a box fit?", "box_overlap", check_iou,
        (
            "The measure of detection: the area of the common part over the area of both together.",
            "Height of the common part: min of the lower edges − max of the upper edges, but never below 0.",
            "intersection / (area of a + area of b − intersection)",
        ),
        "def box_overlap(a, b):\n    (t, l, h, w), (T, L, H, W) = a, b\n    height = max(0, min(t + h, T + H) - max(t, T))\n"
        "    width = max(0, min(l + w, L + W) - max(l, L))\n    both = height * width\n    return both / (h * w + H * W - both)",
        "def answer(a, b):\n    masks = np.zeros((2, 40, 40), bool)  # paint both, count pixels\n    for mask, (t, l, h, w) in zip(masks, (a, b)):\n"
        "        mask[t : t + h, l : l + w] = True\n    return masks.all(axis=0).sum() / masks.any(axis=0).sum()",
        tuple(
            (
                "def answer(a, b):\n    (t, l, h, w), (T, L, H, W) = a, b\n    y, x = min(t + h, T + H) - max(t, T), min(l + w, L + W) - max(l, L)\n"
                f"    i = {both}\n    return {value}", words,
            )
            for both, value, words in (
                ("max(0, y) * max(0, x)", "i / (h * w + H * W)", "counted twice below"),
                ("max(0, y) * max(0, x)", "i / min(h * w, H * W)", "smaller box"),
                ("max(0, y) * max(0, x)", "i", "this is the intersection"),
                ("y * x", "i / (h * w + H * W - i)", "do not meet"),
                ("max(0, y) * max(0, x)", "(i / (h * w + H * W - i)) ** 0.5", "it should be 0.143"),
            )
        ),
    ),
)  # fmt: skip

QUESTIONS = (
    Question(
        "A 3 × 3 convolution slides over a photo of 640 × 480 pixels, and then over one of 320 × 240. Its weights?",
        ("A quarter as many for the smaller photo", "The same nine for both", "Nine for every pixel"), 1,
        (
            "The number of outputs falls to a quarter. The weights are shared by all of them.",
            "The kernel does not know how large the photo is: every place uses the same nine weights.",
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
        ("The kernel is learned: a flipped one would be learned flipped", "Both always give the same output", "Nobody noticed"), 0,
        (
            "The network that flips learns the turned kernel and computes the very same function.",
            "For a kernel that changes when turned by 180°, such as Sobel's, they differ: by the sign, for example.",
            "It is in every library's documentation.",
        ),
    ),
    Question(
        "The input moves by one pixel to the right. What does a convolution with stride 1 do, away from the edges?",
        ("Its output stays the same", "Its output moves by one pixel, too", "Its output becomes a different picture"), 1,
        (
            "That would be invariance. It takes a pooling over all places to get there.",
            "Equivariance: first move, then convolve, or the other way round, is the same.",
            "So does a dense layer, which has a weight of its own for every place.",
        ),
    ),
    Question(
        "Two conv 3 in a row, or one conv 5, C maps in and out: which statement is true?",
        (
            "conv 5 sees more", "Both see 5 × 5; the two have 18·C² weights instead of 25·C²",
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
            "One score for each class at every pixel; the largest wins.",
        ),
    ),
)  # fmt: skip
