"""Judging by cases: mistakes that raise an exception, and hard cases that come last."""

import pytest

from dlcourse.exercises.cases import by_cases, by_stages
from dlcourse.exercises.core import Wrong

HINTS = ("Square it.", "Use **.", "Begin with x.")
SQUARE = ("def square(x):\n    return x * x", "answer = lambda x: x**2")
MISTAKES = (
    ("answer = lambda x: 2 * x", "That is twice x."),
    ("answer = lambda x: x * [0, 1, 2, 3][x]", "Your list is too short."),
)


def words(exercise, answer) -> str:
    with pytest.raises(Wrong) as refused:
        exercise.check(answer)
    return str(refused.value)


def test_a_mistake_may_raise_an_exception_but_not_everywhere():
    exercise = by_cases("00.0", "Squares", "square", ((2,), (7,)), HINTS, *SQUARE, MISTAKES)
    assert words(exercise, lambda x: {2: 4}[x]) == "Your list is too short."
    assert words(exercise, lambda x: {2: 5}[x]) == "For x = 2: the answer should be 4; you have 5."
    assert words(exercise, lambda x: {}[x]).startswith("Your function raised KeyError")


def test_hard_cases_are_asked_once_the_others_are_right_and_all_count_for_a_mistake():
    exercise = by_stages("00.0", "Squares", "square", (((3,), (1,)), ((7,),)), HINTS, *SQUARE, MISTAKES)
    exercise.check(lambda x: x * x)
    assert words(exercise, lambda x: 2 * x if x < 7 else -1) == "That is twice x."
    assert words(exercise, lambda x: x * x if x < 7 else 14) == "For x = 7: the answer should be 49; you have 14."
    assert words(exercise, lambda x: x * x if x < 7 else [][x]) == "Your list is too short."
