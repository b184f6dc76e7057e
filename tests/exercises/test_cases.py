"""Exercises by cases: a mistake is named only if it is made in every case; otherwise the first difference is shown."""

import numpy as np
import pytest

from dlcourse.exercises import desk
from dlcourse.exercises.cases import by_cases
from dlcourse.exercises.core import Wrong, answer_of
from tests.exercises import forms

HINTS = ("idea", "tool", "line")
SQUARE = "def square(x):\n    return x * x"


def square(cases=((2.0,), (3.0,), (-1.0,)), mistakes=(("answer = lambda x: 2 * x", "That is twice x."),), **options):
    return by_cases("00.0", "Square", "square", cases, HINTS, SQUARE, "answer = lambda x: x**2", mistakes, **options)


def told(exercise, answer):
    with pytest.raises(Wrong) as feedback:
        exercise.check(answer)
    return str(feedback.value)


def test_a_mistake_is_named_only_if_it_is_made_in_every_case():
    assert told(square(), lambda x: x + x) == "That is twice x."
    assert told(square(), lambda x: 2 * x if x != 3 else 0) == "For x = 3.0: the answer should be 9; you have 0."


def test_an_answer_that_is_wrong_in_the_last_case_only_is_wrong():
    assert told(square(what="The area"), lambda x: abs(x) * x) == "For x = -1.0: the area should be 1; you have -1."


def test_counts_are_whole_and_exact():
    exercise = square(((3000,), (2.0,)), counts=True)
    exercise.check(lambda x: np.float64(x) ** 2)
    assert told(exercise, lambda x: x * x + 1) == "For x = 3000: the answer should be 9,000,000; you have 9,000,001."
    assert "must be a whole number; 4.5 is not" in told(exercise, lambda x: x * x if x > 2 else 4.5)


def test_a_tolerance_is_handed_on():
    square(within=0.1).check(lambda x: x * x + 0.05)
    assert told(square(within=1e-7), lambda x: x * x + 1e-5).endswith("should be 4; you have 4.00001.")


def test_true_and_false_are_words():
    exercise = by_cases("0", "", "f", ((1,), (-1,)), HINTS, "f = lambda x: np.array([x > 0, True])", "", ())
    exercise.check(lambda x: [int(x > 0), 1])
    assert told(exercise, lambda x: [True, True]).endswith("entry [0] of the answer should be False; you have True.")


def test_parts_are_told_by_name_and_mistakes_of_parts_are_found():
    wrong = (("answer = lambda x: (x, x * x)", "Exchanged."),)
    exercise = by_cases(
        "0", "", "f", ((2,), (3,)), HINTS, "f = lambda x: (x * x, x)", "", wrong, ("the area", "the side")
    )
    exercise.check(lambda x: np.array([x * x, x]))
    assert told(exercise, lambda x: [x, x * x]) == "Exchanged."
    assert told(exercise, lambda x: [x * x, 1]) == "For x = 2: the side should be 2; you have 1."
    assert told(exercise, lambda x: x) == "Return two things: the area and the side. This is int 2."


def test_another_right_answer_with_other_numbers():
    exercise = square(also="answer = lambda x: -x * x")
    exercise.check(lambda x: -(x**2))
    told(exercise, lambda x: x * abs(x))


def test_long_arguments_are_told_by_their_shape():
    exercise = square(((np.linspace(0, 1, 50),),), what="The list")
    assert told(exercise, np.abs).startswith("For x of shape (50,): entry [1] of the list should be")


BY_CASES = [id for id, exercise in desk.EXERCISES.items() if exercise.check.__module__.endswith(".cases")]


@pytest.mark.parametrize("id", BY_CASES)
def test_every_mistake_is_told_by_its_whole_sentence(id):
    exercise = desk.EXERCISES[id]
    for source, sentence in exercise.mistakes:
        assert told(exercise, answer_of(source)) == sentence


@pytest.mark.parametrize("id", BY_CASES)
def test_nearly_right_answers_of_each_case_are_wrong(id):
    """Right in all cases but one: whatever the case, the check sees it."""
    exercise, calls = desk.EXERCISES[id], []
    right = forms.right(id)["solution"]

    def counting(*arguments):
        calls.append(1)
        return right(*arguments)

    exercise.check(counting)
    for spoilt in range(len(calls)):
        turn = iter(range(len(calls)))
        told(exercise, lambda *arguments, turn=turn, spoilt=spoilt: _spoil(right(*arguments), next(turn) == spoilt))


def _spoil(value, really):
    if not really:
        return value
    return (
        tuple(_spoil(part, True) for part in value)
        if isinstance(value, tuple)
        else 1.013 * np.asarray(value, float) + 0.017
    )
