"""What is computed for BanditLab: many learners at levers of unknown pay, all runs at once.

The value of a lever is a running mean of what it paid, Q ← Q + α (r − Q), with α = 1/N or constant.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Play:
    """What R learners did in T presses of L levers."""

    pressed: np.ndarray  # (R, T) which lever
    paid: np.ndarray  # (R, T) what it gave
    values: np.ndarray  # (R, T + 1, L) Q before the first press and after each
    counts: np.ndarray  # (R, T + 1, L) how often each has been pressed


def play(
    table: np.ndarray, epsilon: float = 0.1, alpha: float | None = None, first: float = 0.0, ucb: float = 0.0,
    seed: int = 0, own=None,
) -> Play:  # fmt: skip
    """R learners at once, all in one world: table (R, T, L) holds what each lever would pay.

    With probability epsilon any lever is pressed, else the one with the largest Q + ucb·√(ln t / N); ties fall at
    random. alpha: how far Q goes to the new reward, None for 1/N, which makes it the mean. first: every Q before the
    first press. own: (T,) levers that are pressed whatever Q says.
    """
    runs, presses, levers = table.shape
    rng, rows = np.random.default_rng(seed), np.arange(runs)
    curious, anywhere = rng.random((presses, runs)) < epsilon, rng.integers(levers, size=(presses, runs))
    ties = 1e-6 * rng.random((presses, runs, levers))
    pressed, paid = np.empty((runs, presses), int), np.empty((runs, presses))
    values, counts = np.full((runs, presses + 1, levers), first, float), np.zeros((runs, presses + 1, levers))
    q, n = values[:, 0].copy(), counts[:, 0].copy()
    for t in range(presses):
        score = q + ties[t]
        if ucb:
            score += ucb * np.sqrt(np.log(t + 1) / np.maximum(n, 1e-9))
        lever = np.where(curious[t], anywhere[t], score.argmax(axis=1)) if own is None else np.full(runs, own[t])
        reward = table[rows, t, lever]
        n[rows, lever] += 1
        q[rows, lever] += (reward - q[rows, lever]) * (1 / n[rows, lever] if alpha is None else alpha)
        pressed[:, t], paid[:, t], values[:, t + 1], counts[:, t + 1] = lever, reward, q, n
    return Play(pressed, paid, values, counts)


def regret(pressed: np.ndarray, chances: np.ndarray) -> np.ndarray:
    """(R, T + 1) what the best lever would have paid more, on average, summed up; chances: (T, L) at each press."""
    known = chances[: pressed.shape[1]]
    lost = known.max(axis=1) - known[np.arange(len(known)), pressed]
    return np.concatenate([np.zeros((len(pressed), 1)), lost.cumsum(axis=1)], axis=1)
