"""Sunspots, windows, the adding problem and the curve."""

import numpy as np
import pytest

from dlcourse.data import adding_problem, curve, curve_truth, sunspots, windows

# Sunspots.


def test_sunspots_of_every_year():
    series = sunspots()
    assert series.time.tolist() == list(range(1700, 2009))
    assert (series.time.dtype, series.values.dtype) == (np.float32, np.float32)
    assert series.values[:3].tolist() == [5, 11, 16]
    assert series.values.min() >= 0
    assert repr(series) == "Series(sunspots: 309 values, 1700 to 2008 [year])"


def test_the_cycle_is_about_eleven_years():
    values = sunspots().values - sunspots().values.mean()
    likeness = [np.corrcoef(values[:-lag], values[lag:])[0, 1] for lag in range(5, 18)]
    assert np.argmax(likeness) + 5 in (10, 11)


# Windows.


def test_windows_by_hand():
    x, y = windows([1, 2, 3, 4, 5], 2)
    assert x.tolist() == [[1, 2], [2, 3], [3, 4]]
    assert y.tolist() == [3, 4, 5]
    assert (x.dtype, y.dtype) == (np.float32, np.float32)


def test_windows_that_look_further_ahead():
    x, y = windows([1, 2, 3, 4, 5], 2, ahead=3)
    assert x.tolist() == [[1, 2]]
    assert y.tolist() == [5]


@pytest.mark.parametrize(("n", "length", "ahead"), [(10, 3, 1), (10, 1, 4), (10, 9, 1), (309, 12, 2)])
def test_every_window_has_the_value_that_follows(n, length, ahead):
    values = np.arange(n)
    x, y = windows(values, length, ahead)
    assert x.shape == (n - length - ahead + 1, length)
    np.testing.assert_array_equal(y, x[:, -1] + ahead)
    np.testing.assert_array_equal(x[:, 0], np.arange(len(x)))


def test_windows_may_be_changed_without_changing_the_series():
    values = np.zeros(5, np.float32)
    x, y = windows(values, 2)
    x[:], y[:] = 7, 7
    assert values.max() == 0


def test_too_short_a_series_is_told_in_words():
    words = r"windows: values must be one row of at least length \+ ahead = 6 numbers; got shape \(5,\)"
    with pytest.raises(ValueError, match=words):
        windows(np.zeros(5), 5)


def test_a_table_of_values_is_told_in_words():
    with pytest.raises(ValueError, match=r"windows: values must be one row .* got shape \(5, 2\)"):
        windows(np.zeros((5, 2)), 2)


@pytest.mark.parametrize("name", ["length", "ahead"])
@pytest.mark.parametrize("number", [0, -1, 2.0, "2", None, True])
def test_senseless_windows_are_told_in_words(name, number):
    with pytest.raises(ValueError, match=rf"windows: {name} must be a whole number from 1; got {number!r}"):
        windows(np.zeros(9), **{"length": 2, name: number})


# The adding problem.


@pytest.mark.parametrize("length", [2, 3, 7, 50])
def test_one_mark_in_each_half_and_their_sum(length):
    x, y = adding_problem(300, length)
    assert (x.shape, x.dtype, y.shape, y.dtype) == ((300, length, 2), np.float32, (300, 1), np.float32)
    marks = x[..., 1]
    assert set(np.unique(marks)) <= {0, 1}
    assert (marks[:, : length // 2].sum(axis=1) == 1).all()
    assert (marks[:, length // 2 :].sum(axis=1) == 1).all()
    np.testing.assert_allclose(y[:, 0], (x[..., 0] * marks).sum(axis=1), rtol=1e-6)
    assert marks.max(axis=0).min() == 1  # every step is marked in some sequence


def test_always_saying_1_has_the_error_of_one_sixth():
    _, y = adding_problem(20_000, 10)
    assert np.mean((y - 1) ** 2) == pytest.approx(1 / 6, rel=0.03)


def test_the_seed_decides_the_adding_problem():
    np.testing.assert_array_equal(adding_problem(5, 9, 1).x, adding_problem(5, 9, 1).x)
    assert not np.array_equal(adding_problem(5, 9, 1).x, adding_problem(5, 9, 2).x)


@pytest.mark.parametrize(("n", "length", "words"), [
    (0, 5, "adding_problem: n must be a whole number from 1; got 0"),
    (5, 2.5, "adding_problem: length must be a whole number from 1; got 2.5"),
    (5, 1, "adding_problem: length must be at least 2, one step a mark; got 1"),
])  # fmt: skip
def test_a_senseless_adding_problem_is_told_in_words(n, length, words):
    with pytest.raises(ValueError, match=words):
        adding_problem(n, length)


# The curve.


def test_points_of_the_curve_and_their_noise():
    x, y = curve(5000, noise=0.2)
    assert (x.shape, x.dtype, y.shape, y.dtype) == ((5000, 1), np.float32, (5000, 1), np.float32)
    assert (np.diff(x[:, 0]) >= 0).all()
    assert -1 <= x.min() < -0.99 < 0.99 < x.max() <= 1
    noise = y - curve_truth(x)
    assert noise.std() == pytest.approx(0.2, rel=0.05)
    assert noise.mean() == pytest.approx(0, abs=0.01)


def test_without_noise_it_is_the_truth():
    x, y = curve(50, noise=0)
    np.testing.assert_allclose(y, curve_truth(x), atol=1e-6)
    assert curve_truth(0) == 0
    assert curve_truth(np.pi / 6) == pytest.approx(1 + np.pi / 12 * np.cos(1.5 * np.pi))


def test_noise_leaves_the_places_as_they_are():
    np.testing.assert_array_equal(curve(20, noise=0).x, curve(20, noise=1).x)
    assert not np.array_equal(curve(20, seed=0).x, curve(20, seed=1).x)


@pytest.mark.parametrize("noise", [-0.1, np.nan, np.inf, "a little", None, True])
def test_a_senseless_noise_is_told_in_words(noise):
    with pytest.raises(ValueError, match=rf"curve: noise must be a number of at least 0; got {noise!r}"):
        curve(noise=noise)


@pytest.mark.parametrize("n", [0, -1, 2.0, True])
def test_a_senseless_number_of_points_is_told_in_words(n):
    with pytest.raises(ValueError, match=rf"curve: n must be a whole number from 1; got {n!r}"):
        curve(n)
