"""Exercises and quiz of chapter 09, training that generalises."""

import numpy as np

from dlcourse.exercises.core import Exercise, Question, Wrong, array, call, close, function, several


def check_scale(answer):
    f = function(answer)
    rng = np.random.default_rng(1)
    for rows, columns in ((7, 3), (40, 5), (5, 5)):
        train = rng.normal(2, 3, (rows, columns)) * np.arange(1, columns + 1)
        other = rng.normal(1, 2, (rows - 2, columns))
        mean, deviation = train.mean(axis=0), train.std(axis=0)
        got = array(call(f, train, other), other.shape, "What your function returns")
        if close(got, (other - mean) / deviation):
            continue
        if close(got, (other - other.mean(axis=0)) / other.std(axis=0)):
            raise Wrong("You use the numbers of `other` itself. The model was trained on the scale of `train`.")
        if close(got, (other - train.mean()) / train.std()):
            raise Wrong("One mean for all columns: each feature has its own, axis=0.")
        if close(got, other - mean):
            raise Wrong("You only shift. Divide by the deviation, too.")
        if close(got, (other - mean) / train.var(axis=0)):
            raise Wrong("You divide by the variance; the deviation is its root, std.")
        together = np.concatenate([train, other])
        if close(got, (other - together.mean(axis=0)) / together.std(axis=0)):
            raise Wrong("Mean and deviation of both together: that is how validation rows leak into the training.")
        raise Wrong("It is not (other − mean of train) / deviation of train, column by column.")


def check_precision_recall(answer):
    f = function(answer)
    rng = np.random.default_rng(2)
    for rows, share in ((20, 0.5), (200, 0.2), (60, 0.7)):
        truth = (rng.random(rows) < share).astype(int)
        says = np.where(rng.random(rows) < 0.3, 1 - truth, truth)
        both, alarms, ill = np.sum((truth == 1) & (says == 1)), says.sum(), truth.sum()
        precision, recall = several(call(f, truth, says), ("precision", "recall"), ())
        if close(np.array([precision, recall]), np.array([both / alarms, both / ill])):
            continue
        if close(np.array([recall, precision]), np.array([both / alarms, both / ill])):
            raise Wrong("They are swapped: precision divides by the alarms, recall by those who are to be found.")
        healthy = np.sum((truth == 0) & (says == 0))
        if close(np.array(recall), np.array(healthy / np.sum(truth == 0))):
            raise Wrong(
                "The second is the share of class 0 that is left alone, the specificity. Recall is about class 1."
            )
        if close(np.array(precision), np.mean(truth == says)):
            raise Wrong("The first is the accuracy: it counts all right answers. Precision looks at the alarms alone.")
        if close(np.array([precision, recall]), np.array([both, both]) / rows):
            raise Wrong("You divide by all rows. Divide by the alarms, and by those who are to be found.")
        raise Wrong(
            f"Precision should be {both / alarms:.3f}, recall {both / ill:.3f}; not {precision:.3f}, {recall:.3f}."
        )


def check_dropout(answer):
    f = function(answer)
    rng = np.random.default_rng(3)
    for shape, p in (((5,), 0.2), ((4, 6), 0.5), ((3, 3), 0.75)):
        h, kept = rng.normal(size=shape), (rng.random(shape) >= p).astype(int)
        kept.flat[:2] = 0, 1
        got = array(call(f, h, kept, p), shape, "What your function returns")
        if close(got, h * kept / (1 - p)):
            continue
        if close(got, h * kept):
            raise Wrong("Nothing makes up for the dropped ones, so the mean becomes too small: divide by 1 − p.")
        if close(got, h * kept / p):
            raise Wrong("p is the probability to drop; what is kept has the probability 1 − p: divide by that.")
        if close(got, h * kept * (1 - p)):
            raise Wrong("You multiply by 1 − p, which makes the kept ones smaller still. Divide.")
        if close(got, h * (1 - kept) / (1 - p)):
            raise Wrong("You keep what is to be dropped: in the mask, 1 is kept and 0 is dropped.")
        raise Wrong(f"For h of shape {shape} and p = {p} it is not h · kept / (1 − p).")


