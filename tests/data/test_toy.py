"""The toy sets: seeded, balanced, of the shape that each of them promises."""

import numpy as np
import pytest

from dlcourse.data import TOY_SETS, toy


@pytest.mark.parametrize("name", TOY_SETS)
@pytest.mark.parametrize("n", [2, 3, 200])
def test_shapes_types_and_classes(name, n):
    x, y = toy(name, n)
    assert (x.shape, x.dtype) == ((n, 2), np.float32)
    assert (y.shape, y.dtype) == ((n,), np.int64)
    assert np.bincount(y).tolist() == [(n + 1) // 2, n // 2]


@pytest.mark.parametrize("name", TOY_SETS)
def test_the_same_arguments_give_the_same_points(name):
    for first, second in zip(toy(name, 50, 0.1, 3), toy(name, 50, 0.1, 3), strict=True):
        np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize("name", TOY_SETS)
def test_another_seed_gives_other_points_and_another_order(name):
    (x, y), (other_x, other_y) = toy(name, 50, seed=0), toy(name, 50, seed=1)
    assert not np.intersect1d(x, other_x).size
    assert not np.array_equal(y, other_y)


def test_no_hidden_global_state():
    np.random.seed(0)
    before = np.random.get_state()[1].copy()
    first = toy("moons", 20)[0]
    np.random.seed(1)
    np.testing.assert_array_equal(toy("moons", 20)[0], first)
    np.random.seed(0)
    np.testing.assert_array_equal(np.random.get_state()[1], before)


@pytest.mark.parametrize("name", TOY_SETS)
def test_all_points_are_on_the_page(name):
    x, _ = toy(name, 1000)
    assert np.abs(x).max() < 2
    assert np.ptp(x, axis=0).min() > 1


@pytest.mark.parametrize("name", TOY_SETS)
def test_the_classes_come_in_no_order(name):
    _, y = toy(name, 200)
    assert 70 < (np.diff(y) != 0).sum() < 130


@pytest.mark.parametrize("name", TOY_SETS)
def test_noise_moves_every_point_by_its_deviation(name):
    quiet, noisy = toy(name, 2000)[0], toy(name, 2000, noise=0.2)[0]
    moved = noisy - quiet
    assert (moved != 0).all()
    np.testing.assert_allclose(moved.std(axis=0), 0.2, rtol=0.1)
    np.testing.assert_allclose(moved.mean(axis=0), 0, atol=0.02)


# The shape of each set.


def test_gaussians_are_nearly_separated_by_the_diagonal():
    x, y = toy("gaussians", 1000)
    assert ((x.sum(axis=1) > 0) == y).mean() > 0.98
    np.testing.assert_allclose(x[y == 1].mean(axis=0), [0.6, 0.6], atol=0.05)


def test_xor_keeps_free_of_the_axes():
    x, y = toy("xor", 1000)
    np.testing.assert_array_equal(x[:, 0] * x[:, 1] < 0, y == 1)
    assert np.abs(x).min() >= 0.06 - 1e-6
    assert np.abs(x).max() <= 1


def test_circles_are_a_disc_in_a_ring():
    x, y = toy("circles", 1000)
    radius = np.linalg.norm(x, axis=1)
    assert radius[y == 1].max() <= 0.45 + 1e-6
    assert radius[y == 0].min() >= 0.65 - 1e-6
    assert radius[y == 0].max() <= 1 + 1e-6
    assert 0.4 < (radius[y == 1] < 0.45 / np.sqrt(2)).mean() < 0.6  # uniform over the area: half of it in half the area


def test_moons_reach_into_each_other_and_no_line_separates_them():
    x, y = toy("moons", 1000)
    rows = np.c_[x, np.ones(len(x))]
    best = np.linalg.lstsq(rows, 2.0 * y - 1, rcond=None)[0]
    assert 0.8 < ((rows @ best > 0) == y).mean() < 0.97
    upper = x[y == 0] / 0.7 + [0.5, 0.25]
    np.testing.assert_allclose(np.linalg.norm(upper, axis=1), 1, atol=1e-5)


def test_spirals_are_two_arms_half_a_turn_apart():
    x, y = toy("spirals", 1000)
    t = np.linalg.norm(x, axis=1)
    angle = np.arctan2(x[:, 1], x[:, 0]) - 3.5 * np.pi * t - np.pi * y
    np.testing.assert_allclose(np.cos(angle), 1, atol=1e-4)
    assert t.min() >= 0.1 - 1e-6


# Wrong arguments.


@pytest.mark.parametrize("name", ["spiral", "", None, 0])
def test_an_unknown_set_is_told_in_words(name):
    with pytest.raises(
        ValueError, match=rf"toy: expected one of gaussians, xor, circles, moons, spirals; got {name!r}"
    ):
        toy(name)


@pytest.mark.parametrize("n", [1, 0, -5, 2.0, True, "20", None])
def test_a_senseless_number_of_points_is_told_in_words(n):
    with pytest.raises(ValueError, match=rf"toy: n must be a whole number of at least 2, one point a class; got {n!r}"):
        toy("moons", n)


@pytest.mark.parametrize("noise", [-0.1, np.nan, np.inf, "a little", None, True])
def test_a_senseless_noise_is_told_in_words(noise):
    with pytest.raises(ValueError, match=rf"toy: noise must be a number of at least 0; got {noise!r}"):
        toy("moons", noise=noise)


@pytest.mark.parametrize("seed", [-1, 0.5, "one", None, True])
def test_a_senseless_seed_is_told_in_words(seed):
    with pytest.raises(ValueError, match=rf"toy: seed must be a whole number of at least 0; got {seed!r}"):
        toy("moons", seed=seed)
