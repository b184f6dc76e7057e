"""Chapter 16: right answers in other words, and wrong ones with words of their feedback."""

from fractions import Fraction

import numpy as np
import torch

from tests.exercises.answers.judged import both_tables


def shares(q, epsilon):
    best = max(range(len(q)), key=lambda a: q[a])
    return [epsilon / len(q) + (1 - epsilon if a == best else 0) for a in range(len(q))]


def solved(P, R, gamma):
    return torch.linalg.solve(torch.eye(len(R)) - gamma * torch.tensor(P), torch.tensor(R))


def repeated(P, R, gamma, rounds=3000):
    V = [0.0] * len(R)
    for _ in range(rounds):
        V = [r + gamma * sum(a * b for a, b in zip(row, V, strict=True)) for row, r in zip(P, R, strict=True)]
    return V


def targets(r, gamma, row, following, over):
    ahead = np.zeros(2) if over else np.array([max(row), row[following]])
    return r + gamma * ahead


def best(P, R, gamma, tolerance=1e-9):
    Q = np.zeros(R.shape)
    while True:
        new = np.array([[R[s, a] + gamma * P[s, a] @ Q.max(1) for a in range(R.shape[1])] for s in range(len(R))])
        if abs(new - Q).max() < tolerance:
            return new
        Q = new


def by_policies(P, R, gamma):
    policy, states = np.zeros(len(R), int), np.arange(len(R))
    for _ in range(50):
        V = np.linalg.solve(np.eye(len(R)) - gamma * P[states, policy], R[states, policy])
        Q = R + gamma * P @ V
        policy = Q.argmax(axis=1)
    return Q


