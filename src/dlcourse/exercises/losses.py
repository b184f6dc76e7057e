"""Exercises and quiz of chapter 07, losses."""

import numpy as np

from dlcourse.exercises.core import Exercise, Question, Wrong, array, as_it_came, call, close, function


def softmax(z):
    powers = np.exp(z - z.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def _even_if_broken(f, *arguments) -> np.ndarray:
    """The numbers that f returns, nan and infinity included, so that a check can say itself what they mean."""
    with np.errstate(all="ignore"):
        result = call(f, *arguments)
    return as_it_came(result)


def check_first_loss(answer):
    f = function(answer)
    for classes in (2, 10, 1000):
        got = float(array(call(f, classes), (), "The loss to expect"))
        if close(got, np.log(classes)):
            continue
        if close(got, -np.log(classes)):
            raise Wrong("The sign is turned round: 1/C is below 1, its logarithm negative, and the loss is minus that.")
        if close(got, 1 / classes):
            raise Wrong("This is the probability of the true class; the loss is minus its logarithm.")
        if close(got, np.log2(classes)) or close(got, np.log10(classes)):
            raise Wrong("This is another base. Losses use the natural logarithm, np.log.")
        raise Wrong(
            f"For {classes} classes, all equally likely, it should be {np.log(classes):.4f}; you have {got:.4f}."
        )


def check_huber(answer):
    f = function(answer)
    r = np.linspace(-6, 6, 49)
    for delta in (0.5, 2.0, 1.0):
        far = np.abs(r)
        expected = np.where(far < delta, r**2 / 2, delta * (far - delta / 2))
        got = array(call(f, r, delta), r.shape, "What your function returns")
        if close(got, expected):
            continue
        if close(got, expected / delta):
            raise Wrong("This is SmoothL1, Huber's loss divided by δ. Here the middle is r²/2, whatever δ is.")
        if close(got, np.where(far < delta, r**2 / 2, far)) or close(got, np.where(far < delta, r**2 / 2, delta * far)):
            raise Wrong("The two pieces do not meet: at |r| = δ both must be δ²/2, so subtract δ/2 before multiplying.")
        if close(got, np.where(far < delta, r**2 / 2, delta * (r - delta / 2))):
            raise Wrong("Below −δ the sign is lost: take the absolute value of r in the straight pieces, too.")
        if close(got, 2 * expected) or close(got, np.where(far < delta, r**2, delta * (far - delta / 2))):
            raise Wrong("The middle is r²/2; without the half the slopes do not meet at δ.")
        wrong = int(np.flatnonzero(~np.isclose(got, expected))[0])
        raise Wrong(
            f"For r = {r[wrong]:g}, δ = {delta:g} it should be {expected[wrong]:.4f}; you have {got[wrong]:.4f}."
        )


def check_softmax(answer):
    f = function(answer)
    rng = np.random.default_rng(4)
    for shape, temperature in (((3, 3), 1.0), ((2, 5), 0.5), ((4, 3), 2.0)):
        z = rng.normal(size=shape)
        got = array(call(f, z, temperature), shape, "What your function returns")
        if close(got, softmax(z / temperature)):
            continue
        if close(got, softmax(z * temperature)):
            raise Wrong("You multiply by the temperature. Dividing makes a high one soft and a low one hard.")
        if close(got, softmax(z)):
            raise Wrong("The temperature is not used: divide the logits by T first.")
        if close(got, softmax(z.T / temperature).T):
            raise Wrong("This is softmax over the wrong axis: each row must add up to 1, not each column.")
        if close(got, np.exp(z / temperature) / np.exp(z / temperature).sum()):
            raise Wrong("All rows together add up to 1. Each row must: sum along the last axis and keep it, keepdims.")
        raise Wrong(f"For logits of shape {shape} and T = {temperature:g} the probabilities are not right.")
    cold = np.array([[20.0, 10.0, 0.0], [0.0, 30.0, 30.0]])
    got = _even_if_broken(f, cold, 0.01)
    if got.shape != cold.shape or not np.isfinite(got).all():
        raise Wrong("At T = 0.01 it is no number: exp(2000) overflows. Subtract the largest logit of each row first.")
    if not close(got, softmax(cold / 0.01)):
        raise Wrong("At T = 0.01 a row should be 1 at its largest logit, shared where two are equal.")


def check_cross_entropy(answer):
    f = function(answer)
    rng = np.random.default_rng(5)
    for n, classes in ((3, 3), (8, 4), (1, 10)):
        z, y = rng.normal(size=(n, classes)), rng.integers(0, classes, n)
        p = softmax(z)
        each = -np.log(p[np.arange(n), y])
        got = array(call(f, z, y), (), "The loss")
        if close(got, each.mean()):
            continue
        if close(got, each.sum()):
            raise Wrong(
                "This is the sum over the samples; divide by their number, so that the batch size does not matter."
            )
        if close(got, -each.mean()):
            raise Wrong("The minus is missing: logarithms of probabilities are negative.")
        if close(got, -np.log(p).mean()) or close(got, -np.log(p).sum(axis=1).mean()):
            raise Wrong("You take all classes. Only the probability of the true class of each row counts: p[i, y[i]].")
        if close(got, -p[np.arange(n), y].mean()):
            raise Wrong("The logarithm is missing.")
        raise Wrong(f"For {n} rows of {classes} logits it should be {each.mean():.4f}; you have {got:.4f}.")
    got = _even_if_broken(f, np.array([[2000.0, 0.0], [0.0, 800.0]]), np.array([1, 1]))
    if got.shape != () or not close(got, 1000.0):
        raise Wrong("For logits of 2000 it breaks: never take the log of p; use z − max − ln Σ exp(z − max) instead.")


def check_gradient(answer):
    f = function(answer)
    rng = np.random.default_rng(6)
    for n, classes in ((4, 3), (3, 3), (7, 5)):
        z, y = rng.normal(size=(n, classes)), rng.integers(0, classes, n)
        p, t = softmax(z), np.eye(classes)[y]
        got = array(call(f, z, y), z.shape, "The gradient")
        if close(got, (p - t) / n):
            continue
        if close(got, p - t):
            raise Wrong("You forgot to divide by the batch size: the loss is a mean over the rows.")
        if close(got, (t - p) / n):
            raise Wrong("The sign is turned round: too high a probability has a positive gradient, p − t.")
        if close(got, p / n):
            raise Wrong("The target is missing: subtract 1 at the true class of each row.")
        if close(got, (p - t) * p * (1 - p) / n):
            raise Wrong(
                "The slope of softmax is in p − t already; with p(1 − p) it would vanish where the model is sure."
            )
        raise Wrong("It is not (p − t)/N with p = softmax(z) along the rows and t one-hot.")


def check_smooth(answer):
    f = function(answer)
    for y, classes, eps in (([0, 2, 1], 3, 0.1), ([3], 5, 0.3), ([1, 0], 2, 0.05)):
        y = np.array(y)
        hard = np.eye(classes)[y]
        got = array(call(f, y, classes, eps), hard.shape, "The targets")
        if close(got, hard * (1 - eps) + eps / classes):
            continue
        if close(got, hard * (1 - eps) + (1 - hard) * eps / (classes - 1)):
            raise Wrong("You share ε among the wrong classes only. As in PyTorch, the true class gets its ε/C, too.")
        if close(got, hard * (1 - eps) + (1 - hard) * eps / classes) or close(got, hard * (1 - eps)):
            raise Wrong("The rows do not add up to 1: a target must stay a distribution.")
        if close(got, hard + eps / classes):
            raise Wrong("You add ε/C without taking ε away from the true class: (1 − ε)·t + ε/C.")
        if close(got, hard):
            raise Wrong("ε is not used: these are the hard targets.")
        raise Wrong(f"For y = {y.tolist()}, C = {classes}, ε = {eps:g} it is not (1 − ε)·t + ε/C.")


def check_bce(answer):
    f = function(answer)
    rng = np.random.default_rng(7)
    z, y = rng.normal(size=6) * 3, np.array([0, 1, 1, 0, 1, 0.5])
    expected = np.logaddexp(0, z) - z * y
    got = array(call(f, z, y), z.shape, "What your function returns")
    if not close(got, expected):
        p = 1 / (1 + np.exp(-z))
        if close(got, -expected):
            raise Wrong("The minus is missing: logarithms of probabilities are negative.")
        if close(got, -y * np.log(p)):
            raise Wrong("The second half is missing: where y = 0 the loss is −ln(1 − p).")
        if close(got, np.logaddexp(0, -z) - z * y) or close(got, np.logaddexp(0, z) + z * y):
            raise Wrong("A sign is turned round: for y = 1 and a large positive z the loss must be near 0.")
        raise Wrong("It is not −y·ln σ(z) − (1 − y)·ln(1 − σ(z)), one number for each logit.")
    far = np.array([1000.0, -1000.0, 1000.0, -1000.0, 40.0])
    got = _even_if_broken(f, far, np.array([1.0, 0.0, 0.0, 1.0, 0.0]))
    if got.shape != far.shape or not np.isfinite(got).all():
        raise Wrong(
            "At z = ±1000 it is no number: take no log of p. max(z, 0) − z·y + log1p(exp(−|z|)) holds for all z."
        )
    if not close(got, np.array([0.0, 0.0, 1000.0, 1000.0, 40.0])):
        raise Wrong("Far from 0 the loss must grow like |z| where the model is wrong, not stop at a cut-off.")


_HUBER = "answer = lambda r, d: np.where(abs(r) < d, {}, {})"
_P = "p = np.exp(z - z.max(axis=1, keepdims=True)); p = p / p.sum(axis=1, keepdims=True)"

EXERCISES = (
    Exercise(
        "07.1", "The first loss to expect", "first_loss", check_first_loss,
        (
            "A fresh network knows nothing: each of C classes gets about the same probability.",
            "That probability is 1/C, and the loss is minus its natural logarithm.",
            "−ln(1/C) = ln C.",
        ),
        "def first_loss(classes):\n    return np.log(classes)",
        "def answer(classes):\n    p = np.full(classes, 1 / classes)\n    return -np.sum(p * np.log(p))",
        (
            ("answer = lambda c: np.log(1 / c)", "sign"), ("answer = lambda c: 1 / c", "probability of the true class"),
            ("answer = lambda c: np.log2(c)", "another base"), ("answer = lambda c: np.log(c + 1)", "equally likely"),
        ),
    ),
    Exercise(
        "07.2", "Huber's loss", "my_huber", check_huber,
        (
            "Near the target squared, far away absolute; np.where chooses for each number.",
            "For |r| < δ it is r²/2.",
            "For |r| ≥ δ it is δ·(|r| − δ/2), so that both pieces and their slopes meet.",
        ),
        "def my_huber(r, delta):\n    far = np.abs(r)\n    return np.where(far < delta, r**2 / 2, delta * (far - delta / 2))",
        "def answer(r, delta):\n    near = np.clip(r, -delta, delta)\n    return near * (r - near / 2)",
        (
            (_HUBER.format("r**2 / 2 / d", "abs(r) - d / 2"), "SmoothL1"), (_HUBER.format("r**2 / 2", "abs(r)"), "do not meet:"),
            (_HUBER.format("r**2 / 2", "d * (r - d / 2)"), "sign is lost"), (_HUBER.format("r**2", "d * (abs(r) - d / 2)"), "without the half"),
        ),
    ),
    Exercise(
        "07.3", "Softmax with a temperature, for any logits", "my_softmax", check_softmax,
        (
            "Divide the logits by T, then exp, then divide each row by its sum.",
            "z.max(axis=1, keepdims=True) has one number a row and broadcasts along it.",
            "exp(u − max) never overflows, and the maximum cancels in the quotient.",
        ),
        "def my_softmax(z, T):\n    u = z / T\n    powers = np.exp(u - u.max(axis=1, keepdims=True))\n"
        "    return powers / powers.sum(axis=1, keepdims=True)",
        "def answer(z, T):\n    rows = []\n    for row in z:\n        differences = (row[None, :] - row[:, None]) / T\n"
        "        rows.append(1 / np.exp(np.minimum(differences, 700)).sum(axis=1))\n    return np.array(rows)",
        (
            ("def answer(z, T):\n    e = np.exp(z / T)\n    return e / e.sum(axis=1, keepdims=True)", "overflows"),
            ("def answer(z, T):\n    e = np.exp(z * T)\n    return e / e.sum(axis=1, keepdims=True)", "You multiply"),
            ("def answer(z, T):\n    e = np.exp(z / T)\n    return e / e.sum(axis=0)", "wrong axis"),
            ("def answer(z, T):\n    e = np.exp(z / T)\n    return e / e.sum()", "All rows together"),
            ("def answer(z, T):\n    e = np.exp(z)\n    return e / e.sum(axis=1, keepdims=True)", "not used"),
        ),
    ),
    Exercise(
        "07.4", "Cross-entropy from logits", "my_cross_entropy", check_cross_entropy,
        (
            "The loss of a row is −ln p of its true class: ln Σ exp(z) − z[true].",
            "z[np.arange(len(y)), y] picks one logit from each row.",
            "Subtract each row's maximum first; then mean over the rows.",
        ),
        "def my_cross_entropy(z, y):\n    z = z - z.max(axis=1, keepdims=True)\n"
        "    return (np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(y)), y]).mean()",
        "def answer(z, y):\n    return np.mean([np.logaddexp.reduce(row) - row[k] for row, k in zip(z, y)])",
        (
            (f"def answer(z, y):\n    {_P}\n    return -np.log(p[np.arange(len(y)), y]).sum()", "sum over the samples"),
            (f"def answer(z, y):\n    {_P}\n    return np.log(p[np.arange(len(y)), y]).mean()", "minus is missing"),
            (f"def answer(z, y):\n    {_P}\n    return -np.log(p).mean()", "You take all classes"),
            (f"def answer(z, y):\n    {_P}\n    return -p[np.arange(len(y)), y].mean()", "logarithm is missing"),
            (f"def answer(z, y):\n    {_P}\n    return -np.log(p[np.arange(len(y)), y]).mean()", "never take the log of p"),
        ),
    ),
    Exercise(
        "07.5", "The gradient of softmax and cross-entropy", "my_gradient", check_gradient,
        (
            "For one row it is p − t, with t one-hot.",
            "Compute p, then subtract 1 at the true class of each row.",
            "The loss is a mean over N rows, so divide by N.",
        ),
        f"def my_gradient(z, y):\n    {_P}\n    p[np.arange(len(y)), y] -= 1\n    return p / len(y)",
        "def answer(z, y):\n    h, g = 1e-5, np.zeros_like(z)\n    loss = lambda z: np.mean(np.log(np.exp(z).sum(1)) - z[np.arange(len(y)), y])\n"
        "    for i in np.ndindex(z.shape):\n        step = np.zeros_like(z)\n        step[i] = h\n"
        "        g[i] = (loss(z + step) - loss(z - step)) / (2 * h)\n    return g.round(8)",
        (
            (f"def answer(z, y):\n    {_P}\n    return p - np.eye(z.shape[1])[y]", "batch size"),
            (f"def answer(z, y):\n    {_P}\n    return (np.eye(z.shape[1])[y] - p) / len(y)", "sign is turned round"),
            (f"def answer(z, y):\n    {_P}\n    return p / len(y)", "target is missing"),
            (f"def answer(z, y):\n    {_P}\n    return (p - np.eye(z.shape[1])[y]) * p * (1 - p) / len(y)", "in p − t already"),
        ),
    ),
    Exercise(
        "07.6", "Label smoothing", "smooth", check_smooth,
        (
            "Begin with the one-hot targets: np.eye(C)[y].",
            "Take the share ε away and spread it evenly over all C classes.",
            "(1 − ε)·t + ε/C; each row adds up to 1.",
        ),
        "def smooth(y, classes, eps):\n    return (1 - eps) * np.eye(classes)[y] + eps / classes",
        "def answer(y, classes, eps):\n    t = np.full((len(y), classes), eps / classes)\n"
        "    for row, k in enumerate(y):\n        t[row, k] = 1 - eps + eps / classes\n    return t",
        (
            ("answer = lambda y, c, e: np.where(np.eye(c)[y] == 1, 1 - e, e / (c - 1))", "wrong classes only"),
            ("answer = lambda y, c, e: np.eye(c)[y] * (1 - e)", "add up to 1: a target"),
            ("answer = lambda y, c, e: np.eye(c)[y] + e / c", "without taking"),
            ("answer = lambda y, c, e: np.eye(c)[y]", "hard targets"),
        ),
    ),
    Exercise(
        "07.7", "Binary cross-entropy from logits, for any logits", "my_bce", check_bce,
        (
            "−y·ln σ(z) − (1 − y)·ln(1 − σ(z)) simplifies to ln(1 + eᶻ) − z·y.",
            "ln(1 + eᶻ) overflows for large z; pull the larger of z and 0 out of the logarithm.",
            "max(z, 0) − z·y + log1p(exp(−|z|)), with np.maximum, np.log1p and np.abs.",
        ),
        "def my_bce(z, y):\n    return np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z)))",
        "answer = lambda z, y: y * np.logaddexp(0, -z) + (1 - y) * np.logaddexp(0, z)",
        (
            ("answer = lambda z, y: np.log(1 + np.exp(z)) - z * y", "At z = ±1000"),
            ("answer = lambda z, y: z * y - np.logaddexp(0, z)", "minus is missing"),
            ("answer = lambda z, y: y * np.logaddexp(0, -z)", "second half"),
            ("answer = lambda z, y: np.logaddexp(0, z) + z * y", "A sign is turned"),
            ("answer = lambda z, y: np.minimum(np.logaddexp(0, z) - z * y, 100)", "cut-off"),
        ),
    ),
)  # fmt: skip

QUESTIONS = (
    Question(
        "Why do we not train on accuracy itself?",
        ("It is too slow to compute", "Its derivative is 0 almost everywhere", "It can be larger than 1"), 1,
        (
            "It is about the cheapest number there is. But which way would you move a weight to improve it?",
            "A small step changes no answer, so it changes nothing; cross-entropy says which way is down, everywhere.",
            "It is a share, from 0 to 1. The trouble is that it is flat.",
        ),
    ),
    Question(
        "A sigmoid says 0.0025 where the truth is 1. Which loss corrects it strongly?",
        ("Squared error, because 0.9975² is large", "Cross-entropy, whose gradient is −0.998", "Both alike"), 1,
        (
            "The error is large, but its gradient is multiplied by σ′ = p(1 − p), here 0.0025.",
            "p − t: the slope of the sigmoid cancels against the logarithm, and a big mistake gets a big correction.",
            "Compare the numbers at z = −6: −0.998 against −0.0025.",
        ),
    ),
    Question(
        "One measurement is wrong by a factor of ten. Which line follows it most?",
        ("That of the squared error", "That of the absolute error", "That of Huber's loss"), 0,
        (
            "Its pull grows with the distance, so one far point can outweigh all others.",
            "It pulls with 1, wherever it is: no harder than any other point.",
            "Beyond δ it pulls no harder than δ.",
        ),
    ),
    Question(
        "A classifier of 1,000 classes begins with a loss of 23. What do you conclude?",
        (
            "Normal: with many classes a loss begins high", "It should begin near ln 1000 ≈ 6.9: its first logits are too large",
            "It is overfitting",
        ), 1,
        (
            "−ln(1/1000) is 6.9; 23 is that of something sure, and wrong.",
            "A network that knows nothing should say so. Look for large first weights, unscaled inputs or a wrong loss.",
            "It has not been trained yet, so it cannot have learned anything by heart.",
        ),
    ),
)  # fmt: skip
