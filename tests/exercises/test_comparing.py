"""Numbers compared as float32 allows, and the first difference in words."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlcourse.exercises.core import close, differs, digits


def test_float32_is_close_even_where_its_numbers_cancel():
    rng = np.random.default_rng(0)
    a = rng.normal(2, 1, size=(200, 30))
    exact, short = a - a.mean(axis=0), a.astype(np.float32) - a.astype(np.float32).mean(axis=0)
    assert close(short, exact)
    assert not close(short + 1e-5, exact)


@pytest.mark.parametrize("factor", [1 + 1e-4, 1 - 1e-4, -1, 0, 2, np.nan])
def test_other_numbers_are_not_close(factor):
    right = np.array([0.1, 1, 3])
    assert not close(right * [factor, 1, 1], right)
    assert not close(right * [1, 1, factor], right)


def test_infinities_are_equal_to_themselves_only():
    assert close([np.inf, 1], [np.inf, 1])
    assert not close([np.inf, 1], [-np.inf, 1])
    assert not close([1, 1], [np.inf, 1])


def test_the_first_place_that_differs_is_named():
    right = np.arange(6.0).reshape(2, 3)
    assert differs(right, right + 1e-9) is None
    assert differs(right, right * [[1, 1, 1], [1, 2, 3]]) == "Entry [1, 1] should be 4; you have 8."
    assert differs(0.5, 0.25) == "It should be 0.5; you have 0.25."
    assert differs([1, 2], [1, 3], ("the rate", "b")) == "b should be 2; you have 3."
    assert differs([1, 2], [0, 2], ("the rate", "b")) == "The rate should be 1; you have 0."
    assert differs([[1, 2]], [[1, 3]], ("the weights",)) == "Entry [1] of the weights should be 2; you have 3."
    assert differs([1, 2], [1, np.nan]) == "Entry [1] should be 2; you have nan."
    assert differs([1, 2], 3) == "It should be a list of 2 numbers; you have one number."


numbers = st.floats(-1e6, 1e6)


@given(numbers, numbers)
def test_both_numbers_never_look_alike(expected, got):
    words = differs(expected, got)
    assert (words is None) == close(got, expected)
    if words is not None:
        should, have = re.fullmatch(r"It should be (.+); you have (.+)\.", words).groups()
        assert should != have


def test_digits_are_four_or_as_many_as_it_takes():
    assert digits(2.591, 2.5) == ("2.591", "2.5")
    assert digits(2.59101, 2.59104) == ("2.59101", "2.59104")
    assert digits(1.0, 1.0 + 2.0**-52) == ("1", "1.0000000000000002")
    assert digits(1.0, 1.0) == ("1", "1")
