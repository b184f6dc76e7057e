"""Exercises and quiz of chapter 03, the perceptron and logic gates."""

import numpy as np

from dlcourse.data import gate
from dlcourse.exercises.core import Exercise, Question, Wrong, array, call, close, function


def check_or(answer):
    w1, w2, theta = array(answer, (3,), "(w1, w2, θ)")
    x, target = gate("OR")
    fires = (x @ [w1, w2] > theta).astype(int)
    if (fires == target).all():
        return
    if (fires == gate("AND")[1]).all():
        raise Wrong("This is AND: only (1, 1) fires. OR must fire for one input alone.")
    if (x @ [w1, w2] > -theta).astype(int).tolist() == target.tolist() and theta < 0:
        raise Wrong("You gave the bias b. The threshold is θ = −b: change the sign of the third number.")
    if fires.all():
        raise Wrong("It always fires, for (0, 0), too: the threshold must not be below 0.")
    raise Wrong(f"The four rows 00, 01, 10, 11 give {fires.tolist()}; OR is {target.tolist()}.")


def check_not(answer):
    w, b = array(answer, (2,), "(w, b)")
    fires = [int(b > 0), int(w + b > 0)]
    if fires == [1, 0]:
        return
    if fires == [0, 1]:
        raise Wrong("This repeats its input. NOT turns it over: a 1 must pull the net value below 0.")
    if fires == [0, 0]:
        raise Wrong("It never fires; with input 0 only the bias speaks, so b must be above 0.")
    raise Wrong("It always fires; the weight must be negative enough to undo the bias.")


def check_perceptron(answer):
    f = function(answer)
    rng = np.random.default_rng(0)
    for samples, features in ((4, 2), (1, 3), (50, 5)):
        x, w, b = rng.normal(size=(samples, features)), rng.normal(size=features), float(rng.normal())
        expected = (x @ w + b > 0).astype(float)
        got = array(call(f, x, w, b), (samples,), "What your function returns")
        if close(got, expected):
            continue
        if close(got, x @ w + b):
            raise Wrong("These are the net values z. The perceptron fires (1) where z > 0 and is silent (0) elsewhere.")
        if close(got, (x @ w > 0).astype(float)):
            raise Wrong("The bias is missing: z = x·w + b.")
        if close(got, 1 - expected):
            raise Wrong("It fires on the wrong side: 1 where z > 0, not where z < 0.")
        raise Wrong(f"For x of shape {x.shape} some outputs are wrong.")
    tie = array(call(f, np.array([[1.0, 1.0]]), np.array([1.0, 1.0]), -2.0), (1,), "What your function returns")
    if tie[0] != 0:
        raise Wrong("On the line itself, z = 0, our rule is >, so the perceptron is silent there.")


def check_margin(answer):
    f = function(answer)
    for name, w, b in (("AND", [1.0, 1.0], -1.5), ("OR", [2.0, 1.0], -0.5), ("XOR", [3.0, -4.0], 0.5)):
        x, target = gate(name)
        x, w = x.astype(float), np.array(w)
        signed = (2 * target - 1) * (x @ w + b)
        length = np.linalg.norm(w)
        got = array(call(f, w, b, x, target), (), "The margin")
        if close(got, signed.min() / length):
            continue
        if close(got, signed.min()):
            raise Wrong("Divide by the length of w: otherwise doubling w and b doubles the margin of the same line.")
        if close(got, np.abs(signed).min() / length):
            raise Wrong(
                "A row on the wrong side must count as negative: multiply by +1 for target 1 and by −1 for target 0."
            )
        if close(got, signed.mean() / length):
            raise Wrong("The margin is the smallest distance, not the mean: the worst row decides.")
        raise Wrong(
            f"For {name} with w = {w.tolist()}, b = {b} it should be {signed.min() / length:.4f}; you have {got:.4f}."
        )


