"""UnrolledLab: the states by hand, the past that never changes, and the handle on the changed letter."""

import numpy as np
import pytest

from dlcourse.labs import UnrolledLab
from dlcourse.labs.unrolled import LETTERS, SPACE, STEPS, weights
from tests.labs.lab_tools import drag, handles, numbers, run_cell

State, compute = UnrolledLab.State, UnrolledLab.compute


def by_hand(text: str, strength: float) -> np.ndarray:
    """(12, 6) states, letter by letter: W has a column for each letter, so that W x is that column."""
    w, u = weights()
    h, found = np.zeros(6), []
    for letter in text:
        h = np.tanh(w[:, LETTERS.index(letter)] + strength * u @ h)
        found.append(h)
    return np.array(found)


def test_both_readings_are_those_by_hand():
    result = compute(State(text="Dog", place=2, letter="i", strength=1.1))
    assert result.texts == ("dog         ", "dig         ")
    for text, states in zip(result.texts, result.states, strict=True):
        np.testing.assert_allclose(states, by_hand(text, 1.1), rtol=1e-12)


def test_u_keeps_every_length():
    u = weights()[1]
    np.testing.assert_allclose(u @ u.T, np.eye(6), atol=1e-12)


@pytest.mark.parametrize("place", [1, 4, STEPS])
def test_the_past_is_equal_to_the_last_digit_and_the_rest_is_not(place):
    result = compute(State(place=place, letter="q", strength=1.2))
    assert (result.distance[: place - 1] == 0).all()
    assert (result.distance[place - 1 :] > 1e-6).all()
    assert result.changed == STEPS - place + 1


def test_without_u_only_the_changed_step_notices():
    assert compute(State(place=5, letter="q", strength=0.0)).changed == 1


def test_the_same_letter_changes_nothing_and_the_lab_says_so():
    lab = UnrolledLab(text="abc", place=4, letter=SPACE)
    assert lab.result.changed == 0
    assert "no letter has changed, and no state" in lab.status
    assert not lab.goal.reached


def test_the_goal_asks_for_the_right_place_and_a_strong_trace():
    lab = UnrolledLab(place=4, letter="e", strength=1.1)
    assert lab.goal.reached
    lab.set(strength=0.5)
    assert not lab.goal.reached
    lab.set(place=3, letter="c", strength=1.5)
    assert lab.result.distance[-1] >= 0.5
    assert not lab.goal.reached


def test_dragging_the_mark_snaps_to_a_letter():
    lab = UnrolledLab(place=5)
    assert handles(lab)["place"]["x"] == 5
    drag(lab, "place", 8.4, 0.9)
    assert lab.state.place == 8
    assert lab.controls["place"].input.value == 8
    drag(lab, "place", 99, 0)
    assert lab.state.place == STEPS


def test_a_text_with_strange_letters_is_refused_and_the_old_one_stays():
    lab = UnrolledLab(text="abc")
    lab.controls["text"].input.value = "é!"
    assert "text must be a text of 1 to 12 characters" in str(lab.last_error)
    assert lab.state.text == lab.controls["text"].input.value == "abc"
    lab.controls["text"].input.value = "ABBA"
    assert lab.state.text == "abba"


def test_letters_and_numbers_show_the_result():
    lab = UnrolledLab(text="the cat sat", place=5, letter="r")
    assert lab.view.letters.texts == [*"the␣cat␣sat␣", *"the␣", "[r]", *"at␣sat␣"]
    assert lab.view.numbers.texts[:5] == ["0", "0", "0", "0", f"{lab.result.distance[4]:.2f}"]


@pytest.mark.parametrize("engine", ["reference", "torch"])
def test_the_cell_computes_both_readings(engine):
    lab = UnrolledLab(place=4, letter="x", strength=1.3)
    scope, printed = run_cell(lab.as_code(), engine)
    np.testing.assert_allclose(numbers(scope["output"]), lab.result.states, rtol=1e-6, atol=1e-9)
    assert printed.startswith("[0.0, 0.0, 0.0, ")
