"""LIME for tables: a row's neighbours are drawn from what the training data look like."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from dlcourse.explain.discretizers import PERCENTILES, Bins
from dlcourse.explain.kernels import euclidean_distance
from dlcourse.explain.lime import Explanation, ask, explain_samples


class Background:
    """What LIME must know about the training data (N, d) to draw neighbours of a row.

    discretizer: "quartile" or "decile" cuts every column into bins, and the linear model's features are "in the same
    bin as the row" (0 or 1); None draws normal numbers with the mean and standard deviation of each column, and the
    features are the columns in standard units. categorical: column -> the names of its values 0, 1, …; such columns are
    drawn as often as they occur, and their feature is "the same value as in the row".
    """

    def __init__(
        self,
        training: np.ndarray,
        names: Sequence[str] | None = None,
        discretizer: str | None = "quartile",
        categorical: Mapping[int, Sequence[str]] | None = None,
    ):
        training = np.asarray(training, float)
        if training.ndim != 2 or len(training) < 2 or not np.isfinite(training).all():
            raise ValueError(f"Background: training must be (N, d) finite numbers, N >= 2; got {training.shape}.")
        if discretizer is not None and discretizer not in PERCENTILES:
            raise ValueError(f"Background: discretizer must be 'quartile', 'decile' or None; got {discretizer!r}.")
        d = training.shape[1]
        self.names = tuple(f"x{j}" for j in range(d)) if names is None else tuple(names)
        self.categorical = dict(categorical or {})
        if len(self.names) != d or not set(self.categorical) <= set(range(d)):
            raise ValueError(f"Background: expected {d} names and categorical columns from 0 to {d - 1}.")
        self.bins = {
            j: Bins(training[:, j], discretizer) for j in range(d) if discretizer and j not in self.categorical
        }
        self.values = {j: np.unique(training[:, j], return_counts=True) for j in self.categorical}
        binary = [*self.bins, *self.values]
        self.mean, scale = training.mean(axis=0), training.std(axis=0)
        self.scale = np.where(scale > 0, scale, 1.0)
        self.mean[binary], self.scale[binary] = 0.0, 1.0

    def feature_names(self, row: np.ndarray) -> list[str]:
        """What each feature of the linear model says of this row."""

        def name(j: int) -> str:
            if j in self.bins:
                return self.bins[j].name(self.names[j], int(self.bins[j].of(row[j])))
            return f"{self.names[j]}={self.categorical[j][int(row[j])]}" if j in self.values else self.names[j]

        return [name(j) for j in range(len(self.names))]

    def draw(self, row: np.ndarray, samples: int, seed: int = 0, around_row: bool = False):
        """(features (samples, d), inputs (samples, d)): what the linear model and what the classifier sees; row first.

        around_row: normal columns are drawn around the row instead of around the training mean.
        """
        rng = np.random.default_rng(seed)
        centre = row if around_row else self.mean
        inputs = rng.normal(size=(samples, len(row))) * self.scale + centre
        features = inputs.copy()
        for j, bins in self.bins.items():
            drawn = rng.choice(len(bins.shares), samples, p=bins.shares)
            features[:, j] = drawn == bins.of(row[j])
            inputs[:, j] = bins.draw(drawn, rng)
        for j, (values, counts) in self.values.items():
            inputs[:, j] = rng.choice(values, samples, p=counts / counts.sum())
            features[:, j] = inputs[:, j] == row[j]
        inputs[0] = row
        features[0] = [1.0 if j in self.bins or j in self.values else value for j, value in enumerate(row)]
        return (features - self.mean) / self.scale, inputs


def explain_row(
    row: np.ndarray,
    predict: Callable[[np.ndarray], np.ndarray],
    background: Background,
    labels: Sequence[int] | None = None,
    *,
    top: int = 1,
    samples: int = 5000,
    seed: int = 0,
    around_row: bool = False,
    kernel_width: float | None = None,
    features: int | None = 10,
    **options,
) -> Explanation:
    """Explain predict(rows (N, d)) for one row (d,).

    A classifier returns (N, classes), a regression (N,): its one output is label 0. kernel_width: 0.75·√d unless given,
    for the Euclidean distance between features. Further options: kernel, selection, ridge_alpha, as in `fit_local`.
    """
    row = np.asarray(row, float)
    if row.shape != background.mean.shape:
        raise ValueError(f"explain_row: row must have shape {background.mean.shape}, as in training; got {row.shape}.")
    if samples < 2:
        raise ValueError(f"explain_row: samples must be at least 2, the row and one more; got {samples}.")
    rows, inputs = background.draw(row, samples, seed, around_row)
    options |= {
        "features": features,
        "kernel_width": 0.75 * np.sqrt(len(row)) if kernel_width is None else kernel_width,
    }
    outputs = ask(predict, inputs)
    return explain_samples(
        background.feature_names(row), rows, outputs, euclidean_distance(rows), labels, top, **options
    )
