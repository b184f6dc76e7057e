"""Chapter 08: right answers in other words, and wrong ones with words of their feedback."""

import math
from fractions import Fraction

import numpy as np
import torch

import dlcourse.reference as reference
from tests.exercises.answers.judged import both_tables


def sgd_step(engine):
    def answer(w, g, m, lr, beta):
        w = engine.nn.Parameter(engine.tensor(w))
        optimizer = engine.optim.SGD([w], lr=lr, momentum=beta)
        optimizer.state[w]["momentum_buffer"] = engine.tensor(m)
        w.grad = engine.tensor(g)
        optimizer.step()
        return w.detach(), engine.tensor(beta * m + g)

    return answer


def adam(w, g, m, v, t, lr, eps=1e-8, betas=(0.9, 0.999)):
    a, b = betas
    m, v = m * a + g * (1 - a), v * b + g * g * (1 - b)
    return [w - lr * (m / (1 - a**t)) / (eps + (v / (1 - b**t)) ** 0.5), m, v]


def descend(gradient, start, lr, beta, steps):
    path, step = [list(start)], np.zeros(len(start))
    for _ in range(steps):
        step = beta * step - lr * gradient(np.array(path[-1]))
        path.append([a + b for a, b in zip(path[-1], step, strict=True)])
    return path


def best(small, large):
    root = math.sqrt(large / small)
    return 4 / (math.sqrt(small) + math.sqrt(large)) ** 2, ((root - 1) / (root + 1)) ** 2


