"""Exercises and quiz of chapter 04, XOR and the multilayer perceptron."""

from itertools import pairwise

import numpy as np

from dlcourse.data import gate
from dlcourse.exercises.core import Exercise, Question, Wrong, array, as_it_came, call, close, function, near, whole
from dlcourse.exercises.judging import judge


def check_xor(answer):
    f = function(answer)
    outputs = [
        int(whole(call(f, a, b), (), f"What your function returns for ({a}, {b})"))
        for a, b in ((0, 0), (0, 1), (1, 0), (1, 1))
    ]
    if outputs == [0, 1, 1, 0]:
        return
    for name in ("OR", "NAND", "AND", "XNOR"):
        if outputs == gate(name)[1].tolist():
            raise Wrong(f"This is {name}. XOR is OR, but not both: combine OR with NAND.")
    raise Wrong(f"The rows 00, 01, 10, 11 give {outputs}; XOR is [0, 1, 1, 0].")


def check_hidden(answer):
    x = gate("XOR")[0]
    z = x @ np.ones((2, 2)) + [0, -1]
    right = np.maximum(z, 0)
    if as_it_came(answer).shape == (2, 4) and close(as_it_came(answer), right.T):
        raise Wrong("These are two lists of four. Give one row (h₁, h₂) per input, four rows of two numbers.")
    got = array(answer, (4, 2), "The hidden points")
    if close(got, right):
        return
    for wrong, words in (
        (z, "These are the net values; ReLU still has to turn the negative one into 0."),
        (x @ np.ones((2, 2)), "The bias of the second unit is missing: h₂ = ReLU(x₁ + x₂ − 1)."),
        (right[:, ::-1], "The columns are exchanged: h₁ comes first."),
        (abs(z), "ReLU makes 0 of a negative number; this is its absolute value."),
        (x, "These are the inputs themselves; compute h₁ and h₂ for each of them."),
    ):
        if close(got, wrong):
            raise Wrong(words)
    row = int(np.flatnonzero(~near(got, right).all(axis=1))[0])
    raise Wrong(f"Row {row + 1}, the one for the input {x[row].astype(int).tolist()}, is not right yet.")


def check_count(answer):
    cases = [(sizes,) for sizes in ([2, 3, 1], [4, 10, 3], [7, 5, 4, 3, 2], [3, 1], [20, 30, 10], [1, 1], [6])]

    def total(*added):
        return lambda sizes: sum(a * b + sum(f(a, b) for f in added) for a, b in pairwise(sizes))

    judge(answer, cases, "sizes", total(lambda a, b: b), (
        ("These are the weights; every unit after the inputs also has a bias.", total()),
        ("These are the biases; every pair of units in neighbouring layers also has a weight.", lambda sizes: sum(sizes[1:])),
        ("The inputs have no bias: they compute nothing.", lambda sizes: total()(sizes) + sum(sizes)),
        ("A bias belongs to the unit that a connection leads to, not to the one that it comes from.", total(lambda a, b: a)),
        ("Each unit has a bias of its own, not each layer.", total(lambda a, b: 1)),
        ("You counted units. Count the numbers that are learned: weights and biases.", sum),
        ("You counted layers. Count the numbers that are learned: weights and biases.", len),
    ), "The number", take=whole)  # fmt: skip


def check_forward(answer):
    rng = np.random.default_rng(2)

    def case(n, i, h, o):
        return tuple(rng.normal(size=size).round(1) for size in ((n, i), (h, i), h, (o, h), o))

    def forward(activation=np.tanh, first=1, second=1):
        return lambda x, w1, b1, w2, b2: activation(x @ w1.T + first * b1) @ w2.T + second * b2

    # Squares first: there even a forgotten transpose gives numbers, and can be named.
    judge(answer, [case(4, 2, 2, 2), case(2, 3, 3, 3)], "x W1 b1 W2 b2", forward(), (
        ("The activation is missing: without tanh two layers are one.", forward(lambda z: z)),
        ("There is no activation after the last layer: the logits are wanted.", lambda *a: np.tanh(forward()(*a))),
        ("The hidden layer shall use tanh, not ReLU.", forward(lambda z: np.maximum(z, 0))),
        ("The hidden layer shall use tanh, not the sigmoid.", forward(lambda z: 1 / (1 + np.exp(-z)))),
        ("The bias b1 of the hidden units is missing.", forward(first=0)),
        ("The bias b2 of the output units is missing.", forward(second=0)),
        ("Both biases are missing.", forward(first=0, second=0)),
        ("W is stored as (outputs, inputs), so it must be transposed: x @ W.T.", lambda x, w1, b1, w2, b2: np.tanh(x @ w1 + b1) @ w2 + b2),
        ("These are the hidden values; the output layer is still to come.", lambda x, w1, b1, w2, b2: np.tanh(x @ w1.T + b1)),
    ))  # fmt: skip
    judge(answer, [case(1, 3, 5, 2), case(6, 2, 4, 1), case(3, 4, 1, 5)], "x W1 b1 W2 b2", forward())


