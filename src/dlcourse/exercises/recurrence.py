"""Exercises and quiz of chapter 11, recurrent networks."""

import numpy as np

from dlcourse.exercises.core import Exercise, Question, Wrong, array, as_it_came, call, close, function


def check_one_hot(answer):
    f = function(answer)
    for word, alphabet in (("deaf", "abcdefg"), ("abba", "ab"), ("c", "abc")):
        rows = [alphabet.index(letter) for letter in word]
        right = np.eye(len(alphabet))[rows]
        result = call(f, word, alphabet)
        came = as_it_came(result)
        if came.shape == (len(rows),) and close(came, np.array(rows)):
            raise Wrong("These are the indices; each of them becomes a row with a single 1 at that place.")
        if came.shape == right.shape[::-1] != right.shape and close(came.T, right):
            raise Wrong("Turned: one row a letter of the word, one column a letter of the alphabet.")
        if came.shape == (len(alphabet),) and close(came, right.sum(axis=0)):
            raise Wrong("You have added the rows up; then the order is lost. Keep one row for each letter.")
        got = array(result, right.shape, f"The rows of {word!r} in {alphabet!r}")
        if close(got, np.roll(right, 1, axis=1)) and not close(got, right):
            raise Wrong("The 1 stands one place too far to the right: the first letter of the alphabet has index 0.")
        if not close(got, right):
            raise Wrong(
                f"For {word!r} in {alphabet!r} the ones stand at {rows}; yours are {got.argmax(axis=1).tolist()}."
            )


def check_pairs(answer):
    f = function(answer)
    for codes in ([0, 1, 14, 14, 1, 0], [0, 5, 2, 0], list(range(9))):
        result = call(f, codes)
        if not isinstance(result, (tuple, list)) or len(result) != 2:
            raise Wrong("Return two things: the inputs and the targets.")
        x, y = (as_it_came(part).reshape(-1) for part in result)
        whole = np.array(codes, float)
        if len(x) == len(whole) and close(x, whole) and close(y, whole):
            raise Wrong("Inputs and targets are the same: the model would only learn to copy. Shift them by one.")
        if len(y) == len(whole) and close(y, np.roll(whole, -1)):
            raise Wrong("The last letter has no successor; you wrap around to the first. Leave it out of the inputs.")
        if len(x) == len(whole) - 1 and close(x, whole[1:]) and close(y, whole[:-1]):
            raise Wrong("The wrong way round: the inputs come first in time, the targets follow them.")
        if len(x) == len(whole) - 2 and close(x, whole[:-2]) and close(y, whole[2:]):
            raise Wrong("You look two letters ahead; the target is the very next one.")
        x, y = (array(part, (len(codes) - 1,), name) for part, name in zip(result, ("inputs", "targets"), strict=True))
        if not (close(x, whole[:-1]) and close(y, whole[1:])):
            raise Wrong(f"For {codes} the inputs are {codes[:-1]} and the targets {codes[1:]}.")


def check_steps(answer):
    f = function(answer)
    for factor, share in ((0.5, 0.1), (0.8, 0.001), (0.5, 0.25), (0.9, 0.5)):
        right = next(k for k in range(1000) if factor**k < share)
        got = float(array(call(f, factor, share), (), "The number of steps"))
        words = f"For a factor of {factor} and a share of {share}"
        if got == right:
            continue
        if got.is_integer() and factor**got == share:
            raise Wrong(f"{words}: after {got:g} steps it is exactly the share, not yet less than it.")
        if close(got, np.log(share) / np.log(factor)):
            raise Wrong(f"{words}: that is where it is just reached; a whole number of steps is asked for, beyond it.")
        if got == right - 1:
            raise Wrong(f"{words}: one step too early; {factor}^{got:g} is still {factor**got:.4g}.")
        if got == right + 1:
            raise Wrong(f"{words}: one step too late; {factor}^{right} is less already.")
        if got == -right or close(got, -np.log(share) / np.log(factor)):
            raise Wrong(f"{words}: a number of steps is positive; divide the two logarithms, both are negative.")
        if close(got, np.ceil((1 - share) / (1 - factor))):
            raise Wrong(f"{words}: you subtract in each step; the gradient is multiplied.")
        raise Wrong(f"{words} it takes {right} steps; yours says {got:g}.")


