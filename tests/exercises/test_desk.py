"""The desk: verdicts, hints, solutions and progress in words, whatever it is given."""

import re
from fractions import Fraction

import numpy as np
import pytest

from dlcourse.exercises import check, desk, hint, progress, solution, store
from dlcourse.exercises.core import answer_of
from dlcourse.exercises.desk import EXERCISES, Verdict

RIGHT = (0.5, 0.5, 0.2)  # an answer to 03.1
WRONG = (0.5, 0.5, 0.7)


@pytest.fixture(autouse=True)
def own_desk(tmp_path, monkeypatch):
    """A newcomer's: no progress, no hints given, nothing switched off."""
    monkeypatch.setenv("DLCOURSE_DATA_DIR", str(tmp_path))
    monkeypatch.setattr(desk, "_hints_given", {})
    for what in ("HINTS", "SOLUTIONS"):
        monkeypatch.delenv(f"DLCOURSE_{what}", raising=False)


# Checks.


@pytest.mark.parametrize(("answer", "state", "words"), [
    (RIGHT, "right", "03.1: right. OR by weights and a threshold."),
    (WRONG, "wrong", "03.1: not yet. This is AND"),
    (..., "open", "03.1: not answered yet."),
])  # fmt: skip
def test_a_verdict_in_words(answer, state, words):
    verdict = check("03.1", answer)
    assert verdict.state == state
    assert verdict.right == (state == "right")
    assert repr(verdict).startswith(words)


@pytest.mark.parametrize(("state", "mark"), [("right", "✓"), ("wrong", "✗"), ("open", "○")])
def test_a_verdict_is_shown_by_mark_and_words_not_by_colour_alone(state, mark):
    shown = Verdict("03.1", state, "1 < 2 & <b>")._repr_html_()
    assert f"<b>{mark} 03.1</b> 1 &lt; 2 &amp; &lt;b&gt;</div>" in shown
    assert 'role="status"' in shown


def test_only_a_right_answer_is_kept():
    check("03.1", ...)
    check("03.1", WRONG)
    assert store.read() == {}
    check("03.1", RIGHT)
    assert store.read() == {"03.1": {"solved": True}}


def test_what_was_solved_once_stays_solved():
    check("03.1", RIGHT)
    check("03.1", WRONG)
    check("03.1", ...)
    assert store.read() == {"03.1": {"solved": True}}


