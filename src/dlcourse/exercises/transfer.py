"""Exercises and quiz of chapter 13, transfer learning."""

import numpy as np

from dlcourse.exercises.cases import by_cases
from dlcourse.exercises.core import Question

_rng = np.random.default_rng(13)
_LAYERS = ((3, 64, 128), (5, 6, 16), (1, 512, 10), (2, 3, 1))
_PHOTOS = tuple((_rng.random(shape).round(2),) for shape in ((2, 4, 5, 3), (4, 6, 2, 3), (1, 3, 3, 3)))
_SHOTS = tuple(
    (np.array(y), _rng.permutation(len(y)), k)
    for y, k in (
        ([2, 0, 1, 2, 1, 0, 0, 2, 1], 2), ([0, 1, 0, 1, 0, 1], 2), ([1, 1, 0, 0, 0, 1, 1, 0], 3),
        ([3, 0, 3, 3, 0, 5], 1), ([1, 0, 0, 2, 0, 0], 3),
    )
)  # fmt: skip
_PATCHES = (
    (
        np.array([[0, 0], [0, 8], [7, 7], [8, 0], [20, 3], [40, 47], [30, 0], [6, 6], [1, 7]]),
        np.array([[0, 0], [45, 41]]),
        8,
    ),
    (np.array([[5, 5], [9, 9], [5, 30], [2, 2], [14, 13]]), np.array([[9, 9], [5, 22]]), 8),
    (_rng.integers(0, 60, (40, 2)), _rng.integers(0, 60, (6, 2)), 10),
    (np.array([[3, 4], [3, 3], [4, 4]]), np.array([[3, 3]]), 1),
)
_STEPS = tuple(
    (*(_rng.normal(size=shape).round(1) + 0.0 for shape in ((n, d), (n, k), (h, d), (k, h))), rate, frozen)
    for n, d, h, k, rate in ((5, 3, 4, 2, 0.3), (2, 4, 3, 3, 0.5))
    for frozen in (True, False)
)

_CONV = "answer = lambda k, a, b: {}"
_CHOSEN = "answer = lambda y, o, k: {}"
_EACH = "np.concatenate([o[y[o] == c][:k] for c in np.unique(y)])"
_AWAY = "answer = lambda a, b, s: {}"
_STEP = (
    "def answer(x, y, W1, W2, rate, frozen):\n    h = np.tanh(x @ W1.T)\n    e = (h @ W2.T - y) / {n}\n"
    "    d = (e @ W2) * {slope}\n    {order}"
)
_BOTH = "return ({body}), W2 {sign} rate * e.T @ h"


def _step(n="len(x)", slope="(1 - h**2)", body="W1 if frozen else W1 - rate * d.T @ x", sign="-", order=_BOTH):
    return _STEP.format(n=n, slope=slope, order=order.format(body=body, sign=sign))