RIGHT = {
    "16.1": [
        lambda q, r, alpha: q - alpha * (q - r),
        lambda q, r, alpha: Fraction(q) + Fraction(alpha) * (Fraction(r) - Fraction(q)),
        lambda q, r, alpha: np.average([q, r], weights=[1 - alpha, alpha]),
        lambda q, r, alpha: torch.lerp(torch.tensor(q), torch.tensor(r), alpha),
        lambda q, r, alpha: [np.float32(q + alpha * (r - q))],
    ],
    "16.2": [
        lambda rewards, gamma: np.array(rewards) @ gamma ** np.arange(len(rewards)),
        lambda rewards, gamma: np.polyval(rewards[::-1], gamma),
        lambda rewards, gamma: rewards[0] + gamma * sum(r * gamma**t for t, r in enumerate(rewards[1:])),
        lambda rewards, gamma: torch.tensor([r * gamma**t for t, r in enumerate(rewards)]).sum(),
        lambda rewards, gamma: np.float32(np.polyval(rewards[::-1], gamma)),
    ],
    "16.3": [
        shares,
        lambda q, epsilon: np.array(shares(q, epsilon), np.float32),
        lambda q, epsilon: (1 - epsilon) * (q == q.max()) + epsilon / q.size,
        lambda q, epsilon: torch.tensor(shares(q, epsilon)),
        lambda q, e: tuple(e / len(q) + (1 - e) * (rank == len(q) - 1) for rank in q.argsort().argsort()),
    ],
    "16.4": [
        solved,
        repeated,
        lambda P, R, gamma: np.linalg.inv(np.eye(len(R)) - gamma * P) @ R,
        lambda P, R, gamma: sum(gamma**k * np.linalg.matrix_power(P, k) @ R for k in range(400)),
        lambda P, R, gamma: np.float32(solved(P, R, gamma)),
    ],
    "16.5": [
        targets,
        lambda *a: torch.tensor(targets(*a)),
        lambda r, g, row, f, over: [r if over else r + g * v for v in (row[row.argmax()], row[f])],
        lambda r, g, row, f, over: {True: (r, r), False: (r + g * max(row), r + g * row[f])}[over],
    ],
    "16.6": [
        best,
        by_policies,
        lambda *a: np.round(best(*a), 6),
        lambda *a: best(*a).tolist(),
        lambda *a: torch.tensor(best(*a)),
    ],
}
WRONG = {
    "16.1": [
        (lambda q, r, alpha: q + alpha * (r + q), "should be"),
        (lambda q, r, alpha: q + alpha * (q - r), "The wrong direction"),
        (lambda q, r, alpha: r, "alpha is missing"),
        (lambda q, r, alpha: q, "should be"),
        (
            lambda q, r, alpha: max(0, q + alpha * (r - q)),
            "For q = -2.0, r = -1.0, alpha = 0.2: the new value should be -1.8",
        ),
        (lambda q, r, alpha: round(q + alpha * (r - q), 1), "should be"),
        (lambda q, r, alpha: q + 0.1 * (r - q), "alpha = 0.25"),
    ],
    "16.2": [
        (lambda rewards, gamma: gamma * np.polyval(rewards[::-1], gamma), "gamma to the power of 0"),
        (lambda rewards, gamma: np.polyval(rewards, gamma), "the wrong end"),
        (lambda rewards, gamma: np.mean(rewards) * gamma, "should be"),
        (lambda rewards, gamma: [r * gamma**t for t, r in enumerate(rewards)], "must be one number"),
        (lambda rewards, gamma: sum(abs(r) * gamma**t for t, r in enumerate(rewards)), "should be"),
        (lambda rewards, gamma: sum(r * gamma**t for t, r in enumerate(rewards[:3])), "should be"),
        (lambda rewards, gamma: sum(r / (1 + gamma) ** t for t, r in enumerate(rewards)), "should be"),
    ],
    "16.3": [
        (lambda q, epsilon: np.full(len(q), 1 / len(q)), "should be"),
        (lambda q, epsilon: shares(-q, epsilon), "the *smallest* value"),
        (lambda q, epsilon: shares(q, 1 - epsilon), "yours are exchanged"),
        (lambda q, epsilon: shares(abs(q), epsilon), "For q = [-4.0"),
        (lambda q, epsilon: np.argmax(shares(q, epsilon)), "must be a list of 4 numbers"),
        (lambda q, epsilon: shares(q, epsilon)[::-1], "should be"),
        (lambda q, epsilon: [round(v, 2) for v in shares(q, epsilon)], "should be"),
    ],
    "16.4": [
        (lambda P, R, gamma: repeated(P, R, gamma, 3), "should be"),
        (lambda P, R, gamma: repeated(P, R, gamma, 40), "should be"),
        (lambda P, R, gamma: repeated(P, R, gamma, 2), "two steps ahead"),
        (lambda P, R, gamma: np.linalg.solve(np.eye(len(R)) - gamma, R), "should be"),
        (lambda P, R, gamma: repeated(P, R, 0.9), "should be"),
        (lambda P, R, gamma: solved(P, R, gamma).max(), "must be a list of 3 numbers"),
        (lambda P, R, gamma: np.linalg.inv(np.eye(len(R)) - gamma * P), "must be a list of 3 numbers"),
    ],
    "16.5": [
        (lambda *a: targets(*a)[::-1], "They are exchanged"),
        (lambda *a: targets(*a)[:1], "Return two things: the target of Q-learning and the target of SARSA"),
        (lambda r, g, row, f, over: targets(r, g, row, f, False), "both targets are r"),
        (lambda r, g, row, f, over: targets(r, g, abs(row), f, over), "should be"),
        (lambda r, g, row, f, over: targets(r, g, row, 0, over), "the target of SARSA should be"),
        (lambda r, g, row, f, over: targets(r, g, np.append(row, 0), f, over), "the target of Q-learning should be"),
        (lambda r, g, row, f, over: targets(0, g, row, f, over), "should be"),
    ],
    "16.6": [
        (lambda P, R, gamma: best(P, R, gamma, 1e-3), "should be"),
        (lambda P, R, gamma: best(P, R, gamma, 1e-6), "should be"),
        (lambda P, R, gamma: best(P, R, 0.9), "gamma = 0.5"),
        (lambda P, R, gamma: best(P, R, gamma).argmax(axis=1), "must be 4 rows of 2 numbers"),
        (lambda P, R, gamma: np.round(best(P, R, gamma), 3), "should be"),
        (lambda P, R, gamma: best(P, abs(R), gamma), "should be"),
        (lambda P, R, gamma: best(P, R, gamma).max(axis=1), "These are the values of the states"),
    ],
}

test_right_answers_are_accepted, test_wrong_answers_are_told_what_is_wrong = both_tables(RIGHT, WRONG)
