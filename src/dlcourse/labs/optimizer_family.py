"""The family of optimizers as one formula, so that a whole race is a few array operations a step.

    m ← β₁·m + c₁·g          what it remembers of the direction
    v ← β₂·v + c₂·g²         what it remembers of the size, for each weight alone
    w ← (1 − lr·λ)·w − lr · (keep·m̂ + look·g) / (√v̂ + ε)

m̂ and v̂ are m and v divided by 1 − βᵗ where the member corrects its start, else m and v themselves. Without a memory of
size v stays 0 and ε is 1. Each row of FAMILY gives the coefficients of a member with the defaults of `engine.optim`,
whose optimizers take the very same steps (tested).
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Member:
    """One optimizer: its coefficients, the letter on its marks and the call that makes it (`{lr}` is the rate)."""

    name: str
    letter: str
    call: str
    beta1: float = 0.0
    c1: float = 1.0
    keep: float = 1.0
    look: float = 0.0
    beta2: float = 0.0
    c2: float = 0.0
    eps: float = 1.0
    corrects: bool = False
    decay: float = 0.0


_MEAN = {"beta1": 0.9, "c1": 0.1, "beta2": 0.999, "c2": 0.001, "eps": 1e-8, "corrects": True}
FAMILY = (
    Member("SGD", "S", "SGD([w], lr={lr})"),
    Member("momentum", "M", "SGD([w], lr={lr}, momentum=0.9)", beta1=0.9),
    Member("Nesterov", "N", "SGD([w], lr={lr}, momentum=0.9, nesterov=True)", beta1=0.9, keep=0.9, look=1.0),
    Member("Adagrad", "G", "Adagrad([w], lr={lr})", beta2=1.0, c2=1.0, eps=1e-10),
    Member("RMSprop", "R", "RMSprop([w], lr={lr})", beta2=0.99, c2=0.01, eps=1e-8),
    Member("Adam", "A", "Adam([w], lr={lr})", **_MEAN),
    Member("AdamW", "W", "AdamW([w], lr={lr})", **_MEAN, decay=0.01),
)
NAMES = tuple(member.name for member in FAMILY)


@dataclass(frozen=True)
class Race:
    """All members at all rates from one start; NaN once a run has left."""

    rates: np.ndarray  # (R,)
    w: np.ndarray  # (steps + 1, 7, R, 2) positions
    m: np.ndarray  # (steps + 1, 7, R, 2) memories of direction after each step, 0 at first
    v: np.ndarray  # (steps + 1, 7, R, 2) memories of size
    loss: np.ndarray  # (steps + 1, 7, R)


def _column(name: str) -> np.ndarray:
    return np.array([getattr(member, name) for member in FAMILY], float)[:, None, None]


def corrections(steps: int) -> tuple[np.ndarray, np.ndarray]:
    """What m and √v are divided by after each step 1 … steps: (steps, 7, 1, 1) each, 1 where nothing is corrected."""
    t = np.arange(1, steps + 1)[:, None, None, None]
    corrects = _column("corrects").astype(bool)
    return (
        np.where(corrects, 1 - _column("beta1") ** t, 1.0),
        np.where(corrects, np.sqrt(1 - _column("beta2") ** t), 1.0),
    )


def race(landscape, start, rates, steps: int) -> Race:
    """Run every member of FAMILY at every rate on a landscape from one start (2,)."""
    rates = np.asarray(rates, float)
    beta1, c1, keep, look, beta2, c2, eps, decay = map(
        _column, ("beta1", "c1", "keep", "look", "beta2", "c2", "eps", "decay")
    )
    lr = rates[:, None]
    shrink, (fix1, fix2) = 1 - lr * decay, corrections(steps)
    shape = (steps + 1, len(FAMILY), len(rates), 2)
    w, m, v = np.empty(shape), np.zeros(shape), np.zeros(shape)
    w[0] = start
    for t in range(steps):
        g = landscape.gradient(w[t])
        m[t + 1] = beta1 * m[t] + c1 * g
        v[t + 1] = beta2 * v[t] + c2 * g * g
        direction = keep * m[t + 1] / fix1[t] + look * g
        w[t + 1] = shrink * w[t] - lr * direction / (np.sqrt(v[t + 1]) / fix2[t] + eps)
        w[t + 1][~(np.abs(w[t + 1]).max(axis=-1) <= landscape.reach)] = np.nan
    return Race(rates, w, m, v, landscape.value(w))