def check_collapse(answer):
    rng = np.random.default_rng(3)

    def case(i, h, o):
        return tuple(rng.normal(size=size).round(1) for size in ((h, i), h, (o, h), o))

    def one(w1, b1, w2, b2):
        return w2 @ w1, w2 @ b1 + b2

    # Squares first: there the wrong order gives numbers, and can be named.
    judge(answer, [case(2, 2, 2), case(3, 3, 3)], "W1 b1 W2 b2", one, (
        ("The order matters: the first layer acts first, so it stands on the right, W₂W₁.", lambda w1, b1, w2, b2: (w1 @ w2, w2 @ b1 + b2)),
        ("W must have the shape (outputs, inputs), as W1 and W2 have; yours is transposed.", lambda *a: (one(*a)[0].T, one(*a)[1])),
        ("W is right. The bias b₁ passes through the second layer and arrives as W₂b₁.", lambda w1, b1, w2, b2: (w2 @ w1, b2)),
        ("W is right. b₁ is not simply added: the second layer multiplies it by W₂.", lambda w1, b1, w2, b2: (w2 @ w1, b1 + b2)),
        ("W is right. The second layer still adds its own bias, b₂.", lambda w1, b1, w2, b2: (w2 @ w1, w2 @ b1)),
        ("W is right. b₁ stands to the right of W₂, a column: W₂b₁.", lambda w1, b1, w2, b2: (w2 @ w1, b1 @ w2 + b2)),
        ("One after the other is a product, not a sum: W₂W₁.", lambda w1, b1, w2, b2: (w1 + w2, b1 + b2)),
        ("* multiplies entry by entry; the product of matrices is @.", lambda w1, b1, w2, b2: (w2 * w1, w2 @ b1 + b2)),
    ), ("W", "b"))  # fmt: skip
    judge(answer, [case(3, 4, 2), case(1, 5, 1), case(2, 1, 4)], "W1 b1 W2 b2", one, names=("W", "b"))


def _sigmoid(z):
    return 1 / (1 + np.exp(-z))


def check_bump(answer):
    cases = [
        (np.linspace(-4, 4, n), left, right, k)
        for n, left, right, k in (
            (9, -1.0, 1.5, 2.0),
            (21, 0.0, 2.0, 4.0),
            (8, -3.0, -2.0, 50.0),
            (5, -2.5, 3.0, 0.5),
            (1, -4.0, 0.0, 1.0),
        )
    ]

    def steps(up=1, down=-1):
        return lambda x, left, right, k: up * _sigmoid(k * (x - left)) + down * _sigmoid(k * (x - right))

    judge(answer, cases, "x left right k", steps(), (
        ("You add the two steps, a stair. Subtract the second: it must take away what the first gave.", steps(down=1)),
        ("The bump is upside down: the step at `left` comes first, the one at `right` is subtracted.", steps(-1, 1)),
        ("You multiply two sigmoids; take the difference of the two.", lambda x, left, right, k: _sigmoid(k * (x - left)) * _sigmoid(-k * (x - right))),
        ("The steepness k is missing: σ(k·(x − left)).", lambda x, left, right, k: steps()(x, left, right, 1)),
        ("k must multiply the whole difference, k·(x − left), so that the step stays at `left`.", lambda x, left, right, k: _sigmoid(k * x - left) - _sigmoid(k * x - right)),
        ("The larger k, the steeper: multiply by k, do not divide.", lambda x, left, right, k: steps()(x, left, right, 1 / k)),
        ("The sign within is reversed: the step at `left` is σ(k·(x − left)).", lambda x, left, right, k: _sigmoid(k * (x + left)) - _sigmoid(k * (x + right))),
        ("Use the sigmoid, which goes from 0 to 1; tanh goes from −1 to 1.", lambda x, left, right, k: np.tanh(k * (x - left)) - np.tanh(k * (x - right))),
        ("This is a single step. A second one must take it away again at `right`.", steps(down=0)),
    ))  # fmt: skip


