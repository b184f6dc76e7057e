"""Exercises and quiz of chapter 14, opening the black box."""

import itertools

import numpy as np

from dlcourse.exercises.core import Exercise, Question, Wrong, array, call, close, function


def check_covered(answer):
    f = function(answer)
    rng = np.random.default_rng(14)
    photo, hidden = rng.uniform(0.1, 0.5, (4, 6, 3)), rng.uniform(0.6, 1.0, (4, 6, 3))
    segments = np.array([[0, 0, 1, 1, 2, 2], [0, 0, 1, 1, 2, 2], [3, 3, 3, 2, 2, 2], [3, 3, 3, 3, 2, 2]])
    for mask in (np.array([1, 0, 1, 0]), np.array([0, 0, 0, 1])):
        on = mask.astype(bool)[segments][..., None]
        got = array(call(f, photo, hidden, segments, mask), photo.shape, "The covered photo")
        if close(got, np.where(on, photo, hidden)):
            continue
        if close(got, np.where(on, hidden, photo)):
            raise Wrong("On and off are exchanged: where the mask is 1 the photo shows.")
        if close(got, np.where(on, photo, 0)):
            raise Wrong("What is off is black in yours; `hidden` should show there.")
        if close(got, photo * 0.5 + hidden * 0.5):
            raise Wrong("You blend the two; each pixel comes from one of them.")
        raise Wrong("Each pixel takes the mask of its segment: mask[segments] has the shape of the photo, (H, W).")


def check_weight(answer):
    f = function(answer)
    for mask, width in ((np.array([1, 0, 0, 1]), 0.25), (np.array([1, 1, 1, 0, 1]), 0.5), (np.zeros(3), 0.4)):
        share, got = mask.mean(), float(array(call(f, mask, width), (), "The weight"))
        d = 1 - np.sqrt(share)
        if close(got, np.exp(-(d**2) / (2 * width**2))):
            continue
        if close(got, np.exp(-(d**2) / width**2)):
            raise Wrong("The 2 is missing: exp(−d²/(2σ²)).")
        if close(got, np.exp(-d / (2 * width**2))) or close(got, np.exp(-d / width)):
            raise Wrong("The distance must be squared in the exponent.")
        if close(got, np.exp(-((1 - share) ** 2) / (2 * width**2))):
            raise Wrong("Your distance is 1 − k/d; the cosine of the two masks is the root, √(k/d).")
        if close(got, d):
            raise Wrong("That is the distance; the weight falls with it: exp(−d²/(2σ²)).")
        raise Wrong(f"For {mask.tolist()} and σ = {width} the weight is {np.exp(-(d**2) / (2 * width**2)):.4f}.")


def check_effective(answer):
    f = function(answer)
    for w in (np.array([1.0, 1.0, 1.0, 1.0]), np.array([0.9, 0.1, 0.05]), np.array([1.0, 0.0, 0.0])):
        got = float(array(call(f, w), (), "The number"))
        if close(got, w.sum() ** 2 / (w**2).sum()):
            continue
        if close(got, w.sum()):
            raise Wrong("The sum alone depends on the scale: weights ten times as large are not ten times the samples.")
        if close(got, (w**2).sum() / w.sum() ** 2):
            raise Wrong("Upside down: four equal weights are worth 4 samples, not 1/4.")
        if close(got, w.sum() / (w**2).sum()):
            raise Wrong("Square the sum, too; otherwise the scale of the weights does not cancel.")
        if close(got, (w > 0).sum()):
            raise Wrong("You count every sample that has any weight; a sample of weight 0.001 is hardly one.")
        raise Wrong(f"Weights {w.tolist()} are worth {w.sum() ** 2 / (w**2).sum():.3f} samples; you have {got:g}.")


def check_r2(answer):
    f = function(answer)
    rng = np.random.default_rng(4)
    for _ in range(3):
        y, p, w = rng.normal(size=8), rng.normal(size=8), rng.uniform(0.1, 1, 8)
        mean = w @ y / w.sum()
        rest, spread = w @ (y - p) ** 2, w @ (y - mean) ** 2
        got = float(array(call(f, y, p, w), (), "R²"))
        if close(got, 1 - rest / spread):
            continue
        if close(got, 1 - ((y - p) ** 2).sum() / ((y - y.mean()) ** 2).sum()):
            raise Wrong("The weights are not used.")
        if close(got, 1 - rest / (w @ (y - y.mean()) ** 2)):
            raise Wrong("The mean must be weighted, too: Σwy / Σw.")
        if close(got, rest / spread):
            raise Wrong("That is the share that is left over; R² is 1 minus it.")
        if close(got, 1 - rest):
            raise Wrong("Compare with the spread of the outputs: divide by Σw(y − ȳ)².")
        raise Wrong("R² = 1 − Σw(y − ŷ)² / Σw(y − ȳ)², ȳ the weighted mean.")


