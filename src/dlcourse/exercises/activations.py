"""Exercises and quiz of chapter 06, activations and initialisation."""

import itertools

import numpy as np

from dlcourse.exercises.cases import by_cases, by_stages
from dlcourse.exercises.core import Exercise, Question, Wrong, array, call, close, function, texts

_rng = np.random.default_rng(6)
_NET_VALUES = tuple(
    (z,)
    for z in (np.array([0.3, 0.0, 0.5, -1.0, 3.0]), _rng.normal(size=(2, 3)).round(1), _rng.normal(size=(2, 1, 2)), np.array([8.0]))
)  # fmt: skip
_LOGITS = tuple(
    (z,) for z in (_rng.normal(size=(4, 3)).round(1), 3 * _rng.normal(size=(3, 3)).round(1), np.full((1, 2), 0.5))
)
_LARGE_LOGITS = tuple(
    (np.array(z),) for z in ([[1000.0, 999.0], [1.0, 2.0]], [[1000.0, -1000.0], [0.5, 3.0]], [[1000.0, 0.0], [0.0, 0.2], [-1000.0, -1001.0]])
)  # fmt: skip
_SIGNALS = tuple(
    (_rng.normal(size=(5, sizes[0])).round(1), [_rng.normal(size=(b, a)).round(1) for a, b in itertools.pairwise(sizes)], f)
    for sizes, f in (((3, 3, 3), np.tanh), ((4, 6, 5, 2), lambda z: np.maximum(z, 0)), ((2, 3), np.tanh))
)  # fmt: skip


