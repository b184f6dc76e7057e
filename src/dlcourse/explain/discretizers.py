"""Cutting columns of numbers into bins, so that "is it in the same bin as here?" becomes a feature of 0 and 1."""

import numpy as np

PERCENTILES = {"quartile": (25, 50, 75), "decile": tuple(range(10, 100, 10))}
_LEAST_SPREAD = 1e-11  # keeps a bin of one value from a division by zero


class Bins:
    """The bins of one column: cuts (b,), increasing; bin i holds cuts[i − 1] < x ≤ cuts[i], there are b + 1 bins.

    means, stds, mins, maxs: (b + 1,) of the training values of each bin; values for a bin are drawn from the normal
    with its mean and standard deviation, cut off at its ends. Bin b + 1, `missing`, holds nan; `shares` counts it only
    if the column has such values.
    """

    def __init__(self, column: np.ndarray, kind: str):
        known = column[~np.isnan(column)]
        self.cuts = np.unique(np.percentile(known, PERCENTILES[kind]))
        self.missing = len(self.cuts) + 1
        bins = self.of(column)
        inside = [column[bins == i] for i in range(self.missing)]
        self.means = np.array([part.mean() if len(part) else 0.0 for part in inside])
        self.stds = np.array([part.std() if len(part) else 0.0 for part in inside]) + _LEAST_SPREAD
        self.mins = np.concatenate([[known.min()], self.cuts])
        self.maxs = np.concatenate([self.cuts, [known.max()]])
        self.shares = np.bincount(bins, minlength=self.missing) / len(column)

    def of(self, values: np.ndarray) -> np.ndarray:
        """The bin of each value."""
        return np.where(np.isnan(values), self.missing, np.searchsorted(self.cuts, values))

    def draw(self, bins: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """A value for each bin number, by the inverse of the truncated normal's distribution function."""
        from scipy.special import ndtr, ndtri

        gone = bins == self.missing
        bins = np.where(gone, 0, bins)
        means, stds = self.means[bins], self.stds[bins]
        low, high = (self.mins[bins] - means) / stds, (self.maxs[bins] - means) / stds
        # Mirrored where both ends are far out on the right: there 1 − Φ keeps its digits and Φ does not.
        mirrored = low > 0
        a, b = np.where(mirrored, -high, low), np.where(mirrored, -low, high)
        z = ndtri(ndtr(a) + rng.random(len(bins)) * (ndtr(b) - ndtr(a)))
        values = means + stds * np.where(mirrored, -z, z)
        return np.where(gone, np.nan, np.clip(values, self.mins[bins], self.maxs[bins]))

    def name(self, column: str, number: int) -> str:
        """The bin in words: "1.00 < width <= 2.50"; "width missing"."""
        if number == self.missing:
            return f"{column} missing"
        if number == 0:
            return f"{column} <= {self.cuts[0]:.2f}"
        if number == len(self.cuts):
            return f"{column} > {self.cuts[-1]:.2f}"
        return f"{self.cuts[number - 1]:.2f} < {column} <= {self.cuts[number]:.2f}"
