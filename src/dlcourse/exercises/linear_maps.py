"""Exercises and quiz of chapter 02, functions and linear transformations."""

import numpy as np

from dlcourse.exercises.core import Exercise, Question, Wrong, array, as_it_came, call, close, function


def check_columns(answer):
    got, wanted = array(answer, (2, 2), "The matrix"), np.array([[2.0, -1.0], [1.0, 3.0]])
    if close(got, wanted):
        return
    if close(got, wanted.T):
        raise Wrong("You wrote the two images as rows. They are the columns: A·e₁ picks out the first column.")
    if close(got, wanted[:, ::-1]):
        raise Wrong("The columns are exchanged: the first is where e₁ goes.")
    right = [close(got[:, i], wanted[:, i]) for i in range(2)]
    if any(right):
        raise Wrong(f"Column {right.index(True) + 1} is right. The other one is where e{'₂₁'[right.index(True)]} goes.")
    raise Wrong(f"Your matrix sends e₁ to {got[:, 0].tolist()} and e₂ to {got[:, 1].tolist()}.")


def check_determinant(answer):
    f = function(answer)
    for matrix in ([[3.0, 1.0], [1.0, 4.0]], [[0.0, 1.0], [2.0, 0.5]], [[-1.0, 2.0], [3.0, 4.0]]):
        (a, b), (c, d) = matrix
        got = float(array(call(f, np.array(matrix)), (), "The determinant"))
        if close(got, a * d - b * c):
            continue
        if close(got, abs(a * d - b * c)):
            raise Wrong("The size is right, the sign is lost: −1 says that the plane was turned over.")
        if close(got, a * d + b * c):
            raise Wrong("The second product is subtracted: a matrix with two equal columns must get 0.")
        if close(got, a * d):
            raise Wrong("You use the diagonal only; the two other entries tilt the square.")
        raise Wrong(f"For {matrix} it should be {a * d - b * c:g}; you have {got:g}.")


def check_composition(answer):
    got, turn, stretch = array(answer, (2, 2), "The matrix"), np.array([[0, -1], [1, 0]]), np.diag([2, 1])
    if close(got, turn @ stretch):
        return
    if close(got, stretch @ turn):
        raise Wrong("This turns first. What acts first stands on the right, next to the vector: turn @ stretch.")
    if close(got, turn.T @ stretch):
        raise Wrong("This turns with the clock: a quarter turn against it takes e₁ to (0, 1).")
    if close(got, turn + stretch):
        raise Wrong("One after the other is a product; the sum of two matrices adds their results.")
    if close(got, turn * stretch):
        raise Wrong("* multiplies entry by entry; the product of matrices is @.")
    image = got @ [1, 0]
    raise Wrong(f"Follow e₁: stretched to (2, 0), then turned to (0, 2). Yours goes to {image.tolist()}.")


def check_undo(answer):
    f = function(answer)
    for matrix in ([[2.0, 1.0], [1.0, 3.0]], [[0.0, -2.0], [1.0, 0.5]], [[1.0, 4.0], [2.0, 3.0]]):
        (a, b), (c, d) = matrix
        det, adjugate = a * d - b * c, np.array([[d, -b], [-c, a]])
        got = array(call(f, np.array(matrix)), (2, 2), "What your function returns")
        if close(got, adjugate / det):
            continue
        if close(got, adjugate):
            raise Wrong("Divide by the determinant: undoing must give the areas back, too.")
        if close(got, np.array(matrix).T):
            raise Wrong("This is the transpose. It undoes a turn, but no stretch and no shear.")
        if close(got, np.array([[d, b], [c, a]]) / det):
            raise Wrong("The two entries off the diagonal change their sign.")
        product = (got @ matrix).round(2).tolist()
        raise Wrong(f"For {matrix} your matrix times A is {product}; it should be the identity.")


def check_homogeneous(answer):
    f = function(answer)
    rng = np.random.default_rng(0)
    for _ in range(3):
        a, t = rng.normal(size=(2, 2)), rng.normal(size=2)
        wanted = np.eye(3)
        wanted[:2, :2], wanted[:2, 2] = a, t
        got = array(call(f, a, t), (3, 3), "What your function returns")
        if close(got, wanted):
            continue
        if close(got[:2, :2], a.T):
            raise Wrong("The block in the upper left is A itself, not its transpose.")
        if close(got[2, :2], t):
            raise Wrong("The shift stands in the last row; it belongs in the last column, which the 1 multiplies.")
        if close(got[:2], wanted[:2]) and close(got[2], np.zeros(3)):
            raise Wrong("The last row is zero, so the 1 is lost. It must come out as 1 again: (0, 0, 1).")
        if close(got[:2, 2], np.zeros(2)):
            raise Wrong("The shift is missing: the 1 at the end of (x₁, x₂, 1) multiplies the last column.")
        point = got @ [*rng.normal(size=2), 1]
        raise Wrong(f"A point (x₁, x₂, 1) must become (A x + t, 1); yours becomes {point.round(2).tolist()}.")


