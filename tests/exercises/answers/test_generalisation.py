"""Chapter 09: right answers in other words, and wrong ones with words of their feedback."""

from collections import Counter
from fractions import Fraction

import numpy as np
import torch

import dlcourse.reference as reference
from tests.exercises.answers.judged import both_tables


def counted(truth, says):
    pairs = list(zip(truth.tolist(), says.tolist(), strict=True))
    both = sum(1 for a, b in pairs if a == b == 1)
    return Fraction(both, sum(b for _, b in pairs)), Fraction(both, sum(a for a, _ in pairs))


def penalised(engine):
    def answer(w, g, l1, l2):
        w = engine.tensor(w, requires_grad=True)
        (l1 * w.abs().sum() + l2 * (w**2).sum()).backward()
        return engine.tensor(g) + w.grad

    return answer


def spread(fits, truth):
    mean = [sum(column) / len(column) for column in zip(*fits.tolist(), strict=True)]
    bias2 = sum((m - t) ** 2 for m, t in zip(mean, truth, strict=True)) / len(mean)
    return bias2, sum((v - m) ** 2 for row in fits for v, m in zip(row, mean, strict=True)) / fits.size


def stop(losses, patience):
    best = trained = waited = 0
    smallest = float("inf")
    for loss in losses:
        trained, waited = trained + 1, waited + 1
        if loss < smallest:
            smallest, best, waited = loss, trained, 0
        if waited == patience:
            break
    return best, trained


def elected(votes):
    return [min(sorted(set(c)), key=lambda k: (-c.count(k), k)) for c in votes.T.tolist()]


def by_single_rows(fit_predict, x, y, k):
    heap = [i % k for i in range(len(x))]
    return [
        float(fit_predict(*zip(*[(x[j], y[j]) for j in range(len(x)) if heap[j] != heap[i]], strict=True), x[i : i + 1])[0])
        for i in range(len(x))
    ]  # fmt: skip


def by_heaps(choose, ask=None, wrap=np.array):
    def answer(fit_predict, x, y, k):
        heap, p = np.arange(len(x)) % k, np.zeros(len(x))
        for i in range(k):
            rows = choose(heap, i)
            p[heap == i] = fit_predict(x[rows], y[rows] if ask is None else y[ask(heap, i)], x[heap == i])
        return wrap(p)

    return answer