def _layers_of_outputs():
    """ReLU outputs (N, H) with some dead units; counting rows instead of columns gives another number."""
    for samples, units, dead in ((6, 4, 1), (40, 12, 5), (30, 7, 0), (3, 6, 6), (5, 5, 2)):
        h = np.maximum(_rng.normal(0, 0.4, (samples, units)).round(2), 0)
        order = _rng.permutation(units)
        h[0, order[: units // 2]], h[1] = 0, 0.3
        h[:, order[-1]] += 0.1  # a unit that is never 0, and one that hardly fires
        h[2:, order[-2]], h[1, order[-2]] = 0, 0.01
        h[:, order[:dead]] = 0
        yield (h,)


def check_vanishing(answer):
    left = float(array(answer, (), "The share"))

    def about(value):
        return abs(left - value) <= 0.01 * abs(value)

    if about(0.25**10):
        return
    if about(2.5):
        raise Wrong("You added the ten slopes. The chain rule multiplies them.")
    if about(0.25):
        raise Wrong("This is what one layer leaves; the gradient passes ten layers.")
    if about(0.5**10):
        raise Wrong("0.5 is the value of the sigmoid at 0. The slope there is 0.5 · (1 − 0.5).")
    if about(0.25**9) or about(0.25**11):
        raise Wrong("One layer too few or too many: ten slopes are multiplied.")
    if about(4.0**10):
        raise Wrong("This is how many times smaller the gradient becomes; what is left is 1 divided by it.")
    if about(100 * 0.25**10):
        raise Wrong("This is in percent; give the share of the gradient itself.")
    raise Wrong("The largest slope of the sigmoid is 1/4; multiply ten of them.")


OUTPUTS = ("identity", "softmax", "sigmoid")


def check_outputs(answer):
    names = tuple(name.strip().lower() for name in texts(answer, 3))
    unknown = [name for name in names if name not in OUTPUTS]
    if unknown:
        raise Wrong(f"Each name must be one of {', '.join(OUTPUTS)}; this is {unknown[0][:40]!r}.")
    if names == OUTPUTS:
        return
    if names[0] != "identity":
        raise Wrong(f"A price can be any size: the {names[0]} would squeeze it between 0 and 1.")
    if names[1] == "sigmoid":
        raise Wrong("One of ten digits: the ten classes exclude each other, so their outputs must share 1.")
    if names[1] == "identity":
        raise Wrong(
            "One of ten digits: the outputs should be probabilities of the ten classes; the identity gives any values."
        )
    if names[2] == "softmax":
        raise Wrong("Several tags may hold at once, or none: their outputs must not have to share 1.")
    raise Wrong("Each tag is yes or no, so its output should lie between 0 and 1; the identity gives any values.")


def check_he(answer):
    f, sizes = function(answer), ((200, 150), (100, 250), (40, 400))
    drawn = [array(call(f, a, b, np.random.default_rng(a)), (b, a), "The weight matrix") for a, b in sizes]
    means, spreads = (np.array([measure(w) for w in drawn]) for measure in (np.mean, np.std))
    n_in, n_out = np.array(sizes).T
    wanted = np.sqrt(2 / n_in)
    for (a, b), w, s in zip(sizes, drawn, wanted, strict=True):
        for axis, n, words in ((0, b, "units have the same weights"), (1, a, "weights of a unit are the same")):
            if np.ptp(w, axis=axis).max() < 1e-9:
                raise Wrong(f"All {words}; draw a number of its own for each weight.")
            if w.mean(axis=axis).std() > 1.5 * max(s, w.std()) / np.sqrt(n):
                raise Wrong("The weights depend on each other; draw a number of its own for each weight.")
    again, other = (array(call(f, 5, 4, np.random.default_rng(seed)), (4, 5), "The weight matrix") for seed in (1, 2))
    if not close(array(call(f, 5, 4, np.random.default_rng(1)), (4, 5)), again):
        raise Wrong("The same generator gives other weights each time: draw the numbers from `rng`.")
    if close(again, other):
        raise Wrong("Another generator gives the same weights: draw the numbers from `rng`, not from one of your own.")
    if (np.abs(means) > 0.1 * np.maximum(wanted, spreads)).any():
        worst = int(np.abs(means / wanted).argmax())
        raise Wrong(f"The mean of the weights should be 0; for n_in = {n_in[worst]} yours is {means[worst]:.3f}.")
    if np.allclose(spreads, wanted, rtol=0.03):
        return
    for spread, words in (
        (wanted**2, "You used the variance 2/n_in as the standard deviation. Take its root."),
        (np.sqrt(1 / n_in), "This is Xavier's variance. ReLU turns half of the signal off, so He doubles it: 2/n_in."),
        (np.sqrt(2 / (n_in + n_out)), "2/(n_in + n_out) is Xavier's variance for both directions; He's is 2/n_in."),
        (np.sqrt(2 / n_out), "You divided by the outputs. A unit adds up its n_in inputs, and these decide its size."),
        (np.sqrt(2 / 3 / n_in), "√(2/n_in) is the standard deviation, not the bound: numbers uniform in ±b have b/√3."),
        (1, "Standard deviation 1 whatever the width: a sum of n_in terms would be √n_in times too large."),
    ):
        if np.allclose(spreads, spread, rtol=0.03):
            raise Wrong(words)
    worst = int(np.abs(spreads / wanted - 1).argmax())
    raise Wrong(
        f"For n_in = {n_in[worst]} the standard deviation should be {wanted[worst]:.4f}; yours is {spreads[worst]:.4f}."
    )


_SLOPE = "answer = lambda z: {}"
_SOFTMAX = "def answer(z):\n    e = np.exp(z{})\n    return e{}"
_ROWS = " / e.sum(axis=1, keepdims=True)"
_DEAD = "answer = lambda h: {}"
_SEND = (
    "def answer(x, weights, f):\n    moments, h = [], x\n    for W in weights:\n        h = f({z})\n"
    "        moments.append({moment})\n    return moments"
)


def _signal(z="h @ W.T", moment="(h**2).mean()") -> str:
    return _SEND.format(z=z, moment=moment)


EXERCISES = (
    Exercise(
        "06.1", "What ten sigmoids leave at best", "share_left", check_vanishing,
        (
            "The slope of the sigmoid is largest at 0.",
            "σ′(z) = σ(z)·(1 − σ(z)), and σ(0) = 0.5.",
            "Multiply the largest slope by itself, ten times over.",
        ),
        "share_left = 0.25 ** 10",
        "sigma = 1 / (1 + np.exp(0))\nanswer = np.prod([sigma * (1 - sigma)] * 10)",
        (
            ("answer = 10 * 0.25", "You added"), ("answer = 0.25", "what one layer leaves"),
            ("answer = 0.5 ** 10", "value of the sigmoid"), ("answer = 0.25 ** 9", "One layer too few"),
            ("answer = 4**10", "how many times smaller"), ("answer = 100 / 4**10", "in percent"), ("answer = 0.1", "The largest slope"),
        ),
    ),
    by_cases(
        "06.2", "The slope of tanh", "tanh_slope", _NET_VALUES,
        (
            "The slope is largest, 1, at z = 0, and goes to 0 on both sides.",
            "It can be written with tanh itself.",
            "Begin with t = np.tanh(z). The slope is 1 where t is 0, and 0 where t is −1 or 1.",
        ),
        "def tanh_slope(z):\n    return 1 - np.tanh(z) ** 2",
        "answer = lambda z: 1 / np.cosh(z) ** 2",
        (
            (_SLOPE.format("1 - z**2"), "1 − z² would be right if z were tanh's output; z is its input, so square tanh(z)."),
            (_SLOPE.format("np.tanh(z) * (1 - np.tanh(z))"), "f·(1 − f) is the rule of the sigmoid; tanh has another one."),
            (_SLOPE.format("(s := 1 / (1 + np.exp(-z))) * (1 - s)"), "This is the slope of the sigmoid, at most 1/4; the slope of tanh reaches 1."),
            (_SLOPE.format("1 - np.tanh(z)"), "The square is missing: at z = −1 the slope would be above 1."),
            (_SLOPE.format("1 + np.tanh(z) ** 2"), "The sign is wrong: far from 0 the slope goes to 0, not to 2."),
            (_SLOPE.format("1 / np.cosh(z)"), "1/cosh(z) still has to be squared."),
            (_SLOPE.format("np.tanh(z)"), "This is tanh itself. At z = 0, where tanh is steepest, its value is 0 and its slope 1."),
        ),
        "The slope",
    ),
    by_stages(
        "06.3", "Softmax, safe for large logits", "my_softmax", (_LOGITS, _LARGE_LOGITS),
        (
            "Take e^z of every number, then divide each row by its own sum.",
            "Sum over axis=1 and keep the dimension: keepdims=True.",
            "Subtracting the same number from a whole row changes nothing; subtract the row's largest.",
        ),
        "def my_softmax(logits):\n    e = np.exp(logits - logits.max(axis=1, keepdims=True))\n"
        "    return e / e.sum(axis=1, keepdims=True)",
        "answer = lambda z: np.exp(z - np.logaddexp.reduce(z, axis=1)[:, None])",
        (
            (_SOFTMAX.format("", " / e.sum(axis=0)"), "Your columns sum to 1; each row must: sum over axis=1 with keepdims=True."),
            ("answer = np.exp", "These are the exponentials; each row still has to be divided by its sum."),
            (_SOFTMAX.format("", " / e.sum()"), "The whole table sums to 1. Every row is a sample of its own and must sum to 1."),
            (_SOFTMAX.format("", " / e.max(axis=1, keepdims=True)"), "The largest number of each row is 1 in yours; each row must sum to 1, so divide by the row's sum."),
            ("answer = lambda z: z / z.sum(axis=1, keepdims=True)", "The exponential is missing: without it logits below 0 would give negative shares."),
            ("answer = lambda z: 1 / (1 + np.exp(-z))", "This is the sigmoid of each number on its own. Softmax shares 1 among the numbers of a row."),
            ("answer = lambda z: z - np.logaddexp.reduce(z, axis=1)[:, None]", "These are the logarithms of the softmax; take their exponentials."),
            (_SOFTMAX.format("", _ROWS), "Right for small logits, but e^1000 overflows to inf. Subtract the largest logit first."),
            (_SOFTMAX.format(" - z.max()", _ROWS), "Subtract from each row its own largest logit, not the largest of all rows."),
            (_SOFTMAX.format(" - z.mean(axis=1, keepdims=True)", _ROWS), "With the row's mean subtracted, large exponents remain; subtract its maximum."),
            (_SOFTMAX.format(" - z.min(axis=1, keepdims=True)", _ROWS), "You subtract the smallest logit of the row, which makes the exponents larger still."),
        ),
        "The result",
    ),
    Exercise(
        "06.4", "The output layer for three tasks", "output_layers", check_outputs,
        (
            "What can the answer be: any number, one of several, or several yes/no?",
            "Softmax makes the outputs share 1; the sigmoid judges each on its own.",
            "Begin with the price: any number may come out, so nothing may squeeze it.",
        ),
        "output_layers = ['identity', 'softmax', 'sigmoid']",
        "answer = ('Identity', 'Softmax', 'Sigmoid')",
        (
            ("answer = ['sigmoid', 'softmax', 'sigmoid']", "any size"), ("answer = ['identity', 'sigmoid', 'sigmoid']", "exclude each other"),
            ("answer = ['identity', 'softmax', 'softmax']", "Several tags"), ("answer = ['identity', 'softmax', 'relu']", "must be one of"),
            ("answer = ['identity', 'identity', 'sigmoid']", "probabilities of the ten"), ("answer = ['identity', 'softmax', 'identity']", "Each tag is yes or no"),
            ("answer = 'softmax'", "three texts"),
        ),
    ),
    Exercise(
        "06.5", "He's first weights", "he_weights", check_he,
        (
            "Draw random numbers with mean 0, as a table (n_out, n_in).",
            "The variance is 2/n_in, because ReLU turns half of the signal off.",
            "rng.normal(0, s, size) draws numbers with standard deviation s, which is the root of the variance.",
        ),
        "def he_weights(n_in, n_out, rng):\n    return rng.normal(0, np.sqrt(2 / n_in), (n_out, n_in))",
        "def answer(n_in, n_out, rng):\n    bound = np.sqrt(6 / n_in)  # uniform in ±bound has variance bound²/3\n    return rng.uniform(-bound, bound, (n_out, n_in))",
        tuple(
            (f"answer = lambda n_in, n_out, rng: {draws}", words)
            for draws, words in (
                ("rng.normal(0, 2 / n_in, (n_out, n_in))", "Take its root"),
                ("rng.normal(0, np.sqrt(1 / n_in), (n_out, n_in))", "This is Xavier's variance"),
                ("rng.normal(0, np.sqrt(2 / (n_in + n_out)), (n_out, n_in))", "for both directions"),
                ("rng.normal(0, np.sqrt(2 / n_out), (n_out, n_in))", "divided by the outputs"),
                ("rng.uniform(-np.sqrt(2 / n_in), np.sqrt(2 / n_in), (n_out, n_in))", "not the bound"),
                ("rng.normal(0, np.sqrt(2 / n_in), (n_in, n_out))", "must be 150 rows of 200 numbers"),
                ("rng.normal(size=(n_out, n_in))", "Standard deviation 1"),
                ("rng.uniform(0, np.sqrt(6 / n_in), (n_out, n_in))", "should be 0; for n_in"),
                ("np.random.default_rng(0).normal(0, np.sqrt(2 / n_in), (n_out, n_in))", "one of your own"),
                ("np.random.normal(0, np.sqrt(2 / n_in), (n_out, n_in))", "other weights each time"),
                ("np.tile(rng.normal(0, np.sqrt(2 / n_in), n_in), (n_out, 1))", "units have the same"),
            )
        ),
    ),
    by_cases(
        "06.6", "Count the dead units", "dead_units", tuple(_layers_of_outputs()),
        (
            "One column is one unit; a dead one is 0 in every row.",
            "(h == 0) is a table of True and False; all(axis=0) asks each column.",
            "Begin with silent = h == 0, and count the columns in which all entries are True.",
        ),
        "def dead_units(h):\n    return int((h == 0).all(axis=0).sum())",
        "answer = lambda h: sum(1 for column in h.T if column.max() <= 0)",
        (
            (_DEAD.format("(h == 0).sum()"), "You counted every 0 in the table. A unit is dead only if it is 0 for every sample."),
            (_DEAD.format("(h == 0).all(axis=1).sum()"), "You counted samples (rows) without any output. Units are the columns: use axis=0."),
            (_DEAD.format("(h == 0).any(axis=0).sum()"), "A unit that is 0 for some samples is healthy; a dead one is 0 for all samples."),
            (_DEAD.format("h.any(axis=0).sum()"), "You counted the units that are alive."),
            (_DEAD.format("(h == 0).all(axis=0).mean()"), "This is the share of dead units; their number is asked for."),
        ),
        "The number of dead units", counts=True, about=lambda h: f"For a table of {h.shape[0]} samples and {h.shape[1]} units",
    ),
    by_cases(
        "06.7", "A signal through many layers", "signal", _SIGNALS,
        (
            "Begin with h = x; each layer turns h into f(h @ W.T), for one weight matrix after the other.",
            "After each layer append the mean of h², over all samples and units.",
            "Begin with moments, h = [], x and a loop over the weights. No bias, no root; the inputs themselves are not in the list.",
        ),
        _signal().replace("answer", "signal"),
        "def answer(x, weights, f):\n    columns, found = x.T, []\n    for W in weights:\n        columns = f(W @ columns)\n"
        "        found.append(np.mean(np.square(columns)))\n    return np.array(found)",
        (
            ("def answer(x, weights, f):\n    found = []\n    for W in weights:\n        x = x @ W.T\n        found.append((x**2).mean())\n    return found", "The activation f is not applied."),
            (_signal().replace("h = f(h @ W.T)", "z = h @ W.T\n        h = f(z)").replace("(h**2)", "(z**2)"), "These are the moments of the net values z; take those of the outputs h = f(z)."),
            (_signal(moment="h.var()"), "This is the variance. The second moment does not subtract the mean: mean of h²."),
            (_signal(moment="np.sqrt((h**2).mean())"), "You took the root. The second moment is the mean of h² itself."),
            (_signal(moment="h.mean() ** 2"), "You square the mean; square each output first, then take the mean."),
            (_signal(moment="np.abs(h).mean()"), "This is the mean of |h|; square the outputs instead."),
            (_signal(moment="(h**2).sum()"), "You summed h². The mean is wanted, so that layers of different widths can be compared."),
            (_signal(z="h @ W"), "W is stored as (outputs, inputs), so it must be transposed: h @ W.T."),
            (_signal().replace("[], x", "[(x**2).mean()], x"), "One number too many: the inputs are no layer; begin with the outputs of the first."),
            (_signal().replace("return moments", "return moments[-1]"), "Only the last layer's moment; return a list with one for each layer."),
        ),
        "The list of moments",
        about=lambda x, weights, f: f"For weights of shapes {', '.join(str(W.shape) for W in weights)}",
    ),
)  # fmt: skip

QUESTIONS = (
    Question(
        "A deep network uses the sigmoid in ten hidden layers. Its first layer hardly learns. What is the cause?",
        (
            "The sigmoid's outputs are not centred", "Each layer multiplies the gradient by at most 1/4",
            "Ten layers have too many parameters for gradient descent",
        ), 1,
        (
            "That slows training a little, but it does not take a factor of a million away.",
            "Ten such slopes leave less than a millionth of the gradient, and Xavier's weights do not make up for it.",
            "The number of parameters is harmless here: the same network with tanh or ReLU learns.",
        ),
    ),
    Question(
        "Why does He's initialisation double Xavier's variance?",
        (
            "ReLU turns about half of the signal off", "ReLU's slope is 2", "ReLU networks are deeper",
        ), 0,
        (
            "The mean square after ReLU is half of that before it; twice the variance makes up for it.",
            "ReLU's slope is 1 or 0. Look at what happens to the mean square.",
            "The factor is needed in each layer, also in shallow networks.",
        ),
    ),
    Question(
        "A ReLU unit outputs 0 for every sample of the training data. What will gradient descent do to its weights?",
        ("Push them up until it fires", "Nothing at all", "Shrink them to 0"), 1,
        (
            "The slope is 0 for every sample, and so is the gradient: nothing shows in which direction to push.",
            "Slope 0 for every sample, gradient 0, no change. Only a new bias, other data or a leaky slope can wake it.",
            "Weight decay would; the gradient alone is exactly 0.",
        ),
    ),
    Question(
        "Softmax outputs [0.4, 0.3, 0.2, 0.1] for one picture and [0.7, 0.1, 0.1, 0.1] for another. What differs?",
        ("The class that wins", "How sure the network is", "Nothing that matters: the winner is the same"), 1,
        (
            "In both, the first class wins.",
            "The winner is the same; the second output leaves far less doubt, and a user may act on it differently.",
            "A doctor who reads 40% asks for another test; at 70% perhaps not.",
        ),
    ),
)  # fmt: skip