_FUNCTIONS = {  # name: (function, whether it is linear, the mistake that is seen if the answer is wrong)
    "x → A x": (lambda x: np.array([[1.3, -0.7], [0.1, 2.3]]) @ x, True, "rounding"),
    "x → (x₂, x₁)": (lambda x: x[::-1], True, "rounding"),
    "x → A x + (1, 0)": (lambda x: np.array([x[0] + x[1] + 1, x[1]]), False, "origin"),
    "x → ReLU(x)": (lambda x: np.maximum(x, 0), False, "negative"),
    "x → |x|": (np.abs, False, "negative"),
    "x → (x₁ + x₂, x₁·x₂)": (lambda x: np.array([x[0] + x[1], x[0] * x[1]]), False, "product"),
    "x → (x₁³ / (x₁² + x₂²), 0)": (lambda x: np.array([x[0] ** 3 / (x @ x) if x @ x else 0.0, 0.0]), False, "scaling"),
}
_SEEN = {
    "rounding": "Sums of rounded numbers differ in the last digit: compare with np.allclose, not with ==.",
    "origin": "It keeps midpoints midpoints, but it moves the origin, which no linear map does.",
    "negative": "On positive numbers it looks linear: try vectors with negative numbers, too.",
    "product": "It is no line in disguise: try several vectors u and v, drawn at random.",
    "scaling": "f(c·x) = c·f(x) holds for every c, and yet it is not linear: test f(u + v) = f(u) + f(v), too.",
}


def check_is_linear(answer):
    f = function(answer)
    said = {}
    for name, (example, _, _) in _FUNCTIONS.items():
        result = call(f, example)
        if not isinstance(result, (bool, np.bool_)):
            raise Wrong(f"Return True or False; for {name} your function returns {type(result).__name__}.")
        said[name] = bool(result)
    if all(said[name] != linear for name, (_, linear, _) in _FUNCTIONS.items()):
        raise Wrong("It says True where it should say False, and the other way round, for every function.")
    if len(set(said.values())) == 1:
        raise Wrong(f"It says {said.popitem()[1]} of every function, whatever that does.")
    for name, (_, linear, seen) in _FUNCTIONS.items():
        if said[name] != linear:
            raise Wrong(f"{name} is {'' if linear else 'not '}linear; you say {said[name]}. {_SEEN[seen]}")


def check_powers(answer):
    f = function(answer)
    x = np.array([-1.0, 0.5, 2.0, 3.0])
    for degree in (1, 3, 6):
        wanted = x[:, None] ** np.arange(degree + 1)
        result = call(f, x, degree)
        numbers = as_it_came(result)
        if numbers.shape == wanted.T.shape and close(numbers, wanted.T):
            raise Wrong("One row a sample is wanted, (N, degree + 1); yours is transposed.")
        if numbers.shape == (4, degree) and close(numbers, wanted[:, 1:]):
            raise Wrong("The column of ones, x⁰, is missing: without it every curve must pass through the origin.")
        got = array(result, wanted.shape, "What your function returns")
        if close(got, wanted):
            continue
        if close(got, wanted[:, ::-1]):
            raise Wrong("The powers are in falling order; begin with x⁰ = 1.")
        if close(got, x[:, None] * np.arange(degree + 1)):
            raise Wrong("These are multiples of x, all of them lines; powers are wanted: x ** k.")
        raise Wrong(f"For degree {degree} the columns are not 1, x, x², …, x^{degree}.")


