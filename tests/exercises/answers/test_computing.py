"""Chapter 15: right answers in other words, and wrong ones with words of their feedback."""

import itertools
from fractions import Fraction

import numpy as np
import torch

from tests.exercises.answers.judged import both_tables


def counted(sizes, batch):
    total = 0
    for n_in, n_out in itertools.pairwise(sizes):
        forward = 2 * batch * n_in * n_out
        to_weights = 2 * n_out * batch * n_in
        to_inputs = 2 * batch * n_out * n_in
        total += forward + to_weights + to_inputs
    return total


def joined_by_loop(gradients, rows):
    total = [0.0] * gradients.shape[1]
    for mean, n in zip(gradients, rows, strict=True):
        total = [a + n * b for a, b in zip(total, mean, strict=True)]
    return [a / sum(rows) for a in total]


def gradient_by_loop(x, p, y):
    total = np.zeros((p.shape[1], x.shape[1]))
    for row, probabilities, label in zip(x, p, y, strict=True):
        error = [q - (c == label) for c, q in enumerate(probabilities)]
        total += np.outer(error, row)
    return total / len(x)


def gradient_by_torch(x, p, y):
    logits = torch.tensor(np.log(np.maximum(p, 1e-300)))
    weights = torch.zeros(p.shape[1], x.shape[1], dtype=torch.float64, requires_grad=True)
    scores = logits + torch.tensor(x) @ weights.T
    torch.nn.functional.cross_entropy(scores, torch.tensor(y)).backward()
    return weights.grad


def line(batches, seconds):
    table = np.column_stack([np.ones(len(batches)), batches])
    return np.linalg.lstsq(table, seconds, rcond=None)[0]


