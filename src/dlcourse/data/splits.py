"""Dividing data into training, validation and test parts that share no row."""

from numbers import Real
from typing import NamedTuple

import numpy as np


class Part(NamedTuple):
    """Some of the rows. x: (N, …) float32; y: (N, …), int64 where it holds classes."""

    x: np.ndarray
    y: np.ndarray


class Split(NamedTuple):
    """Three parts: to fit the model, to choose among models, and to judge the chosen one, once, at the end."""

    train: Part
    validation: Part
    test: Part

    def standardised(self) -> "Split":
        """Each feature with mean 0 and deviation 1 *in the training part*; the other parts follow its numbers.

        Taking mean and deviation from all rows would tell the model about the test. A feature that is the same in all
        training rows is only shifted.
        """
        mean, deviation = self.train.x.mean(axis=0), self.train.x.std(axis=0)
        deviation = np.where(deviation > 0, deviation, 1).astype(self.train.x.dtype)
        return Split(*(Part((part.x - mean) / deviation, part.y) for part in self))

    def __repr__(self) -> str:
        return f"Split(train {len(self.train.y)}, validation {len(self.validation.y)}, test {len(self.test.y)} rows)"


def split(data, validation: float = 0.2, test: float = 0.2, seed: int = 0) -> Split:
    """Draw the parts at random: first the test rows, then the validation rows *of what is left* (80/20, then again).

    data: a Dataset, or a pair (x, y) of arrays with N rows. validation, test: shares from 0 up to, not including, 1; a
    share above 0 gives at least one row. The same seed gives the same parts. ValueError if a part has no row for it.

        train, validation, test = split(tangerines())
        fit(engine, model, loss, optimizer, *train, validation=validation, epochs=20)
    """
    x, y = (data.x, data.y) if hasattr(data, "x") else (np.asarray(part) for part in data)
    if len(x) != len(y):
        raise ValueError(f"split: x and y must have the same number of rows; got {len(x)} and {len(y)}.")
    for name, share in (("validation", validation), ("test", test)):
        if isinstance(share, bool) or not isinstance(share, Real) or not 0 <= share < 1:
            raise ValueError(f"split: {name} must be a share from 0 up to, not including, 1; got {share!r}.")
    n_test = _rows(test, len(x))
    n_validation = _rows(validation, len(x) - n_test)
    if n_test + n_validation >= len(x):
        raise ValueError(f"split: {len(x)} rows are too few for three parts; give more data or smaller shares.")
    order = np.random.default_rng(seed).permutation(len(x))
    tested, validated, trained = np.split(order, [n_test, n_test + n_validation])
    return Split(*(Part(x[rows], y[rows]) for rows in (trained, validated, tested)))


def _rows(share: float, count: int) -> int:
    return max(1, round(share * count)) if share else 0
