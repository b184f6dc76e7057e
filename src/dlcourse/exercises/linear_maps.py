"""Exercises and quiz of chapter 02, functions and linear transformations."""

import numpy as np

from dlcourse.exercises.core import Exercise, Question, Wrong, array, as_it_came, call, close, function
from dlcourse.exercises.judging import judge, uses


def _follow(got, wanted, ways):
    """Say of the first wrong column where it should land."""
    for column, way in enumerate(ways):
        if not close(got[:, column], wanted[:, column]):
            right = "" if column == 0 else "The first column is right. "
            landing = ", ".join(f"{v:g}" for v in got[:, column])
            raise Wrong(f"{right}{way} Your matrix sends e{'₁₂'[column]} to ({landing}).")


def check_columns(answer):
    got, wanted = array(answer, (2, 2), "The matrix"), np.array([[2.0, -1.0], [1.0, 3.0]])
    if close(got, wanted):
        return
    if close(got, wanted.T):
        raise Wrong("You wrote the two images as rows. They are the columns: A·e₁ picks out the first column.")
    if close(got, wanted[:, ::-1]) or close(got, wanted.T[::-1]):
        raise Wrong("The two images are exchanged: the first column is where e₁ goes.")
    _follow(got, wanted, ("The first column is where e₁ goes.", "The second column is where e₂ goes."))


def _det(a):
    return a[0, 0] * a[1, 1] - a[0, 1] * a[1, 0]


def check_determinant(answer):
    cases = [
        (np.array(matrix),)
        for matrix in (
            [[3.5, 1.0], [1.5, 4.0]],
            [[0.0, 1.0], [2.0, 0.5]],
            [[-1.0, 2.0], [3.0, 4.0]],
            [[1.0, 2.0], [2.0, 4.0]],
            [[1, 7], [-3, 2]],
        )
    ]
    judge(answer, cases, "A", _det, (
        ("The size is right, the sign is lost: a negative sign says that the plane was mirrored.", lambda a: abs(_det(a))),
        ("The sign is wrong: the diagonal from the upper left counts as positive, the other one as negative.", lambda a: -_det(a)),
        ("The second product is subtracted: a matrix with two equal columns must get 0.", lambda a: a[0, 0] * a[1, 1] + a[0, 1] * a[1, 0]),
        ("You use the diagonal only; the other two entries tilt the square.", lambda a: a[0, 0] * a[1, 1]),
        ("You multiply within the rows; multiply along the two diagonals.", lambda a: a[0, 0] * a[0, 1] - a[1, 0] * a[1, 1]),
    ), "The determinant")  # fmt: skip


def check_composition(answer):
    got, turn, stretch = array(answer, (2, 2), "The matrix"), np.array([[0, -1], [1, 0]]), np.diag([2, 1])
    for wrong, words in (
        (stretch @ turn, "This turns first. What acts first stands on the right, next to the vector: turn @ stretch."),
        (turn.T @ stretch, "This turns clockwise: a quarter turn anticlockwise takes e₁ to (0, 1)."),
        (turn + stretch, "One after the other is a product; the sum of two matrices adds their results."),
        (turn * stretch, "* multiplies entry by entry; the product of matrices is @."),
    ):
        if close(got, wrong):
            raise Wrong(words)
    _follow(got, turn @ stretch, (
        "Follow e₁: it is stretched to (2, 0), then turned to (0, 2).",
        "Follow e₂: the stretch leaves it at (0, 1), the turn takes it to (−1, 0).",
    ))  # fmt: skip


