"""Chapter 01: answers that people give, and what the checks say."""

from tests.exercises.answers.judged import both_lists

ONE = "lambda h: np.c_[h, np.ones(len(h))]"
FIT = f"def answer(x, y, others):\n    one = {ONE}\n    W = np.linalg.lstsq(one(x), np.eye(y.max() + 1)[y], rcond=None)[0]\n    "
CENTROIDS = "def answer(x, y, o):\n    c = np.stack([x[y == k].mean(0) for k in np.unique(y)])\n    return ((o[:, None] - c) ** 2).sum(2).argmin(1)"
RIGHT = [
    ("01.1", "lambda row, column, width: column + width * row"), ("01.1", "lambda r, c, w: float(r * w + c)"), ("01.1", "lambda r, c, w: [np.int32(r * w + c)]"),
    ("01.1", "lambda r, c, w: sum(w for _ in range(r)) + c"), ("01.1", "lambda r, c, w: np.ravel_multi_index((r, c), (r + 1, w))"),
    ("01.1", "lambda r, c, w: torch.tensor(r * w + c)"),
    ("01.2", "lambda c: tuple(c.to_bytes(3, 'big'))"), ("01.2", "lambda c: np.array([c >> 16, c >> 8 & 255, c & 255], dtype=np.uint8)"),
    ("01.2", "lambda c: [int(f'{c:06x}'[i:i + 2], 16) for i in (0, 2, 4)]"), ("01.2", "lambda c: (c // 256 ** 2, c // 256 % 256, c % 256)"),
    ("01.2", "lambda c: torch.tensor([c // 65536, c % 65536 // 256, c % 256])"),
    ("01.3", "lambda y, n: [[int(k == v) for k in range(n)] for v in y]"), ("01.3", "lambda y, n: y[:, None] == np.arange(n)"),
    ("01.3", "def answer(y, n):\n    rows = np.zeros((len(y), n), dtype=int)\n    rows[np.arange(len(y)), y] = 1\n    return rows"),
    ("01.3", "lambda y, n: torch.nn.functional.one_hot(torch.tensor(y), n)"), ("01.3", "lambda y, n: tuple(tuple(float(k == v) for k in range(n)) for v in y)"),
    ("01.4", "lambda i, t: sum(t[k] for k in i) / len(i)"), ("01.4", "lambda i, t: torch.tensor(t)[torch.tensor(i)].mean(0)"),
    ("01.4", "lambda i, t: [float(np.mean([t[k, e] for k in i])) for e in range(t.shape[1])]"), ("01.4", "lambda i, t: np.mean(t[i], 0).astype(np.float32)"),
    ("01.4", "lambda indices, table: np.average(table[indices], axis=0)"),
    ("01.5", "lambda x: np.hstack([np.array_split(x, 2, axis=1)[i].mean((1, 2)) for i in (0, 1)])"),
    ("01.5", "lambda x: [[*p[:len(p) // 2].mean((0, 1)), *p[len(p) // 2:].mean((0, 1))] for p in x]"),
    ("01.5", "lambda x: torch.tensor(x).reshape(len(x), 2, -1, 3).mean(2).flatten(1)"),
    ("01.6", "lambda k, t: np.argsort(((t - t[k]) ** 2).sum(1))[1]"), ("01.6", "lambda k, t: min((i for i in range(len(t)) if i != k), key=lambda i: np.linalg.norm(t[i] - t[k]))"),
    ("01.6", "def answer(k, t):\n    d = ((t - t[k]) ** 2).sum(1)\n    d[k] = d.max() + 1\n    return torch.tensor(d).argmin()"),
    ("01.6", "def answer(k, t):\n    d = np.linalg.norm(np.delete(t, k, 0) - t[k], axis=1)\n    i = d.argmin()\n    return float(i + (i >= k))"),
    ("01.7", FIT + "return list((one(others) @ W).argmax(1))"), ("01.7", FIT + "return torch.tensor(one(others) @ W).argmax(1)"), ("01.7", CENTROIDS),
    ("01.7", FIT + "return [int(np.argmax(r)) for r in one(others) @ W]"),
]  # fmt: skip
WRONG = [
    ("01.1", "lambda r, c, w: r * w", "where the row begins"), ("01.1", "lambda r, c, w: r * (w + 1) + c", "the index should be"), ("01.1", "lambda r, c, w: 262", "should be 7"),
    ("01.1", "lambda r, c, w: (r * w + c, 0)", "must be one number"), ("01.1", "lambda r, c, w: r * w + c + 0.4", "must be a whole number"),
    ("01.1", "lambda r, c, w: r * w + c - 1", "the index should be"), ("01.1", "lambda r, c, w: (r + 1) * w + c", "the index should be"),
    ("01.2", "lambda c: (c >> 16, c & 255, c >> 8 & 255)", "should be"), ("01.2", "lambda c: (c / 65536, c / 256 % 256, c % 256)", "must be a whole number"),
    ("01.2", "lambda c: (c // 255 ** 2, c // 255 % 255, c % 255)", "divide by 256"), ("01.2", "lambda c: hex(c)", "Return three things"),
    ("01.2", "lambda c: [int(hex(c)[2:][i:i + 2], 16) for i in (0, 2, 4)]", "raised ValueError"), ("01.2", "lambda c: f'{c:06x}'", "three things: the red, the green and the blue"),
    ("01.3", "lambda y, n: np.eye(n)[np.unique(y)]", "should be"), ("01.3", "lambda y, n: np.eye(n)[sorted(y)]", "should be"),
    ("01.3", "lambda y, n: np.eye(n)", "must be 3 rows of 4 numbers"), ("01.3", "lambda y, n: np.eye(n)[y, ::-1]", "should be"),
    ("01.3", "lambda y, n: np.eye(n)[y].ravel()", "must be 3 rows"), ("01.3", "lambda y, n: np.roll(np.eye(n)[y], -1, axis=1)", "too far to the left"),
    ("01.4", "lambda i, t: t[i].mean()", "E numbers"), ("01.4", "lambda i, t: t[i[0]]", "should be"), ("01.4", "lambda i, t: np.median(t[i], axis=0)", "should be"),
    ("01.4", "lambda i, t: t[i].sum(0) / len(t)", "should be"), ("01.4", "lambda i, t: t[i].mean(1)", "axis 0"), ("01.4", "lambda i, t: t[i].mean(0).round()", "should be"),
    ("01.5", "lambda x: x.sum((1, 2))", "must be 2 rows of 6"), ("01.5", "lambda x: np.concatenate([x[:, :4].mean((1, 2)), x[:, 4:].mean((1, 2))], axis=1)", "should be|nan"),
    ("01.5", "lambda x: x.reshape(len(x), 2, -1, 3).sum(2).reshape(len(x), 6)", "take the means"),
    ("01.5", "lambda x: x.reshape(len(x), 2, -1, 3).mean(2)[..., ::-1].reshape(len(x), 6)", "should be"),
    ("01.6", "lambda k, t: 1", "should be"), ("01.6", "lambda k, t: np.sort(np.linalg.norm(t - t[k], axis=1))[1]", "This is the distance"),
    ("01.6", "lambda k, t: t[np.argsort(((t - t[k]) ** 2).sum(1))[1]]", "the row itself; return its number"), ("01.6", "lambda k, t: np.argsort(((t - t[k]) ** 2).sum(1))[2]", "should be"),
    ("01.6", "lambda k, t: np.argsort(abs(t - t[k]).max(1))[1]", "should be"), ("01.6", "lambda k, t: np.argsort(abs(t - t[k]).sum(1))[1]", "absolute differences"),
    ("01.6", "lambda k, t: (k + 1) % len(t)", "should be"), ("01.6", "lambda k, t: np.argsort(((t - t[k]) ** 2).sum(1))[1] + 1", "count from 1"),
    ("01.7", "lambda x, y, others: y", "must be a list of 45 numbers"), ("01.7", FIT + "return (one(others) @ W).argmax(1) + 1", "count the classes from 1"),
    ("01.7", FIT + "return (one(x) @ W).argmax(1)", "must be a list of 45"), ("01.7", FIT + "return one(others) @ W", "These are scores"),
    ("01.7", FIT + "return (one(others) @ W).argmin(1)", "get their class"), ("01.7", FIT + "return ((one(others) @ W).argmax(1) > 0) * 1", "get their class"),
    ("01.7", "lambda x, y, o: np.array([y[((x - r) ** 2).sum(1).argmin()] for r in o])", "no linear probe"), ("01.7", FIT + "return (one(others) @ W).argmax(0)", "must be a list of 45"),
]  # fmt: skip


test_right, test_wrong = both_lists(RIGHT, WRONG)
