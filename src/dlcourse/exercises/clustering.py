"""Exercises and quiz of chapter 12, word embeddings and clustering."""

from collections import Counter

import numpy as np

from dlcourse.exercises.cases import by_cases
from dlcourse.exercises.core import Exercise, Question, Wrong, answer_of, call, function, parts, text

_rng = np.random.default_rng(12)


def _normal(*shape):
    return _rng.normal(size=shape).round(1) + 0.0  # no -0.0


_POINTS = (
    *((_normal(n, d), 2 * _normal(k, d)) for n, k, d in ((7, 3, 2), (4, 2, 2), (5, 4, 3), (3, 1, 2))),
    (np.array([[0.0, 0], [20, 0]]), np.array([[3, 3], [0, 4.5], [22.9, 2.9], [20, 3.2]])),  # other distances differ
)
_GROUPED = tuple(
    (_normal(n, d), _normal(k, d), _rng.integers(0, k, n)) for n, k, d in ((8, 3, 2), (5, 2, 3), (1, 2, 2))
)
_SIZES = ((2, 3, 4), (1, 4), (2, 0, 3), (0, 2), (3, 1, 0))  # of the groups; some have no points
_MOVES = tuple(
    (_normal(sum(sizes), 2), _rng.permutation(np.repeat(np.arange(len(sizes)), sizes)), 5 + _normal(len(sizes), 2))
    for sizes in _SIZES
)
_VECTORS = tuple(
    (np.array(u), np.array(v))
    for u, v in (
        ([3.0, 4.0], [1.0, 2.0]), ([1.0, 2.0, 2.0], [-2.0, 1.0, 4.0]), ([1.0, 0.0], [-5.0, 0.0]),
        ([2.0, -1.0], [3.0, 6.0]), ([200.0, 300.0, 0.0, 600.0], [0.1, -0.4, 0.2, -0.2]),
    )
)  # fmt: skip
_TEXTS = (
    (["the", "cat", "sat", "down"], 1), (["a", "b", "c", "d", "e", "f"], 2), (["one", "two", "three", "two"], 3),
    (["to", "be", "or", "not", "to", "be"], 1), (["alone"], 2), (["very", "very"], 1),
)  # fmt: skip
_TABLES = tuple(
    (_normal(n, f) @ (np.eye(f) + _normal(f, f)) * np.arange(1, f + 1) + 7,) for n, f in ((30, 3), (20, 5), (9, 2))
)
_SAMPLES = tuple((_normal(d), _normal(d), _normal(k, d)) for d, k in ((3, 4), (4, 2), (2, 1)))

_DISTANCES = "((x[:, None] - c) ** 2).sum(axis=2)"
_NEAREST = "answer = lambda x, c: {}"
_INERTIA = "answer = lambda x, c, g: {}"
_MEANS = "answer = lambda x, g, c: np.array([{} if (g == i).any() else c[i] for i in range(len(c))])"
_COSINE = "answer = lambda u, v: {}"
_RIGHT_COSINE = "u @ v / (np.linalg.norm(u) * np.linalg.norm(v))"
_SPREAD = "def answer(x):\n    z = {z}\n    s = np.linalg.svd(z, compute_uv=False)\n    return {end}"
_CENTRED = "x - x.mean(axis=0)"
_NEGATIVE = "def answer(c, o, n):\n    s = lambda z: 1 / (1 + np.exp(-z))\n    return {}"
_WINDOW = (
    "def answer(text, window):\n    n = range(len(text))\n    return [(text[i], text[j]) for i in n for j in n if {}]"
)
_PAIRS = _WINDOW.format("0 < abs(i - j) <= window")


