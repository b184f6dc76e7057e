"""The charts that every chapter uses."""

import numpy as np
import pytest

from dlcourse.labs import plots


def axes_of(x, **options):
    return plots.curves("A line", x, {"line": np.linspace(1, 2, len(x))}, **options).figure.axes[0]


def test_whole_numbers_have_whole_ticks():
    assert axes_of(range(1, 21)).get_xticks().tolist() == [0, 5, 10, 15, 20]
    assert 2.5 in axes_of(np.linspace(1, 20, 20)).get_xticks()  # the same as real numbers


def test_each_line_has_its_own_look_and_more_than_four_are_turned_down():
    five = {name: [1.0, 2.0] for name in "abcde"}
    four = {name: five[name] for name in "abcd"}
    lines = plots.curves("Four lines", [0.0, 1.0], four).figure.axes[0].lines
    assert len({line.get_color() for line in lines}) == 4
    assert [line.is_dashed() for line in lines] == [False, True, True, True]
    with pytest.raises(ValueError, match="curves: expected 1 to 4 lines, because more are not told apart; got 5"):
        plots.curves("Five lines", [0.0, 1.0], five)


def test_a_logarithmic_chart_has_room_for_all_values():
    axes = axes_of([0.0, 1.0, 2.0], log=True)
    assert axes.get_yscale() == "log"
    assert axes.get_ylim() == pytest.approx((0.8, 2.5))


def test_the_points_that_a_model_gets_wrong_are_ringed_and_no_others():
    x, y = np.array([[0.0, 0.5], [1.0, 0.0], [2.0, 1.0], [3.0, 0.0]]), np.array([0, 1, 0, 1])
    axes = plots.regions("A model", lambda x: x[:, 0] > 1.5, x, y).figure.axes[0]
    zeros, ones, ringed = (dots.get_offsets().tolist() for dots in axes.collections)
    assert (zeros, ones) == ([[0.0, 0.5], [2.0, 1.0]], [[1.0, 0.0], [3.0, 0.0]])
    assert ringed == [[1.0, 0.0], [2.0, 1.0]]
