"""Exercises and quiz of chapter 03, the perceptron and logic gates."""

import numpy as np

from dlcourse.data import gate
from dlcourse.exercises.core import Exercise, Question, Wrong, array, as_it_came, close, parts, several
from dlcourse.exercises.judging import judge


def check_or(answer):
    w1, w2, theta = several(answer, ("The weight w₁", "the weight w₂", "the threshold θ"), verb="Give")
    x, target = gate("OR")
    fires = (x @ [w1, w2] > theta).astype(int)
    if (fires == target).all():
        return
    if (fires == gate("AND")[1]).all():
        raise Wrong("This is AND: only (1, 1) fires. OR must fire for one input alone.")
    if ((x @ [w1, w2] > -theta).astype(int) == target).all():
        raise Wrong("You gave the bias b. The threshold is θ = −b: change the sign of the third number.")
    if fires.all():
        raise Wrong("It always fires, for (0, 0) as well: the threshold must not be below 0.")
    raise Wrong(f"The four rows 00, 01, 10, 11 give {fires.tolist()}; OR is {target.tolist()}.")


def check_not(answer):
    w, b = several(answer, ("The weight", "the bias"), verb="Give")
    fires = [int(b > 0), int(w + b > 0)]
    if close(np.array([w, b]), np.array([-1.0, 0.5])):
        raise Wrong("This is the pair above. Find another one.")
    if fires == [1, 0]:
        return
    if fires == [0, 1]:
        raise Wrong("This repeats its input. NOT reverses it: a 1 must pull the net value to 0 or below.")
    if fires == [0, 0]:
        raise Wrong("It never fires; with the input 0 only the bias is left, so b must be above 0.")
    raise Wrong("It always fires; the weight must be negative enough to outweigh the bias.")


def check_perceptron(answer):
    rng = np.random.default_rng(0)
    cases = [
        (rng.normal(size=(n, d)).round(1), rng.normal(size=d).round(1), b)
        for n, d, b in ((4, 2, 0.35), (3, 3, -0.45), (20, 5, 0.85))
    ]
    cases += [
        (np.array([[1.0, 1.0], [1.0, 2.0], [-3.0, 1.0]]), np.array([1.0, 1.0]), -2.0),
        (np.array([[2, -1, 0]]), np.array([-3, 1, 4]), 9),
    ]

    def z(x, w, b):
        return x @ w + b

    judge(answer, cases, "x w b", lambda *a: z(*a) > 0, (
        ("These are the net values z. The perceptron fires (1) where z > 0 and is silent (0) elsewhere.", z),
        ("The bias is missing: z = x·w + b.", lambda x, w, b: x @ w > 0),
        ("The bias must be added: z = x·w + b. You compare x·w with b itself.", lambda x, w, b: x @ w > b),
        ("It fires on the wrong side: 1 where z > 0, not where z < 0.", lambda *a: z(*a) <= 0),
        ("It fires on the wrong side: 1 where z > 0, not where z < 0.", lambda *a: z(*a) < 0),
        ("On the line itself, z = 0, the rule is >, so the perceptron is silent there.", lambda *a: z(*a) >= 0),
        ("The outputs shall be 1 and 0, not 1 and −1.", lambda *a: np.where(z(*a) > 0, 1, -1)),
        ("The outputs shall be 1 and 0; np.sign also gives −1.", lambda *a: np.sign(z(*a))),
    ))  # fmt: skip


def _signed(w, b, x, target):
    return (2 * target - 1) * (x @ w + b)


def check_margin(answer):
    rng = np.random.default_rng(4)
    cases = [
        (np.array(w), b, x.astype(float), target)
        for w, b, (x, target) in (
            ([3.0, -4.0], 0.5, gate("XOR")),
            ([1.0, 1.0], -1.5, gate("AND")),
            ([2.0, 1.0], -0.5, gate("OR")),
        )
    ]
    for n, d in ((5, 3), (1, 2), (7, 2)):
        x, w, b = rng.normal(size=(n, d)).round(1), rng.normal(size=d).round(1), 0.15
        cases.append((w, b, x, (x @ w + b > 0).astype(int)))

    judge(answer, cases, "w b x target", lambda w, *rest: _signed(w, *rest).min() / np.sqrt(w @ w), (
        ("Divide by the length of w: otherwise doubling w and b doubles the margin of the same line.", lambda *a: _signed(*a).min()),
        ("Divide by the length of w, not by its square.", lambda w, *rest: _signed(w, *rest).min() / (w @ w)),
        ("Divide by the length of w alone; b is no part of the direction.", lambda w, b, *rest: _signed(w, b, *rest).min() / np.sqrt(w @ w + b * b)),
        ("A row on the wrong side must count as negative: multiply by +1 for target 1 and by −1 for target 0.", lambda w, *rest: abs(_signed(w, *rest)).min() / np.sqrt(w @ w)),
        ("The sign must depend on the target: multiply by +1 for target 1 and by −1 for target 0.", lambda w, b, x, t: (x @ w + b).min() / np.sqrt(w @ w)),
        ("Target 0 must count as −1; multiplied by 0, its rows say nothing.", lambda w, b, x, t: (t * (x @ w + b)).min() / np.sqrt(w @ w)),
        ("The margin is the smallest distance, not the mean: the worst row decides.", lambda w, *rest: _signed(w, *rest).mean() / np.sqrt(w @ w)),
        ("The margin is the smallest distance, not the largest: the worst row decides.", lambda w, *rest: _signed(w, *rest).max() / np.sqrt(w @ w)),
        ("The bias is missing: the net value is w·x + b.", lambda w, b, x, t: _signed(w, 0, x, t).min() / np.sqrt(w @ w)),
        ("These are the distances of all rows; the margin is the smallest of them.", lambda w, *rest: _signed(w, *rest) / np.sqrt(w @ w)),
    ), "The margin")  # fmt: skip