def check_pairs(answer):
    """As in `by_cases`, for pairs of words in any order."""
    f, right = function(answer), answer_of(_PAIRS)
    came = [_counted(call(f, *case)) for case in _TEXTS]
    expected = [Counter(right(*case)) for case in _TEXTS]
    if came == expected:
        return
    for source, sentence in _PAIR_MISTAKES:
        if came == [Counter(map(tuple, answer_of(source)(*case))) for case in _TEXTS]:
            raise Wrong(sentence)
    case, got, want = next(row for row in zip(_TEXTS, came, expected, strict=True) if row[1] != row[2])
    words = f"For text = {case[0]}, window = {case[1]}"
    pair = next(pair for pair in [*want, *got] if got[pair] != want[pair])
    raise Wrong(f"{words}: the pair {pair} occurs {_times(want[pair])}; yours has it {_times(got[pair])}.")


def _counted(answer):
    """How often each pair occurs in an answer: a list, a tuple or an array of pairs of texts."""
    if isinstance(answer, (set, frozenset)):
        answer = list(answer)
    if isinstance(answer, (str, bytes, dict)) or not hasattr(answer, "__len__"):
        raise Wrong("Return a list of pairs, such as [('the', 'cat'), ('cat', 'the')].")
    pairs = (parts(pair, ("the centre", "the context"), "Each pair holds") for pair in answer)
    return Counter(tuple(text(word, "Each part of a pair") for word in pair) for pair in pairs)


def _times(number):
    return {0: "never", 1: "once", 2: "twice"}.get(number, f"{number} times")


_PAIR_MISTAKES = (
    (_WINDOW.format("abs(i - j) <= window"), "A word is not its own context: leave out i = j."),
    (_WINDOW.format("0 < j - i <= window"), "You look ahead only; the context lies on both sides."),
    (_WINDOW.format("0 < i - j <= window"), "You look back only; a word has a context after it, too."),
    (_WINDOW.format("abs(i - j) == window"), "The context is every word up to `window` places away, not only the one exactly so far away."),
    (_WINDOW.format("0 < abs(i - j) < window"), "Your context ends one word too early on each side: the word `window` places away belongs to it."),
    (_WINDOW.format("0 < abs(i - j) <= window + 1"), "Your context reaches one word too far on each side."),
    (_WINDOW.format("text[i] != text[j] and abs(i - j) <= window"), "You compare the words; compare the places, since the same word may stand in two of them."),
    (_PAIRS.replace("return [", "return {").rstrip("]") + "}", "A pair that occurs twice counts twice: return a list, not a set."),
    ("def answer(text, window):\n    return [(text[i], text[(i + d) % len(text)]) for i in range(len(text)) for d in range(-window, window + 1) if d and len(text) > 1]", "The context ends with the text; yours wraps around between the first word and the last."),
    ("def answer(text, window):\n    return [(word, other) for i, word in enumerate(text) for other in text[i - window : i] + text[i + 1 : i + window + 1]]", "For the first words your slice begins at a negative index, which Python counts from the end; begin at max(0, i - window)."),
)  # fmt: skip


