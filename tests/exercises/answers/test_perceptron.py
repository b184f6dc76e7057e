"""Chapter 03: answers that people give, and what the checks say."""

from tests.exercises.answers.judged import both_lists

UPDATE = "def answer(w, b, x, target, rate):\n    e = target - (1 if np.dot(w, x) + b > 0 else 0)\n    "
BOUND = "def answer(x, target, w, b):\n    X = np.hstack([x, np.ones((len(x), 1))])\n    v = np.append(w, b)\n    R = np.sqrt((X ** 2).sum(1)).max()\n    g = ((2 * target - 1) * (X @ v)).min() / np.linalg.norm(v)\n    "
RIGHT = [
    ("03.1", "(1, 1, 0.5)"), ("03.1", "[1, 1, 0]"), ("03.1", "np.array([0.5, 0.5, 0.2], dtype=np.float32)"), ("03.1", "torch.tensor([2., 3, 1])"), ("03.1", "(True, True, False)"),
    ("03.1", "(np.float64(3), 0.4, 0.3)"), ("03.1", "([1], [1], [0.5])"),
    ("03.2", "(-2, 1)"), ("03.2", "[-1, 1]"), ("03.2", "np.array([-1.0, 0.25])"), ("03.2", "torch.tensor([-10., 3])"), ("03.2", "(np.float32(-5), 0.1)"),
    ("03.3", "lambda x, w, b: x @ w + b > 0"), ("03.3", "lambda x, w, b: [int(sum(r * w) + b > 0) for r in x]"), ("03.3", "lambda x, w, b: np.where(np.dot(x, w) > -b, 1.0, 0.0)"),
    ("03.3", "lambda x, w, b: np.heaviside(x @ w + b, 0)"), ("03.3", "lambda x, w, b: torch.tensor(x @ w + b) > 0"), ("03.3", "lambda x, w, b: np.maximum(np.sign(x @ w + b), 0)"),
    ("03.4", "lambda w, b, x, t: np.min(np.where(t == 1, 1, -1) * (x @ w + b)) / np.linalg.norm(w)"), ("03.4", "lambda w, b, x, t: np.float32(min(((2 * t - 1) * (x @ w + b)) / np.sqrt(sum(w ** 2))))"),
    ("03.4", "lambda w, b, x, t: sorted((1 if k else -1) * (r @ w + b) / np.hypot.reduce(w) for r, k in zip(x, t))[0]"), ("03.4", "lambda w, b, x, t: [torch.tensor((2 * t - 1) * (x @ w + b) / np.linalg.norm(w)).min()]"),
    ("03.5", UPDATE + "return w + rate * e * x, b + rate * e"), ("03.5", UPDATE + "return [w + rate * e * x, b + rate * e]"), ("03.5", UPDATE + "return list(w + rate * e * x), np.array([b + rate * e])"),
    ("03.5", UPDATE + "return torch.tensor(w + rate * e * x), reference.tensor(b + rate * e)"), ("03.5", UPDATE + "return [wi + rate * e * xi for wi, xi in zip(w, x)], b + rate * e"),
    ("03.6", "([2, -2, -2, 2], [-1, -1, -1, -1])"), ("03.6", "np.array([[2, 0, 0, 2], [-1, -1, -1, -1]])"), ("03.6", "torch.tensor([[2., 0, 0, 2], [-1, -1, -1, -1]])"),
    ("03.6", "(np.array([[2.0, 0, 0, 2]]), np.full(4, -0.5))"), ("03.6", "([1, 0, 0, 1], [0, 0, 0, 0])"),
    ("03.7", BOUND + "return (R / g) ** 2"), ("03.7", BOUND + "return np.float32(R ** 2 / g ** 2)"), ("03.7", BOUND + "return [R * R / (g * g)]"), ("03.7", BOUND + "return torch.tensor((R / g) ** 2)"),
]  # fmt: skip
WRONG = [
    ("03.1", "(0.5, 0.5, 0.5)", "This is AND"), ("03.1", "(0, 0, 0)", "OR is"), ("03.1", "(1, 1)", "Give three things"), ("03.1", "(1, 0, 0.5)", "OR is [0, 1, 1, 1]"),
    ("03.1", "(1, 1, -0.5)", "gave the bias"), ("03.1", "(-1, -1, -1.5)", "It always fires|OR is"), ("03.1", "'OR'", "Give three things"),
    ("03.2", "(-1, 0.5)", "pair above"), ("03.2", "np.float32([-1, 0.5])", "pair above"), ("03.2", "(-0.5, 0.5, 1)", "Give two things"), ("03.2", "(-1, 0)", "never fires"), ("03.2", "(-0.25, 0.5)", "always fires"),
    ("03.2", "(1, -0.5)", "repeats its input"), ("03.2", "(-1, -0.5)", "b must be above 0"), ("03.2", "lambda x: 1 - x", "Give two things"),
    ("03.3", "lambda x, w, b: np.sign(x @ w + b)", "np.sign also"), ("03.3", "lambda x, w, b: np.where(x @ w + b > 0, 1, -1)", "not 1 and −1"), ("03.3", "lambda x, w, b: x @ w > b", "compare x·w with b"),
    ("03.3", "lambda x, w, b: (x @ w + b < 0) * 1", "wrong side"), ("03.3", "lambda x, w, b: x * w + b > 0", "must be a list of 4"), ("03.3", "lambda x, w, b: (x[0] @ w + b > 0)", "must be a list of 4"),
    ("03.3", "lambda x, w, b: 1 / (1 + np.exp(-(x @ w + b)))", "should be"), ("03.3", "lambda x, w, b: (x @ w + b > 0.5) * 1", "should be"), ("03.3", "lambda x, w, b: np.ones(len(x))", "should be"),
    ("03.4", "lambda w, b, x, t: ((2 * t - 1) * (x @ w + b)).min() / (w @ w)", "not by its square"), ("03.4", "lambda w, b, x, t: ((2 * t - 1) * (x @ w + b)).min() / np.linalg.norm([*w, b])", "no part of the direction"),
    ("03.4", "lambda w, b, x, t: (t * (x @ w + b)).min() / np.linalg.norm(w)", "Target 0"), ("03.4", "lambda w, b, x, t: ((2 * t - 1) * (x @ w + b) / np.linalg.norm(w))", "smallest of them"),
    ("03.4", "lambda w, b, x, t: ((1 - 2 * t) * (x @ w + b)).min() / np.linalg.norm(w)", "should be"), ("03.4", "lambda w, b, x, t: ((2 * t - 1) * (x @ w + b)).max() / np.linalg.norm(w)", "not the largest"),
    ("03.4", "lambda w, b, x, t: ((2 * t - 1) * (x @ w - b)).min() / np.linalg.norm(w)", "should be"), ("03.4", "lambda w, b, x, t: max(0, ((2 * t - 1) * (x @ w + b)).min() / np.linalg.norm(w))", "should be"),
    ("03.5", UPDATE + "return w + rate * e * x, b + rate * e * x", "its input is 1, not x"), ("03.5", UPDATE + "return b + rate * e, w + rate * e * x", "the new w must be"), ("03.5", UPDATE + "return w + rate * e * x", "two things"),
    ("03.5", UPDATE + "return w + rate * e, b + rate * e", "should be"), ("03.5", UPDATE + "return w + rate * abs(e) * x, b + rate * abs(e)", "should be"), ("03.5", UPDATE + "w += rate * e * x\n    return w, b + rate * e", "in place"),
    ("03.5", "def answer(w, b, x, t, r):\n    e = t - (x @ w > 0)\n    return w + r * e * x, b + r * e", "without the bias"), ("03.5", UPDATE + "return w + rate * target * x, b + rate * target", "should be"),
    ("03.6", "([1, -1, -1, 1], [-0.5] * 4)", "numbers above"), ("03.6", "np.array([[1, -1, -1, 1], [-0.5] * 4])", "numbers above"), ("03.6", "([2, 0, 0, 2], -1)", "The biases must be a list of 4"), ("03.6", "[1, 0, 0, 1]", "Give two things"),
    ("03.6", "([-1, -1, -1, -1], [1, 0, 0, 1])", "With the sensor at 0 the layer outputs 1001"), ("03.6", "([-2, 2, 2, -2], [-1] * 4)", "exactly the opposite"), ("03.6", "([2, 0, 0, 1], [-1] * 4)", "outputs 1000"),
    ("03.7", BOUND + "return R / g", "Square it"), ("03.7", BOUND + "return (g / R) ** 2", "This is γ/R"), ("03.7", BOUND + "return (R / g) ** 2 + 1", "should be"), ("03.7", BOUND + "return int((R / g) ** 2)", "should be"),
    ("03.7", BOUND + "return (np.abs(X).max() / g) ** 2", "should be"), ("03.7", BOUND + "return (np.sqrt((X ** 2).sum(1)).mean() / g) ** 2", "should be"),
    ("03.7", BOUND + "return (R / (g * np.linalg.norm(v) / np.linalg.norm(w))) ** 2", "not of w alone"), ("03.7", BOUND + "return 2 * (R / g) ** 2", "should be"),
]  # fmt: skip


test_right, test_wrong = both_lists(RIGHT, WRONG)
