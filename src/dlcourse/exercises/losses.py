"""Exercises and quiz of chapter 07, losses."""

import numpy as np

from dlcourse.exercises.cases import by_cases, by_stages
from dlcourse.exercises.core import Question

_rng = np.random.default_rng(7)
_RESIDUALS = tuple(
    (r, delta)
    for r, delta in (
        (np.array([-6.0, -2.5, -0.3, 0.0, 0.4, 1.0, 3.0, 5.5]), 2.0), (np.linspace(-5, 4, 37), 0.5), (np.array([-3.0, -1.0, 0.5, 1.0, 2.0]), 1.0),
    )
)  # fmt: skip
_WARM = tuple((_rng.normal(size=shape).round(1), T) for shape, T in (((3, 4), 0.5), ((3, 3), 2.0), ((4, 2), 1.0)))
_COLD = (
    (np.array([[20.0, 10.0, 0.0], [0.02, 0.01, 0.0]]), 0.01), (np.array([[0.0, 30.0, 30.0], [-20.0, -19.99, -25.0], [0.0, 0.0, 0.01]]), 0.01),
    (np.array([[10.0, 0.0], [0.0, 0.01]]), 0.01),
)  # fmt: skip
_SAMPLES = tuple(
    (_rng.normal(size=(n, c)).round(1), _rng.integers(0, c, n)) for n, c in ((4, 3), (3, 3), (7, 5), (1, 10))
)
_FAR_SAMPLES = tuple(
    (np.array(z), np.array(y))
    for z, y in (([[2000.0, 0.0], [0.0, 800.0]], [1, 1]), ([[1000.0, 0.0, 900.0]], [2]), ([[1000.0, 0.0], [1.0, 2.0]], [0, 1]))
)  # fmt: skip
_CLASSES = tuple(
    (np.array(y), classes, eps) for y, classes, eps in (([0, 2, 1, 0], 3, 0.1), ([3], 5, 0.3), ([1, 0], 2, 0.05), ([1, 1, 3, 0], 4, 0.0))
)  # fmt: skip
_BINARY = tuple(
    (3 * _rng.normal(size=n).round(1), np.array(y, float)) for n, y in ((6, [0, 1, 1, 0, 1, 1]), (2, [1, 0]), (1, [0]))
)
_FAR_BINARY = (
    (np.array([1000.0, -1000.0, 0.5]), np.array([1.0, 0.0, 1.0])), (np.array([1000.0, -1000.0, -40.0]), np.array([0.0, 1.0, 1.0])),
    (np.array([40.0, 2.0]), np.array([0.0, 1.0])),
)  # fmt: skip

_FIRST = "answer = lambda c: {}"
_HUBER = "answer = lambda r, d: np.where(abs(r) < d, {}, {})"
_POWERS = "def answer(z, T):\n    e = np.exp({})\n    return e{}"
_ROWS = " / e.sum(axis=1, keepdims=True)"
_P = "p = np.exp(z - z.max(axis=1, keepdims=True)); p = p / p.sum(axis=1, keepdims=True)"
_LOSS = f"def answer(z, y):\n    {_P}\n    true = p[np.arange(len(y)), y]\n    return {{}}"
_SHIFTED = (
    "def answer(z, y):\n    z = z - {}\n    return (np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(y)), y]).mean()"
)
_GRADIENT = f"def answer(z, y):\n    {_P}; t = np.eye(z.shape[1])[y]\n    return {{}}"
_SMOOTH = "answer = lambda y, c, e: {}"
_BCE = "answer = lambda z, y: {}"

