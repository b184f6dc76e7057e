"""Exercises and quiz of chapter 06, activations and initialisation."""

from itertools import pairwise

import numpy as np

from dlcourse.exercises.core import Exercise, Question, Wrong, array, as_it_came, call, close, function


def check_vanishing(answer):
    left = float(array(answer, (), "The share"))
    if np.isclose(left, 0.25**10, rtol=0.01):
        return
    if np.isclose(left, 2.5):
        raise Wrong("You added the ten slopes. The chain rule multiplies them.")
    if np.isclose(left, 0.25):
        raise Wrong("This is what one layer leaves; here are ten, one behind the other.")
    if np.isclose(left, 0.5**10, rtol=0.01):
        raise Wrong("0.5 is the value of the sigmoid at 0. The slope there is 0.5 · (1 − 0.5).")
    if np.isclose(left, 0.25**9, rtol=0.01) or np.isclose(left, 0.25**11, rtol=0.01):
        raise Wrong("One layer too few or too many: ten slopes are multiplied.")
    raise Wrong("The largest slope of the sigmoid is 1/4; multiply ten of them.")


def check_tanh_slope(answer):
    f = function(answer)
    for z in (np.array([0.0, 0.5, -1.0, 3.0]), np.linspace(-2, 2, 6).reshape(2, 3)):
        t = np.tanh(z)
        got = array(call(f, z), z.shape, "What your function returns")
        if close(got, 1 - t**2):
            continue
        if close(got, 1 - z**2):
            raise Wrong("1 − z² is right for tanh's output, not for its input: square tanh(z).")
        if close(got, t * (1 - t)):
            raise Wrong("f·(1 − f) is the rule of the sigmoid; tanh has another one.")
        if close(got, 1 - t):
            raise Wrong("The square is missing: at z = −1 the slope would be above 1.")
        if close(got, t):
            raise Wrong("This is tanh itself. At 0, where it is steepest, it is 0; its slope there is 1.")
        raise Wrong("The slope of tanh is 1 − tanh²(z); yours differs.")


def check_softmax(answer):
    f = function(answer)
    rng = np.random.default_rng(6)
    for logits in (rng.normal(size=(4, 3)), 3 * rng.normal(size=(3, 3)), np.array([[0.0, 0.0]])):
        e = np.exp(logits)
        got = array(call(f, logits), logits.shape, "What your function returns")
        if close(got, e / e.sum(axis=1, keepdims=True)):
            continue
        if close(got, e / e.sum(axis=0)):
            raise Wrong(
                "The columns are divided, not the rows: sum over axis=1 with keepdims=True; each row must sum to 1."
            )
        if close(got, e):
            raise Wrong("These are the exponentials; each row still has to be divided by its sum.")
        if close(got, e / e.sum()):
            raise Wrong("The whole table sums to 1. Every row is a sample of its own and must sum to 1.")
        if close(got, 1 / (1 + np.exp(-logits))):
            raise Wrong("This is the sigmoid of each number on its own. Softmax shares 1 among the numbers of a row.")
        raise Wrong(f"For logits of shape {logits.shape} the rows are not e^z / Σ e^z.")
    with np.errstate(all="ignore"):
        for large, words in _LARGE:
            got = as_it_came(call(f, large))
            if got.shape != large.shape or not close(got, np.full(large.shape, [0.7310585786, 0.2689414214])):
                raise Wrong(words)


_LARGE = (
    (
        np.array([[1000.0, 999.0]]),
        "Right for small logits, but e^1000 overflows to inf. Subtract the largest logit first.",
    ),
    (
        np.array([[1000.0, 999.0], [-1000.0, -1001.0]]),
        "Subtract from each row its own largest logit, not the largest of all rows.",
    ),
)

TASKS = ("price of a house", "which one of ten digits", "which of five tags, several or none")
OUTPUTS = ("identity", "softmax", "sigmoid")


def check_outputs(answer):
    if not isinstance(answer, (list, tuple)) or len(answer) != 3 or not all(isinstance(name, str) for name in answer):
        raise Wrong("Give three names in a list, such as ['sigmoid', 'sigmoid', 'sigmoid'].")
    names = tuple(name.strip().lower() for name in answer)
    unknown = [name for name in names if name not in OUTPUTS]
    if unknown:
        raise Wrong(f"Each name must be one of {', '.join(OUTPUTS)}; this is {unknown[0][:40]!r}.")
    if names == OUTPUTS:
        return
    if names[0] != "identity":
        raise Wrong("A price can be any size: sigmoid and softmax would squeeze it between 0 and 1.")
    if names[1] == "sigmoid":
        raise Wrong("One of ten digits: the ten answers exclude each other, so they must share 1 among them.")
    if names[2] == "softmax":
        raise Wrong("Several tags may hold at once, or none: they must not have to share 1 among them.")
    raise Wrong("The identity is for values; yes or no needs something between 0 and 1.")