def check_undo(answer):
    matrices = (
        [[2.0, 1.0], [4.0, 3.0]],
        [[0.0, -2.0], [1.0, 0.5]],
        [[1.0, 4.0], [2.0, 3.0]],
        [[0.25, 0.0], [0.0, -8.0]],
        [[1, 3], [-1, 5]],
    )

    def adjugate(a):
        return np.array([[a[1, 1], -a[0, 1]], [-a[1, 0], a[0, 0]]])

    judge(answer, [(np.array(matrix),) for matrix in matrices], "A", lambda a: adjugate(a) / _det(a), (
        ("Divide by the determinant: undoing must restore the areas, too.", adjugate),
        ("You multiply by the determinant: divide by it.", lambda a: adjugate(a) * _det(a)),
        ("The determinant has a sign; divide by it, not by its size.", lambda a: adjugate(a) / abs(_det(a))),
        ("This is the transpose. It undoes a turn, but neither a stretch nor a shear.", lambda a: a.T),
        ("The two entries off the diagonal must change their sign.", lambda a: abs(np.eye(2) * 2 - 1) * np.array([[a[1, 1], a[0, 1]], [a[1, 0], a[0, 0]]]) / _det(a)),
        ("The two entries on the diagonal must be exchanged.", lambda a: np.array([[a[0, 0], -a[0, 1]], [-a[1, 0], a[1, 1]]]) / _det(a)),
        ("The two entries off the diagonal only change their sign; leave them in their places.", lambda a: adjugate(a).T / _det(a)),
        ("This is 1 divided by every entry, which is not the matrix that undoes A.", lambda a: 1 / a),
    ))  # fmt: skip


def check_homogeneous(answer):
    cases = [
        (np.array(a), np.array(t))
        for a, t in (
            ([[2.0, 3.0], [-1.0, 0.5]], [4.0, -5.0]),
            ([[0.0, 1.5], [7.0, -2.0]], [0.25, 6.0]),
            ([[1, 0], [2, 1]], [3, 9]),
        )
    ]

    def matrix(a, t, row=(0, 0), corner=1):
        m = np.zeros((3, 3))
        m[:2, :2], m[:2, 2], m[2, :2], m[2, 2] = a, t, row, corner
        return m

    judge(answer, cases, "A t", matrix, (
        ("The block in the upper left is A itself, not its transpose.", lambda a, t: matrix(a.T, t)),
        ("The shift stands in the last row; it belongs in the last column, which the 1 multiplies.", lambda a, t: matrix(a, (0, 0), t)),
        ("The last row is zero, so the 1 is lost. It must come out as 1 again: (0, 0, 1).", lambda a, t: matrix(a, t, corner=0)),
        ("The last row is missing: the 1 must come out as 1 again.", lambda a, t: matrix(a, t)[:2]),
        ("The shift is missing: the 1 at the end of (x₁, x₂, 1) multiplies the last column.", lambda a, t: matrix(a, (0, 0))),
        ("The point ends with the 1, so the shift is the last column, not the first.", lambda a, t: np.roll(matrix(a, t), 1, axis=1)),
        ("The shift must be added to A x, not subtracted.", lambda a, t: matrix(a, -t)),
    ))  # fmt: skip


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
    "rounding": "Do you allow for rounding? f(u + v) and f(u) + f(v) may differ in the last digit; np.allclose forgives that.",
    "origin": "It keeps midpoints midpoints, but it moves the origin, which no linear map does.",
    "negative": "On positive numbers it looks linear: try vectors with negative numbers as well.",
    "product": "On a few vectors it looks linear: try several u and v, drawn at random.",
    "scaling": "f(c·x) = c·f(x) holds for every c, and yet it is not linear: f(u + v) = f(u) + f(v) must be tested as well.",
}


def check_is_linear(answer):
    f = function(answer)
    said = {}
    for name, (example, _, _) in _FUNCTIONS.items():
        result = as_it_came(call(f, example))
        if result.size != 1 or result.item() not in (0, 1):
            raise Wrong(f"Return True or False, one for the whole function f; for {name} your function does not.")
        said[name] = bool(result.item())
    if all(said[name] != linear for name, (_, linear, _) in _FUNCTIONS.items()):
        raise Wrong("True and False are exchanged: your function returns the wrong one every time.")
    if len(set(said.values())) == 1:
        raise Wrong(f"Your function returns {said.popitem()[1]} for every f, whatever that does.")
    for name, (_, linear, seen) in _FUNCTIONS.items():
        if said[name] != linear:
            raise Wrong(f"{name} is {'' if linear else 'not '}linear; you return {said[name]}. {_SEEN[seen]}")