EXERCISES = (
    by_cases(
        "13.1", "Weights of a convolution", "conv_weights", _LAYERS,
        (
            "Each output channel has one kernel for every input channel.",
            "A kernel has k · k weights; and each output channel has one bias.",
            "Begin with one output channel: it has k * k * c_in weights.",
        ),
        "def conv_weights(k, c_in, c_out):\n    return k * k * c_in * c_out + c_out",
        "answer = lambda k, c_in, c_out: c_out * (np.prod([k, k, c_in]) + 1)",
        (
            (_CONV.format("k * k * a * b"), "The biases are missing, one for each output channel."),
            (_CONV.format("k * k * a * b + a"), "A bias belongs to an output channel; you count one for each input channel."),
            (_CONV.format("k * k * a * b + 1"), "You count a single bias; every output channel has its own."),
            (_CONV.format("k * k * a * b + a * b"), "You count a bias for every kernel; an output channel has only one."),
            (_CONV.format("k * a * b + b"), "A kernel has k · k weights; you count k."),
            (_CONV.format("k * k * b + b"), "Each output channel has a kernel for every input channel; c_in is missing."),
        ),
        "The number of weights", counts=True,
    ),
    by_cases(
        "13.2", "What depthwise saves", "saving", _LAYERS,
        (
            "Write both counts down, the second as the sum of its two parts.",
            "The usual one has k²·c_in·c_out weights. Depthwise has one k × k kernel for each input channel; then a 1 × 1 convolution leads from c_in to c_out.",
            "Begin with depthwise = k * k * c_in.",
        ),
        "def saving(k, c_in, c_out):\n    depthwise, pointwise = k * k * c_in, c_in * c_out\n    return k * k * c_in * c_out / (depthwise + pointwise)",
        "answer = lambda k, c_in, c_out: 1 / (1 / c_out + 1 / k**2)",
        (
            (_CONV.format("(k * k * a + a * b) / (k * k * a * b)"), "That is the share that is left; the factor is one divided by it."),
            (_CONV.format("k * k * a * b / (k * k * a)"), "You have counted only the depthwise half; the 1 × 1 across the channels is missing."),
            (_CONV.format("k * k * a * b / (a * b)"), "You have counted only the 1 × 1 across the channels; the depthwise half is missing."),
            (_CONV.format("k * k * a * b - k * k * a - a * b"), "That is the difference; a factor is asked for."),
            (_CONV.format("k * k * a * b / (k * k * b + a * b)"), "There is one depthwise kernel for each input channel; you count one for each output channel."),
            (_CONV.format("(k * k * a * b + b) / (k * k * a + a + a * b + b)"), "You count biases; leave them out here."),
        ),
        "The factor",
    ),
    by_cases(
        "13.3", "Photos as the network expects them", "prepare", _PHOTOS,
        (
            "First the numbers, then the axes.",
            "The formula expects 0 to 255: multiply by 255 first. transpose takes the axes in their new order.",
            "Begin with x = 255 * photos.",
        ),
        "def prepare(photos):\n    scaled = (255 * photos - 127) / 128\n    return scaled.transpose(0, 3, 1, 2)",
        "answer = lambda photos: np.moveaxis(photos * (255 / 128) - 127 / 128, -1, 1)",
        (
            ("answer = lambda p: (255 * p - 127) / 128", "The numbers are right; the channels must come second: transpose moves axes."),
            ("answer = lambda p: ((255 * p - 127) / 128).transpose(0, 3, 2, 1)", "Height and width are exchanged: the picture lies on its side."),
            ("answer = lambda p: ((255 * p - 127) / 128).transpose(3, 0, 1, 2)", "The channels come first in yours; the first axis is that of the photos, the second that of the channels."),
            ("answer = lambda p: ((255 * p - 127) / 128).reshape(len(p), 3, *p.shape[1:3])", "reshape only cuts the row of numbers into new pieces and mixes up the colours; axes are moved by transpose."),
            ("answer = lambda p: ((p - 127) / 128).transpose(0, 3, 1, 2)", "These photos run from 0 to 1; multiply by 255 first, since the formula expects 0 to 255."),
            ("answer = lambda p: p.transpose(0, 3, 1, 2)", "The axes are right; the numbers are still those of the photo."),
            ("answer = lambda p: (255 * p - 127 / 128).transpose(0, 3, 1, 2)", "Only 127 is divided by 128; brackets around the difference are missing."),
        ),
        "The prepared array",
    ),
    by_cases(
        "13.4", "k examples of each class", "first_shots", _SHOTS,
        (
            "y[order] holds the classes in the order of the visit.",
            "A mask picks the rows of one class out of order; np.concatenate joins the pieces of all classes.",
            "Begin with visited = y[order], and loop over the classes in np.unique(y), which are sorted.",
        ),
        "def first_shots(y, order, k):\n    return np.concatenate([order[y[order] == c][:k] for c in np.unique(y)])",
        "def answer(y, order, k):\n    found = {c: [] for c in sorted(set(y.tolist()))}\n    for row in order:\n        if len(found[y[row]]) < k:\n            found[y[row]].append(int(row))\n    return sum(found.values(), [])",
        (
            (_CHOSEN.format(f"y[{_EACH}]"), "You return the classes; the row numbers are asked for."),
            (_CHOSEN.format("np.concatenate([np.flatnonzero(y == c)[:k] for c in np.unique(y)])"), "These are the first rows as they stand in y; take them in the sequence of `order`."),
            (_CHOSEN.format("o[: k * len(np.unique(y))]"), "That is the beginning of `order`; k of *each* class are asked for."),
            (_CHOSEN.format("np.concatenate([np.flatnonzero(y[o] == c)[:k] for c in np.unique(y)])"), "These are places in `order`; the rows are the entries at these places, order[places]."),
            (_CHOSEN.format(f"np.sort({_EACH})"), "The rows are right, but sorted; keep class 0 first, and each class as visited."),
            (_CHOSEN.format("np.concatenate([o[y[o] == c][:k] for c in dict.fromkeys(y[o])])"), "The classes come in the sequence of the visit; class 0 comes first, then class 1 and so on."),
            (_CHOSEN.format("np.array([r for n, r in enumerate(o) if (y[o[:n]] == y[r]).sum() < k])"), "The right rows, but as `order` mixes them; put class 0 first, then class 1 and so on."),
            (_CHOSEN.format("np.concatenate([o[y[o] == c][-k:] for c in np.unique(y)])"), "These are the last k of each class; take the first k."),
        ),
        "The list of rows", counts=True,
    ),
    by_cases(
        "13.5", "Patches without a leak", "without_overlap", _PATCHES,
        (
            "Two squares overlap if their corners are less than `size` apart in rows *and* in columns.",
            "np.abs(train[:, None] - test[None]) is (N, M, 2): all distances at once; all(axis=2) asks for rows and columns, any(axis=1) for any test patch.",
            "Begin with distances = np.abs(train[:, None] - test[None]).",
        ),
        "def without_overlap(train, test, size):\n    distances = np.abs(train[:, None] - test[None])  # (N, M, 2)\n    near = (distances < size).all(axis=2)\n    return ~near.any(axis=1)",
        "def answer(train, test, size):\n    return [all(max(abs(a - c), abs(b - d)) >= size for c, d in test) for a, b in train]",
        (
            (_AWAY.format("(np.abs(a[:, None] - b[None]) < s).all(axis=2).any(axis=1)"), "True and False are exchanged: True for the patches that share *no* pixel."),
            (_AWAY.format("~(np.abs(a[:, None] - b[None]) <= s).all(axis=2).any(axis=1)"), "Patches that lie side by side, exactly `size` pixels apart, share nothing; use < size."),
            (_AWAY.format("~(np.abs(a[:, None] - b[None]) < s).any(axis=2).any(axis=1)"), "Squares overlap only if they are near in rows *and* in columns; one alone is not enough."),
            (_AWAY.format("~(a[:, None] == b[None]).all(axis=2).any(axis=1)"), "You look for the very same patch only; a patch shifted by a pixel shares nearly everything with it."),
            (_AWAY.format("~(np.abs(a[:, None] - b[None]) < s).all(axis=2).all(axis=1)"), "A training patch is out if it overlaps *any* test patch; yours must overlap all of them."),
            (_AWAY.format("~((b[None] - a[:, None] >= 0) & (b[None] - a[:, None] < s)).all(axis=2).any(axis=1)"), "The test patch may also lie above or to the left: take the absolute difference of the corners."),
            (_AWAY.format("~(np.abs(a[:, None] - b[None]).sum(axis=2) < s).any(axis=1)"), "You add the distances in rows and in columns; compare each with `size`."),
            (_AWAY.format("~(np.linalg.norm(a[:, None] - b[None], axis=2) < s).any(axis=1)"), "You take the straight distance between the corners; these are squares, so compare rows and columns separately."),
        ),
        "The answer",
    ),
    by_cases(
        "13.6", "A step with and without the body", "transfer_step", _STEPS,
        (
            "The error of each row, divided by N, gives the gradient of the head, whether the body is frozen or not.",
            "With e = (h W₂ᵀ − y)/N the head's gradient is eᵀh. Back into the body: (e W₂) times 1 − h², then transposed times x. Use the old weights for both.",
            "Begin with h = np.tanh(x @ W1.T) and the error, (h @ W2.T - y) / len(x).",
        ),
        "def transfer_step(x, y, W1, W2, rate, frozen):\n    h = np.tanh(x @ W1.T)\n    error = (h @ W2.T - y) / len(x)\n    to_body = ((error @ W2) * (1 - h**2)).T @ x\n    return (W1 if frozen else W1 - rate * to_body), W2 - rate * error.T @ h",
        "def answer(x, y, W1, W2, rate, frozen):\n    G1, G2 = np.zeros_like(W1), np.zeros_like(W2)\n    for row, target in zip(x, y):\n        h = np.tanh(W1 @ row)\n        e = W2 @ h - target\n        G2 += np.outer(e, h)\n        G1 += np.outer((1 - h * h) * (W2.T @ e), row)\n    return W1 - (not frozen) * rate * G1 / len(x), W2 - rate * G2 / len(x)",
        (
            (_step(body="W1 - rate * d.T @ x"), "With frozen=True the body must come back as it was; yours has moved."),
            (_step(body="W1 - rate * d.T @ x if frozen else W1"), "`frozen` is used the wrong way: the body stays if it is True, and moves if it is False."),
            (_step(sign="+", body="W1 if frozen else W1 + rate * d.T @ x"), "You go uphill: subtract rate · gradient."),
            (_step(n="1"), "The loss is a mean over the rows: divide by N."),
            (_step(n="y.size"), "You divide by the number of all outputs; the loss is a mean over the N rows only."),
            (_step(n="(len(x) / 2)"), "Both steps are twice too long: the ½ in the loss cancels the 2."),
            (_step(body="W1"), "With frozen=False the body must move, too."),
            (_step(slope="1"), "On its way into the body the error passes tanh: multiply by 1 − h²."),
            (_step(order="W2 = W2 - rate * e.T @ h\n    d = (e @ W2) * (1 - h**2)\n    return (W1 if frozen else W1 - rate * d.T @ x), W2"), "You have sent the error back through the *new* head; both gradients belong to the old weights."),
            (_step(order="return ({body}), W2"), "The head has not moved; it is trained in either case."),
            (_step(order="return ({body}), (W2 if frozen else W2 - rate * e.T @ h)"), "With frozen=True the head must still move; only the body stays as it is."),
            (_step(order="return W2 - rate * e.T @ h, ({body})"), "The two come in the wrong order: W1 first, then W2."),
        ),
        ("W1", "W2"),
    ),
)  # fmt: skip