def check_update(answer):
    rng = np.random.default_rng(1)
    cases = []
    for target in (1, 0, 1, 0, 1, 0):
        w, x = rng.normal(size=(2, 3)).round(1)
        cases.append((w, round(rng.normal(), 2), x, target, round(rng.uniform(0.1, 0.9), 2)))
    tie = (np.array([1.0, 2.0]), -3.0, np.array([-1.0, 2.0]))  # on the line, so silent
    cases += [(*tie, 1, 0.5), (*tie, 0, 0.5), (np.array([2.0]), 1.0, np.array([3.0]), 0, 2.0)]

    def rule(error, move=1.0, shift=1.0):
        return lambda w, b, x, t, rate: (
            w + move * rate * error(x @ w + b, t) * x,
            b + shift * rate * error(x @ w + b, t),
        )

    def right(z, t):
        return t - (z > 0)

    judge(answer, cases, "w b x target rate", rule(right), (
        ("The sign is reversed: the error is target − output, and it is added.", rule(right, -1, -1)),
        ("The rate α is missing: w + α·e·x.", lambda w, b, x, t, rate: rule(right)(w, b, x, t, 1)),
        ("w is right. The bias moves as well: it is a weight whose input is always 1.", rule(right, shift=0)),
        ("Without an error nothing changes; you move the weights for rows that are right, too.", rule(lambda z, t: 2 * t - 1)),
        ("The error is target − output; the output is 0 or 1, not the net value z.", rule(lambda z, t: t - z)),
        ("On the line itself, z = 0, the perceptron is silent: its output is 1 only where z > 0.", rule(lambda z, t: t - (z >= 0))),
        ("The output is taken without the bias: it fires where w·x + b > 0.", lambda w, b, x, t, rate: (w + rate * right(x @ w, t) * x, b + rate * right(x @ w, t))),
        ("The bias moves by rate · error alone: its input is 1, not x.", lambda w, b, x, t, rate: (rule(right)(w, b, x, t, rate)[0], b + rate * right(x @ w + b, t) * x)),
    ), ("The new w", "The new b"))  # fmt: skip


def check_sensor(answer):
    w, b = (
        array(part, as_it_came(part).shape if as_it_came(part).size == 4 else (4,), name).ravel()
        for part, name in zip(
            parts(answer, ("the four weights", "the four biases"), "Give"), ("The weights", "The biases"), strict=True
        )
    )
    off, on = (b > 0).astype(int).tolist(), (w + b > 0).astype(int).tolist()
    if close(np.r_[w, b], np.r_[1, -1, -1, 1, np.full(4, -0.5)]):
        raise Wrong("These are the numbers above. Find others.")
    if on == [1, 0, 0, 1] and off == [0, 0, 0, 0]:
        return
    if on == [0, 1, 1, 0] and not any(off):
        raise Wrong("With the sensor at 1 the layer outputs 0110, exactly the opposite.")
    if any(off):
        raise Wrong(
            f"With the sensor at 0 the layer outputs {''.join(map(str, off))}; it should be silent: no bias above 0."
        )
    raise Wrong(f"With the sensor at 1 the layer outputs {''.join(map(str, on))}, not 1001.")


def _bound(x, target, w, b, rows=True, unit=True, bias=True):
    """(R/γ)² with the constant input 1 in the rows or not, and γ by the length of (w, b), of w, or by none."""
    long = np.sqrt((x**2).sum(axis=1) + rows).max()
    length = np.sqrt(w @ w + b * b * bias) if unit else 1
    return (long * length / _signed(w, b, x, target).min()) ** 2


