"""StabilityLab: the rates that the roots predict are those that a run shows."""

import numpy as np
import pytest
import torch

import dlcourse.reference as reference
from dlcourse.labs import StabilityLab
from dlcourse.labs.stability import BAND, HEAVY, NESTEROV, STEPS, WIDEST, best_point, measured_rate, plane, rho, widest
from tests.labs.lab_tools import drag, handles, numbers, run_cell

State, compute = StabilityLab.State, StabilityLab.compute
METHODS = [HEAVY, NESTEROV]


def test_without_momentum_the_factor_is_one_minus_rate_times_curvature():
    for rate, curvature in ((0.5, 1.0), (1.5, 1.0), (2.5, 1.0), (0.5, 0.04)):
        for method in METHODS:
            assert rho(rate, 0.0, curvature, method) == pytest.approx(abs(1 - rate * curvature))


def test_some_roots_by_hand():
    assert rho(1.0, 0.25, 1.0) == pytest.approx(0.5)  # z² − 0.25 z + 0.25: complex, |z| = √β
    assert rho(0.25, 0.25, 1.0) == pytest.approx(0.5)  # z² − z + 0.25 = (z − 0.5)²
    assert rho(3.8, 0.9, 1.0) == pytest.approx(1.0)  # z = −1 on the edge αλ = 2 + 2β
    assert rho(0.5, 0.5, 1.0, NESTEROV) == pytest.approx(0.5)  # z² − 0.75 z + 0.25: |z|² = 0.5·0.5
    assert rho(np.array([1.0, 3.8]), np.array([0.25, 0.9]), 1.0) == pytest.approx([0.5, 1.0])


@pytest.mark.parametrize("method", METHODS)
def test_beyond_the_edge_it_diverges_and_before_it_converges(method):
    for beta in (0.0, 0.3, 0.9):
        assert rho(widest(beta, method) * 0.999, beta, 1.0, method) < 1
        assert rho(widest(beta, method) * 1.001, beta, 1.0, method) > 1
    assert widest(0.5) == 3
    assert widest(0.5, NESTEROV) == 1.5


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("condition", [4, 25, 100])
def test_no_point_of_the_plane_is_better_than_the_best(condition, method):
    alpha, beta = best_point(condition, method)
    best = max(rho(alpha, beta, c, method) for c in (1 / condition, 1.0))
    root = np.sqrt(condition) if method == HEAVY else np.sqrt(3 * condition + 1) / 2
    assert best == pytest.approx((root - 1) / (root + 1) if method == HEAVY else 1 - 1 / root)
    rates, betas = np.meshgrid(np.linspace(0, WIDEST, 301), np.linspace(0, 0.99, 199))
    everywhere = np.maximum(rho(rates, betas, 1.0, method), rho(rates, betas, 1 / condition, method))
    assert best - 1e-6 <= everywhere.min() < best + 0.05
    assert plane(condition, method).shape == (300, 330)
    assert plane(condition, method).min() >= best - 1e-6


@pytest.mark.parametrize("method", METHODS)
def test_what_is_measured_is_what_is_predicted(method):
    rng = np.random.default_rng(4)
    for _ in range(40):
        rate, beta = rng.uniform(0.05, WIDEST), rng.uniform(0, 0.99)
        state = State(rate=round(rate, 2), beta=round(beta, 2), method=method, condition=int(rng.choice([1, 4, 25])))
        result = compute(state)
        assert result.measured == pytest.approx(result.predicted, abs=0.02)


def test_a_measured_factor_by_hand():
    halves = np.outer(0.5 ** np.arange(60.0), [1.0, -1.0])
    assert measured_rate(halves) == pytest.approx(0.5)
    assert measured_rate(np.array([[1.0, 1.0], [0.0, 0.0], [0.0, 0.0], [0.0, 0.0], [0.0, 0.0]])) == 0
    assert measured_rate(np.outer(3.0 ** np.arange(60.0), [1.0, 0.5])) == pytest.approx(3)