def check_update(answer):
    f = function(answer)
    rng = np.random.default_rng(1)
    for target in (1, 0, 1, 0, 1, 0):
        w, b, x, rate = rng.normal(size=3), float(rng.normal()), rng.normal(size=3), float(rng.uniform(0.1, 0.9))
        error = target - int(x @ w + b > 0)
        result = call(f, w, b, x, target, rate)
        if not isinstance(result, (tuple, list)) or len(result) != 2:
            raise Wrong("Return two things: the new w and the new b.")
        new_w, new_b = array(result[0], (3,), "The new w"), array(result[1], (), "The new b")
        if close(new_w, w + rate * error * x) and close(new_b, b + rate * error):
            continue
        if error == 0:
            raise Wrong("This row was right, and yet you change the weights: without an error nothing happens.")
        if close(new_w, w - rate * error * x):
            raise Wrong("The sign is turned round: the error is target − output, and it is added.")
        if close(new_w, w + error * x):
            raise Wrong("The rate α is missing: w + α·e·x.")
        if close(new_w, w + rate * error * x):
            raise Wrong("w is right. The bias moves, too: it is a weight whose input is always 1.")
        raise Wrong(f"For an error of {error} the new w is not w + α·e·x.")


def check_sensor(answer):
    if not isinstance(answer, (tuple, list)) or len(answer) != 2:
        raise Wrong("Give two things: the four weights and the four biases.")
    w, b = array(answer[0], (4,), "The weights"), array(answer[1], (4,), "The biases")
    off, on = (b > 0).astype(int).tolist(), (w + b > 0).astype(int).tolist()
    if on == [1, 0, 0, 1] and off == [0, 0, 0, 0]:
        return
    if on == [0, 1, 1, 0]:
        raise Wrong("With the sensor at 1 the layer says 0110, just the other way round.")
    if any(off):
        raise Wrong(
            f"With the sensor at 0 the layer says {''.join(map(str, off))}; it should be silent: no bias above 0."
        )
    raise Wrong(f"With the sensor at 1 the layer says {''.join(map(str, on))}, not 1001.")


def check_bound(answer):
    f = function(answer)
    for name, w, b in (("AND", [1.0, 1.0], -1.5), ("OR", [1.0, 1.0], -0.5), ("NAND", [-1.0, -1.0], 1.5)):
        x, target = gate(name)
        x, w = x.astype(float), np.array(w)
        rows, v = np.c_[x, np.ones(4)], np.array([*w, b])
        radius = np.linalg.norm(rows, axis=1).max()
        gamma = ((2 * target - 1) * (rows @ v)).min() / np.linalg.norm(v)
        got = array(call(f, x, target, w, b), (), "The bound")
        if close(got, (radius / gamma) ** 2):
            continue
        if close(got, radius / gamma):
            raise Wrong("Square it: the theorem says (R/γ)².")
        if close(got, (np.linalg.norm(x, axis=1).max() / gamma) ** 2):
            raise Wrong("R is the longest row with its constant input 1 for the bias, so √(x₁² + x₂² + 1).")
        if close(got, (radius / (gamma * np.linalg.norm(v))) ** 2):
            raise Wrong("Divide γ by the length of (w, b): the theorem is about a separator of length 1.")
        raise Wrong(f"For {name} it should be {(radius / gamma) ** 2:.2f}; you have {got:.2f}.")