def check_bound(answer):
    rng = np.random.default_rng(8)
    cases = []
    for n, d in ((5, 3), (4, 2), (9, 2)):
        x, w, b = rng.normal(size=(n, d)).round(1) * 2, rng.normal(size=d).round(1), 0.75
        cases.append((x, (x @ w + b > 0).astype(int), w, b))
    for name, w, b in (("AND", [1.0, 1.0], -1.5), ("OR", [1.0, 1.0], -0.5), ("NAND", [-2.0, -1.0], 2.5)):
        x, target = gate(name)
        cases.append((x.astype(float), target, np.array(w), b))

    judge(answer, cases, "x target w b", _bound, (
        ("Square it: the theorem gives (R/γ)².", lambda *a: np.sqrt(_bound(*a))),
        ("This is γ/R. The bound is (R/γ)²: the smaller the margin, the more corrections.", lambda *a: 1 / _bound(*a)),
        ("R is the longest row with its constant input 1 for the bias, so √(x₁² + x₂² + 1).", lambda *a: _bound(*a, rows=False)),
        ("Divide γ by the length of (w, b): the theorem is about a separator of length 1.", lambda *a: _bound(*a, unit=False)),
        ("The bias is a weight, too: divide γ by the length of (w, b), not of w alone.", lambda *a: _bound(*a, bias=False)),
        ("Here the bias is a weight like the others: give the rows its input 1, and count it in the length of the weights.", lambda *a: _bound(*a, rows=False, bias=False)),
    ), "The bound")  # fmt: skip


