"""Chapter 11: right answers in other words, and wrong ones with words of their feedback."""

import itertools

import numpy as np
import torch

import dlcourse.reference as reference
from tests.exercises.answers.judged import both_tables


def rows_by_loop(word, alphabet):
    rows = np.zeros((len(word), len(alphabet)), dtype=bool)
    for row, letter in zip(rows, word, strict=True):
        row[alphabet.index(letter)] = True
    return rows


def steps_by_for(factor, share):
    for k in range(10_000):
        if factor**k < share:
            return np.float32(k)


def states_by_torch(x, W, U, b):
    x, W, U, b = (torch.tensor(a) for a in (x, W, U, b))
    cell = torch.nn.RNN(x.shape[1], len(b), batch_first=True).double()
    with torch.no_grad():
        for place, value in zip(cell.parameters(), (W, U, b, 0 * b), strict=True):
            place.copy_(value)
    return cell(x)[0]


def states(x, W, U, b, first=0.0):
    h, rows = np.full(len(b), first), []
    for v in x:
        h = np.tanh(W @ v + U @ h + b)
        rows.append(h)
    return rows


def clipped_by_torch(a, b, limit):
    weights = [torch.nn.Parameter(torch.tensor(g)) for g in (a, b)]
    for weight in weights:
        weight.grad = weight.detach().clone()
    torch.nn.utils.clip_grad_norm_(weights, limit)
    return [weight.grad for weight in weights]


def lstm(order="ifgo", inner=np.tanh, outer=np.tanh):
    def answer(z, c):
        part = dict(zip(order, np.split(z, 4), strict=True))
        i, f, o = (1 / (1 + np.exp(-part[k])) for k in "ifo")
        new = f * c + i * inner(part["g"])
        return [o * outer(new), new]

    return answer


def loss(x, y, w, u):
    h = 0.0
    for v in x:
        h = np.tanh(w * h + u * v)
    return (h - y) ** 2 / 2


def slopes_by(engine):
    def answer(x, y, w, u):
        w, u = engine.tensor(w, requires_grad=True), engine.tensor(u, requires_grad=True)
        h = engine.tensor(0.0)
        for v in x:
            h = engine.tanh(w * h + u * v)
        ((h - y) ** 2 / 2).backward()
        return w.grad, u.grad

    return answer


def measured(e=1e-5):
    return lambda x, y, w, u: np.array(
        [
            (loss(x, y, w + e, u) - loss(x, y, w - e, u)) / (2 * e),
            (loss(x, y, w, u + e) - loss(x, y, w, u - e)) / (2 * e),
        ]
    )


