"""Which features the local model may use: the five methods of marcotcr/lime.

All take rows (N, d), outputs (N,), weights (N,) and the number of features, and return the columns chosen.
"""

import numpy as np

from dlcourse.explain.regression import centred, ridge

METHODS = ("auto", "none", "forward_selection", "highest_weights", "lasso_path")
_FEW = 6  # up to here "auto" selects forward
_GONE = 1e-10  # a column whose length has shrunk by this share is a sum of those already chosen


def select(method: str, rows: np.ndarray, outputs: np.ndarray, weights: np.ndarray, count: int) -> np.ndarray:
    """The columns that `method` chooses, at most `count` of them ("none": all)."""
    if method == "auto":
        method = "forward_selection" if count <= _FEW else "highest_weights"
    if method == "none":
        return np.arange(rows.shape[1])
    return _CHOOSE[method](rows, outputs, weights, count)


def forward_selection(rows, outputs, weights, count) -> np.ndarray:
    """Adds again and again the column that raises R² most.

    Instead of a fit for each candidate: all columns are kept orthogonal to those chosen. The column x then lowers the
    squared error by (x·y)²/(x·x).
    """
    columns, targets, _, _ = centred(rows, outputs, weights)
    first_lengths = (columns**2).sum(axis=0)
    chosen: list[int] = []
    for _ in range(min(count, rows.shape[1])):
        lengths = (columns**2).sum(axis=0)
        alive = lengths > _GONE * np.maximum(first_lengths, 1e-300)
        gains = np.divide((columns.T @ targets) ** 2, lengths, out=np.zeros(len(lengths)), where=alive)
        gains[chosen] = -1.0
        best = int(np.argmax(gains))
        chosen.append(best)
        if alive[best]:
            unit = columns[:, best] / np.sqrt(lengths[best])
            columns = columns - np.outer(unit, unit @ columns)
    return np.array(chosen, int)


def highest_weights(rows, outputs, weights, count) -> np.ndarray:
    """The columns with the largest |coefficient × value of the instance| in a ridge fit (α = 0.01) of all."""
    coefficients, _ = ridge(rows, outputs, weights, 0.01)
    return np.argsort(-np.abs(coefficients * rows[0]), kind="stable")[:count]


def lasso_path(rows, outputs, weights, count) -> np.ndarray:
    """The columns in use at the last point of the lasso path (Efron et al. 2004) that uses at most `count`."""
    from sklearn.linear_model import lars_path  # its import takes a second

    columns, targets, _, _ = centred(rows, outputs, weights)
    _, _, path = lars_path(columns, targets, method="lasso")  # (d, points)
    used = [np.flatnonzero(point) for point in path.T[:0:-1]]
    fitting = [columns for columns in used if len(columns) <= count]
    return fitting[0] if fitting else used[-1] if used else np.arange(rows.shape[1])


_CHOOSE = {
    "forward_selection": forward_selection,
    "highest_weights": highest_weights,
    "lasso_path": lasso_path,
}
