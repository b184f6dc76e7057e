"""The quizzes, by setting their widgets' values as a learner's keys and clicks do."""

import errno
import html
import json
import re
import warnings

import pytest

from dlcourse.exercises import progress, quiz, store
from dlcourse.exercises.core import Question
from dlcourse.exercises.desk import CHAPTERS
from dlcourse.exercises.quiz import Quiz, shuffled, without_verdict

CHOICES = [
    (chapter, question, option)
    for chapter, module in CHAPTERS.items()
    for question, asked in enumerate(module.QUESTIONS)
    for option in range(len(asked.options))
]


@pytest.fixture(autouse=True)
def own_progress(tmp_path, monkeypatch):
    monkeypatch.setenv("DLCOURSE_DATA_DIR", str(tmp_path))


def buttons(shown: Quiz) -> list:
    return [child for child in shown.widget.children if type(child).__name__ == "Button"]


def choose(shown: Quiz, question: int, option: int) -> str:
    """Choose an option of the bank by its radio button, press the button, and read the feedback as text."""
    shown.choices[question].index = shown.orders[question].index(option % len(shown.orders[question]))
    buttons(shown)[question].click()
    return html.unescape(re.sub("<[^>]+>", "", shown.feedback[question].value))


def solve(shown: Quiz) -> list[str]:
    return [choose(shown, number, question.right) for number, question in enumerate(shown.questions)]


@pytest.mark.parametrize(("chapter", "question", "option"), CHOICES)
def test_every_choice_gets_its_own_feedback(chapter, question, option):
    shown = quiz(chapter)
    asked = shown.questions[question]
    said = choose(shown, question, option)
    mark = "✓ Right. " if option == asked.right else "✗ Not quite. "
    assert said == mark + without_verdict(asked.feedback[option])
    assert [f.value for n, f in enumerate(shown.feedback) if n != question] == [""] * (len(shown.questions) - 1)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_nothing_is_chosen_at_first_and_the_button_says_so(chapter):
    shown = quiz(chapter)
    for number, choice in enumerate(shown.choices):
        assert choice.index is None
        buttons(shown)[number].click()
        assert "Choose one of the answers first." in shown.feedback[number].value
    assert not any(shown.right)


def test_choosing_alone_answers_nothing():
    shown = quiz("03")
    shown.choices[0].index = shown.questions[0].right
    assert shown.feedback[0].value == ""
    assert not any(shown.right)


def test_a_changed_mind_counts():
    shown = quiz("03")
    right = shown.questions[0].right
    assert choose(shown, 0, right).startswith("✓")
    assert choose(shown, 0, right - 1).startswith("✗")
    assert shown.right[0] is False
    assert choose(shown, 0, right).startswith("✓")


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_all_right_is_kept_as_progress_and_less_is_not(chapter):
    shown = quiz(chapter)
    for number, question in list(enumerate(shown.questions))[:-1]:
        choose(shown, number, question.right)
    assert store.read() == {}
    choose(shown, len(shown.questions) - 1, shown.questions[-1].right)
    assert store.read() == {f"{chapter}.quiz": {"solved": True}}
    line = next(line for line in repr(progress()).splitlines() if line.startswith(f"Chapter {chapter}"))
    assert line.endswith("quiz✓")


@pytest.mark.filterwarnings("ignore:Your progress")
def test_progress_that_cannot_be_saved_is_said_in_the_quiz(monkeypatch):
    def full(*names):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(store.os, "replace", full)
    said = solve(quiz("03"))
    assert "could not be saved" not in "".join(said[:-1])
    assert re.search(r"✓ Right\. .* could not be saved in .*No space left on device", said[-1])


@pytest.mark.filterwarnings("ignore:Your progress")
def test_damaged_progress_is_said_in_the_quiz(tmp_path):
    (tmp_path / "progress.json").write_text("{")
    assert "It was kept as progress.damaged-1.json" in solve(quiz("03"))[-1]


def test_an_error_in_a_callback_is_raised_where_the_button_is_pressed():
    broken = Question("Two feedbacks for three options?", ("a", "b", "c"), 0, ("x", "y"))
    shown = Quiz("03", (broken,))
    shown.choices[0].index = shown.orders[0].index(2)
    with pytest.raises(IndexError):
        shown.answer(0)


