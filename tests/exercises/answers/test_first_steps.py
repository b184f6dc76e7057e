"""Chapter 00: answers that people give, and what the checks say."""

from tests.exercises.answers.judged import both_lists

STEP = "def answer(w, b, x, y, rate):\n    p = 1 / (1 + np.exp(-(w * x + b)))\n    dw, db = ((p - y) * x).mean(), (p - y).mean()\n    "
RIGHT = [
    ("00.1", "6.8"), ("00.1", "np.float32(6.8)"), ("00.1", "[6.8]"), ("00.1", "torch.tensor(6.75)"), ("00.1", "7"),
    ("00.2", "lambda s, t: s > t"), ("00.2", "lambda s, t: [bool(v > t) for v in s]"), ("00.2", "lambda s, t: np.where(s > t, 1.0, 0.0)"),
    ("00.2", "lambda size, threshold: torch.tensor(size) > threshold"), ("00.2", "lambda s, t: 1 - (s <= t)"),
    ("00.2", "lambda s, t: np.heaviside(s - t, 0)"),
    ("00.3", "lambda r, s: [[sum(1 for a, b in zip(r, s) if (a, b) == (i, j)) for j in (0, 1)] for i in (0, 1)]"),
    ("00.3", "lambda r, s: np.eye(2)[r].T @ np.eye(2)[s]"),
    ("00.3", "def answer(r, s):\n    t = np.zeros((2, 2))\n    np.add.at(t, (r, s), 1)\n    return reference.tensor(t)"),
    ("00.4", "[640, 160, 200]"), ("00.4", "torch.tensor([640., 160, 200])"), ("00.4", "(1000 * 0.8 * 0.8, 1000 * 0.8 * 0.2, 1000 * 0.2)"),
    ("00.5", "np.array(['supervised', 'unsupervised', 'reinforcement'] * 2)"), ("00.5", "['Supervised learning', 'unsupervised', 'reinforcement '] * 2"),
    ("00.6", "lambda w, b: np.float32(-b / w)"), ("00.6", "lambda w, b: [-b / w]"), ("00.6", "lambda w, b: b / -w"),
    ("00.7", STEP + "return np.array([w - rate * dw, b - rate * db])"), ("00.7", STEP + "return torch.tensor([w - rate * dw, b - rate * db])"),
    ("00.7", STEP + "return [w - rate * dw, [b - rate * db]]"), ("00.7", STEP + "return reference.tensor(w - rate * dw), np.float32(b - rate * db)"),
    ("00.8", "lambda s, r: np.float32(min(np.unique(s), key=lambda t: ((s > t) != r).sum()))"),
    ("00.8", "lambda s, r: min(np.r_[0, s], key=lambda t: ((s > t) != r).sum())"),
    ("00.8", "lambda s, r: max(s + 1e-3, key=lambda t: ((s > t) == r).mean())"),
]  # fmt: skip
WRONG = [
    ("00.1", "7.4", "too high"), ("00.1", "6.3", "too low"), ("00.1", "9.9", "alike"), ("00.1", "-6.8", "alike"), ("00.1", "'6.8'", "one number"),
    ("00.1", "(6.8, 7)", "one number"), ("00.1", "float('nan')", "nan"),
    ("00.2", "lambda s, t: (s.round() > t) * 1", "entry [5] of the result should be 0"), ("00.2", "lambda s, t: np.sign(s - t)", "should be 0; you have -1"),
    ("00.2", "lambda s, t: s // t", "should be 0; you have 1"), ("00.2", "lambda s, t: s[0] > t", "must be a list of 6 numbers"),
    ("00.2", "lambda s, t: (s > s.mean()) * 1", "should be"), ("00.2", "lambda s, t: (s > t).any()", "must be a list"),
    ("00.3", "lambda r, s: [[3, 1], [2, 4]]", "should be"), ("00.3", "lambda r, s: [(r == s).sum(), (r != s).sum()]", "2 rows of 2 numbers"),
    ("00.3", "lambda r, s: np.bincount(2 * r + s, minlength=4).reshape(2, 2) / max(r.sum(), 1)", "should be"),
    ("00.3", "lambda r, s: np.bincount(2 * r + s).reshape(2, 2)", "raised ValueError"),
    ("00.3", "lambda r, s: np.bincount(2 * r + s, minlength=4)", "two rows"),
    ("00.4", "(640, 160)", "Give three things"), ("00.4", "1000", "Give three things"), ("00.4", "(800, 0, 200)", "Put 20%"), ("00.4", "(0.64, 0.16, 0.2)", "shares"),
    ("00.4", "(640.4, 160, 200)", "add up to 1000.4"), ("00.4", "(640, 200, 160)", "validation rows come second"),
    ("00.5", "'supervised'", "a list of six texts"), ("00.5", "['supervised'] * 5", "six texts"), ("00.5", "[1, 2, 3, 1, 2, 3]", "Number 1 of the list"),
    ("00.5", "['supervised', 'reinforcement', 'unsupervised'] * 2", "Number 2 is not reinforcement"),
    ("00.6", "lambda w, b: abs(b / w)", "may be negative"), ("00.6", "lambda w, b: round(-b / w)", "should be"), ("00.6", "lambda w, b: 6.8", "should be 6;"),
    ("00.6", "lambda w, b: -b / w or 1", "b = 0.0"), ("00.6", "lambda w, b: -b * w", "should be"), ("00.6", "lambda w, b: 0.5 - b / w", "should be"),
    ("00.7", STEP + "return w - rate * dw, b", "b must move"), ("00.7", STEP + "return b - rate * db, w - rate * dw", "order is reversed"),
    ("00.7", STEP + "return w - rate * dw", "Return two things: the new w and the new b"), ("00.7", STEP + "return w - rate * dw, 2 * b - rate * db", "the new b should be"),
    ("00.7", STEP + "return w - rate * (p - y)[0] * x[0], b - rate * (p - y)[0]", "the new w should be"),
    ("00.7", STEP + "return round(w - rate * dw, 2), round(b - rate * db, 2)", "should be"),
    ("00.8", "lambda s, r: s[r == 1].min()", "only 77"), ("00.8", "lambda s, r: np.argmin([((s > t) != r).sum() for t in s])", "position in a list"),
    ("00.8", "lambda s, r: 6.8", "a box of 60, 6.8 cm"), ("00.8", "lambda s, r: s.mean()", "there is a threshold with only"),
    ("00.8", "lambda s, r: max(s, key=lambda t: ((s >= t) == r).sum())", "You count with ≥"),
    ("00.8", "lambda s, r: min(s[:5], key=lambda t: ((s > t) != r).sum())", "there is a threshold with only"),
]  # fmt: skip


test_right, test_wrong = both_lists(RIGHT, WRONG)
