"""What the authors' package lime 0.2.0.1 makes of the same samples, for the tests of parity."""

import warnings

import numpy as np
from lime.lime_base import LimeBase

from dlcourse.explain.kernels import exponential

METHODS = ("auto", "none", "forward_selection", "highest_weights", "lasso_path")


def authors_fit(rows, outputs, distances, label, *, kernel_width, features, selection, kernel=exponential):
    """Coefficients (d,), intercept, R² and local prediction by the authors' LimeBase."""
    base = LimeBase(lambda d: kernel(d, kernel_width), random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # scikit-learn's words about its own solver
        intercept, pairs, score, local = base.explain_instance_with_data(
            rows, outputs, distances, label, features, feature_selection=selection
        )
    return dense(pairs, rows.shape[1]), intercept, score, local[0]


def dense(pairs, d: int) -> np.ndarray:
    coefficients = np.zeros(d)
    for feature, coefficient in pairs:
        coefficients[feature] = coefficient
    return coefficients


def assert_same(model, coefficients, intercept, score, local) -> None:
    """A LocalModel's numbers are these, to 1e-9."""
    ours = np.zeros(len(coefficients))
    ours[model.features] = model.coefficients
    np.testing.assert_allclose(ours, coefficients, rtol=1e-9, atol=1e-11)
    np.testing.assert_allclose(model.intercept, intercept, rtol=1e-9, atol=1e-11)
    np.testing.assert_allclose(model.r2, score, rtol=1e-9, atol=1e-11)
    np.testing.assert_allclose(model.local_prediction, local, rtol=1e-9, atol=1e-11)
