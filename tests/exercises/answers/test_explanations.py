"""Chapter 14: right answers in other words, and wrong ones with words of their feedback."""

import itertools

import numpy as np
import torch

from dlcourse import explain
from dlcourse.explain.kernels import effective_samples
from tests.exercises.answers.judged import both_tables


def covered_by_loop(photo, hidden, segments, mask):
    return [
        [(photo if mask[segments[i, j]] else hidden)[i, j].tolist() for j in range(photo.shape[1])]
        for i in range(photo.shape[0])
    ]


def kernel(mask, width):
    mask = torch.tensor(mask, dtype=torch.float64)
    distance = 1 - torch.nn.functional.cosine_similarity(mask, torch.ones_like(mask), dim=0)
    return torch.exp(-(distance**2) / (2 * width**2))


def r2(y, p, w):
    mean = sum(a * b for a, b in zip(w, y, strict=True)) / sum(w)
    left = sum(c * (a - b) ** 2 for a, b, c in zip(y, p, w, strict=True))
    return 1 - left / sum(c * (a - mean) ** 2 for a, c in zip(y, w, strict=True))


def cam_by_loop(maps, gradients):
    picture = np.zeros(maps.shape[1:])
    for one, slope in zip(maps, gradients, strict=True):
        picture += slope.sum() / slope.size * one
    picture[picture < 0] = 0
    return picture


def values_by_least_squares(game, d):
    masks = np.array(list(itertools.product([0, 1], repeat=d)))
    x = np.column_stack([masks, np.ones(2**d)])
    return np.linalg.lstsq(x, np.array([game(m) for m in masks]), rcond=None)[0][:d]


def values_by_tuples(game, d):
    rest = list(itertools.product([False, True], repeat=d - 1))
    return [sum(game((*o[:i], 1, *o[i:])) - game((*o[:i], 0, *o[i:])) for o in rest) / len(rest) for i in range(d)]


def selected(masks, outputs, weights, count, score=r2, start=()):
    chosen = list(start)
    while len(chosen) < count:
        scores = {}
        for j in set(range(masks.shape[1])) - set(chosen):
            x = np.column_stack([np.ones(len(masks)), masks[:, [*chosen, j]]])
            d = np.diag(weights)
            beta = np.linalg.pinv(x.T @ d @ x) @ x.T @ d @ outputs
            scores[j] = score(outputs, x @ beta, weights)
        chosen.append(max(scores, key=scores.get))
    return chosen


