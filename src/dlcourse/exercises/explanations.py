"""Exercises and quiz of chapter 14, opening the black box."""

import numpy as np

from dlcourse.exercises.cases import by_cases
from dlcourse.exercises.core import Question, Wrong
from dlcourse.exercises.words import kind

_rng = np.random.default_rng(14)


def _photos(segments, mask):
    segments = np.array(segments)
    return *_rng.random((2, *segments.shape, 3)).round(2), segments, np.array(mask)


_COVERS = (
    _photos([[0, 0, 1, 1, 2, 2], [0, 0, 1, 1, 2, 2], [3, 3, 3, 2, 2, 2], [3, 3, 3, 3, 2, 2]], [1, 0, 1, 0]),
    _photos([[2, 2, 0], [2, 1, 0]], [0, 0, 1]), _photos([[1, 0], [1, 1]], [1, 1]), _photos([[0, 1]], [0, 0]),
)  # fmt: skip
_MASKS = tuple(
    (np.array(mask), width)
    for mask, width in (([1, 0, 0, 1, 0], 0.25), ([1, 1, 1, 0, 1], 0.5), ([0, 0, 0], 0.4), ([1, 1], 0.3), ([0, 1], 2.0))
)
_WEIGHTS = tuple(
    (np.array(w),)
    for w in ([0.9, 0.1, 0.05, 0.4], [1.0, 1.0, 1.0, 1.0], [2.0, 2.0], [3.0, 0.0, 0.0], [0.001, 0.002, 0.0], [5.0])
)


def _fit(n, share):
    outputs, noise = _rng.normal(size=(2, n)).round(1)
    return outputs, (share * outputs + noise).round(1), _rng.uniform(0.1, 1, n).round(2)


_PERFECT = (np.array([1.0, 2.0, 4.0]), np.array([1.0, 2.0, 4.0]), np.array([0.5, 1.0, 0.2]))
_FITS = (_fit(8, 0.0), _fit(5, 1.0), _fit(12, 2.0), _PERFECT)
_MAPS = tuple(
    (_rng.uniform(low, 1, shape).round(2), _rng.normal(middle, 1, shape).round(2))
    for shape, low, middle in (((5, 3, 4), 0, 0), ((2, 4, 2), -1, 0.5), ((3, 2, 2), 0, -1))
)


def _game(formula, features, worth):
    """A game that is worth so much for a mask, and says by which formula."""

    def game(mask):
        if not hasattr(mask, "__len__") or len(mask) != features:
            raise Wrong(f"Call game(mask) with a mask of {features} zeros and ones; yours is {kind(mask)}.")
        return worth(*(float(value) for value in mask))

    game.__doc__, game.__qualname__ = formula, "game"
    return game, features


_GAMES = (
    _game("0.1 + 0.5·a·b − 0.4·b·c·d + 0.2·c", 4, lambda a, b, c, d: 0.1 + 0.5 * a * b - 0.4 * b * c * d + 0.2 * c),
    _game("a − b·c", 3, lambda a, b, c: a - b * c), _game("0.3 + max(a, b)", 2, lambda a, b: 0.3 + max(a, b)),
    _game("2·a·b·c·d", 4, lambda a, b, c, d: 2 * a * b * c * d), _game("1 − 3·a", 1, lambda a: 1 - 3 * a),
)  # fmt: skip


def _explained(rows, worth, count):
    """Masks, outputs, and weights that count near samples more; columns 0 and 1 tell nearly the same."""
    masks = _rng.integers(0, 2, (rows, len(worth))).astype(float)
    masks[:, 1] = np.where(_rng.random(rows) < 0.75, masks[:, 0], masks[:, 1])
    both = 0.3 * masks[:, 2] * masks[:, -1]
    outputs = 1.0 + masks @ worth + both + 0.1 * _rng.normal(size=rows)
    weights = np.exp(-((1 - np.sqrt(masks.mean(1))) ** 2) / (2 * 0.3**2))
    return masks, outputs.round(3), weights.round(4), count


_SELECTIONS = (
    _explained(40, [0.6, 0.5, -0.3, 0.25, 0.0, -0.2], 3), _explained(30, [0.1, 0.7, 0.4, -0.5, 0.3], 2),
    _explained(25, [-0.4, -0.4, 0.2, 0.6], 4), _explained(40, [0.2, 0.2, 0.5, -0.6, 0.4, 0.3], 1),
)  # fmt: skip

