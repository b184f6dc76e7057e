"""LIME: a linear model of what a classifier does near one instance.

M. T. Ribeiro, S. Singh, C. Guestrin, "Why should I trust you?", KDD 2016, arXiv:1602.04938. Given the same samples and
outputs the numbers are those of the authors' package lime 0.2.0.1. Beyond it every label has its R², the fit is also
judged on samples it has not seen, and each coefficient has a standard error.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from dlcourse.explain import checks
from dlcourse.explain.kernels import effective_samples, exponential
from dlcourse.explain.regression import is_constant, r_squared, ridge, standard_errors
from dlcourse.explain.selection import METHODS, select

FOLDS = 5
TRUSTED = 0.5  # held-out R² below which the words warn


@dataclass(frozen=True, repr=False)
class LocalModel:
    """The linear model for one label: output ≈ intercept + Σ coefficient · feature.

    features: (k,) columns in use, the largest |coefficient| first; coefficients, standard_errors: (k,) in that order.
    prediction: what the model itself says of the instance; local_prediction: what the linear one says.
    r2: of the samples it was fitted to; held_out_r2: of samples left out in turn, in 5 folds, selection included.
    """

    label: int
    features: np.ndarray
    coefficients: np.ndarray
    standard_errors: np.ndarray
    intercept: float
    prediction: float
    local_prediction: float
    r2: float
    held_out_r2: float
    effective_samples: float

    @property
    def words(self) -> str:
        """Whether to believe it."""
        if np.isnan(self.r2):
            return f"Every sample gives {self.prediction:.3g}: nothing here matters, and R² is undefined."
        if np.isnan(self.held_out_r2):
            return f"R² {self.r2:.2f}; too few samples to hold some out."
        held = f"held-out R² {self.held_out_r2:.2f}"
        if self.held_out_r2 < TRUSTED and self.effective_samples < 2 * len(self.features):
            few = f"{self.effective_samples:.0f} effective samples for {len(self.features)} features"
            return f"Do not believe it: {held}, and only {few}; draw more, or widen the kernel."
        if self.held_out_r2 < TRUSTED:
            return f"Do not believe it: {held}; no sum of these features says what the model does here."
        return f"The linear model follows the samples: {held}."

    def __repr__(self) -> str:
        says = f"prediction {self.prediction:.3f}, local {self.local_prediction:.3f}"
        return f"LocalModel(label {self.label}, {len(self.features)} features, {says}). {self.words}"


@dataclass(frozen=True, repr=False)
class Explanation:
    """One instance explained: names of the d features, the samples, and a LocalModel for each label.

    rows (N, d): the samples as the linear model sees them, the instance first; outputs (N, C): what the model said of
    them; weights (N,): how much each counted.
    """

    names: tuple[str, ...]
    rows: np.ndarray
    outputs: np.ndarray
    weights: np.ndarray
    models: dict[int, LocalModel]

    def __getitem__(self, label: int) -> LocalModel:
        if checks.whole(type(self).__name__, "label", label, 0) not in self.models:
            explained = ", ".join(map(str, self.models))
            raise ValueError(
                f"{type(self).__name__}: label must be one of those explained, {explained}; got {label}; "
                "name it in labels=[…] when you explain."
            )
        return self.models[label]

    @property
    def first(self) -> LocalModel:
        """The model of the first label."""
        return next(iter(self.models.values()))

    def coefficients(self, label: int | None = None) -> np.ndarray:
        """(d,): the coefficient of every feature, 0 for those not in use; of the first label if none is named."""
        return self._dense(label, "coefficients")

    def standard_errors(self, label: int | None = None) -> np.ndarray:
        """(d,): the standard error of every coefficient, 0 for those not in use."""
        return self._dense(label, "standard_errors")

    def listed(self, label: int | None = None) -> list[tuple[str, float]]:
        """(name, coefficient), the largest first."""
        model = self.first if label is None else self[label]
        return [(self.names[f], float(c)) for f, c in zip(model.features, model.coefficients, strict=True)]

    def _dense(self, label, what) -> np.ndarray:
        model = self.first if label is None else self[label]
        dense = np.zeros(len(self.names))
        dense[model.features] = getattr(model, what)
        return dense

    def __repr__(self) -> str:
        lines = [f"{type(self).__name__}: {len(self.rows)} samples of {len(self.names)} features"]
        return "\n".join([*lines, *(f"  {model!r}" for model in self.models.values())])


def fit_local(
    rows: np.ndarray,
    outputs: np.ndarray,
    distances: np.ndarray,
    label: int,
    *,
    kernel_width: float,
    kernel: Callable[[np.ndarray, float], np.ndarray] = exponential,
    features: int | None = None,
    selection: str = "auto",
    ridge_alpha: float = 1.0,
    groups: np.ndarray | None = None,
) -> LocalModel:
    """Fit one label's linear model.

    rows (N, d), the instance first; outputs (N, C), or (N,) for one label; distances (N,) from the instance, weight =
    kernel(distance, width). features: how many the model may use, None for all; selection: one of METHODS;
    ridge_alpha ≥ 0. groups (N,): samples that were drawn together carry the same number; None if each was drawn by
    itself.
    """
    who = "fit_local"
    rows = checks.array(who, "rows", rows, "(N, d)", lambda shape: len(shape) == 2)
    count = len(rows)
    outputs = checks.array(who, "outputs", outputs, f"({count}, C)", lambda s: s[:1] == (count,) and len(s) <= 2)
    distances = checks.array(who, "distances", distances, f"({count},)", lambda shape: shape == (count,))
    if distances.min() < 0:
        raise ValueError(f"fit_local: distances must be at least 0; got {distances.min():g}.")
    if groups is not None:
        groups = checks.array(who, "groups", groups, f"({count},)", lambda shape: shape == (count,))
    outputs = outputs.reshape(count, -1)
    checks.whole(who, "label", label, 0, outputs.shape[1] - 1, ", the outputs' columns")
    options = fit_options(
        who, kernel_width=kernel_width, kernel=kernel, features=features, selection=selection, ridge_alpha=ridge_alpha
    )
    weights = weighed(who, distances, options)
    return _fit(rows, outputs[:, label].astype(float), weights, int(label), options, groups)


def fit_options(who: str, *, kernel_width, kernel, features, selection, ridge_alpha) -> dict:
    """What is the same in every explanation, checked for `who`."""
    because = ", because it divides the distance"
    return {
        "kernel_width": checks.number(who, "kernel_width", kernel_width, 0, because, above=True, finite=False),
        "kernel": checks.function(who, "kernel", kernel, "distances (N,) and a width"),
        "features": None if features is None else checks.whole(who, "features", features, 1, hint=", or None for all"),
        "selection": checks.choice(who, "selection", selection, METHODS),
        "ridge_alpha": checks.number(who, "ridge_alpha", ridge_alpha, 0),
    }


def weighed(who: str, distances: np.ndarray, options: dict) -> np.ndarray:
    """The weight of each sample (N,), above 0 in sum."""
    width = options["kernel_width"]
    weights = options["kernel"](distances, width)
    weights = checks.array(who, "what kernel returns", weights, f"({len(distances)},)", distances.shape.__eq__)
    if weights.min() < 0:
        raise ValueError(f"{who}: kernel must return weights of at least 0; got {weights.min():g}.")
    if not weights.sum() > 0:
        raise ValueError(f"{who}: kernel_width must be larger: every weight is 0 with kernel_width {width:g}.")
    return weights.astype(float)


def explain_samples(
    who: str,
    names: Sequence[str],
    rows: np.ndarray,
    outputs: np.ndarray,
    distances: np.ndarray,
    labels: Sequence[int] | None,
    top: int,
    options: dict,
    groups: np.ndarray | None = None,
) -> Explanation:
    """An Explanation from samples already asked; labels, or the `top` likeliest; the options are of `fit_options`."""
    classes = outputs.shape[1]
    if labels is None:
        labels = np.argsort(outputs[0])[::-1][:top]
    elif max(labels) >= classes:
        reach = f"from 0 to {classes - 1}, the columns of outputs" if classes > 1 else "0, the model's one output"
        raise ValueError(f"{who}: labels must be {reach}; got {max(labels)}.")
    weights = weighed(who, distances, options)
    models = {int(label): _fit(rows, outputs[:, label], weights, int(label), options, groups) for label in labels}
    return Explanation(tuple(names), rows, outputs, weights, models)


def _fit(rows, y, weights, label: int, options: dict, groups) -> LocalModel:
    count = rows.shape[1] if options["features"] is None else options["features"]
    alpha = options["ridge_alpha"]
    groups = np.arange(len(y)) if groups is None else groups
    rows = np.asarray(rows, float)

    def fit(x, targets, w):
        used = select(options["selection"], x, targets, w, count)
        return used, *ridge(x[:, used], targets, w, alpha)

    used, beta, intercept = fit(rows, y, weights)
    errors = standard_errors(rows[:, used], y, weights, alpha, beta, groups)
    predictions = rows[:, used] @ beta + intercept
    r2 = r_squared(y, predictions, weights)
    order = np.argsort(-np.abs(beta), kind="stable")
    return LocalModel(
        label=label,
        features=used[order],
        coefficients=beta[order],
        standard_errors=errors[order],
        intercept=intercept,
        prediction=float(y[0]),
        local_prediction=float(predictions[0]),
        r2=r2,
        held_out_r2=_held_out_r2(fit, rows, y, weights, groups) if len(np.unique(groups)) > 1 else r2,
        effective_samples=effective_samples(weights),
    )


def _held_out_r2(fit, rows, y, weights, groups) -> float:
    """R² of predictions for samples that the fit has not seen; groups stay together, the instance is in every fit."""
    _, members = np.unique(groups, return_inverse=True)
    if is_constant(y) or members.max() < 2 * FOLDS:
        return float("nan")
    predictions = np.empty(len(y))
    for fold in range(FOLDS):
        out = members % FOLDS == fold
        kept = np.flatnonzero(~out)
        kept = kept if kept[0] == 0 else np.concatenate([[0], kept])
        used, beta, intercept = fit(rows[kept], y[kept], weights[kept])
        predictions[out] = rows[out][:, used] @ beta + intercept
    return r_squared(y[1:], predictions[1:], weights[1:])