def check_he(answer):
    f = function(answer)
    for n_in, n_out in ((400, 300), (200, 500)):
        got = array(call(f, n_in, n_out, np.random.default_rng(n_in)), (n_out, n_in), "The weight matrix")
        spread, wanted = got.std(), np.sqrt(2 / n_in)
        if abs(got.mean()) > 0.1 * wanted:
            raise Wrong("The mean must be 0; weights of one sign only make all units alike.")
        if np.isclose(spread, wanted, rtol=0.03):
            continue
        if np.isclose(spread, wanted**2, rtol=0.03):
            raise Wrong("You used the variance 2/n_in as the standard deviation. Take its root.")
        if np.isclose(spread, np.sqrt(1 / n_in), rtol=0.03) or np.isclose(
            spread, np.sqrt(2 / (n_in + n_out)), rtol=0.03
        ):
            raise Wrong("This is Xavier's variance. ReLU turns half of the signal off, so He doubles it: 2/n_in.")
        if np.isclose(spread, np.sqrt(2 / n_out), rtol=0.03):
            raise Wrong("You divided by the outputs. A unit adds up its n_in inputs, and these decide its size.")
        if np.isclose(spread, 1, rtol=0.03):
            raise Wrong("Standard deviation 1 whatever the width: a sum of n_in terms would be √n_in times too large.")
        raise Wrong(f"The standard deviation for n_in = {n_in} should be {wanted:.3f}; yours is {spread:.3f}.")


def check_dead(answer):
    f = function(answer)
    for h in _layers_of_outputs():
        zero = h == 0
        expected = int(zero.all(axis=0).sum())
        got = float(array(call(f, h), (), "The number"))
        if got == expected:
            continue
        if got == zero.sum():
            raise Wrong("You counted every 0 in the table. A unit is dead only if it is 0 for every sample.")
        if got == zero.all(axis=1).sum():
            raise Wrong("You counted samples (rows) without any output. Units are the columns: use axis=0.")
        if got == zero.any(axis=0).sum():
            raise Wrong("A unit that is silent now and then is healthy; dead means silent for all samples.")
        if got == h.shape[1] - expected:
            raise Wrong("You counted the units that are alive.")
        raise Wrong(f"Dead units in one of the tests: {expected} of {h.shape[1]}; you have {got:g}.")


def _layers_of_outputs():
    """ReLU outputs (N, H) with some dead units; counting rows instead of columns gives another number."""
    rng = np.random.default_rng(9)
    for samples, units, dead in ((6, 4, 1), (40, 12, 5), (30, 7, 0)):
        h = np.maximum(rng.normal(size=(samples, units)), 0)
        h[0], h[1] = 0, 1.0
        h[:, rng.permutation(units)[:dead]] = 0
        yield h


def check_signal(answer):
    f = function(answer)
    rng = np.random.default_rng(12)
    for sizes, activation in (((3, 3, 3), np.tanh), ((4, 6, 5, 2), lambda z: np.maximum(z, 0))):
        x = rng.normal(size=(20, sizes[0]))
        weights = [rng.normal(size=(b, a)) for a, b in pairwise(sizes)]
        expected = _moments(x, weights, activation)
        result = call(f, x, weights, activation)
        if isinstance(result, (list, tuple)) and len(result) == len(weights) + 1:
            raise Wrong("One number too many: the inputs are no layer; begin with the outputs of the first.")
        got = array(result, (len(weights),), "What your function returns")
        if close(got, expected):
            continue
        for wrong, words in _wrong_moments(x, weights, activation):
            if close(got, wrong):
                raise Wrong(words)
        raise Wrong("The mean of h² over all samples and units is wanted, for each layer, h = f(h Wᵀ).")


def _moments(x, weights, f, measure=lambda h: (h**2).mean(), transposed=True):
    moments = []
    for w in weights:
        x = f(x @ (w.T if transposed else w))
        moments.append(measure(x))
    return np.array(moments)