EXERCISES = (
    Exercise(
        "03.1", "OR by weights and a threshold", "or_gate", check_or,
        (
            "The perceptron fires where w₁x₁ + w₂x₂ > θ. Write this down for the four rows.",
            "(0, 0) gives 0 > θ: it must be false. (0, 1) gives w₂ > θ: it must be true.",
            "Keep the weights 0.5 and 0.5 of AND and lower the threshold below 0.5.",
        ),
        "or_gate = (0.5, 0.5, 0.2)  # 0 is not above 0.2; 0.5 and 1.0 are", "answer = np.array([3.0, 2.0, 1.0])",
        (
            ("answer = (0.5, 0.5, 0.7)", "This is AND"), ("answer = (0.5, 0.5, -0.2)", "gave the bias"),
            ("answer = (1.0, 1.0, -3.0)", "always fires"), ("answer = (0.0, 1.0, 0.5)", "OR is"),
        ),
    ),
    Exercise(
        "03.2", "NOT with one weight and a bias", "not_gate", check_not,
        (
            "One input x: fire where w·x + b > 0.",
            "With x = 0 only b is left: what sign must it have?",
            "With x = 1 the weight must outweigh b.",
        ),
        "not_gate = (-1.0, 0.5)  # 0.5 > 0 fires; -1 + 0.5 does not", "answer = [-3, 1]",
        (
            ("answer = (1.0, -0.5)", "repeats its input"), ("answer = (-1.0, -0.5)", "never fires"),
            ("answer = (-0.2, 0.5)", "always fires"),
        ),
    ),
    Exercise(
        "03.3", "A perceptron as a function of many rows", "my_perceptron", check_perceptron,
        (
            "One line: the net values of all rows, compared with 0.",
            "x @ w gives one number a row.",
            "A comparison gives True and False; .astype(int) makes 1 and 0 of them.",
        ),
        "def my_perceptron(x, w, b):\n    return (x @ w + b > 0).astype(int)",
        "answer = lambda x, w, b: np.array([1 if sum(r * w) + b > 0 else 0 for r in x])",
        (
            ("answer = lambda x, w, b: x @ w + b", "net values"), ("answer = lambda x, w, b: (x @ w > 0) * 1", "bias is missing"),
            ("answer = lambda x, w, b: (x @ w + b <= 0) * 1", "wrong side"), ("answer = lambda x, w, b: (x @ w + b >= 0) * 1", "On the line"),
        ),
    ),
    Exercise(
        "03.4", "The margin of a line", "margin", check_margin,
        (
            "The distance of a point from the line w·x + b = 0 is |w·x + b| / ‖w‖.",
            "Replace the absolute value by a sign: plus if the row is on its right side.",
            "(2·target − 1) is +1 for target 1 and −1 for target 0. Then take the smallest.",
        ),
        "def margin(w, b, x, target):\n    z = x @ w + b\n    return ((2 * target - 1) * z).min() / np.linalg.norm(w)",
        "answer = lambda w, b, x, t: min((z if y else -z) for z, y in zip(x @ w + b, t)) / (w @ w) ** 0.5",
        (
            ("answer = lambda w, b, x, t: ((2 * t - 1) * (x @ w + b)).min()", "Divide by the length"),
            ("answer = lambda w, b, x, t: (abs(x @ w + b) / np.linalg.norm(w)).min()", "count as negative"),
            ("answer = lambda w, b, x, t: ((2 * t - 1) * (x @ w + b) / np.linalg.norm(w)).mean()", "not the mean"),
        ),
    ),
    Exercise(
        "03.5", "One step of the learning rule", "update", check_update,
        (
            "First the output for the old weights, then the error = target − output, which is −1, 0 or 1.",
            "Each weight moves by rate · error · its input.",
            "The bias moves by rate · error: its input is always 1.",
        ),
        "def update(w, b, x, target, rate):\n    error = target - int(x @ w + b > 0)\n"
        "    return w + rate * error * x, b + rate * error",
        "def answer(w, b, x, target, rate):\n    output = 1 if np.dot(w, x) > -b else 0\n    if output == target:\n"
        "        return w, b\n    sign = 1 if target else -1\n    return w + sign * rate * x, b + sign * rate",
        (
            ("answer = lambda w, b, x, t, r: (w - r * (t - (x @ w + b > 0)) * x, b - r * (t - (x @ w + b > 0)))", "sign"),
            ("answer = lambda w, b, x, t, r: (w + (t - (x @ w + b > 0)) * x, b + (t - (x @ w + b > 0)))", "rate"),
            ("answer = lambda w, b, x, t, r: (w + r * (t - (x @ w + b > 0)) * x, b)", "The bias moves"),
            ("answer = lambda w, b, x, t, r: (w + r * (2 * t - 1) * x, b + r * (2 * t - 1))", "without an error"),
        ),
    ),
    Exercise(
        "03.6", "Four perceptrons read one sensor and say 1001", "sensor_layer", check_sensor,
        (
            "Each perceptron has one weight and one bias; it fires where w·s + b > 0.",
            "With s = 0 nobody may fire, so no bias is above 0.",
            "The first and the last need w + b > 0, the two in the middle need w + b ≤ 0.",
        ),
        "sensor_layer = ([1.0, -1.0, -1.0, 1.0], [-0.5, -0.5, -0.5, -0.5])", "answer = (np.array([2, 0, 0, 2]), np.array([-1, 0, 0, -1]))",
        (
            ("answer = ([-1, 1, 1, -1], [-0.5] * 4)", "other way round"), ("answer = ([1, -1, -1, 1], [0.5] * 4)", "should be silent"),
            ("answer = ([1, 1, 1, 1], [-0.5] * 4)", "not 1001"),
        ),
    ),
    Exercise(
        "03.7", "How many mistakes the rule can make at most", "bound_of", check_bound,
        (
            "Give each row a third input 1, so that b becomes a weight.",
            "R is the length of the longest such row; γ is the margin of (w, b) divided by its own length.",
            "The bound is (R/γ)².",
        ),
        "def bound_of(x, target, w, b):\n    rows, v = np.c_[x, np.ones(len(x))], np.array([*w, b])\n"
        "    radius = np.linalg.norm(rows, axis=1).max()\n"
        "    gamma = ((2 * target - 1) * (rows @ v)).min() / np.linalg.norm(v)\n    return (radius / gamma) ** 2",
        "def answer(x, target, w, b):\n    s = 2 * target - 1\n    g = min(s * (x @ w + b))\n"
        "    return ((x ** 2).sum(1).max() + 1) * (w @ w + b * b) / g ** 2",
        (
            ("answer = lambda x, t, w, b: (((x ** 2).sum(1).max() + 1) * (w @ w + b * b)) ** 0.5 / min((2 * t - 1) * (x @ w + b))", "Square it"),
            ("answer = lambda x, t, w, b: (x ** 2).sum(1).max() * (w @ w + b * b) / min((2 * t - 1) * (x @ w + b)) ** 2", "constant input 1"),
            ("answer = lambda x, t, w, b: ((x ** 2).sum(1).max() + 1) / min((2 * t - 1) * (x @ w + b)) ** 2", "length of (w, b)"),
        ),
    ),
)  # fmt: skip