EXERCISES = (
    by_cases(
        "07.1", "The first loss to expect", "first_loss", ((10,), (2,), (1000,), (3,)),
        (
            "A fresh network knows nothing: each of C classes gets about the same probability.",
            "That probability is 1/C, and the loss is minus its natural logarithm.",
            "Begin with p = 1 / classes; np.log is the natural logarithm.",
        ),
        "def first_loss(classes):\n    return np.log(classes)",
        "def answer(classes):\n    p = np.full(classes, 1 / classes)\n    return -np.sum(p * np.log(p))",
        (
            (_FIRST.format("np.log(1 / c)"), "The sign is wrong: 1/C is below 1, its logarithm is negative, and the loss is minus that."),
            (_FIRST.format("1 / c"), "This is the probability of the true class; the loss is minus its logarithm."),
            (_FIRST.format("np.log2(c)"), "This is the logarithm to base 2. Losses use the natural logarithm, np.log."),
            (_FIRST.format("np.log10(c)"), "This is the logarithm to base 10. Losses use the natural one, np.log."),
            (_FIRST.format("np.log(c) / c"), "You divide by the number of classes; the loss of a sample depends on its true class alone."),
            (_FIRST.format("1 - 1 / c"), "This is the share of wrong guesses, an error rate; the loss is minus a logarithm."),
        ),
        "The loss to expect",
    ),
    by_cases(
        "07.2", "Huber's loss", "my_huber", _RESIDUALS,
        (
            "Near 0 the loss is a square, far away a straight line; np.where chooses for each number.",
            "Take np.abs(r) once, and use it in the condition and in the straight pieces.",
            "Begin with far = np.abs(r). At |r| = δ both pieces must be δ²/2.",
        ),
        "def my_huber(r, delta):\n    far = np.abs(r)\n    return np.where(far < delta, r**2 / 2, delta * (far - delta / 2))",
        "def answer(r, delta):\n    near = np.clip(r, -delta, delta)\n    return near * (r - near / 2)",
        (
            (_HUBER.format("r**2 / 2 / d", "abs(r) - d / 2"), "This is SmoothL1, Huber's loss divided by δ. Here the middle is r²/2, whatever δ is."),
            (_HUBER.format("r**2 / 2", "abs(r)"), "The straight pieces are not |r|: multiply by δ, and subtract δ/2 first, so that the pieces meet."),
            (_HUBER.format("r**2 / 2", "d * abs(r)"), "The two pieces do not meet: at |r| = δ both must be δ²/2, so subtract δ/2 from |r|."),
            (_HUBER.format("r**2 / 2", "abs(r) - d / 2"), "The straight pieces still have to be multiplied by δ, so that the slopes meet."),
            (_HUBER.format("r**2 / 2", "d * (r - d / 2)"), "Where r is below −δ the loss becomes negative: use the absolute value of r also in the straight pieces."),
            (_HUBER.format("r**2", "d * (abs(r) - d / 2)"), "The middle is r²/2; without the half the slopes do not meet at δ."),
            (_HUBER.format("r**2", "d * (2 * abs(r) - d)"), "Everything is twice as large as it should be: the middle is r²/2."),
            (_HUBER.format("d * (abs(r) - d / 2)", "r**2 / 2"), "The pieces are exchanged: the square belongs to |r| < δ."),
            ("answer = lambda r, d: r**2 / 2", "This is the squared error everywhere; far from 0 the loss must grow along a line."),
            (_HUBER.format("r**2 / 2", "d * (abs(r) - d / 2)") + ".mean()", "You take the mean; one loss for each residual is asked for."),
        ),
        "The loss",
    ),
    by_stages(
        "07.3", "Softmax with a temperature, for any logits", "my_softmax", (_WARM, _COLD),
        (
            "Divide the logits by T, take exp, then divide each row by its sum.",
            "z.max(axis=1, keepdims=True) has one number per row and broadcasts along it.",
            "exp(u − max) never overflows, and the maximum cancels in the quotient.",
        ),
        "def my_softmax(z, T):\n    u = z / T\n    powers = np.exp(u - u.max(axis=1, keepdims=True))\n"
        "    return powers / powers.sum(axis=1, keepdims=True)",
        "def answer(z, T):\n    rows = []\n    for row in z:\n        differences = (row[None, :] - row[:, None]) / T\n"
        "        rows.append(1 / np.exp(np.minimum(differences, 700)).sum(axis=1))\n    return np.array(rows)",
        (
            (_POWERS.format("z * T", _ROWS), "You multiply by the temperature. Dividing makes a high one soft and a low one hard."),
            (_POWERS.format("z / T", " / e.sum(axis=0)"), "This is softmax over the wrong axis: each row must sum to 1, not each column."),
            (_POWERS.format("z / T", " / e.sum()"), "All rows together sum to 1. Each row must: sum along the last axis and keep it, keepdims."),
            (_POWERS.format("z", _ROWS), "The temperature is not used: divide the logits by T first."),
            (_POWERS.format("z / T", ""), "These are the exponentials; each row still has to be divided by its sum."),
            (_POWERS.format("z", _ROWS + " / T"), "Divide the logits by T, not the probabilities: those must sum to 1."),
            (_POWERS.format("z / T", _ROWS), "At T = 0.01 there is nan: exp(2000) overflows. Subtract the largest logit of each row first."),
            (_POWERS.format("(z - z.max()) / T", _ROWS), "At T = 0.01 you subtract the largest logit of all rows; each row needs its own maximum."),
            (_POWERS.format("(z - z.min(axis=1, keepdims=True)) / T", _ROWS), "You subtract the smallest logit of each row, which makes the exponents larger; subtract the largest."),
        ),
        "The result",
    ),
    by_stages(
        "07.4", "Cross-entropy from logits", "my_cross_entropy", (_SAMPLES, _FAR_SAMPLES),
        (
            "The loss of a row is −ln p of its true class: ln Σ exp(z) − z[true].",
            "z[np.arange(len(y)), y] picks one logit from each row.",
            "Subtract each row's maximum first; then take the mean over the rows.",
        ),
        "def my_cross_entropy(z, y):\n    z = z - z.max(axis=1, keepdims=True)\n"
        "    return (np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(y)), y]).mean()",
        "def answer(z, y):\n    return np.mean([np.logaddexp.reduce(row) - row[k] for row, k in zip(z, y)])",
        (
            (_LOSS.format("-np.log(true).sum()"), "This is the sum over the samples; divide by their number, so that the batch size does not matter."),
            (_LOSS.format("np.log(true).mean()"), "The minus is missing: logarithms of probabilities are negative."),
            (_LOSS.format("-np.log(p).mean()"), "You take the mean over all classes. Only the probability of the true class of each row counts: p[i, y[i]]."),
            (_LOSS.format("-np.log(p).sum(axis=1).mean()"), "You add up all classes; only the one that is true counts in each row."),
            (_LOSS.format("-true.mean()"), "The logarithm is missing."),
            (_LOSS.format("-np.log(true.mean())"), "You take the logarithm of the mean; take the mean of the logarithms."),
            (_LOSS.format("-np.log(p.max(axis=1)).mean()"), "You use the largest probability of each row; use that of the true class, even if it is small."),
            (_LOSS.format("-np.log2(true).mean()"), "This is the logarithm to base 2; losses use the natural one."),
            (_LOSS.format("-np.log(true).sum() / p.size"), "You divide by N·C; the mean is over the N rows alone."),
            (_LOSS.format("-z[np.arange(len(y)), y].mean()"), "ln Σ exp(z) is missing: the loss depends on all logits of a row, not on the true one alone."),
            (_LOSS.format("-np.log(true).mean()"), "For logits of 2000, p becomes 0 and its logarithm infinite: use z − max − ln Σ exp(z − max) instead."),
            (_SHIFTED.format("0"), "For logits of 2000 exp overflows: subtract the largest logit of each row first."),
            (_SHIFTED.format("z.max()"), "Subtract from each row its own maximum; one of all rows turns others into the logarithm of 0."),
        ),
        "The loss",
    ),
    by_cases(
        "07.5", "The gradient of softmax and cross-entropy", "my_gradient", _SAMPLES,
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
            (_GRADIENT.format("p - t"), "You forgot to divide by the batch size: the loss is a mean over the rows."),
            (_GRADIENT.format("(p - t) / p.size"), "You divide by N·C; the loss is a mean over the N rows alone."),
            (_GRADIENT.format("(p - t) / p.shape[1]"), "You divide by the number of classes; divide by the number of rows."),
            (_GRADIENT.format("(t - p) / len(y)"), "The sign is reversed: too high a probability has a positive gradient, p − t."),
            (_GRADIENT.format("p / len(y)"), "The target is missing: subtract 1 at the true class of each row."),
            (_GRADIENT.format("(z - t) / len(y)"), "You subtract the target from the logits; turn them into probabilities first."),
            (_GRADIENT.format("(p - t) * p * (1 - p) / len(y)"), "The slope of softmax is in p − t already; with p(1 − p) it would vanish where the model is sure."),
            (_GRADIENT.format("-t / p / len(y)"), "This is the gradient with respect to p; one with respect to the logits z is asked for."),
        ),
        "The gradient",
    ),
    by_cases(
        "07.6", "Label smoothing", "smooth", _CLASSES,
        (
            "Begin with the one-hot targets: np.eye(C)[y].",
            "Take the share ε away from the true class and spread it evenly over all C classes.",
            "Each row adds up to 1: the true class keeps 1 − ε and gets its part of ε back.",
        ),
        "def smooth(y, classes, eps):\n    return (1 - eps) * np.eye(classes)[y] + eps / classes",
        "def answer(y, classes, eps):\n    t = np.full((len(y), classes), eps / classes)\n"
        "    for row, k in enumerate(y):\n        t[row, k] = 1 - eps + eps / classes\n    return t",
        (
            (_SMOOTH.format("np.where(np.eye(c)[y] == 1, 1 - e, e / (c - 1))"), "You share ε among the wrong classes only. As in PyTorch, the true class also gets ε/C."),
            (_SMOOTH.format("np.where(np.eye(c)[y] == 1, 1 - e, e / c)"), "The rows do not sum to 1: the true class must also get ε/C back."),
            (_SMOOTH.format("np.eye(c)[y] * (1 - e)"), "The share ε is taken away but given to no class; each row must sum to 1."),
            (_SMOOTH.format("np.eye(c)[y] + e / c"), "You add ε/C without taking ε away from the true class: (1 − ε)·t + ε/C."),
            (_SMOOTH.format("np.eye(c)[y] * (1 - e) + e"), "You give ε to every class; share it among them: ε/C each."),
            (_SMOOTH.format("np.eye(c)[y]"), "ε is not used: these are the hard targets."),
            (_SMOOTH.format("np.eye(c)[y] * e + (1 - e) / c"), "ε and 1 − ε are exchanged: ε is the share that is spread."),
        ),
        "The targets",
    ),
    by_stages(
        "07.7", "Binary cross-entropy from logits, for any logits", "my_bce", (_BINARY, _FAR_BINARY),
        (
            "−y·ln σ(z) − (1 − y)·ln(1 − σ(z)) simplifies to ln(1 + eᶻ) − z·y.",
            "ln(1 + eᶻ) overflows for large z; pull the larger of z and 0 out of the logarithm.",
            "Begin with np.maximum(z, 0) − z·y. The rest is a logarithm of 1 plus a power of e whose exponent is never positive; np.log1p.",
        ),
        "def my_bce(z, y):\n    return np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z)))",
        "answer = lambda z, y: y * np.logaddexp(0, -z) + (1 - y) * np.logaddexp(0, z)",
        (
            (_BCE.format("z * y - np.logaddexp(0, z)"), "The minus is missing: logarithms of probabilities are negative."),
            (_BCE.format("y * np.logaddexp(0, -z)"), "The second half is missing: where y = 0 the loss is −ln(1 − p)."),
            (_BCE.format("(1 - y) * np.logaddexp(0, z)"), "The first half is missing: where y = 1 the loss is −ln p."),
            (_BCE.format("np.logaddexp(0, z) + z * y"), "A sign is wrong: for y = 1 and a large positive z the loss must be near 0."),
            (_BCE.format("np.logaddexp(0, -z) + z * y"), "The targets are exchanged: for y = 1 the loss is −ln σ(z)."),
            (_BCE.format("np.mean(np.logaddexp(0, z) - z * y)"), "You take the mean; one loss for each logit is asked for."),
            (_BCE.format("(1 / (1 + np.exp(-z)) - y) ** 2"), "This is the squared error of the sigmoid."),
            (_BCE.format("1 / (1 + np.exp(-z)) - y"), "This is the gradient, p − y; the loss itself is asked for."),
            (_BCE.format("np.log(1 + np.exp(z)) - z * y"), "At z = 1000 exp overflows. Write the loss so that exp gets no positive number."),
            (
                "def answer(z, y):\n    p = 1 / (1 + np.exp(-z))\n    return -y * np.log(p) - (1 - y) * np.log(1 - p)",
                "At z = ±1000 p is exactly 0 or 1, and one logarithm is infinite: take no logarithm of p.",
            ),
            (_BCE.format("np.minimum(np.logaddexp(0, z) - z * y, 100)"), "Far from 0 the loss must grow like |z| where the model is wrong, not stop at a cut-off."),
        ),
        "The loss",
    ),
)  # fmt: skip