def check_dominant(answer):
    f = function(answer)
    for matrix, values, steps in (
        ([[2.0, 1.0], [0.0, 0.5]], (2.0, 0.5), 30),
        ([[1.5, -0.5], [-0.5, 1.5]], (2.0, 1.0), 30),  # not more: rounding would push it off the smaller one's line
        ([[1.0, 0.0], [0.0, 3.0]], (3.0, 1.0), 30),
        ([[-4.0, 1.0], [0.0, 1.0]], (-4.0, 1.0), 30),
        ([[90.0, 10.0], [10.0, 90.0]], (100.0, 80.0), 300),
    ):
        with np.errstate(all="ignore"):
            result = call(f, np.array(matrix), steps)
        if isinstance(result, float | np.ndarray) and not np.isfinite(as_it_came(result)).all():
            raise Wrong(f"For {matrix} the vector grows until no float can hold it: divide it by its length each time.")
        got = float(array(result, (), "The eigenvalue"))
        if np.isclose(got, values[0], rtol=1e-3):
            continue
        if np.isclose(got, -values[0], rtol=1e-3):
            raise Wrong("The size is right, the sign is not: a length is never negative; v · A v of a unit v keeps it.")
        if np.isclose(got, values[1], rtol=1e-3):
            raise Wrong(f"For {matrix} you found the smaller one: you started on its line. Start somewhere at random.")
        if np.isclose(got, 1.0, rtol=1e-3):
            raise Wrong("1 is the length of your unit vector; the eigenvalue is how much A stretches it.")
        raise Wrong(f"For {matrix} it should be {values[0]:g}; you have {got:.4f}.")


