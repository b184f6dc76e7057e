"""Exercises and quiz of chapter 09, training that generalises."""

import numpy as np

from dlcourse.exercises.cases import by_cases
from dlcourse.exercises.core import Exercise, Question, Wrong, array, call, close, differs, function

_rng = np.random.default_rng(9)
_PARTS = tuple(
    ((_rng.normal(2, 3, (n, f)) * np.arange(1, f + 1)).round(1), _rng.normal(1, 2, (m, f)).round(1))
    for n, m, f in ((7, 5, 3), (40, 6, 5), (5, 5, 5), (3, 2, 2))
)  # fmt: skip
_TRUTH = tuple(
    (np.array(truth, int), np.array(says, int))
    for truth, says in (
        ([1, 1, 1, 0, 0, 0, 0, 1, 1, 0, 0], [1, 1, 0, 1, 0, 0, 0, 0, 1, 0, 0]), ([0, 0, 1, 0, 1, 0, 0], [1, 1, 1, 0, 0, 1, 0]),
        ([1, 0, 0, 0, 1, 1], [1, 0, 0, 0, 0, 0]), ([0, 1, 0, 0], [1, 0, 1, 0]), (_rng.random(60) < 0.3, _rng.random(60) < 0.5), ([1, 0], [1, 0]),
    )
)  # fmt: skip
_UNITS = tuple(
    (_rng.normal(size=np.shape(kept)).round(1) + 0.05, np.array(kept), p)
    for kept, p in (([1, 0, 1, 1, 0, 1], 0.2), ([[0, 1, 0, 0], [1, 1, 0, 0]], 0.6), ([[0, 0, 1], [0, 0, 0], [1, 1, 1]], 0.75), ([1, 1, 1], 0.0))
)  # fmt: skip
_PENALTIES = tuple(
    (np.array([*_rng.normal(size=4).round(1), 0.0, -1.3, 2.0]), _rng.normal(size=7).round(1), l1, l2) for l1, l2 in ((0.1, 0.3), (0.0, 0.5), (0.2, 0.0), (2.0, 1.5))
)  # fmt: skip
_FITS = tuple(
    (_rng.normal(size=(r, n)).round(1) + np.linspace(0, 2, n), np.linspace(0, 1, n)) for r, n in ((3, 4), (20, 9), (5, 5), (2, 1))
)  # fmt: skip
_CURVES = tuple(
    (np.array(losses), patience)
    for losses, patience in (
        ([0.9, 0.5, 0.4, 0.45, 0.4, 0.5, 0.6, 0.7, 0.2], 3), ([1.0, 0.8, 0.7, 0.75, 0.6, 0.5, 0.4], 2), ([0.5, 0.6, 0.7, 0.4], 2),
        ([0.3, 0.2, 0.25, 0.1, 0.4, 0.4, 0.4, 0.05], 2), ([0.9, 0.7, 0.8, 0.75, 0.74, 0.6, 0.65, 0.64], 3), ([0.8, 0.9, 0.7], 1), ([0.5], 4),
        ([0.9, 0.4, 0.6, 0.5, 0.45, 0.44, 0.3], 3), ([0.5, 0.31, 0.29, 0.28, 0.33, 0.34], 2),
    )
)  # fmt: skip
_VOTES = tuple(
    (votes,)
    for votes in (
        np.array([[2, 1, 0, 7], [2, 0, 3, 9], [1, 1, 3, 7], [5, 0, 1, 9]]), np.array([[2, 0, 9], [1, 3, 9], [1, 3, 0]]), _rng.integers(0, 4, (7, 30)),
        _rng.integers(0, 12, (5, 12)), np.array([[3, 0]]), np.array([[11, 2], [11, 0], [3, 0]]),
    )
)  # fmt: skip

