"""Exercises and quiz of chapter 12, word embeddings and clustering."""

import numpy as np

from dlcourse.exercises.core import Exercise, Question, Wrong, array, as_it_came, call, close, function


def check_nearest(answer):
    f = function(answer)
    rng = np.random.default_rng(12)
    for points, k in ((7, 3), (4, 2), (5, 4)):
        x, centres = rng.normal(size=(points, 2)), 2 * rng.normal(size=(k, 2))
        distances = ((x[:, None] - centres) ** 2).sum(axis=2)
        right = distances.argmin(axis=1)
        result = call(f, x, centres)
        came = as_it_came(result)
        if came.shape == distances.shape:
            raise Wrong("These are numbers for every pair; take for each point the place of the least one.")
        if came.shape == (k,) and close(came, distances.argmin(axis=0)):
            raise Wrong("The wrong axis: that is the nearest point of each centre. Each point asks for its centre.")
        got = array(result, right.shape, "The groups")
        if close(got, right):
            continue
        if close(got, distances.argmax(axis=1)):
            raise Wrong("That is the farthest centre: argmin, not argmax.")
        if close(got, distances.min(axis=1)) or close(got, np.sqrt(distances.min(axis=1))):
            raise Wrong("These are the least distances; the place of the least is asked for.")
        if close(got, right + 1):
            raise Wrong("Count the centres from 0.")
        if close(got, (x @ centres.T).argmax(axis=1)):
            raise Wrong("The largest product is not the least distance; a long vector wins it from afar.")
        raise Wrong(f"The groups should be {right.tolist()}; yours are {got.tolist()}.")


def check_inertia(answer):
    f = function(answer)
    rng = np.random.default_rng(13)
    for points, k in ((8, 3), (5, 2)):
        x, centres, groups = rng.normal(size=(points, 2)), rng.normal(size=(k, 2)), rng.integers(0, k, points)
        squares = ((x - centres[groups]) ** 2).sum(axis=1)
        got = float(array(call(f, x, centres, groups), (), "The inertia"))
        if close(got, squares.sum()):
            continue
        if close(got, squares.mean()):
            raise Wrong("That is the mean of the squared distances; the inertia is their sum.")
        if close(got, np.sqrt(squares).sum()):
            raise Wrong("You sum the distances; the inertia sums their squares.")
        if close(got, np.sqrt(squares.sum())):
            raise Wrong("No root: the sum of the squares as it is.")
        every = ((x[:, None] - centres) ** 2).sum(axis=2)
        if close(got, every.sum()):
            raise Wrong("You sum over all centres; a point counts its own only.")
        if close(got, every.min(axis=1).sum()):
            raise Wrong(
                "You take the nearest centre; `groups` says to whom a point belongs, and it may be another one."
            )
        raise Wrong(f"The inertia should be {squares.sum():.4f}; yours is {got:.4f}.")


def check_centres(answer):
    f = function(answer)
    rng = np.random.default_rng(14)
    for sizes in ((2, 3, 4), (1, 4), (2, 0, 3)):
        groups = rng.permutation(np.repeat(np.arange(len(sizes)), sizes))
        x, old = rng.normal(size=(len(groups), 2)), 5 + rng.normal(size=(len(sizes), 2))
        right = np.array([x[groups == g].mean(axis=0) if n else old[g] for g, n in enumerate(sizes)])
        with np.errstate(all="ignore"):
            came = as_it_came(call(_quiet(f), x, groups, old))
        if came.shape == right.shape and not np.isfinite(came).all() and 0 in sizes:
            raise Wrong("A group is empty here, and the mean of nothing is nan. Leave its centre where it was.")
        got = array(came, right.shape, "The centres")
        if close(got, right):
            continue
        if 0 in sizes and close(np.delete(got, sizes.index(0), 0), np.delete(right, sizes.index(0), 0)):
            raise Wrong("The centre of an empty group must stay where it was.")
        if close(got, [x[groups == g].sum(axis=0) if n else old[g] for g, n in enumerate(sizes)]):
            raise Wrong("That is the sum of the points of a group; divide by how many they are.")
        if close(got, [np.median(x[groups == g], axis=0) if n else old[g] for g, n in enumerate(sizes)]):
            raise Wrong("That is the median; k-means takes the mean.")
        if close(got, [x[groups == g].sum(axis=0) / len(x) if n else old[g] for g, n in enumerate(sizes)]):
            raise Wrong("Divide by the number of points of the group, not by that of all.")
        raise Wrong(f"The centres should be {right.round(3).tolist()}; yours are {got.round(3).tolist()}.")