@pytest.mark.parametrize("engine", [reference, torch], ids=lambda engine: engine.__name__)
@pytest.mark.parametrize(("method", "beta"), [(HEAVY, 0.0), (HEAVY, 0.6), (NESTEROV, 0.6)])
def test_the_path_is_that_of_sgd(method, beta, engine):
    path = compute(State(method=method, beta=beta, rate=0.9, condition=10)).path
    w = engine.tensor([1.0, 1.0], dtype=engine.float64, requires_grad=True)
    optimizer = engine.optim.SGD([w], lr=0.9, momentum=beta, nesterov=method == NESTEROV)
    for t in range(STEPS):
        np.testing.assert_allclose(path[t], numbers(w), rtol=1e-9, atol=1e-300)
        optimizer.zero_grad()
        ((w[0] ** 2 / 10 + w[1] ** 2) / 2).backward()
        optimizer.step()


def test_the_goal_is_reached_at_the_best_point_only():
    lab = StabilityLab()
    assert not lab.goal.reached
    alpha, beta = best_point(25)
    drag(lab, "point", alpha, beta + 0.01)  # a little more momentum is the safe side
    assert lab.goal.reached
    drag(lab, "point", 1.92, 0.0)
    assert not lab.goal.reached
    assert lab.result.predicted == pytest.approx(24 / 26, abs=0.005) == lab.result.plain


def test_dragging_the_point_moves_both_sliders_and_its_words():
    lab = StabilityLab()
    drag(lab, "point", 2.511, 0.377)
    assert (lab.state.rate, lab.state.beta) == (2.52, 0.38)
    assert lab.controls["beta"].input.value == 0.38
    assert handles(lab)["point"]["text"] == "rate 2.52, momentum 0.38"
    drag(lab, "point", -5, 5)
    assert (lab.state.rate, lab.state.beta) == (0.0, 0.99)


def test_words_and_numbers_say_the_same():
    lab = StabilityLab(rate=2.04)
    assert "it does not converge" in lab.status
    lab.set(beta=0.4)
    assert "it converges" in lab.status
    measured, predicted, best, plain = lab.view.numbers.texts
    assert measured == f"{lab.result.measured:.3f} a step"
    assert predicted == f"{lab.result.predicted:.3f} a step"
    assert (best, plain) == ("0.667 a step", "0.923 a step")
    assert f"Predicted factor {predicted.split()[0]} a step" in lab.status
    lab.set(method=NESTEROV)
    assert "stable below 1.56" in lab.status


@pytest.mark.parametrize("engine", ["reference", "torch"])
@pytest.mark.parametrize("preset", list(StabilityLab.presets))
def test_the_cell_ends_where_the_lab_does(preset, engine):
    lab = StabilityLab()
    lab.preset(preset)
    scope, printed = run_cell(lab.as_code(), engine)
    np.testing.assert_allclose(numbers(scope["output"]), lab.result.path[lab.state.step], rtol=1e-9, atol=1e-12)
    assert printed.startswith("distance from the minimum")


def test_the_colours_are_bands_of_the_predicted_factor_and_the_edge_parts_them():
    lab = StabilityLab(condition=25)
    values = plane(25, HEAVY)
    colours = lab.view.field._rgb.astype(int)
    for row, column in ((0, 75), (130, 210), (290, 20)):  # one colour each for factors within a band
        same = np.floor(values / BAND + 1e-6) == np.floor(values[row, column] / BAND + 1e-6)
        assert len({tuple(colour) for colour in colours[same]}) == 1
    red, blue = colours[..., 0], colours[..., 2]
    assert (blue >= red)[values < 1].all()
    assert (blue < red)[values > 1.001].all()
    assert red[values < 0.7].max() < red[(values > 0.95) & (values < 1)].min()  # the faster, the bluer