RIGHT = {
    "14.1": [
        covered_by_loop,
        lambda p, h, s, m: p * m[s][:, :, None] + h * (1 - m[s][:, :, None]),
        lambda p, h, s, m: torch.where(torch.tensor(m[s] == 1)[..., None], torch.tensor(p), torch.tensor(h)),
        lambda p, h, s, m: np.where(np.isin(s, np.flatnonzero(m))[..., np.newaxis], p, h).astype(np.float32),
    ],
    "14.2": [
        kernel,
        lambda mask, width: float(np.exp(-((1 - (sum(mask) / len(mask)) ** 0.5) ** 2) / 2 / width**2)),
        lambda m, s: np.float32(kernel(m, s)),
        lambda m, s: [np.e ** (-0.5 * (1 - np.sqrt(np.count_nonzero(m) / m.size)) ** 2 * s**-2)],
    ],
    "14.3": [
        effective_samples,
        lambda w: w.mean() ** 2 / (w**2).mean() * len(w),
        lambda w: sum(w) * sum(w) / sum(v * v for v in w),
        lambda w: torch.tensor(w).sum().square() / torch.tensor(w).square().sum(),
        lambda w: (np.linalg.norm(w, 1) / np.linalg.norm(w)) ** 2,
    ],
    "14.4": [
        r2,
        lambda y, p, w: torch.tensor(r2(y, p, w)),
        lambda y, p, w: np.float32(r2(y, p, w)),
        lambda *a: [r2(*a)],
    ],
    "14.5": [
        cam_by_loop,
        lambda m, g: torch.relu(torch.tensor((g.mean(axis=(1, 2))[:, None, None] * m).sum(axis=0))),
        lambda m, g: np.tensordot(g.mean((1, 2)), m, 1).clip(0),
        lambda m, g: [[max(0.0, float(v)) for v in row] for row in cam_by_loop(m, g)],
    ],
    "14.6": [
        values_by_least_squares,
        values_by_tuples,
        lambda game, d: explain.banzhaf(np.array([game(m) for m in explain.all_masks(d)])),
        lambda game, d: torch.tensor(values_by_tuples(game, d)),
        lambda game, d: tuple(np.float32(v) for v in values_by_tuples(game, d)),
    ],
    "14.7": [selected, lambda *a: torch.tensor(selected(*a)), lambda *a: np.array(selected(*a), float)],
}
WRONG = {
    "14.1": [
        (lambda p, h, s, m: covered_by_loop(h, p, s, m), "exchanged"),
        (lambda p, h, s, m: np.array(covered_by_loop(p, h, s, m)).mean(axis=2), "must be 4 blocks of 6 rows"),
        (lambda p, h, s, m: covered_by_loop(p, h, s, m)[::-1], "should be"),
        (lambda p, h, s, m: covered_by_loop(p, h, s, np.sort(m)), "should be"),
        (lambda p, h, s, m: covered_by_loop(p, np.full_like(p, h.mean()), s, m), "should be"),
        (lambda p, h, s, m: np.minimum(p, h), "should be"),
        (lambda p, h, s, m: m[s], "must be 4 blocks of 6 rows"),
    ],
    "14.2": [
        (lambda m, s: 1 - kernel(m, s), "should be"),
        (lambda m, s: np.sqrt(m.mean()), "should be"),
        (lambda m, s: np.exp(-((m.mean()) ** 2) / (2 * s**2)), "should be"),
        (lambda m, s: np.exp(-((1 - np.sqrt(m.sum())) ** 2) / (2 * s**2)), "should be"),
        (lambda m, s: np.round(kernel(m, s), 1), "should be"),
        (lambda m, s: kernel(m, s) / np.sqrt(2 * np.pi * s * s), "should be"),
        (lambda m, s: np.exp(-((1 - np.sqrt(m)) ** 2) / (2 * s**2)), "one number"),
    ],
    "14.3": [
        (lambda w: np.exp(-(w[w > 0] / w.sum() * np.log(w[w > 0] / w.sum())).sum()), "should be"),
        (lambda w: (w > 0.5).sum(), "should be"),
        (lambda w: round(w.sum() ** 2 / (w**2).sum()), "should be"),
        (lambda w: w.sum() ** 2 / len(w), "should be"),
        (lambda w: np.sqrt(w.sum() ** 2 / (w**2).sum()), "should be"),
        (lambda w: w / w.sum(), "one number"),
        (lambda w: sum(w), "depends on the scale"),
    ],
    "14.4": [
        (lambda y, p, w: r2(p, y, w), "Outputs and predictions are exchanged"),
        (lambda y, p, w: r2(y, p, np.ones_like(w)), "The weights are not used"),
        (lambda y, p, w: max(0, r2(y, p, w)), "should be"),
        (lambda y, p, w: abs(r2(y, p, w)), "should be"),
        (lambda y, p, w: 1 - np.abs(y - p).sum() / np.abs(y - y.mean()).sum(), "should be"),
        (lambda y, p, w: np.corrcoef(y, p)[0, 1] ** 2, "should be"),
        (lambda y, p, w: 1 - w @ (y - p) ** 2 / np.var(y), "should be"),
    ],
    "14.5": [
        (lambda m, g: cam_by_loop(m, np.maximum(g, 0)), "should be"),
        (lambda m, g: cam_by_loop(m, np.abs(g)), "should be"),
        (lambda m, g: cam_by_loop(m, g) / max(1e-9, cam_by_loop(m, g).max()), "should be"),
        (lambda m, g: cam_by_loop(m, g).T, "must be 3 rows of 4 numbers"),
        (lambda m, g: cam_by_loop(g, m), "Maps and gradients are exchanged"),
        (lambda m, g: g.mean(axis=(1, 2))[:, None, None] * m, "must be 3 rows of 4 numbers"),
        (lambda m, g: cam_by_loop(m, g).mean(), "must be 3 rows of 4 numbers"),
    ],
    "14.6": [
        (lambda game, d: [0.25, 0.15, 0.1, -0.1], "must be a list of 3 numbers"),
        (lambda game, d: np.abs(values_by_tuples(game, d)), "should be"),
        (lambda game, d: np.array(values_by_tuples(game, d)) / sum(values_by_tuples(game, d)), "should be"),
        (lambda game, d: values_by_tuples(game, d)[::-1], "should be"),
        (lambda game, d: [game(np.eye(d)[i]) for i in range(d)], "should be"),
        (lambda game, d: -np.array(values_by_tuples(game, d)), "The sign is wrong"),
        (lambda game, d: [game([1]) for _ in range(d)], "with a mask of 4 zeros and ones; yours is list [1]"),
        (lambda game, d: np.mean(values_by_tuples(game, d)), "must be a list of 4 numbers"),
    ],
    "14.7": [
        (lambda *a: selected(*a)[:1] * a[3], "should be"),
        (lambda m, y, w, c: list(range(c)), "should be"),
        (lambda m, y, w, c: np.argsort(-np.abs(np.linalg.lstsq(m, y, rcond=None)[0]))[:c], "should be"),
        (lambda m, y, w, c: selected(m, y, w, m.shape[1])[-c:], "should be"),
        (lambda m, y, w, c: [*selected(m, y, w, c), 0], "must be a list of 3 numbers"),
        (lambda m, y, w, c: np.isin(range(m.shape[1]), selected(m, y, w, c)), "must be a list of 3 numbers"),
        (lambda m, y, w, c: selected(m, y, 1 / w, c), "should be"),
        (lambda m, y, w, c: sorted(selected(m, y, w, c)), "but sorted"),
    ],
}

test_right_answers_are_accepted, test_wrong_answers_are_told_what_is_wrong = both_tables(RIGHT, WRONG)