def check_states(answer):
    f = function(answer)
    rng = np.random.default_rng(11)
    for length, inputs, hidden in ((5, 2, 3), (4, 3, 3), (1, 2, 3)):
        x, w = rng.normal(size=(length, inputs)), rng.normal(size=(hidden, inputs))
        u, b = rng.normal(size=(hidden, hidden)), rng.normal(size=hidden)
        right = _states(x, w, u, b)
        result = call(f, x, w, u, b)
        came = as_it_came(result)
        if came.shape == (length + 1, hidden) and close(came[1:], right):
            raise Wrong("The first state h₀ = 0 is not asked for; return h₁ … h_L.")
        if came.shape == (hidden,) and close(came, right[-1]):
            raise Wrong("That is the last state only; keep all of them, one row a step.")
        got = array(result, right.shape, "The states")
        if close(got, right):
            continue
        if close(got, np.tanh(x @ w.T + b)):
            raise Wrong("U is not used: each step must see the state before it.")
        if close(got, _states(x, w, u.T, b)):
            raise Wrong("U stands the wrong way round: U @ h, row by row of U.")
        if close(got, _states(x, w, u, 0 * b)):
            raise Wrong("The bias b is missing.")
        if close(got, _states(x, w, u, b, squash=lambda z: z)):
            raise Wrong("tanh is missing: without it the network is linear.")
        if length > 1 and close(got, np.tile(got[-1], (length, 1))):
            raise Wrong("All rows are equal: you changed one array in place and kept it many times. Append a new one.")
        row = int(np.flatnonzero(~np.isclose(got, right).all(axis=1))[0])
        raise Wrong(f"The state after step {row + 1} should be {right[row].round(3).tolist()}.")


def _states(x, w, u, b, squash=np.tanh):
    h, found = np.zeros(len(b)), []
    for x_t in x:
        h = squash(w @ x_t + u @ h + b)
        found.append(h)
    return np.array(found)


def check_clip(answer):
    f = function(answer)
    cases = (([3.0, 1.0], [[0.0], [4.0]], 1.0), ([0.3, 0.4], [[0.0]], 2.0), ([6.0, 0.0], [[8.0, 0.0]], 5.0))
    for a, b, limit in cases:
        a, b = np.array(a), np.array(b)
        got_a, got_b = _several(call(f, a, b, limit), (("a", a.shape), ("b", b.shape)))
        length = np.sqrt((a**2).sum() + (b**2).sum())
        share = min(1, limit / length)
        if close(got_a, share * a) and close(got_b, share * b):
            continue
        if length <= limit and close(got_a, limit / length * a):
            raise Wrong("These were short enough; clipping never makes a gradient longer.")
        if close(got_a, np.clip(a, -limit, limit)) and close(got_b, np.clip(b, -limit, limit)):
            raise Wrong(
                "You cut each number by itself, and that turns the gradient; shorten the whole, keep its direction."
            )
        own = [min(1, limit / max(np.sqrt((g**2).sum()), 1e-12)) * g for g in (a, b)]
        if close(got_a, own[0]) and close(got_b, own[1]):
            raise Wrong("Each has been shortened by its own length; one length is taken over both together.")
        if close(got_a, limit / length**2 * a) or close(got_a, min(1, limit / length**2) * a):
            raise Wrong("The root is missing: the length is √(sum of squares).")
        if close(got_a, a) and close(got_b, b):
            raise Wrong(f"Nothing has been shortened; the joint length is {length:g}, and {limit:g} is the limit.")
        raise Wrong(f"The joint length is {length:g}; both must be multiplied by {share:g}.")


