"""Exercises and quiz of chapter 13, transfer learning."""

import numpy as np

from dlcourse.exercises.core import Exercise, Question, Wrong, array, as_it_came, call, close, function


def check_weights(answer):
    f = function(answer)
    for k, c_in, c_out in ((3, 64, 128), (5, 6, 16), (1, 512, 10)):
        got, right = float(array(call(f, k, c_in, c_out), (), "The number")), k * k * c_in * c_out + c_out
        words = f"For {k} × {k} kernels from {c_in} to {c_out} channels"
        if got == right:
            continue
        if got == right - c_out:
            raise Wrong(f"{words}: the biases are missing, one for each output channel.")
        if got == right - c_out + c_in:
            raise Wrong(f"{words}: a bias belongs to an output channel; you count one for each input channel.")
        if got == right - c_out + 1:
            raise Wrong(f"{words}: there is not one bias in all; every output channel has its own.")
        if got == k * c_in * c_out + c_out:
            raise Wrong(f"{words}: a kernel has k · k places, you count k.")
        if got == k * k * c_out + c_out:
            raise Wrong(f"{words}: each output channel has a kernel for every input channel; c_in is missing.")
        raise Wrong(f"{words} it has {right:,} weights; yours says {got:,.0f}.")


def check_saving(answer):
    f = function(answer)
    for k, c_in, c_out in ((3, 512, 512), (5, 8, 24), (3, 32, 64)):
        got = float(array(call(f, k, c_in, c_out), (), "The factor"))
        whole, split = k * k * c_in * c_out, k * k * c_in + c_in * c_out
        words = f"For k = {k}, {c_in} to {c_out} channels"
        if close(got, whole / split):
            continue
        if close(got, split / whole):
            raise Wrong(f"{words}: that is the share that is left; turn the fraction over.")
        if close(got, whole / (k * k * c_in)):
            raise Wrong(f"{words}: only the depthwise half is counted; the 1 × 1 across the channels is missing.")
        if close(got, whole - split):
            raise Wrong(f"{words}: that is the difference; a factor is asked for.")
        if close(got, whole / (k * k * c_out + c_in * c_out)) and c_in != c_out:
            raise Wrong(f"{words}: the depthwise kernels come first, one for each of the channels that come in.")
        raise Wrong(f"{words}: {whole:,} against {split:,}, so {whole / split:.3f}; yours says {got:.3f}.")


def check_prepare(answer):
    f = function(answer)
    rng = np.random.default_rng(13)
    for shape in ((2, 4, 5, 3), (4, 6, 2, 3)):
        photos = rng.random(shape)
        n, h, w, _ = shape
        result = call(f, photos)
        came = as_it_came(result)
        right = ((255 * photos - 127) / 128).transpose(0, 3, 1, 2)
        if came.shape == shape and close(came, right.transpose(0, 2, 3, 1)):
            raise Wrong("The numbers are right; the channels must come second: transpose(0, 3, 1, 2).")
        if came.shape == (n, 3, w, h) and close(came, right.transpose(0, 1, 3, 2)):
            raise Wrong("Height and width are exchanged: the picture lies on its side.")
        got = array(result, (n, 3, h, w), "The prepared photos")
        if close(got, right):
            continue
        if close(got, ((255 * photos - 127) / 128).reshape(n, 3, h, w)):
            raise Wrong(
                "reshape only cuts the row of numbers anew and mixes up the colours; axes are moved by transpose."
            )
        if close(got, ((photos - 127) / 128).transpose(0, 3, 1, 2)):
            raise Wrong("These photos run from 0 to 1; the formula wants 0 to 255 first.")
        if close(got, photos.transpose(0, 3, 1, 2)):
            raise Wrong("The axes are right; the numbers are still those of the photo: (255x − 127)/128.")
        raise Wrong(
            f"A pixel of {photos[0, 0, 0, 0]:.3f} becomes {right[0, 0, 0, 0]:.3f}; yours {got[0, 0, 0, 0]:.3f}."
        )