RIGHT = {
    "15.1": [
        counted,
        lambda sizes, batch: torch.tensor(counted(sizes, batch)),
        lambda sizes, batch: float(sum(6 * batch * sizes[i] * sizes[i + 1] for i in range(len(sizes) - 1))),
        lambda sizes, batch: [counted(sizes, batch)],
        lambda sizes, batch: 6 * batch * (np.array(sizes)[1:] * np.array(sizes)[:-1]).sum(),
    ],
    "15.2": [
        lambda weights, kept: weights * 4 + weights * 4 + weights * kept * 4,
        lambda weights, kept: np.zeros(weights * (kept + 2), np.float32).nbytes,
        lambda weights, kept: 4.0 * weights * (1 + 1 + kept),
        lambda weights, kept: sum(weights * 4 for _ in range(kept + 2)),
    ],
    "15.3": [
        lambda i, p, b: np.minimum(p, i * b),
        lambda i, p, b: i * b if i * b < p else p,
        lambda i, p, b: torch.tensor([p, i * b]).min(),
        lambda i, p, b: sorted([p, i * b])[0],
        lambda i, p, b: 1 / max(1 / p, 1 / (i * b)),
    ],
    "15.4": [
        lambda s, p: (s / p + (1 - s)) ** -1,
        lambda s, p: Fraction(1) / (1 - Fraction(s) + Fraction(s) / p),
        lambda share, processes: 100 / (100 * (1 - share) + 100 * share / processes),
        lambda s, p: np.float32(1 / ((1 - s) + s / p)),
    ],
    "15.5": [
        joined_by_loop,
        lambda g, n: (g * n[:, None]).sum(0) / n.sum(),
        lambda g, n: np.repeat(g, n, axis=0).mean(axis=0),
        lambda g, n: torch.tensor(n, dtype=torch.float64) @ torch.tensor(g) / n.sum(),
        lambda g, n: tuple(np.float32(v) for v in joined_by_loop(g, n)),
    ],
    "15.6": [
        gradient_by_loop,
        gradient_by_torch,
        lambda x, p, y: ((p - (y[:, None] == np.arange(p.shape[1]))).T @ x / len(y)).astype(np.float32),
        lambda x, p, y: np.mean([np.outer(q - np.eye(len(q))[c], v) for v, q, c in zip(x, p, y, strict=True)], axis=0),
        lambda x, p, y: gradient_by_loop(x, p, y).tolist(),
    ],
    "15.7": [
        line,
        lambda b, s: np.polyfit(b, s, 1)[::-1],
        lambda b, s: np.polyfit(b, s, 1, w=1 / s)[::-1],
        lambda b, s: list(np.polynomial.Polynomial.fit(b, s, 1).convert().coef),
        lambda b, s: torch.linalg.lstsq(torch.tensor(np.c_[b**0, b]), torch.tensor(s[:, None])).solution.ravel(),
        lambda b, s: (s.mean() - np.cov(b, s)[0, 1] / b.var(ddof=1) * b.mean(), np.cov(b, s)[0, 1] / b.var(ddof=1)),
    ],
}
WRONG = {
    "15.1": [
        (lambda sizes, batch: counted(sizes, batch) / 3, "forward pass alone"),
        (lambda sizes, batch: counted(sizes[:2], batch), "should be"),
        (lambda sizes, batch: counted(sizes, batch) + 2 * batch * sum(sizes[1:]), "should be"),
        (lambda sizes, batch: counted(sizes, batch + 1), "should be"),
        (
            lambda sizes, batch: 6 * batch * sum(a * b + b for a, b in itertools.pairwise(sizes)),
            "should be 630; you have 840",
        ),
        (lambda sizes, batch: 6 * batch * sizes[0] * sizes[-1], "should be"),
        (lambda sizes, batch: counted(sizes, 1), "This is one sample"),
    ],
    "15.2": [
        (lambda n, k: 4 * n * (2 + 2), "For weights = 1000, kept = 0"),
        (lambda n, k: 4 * n * 2 * k, "should be"),
        (lambda n, k: 4 * n * (2 + k) / 1024, "whole number"),
        (lambda n, k: 4 * (n + k), "should be"),
        (lambda n, k: 2 * n * (2 + k), "should be"),
        (lambda n, k: 4 * n * (2 + k) + 1, "should be 987,296; you have 987,297"),
    ],
    "15.3": [
        (lambda i, p, b: (p + i * b) / 2, "should be"),
        (lambda i, p, b: p if i > 5 else b, "should be"),
        (lambda i, p, b: i, "should be"),
        (lambda i, p, b: p * i, "should be"),
        (lambda i, p, b: min(p, i * b) / p, "should be"),
        (lambda i, p, b: (p, i * b), "one number"),
        (lambda i, p, b: max(i * b, p), "cannot be reached"),
    ],
    "15.4": [
        (lambda s, p: 1 / (1 - s + s * p), "should be"),
        (lambda s, p: round(1 / (1 - s + s / p), 1), "should be"),
        (lambda s, p: 1 / ((1 - s) / p + s), "The two shares are exchanged"),
        (lambda s, p: 1 / (1 - s) if s < 1 else p, "should be"),
        (lambda s, p: p / (1 - s + s / p), "should be"),
        (lambda s, p: 100 / (1 - s + s / p), "should be"),
        (lambda s, p: 1 - s + p * s, "You add speeds"),
    ],
    "15.5": [
        (lambda g, n: np.median(g, axis=0), "should be"),
        (lambda g, n: g[n.argmax()], "should be"),
        (lambda g, n: np.average(g, axis=0, weights=n[::-1]), "should be"),
        (lambda g, n: (g * n[:, None]).mean(), "must be a list of 6 numbers"),
        (lambda g, n: g * n[:, None] / n.sum(), "must be a list of 6 numbers"),
        (lambda g, n: np.round(joined_by_loop(g, n), 2), "should be"),
        (lambda g, n: np.array(joined_by_loop(g, n)) * sum(n), "sums over rows"),
    ],
    "15.6": [
        (lambda x, p, y: gradient_by_loop(x, p, y) * len(x), "gradient of the sum"),
        (lambda x, p, y: gradient_by_loop(x, p, y).T, "Rows and columns are swapped"),
        (lambda x, p, y: gradient_by_loop(x, p, (y + 1) % p.shape[1]), "should be"),
        (lambda x, p, y: gradient_by_loop(x, p, y) + 0.01, "should be"),
        (lambda x, p, y: gradient_by_loop(x, p, y)[0], "must be 3 rows of 4 numbers"),
        (lambda x, p, y: gradient_by_loop(x, p * (1 - p), y), "should be"),
        (lambda x, p, y: (np.eye(p.shape[1])[y] - p).T @ x / len(x), "The sign is wrong"),
    ],
    "15.7": [
        (lambda b, s: np.polyfit(b, s, 1), "wrong order"),
        (lambda b, s: (np.polyfit(b, s, 2)[2], np.polyfit(b, s, 2)[1]), "should be"),
        (lambda b, s: (line(b, s)[0], 1 / line(b, s)[1]), "the time per sample should be"),
        (lambda b, s: (abs(line(b, s)[0]) + 0.1, line(b, s)[1]), "the overhead should be"),
        (lambda b, s: line(b, s)[1], "Return two things: the overhead and the time"),
        (lambda b, s: (s.mean(), (s / b).mean()), "should be"),
        (lambda b, s: line(np.sort(b), np.sort(s)[::-1]), "should be"),
    ],
}

test_right_answers_are_accepted, test_wrong_answers_are_told_what_is_wrong = both_tables(RIGHT, WRONG)