RIGHT = {
    "08.1": [
        lambda n, b, e: (n + b - 1) // b * e,
        lambda n, b, e: np.ceil(n / b) * e,
        lambda n, b, e: (n // b + (n % b > 0)) * e,
        lambda samples, batch_size, epochs: Fraction(-(-samples // batch_size) * epochs),
        lambda n, b, e: torch.tensor([len(range(0, n, b)) * e]),
    ],
    "08.2": [
        lambda curvatures, beta: 2 * (1 + beta) / sorted(curvatures)[-1],
        lambda c, b: ((2 + 2 * b) / c).min(),
        lambda c, b: torch.min((2 + 2 * b) / torch.tensor(c)),
        lambda c, b: [np.float32((2 + 2 * b) / max(c.tolist()))],
        lambda c, b: reference.tensor((2 + 2 * b) / c).min(),
    ],
    "08.3": [
        sgd_step(torch),
        lambda w, g, m, lr, beta: np.array([w - lr * (beta * m + g), beta * m + g]),
        lambda w, g, m, lr, beta: torch.stack([torch.tensor(w - lr * (beta * m + g)), torch.tensor(beta * m + g)]),
        lambda w, g, m, lr, beta: [
            [a - lr * (beta * c + b) for a, b, c in zip(w, g, m, strict=True)],
            (beta * m + g).tolist(),
        ],
        lambda w, g, m, lr, beta: (w - lr * beta * m - lr * g, np.float32(m * beta + g)),
    ],
    "08.4": [
        best,
        lambda small, large: np.array(best(small, large), np.float32),
        lambda small, large: torch.tensor(best(small, large)),
        lambda small, large: [torch.tensor(v) for v in best(small, large)],
        lambda a, b: (4 / (a + b + 2 * (a * b) ** 0.5), 1 - 4 * (a * b) ** 0.5 / (a**0.5 + b**0.5) ** 2),
    ],
    "08.5": [
        adam,
        lambda *a: tuple(torch.tensor(v) for v in adam(*a)),
        lambda *a: np.array(adam(*a)),
        lambda *a: [v.tolist() for v in adam(*a)],
        lambda w, g, m, v, t, lr: [reference.tensor(part) for part in adam(w, g, m, v, t, lr)],
    ],
    "08.6": [
        lambda t, steps, lr: lr * (1 + math.cos(math.pi * t / steps)) / 2,
        lambda t, steps, lr: lr * (1 - math.sin(math.pi * t / steps / 2) ** 2),
        lambda t, steps, lr: lr / 2 + lr / 2 * np.cos(np.radians(180 * t / steps)),
        lambda t, steps, lr: torch.cos(torch.tensor(torch.pi * t / steps)).add(1).mul(lr / 2),
        lambda t, steps, lr: [np.float32(lr * (1 + np.cos(t * np.pi / steps)) / 2)],
        lambda t, steps, lr: (lr * (1 + np.cos(np.pi * np.arange(steps + 1) / steps)) / 2)[t],
    ],
    "08.7": [
        descend,
        lambda *a, **k: torch.tensor(np.array(descend(*a, **k))),
        lambda *a: tuple(np.float32(row) for row in descend(*a)),
        lambda gradient, start, lr, beta, steps: [
            reference.tensor(row) for row in descend(gradient, start, lr, beta, steps)
        ],
    ],
}
WRONG = {
    "08.1": [
        (lambda n, b, e: 500, "should be 215; you have 500"), (lambda n, b, e: round(n / b) * e, "should be"), (lambda n, b, e: math.ceil(n / b) * e + 1, "should be"),
        (lambda n, b, e: math.ceil(n / b) + e, "should be"), (lambda n, b, e: [math.ceil(n / b)] * e, "must be one number"), (lambda n, b, e: max(n // b, 1) * e, "should be"),
        (lambda n, b, e: int(n / b * e), "should be"), (lambda n, b, e: math.ceil(n / b) * b * e, "should be"), (lambda n, b, e: math.ceil(n / b) * e + 0.5, "whole number"),
    ],
    "08.2": [
        (lambda c, b: (2 + 2 * b) / (c[1] if len(c) > 1 else c[0]), "should be"),
        (lambda c, b: 2 + 2 * b / c.max(), "should be"), (lambda c, b: (2 + 2 * b) / c[1], "should be"), (lambda c, b: 0.95, "should be"), (lambda c, b: 1 / c.max(), "should be"),
        (lambda c, b: (2 + 2 * b) / c.max() - 0.01, "should be"), (lambda c, b: round((2 + 2 * b) / c.max(), 2), "should be"), (lambda c, b: 2 / (c.max() + c.min()), "should be"),
        (lambda c, b: (2 + b) / c.max(), "should be"), (lambda c, b: (2 + 2 * b) / np.median(c), "should be"), (lambda c, b: (1 + b**0.5) ** 2 / c.max(), "should be"),
    ],
    "08.3": [
        (lambda w, g, m, lr, beta: w - lr * (beta * m + g), "Return two things"), (lambda w, g, m, lr, beta: (w - lr * g, g), "should be"),
        (lambda w, g, m, lr, beta: (w, beta * m + g), "of the new w should be"), (lambda w, g, m, lr, beta: (w - 0.2 * (0.9 * m + g), 0.9 * m + g), "should be"),
        (lambda w, g, m, lr, beta: (w - lr * (beta * m + g), m), "of the new m should be"), (lambda w, g, m, lr, beta: (w - beta * (lr * m + g), lr * m + g), "should be"),
        (lambda w, g, m, lr, beta: ((w - lr * (beta * m + g)).sum(), beta * m + g), "must be"),
    ],
    "08.4": [
        (lambda a, b: (4 / 121, (9 / 11) ** 2), "should be"), (lambda a, b: (best(a, b)[0], best(a, b)[1] ** 2), "should be"), (lambda a, b: best(a, b)[0], "Return two things"),
        (lambda a, b: (2 / b, best(a, b)[1]), "the rate should be"), (lambda a, b: (best(a, b)[0], 0.9), "the momentum should be"),
        (lambda a, b: np.round(best(a, b), 2), "should be"), (lambda a, b: ((best(a, b)[0]) ** 0.5, best(a, b)[1] ** 0.5), "should be"), (lambda a, b: (4 / b, best(a, b)[1]), "should be"),
    ],
    "08.5": [
        (lambda *a: adam(*a, eps=0), "ε is missing"), (lambda *a: adam(*a, eps=1e-3), "should be"), (lambda *a: adam(*a)[:2], "Return three things"),
        (lambda w, g, m, v, t, lr: adam(w, g, m, v, t + 1, lr), "should be"), (lambda w, g, m, v, t, lr: adam(w, g, m, v, 1, lr), "should be"),
        (lambda *a: [adam(*a)[n] for n in (0, 2, 1)], "should be"), (lambda *a: adam(*a, betas=(0.9, 0.99)), "should be"), (lambda *a: adam(*a, betas=(0.999, 0.9)), "should be"),
        (lambda w, g, m, v, t, lr: adam(w, g, 0 * m, 0 * v, t, lr), "should be"), (lambda w, g, m, v, t, lr: [w - lr * np.sign(g), *adam(w, g, m, v, t, lr)[1:]], "of the new w should be"),
        (lambda w, g, m, v, t, lr: adam(w, g, m, v, t, 0.1), "should be"),
    ],
    "08.6": [
        (lambda t, n, lr: lr * (1 + np.cos(np.pi * t / max(n - 1, 1))) / 2, "should be"), (lambda t, n, lr: lr * (1 + np.cos(np.pi * (t + 1) / n)) / 2, "should be"),
        (lambda t, n, lr: lr * (1 + np.cos(np.pi * t / 7)) / 2, "should be"), (lambda t, n, lr: lr * (1 + np.cos(np.pi * np.arange(n + 1) / n)) / 2, "must be one number"),
        (lambda t, n, lr: lr * (1 + np.cos(np.pi * (t // n))) / 2, "should be"), (lambda t, n, lr: lr * 0.5**t, "should be"), (lambda t, n, lr: lr, "should be"),
        (lambda t, n, lr: max(lr * (1 + np.cos(np.pi * t / n)) / 2, 1e-3), "should be 0; you have 0.001"), (lambda t, n, lr: lr * np.sin(np.pi * t / n), "should be"),
    ],
    "08.7": [
        (lambda f, w, lr, b, n: descend(f, w, lr, b, n - 1), "must be"), (lambda f, w, lr, b, n: descend(f, w, lr, 0.5, n), "should be"),
        (lambda f, w, lr, b, n: np.array(descend(f, w, lr, b, n)).T, "must be"), (lambda f, w, lr, b, n: descend(lambda v: np.array([1.0, 10.0, 3.0])[: len(v)] * v, w, lr, b, n), "should be"),
        (lambda f, w, lr, b, n: descend(lambda v: f(w), w, lr, b, n), "should be"), (lambda f, w, lr, b, n: descend(f, w, lr, b, n)[::-1], "should be"),
        (lambda f, w, lr, b, n: descend(f, 0 * w, lr, b, n), "should be"), (lambda f, w, lr, b, n: np.round(descend(f, w, lr, b, n), 2), "should be"),
    ],
}  # fmt: skip

test_right_answers_are_accepted, test_wrong_answers_are_told_what_is_wrong = both_tables(RIGHT, WRONG)
