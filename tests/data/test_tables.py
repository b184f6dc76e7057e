"""Iris, digits, tangerines, breast cancer, and what every Dataset can do."""

import re

import numpy as np
import pytest

from dlcourse.data import Dataset, breast_cancer, digits, iris, loans, tangerines


def small(**changes) -> Dataset:
    fields = {
        "name": "small", "x": np.array([[1, 10], [3, 30], [5, 50]], np.float32), "y": np.array([0, 1, 1]),
        "feature_names": ("a", "b"), "units": ("cm", "kg"), "class_names": ("no", "yes"),
        "description": "", "source": "", "licence": "",
    }  # fmt: skip
    return Dataset(**(fields | changes))


@pytest.mark.parametrize("load", [iris, digits, loans, tangerines, breast_cancer])
def test_a_table_is_whole_and_says_where_it_is_from(load):
    table = load()
    assert table.x.dtype == np.float32
    assert table.y.dtype == np.int64
    assert np.isfinite(table.x).all()
    assert len(table.x) == len(table.y)
    assert table.x.shape[1] == len(table.feature_names) == len(table.units)
    assert set(table.y) == set(range(len(table.class_names)))
    assert min(len(table.description), len(table.source), len(table.licence)) > 5


@pytest.mark.parametrize("load", [iris, digits, loans, tangerines, breast_cancer])
def test_loading_twice_gives_the_same_numbers_and_shares_no_memory(load):
    first, second = load(), load()
    np.testing.assert_array_equal(first.x, second.x)
    np.testing.assert_array_equal(first.y, second.y)
    first.x[:] = -1
    assert not np.array_equal(load().x, first.x)


# Iris.


def test_iris_by_default_is_setosa_and_versicolor_by_their_petals():
    flowers = iris()
    assert flowers.x.shape == (100, 2)
    assert np.bincount(flowers.y).tolist() == [50, 50]
    assert flowers.feature_names == ("petal length", "petal width")
    assert flowers.class_names == ("setosa", "versicolor")
    np.testing.assert_allclose(flowers.x[0], [1.4, 0.2], rtol=1e-6)
    assert flowers.x[flowers.y == 0, 0].max() < flowers.x[flowers.y == 1, 0].min()  # one number separates them


def test_iris_with_other_classes_and_features():
    flowers = iris(classes=(2, 1), features=(0, 1, 2))
    assert flowers.x.shape == (100, 3)
    assert flowers.class_names == ("virginica", "versicolor")
    assert flowers.feature_names == ("sepal length", "sepal width", "petal length")
    petals = flowers.x[:, 2]
    assert petals[flowers.y == 0].mean() > petals[flowers.y == 1].mean()  # 0 is virginica, the longer one


def test_iris_whole():
    flowers = iris((0, 1, 2), (0, 1, 2, 3))
    assert flowers.x.shape == (150, 4)
    assert flowers.y.tolist() == [0] * 50 + [1] * 50 + [2] * 50
    np.testing.assert_allclose(flowers.x[0], [5.1, 3.5, 1.4, 0.2], rtol=1e-6)
    assert flowers.class_names == ("setosa", "versicolor", "virginica")


@pytest.mark.parametrize("classes", [(0, 0), (0,), (0, 1, 2, 0), (0, 1, 1), (0, 3), (-1, 0), ()])
def test_iris_wants_two_or_three_classes(classes):
    with pytest.raises(ValueError, match=re.escape(f"two or three different of 0, 1, 2; got {classes}.")):
        iris(classes=classes)


@pytest.mark.parametrize("features", [(), (4,), (0, -1)])
def test_iris_wants_features_that_there_are(features):
    with pytest.raises(ValueError, match=re.escape(f"some of 0, 1, 2, 3; got {features}.")):
        iris(features=features)


# Tangerines.


def test_400_tangerines_in_the_units_that_are_named():
    fruit = tangerines()
    assert fruit.x.shape == (400, 2)
    assert fruit.units == ("cm", "0 green to 1 orange")
    assert (fruit.x.min(axis=0) >= [4.5, 0]).all()
    assert (fruit.x.max(axis=0) <= [9.5, 1]).all()


def test_a_learned_threshold_beats_the_hands_and_colour_helps():
    """What chapter 00 lives on: 7.5 cm by hand, a better one to be found, and a second feature that knows more."""
    fruit = tangerines()
    diameter, ripe = fruit.x[:, 0], fruit.y == 1
    shares = {threshold: ((diameter > threshold) == ripe).mean() for threshold in np.arange(4.55, 9.5, 0.1)}
    best = max(shares, key=shares.get)
    assert 6.3 < best < 7.1
    assert shares[best] > ((diameter > 7.5) == ripe).mean() + 0.05
    rows = np.c_[fruit.x, np.ones(400)]
    both = ((rows @ np.linalg.lstsq(rows, 2.0 * ripe - 1, rcond=None)[0] > 0) == ripe).mean()
    assert both > shares[best] + 0.03
    assert (ripe & (diameter < 6.5)).sum() > 10  # some small ones are ripe
    assert (~ripe & (diameter > 7.5)).sum() > 3  # some large ones are not


# Breast cancer.


def test_569_tumours_with_30_measurements_and_their_units():
    tumours = breast_cancer()
    assert tumours.x.shape == (569, 30)
    assert np.bincount(tumours.y).tolist() == [212, 357]
    assert tumours.class_names == ("malignant", "benign")
    units = dict(zip(tumours.feature_names, tumours.units, strict=True))
    expected = {"mean radius": "pixel", "worst area": "pixel²", "texture error": "grey value", "mean symmetry": "1"}
    assert {name: units[name] for name in expected} == expected
    np.testing.assert_allclose(tumours.x[0, :2], [17.99, 10.38], rtol=1e-6)
    radius = tumours.x[:, 0]
    assert radius[tumours.y == 0].mean() > radius[tumours.y == 1].mean()  # malignant nuclei are larger


# Digits.


def test_digits_are_1797_pictures_of_8_by_8_pixels():
    table = digits()
    assert table.x.shape == (1797, 64)
    assert (table.x.min(), table.x.max()) == (0, 16)
    assert table.class_names == tuple("0123456789")
    assert table.feature_names[:9] == (*(f"pixel 0,{column}" for column in range(8)), "pixel 1,0")
    assert np.bincount(table.y).min() > 170


def test_pixels_of_digits_are_row_by_row():
    zero = digits().x[0].reshape(8, 8)  # a hollow 0: ink around, none in the middle
    assert zero[3:5, 3:5].sum() < zero[3:5, [2, 5]].sum() / 4


# What every table can do.


def test_standardised_features_have_mean_0_and_deviation_1():
    x, y = small().standardised()
    np.testing.assert_allclose(x.mean(axis=0), 0, atol=1e-6)
    np.testing.assert_allclose(x.std(axis=0), 1, rtol=1e-6)
    np.testing.assert_allclose(x[:, 0], [-np.sqrt(1.5), 0, np.sqrt(1.5)], atol=1e-6)
    assert x.dtype == np.float32
    assert y.tolist() == [0, 1, 1]


def test_a_table_shows_rows_units_and_classes():
    assert repr(small()) == "Dataset(small: 3 rows; a [cm], b [kg]; no 1, yes 2)"
    assert "64 features" in repr(digits())


def test_a_table_cannot_be_given_other_numbers():
    with pytest.raises(AttributeError):
        small().x = np.zeros((3, 2))