def _quiet(f):
    """The learner's function without NumPy's warnings about the mean of nothing: the feedback says it better."""

    def quiet(*arguments):
        import warnings

        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            return f(*arguments)

    return quiet


def check_cosine(answer):
    f = function(answer)
    for u, v in (([3.0, 4.0], [4.0, 3.0]), ([1.0, 2.0, 2.0], [-2.0, 1.0, 4.0]), ([1.0, 0.0], [-5.0, 0.0])):
        u, v = np.array(u), np.array(v)
        lengths = np.linalg.norm(u) * np.linalg.norm(v)
        right = u @ v / lengths
        got = float(array(call(f, u, v), (), "The cosine"))
        words = f"For u = {u.tolist()} and v = {v.tolist()}"
        if close(got, right):
            continue
        if close(got, u @ v):
            raise Wrong(f"{words}: that is the product u·v; divide by the two lengths.")
        if close(got, u @ v / lengths**2):
            raise Wrong(f"{words}: the root is missing; a length is the root of the sum of the squares.")
        if close(got, u @ v / np.linalg.norm(u)):
            raise Wrong(f"{words}: both lengths are needed.")
        if close(got, 1 - right):
            raise Wrong(f"{words}: that is the cosine distance, 1 − cosine.")
        if close(got, np.arccos(np.clip(right, -1, 1))):
            raise Wrong(f"{words}: that is the angle itself.")
        if close(got, abs(right)):
            raise Wrong(f"{words}: the cosine keeps its sign; vectors that point in opposite directions have −1.")
        raise Wrong(f"{words} it is {right:.4f}; yours is {got:.4f}.")


def check_pairs(answer):
    f = function(answer)
    cases = (
        (["the", "cat", "sat", "down"], 1),
        (["a", "b", "c", "d"], 2),
        (["one", "two", "three", "two"], 3),
        (["alone"], 2),
    )
    for text, window in cases:
        right = _pairs(text, window)
        result = call(f, text, window)
        try:
            got = sorted((str(a), str(b)) for a, b in result)
        except (TypeError, ValueError):
            raise Wrong("Return a list of pairs (centre, context), both of them words.") from None
        words = f"For {' '.join(text)!r} and a window of {window}"
        if got == right:
            continue
        if got == sorted(right + [(word, word) for word in text]):
            raise Wrong(f"{words}: no word is its own context; leave out the place itself.")
        if got == sorted(pair for pair in right if _forward(text, pair, window)) and len(set(text)) == len(text):
            raise Wrong(f"{words}: you look ahead only; the words before count as well.")
        if window > 1 and got == sorted(
            (text[i], text[j]) for i in range(len(text)) for j in (i - window, i + window) if 0 <= j < len(text)
        ):
            raise Wrong(f"{words}: all words up to the window count, not only those exactly so far away.")
        if got == _pairs(text, window + 1):
            raise Wrong(f"{words}: one word too far on each side.")
        if got == sorted(set(right)):
            raise Wrong(f"{words}: a pair that occurs twice counts twice.")
        if len(text) > 1 and any(pair == (text[0], text[-1]) for pair in got) and window < len(text) - 1:
            raise Wrong(
                f"{words}: the first word has got the last one as its neighbour; Python's index −1 wraps around."
            )
        raise Wrong(f"{words} there are {len(right)} pairs: {right[:4]} …; yours has {len(got)}.")


def _pairs(text, window):
    places = range(len(text))
    return sorted((text[i], text[j]) for i in places for j in places if i != j and abs(i - j) <= window)


def _forward(text, pair, window):
    return 0 < text.index(pair[1]) - text.index(pair[0]) <= window


def check_variance(answer):
    f = function(answer)
    rng = np.random.default_rng(15)
    for n, features in ((30, 3), (20, 5)):
        x = rng.normal(size=(n, features)) * np.arange(1, features + 1) + 7
        centred = x - x.mean(axis=0)
        s = np.linalg.svd(centred, compute_uv=False)
        right = s**2 / (s**2).sum()
        got = array(call(f, x), (features,), "The shares")
        if close(got, right):
            continue
        if close(got, s / s.sum()):
            raise Wrong("The variance goes with the squares of the singular values.")
        raw = np.linalg.svd(x, compute_uv=False)
        if close(got, raw**2 / (raw**2).sum()):
            raise Wrong("Subtract the mean of each column first; else the first direction only points at the mean.")
        if close(got, s**2) or close(got, s**2 / n) or close(got, s**2 / (n - 1)):
            raise Wrong("Shares add up to 1: divide by the sum.")
        if close(got, np.cumsum(right)):
            raise Wrong("That is the running total; each direction's own share is asked for.")
        if close(got, right[::-1]):
            raise Wrong("The largest share first.")
        variances = x.var(axis=0)
        if close(got, variances / variances.sum()):
            raise Wrong("These are the shares of the columns; those of the principal directions are asked for.")
        raise Wrong(f"The shares should be {right.round(3).tolist()}; yours are {got.round(3).tolist()}.")