def check_powers(answer):
    if uses(answer, "vander", "polyvander"):
        raise Wrong("Here it shall be done without np.vander: build the columns from powers of x.")
    x = np.array([-1.5, 0.5, 2.0, 3.0, 0.0])
    cases = [(x, 1), (x, 3), (x[:3], 2), (x, 6), (x[1:2], 4), (x, 0)]

    def powers(x, degree):
        return x[:, None] ** np.arange(degree + 1)

    judge(answer, cases, "x degree", powers, (
        ("This is transposed: one row per sample is wanted, shape (N, degree + 1).", lambda x, n: powers(x, n).T),
        ("The column of ones, x⁰, is missing: without it every curve must pass through the origin.", lambda x, n: powers(x, n)[:, 1:]),
        ("The last column, x to the power of `degree`, is missing: from 0 to degree there are degree + 1 columns.", lambda x, n: powers(x, n)[:, :-1]),
        ("There is one column too many: stop at x to the power of `degree`.", lambda x, n: powers(x, n + 1)),
        ("The powers are in falling order; begin with x⁰ = 1.", lambda x, n: powers(x, n)[:, ::-1]),
        ("These are multiples of x, all of them lines; powers are wanted: x ** k.", lambda x, n: x[:, None] * np.arange(n + 1)),
        ("These are powers of whole numbers to the exponent x; take x to whole exponents.", lambda x, n: np.arange(n + 1) ** x[:, None]),
    ))  # fmt: skip


_DOMINANT = (  # matrix, its eigenvalues by size, steps
    ([[2.0, 1.0], [0.0, 0.5]], (2.0, 0.5), 30),
    ([[1.5, -0.5], [-0.5, 1.5]], (2.0, 1.0), 30),  # not more: rounding would push it off the smaller one's line
    ([[1.0, 0.0], [0.0, 3.0]], (3.0, 1.0), 30),
    ([[3.0, 0.0], [0.0, 1.0]], (3.0, 1.0), 30),
    ([[-4.0, 1.0], [0.0, 1.0]], (-4.0, 1.0), 30),
    ([[90.0, 10.0], [10.0, 90.0]], (100.0, 80.0), 300),
    ([[2.0, 1.0, 0.0], [0.0, -5.0, 1.0], [0.0, 0.0, 3.0]], (-5.0, 3.0), 60),
)


def check_dominant(answer):
    f = function(answer)
    if uses(answer, "eig", "eigvals", "eigh", "eigvalsh", "eigenvalues"):
        raise Wrong("Here the eigenvalue shall be found by repetition: multiply a vector by A, `steps` times.")
    got = []
    for matrix, _, steps in _DOMINANT:
        with np.errstate(all="ignore"):
            result = call(f, np.array(matrix), steps)
        if (
            as_it_came(result).dtype == float
            and not np.isfinite(as_it_came(result)).all()
            and not isinstance(result, str)
        ):
            raise Wrong(f"For {matrix} the vector grows until no float can hold it: divide it by its length each time.")
        got.append(float(array(result, (), "The eigenvalue")))

    def all_are(values):
        return np.allclose(got, values, rtol=1e-3)

    largest, smaller = (np.array([values[n] for _, values, _ in _DOMINANT]) for n in (0, 1))
    if all_are(largest):
        return
    for values, words in (
        (abs(largest), "The size is right, the sign is not: a length is never negative; v · A v of a unit v keeps it."),
        (-largest, "The sign is reversed: λ = v · A v for a v of length 1."),
        (np.ones(len(got)), "1 is the length of your unit vector; the eigenvalue is how much A stretches it."),
        (smaller, "You return another eigenvalue, not that of largest size."),
    ):
        if all_are(values):
            raise Wrong(words)
    n = int(np.flatnonzero(~np.isclose(got, largest, rtol=1e-3))[0])
    matrix = _DOMINANT[n][0]
    if np.isclose(got[n], smaller[n], rtol=1e-3):
        raise Wrong(
            f"For {matrix} you found a smaller eigenvalue. A vector that starts on its line stays there: start at random."
        )
    raise Wrong(f"For {matrix} it should be {largest[n]:g}; you have {got[n]:.6g}.")


