"""GhostFitsLab: bias and variance by numbers worked out by hand, by scikit-learn's ridge and by new points."""

import numpy as np
import pytest
from sklearn.linear_model import Ridge

from dlcourse import data
from dlcourse.labs import GhostFitsLab
from dlcourse.labs.ghost_fits import (
    FITS,
    GRID,
    TRUTH,
    GhostFitsState,
    bias2_and_variance,
    compute_ghosts,
    fits,
    samples,
)
from dlcourse.labs.polynomials import features
from tests.labs.lab_tools import drag, handles, numbers, run_cell


def test_bias_and_variance_by_hand():
    # at two places the fits say (1, 3) and (4, 4), the truth is 3 and 4: means 2 and 4
    curves = np.array([[1.0, 4.0], [3.0, 4.0]])
    assert bias2_and_variance(curves, np.array([3.0, 4.0])) == pytest.approx((0.5, 0.5))


@pytest.mark.parametrize("degree", [1, 5, 12])
def test_the_two_add_up_to_the_distance_from_the_truth(degree):
    result = compute_ghosts(GhostFitsState(degree=degree))
    distance = ((result.curves - TRUTH) ** 2).mean()
    assert result.bias2[degree - 1] + result.variance[degree - 1] == pytest.approx(distance)


@pytest.mark.parametrize(("degree", "log_penalty"), [(3, -2.0), (9, -3.5), (12, 0.0)])
def test_the_fits_are_scikit_learns(degree, log_penalty):
    x, y = samples(20, 0.3)
    for run in (0, 7, 19):
        phi = features(x[run], degree)
        theirs = Ridge(alpha=20 * 10**log_penalty, fit_intercept=False, solver="svd").fit(phi, y[run])
        assert fits(20, 0.3, log_penalty)[degree - 1][run] == pytest.approx(theirs.coef_, rel=1e-6, abs=1e-8)


def test_twenty_samples_of_the_curve():
    x, y = samples(20, 0.3)
    assert x.shape == y.shape == (FITS, 20)
    assert len({tuple(row) for row in x}) == FITS
    assert np.std(y - data.curve_truth(x)) == pytest.approx(0.3, rel=0.1)


def test_the_sum_is_the_error_on_new_points():
    result = compute_ghosts(GhostFitsState(degree=5))
    new = data.curve(20_000, 0.3, seed=999)
    x, y = (np.asarray(part, float)[:, 0] for part in new)
    measured = ((fits(20, 0.3, -3.5)[4] @ features(x, 5).T - y) ** 2).mean()
    assert measured == pytest.approx(result.bias2[4] + result.variance[4] + 0.09, rel=0.06)


def test_stiff_fits_have_bias_and_free_ones_variance():
    result = compute_ghosts(GhostFitsState())
    assert result.bias2[0] > 4 * result.variance[0]
    assert result.variance[8] > 4 * result.bias2[8]
    more = compute_ghosts(GhostFitsState(points=100))
    assert more.variance[8] < result.variance[8] / 5
    assert more.bias2[0] == pytest.approx(result.bias2[0], rel=0.05)  # more data do not take the bias away


def test_at_one_place():
    lab = GhostFitsLab(degree=3, x=-0.7)
    result = lab.result
    index = int(np.abs(GRID + 0.7).argmin())
    assert GRID[index] == pytest.approx(-0.7)
    assert result.at_x == pytest.approx(result.curves[:, index])
    assert result.truth_at_x == pytest.approx(np.sin(-2.1) - 0.35 * np.cos(-6.3))
    bias, spread = result.at_x.mean() - result.truth_at_x, result.at_x.std()
    shown = lab.view.words.texts
    assert f"{bias**2:.3f} and {spread**2:.3f}" in shown[2]
    assert shown[0].endswith(f"= {result.bias2[2] + result.variance[2] + 0.09:.3f}")


def test_the_shown_sample_and_its_fit():
    lab = GhostFitsLab(sample=4)
    x, y = samples(20, 0.3)
    assert np.array(lab.view.dots.get_data()) == pytest.approx(np.array([x[4], y[4]]))
    assert lab.view.fit.get_ydata() == pytest.approx(np.clip(lab.result.curves[4], -9, 9))
    assert lab.view.mean.get_ydata() == pytest.approx(np.clip(lab.result.curves.mean(axis=0), -9, 9))


def test_a_penalty_solves_the_task_with_a_high_degree_only():
    assert GhostFitsLab(degree=9, log_penalty=-1.75).goal.reached
    assert not GhostFitsLab(degree=9).goal.reached
    for easier in ({"degree": 3}, {"degree": 9, "points": 100}, {"degree": 9, "points": 30, "noise": 0.0}):
        goal = GhostFitsLab(**easier).goal
        assert not goal.reached
        assert "than allowed" in goal.verdict


def test_both_lines_are_dragged():
    lab = GhostFitsLab()
    drag(lab, "x", -0.333, 2.0)
    assert lab.state.x == -0.33
    assert handles(lab)["x"]["text"].startswith("x −0.33, mean")
    drag(lab, "degree", 3.4, 0.0)
    assert lab.state.degree == 3
    assert handles(lab)["degree"]["text"] == "degree 3"
    drag(lab, "degree", 99, 0.0)
    assert lab.state.degree == 12


@pytest.mark.parametrize("engine", ["reference", "torch"])
def test_the_cell_finds_the_same_bias_and_variance(engine):
    lab = GhostFitsLab()
    for name in GhostFitsLab.presets:
        lab.preset(name)
        scope, _ = run_cell(lab.as_code(), engine)
        degree = lab.state.degree - 1
        expected = [lab.result.bias2[degree], lab.result.variance[degree]]
        assert numbers(scope["output"]) == pytest.approx(expected, rel=1e-4)
