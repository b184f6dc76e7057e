"""Lloyd's algorithm for k-means in half-steps: points to their nearest centre, centres to the mean of their points."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from dlcourse import data

STARTS = 20
LONGEST = 100  # half-steps at most; the sets of the course need fewer
HOWS = ("random points", "k-means++")


@dataclass(frozen=True)
class Run:
    """Half-step 0 is the start; each odd one assigns, each even one moves.

    centres: (S, k, 2); groups: (S, N), −1 at half-step 0; inertia: (S,), the sum of the squared distances to the centre
    of the own group, at half-step 0 of the nearest.
    """

    centres: np.ndarray
    groups: np.ndarray
    inertia: np.ndarray

    @property
    def last(self) -> int:
        return len(self.inertia) - 1


def lloyd(points: np.ndarray, centres: np.ndarray) -> Run:
    """All half-steps until no point changes its group. points (N, 2), centres (k, 2), float64.

    A centre without points stays where it is (scikit-learn moves it to a far point).
    """
    rows, k = np.arange(len(points)), len(centres)
    groups, history = np.full(len(points), -1), []
    while len(history) < LONGEST:
        distances = ((points[:, None] - centres) ** 2).sum(axis=2)  # (N, k)
        nearest = distances.argmin(axis=1)
        if not history:
            history.append((centres, groups, distances.min(axis=1).sum()))
        elif np.array_equal(nearest, groups):
            break
        groups = nearest
        history.append((centres, groups, distances[rows, groups].sum()))
        members = np.eye(k)[groups]  # (N, k)
        sizes = members.sum(axis=0)[:, None]
        centres = np.where(sizes > 0, members.T @ points / np.maximum(sizes, 1), centres)
        history.append((centres, groups, ((points - centres[groups]) ** 2).sum()))
    return Run(*(np.array(part) for part in zip(*history, strict=True)))


def first_centres(points: np.ndarray, k: int, how: str, seed: int) -> np.ndarray:
    """k different ones of the points: any, or by k-means++ (Arthur & Vassilvitskii 2007).

    There each next one is drawn in proportion to its squared distance to the nearest centre so far.
    """
    rng = np.random.default_rng(seed)
    if how == "random points":
        different = np.sort(np.unique(points, axis=0, return_index=True)[1])
        return points[rng.choice(different, k, replace=False)]
    chosen = [points[rng.integers(len(points))]]
    while len(chosen) < k:
        far = ((points[:, None] - np.array(chosen)) ** 2).sum(axis=2).min(axis=1)
        chosen.append(points[rng.choice(len(points), p=far / far.sum())])
    return np.array(chosen)


@lru_cache(maxsize=64)
def runs(name: str, k: int, how: str) -> tuple[Run, ...]:
    """Twenty runs on a set of the course, from the seeds 0 … 19."""
    points = points_of(name)
    return tuple(lloyd(points, first_centres(points, k, how, seed)) for seed in range(STARTS))


@lru_cache(maxsize=64)
def best_inertia(name: str, k: int) -> float:
    """The least inertia of forty runs: twenty from random points and twenty by k-means++."""
    return min(float(run.inertia[-1]) for how in HOWS for run in runs(name, k, how))


@lru_cache(maxsize=16)
def points_of(name: str) -> np.ndarray:
    """The points of `data.cluster_set(name)` as float64 (N, 2)."""
    return data.cluster_set(name).x.astype(np.float64)


@lru_cache(maxsize=16)
def corners(name: str) -> tuple[np.ndarray, np.ndarray]:
    """What 0 and 1 on both axes of the picture mean in the units of the data: the points with a margin."""
    points = points_of(name)
    margin = 0.08 * np.ptp(points, axis=0)
    return points.min(axis=0) - margin, points.max(axis=0) + margin