def _wrong_moments(x, weights, f):
    yield _moments(x, weights, lambda z: z), "The activation f is not applied."
    yield (
        _moments(x, weights, f, np.var),
        "This is the variance. The second moment does not subtract the mean: mean of h².",
    )
    yield np.sqrt(_moments(x, weights, f)), "You took the root. The law is about the mean of h² itself."
    yield (
        _moments(x, weights, f, lambda h: (h**2).sum()),
        "You summed h². The mean is wanted, so that layers can be compared.",
    )
    if all(w.shape[0] == w.shape[1] for w in weights):
        yield (
            _moments(x, weights, f, transposed=False),
            "W is stored as (outputs, inputs), so it must be transposed: h @ W.T.",
        )


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
            ("answer = 0.5 ** 10", "value of the sigmoid"), ("answer = 0.25 ** 9", "One layer too few"), ("answer = 0.1", "largest slope"),
        ),
    ),
    Exercise(
        "06.2", "The slope of tanh", "tanh_slope", check_tanh_slope,
        (
            "It is largest, 1, at z = 0, and goes to 0 on both sides.",
            "It can be written with tanh itself.",
            "1 − tanh²(z).",
        ),
        "def tanh_slope(z):\n    return 1 - np.tanh(z) ** 2",
        "answer = lambda z: 1 / np.cosh(z) ** 2",
        (
            ("answer = lambda z: 1 - z ** 2", "not for its input"), ("answer = lambda z: np.tanh(z) * (1 - np.tanh(z))", "rule of the sigmoid"),
            ("answer = lambda z: 1 - np.tanh(z)", "square is missing"), ("answer = lambda z: np.tanh(z)", "tanh itself"),
        ),
    ),
    Exercise(
        "06.3", "Softmax, safe for large logits", "my_softmax", check_softmax,
        (
            "e^z for every number, then each row divided by its own sum.",
            "Sum over axis=1 and keep the dimension: keepdims=True.",
            "Subtracting the same number from a whole row changes nothing; subtract the row's largest.",
        ),
        "def my_softmax(logits):\n    e = np.exp(logits - logits.max(axis=1, keepdims=True))\n"
        "    return e / e.sum(axis=1, keepdims=True)",
        "answer = lambda z: np.exp(z - np.logaddexp.reduce(z, axis=1)[:, None])",
        (
            ("def answer(z):\n    e = np.exp(z - z.max())\n    return e / e.sum(axis=0)", "columns are divided"),
            ("answer = np.exp", "still has to be divided"),
            ("def answer(z):\n    e = np.exp(z)\n    return e / e.sum()", "whole table"),
            ("answer = lambda z: 1 / (1 + np.exp(-z))", "This is the sigmoid"),
            ("def answer(z):\n    e = np.exp(z)\n    return e / e.sum(axis=1, keepdims=True)", "overflows"),
            ("def answer(z):\n    e = np.exp(z - z.max())\n    return e / e.sum(axis=1, keepdims=True)", "the largest of all rows"),
        ),
    ),
    Exercise(
        "06.4", "The output layer for three tasks", "output_layers", check_outputs,
        (
            "What can the answer be: any number, one of several, or several yes/no?",
            "Softmax makes the outputs share 1; the sigmoid judges each on its own.",
            "Price: identity. One of ten: softmax. Tags: sigmoid.",
        ),
        "output_layers = ['identity', 'softmax', 'sigmoid']",
        "answer = ('Identity', 'Softmax', 'Sigmoid')",
        (
            ("answer = ['sigmoid', 'softmax', 'sigmoid']", "any size"), ("answer = ['identity', 'sigmoid', 'sigmoid']", "exclude each other"),
            ("answer = ['identity', 'softmax', 'softmax']", "Several tags"), ("answer = ['identity', 'softmax', 'relu']", "must be one of"),
            ("answer = ['identity', 'identity', 'sigmoid']", "identity is for values"), ("answer = 'softmax'", "three names"),
        ),
    ),
    Exercise(
        "06.5", "He's first weights", "he_weights", check_he,
        (
            "Normal numbers with mean 0, as a table (n_out, n_in).",
            "The variance is 2/n_in, because ReLU turns half of the signal off.",
            "rng.normal(0, np.sqrt(2 / n_in), (n_out, n_in)).",
        ),
        "def he_weights(n_in, n_out, rng):\n    return rng.normal(0, np.sqrt(2 / n_in), (n_out, n_in))",
        "def answer(n_in, n_out, rng):\n    bound = np.sqrt(6 / n_in)  # uniform in ±bound has variance bound²/3\n    return rng.uniform(-bound, bound, (n_out, n_in))",
        (
            ("answer = lambda n_in, n_out, rng: rng.normal(0, 2 / n_in, (n_out, n_in))", "Take its root"),
            ("answer = lambda n_in, n_out, rng: rng.normal(0, np.sqrt(1 / n_in), (n_out, n_in))", "Xavier's variance"),
            ("answer = lambda n_in, n_out, rng: rng.normal(0, np.sqrt(2 / n_out), (n_out, n_in))", "divided by the outputs"),
            ("answer = lambda n_in, n_out, rng: rng.normal(0, np.sqrt(2 / n_in), (n_in, n_out))", "must be 300 rows of 400 numbers"),
            ("answer = lambda n_in, n_out, rng: rng.normal(size=(n_out, n_in))", "Standard deviation 1"),
            ("answer = lambda n_in, n_out, rng: rng.uniform(0, np.sqrt(6 / n_in), (n_out, n_in))", "mean must be 0"),
        ),
    ),
    Exercise(
        "06.6", "Count the dead units", "dead_units", check_dead,
        (
            "One column is one unit; a dead one is 0 in every row.",
            "(h == 0) is a table of True and False.",
            "(h == 0).all(axis=0).sum().",
        ),
        "def dead_units(h):\n    return int((h == 0).all(axis=0).sum())",
        "answer = lambda h: sum(1 for column in h.T if column.max() <= 0)",
        (
            ("answer = lambda h: (h == 0).sum()", "every 0"), ("answer = lambda h: (h == 0).all(axis=1).sum()", "counted samples"),
            ("answer = lambda h: (h == 0).any(axis=0).sum()", "now and then"), ("answer = lambda h: h.any(axis=0).sum()", "that are alive"),
            ("answer = lambda h: 99", "Dead units in one"),
        ),
    ),
    Exercise(
        "06.7", "A signal through many layers", "signal", check_signal,
        (
            "h = x, then h = f(h @ W.T) for one weight matrix after the other.",
            "After each layer append the mean of h², over all samples and units.",
            "No bias, no root, no subtracting of the mean; the inputs themselves are not in the list.",
        ),
        _signal().replace("answer", "signal"),
        "def answer(x, weights, f):\n    columns, found = x.T, []\n    for W in weights:\n        columns = f(W @ columns)\n"
        "        found.append(np.mean(np.square(columns)))\n    return np.array(found)",
        (
            ("def answer(x, weights, f):\n    found = []\n    for W in weights:\n        x = x @ W.T\n        found.append((x**2).mean())\n    return found", "f is not applied"),
            (_signal(moment="h.var()"), "This is the variance"), (_signal(moment="np.sqrt((h**2).mean())"), "took the root"),
            (_signal(moment="(h**2).sum()"), "summed h²"), (_signal(z="h @ W"), "must be transposed"),
            (_signal().replace("[], x", "[(x**2).mean()], x"), "One number too many"),
        ),
    ),
)  # fmt: skip