_SCALE = "answer = lambda t, o: {}"
_BOTH = "answer = lambda t, s: ({}, {})"
_PRECISION, _RECALL = "np.mean(t[s == 1])", "np.mean(s[t == 1])"
_DROP = "answer = lambda h, k, p: {}"
_PENALISED = "answer = lambda w, g, a, b: {}"
_PAIR = "answer = lambda f, t: ({}, {})"
_BIAS, _VARIANCE = "np.mean((f.mean(axis=0) - t) ** 2)", "f.var(axis=0).mean()"
_STOP = (
    "def answer(losses, patience):\n    best = 0\n    for epoch, loss in enumerate(losses):\n"
    "        if loss {} losses[best]:\n            best = epoch\n        if epoch - best {} patience:\n            break\n"
    "    return {}"
)
_WAITING = (
    "def answer(losses, patience):\n    best, waited = 0, 0\n    for epoch, loss in enumerate(losses):\n"
    "        {}\n        if loss < losses[best]:\n            best = epoch\n        if waited >= patience:\n            break\n    return best + 1, epoch + 1"
)
_COUNTED = "answer = lambda v: np.array([{} for c in v.T])"
_CV = (
    "def answer(fit_predict, x, y, k):\n    heap, p = np.arange(len(x)) % k, np.zeros(len(x))\n"
    "    for i in range(k):\n        inside, outside = {}, {}\n"
    "        p[outside] = fit_predict(x[inside], y[inside], x[outside])\n    return p"
)


def _learner():
    """A model for tests, and lists that fill with the rows that it is trained on and asked about.

    Its prediction depends on all training rows, on which y belongs to which x, and on the row asked about.
    """
    trained, asked = [], []

    def fit_predict(x_train, y_train, x_valid):
        x_train, y_train = np.reshape(x_train, (-1, 2)), np.reshape(y_train, -1)
        trained.append(x_train.copy())
        asked.append(np.reshape(x_valid, (-1, 2)).copy())
        if len(x_train) != len(y_train):
            raise ValueError(f"x_train has {len(x_train)} rows, y_train has {len(y_train)}")
        return asked[-1][:, 0] + len(x_train) + 10 * np.mean(y_train) + np.mean(x_train[:, 1] * y_train)

    return fit_predict, trained, asked


def check_cross_validated(answer):
    f, seen = function(answer), []
    for count, k in ((10, 5), (7, 3), (9, 2), (4, 4)):
        rng = np.random.default_rng(count)
        x, y = rng.normal(size=(count, 2)), rng.normal(size=count)
        heap, right = np.arange(count) % k, np.zeros(count)
        for i in range(k):
            right[heap == i] = _learner()[0](x[heap != i], y[heap != i], x[heap == i])
        model, trained, asked = _learner()
        got = array(call(f, model, x, y, k), (count,), "What your function returns")
        seen.append((x, k, right, got, trained, asked))
    if all(close(got, right) for _, _, right, got, _, _ in seen):
        return
    for made, words in _SLIPS:
        if all(made(*case) for case in seen):
            raise Wrong(words)
    for _, k, right, got, _, _ in seen:
        found = differs(right, got)
        if found:
            raise Wrong(f"{found} Each model trains on all heaps but the one it is asked about; here k = {k}.")


def _asked_about_its_own(x, k, right, got, trained, asked):
    return any(len(np.unique(np.r_[a, b], axis=0)) < len(a) + len(b) for a, b in zip(trained, asked, strict=True))


def _out_of_place(x, k, right, got, trained, asked):
    return k == len(x) or (close(np.sort(got), np.sort(right)) and not close(got, right))


def _too_few_trainings(x, k, right, got, trained, asked):
    return len(trained) < k