def check_negative_sampling(answer):
    f = function(answer)
    rng = np.random.default_rng(16)
    for d, negatives in ((3, 4), (4, 2)):
        c, o, n = rng.normal(size=d), rng.normal(size=d), rng.normal(size=(negatives, d))
        s = lambda z: 1 / (1 + np.exp(-z))  # noqa: E731
        pull, push = (s(c @ o) - 1) * o, s(n @ c) @ n
        got = array(call(f, c, o, n), (d,), "The gradient")
        if close(got, pull + push):
            continue
        if close(got, -pull - push):
            raise Wrong("The sign: this is the direction in which the loss falls; the gradient points upwards.")
        if close(got, pull):
            raise Wrong("Only the true context; each negative word adds σ(c·n)·n.")
        if close(got, push):
            raise Wrong("Only the negative words; the true context adds (σ(c·o) − 1)·o.")
        if close(got, pull + push / negatives):
            raise Wrong("The negatives are summed in the loss, not averaged.")
        if close(got, s(c @ o) * o + push):
            raise Wrong("The true context has the target 1: σ(c·o) − 1, or it would be pushed away too.")
        if close(got, pull - push):
            raise Wrong(
                "The true context pulls, the negatives push: their signs are opposite, and you have turned one."
            )
        raise Wrong(f"The gradient should be {(pull + push).round(4).tolist()}; yours is {got.round(4).tolist()}.")


_COSINE = "answer = lambda u, v: {}"
_SPREAD = "def answer(x):\n    z = {z}\n    s = np.linalg.svd(z, compute_uv=False)\n    return {end}"
_CENTRED = "x - x.mean(axis=0)"
_NEGATIVE = "def answer(c, o, n):\n    s = lambda z: 1 / (1 + np.exp(-z))\n    return {}"
_WINDOW = (
    "def answer(text, window):\n    n = range(len(text))\n    return [(text[i], text[j]) for i in n for j in n if {}]"
)

