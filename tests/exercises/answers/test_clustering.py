"""Chapter 12: right answers in other words, and wrong ones with words of their feedback."""

import numpy as np
import torch

import dlcourse.reference as reference
from tests.exercises.answers.judged import both_tables


def nearest_by_loop(x, centres):
    found = []
    for point in x:
        distances = [sum((a - b) ** 2 for a, b in zip(point, c, strict=True)) for c in centres]
        found.append(distances.index(min(distances)))
    return found


def distances(x, centres):
    return torch.cdist(torch.tensor(x), torch.tensor(centres))


def means_by_dictionary(x, groups, centres):
    members = {g: [p for p, other in zip(x, groups, strict=True) if other == g] for g in range(len(centres))}
    return [list(sum(rows) / len(rows)) if rows else list(centres[g]) for g, rows in members.items()]


def means_in_copy(x, groups, centres):
    new = centres.copy()
    for g in np.unique(groups):
        new[g] = x[groups == g].mean(axis=0)
    return torch.tensor(new)


def pairs(text, window):
    found = []
    for i, word in enumerate(text):
        found += [[word, other] for other in text[max(0, i - window) : i]]
        found += [[word, other] for other in text[i + 1 : i + 1 + window]]
    return found


def shares_by_covariance(x):
    z = torch.tensor(x - x.mean(axis=0))
    values = torch.linalg.eigvalsh(z.T @ z / len(z)).flip(0)
    return values / values.sum()


def gradient_by(engine):
    def answer(c, o, n):
        c, o, n = (engine.tensor(v) for v in (c, o, n))
        c.requires_grad = True
        loss = -engine.log(engine.sigmoid(c @ o)) - engine.log(engine.sigmoid(-(n @ c))).sum()
        loss.backward()
        return c.grad

    return answer


def gradient_by_loop(c, o, n):
    s = 1 / (1 + np.exp(-c @ o))
    g = [(s - 1) * v for v in o]
    for row in n:
        p = 1 / (1 + np.exp(-np.dot(c, row)))
        g = [a + p * b for a, b in zip(g, row, strict=True)]
    return g


cosine = np.vectorize(lambda u, v: u @ v / np.sqrt((u @ u) * (v @ v)), signature="(n),(n)->()")

