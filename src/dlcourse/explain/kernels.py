"""How far a sample is from the instance, and how much it therefore counts."""

import numpy as np


def cosine_distance(rows: np.ndarray) -> np.ndarray:
    """1 − cos of the angle between each row and the first, (N, d) -> (N,); 1 for a row of zeros.

    For masks, whose first row is all ones, this is 1 − √(k/d), k the number of features left on.
    """
    rows = np.asarray(rows, float)
    lengths = np.linalg.norm(rows, axis=1) * np.linalg.norm(rows[0])
    cosines = np.divide(rows @ rows[0], lengths, out=np.zeros(len(rows)), where=lengths > 0)
    distances = 1 - cosines
    distances[0] = 0.0
    return np.clip(distances, 0, 2)


def euclidean_distance(rows: np.ndarray) -> np.ndarray:
    """Distance of each row from the first, (N, d) -> (N,)."""
    return np.linalg.norm(np.asarray(rows, float) - rows[0], axis=1)


def exponential(distances: np.ndarray, width: float) -> np.ndarray:
    """exp(−d²/(2σ²)), the kernel of Ribeiro et al. (2016) as their code has it; σ = inf weighs all samples alike."""
    return np.exp(-(np.asarray(distances) ** 2) / (2 * width**2))


def effective_samples(weights: np.ndarray) -> float:
    """(Σw)²/Σw²: how many samples of equal weight would tell as much (Kish 1965). N for equal weights, 1 at worst."""
    weights = np.asarray(weights, float)
    return float(weights.sum() ** 2 / (weights**2).sum())
