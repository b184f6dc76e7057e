"""Exercises and quiz of chapter 04, XOR and the multilayer perceptron."""

from itertools import pairwise

import numpy as np

from dlcourse.data import gate
from dlcourse.exercises.core import Exercise, Question, Wrong, array, call, close, function


def check_xor(answer):
    f = function(answer)
    outputs = [
        int(array(call(f, a, b), (), f"What your function returns for ({a}, {b})"))
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
    got = array(answer, (4, 2), "The hidden points")
    if close(got, np.maximum(z, 0)):
        return
    if close(got, z):
        raise Wrong("These are the net values; ReLU still has to turn the negative one into 0.")
    if close(got, np.maximum(x @ np.ones((2, 2)), 0)):
        raise Wrong("The bias of the second unit is missing: h₂ = ReLU(x₁ + x₂ − 1).")
    if close(got, np.maximum(z, 0)[:, ::-1]):
        raise Wrong("The columns are exchanged: h₁ comes first.")
    wrong = int(np.flatnonzero(~np.isclose(got, np.maximum(z, 0)).all(axis=1))[0])
    raise Wrong(f"Row {wrong + 1}, the input {x[wrong].astype(int).tolist()}, is not right yet.")


def check_count(answer):
    f = function(answer)
    for sizes in ([2, 2, 1], [4, 10, 3], [7, 5, 4, 3, 2], [3, 1]):
        expected = sum((a + 1) * b for a, b in pairwise(sizes))
        got = int(array(call(f, sizes), (), "The number"))
        if got == expected:
            continue
        if got == sum(a * b for a, b in pairwise(sizes)):
            raise Wrong("These are the weights; every unit after the inputs has a bias, too.")
        if got == expected + sizes[0]:
            raise Wrong("The inputs have no bias: they compute nothing.")
        if got in (sum(sizes), sum(sizes[1:])):
            raise Wrong("You counted units. Count the numbers that are learned: weights and biases.")
        raise Wrong(f"For sizes {sizes} there are {expected} parameters; you have {got}.")


def check_forward(answer):
    f = function(answer)
    rng = np.random.default_rng(2)
    for n, i, h, o in ((4, 2, 2, 2), (1, 3, 5, 2), (20, 2, 4, 1)):
        x, w1, b1 = rng.normal(size=(n, i)), rng.normal(size=(h, i)), rng.normal(size=h)
        w2, b2 = rng.normal(size=(o, h)), rng.normal(size=o)
        z = x @ w1.T + b1
        got = array(call(f, x, w1, b1, w2, b2), (n, o), "What your function returns")
        if close(got, np.tanh(z) @ w2.T + b2):
            continue
        if close(got, z @ w2.T + b2):
            raise Wrong("The activation is missing: without tanh two layers are one.")
        if close(got, np.tanh(np.tanh(z) @ w2.T + b2)):
            raise Wrong("No activation after the last layer: the logits are wanted.")
        if close(got, np.tanh(z) @ w2.T):
            raise Wrong("The bias b2 of the output units is missing.")
        if i == h == o and close(got, np.tanh(x @ w1 + b1) @ w2 + b2):
            raise Wrong("W is stored as (outputs, inputs), so it must be transposed: x @ W.T.")
        raise Wrong(f"For x of shape {x.shape} the result is not tanh(x W₁ᵀ + b₁) W₂ᵀ + b₂.")


def check_collapse(answer):
    f = function(answer)
    rng = np.random.default_rng(3)
    for i, h, o in ((2, 2, 2), (3, 4, 2), (1, 5, 1)):
        w1, b1, w2, b2 = rng.normal(size=(h, i)), rng.normal(size=h), rng.normal(size=(o, h)), rng.normal(size=o)
        result = call(f, w1, b1, w2, b2)
        if not isinstance(result, (tuple, list)) or len(result) != 2:
            raise Wrong("Return two things: W and b.")
        w, b = array(result[0], (o, i), "W"), array(result[1], (o,), "b")
        if not close(w, w2 @ w1):
            if i == h == o and close(w, w1 @ w2):
                raise Wrong("The order matters: the first layer acts first, so it stands on the right, W₂W₁.")
            raise Wrong("W is not the product of the two matrices, the first layer's on the right.")
        if close(b, w2 @ b1 + b2):
            continue
        if close(b, b2):
            raise Wrong("W is right. The bias b₁ passes through the second layer and arrives as W₂b₁.")
        if i == h == o and close(b, b1 + b2):
            raise Wrong("W is right. b₁ is not simply added: the second layer multiplies it by W₂.")
        raise Wrong("W is right; b should be W₂b₁ + b₂.")


def check_bump(answer):
    f = function(answer)
    x = np.linspace(-4, 4, 81)
    for left, right, k in ((-1.0, 1.0, 10.0), (0.0, 2.0, 4.0), (-3.0, -2.0, 50.0)):
        up, down = 1 / (1 + np.exp(-k * (x - left))), 1 / (1 + np.exp(-k * (x - right)))
        got = array(call(f, x, left, right, k), x.shape, "What your function returns")
        if close(got, up - down):
            continue
        if close(got, up + down):
            raise Wrong("You add the two steps, a stair. Subtract the second: it must take away what the first gave.")
        if close(got, down - up):
            raise Wrong("Upside down: the step at `left` comes first, the one at `right` is subtracted.")
        if close(got, 1 / (1 + np.exp(-(x - left))) - 1 / (1 + np.exp(-(x - right)))):
            raise Wrong("The steepness k is missing: σ(k·(x − left)).")
        raise Wrong("The bump is σ(k·(x − left)) − σ(k·(x − right)); yours differs.")


EXERCISES = (
    Exercise(
        "04.1", "XOR from gates", "xor", check_xor,
        (
            "In words: x₁ or x₂, but not both.",
            "“But not both” is a gate of chapter 03: NAND.",
            "Feed the outputs of OR and NAND into AND.",
        ),
        "def fires(x1, x2, w1, w2, b):\n    return int(w1 * x1 + w2 * x2 + b > 0)\n\ndef xor(x1, x2):\n"
        "    h1 = fires(x1, x2, -0.5, -0.5, 0.7)  # NAND\n    h2 = fires(x1, x2, 0.5, 0.5, -0.2)   # OR\n"
        "    return fires(h1, h2, 0.5, 0.5, -0.7)  # AND",
        "answer = lambda a, b: max(a - b, 0) + max(b - a, 0)",
        (
            ("answer = lambda a, b: int(a + b > 0.5)", "This is OR"), ("answer = lambda a, b: int(a + b < 1.5)", "This is NAND"),
            ("answer = lambda a, b: int(a == b)", "This is XNOR"), ("answer = lambda a, b: a", "XOR is [0, 1, 1, 0]"),
        ),
    ),
    Exercise(
        "04.2", "Where ReLU units put the four inputs", "hidden_points", check_hidden,
        (
            "h₁ = ReLU(x₁ + x₂) and h₂ = ReLU(x₁ + x₂ − 1), row by row.",
            "The sums x₁ + x₂ are 0, 1, 1, 2.",
            "ReLU leaves positive numbers alone and makes 0 of the others.",
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
            "Each of the b units has one bias.",
            "Add (a + 1)·b over all neighbouring sizes.",
        ),
        "def count(sizes):\n    return sum((a + 1) * b for a, b in zip(sizes[:-1], sizes[1:]))",
        "def answer(sizes):\n    total = 0\n    for i in range(len(sizes) - 1):\n        total += sizes[i] * sizes[i + 1] + sizes[i + 1]\n    return total",
        (
            ("answer = lambda s: sum(a * b for a, b in zip(s, s[1:]))", "These are the weights"),
            ("answer = lambda s: sum(a * b for a, b in zip(s, s[1:])) + sum(s)", "inputs have no bias"),
            ("answer = lambda s: sum(s)", "counted units"),
        ),
    ),
    Exercise(
        "04.4", "The forward pass of a two-layer network", "my_forward", check_forward,
        (
            "Hidden layer: tanh of x W₁ᵀ + b₁.",
            "The weights are stored as (outputs, inputs), as in torch, so they are transposed.",
            "Output layer: the same without tanh.",
        ),
        "def my_forward(x, W1, b1, W2, b2):\n    h = np.tanh(x @ W1.T + b1)  # (N, H)\n    return h @ W2.T + b2        # (N, K)",
        "answer = lambda x, W1, b1, W2, b2: (W2 @ np.tanh(W1 @ x.T + b1[:, None])).T + b2",
        (
            ("answer = lambda x, W1, b1, W2, b2: (x @ W1.T + b1) @ W2.T + b2", "activation is missing"),
            ("answer = lambda x, W1, b1, W2, b2: np.tanh(np.tanh(x @ W1.T + b1) @ W2.T + b2)", "after the last layer"),
            ("answer = lambda x, W1, b1, W2, b2: np.tanh(x @ W1.T + b1) @ W2.T", "b2"),
            ("answer = lambda x, W1, b1, W2, b2: np.tanh(x @ W1 + b1) @ W2 + b2", "transposed"),
        ),
    ),
    Exercise(
        "04.5", "Two layers without activation are one", "collapse", check_collapse,
        (
            "Put y = W₂h + b₂ and h = W₁x + b₁ into one another.",
            "y = W₂(W₁x + b₁) + b₂; multiply out.",
            "W = W₂W₁ and b = W₂b₁ + b₂.",
        ),
        "def collapse(W1, b1, W2, b2):\n    return W2 @ W1, W2 @ b1 + b2",
        "def answer(W1, b1, W2, b2):\n    b = W2.dot(b1) + b2\n    return np.array([W2 @ column for column in W1.T]).T, b",
        (
            ("answer = lambda W1, b1, W2, b2: (W1 @ W2, W2 @ b1 + b2)", "order matters"),
            ("answer = lambda W1, b1, W2, b2: (W2 @ W1, b2)", "passes through"),
            ("answer = lambda W1, b1, W2, b2: (W2 @ W1, b1 + b2)", "not simply added"),
        ),
    ),
    Exercise(
        "04.6", "A bump from two sigmoids", "bump", check_bump,
        (
            "A steep sigmoid is a soft step from 0 to 1.",
            "One step up at `left`, one step down at `right`.",
            "σ(k·(x − left)) − σ(k·(x − right)).",
        ),
        "def sigmoid(z):\n    return 1 / (1 + np.exp(-z))\n\ndef bump(x, left, right, k):\n"
        "    return sigmoid(k * (x - left)) - sigmoid(k * (x - right))",
        "answer = lambda x, l, r, k: (np.tanh(k * (x - l) / 2) - np.tanh(k * (x - r) / 2)) / 2",
        (
            ("answer = lambda x, l, r, k: 1 / (1 + np.exp(-k * (x - l))) + 1 / (1 + np.exp(-k * (x - r)))", "a stair"),
            ("answer = lambda x, l, r, k: 1 / (1 + np.exp(-k * (x - r))) - 1 / (1 + np.exp(-k * (x - l)))", "Upside down"),
            ("answer = lambda x, l, r, k: 1 / (1 + np.exp(-(x - l))) - 1 / (1 + np.exp(-(x - r)))", "steepness"),
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
            "It draws a curved line through the hidden plane",
        ), 1,
        (
            "More parameters alone do nothing: with the identity as activation it stays impossible.",
            "In the hidden plane (0, 1) and (1, 0) can fall together, and a straight line is enough.",
            "The output unit is still a single perceptron: its boundary in the hidden plane is straight.",
        ),
    ),
    Question(
        "Two hidden tanh units can represent XOR. Does training always find it?",
        ("Yes", "No, some random starts get stuck", "Only with ReLU"), 1,
        (
            "Look at the twenty starts again: to be able to represent is not to be found.",
            "With two units a good part of the starts fails; with more units fewer do.",
            "ReLU units can die, which makes it worse.",
        ),
    ),
    Question(
        "What did Minsky and Papert show in 1969?",
        (
            "That multilayer networks cannot compute XOR", "What a single layer cannot do, and that it can be serious",
            "That neural networks are slow",
        ), 1,
        (
            "They knew that several layers can; how to train them was the open question.",
            "Right; that no good way to train several layers was known did the rest.",
            "Speed was not their point.",
        ),
    ),
)  # fmt: skip
