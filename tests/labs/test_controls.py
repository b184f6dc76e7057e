"""The sliders of a lab: what they tell the browser and what the state hears from it."""

import numpy as np
import pytest

from dlcourse.labs import GatesLab
from dlcourse.labs.controls import NumberSlider
from dlcourse.labs.settings import Number
from tests.labs.lab_tools import LABS

NUMBERS = sorted({(s.low, s.high, s.step) for lab in LABS for s in lab.State.settings().values() if type(s) is Number})


def told(slider) -> float:
    """The value that the browser gets."""
    return slider.get_state("value")["value"]


@pytest.mark.parametrize(("low", "high", "step"), NUMBERS)
def test_the_browser_is_told_the_float_that_it_would_make_of_it(low, high, step):
    """Or it would report a move that nobody made. tests/browser asks a real browser."""
    slider = NumberSlider(low, min=low, max=high, step=step)
    for value in np.arange(low, high + step / 2, step):
        slider.value = round(float(value), 10)
        there = told(slider)
        assert there == pytest.approx(slider.value, abs=1e-9)
        slider.value = there
        assert told(slider) == there


def test_between_two_steps_the_browser_is_told_the_nearer_one_and_the_state_stays():
    lab = GatesLab(w1=0.37)
    assert told(lab.controls["w1"].input) == pytest.approx(0.35)
    assert lab.state.w1 == lab.controls["w1"].input.value == 0.37


def test_all_messages_of_a_lab_go_to_the_thread_that_the_page_chose():
    lab = GatesLab()
    for widget in (lab.live, lab.controls["w1"].input, *lab.widget.children):
        assert widget.comm._reply_subshell_for({"method": "custom"}, "subshell of the page") == "subshell of the page"