def check_gates(answer):
    f = function(answer)
    rng = np.random.default_rng(12)
    for units in (3, 2):
        z, c = rng.normal(size=4 * units), rng.normal(size=units)
        h, new = _several(call(f, z, c), (("h", (units,)), ("c", (units,))))
        i, forget, g, o = np.split(z, 4)
        s = [1 / (1 + np.exp(-part)) for part in (i, forget, o)]
        right = s[1] * c + s[0] * np.tanh(g)
        if close(new, right) and close(h, s[2] * np.tanh(right)):
            continue
        if close(h, right) and close(new, s[2] * np.tanh(right)):
            raise Wrong("Both are right, in the wrong order: h first, then c.")
        if close(new, s[0] * c + s[1] * np.tanh(g)):
            raise Wrong("Forget gate and input gate are exchanged: f keeps the old cell, i lets the new one in.")
        if close(new, s[1] * c + s[0] / (1 + np.exp(-g))):
            raise Wrong("The candidate g passes tanh, not the sigmoid: it may be negative.")
        if close(new, forget * c + i * np.tanh(g)):
            raise Wrong("The gates must lie between 0 and 1: pass i, f and o through the sigmoid.")
        if close(new, s[1] * c + (1 - s[1]) * np.tanh(g)):
            raise Wrong("1 − f in place of i is near to a GRU; the LSTM has an input gate of its own.")
        if close(new, right) and close(h, s[2] * right):
            raise Wrong("c is right; h shows tanh(c), times the output gate.")
        if close(new, right) and close(h, s[2] * np.tanh(c)):
            raise Wrong("c is right, but h was made from the cell before; use the new one.")
        raise Wrong("c ← σ(f)·c + σ(i)·tanh(g), then h = σ(o)·tanh(c); the rows of z are i, f, g, o.")


def check_through_time(answer):
    f = function(answer)
    for x, y, w, u in (
        ([1.0, 0.5, -0.5], 1.0, 0.5, 1.0),
        ([0.2, -1.0, 0.7, 0.3, 0.9], -0.4, -1.3, 0.6),
        ([0.5], 1.0, 0.7, 0.8),
    ):
        got = np.array([float(part) for part in _several(call(f, x, y, w, u), (("dw", ()), ("du", ())))])
        h = [0.0]
        for x_t in x:
            h.append(np.tanh(w * h[-1] + u * x_t))
        right, last = _gradient(x, y, w, h), _gradient(x, y, w, h, steps=1)
        if close(got, right):
            continue
        if close(got, right[::-1]) and not close(right, right[::-1]):
            raise Wrong("Both are right, in the wrong order: the one of w first.")
        if close(got, last):
            raise Wrong("Only the last step is in it; w and u are used in every step: go on back, and add.")
        if close(got, -right):
            raise Wrong("The sign: the loss is (h − y)²/2, so its slope is h − y.")
        if close(got, 2 * right):
            raise Wrong("Twice too large: the loss has a ½ in front, which cancels the 2.")
        if close(got, _gradient(x, y, 1.0, h)):
            raise Wrong("On its way from step to step the error passes through w; you hand it on unchanged.")
        if close(got, _gradient(x, y, w, h, slope=lambda h_t: 1.0)):
            raise Wrong("The slope of tanh is missing: 1 − h² at every step.")
        raise Wrong(
            f"For x = {x}, y = {y}, w = {w}, u = {u} they are {right.round(4).tolist()}; yours {got.round(4).tolist()}."
        )


def _gradient(x, y, w, h, steps=None, slope=lambda h_t: 1 - h_t**2):
    """(∂w, ∂u) from the last `steps` steps, all if None; h holds h_0 … h_L."""
    back, dw, du = h[-1] - y, 0.0, 0.0
    for t in range(len(x), len(x) - (steps or len(x)), -1):
        delta = back * slope(h[t])
        dw, du, back = dw + delta * h[t - 1], du + delta * x[t - 1], delta * w
    return np.array([dw, du])


def _several(result, parts):
    """The parts of a tuple, each as numbers; parts: (name, shape)."""
    if not isinstance(result, (tuple, list)) or len(result) != len(parts):
        raise Wrong(f"Return {len(parts)} things: {', '.join(name for name, _ in parts)}.")
    return [array(part, shape, name) for part, (name, shape) in zip(result, parts, strict=True)]