def check_shots(answer):
    f = function(answer)
    rng = np.random.default_rng(14)
    for y, k in (([0, 1, 0, 1, 0, 1], 2), ([2, 0, 1, 2, 1, 0, 0, 2, 1], 1), ([1, 1, 0, 0, 0, 1, 1, 0], 3)):
        y, order = np.array(y), rng.permutation(len(y))
        right = np.concatenate([order[y[order] == c][:k] for c in range(y.max() + 1)])
        words = f"y = {y.tolist()}, order = {order.tolist()}, k = {k}"
        got = array(call(f, y, order, k), right.shape, "The rows")
        if close(got, right):
            continue
        if close(got, y[right]):
            raise Wrong(f"For {words} you return the classes; the row numbers are asked for.")
        if close(got, np.concatenate([np.flatnonzero(y == c)[:k] for c in range(y.max() + 1)])):
            raise Wrong(f"For {words}: these are the first as they lie in y; go through them as `order` does.")
        if close(got, order[: len(right)]):
            raise Wrong(f"For {words}: that is the beginning of `order`; k of *each* class are asked for.")
        places = np.concatenate([np.flatnonzero(y[order] == c)[:k] for c in range(y.max() + 1)])
        if close(got, places):
            raise Wrong(f"For {words}: these are places in `order`; the rows are what stands there: order[places].")
        if close(np.sort(got), np.sort(right)):
            raise Wrong(f"For {words} the rows are right, but not in their order: class 0 first, each as visited.")
        raise Wrong(f"For {words} the rows are {right.tolist()}; yours {got.astype(int).tolist()}.")


def check_overlap(answer):
    f = function(answer)
    rng = np.random.default_rng(15)
    draws = rng.integers(0, 60, (40, 2)), rng.integers(0, 60, (6, 2))
    cases = (
        (np.array([[0, 0], [0, 8], [7, 7], [8, 0], [20, 3]]), np.array([[0, 0]]), 8),
        (np.array([[5, 5], [9, 9], [5, 30]]), np.array([[9, 9], [5, 22]]), 8),
        (*draws, 10),
    )
    for train, test, size in cases:
        got = array(call(f, train, test, size), (len(train),), "The answer")
        down, across = np.abs(train[:, None] - test[None]).transpose(2, 0, 1)  # (N, M) each
        right = ~((down < size) & (across < size)).any(axis=1)
        if close(got, right):
            continue
        if close(got, ~right):
            raise Wrong("The other way round: True for those that share *no* pixel.")
        if close(got, ~((down <= size) & (across <= size)).any(axis=1)):
            raise Wrong(f"Patches that lie side by side, {size} pixels apart, share nothing; use < size.")
        if close(got, ~((down < size) | (across < size)).any(axis=1)):
            raise Wrong("Overlap needs both: near in rows *and* in columns.")
        if close(got, ~((down == 0) & (across == 0)).any(axis=1)):
            raise Wrong("You look for the very same patch only; shifted by a pixel it shares nearly everything.")
        if close(got, ~((down < size) & (across < size)).all(axis=1)):
            raise Wrong("One overlap is enough: any test patch, not all of them.")
        number = int(np.flatnonzero(got != right)[0])
        raise Wrong(
            f"Patch {train[number].tolist()} of size {size} {'shares no' if right[number] else 'shares a'} pixel with "
            f"the test; yours says otherwise."
        )


def check_step(answer):
    f = function(answer)
    rng = np.random.default_rng(16)
    for n, d, h, k in ((5, 3, 4, 2), (2, 4, 3, 3)):
        x, y = rng.normal(size=(n, d)), rng.normal(size=(n, k))
        w1, w2 = rng.normal(size=(h, d)), rng.normal(size=(k, h))
        for frozen in (True, False):
            body, head = _two_weights(call(f, x, y, w1, w2, 0.3, frozen), w1, w2)
            _compare_step(x, y, w1, w2, frozen, body, head)