EXERCISES = (
    Exercise(
        "04.1", "XOR from gates", "xor", check_xor,
        (
            "In words: x₁ or x₂, but not both.",
            "“But not both” is a gate of chapter 03, NAND. Two gates look at the inputs, a third one at their outputs.",
            "Begin with h1 = int(0.7 - 0.5 * x1 - 0.5 * x2 > 0), which is NAND.",
        ),
        "def fires(x1, x2, w1, w2, b):\n    return int(w1 * x1 + w2 * x2 + b > 0)\n\ndef xor(x1, x2):\n"
        "    h1 = fires(x1, x2, -0.5, -0.5, 0.7)  # NAND\n    h2 = fires(x1, x2, 0.5, 0.5, -0.2)   # OR\n"
        "    return fires(h1, h2, 0.5, 0.5, -0.7)  # AND",
        "answer = lambda a, b: max(a - b, 0) + max(b - a, 0)",
        (
            ("answer = lambda a, b: int(a + b > 0.5)", "This is OR"), ("answer = lambda a, b: int(a + b < 1.5)", "This is NAND"),
            ("answer = lambda a, b: int(a == b)", "This is XNOR"), ("answer = lambda a, b: a", "XOR is [0, 1, 1, 0]"), ("answer = lambda a, b: 1.5 * (a != b)", "must be a whole number"),
        ),
    ),
    Exercise(
        "04.2", "Where ReLU units put the four inputs", "hidden_points", check_hidden,
        (
            "h₁ = ReLU(x₁ + x₂) and h₂ = ReLU(x₁ + x₂ − 1), row by row.",
            "The sums x₁ + x₂ are 0, 1, 1, 2. ReLU keeps a positive number and turns every other one into 0.",
            "Begin with the input 00: the sum is 0, so the row is ReLU(0), ReLU(−1).",
        ),
        "hidden_points = [[0, 0], [1, 0], [1, 0], [2, 1]]",
        "x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])\nanswer = np.maximum(x @ [[1, 1], [1, 1]] + np.array([0, -1]), 0)",
        (
            ("answer = [[0, -1], [1, 0], [1, 0], [2, 1]]", "net values"), ("answer = [[0, 0], [1, 1], [1, 1], [2, 2]]", "bias of the second"),
            ("answer = [[0, 0], [0, 1], [0, 1], [1, 2]]", "columns are exchanged"), ("answer = [[0, 0], [1, 0], [1, 0], [1, 1]]", "Row 4"),
        ),
    ),
    Exercise(
        "04.3", "How many numbers are learned", "count", check_count,
        (
            "Between two layers of a and b units there are a·b weights.",
            "Each of the b units has one bias. Add both counts over all pairs of neighbouring layers.",
            "Begin with total = 0 and for a, b in zip(sizes[:-1], sizes[1:]): …",
        ),
        "def count(sizes):\n    return sum((a + 1) * b for a, b in zip(sizes[:-1], sizes[1:]))",
        "def answer(sizes):\n    total = 0\n    for i in range(len(sizes) - 1):\n        total += sizes[i] * sizes[i + 1] + sizes[i + 1]\n    return total",
        (
            ("answer = lambda s: sum(a * b for a, b in zip(s, s[1:]))", "These are the weights"),
            ("answer = lambda s: sum(a * b for a, b in zip(s, s[1:])) + sum(s)", "inputs have no bias"),
            ("answer = lambda s: sum(s)", "counted units"), ("answer = lambda s: sum(s[1:])", "These are the biases"),
            ("answer = lambda s: sum(a * b + 1 for a, b in zip(s, s[1:]))", "not each layer"),
        ),
    ),
    Exercise(
        "04.4", "The forward pass of a two-layer network", "my_forward", check_forward,
        (
            "Hidden layer: tanh of x W₁ᵀ + b₁.",
            "The weights are stored as (outputs, inputs), as in torch, so they are transposed.",
            "Begin with z = x @ W1.T + b1, of shape (N, H). The output layer looks the same, without tanh.",
        ),
        "def my_forward(x, W1, b1, W2, b2):\n    h = np.tanh(x @ W1.T + b1)  # (N, H)\n    return h @ W2.T + b2        # (N, K)",
        "answer = lambda x, W1, b1, W2, b2: (W2 @ np.tanh(W1 @ x.T + b1[:, None])).T + b2",
        (
            ("answer = lambda x, W1, b1, W2, b2: (x @ W1.T + b1) @ W2.T + b2", "activation is missing"),
            ("answer = lambda x, W1, b1, W2, b2: np.tanh(np.tanh(x @ W1.T + b1) @ W2.T + b2)", "after the last layer"),
            ("answer = lambda x, W1, b1, W2, b2: np.tanh(x @ W1.T + b1) @ W2.T", "b2 of the output"),
            ("answer = lambda x, W1, b1, W2, b2: np.tanh(x @ W1 + b1) @ W2 + b2", "must be transposed"),
            ("answer = lambda x, W1, b1, W2, b2: np.maximum(x @ W1.T + b1, 0) @ W2.T + b2", "not ReLU"),
            ("answer = lambda x, W1, b1, W2, b2: np.tanh(x @ W1.T) @ W2.T + b2", "b1 of the hidden"),
        ),
    ),
    Exercise(
        "04.5", "Two layers without activation are one", "collapse", check_collapse,
        (
            "Insert h = W₁x + b₁ into y = W₂h + b₂.",
            "y = W₂(W₁x + b₁) + b₂; multiply out.",
            "Begin with W = W2 @ W1; b is everything that is not multiplied by x.",
        ),
        "def collapse(W1, b1, W2, b2):\n    return W2 @ W1, W2 @ b1 + b2",
        "def answer(W1, b1, W2, b2):\n    b = W2.dot(b1) + b2\n    return np.array([W2 @ column for column in W1.T]).T, b",
        (
            ("answer = lambda W1, b1, W2, b2: (W1 @ W2, W2 @ b1 + b2)", "order matters"),
            ("answer = lambda W1, b1, W2, b2: (W2 @ W1, b2)", "passes through"),
            ("answer = lambda W1, b1, W2, b2: (W2 @ W1, b1 + b2)", "not simply added"),
            ("answer = lambda W1, b1, W2, b2: (W2 @ W1, W2 @ b1)", "adds its own bias"),
            ("answer = lambda W1, b1, W2, b2: ((W2 @ W1).T, W2 @ b1 + b2)", "yours is transposed"),
        ),
    ),
    Exercise(
        "04.6", "A bump from two sigmoids", "bump", check_bump,
        (
            "A steep sigmoid is a soft step from 0 to 1.",
            "One step up at `left`; a second step at `right` is subtracted.",
            "Begin with up = 1 / (1 + np.exp(-k * (x - left))).",
        ),
        "def sigmoid(z):\n    return 1 / (1 + np.exp(-z))\n\ndef bump(x, left, right, k):\n"
        "    return sigmoid(k * (x - left)) - sigmoid(k * (x - right))",
        "answer = lambda x, l, r, k: (np.tanh(k * (x - l) / 2) - np.tanh(k * (x - r) / 2)) / 2",
        (
            ("answer = lambda x, l, r, k: 1 / (1 + np.exp(-k * (x - l))) + 1 / (1 + np.exp(-k * (x - r)))", "a stair"),
            ("answer = lambda x, l, r, k: 1 / (1 + np.exp(-k * (x - r))) - 1 / (1 + np.exp(-k * (x - l)))", "upside down"),
            ("answer = lambda x, l, r, k: 1 / (1 + np.exp(-(x - l))) - 1 / (1 + np.exp(-(x - r)))", "steepness k is missing"),
            ("answer = lambda x, l, r, k: 1 / (1 + np.exp(-k * (x - l))) / (1 + np.exp(k * (x - r)))", "multiply two sigmoids"),
            ("answer = lambda x, l, r, k: 1 / (1 + np.exp(l - k * x)) - 1 / (1 + np.exp(r - k * x))", "whole difference"),
        ),
    ),
)  # fmt: skip