QUESTIONS = (
    Question(
        "A deep network uses the sigmoid in ten hidden layers. Its first layer hardly learns. What is the cause?",
        (
            "The sigmoid's outputs are not centred", "Each layer multiplies the gradient by a slope of at most 1/4",
            "Ten layers have too many parameters",
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
            "The factor is needed in each layer, in shallow networks, too.",
        ),
    ),
    Question(
        "A ReLU unit outputs 0 for every sample of the training data. What will gradient descent do to its weights?",
        ("Push them up until it fires", "Nothing at all", "Shrink them to 0"), 1,
        (
            "It would have to know in which direction: but the slope is 0 for every sample, and so is the gradient.",
            "Slope 0 for every sample, gradient 0, no change. Only a new bias, other data or a leaky slope can wake it.",
            "Weight decay would; the gradient alone is exactly 0.",
        ),
    ),
    Question(
        "Softmax outputs [0.4, 0.3, 0.2, 0.1] for one picture and [0.7, 0.1, 0.1, 0.1] for another. What differs?",
        ("The class that wins", "How sure the network is", "Nothing that matters: the winner is the same"), 1,
        (
            "In both the first class wins.",
            "The winner is the same; the second output leaves far less doubt, and a user may act on it differently.",
            "A doctor who reads 40% asks for another test; at 70% perhaps not.",
        ),
    ),
)  # fmt: skip