EXERCISES = (
    Exercise(
        "02.1", "Columns are where the basis lands", "matrix", check_columns,
        (
            "What does a matrix do with e₁ = (1, 0)?",
            "A·e₁ is the first column of A, A·e₂ the second.",
            "Write (2, 1) downwards as the first column and (−1, 3) as the second.",
        ),
        "matrix = [[2, -1],\n          [1,  3]]",
        "answer = np.stack([[2, 1], [-1, 3]], axis=1)",
        (
            ("answer = [[2, 1], [-1, 3]]", "as rows"), ("answer = [[-1, 2], [3, 1]]", "columns are exchanged"),
            ("answer = [[2, 0], [1, 1]]", "Column 1 is right"), ("answer = np.eye(2)", "sends e₁ to [1.0, 0.0]"),
        ),
    ),
    Exercise(
        "02.2", "The signed area", "signed_area", check_determinant,
        (
            "It is the area of the parallelogram on the two columns, with a sign.",
            "Two products: the diagonal, and the other diagonal.",
            "a·d − b·c for the matrix with rows (a, b) and (c, d).",
        ),
        "def signed_area(A):\n    return A[0, 0] * A[1, 1] - A[0, 1] * A[1, 0]",
        "answer = lambda A: np.linalg.det(A)",
        (
            ("answer = lambda A: abs(np.linalg.det(A))", "sign is lost"),
            ("answer = lambda A: A[0, 0] * A[1, 1] + A[0, 1] * A[1, 0]", "subtracted"),
            ("answer = lambda A: A[0, 0] * A[1, 1]", "diagonal only"),
            ("answer = lambda A: A.sum()", "it should be 11"),
        ),
    ),
    Exercise(
        "02.3", "One after the other", "stretch_then_turn", check_composition,
        (
            "Write both matrices, column by column; then multiply them.",
            "The vector stands on the right: what acts first is next to it.",
            "[[0, −1], [1, 0]] @ [[2, 0], [0, 1]].",
        ),
        "stretch = np.array([[2, 0], [0, 1]])\nturn = np.array([[0, -1], [1, 0]])\n\nstretch_then_turn = turn @ stretch",
        "answer = [[0, -1], [2, 0]]  # e₁ → (2, 0) → (0, 2), e₂ → (0, 1) → (−1, 0)",
        (
            ("answer = np.diag([2, 1]) @ np.array([[0, -1], [1, 0]])", "turns first"),
            ("answer = np.array([[0, 1], [-1, 0]]) @ np.diag([2, 1])", "with the clock"),
            ("answer = np.array([[0, -1], [1, 0]]) + np.diag([2, 1])", "adds their results"),
            ("answer = np.array([[0, -1], [1, 0]]) * np.diag([2, 1])", "entry by entry"),
            ("answer = np.array([[0, -1], [1, 0]])", "Follow e₁"),
        ),
    ),
    Exercise(
        "02.4", "Undo a matrix", "undo", check_undo,
        (
            "You look for B with BA = I: it takes Ae₁ back to e₁ and Ae₂ back to e₂.",
            "Exchange the entries on the diagonal, change the sign of the two others …",
            "… and divide all by the determinant ad − bc.",
        ),
        "def undo(A):\n    (a, b), (c, d) = A\n    return np.array([[d, -b], [-c, a]]) / (a * d - b * c)",
        "answer = lambda A: np.linalg.solve(A, np.eye(2))",
        (
            ("def answer(A):\n    (a, b), (c, d) = A\n    return np.array([[d, -b], [-c, a]])", "Divide by the determinant"),
            ("answer = lambda A: A.T", "transpose"),
            ("def answer(A):\n    (a, b), (c, d) = A\n    return np.array([[d, b], [c, a]]) / (a * d - b * c)", "change their sign"),
            ("answer = lambda A: -A", "should be the identity"),
        ),
    ),
    Exercise(
        "02.5", "A shift as a matrix", "homogeneous", check_homogeneous,
        (
            "The point is written with a 1 at its end: (x₁, x₂, 1).",
            "The 1 multiplies the last column: that is the place of the shift.",
            "[[A, t], [0, 1]]: A in the upper left, t in the last column, (0, 0, 1) below.",
        ),
        "def homogeneous(A, t):\n    M = np.eye(3)\n    M[:2, :2] = A\n    M[:2, 2] = t\n    return M",
        "answer = lambda A, t: np.block([[A, t[:, None]], [np.zeros((1, 2)), np.ones((1, 1))]])",
        (
            ("answer = lambda A, t: np.block([[A.T, t[:, None]], [np.zeros((1, 2)), np.ones((1, 1))]])", "not its transpose"),
            ("answer = lambda A, t: np.block([[A, np.zeros((2, 1))], [t[None], np.ones((1, 1))]])", "last row; it"),
            ("answer = lambda A, t: np.block([[A, t[:, None]], [np.zeros((1, 3))]])", "the 1 is lost"),
            ("answer = lambda A, t: np.block([[A, np.zeros((2, 1))], [np.zeros((1, 2)), np.ones((1, 1))]])", "shift is missing"),
        ),
    ),
    Exercise(
        "02.6", "A test of linearity", "test_of_linearity", check_is_linear,
        (
            "Draw u and v at random and compare f(u + v) with f(u) + f(v).",
            "Try several pairs, with negative numbers in them, and allow for rounding.",
            "all(np.allclose(f(u + v), f(u) + f(v)) for u, v in pairs); for the functions met here this is enough.",
        ),
        "def test_of_linearity(f):\n    pairs = np.random.default_rng(0).normal(size=(20, 2, 2))\n"
        "    return all(np.allclose(f(u + v), f(u) + f(v)) for u, v in pairs)",
        "def answer(f):\n    A = np.stack([f(np.array([1.0, 0.0])), f(np.array([0.0, 1.0]))], axis=1)  # its columns, if it is linear\n"
        "    return bool(np.all([np.allclose(A @ x, f(x)) for x in np.random.default_rng(1).uniform(-2, 2, (30, 2))]))",
        (
            ("def answer(f):\n    return all((f(u + v) == f(u) + f(v)).all() for u, v in np.random.default_rng(0).normal(size=(20, 2, 2)))", "last digit"),
            ("def answer(f):\n    return all(np.allclose(f((u + v) / 2), (f(u) + f(v)) / 2) for u, v in np.random.default_rng(0).normal(size=(20, 2, 2)))", "moves the origin"),
            ("def answer(f):\n    return all(np.allclose(f(u + v), f(u) + f(v)) for u, v in np.random.default_rng(0).uniform(0, 1, (20, 2, 2)))", "negative numbers"),
            ("def answer(f):\n    return bool(np.allclose(f(np.array([1.0, 0.0]) - np.array([2.0, 0.0])), f(np.array([1.0, 0.0])) + f(np.array([-2.0, 0.0]))))", "drawn at random"),
            ("def answer(f):\n    return all(np.allclose(f(c * x), c * f(x)) for c in (-2, 0, 3) for x in np.random.default_rng(0).normal(size=(9, 2)))", "holds for every c"),
            ("def answer(f):\n    pairs = np.random.default_rng(0).normal(size=(20, 2, 2))\n    return not all(np.allclose(f(u + v), f(u) + f(v)) for u, v in pairs)", "other way round"),
            ("answer = lambda f: True", "whatever that does"),
        ),
    ),
    Exercise(
        "02.7", "A function space as a matrix", "function_space", check_powers,
        (
            "A polynomial is a weighted sum of 1, x, x², …: its weights multiply the columns.",
            "x[:, None] stands x upright, so that it meets every exponent.",
            "x[:, None] ** np.arange(degree + 1).",
        ),
        "def function_space(x, degree):\n    return x[:, None] ** np.arange(degree + 1)  # (N, 1) ** (degree + 1,)",
        "answer = lambda x, degree: np.stack([x**k for k in range(degree + 1)], axis=1)",
        (
            ("answer = lambda x, degree: np.stack([x**k for k in range(degree + 1)])", "transposed"),
            ("answer = lambda x, degree: x[:, None] ** np.arange(1, degree + 1)", "column of ones"),
            ("answer = lambda x, degree: np.vander(x, degree + 1)", "falling order"),
            ("answer = lambda x, degree: x[:, None] * np.arange(degree + 1)", "multiples of x"),
        ),
    ),
    Exercise(
        "02.8", "The strongest direction by repetition", "dominant", check_dominant,
        (
            "Apply A again and again: the direction that is stretched most wins.",
            "Divide by the length after every step, and start from a random vector.",
            "At the end v has length 1 and A v ≈ λ v, so λ = v · A v.",
        ),
        "def dominant(A, steps):\n    v = np.random.default_rng(0).normal(size=len(A))\n    for _ in range(steps):\n"
        "        v = A @ v\n        v = v / np.linalg.norm(v)\n    return v @ A @ v",
        "def answer(A, steps):\n    values = np.linalg.eigvals(A)\n    return values[np.abs(values).argmax()]",
        (
            ("def answer(A, steps):\n    v = np.array([0.3, 0.8])\n    for _ in range(steps):\n        v = A @ v\n    return v @ A @ v / (v @ v)", "no float can hold it"),
            ("def answer(A, steps):\n    v = np.array([0.3, 0.8])\n    for _ in range(steps):\n        v = A @ v / np.linalg.norm(A @ v)\n    return np.linalg.norm(A @ v)", "sign is not"),
            ("def answer(A, steps):\n    v = np.ones(2)\n    for _ in range(steps):\n        v = A @ v / np.linalg.norm(A @ v)\n    return v @ A @ v", "smaller one"),
            ("def answer(A, steps):\n    v = np.array([0.3, 0.8])\n    for _ in range(steps):\n        v = A @ v / np.linalg.norm(A @ v)\n    return np.linalg.norm(v)", "length of your unit vector"),
            ("def answer(A, steps):\n    return A[0, 0] + A[1, 1]", "it should be 2"),
        ),
    ),
)  # fmt: skip

