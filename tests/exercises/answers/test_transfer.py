"""Chapter 13: right answers in other words, and wrong ones with words of their feedback."""

import numpy as np
import torch

import dlcourse.reference as reference
from tests.exercises.answers.judged import both_tables


def counted_by_torch(k, c_in, c_out):
    return sum(p.numel() for p in torch.nn.Conv2d(c_in, c_out, k).parameters())


def shots_by_loop(y, order, k):
    found = []
    for c in range(max(y) + 1):
        rows = [row for row in order if y[row] == c]
        found += rows[:k]
    return found


def pixels(corner, size):
    return {(corner[0] + i, corner[1] + j) for i in range(size) for j in range(size)}


def away_by_pixels(train, test, size):
    taken = set().union(*(pixels(corner, size) for corner in test))
    return [pixels(corner, size).isdisjoint(taken) for corner in train]


def step_by(engine):
    def answer(x, y, W1, W2, rate, frozen):
        x, y, W1, W2 = (engine.tensor(v) for v in (x, y, W1, W2))
        W1.requires_grad, W2.requires_grad = not frozen, True
        z = engine.tanh(x @ W1.T) @ W2.T
        (((z - y) ** 2).sum() / 2 / len(x)).backward()
        return [w if w.grad is None else w.detach() - rate * w.grad for w in (W1, W2)]

    return answer


def changed(**changes):
    def answer(x, y, W1, W2, rate, frozen):
        given = {"x": x, "y": y, "W1": W1, "W2": W2, "rate": rate, "frozen": frozen}
        return step_by(torch)(**given | {name: change(given) for name, change in changes.items()})

    return answer


