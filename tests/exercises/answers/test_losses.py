"""Chapter 07: right answers in other words, and wrong ones with words of their feedback."""

import math
from fractions import Fraction

import numpy as np
import torch
import torch.nn.functional as F

import dlcourse.reference as reference
from tests.exercises.answers.judged import both_tables


def t(*arrays):
    return [torch.tensor(a) for a in arrays]


def softmax(z):
    p = np.exp(z - z.max(axis=1, keepdims=True))
    return p / p.sum(axis=1, keepdims=True)


def gradient_by(engine):
    def answer(z, y):
        z = engine.tensor(z, requires_grad=True)
        engine.nn.functional.cross_entropy(z, engine.tensor(y)).backward()
        return z.grad

    return answer


def smooth_by_loops(y, classes, eps):
    return [[(1 - eps) * (k == c) + eps / classes for c in range(classes)] for k in y]


def bce(z, y):
    return np.logaddexp(0, z) - z * y


RIGHT = {
    "07.1": [
        lambda classes: -math.log(1 / classes),
        lambda c: torch.log(torch.tensor(float(c))),
        lambda c: [F.cross_entropy(torch.zeros(1, c), torch.tensor([0])).item()],
        lambda c: np.float32(np.log2(c) / np.log2(np.e)),
        lambda c: sum(-math.log(1 / c) for _ in range(c)) / c,
        lambda c: reference.tensor(float(c)).log(),
    ],
    "07.2": [
        lambda r, d: F.huber_loss(torch.tensor(r), torch.zeros(len(r), dtype=float), reduction="none", delta=d),
        lambda r, delta: [v * v / 2 if abs(v) < delta else delta * (abs(v) - delta / 2) for v in r],
        lambda r, d: np.where(abs(r) <= d, 0.5 * r**2, d * abs(r) - d * d / 2),
        lambda r, d: (abs(r) < d) * r**2 / 2 + (abs(r) >= d) * d * (abs(r) - d / 2),
        lambda r, d: np.piecewise(r, [abs(r) < d], [lambda v: v**2 / 2, lambda v: d * (abs(v) - d / 2)]),
        lambda r, d: np.float32(np.minimum(abs(r), d) * (abs(r) - np.minimum(abs(r), d) / 2)),
    ],
    "07.3": [
        lambda z, T: F.softmax(torch.tensor(z) / T, dim=-1),
        lambda z, T: reference.tensor(z / T).softmax(dim=1),
        lambda z, T: softmax(z / T).tolist(),
        lambda z, T: [softmax(row[None] / T)[0] for row in z],
        lambda z, T: np.exp(z / T - np.logaddexp.reduce(z / T, axis=1, keepdims=True)),
    ],
    "07.4": [
        lambda z, y: F.cross_entropy(*t(z, y)),
        lambda z, y: reference.nn.functional.cross_entropy(reference.tensor(z), reference.tensor(y)),
        lambda z, y: [np.mean([np.logaddexp.reduce(row) - row[k] for row, k in zip(z, y, strict=True)])],
        lambda z, y: -F.log_softmax(torch.tensor(z), 1)[range(len(y)), y].mean().item(),
        lambda z, y: (
            np.log(np.exp(z - z[np.arange(len(y)), y][:, None]).sum(1)).mean()
            if z.max() < 600
            else F.cross_entropy(*t(z, y))
        ),
        lambda z, y: (np.eye(z.shape[1])[y] * (np.logaddexp.reduce(z, axis=1)[:, None] - z)).sum() / len(z),
    ],
    "07.5": [
        gradient_by(torch),
        gradient_by(reference),
        lambda z, y: (softmax(z) - np.eye(z.shape[1])[y]) / len(z),
        lambda z, y: [
            [(p - (c == k)) / len(y) for c, p in enumerate(row)] for row, k in zip(softmax(z), y, strict=True)
        ],
        lambda z, y: np.float32(softmax(z) - (np.arange(z.shape[1]) == y[:, None])) / len(y),
    ],
    "07.6": [
        smooth_by_loops,
        lambda y, c, e: (1 - e) * F.one_hot(torch.tensor(y), c) + e / c,
        lambda y, classes, eps: [[Fraction(float(v)) for v in row] for row in smooth_by_loops(y, classes, eps)],
        lambda y, c, e: np.where(np.arange(c) == y[:, None], 1 - e + e / c, e / c),
        lambda y, c, e: np.float32((1 - e) * np.eye(c)[y] + e * np.ones(c) / c),
    ],
    "07.7": [
        lambda z, y: F.binary_cross_entropy_with_logits(*t(z, y), reduction="none"),
        lambda z, y: np.where(y == 1, np.logaddexp(0, -z), np.logaddexp(0, z)),
        lambda z, y: np.logaddexp(0, (1 - 2 * y) * z),
        lambda z, y: [max(a, 0) - a * b + math.log1p(math.exp(-abs(a))) for a, b in zip(z, y, strict=True)],
        lambda z, y: -F.logsigmoid(torch.tensor(np.where(y > 0, z, -z))),
        lambda z, y: tuple(np.float64(v) for v in bce(z, y)),
    ],
}
WRONG = {
    "07.1": [
        (lambda c: 2.302585, "For classes = 2: the loss to expect should be 0.6931"), (lambda c: round(math.log(c), 2), "should be"),
        (lambda c: np.log(c + 1), "should be"), (lambda c: np.log(c - 1 + 1e-9), "should be"), (lambda c: c, "should be"),
        (lambda c: np.log(np.arange(1, c + 1)), "must be one number"), (lambda c: f"{np.log(c)}", "must be one number"), (2.303, "A function is asked for"),
    ],
    "07.2": [
        (lambda r, d: F.smooth_l1_loss(torch.tensor(r), torch.zeros(len(r)), reduction="none", beta=d), "This is SmoothL1"),
        (lambda r, d: np.where(r < d, r**2 / 2, d * (abs(r) - d / 2)), "should be"), (lambda r, d: np.minimum(r**2 / 2, d * (abs(r) - d / 2)), "should be"),
        (lambda r, d: np.where(abs(r) < 1, r**2 / 2, abs(r) - 0.5), "should be"), (lambda r, d: abs(r), "should be"),
        (lambda r, d: np.where(abs(r) < d, r**2 / 2, 0), "should be"), (lambda r, d: np.clip(r, -d, d), "should be"),
        (lambda r, d: np.where(abs(r) < d, r**2 / 2, d * (abs(r) - d / 2)).sum(), "must be a list of"),
        (lambda r, d: np.where(abs(r) < d, r**2 / 2, d * (abs(r) - 1 / 2)), "should be"),
    ],
    "07.3": [
        (lambda z, T: softmax(z * T), "You multiply by the temperature"), (lambda z, T: softmax(z), "The temperature is not used"),
        (lambda z, T: softmax(z.T / T).T, "wrong axis"), (lambda z, T: softmax(z / 0.5), "should be"), (lambda z, T: softmax(z) / T, "Divide the logits by T"),
        (lambda z, T: softmax(np.clip(z / T, -50, 50)), "should be"), (lambda z, T: np.nan_to_num(np.exp(z / T) / np.exp(z / T).sum(1, keepdims=True)), "should be"),
        (lambda z, T: softmax(z / T).argmax(axis=1), "must be"), (lambda z, T: softmax(z / T).round(3), "should be"), (lambda z, T: np.log(softmax(z / T)), "should be"),
        (lambda z, T: softmax(z / max(T, 0.1)), "should be"), (lambda z, T: softmax(z / (T + 1e-3)), "should be"),
    ],
    "07.4": [
        (lambda z, y: -np.log(softmax(z)[np.arange(len(y)), y] + 1e-12).mean(), "should be 1,000"),
        (lambda z, y: F.cross_entropy(*t(z, y), reduction="none"), "must be one number"), (lambda z, y: F.cross_entropy(*t(z, y), reduction="sum"), "sum over the samples"),
        (lambda z, y: F.cross_entropy(*t(z, y), label_smoothing=0.1), "should be"), (lambda z, y: F.cross_entropy(*t(z, y)) * 0, "should be"),
        (lambda z, y: F.cross_entropy(*t(z[:1], y[:1])), "should be"), (lambda z, y: F.nll_loss(*t(z, y)), "depends on all logits of a row"),
        (lambda z, y: F.cross_entropy(torch.tensor(softmax(z)), torch.tensor(y)), "should be"), (lambda z, y: np.median(-np.log(softmax(z)[range(len(y)), y])), "should be"),
    ],
    "07.5": [
        (lambda z, y: softmax(z) - np.eye(z.shape[1])[y], "batch size"), (lambda z, y: ((softmax(z) - np.eye(z.shape[1])[y]) / len(z)).T, "must be"),
        (lambda z, y: ((softmax(z) - np.eye(z.shape[1])[y]) / len(z)).mean(axis=0), "must be"), (lambda z, y: np.zeros(z.shape), "should be"),
        (lambda z, y: ((softmax(z) - np.eye(z.shape[1])[y]) / len(z)).round(2), "should be"), (lambda z, y: (softmax(z) - y[:, None]) / len(z), "should be"),
        (lambda z, y: 2 * (softmax(z) - np.eye(z.shape[1])[y]) / len(z), "should be"), (lambda z, y: (softmax(z) - softmax(z).max(1, keepdims=True)) / len(z), "should be"),
        (lambda z, y: (softmax(z.T).T - np.eye(z.shape[1])[y]) / len(z), "should be"),
    ],
    "07.6": [
        (lambda y, c, e: smooth_by_loops(y, c, 0.1), "should be"), (lambda y, c, e: np.array(smooth_by_loops(y, c, e)).T, "must be"),
        (lambda y, c, e: smooth_by_loops(c - 1 - y, c, e), "should be"), (lambda y, c, e: smooth_by_loops(y, 3, e), "must be"),
        (lambda y, c, e: np.full((len(y), c), 1 / c), "should be"), (lambda y, c, e: smooth_by_loops(y, c, e)[0], "must be"),
        (lambda y, c, e: np.clip(np.eye(c)[y], e, 1 - e), "should be"), (lambda y, c, e: np.round(smooth_by_loops(y, c, e), 1), "should be"),
    ],
    "07.7": [
        (lambda z, y: bce(z, y).sum(), "must be a list of"), (lambda z, y: bce(z.clip(-100, 100), y), "not stop at a cut-off"),
        (lambda z, y: -y * np.log(1 / (1 + np.exp(-z)) + 1e-12) - (1 - y) * np.log(1 / (1 + np.exp(z)) + 1e-12), "should be 1,000; you have 27.63"),
        (lambda z, y: F.binary_cross_entropy(*t(1 / (1 + np.exp(-z)), y), reduction="none"), "should be"),
        (lambda z, y: np.nan_to_num(-y * np.log(1 / (1 + np.exp(-z))) - (1 - y) * np.log(1 - 1 / (1 + np.exp(-z)))), "should be"),
        (lambda z, y: np.maximum(z, 0) - z * y, "should be"), (lambda z, y: np.logaddexp(0, z), "should be"), (lambda z, y: bce(z, y).round(2), "should be"),
        (lambda z, y: np.where(y == 1, -z, z), "should be"),
    ],
}  # fmt: skip

test_right_answers_are_accepted, test_wrong_answers_are_told_what_is_wrong = both_tables(RIGHT, WRONG)