EXERCISES = (
    by_cases(
        "12.1", "The nearest centroid", "nearest_centre", _POINTS,
        (
            "Every point must be compared with every centroid: an array (N, k) of distances.",
            "x[:, None] - centres has the shape (N, k, F); square it, sum over the last axis, and find the place of the least.",
            "Begin with differences = x[:, None] - centres.",
        ),
        "def nearest_centre(x, centres):\n    return ((x[:, None] - centres) ** 2).sum(axis=2).argmin(axis=1)",
        "answer = lambda x, centres: [int(np.argmin([np.linalg.norm(point - c) for c in centres])) for point in x]",
        (
            (_NEAREST.format(_DISTANCES), "These are the squared distances of all pairs; take for each point the place of the least one."),
            (_NEAREST.format(_DISTANCES + ".argmin(axis=0)"), "The wrong axis: that is the nearest point of each centroid. Find the nearest centroid of each point."),
            (_NEAREST.format(_DISTANCES + ".argmax(axis=1)"), "That is the farthest centroid: argmin, not argmax."),
            (_NEAREST.format(_DISTANCES + ".min(axis=1)"), "These are the least squared distances; the place of the least is asked for."),
            (_NEAREST.format(f"np.sqrt({_DISTANCES}.min(axis=1))"), "These are the least distances; their places are asked for."),
            (_NEAREST.format("(x @ c.T).argmax(axis=1)"), "The largest product does not mean the least distance; a long vector wins it from far away."),
            (_NEAREST.format(_DISTANCES + ".argmin(axis=1) + 1"), "Count the centroids from 0."),
        ),
        "The list of groups", counts=True,
    ),
    by_cases(
        "12.2", "The inertia", "inertia_of", _GROUPED,
        (
            "For each point you need the centroid of the group that it belongs to.",
            "centres[groups] holds exactly these, one row for each point.",
            "Begin with differences = x - centres[groups].",
        ),
        "def inertia_of(x, centres, groups):\n    return ((x - centres[groups]) ** 2).sum()",
        "answer = lambda x, centres, groups: sum(np.linalg.norm(point - centres[g]) ** 2 for point, g in zip(x, groups))",
        (
            (_INERTIA.format("((x - c[g]) ** 2).sum(axis=1).mean()"), "That is the mean of the squared distances; the inertia is their sum."),
            (_INERTIA.format("((x - c[g]) ** 2).mean()"), "That is the mean over all coordinates; the inertia is a sum."),
            (_INERTIA.format("np.linalg.norm(x - c[g], axis=1).sum()"), "You sum the distances; the inertia sums their squares."),
            (_INERTIA.format("np.linalg.norm(x - c[g])"), "You have taken the root; the inertia is the sum of the squares as it is."),
            (_INERTIA.format("((x[:, None] - c) ** 2).sum()"), "You sum over all centroids; each point counts only the distance to that of its own group."),
            (_INERTIA.format("((x[:, None] - c) ** 2).sum(axis=2).min(axis=1).sum()"), "You take the nearest centroid; `groups` says to which a point belongs, and it may be another one."),
            (_INERTIA.format("((x - c[g]) ** 2).sum(axis=1)"), "These are the squared distances, one for each point; add them up."),
        ),
        "The inertia",
    ),
    by_cases(
        "12.3", "The new centroids", "new_centres", _MOVES,
        (
            "The centroid of a group is the mean of its points.",
            "x[groups == g] holds the points of group g, perhaps none; take their mean over the first axis.",
            "Begin with new = centres.copy(), and loop over g in range(len(centres)).",
        ),
        "def new_centres(x, groups, centres):\n    return np.array([x[groups == g].mean(axis=0) if (groups == g).any() else centre for g, centre in enumerate(centres)])",
        "def answer(x, groups, centres):\n    members = np.eye(len(centres))[groups]\n    sizes = members.sum(axis=0)[:, None]\n    return np.where(sizes > 0, members.T @ x / np.maximum(sizes, 1), centres)",
        (
            ("answer = lambda x, g, c: np.array([x[g == i].mean(axis=0) for i in range(len(c))])", "A group without points becomes nan, which is the mean of nothing. Leave its centroid where it was."),
            ("answer = lambda x, g, c: [x[g == i].mean(axis=0) if (g == i).any() else 0 * c[i] for i in range(len(c))]", "The centroid of a group without points must stay where it was; yours moves to 0."),
            ("answer = lambda x, g, c: [x[g == i].mean(axis=0) if (g == i).any() else x.mean(axis=0) for i in range(len(c))]", "The centroid of a group without points must stay where it was; yours moves to the mean of all points."),
            (_MEANS.format("x[g == i].sum(axis=0)"), "That is the sum of the points of a group; divide by their number."),
            (_MEANS.format("np.median(x[g == i], axis=0)"), "That is the median; k-means takes the mean."),
            (_MEANS.format("x[g == i].sum(axis=0) / len(x)"), "Divide by the number of points of the group, not by the number of all points."),
            (_MEANS.format("(x[g == i].mean(axis=0) + c[i]) / 2"), "You go only half of the way from the previous centroid to the mean."),
        ),
        "The array of centroids",
    ),
    by_cases(
        "12.4", "The cosine", "cosine_of", _VECTORS,
        (
            "The cosine of the angle between two vectors tells how far they point in the same direction, whatever their lengths.",
            "It is the product u·v, divided by the length of u and by the length of v; np.linalg.norm gives a length.",
            "Begin with lengths = np.linalg.norm(u) * np.linalg.norm(v).",
        ),
        "def cosine_of(u, v):\n    return u @ v / (np.linalg.norm(u) * np.linalg.norm(v))",
        _COSINE.format("sum(a * b for a, b in zip(u, v)) / (sum(a * a for a in u) * sum(b * b for b in v)) ** 0.5"),
        (
            (_COSINE.format("u @ v"), "That is the product u·v; divide it by the two lengths."),
            (_COSINE.format("u @ v / ((u @ u) * (v @ v))"), "The root is missing; a length is the root of the sum of the squares."),
            (_COSINE.format("u @ v / np.linalg.norm(u)"), "You divide by the length of u alone; divide by that of v, too."),
            (_COSINE.format("u @ v / np.linalg.norm(v)"), "You divide by the length of v alone; divide by that of u, too."),
            (_COSINE.format("u @ v / np.linalg.norm(u) * np.linalg.norm(v)"), "You divide by one length and multiply by the other: brackets are missing."),
            (_COSINE.format(f"1 - {_RIGHT_COSINE}"), "That is the cosine distance, 1 − cosine."),
            (_COSINE.format(f"np.arccos(np.clip({_RIGHT_COSINE}, -1, 1))"), "That is the angle itself, in radians."),
            (_COSINE.format(f"abs({_RIGHT_COSINE})"), "The cosine keeps its sign; vectors that point in opposite directions have −1."),
        ),
        "The cosine",
    ),
    Exercise(
        "12.5", "Pairs for skip-gram", "skip_gram_pairs", check_pairs,
        (
            "Two places i and j make a pair when they differ, and by no more than the window.",
            "Use two loops over the places; beware of negative indices, which Python counts from the end.",
            "The context of place i begins at max(0, i - window).",
        ),
        "def skip_gram_pairs(text, window):\n    found = []\n    for i in range(len(text)):\n        for j in range(max(0, i - window), min(len(text), i + window + 1)):\n            if i != j:\n                found.append((text[i], text[j]))\n    return found",
        _PAIRS,
        _PAIR_MISTAKES,
    ),
    by_cases(
        "12.6", "How much a direction shows", "variance_shares", _TABLES,
        (
            "The variance along a principal direction belongs to one singular value of the centred table.",
            "Subtract the mean of each column; np.linalg.svd(…, compute_uv=False) gives the singular values, and the variances go with their squares.",
            "Begin with centred = x - x.mean(axis=0).",
        ),
        "def variance_shares(x):\n    s = np.linalg.svd(x - x.mean(axis=0), compute_uv=False)\n    return s**2 / (s**2).sum()",
        "def answer(x):\n    variances = np.linalg.eigvalsh(np.cov(x.T))[::-1]\n    return variances / variances.sum()",
        (
            (_SPREAD.format(z=_CENTRED, end="s / s.sum()"), "The variance goes with the squares of the singular values."),
            (_SPREAD.format(z="x", end="s**2 / (s**2).sum()"), "Subtract the mean of each column first; otherwise the first direction mostly points at the mean."),
            (_SPREAD.format(z="(x - x.mean(axis=0)) / x.std(axis=0)", end="s**2 / (s**2).sum()"), "You have brought all columns to the same spread; only their means are subtracted here."),
            (_SPREAD.format(z=_CENTRED, end="s**2"), "Shares add up to 1: divide the squares by their sum."),
            (_SPREAD.format(z=_CENTRED, end="s**2 / (len(x) - 1)"), "These are the variances themselves; divide each by their sum."),
            (_SPREAD.format(z=_CENTRED, end="np.cumsum(s**2) / (s**2).sum()"), "That is the running total; the share of each single direction is asked for."),
            (_SPREAD.format(z=_CENTRED, end="(s**2 / (s**2).sum())[::-1]"), "The shares are right, but the largest comes first."),
            ("answer = lambda x: x.var(axis=0) / x.var(axis=0).sum()", "These are the shares of the columns; those of the principal directions are asked for."),
        ),
        "The list of shares",
    ),
    by_cases(
        "12.7", "Build it: the gradient of negative sampling", "gradient_at_centre", _SAMPLES,
        (
            "The derivative of −log σ(z) with respect to z is σ(z) − 1, that of −log σ(−z) is σ(z).",
            "z is c·o or c·n; its gradient with respect to c is o or n. So each term is a number times a vector.",
            "Begin with the term of the true context, (sigmoid(c @ o) - 1) * o.",
        ),
        "def gradient_at_centre(c, o, n):\n    def sigmoid(z):\n        return 1 / (1 + np.exp(-z))\n\n    return (sigmoid(c @ o) - 1) * o + sigmoid(n @ c) @ n",
        "def answer(c, o, n):\n    rows, target = np.vstack([o, n]), np.array([1.0] + [0.0] * len(n))\n    p = (1 + np.tanh(rows @ c / 2)) / 2  # the sigmoid, written with tanh\n    return rows.T @ (p - target)",
        (
            (_NEGATIVE.format("(1 - s(c @ o)) * o - s(n @ c) @ n"), "The sign is wrong: in this direction the loss falls; the gradient points to where it grows."),
            (_NEGATIVE.format("(s(c @ o) - 1) * o"), "Only the true context is there; each negative word adds σ(c·n)·n."),
            (_NEGATIVE.format("s(n @ c) @ n"), "Only the negative words are there; the true context adds (σ(c·o) − 1)·o."),
            (_NEGATIVE.format("(s(c @ o) - 1) * o + s(n @ c) @ n / len(n)"), "The negative words are summed in the loss, not averaged."),
            (_NEGATIVE.format("s(c @ o) * o + s(n @ c) @ n"), "The true context has the target 1: its factor is σ(c·o) − 1, or it would be pushed away, too."),
            (_NEGATIVE.format("(s(c @ o) - 1) * o - s(n @ c) @ n"), "The true context pulls, the negative words push: one of the two signs is wrong."),
            (_NEGATIVE.format("(s(c @ o) - 1) * o + (s(n @ c) - 1) @ n"), "The negative words have the target 0: their factor is σ(c·n), without − 1."),
            (_NEGATIVE.format("(s(c @ o) - 1) * c + s(n @ c).sum() * c"), "The gradient of c·o with respect to c is o, not c; that of c·n is n."),
        ),
        "The gradient",
    ),
)  # fmt: skip