RIGHT = {
    "13.1": [
        counted_by_torch,
        lambda k, c_in, c_out: (k**2 * c_in + 1) * c_out,
        lambda k, c_in, c_out: float(np.zeros((c_out, c_in, k, k)).size + np.zeros(c_out).size),
        lambda k, c_in, c_out: torch.tensor([k * k * c_in * c_out + c_out]),
        lambda k, c_in, c_out: sum(k * k * c_in + 1 for _ in range(c_out)),
    ],
    "13.2": [
        lambda k, c_in, c_out: k**2 * c_out / (k**2 + c_out),
        lambda k, c_in, c_out: np.float32(k * k * c_in * c_out / (k * k * c_in + c_in * c_out)),
        lambda k, a, b: torch.tensor(k * k * a * b) / (k * k * a + a * b),
        lambda k, a, b: np.zeros((b, a, k, k)).size / (np.zeros((a, 1, k, k)).size + np.zeros((b, a, 1, 1)).size),
    ],
    "13.3": [
        lambda p: np.stack([(255 * p[..., c] - 127) / 128 for c in range(3)], axis=1),
        lambda p: ((torch.tensor(p) * 255 - 127) / 128).permute(0, 3, 1, 2),
        lambda p: [
            [[[(255 * v - 127) / 128 for v in row] for row in p[n, :, :, c]] for c in range(3)] for n in range(len(p))
        ],
        lambda p: np.float32((255 * np.swapaxes(np.swapaxes(p, 2, 3), 1, 2) - 127) / 128),
        lambda p: np.einsum("nhwc->nchw", p) * 1.9921875 - 0.9921875,
    ],
    "13.4": [
        shots_by_loop,
        lambda y, o, k: torch.tensor([int(r) for r in shots_by_loop(y, o, k)]),
        lambda y, o, k: np.array(shots_by_loop(y, o, k), float),
        lambda y, o, k: tuple(shots_by_loop(y, o, k)),
        lambda y, o, k: np.hstack([[r for r in o if y[r] == c][:k] for c in sorted(set(y))]),
    ],
    "13.5": [
        away_by_pixels,
        lambda a, b, s: (np.abs(a[:, None] - b).max(axis=2) >= s).all(axis=1),
        lambda a, b, s: np.abs(a[:, None] - b).max(axis=2).min(axis=1) >= s,
        lambda a, b, s: np.array(away_by_pixels(a, b, s), float),
        lambda a, b, s: torch.tensor(away_by_pixels(a, b, s)),
        lambda a, b, s: [1 if free else 0 for free in away_by_pixels(a, b, s)],
    ],
    "13.6": [
        step_by(torch),
        step_by(reference),
        lambda *a: tuple(w.detach().numpy().tolist() for w in step_by(torch)(*a)),
        lambda *a: tuple(w.detach().float() for w in step_by(torch)(*a)),
    ],
}
WRONG = {
    "13.1": [
        (lambda k, a, b: k * k * (a + 1) * b, "should be 73,856; you have 74,880"),
        (lambda k, a, b: k * k * a * b + k, "should be 73,856; you have 73,731"),
        (lambda k, a, b: (k * k + 1) * (a + b), "should be"),
        (lambda k, a, b: k * k * a + b, "should be"),
        (lambda k, a, b: 73856, "For k = 5, c_in = 6, c_out = 16: the number of weights should be 2,416"),
        (lambda k, a, b: counted_by_torch(k, b, a), "one for each input channel"),
        (lambda k, a, b: f"{counted_by_torch(k, a, b)}", "must be one number"),
    ],
    "13.2": [
        (lambda k, a, b: k * k, "the depthwise half is missing"),
        (lambda k, a, b: round(1 / (1 / b + 1 / k**2)), "should be"),
        (lambda k, a, b: 1 / b + 1 / k**2, "the factor is one divided by it"),
        (lambda k, a, b: 1 / (1 / a + 1 / k**2), "one for each output channel"),
        (lambda k, a, b: 100 * b * k * k / (b + k * k), "should be"),
        (lambda k, a, b: k * k * a * b // (k * k * a + a * b), "should be"),
    ],
    "13.3": [
        (lambda p: ((255 * p - 128) / 127).transpose(0, 3, 1, 2), "should be"),
        (lambda p: (2 * p - 1).transpose(0, 3, 1, 2), "should be"),
        (lambda p: ((255 * p - 127) / 128).transpose(0, 3, 1, 2)[:, ::-1], "should be"),
        (lambda p: np.round(255 * p - 127).transpose(0, 3, 1, 2) / 128, "should be"),
        (lambda p: ((255 * p - 127) / 128).T, "must be an array of shape (2, 3, 4, 5)"),
        (lambda p: ((255 * p[:1] - 127) / 128).transpose(0, 3, 1, 2), "must be an array of shape (2, 3, 4, 5)"),
    ],
    "13.4": [
        (lambda y, o, k: [[r for r in o if y[r] == c][:k] for c in range(max(y) + 1)], "must be a list of 6 numbers"),
        (lambda y, o, k: shots_by_loop(y, o, 1), "must be a list of 6 numbers"),
        (lambda y, o, k: shots_by_loop(y, o[::-1], k), "should be"),
        (lambda y, o, k: shots_by_loop(y, o, k)[::-1], "should be"),
        (lambda y, o, k: sorted(shots_by_loop(y, o, k)), "but sorted"),
        (lambda y, o, k: np.array(shots_by_loop(y, o, k)) + 1, "should be"),
        (lambda y, o, k: np.concatenate([o[y == c][:k] for c in np.unique(y)]), "should be"),
    ],
    "13.5": [
        (lambda a, b, s: ~np.array(away_by_pixels(a, b, s)), "True and False are exchanged"),
        (lambda a, b, s: away_by_pixels(a, b, s - 1), "should be"),
        (lambda a, b, s: away_by_pixels(a, b, 2 * s), "should be"),
        (lambda a, b, s: away_by_pixels(a, b[:1], s), "entry [5] of the answer should be False; you have True"),
        (lambda a, b, s: np.flatnonzero(away_by_pixels(a, b, s)), "must be a list of 9 numbers"),
        (lambda a, b, s: [True] * len(a), "should be False; you have True"),
        (lambda a, b, s: away_by_pixels(b, a, s), "must be a list of 9 numbers"),
    ],
    "13.6": [
        (changed(frozen=lambda g: not g["frozen"]), "used the wrong way"),
        (changed(rate=lambda g: -g["rate"]), "uphill"),
        (changed(rate=lambda g: g["rate"] * len(g["x"])), "divide by N"),
        (changed(rate=lambda g: 2 * g["rate"]), "twice too long"),
        (changed(rate=lambda g: 1.0), "of W2 should be"),
        (changed(y=lambda g: 0 * g["y"]), "of W2 should be"),
        (lambda *a: step_by(torch)(*a)[::-1], "wrong order"),
        (lambda *a: step_by(torch)(*a)[1], "W1"),
    ],
}

test_right_answers_are_accepted, test_wrong_answers_are_told_what_is_wrong = both_tables(RIGHT, WRONG)