EXERCISES = (
    Exercise(
        "03.1", "OR by weights and a threshold", "or_gate", check_or,
        (
            "The perceptron fires where w₁x₁ + w₂x₂ > θ. Write this down for the four rows.",
            "(0, 0) gives 0 > θ: it must be false. (0, 1) gives w₂ > θ: it must be true.",
            "Begin with or_gate = (0.5, 0.5, …), the weights of AND: which thresholds are possible now?",
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
            "Begin with a bias, such as 2: which weights pull w + 2 to 0 or below?",
        ),
        "not_gate = (-2.0, 1.5)  # 1.5 > 0 fires; -2 + 1.5 does not", "answer = [-3, 1]",
        (
            ("answer = (1.0, -0.5)", "repeats its input"), ("answer = (-1.0, -0.5)", "never fires"),
            ("answer = (-0.2, 0.5)", "always fires"), ("answer = (-1.0, 0.5)", "pair above"),
        ),
    ),
    Exercise(
        "03.3", "A perceptron as a function of many rows", "my_perceptron", check_perceptron,
        (
            "One line: the net values of all rows, compared with 0.",
            "x @ w gives one number per row; a comparison with 0 gives True and False, and .astype(int) turns them into 1 and 0.",
            "Begin with z = x @ w + b, of shape (N,).",
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
            "Begin with sign = 2 * target - 1, which is +1 for target 1 and −1 for target 0.",
        ),
        "def margin(w, b, x, target):\n    z = x @ w + b\n    return ((2 * target - 1) * z).min() / np.linalg.norm(w)",
        "answer = lambda w, b, x, t: min((z if y else -z) for z, y in zip(x @ w + b, t)) / (w @ w) ** 0.5",
        (
            ("answer = lambda w, b, x, t: ((2 * t - 1) * (x @ w + b)).min()", "Divide by the length"),
            ("answer = lambda w, b, x, t: (abs(x @ w + b) / np.linalg.norm(w)).min()", "on the wrong side must count"),
            ("answer = lambda w, b, x, t: ((2 * t - 1) * (x @ w + b) / np.linalg.norm(w)).mean()", "not the mean"),
            ("answer = lambda w, b, x, t: min((2 * t - 1) * (x @ w)) / np.linalg.norm(w)", "bias is missing"),
            ("answer = lambda w, b, x, t: min(x @ w + b) / np.linalg.norm(w)", "depend on the target"),
        ),
    ),
    Exercise(
        "03.5", "One step of the learning rule", "update", check_update,
        (
            "First the output for the old weights, then the error = target − output, which is −1, 0 or 1.",
            "Each weight moves by rate · error · its input; the input of the bias is always 1.",
            "Begin with output = int(x @ w + b > 0).",
        ),
        "def update(w, b, x, target, rate):\n    error = target - int(x @ w + b > 0)\n"
        "    return w + rate * error * x, b + rate * error",
        "def answer(w, b, x, target, rate):\n    output = 1 if np.dot(w, x) > -b else 0\n    if output == target:\n"
        "        return w, b\n    sign = 1 if target else -1\n    return w + sign * rate * x, b + sign * rate",
        (
            ("answer = lambda w, b, x, t, r: (w - r * (t - (x @ w + b > 0)) * x, b - r * (t - (x @ w + b > 0)))", "sign is reversed"),
            ("answer = lambda w, b, x, t, r: (w + (t - (x @ w + b > 0)) * x, b + (t - (x @ w + b > 0)))", "rate α is missing"),
            ("answer = lambda w, b, x, t, r: (w + r * (t - (x @ w + b > 0)) * x, b)", "The bias moves"),
            ("answer = lambda w, b, x, t, r: (w + r * (2 * t - 1) * x, b + r * (2 * t - 1))", "Without an error"),
            ("answer = lambda w, b, x, t, r: (w + r * (t - x @ w - b) * x, b + r * (t - x @ w - b))", "not the net value"),
            ("answer = lambda w, b, x, t, r: (w + r * (t - (x @ w + b >= 0)) * x, b + r * (t - (x @ w + b >= 0)))", "On the line"),
        ),
    ),
    Exercise(
        "03.6", "Four perceptrons read one sensor and spell 1001", "sensor_layer", check_sensor,
        (
            "Each perceptron has one weight and one bias; it fires where w·s + b > 0.",
            "With s = 0 no perceptron may fire, so no bias is above 0. With s = 1 the sign of w + b decides.",
            "Begin with four negative biases, such as −1 each; how large must the first weight be?",
        ),
        "sensor_layer = ([3.0, 0.5, 0.5, 3.0], [-1.0, -1.0, -1.0, -1.0])", "answer = (np.array([2, 0, 0, 2]), np.array([-1, 0, 0, -1]))",
        (
            ("answer = ([-1, 1, 1, -1], [-0.5] * 4)", "the opposite"), ("answer = ([1, -1, -1, 1], [0.5] * 4)", "should be silent"),
            ("answer = ([1, 1, 1, 1], [-0.5] * 4)", "not 1001"), ("answer = ([1, -1, -1, 1], [-0.5] * 4)", "numbers above"),
        ),
    ),
    Exercise(
        "03.7", "How many mistakes the rule can make at most", "bound_of", check_bound,
        (
            "Give each row a third input 1, so that b becomes a weight.",
            "R is the length of the longest such row; γ is the margin of (w, b) divided by its own length.",
            "Begin with rows = np.c_[x, np.ones(len(x))] and v = np.array([*w, b]): what is the margin of v?",
        ),
        "def bound_of(x, target, w, b):\n    rows, v = np.c_[x, np.ones(len(x))], np.array([*w, b])\n"
        "    radius = np.linalg.norm(rows, axis=1).max()\n"
        "    gamma = ((2 * target - 1) * (rows @ v)).min() / np.linalg.norm(v)\n    return (radius / gamma) ** 2",
        "def answer(x, target, w, b):\n    s = 2 * target - 1\n    g = min(s * (x @ w + b))\n"
        "    return ((x ** 2).sum(1).max() + 1) * (w @ w + b * b) / g ** 2",
        (
            ("answer = lambda x, t, w, b: (((x ** 2).sum(1).max() + 1) * (w @ w + b * b)) ** 0.5 / min((2 * t - 1) * (x @ w + b))", "Square it"),
            ("answer = lambda x, t, w, b: (x ** 2).sum(1).max() * (w @ w) / min((2 * t - 1) * (x @ w + b)) ** 2", "Here the bias"),
            ("answer = lambda x, t, w, b: (x ** 2).sum(1).max() * (w @ w + b * b) / min((2 * t - 1) * (x @ w + b)) ** 2", "constant input 1"),
            ("answer = lambda x, t, w, b: ((x ** 2).sum(1).max() + 1) / min((2 * t - 1) * (x @ w + b)) ** 2", "length of (w, b)"),
        ),
    ),
)  # fmt: skip

QUESTIONS = (
    Question(
        "What does the bias b do to the decision line?",
        ("It turns it about the origin", "It shifts it", "It makes it steeper", "Nothing"), 1,
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
            "3z > 0 exactly where z > 0. That is why weights are never unique.",
        ),
    ),
    Question(
        "Why does (w₁, w₂, θ) = (1, 1, 1) need the tie rule to be named?",
        ("(0, 0) lies exactly on the line", "(0, 1) and (1, 0) lie on the line", "It does not need the rule: no row is on the line"), 1,
        (
            "(0, 0) has the net value 0 − 1 = −1: clearly silent.",
            "They give exactly 1: with > they are silent and it is AND; with ≥ they fire and it is OR.",
            "Compute w·x − θ for (0, 1): it is exactly 0.",
        ),
    ),
    Question(
        "The learning rule runs on XOR. What happens?",
        ("It stops at three rows correct", "It never stops", "It finds XOR with a small rate"), 1,
        (
            "It stops only after a pass without a mistake, and some row is always wrong.",
            "The weights return to earlier values: the proof of convergence needs separable data.",
            "The rate only scales weights that start at 0; it does not change which lines exist.",
        ),
    ),
)  # fmt: skip