def check_grad_cam(answer):
    f = function(answer)
    rng = np.random.default_rng(3)
    maps, gradients = rng.uniform(0, 1, (5, 3, 4)), rng.normal(size=(5, 3, 4))
    alpha = gradients.mean((1, 2))
    total = (alpha[:, None, None] * maps).sum(0)
    got = array(call(f, maps, gradients), (3, 4), "The picture")
    if close(got, np.maximum(total, 0)):
        return
    if close(got, total):
        raise Wrong("Negative evidence is still in it: max(0, …) at the end.")
    if close(got, np.maximum(alpha[:, None, None] * maps, 0).sum(0)):
        raise Wrong("The maximum comes after the sum over the maps, so that they can outweigh each other.")
    if close(got, np.maximum((gradients.sum((1, 2))[:, None, None] * maps).sum(0), 0)):
        raise Wrong("α is the mean over the places, not the sum.")
    if close(got, np.maximum((gradients * maps).sum(0), 0)):
        raise Wrong("That is gradient × input on the maps; Grad-CAM first takes one number, the mean, from each map.")
    if close(got, np.maximum(maps, 0).mean(0)):
        raise Wrong("The gradients are not used: they say which maps matter for the class.")
    raise Wrong("α_k is the mean of the k-th gradient over its places; the picture is max(0, Σ α_k A_k).")


def check_banzhaf(answer):
    f = function(answer)

    def game(mask):
        a, b, c, d = (float(v) for v in mask)
        return 0.1 + 0.5 * a * b - 0.4 * b * c * d + 0.2 * c

    right = _average(game, 4, lambda others: 1.0)
    got = array(call(f, game, 4), (4,), "The values")
    if close(got, right):
        return
    full, empty = np.ones(4, int), np.zeros(4, int)
    one_less = [game(full) - game(np.where(np.arange(4) == i, 0, 1)) for i in range(4)]
    one_more = [game(np.where(np.arange(4) == i, 1, 0)) - game(empty) for i in range(4)]
    shapley = _average(game, 4, lambda others: 1 / [1, 3, 3, 1][int(sum(others))])
    if close(got, one_less):
        raise Wrong("You take each feature from the whole only; average over all choices of the others.")
    if close(got, one_more):
        raise Wrong("You add each feature to nothing only; average over all choices of the others.")
    if close(got, shapley):
        raise Wrong(
            "That is Shapley's value, which counts every size of coalition alike; Banzhaf counts every mask alike."
        )
    if close(got, -right):
        raise Wrong("The sign: with the feature minus without it.")
    if close(got, right / 2) or close(got, right * 8) or close(got, right * 4):
        raise Wrong("The differences are right; divide their sum by their number, 2³ for four features.")
    raise Wrong(f"For one product 0.5·a·b each of the two is worth 0.25. Yours are {got.round(3).tolist()}.")


def _average(game, features, weight):
    """Weighted mean of game with − game without each feature, over all masks of the others."""
    values = []
    for i in range(features):
        rest = list(itertools.product((0, 1), repeat=features - 1))
        weights = np.array([weight(others) for others in rest])
        steps = [game((*o[:i], 1, *o[i:])) - game((*o[:i], 0, *o[i:])) for o in rest]
        values.append(weights @ steps / weights.sum())
    return np.array(values)


def check_forward_selection(answer):
    f = function(answer)
    rng = np.random.default_rng(35)
    masks = rng.integers(0, 2, (40, 6)).astype(float)
    masks[:, 1] = np.where(rng.random(40) < 0.75, masks[:, 0], masks[:, 1])  # two features that tell nearly the same
    outputs = (
        1.0 + masks @ [0.6, 0.5, -0.3, 0.25, 0.0, -0.2] + 0.3 * masks[:, 2] * masks[:, 3] + 0.1 * rng.normal(size=40)
    )
    weights = np.exp(-((1 - np.sqrt(masks.mean(1))) ** 2) / (2 * 0.15**2))
    right = _forward(masks, outputs, weights, 3)
    got = array(call(f, masks, outputs, weights, 3), (3,), "The columns").tolist()
    if got == right:
        return
    singles = [_left(masks[:, [j]], outputs, weights) for j in range(6)]
    if sorted(got) == sorted(right):
        raise Wrong("The right columns; return them in the order in which they were chosen.")
    if got == np.argsort(singles, kind="stable")[:3].tolist():
        raise Wrong("You rank the columns one by one. After each choice fit again, together with those chosen.")
    if got == _forward(masks, outputs, np.ones(40), 3):
        raise Wrong("The weights are not used: near samples must count more.")
    if got == _forward(masks, outputs, weights, 3, intercept=False):
        raise Wrong("There is no intercept in your fits: add a column of ones, or subtract the weighted means.")
    if got == _forward(masks, outputs, weights, 3, worst=True):
        raise Wrong("You take the column that helps least.")
    raise Wrong(f"The first three are {right}, in this order; yours are {[int(v) for v in got]}.")