QUESTIONS = (
    Question(
        "Lloyd's algorithm has stopped. What do we know?",
        ("The inertia is the least that is possible", "No half-step would lower the inertia", "The true groups are found"), 1,
        (
            "Only a local minimum has been reached; another start may end lower.",
            "It is a local minimum: neither assigning nor moving helps.",
            "The algorithm is never given true groups; it only makes the inertia small.",
        ),
    ),
    Question(
        "A table has one column in metres and one in millimetres. Before k-means you …",
        ("do nothing: the units belong to the data", "bring the columns to the same scale", "take more starts"), 1,
        (
            "Then the column in millimetres counts a million times as much in a squared distance.",
            "A distance adds up all columns, so they must be comparable. Which scale is right, you have to decide.",
            "All starts would find the same wrong groups.",
        ),
    ),
    Question(
        "Why does skip-gram need negative samples?",
        (
            "Otherwise it is enough to make all vectors equal and long", "Otherwise words that are rare in the text would never be seen",
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
        ("they mean the same", "they stand among similar words in the text", "they often stand side by side in sentences"), 1,
        (
            "true and false are as near as that, and mean opposite things.",
            "This is all that the training sees: the company that a word keeps.",
            "They need not: synonyms hardly ever stand side by side, but keep the same company.",
        ),
    ),
)  # fmt: skip
