"""Exercises and quiz of chapter 11, recurrent networks."""

import numpy as np

from dlcourse.exercises.cases import by_cases
from dlcourse.exercises.core import Question

_rng = np.random.default_rng(11)
_WORDS = (("deaf", "fbadeg"), ("abba", "ba"), ("c", "xcz"), ("tree", "retx"))
_CODES = (([0, 1, 14, 14, 1, 0],), ([5, 0, 2, 0],), (list(range(9)),), ([3, 1],))
_FACTORS = ((0.5, 0.1), (0.8, 0.001), (0.5, 0.25), (0.9, 0.5), (0.7, 1.0))  # with 0.25 exactly the share is left
_NETWORKS = tuple(
    tuple(
        _rng.normal(size=shape).round(1) + 0.0
        for shape in ((length, inputs), (hidden, inputs), (hidden, hidden), hidden)
    )
    for length, inputs, hidden in ((5, 2, 3), (4, 3, 3), (1, 2, 3))
)
_GRADIENTS = tuple(
    (np.array(a), np.array(b), limit)
    for a, b, limit in (
        ([3.0, -1.0], [[0.0], [4.0]], 1.0), ([0.3, 0.4], [[0.0]], 2.0), ([6.0, 0.0], [[8.0, 0.0]], 5.0),
        ([0.0, 0.0, 0.0], [[-9.0], [12.0]], 10.0), ([3.0], [[4.0]], 5.0),
    )
)  # fmt: skip
_CELLS = tuple(
    (_rng.normal(size=4 * units).round(1) + 0.0, _rng.normal(size=units).round(1) + 0.0) for units in (3, 2, 1)
)
_SEQUENCES = (
    ([1.0, 0.5, -0.5], 1.0, 0.5, 1.0), ([0.2, -1.0, 0.7, 0.3, 0.9], -0.4, -1.3, 0.6), ([0.5], 1.0, 0.7, 0.8),
)  # fmt: skip

_ROWS = "np.eye(len(alphabet))[[alphabet.index(c) for c in word]]"
_ONE_HOT = "answer = lambda word, alphabet: {}"
_GATES = "def answer(z, c):\n    s = lambda v: 1 / (1 + np.exp(-v))\n    i, f, g, o = np.split(z, 4)\n    {}"
_LOOP = "def answer(x, W, U, b):\n    h, rows = np.zeros(len(b)), []\n    for v in x:\n        h = {step}\n        rows.append(h)\n    return {end}"
_ALL = "np.array(rows)"
_SCALED = "def answer(a, b, m):\n    s = {}\n    return a * s, b * s"
_BACK = (
    "def answer(x, y, w, u):\n    h = [0.0]\n    for v in x:\n        h.append(np.tanh(w * h[-1] + u * v))\n"
    "    back, dw, du = {start}, 0, 0\n    for t in range(len(x), {stop}, -1):\n        d = back * {slope}\n"
    "        dw, du, back = dw + d * h[t - 1], du + d * x[t - 1], {hand_on}\n    return dw, du"
)
_RIGHT = {"start": "h[-1] - y", "stop": "0", "slope": "(1 - h[t] ** 2)", "hand_on": "d * w"}


def _back(**changes):
    return _BACK.format(**_RIGHT | changes)