def _forward(x, y, w, count, intercept=True, worst=False):
    chosen = []
    for _ in range(count):
        rest = [j for j in range(x.shape[1]) if j not in chosen]
        chosen.append((max if worst else min)(rest, key=lambda j: _left(x[:, [*chosen, j]], y, w, intercept)))
    return chosen


def _left(x, y, w, intercept=True):
    """Weighted squared error that is left after least squares."""
    x = np.column_stack([x, np.ones(len(x))]) if intercept else x
    root = np.sqrt(w)
    beta = np.linalg.lstsq(x * root[:, None], y * root, rcond=None)[0]
    return float(w @ (y - x @ beta) ** 2)


_ERROR = "def error(x, y, w):\n    x, root = np.column_stack([x, np.ones(len(x))]), np.sqrt(w)\n    beta = np.linalg.lstsq(x * root[:, None], y * root, rcond=None)[0]\n    return w @ (y - x @ beta) ** 2\n\n"
_FORWARD = "def answer(masks, outputs, weights, count):\n    chosen = []\n    for _ in range(count):\n        rest = [j for j in range(masks.shape[1]) if j not in chosen]\n        chosen.append(min(rest, key=lambda j: error(masks[:, chosen + [j]], outputs, weights)))\n    return chosen"

EXERCISES = (
    Exercise(
        "14.1", "Superpixels on and off", "covered", check_covered,
        (
            "segments holds for each pixel the number of its segment.",
            "mask[segments] is the mask of each pixel, (H, W). It needs a third axis to choose among colours.",
            "np.where(mask[segments][..., None] == 1, photo, hidden).",
        ),
        "def covered(photo, hidden, segments, mask):\n    on = mask[segments] == 1  # (H, W)\n    return np.where(on[..., None], photo, hidden)",
        "def answer(photo, hidden, segments, mask):\n    result = photo.copy()\n    for number in np.flatnonzero(mask == 0):\n        result[segments == number] = hidden[segments == number]\n    return result",
        (
            ("answer = lambda p, h, s, m: np.where((m[s] == 0)[..., None], p, h)", "exchanged"),
            ("answer = lambda p, h, s, m: p * m[s][..., None]", "black in yours"),
            ("answer = lambda p, h, s, m: (p + h) / 2", "You blend"),
            ("answer = lambda p, h, s, m: p", "Each pixel takes the mask"),
        ),
    ),
    Exercise(
        "14.2", "How much a sample counts", "weight", check_weight,
        (
            "k of d features are on. The cosine between the mask and a row of ones is √(k/d).",
            "The distance is 1 minus that.",
            "np.exp(-distance**2 / (2 * width**2)).",
        ),
        "def weight(mask, width):\n    distance = 1 - np.sqrt(mask.mean())\n    return np.exp(-distance**2 / (2 * width**2))",
        "answer = lambda mask, width: np.exp(-0.5 * ((1 - (np.sum(mask) / len(mask)) ** 0.5) / width) ** 2)",
        (
            ("answer = lambda m, s: np.exp(-((1 - np.sqrt(m.mean())) ** 2) / s**2)", "The 2 is missing"),
            ("answer = lambda m, s: np.exp(-(1 - np.sqrt(m.mean())) / s)", "must be squared"),
            ("answer = lambda m, s: np.exp(-((1 - m.mean()) ** 2) / (2 * s**2))", "the root"),
            ("answer = lambda m, s: 1 - np.sqrt(m.mean())", "That is the distance"),
        ),
    ),
    Exercise(
        "14.3", "How many samples the weights leave", "effective", check_effective,
        (
            "N equal weights must give N, one weight among zeros must give 1.",
            "Multiplying all weights by ten must change nothing.",
            "The square of the sum, divided by the sum of the squares.",
        ),
        "def effective(weights):\n    return weights.sum() ** 2 / (weights**2).sum()",
        "answer = lambda w: 1 / np.sum((w / np.sum(w)) ** 2)",
        (
            ("answer = lambda w: w.sum()", "depends on the scale"), ("answer = lambda w: (w**2).sum() / w.sum() ** 2", "Upside down"),
            ("answer = lambda w: w.sum() / (w**2).sum()", "Square the sum"), ("answer = lambda w: (w > 0).sum()", "hardly one"),
        ),
    ),
    Exercise(
        "14.4", "Weighted R²", "r_squared", check_r2,
        (
            "Two sums: what the linear model leaves over, and how far the outputs spread around their mean.",
            "Both sums are weighted, and so is the mean: Σwy / Σw.",
            "1 − Σw(y − ŷ)² / Σw(y − ȳ)².",
        ),
        "def r_squared(outputs, predictions, weights):\n    mean = weights @ outputs / weights.sum()\n    left = weights @ (outputs - predictions) ** 2\n    return 1 - left / (weights @ (outputs - mean) ** 2)",
        "def answer(y, p, w):\n    m = np.average(y, weights=w)\n    return 1 - np.average((y - p) ** 2, weights=w) / np.average((y - m) ** 2, weights=w)",
        (
            ("answer = lambda y, p, w: 1 - ((y - p) ** 2).sum() / ((y - y.mean()) ** 2).sum()", "weights are not used"),
            ("answer = lambda y, p, w: 1 - w @ (y - p) ** 2 / (w @ (y - y.mean()) ** 2)", "mean must be weighted"),
            ("answer = lambda y, p, w: w @ (y - p) ** 2 / (w @ (y - w @ y / w.sum()) ** 2)", "left over"),
            ("answer = lambda y, p, w: 1 - w @ (y - p) ** 2", "divide by"),
        ),
    ),
    Exercise(
        "14.5", "Grad-CAM from maps and gradients", "grad_cam", check_grad_cam,
        (
            "maps and gradients are (K, h, w). First one number for each map: how much the class gains from it.",
            "α_k = gradients[k].mean(); then the sum of α_k · maps[k], (h, w).",
            "At the end np.maximum(…, 0).",
        ),
        "def grad_cam(maps, gradients):\n    alpha = gradients.mean(axis=(1, 2))  # (K,)\n    return np.maximum(np.einsum('k,khw->hw', alpha, maps), 0)",
        "def answer(maps, gradients):\n    total = sum(g.mean() * m for m, g in zip(maps, gradients))\n    return total * (total > 0)",
        (
            ("answer = lambda m, g: np.einsum('k,khw->hw', g.mean((1, 2)), m)", "Negative evidence"),
            ("answer = lambda m, g: np.maximum(g.mean((1, 2))[:, None, None] * m, 0).sum(0)", "after the sum"),
            ("answer = lambda m, g: np.maximum(np.einsum('k,khw->hw', g.sum((1, 2)), m), 0)", "not the sum"),
            ("answer = lambda m, g: np.maximum((g * m).sum(0), 0)", "gradient × input"),
            ("answer = lambda m, g: m.mean(0)", "gradients are not used"),
        ),
    ),
    Exercise(
        "14.6", "The exact answer", "banzhaf", check_banzhaf,
        (
            "For feature i go through all masks of the others: there are 2^(d−1) of them.",
            "For each take the output with feature i minus the output without it.",
            "Average the differences. itertools.product((0, 1), repeat=d) lists all masks.",
        ),
        "import itertools\n\ndef banzhaf(game, d):\n    masks = np.array(list(itertools.product((0, 1), repeat=d)))\n    outputs = np.array([game(mask) for mask in masks])\n"
        "    return np.array([outputs[masks[:, i] == 1].mean() - outputs[masks[:, i] == 0].mean() for i in range(d)])",
        "def answer(game, d):\n    values = np.zeros(d)\n    for number in range(2**d):\n        mask = [number >> i & 1 for i in range(d)]\n        for i in range(d):\n            values[i] += (1 if mask[i] else -1) * game(mask)\n    return values / 2 ** (d - 1)",
        (
            ("answer = lambda game, d: np.array([game(np.ones(d)) - game(1 - np.eye(d)[i]) for i in range(d)])", "from the whole only"),
            ("answer = lambda game, d: np.array([game(np.eye(d)[i]) - game(np.zeros(d)) for i in range(d)])", "to nothing only"),
            ("import itertools\n\ndef answer(game, d):\n    m = np.array(list(itertools.product((0, 1), repeat=d)))\n    y = np.array([game(r) for r in m])\n    return np.array([y[m[:, i] == 0].mean() - y[m[:, i] == 1].mean() for i in range(d)])", "The sign"),
            ("import itertools\n\ndef answer(game, d):\n    m = np.array(list(itertools.product((0, 1), repeat=d)))\n    y = np.array([game(r) for r in m])\n    return np.array([y[m[:, i] == 1].sum() - y[m[:, i] == 0].sum() for i in range(d)])", "divide their sum"),
            ("import itertools\nfrom math import factorial as f\n\ndef answer(game, d):\n    v = np.zeros(d)\n    for m in itertools.product((0, 1), repeat=d):\n        for i in range(d):\n            k = sum(m) - m[i]\n            v[i] += (1 if m[i] else -1) * game(m) * f(k) * f(d - 1 - k) / f(d)\n    return v", "Shapley"),
        ),
    ),
    Exercise(
        "14.7", "Build it: forward selection", "forward_selection", check_forward_selection,
        (
            "Write a small function first: the weighted squared error that least squares leaves for some columns and a column of ones.",
            "The highest R² is the smallest error that is left: the spread below the fraction is the same for all.",
            "count times: among the columns not chosen take the one whose error, together with those chosen, is smallest.",
        ),
        _ERROR + _FORWARD.replace("answer", "forward_selection"),
        "def answer(masks, outputs, weights, count):\n    root = np.sqrt(weights)\n    x = (masks - np.average(masks, axis=0, weights=weights)) * root[:, None]\n    r = (outputs - np.average(outputs, weights=weights)) * root\n    chosen = []\n"
        "    for _ in range(count):\n        length = (x * x).sum(0)\n        gain = np.where(length > 1e-9, (x.T @ r) ** 2 / np.maximum(length, 1e-9), -1)\n        j = int(gain.argmax())\n        u = x[:, j] / np.sqrt(length[j])\n"
        "        chosen.append(j)\n        r = r - u * (u @ r)\n        x = x - np.outer(u, u @ x)\n    return np.array(chosen)",
        (
            (_ERROR + "def answer(masks, y, w, count):\n    return np.argsort([error(masks[:, [j]], y, w) for j in range(masks.shape[1])])[:count]", "one by one"),
            (_ERROR + _FORWARD.replace("outputs, weights)))", "outputs, np.ones(len(outputs)))))"), "weights are not used"),
            (_ERROR.replace("np.column_stack([x, np.ones(len(x))])", "x") + _FORWARD, "no intercept"),
            (_ERROR + _FORWARD.replace("min(rest", "max(rest"), "helps least"),
            (_ERROR + _FORWARD.replace("return chosen", "return sorted(chosen)"), "in the order"),
        ),
    ),
)  # fmt: skip