RIGHT = {
    "12.1": [
        nearest_by_loop,
        lambda x, c: distances(x, c).argmin(dim=1),
        lambda x, c: ((x**2).sum(1)[:, None] - 2 * x @ c.T + (c**2).sum(1)).argmin(1).astype(float),
        lambda x, c: tuple(np.int64(v) for v in nearest_by_loop(x, c)),
    ],
    "12.2": [
        lambda x, c, g: float(sum(sum((x[i] - c[g[i]]) ** 2) for i in range(len(x)))),
        lambda x, c, g: np.linalg.norm(x - c[g]) ** 2,
        lambda x, c, g: torch.tensor(x - c[g]).pow(2).sum(),
        lambda x, c, g: [((x - c[g]) ** 2).sum()],
        lambda x, c, g: sum(((x[g == k] - c[k]) ** 2).sum() for k in range(len(c))),
        lambda x, c, g: np.float32(((x - c[g]) ** 2).sum()),
    ],
    "12.3": [means_by_dictionary, means_in_copy, lambda *a: np.array(means_by_dictionary(*a), np.float32)],
    "12.4": [
        cosine,
        lambda u, v: (u / np.linalg.norm(u)) @ (v / np.linalg.norm(v)),
        lambda u, v: torch.nn.functional.cosine_similarity(torch.tensor(u), torch.tensor(v), dim=0),
        lambda u, v: float(np.float32(cosine(u, v))),
        lambda u, v: np.corrcoef([*u, *-u], [*v, *-v])[0, 1],
    ],
    "12.5": [
        pairs,
        lambda t, w: np.array(pairs(t, w)).reshape(-1, 2),
        lambda t, w: tuple(map(tuple, pairs(t, w)[::-1])),
        lambda text, window: [
            (a, b) for i, a in enumerate(text) for j, b in enumerate(text) if 1 <= abs(j - i) <= window
        ],
    ],
    "12.6": [
        shares_by_covariance,
        lambda x: sorted(shares_by_covariance(x).tolist(), reverse=True),
        lambda x: np.float32(shares_by_covariance(x)),
        lambda x: (lambda s: s / sum(s))(np.linalg.svd(np.cov(x, rowvar=False))[1]),
    ],
    "12.7": [gradient_by(torch), gradient_by(reference), gradient_by_loop],
}
WRONG = {
    "12.1": [
        (lambda x, c: distances(x, c), "must be a list of 7 numbers"),
        (lambda x, c: np.zeros(len(x)), "should be"),
        (lambda x, c: np.abs(x[:, None] - c).max(2).argmin(1), "should be"),
        (lambda x, c: np.abs(x[:, None, 0] - c[:, 0]).argmin(1), "should be"),
        (lambda x, c: c[nearest_by_loop(x, c)], "this is 7 rows of 2 numbers"),
        (lambda x, c: distances(x, c).argmax(1), "argmin, not argmax"),
        (lambda x, c: ((x[:, None] - c).sum(2) ** 2).argmin(1), "should be"),
    ],
    "12.2": [
        (lambda x, c, g: ((x - c[g]) ** 2).sum() / 2, "should be"),
        (lambda x, c, g: (x - c[g]).sum() ** 2, "should be"),
        (lambda x, c, g: np.abs(x - c[g]).sum(), "should be"),
        (lambda x, c, g: ((x - x.mean(0)) ** 2).sum(), "should be"),
        (lambda x, c, g: round(((x - c[g]) ** 2).sum(), 1), "should be"),
        (lambda x, c, g: ((x - c[g]) ** 2).sum(axis=0), "one number"),
    ],
    "12.3": [
        (lambda x, g, c: np.array([x[g == k].mean(0) for k in np.unique(g)]), "must be 3 rows of 2 numbers"),
        (lambda x, g, c: np.nan_to_num([x[g == k].mean(0) for k in range(len(c))]), "moves to 0"),
        (lambda x, g, c: [2 * [x[g == k].mean()] if (g == k).any() else c[k] for k in range(len(c))], "should be"),
        (lambda x, g, c: c, "should be"),
        (lambda x, g, c: np.round(means_by_dictionary(x, g, c), 1), "should be"),
        (lambda x, g, c: [x[g == k][0] if (g == k).any() else c[k] for k in range(len(c))], "should be"),
    ],
    "12.4": [
        (lambda u, v: -cosine(u, v), "should be"),
        (lambda u, v: cosine(u, v) ** 2, "should be"),
        (lambda u, v: np.degrees(np.arccos(cosine(u, v))), "should be"),
        (lambda u, v: u @ v / (u.sum() * v.sum()), "should be"),
        (lambda u, v: max(0, cosine(u, v)), "should be"),
        (lambda u, v: np.round(cosine(u, v), 2), "should be"),
        (lambda u, v: np.corrcoef(u, v)[0, 1], "should be"),
    ],
    "12.5": [
        (lambda t, w: pairs(t, w)[1:], "occurs"),
        (lambda t, w: pairs(t, 1), "the pair ('a', 'c') occurs once; yours has it never"),
        (lambda t, w: pairs(t, w) + pairs(t, w), "yours has it twice"),
        (lambda t, w: {tuple(p) for p in pairs(t, w)}, "occurs twice counts twice"),
        (lambda t, w: [a + b for a, b in pairs(t, w)], "Each pair holds two things"),
        (
            lambda t, w: [(i, j) for i in range(len(t)) for j in range(len(t)) if 0 < abs(i - j) <= w],
            "text in quotation",
        ),
        (lambda t, w: len(pairs(t, w)), "Return a list of pairs"),
        (lambda t, w: [(t[i], t[i + 1]) for i in range(len(t) - 1)], "occurs"),
    ],
    "12.6": [
        (lambda x: shares_by_covariance(x).numpy()[0], "must be a list of 3 numbers"),
        (lambda x: 100 * shares_by_covariance(x), "should be"),
        (lambda x: shares_by_covariance(x).numpy().round(2), "should be"),
        (lambda x: np.sqrt(shares_by_covariance(x)), "should be"),
        (lambda x: shares_by_covariance(x.T - x.mean(1))[: x.shape[1]], "should be"),
        (lambda x: np.full(x.shape[1], 1 / x.shape[1]), "should be"),
    ],
    "12.7": [
        (lambda c, o, n: gradient_by_loop(c, o, n) + 2 * o, "should be"),
        (lambda c, o, n: gradient_by_loop(o, c, n), "should be"),
        (lambda c, o, n: gradient_by_loop(c, o, n[:1]), "should be"),
        (lambda c, o, n: (c @ o - 1) * o + (n @ c) @ n, "should be"),
        (lambda c, o, n: np.sum(gradient_by_loop(c, o, n)), "must be a list of 3 numbers"),
        (lambda c, o, n: -np.array(gradient_by_loop(c, o, n)), "The sign is wrong"),
    ],
}

test_right_answers_are_accepted, test_wrong_answers_are_told_what_is_wrong = both_tables(RIGHT, WRONG)