QUESTIONS = (
    Question(
        "Why do we not train on accuracy itself?",
        ("It takes longer to compute than the loss", "Its derivative is 0 almost everywhere", "It can be larger than 1"), 1,
        (
            "It is one of the cheapest numbers to compute. But which way would you move a weight to improve it?",
            "A small step changes no prediction, so accuracy stays the same; the slope of cross-entropy shows which way is down, everywhere.",
            "It is a share, from 0 to 1. The trouble is that it is flat.",
        ),
    ),
    Question(
        "A sigmoid outputs 0.0025 where the truth is 1. Which loss corrects it strongly?",
        ("Squared error, because 0.9975² is large", "Cross-entropy, whose gradient is −0.998", "Both alike"), 1,
        (
            "The squared error is large, but its gradient is multiplied by σ′ = p(1 − p), here 0.0025.",
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
            "Nothing is wrong: with many classes a loss begins high and falls later", "It should begin near ln 1000 ≈ 6.9: its first logits are too large",
            "It is overfitting",
        ), 1,
        (
            "−ln(1/1000) is 6.9; 23 is the loss of a model that is sure, and wrong.",
            "A network that knows nothing should give every class 1/1000. Look for large first weights, unscaled inputs or a wrong loss.",
            "It has not been trained yet, so it cannot have memorised anything.",
        ),
    ),
)  # fmt: skip