RIGHT = {
    "11.1": [
        rows_by_loop,
        lambda word, alphabet: torch.nn.functional.one_hot(
            torch.tensor([alphabet.index(c) for c in word]), len(alphabet)
        ),
        lambda w, a: [[float(c == d) for d in a] for c in w],
        lambda w, a: np.array(list(w))[:, None] == np.array(list(a)),
        lambda w, a: tuple(np.eye(len(a))[a.index(c)] for c in w),
    ],
    "11.2": [
        lambda codes: [codes[:-1], codes[1:]],
        lambda codes: np.array([codes[:-1], codes[1:]]),
        lambda codes: tuple(zip(*itertools.pairwise(codes))),  # noqa: B905
        lambda codes: torch.tensor([codes[:-1], codes[1:]], dtype=torch.float32),
        lambda codes: ([codes[i] for i in range(len(codes) - 1)], [codes[i + 1] for i in range(len(codes) - 1)]),
    ],
    "11.3": [
        steps_by_for,
        lambda f, s: next(k for k in range(999) if f**k < s),
        lambda f, s: float(np.floor(np.log2(s) / np.log2(f)) + 1),
        lambda f, s: sum(f**k >= s for k in range(999)),
        lambda f, s: [int((f ** np.arange(999) < s).argmax())],
    ],
    "11.4": [states_by_torch, states, lambda x, W, U, b: np.stack(states(x, W, U, b)).astype(np.float32)],
    "11.5": [
        clipped_by_torch,
        lambda a, b, m: [g / max(1, np.sqrt(np.sum(a * a) + np.sum(b * b)) / m) for g in (a, b)],
        lambda a, b, m: tuple(g * min(1.0, m / np.hypot(np.linalg.norm(a), np.linalg.norm(b))) for g in (a, b)),
        lambda a, b, m: ([float(v) for v in clipped_by_torch(a, b, m)[0]], clipped_by_torch(a, b, m)[1].tolist()),
    ],
    "11.6": [lstm(), lambda z, c: np.array(lstm()(z, c)), lambda z, c: torch.tensor(np.array(lstm()(z, c)))],
    "11.7": [slopes_by(torch), slopes_by(reference), measured(), lambda *a: list(measured()(*a))],
}
WRONG = {
    "11.1": [
        (lambda w, a: np.eye(len(a)), "this is 6 rows of 6 numbers"),
        (lambda w, a: [a.index(c) + 1 for c in w], "must be 4 rows of 6 numbers"),
        (lambda w, a: np.eye(26)[["abcdefghijklmnopqrstuvwxyz".index(c) for c in w]], "this is 4 rows of 26 numbers"),
        (lambda w, a: np.eye(len(a))[[a.index(c) for c in sorted(w)]], "should be"),
        (lambda w, a: np.eye(len(a))[[a.index(c) for c in w[::-1]]], "should be"),
        (lambda w, a: 2 * np.eye(len(a))[[a.index(c) for c in w]], "should be 1; you have 2"),
        (lambda w, a: 1.3 * np.eye(len(a))[[a.index(c) for c in w]], "whole numbers"),
    ],
    "11.2": [
        (lambda codes: (codes, codes[1:]), "one input more"),
        (lambda codes: (codes[:-1], [c + 1 for c in codes[:-1]]), "entry [1] of the targets should be 14; you have 2"),
        (lambda codes: list(itertools.pairwise(codes)), "This is 5 parts"),
        (lambda codes: (sorted(codes)[:-1], sorted(codes)[1:]), "entry"),
        (lambda codes: (codes[1:-1], codes[2:]), "must be a list of 5 numbers"),
        (lambda codes: (codes[:-1], codes[1:][::-1]), "entry"),
    ],
    "11.3": [
        (lambda f, s: round(s / f), "number of steps should be 4"),
        (lambda f, s: sum(f**k > s for k in range(999)), "exactly the share"),
        (lambda f, s: sum(f**k >= s for k in range(999)) + 1, "one step too late"),
        (
            lambda f, s: max(1, sum(f**k >= s for k in range(30))),
            "share = 0.001: the number of steps should be 31; you have 30",
        ),
        (lambda f, s: int(np.log(s) / f), "should be 4"),
        (lambda f, s: f**4, "whole number"),
    ],
    "11.4": [
        (lambda x, W, U, b: states(x, W, U, b, 1.0), "entry [0, 0] of the states should be"),
        (lambda x, W, U, b: states(x, W, U, b)[::-1], "should be"),
        (lambda x, W, U, b: np.tanh(states(x, W, U, b)), "should be"),
        (lambda x, W, U, b: np.tanh(x @ W.T + b + np.roll(x @ W.T, 1, 0)), "should be"),
        (lambda x, W, U, b: np.round(states(x, W, U, b), 2), "should be"),
        (lambda x, W, U, b: [np.array(s) for s in states(x, W, U, b)][:-1], "must be 5 rows of 3 numbers"),
    ],
    "11.5": [
        (lambda a, b, m: (a / a.max(), b / b.max()), "should be"),
        (lambda a, b, m: (a * m / (m + np.hypot(np.linalg.norm(a), np.linalg.norm(b))), b), "should be"),
        (lambda a, b, m: clipped_by_torch(b, a, m), "a must be a list of 2 numbers"),
        (lambda a, b, m: np.hypot(np.linalg.norm(a), np.linalg.norm(b)), "Return two things: a and b"),
        (lambda a, b, m: (clipped_by_torch(a, b, m)[0], b), "should be"),
        (lambda a, b, m: [g * min(1, m / (np.abs(a).sum() + np.abs(b).sum())) for g in (a, b)], "should be"),
    ],
    "11.6": [
        (lstm("figo"), "are exchanged"),
        (lstm("ifog"), "i, f, g, o"),
        (lstm(inner=lambda g: g), "missing at the candidate"),
        (lstm(inner=lambda g: np.maximum(g, 0)), "should be"),
        (lstm(outer=lambda c: 1 / (1 + np.exp(-c))), "entry [0] of the new h should be"),
        (lambda z, c: lstm()(z, c)[0], "Return two things: the new h and the new c"),
        (lambda z, c: lstm()(z, 0 * c), "should be"),
    ],
    "11.7": [
        (lambda *a: -measured()(*a), "The sign is wrong"),
        (lambda *a: 2 * measured()(*a), "twice too large"),
        (lambda *a: measured()(*a)[::-1], "in the wrong order"),
        (lambda *a: measured()(*a).round(2), "should be"),
        (lambda *a: measured()(*a) / len(a[0]), "should be"),
        (lambda *a: measured()(*a).sum(), "Return two things"),
        (lambda x, y, w, u: measured()(x, y, u, w), "should be"),
    ],
}

test_right_answers_are_accepted, test_wrong_answers_are_told_what_is_wrong = both_tables(RIGHT, WRONG)
