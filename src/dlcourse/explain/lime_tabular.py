"""LIME for tables: a row's neighbours are drawn from what the training data look like."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from dlcourse.explain import checks
from dlcourse.explain.asking import ask
from dlcourse.explain.discretizers import PERCENTILES, Bins
from dlcourse.explain.kernels import euclidean_distance, exponential
from dlcourse.explain.lime import Explanation, explain_samples, fit_options


class Background:
    """What LIME must know about the training data (N, d) to draw neighbours of a row.

    discretizer: "quartile" or "decile" cuts every column into bins, and the linear model's features are "in the same
    bin as the row" (0 or 1); None draws normal numbers with the mean and standard deviation of each column, and the
    features are the columns in standard units. categorical: column -> the names of its values 0, 1, …, or a mapping
    from each value to its name, such as {10: "red", 20: "green"}; such columns are drawn as often as they occur, and
    their feature is "the same value as in the row".

    A missing value (nan, None, or masked) is a value of its own in columns with bins or categories: it is drawn as nan,
    as often as it occurs, and its feature is "age missing". In standard units there is no place for it: a ValueError.
    """

    def __init__(
        self,
        training: np.ndarray,
        names: Sequence[str] | None = None,
        discretizer: str | None = "quartile",
        categorical: Mapping[int, Sequence[str] | Mapping[float, str]] | None = None,
    ):
        who = "Background"
        wanted = "(N, d) with N >= 2"
        training = checks.array(
            who, "training", training, wanted, lambda shape: len(shape) == 2 and shape[0] >= 2, missing=True,
            hint="; number the words of a column by np.unique(column, return_inverse=True)",
        ).astype(float)  # fmt: skip
        if discretizer is not None:
            checks.choice(who, "discretizer", discretizer, tuple(PERCENTILES), ", or None")
        self.names = _column_names(who, names, training.shape[1])
        self.categorical = _value_names(who, categorical, self.names)
        for j, column in enumerate(training.T):
            self._check_column(j, column, discretizer)
        columns = [j for j in range(len(self.names)) if j not in self.categorical]
        self.bins = {j: Bins(training[:, j], discretizer) for j in columns if discretizer}
        self.values = {j: np.unique(training[:, j], return_counts=True) for j in self.categorical}
        binary = [*self.bins, *self.values]
        training[:, binary] = 0.0
        self.mean, scale = training.mean(axis=0), training.std(axis=0)
        self.scale = np.where(scale > 0, scale, 1.0)

    def _check_column(self, j: int, column: np.ndarray, discretizer) -> None:
        name, missing = self.names[j], np.isnan(column)
        if j in self.categorical:
            unnamed = sorted(set(column[~missing]) - set(self.categorical[j]))
            if unnamed:
                raise ValueError(
                    f"Background: categorical must name every value of {name}; it holds {unnamed[0]:g}, and has names "
                    f"for {_listed(self.categorical[j])}; give a mapping such as {{{unnamed[0]:g}: 'name'}}."
                )
        elif missing.all():
            raise ValueError(f"Background: training must have values in every column; {name} is missing in every row.")
        elif missing.any() and not discretizer:
            raise ValueError(
                f"Background: training must have no missing values with discretizer=None, where {name} is a number in "
                f"standard units; with 'quartile' a missing {name} is a reason of its own; or fill them in."
            )

    def check_row(self, who: str, row) -> np.ndarray:
        """The row (d,) as floats, if every value of it can be drawn; else a ValueError that names the column."""
        d = len(self.names)
        row = checks.array(who, "row", row, f"({d},), as in training", (d,).__eq__, missing=True).astype(float)
        for j, value in enumerate(row):
            name, missing = self.names[j], bool(np.isnan(value))
            mend = "fill the value in, or give a Background whose training rows have such a value"
            if j in self.values:
                if not missing and value not in self.categorical[j]:
                    known = _listed(self.categorical[j])
                    raise ValueError(f"{who}: row must hold a named value of {name}, one of {known}; got {value:g}.")
                known = np.isin(value, self.values[j][0]) if not missing else np.isnan(self.values[j][0]).any()
                if not known:
                    what = f"{name} is missing" if missing else f"there is {name}={self.categorical[j][value]}"
                    raise ValueError(
                        f"{who}: row must hold values that occur in the training data, where its neighbours are drawn "
                        f"from; {what} in no training row; {mend}."
                    )
            elif missing and (j not in self.bins or len(self.bins[j].shares) <= self.bins[j].missing):
                raise ValueError(
                    f"{who}: row must have a value for {name}, which is missing in no row of the training data, so "
                    f"that nothing is known of what its absence does; {mend}."
                )
        return row

    def feature_names(self, row: np.ndarray) -> list[str]:
        """What each feature of the linear model says of this row."""
        row = self.check_row("Background.feature_names", row)

        def name(j: int) -> str:
            if j in self.bins:
                return self.bins[j].name(self.names[j], int(self.bins[j].of(row[j])))
            if j not in self.values:
                return self.names[j]
            return f"{self.names[j]} missing" if np.isnan(row[j]) else f"{self.names[j]}={self.categorical[j][row[j]]}"

        return [name(j) for j in range(len(self.names))]

    def draw(self, row: np.ndarray, samples: int, seed: int = 0, around_row: bool = False):
        """(features (samples, d), inputs (samples, d)): what the linear model and what the classifier sees; row first.

        around_row: normal columns are drawn around the row instead of around the training mean.
        """
        who = "Background.draw"
        row = self.check_row(who, row)
        checks.whole(who, "samples", samples, 2, hint=", the row and one more")
        rng = np.random.default_rng(checks.seed(who, seed))
        centre = row if checks.flag(who, "around_row", around_row) else self.mean
        inputs = rng.normal(size=(samples, len(row))) * self.scale + centre
        features = inputs.copy()
        for j, bins in self.bins.items():
            drawn = rng.choice(len(bins.shares), samples, p=bins.shares)
            features[:, j] = drawn == bins.of(row[j])
            inputs[:, j] = bins.draw(drawn, rng)
        for j, (values, counts) in self.values.items():
            inputs[:, j] = rng.choice(values, samples, p=counts / counts.sum())
            features[:, j] = np.isnan(inputs[:, j]) if np.isnan(row[j]) else inputs[:, j] == row[j]
        inputs[0] = row
        features[0] = [1.0 if j in self.bins or j in self.values else value for j, value in enumerate(row)]
        return (features - self.mean) / self.scale, inputs


def _column_names(who: str, names, d: int) -> tuple[str, ...]:
    if names is None:
        return tuple(f"x{j}" for j in range(d))
    if isinstance(names, str) or not isinstance(names, (Sequence, np.ndarray)):
        raise TypeError(f"{who}: names must be a list of {d} strings, one per column; {checks.got(names)}.")
    if len(names) != d or not all(isinstance(name, str) for name in names):
        raise ValueError(f"{who}: names must be {d} strings, one per column; got {list(names)!r:.60}.")
    return tuple(names)


def _value_names(who: str, categorical, names: tuple[str, ...]) -> dict[int, dict[float, str]]:
    """Of each categorical column, the name of each value."""
    if categorical is None:
        return {}
    if not isinstance(categorical, Mapping):
        example = "{1: ['no', 'yes']}"
        raise TypeError(f"{who}: categorical must be a mapping such as {example}; {checks.got(categorical)}.")
    found = {}
    for column, values in categorical.items():
        j = checks.whole(who, "categorical", column, 0, len(names) - 1, ", the number of a column")
        if isinstance(values, str) or not isinstance(values, (Sequence, Mapping, np.ndarray)) or not len(values):
            raise TypeError(
                f"{who}: categorical must give the names of the values of {names[j]}, as a list or as a mapping "
                f"value -> name; {checks.got(values)}."
            )
        pairs = values.items() if isinstance(values, Mapping) else enumerate(values)
        what = f"categorical[{column}]: a value"
        found[j] = {
            checks.number(who, what, int(value) if isinstance(value, bool) else value, -np.inf): str(name)
            for value, name in pairs
        }
    return found


def _listed(values: Mapping[float, str]) -> str:
    return ", ".join(f"{value:g} ({name})" for value, name in values.items())


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
    kernel: Callable[[np.ndarray, float], np.ndarray] = exponential,
    features: int | None = 10,
    selection: str = "auto",
    ridge_alpha: float = 1.0,
) -> Explanation:
    """Explain predict(rows (N, d)) for one row (d,).

    A classifier returns (N, classes), a regression (N,): its one output is label 0. Missing values of the row: see
    `Background`. kernel_width: 0.75·√d unless given, for the Euclidean distance between features. kernel, features,
    selection, ridge_alpha: as in `fit_local`. ValueError and TypeError name the argument that is wrong.
    """
    who = "explain_row"
    if not isinstance(background, Background):
        mend = "make one with Background(training)"
        raise TypeError(f"{who}: background must be a Background; {checks.got(background)}; {mend}.")
    row = background.check_row(who, row)
    checks.function(who, "predict", predict, f"rows (N, {len(row)})")
    labels = checks.labels(who, labels)
    for name, value, low in (("top", top, 1), ("samples", samples, 2)):
        checks.whole(who, name, value, low)
    checks.seed(who, seed)
    checks.flag(who, "around_row", around_row)
    options = fit_options(
        who, kernel=kernel, features=features, selection=selection, ridge_alpha=ridge_alpha,
        kernel_width=0.75 * np.sqrt(len(row)) if kernel_width is None else kernel_width,
    )  # fmt: skip
    rows, inputs = background.draw(row, samples, seed, around_row)
    outputs = ask(who, predict, inputs)
    names = background.feature_names(row)
    return explain_samples(who, names, rows, outputs, euclidean_distance(rows), labels, top, options)