EXERCISES = (
    Exercise(
        "02.1", "Columns are where the basis lands", "matrix", check_columns,
        (
            "What does a matrix do with e₁ = (1, 0)?",
            "A·e₁ is the first column of A, A·e₂ the second.",
            "Begin with the first column: its upper entry is 2, its lower entry 1.",
        ),
        "matrix = [[2, -1],\n          [1,  3]]",
        "answer = np.stack([[2, 1], [-1, 3]], axis=1)",
        (
            ("answer = [[2, 1], [-1, 3]]", "as rows"), ("answer = [[-1, 2], [3, 1]]", "images are exchanged"),
            ("answer = [[2, 0], [1, 1]]", "The first column is right"), ("answer = np.eye(2)", "sends e₁ to (1, 0)"),
        ),
    ),
    Exercise(
        "02.2", "The signed area", "signed_area", check_determinant,
        (
            "It is the area of the parallelogram on the two columns, with a sign.",
            "Two products: the diagonal, and the other diagonal.",
            "Begin with (a, b), (c, d) = A; the first product is a·d.",
        ),
        "def signed_area(A):\n    return A[0, 0] * A[1, 1] - A[0, 1] * A[1, 0]",
        "answer = lambda A: np.linalg.det(A)",
        (
            ("answer = lambda A: abs(np.linalg.det(A))", "sign is lost"),
            ("answer = lambda A: A[0, 0] * A[1, 1] + A[0, 1] * A[1, 0]", "subtracted"),
            ("answer = lambda A: A[0, 0] * A[1, 1]", "diagonal only"),
            ("answer = lambda A: A.sum()", "the determinant should be 12.5"), ("answer = lambda A: -np.linalg.det(A)", "counts as positive"),
        ),
    ),
    Exercise(
        "02.3", "One after the other", "stretch_then_turn", check_composition,
        (
            "Write both matrices, column by column; then multiply them.",
            "The vector stands on the right: what acts first is next to it.",
            "Begin with stretch = np.array([[2, 0], [0, 1]]); the columns of the turn are (0, 1) and (−1, 0).",
        ),
        "stretch = np.array([[2, 0], [0, 1]])\nturn = np.array([[0, -1], [1, 0]])\n\nstretch_then_turn = turn @ stretch",
        "answer = [[0, -1], [2, 0]]  # e₁ → (2, 0) → (0, 2), e₂ → (0, 1) → (−1, 0)",
        (
            ("answer = np.diag([2, 1]) @ np.array([[0, -1], [1, 0]])", "turns first"),
            ("answer = np.array([[0, 1], [-1, 0]]) @ np.diag([2, 1])", "turns clockwise"),
            ("answer = np.array([[0, -1], [1, 0]]) + np.diag([2, 1])", "adds their results"),
            ("answer = np.array([[0, -1], [1, 0]]) * np.diag([2, 1])", "entry by entry"),
            ("answer = np.array([[0, -1], [1, 0]])", "Follow e₁"), ("answer = [[0, 1], [2, 0]]", "Follow e₂"),
        ),
    ),
    Exercise(
        "02.4", "Undo a matrix", "undo", check_undo,
        (
            "You look for B with BA = I: it takes Ae₁ back to e₁ and Ae₂ back to e₂.",
            "Multiply [[d, −b], [−c, a]] by A: which number stands on the diagonal, and what is left to do?",
            "Begin with (a, b), (c, d) = A and det = a * d - b * c.",
        ),
        "def undo(A):\n    (a, b), (c, d) = A\n    return np.array([[d, -b], [-c, a]]) / (a * d - b * c)",
        "answer = lambda A: np.linalg.solve(A, np.eye(2))",
        (
            ("def answer(A):\n    (a, b), (c, d) = A\n    return np.array([[d, -b], [-c, a]])", "Divide by the determinant"),
            ("answer = lambda A: A.T", "transpose"),
            ("def answer(A):\n    (a, b), (c, d) = A\n    return np.array([[d, b], [c, a]]) / (a * d - b * c)", "must change their sign"),
            ("answer = lambda A: -A", "entry [0, 0] of the result"),
        ),
    ),
    Exercise(
        "02.5", "A shift as a matrix", "homogeneous", check_homogeneous,
        (
            "The point is written with a 1 at its end: (x₁, x₂, 1).",
            "The 1 multiplies the last column: that is the place of the shift.",
            "Begin with an array of 3 rows and 3 columns whose last row is 0, 0, 1: the 1 comes out as 1 again.",
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
            "Try several pairs, with negative numbers in them; np.allclose(a, b) allows for rounding.",
            "Begin with pairs = np.random.default_rng(0).normal(size=(20, 2, 2)), twenty pairs u, v: no pair may fail.",
        ),
        "def test_of_linearity(f):\n    pairs = np.random.default_rng(0).normal(size=(20, 2, 2))\n"
        "    return all(np.allclose(f(u + v), f(u) + f(v)) for u, v in pairs)",
        "def answer(f):\n    A = np.stack([f(np.array([1.0, 0.0])), f(np.array([0.0, 1.0]))], axis=1)  # its columns, if it is linear\n"
        "    return bool(np.all([np.allclose(A @ x, f(x)) for x in np.random.default_rng(1).uniform(-2, 2, (30, 2))]))",
        (
            ("def answer(f):\n    return all((f(u + v) == f(u) + f(v)).all() for u, v in np.random.default_rng(0).normal(size=(20, 2, 2)))", "allow for rounding"),
            ("def answer(f):\n    return all(np.allclose(f((u + v) / 2), (f(u) + f(v)) / 2) for u, v in np.random.default_rng(0).normal(size=(20, 2, 2)))", "moves the origin"),
            ("def answer(f):\n    return all(np.allclose(f(u + v), f(u) + f(v)) for u, v in np.random.default_rng(0).uniform(0, 1, (20, 2, 2)))", "negative numbers as well"),
            ("def answer(f):\n    return bool(np.allclose(f(np.array([1.0, 0.0]) - np.array([2.0, 0.0])), f(np.array([1.0, 0.0])) + f(np.array([-2.0, 0.0]))))", "drawn at random"),
            ("def answer(f):\n    return all(np.allclose(f(c * x), c * f(x)) for c in (-2, 0, 3) for x in np.random.default_rng(0).normal(size=(9, 2)))", "holds for every c"),
            ("def answer(f):\n    pairs = np.random.default_rng(0).normal(size=(20, 2, 2))\n    return not all(np.allclose(f(u + v), f(u) + f(v)) for u, v in pairs)", "are exchanged"),
            ("answer = lambda f: True", "whatever that does"),
        ),
    ),
    Exercise(
        "02.7", "A function space as a matrix", "function_space", check_powers,
        (
            "A polynomial is a weighted sum of 1, x, x², …: its weights multiply the columns.",
            "x[:, None] is x as a column, so that each entry meets each exponent of a row of exponents.",
            "Begin with exponents = np.arange(degree + 1).",
        ),
        "def function_space(x, degree):\n    return x[:, None] ** np.arange(degree + 1)  # (N, 1) ** (degree + 1,)",
        "answer = lambda x, degree: np.stack([x**k for k in range(degree + 1)], axis=1)",
        (
            ("answer = lambda x, degree: np.stack([x**k for k in range(degree + 1)])", "transposed"),
            ("answer = lambda x, degree: x[:, None] ** np.arange(1, degree + 1)", "column of ones"),
            ("answer = lambda x, degree: x[:, None] ** np.arange(degree, -1, -1)", "falling order"),
            ("answer = lambda x, degree: np.vander(x, degree + 1, increasing=True)", "without np.vander"),
            ("answer = lambda x, degree: x[:, None] ** np.arange(degree)", "last column"),
            ("answer = lambda x, degree: x[:, None] * np.arange(degree + 1)", "multiples of x"),
        ),
    ),
    Exercise(
        "02.8", "The strongest direction by repetition", "dominant", check_dominant,
        (
            "Apply A again and again: the direction that is stretched most wins.",
            "Divide by the length after every step, and start from a random vector.",
            "Begin with a random vector v. At the end A v ≈ λ v and v · v = 1: what is v · A v?",
        ),
        "def dominant(A, steps):\n    v = np.random.default_rng(0).normal(size=len(A))\n    for _ in range(steps):\n"
        "        v = A @ v\n        v = v / np.linalg.norm(v)\n    return v @ A @ v",
        "def answer(A, steps):\n    v = np.random.default_rng(1).uniform(1, 2, len(A))\n    for _ in range(steps):\n        v = A @ v / np.abs(v).max()\n    largest = np.abs(v).argmax()\n    return (A @ v)[largest] / v[largest]",
        (
            ("def answer(A, steps):\n    v = np.arange(len(A)) + 0.3\n    for _ in range(steps):\n        v = A @ v\n    return v @ A @ v / (v @ v)", "no float can hold it"),
            ("def answer(A, steps):\n    v = np.arange(len(A)) + 0.3\n    for _ in range(steps):\n        v = A @ v / np.linalg.norm(A @ v)\n    return np.linalg.norm(A @ v)", "sign is not"),
            ("def answer(A, steps):\n    v = np.ones(len(A))\n    for _ in range(steps):\n        v = A @ v / np.linalg.norm(A @ v)\n    return v @ A @ v", "a smaller eigenvalue"),
            ("def answer(A, steps):\n    v = np.arange(len(A)) + 0.3\n    for _ in range(steps):\n        v = A @ v / np.linalg.norm(A @ v)\n    return np.linalg.norm(v)", "length of your unit vector"),
            ("def answer(A, steps):\n    return A[0, 0] + A[1, 1]", "it should be 2"),
            ("def answer(A, steps):\n    return np.linalg.eigvals(A)[np.abs(np.linalg.eigvals(A)).argmax()]", "by repetition"),
            ("def answer(A, steps):\n    return -sorted(np.roots(np.poly(A)), key=abs)[-1]", "sign is reversed"),
        ),
    ),
)  # fmt: skip

