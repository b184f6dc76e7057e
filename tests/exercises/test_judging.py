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
    assert words(lambda a, b: abs(a - b)) == "For a = -1.0, b = 4.0: the result should be -5; you have 5."


def test_the_last_case_counts_too():
    assert "a = 5.0, b = 5.0" in words(lambda a, b: a - b or 1e-3)


def test_parts_are_named_and_only_a_name_keeps_its_capital():
    def parts(answer):
        return words(answer, right=lambda a, b: (a, b), mistakes=(), names=("The sum", "W"))

    assert parts(lambda a, b: (b, b)).endswith("the sum should be 3; you have 2.")
    assert parts(lambda a, b: (a, 0) if a != 5 else a).startswith("Return two things")
    assert parts(lambda a, b: (a, 7)).endswith("W should be 2; you have 7.")
    assert parts(lambda a, b: a).startswith("Return two things: the sum and W.")


def test_a_mistake_of_another_shape_is_seen_before_the_shape_is_refused():
    cases = ((np.array([[1.0, 2.0, 3.0]]), 0),)
    told = words(lambda a, b: a.T, cases, lambda a, b: a, (("Transposed.", lambda a, b: a.T),))
    assert told == "Transposed."
    assert "1 row of 3 numbers" in words(lambda a, b: a[0], cases, lambda a, b: a, ())


def test_whole_numbers_are_not_cut():
    assert "must be a whole number" in words(lambda a, b: a - b + 0.4, take=whole)


def test_whole_numbers_are_exact_and_shown_in_full():
    cases = ((8192, 9000), (7, 6))
    judge(lambda a, b: np.float64(a * b), cases, "a b", lambda a, b: a * b, take=whole)
    told = words(lambda a, b: a * b + (a > 7), cases, lambda a, b: a * b, (), names="The number", take=whole)
    assert told == "For a = 8192, b = 9000: the number should be 73,728,000; you have 73,728,001."


def test_a_tolerance_in_place_of_float32s_digits():
    judge(lambda a, b: a - b + 0.05, CASES, "a b", lambda a, b: a - b, within=0.1)
    assert words(lambda a, b: a - b + 1e-5, within=1e-7).endswith("should be 1; you have 1.00001.")
    assert words(lambda a, b: a - b + 0.2, within=0.1).endswith("should be 1; you have 1.2.")


def test_a_second_right_answer_must_be_given_in_every_case():
    judge(lambda a, b: b - a, CASES, "a b", lambda a, b: a - b, MISTAKES, also=lambda a, b: b - a)
    assert "a = -1.0, b = 4.0: " in words(lambda a, b: abs(a - b), also=lambda a, b: b - a)


def test_truths_are_told_in_the_learners_own_form():
    def told(answer):
        return words(answer, right=lambda a, b: a > b, mistakes=())

    assert told(lambda a, b: a < b).endswith("the result should be True; you have False.")
    assert told(lambda a, b: np.array([a < b])).endswith("the result should be True; you have False.")
    assert told(lambda a, b: int(a < b)).endswith("the result should be 1; you have 0.")


def test_a_case_is_described_by_a_function():
    with pytest.raises(Wrong, match=r"^From 3 to 2: the result should be 1; you have 3\."):
        judge(lambda a, b: a, CASES, lambda a, b: f"From {a:g} to {b:g}", lambda a, b: a - b)


def test_an_exception_belongs_to_a_mistake_that_raises_it_too():
    cases, mistakes = ((2, 1), (2, 0)), (("Divided.", lambda a, b: a / b),)
    assert words(lambda a, b: a / b, cases, mistakes=mistakes) == "Divided."
    assert "ZeroDivisionError" in words(lambda a, b: 1 if b else a // b, cases, mistakes=mistakes)
    assert "ZeroDivisionError" in words(lambda a, b: a / b, cases[1:], mistakes=mistakes)
    assert words(lambda a, b: a / b if b else 0, cases, mistakes=mistakes) != "Divided."
    assert words(lambda a, b: a + b, mistakes=(("never", lambda a, b: a.nothing), *MISTAKES)) == "You add."


def test_an_answer_that_raises_at_once_is_not_called_again():
    called = []

    def answer(a, b):
        called.append(a)
        raise ValueError(a)

    assert "ValueError: 3.0" in words(answer)
    assert called == [3.0]


def test_nan_belongs_to_a_mistake_but_nothing_but_nan_does_not():
    cases, mistakes = ((np.array([1.0, 0.0]), 0),), (("0/0 is nan.", lambda a, b: a / a),)
    assert words(lambda a, b: a / a, cases, lambda a, b: a, mistakes) == "0/0 is nan."
    assert "holds nan" in words(lambda a, b: a * np.nan, cases, lambda a, b: a, (("never", lambda a, b: a + np.nan),))


def test_parts_of_a_mistake_may_be_rows_of_an_array():
    def told(answer):
        return words(answer, right=lambda a, b: np.array([a, b]), mistakes=(swapped,), names=("The sum", "W"))

    swapped = ("Exchanged.", lambda a, b: np.array([b, a]))
    assert told(lambda a, b: (np.array([b]), a)) == "Exchanged."
    assert told(lambda a, b: b) == "Return two things: the sum and W. This is float 2.0."


def test_cases_are_left_as_they_are_by_whatever_is_called():
    def changing(a, b):
        a += 1
        return a

    case = (np.array([1.0, 2.0]), 0)
    judge(lambda a, b: a + 1, (case,), "a b", changing)
    assert words(lambda a, b: a + 1, (case,), lambda a, b: a, (("One more.", changing),)) == "One more."
    assert case[0].tolist() == [1, 2]


def test_large_arguments_are_shown_by_their_shape():
    assert "a of shape (20,), b = 1" in words(lambda a, b: a, ((np.zeros(20), 1),), lambda a, b: a + 1)


def test_names_used_in_a_functions_own_code_are_found_however_deep():
    assert uses(lambda x: np.vander(x, 3), "vander") == "vander"
    assert uses(lambda x: [np.linalg.eig(v) for v in x], "eigh", "eig") == "eig"
    assert uses(lambda x: x**2, "vander") is None
    assert uses(np.vander, "eig") is None
    assert uses(3, "eig") is None