QUESTIONS = (
    Question(
        "A network has sizes [4, 10, 3]. How many layers do we count?",
        ("One", "Two", "Three"), 1,
        (
            "Count the layers that compute: the hidden one and the output.",
            "Two layers compute something, so it is a two-layer network with one hidden layer; the inputs are not counted.",
            "The four inputs compute nothing, so they are not counted as a layer.",
        ),
    ),
    Question(
        "Why can a hidden layer solve XOR?",
        (
            "It has more parameters", "It moves the points so that one line separates them",
            "It draws a curved boundary through the plane of the hidden units",
        ), 1,
        (
            "More parameters alone do nothing: with the identity as activation it stays impossible.",
            "In the hidden plane (0, 1) and (1, 0) can fall together, and a straight line is enough.",
            "The output unit is still a single perceptron: its boundary in the hidden plane is straight.",
        ),
    ),
    Question(
        "Two hidden tanh units can represent XOR. Does training always find it?",
        ("Yes, from every random start", "No, some random starts get stuck", "Only with ReLU units in place of tanh"), 1,
        (
            "Look at the twenty starts again: to be able to represent is not to be found.",
            "With two units a good part of the starts fails; with more units fewer do.",
            "ReLU units can die, which makes it worse.",
        ),
    ),
    Question(
        "What did Minsky and Papert show in 1969?",
        (
            "That multilayer networks cannot compute XOR", "What a single layer cannot compute",
            "That neural networks are slow",
        ), 1,
        (
            "They knew that several layers can; how to train them was the open question.",
            "XOR is the smallest example. That no good way to train several layers was known did the rest.",
            "Speed was not their point.",
        ),
    ),
)  # fmt: skip
