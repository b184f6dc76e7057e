"""Every check against its bank: it takes right answers in two forms and turns down every wrong one in its own words."""

import numpy as np
import pytest

from dlcourse.exercises.core import Wrong, answer_of, is_stub
from dlcourse.exercises.desk import CHAPTERS, EXERCISES, check

NOTHING = {
    "None": None,
    "empty text": "",
    "empty list": [],
    "empty tuple": (),
    "empty dict": {},
    "empty array": np.zeros(0),
    "no columns": np.zeros((2, 0)),
    "text": "text",
    "bytes": b"x",
    "True": True,
    "an object": object(),
    "NaN": np.nan,
    "a list of NaN": [np.nan] * 3,
    "numbers as text": ["0.5", "0.5", "0.2"],
}
MISTAKES = [(id, n) for id, exercise in EXERCISES.items() for n in range(len(exercise.mistakes))]


@pytest.fixture(autouse=True)
def own_progress(tmp_path, monkeypatch):
    monkeypatch.setenv("DLCOURSE_DATA_DIR", str(tmp_path))


@pytest.mark.parametrize("id", EXERCISES)
def test_right_answers_are_accepted(id):
    exercise = EXERCISES[id]
    assert check(id, answer_of(exercise.solution, exercise.name)).right
    assert check(id, answer_of(exercise.alternative)).right


@pytest.mark.parametrize(("id", "number"), MISTAKES)
def test_each_typical_mistake_gets_its_own_words(id, number):
    source, words = EXERCISES[id].mistakes[number]
    verdict = check(id, answer_of(source))
    assert verdict.state == "wrong"
    assert words in verdict.words
    others = [w for n, (_, w) in enumerate(EXERCISES[id].mistakes) if n != number]
    assert not any(other in verdict.words for other in others)


@pytest.mark.parametrize("id", EXERCISES)
@pytest.mark.parametrize("nothing", NOTHING)
def test_empty_and_senseless_answers_are_turned_down(id, nothing):
    verdict = check(id, NOTHING[nothing])
    assert verdict.state == "wrong"
    assert len(verdict.words) > 20


@pytest.mark.parametrize("id", EXERCISES)
def test_functions_that_fail_or_return_nothing_are_turned_down(id):
    def raises(*arguments):
        raise KeyError("oops")

    def returns_nan(*arguments):
        return np.full(3, np.nan)

    def returns_text(*arguments):
        return "one"

    for answer in (raises, returns_nan, returns_text, lambda: 1):
        assert check(id, answer).state == "wrong"


@pytest.mark.parametrize("id", EXERCISES)
def test_a_stub_is_open_and_no_error(id):
    def stub(*arguments):
        """To be filled in."""
        ...

    for answer in (..., stub):
        assert check(id, answer).state == "open"
        assert repr(check(id, answer)) == f"{id}: not answered yet."


def test_a_function_that_does_something_is_no_stub():
    assert not is_stub(lambda x: x)
    assert not is_stub(lambda x: 1)


@pytest.mark.parametrize("id", EXERCISES)
def test_three_different_hints_and_at_least_three_mistakes(id):
    exercise = EXERCISES[id]
    assert len(set(exercise.hints)) == 3
    assert len(exercise.mistakes) >= 3


def test_the_answer_is_never_changed():
    answer = [0.5, 0.5, 0.2]
    check("03.1", answer)
    assert answer == [0.5, 0.5, 0.2]


def test_a_function_that_changes_its_arguments_is_told_so():
    def meddles(x, w, b):
        x += 1
        return (x @ w + b > 0) * 1

    assert "in place" in check("03.3", meddles).words


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_enough_exercises_and_quiz_questions_with_feedback_for_each_choice(chapter):
    module = CHAPTERS[chapter]
    assert len(module.EXERCISES) >= 5
    assert len(module.QUESTIONS) >= 3
    for question in module.QUESTIONS:
        assert len(question.options) == len(question.feedback) == len(set(question.feedback))
        assert 0 <= question.right < len(question.options)


def test_wrong_is_an_exception_of_our_own():
    with pytest.raises(Wrong):
        EXERCISES["03.1"].check((0, 0, 0))
