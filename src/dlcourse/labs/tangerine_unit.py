"""The sums of the tangerine sorter: a line through the box, and a logistic unit that moves it.

Ripe if d + tilt·(c − ½) > threshold, d the diameter in cm, c the colour from 0 to 1: the threshold is the diameter at
which a half-coloured fruit is sold, the tilt the cm that full colour is worth against none. As a unit, p = σ(z) with
z = w₁d + w₂c + b. It learns by gradient descent on the cross-entropy, on features of mean 0 and deviation 1.
"""

from functools import lru_cache

import numpy as np

import dlcourse.reference as engine
from dlcourse import data

DIAMETER, BOTH = "diameter", "diameter and colour"
PARTS = ("training", "validation")
STEPS, RATE = 80, 1.0


@lru_cache(maxsize=1)
def boxes() -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Features (N, 2), as they are printed in the file, and ripeness (N,) of each part; the test part stays closed."""
    parts = data.split(data.tangerines())
    return {name: (part.x.astype(float).round(2), part.y) for name, part in zip(PARTS, parts, strict=False)}


def weights_of(threshold: float, tilt: float) -> np.ndarray:
    """(w₁, w₂, b) of the hand's line: z grows by 1 with each cm."""
    return np.array([1.0, tilt, -threshold - tilt / 2])


def line_of(weights) -> tuple[float, float]:
    """(threshold, tilt) of (w₁, w₂, b); w₁ must be positive."""
    w1, w2, b = weights
    return float(-(b + w2 / 2) / w1), float(w2 / w1)


def net_values(x, weights) -> np.ndarray:
    """z (N,), rounded so that a fruit exactly on the line is on it, whatever the rounding errors."""
    return (x @ weights[:2] + weights[2]).round(9)


@lru_cache(maxsize=32)
def trajectory(features: str, threshold: float, tilt: float) -> np.ndarray:
    """(STEPS + 1, 3): the weights from the hand's line on, after each step of gradient descent on the training box."""
    x, y = boxes()["training"]
    used = 1 if features == DIAMETER else 2
    mean, deviation = x.mean(axis=0)[:used], x.std(axis=0)[:used]
    start = weights_of(threshold, tilt if used == 2 else 0.0)
    inputs, target = engine.tensor((x[:, :used] - mean) / deviation), engine.tensor(y.astype(float))
    w = engine.tensor(start[:used] * deviation, requires_grad=True)
    b = engine.tensor(start[2] + start[:used] @ mean, requires_grad=True)
    optimizer, found = engine.optim.SGD([w, b], lr=RATE), [start]
    for _ in range(STEPS):
        loss = engine.nn.functional.binary_cross_entropy_with_logits(inputs @ w + b, target)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        raw = w.detach().numpy() / deviation
        found.append(np.array([*raw, *[0.0] * (2 - used), b.item() - raw @ mean]))
    return np.array(found)


def cross_entropy(x, y, weights) -> float:
    """Mean loss of the unit on a box."""
    z = engine.tensor(net_values(x, weights))
    return engine.nn.functional.binary_cross_entropy_with_logits(z, engine.tensor(y.astype(float))).item()


def confusion(y, answer) -> np.ndarray:
    """(2, 2) counts: rows the truth, columns the answer."""
    return np.bincount(2 * np.asarray(y) + np.asarray(answer, int), minlength=4).reshape(2, 2)


def sweep(x, y, tilt: float, thresholds) -> np.ndarray:
    """(T,) how many fruits each threshold gets wrong, at this tilt."""
    reach = (x[:, 0] + tilt * (x[:, 1] - 0.5)).round(9)
    sold = [np.searchsorted(np.sort(reach[y == label]), thresholds, side="right") for label in (0, 1)]
    return (y == 0).sum() - sold[0] + sold[1]  # unripe ones above, ripe ones at or below


def places(x, y, features: str) -> np.ndarray:
    """(N, 2) where each fruit is drawn: at its colour; or, when colour is not looked at, ripe ones piled up above the
    middle and unripe ones down below it."""
    if features == BOTH:
        return x
    height = np.empty(len(x))
    for label, side in ((0, -1), (1, 1)):
        for size in np.unique(x[y == label, 0]):
            rows = np.flatnonzero((y == label) & (x[:, 0] == size))
            height[rows] = 0.5 + side * (0.035 + 0.037 * np.arange(len(rows)))
    return np.stack([x[:, 0], height], axis=1)