def _two_weights(result, w1, w2):
    """The two weights of the answer, each of its own shape."""
    if not isinstance(result, (tuple, list)) or len(result) != 2:
        raise Wrong("Return two things: W1, W2.")
    if as_it_came(result[0]).shape == w2.shape != w1.shape:
        raise Wrong("W1 first, then W2; yours come the other way round.")
    return (array(part, w.shape, name) for part, w, name in zip(result, (w1, w2), ("W1", "W2"), strict=True))


def _compare_step(x, y, w1, w2, frozen, body, head, rate=0.3):
    hidden = np.tanh(x @ w1.T)
    error = (hidden @ w2.T - y) / len(x)
    to_head, back = error.T @ hidden, error @ w2
    to_body = (back * (1 - hidden**2)).T @ x
    right1, right2 = w1 - (0 if frozen else rate) * to_body, w2 - rate * to_head
    when = "frozen" if frozen else "not frozen"
    if close(body, right1) and close(head, right2):
        return
    if frozen and not close(body, w1):
        raise Wrong("With frozen=True the body must come back as it was; yours has moved.")
    if close(head, w2 + rate * to_head):
        raise Wrong("Uphill: subtract rate · gradient.")
    if close(head, w2 - rate * len(x) * to_head):
        raise Wrong("The loss is a mean over the rows: divide by N.")
    if close(head, w2):
        raise Wrong(f"The head has not moved ({when}); it is trained in either case.")
    if close(head, right2) and close(body, w1):
        raise Wrong("With frozen=False the body must move, too.")
    if close(head, right2) and close(body, w1 - rate * back.T @ x):
        raise Wrong("On its way into the body the error passes tanh: times 1 − h².")
    if close(head, right2) and close(body, w1 - rate * ((error @ right2) * (1 - hidden**2)).T @ x):
        raise Wrong("You have sent the error back through the *new* head; both gradients belong to the old weights.")
    part, got, want = ("W2", head, right2) if not close(head, right2) else ("W1", body, right1)
    raise Wrong(f"{part} ({when}) should begin with {want[0].round(3).tolist()}; yours: {got[0].round(3).tolist()}.")


_STEP = (
    "def answer(x, y, W1, W2, rate, frozen):\n    h = np.tanh(x @ W1.T)\n    e = (h @ W2.T - y) / {n}\n"
    "    d = (e @ W2) * {slope}\n    {order}"
)
_BOTH = "return ({body}), W2 {sign} rate * e.T @ h"


def _step(n="len(x)", slope="(1 - h**2)", body="W1 if frozen else W1 - rate * d.T @ x", sign="-", order=_BOTH):
    return _STEP.format(n=n, slope=slope, order=order.format(body=body, sign=sign))


