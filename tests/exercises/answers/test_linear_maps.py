"""Chapter 02: answers that people give, and what the checks say."""

from tests.exercises.answers.judged import both_lists

PAIRS = "def answer(f):\n    pairs = np.random.default_rng(0).normal(size=(20, 2, 2))\n    ok = all(np.allclose(f(u + v), f(u) + f(v)) for u, v in pairs)\n    "
POWER = "def answer(A, steps):\n    v = np.random.default_rng(3).normal(size=len(A))\n    for _ in range(steps):\n        v = A @ v\n        v = v / np.linalg.norm(v)\n    "
RIGHT = [
    ("02.1", "[[2, -1], [1, 3]]"), ("02.1", "((2.0, -1.0), (1.0, 3.0))"), ("02.1", "np.array([[2, 1], [-1, 3]]).T"), ("02.1", "np.c_[[2, 1], [-1, 3]]"),
    ("02.1", "torch.tensor([[2, -1], [1, 3]])"), ("02.1", "reference.tensor([[2.0, -1], [1, 3]])"),
    ("02.2", "lambda A: np.linalg.det(A)"), ("02.2", "lambda A: A[0][0] * A[1][1] - A[1][0] * A[0][1]"), ("02.2", "lambda A: np.cross(*np.c_[A, [0, 0]])[2]"),
    ("02.2", "lambda A: torch.linalg.det(torch.tensor(A, dtype=torch.float32))"), ("02.2", "lambda A: [A[0, 0] * A[1, 1] - A[0, 1] * A[1, 0]]"),
    ("02.3", "[[0, -1], [2, 0]]"), ("02.3", "np.round([[np.cos(np.pi / 2), -1], [2, np.cos(np.pi / 2)]], 9)"), ("02.3", "torch.tensor([[0., -1], [2, 0]])"),
    ("02.3", "np.array([[np.cos(np.pi / 2), -np.sin(np.pi / 2)], [np.sin(np.pi / 2), np.cos(np.pi / 2)]]) @ np.diag([2, 1])"),
    ("02.4", "lambda A: np.linalg.inv(A)"), ("02.4", "lambda A: np.linalg.pinv(A)"), ("02.4", "lambda A: torch.linalg.inv(torch.tensor(A, dtype=float))"),
    ("02.4", "def answer(A):\n    (a, b), (c, d) = A\n    D = a * d - b * c\n    return [[d / D, -b / D], [-c / D, a / D]]"),
    ("02.5", "lambda A, t: np.r_[np.c_[A, t], [[0, 0, 1]]]"), ("02.5", "lambda A, t: [[*A[0], t[0]], [*A[1], t[1]], [0, 0, 1]]"),
    ("02.5", "lambda A, t: np.vstack([np.hstack([A, t.reshape(2, 1)]), [0, 0, 1]]).astype(np.float32)"),
    ("02.6", PAIRS + "return ok"), ("02.6", PAIRS + "return int(ok)"), ("02.6", PAIRS + "return np.array([ok])"), ("02.6", PAIRS + "return torch.tensor(ok)"),
    ("02.6", PAIRS + "return [ok]"), ("02.6", "def answer(f):\n    u, v = np.array([1.7, -2.3]), np.array([-0.4, 1.9])\n    return np.abs(f(u + v) - f(u) - f(v)).max() < 1e-9"),
    ("02.7", "lambda x, degree: np.column_stack([x**k for k in range(degree + 1)])"), ("02.7", "lambda x, n: np.power.outer(x, np.arange(n + 1))"),
    ("02.7", "lambda x, n: [[float(v) ** k for k in range(n + 1)] for v in x]"), ("02.7", "lambda x, n: torch.tensor(x)[:, None] ** torch.arange(n + 1)"),
    ("02.7", "lambda x, n: np.cumprod(np.c_[np.ones(len(x)), np.tile(x[:, None], n)], axis=1)"),
    ("02.8", POWER + "return np.dot(v, np.dot(A, v))"), ("02.8", POWER + "return torch.tensor([v @ A @ v])"), ("02.8", POWER + "return np.float32((A @ v)[abs(v).argmax()] / v[abs(v).argmax()])"),
    ("02.8", POWER + "return np.linalg.norm(A @ v) * np.sign(v @ A @ v)"),
]  # fmt: skip
WRONG = [
    ("02.1", "[[-1, 3], [2, 1]]", "images are exchanged"), ("02.1", "[[2, 0], [1, 3]]", "The first column is right"), ("02.1", "[2, 1, -1, 3]", "2 rows of 2"),
    ("02.1", "[[2, -1], [1, -3]]", "e₂ to (-1, -3)"), ("02.1", "[[2.4, -1], [1, 3]]", "e₁ to (2.4, 1)"), ("02.1", "np.zeros((2, 2))", "e₁ to (0, 0)"),
    ("02.2", "lambda A: A[0, 0] * A[0, 1] - A[1, 0] * A[1, 1]", "two diagonals"), ("02.2", "lambda A: np.trace(A)", "should be"), ("02.2", "lambda A: round(np.linalg.det(A))", "should be"),
    ("02.2", "lambda A: np.linalg.det(A) or 1", "should be"), ("02.2", "lambda A: 12.5", "should be"), ("02.2", "lambda A: A * 1.0", "one number"),
    ("02.3", "[[2, 0], [0, 1]]", "Follow e₁"), ("02.3", "[[0, 1], [2, 0]]", "Follow e₂"), ("02.3", "[[0, -2], [1, 0]]", "turns first"), ("02.3", "[[0, -2], [2, 0]]", "Follow e₂"),
    ("02.3", "(0, 2)", "2 rows of 2"), ("02.3", "[[0, -1], [-2, 0]]", "Follow e₁"),
    ("02.4", "lambda A: np.linalg.inv(A) * np.linalg.det(A) ** 2", "You multiply"), ("02.4", "lambda A: 1 / (A + 1e-300)", "should be|1 divided"), ("02.4", "lambda A: np.linalg.inv(A).T", "leave them in their places"),
    ("02.4", "lambda A: np.linalg.inv(A) * np.sign(np.linalg.det(A))", "not by its size"), ("02.4", "lambda A: np.eye(2)", "should be"), ("02.4", "lambda A: np.linalg.inv(A).round(1)", "should be"),
    ("02.4", "lambda A: np.linalg.inv(A)[0]", "2 rows of 2"),
    ("02.5", "lambda A, t: np.c_[A, t]", "last row is missing"), ("02.5", "lambda A, t: np.block([[t[:, None], A], [np.array([[1, 0, 0]])]])", "not the first"),
    ("02.5", "lambda A, t: np.r_[np.c_[A, t], [[1, 1, 1]]]", "entry [2, 0]"), ("02.5", "lambda A, t: np.r_[np.c_[A, -t], [[0, 0, 1]]]", "added to A x"),
    ("02.5", "lambda A, t: np.r_[np.c_[A, t[::-1]], [[0, 0, 1]]]", "entry [0, 2]"), ("02.5", "lambda A, t: np.eye(3)", "should be"),
    ("02.6", "lambda f: bool(np.allclose(f(np.zeros(2)), 0))", "you return True"), ("02.6", "lambda f: False", "whatever that does"), ("02.6", "lambda f: f(np.ones(2))", "True or False"),
    ("02.6", "lambda f: 'True'", "True or False"), ("02.6", "lambda f: 2", "True or False"), ("02.6", "lambda f: np.array([True, True])", "True or False"),
    ("02.6", PAIRS + "return 'yes' if ok else 'no'", "True or False"),
    ("02.7", "lambda x, n: x[:, None] ** np.arange(n + 2)", "one column too many"), ("02.7", "lambda x, n: np.arange(n + 1) ** x[:, None]", "nan|whole numbers to"),
    ("02.7", "lambda x, n: np.exp(np.log(np.abs(x[:, None]) + 1e-300) * np.arange(n + 1))", "should be"), ("02.7", "lambda x, n: x[:, None] ** np.ones(n + 1)", "should be"),
    ("02.7", "lambda x, n: np.polynomial.polynomial.polyvander(x, n)", "without np.vander"), ("02.7", "lambda x, n: x ** n", "rows of 2 numbers"),
    ("02.7", "lambda x, n: np.cos(np.arange(n + 1) * np.arccos(np.clip(x, -1, 1))[:, None])", "should be"),
    ("02.8", POWER + "return v", "must be one number"), ("02.8", POWER + "return np.abs(v @ A @ v)", "the sign is not"), ("02.8", POWER + "return -(v @ A @ v)", "sign is reversed"),
    ("02.8", POWER + "return v @ v", "length of your unit vector"), ("02.8", "lambda A, steps: sorted(np.linalg.eigvals(A), key=abs)[-2]", "by repetition"),
    ("02.8", "lambda A, steps: np.diag(A).max()", "should be|smaller"), ("02.8", "lambda A, steps: A.max()", "should be"), ("02.8", "lambda A, steps: float('inf')", "divide it by its length"),
    ("02.8", "lambda A, steps: 'two'", "must be one number"),
]  # fmt: skip


test_right, test_wrong = both_lists(RIGHT, WRONG)