def check_penalised(answer):
    f = function(answer)
    rng = np.random.default_rng(4)
    for l1, l2 in ((0.1, 0.3), (0.0, 0.5), (0.2, 0.0)):
        w, g = rng.normal(size=6), rng.normal(size=6)
        w[2] = 0
        got = array(call(f, w, g, l1, l2), (6,), "The gradient")
        ones, twos = l1 * np.sign(w), 2 * l2 * w
        if close(got, g + ones + twos):
            continue
        if close(got, g + ones + twos / 2):
            raise Wrong("The derivative of w² is 2w: the factor 2 is missing.")
        if close(got, g + l1 * np.abs(w) + twos):
            raise Wrong("The derivative of |w| is its sign, not |w|: every weight is pulled equally hard.")
        if close(got, g - ones - twos):
            raise Wrong("The signs are turned round: a penalty adds to the loss, so its slope adds to the gradient.")
        if close(got, ones + twos):
            raise Wrong("The gradient of the loss itself, g, is missing.")
        if close(got, g + l1 * np.where(w >= 0, 1, -1) + twos):
            raise Wrong("At w = 0 the pull must be 0; np.sign gives that.")
        if close(got, g + l1 + twos):
            raise Wrong("λ₁ pulls negative weights upwards: multiply it by the sign of w.")
        raise Wrong(f"For λ₁ = {l1}, λ₂ = {l2} it is not g + λ₁·sign(w) + 2·λ₂·w.")


def check_bias_variance(answer):
    f = function(answer)
    rng = np.random.default_rng(5)
    for count, places in ((3, 4), (20, 9), (5, 5)):
        fits, truth = rng.normal(size=(count, places)) + np.linspace(0, 2, places), np.linspace(0, 1, places)
        bias2, variance = np.mean((fits.mean(axis=0) - truth) ** 2), fits.var(axis=0).mean()
        got = np.array(several(call(f, fits, truth), ("bias²", "variance"), ()))
        if close(got, np.array([bias2, variance])):
            continue
        if close(got, np.array([variance, bias2])):
            raise Wrong("They are swapped: bias² first, then the variance.")
        if close(got[0], np.mean((fits - truth) ** 2)):
            raise Wrong(
                "The first is the mean squared distance of all fits, bias² and variance together. Average first."
            )
        if close(got[0], np.mean(fits.mean(axis=0) - truth) ** 2):
            raise Wrong(
                "You average over the places before squaring: misses upwards and downwards cancel. Square first."
            )
        if close(got[1], fits.var(axis=0, ddof=1).mean()):
            raise Wrong("You divide by R − 1. Here the variance divides by R, so that the parts add up exactly.")
        if close(got[1], fits.var(axis=1).mean()) or close(got[1], fits.var()):
            raise Wrong("The scatter is among the fits at one place: the variance along axis 0, then its mean.")
        if close(got[1], fits.std(axis=0).mean()):
            raise Wrong("This is the deviation; the variance is its square.")
        raise Wrong(f"For {count} fits at {places} places it should be {bias2:.4f} and {variance:.4f}.")


def _stop(losses, patience: int, ties: bool = False, from_zero: bool = False, late: int = 0) -> tuple[int, int]:
    """(best, trained), and what it is with a typical mistake in it."""
    best = 0
    for epoch, loss in enumerate(losses):
        if loss < losses[best] or (ties and loss == losses[best]):
            best = epoch
        if epoch - best >= patience + late:
            break
    return (best, epoch) if from_zero else (best + 1, epoch + 1)


_LOSSES = (
    ([0.9, 0.5, 0.4, 0.45, 0.4, 0.5, 0.6, 0.7, 0.2], 3), ([1.0, 0.8, 0.7, 0.75, 0.6, 0.5, 0.4], 2),
    ([0.5, 0.6, 0.7, 0.4], 2), ([0.3, 0.2, 0.25, 0.1, 0.4, 0.4, 0.4, 0.05], 2),
)  # fmt: skip