QUESTIONS = (
    Question(
        "LIME's picture paints the cat's ears orange; the held-out R² is 0.1. What do you know?",
        ("The ears made the network say it", "Hardly anything: no sum of superpixels follows the network here", "The network is wrong"), 1,
        (
            "The coefficients belong to a linear model, and that model misses nearly all that the network does here.",
            "A linear model that cannot predict left-out samples tells little; fewer or other superpixels may do better.",
            "R² judges the explanation, not the network.",
        ),
    ),
    Question(
        "Two runs of LIME with different seeds give different superpixels the first place. What first?",
        ("Take the nicer picture", "Use more samples and look at the whiskers", "Switch the ridge off"), 1,
        (
            "Then you have chosen the explanation yourself.",
            "The coefficients are estimates; where whiskers overlap, the order is not known yet.",
            "The ridge shrinks the scatter; without it the runs differ more.",
        ),
    ),
    Question(
        "A model tells huskies from wolves with 95% accuracy. LIME shows that it looks at the snow. Is the accuracy worth anything?",
        ("Yes, 95% is 95%", "Only where wolves stand in snow as they did in the test", "No, LIME proves that it is a bad network"), 1,
        (
            "It was measured on photos with the same shortcut; elsewhere it may be far lower.",
            "Test data with the same shortcut cannot reveal it. That is what explanations are for.",
            "The network did what the data rewarded; the data are what must be mended.",
        ),
    ),
    Question(
        "Which method needs nothing but the model's answers?",
        ("Grad-CAM", "Gradient × input", "LIME"), 2,
        (
            "It needs the maps of a convolutional layer and gradients.",
            "It needs the gradient with respect to the input.",
            "It is model-agnostic: a function from inputs to probabilities is all it asks for. Occlusion is, too.",
        ),
    ),
    Question(
        "Some decision trees can be read by anyone. Why not always use one?",
        ("Trees are never accurate", "Often the readable tree is less accurate: measure how much, then decide", "Trees need gradients"), 1,
        (
            "On tables they may well compete; on photos they do not.",
            "The price differs from problem to problem. Sometimes there is none, and then the tree wins.",
            "They need none.",
        ),
    ),
)  # fmt: skip