_COVER = "answer = lambda p, h, s, m: {}"
_KERNEL = "answer = lambda m, s: {}"
_R2 = "answer = lambda y, p, w: {}"
_CAM = "answer = lambda m, g: {}"
_ALL_MASKS = "import itertools\n\ndef answer(game, d):\n    m = np.array(list(itertools.product((0, 1), repeat=d)))\n    y = np.array([game(r) for r in m])\n    return np.array([{} for i in range(d)])"
_ERROR = "def error(x, y, w):\n    x, root = np.column_stack([x, np.ones(len(x))]), np.sqrt(w)\n    beta = np.linalg.lstsq(x * root[:, None], y * root, rcond=None)[0]\n    return w @ (y - x @ beta) ** 2\n\n"
_FORWARD = "def answer(masks, outputs, weights, count):\n    chosen = []\n    for _ in range(count):\n        rest = [j for j in range(masks.shape[1]) if j not in chosen]\n        chosen.append(min(rest, key=lambda j: error(masks[:, chosen + [j]], outputs, weights)))\n    return chosen"

EXERCISES = (
    by_cases(
        "14.1", "Superpixels on and off", "covered", _COVERS,
        (
            "segments holds for each pixel the number of its segment.",
            "mask[segments] is the mask of each pixel, (H, W); it needs a third axis to choose among colours, as np.where does.",
            "Begin with on = mask[segments] == 1.",
        ),
        "def covered(photo, hidden, segments, mask):\n    on = mask[segments] == 1  # (H, W)\n    return np.where(on[..., None], photo, hidden)",
        "def answer(photo, hidden, segments, mask):\n    result = photo.copy()\n    for number in np.flatnonzero(mask == 0):\n        result[segments == number] = hidden[segments == number]\n    return result",
        (
            (_COVER.format("np.where((m[s] == 0)[..., None], p, h)"), "On and off are exchanged: the photo shows where the mask is 1."),
            (_COVER.format("p * m[s][..., None]"), "A segment that is off is black in yours; `hidden` should show there."),
            (_COVER.format("(p + h) / 2"), "You blend the two; each pixel comes from one of them."),
            (_COVER.format("p"), "You return the photo as it is; a segment that is off shows `hidden`."),
            (_COVER.format("h"), "You return `hidden` as it is; a segment that is on shows the photo."),
            (_COVER.format("p * m[s][..., None] + h"), "Where a segment is on you add `hidden` to the photo; it shows only where a segment is off."),
            (_COVER.format("np.where((s > 0)[..., None], p, h)"), "You look at the numbers of the segments; look each of them up in the mask: mask[segments]."),
        ),
        "The covered photo",
    ),
    by_cases(
        "14.2", "How much a sample counts", "weight", _MASKS,
        (
            "k of d features are on: k is the sum of the mask, d its length.",
            "√(k/d) is the cosine between the mask and a row of ones; mask.mean() is k/d. The distance is 1 minus the root.",
            "Begin with distance = 1 - np.sqrt(mask.mean()).",
        ),
        "def weight(mask, width):\n    distance = 1 - np.sqrt(mask.mean())\n    return np.exp(-(distance**2) / (2 * width**2))",
        "answer = lambda mask, width: np.exp(-0.5 * ((1 - (np.sum(mask) / len(mask)) ** 0.5) / width) ** 2)",
        (
            (_KERNEL.format("np.exp(-((1 - np.sqrt(m.mean())) ** 2) / s**2)"), "The 2 is missing: exp(−D²/(2σ²))."),
            (_KERNEL.format("np.exp(-((1 - np.sqrt(m.mean())) ** 2) / (2 * s))"), "σ must be squared in the exponent."),
            (_KERNEL.format("np.exp(-((1 - np.sqrt(m.mean())) ** 2) / 2 * s**2)"), "You multiply by σ²; it belongs below the fraction, in brackets with the 2."),
            (_KERNEL.format("np.exp(-(1 - np.sqrt(m.mean())) / (2 * s**2))"), "D must be squared in the exponent."),
            (_KERNEL.format("np.exp(-((1 - m.mean()) ** 2) / (2 * s**2))"), "Your distance is 1 − k/d; the root is missing: 1 − √(k/d)."),
            (_KERNEL.format("np.exp(-np.sqrt(m.mean()) ** 2 / (2 * s**2))"), "Your D is √(k/d); the distance is 1 minus that."),
            (_KERNEL.format("np.exp((1 - np.sqrt(m.mean())) ** 2 / (2 * s**2))"), "The minus in the exponent is missing: a weight falls with the distance."),
            (_KERNEL.format("1 - np.sqrt(m.mean())"), "That is the distance; the weight falls with it: exp(−D²/(2σ²))."),
        ),
        "The weight",
    ),
    by_cases(
        "14.3", "How many samples the weights leave", "effective", _WEIGHTS,
        (
            "N equal weights must give N, one weight among zeros must give 1.",
            "Two sums are needed: of the weights, and of their squares. Multiplying all weights by ten must change nothing.",
            "Begin with total = weights.sum().",
        ),
        "def effective(weights):\n    return weights.sum() ** 2 / (weights**2).sum()",
        "answer = lambda w: 1 / np.sum((w / np.sum(w)) ** 2)",
        (
            ("answer = lambda w: w.sum()", "The sum alone depends on the scale: weights ten times as large are not ten times as many samples."),
            ("answer = lambda w: (w**2).sum() / w.sum() ** 2", "The fraction is upside down: four equal weights are worth 4 samples, not 1/4."),
            ("answer = lambda w: w.sum() / (w**2).sum()", "The sum must be squared; otherwise the scale of the weights does not cancel."),
            ("answer = lambda w: (w > 0).sum()", "You count every sample that has any weight; one of weight 0.001 among others of weight 1 hardly counts."),
            ("answer = lambda w: w.sum() / w.max()", "You compare with the largest weight; the sum of the squares takes all of them into account."),
            ("answer = lambda w: w.mean() ** 2 / (w**2).mean()", "You have taken means in place of sums, so the result is N times too small."),
            ("answer = lambda w: len(w)", "That is the number of all samples; those of small weight count less."),
        ),
        "The number",
    ),
    by_cases(
        "14.4", "Weighted R²", "r_squared", _FITS,
        (
            "Two sums: the squared errors of the linear model, and how far the outputs spread around their mean.",
            "Both sums are weighted, and so is the mean, Σwy / Σw. R² is 1 minus the first sum divided by the second.",
            "Begin with mean = weights @ outputs / weights.sum().",
        ),
        "def r_squared(outputs, predictions, weights):\n    mean = weights @ outputs / weights.sum()\n    left = weights @ (outputs - predictions) ** 2\n    return 1 - left / (weights @ (outputs - mean) ** 2)",
        "def answer(y, p, w):\n    m = np.average(y, weights=w)\n    return 1 - np.average((y - p) ** 2, weights=w) / np.average((y - m) ** 2, weights=w)",
        (
            (_R2.format("1 - ((y - p) ** 2).sum() / ((y - y.mean()) ** 2).sum()"), "The weights are not used."),
            (_R2.format("1 - w @ (y - p) ** 2 / (w @ (y - y.mean()) ** 2)"), "The mean must be weighted, too: Σwy / Σw."),
            (_R2.format("1 - w @ (y - p) ** 2 / (w @ y**2)"), "The mean is missing: the spread is measured around it."),
            (_R2.format("w @ (y - p) ** 2 / (w @ (y - w @ y / w.sum()) ** 2)"), "That is the share of the spread that is left; R² is 1 minus it."),
            (_R2.format("1 - w @ (y - p) ** 2"), "Compare with the spread of the outputs: divide by Σw(y − ȳ)²."),
            (_R2.format("1 - w @ (y - p) ** 2 / (w @ (p - w @ p / w.sum()) ** 2)"), "Outputs and predictions are exchanged: the spread is that of the outputs."),
            (_R2.format("1 - w**2 @ (y - p) ** 2 / (w**2 @ (y - w @ y / w.sum()) ** 2)"), "You square the weights; only the differences are squared."),
            (_R2.format("np.cov(y, p, aweights=w)[0, 1] ** 2 / np.prod(np.diag(np.cov(y, p, aweights=w)))"), "That is the squared correlation; R² compares the squared errors with the spread."),
        ),
        "R²",
    ),
    by_cases(
        "14.5", "Grad-CAM from maps and gradients", "grad_cam", _MAPS,
        (
            "maps and gradients are (K, h, w). First find one number for each map: how much the score gains from it.",
            "α_k is the mean of gradients[k] over its places; weigh the maps with it, add them up, and keep the positive part with np.maximum.",
            "Begin with alpha = gradients.mean(axis=(1, 2)).",
        ),
        "def grad_cam(maps, gradients):\n    alpha = gradients.mean(axis=(1, 2))  # (K,)\n    return np.maximum(np.einsum('k,khw->hw', alpha, maps), 0)",
        "def answer(maps, gradients):\n    total = sum(g.mean() * m for m, g in zip(maps, gradients))\n    return total * (total > 0)",
        (
            (_CAM.format("np.einsum('k,khw->hw', g.mean((1, 2)), m)"), "Negative evidence is still in it: keep only the positive part of the sum."),
            (_CAM.format("np.maximum(g.mean((1, 2))[:, None, None] * m, 0).sum(0)"), "The maximum comes after the sum over the maps, so that positive and negative maps can cancel."),
            (_CAM.format("np.maximum(np.einsum('k,khw->hw', g.sum((1, 2)), m), 0)"), "α is the mean over the places, not their sum."),
            (_CAM.format("np.maximum((g * m).sum(0), 0)"), "That is gradient × input on the maps; Grad-CAM first takes one number, the mean, from the gradient of each map."),
            (_CAM.format("m.mean(0)"), "The gradients are not used: they tell which maps matter for the class."),
            (_CAM.format("np.maximum(np.einsum('k,khw->hw', g.mean((1, 2)), m), 0) / len(m)"), "You take the mean over the maps; they are added up."),
            (_CAM.format("np.abs(np.einsum('k,khw->hw', g.mean((1, 2)), m))"), "The absolute value turns evidence against the class into evidence for it; set negative numbers to 0."),
            (_CAM.format("np.maximum(np.einsum('k,khw->hw', m.mean((1, 2)), g), 0)"), "Maps and gradients are exchanged: the mean is taken of the gradients."),
        ),
        "The picture",
    ),
    by_cases(
        "14.6", "The exact answer", "banzhaf", _GAMES,
        (
            "For feature i go through all masks of the others: there are 2^(d−1) of them.",
            "For each take the output with feature i minus the output without it, and average the differences.",
            "itertools.product((0, 1), repeat=d) lists all masks: begin with their outputs.",
        ),
        "import itertools\n\ndef banzhaf(game, d):\n    masks = np.array(list(itertools.product((0, 1), repeat=d)))\n    outputs = np.array([game(mask) for mask in masks])\n"
        "    return np.array([outputs[masks[:, i] == 1].mean() - outputs[masks[:, i] == 0].mean() for i in range(d)])",
        "def answer(game, d):\n    values = np.zeros(d)\n    for number in range(2**d):\n        mask = [number >> i & 1 for i in range(d)]\n        for i in range(d):\n            values[i] += (1 if mask[i] else -1) * game(mask)\n    return values / 2 ** (d - 1)",
        (
            ("answer = lambda game, d: np.array([game(np.ones(d)) - game(1 - np.eye(d)[i]) for i in range(d)])", "You take each feature away from the full mask only; average over all masks of the others."),
            ("answer = lambda game, d: np.array([game(np.eye(d)[i]) - game(np.zeros(d)) for i in range(d)])", "You add each feature to the empty mask only; average over all masks of the others."),
            (_ALL_MASKS.format("y[m[:, i] == 0].mean() - y[m[:, i] == 1].mean()"), "The sign is wrong: the output with the feature minus the one without it."),
            (_ALL_MASKS.format("y[m[:, i] == 1].sum() - y[m[:, i] == 0].sum()"), "The differences are added up; divide their sum by their number, 2^(d−1)."),
            (_ALL_MASKS.format("(y[m[:, i] == 1].sum() - y[m[:, i] == 0].sum()) / 2**d"), "You divide by the number of all masks, 2^d; there are only half as many differences."),
            (_ALL_MASKS.format("y[m[:, i] == 1].mean()"), "That is the mean output with the feature; subtract the mean output without it."),
            ("import itertools\nfrom math import factorial as f\n\ndef answer(game, d):\n    v = np.zeros(d)\n    for m in itertools.product((0, 1), repeat=d):\n        for i in range(d):\n            k = sum(m) - m[i]\n            v[i] += (1 if m[i] else -1) * game(m) * f(k) * f(d - 1 - k) / f(d)\n    return v", "That is Shapley's value, in which every *size* of mask counts alike; for Banzhaf every mask counts alike."),
        ),
        "The list of values", about=lambda game, d: f"For the game {game.__doc__}",
    ),
    by_cases(
        "14.7", "Build it: forward selection", "forward_selection", _SELECTIONS,
        (
            "The highest R² belongs to the smallest weighted squared error: the spread below the fraction is the same for all.",
            "Write a small function first: the weighted squared error that least squares leaves for some columns and a column of ones. Then try each column not yet chosen, together with those chosen.",
            "Multiply the rows of the columns and of the outputs by np.sqrt(weights); np.linalg.lstsq then minimises the weighted error.",
        ),
        _ERROR + _FORWARD.replace("answer", "forward_selection"),
        "def answer(masks, outputs, weights, count):\n    root = np.sqrt(weights)\n    x = (masks - np.average(masks, axis=0, weights=weights)) * root[:, None]\n    r = (outputs - np.average(outputs, weights=weights)) * root\n    chosen = []\n"
        "    for _ in range(count):\n        length = (x * x).sum(0)\n        gain = np.where(length > 1e-9, (x.T @ r) ** 2 / np.maximum(length, 1e-9), -1)\n        j = int(gain.argmax())\n        u = x[:, j] / np.sqrt(length[j])\n"
        "        chosen.append(j)\n        r = r - u * (u @ r)\n        x = x - np.outer(u, u @ x)\n    return np.array(chosen)",
        (
            (_ERROR + "def answer(masks, y, w, count):\n    return np.argsort([error(masks[:, [j]], y, w) for j in range(masks.shape[1])])[:count]", "You rank the columns one by one. After each choice fit again, together with those chosen."),
            (_ERROR + _FORWARD.replace("outputs, weights)))", "outputs, np.ones(len(outputs)))))"), "The weights are not used: near samples must count more."),
            (_ERROR + _FORWARD.replace("outputs, weights)))", "outputs, weights**2)))"), "The weights count twice: multiply the rows by their *root*, as they are squared afterwards."),
            (_ERROR.replace("np.column_stack([x, np.ones(len(x))])", "x") + _FORWARD, "There is no intercept in your fits: add a column of ones, or subtract the weighted means."),
            (_ERROR + _FORWARD.replace("min(rest", "max(rest"), "You choose the column that helps least."),
            (_ERROR + _FORWARD.replace("return chosen", "return sorted(chosen)"), "The right columns, but sorted; return them in the order in which they were chosen."),
            (_ERROR + _FORWARD.replace("return chosen", "return [j + 1 for j in chosen]"), "Count the columns from 0."),
            (_ERROR + _FORWARD.replace("return chosen", "return chosen[::-1]"), "The order is reversed: the column chosen first comes first."),
        ),
        "The list of columns", counts=True,
        about=lambda masks, outputs, weights, count: f"For masks of shape {masks.shape} and count = {count}",
    ),
)  # fmt: skip

