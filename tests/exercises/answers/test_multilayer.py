"""Chapter 04: answers that people give, and what the checks say."""

from tests.exercises.answers.judged import both_lists

BUMP = "def answer(x, left, right, k):\n    s = lambda z: 1 / (1 + np.exp(-z))\n    "
RIGHT = [
    ("04.1", "lambda x1, x2: x1 != x2"), ("04.1", "lambda x1, x2: x1 ^ x2"), ("04.1", "lambda x1, x2: (x1 + x2) % 2"), ("04.1", "lambda x1, x2: np.float32(abs(x1 - x2))"),
    ("04.1", "lambda x1, x2: (x1 or x2) and not (x1 and x2)"), ("04.1", "lambda x1, x2: np.array([x1 + x2 == 1])"), ("04.1", "lambda x1, x2: torch.tensor(x1 != x2)"),
    ("04.2", "[(0, 0), (1, 0), (1, 0), (2, 1)]"), ("04.2", "np.array([[0, 0], [1, 0], [1, 0], [2, 1]], dtype=np.float32)"), ("04.2", "torch.relu(torch.tensor([[0., -1], [1, 0], [1, 0], [2, 1]]))"),
    ("04.2", "[[max(a + b, 0), max(a + b - 1, 0)] for a in (0, 1) for b in (0, 1)]"),
    ("04.3", "lambda s: sum(a * b + b for a, b in zip(s, s[1:]))"), ("04.3", "lambda s: float(np.dot(np.array(s[:-1]) + 1, s[1:]))"), ("04.3", "lambda s: [sum(s[i + 1] * (s[i] + 1) for i in range(len(s) - 1))]"),
    ("04.3", "lambda sizes: 0 if len(sizes) < 2 else (sizes[0] + 1) * sizes[1] + sum((a + 1) * b for a, b in zip(sizes[1:], sizes[2:]))"),
    ("04.3", "lambda s: sum(p.numel() for a, b in zip(s, s[1:]) for p in torch.nn.Linear(a, b).parameters())"),
    ("04.4", "lambda x, W1, b1, W2, b2: np.tanh(x.dot(W1.T) + b1).dot(W2.T) + b2"), ("04.4", "lambda x, W1, b1, W2, b2: [list(W2 @ np.tanh(W1 @ r + b1) + b2) for r in x]"),
    ("04.4", "lambda x, W1, b1, W2, b2: torch.tanh(torch.tensor(x @ W1.T + b1)) @ torch.tensor(W2).T + torch.tensor(b2)"),
    ("04.4", "lambda x, W1, b1, W2, b2: (2 / (1 + np.exp(-2 * (x @ W1.T + b1))) - 1) @ W2.T + b2"),
    ("04.5", "lambda W1, b1, W2, b2: (W2 @ W1, W2 @ b1 + b2)"), ("04.5", "lambda W1, b1, W2, b2: [np.dot(W2, W1).tolist(), (W2.dot(b1) + b2).tolist()]"), ("04.5", "lambda W1, b1, W2, b2: ((W1.T @ W2.T).T, b1 @ W2.T + b2)"),
    ("04.5", "lambda W1, b1, W2, b2: (torch.tensor(W2 @ W1), np.float32(W2 @ b1 + b2))"), ("04.5", "lambda W1, b1, W2, b2: ((lambda g: (np.stack([g(e) - g(0 * e) for e in np.eye(W1.shape[1])], 1), g(np.zeros(W1.shape[1]))))(lambda x: W2 @ (W1 @ x + b1) + b2))"),
    ("04.6", BUMP + "return s(k * (x - left)) - s(k * (x - right))"), ("04.6", BUMP + "return s(k * (x - left)) + s(-k * (x - right)) - 1"), ("04.6", BUMP + "return [s(k * (v - left)) - s(k * (v - right)) for v in x]"),
    ("04.6", BUMP + "return torch.sigmoid(torch.tensor(k * (x - left))) - torch.sigmoid(torch.tensor(k * (x - right)))"), ("04.6", BUMP + "return (s(k * x - k * left) - s(k * x - k * right)).astype(np.float32)"),
]  # fmt: skip
WRONG = [
    ("04.1", "lambda a, b: 1.5 * (a != b)", "must be a whole number; 1.5 is not"), ("04.1", "lambda a, b: 0.9 * (a != b)", "must be a whole number"), ("04.1", "lambda a, b: a + b", "[0, 1, 1, 2]"), ("04.1", "lambda a, b: a - b", "[0, -1, 1, 0]"),
    ("04.1", "lambda a, b: a and b", "This is AND"), ("04.1", "lambda a, b: a | b", "This is OR"), ("04.1", "lambda a, b: not (a and b)", "This is NAND"), ("04.1", "lambda a, b: 1", "[1, 1, 1, 1]"), ("04.1", "lambda a, b: 'yes'", "one number"),
    ("04.1", "lambda a, b: [a, b]", "one number"),
    ("04.2", "[[0, 1, 1, 2], [0, 0, 0, 1]]", "four rows of two"), ("04.2", "[[0, 1], [1, 0], [1, 0], [2, 1]]", "absolute value"), ("04.2", "[[0, 0], [0, 1], [1, 0], [1, 1]]", "inputs themselves"), ("04.2", "[0, 1, 1, 2]", "4 rows of 2"),
    ("04.2", "[[0, 0], [1, 0], [1, 0], [1, 1]]", "Row 4"), ("04.2", "[[0, 0], [1, 0.4], [1, 0], [2, 1]]", "Row 2"), ("04.2", "np.zeros((4, 2))", "Row 2"),
    ("04.3", "lambda s: sum(a * b + a for a, b in zip(s, s[1:]))", "leads to"), ("04.3", "lambda s: len(s)", "counted layers"), ("04.3", "lambda s: sum(a * b + 1 for a, b in zip(s, s[1:]))", "not each layer"), ("04.3", "lambda s: int(np.prod(s))", "should be 13"),
    ("04.3", "lambda s: s[0] * s[1] + s[1] + s[1] * s[2] + s[2]", "raised IndexError|should be"), ("04.3", "lambda s: 13", "should be 83"), ("04.3", "lambda s: s.pop()", "in place"), ("04.3", "lambda s: sum((a + 1) * (b + 1) for a, b in zip(s, s[1:]))", "should be"),
    ("04.3", "lambda s: sum((a + 1) * b for a, b in zip(s, s[1:])) + 0.3", "must be a whole number"),
    ("04.4", "lambda x, W1, b1, W2, b2: np.tanh(x @ W1.T) @ W2.T", "Both biases"), ("04.4", "lambda x, W1, b1, W2, b2: np.tanh(x @ W1.T + b1)", "still to come"), ("04.4", "lambda x, W1, b1, W2, b2: 1 / (1 + np.exp(-(x @ W1.T + b1))) @ W2.T + b2", "should be|sigmoid"),
    ("04.4", "lambda x, W1, b1, W2, b2: np.tanh(x @ W1.T + b1) @ W2 + b2", "should be"), ("04.4", "lambda x, W1, b1, W2, b2: np.tanh(x @ W1.T + b1) @ W2.T - b2", "should be"), ("04.4", "lambda x, W1, b1, W2, b2: (W2 @ np.tanh(W1 @ x.T + b1[:, None]))", "must be 4 rows of 2"),
    ("04.4", "lambda x, W1, b1, W2, b2: (np.tanh(x @ W1.T + b1) @ W2.T + b2).argmax(1)", "must be 4 rows of 2"),
    ("04.4", "lambda x, W1, b1, W2, b2: np.tanh(x @ W1.T + b1) @ W2.T + b2 + 0 * x", "raised ValueError"),
    ("04.5", "lambda W1, b1, W2, b2: (W2 @ W1, b1 @ W2 + b2)", "a column"), ("04.5", "lambda W1, b1, W2, b2: (W1 + W2, b1 + b2)", "not a sum"), ("04.5", "lambda W1, b1, W2, b2: (W2 * W1, W2 @ b1 + b2)", "entry by entry"),
    ("04.5", "lambda W1, b1, W2, b2: W2 @ W1", "two things: W and b"), ("04.5", "lambda W1, b1, W2, b2: (W2 @ b1 + b2, W2 @ W1)", "W must be"), ("04.5", "lambda W1, b1, W2, b2: (W2 @ W1, W2 @ b1 - b2)", "b should be"),
    ("04.5", "lambda W1, b1, W2, b2: (W2 @ W1, (W2 @ b1 + b2)[0])", "b must be"),
    ("04.6", BUMP + "return s(k * (x - left))", "single step"), ("04.6", BUMP + "return s((x - left) / k) - s((x - right) / k)", "do not divide"), ("04.6", BUMP + "return s(k * (x + left)) - s(k * (x + right))", "sign within"),
    ("04.6", BUMP + "return np.tanh(k * (x - left)) - np.tanh(k * (x - right))", "tanh goes"), ("04.6", BUMP + "return ((x > left) & (x < right)) * 1", "should be"), ("04.6", BUMP + "return s(k * (x - left)) * s(-k * (x - right))", "multiply two sigmoids"),
    ("04.6", BUMP + "return (s(k * (x - left)) - s(k * (x - right))).round(2)", "should be"), ("04.6", BUMP + "return s(k * (x - left)).sum()", "must be a list of 9"),
]  # fmt: skip


test_right, test_wrong = both_lists(RIGHT, WRONG)