def check_early_stopping(answer):
    f = function(answer)
    for losses, patience in _LOSSES:
        names = "the best epoch", "the number of epochs"
        got = tuple(map(float, several(call(f, np.array(losses), patience), names, ())))
        right = _stop(losses, patience)
        if got == right:
            continue
        case = f"For losses {losses} and patience {patience}"
        if got == _stop(losses, patience, from_zero=True):
            raise Wrong(f"{case}: you count from 0; epochs are counted from 1.")
        if got == _stop(losses, patience, ties=True):
            raise Wrong(f"{case}: an equal loss is no better one; only < counts.")
        if got == _stop(losses, patience, late=1):
            raise Wrong(f"{case}: you wait one epoch too long. Stop after `patience` epochs that were not better.")
        if got[0] == 1 + int(np.argmin(losses)) != right[0]:
            raise Wrong(f"{case}: the best of all comes after the stop; nobody has seen it.")
        if got[0] == right[0]:
            raise Wrong(f"{case}: the best epoch is right, but the training lasts {right[1]} epochs, not {got[1]:g}.")
        raise Wrong(f"{case} it should be {right}; you have ({got[0]:g}, {got[1]:g}).")


def check_majority(answer):
    f = function(answer)
    rng = np.random.default_rng(6)
    tables = (np.array([[2, 1, 0], [2, 0, 3], [1, 1, 3]]), rng.integers(0, 4, (7, 30)), rng.integers(0, 10, (5, 12)))
    for votes in tables:
        right = np.array([np.bincount(column).argmax() for column in votes.T])
        got = array(call(f, votes), right.shape, "The winners")
        if close(got, right):
            continue
        counts = np.array([np.bincount(column, minlength=10) for column in votes.T])
        if close(got, 9 - counts[:, ::-1].argmax(axis=1)):
            raise Wrong("Where two classes have equally many votes, the smaller number wins.")
        if close(got, votes.mean(axis=0)) or close(got, np.round(votes.mean(axis=0))):
            raise Wrong("You average the class numbers. Classes are names: between a 1 and a 9 there is no 5.")
        if close(got, np.median(votes, axis=0)):
            raise Wrong("This is the median of the class numbers; count how often each class is named.")
        if close(got, counts.max(axis=1)):
            raise Wrong("This is how many votes the winner has; its class is asked for: argmax instead of max.")
        if close(got, votes[0]):
            raise Wrong("You return what the first model says.")
        raise Wrong(f"The votes {votes[:, 0].tolist()} elect class {right[0]}, for example.")


def _learner():
    """A model for tests, and lists that fill with the rows it is trained on and asked about.

    It answers with the number of its training rows plus ten times their mean y plus the first feature.
    """
    trained, asked = [], []

    def fit_predict(x_train, y_train, x_valid):
        trained.append(np.reshape(x_train, (-1, 2)).copy())
        asked.append(np.reshape(x_valid, (-1, 2)).copy())
        return asked[-1][:, 0] + len(x_train) + 10 * np.mean(y_train)

    return fit_predict, trained, asked