EXERCISES = (
    Exercise(
        "13.1", "Weights of a convolution", "conv_weights", check_weights,
        (
            "Each output channel has one kernel for every input channel.",
            "A kernel has k · k places; and each output channel has one bias.",
            "k * k * c_in * c_out + c_out.",
        ),
        "def conv_weights(k, c_in, c_out):\n    return k * k * c_in * c_out + c_out",
        "answer = lambda k, c_in, c_out: c_out * (np.prod([k, k, c_in]) + 1)",
        (
            ("answer = lambda k, a, b: k * k * a * b", "biases are missing"),
            ("answer = lambda k, a, b: k * k * a * b + a", "one for each input channel"),
            ("answer = lambda k, a, b: k * k * a * b + 1", "not one bias in all"),
            ("answer = lambda k, a, b: k * a * b + b", "you count k"),
            ("answer = lambda k, a, b: k * k * b + b", "c_in is missing"),
        ),
    ),
    Exercise(
        "13.2", "What depthwise saves", "saving", check_saving,
        (
            "Write both counts down: k²·c_in·c_out, and the two parts of the other.",
            "Depthwise has a k × k kernel for each input channel; then a 1 × 1 from c_in to c_out.",
            "k²·c_in·c_out / (k²·c_in + c_in·c_out).",
        ),
        "def saving(k, c_in, c_out):\n    return k * k * c_in * c_out / (k * k * c_in + c_in * c_out)",
        "answer = lambda k, c_in, c_out: 1 / (1 / c_out + 1 / k**2)",
        (
            ("answer = lambda k, a, b: (k * k * a + a * b) / (k * k * a * b)", "turn the fraction over"),
            ("answer = lambda k, a, b: k * k * a * b / (k * k * a)", "1 × 1 across the channels is missing"),
            ("answer = lambda k, a, b: k * k * a * b - k * k * a - a * b", "that is the difference"),
            ("answer = lambda k, a, b: k * k * a * b / (k * k * b + a * b)", "channels that come in"),
        ),
    ),
    Exercise(
        "13.3", "As the network saw photos", "prepare", check_prepare,
        (
            "First the numbers, then the axes.",
            "The formula wants 0 to 255: multiply by 255 first.",
            "((255 * photos - 127) / 128).transpose(0, 3, 1, 2).",
        ),
        "def prepare(photos):\n    return ((255 * photos - 127) / 128).transpose(0, 3, 1, 2)",
        "answer = lambda photos: np.moveaxis(photos * (255 / 128) - 127 / 128, -1, 1)",
        (
            ("answer = lambda p: (255 * p - 127) / 128", "channels must come second"),
            ("answer = lambda p: ((255 * p - 127) / 128).transpose(0, 3, 2, 1)", "lies on its side"),
            ("answer = lambda p: ((255 * p - 127) / 128).reshape(len(p), 3, *p.shape[1:3])", "mixes up the colours"),
            ("answer = lambda p: ((p - 127) / 128).transpose(0, 3, 1, 2)", "wants 0 to 255 first"),
            ("answer = lambda p: p.transpose(0, 3, 1, 2)", "still those of the photo"),
        ),
    ),
    Exercise(
        "13.4", "k examples of each class", "first_shots", check_shots,
        (
            "y[order] are the classes in the order of the visit.",
            "order[y[order] == c] are the rows of class c, as visited.",
            "Take [:k] of each, and put them together with np.concatenate.",
        ),
        "def first_shots(y, order, k):\n    return np.concatenate([order[y[order] == c][:k] for c in np.unique(y)])",
        "def answer(y, order, k):\n    found = {c: [] for c in sorted(set(y.tolist()))}\n    for row in order:\n        if len(found[y[row]]) < k:\n            found[y[row]].append(int(row))\n    return sum(found.values(), [])",
        (
            ("answer = lambda y, o, k: y[np.concatenate([o[y[o] == c][:k] for c in np.unique(y)])]", "you return the classes"),
            ("answer = lambda y, o, k: np.concatenate([np.flatnonzero(y == c)[:k] for c in np.unique(y)])", "as they lie in y"),
            ("answer = lambda y, o, k: o[: k * len(np.unique(y))]", "beginning of `order`"),
            ("answer = lambda y, o, k: np.concatenate([np.flatnonzero(y[o] == c)[:k] for c in np.unique(y)])", "places in `order`"),
            ("answer = lambda y, o, k: np.sort(np.concatenate([o[y[o] == c][:k] for c in np.unique(y)]))", "not in their order"),
        ),
    ),
    Exercise(
        "13.5", "Patches without a leak", "without_overlap", check_overlap,
        (
            "Two squares overlap if their corners are nearer than `size` in rows and in columns.",
            "np.abs(train[:, None] - test[None]) is (N, M, 2): all distances at once.",
            "near = (distances < size).all(axis=2); the answer is ~near.any(axis=1).",
        ),
        "def without_overlap(train, test, size):\n    distances = np.abs(train[:, None] - test[None])  # (N, M, 2)\n    near = (distances < size).all(axis=2)\n    return ~near.any(axis=1)",
        "def answer(train, test, size):\n    return [all(max(abs(a - c), abs(b - d)) >= size for c, d in test) for a, b in train]",
        (
            ("answer = lambda a, b, s: (np.abs(a[:, None] - b[None]) < s).all(axis=2).any(axis=1)", "other way round"),
            ("answer = lambda a, b, s: ~(np.abs(a[:, None] - b[None]) <= s).all(axis=2).any(axis=1)", "use < size"),
            ("answer = lambda a, b, s: ~(np.abs(a[:, None] - b[None]) < s).any(axis=2).any(axis=1)", "needs both"),
            ("answer = lambda a, b, s: ~(a[:, None] == b[None]).all(axis=2).any(axis=1)", "very same patch only"),
            ("answer = lambda a, b, s: ~(np.abs(a[:, None] - b[None]) < s).all(axis=2).all(axis=1)", "any test patch, not all"),
        ),
    ),
    Exercise(
        "13.6", "A step with and without the body", "transfer_step", check_step,
        (
            "e = (h W₂ᵀ − y)/N; the head's gradient is eᵀh, whatever is frozen.",
            "Back into the body: (e W₂) times 1 − h², then transposed times x.",
            "Compute both gradients from the old weights; if frozen, return W1 itself.",
        ),
        "def transfer_step(x, y, W1, W2, rate, frozen):\n    h = np.tanh(x @ W1.T)\n    error = (h @ W2.T - y) / len(x)\n    to_body = ((error @ W2) * (1 - h**2)).T @ x\n    return (W1 if frozen else W1 - rate * to_body), W2 - rate * error.T @ h",
        "def answer(x, y, W1, W2, rate, frozen):\n    G1, G2 = np.zeros_like(W1), np.zeros_like(W2)\n    for row, target in zip(x, y):\n        h = np.tanh(W1 @ row)\n        e = W2 @ h - target\n        G2 += np.outer(e, h)\n        G1 += np.outer((1 - h * h) * (W2.T @ e), row)\n    return W1 - (not frozen) * rate * G1 / len(x), W2 - rate * G2 / len(x)",
        (
            (_step(body="W1 - rate * d.T @ x"), "yours has moved"),
            (_step(sign="+", body="W1 if frozen else W1 + rate * d.T @ x"), "Uphill"),
            (_step(n="1"), "divide by N"),
            (_step(body="W1"), "must move, too"),
            (_step(slope="1"), "passes tanh"),
            (_step(order="W2 = W2 - rate * e.T @ h\n    d = (e @ W2) * (1 - h**2)\n    return (W1 if frozen else W1 - rate * d.T @ x), W2"), "the *new* head"),
            (_step(order="return ({body}), W2"), "head has not moved"),
        ),
    ),
)  # fmt: skip

