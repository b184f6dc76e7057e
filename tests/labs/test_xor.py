"""XorLab: two planes, one hidden layer, and when a line can do it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from dlcourse.labs import XorLab
from dlcourse.labs.xor import ACTIVATIONS, XorState, compute_xor, hidden_layer, line_separates
from tests.labs.lab_tools import buttons, drag, handles, numbers, run_cell, shown, words

EXACT = "Exact with ReLU: h₁ − 2h₂"
SQUARE = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])


def preset(name):
    return XorState().changed(**XorLab.presets[name])


def test_the_exact_solution_row_by_row():
    result = compute_xor(preset(EXACT))
    assert result.hidden.tolist() == [[0, 0], [1, 0], [1, 0], [2, 1]]  # ReLU(x₁ + x₂), ReLU(x₁ + x₂ − 1)
    assert result.z.tolist() == [-0.5, 0.5, 0.5, -0.5]  # h₁ − 2h₂ − 0.5
    assert result.output.tolist() == [0, 1, 1, 0]
    assert result.separable


def test_nand_and_or_then_and():
    result = compute_xor(preset("NAND and OR, then AND"))
    assert result.hidden.tolist() == [[1, 0], [1, 1], [1, 1], [0, 1]]
    assert result.z.tolist() == pytest.approx([-0.2, 0.3, 0.3, -0.2])
    assert result.correct.all()


@pytest.mark.parametrize(
    ("activation", "values"),
    [
        ("step", [0, 0, 1, 0]),
        ("ReLU", [0, 0, 1, 0]),
        ("sigmoid", [0.5, 1 / (1 + np.e), 1 / (1 + np.exp(-1)), 0.5]),
        ("tanh", [0, -np.tanh(1), np.tanh(1), 0]),
        ("identity", [0, -1, 1, 0]),
    ],
)
def test_each_activation_by_hand(activation, values):
    state = XorState(activation=activation, w11=1.0, w12=-1.0, b1=0.0)
    assert hidden_layer(state, SQUARE)[:, 0] == pytest.approx(values, abs=1e-12)


def test_a_tie_of_the_step_does_not_fire_in_spite_of_rounding():
    result = compute_xor(XorState(w11=0.1, w12=0.2, b1=-0.3))  # 0.1 + 0.2 − 0.3 is 5.6e-17 in floats
    assert result.hidden[3, 0] == 0


# -- separable or not -----------------------------------------------------------------------------------------------


def by_linear_programme(points, target) -> bool:
    """Whether some (w, b) has sign·(w·x + b) ≥ 1 for all rows."""
    sign = 2 * target - 1
    rows = -sign[:, None] * np.column_stack([points, np.ones(len(points))])
    return linprog(np.zeros(3), A_ub=rows, b_ub=-np.ones(len(points)), bounds=[(None, None)] * 3).status == 0


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=4, max_size=4))
def test_separable_is_what_a_linear_programme_finds(points):
    points, target = np.array(points, float), np.array([0, 1, 1, 0])
    assert line_separates(points, target) == by_linear_programme(points, target)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.floats(-3, 3).map(lambda v: round(v, 2)), min_size=8, max_size=8))
def test_separable_is_what_a_linear_programme_finds_between_the_grid(values):
    points, target = np.array(values).reshape(4, 2), np.array([0, 1, 1, 0])
    assert line_separates(points, target) == by_linear_programme(points, target)


def test_collapsed_points_of_one_class_can_be_separated_and_of_two_cannot():
    target = np.array([0, 1, 1, 0])
    assert line_separates(np.array([[0, 0], [1, 0], [1, 0], [2, 1.0]]), target)
    assert not line_separates(np.array([[0, 0], [0, 0], [1, 0], [2, 1.0]]), target)
    assert not line_separates(np.zeros((4, 2)), target)


@given(st.lists(st.integers(-80, 80).map(lambda n: n / 10), min_size=9, max_size=9))
@settings(max_examples=100, deadline=None)
def test_with_the_identity_it_stays_impossible(values):
    keys = ("w11", "w12", "b1", "w21", "w22", "b2", "v1", "v2", "c")
    result = compute_xor(XorState(activation="identity", **dict(zip(keys, values, strict=True))))
    assert not result.separable
    assert result.correct.sum() <= 3


# -- what is seen ---------------------------------------------------------------------------------------------------


def test_the_sentence_tells_where_the_points_go_and_whether_a_line_is_left():
    lab = XorLab()
    lab.preset(EXACT)
    assert lab.status == (
        "The hidden layer takes (0, 0) to (0.0, 0.0), (0, 1) to (1.0, 0.0), (1, 0) to (1.0, 0.0), "
        "(1, 1) to (2.0, 1.0); a line can separate them there."
    )
    lab.set(activation="identity")
    assert lab.status.endswith("; no line can separate them there.")
    assert lab.goal.verdict.endswith(" With the identity it is impossible.")
    assert not lab.goal.reached


@pytest.mark.parametrize(
    ("name", "correct"),
    [
        ("NAND and OR, then AND", 4),
        (EXACT, 4),
        ("Identity: a line stays a line", 3),
        ("Watch (0, 1) and (1, 0) fall together", 4),
        ("Smooth with tanh", 4),
    ],
)
def test_each_preset_shows_what_its_name_says(name, correct):
    lab = XorLab()
    lab.preset(name)
    assert lab.goal.verdict.startswith(f"XOR: {correct} of 4 correct.")
    assert lab.goal.reached == (correct == 4)
    assert len(XorLab.presets) == 5


def test_the_start_is_unsolved_and_the_button_solves_it():
    lab = XorLab()
    assert not lab.goal.reached
    buttons(lab.widget)["Show an exact solution"].click()
    assert lab.goal.reached
    assert lab.state == preset(EXACT)


def test_blend_slides_the_points_from_the_inputs_to_the_hidden_plane():
    lab = XorLab()
    lab.preset(EXACT)
    places = {}
    for blend in (0.0, 0.5, 1.0):
        lab.set(blend=blend)
        ones = lab.view.points[1].artists[1].get_offsets()
        places[blend] = np.asarray(ones).tolist()
    assert places == {0.0: [[0, 1], [1, 0]], 0.5: [[0.5, 0.5], [1, 0]], 1.0: [[1, 0], [1, 0]]}


def test_points_that_fall_together_share_one_label():
    lab = XorLab()
    lab.preset(EXACT)
    assert lab.view.labels.texts == ["(0, 0)", "(0, 1) = (1, 0)", "(1, 1)"]
    lab.set(blend=0.0)
    assert lab.view.labels.texts == ["(0, 0)", "(0, 1)", "(1, 0)", "(1, 1)"]


def test_the_plane_on_the_right_names_its_axes_as_it_changes():
    lab = XorLab()
    seen = []
    for blend in (0.0, 0.5, 1.0):
        lab.set(blend=blend)
        seen.append((*words(lab.view.axis_names), lab.view.title.get_text()))
    assert seen == [
        ("x₁", "x₂", "On the way: 0%"),
        ("x₁ → h₁", "x₂ → h₂", "On the way: 50%"),
        ("h₁", "h₂", "Where the hidden layer puts them"),
    ]


@pytest.mark.pixels
def test_the_left_plane_is_orange_between_the_two_hidden_lines():
    lab = XorLab()
    lab.preset("NAND and OR, then AND")

    def colour(x1, x2):
        column, row = round(40 + 350 * (x1 + 0.8) / 3), round(30 + 350 * (2.2 - x2) / 3)
        red, _, blue = np.median(shown(lab)[row - 2 : row + 3, column - 2 : column + 3].reshape(-1, 3), axis=0)
        return "orange" if red > blue else "blue"

    assert [colour(*x) for x in ((-0.5, -0.3), (0.75, 0.25), (0.2, 0.8), (1.6, 1.6))] == [
        "blue",
        "orange",
        "orange",
        "blue",
    ]


# -- handles --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "keys"), [("h₁", ("w11", "w12", "b1")), ("h₂", ("w21", "w22", "b2")), ("y", ("v1", "v2", "c"))]
)
def test_a_line_goes_through_the_place_it_is_dragged_to(name, keys):
    lab = XorLab()
    before = [getattr(lab.state, key) for key in keys]
    drag(lab, f"{name} line", 0.5, 0.8)
    w1, w2, b = (getattr(lab.state, key) for key in keys)
    assert [w1, w2] == before[:2]
    assert w1 * 0.5 + w2 * 0.8 + b == pytest.approx(0, abs=0.051)  # the slider's step is 0.1
    spec = handles(lab)[f"{name} line"]
    assert w1 * spec["x"] + w2 * spec["y"] + b == pytest.approx(0)


@pytest.mark.parametrize(("name", "keys"), [("h₁", ("w11", "w12", "b1")), ("h₂", ("w21", "w22", "b2"))])
def test_an_arrow_turns_its_line_about_its_tail(name, keys):
    lab = XorLab(**dict.fromkeys(("w11", "w12", "w21", "w22"), 3.0), b1=-3.0, b2=-3.0)
    tail = handles(lab)[f"{name} tip"]["tail"]
    assert tail == pytest.approx([0.5, 0.5])
    drag(lab, f"{name} tip", 0.5, 2.0)
    w1, w2, b = (getattr(lab.state, key) for key in keys)
    assert (w1, w2) == pytest.approx((0, 18**0.5), abs=0.05)  # upwards, as long as before
    assert w2 * 0.5 + b == pytest.approx(0, abs=0.1)
    assert handles(lab)[f"{name} tip"]["text"] == "direction 90 degrees"


def test_a_unit_without_weights_has_no_line_but_an_arrow_to_take_hold_of():
    lab = XorLab(w11=0.0, w12=0.0)
    assert "h₁ line" not in handles(lab)
    drag(lab, "h₁ tip", 0.9, 0.5)
    assert (lab.state.w11, lab.state.w12) == (0.5, 0.0)
    assert "h₁ line" in handles(lab)


# -- as code --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ["reference", "torch"])
def test_the_cell_computes_both_layers(engine):
    lab = XorLab()
    own = {"w12": 0.7, "b1": -0.4, "v2": -1.6, "c": 0.3}
    for changes in (*({"activation": name, **own} for name in ACTIVATIONS), *XorLab.presets.values()):
        lab.set(**vars(XorState()) | changes)
        scope, printed = run_cell(lab.as_code(), engine)
        assert numbers(scope["h"]) == pytest.approx(lab.result.hidden, abs=1e-6)
        assert numbers(scope["output"]) == pytest.approx(lab.result.z, abs=1e-5)
        assert printed == "tensor([" + ", ".join(f"{n}." for n in lab.result.output) + "])\n"