def check_cross_validated(answer):
    f = function(answer)
    for count, k in ((10, 5), (7, 3), (9, 2)):
        rng = np.random.default_rng(count)
        x, y = rng.normal(size=(count, 2)), rng.normal(size=count)
        heap, right = np.arange(count) % k, np.zeros(count)
        model, trained, asked = _learner()
        for i in range(k):
            right[heap == i] = _learner()[0](x[heap != i], y[heap != i], x[heap == i])
        got = array(call(f, model, x, y, k), (count,), "The answers")
        if close(got, right):
            continue
        if any(len(np.unique(np.r_[a, b], axis=0)) < len(a) + len(b) for a, b in zip(trained, asked, strict=True)):
            raise Wrong("A model is asked about rows that it was trained on. Train on the other heaps only.")
        if close(np.sort(got), np.sort(right)):
            raise Wrong("The answers are right but stand in the wrong places: put them at the rows of their heap.")
        if len(trained) != k:
            raise Wrong(f"k = {k} heaps need {k} trainings, one for each; you train {len(trained)} times.")
        first_piece = x[np.arange(count) * k // count == 0]
        if any(np.array_equal(rows, first_piece) for rows in asked):
            raise Wrong("You cut the rows into k pieces one after the other; sample i belongs to heap i mod k.")
        raise Wrong("The answers are not those of k models, each trained on all heaps but the one it is asked about.")


_CV = (
    "def answer(fit_predict, x, y, k):\n    heap, p = np.arange(len(x)) % k, np.zeros(len(x))\n"
    "    for i in range(k):\n        inside, outside = {}, {}\n"
    "        p[outside] = fit_predict(x[inside], y[inside], x[outside])\n    return p"
)
_STOP = (
    "def answer(losses, patience):\n    best = 0\n    for epoch, loss in enumerate(losses):\n"
    "        if loss {} losses[best]:\n            best = epoch\n        if epoch - best {} patience:\n            break\n"
    "    return {}"
)

EXERCISES = (
    Exercise(
        "09.1", "The other parts follow the training part", "scale", check_scale,
        (
            "A model trained on scaled rows expects new rows on the same scale.",
            "train.mean(axis=0) and train.std(axis=0) have one number a column.",
            "(other − mean of train) / deviation of train.",
        ),
        "def scale(train, other):\n    return (other - train.mean(axis=0)) / train.std(axis=0)",
        "def answer(train, other):\n    columns = zip(train.T, other.T)\n"
        "    return np.stack([(o - np.mean(t)) / np.sqrt(np.mean((t - np.mean(t)) ** 2)) for t, o in columns], axis=1)",
        (
            ("answer = lambda t, o: (o - o.mean(axis=0)) / o.std(axis=0)", "`other` itself"),
            ("answer = lambda t, o: (o - t.mean()) / t.std()", "One mean for all"),
            ("answer = lambda t, o: o - t.mean(axis=0)", "only shift"),
            ("answer = lambda t, o: (o - t.mean(axis=0)) / t.var(axis=0)", "by the variance"),
            ("def answer(t, o):\n    a = np.concatenate([t, o])\n    return (o - a.mean(axis=0)) / a.std(axis=0)", "leak into"),
        ),
    ),
    Exercise(
        "09.2", "Precision and recall", "precision_recall", check_precision_recall,
        (
            "Count the rows where both are 1.",
            "Precision divides by how often the model says 1, recall by how often it is true.",
            "found / says.sum(), found / truth.sum().",
        ),
        "def precision_recall(truth, says):\n    found = np.sum((truth == 1) & (says == 1))\n"
        "    return found / says.sum(), found / truth.sum()",
        "answer = lambda truth, says: (np.mean(truth[says == 1]), np.mean(says[truth == 1]))",
        (
            ("answer = lambda t, s: (np.mean(s[t == 1]), np.mean(t[s == 1]))", "swapped: precision"),
            ("answer = lambda t, s: (np.mean(t[s == 1]), np.mean(1 - s[t == 0]))", "specificity"),
            ("answer = lambda t, s: (np.mean(t == s), np.mean(s[t == 1]))", "accuracy"),
            ("answer = lambda t, s: (np.mean(t * s), np.mean(t * s))", "by all rows"),
        ),
    ),
    Exercise(
        "09.3", "Inverted dropout", "inverted_dropout", check_dropout,
        (
            "Multiplying by the mask drops.",
            "The mean must stay what it was: what is kept has to become larger.",
            "A unit is kept with probability 1 − p, so divide by 1 − p.",
        ),
        "def inverted_dropout(h, kept, p):\n    return h * kept / (1 - p)",
        "answer = lambda h, kept, p: np.where(kept == 1, h / (1 - p), 0.0)",
        (
            ("answer = lambda h, k, p: h * k", "makes up"), ("answer = lambda h, k, p: h * k / p", "probability to drop;"),
            ("answer = lambda h, k, p: h * k * (1 - p)", "You multiply"),
            ("answer = lambda h, k, p: h * (1 - k) / (1 - p)", "You keep what"),
        ),
    ),
    Exercise(
        "09.4", "The gradient with both penalties", "penalised_gradient", check_penalised,
        (
            "Each penalty adds its own slope to g.",
            "The slope of w² is 2w, that of |w| is the sign of w.",
            "g + l1·np.sign(w) + 2·l2·w; np.sign(0) is 0.",
        ),
        "def penalised_gradient(w, g, l1, l2):\n    return g + l1 * np.sign(w) + 2 * l2 * w",
        "def answer(w, g, l1, l2):\n    h = 1e-6\n    penalty = lambda v: l1 * np.abs(v) + l2 * v**2\n"
        "    return g + (penalty(w + h) - penalty(w - h)) / (2 * h)",
        (
            ("answer = lambda w, g, a, b: g + a * np.sign(w) + b * w", "factor 2"),
            ("answer = lambda w, g, a, b: g + a * np.abs(w) + 2 * b * w", "its sign, not"),
            ("answer = lambda w, g, a, b: g - a * np.sign(w) - 2 * b * w", "turned round"),
            ("answer = lambda w, g, a, b: a * np.sign(w) + 2 * b * w", "g, is missing"),
            ("answer = lambda w, g, a, b: g + a * np.where(w >= 0, 1, -1) + 2 * b * w", "At w = 0"),
            ("answer = lambda w, g, a, b: g + a + 2 * b * w", "upwards:"),
        ),
    ),
    Exercise(
        "09.5", "Bias² and variance", "bias_and_variance", check_bias_variance,
        (
            "Average the fits first, at each place.",
            "bias² compares that mean with the truth; the variance compares the fits with it.",
            "np.mean((fits.mean(axis=0) - truth)**2) and fits.var(axis=0).mean().",
        ),
        "def bias_and_variance(fits, truth):\n    mean = fits.mean(axis=0)\n"
        "    return np.mean((mean - truth) ** 2), np.mean((fits - mean) ** 2)",
        "def answer(fits, truth):\n    variance = np.mean(fits.var(axis=0))\n"
        "    return np.mean((fits - truth) ** 2) - variance, variance",
        (
            ("answer = lambda f, t: (f.var(axis=0).mean(), np.mean((f.mean(axis=0) - t) ** 2))", "swapped: bias²"),
            ("answer = lambda f, t: (np.mean((f - t) ** 2), f.var(axis=0).mean())", "together. Average"),
            ("answer = lambda f, t: (np.mean(f.mean(axis=0) - t) ** 2, f.var(axis=0).mean())", "cancel"),
            ("answer = lambda f, t: (np.mean((f.mean(axis=0) - t) ** 2), f.var(axis=0, ddof=1).mean())", "R − 1"),
            ("answer = lambda f, t: (np.mean((f.mean(axis=0) - t) ** 2), f.var(axis=1).mean())", "along axis 0"),
            ("answer = lambda f, t: (np.mean((f.mean(axis=0) - t) ** 2), f.std(axis=0).mean())", "its square"),
        ),
    ),
    Exercise(
        "09.6", "Early stopping", "early_stopping", check_early_stopping,
        (
            "Walk through the losses and remember where the least one was.",
            "After each epoch: how many epochs ago was the best? If that is `patience`, stop.",
            "Only a loss below the best makes a new best; count both answers from 1.",
        ),
        _STOP.format("<", ">=", "best + 1, epoch + 1").replace("answer", "early_stopping"),
        "def answer(losses, patience):\n    for trained in range(1, len(losses) + 1):\n"
        "        best = 1 + int(np.argmin(losses[:trained]))\n        if trained - best == patience:\n            break\n"
        "    return best, trained",
        (
            (_STOP.format("<", ">=", "best, epoch"), "from 0"), (_STOP.format("<=", ">=", "best + 1, epoch + 1"), "equal loss"),
            (_STOP.format("<", ">", "best + 1, epoch + 1"), "one epoch too long"),
            ("answer = lambda l, p: (1 + int(np.argmin(l)), len(l))", "nobody has seen"),
            (_STOP.format("<", ">=", "best + 1, len(losses)"), "training lasts"),
        ),
    ),
    Exercise(
        "09.7", "Majority vote", "majority", check_majority,
        (
            "Each column of `votes` is an election of its own.",
            "np.bincount(column) counts how often each class is named.",
            "argmax takes the first of equal ones, which is the smaller number.",
        ),
        "def majority(votes):\n    return np.array([np.bincount(column).argmax() for column in votes.T])",
        "def answer(votes):\n    named = votes[:, :, None] == np.arange(votes.max() + 1)  # (M, N, C)\n"
        "    return named.sum(axis=0).argmax(axis=1)",
        (
            ("answer = lambda v: np.array([c[::-1].max() if len(set(c)) == len(c) else max(set(c.tolist()), "
             "key=lambda k: ((c == k).sum(), k)) for c in v.T])", "equally many"),
            ("answer = lambda v: np.round(v.mean(axis=0))", "Classes are names"),
            ("answer = lambda v: np.median(v, axis=0)", "median"),
            ("answer = lambda v: np.array([np.bincount(c).max() for c in v.T])", "how many votes"),
            ("answer = lambda v: v[0]", "the first model"),
        ),
    ),
    Exercise(
        "09.8", "Cross-validation", "cross_validated", check_cross_validated,
        (
            "np.arange(len(x)) % k says for each row which heap it lies in.",
            "For each heap: train on the rows that are not in it, ask about those that are.",
            "p[heap == i] = fit_predict(x[heap != i], y[heap != i], x[heap == i]).",
        ),
        _CV.format("heap != i", "heap == i").replace("answer", "cross_validated"),
        "def answer(fit_predict, x, y, k):\n    p, rows = [None] * len(x), list(range(len(x)))\n"
        "    for i in range(k):\n        others = [r for r in rows if r % k != i]\n"
        "        for r, value in zip(rows[i::k], fit_predict(x[others], y[others], x[i::k])):\n            p[r] = value\n"
        "    return np.array(p)",
        (
            (_CV.format("heap >= 0", "heap == i"), "trained on. Train"),
            ("def answer(f, x, y, k):\n    h = np.arange(len(x)) % k\n"
             "    return np.concatenate([f(x[h != i], y[h != i], x[h == i]) for i in range(k)])", "wrong places"),
            (_CV.format("heap != i", "heap == i").replace("range(k)", "range(k - 1)"), "one for each"),
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
            "It nearly always helps: accidents average out.",
            "The gap says overfitting, and more capacity is rarely the cure. (Double descent is the exception, far out.)",
            "It is made for just this gap.",
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
            "Noise scatters the points around the truth; a mean of twenty fits hardly feels it.",
        ),
    ),
    Question(
        "A trained network with dropout p = 0.5 is put to use. What happens to its units?",
        (
            "Half of them are dropped, as in training", "All are kept and multiplied by 0.5", "All are kept as they are",
        ), 2,
        (
            "Then the same input would get another answer each time. model.eval() switches the masks off.",
            "That was the first form of dropout. Inverted dropout has divided by 1 − p in training already.",
            "Dividing by 1 − p in training has kept the expectation, so that nothing is left to do.",
        ),
    ),
    Question(
        "A screening test should miss as few ill people as possible. Which number do you watch first?",
        ("Accuracy", "Precision", "Recall"), 2,
        (
            "If one in a hundred is ill, always saying 'healthy' has 99%, and misses all of them.",
            "It says how many alarms are right; it can be 1 while nearly all the ill are missed.",
            "The share of the ill that are found. Then look what the alarms cost: precision.",
        ),
    ),
)  # fmt: skip
