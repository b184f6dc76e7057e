"""Chapter 05: answers that people give, and what the checks say."""

from tests.exercises.answers.judged import both_lists

NUMERIC = "def answer(f, x):\n    g, h = np.zeros(x.shape), 1e-5\n    for i in np.ndindex(x.shape):\n        e = np.zeros(x.shape)\n        e[i] = h\n        "
BACK = "def answer(x, y, W1, W2):\n    h = np.tanh(x @ W1.T)\n    d = 2 * (h @ W2.T - y) / y.size\n    back = d @ W2 * (1 - h ** 2)\n    "
RIGHT = [
    ("05.1", "[4, 4, -1]"), ("05.1", "torch.tensor([4., 4, -1])"), ("05.1", "(np.float32(4), 4, -1.0)"), ("05.1", "reference.tensor([4.0, 4, -1])"), ("05.1", "([4], [4], [-1])"),
    ("05.2", "(5, 3)"), ("05.2", "np.array([5.0, 3.0], dtype=np.float32)"), ("05.2", "[2 * 3 + (-1), 3]"), ("05.2", "torch.tensor([5, 3])"),
    ("05.3", "(0.1625, 0.0375)"), ("05.3", "np.float32([0.1625, 0.0375])"), ("05.3", "[0.16249, 0.03751]"), ("05.3", "torch.tensor([0.1625, 0.0375])"),
    ("05.4", "lambda x, w, t: w + (t - np.dot(w, x)) / np.sum(x ** 2) * x"), ("05.4", "lambda x, w, t: [wi + (t - w @ x) * xi / (x @ x) for wi, xi in zip(w, x)]"),
    ("05.4", "lambda x, w, t: w + np.linalg.lstsq(x[None], np.array([t - w @ x]), rcond=None)[0]"), ("05.4", "lambda x, w, t: torch.tensor(w + (t - w @ x) * x / np.linalg.norm(x) ** 2)"),
    ("05.4", "lambda x, w, t: (w + (t - w @ x) * x / (x @ x)).astype(np.float32)"),
    ("05.5", "lambda f, x: f(x + 1e-20j).imag / 1e-20"), ("05.5", "lambda f, x: np.imag(f(complex(x, 1e-100))) / 1e-100"), ("05.5", "lambda f, x: np.float32(f(x + 1e-20j).imag / 1e-20)"),
    ("05.5", "lambda f, x: [f(x + 1e-12j).imag * 1e12]"), ("05.5", "lambda f, x: (f(x + 1e-20j) / 1e-20).imag"), ("05.5", "lambda f, x: torch.tensor(f(x + 1e-20j).imag / 1e-20)"),
    ("05.6", NUMERIC + "g[i] = (f(x + e) - f(x - e)) / (2 * h)\n    return g"), ("05.6", NUMERIC + "g[i] = (f(x + 10 * e) - f(x - 10 * e)) / 2e-4\n    return g.tolist()"),
    ("05.6", NUMERIC + "g[i] = (f(x + e) - f(x - e)) / (2 * h)\n    return torch.tensor(g)"), ("05.6", NUMERIC + "g[i] = (f(x + e / 10) - f(x - e / 10)) / 2e-6\n    return g.astype(np.float32)"),
    ("05.6", "def answer(f, x):\n    g = np.zeros_like(x)\n    for i in range(x.size):\n        up, down = x.copy(), x.copy()\n        up.flat[i] += 1e-4\n        down.flat[i] -= 1e-4\n        g.flat[i] = (f(up) - f(down)) / 2e-4\n    return g"),
    ("05.6", "def answer(f, x):\n    g = np.zeros_like(x)\n    for i in np.ndindex(x.shape):\n        old = x[i]\n        x[i] = old + 1e-5\n        up = f(x)\n        x[i] = old - 1e-5\n        g[i] = (up - f(x)) / 2e-5\n        x[i] = old\n    return g"),
    ("05.7", "lambda x, W, g: [np.dot(g, W), np.dot(g.T, x), g.sum(0)]"), ("05.7", "lambda x, W, g: (g @ W, (x.T @ g).T, [sum(c) for c in g.T])"), ("05.7", "lambda x, W, g: tuple(torch.tensor(v) for v in (g @ W, g.T @ x, g.sum(0)))"),
    ("05.7", "lambda x, W, g: ((g @ W).astype(np.float32), sum(np.outer(a, b) for a, b in zip(g, x)), g.T.sum(1))"),
    ("05.8", BACK + "return back.T @ x, d.T @ h"), ("05.8", BACK + "return [(x.T @ back).T.tolist(), (h.T @ d).T]"),
    ("05.8", "def answer(x, y, W1, W2):\n    x, y, A, B = (torch.tensor(v, requires_grad=True) for v in (x, y, W1, W2))\n    ((torch.tanh(x @ A.T) @ B.T - y) ** 2).mean().backward()\n    return A.grad, B.grad"),
    ("05.8", "def answer(x, y, W1, W2):\n    loss = lambda a, b: ((np.tanh(x @ a.T) @ b.T - y) ** 2).mean()\n    step = lambda w, f: np.array([[(f(w + 1e-5 * e) - f(w - 1e-5 * e)) / 2e-5 for e in np.eye(w.size)[k * w.shape[1]:(k + 1) * w.shape[1]].reshape(-1, *w.shape)] for k in range(len(w))])\n    return step(W1, lambda a: loss(a, W2)), step(W2, lambda b: loss(W1, b))"),
]  # fmt: skip
WRONG = [
    ("05.1", "(-1, 4, 4)", "order is reversed"), ("05.1", "(4, 4)", "Give three things: ∂f/∂a, ∂f/∂b and ∂f/∂c"), ("05.1", "(4, -4, -1)", "although its value is negative"), ("05.1", "(4, 4, -1.2)", "Forward first"), ("05.1", "-4", "Give three things"),
    ("05.1", "(8, -12, -1)", "Forward first"), ("05.1", "(0, 0, 0)", "Forward first"),
    ("05.2", "(3, 3)", "must be added"), ("05.2", "(5, 6)", "how f changes with w"), ("05.2", "(5.4, 3)", "Multiply out"), ("05.2", "5", "Give two things"), ("05.2", "(7, 3)", "Multiply out"), ("05.2", "(2.0000001, 3)", "must be added"),
    ("05.3", "(0.1625, 0.0125)", "how far it moved"), ("05.3", "(0.163, 0.037)", "four decimals"), ("05.3", "(0.1842, 0.0158)", "slide prints"), ("05.3", "0.1625", "Give two things: the new output and the new error"), ("05.3", "(16.25, 3.75)", "Multiply pairwise"),
    ("05.3", "(0.1623, 0.0377)", "four decimals"), ("05.3", "(0.2, 0)", "Multiply pairwise"),
    ("05.4", "lambda x, w, t: w", "the new w should be"), ("05.4", "lambda x, w, t: w * t / (w @ x)", "another change"), ("05.4", "lambda x, w, t: w + t * x / (x @ x)", "not the whole target"), ("05.4", "lambda x, w, t: w + (t - w @ x) / x.sum()", "another change|entry"),
    ("05.4", "lambda x, w, t: w + (t - w @ x) / len(x)", "entry [0] of the new w"), ("05.4", "lambda x, w, t: (w + (t - w @ x) * x / (x @ x)).round(3)", "entry [0] of the new w"), ("05.4", "lambda x, w, t: w @ x", "must be a list of 3"), ("05.4", "lambda x, w, t: t * x / (x @ x)", "another change"),
    ("05.5", "lambda f, x: (f(x + 1e-8) - f(x)) / 1e-8", "a difference loses digits"), ("05.5", "lambda f, x: np.float32((f(x + 1e-5) - f(x - 1e-5)) / 2e-5)", "a difference loses digits"), ("05.5", "lambda f, x: f(x + 1e-3j).imag / 1e-3", "choose a smaller h"),
    ("05.5", "lambda f, x: f(x + 1e-20j) / 1e-20", "must be one number"), ("05.5", "lambda f, x: f(x)", "The real part"), ("05.5", "lambda f, x: f(x + 1e-20j).imag * 1e-20", "Divide"), ("05.5", "lambda f, x: 2 * f(x + 1e-20j).imag / 1e-20", "it should be"),
    ("05.5", "lambda f, x: round(f(x + 1e-20j).imag / 1e-20, 6)", "digits are lost"), ("05.5", "lambda f, x: abs(f(x + 1e-20j).imag / 1e-20)", "it should be"),
    ("05.6", NUMERIC + "g[i] = (f(x + 1e-2 * e) - f(x)) / (h * 1e-2)\n    return g", "one-sided"), ("05.6", NUMERIC + "g[i] = (f(x) - f(x - e)) / h\n    return g", "one-sided"), ("05.6", NUMERIC + "g[i] = (f(x + 1e-8 * e) - f(x - 1e-8 * e)) / 2e-13\n    return g", "digits are lost|should be"),
    ("05.6", NUMERIC + "g[i] = (f(x + e) - f(x - e)) / 2\n    return g", "should be"), ("05.6", NUMERIC + "g[i] = f(x + e)\n    return g", "should be"), ("05.6", NUMERIC + "g[i] = (f(x + e) - f(x - e)) / (2 * h)\n    return g.ravel()", "must be 2 rows of 4"),
    ("05.6", "lambda f, x: (f(x + 1e-5) - f(x - 1e-5)) / 2e-5", "must be a list of 3"), ("05.6", NUMERIC + "g[i] = (f(e) - f(-e)) / (2 * h)\n    return g", "should be"),
    ("05.7", "lambda x, W, g: (g @ W, g.T @ x, g.sum(1))", "not over the outputs"), ("05.7", "lambda x, W, g: (g @ W, g.T @ x / len(x), g.mean(0))", "Do not divide by"), ("05.7", "lambda x, W, g: (g @ W.T, g.T @ x, g.sum(0))", "without a transpose"),
    ("05.7", "lambda x, W, g: (g @ W, g.T @ x)", "Return three things: dx, dW and db"), ("05.7", "lambda x, W, g: (x @ W.T, g.T @ x, g.sum(0))", "entry [0, 0] of dx"), ("05.7", "lambda x, W, g: (g @ W, g.T @ x, g.sum())", "db must be"),
    ("05.7", "lambda x, W, g: (g @ W, g.T @ x, 2 * g.sum(0))", "entry [0] of db should be"), ("05.7", "lambda x, W, g: (g @ W, W, g.sum(0))", "entry [0, 0] of dW should be"),
    ("05.8", BACK + "return d.T @ h, back.T @ x", "order is reversed"), ("05.8", BACK + "return d.T @ h", "should be|must be|two things"), ("05.8", BACK + "return (d @ W2 * h).T @ x, d.T @ h", "not h itself"), ("05.8", BACK + "return 2 * back.T @ x, d.T @ h", "entry [0, 0] of the gradient of W1"),
    ("05.8", BACK + "return (back.T @ x).T, d.T @ h", "the gradient of W1 must be"), ("05.8", BACK + "return back.T @ x * len(x), d.T @ h * len(x)", "should be"), ("05.8", BACK + "return W1 - back.T @ x, W2 - d.T @ h", "should be"), ("05.8", BACK + "return np.zeros(W1.shape), d.T @ h", "should be"),
]  # fmt: skip


test_right, test_wrong = both_lists(RIGHT, WRONG)
