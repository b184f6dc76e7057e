"""RobustFitLab: three lines through eleven points, by values worked out by hand and by brute force."""

import numpy as np
import pytest
from scipy.optimize import linprog, minimize

from dlcourse.labs import RobustFitLab
from dlcourse.labs.line_fits import ABSOLUTE, HUBER, SQUARED, absolute_line, huber_line, pull, squared_line
from dlcourse.labs.robust_fit import TEN_X, TEN_Y, RobustFitState, compute_fits
from tests.labs.lab_tools import drag, handles, numbers, run_cell

X, Y = np.array([0.0, 1, 2, 3, 4]), np.array([1.0, 3, 5, 7, 20])  # y = 2x + 1, but for the last, which is 11 too high


# -- by hand --------------------------------------------------------------------------------------------------------


def test_least_squares_by_hand():
    # means 2 and 7.2; Σ(x − 2)(y − 7.2) = 42, Σ(x − 2)² = 10
    assert squared_line(X, Y) == pytest.approx((4.2, -1.2))
    assert squared_line(X, Y, np.array([1.0, 1, 1, 1, 0])) == pytest.approx((2, 1))  # a point of no weight


def test_the_absolute_line_goes_through_the_other_four():
    assert absolute_line(X, Y) == pytest.approx((2, 1))
    assert absolute_line(X, np.array([1.0, 3, 5, 7, 1e6])) == pytest.approx((2, 1))  # however far it is


def test_a_large_delta_is_least_squares_and_a_small_one_the_absolute_line():
    assert huber_line(X, Y, 100) == pytest.approx(squared_line(X, Y))
    assert huber_line(X, Y, 0.001) == pytest.approx(absolute_line(X, Y), abs=0.01)


def test_two_points_at_the_same_x_make_no_steep_line():
    x, y = np.array([0.0, 1, 1, 2]), np.array([0.0, 1, 5, 2])
    assert absolute_line(x, y) == pytest.approx((1, 0))


@pytest.mark.parametrize(
    ("loss", "pulls"), [(SQUARED, [-8, 0, 1, 6]), (ABSOLUTE, [-1, 0, 1, 1]), (HUBER, [-2, 0, 0.5, 2])]
)
def test_how_hard_a_point_pulls(loss, pulls):
    assert pull(loss, [-4, 0, 0.5, 3], 2.0).tolist() == pulls


# -- by brute force -------------------------------------------------------------------------------------------------

PLACES = [(13.0, 12.74), (18.0, 0.0), (2.0, 16.0), (40.0, 4.0), (9.0, 7.12), (40.0, -2.0)]


@pytest.mark.parametrize(("x", "y"), PLACES)
def test_no_line_is_better_under_the_absolute_error(x, y):
    """As a linear programme: least Σ sᵢ with −sᵢ ≤ yᵢ − a·xᵢ − b ≤ sᵢ."""
    x, y = np.append(TEN_X, x), np.append(TEN_Y, y)
    rows = np.c_[x, np.ones(11)]
    above, below = np.c_[rows, -np.eye(11)], np.c_[-rows, -np.eye(11)]
    best = linprog([0, 0, *[1] * 11], np.r_[above, below], np.r_[y, -y], bounds=[(None, None)] * 2 + [(0, None)] * 11)
    a, b = absolute_line(x, y)
    assert np.abs(y - a * x - b).sum() == pytest.approx(best.fun)


@pytest.mark.parametrize(("x", "y"), PLACES)
@pytest.mark.parametrize("delta", [0.1, 1.0, 5.0])
def test_no_line_is_better_under_huber(x, y, delta):
    x, y = np.append(TEN_X, x), np.append(TEN_Y, y)

    def loss(line):
        r = np.abs(y - line[0] * x - line[1])
        return np.where(r < delta, r**2 / 2, delta * (r - delta / 2)).sum()

    ours = huber_line(x, y, delta)
    found = minimize(loss, squared_line(x, y), method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-12})
    assert loss(ours) <= found.fun + 1e-8
    residuals = y - ours[0] * x - ours[1]
    assert np.clip(residuals, -delta, delta) @ np.c_[x, np.ones(11)] == pytest.approx([0, 0], abs=1e-6)  # no net pull


# -- the lab --------------------------------------------------------------------------------------------------------


def test_anscombes_third_data_set():
    lines = compute_fits(RobustFitState()).lines
    assert lines[SQUARED] == pytest.approx((0.500, 3.00), abs=0.003)  # as Anscombe prints it
    assert lines[ABSOLUTE] == pytest.approx((0.345, 4.01), abs=0.001)  # through (4, 5.39) and (14, 8.84)
    assert lines[ABSOLUTE][0] < lines[HUBER][0] < lines[SQUARED][0]


def test_residuals_and_pulls_of_the_dragged_point():
    result = compute_fits(RobustFitState(x=10.0, y=16.0, delta=1.5))
    slope, intercept = result.lines[ABSOLUTE]
    assert result.residuals[ABSOLUTE] == pytest.approx(16 - 10 * slope - intercept)
    assert result.pulls == pytest.approx({SQUARED: 2 * result.residuals[SQUARED], ABSOLUTE: 1, HUBER: 1.5})


def test_the_absolute_error_does_not_care_how_high_but_how_far_to_the_side():
    slopes = [compute_fits(RobustFitState(y=y)).lines[ABSOLUTE][0] for y in (10.0, 12.0, 16.0)]
    assert np.ptp(slopes) < 1e-9
    assert compute_fits(RobustFitState(x=40.0, y=4.0)).lines[ABSOLUTE][0] < 0


def test_dragging_the_point_and_the_corner():
    lab = RobustFitLab()
    drag(lab, "point", 18.0, 0.0)
    assert (lab.state.x, lab.state.y) == (18.0, 0.0)
    assert lab.goal.reached
    assert lab.goal.verdict == "Squared error: the line falls; absolute error: it rises."
    drag(lab, "delta", 3.02, 0.4)
    assert lab.state.delta == 3.0
    assert handles(lab)["delta"]["text"] == "delta 3.0"
    drag(lab, "point", 99, -99)
    assert (lab.state.x, lab.state.y) == (40.0, -2.0)


def test_what_is_drawn_is_the_result():
    lab = RobustFitLab(x=18.0, y=0.0)
    for name, (slope, intercept) in lab.result.lines.items():
        x, y = lab.view.lines[name].get_data()
        assert y == pytest.approx(slope * x + intercept)
    assert np.ravel(lab.view.marks[ABSOLUTE].get_data()) == pytest.approx([lab.result.residuals[ABSOLUTE], -1])
    assert lab.view.words.texts[:3] == ["−0.160", "−4.97", "−9.94"]


@pytest.mark.parametrize("engine", ["reference", "torch"])
def test_the_cell_finds_the_same_lines(engine):
    lab = RobustFitLab()
    for changes in RobustFitLab.presets.values():
        lab.set(**vars(RobustFitState()) | changes)
        scope, _ = run_cell(lab.as_code(), engine)
        assert numbers(scope["output"]) == pytest.approx(np.array(list(lab.result.lines.values())), abs=2e-3)
