"""ActivationLab: values and slopes of every function by hand and by torch, and what the picture says of them."""

import math

import numpy as np
import pytest
import torch

from dlcourse.labs import ActivationLab, plots
from dlcourse.labs.activation_functions import ACTIVATIONS, value_and_slope
from dlcourse.labs.activations import GRID, ActivationState, compute_activation
from tests.labs.lab_tools import drag, numbers, run_cell

E = math.e
BY_HAND = [  # function, z, f(z), f′(z)
    ("step", 0.5, 1, 0),
    ("step", 0.0, 0, 0),
    ("identity", -2.0, -2, 1),
    ("sigmoid", 0.0, 0.5, 0.25),
    ("sigmoid", math.log(3), 0.75, 0.1875),
    ("tanh", 0.0, 0, 1),
    ("tanh", math.log(2), 0.6, 0.64),
    ("ReLU", 3.0, 3, 1),
    ("ReLU", -3.0, 0, 0),
    ("leaky ReLU", -3.0, -0.03, 0.01),
    ("ELU", -1.0, 1 / E - 1, 1 / E),
    ("ELU", 2.0, 2, 1),
    ("softplus", 0.0, math.log(2), 0.5),
    ("GELU", 0.0, 0, 0.5),
    ("GELU", 1.0, 0.8413447461, 0.8413447461 + 0.2419707245),
    ("SiLU", 0.0, 0, 0.5),
    ("SiLU", math.log(3), 0.75 * math.log(3), 0.75 + 0.1875 * math.log(3)),
]


@pytest.mark.parametrize(("name", "z", "value", "slope"), BY_HAND)
def test_values_and_slopes_worked_out_by_hand(name, z, value, slope):
    got = value_and_slope(name, [z])
    assert got[0][0] == pytest.approx(value, abs=1e-9)
    assert got[1][0] == pytest.approx(slope, abs=1e-9)


def test_every_function_has_a_value_by_hand():
    assert {name for name, *_ in BY_HAND} == set(ACTIVATIONS)


@pytest.mark.parametrize("name", [name for name in ACTIVATIONS if name != "step"])
def test_slopes_are_those_of_torch(name):
    z = torch.linspace(-6, 6, 241, dtype=torch.float64, requires_grad=True)
    output = eval(ACTIVATIONS[name].code, {"engine": torch, "z": z})
    output.sum().backward()
    value, slope = value_and_slope(name, z.detach().numpy())
    np.testing.assert_allclose(value, output.detach().numpy(), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(slope, z.grad.numpy(), rtol=1e-9, atol=1e-12)


def test_float32_stays_float32():
    for array in value_and_slope("GELU", np.zeros((2, 3), np.float32)):
        assert array.dtype == np.float32
        assert array.shape == (2, 3)


def test_ten_sigmoids_at_their_best():
    result = compute_activation(ActivationState(function="sigmoid", z=0.0, layers=10))
    assert result.left == pytest.approx(2.0**-20)
    assert result.steepest == pytest.approx(0.25)


def test_the_point_runs_along_the_curve_and_the_second_curve_comes_and_goes():
    lab = ActivationLab(function="tanh", z=0.5)
    assert lab.view.dots[0].get_data()[1][0] == pytest.approx(math.tanh(0.5))
    assert lab.view.dots[1].get_data()[1][0] == pytest.approx(1 - math.tanh(0.5) ** 2)
    x, y = lab.view.tangent.get_data()
    assert np.diff(y)[0] / np.diff(x)[0] == pytest.approx(1 - math.tanh(0.5) ** 2)
    assert np.isnan(lab.view.others[0].get_ydata()).all()
    lab.set(compare="ReLU")
    np.testing.assert_allclose(lab.view.others[0].get_ydata(), np.maximum(GRID, 0))


def test_a_value_beyond_the_picture_is_an_arrow_at_its_upper_edge():
    lab = ActivationLab(function="ReLU", z=6.0)
    assert (lab.view.dots[0].get_marker(), lab.view.dots[0].get_ydata()[0]) == ("^", 3.4)
    assert lab.view.dots[1].get_marker() == "s"
    lab.set(z=1.0)
    assert (lab.view.dots[0].get_marker(), lab.view.dots[0].get_ydata()[0]) == ("o", 1.0)


def test_one_layer_shows_no_product():
    lab = ActivationLab(layers=1)
    assert np.isnan(lab.view.through.get_ydata()).all()
    lab.set(layers=3)
    np.testing.assert_allclose(lab.view.through.get_ydata(), lab.result.slopes**3)
    assert "3 layers" in lab.status


def test_formulas_and_numbers_stand_under_the_curves():
    texts = ActivationLab(function="tanh", z=0.0, layers=2, compare="ReLU").view.words.texts
    assert texts[:3] == ["■ f′, one layer", "◆ f′ through 2 layers", "- - ReLU"]
    assert texts[3:] == ["f(z) = (eᶻ − e⁻ᶻ) / (eᶻ + e⁻ᶻ)", "f(0.00) = 0.0000", "f′(z) = 1 − f²",
                         "f′(0.00) = 1.0000     f′ · … · f′, 2 times = 1"]  # fmt: skip


def test_dragging_moves_z_and_the_task_is_done_at_the_steepest_place():
    lab = ActivationLab(function="sigmoid")
    assert not lab.goal.reached
    drag(lab, "z", 0.02, 0.5)
    assert lab.state.z == 0.0
    assert lab.goal.reached
    assert lab.goal.verdict == "Slope 0.25 of at most 0.25."


def test_the_step_has_nothing_to_find_and_a_gap_at_its_jump():
    lab = ActivationLab(function="step")
    assert not lab.goal.reached
    assert "nothing to find" in lab.goal.verdict
    assert np.isnan(lab.view.curves[0].get_ydata()).sum() == 1


@pytest.mark.parametrize(("name", "falls"), [("GELU", True), ("SiLU", True), ("ELU", False), ("tanh", False)])
def test_the_words_say_which_functions_are_not_monotonic(name, falls):
    assert ("not monotonic" in ActivationLab(function=name).status) == falls


@pytest.mark.parametrize("engine", ["reference", "torch"])
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_cell_computes_value_slope_and_product(name, engine):
    lab = ActivationLab(function=name, z=0.7, layers=4)
    scope, _ = run_cell(lab.as_code(), engine)
    expected = [lab.result.value, lab.result.slope, lab.result.slope**4]
    np.testing.assert_allclose(numbers(scope["output"]), expected, rtol=1e-5)


def test_the_gallery_shows_all_of_them():
    picture = plots.activation_gallery()
    assert [axes.get_title("left") for axes in picture.figure.axes] == list(ACTIVATIONS)
    assert all(name in picture.alt for name in ACTIVATIONS)