EXERCISES = (
    Exercise(
        "12.1", "The nearest centre", "nearest_centre", check_nearest,
        (
            "Every point must be compared with every centre: an array (N, k) of distances.",
            "x[:, None] - centres has the shape (N, k, 2); square it and sum over the last axis.",
            "((x[:, None] - centres) ** 2).sum(axis=2).argmin(axis=1)",
        ),
        "def nearest_centre(x, centres):\n    return ((x[:, None] - centres) ** 2).sum(axis=2).argmin(axis=1)",
        "answer = lambda x, centres: [int(np.argmin([np.linalg.norm(point - c) for c in centres])) for point in x]",
        (
            ("answer = lambda x, c: ((x[:, None] - c) ** 2).sum(axis=2)", "numbers for every pair"),
            ("answer = lambda x, c: ((x[:, None] - c) ** 2).sum(axis=2).argmin(axis=0)", "wrong axis"),
            ("answer = lambda x, c: ((x[:, None] - c) ** 2).sum(axis=2).argmax(axis=1)", "farthest centre"),
            ("answer = lambda x, c: ((x[:, None] - c) ** 2).sum(axis=2).min(axis=1)", "the least distances"),
            ("answer = lambda x, c: (x @ c.T).argmax(axis=1)", "largest product"),
            ("answer = lambda x, c: ((x[:, None] - c) ** 2).sum(axis=2).argmin(axis=1) + 1", "from 0"),
        ),
    ),
    Exercise(
        "12.2", "The inertia", "inertia_of", check_inertia,
        (
            "centres[groups] is for each point the centre that it belongs to.",
            "The difference to it, squared, and summed over everything.",
            "((x - centres[groups]) ** 2).sum()",
        ),
        "def inertia_of(x, centres, groups):\n    return ((x - centres[groups]) ** 2).sum()",
        "answer = lambda x, centres, groups: sum(np.linalg.norm(point - centres[g]) ** 2 for point, g in zip(x, groups))",
        (
            ("answer = lambda x, c, g: ((x - c[g]) ** 2).sum(axis=1).mean()", "is the mean"),
            ("answer = lambda x, c, g: np.linalg.norm(x - c[g], axis=1).sum()", "sum the distances"),
            ("answer = lambda x, c, g: np.linalg.norm(x - c[g])", "No root"),
            ("answer = lambda x, c, g: ((x[:, None] - c) ** 2).sum()", "over all centres"),
            ("answer = lambda x, c, g: ((x[:, None] - c) ** 2).sum(axis=2).min(axis=1).sum()", "You take the nearest"),
        ),
    ),
    Exercise(
        "12.3", "The new centres", "new_centres", check_centres,
        (
            "The points of group g are x[groups == g].",
            "Their mean over the first axis; but there may be none of them.",
            "[x[groups == g].mean(axis=0) if (groups == g).any() else centres[g] for g in range(len(centres))]",
        ),
        "def new_centres(x, groups, centres):\n    return np.array([x[groups == g].mean(axis=0) if (groups == g).any() else centre for g, centre in enumerate(centres)])",
        "def answer(x, groups, centres):\n    members = np.eye(len(centres))[groups]\n    sizes = members.sum(axis=0)[:, None]\n    return np.where(sizes > 0, members.T @ x / np.maximum(sizes, 1), centres)",
        (
            ("answer = lambda x, g, c: np.array([x[g == i].mean(axis=0) for i in range(len(c))])", "mean of nothing"),
            ("answer = lambda x, g, c: np.array([x[g == i].mean(axis=0) if (g == i).any() else 0 * c[i] for i in range(len(c))])", "must stay where"),
            ("answer = lambda x, g, c: np.array([x[g == i].sum(axis=0) if (g == i).any() else c[i] for i in range(len(c))])", "That is the sum"),
            ("answer = lambda x, g, c: np.array([np.median(x[g == i], axis=0) if (g == i).any() else c[i] for i in range(len(c))])", "the median"),
            ("answer = lambda x, g, c: np.array([x[g == i].sum(axis=0) / len(x) if (g == i).any() else c[i] for i in range(len(c))])", "not by that of all"),
        ),
    ),
    Exercise(
        "12.4", "The cosine", "cosine_of", check_cosine,
        (
            "The cosine of the angle between two vectors: how far they point in the same direction.",
            "The product u·v, divided by the length of u and by the length of v.",
            "u @ v / (np.linalg.norm(u) * np.linalg.norm(v))",
        ),
        "def cosine_of(u, v):\n    return u @ v / (np.linalg.norm(u) * np.linalg.norm(v))",
        _COSINE.format("sum(a * b for a, b in zip(u, v)) / (sum(a * a for a in u) * sum(b * b for b in v)) ** 0.5"),
        (
            (_COSINE.format("u @ v"), "the product u·v"),
            (_COSINE.format("u @ v / ((u @ u) * (v @ v))"), "root is missing"),
            (_COSINE.format("u @ v / np.linalg.norm(u)"), "both lengths"),
            (_COSINE.format("1 - u @ v / (np.linalg.norm(u) * np.linalg.norm(v))"), "cosine distance"),
            (_COSINE.format("np.arccos(np.clip(u @ v / (np.linalg.norm(u) * np.linalg.norm(v)), -1, 1))"), "angle itself"),
            (_COSINE.format("abs(u @ v) / (np.linalg.norm(u) * np.linalg.norm(v))"), "keeps its sign"),
        ),
    ),
    Exercise(
        "12.5", "Pairs for skip-gram", "skip_gram_pairs", check_pairs,
        (
            "Two places i and j make a pair when they differ, and by no more than the window.",
            "Two loops over the places; beware of negative indices, Python counts them from the end.",
            "[(text[i], text[j]) for i in range(n) for j in range(n) if 0 < abs(i - j) <= window]",
        ),
        "def skip_gram_pairs(text, window):\n    found = []\n    for i in range(len(text)):\n        for j in range(max(0, i - window), min(len(text), i + window + 1)):\n            if i != j:\n                found.append((text[i], text[j]))\n    return found",
        _WINDOW.format("0 < abs(i - j) <= window"),
        (
            (_WINDOW.format("abs(i - j) <= window"), "its own context"),
            (_WINDOW.format("0 < j - i <= window"), "ahead only"),
            (_WINDOW.format("abs(i - j) == window"), "exactly so far"),
            (_WINDOW.format("0 < abs(i - j) <= window + 1"), "one word too far"),
            (_WINDOW.format("0 < abs(i - j) <= window").replace("return [", "return {").rstrip("]") + "}", "counts twice"),
            ("def answer(text, window):\n    return [(text[i], text[(i + d) % len(text)]) for i in range(len(text)) for d in range(-window, window + 1) if d and len(text) > 1]", "wraps around"),
        ),
    ),
    Exercise(
        "12.6", "How much a direction shows", "variance_shares", check_variance,
        (
            "Subtract the mean of each column; the singular values of the rest tell the spread in each direction.",
            "The variance goes with their squares.",
            "s = np.linalg.svd(x - x.mean(axis=0), compute_uv=False); s**2 / (s**2).sum()",
        ),
        "def variance_shares(x):\n    s = np.linalg.svd(x - x.mean(axis=0), compute_uv=False)\n    return s**2 / (s**2).sum()",
        "def answer(x):\n    variances = np.linalg.eigvalsh(np.cov(x.T))[::-1]\n    return variances / variances.sum()",
        (
            (_SPREAD.format(z=_CENTRED, end="s / s.sum()"), "squares of the singular"),
            (_SPREAD.format(z="x", end="s**2 / (s**2).sum()"), "Subtract the mean"),
            (_SPREAD.format(z=_CENTRED, end="s**2"), "add up to 1"),
            (_SPREAD.format(z=_CENTRED, end="np.cumsum(s**2) / (s**2).sum()"), "running total"),
            (_SPREAD.format(z=_CENTRED, end="(s**2 / (s**2).sum())[::-1]"), "largest share first"),
            ("answer = lambda x: x.var(axis=0) / x.var(axis=0).sum()", "shares of the columns"),
        ),
    ),
    Exercise(
        "12.7", "Build it: the gradient of negative sampling", "gradient_at_centre", check_negative_sampling,
        (
            "The derivative of −log σ(z) is σ(z) − 1, that of −log σ(−z) is σ(z).",
            "z is c·o or c·n; its gradient at c is o or n. So each term is a number times a vector.",
            "(σ(c·o) − 1)·o + Σ σ(c·n_j)·n_j; for all negatives at once: sigmoid(n @ c) @ n.",
        ),
        "def gradient_at_centre(c, o, n):\n    sigmoid = lambda z: 1 / (1 + np.exp(-z))\n    return (sigmoid(c @ o) - 1) * o + sigmoid(n @ c) @ n",
        "def answer(c, o, n):\n    rows, target = np.vstack([o, n]), np.array([1.0] + [0.0] * len(n))\n    p = (1 + np.tanh(rows @ c / 2)) / 2  # the sigmoid, written with tanh\n    return rows.T @ (p - target)",
        (
            (_NEGATIVE.format("(1 - s(c @ o)) * o - s(n @ c) @ n"), "The sign"),
            (_NEGATIVE.format("(s(c @ o) - 1) * o"), "Only the true context"),
            (_NEGATIVE.format("s(n @ c) @ n"), "Only the negative words"),
            (_NEGATIVE.format("(s(c @ o) - 1) * o + s(n @ c) @ n / len(n)"), "not averaged"),
            (_NEGATIVE.format("s(c @ o) * o + s(n @ c) @ n"), "has the target 1"),
            (_NEGATIVE.format("(s(c @ o) - 1) * o - s(n @ c) @ n"), "you have turned one"),
        ),
    ),
)  # fmt: skip

