"""Straight lines through points under three losses, exactly: squared, absolute and Huber's."""

from itertools import combinations

import numpy as np

SQUARED, ABSOLUTE, HUBER = "squared error", "absolute error", "Huber's loss"


def squared_line(x, y, weights=None) -> tuple[float, float]:
    """(slope, intercept) of least Σ w·(y − a·x − b)², Gauss's method of least squares; w = 1 by default."""
    w = np.ones(len(x)) if weights is None else weights
    middle_x, middle_y = w @ x / w.sum(), w @ y / w.sum()
    slope = w @ ((x - middle_x) * (y - middle_y)) / (w @ (x - middle_x) ** 2)
    return float(slope), float(middle_y - slope * middle_x)


def absolute_line(x, y) -> tuple[float, float]:
    """(slope, intercept) of least Σ |y − a·x − b|. Some best line goes through two of the points, so all pairs are
    tried (Edgeworth 1888)."""
    first, second = np.array(list(combinations(range(len(x)), 2))).T
    apart = x[first] != x[second]
    first, second = first[apart], second[apart]
    slopes = (y[second] - y[first]) / (x[second] - x[first])
    intercepts = y[first] - slopes * x[first]
    totals = np.abs(y - slopes[:, None] * x - intercepts[:, None]).sum(axis=1)
    best = int(totals.argmin())
    return float(slopes[best]), float(intercepts[best])


def huber_line(x, y, delta: float, rounds: int = 500) -> tuple[float, float]:
    """(slope, intercept) of least Huber loss, by reweighting: a point δ/|r| as heavy once |r| > δ (Huber 1964)."""
    line = squared_line(x, y)
    for _ in range(rounds):
        far = np.abs(y - line[0] * x - line[1])
        before, line = line, squared_line(x, y, delta / np.maximum(far, delta))
        if np.allclose(before, line, rtol=0, atol=1e-10):
            break
    return line


def pull(loss: str, r, delta: float):
    """dL/dr: how hard a point at distance r from the line draws it: 2r, the sign of r, or r cut off at ±δ."""
    r = np.asarray(r, float)
    return {SQUARED: 2 * r, ABSOLUTE: np.sign(r), HUBER: np.clip(r, -delta, delta)}[loss]