QUESTIONS = (
    Question(
        "What does the bias b do to the decision line?",
        ("It turns it", "It shifts it without turning it", "It makes it steeper", "Nothing"), 1,
        (
            "The direction of the line is set by w alone; turn w₁ or w₂ in the lab to see it turn.",
            "w decides the direction, b only how far the line lies from the origin: −b/‖w‖.",
            "A line in the plane of the inputs has no height; the slope of z grows with ‖w‖, the line stays.",
            "Move b in the lab: the line moves parallel to itself.",
        ),
    ),
    Question(
        "All of w₁, w₂ and b are multiplied by 3. Which outputs change?",
        ("All of them", "Those near the line", "None"), 2,
        (
            "z changes, but its sign does not.", "Even near the line only the sign of z counts, and it is the same.",
            "3z > 0 just where z > 0. That is why weights are never unique.",
        ),
    ),
    Question(
        "Why does (w₁, w₂, θ) = (1, 1, 1) need the tie rule to be named?",
        ("Because (0, 0) lies on the line", "Because (0, 1) and (1, 0) lie exactly on the line", "It does not"), 1,
        (
            "(0, 0) has the net value 0 − 1 = −1: clearly silent.",
            "They give exactly 1: with > they are silent and it is AND; with ≥ they fire and it is OR.",
            "Compute w·x − θ for (0, 1): it is exactly 0.",
        ),
    ),
    Question(
        "The learning rule runs on XOR. What happens?",
        ("It stops at three rows correct", "It goes round for ever", "It finds XOR with a small rate"), 1,
        (
            "It stops only after a pass without a mistake, and some row is always wrong.",
            "The weights return to earlier values: the proof of convergence needs separable data.",
            "The rate only scales weights that start at 0; it does not change which lines exist.",
        ),
    ),
)  # fmt: skip