QUESTIONS = (
    Question(
        "Lloyd's algorithm has stopped. What do we know?",
        ("The inertia is the least possible", "No half-step would lower the inertia", "The true groups are found"), 1,
        (
            "Only that it is no longer improved from here; another start may end lower.",
            "It is a local minimum: neither assigning nor moving helps.",
            "It has never heard of true groups; it only makes the inertia small.",
        ),
    ),
    Question(
        "A table has one column in metres and one in millimetres. Before k-means you …",
        ("do nothing, the units are in the data", "bring the columns to the same scale", "take more starts"), 1,
        (
            "Then the column in millimetres counts a million times as much in a squared distance.",
            "Distances add columns up; so they must be comparable. Which scale is right is for you to say.",
            "All starts would find the same wrong groups.",
        ),
    ),
    Question(
        "Why does skip-gram need negative samples?",
        (
            "Otherwise it is enough to make all vectors equal and long", "Otherwise rare words are never seen",
            "They make the vocabulary smaller",
        ), 0,
        (
            "With pulling alone all words fall into one place; the negatives push them apart.",
            "Rare words are seen as often as they occur, with negatives or without.",
            "They make the sum over the vocabulary unnecessary, but the vocabulary stays as it is.",
        ),
    ),
    Question(
        "Two words have a cosine of 0.8 in an embedding. So …",
        ("they mean the same", "they stand among similar words in the text", "they often stand side by side"), 1,
        (
            "true and false are as near as that, and mean opposite things.",
            "That is all it has seen: the company a word keeps.",
            "Not needed: synonyms hardly ever stand side by side, and keep the same company.",
        ),
    ),
)  # fmt: skip