# What a page shows.


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_the_static_text_is_the_same_each_time_and_does_not_give_the_answers_away(chapter):
    first, second = quiz(chapter), quiz(chapter)
    solve(second)
    assert repr(first) == repr(second)
    data = first._repr_mimebundle_()
    assert data["text/plain"] == repr(first)
    for question in first.questions:
        assert question.text in repr(first)
        assert all(option in repr(first) for option in question.options)
        assert not any(feedback in repr(first) for feedback in question.feedback)


def test_the_widget_view_is_the_quiz():
    shown = quiz("03")
    bundle = shown._repr_mimebundle_()
    assert bundle["application/vnd.jupyter.widget-view+json"]["model_id"] == shown.widget.model_id
    json.dumps(bundle)


def test_letters_count_the_options():
    text = repr(Quiz("03", (Question("Which?", ("one", "two"), 0, ("yes", "no")),)))
    assert text == "Quiz of chapter 03\n1. Which?\n   (a) one\n   (b) two"


def test_every_control_can_be_reached_and_told_apart_by_keyboard_and_reader():
    shown = quiz("03")
    kinds = [type(child).__name__ for child in shown.widget.children]
    assert kinds == ["HTML", "RadioButtons", "Button", "HTML"] * len(shown.questions)
    assert len({button.tooltip for button in buttons(shown)}) == len(shown.questions)
    choose(shown, 0, 0)
    assert 'role="status"' in shown.feedback[0].value


def test_signs_of_html_in_a_question_are_text():
    shown = Quiz("03", (Question("Is 1 < 2 & <b>?", ("yes", "no"), 0, ("1 < 2", "no & no")),))
    assert "Is 1 &lt; 2 &amp; &lt;b&gt;?" in shown.widget.children[0].value
    assert choose(shown, 0, 0) == "✓ Right. 1 < 2"
    assert "1 &lt; 2" in shown.feedback[0].value


@pytest.mark.parametrize("chapter", ["99", "", 3, None, [0]])
def test_an_unknown_chapter_is_told_in_words(chapter):
    with pytest.raises(
        ValueError, match=rf"quiz: expected a chapter, one of .*03, 04.*; got {re.escape(repr(chapter))}\."
    ):
        quiz(chapter)


def test_a_quiz_gives_no_warnings():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        solve(quiz("04"))


# The right option is found by thinking only.

ASKED = [(chapter, n, q) for chapter, module in CHAPTERS.items() for n, q in enumerate(module.QUESTIONS, 1)]


def test_the_right_option_has_no_favourite_place():
    places = [quiz(chapter).orders[n - 1].index(q.right) for chapter, n, q in ASKED]
    assert max(places.count(place) for place in range(4)) <= 0.4 * len(ASKED)


def test_the_right_option_has_no_favourite_length():
    longest = sum(
        len(q.options[q.right]) > max(len(option) for n, option in enumerate(q.options) if n != q.right)
        for _, _, q in ASKED
    )
    assert longest <= 0.4 * len(ASKED)


def test_options_are_mixed_and_every_question_in_its_own_way():
    assert shuffled("03 1", 4) == shuffled("03 1", 4) == [1, 3, 2, 0]
    assert all(sorted(order) == list(range(len(order))) for chapter in CHAPTERS for order in quiz(chapter).orders)
    assert len({tuple(shuffled(f"03 {n}", 3)) for n in range(30)}) == 6


def test_the_radio_buttons_stand_in_the_order_of_the_page():
    shown = quiz("03")
    letters = re.findall(r"^   \([a-f]\) (.+)$", repr(shown), flags=re.MULTILINE)
    assert letters == [option for choice in shown.choices for option in choice.options]


@pytest.mark.parametrize(
    ("feedback", "shown"),
    [
        ("Right: the mean.", "The mean."),
        ("Yes. It is.", "It is."),
        ("Right. In the notebook …", "In the notebook …"),
        ("Right angles stay.", "Right angles stay."),
        ("x₁ is 0.", "x₁ is 0."),
        ("No sample is used.", "No sample is used."),
        ("", ""),
    ],
)
def test_the_verdict_is_not_said_twice(feedback, shown):
    assert without_verdict(feedback) == shown


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_feedback_does_not_begin_with_the_verdict(chapter):
    twice = {n for c, n, q in ASKED if c == chapter and any(without_verdict(f) != f for f in q.feedback)}
    assert twice == set()