def _cut_into_pieces(x, k, right, got, trained, asked):
    return any(np.array_equal(rows, x[np.arange(len(x)) * k // len(x) == 0]) for rows in asked)


_SLIPS = (
    (_asked_about_its_own, "A model is asked about rows that it was trained on. Train on the other heaps only."),
    (_out_of_place, "The numbers are right but stand in the wrong places: put them at the rows of their heap."),
    (_too_few_trainings, "k heaps need k trainings, one for each; you train less often."),
    (_cut_into_pieces, "You cut the rows into k pieces one after the other; sample i belongs to heap i mod k."),
)

EXERCISES = (
    by_cases(
        "09.1", "The other parts follow the training part", "scale", _PARTS,
        (
            "A model trained on scaled rows expects new rows on the same scale.",
            "train.mean(axis=0) and train.std(axis=0) have one number per column.",
            "Begin with mean = train.mean(axis=0). Subtract it from `other`; divide by the deviation of `train`.",
        ),
        "def scale(train, other):\n    return (other - train.mean(axis=0)) / train.std(axis=0)",
        "def answer(train, other):\n    columns = zip(train.T, other.T)\n"
        "    return np.stack([(o - np.mean(t)) / np.sqrt(np.mean((t - np.mean(t)) ** 2)) for t, o in columns], axis=1)",
        (
            (_SCALE.format("(o - o.mean(axis=0)) / o.std(axis=0)"), "You use the numbers of `other` itself. The model was trained on the scale of `train`."),
            (_SCALE.format("(t - t.mean(axis=0)) / t.std(axis=0)"), "You scale `train`; return `other`, on the scale of `train`."),
            (_SCALE.format("(o - t.mean()) / t.std()"), "One mean for all columns: each feature has its own, axis=0."),
            (_SCALE.format("o - t.mean(axis=0)"), "You only shift. You must also divide by the deviation."),
            (_SCALE.format("o / t.std(axis=0)"), "You only divide. Subtract the mean of `train` first."),
            (_SCALE.format("(o - t.mean(axis=0)) / t.var(axis=0)"), "You divide by the variance; the deviation is its root, std."),
            (_SCALE.format("(o - t.mean(axis=0)) / t.std(axis=0, ddof=1)"), "Your deviation divides by N − 1; here it divides by N, as np.std does."),
            (_SCALE.format("o - t.mean(axis=0) / t.std(axis=0)"), "Only the mean is divided; brackets around the difference are missing."),
            (_SCALE.format("(o - t.min(axis=0)) / (t.max(axis=0) - t.min(axis=0))"), "You scale to the range from 0 to 1; use mean and deviation."),
            ("def answer(t, o):\n    a = np.concatenate([t, o])\n    return (o - a.mean(axis=0)) / a.std(axis=0)", "Mean and deviation of both together: that is how validation rows leak into the training."),
        ),
        "The scaled array",
    ),
    by_cases(
        "09.2", "Precision and recall", "precision_recall", _TRUTH,
        (
            "Count the rows where both are 1.",
            "Precision divides by how often the model predicts 1, recall by how often 1 is true.",
            "Begin with found = np.sum((truth == 1) & (says == 1)).",
        ),
        "def precision_recall(truth, says):\n    found = np.sum((truth == 1) & (says == 1))\n"
        "    return found / says.sum(), found / truth.sum()",
        "answer = lambda truth, says: (np.mean(truth[says == 1]), np.mean(says[truth == 1]))",
        (
            (_BOTH.format(_RECALL, _PRECISION), "They are swapped: precision divides by the alarms, recall by the rows whose truth is 1."),
            (_BOTH.format(_PRECISION, "np.sum((s == 0) & (t == 0)) / max(np.sum(t == 0), 1)"), "The second is the share of class 0 that is left alone, the specificity. Recall is about class 1."),
            (_BOTH.format("np.mean(t == s)", _RECALL), "The first is the accuracy: it counts all right predictions. Precision looks at the alarms alone."),
            (_BOTH.format("np.mean(t * s)", "np.mean(t * s)"), "You divide by all rows. Divide by the alarms, and by the rows whose truth is 1."),
            (_BOTH.format("np.sum(t * s)", "np.sum(t * s)"), "These are counts; divide them by the alarms, and by the rows whose truth is 1."),
            (_BOTH.format("1 - " + _PRECISION, "1 - " + _RECALL), "These are the shares of the mistakes; take 1 minus each."),
            (_BOTH.format(_PRECISION, _PRECISION), "Both are the precision; recall divides by the rows whose truth is 1."),
            (_BOTH.format(_RECALL, _RECALL), "Both are the recall; precision divides by the alarms."),
        ),
        ("The precision", "The recall"),
    ),
    by_cases(
        "09.3", "Inverted dropout", "inverted_dropout", _UNITS,
        (
            "Multiplying by the mask drops units.",
            "The mean must stay what it was: what is kept has to become larger.",
            "A unit is kept with probability 1 − p. By what do you divide?",
        ),
        "def inverted_dropout(h, kept, p):\n    return h * kept / (1 - p)",
        "answer = lambda h, kept, p: np.where(kept == 1, h / (1 - p), 0.0)",
        (
            (_DROP.format("h * k"), "Nothing makes up for the dropped units, so the mean becomes too small: divide by 1 − p."),
            (_DROP.format("h * k / p if p else h * k"), "p is the probability to drop; what is kept has the probability 1 − p: divide by that."),
            (_DROP.format("h * k * (1 - p)"), "You multiply by 1 − p, which makes the kept units smaller still. Divide."),
            (_DROP.format("h * (1 - k) / (1 - p)"), "You keep what is to be dropped: in the mask, 1 is kept and 0 is dropped."),
            (_DROP.format("h / (1 - p)"), "The mask is not used: multiply by `kept`."),
            (_DROP.format("h * k / k.mean()"), "You divide by the share that this mask happens to keep; divide by the probability 1 − p."),
            (_DROP.format("h * k * (1 + p)"), "You multiply by 1 + p; what is kept with probability 1 − p must be divided by it."),
        ),
        "The result",
    ),
    by_cases(
        "09.4", "The gradient with both penalties", "penalised_gradient", _PENALTIES,
        (
            "Each penalty adds its own slope to g.",
            "The slope of w² is 2w, that of |w| is the sign of w.",
            "np.sign(w) is −1, 0 or 1, and 0 where w is 0. Multiply each slope by its λ.",
        ),
        "def penalised_gradient(w, g, l1, l2):\n    return g + l1 * np.sign(w) + 2 * l2 * w",
        "def answer(w, g, l1, l2):\n    h = 1e-6\n    penalty = lambda v: l1 * np.abs(v) + l2 * v**2\n"
        "    return g + (penalty(w + h) - penalty(w - h)) / (2 * h)",
        (
            (_PENALISED.format("g + a * np.sign(w) + b * w"), "The derivative of w² is 2w: the factor 2 is missing."),
            (_PENALISED.format("g + a * np.sign(w) + b * w**2"), "You add λ₂·w², the penalty itself; its derivative is 2·λ₂·w."),
            (_PENALISED.format("g + a * np.abs(w) + 2 * b * w"), "The derivative of |w| is its sign, not |w|: every weight is pulled equally hard."),
            (_PENALISED.format("g + a * w + 2 * b * w"), "The derivative of |w| is its sign, 1 or −1, and not w."),
            (_PENALISED.format("g - a * np.sign(w) - 2 * b * w"), "The signs are reversed: a penalty adds to the loss, so its slope adds to the gradient."),
            (_PENALISED.format("a * np.sign(w) + 2 * b * w"), "The gradient of the loss itself, g, is missing."),
            (_PENALISED.format("g + a * np.where(w >= 0, 1, -1) + 2 * b * w"), "At w = 0 the pull must be 0, and yours is λ₁; np.sign gives 0."),
            (_PENALISED.format("g + a * np.where(w > 0, 1, -1) + 2 * b * w"), "At w = 0 the pull must be 0, and yours is −λ₁; np.sign gives 0."),
            (_PENALISED.format("g + a + 2 * b * w"), "λ₁ pulls negative weights further down: multiply it by the sign of w."),
            (_PENALISED.format("g + b * np.sign(w) + 2 * a * w"), "λ₁ and λ₂ are exchanged: λ₁ belongs to |w|, λ₂ to w²."),
            (_PENALISED.format("g + 2 * b * w"), "The penalty on |w| is missing."),
            (_PENALISED.format("g + a * np.sign(w)"), "The penalty on w² is missing."),
        ),
        "The gradient",
    ),
    by_cases(
        "09.5", "Bias² and variance", "bias_and_variance", _FITS,
        (
            "Average the fits first, at each place.",
            "bias² compares that mean with the truth; the variance compares the fits with it.",
            "Begin with mean = fits.mean(axis=0), one number per place; square before you average over the places.",
        ),
        "def bias_and_variance(fits, truth):\n    mean = fits.mean(axis=0)\n"
        "    return np.mean((mean - truth) ** 2), np.mean((fits - mean) ** 2)",
        "def answer(fits, truth):\n    variance = np.mean(fits.var(axis=0))\n"
        "    return np.mean((fits - truth) ** 2) - variance, variance",
        (
            (_PAIR.format(_VARIANCE, _BIAS), "They are swapped: bias² first, then the variance."),
            (_PAIR.format("np.mean((f - t) ** 2)", _VARIANCE), "The first is the mean squared distance of all fits, bias² and variance together. Average first."),
            (_PAIR.format("np.mean(f.mean(axis=0) - t) ** 2", _VARIANCE), "You average over the places before squaring: misses upwards and downwards cancel. Square first."),
            (_PAIR.format("np.mean(np.abs(f.mean(axis=0) - t))", _VARIANCE), "The first is the mean distance; square the distances before you average."),
            (_PAIR.format("np.mean(f.mean(axis=0) - t)", _VARIANCE), "The first is the bias itself; its square is asked for, at each place."),
            (_PAIR.format(_BIAS, "f.var(axis=0, ddof=1).mean()"), "You divide by R − 1. Here the variance divides by R, so that the parts add up exactly."),
            (_PAIR.format(_BIAS, "f.var(axis=1).mean()"), "You take the variance of each fit along its places; it is that of the fits at one place, along axis 0."),
            (_PAIR.format(_BIAS, "f.var()"), "The variance of all numbers together also contains the shape of the curve; take it along axis 0, then the mean."),
            (_PAIR.format(_BIAS, "f.std(axis=0).mean()"), "The second is the deviation; the variance is its square."),
            (_PAIR.format(_BIAS, "f.var(axis=0).sum()"), "The second is the sum over the places; their mean is asked for."),
            (_PAIR.format(_BIAS, "np.mean((f - t) ** 2)"), "The second is the distance from the truth; the variance is the distance from the mean of the fits."),
        ),
        ("bias²", "The variance"),
    ),
    by_cases(
        "09.6", "Early stopping", "early_stopping", _CURVES,
        (
            "Go through the losses and remember where the smallest one was.",
            "After each epoch: how many epochs ago was the best? If that is `patience`, stop.",
            "Begin with best = 0 and a loop over enumerate(losses); count both results from 1 at the end.",
        ),
        _STOP.format("<", ">=", "best + 1, epoch + 1").replace("answer", "early_stopping"),
        "def answer(losses, patience):\n    for trained in range(1, len(losses) + 1):\n"
        "        best = 1 + int(np.argmin(losses[:trained]))\n        if trained - best == patience:\n            break\n"
        "    return best, trained",
        (
            (_STOP.format("<", ">=", "best, epoch"), "You count from 0; epochs are counted from 1."),
            (_STOP.format("<", ">=", "best + 1, epoch"), "The best epoch is right, but the epoch in which you stop also counts as trained."),
            (_STOP.format("<=", ">=", "best + 1, epoch + 1"), "An equal loss is no better one; only < counts."),
            (_STOP.format("<", ">", "best + 1, epoch + 1"), "You wait one epoch too long. Stop after `patience` epochs that were not better."),
            (_STOP.format("<", "+ 1 >=", "best + 1, epoch + 1"), "You stop one epoch too early: `patience` epochs that were not better are allowed."),
            ("answer = lambda l, p: (1 + int(np.argmin(l)), len(l))", "The losses after the stop are never computed; the best epoch lies before the stop."),
            (_STOP.format("<", ">=", "best + 1, len(losses)"), "The best epoch is right, but the training ends at the stop, not after all losses."),
            (_STOP.format("<", ">=", "epoch + 1, best + 1"), "They are swapped: the best epoch first, then the number of epochs trained."),
            (_STOP.format("<", ">=", "best + 1, best + 1"), "The training goes on after the best epoch, for `patience` epochs at most."),
            (_WAITING.format("waited += epoch > 0 and loss >= losses[best]"), "You count all epochs that were not better; a new best starts the count again."),
            (_WAITING.format("waited = waited + 1 if epoch and loss >= losses[epoch - 1] else 0"), "You compare each loss with the one before it; compare it with the best."),
        ),
        ("The best epoch", "The number of epochs"), counts=True,
    ),
    by_cases(
        "09.7", "Majority vote", "majority", _VOTES,
        (
            "Each column of `votes` is an election of its own.",
            "np.bincount(column) counts how often each class is named.",
            "argmax takes the first of equal ones, which is the smaller number.",
        ),
        "def majority(votes):\n    return np.array([np.bincount(column).argmax() for column in votes.T])",
        "def answer(votes):\n    named = votes[:, :, None] == np.arange(votes.max() + 1)  # (M, N, C)\n"
        "    return named.sum(axis=0).argmax(axis=1)",
        (
            (_COUNTED.format("max(c, key=lambda k: ((c == k).sum(), k))"), "Where two classes have equally many votes, the smaller number wins; yours takes the larger."),
            (_COUNTED.format("max(c, key=lambda k: (c == k).sum())"), "Where two classes have equally many votes, the smaller number wins; yours takes the one that is named first."),
            (_COUNTED.format("min(c, key=lambda k: ((c == k).sum(), k))"), "You take the class that is named least often."),
            ("answer = lambda v: v.mean(axis=0)", "You average the class numbers. Classes are names, so a mean of them has no meaning."),
            ("answer = lambda v: np.round(v.mean(axis=0))", "You average the class numbers and round. Classes are names: between a 1 and a 9 there is no 5."),
            ("answer = lambda v: np.median(v, axis=0)", "This is the median of the class numbers; count how often each class is named."),
            (_COUNTED.format("np.bincount(c).max()"), "This is how many votes the winner has; its class is asked for: argmax instead of max."),
            (_COUNTED.format("c.max()"), "This is the largest class number in each column; count how often each class is named."),
            ("answer = lambda v: np.array([np.bincount(r).argmax() for r in v])", "You count along the rows, the votes of one model; each sample is a column."),
            ("answer = lambda v: v[0]", "You return what the first model predicts."),
        ),
        "The list of winners", counts=True,
    ),
    Exercise(
        "09.8", "Cross-validation", "cross_validated", check_cross_validated,
        (
            "np.arange(len(x)) % k shows for each row in which heap it lies.",
            "For each heap: train on the rows that are not in it, ask about those that are.",
            "Begin with an array p of len(x) zeros. p[heap == i] = … fills in the rows of heap i.",
        ),
        _CV.format("heap != i", "heap == i").replace("answer", "cross_validated"),
        "def answer(fit_predict, x, y, k):\n    p, rows = [None] * len(x), list(range(len(x)))\n"
        "    for i in range(k):\n        others = [r for r in rows if r % k != i]\n"
        "        for r, value in zip(rows[i::k], fit_predict(x[others], y[others], x[i::k])):\n            p[r] = value\n"
        "    return np.array(p)",
        (
            (_CV.format("heap >= 0", "heap == i"), "that it was trained on."),
            ("def answer(f, x, y, k):\n    h = np.arange(len(x)) % k\n"
             "    return np.concatenate([f(x[h != i], y[h != i], x[h == i]) for i in range(k)])", "wrong places"),
            (_CV.format("heap != i", "heap == i").replace("range(k)", "range(k - 1)"), "one for each;"),
            (_CV.format("heap != i", "heap == i").replace("np.arange(len(x)) % k", "np.arange(len(x)) * k // len(x)"), "one after the other"),
            (_CV.format("heap == i", "heap != i"), "all heaps but"),
        ),
    ),
)  # fmt: skip

QUESTIONS = (
    Question(
        "Training error 0.02, validation error 0.40. Which of these is least likely to help?",
        ("More training data", "A larger network", "Dropout", "Stopping earlier"), 1,
        (
            "More data nearly always help: accidental patterns average out.",
            "The gap says overfitting, and more capacity is rarely the cure. (Double descent is the exception, far out.)",
            "Dropout was invented for exactly this gap.",
            "The validation error was lower at some earlier epoch; going back there is the cheapest cure of all.",
        ),
    ),
    Question(
        "Why is the validation error of the model you chose usually a little too low?",
        (
            "Validation parts are smaller", "The model was trained on the validation part", "You chose it because it was low",
        ), 2,
        (
            "A small part makes the number uncertain, upwards as often as downwards.",
            "It was not. And still something of the validation part has reached it: through your choice.",
            "Of many models with lucky and unlucky numbers you keep a lucky one. That is why a test part stays sealed.",
        ),
    ),
    Question(
        "Twenty fits to twenty samples agree closely with each other, and all miss the truth. What is it?",
        ("High variance", "High bias", "Noise"), 1,
        (
            "Variance is how much they scatter, and these agree.",
            "Their mean is off: the family cannot follow the truth, or a penalty holds it too tightly.",
            "Noise scatters the points around the truth; a mean of twenty fits hardly depends on it.",
        ),
    ),
    Question(
        "A trained network with dropout p = 0.5 is used for prediction. What happens to its units?",
        (
            "Half of them are dropped, as in training", "All are kept and multiplied by 0.5", "All are kept as they are",
        ), 2,
        (
            "Then the same input would get another output each time. model.eval() switches the masks off.",
            "That was the first form of dropout. Inverted dropout has divided by 1 − p in training already.",
            "Dividing by 1 − p in training has kept the expectation, so that nothing is left to do.",
        ),
    ),
    Question(
        "A screening test should miss as few ill people as possible. Which number do you watch first?",
        ("Accuracy", "Precision", "Recall"), 2,
        (
            "If one in a hundred is ill, a model that always predicts 'healthy' is right in 99%, and misses all of them.",
            "Precision is the share of alarms that are right; it can be 1 while nearly all the ill are missed.",
            "The share of the ill that are found. Then look at what the alarms cost: precision.",
        ),
    ),
)  # fmt: skip