_GATES = "def answer(z, c):\n    s = lambda v: 1 / (1 + np.exp(-v))\n    i, f, g, o = np.split(z, 4)\n"
_LOOP = "def answer(x, W, U, b):\n    h, rows = np.zeros(len(b)), []\n    for v in x:\n        h = {step}\n        rows.append(h)\n    return {end}"
_BACK = (
    "def answer(x, y, w, u):\n    h = [0.0]\n    for v in x:\n        h.append(np.tanh(w * h[-1] + u * v))\n"
    "    back, dw, du = {start}, 0, 0\n    for t in range(len(x), {stop}, -1):\n        d = back * {slope}\n"
    "        dw, du, back = dw + d * h[t - 1], du + d * x[t - 1], {hand_on}\n    return dw, du"
)
_RIGHT = {"start": "h[-1] - y", "stop": "0", "slope": "(1 - h[t] ** 2)", "hand_on": "d * w"}


def _back(**changes):
    return _BACK.format(**_RIGHT | changes)


EXERCISES = (
    Exercise(
        "11.1", "One-hot rows", "one_hot_rows", check_one_hot,
        (
            "First find the index of each letter: alphabet.index(letter).",
            "The row of index k has a 1 at place k and zeros elsewhere.",
            "np.eye(len(alphabet)) holds all such rows; pick them by the list of indices.",
        ),
        "def one_hot_rows(word, alphabet):\n    return np.eye(len(alphabet))[[alphabet.index(letter) for letter in word]]",
        "answer = lambda word, alphabet: [[int(letter == other) for other in alphabet] for letter in word]",
        (
            ("answer = lambda word, alphabet: [alphabet.index(c) for c in word]", "These are the indices"),
            ("answer = lambda word, alphabet: np.eye(len(alphabet))[[alphabet.index(c) for c in word]].T", "Turned"),
            ("answer = lambda word, alphabet: np.eye(len(alphabet))[[alphabet.index(c) for c in word]].sum(axis=0)", "the order is lost"),
            ("answer = lambda word, alphabet: np.eye(len(alphabet))[[(alphabet.index(c) + 1) % len(alphabet) for c in word]]", "one place too far"),
        ),
    ),
    Exercise(
        "11.2", "Inputs and targets", "inputs_and_targets", check_pairs,
        (
            "At each place the model reads one letter and says the next.",
            "The last letter is never read: there is nothing to say after it.",
            "codes[:-1] and codes[1:].",
        ),
        "def inputs_and_targets(codes):\n    return codes[:-1], codes[1:]",
        "answer = lambda codes: np.array([codes[i : i + 2] for i in range(len(codes) - 1)]).T.tolist()",
        (
            ("answer = lambda codes: (codes, codes)", "only learn to copy"),
            ("answer = lambda codes: (codes, codes[1:] + codes[:1])", "wrap around"),
            ("answer = lambda codes: (codes[1:], codes[:-1])", "wrong way round"),
            ("answer = lambda codes: (codes[:-2], codes[2:])", "two letters ahead"),
            ("answer = lambda codes: codes[:-1]", "Return two things"),
        ),
    ),
    Exercise(
        "11.3", "How far a gradient reaches", "steps_until", check_steps,
        (
            "After k steps factorᵏ is left.",
            "A loop that multiplies until it is less than the share will do; so will logarithms.",
            "Start with k = 0 and left = 1; while left >= share: left *= factor, k += 1.",
        ),
        "def steps_until(factor, share):\n    left, steps = 1.0, 0\n    while left >= share:\n        left, steps = left * factor, steps + 1\n    return steps",
        "answer = lambda factor, share: int(np.floor(np.log(share) / np.log(factor))) + 1",
        (
            ("answer = lambda a, s: np.log(s) / np.log(a)", "just reached"),
            ("answer = lambda a, s: int(np.log(s) / np.log(a))", "one step too early"),
            ("answer = lambda a, s: int(np.log(s) / np.log(a)) + 2", "one step too late"),
            ("answer = lambda a, s: np.ceil(np.log(s) / np.log(a))", "not yet less"),
            ("answer = lambda a, s: -np.log(s) / np.log(a)", "is positive"),
            ("answer = lambda a, s: np.ceil((1 - s) / (1 - a))", "you subtract"),
        ),
    ),
    Exercise(
        "11.4", "The states of a recurrent network", "states_of", check_states,
        (
            "Begin with h of zeros, as many as b has.",
            "In every step a new h from W @ x_t, U @ h and b; keep it in a list.",
            "h = np.tanh(W @ x_t + U @ h + b); np.array(list) at the end.",
        ),
        "def states_of(x, W, U, b):\n    h, rows = np.zeros(len(b)), []\n    for x_t in x:\n        h = np.tanh(W @ x_t + U @ h + b)\n        rows.append(h)\n    return np.array(rows)",
        "def answer(x, W, U, b):\n    rows = np.zeros((len(x) + 1, len(b)))\n    given = x @ W.T + b\n    for t in range(len(x)):\n        rows[t + 1] = np.tanh(given[t] + rows[t] @ U.T)\n    return rows[1:]",
        (
            (_LOOP.format(step="np.tanh(W @ v + b)", end="np.array(rows)"), "U is not used"),
            (_LOOP.format(step="np.tanh(W @ v + U.T @ h + b)", end="np.array(rows)"), "wrong way round"),
            (_LOOP.format(step="np.tanh(W @ v + U @ h)", end="np.array(rows)"), "bias b is missing"),
            (_LOOP.format(step="W @ v + U @ h + b", end="np.array(rows)"), "tanh is missing"),
            (_LOOP.format(step="np.tanh(W @ v + U @ h + b)", end="h"), "last state only"),
            (_LOOP.format(step="np.tanh(W @ v + U @ h + b)", end="np.array([0 * h, *rows])"), "not asked for"),
            ("def answer(x, W, U, b):\n    h, rows = np.zeros(len(b)), []\n    for v in x:\n        h[:] = np.tanh(W @ v + U @ h + b)\n        rows.append(h)\n    return np.array(rows)", "All rows are equal"),
        ),
    ),
    Exercise(
        "11.5", "Clip by the joint length", "clip_two", check_clip,
        (
            "One length for both: the root of the sum of all squares, of a and of b.",
            "If it is within the limit, nothing happens.",
            "Multiply both by min(1, limit / length).",
        ),
        "def clip_two(a, b, limit):\n    share = min(1, limit / np.sqrt((a**2).sum() + (b**2).sum()))\n    return share * a, share * b",
        "def answer(a, b, limit):\n    length = np.linalg.norm(np.concatenate([a.ravel(), b.ravel()]))\n    return (a, b) if length <= limit else (a / length * limit, b / length * limit)",
        (
            ("answer = lambda a, b, m: (np.clip(a, -m, m), np.clip(b, -m, m))", "cut each number"),
            ("answer = lambda a, b, m: tuple(g * min(1, m / (np.linalg.norm(g) + 1e-12)) for g in (a, b))", "by its own length"),
            ("def answer(a, b, m):\n    s = m / np.sqrt((a**2).sum() + (b**2).sum())\n    return a * s, b * s", "never makes a gradient longer"),
            ("def answer(a, b, m):\n    s = min(1, m / ((a**2).sum() + (b**2).sum()))\n    return a * s, b * s", "root is missing"),
            ("answer = lambda a, b, m: (a, b)", "Nothing has been shortened"),
        ),
    ),
    Exercise(
        "11.6", "The gates of an LSTM", "gates_to_state", check_gates,
        (
            "np.split(z, 4) gives i, f, g, o.",
            "i, f and o pass through the sigmoid, g through tanh.",
            "c = σ(f)·c + σ(i)·tanh(g); h = σ(o)·tanh(c), with the new c.",
        ),
        "def gates_to_state(z, c):\n    i, f, g, o = np.split(z, 4)\n    i, f, o = (1 / (1 + np.exp(-gate)) for gate in (i, f, o))\n    c = f * c + i * np.tanh(g)\n    return o * np.tanh(c), c",
        "def answer(z, c):\n    n = len(c)\n    gate = (1 + np.tanh(z / 2)) / 2  # the sigmoid, written with tanh\n    new = gate[n : 2 * n] * c + gate[:n] * np.tanh(z[2 * n : 3 * n])\n    return gate[3 * n :] * np.tanh(new), new",
        (
            (_GATES + "    c = s(i) * c + s(f) * np.tanh(g)\n    return s(o) * np.tanh(c), c", "exchanged"),
            (_GATES + "    c = s(f) * c + s(i) * s(g)\n    return s(o) * np.tanh(c), c", "passes tanh"),
            (_GATES + "    c = f * c + i * np.tanh(g)\n    return o * np.tanh(c), c", "between 0 and 1"),
            (_GATES + "    c = s(f) * c + (1 - s(f)) * np.tanh(g)\n    return s(o) * np.tanh(c), c", "near to a GRU"),
            (_GATES + "    c = s(f) * c + s(i) * np.tanh(g)\n    return s(o) * c, c", "h shows tanh(c)"),
            (_GATES + "    n = s(f) * c + s(i) * np.tanh(g)\n    return s(o) * np.tanh(c), n", "cell before"),
            (_GATES + "    c = s(f) * c + s(i) * np.tanh(g)\n    return c, s(o) * np.tanh(c)", "in the wrong order"),
        ),
    ),
    Exercise(
        "11.7", "Build it: backpropagation through time", "through_time", check_through_time,
        (
            "Go forward first and keep all states, h₀ = 0 included.",
            "Begin at the end with back = h_L − y. In each step delta = back·(1 − h_t²).",
            "dw += delta·h_{t−1}, du += delta·x_t, and back = delta·w for the step before.",
        ),
        _back().replace("answer", "through_time"),
        "def answer(x, y, w, u):\n    h, h_w, h_u = 0.0, 0.0, 0.0  # forwards: the slopes of h itself\n    for v in x:\n        new = np.tanh(w * h + u * v)\n"
        "        h, h_w, h_u = new, (1 - new**2) * (h + w * h_w), (1 - new**2) * (v + w * h_u)\n    return (h - y) * h_w, (h - y) * h_u",
        (
            (_back(stop="len(x) - 1"), "Only the last step"),
            (_back(start="y - h[-1]"), "The sign"),
            (_back(start="2 * (h[-1] - y)"), "Twice too large"),
            (_back(hand_on="d"), "hand it on unchanged"),
            (_back(slope="1.0"), "slope of tanh is missing"),
            (_back().replace("return dw, du", "return du, dw"), "in the wrong order"),
        ),
    ),
)  # fmt: skip

