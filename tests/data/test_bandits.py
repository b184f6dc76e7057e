"""The levers: chances that are kept, luck that is repeatable, extinction of the best lever only."""

import numpy as np
import pytest

from dlcourse import data


def test_each_lever_pays_as_often_as_it_should():
    table = data.lever_pay([0.0, 0.2, 0.75, 1.0], 500, runs=40, seed=3)
    assert table.shape == (40, 500, 4)
    assert set(np.unique(table)) == {0.0, 1.0}
    np.testing.assert_allclose(table.mean(axis=(0, 1)), [0, 0.2, 0.75, 1], atol=0.02)


def test_the_same_arguments_give_the_same_luck_and_another_seed_another():
    first, again, other = (data.lever_pay([0.3, 0.6], 50, seed=seed) for seed in (1, 1, 2))
    assert (first == again).all()
    assert (first != other).any()


def test_in_extinction_only_the_best_lever_stops_and_only_from_that_press_on():
    usual, stopped = data.lever_pay([0.4, 0.9], 30, 5, 0), data.lever_pay([0.4, 0.9], 30, 5, 0, stops=12)
    assert (stopped[:, :12] == usual[:, :12]).all()
    assert (stopped[:, 12:, 0] == usual[:, 12:, 0]).all()
    assert (stopped[:, 12:, 1] == 0).all()
    assert usual[:, 12:, 1].any()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (([0.5, 1.2], 10), "lever_pay: chances must be probabilities from 0 to 1"),
        (([], 10), "chances must be probabilities"),
        (("half", 10), "chances must be probabilities"),
        (([0.5, np.nan], 10), "chances must be probabilities"),
        (([0.5], 0), "presses must be a whole number of at least 1; got 0"),
        (([0.5], 10, 2.5), "runs must be a whole number"),
        (([0.5], 10, 1, -1), "seed must be a whole number of at least 0"),
        (([0.5], 10, 1, 0, -3), "stops must be None or the number of a press"),
    ],
)
def test_wrong_arguments_are_refused_in_words(arguments, words):
    with pytest.raises(ValueError, match=words):
        data.lever_pay(*arguments)