QUESTIONS = (
    Question(
        "You have five labelled photos of each class, and a network pretrained on similar ones. What first?",
        ("Train all its layers with a large rate", "Freeze the body and train a new head", "Begin from random weights"),
        1,
        (
            "Five photos cannot determine millions of weights, and a large rate destroys what was borrowed.",
            "With few photos little can be learned, so what is borrowed counts. And the features are computed only once.",
            "That is the baseline for comparison; with five photos it has little chance.",
        ),
    ),
    Question(
        "Patches are cut from one large photo, shuffled, and split 80/20. The test accuracy is 99%. What do you conclude?",
        (
            "The network is excellent",
            "The split is fair, because it was made at random",
            "Nothing: test and training patches overlap",
        ),
        2,
        (
            "It may only remember: a test patch shares pixels with training patches.",
            "It was random, but the patches share pixels. Split by region, by photo, by patient.",
            "In the notebook the accuracy fell below 75% on a part of the photo that was never seen.",
        ),
    ),
    Question(
        "Freezing both convolutions of our LeNet leaves 83% of the weights to train. Why is it so much faster?",
        (
            "The frozen layers have most of the multiplications",
            "It is not faster: all layers still run forwards",
            "Frozen layers are skipped, forwards and backwards",
        ),
        0,
        (
            "Their 2,572 weights are used at every place: seven of ten multiplications. And frozen features are computed once.",
            "It is: the convolutions need most multiplications, and no backward pass.",
            "They still run forwards, once for each example; only their weights stay as they are.",
        ),
    ),
    Question(
        "After fine-tuning on 5–9 the network no longer recognises 0–4. What preserves them best?",
        ("Freezing the first layer", "More updates on 5–9 with a smaller rate", "A few old examples in every batch"),
        2,
        (
            "As the lab shows, the last layer unlearns them all the same.",
            "Nothing in these updates asks for 0–4; a smaller rate only makes forgetting slower.",
            "This is called rehearsal. Five examples of each class were enough.",
        ),
    ),
)