EXERCISES = (
    by_cases(
        "11.1", "One-hot rows", "one_hot_rows", _WORDS,
        (
            "First find the index of each letter in the alphabet; it may stand in any order.",
            "The row of a letter with index k has a 1 at place k and zeros elsewhere: alphabet.index and np.eye help.",
            "Begin with indices = [alphabet.index(letter) for letter in word].",
        ),
        "def one_hot_rows(word, alphabet):\n    return np.eye(len(alphabet))[[alphabet.index(letter) for letter in word]]",
        "answer = lambda word, alphabet: [[int(letter == other) for other in alphabet] for letter in word]",
        (
            (_ONE_HOT.format("[alphabet.index(c) for c in word]"), "These are the indices; each of them becomes a row with a single 1 at that place."),
            (_ONE_HOT.format(_ROWS + ".T"), "Rows and columns are swapped: one row for each letter of the word, one column for each letter of the alphabet."),
            (_ONE_HOT.format(_ROWS + ".sum(axis=0)"), "You have added up the rows, so the order is lost. Keep one row for each letter."),
            (_ONE_HOT.format(f"np.roll({_ROWS}, 1, axis=1)"), "Each 1 is one place too far to the right: the first letter of the alphabet has index 0."),
            ("def answer(word, alphabet):\n    alphabet = ''.join(sorted(alphabet))\n    return " + _ROWS, "You sort the alphabet; the columns keep the order in which it is given."),
            (_ONE_HOT.format(f"1 - {_ROWS}"), "Zeros and ones are exchanged: a row holds a single 1."),
        ),
        "The one-hot array", counts=True,
    ),
    by_cases(
        "11.2", "Inputs and targets", "inputs_and_targets", _CODES,
        (
            "At each place the model reads one letter and predicts the next.",
            "The last letter is never an input, because nothing follows it; the first is never a target. Slices leave them out.",
            "The inputs are codes[:-1]; which slice holds the letters that follow them?",
        ),
        "def inputs_and_targets(codes):\n    return codes[:-1], codes[1:]",
        "answer = lambda codes: np.array([codes[i : i + 2] for i in range(len(codes) - 1)]).T.tolist()",
        (
            ("answer = lambda codes: (codes, codes)", "Inputs and targets are the same: the model would only learn to copy. Shift the targets by one."),
            ("answer = lambda codes: (codes, codes[1:] + codes[:1])", "The last letter has no successor, but you wrap around to the first. Leave it out of the inputs."),
            ("answer = lambda codes: (codes[1:], codes[:-1])", "Inputs and targets are exchanged: a target follows its input."),
            ("answer = lambda codes: (codes[:-2], codes[2:])", "You look two letters ahead; the target is the very next one."),
            ("answer = lambda codes: (codes, codes[1:])", "There is one input more than there are targets: the last letter has no target, so it is no input."),
            ("answer = lambda codes: codes[:-1]", "These are the inputs alone; return the targets, too."),
        ),
        ("the inputs", "the targets"), counts=True,
    ),
    by_cases(
        "11.3", "How far a gradient reaches", "steps_until", _FACTORS,
        (
            "After k steps factorᵏ is left.",
            "A loop that multiplies until it is less than the share will do; so will logarithms.",
            "Start with left = 1.0 and steps = 0, and count the rounds of a while loop.",
        ),
        "def steps_until(factor, share):\n    left, steps = 1.0, 0\n    while left >= share:\n        left, steps = left * factor, steps + 1\n    return steps",
        "answer = lambda factor, share: int(np.floor(np.log(share) / np.log(factor))) + 1",
        (
            ("answer = lambda a, s: np.log(s) / np.log(a)", "That is where the share is just reached; a whole number of steps is asked for, beyond it."),
            ("answer = lambda a, s: int(np.log(s) / np.log(a))", "You are one step too early: after that many steps the share or more is left."),
            ("answer = lambda a, s: int(np.log(s) / np.log(a)) + 2", "You are one step too late: one step before, less than the share is left already."),
            ("answer = lambda a, s: np.ceil(np.log(s) / np.log(a))", "Where a power is exactly the share, as 0.5² is 0.25, it is not yet less than it; there one more step is needed."),
            ("answer = lambda a, s: -np.log(s) / np.log(a)", "A number of steps is positive: both logarithms are negative, so divide them without a minus."),
            ("answer = lambda a, s: np.ceil((1 - s) / (1 - a))", "In your count each step subtracts the same amount; the gradient is multiplied."),
            ("answer = lambda a, s: round(np.log(s) / np.log(a))", "Rounding to the nearest number is sometimes too early; the steps must go beyond the share."),
        ),
        "The number of steps", counts=True,
    ),
    by_cases(
        "11.4", "The states of a recurrent network", "states_of", _NETWORKS,
        (
            "Begin with a state h of zeros, as many as b has.",
            "In every step compute a new h from W @ x_t, U @ h and b; keep it in a list.",
            "Begin with h, rows = np.zeros(len(b)), []; then loop over the rows of x.",
        ),
        "def states_of(x, W, U, b):\n    h, rows = np.zeros(len(b)), []\n    for x_t in x:\n        h = np.tanh(W @ x_t + U @ h + b)\n        rows.append(h)\n    return np.array(rows)",
        "def answer(x, W, U, b):\n    rows = np.zeros((len(x) + 1, len(b)))\n    given = x @ W.T + b\n    for t in range(len(x)):\n        rows[t + 1] = np.tanh(given[t] + rows[t] @ U.T)\n    return rows[1:]",
        (
            (_LOOP.format(step="np.tanh(W @ v + b)", end=_ALL), "U is not used: each step depends on the previous state."),
            (_LOOP.format(step="np.tanh(W @ v + U.T @ h + b)", end=_ALL), "Your U is transposed: the product is U @ h."),
            (_LOOP.format(step="np.tanh(W @ v + U @ h)", end=_ALL), "The bias b is missing."),
            (_LOOP.format(step="W @ v + U @ h + b", end=_ALL), "tanh is missing: without it the network is linear."),
            (_LOOP.format(step="np.tanh(W @ v + U @ h + b)", end="h"), "That is the last state only; keep all of them, one row for each step."),
            (_LOOP.format(step="np.tanh(W @ v + U @ h + b)", end="np.array([0 * h, *rows])"), "The first state h₀ = 0 is not asked for; return h₁ … h_L."),
            (_LOOP.format(step="np.tanh(W @ v + U @ h + b)", end="np.array(rows).T"), "Rows and columns are swapped: one row for each step."),
            (_LOOP.format(step="1 / (1 + np.exp(-(W @ v + U @ h + b)))", end=_ALL), "You have used the sigmoid; the states of this network are made by tanh."),
            ("def answer(x, W, U, b):\n    h, rows = np.zeros(len(b)), []\n    for v in x:\n        h[:] = np.tanh(W @ v + U @ h + b)\n        rows.append(h)\n    return np.array(rows)", "All rows are equal: you changed one array in place and kept it many times. Append a new one."),
        ),
        "The states",
    ),
    by_cases(
        "11.5", "Clip by the joint length", "clip_two", _GRADIENTS,
        (
            "One length for both: the root of the sum of all squares, of a and of b.",
            "If this length is within the limit, nothing changes; otherwise one factor shortens both.",
            "Begin with length = np.sqrt((a**2).sum() + (b**2).sum()).",
        ),
        "def clip_two(a, b, limit):\n    share = min(1, limit / np.sqrt((a**2).sum() + (b**2).sum()))\n    return share * a, share * b",
        "def answer(a, b, limit):\n    length = np.linalg.norm(np.concatenate([a.ravel(), b.ravel()]))\n    return (a, b) if length <= limit else (a / length * limit, b / length * limit)",
        (
            ("answer = lambda a, b, m: (np.clip(a, -m, m), np.clip(b, -m, m))", "You cut each number by itself, and that changes the direction of the gradient; shorten all of it by one factor."),
            ("answer = lambda a, b, m: tuple(g * min(1, m / (np.linalg.norm(g) + 1e-12)) for g in (a, b))", "Each has been shortened by its own length; one length is taken over both together."),
            (_SCALED.format("m / np.sqrt((a**2).sum() + (b**2).sum())"), "Gradients that were short enough have changed, too; clipping never makes a gradient longer."),
            (_SCALED.format("min(1, m / ((a**2).sum() + (b**2).sum()))"), "The root is missing: the length is √(sum of squares)."),
            (_SCALED.format("min(1, m / (np.linalg.norm(a) + np.linalg.norm(b)))"), "You add the two lengths; add the squares of both and take the root of the sum."),
            (_SCALED.format("min(1, m / max(np.linalg.norm(a), np.linalg.norm(b)))"), "You take the longer of the two; the joint length holds the squares of both."),
            (_SCALED.format("1"), "Nothing has been shortened."),
        ),
        ("a", "b"),
    ),
    by_cases(
        "11.6", "The gates of an LSTM", "gates_to_state", _CELLS,
        (
            "Cut z into its four parts with np.split; each belongs to one gate or to the candidate.",
            "i, f and o pass through the sigmoid, g through tanh. f keeps the old cell, i lets the candidate in, o shows the new cell.",
            "Begin with i, f, g, o = np.split(z, 4).",
        ),
        "def gates_to_state(z, c):\n    i, f, g, o = np.split(z, 4)\n    i, f, o = (1 / (1 + np.exp(-gate)) for gate in (i, f, o))\n    c = f * c + i * np.tanh(g)\n    return o * np.tanh(c), c",
        "def answer(z, c):\n    n = len(c)\n    gate = (1 + np.tanh(z / 2)) / 2  # the sigmoid, written with tanh\n    new = gate[n : 2 * n] * c + gate[:n] * np.tanh(z[2 * n : 3 * n])\n    return gate[3 * n :] * np.tanh(new), new",
        (
            (_GATES.format("c = s(i) * c + s(f) * np.tanh(g)\n    return s(o) * np.tanh(c), c"), "Forget gate and input gate are exchanged: f keeps the old cell, i lets the candidate in."),
            (_GATES.format("c = s(f) * c + s(i) * s(g)\n    return s(o) * np.tanh(c), c"), "The candidate g passes through tanh, not through the sigmoid: it may be negative."),
            (_GATES.format("c = s(f) * c + s(i) * g\n    return s(o) * np.tanh(c), c"), "tanh is missing at the candidate g."),
            (_GATES.format("c = f * c + i * np.tanh(g)\n    return o * np.tanh(c), c"), "The gates must lie between 0 and 1: pass i, f and o through the sigmoid."),
            (_GATES.format("c = s(f) * c + (1 - s(f)) * np.tanh(g)\n    return s(o) * np.tanh(c), c"), "You have 1 − f in place of i, much as a GRU does; the LSTM has an input gate of its own."),
            (_GATES.format("c = s(f) * c + s(i) * np.tanh(g)\n    return s(o) * c, c"), "c is right; the new h is the output gate times tanh(c)."),
            (_GATES.format("n = s(f) * c + s(i) * np.tanh(g)\n    return s(o) * np.tanh(c), n"), "c is right, but h was made from the previous cell; use the new one."),
            (_GATES.format("c = s(f) * c + s(i) * np.tanh(g)\n    return c, s(o) * np.tanh(c)"), "Both are right, in the wrong order: h first, then c."),
            (_GATES.format("g, o = o, g\n    c = s(f) * c + s(i) * np.tanh(g)\n    return s(o) * np.tanh(c), c"), "You have taken the parts of z in the order i, f, o, g; PyTorch's order is i, f, g, o."),
        ),
        ("the new h", "the new c"),
    ),
    by_cases(
        "11.7", "Build it: backpropagation through time", "through_time", _SEQUENCES,
        (
            "Go forward first and keep all states, h₀ = 0 included.",
            "Begin at the end with back = h_L − y. In each step delta = back·(1 − h_t²) adds to both slopes, and delta·w goes one step further back.",
            "Begin with h = [0.0] and append np.tanh(w * h[-1] + u * x_t) for each x_t.",
        ),
        _back().replace("answer", "through_time"),
        "def answer(x, y, w, u):\n    h, h_w, h_u = 0.0, 0.0, 0.0  # forwards: the slopes of h itself\n    for v in x:\n        new = np.tanh(w * h + u * v)\n"
        "        h, h_w, h_u = new, (1 - new**2) * (h + w * h_w), (1 - new**2) * (v + w * h_u)\n    return (h - y) * h_w, (h - y) * h_u",
        (
            (_back(stop="len(x) - 1"), "Only the last step is in it; w and u are used in every step, so continue back to the first and add."),
            (_back(start="y - h[-1]"), "The sign is wrong: the loss is (h − y)²/2, so its slope is h − y."),
            (_back(start="2 * (h[-1] - y)"), "Both are twice too large: the ½ in the loss cancels the 2."),
            (_back(start="h[-1]"), "The target y is missing: the slope of the loss is h − y."),
            (_back(hand_on="d"), "On its way from step to step the error is multiplied by w; you pass it on unchanged."),
            (_back(slope="1.0"), "The slope of tanh is missing: 1 − h² at every step."),
            (_back().replace("d * h[t - 1]", "d * h[t]"), "The slope for w takes the previous state, h_{t−1}, in each step; you have taken h_t."),
            (_back().replace("return dw, du", "return du, dw"), "Both are right, in the wrong order: the slope for w comes first."),
        ),
        ("the slope for w", "the slope for u"),
    ),
)  # fmt: skip