QUESTIONS = (
    Question(
        "A matrix has the columns (0, 1) and (−1, 0). What does it do to the plane?",
        ("It mirrors it", "A quarter turn against the clock", "A quarter turn with the clock"), 1,
        (
            "A mirror has determinant −1; here it is 0·0 − (−1)·1 = 1.",
            "e₁ goes up to (0, 1) and e₂ to the left: everything turns by 90° against the clock.",
            "With the clock e₁ would go down, to (0, −1).",
        ),
    ),
    Question(
        "det A = −2. What has become of a square of area 3?",
        ("A shape of area 6, turned over", "A square of area −6", "A shape of area 1"), 0,
        (
            "The size, 2, multiplies every area; the sign says that the plane was turned over.",
            "An area is never negative: the minus sign tells of the mirror. And it need not be a square any more.",
            "The determinant multiplies areas, it is not added to them.",
        ),
    ),
    Question(
        "Is f(x) = 3x + 1 a linear transformation?",
        ("Yes, its graph is a straight line", "No, it is affine", "Only for x > 0"), 1,
        (
            "The graph is a line, but f(0) = 1: a linear transformation leaves the origin where it is.",
            "f(u + v) − f(u) − f(v) is −1, not 0. With a constant input 1 beside x it becomes linear.",
            "It is the same rule everywhere; what fails is f(0) = 0.",
        ),
    ),
    Question(
        "Ten linear layers follow one another with nothing in between. What can the stack represent?",
        ("What one linear layer can, or less", "Curves with ten bends", "Ten times as much as one layer"), 0,
        (
            "The product of ten matrices is one matrix; and a narrow layer in between even takes away dimensions.",
            "A bend needs an activation: matrices take lines to lines.",
            "More parameters are not more functions: the product is a single matrix.",
        ),
    ),
    Question(
        "We fit a polynomial of degree 9 and a line to 15 points. Which statement is an inductive bias?",
        ("The points are noisy", "“The true function is smooth and nearly straight”", "The line's error on the 15 points"), 1,
        (
            "That is a property of the data, not an assumption about which function to prefer.",
            "It is believed before the data are seen, and it decides between functions that fit them equally well.",
            "That is measured; a bias is what we assume beforehand.",
        ),
    ),
)  # fmt: skip