QUESTIONS = (
    Question(
        "LIME's picture paints the cat's ears orange; the held-out R² is 0.1. What do you know?",
        ("The ears are what made the network decide for a cat", "Hardly anything: the linear model does not fit here", "The network is wrong about this photo: its R² is low"), 1,
        (
            "The coefficients belong to a linear model, and that model misses nearly all that the network does here.",
            "A linear model that cannot predict left-out samples tells little; fewer or other superpixels may do better.",
            "R² judges the explanation, not the network, which may well be right.",
        ),
    ),
    Question(
        "Two runs of LIME with different seeds give different superpixels the first place. What do you do first?",
        ("Keep the picture that shows what you expected", "Use more samples and look at the whiskers", "Switch the ridge off"), 1,
        (
            "Then you have chosen the explanation yourself; the network has not.",
            "The coefficients are estimates; where their whiskers overlap, the order is not known yet.",
            "The ridge shrinks the scatter; without it the runs differ more.",
        ),
    ),
    Question(
        "A model tells huskies from wolves with 95% accuracy. LIME shows that it looks at the snow. Is the accuracy worth anything?",
        ("Yes, 95% is 95%", "Only on photos like those of the test", "No, LIME proves that it is a bad network"), 1,
        (
            "It was measured on photos with the same shortcut; on others it may be far lower.",
            "Test photos with the same shortcut, wolves in snow, cannot reveal it. Explanations can.",
            "The network learned what the data rewarded; it is the data that must be improved.",
        ),
    ),
    Question(
        "Which method needs only the outputs of the model?",
        ("Grad-CAM", "Gradient × input", "LIME"), 2,
        (
            "It needs the maps of a convolutional layer and gradients.",
            "It needs the gradient with respect to the input.",
            "It is model-agnostic: a function from inputs to probabilities is all it asks for. Occlusion is, too.",
        ),
    ),
    Question(
        "Some decision trees can be read by anyone. Why not always use one?",
        ("Trees are never as accurate as a neural network", "A readable tree is often less accurate", "Trees need gradients of the inputs"), 1,
        (
            "On tables they may well compete; on photos they do not.",
            "The price differs from problem to problem: measure it, then decide. Sometimes there is none, and the tree wins.",
            "They need none.",
        ),
    ),
)  # fmt: skip
