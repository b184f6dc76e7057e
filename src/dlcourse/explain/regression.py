"""Weighted ridge regression and what must be known about a fit before it is believed."""

import numpy as np


def centred(rows, outputs, weights):
    """Rows and outputs minus their weighted means, times √weight, so that plain squares are weighted ones.

    Returns (rows (N, k), outputs (N,), mean of the rows (k,), mean of the outputs).
    """
    total = weights.sum()
    row_mean, output_mean = weights @ rows / total, float(weights @ outputs / total)
    scale = np.sqrt(weights)
    centred_outputs = np.zeros(len(outputs)) if is_constant(outputs) else (outputs - output_mean) * scale
    return (rows - row_mean) * scale[:, None], centred_outputs, row_mean, output_mean


def ridge(rows, outputs, weights, alpha: float) -> tuple[np.ndarray, float]:
    """Minimise Σ w (y − b − x·β)² + α |β|²; returns (β (k,), b). The intercept b is not shrunk.

    α = 0 is least squares; where that has many solutions, the shortest.
    """
    columns, targets, row_mean, output_mean = centred(rows, outputs, weights)
    if alpha == 0:
        beta = np.linalg.lstsq(columns, targets, rcond=None)[0]
    else:
        beta = np.linalg.solve(columns.T @ columns + alpha * np.eye(columns.shape[1]), columns.T @ targets)
    return beta, output_mean - float(row_mean @ beta)


def r_squared(outputs, predictions, weights) -> float:
    """1 − Σ w (y − ŷ)² / Σ w (y − ȳ)²; nan where the outputs are all the same: there is nothing to explain."""
    if is_constant(outputs):
        return float("nan")
    spread = weights @ (outputs - weights @ outputs / weights.sum()) ** 2
    return float(1 - weights @ (outputs - predictions) ** 2 / spread)


def is_constant(outputs) -> bool:
    """Equal up to rounding."""
    return bool(np.ptp(outputs) <= 1e-12 * np.abs(outputs).max())


def standard_errors(rows, outputs, weights, alpha: float, beta, groups) -> np.ndarray:
    """How far the coefficients (k,) would scatter if the samples were drawn again.

    H⁻¹ (Σ_g s_g s_gᵀ) H⁻¹ with H = XᵀWX + αI and s_g the sum of w (y − ŷ) x over the samples drawn together (Huber
    1967, White 1980). Nothing is assumed of the residuals, which are no noise but what no sum of features can say.
    Zero if all samples are one group, as when every mask was tried.
    """
    _, members = np.unique(groups, return_inverse=True)
    count, k = members.max() + 1, rows.shape[1]
    if count == 1:
        return np.zeros(k)
    columns, targets, _, _ = centred(rows, outputs, weights)
    inverse = np.linalg.pinv(columns.T @ columns + alpha * np.eye(k), hermitian=True)
    scores = np.zeros((count, k))
    np.add.at(scores, members, columns * (targets - columns @ beta)[:, None])
    spread = scores @ inverse  # (groups, k)
    small_sample = count / (count - 1) * (len(outputs) - 1) / max(len(outputs) - k - 1, 1)
    return np.sqrt(small_sample * (spread**2).sum(axis=0))