QUESTIONS = (
    Question(
        "A gradient is multiplied by 0.9 in each step. After 50 steps there is left of it …",
        ("about a half", "about a two-hundredth", "nothing at all"), 1,
        (
            "That would be after six or seven steps: 0.9⁷ = 0.48.",
            "0.9⁵⁰ = 0.005.",
            "It never is exactly zero; but it drowns in the other gradients.",
        ),
    ),
    Question(
        "Which gates make a cell keep its value exactly?",
        ("f = 1, i = 0", "f = 0, i = 1", "f = 1, o = 0"), 0,
        (
            "All of the old, nothing of the new: c = 1·c + 0·g.",
            "That replaces the cell by the candidate in every step.",
            "That hides the cell, and the input gate may still add to it.",
        ),
    ),
    Question(
        "What does clipping the gradient change?",
        ("Its direction", "Its length, when it is too long", "Its length, when it is too short"), 1,
        (
            "It does not, if one factor is used for all parameters.",
            "One factor for all parameters, at most 1.",
            "Never: a vanished gradient stays vanished.",
        ),
    ),
    Question(
        "Truncated backpropagation with 20 steps: what can the network still use from 100 steps ago?",
        (
            "What is in its state, though it is not taught to keep it", "Nothing",
            "All of it, as without truncation",
        ), 0,
        (
            "Forwards nothing is cut; only the gradient does not go back that far.",
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
