"""SameStartLab: four trainings that share their first weights, each the same as alone on either engine."""

import numpy as np
import pytest

import dlcourse.reference as engine
from dlcourse import data
from dlcourse.labs import SameStartLab
from dlcourse.labs.same_start import GRID, KINDS, SameStartState, compute_same_start, first_parameters, race
from tests.labs.lab_tools import numbers, run_cell


@pytest.mark.parametrize(("start", "variance"), [("small", 1 / 36), ("Xavier", 2 / 24), ("He", 2 / 12)])
def test_first_weights_have_the_variance_of_their_start(start, variance):
    weights = np.concatenate([first_parameters([2, 12, 12, 1], start, seed)[2].ravel() for seed in range(30)])
    assert weights.var() == pytest.approx(variance, rel=0.06)
    assert weights.mean() == pytest.approx(0, abs=0.02)


def test_all_four_begin_with_the_same_weights_and_zero_biases():
    first = race(3, "He", "moons", 0.1, 5).at(0).parameters
    for network in first:
        for got, want in zip(network, first_parameters([2, 12, 12, 12, 1], "He", 5), strict=True):
            np.testing.assert_array_equal(got, want)
    assert not first[0][1].any()


def test_the_race_leaves_the_random_numbers_alone():
    engine.manual_seed(4)
    expected = engine.rand(2).numpy()
    engine.manual_seed(4)
    compute_same_start(SameStartState(seed=17, tick=1, layers=1))
    np.testing.assert_array_equal(engine.rand(2).numpy(), expected)


@pytest.mark.parametrize("kind", ["reference", "torch"])
@pytest.mark.parametrize(
    "settings",
    [{"layers": 1, "tick": 6}, {"layers": 4, "start": "He", "data": "moons", "tick": 4}, {"start": "small", "tick": 0}],
)
def test_the_cell_ends_with_the_losses_of_the_lab(settings, kind):
    lab = SameStartLab(**settings)
    scope, _ = run_cell(lab.as_code(), kind)
    np.testing.assert_allclose(numbers(scope["output"]), lab.result.moment.losses, rtol=1e-3)


def test_losses_gradients_and_shares_are_those_of_the_networks_shown():
    result = compute_same_start(SameStartState(layers=2, tick=3))
    x, y = data.toy("circles", 120, 0.05)
    w1, b1, w2, b2, w3, b3 = (p.astype(float) for p in result.moment.parameters[1])  # tanh
    h1 = np.tanh(x @ w1.T + b1)
    h2 = np.tanh(h1 @ w2.T + b2)
    z = (h2 @ w3.T + b3)[:, 0]
    p = 1 / (1 + np.exp(-z))
    assert result.moment.losses[1] == pytest.approx(-np.where(y == 1, np.log(p), np.log(1 - p)).mean(), rel=1e-4)
    assert result.moment.correct[1] == pytest.approx(((z > 0) == y).mean())
    of_last = ((p - y) / 120) @ h2
    assert result.moment.gradients[1, 2] == pytest.approx(np.sqrt((of_last**2).mean()), rel=1e-3)
    corner = np.array([GRID[-1], GRID[0]])
    h = np.tanh(np.tanh(w1 @ corner + b1) @ w2.T + b2)
    assert result.fields[1, 0, -1] == pytest.approx(1 / (1 + np.exp(-(w3 @ h + b3)[0])), rel=1e-4)


def test_scrubbing_back_shows_the_past_without_training_anew():
    lab = SameStartLab(layers=2, tick=5)
    run = race(2, "Xavier", "circles", 0.1, 0)
    losses = lab.result.losses
    lab.set(tick=2)
    assert race(2, "Xavier", "circles", 0.1, 0) is run
    np.testing.assert_array_equal(lab.result.losses, losses[:3])
    np.testing.assert_array_equal(lab.result.first_gradients, run.at(0).gradients)


def test_another_setting_starts_anew():
    lab = SameStartLab(layers=2, tick=5)
    lab.set(start="He")
    assert lab.state.tick == 0
    lab.set(tick=4)
    lab.set(start="He")  # nothing changes
    assert lab.state.tick == 4


def test_in_six_layers_the_sigmoid_stands_still_and_three_learn():
    lab = SameStartLab()
    lab.preset("Six layers: the sigmoid stands still")
    assert lab.result.learned.tolist() == [False, True, True, True]
    assert lab.result.moment.losses[0] == pytest.approx(np.log(2), abs=0.01)
    assert lab.goal.verdict == "3 of 4 have learned the circles: tanh, ReLU, GELU."
    first = lab.result.first_gradients  # how much smaller the gradient is in layer 1 than in layer 6
    assert first[0, 0] / first[0, 5] < 1e-3 < 0.1 < first[1, 0] / first[1, 5]


def test_the_task_can_be_done():
    lab = SameStartLab()
    lab.preset("One hidden layer: all four learn")
    assert lab.goal.reached


def test_the_loss_is_drawn_over_the_updates_made_so_far():
    lab = SameStartLab(layers=2, tick=3)
    for panel, curve in enumerate(lab.view.curves):
        assert curve.get_xdata().tolist() == [0, 5, 10, 15]
        np.testing.assert_allclose(curve.get_ydata(), lab.result.losses[:, panel])


def test_the_bars_are_the_powers_of_ten_of_the_gradients():
    lab = SameStartLab(layers=2, tick=3)
    for panel in range(len(KINDS)):
        heights = [bar.get_height() for bar in lab.view.bars[panel]]
        np.testing.assert_allclose(heights[:3], np.log10(lab.result.moment.gradients[panel]) + 8)
        assert heights[3:] == [0] * 6
        np.testing.assert_allclose(lab.view.starts[panel].get_ydata(), np.log10(lab.result.first_gradients[panel]))