QUESTIONS = (
    Question(
        "You have five labelled photos of each class, and a network pretrained on similar ones. What first?",
        ("Train all its layers with a large rate", "Freeze the body and train a new head", "Begin from random weights"),
        1,
        (
            "Five photos cannot steer millions of weights, and a large rate washes out what was borrowed.",
            "Yes: little can be learned, so what is given counts. And the features are computed only once.",
            "That is the baseline to draw beside it; with five photos it has little chance.",
        ),
    ),
    Question(
        "Patches are cut from one large photo, shuffled, and split 80/20. The test says 99%. What do you conclude?",
        ("The network is excellent", "The split is fair, it was random", "Nothing: test and training patches overlap"),
        2,
        (
            "It may only remember: a test patch shares pixels with training patches.",
            "Random, yes, but the patches share pixels. Split by region, by photo, by patient.",
            "Right. In the notebook 99% became less than 75% on a part never seen.",
        ),
    ),
    Question(
        "Freezing both convolutions of our LeNet leaves 83% of the weights to train. Why is it so much faster?",
        ("Few weights, but used at every place: most multiplications", "It is not faster", "Frozen layers are skipped"),
        0,
        (
            "Yes: 2,572 weights make seven of ten multiplications; and frozen features are computed once.",
            "It is: the convolutions need most multiplications, and no backward pass.",
            "They still run, once for each example; only their weights stay.",
        ),
    ),
    Question(
        "After fine-tuning on 5–9 the network no longer reads 0–4. What keeps them best?",
        ("Freezing the first layer", "More updates on 5–9", "A few old examples in every batch"),
        2,
        (
            "The lab shows: the last layer unlearns them all the same.",
            "They are forgotten further.",
            "Right: rehearsal. Five of each class were enough.",
        ),
    ),
)
