"""Every check against every kind of answer: right ones in all forms, and wrong ones that should never get through.

Exercises that their own notebook answers are listed exactly: whoever mends one strikes it here.
"""

import warnings

import pytest

from dlcourse.exercises import desk, running
from dlcourse.exercises.desk import CHAPTERS, EXERCISES, check, solution
from tests.exercises import forms, kinds, typed
from tests.exercises.hints import gives_away

ANSWERED_BY_THE_NOTEBOOK: dict[str, set[str]] = {
    "02.2": {"determinant"},
    "02.6": {"is_linear"},
    "03.3": {"perceptron"},
    "04.4": {"forward"},
    "06.1": {"best"},
    "07.2": {"huber"},
    "07.4": {"cross_entropy"},
    "07.5": {"cross_entropy_gradient"},
    "08.1": {"count_updates"},
    "09.5": {"bias2_and_variance"},
    "09.6": {"stop_early"},
    "10.1": {"output_side"},
    "12.4": {"cosine"},
    "13.1": {"weights"},
    "15.4": {"speedup"},
}
pytestmark = [
    pytest.mark.filterwarnings("ignore::RuntimeWarning"),  # what a wrong answer overflows is its own affair
    # An answer without end is stopped wherever it is, perhaps in a callback of the garbage collector; then once more.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(autouse=True)
def unsaved(monkeypatch):
    monkeypatch.setattr(desk.store, "update", lambda *arguments, **named: "")


@pytest.fixture
def impatient(monkeypatch):
    """For answers that are wrong anyway, those without end among them."""
    monkeypatch.setattr(running, "SECONDS", 0.3)


def states(id, answers) -> dict[str, set]:
    found = {}
    for name, answer in answers:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found.setdefault(check(id, answer).state, set()).add(name)
    return found


# Right answers.


@pytest.mark.parametrize("id", EXERCISES)
def test_a_right_answer_is_right_in_every_form(id):
    found = states(id, forms.right_forms(id))
    assert len(set().union(*found.values())) >= 3
    assert set().union(*(found[state] for state in found if state != "right")) == set()


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_what_solution_shows_pasted_over_the_stub_makes_the_notebooks_check_right(chapter):
    checks = {f'check("{exercise.id}", {exercise.name})': exercise for exercise in CHAPTERS[chapter].EXERCISES}
    assert set(checks) <= set(typed.cells(chapter))
    scope = typed.imports(chapter)
    for cell, exercise in checks.items():
        exec(repr(solution(exercise.id)), scope)
        assert eval(cell, scope).right, exercise.id


# Wrong answers.


@pytest.mark.parametrize("id", EXERCISES)
def test_nothing_that_the_notebook_has_typed_is_an_answer(id):
    answered = states(id, typed.defined(id[:2]).items()).get("right", set())
    assert answered == ANSWERED_BY_THE_NOTEBOOK.get(id, set())


def test_the_functions_of_the_notebooks_are_found():
    assert len({name for chapter in CHAPTERS for name, f in typed.defined(chapter).items() if callable(f)}) > 150
    assert {"forward", "my_forward"} <= set(typed.defined("04"))


@pytest.mark.parametrize("id", EXERCISES)
def test_a_constant_is_no_answer(id):
    assert states(id, kinds.constants(id)).get("right", set()) == set()


@pytest.mark.parametrize("id", EXERCISES)
def test_the_answers_of_other_exercises_are_none(id, impatient):
    assert states(id, kinds.others(id)).get("right", set()) == set()


@pytest.mark.parametrize("id", EXERCISES)
def test_answers_that_raise_or_are_senseless_get_words(id, impatient):
    for name, answer in (kinds.RAISING | kinds.SENSELESS).items():
        verdict = check(id, answer)
        assert verdict.state == "wrong", name
        assert len(verdict.words) > 20, name
        assert "could not be checked" not in verdict.words or name in kinds.SENSELESS, verdict.words


@pytest.mark.parametrize("id", EXERCISES)
def test_changing_what_was_handed_in_is_told(id):
    answer = kinds.meddling(id)
    if answer is not None:
        verdict = check(id, answer)
        assert verdict.state == "wrong"
        assert "changes its arguments" in verdict.words


def test_many_exercises_can_be_meddled_with():
    assert sum(kinds.meddling(id) is not None for id in EXERCISES) > 60


@pytest.mark.parametrize("id", EXERCISES)
def test_an_answer_without_end_is_stopped_in_words(id, monkeypatch):
    monkeypatch.setattr(running, "SECONDS", 0.05)

    def endless(*arguments):
        while True:
            pass

    verdict = check(id, endless)
    assert verdict.state == "wrong"
    if kinds.spy(id):
        assert "had not ended after 0.05 seconds" in verdict.words


# Hints.


@pytest.mark.parametrize("id", EXERCISES)
def test_no_hint_is_the_solution(id):
    exercise = EXERCISES[id]
    given_away = {
        number
        for number, hint in enumerate(exercise.hints, 1)
        if gives_away(hint, exercise.solution) or gives_away(hint, exercise.alternative)
    }
    assert given_away == set()


@pytest.mark.parametrize(("hint", "told"), [
    ("Return (a + b) · 2² / c.", True), ("return (a+b)*2**2/c", True), ("Add first, and then multiply by 2².", False),
    ("Begin with total = a + b.", False),
])  # fmt: skip
def test_a_hint_that_gives_the_solution_away_is_found(hint, told):
    assert gives_away(hint, "def f(a, b, c):\n    return (a + b) * 2**2 / c") == told
