"""Polynomials that are fitted to points: by gradient descent, known after any number of updates at once, or to the end.

Written as sums of Legendre's polynomials, which stay between −1 and 1 on [−1, 1]: the same curves as sums of powers,
but gradient descent finds them in thousands of updates instead of billions.
"""

import numpy as np
from numpy.polynomial.legendre import legvander

RATE = 0.3  # stable: no curve of degree 15 through ten or more points has a curvature near 2/RATE


def features(x, degree: int) -> np.ndarray:
    """Columns P₀(x), P₁(x), … P_degree(x) for x (N,) or (N, 1): (N, degree + 1) float64."""
    return legvander(np.asarray(x, float).reshape(-1), degree)


def descent(phi, y, penalty: float, updates) -> np.ndarray:
    """Weights (T, D) of gradient descent from 0 on mean((φw − y)²) + penalty·|w|², after each number in `updates` (T,).

    The loss is a bowl. In each of its own directions, of eigenvalue λ, the distance from the lowest point shrinks by
    1 − 2·RATE·λ an update, so no update has to be walked.
    """
    bowl = phi.T @ phi / len(y) + penalty * np.eye(phi.shape[1])
    curvature, directions = np.linalg.eigh(bowl)
    curvature = np.maximum(curvature, 1e-9)  # 0 but for rounding: there is nothing to walk towards
    pull = directions.T @ (phi.T @ y) / len(y)
    walked = 1 - (1 - 2 * RATE * curvature) ** np.asarray(updates)[:, None]
    return (walked / curvature * pull) @ directions.T


def ridge(phi, y, penalty: float) -> np.ndarray:
    """The lowest point: weights of least mean((φw − y)²) + penalty·|w|², for φ (…, N, D), y (…, N): (…, D)."""
    bowl = np.swapaxes(phi, -1, -2) @ phi / phi.shape[-2] + penalty * np.eye(phi.shape[-1])
    pull = np.swapaxes(phi, -1, -2) @ y[..., None] / phi.shape[-2]
    return np.linalg.solve(bowl, pull)[..., 0]