QUESTIONS = (
    Question(
        "A gradient is multiplied by 0.9 in each step. What is left of it after 50 steps?",
        ("About a half", "About a two-hundredth", "Nothing: exactly zero"), 1,
        (
            "That would be after six or seven steps: 0.9⁷ = 0.48.",
            "0.9⁵⁰ = 0.005.",
            "It is never exactly zero, but small beside the gradients of later steps.",
        ),
    ),
    Question(
        "Which gates make a cell keep its value exactly?",
        ("f = 1, i = 0", "f = 0, i = 1", "f = 1, o = 0"), 0,
        (
            "The old value stays and nothing new is added: c = 1·c + 0·g.",
            "That replaces the cell by the candidate in every step.",
            "That hides the cell, and the input gate may still add to it.",
        ),
    ),
    Question(
        "What does clipping the gradient change?",
        ("Its direction", "Its length, when it is too long", "Its length, when it is too short"), 1,
        (
            "One factor for all parameters leaves the direction as it is.",
            "All gradients are multiplied by one factor, which is at most 1.",
            "Never: a vanished gradient stays vanished.",
        ),
    ),
    Question(
        "Truncated backpropagation with 20 steps: what can the network still use from 100 steps ago?",
        (
            "What is in its state, though it is not taught to keep it",
            "Nothing: the state is emptied every 20 steps",
            "All of it, exactly as it could without any truncation",
        ), 0,
        (
            "The forward pass is not cut; only the gradient does not go back that far.",
            "The state is passed on; only the gradient is cut.",
            "It may be in the state, but no gradient tells the network that it was needed.",
        ),
    ),
    Question(
        "A recurrent network reaches the squared error 0.17 in the adding problem. What has it learned?",
        ("To add roughly", "The mean of the sum", "The first of the two numbers"), 1,
        (
            "1/6 = 0.167 is what the constant 1 gives; nothing of the sequence is needed for that.",
            "The mean, 1, has the error 1/6: nothing was remembered.",
            "Then the error would be half of that: 1/12, the variance of the other number.",
        ),
    ),
)  # fmt: skip
