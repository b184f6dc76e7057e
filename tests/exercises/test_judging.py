"""Judging by cases: a mistake is named only where every case shows it, and every case must be right."""

import numpy as np
import pytest

from dlcourse.exercises.core import Wrong, whole
from dlcourse.exercises.judging import judge, uses

CASES = ((3.0, 2.0), (-1.0, 4.0), (5.0, 5.0))
MISTAKES = (("The order is reversed.", lambda a, b: b - a), ("You add.", lambda a, b: a + b))


def words(answer, cases=CASES, right=lambda a, b: a - b, mistakes=MISTAKES, **named):
    with pytest.raises(Wrong) as found:
        judge(answer, cases, "a b", right, mistakes, **named)
    return str(found.value)


def test_a_right_answer_passes_in_any_form():
    for form in (float, np.float32, lambda v: [v], lambda v: np.array([v])):
        judge(lambda a, b, form=form: form(a - b), CASES, "a b", lambda a, b: a - b, MISTAKES)


def test_a_mistake_is_named_only_if_all_cases_show_it():
    assert words(lambda a, b: b - a) == "The order is reversed."
    assert words(lambda a, b: a + b) == "You add."
    assert words(lambda a, b: abs(a - b)) == "For a = -1.0, b = 4.0, the result should be -5; you have 5."


def test_the_last_case_counts_too():
    assert "a = 5.0, b = 5.0" in words(lambda a, b: a - b or 1e-3)


def test_parts_are_named_and_only_a_name_keeps_its_capital():
    def parts(answer):
        return words(answer, right=lambda a, b: (a, b), mistakes=(), names=("The sum", "W"))

    assert parts(lambda a, b: (b, b)).endswith("the sum should be 3; you have 2.")
    assert parts(lambda a, b: (a, 7)).endswith("W should be 2; you have 7.")
    assert parts(lambda a, b: a).startswith("Return two things: the sum and W.")


def test_a_mistake_of_another_shape_is_seen_before_the_shape_is_refused():
    cases = ((np.array([[1.0, 2.0, 3.0]]), 0),)
    told = words(lambda a, b: a.T, cases, lambda a, b: a, (("Transposed.", lambda a, b: a.T),))
    assert told == "Transposed."
    assert "1 row of 3 numbers" in words(lambda a, b: a[0], cases, lambda a, b: a, ())


def test_whole_numbers_are_not_cut():
    assert "must be a whole number" in words(lambda a, b: a - b + 0.4, take=whole)


def test_large_arguments_are_shown_by_their_shape():
    assert "a of shape (20,), b = 1" in words(lambda a, b: a, ((np.zeros(20), 1),), lambda a, b: a + 1)


def test_names_used_in_a_functions_own_code_are_found_however_deep():
    assert uses(lambda x: np.vander(x, 3), "vander") == "vander"
    assert uses(lambda x: [np.linalg.eig(v) for v in x], "eigh", "eig") == "eig"
    assert uses(lambda x: x**2, "vander") is None
    assert uses(np.vander, "eig") is None
    assert uses(3, "eig") is None