def test_the_verdict_comes_even_if_it_cannot_be_saved(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("DLCOURSE_DATA_DIR", str(tmp_path / "file"))
    with pytest.warns(UserWarning, match="could not be saved"):
        assert check("03.1", RIGHT).right


class Odd:
    """An object that answers nothing sensibly."""

    def __array__(self, dtype=None, copy=None):
        raise RuntimeError("no array")

    def __repr__(self):
        raise RuntimeError("no words")

    def __call__(self, *arguments):
        return self


def recursive(*arguments):
    return recursive(*arguments)


ODD = {
    "object": Odd(),
    "class": Odd,
    "module": np,
    "generator": (i for i in range(3)),
    "ragged": [[1, 2], [3]],
    "complex": [1j, 2j, 3j],
    "complex array": np.array([1j, 2, 3]),
    "texts": ["0.5", "0.5", "0.2"],
    "texts in an array": np.array(["0.5", "0.5", "0.2"]),
    "texts as objects": np.array(["0.5", "0.5", "0.2"], dtype=object),
    "huge": [10**400, 1, 1],
    "infinite": [np.inf, 1, 1],
    "objects": np.array([object(), None, 3], dtype=object),
    "dates": np.array(["2026-01-01"], dtype="datetime64[D]"),
    "nested": [[[[[0.5]]]]],
    "functions": [abs, abs, abs],
    "no arguments": lambda: 1,
    "recursion": recursive,
    "returns itself": lambda *arguments: recursive,
    "returns odd": lambda *arguments: Odd(),
    "returns text": lambda *arguments: "1",
    "returns a dictionary": lambda *arguments: {"w": 1},
    "returns a pair of odd": lambda *arguments: (Odd(), Odd()),
}


@pytest.mark.parametrize("id", EXERCISES)
@pytest.mark.parametrize("odd", ODD)
def test_an_odd_answer_is_wrong_in_words_and_never_an_error(id, odd):
    verdict = check(id, ODD[odd])
    assert verdict.state == "wrong"
    assert len(repr(verdict)) > 20


def test_an_answer_may_be_a_tensor_of_either_engine_or_exact():
    import torch

    import dlcourse.reference as engine

    for answer in (
        torch.tensor(RIGHT, requires_grad=True),
        engine.tensor(RIGHT),
        np.array(RIGHT),
        list(RIGHT),
        [*map(Fraction, RIGHT)],
    ):
        assert check("03.1", answer).right


# Hints and solutions.


def test_hints_come_one_after_the_other_and_the_last_one_again():
    given = [repr(hint("03.1")) for _ in range(5)]
    hints = EXERCISES["03.1"].hints
    assert given == [f"Hint {n} of 3 for 03.1: {hints[n - 1]}" for n in (1, 2, 3, 3, 3)]


def test_each_exercise_counts_its_own_hints():
    hint("03.1")
    assert repr(hint("03.2")).startswith("Hint 1 of 3 for 03.2")
    assert repr(hint("03.1")).startswith("Hint 2 of 3")


def test_a_hint_by_its_number_does_not_count():
    assert repr(hint("03.1", 3)).endswith(EXERCISES["03.1"].hints[2])
    assert repr(hint("03.1")).startswith("Hint 1 of 3")


@pytest.mark.parametrize("number", [0, 4, -1, "1", 1.5, 1.0, True])
def test_an_impossible_number_is_told_in_words(number):
    with pytest.raises(ValueError, match=rf"hint: number must be 1, 2 or 3; got {number!r}\."):
        hint("03.1", number)


@pytest.mark.parametrize("id", EXERCISES)
def test_what_solution_shows_can_be_run_and_is_right(id):
    shown = repr(solution(id))
    assert shown.startswith(f"# {id} {EXERCISES[id].title}\n")
    assert check(id, answer_of(shown, EXERCISES[id].name)).right


# Switches for a class.


@pytest.mark.parametrize("off", ["off", "OFF", "0", "no"])
@pytest.mark.parametrize(("switch", "door"), [("HINTS", hint), ("SOLUTIONS", solution)])
def test_a_teacher_can_switch_off_hints_and_solutions(monkeypatch, off, switch, door):
    monkeypatch.setenv(f"DLCOURSE_{switch}", off)
    assert repr(door("03.1")) == f"{switch.capitalize()} are switched off for this class."
    other = solution if door is hint else hint
    assert "switched off" not in repr(other("03.1"))


@pytest.mark.parametrize("on", ["", "on", "1", "yes"])
def test_other_values_leave_them_on(monkeypatch, on):
    monkeypatch.setenv("DLCOURSE_HINTS", on)
    assert repr(hint("03.1")).startswith("Hint 1")


def test_a_hint_that_was_refused_is_not_counted(monkeypatch):
    monkeypatch.setenv("DLCOURSE_HINTS", "off")
    hint("03.1")
    monkeypatch.delenv("DLCOURSE_HINTS")
    assert repr(hint("03.1")).startswith("Hint 1")


# Progress.


def test_progress_of_a_newcomer():
    for line in repr(progress()).splitlines():
        assert ": 0 of " in line
        assert "✓" not in line


def line_of(chapter):
    return next(line for line in repr(progress()).splitlines() if chapter in line)


def test_progress_counts_what_is_solved():
    check("03.1", RIGHT)
    check("03.2", (-2.0, 0.5))
    store.update("04.quiz", solved=True)
    third, fourth = line_of("03"), line_of("04")
    assert third.startswith("Chapter 03: 2 of 7  03.1✓ 03.2✓ 03.3○")
    assert third.endswith("quiz○")
    assert fourth.startswith("Chapter 04: 0 of 6")
    assert fourth.endswith("quiz✓")


def test_facts_of_a_later_version_do_no_harm():
    store.update("99.9", solved=True)
    store.update("03.1", seen="yesterday")
    assert line_of("03").startswith("Chapter 03: 0 of 7  03.1○")
    assert "99" not in repr(progress())


def test_progress_of_one_chapter():
    check("03.1", RIGHT)
    assert repr(progress("03")) == line_of("03")
    shown = progress("03")._repr_html_()
    assert "03-perceptron.ipynb" in shown
    assert shown.count("<a href") == 1
    assert "1 of 7 exercises solved." in shown


@pytest.mark.parametrize("chapter", ["99", "3", 3, ["03"]])
def test_progress_of_an_unknown_chapter_is_told_in_words(chapter):
    with pytest.raises(
        ValueError, match=rf"progress: expected a chapter, one of .*03.*; got {re.escape(repr(chapter))}\."
    ):
        progress(chapter)


# Unknown exercises.


@pytest.mark.parametrize("door", [lambda id: check(id, 1), hint, solution])
@pytest.mark.parametrize(
    ("id", "near"),
    [("3.1", "03.1"), ("03.11", "03.1"), ("04.66", "04.6"), (3.1, "03.1"), (None, next(iter(EXERCISES)))],
)
def test_an_unknown_exercise_is_told_with_one_that_is_near(door, id, near):
    with pytest.raises(ValueError, match=rf"exercises: no exercise is called {id!r}; did you mean .*{near}"):
        door(id)


def test_an_unhashable_name_is_told_in_words():
    with pytest.raises(ValueError, match=r"no exercise is called \['03.1'\]"):
        check(["03.1"], 1)
