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
    assert differs(1, 0, "The rate") == "The rate should be 1; you have 0."
    assert differs([1, 2], [1, 3], "The weights") == "Entry [1] of the weights should be 2; you have 3."
    assert differs([[1, 2]], [[0, 2]], "W") == "Entry [0, 0] of W should be 1; you have 0."
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
    assert digits(0.5, 1e300) == ("0.5", "1e+300")


def test_large_numbers_are_shown_in_full():
    assert digits(73856.0, 2416) == ("73,856", "2,416")
    assert digits(73856.25, 2416.5) == ("73,856", "2,416")
    assert digits(73856.25, 73856) == ("73,856.2", "73,856")
    assert digits(2**53 - 1, -1e6) == ("9,007,199,254,740,991", "-1,000,000")
    assert differs(2416, 73856.0) == "It should be 2,416; you have 73,856."


def test_whole_numbers_are_compared_exactly():
    assert differs([9_000_000.0], np.array([9_000_001])) == "Entry [0] should be 9,000,000; you have 9,000,001."
    assert differs([9_000_000], [9_000_001.0]) is None
    assert differs(0.5, 0) == "It should be 0.5; you have 0."


def test_a_tolerance_is_absolute():
    assert differs(100, 100.3, within=0.5) is None
    assert differs(100, 100.6, within=0.5) == "It should be 100; you have 100.6."
    assert differs(1e9, 1e9 + 64, within=0) is None


def test_truths_are_words_if_both_are():
    assert differs([True, True], [True, False]) == "Entry [1] should be True; you have False."
    assert differs([True, True], [1.0, 0.0]) == "Entry [1] should be 1; you have 0."
