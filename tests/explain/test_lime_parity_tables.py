"""LIME for tables: samples, bins, names and coefficients of the authors' package."""

import numpy as np
import pytest
from lime.discretize import DecileDiscretizer, QuartileDiscretizer
from lime.lime_tabular import LimeTabularExplainer
from scipy import stats

from dlcourse.data import breast_cancer
from dlcourse.explain import Background, explain_row
from dlcourse.explain.kernels import euclidean_distance
from dlcourse.explain.lime import fit_local
from tests.explain.authors import METHODS, assert_same, dense

COLUMNS = [0, 1, 4, 7, 21, 27]
THEIRS = {"quartile": QuartileDiscretizer, "decile": DecileDiscretizer}


@pytest.fixture(scope="module")
def table():
    return breast_cancer().x[:, COLUMNS].astype(float)


def scores(rows):
    z = rows / np.array([14, 19, 0.1, 0.05, 25, 0.1])
    return z[:, 0] * z[:, 5] - 0.4 * z[:, 1] + np.sin(3 * z[:, 4])


def predict(rows):
    p = 1 / (1 + np.exp(-scores(rows)))
    return np.stack([1 - p, p], axis=1)


class Recording(LimeTabularExplainer):
    """Keeps what it draws."""

    def _LimeTabularExplainer__data_inverse(self, row, samples):
        data, inverse = super()._LimeTabularExplainer__data_inverse(row, samples)
        self.inverse = inverse.copy()
        self.rows = (data - self.scaler.mean_) / self.scaler.scale_
        return data, inverse


@pytest.mark.parametrize("selection", METHODS)
@pytest.mark.parametrize("mode", ["classification", "regression"])
@pytest.mark.parametrize("discretizer", ["quartile", "decile", None])
def test_equal_to_the_authors(table, discretizer, mode, selection):
    theirs = Recording(
        table, mode, discretize_continuous=discretizer is not None, discretizer=discretizer or "quartile",
        feature_selection=selection, random_state=2,
    )  # fmt: skip
    regression = mode == "regression"
    model = scores if regression else predict
    found = theirs.explain_instance(table[5], model, labels=(1,), num_features=4, num_samples=200)
    outputs = model(theirs.inverse)
    outputs = outputs[:, None] if regression else outputs
    ours = fit_local(
        theirs.rows, outputs, euclidean_distance(theirs.rows), 0 if regression else 1,
        kernel_width=0.75 * np.sqrt(6), features=4, selection=selection,
    )  # fmt: skip
    assert_same(ours, dense(found.local_exp[1], 6), found.intercept[1], found.score, found.local_pred[0])


@pytest.mark.parametrize("discretizer", THEIRS)
def test_bins_and_their_words_are_theirs(table, discretizer):
    names = [f"column {j}" for j in range(6)]
    ours, theirs = Background(table, names, discretizer), THEIRS[discretizer](table, [], names, random_state=0)
    expected = theirs.discretize(table)
    for j, bins in ours.bins.items():
        np.testing.assert_array_equal(bins.of(table[:, j]), expected[:, j])
        assert [bins.name(names[j], i) for i in range(len(bins.cuts) + 1)] == theirs.names[j]
        for what in ("means", "stds", "mins", "maxs"):
            np.testing.assert_allclose(getattr(bins, what), getattr(theirs, what)[j], rtol=1e-12, err_msg=what)


def test_the_row_and_the_scale_without_bins_are_theirs(table):
    theirs = Recording(table, discretize_continuous=False, random_state=0)
    theirs.explain_instance(table[5], predict, num_samples=10)
    rows, inputs = Background(table, discretizer=None).draw(table[5], 10)
    np.testing.assert_allclose(rows[0], theirs.rows[0], rtol=1e-12)
    np.testing.assert_allclose(inputs[0], table[5])


@pytest.mark.parametrize("discretizer", ["quartile", "decile", None])
def test_samples_are_spread_as_theirs(table, discretizer):
    """Two-sample Kolmogorov-Smirnov at 1e-4 in every column: they are drawn from the same distributions."""
    theirs = Recording(
        table, discretize_continuous=discretizer is not None, discretizer=discretizer or "quartile", random_state=0
    )
    theirs.explain_instance(table[5], predict, num_samples=3000)
    rows, inputs = Background(table, discretizer=discretizer).draw(table[5], 3000, seed=1)
    for j in range(6):
        assert stats.ks_2samp(inputs[:, j], theirs.inverse[:, j]).pvalue > 1e-4
        assert abs(rows[:, j].mean() - theirs.rows[:, j].mean()) < 0.08


def test_drawn_values_lie_in_their_bins(table):
    rows, inputs = Background(table).draw(table[5], 500, seed=3)
    bins = Background(table).bins
    for j in range(6):
        same = bins[j].of(inputs[:, j]) == bins[j].of(table[5, j])
        # A value drawn at a cut itself may fall on either side of it.
        assert (same == rows[:, j].astype(bool)).mean() > 0.98


def test_categorical_columns_are_drawn_as_often_as_they_occur():
    rng = np.random.default_rng(0)
    training = np.column_stack([rng.normal(size=400), rng.choice(3, 400, p=[0.6, 0.3, 0.1])])
    background = Background(training, ["size", "colour"], categorical={1: ["red", "green", "blue"]})
    row = np.array([0.2, 2.0])
    rows, inputs = background.draw(row, 4000, seed=0)
    shares = [(inputs[1:, 1] == value).mean() for value in range(3)]
    expected = [(training[:, 1] == value).mean() for value in range(3)]
    np.testing.assert_allclose(shares, expected, atol=0.03)
    np.testing.assert_array_equal(rows[:, 1], inputs[:, 1] == 2)
    assert background.feature_names(row)[1] == "colour=blue"
    explanation = explain_row(row, lambda x: (x[:, 1] == 2).astype(float), background)
    assert explanation.listed()[0][0] == "colour=blue"
    assert explanation.listed()[0][1] > 0.9


def test_around_the_row_instead_of_around_the_mean(table):
    background, row = Background(table, discretizer=None), table.max(axis=0)
    _, inputs = background.draw(row, 2000, around_row=True)
    np.testing.assert_allclose(inputs.mean(axis=0), row, atol=0.1 * table.std(axis=0).max())
    assert (inputs.mean(axis=0) > table.mean(axis=0)).all()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"training": np.zeros(3)}, "training must be"),
        ({"training": np.zeros((1, 3))}, "training must be"),
        ({"training": np.array([[1.0], [np.inf]])}, "training must be numbers or nan; got inf at"),
        ({"training": np.eye(3), "discretizer": "entropy"}, "discretizer must be"),
        ({"training": np.eye(3), "names": ["a"]}, "names must be 3 strings"),
        ({"training": np.eye(3), "categorical": {3: ["no"]}}, "categorical must be from 0 to 2"),
    ],
    ids=["1-D", "one row", "inf", "discretizer", "names", "categorical"],
)
def test_a_wrong_background_is_told(arguments, words):
    with pytest.raises(ValueError, match=f"Background: {words}"):
        Background(**arguments)


def test_a_row_of_another_length_is_told(table):
    with pytest.raises(ValueError, match=r"explain_row: row must be numbers of shape \(6,\).*; got .* \(5,\)"):
        explain_row(table[0, :5], predict, Background(table))
