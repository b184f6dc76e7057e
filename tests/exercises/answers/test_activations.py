"""Chapter 06: right answers in other words, and wrong ones with words of their feedback."""

import math
from fractions import Fraction

import numpy as np
import torch

import dlcourse.reference as reference
from tests.exercises.answers.judged import both_tables


def he(draw):
    return lambda n_in, n_out, rng: draw(n_in, n_out, rng) * np.sqrt(2 / n_in)


def sent(measure, last=None):
    def answer(x, weights, f):
        found = []
        for W in weights:
            x = f(np.einsum("ni,oi->no", x, W))
            found.append(measure(x))
        return found[:last]

    return answer


RIGHT = {
    "06.1": [
        0.25**10,
        1 / 1048576,
        Fraction(1, 4**10),
        [9.54e-7],
        torch.tensor(0.25) ** 10,
        np.exp(-10 * math.log(4)),
        9.5e-7,
    ],
    "06.2": [
        lambda z: 4 / (np.exp(z) + np.exp(-z)) ** 2,
        lambda z: (1 - np.tanh(z)) * (1 + np.tanh(z)),
        lambda z: 1 - torch.tanh(torch.tensor(z)) ** 2,
        lambda z: 1 - reference.tensor(z).tanh() ** 2,
        lambda z: np.float32(1) - np.tanh(z.astype(np.float32)) ** 2,
        lambda z: (np.tanh(z + 1e-5) - np.tanh(z - 1e-5)) / 2e-5,
        lambda z: np.vectorize(lambda v: 1 - math.tanh(v) ** 2)(z).tolist(),
    ],
    "06.3": [
        lambda z: torch.softmax(torch.tensor(z), dim=1),
        lambda logits: [[1 / sum(math.exp(min(b - a, 700)) for b in row) for a in row] for row in logits],
        lambda z: np.array([np.exp(row - max(row)) / np.exp(row - max(row)).sum() for row in z], np.float32),
        lambda z: (e := np.exp(z.T - z.max(1))).T / e.sum(0)[:, None],
    ],
    "06.4": [
        np.array(["identity", "softmax", "sigmoid"]),
        np.array(["identity", "softmax", "sigmoid"], object),
        ("IDENTITY ", "softmax", "Sigmoid"),
    ],
    "06.5": [
        he(lambda a, b, rng: rng.standard_normal((b, a))),
        he(lambda a, b, rng: rng.normal(size=(a, b)).T),
        he(lambda a, b, rng: rng.standard_normal((b, a), dtype=np.float32)),
        lambda n_in, n_out, rng: torch.tensor(rng.normal(scale=(2 / n_in) ** 0.5, size=(n_out, n_in))),
        lambda n_in, n_out, rng: [[rng.normal(0, math.sqrt(2 / n_in)) for _ in range(n_in)] for _ in range(n_out)],
    ],
    "06.6": [
        lambda h: (h.max(axis=0) == 0).sum(),
        lambda h: (~h.any(axis=0)).sum(),
        lambda h: float(sum(not any(row[u] for row in h) for u in range(len(h[0])))),
        lambda h: h.shape[1] - np.count_nonzero(h.sum(axis=0)),
        lambda h: [(torch.tensor(h) <= 0).all(dim=0).sum()],
        lambda h: len([c for c in h.T if not c.any()]),
    ],
    "06.7": [
        sent(lambda h: (h * h).mean()),
        sent(lambda h: np.linalg.norm(h) ** 2 / h.size),
        sent(lambda h: h.var() + h.mean() ** 2),
        lambda *a: torch.tensor(sent(lambda h: (h * h).mean())(*a)),
        lambda *a: tuple(sent(lambda h: np.float32(sum(v * v for v in h.flat) / h.size))(*a)),
    ],
}
WRONG = {
    "06.1": [
        (1e-6, "The largest slope"), (-(0.25**10), "The largest slope"), (0.25**11, "One layer too few or too many"),
        ("0.25 ** 10", "must be one number"), ([0.25] * 10, "must be one number"), (0, "The largest slope"),
    ],
    "06.2": [
        (lambda z: np.tanh(z) ** 2, "should be"), (lambda z: np.ones(z.shape), "should be"), (lambda z: -(1 - np.tanh(z) ** 2), "should be"),
        (lambda z: (1 - np.tanh(z) ** 2).sum(), "must be"), (lambda z: np.round(1 - np.tanh(z) ** 2, 2), "should be"),
        (lambda z: np.where(z < 0, 1 - z**2, 1 - np.tanh(z) ** 2), "should be"), (lambda z: (1 - np.tanh(z) ** 2).ravel(), "must be"),
        (lambda z: 1 - np.tanh(z**2), "should be"), (lambda z: (1 - np.tanh(z)) ** 2, "should be"),
    ],
    "06.3": [
        (lambda z: np.exp(z) / np.exp(z).sum(1), "raised ValueError"),
        (lambda z: torch.softmax(torch.tensor(z), dim=0), "Your columns sum to 1"),
        (lambda z: np.exp(np.clip(z, -500, 500)) / np.exp(np.clip(z, -500, 500)).sum(1, keepdims=True), "should be 0.7311; you have 0.5"),
        (lambda z: np.round(torch.softmax(torch.tensor(z), 1).numpy(), 3), "should be"),
        (lambda z: torch.log_softmax(torch.tensor(z), 1), "These are the logarithms"),
        (lambda z: torch.softmax(torch.tensor(z), 1)[0], "must be"),
        (lambda z: (z == z.max(axis=1, keepdims=True)) * 1, "should be"),
        (lambda z: 2**z / (2**z).sum(axis=1, keepdims=True), "should be"),
        (lambda z: np.full(z.shape, 1 / z.shape[1]), "should be"),
    ],
    "06.4": [
        (["softmax", "sigmoid", "identity"], "the softmax would squeeze it"), (["identity", "sigmoid", "softmax"], "exclude each other"),
        ("identity, softmax, sigmoid", "three texts"), ({"price": "identity"}, "three texts"), (["identity", "softmax"], "these are 2"),
        (["identity", "softmax", 3], "in quotation marks"), (["linear", "softmax", "sigmoid"], "must be one of"),
    ],
    "06.5": [
        (he(lambda a, b, rng: rng.choice([-1.0, 1.0], (b, 1)) * np.ones((b, a))), "weights of a unit are the same"),
        (he(lambda a, b, rng: np.abs(rng.normal(size=(b, a)))), "should be 0"),
        (he(lambda a, b, rng: rng.normal(size=(b, a)).clip(-1.5, 1.5)), "the standard deviation should be"),
        (he(lambda a, b, rng: np.repeat(rng.normal(size=(b, a // 4 + 1)), 4, axis=1)[:, :a]), "depend on each other"),
        (lambda n_in, n_out, rng: np.zeros((n_out, n_in)), "All units have the same weights"),
        (lambda n_in, n_out, rng: rng.normal(0, 0.1, (n_out, n_in)), "the standard deviation should be"),
        (lambda n_in, n_out, rng: rng.normal(0, np.sqrt(6 / n_in), (n_out, n_in)), "the standard deviation should be"),
    ],
    "06.6": [
        (lambda h: (h.std(axis=0) < 0.05).sum(), "should be"), (lambda h: np.isclose(h, 0, atol=0.05).all(axis=0).sum(), "should be"),
        (lambda h: np.flatnonzero((h == 0).all(axis=0)), "must be one number"), (lambda h: (h == 0).all(axis=0), "must be one number"),
        (lambda h: (h.astype(int) == 0).all(axis=0).sum(), "should be"), (lambda h: (h[0] == 0).sum(), "should be"),
        (lambda h: (h.mean(axis=0) < 0.1).sum(), "should be"), (lambda h: 1, "should be 5; you have 1"), (lambda h: (h[2:].sum(axis=0) == 0).sum() + 1, "should be"),
    ],
    "06.7": [
        (sent(lambda h: (h**2).mean(axis=0)), "must be"), (sent(lambda h: (h**2).mean(), -1), "must be a list of 2 numbers"),
        (sent(lambda h: (h**2).sum() / len(h)), "should be"), (sent(lambda h: round((h**2).mean(), 2)), "should be"),
        (lambda x, weights, f: [(f(x @ weights[0].T) ** 2).mean()] * len(weights), "should be"),
        (lambda x, weights, f: sent(lambda h: (h**2).mean())(x, weights, np.tanh), "should be"),
        (lambda *a: sent(lambda h: (h**2).mean())(*a)[::-1], "should be"),
    ],
}  # fmt: skip

test_right_answers_are_accepted, test_wrong_answers_are_told_what_is_wrong = both_tables(RIGHT, WRONG)