RIGHT = {
    "09.1": [
        lambda train, other: (torch.tensor(other) - torch.tensor(train).mean(0)) / torch.tensor(train).std(0, correction=0),
        lambda t, o: np.float32(o - np.mean(t, 0)) / np.sqrt(np.var(t, 0)),
        lambda t, o: [[(v - c.mean()) / c.std() for v, c in zip(row, t.T, strict=True)] for row in o],
        lambda t, o: reference.tensor((o - t.mean(0)) / t.std(0)),
        lambda t, o: (o - t.sum(0) / len(t)) / (((t - t.mean(0)) ** 2).sum(0) / len(t)) ** 0.5,
    ],
    "09.2": [
        counted,
        lambda t, s: np.array([(t * s).sum() / s.sum(), (t @ s) / t.sum()]),
        lambda t, s: torch.tensor([(t & s).sum() / s.sum(), (t & s).sum() / t.sum()]),
        lambda t, s: [np.mean(t[s.astype(bool)]), np.mean(s[t > 0])],
        lambda t, s: ((a := np.sum(t * s)) / (a + np.sum((1 - t) * s)), a / (a + np.sum(t * (1 - s)))),
    ],
    "09.3": [
        lambda h, kept, p: h / (1 - p) * kept,
        lambda h, k, p: torch.tensor(h) * torch.tensor(k) / (1 - p),
        lambda h, k, p: np.where(k, h, 0) / np.float32(1 - p),
        lambda h, k, p: reference.tensor(h * (k / (1 - p))),
        lambda h, k, p: np.array([a / (1 - p) if b else 0 for a, b in zip(h.flat, k.flat, strict=True)]).reshape(h.shape).tolist(),
    ],
    "09.4": [
        penalised(torch),
        penalised(reference),
        lambda w, g, l1, l2: [b + l1 * ((a > 0) - (a < 0)) + 2 * l2 * a for a, b in zip(w.tolist(), g.tolist(), strict=True)],
        lambda w, g, a, b: g + a * np.where(w == 0, 0, w / np.where(w == 0, 1, np.abs(w))) + b * (w + w),
        lambda w, g, a, b: np.float32(g + a * np.sign(w) + 2 * b * w),
    ],
    "09.5": [
        spread,
        lambda f, t: np.array(spread(f, t), np.float32),
        lambda f, t: torch.stack([((torch.tensor(f).mean(0) - torch.tensor(t)) ** 2).mean(), torch.tensor(f).var(0, correction=0).mean()]),
        lambda f, t: [np.square(f.mean(0) - t).mean(), (f**2).mean() - (f.mean(0) ** 2).mean()],
    ],
    "09.6": [
        stop,
        lambda *a: list(stop(*a)),
        lambda *a: np.array(stop(*a)),
        lambda *a: np.array(stop(*a), float),
        lambda *a: torch.tensor(stop(*a)),
        lambda losses, patience: tuple(map(np.int64, stop(losses.tolist(), patience))),
    ],
    "09.7": [
        elected,
        lambda v: torch.mode(torch.tensor(v), dim=0).values,
        lambda v: [max(sorted(c), key=sorted(c).count) for c in v.T.tolist()],
        lambda v: np.array(elected(v), float),
        lambda v: np.stack([(v == c).sum(0) for c in range(v.max() + 1)]).argmax(0),
        lambda v: tuple(np.unique(c)[np.unique(c, return_counts=True)[1].argmax()] for c in v.T),
    ],
    "09.8": [
        by_single_rows,
        by_heaps(lambda heap, i: heap != i, wrap=list),
        by_heaps(lambda heap, i: np.flatnonzero(heap != i)[::-1], wrap=torch.tensor),
        by_heaps(lambda heap, i: [r for r, h in enumerate(heap) if h != i], wrap=np.float32),
    ],
}  # fmt: skip
WRONG = {
    "09.1": [
        (lambda t, o: (o - o.mean(0)) / t.std(0), "should be"), (lambda t, o: (o - t.mean(0)) / o.std(0), "should be"), (lambda t, o: ((o - t.mean(0)) / t.std(0)).T, "must be"),
        (lambda t, o: (o - np.median(t, 0)) / t.std(0), "should be"), (lambda t, o: ((o - t.mean(0)) / t.std(0)).round(1), "should be"), (lambda t, o: o, "should be"),
        (lambda t, o: (t.mean(0), t.std(0)), "must be"), (lambda t, o: (t.mean(0) - o) / t.std(0), "should be"), (lambda t, o: (o - t.mean(0)) / (t.std(0) + 1e-2), "should be"),
    ],
    "09.2": [
        (lambda t, s: (0.8, 4 / 5), "the precision should be 0.75"), (lambda t, s: np.mean(t[s == 1]), "Return two things"), (lambda t, s: (np.mean(t == s), np.mean(t == s)), "should be"),
        (lambda t, s: counted(1 - t, 1 - s), "should be 0.75; you have 0.7143"), (lambda t, s: np.array([float(v) for v in counted(t, s)]).round(1), "should be"),
        (lambda t, s: (2 * np.sum(t * s) / (t.sum() + s.sum()), np.mean(s[t == 1])), "should be"), (lambda t, s: [100 * float(v) for v in counted(t, s)], "should be"),
        (lambda t, s: (*counted(t, s), 1.0), "This is 3 parts"), (lambda t, s: (np.sum(t * s) // s.sum(), np.sum(t * s) // t.sum()), "should be"),
    ],
    "09.3": [
        (lambda h, k, p: h * k * 2, "should be"), (lambda h, k, p: h * k / (1 + p), "should be"), (lambda h, k, p: h * k + p, "should be"), (lambda h, k, p: (h * k / (1 - p)).sum(), "must be"),
        (lambda h, k, p: (h * k)[k == 1] / (1 - p), "must be"), (lambda h, k, p: np.round(h * k / (1 - p), 1), "should be"), (lambda h, k, p: np.maximum(h * k / (1 - p), 0), "should be"),
        (lambda h, k, p: h * (np.random.default_rng(0).random(h.shape) >= p) / (1 - p), "should be"), (lambda h, k, p: h * k / (1 - p) ** 2, "should be"),
    ],
    "09.4": [
        (lambda w, g, a, b: g + a * np.sign(w) + 2 * b * np.abs(w), "should be"), (lambda w, g, a, b: g + a * np.sign(g) + 2 * b * g, "should be"), (lambda w, g, a, b: g, "should be"),
        (lambda w, g, a, b: (g + a * np.sign(w) + 2 * b * w).sum(), "must be"), (lambda w, g, a, b: g + a * w / np.abs(w) + 2 * b * w, "nan"), (lambda w, g, a, b: g + a * np.sum(np.sign(w)) + 2 * b * w, "should be"),
        (lambda w, g, a, b: g + a * np.abs(w).sum() + b * (w**2).sum(), "should be"), (lambda w, g, a, b: g + a * np.sign(w) - 2 * b * w, "should be"),
        (lambda w, g, a, b: g - a * np.sign(w) + 2 * b * w, "should be"), (lambda w, g, a, b: w - g - a * np.sign(w) - 2 * b * w, "should be"),
    ],
    "09.5": [
        (lambda f, t: (np.mean((np.median(f, 0) - t) ** 2), f.var(0).mean()), "bias² should be"), (lambda f, t: (spread(f, t)[0] ** 0.5, spread(f, t)[1]), "bias² should be"),
        (lambda f, t: spread(f, t)[0], "Return two things"), (lambda f, t: (spread(f, t)[0], 0.5), "the variance should be"), (lambda f, t: ((f.mean(0) - t) ** 2, f.var(0)), "bias² must be one number"),
        (lambda f, t: (np.sum((f.mean(0) - t) ** 2), f.var(0).mean()), "should be"), (lambda f, t: (spread(f, t)[0], t.var()), "should be"), (lambda f, t: spread(f, 0 * t), "should be"),
        (lambda f, t: (np.mean((f[0] - t) ** 2), f.var(0).mean()), "should be"),
    ],
    "09.6": [
        (lambda c, p: (3, 6), "the best epoch should be 7; you have 3"), (lambda c, p: stop(c, p)[0], "Return two things"), (lambda c, p: stop(c, 2), "should be"), (lambda c, p: (*stop(c, p), 0), "This is 3 parts"),
        (lambda c, p: (stop(c, p)[0], stop(c, p)[0] + p), "should be"), (lambda c, p: (c.min(), len(c)), "must be a whole number"), (lambda c, p: (stop(c, p)[1] - p, stop(c, p)[1]), "should be"),
        (lambda c, p: stop(np.round(c, 1), p), "should be"), (lambda c, p: stop(np.sort(c), p), "should be"), (lambda c, p: (1 + int(np.argmin(c[: stop(c, p)[1]])), min(len(c), p + 1)), "should be"),
    ],
    "09.7": [
        (lambda v: [Counter(c).most_common(1)[0][0] for c in v.T.tolist()], "named first"), (lambda v: v[-1], "should be"), (lambda v: v.min(0), "should be"), (lambda v: v.astype(int).mean(0) // 1, "should be"),
        (lambda v: elected(v)[0], "must be a list of"), (lambda v: [np.bincount(v.ravel()).argmax()] * v.shape[1], "should be"), (lambda v: [min(c, 3) for c in elected(v)], "should be"),
        (lambda v: np.stack([(v == c).sum(0) for c in range(10)]).argmax(0), "should be"), (lambda v: np.stack([(v == c).sum(0) for c in range(1, 12)]).argmax(0) + 1, "should be"), (lambda v: elected(v)[::-1], "should be"),
    ],
    "09.8": [
        (by_heaps(lambda heap, i: heap == i), "that it was trained on"), (by_heaps(lambda heap, i: heap == (i + 1) % (heap.max() + 1)), "should be"), (lambda f, x, y, k: y, "train less often"),
        (by_heaps(lambda heap, i: heap != i, lambda heap, i: np.flatnonzero(heap != i)[::-1]), "should be"), (by_heaps(lambda heap, i: heap != i, lambda heap, i: heap >= 0), "raised ValueError"),
        (by_heaps(lambda heap, i: np.flatnonzero(heap != i)[1:]), "should be"), (by_heaps(lambda heap, i: heap != i, wrap=lambda p: p.mean()), "must be"),
        (by_heaps(lambda heap, i: heap != i, wrap=lambda p: p.round(1)), "should be"), (lambda f, x, y, k: f(x, y, x), "that it was trained on"),
        (by_heaps(lambda heap, i: heap != i, wrap=lambda p: p[::-1].copy()), "wrong places"), (lambda f, x, y, k: by_heaps(lambda heap, i: heap != i)(f, x, y, 2), "should be"),
    ],
}  # fmt: skip

test_right_answers_are_accepted, test_wrong_answers_are_told_what_is_wrong = both_tables(RIGHT, WRONG)