QUESTIONS = (
    Question(
        "A matrix has the columns (0, 1) and (−1, 0). What does it do to the plane?",
        ("It mirrors the plane at a diagonal", "A quarter turn anticlockwise", "A quarter turn clockwise"), 1,
        (
            "A mirror has determinant −1; here it is 0·0 − (−1)·1 = 1.",
            "e₁ goes up to (0, 1) and e₂ to the left: everything turns by 90° anticlockwise.",
            "Clockwise, e₁ would go down, to (0, −1).",
        ),
    ),
    Question(
        "det A = −2. What has become of a square of area 3?",
        ("A mirrored shape of area 6", "A square of the negative area −6", "A shape of area 1"), 0,
        (
            "The size, 2, multiplies every area; the sign says that the plane was mirrored.",
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
        ("What one linear layer can, or less", "Curves with ten bends, one per layer", "Ten times as much as one layer"), 0,
        (
            "The product of ten matrices is one matrix; and a narrow layer in between even takes away dimensions.",
            "A bend needs an activation: matrices take lines to lines.",
            "More parameters are not more functions: the product is a single matrix.",
        ),
    ),
    Question(
        "We fit a polynomial of degree 9 and a line to 15 points. Which statement is an inductive bias?",
        ("The points are noisy", "“The true function is smooth and nearly straight”", "The line's error, averaged over all of the 15 points"), 1,
        (
            "That is a property of the data, not an assumption about which function to prefer.",
            "It is believed before the data are seen, and it decides between functions that fit them equally well.",
            "That is measured; a bias is what we assume beforehand.",
        ),
    ),
)  # fmt: skip
