"""ThresholdLab: the line, its mistakes and its learning, by hand and against scikit-learn."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from dlcourse import data
from dlcourse.labs import ThresholdLab
from dlcourse.labs.tangerine_unit import (
    BOTH,
    DIAMETER,
    STEPS,
    boxes,
    confusion,
    cross_entropy,
    line_of,
    net_values,
    places,
    sweep,
    trajectory,
    weights_of,
)
from dlcourse.labs.threshold import THRESHOLDS, ThresholdState, compute_threshold
from tests.labs.lab_tools import drag, from_browser, handles, numbers, run_cell

X = np.array([[6.0, 0.5], [7.0, 0.0], [7.0, 1.0], [8.0, 0.5]])  # diameter, colour
Y = np.array([0, 0, 1, 1])

# -- by hand --------------------------------------------------------------------------------------------------------


def test_the_line_of_the_weights_by_hand():
    # 2·d + 6·c − 17 = 0: at c = ½ d = 7; a unit of colour is worth 3 cm
    assert line_of([2.0, 6.0, -17.0]) == (7.0, 3.0)
    assert weights_of(7.0, 3.0).tolist() == [1.0, 3.0, -8.5]
    assert line_of(weights_of(6.25, -1.5)) == (6.25, -1.5)


def test_net_values_by_hand():
    assert net_values(X, weights_of(7.0, 3.0)).tolist() == [-1.0, -1.5, 1.5, 1.0]
    # on the line: 6.413 + 1.1·0.17 = 6.6, which in floating point is 8.9e-16 too much
    assert net_values(np.array([[6.413, 0.67]]), weights_of(6.6, 1.1)).tolist() == [0.0]


def test_confusion_by_hand():
    # truth 0: answers 0, 1; truth 1: answers 1, 1
    assert confusion([0, 0, 1, 1], [0, 1, 1, 1]).tolist() == [[1, 1], [0, 2]]


def test_cross_entropy_by_hand():
    # p = ½ for every fruit
    assert cross_entropy(X, Y, np.zeros(3)) == pytest.approx(np.log(2))
    # z = ∓1, ∓1.5, all on their side
    expected = np.mean(np.log1p(np.exp([-1, -1.5, -1.5, -1])))
    assert cross_entropy(X, Y, weights_of(7.0, 3.0)) == pytest.approx(expected)


def test_mistakes_of_every_threshold_by_hand():
    # without tilt the two of 7 cm cannot be told apart, and 7 is not above 7
    assert sweep(X, Y, 0.0, np.array([5.0, 6.0, 6.5, 7.0, 8.0])).tolist() == [2, 1, 1, 1, 2]
    # with 3 cm for full colour they stand at 5.5 and 8.5
    assert sweep(X, Y, 3.0, np.array([5.0, 5.5, 6.0, 7.9, 8.0, 8.5])).tolist() == [2, 1, 0, 0, 1, 2]


def test_the_first_step_of_learning_by_hand():
    x, y = boxes()["training"]
    d, mean, deviation = x[:, 0], x[:, 0].mean(), x[:, 0].std()
    error = 1 / (1 + np.exp(7.5 - d)) - y
    w = deviation - np.mean(error * (d - mean) / deviation)  # in deviations; the rate is 1
    b = mean - 7.5 - error.mean()
    first = trajectory(DIAMETER, 7.5, 0.0)[1]
    assert first == pytest.approx([w / deviation, 0.0, b - w / deviation * mean])


# -- against other programs -----------------------------------------------------------------------------------------


def test_the_boxes_are_the_parts_of_the_split():
    split = data.split(data.tangerines())
    for name, part in (("training", split.train), ("validation", split.validation)):
        x, y = boxes()[name]
        assert np.abs(x - part.x).max() < 1e-6
        assert np.array_equal(y, part.y)
    assert set(boxes()) == {"training", "validation"}  # the test part stays closed


@pytest.mark.parametrize(("features", "used"), [(DIAMETER, 1), (BOTH, 2)])
@pytest.mark.parametrize("threshold", [4.5, 7.5, 9.0])
def test_learning_ends_where_scikit_learn_ends(features, used, threshold):
    x, y = boxes()["training"]
    other = LogisticRegression(C=np.inf, tol=1e-8).fit(x[:, :used], y)
    want = [*other.coef_[0], *[0.0] * (2 - used), other.intercept_[0]]
    assert trajectory(features, threshold, 0.0)[-1] == pytest.approx(want, rel=0.03)
    assert line_of(trajectory(features, threshold, 0.0)[-1]) == pytest.approx(line_of(want), rel=0.03)


@pytest.mark.parametrize("features", [DIAMETER, BOTH])
@pytest.mark.parametrize("threshold", [4.5, 9.0])
@pytest.mark.parametrize("tilt", [-2.0, 8.0])
def test_from_every_corner_the_loss_falls_at_every_step(features, threshold, tilt):
    path = trajectory(features, threshold, tilt)
    losses = [cross_entropy(*boxes()["training"], weights) for weights in path]
    assert (np.diff(losses) < 1e-9).all()  # z is rounded to 9 decimals
    assert path.shape == (STEPS + 1, 3)
    assert (path[:, 0] > 0.5).all()  # the line never turns its back: `line_of` divides by w₁


def test_the_curve_of_mistakes_is_that_of_brute_force():
    result = compute_threshold(ThresholdState(features=BOTH, tilt=3.3, box="validation"))
    x, y = boxes()["validation"]
    reach = (x[:, 0] + 3.3 * (x[:, 1] - 0.5)).round(9)
    assert result.sweep == pytest.approx([np.mean((reach > t) != y) for t in THRESHOLDS])


# -- the lab --------------------------------------------------------------------------------------------------------


def test_the_farmers_rule_and_the_learned_one():
    hand = compute_threshold(ThresholdState())
    assert hand.confusion.tolist() == [[112, 5], [87, 52]]
    assert hand.wrong == {"training": (92, 92, 256), "validation": (26, 26, 64)}
    learned = compute_threshold(ThresholdState(threshold=9.0, step=STEPS))
    assert learned.threshold == pytest.approx(6.762, abs=0.001)
    assert learned.wrong == {"training": (92, 77, 256), "validation": (26, 16, 64)}
    both = compute_threshold(ThresholdState(features=BOTH, step=STEPS))
    assert both.wrong == {"training": (92, 47, 256), "validation": (26, 15, 64)}


def test_without_colour_the_tilt_has_no_say():
    states = [ThresholdState(tilt=tilt, step=step) for tilt in (0.0, 8.0) for step in (0, 3)]
    results = [compute_threshold(state) for state in states]
    assert results[0].weights.tolist() == results[2].weights.tolist()
    assert results[1].weights.tolist() == results[3].weights.tolist()


def test_the_goal_is_reached_by_thresholds_near_the_best_only():
    lab = ThresholdLab()
    reached = []
    for threshold in np.arange(4.5, 9.01, 0.05).round(2):
        lab.set(threshold=threshold)
        if lab.goal.reached:
            reached.append(threshold)
    assert reached == pytest.approx(np.arange(6.5, 7.16, 0.05))


def test_dragging_the_line():
    lab = ThresholdLab()
    drag(lab, "line", 6.78, 0.9)
    assert lab.state.threshold == 6.8
    assert lab.goal.reached
    assert handles(lab)["line"]["text"] == "threshold 6.80 cm"
    drag(lab, "line", 99, 0.5)
    assert lab.state.threshold == 9.0


def test_a_leaning_line_is_dragged_by_any_of_its_points():
    lab = ThresholdLab(features=BOTH, tilt=4.0)
    drag(lab, "line", 6.0, 0.75)  # a point of the line 6 = t − 4·(0.75 − 0.5)
    assert (lab.state.threshold, lab.state.tilt) == (7.0, 4.0)


def test_the_ring_turns_the_line_about_its_middle():
    lab = ThresholdLab(features=BOTH, threshold=7.0)
    ring = handles(lab)["tilt"]
    assert (ring["x"], ring["y"]) == (7.0, 0.75)
    drag(lab, "tilt", 6.0, 0.75)  # a quarter of the colour is worth 1 cm
    assert (lab.state.threshold, lab.state.tilt) == (7.0, 4.0)
    assert line_of(lab.result.weights) == pytest.approx((7.0, 4.0))


def test_a_line_moved_after_learning_starts_anew_where_it_was_left():
    lab = ThresholdLab(features=BOTH, step=STEPS)
    learned = lab.result.tilt
    from_browser(lab.controls["threshold"].input, value=8.0)
    assert (lab.state.threshold, lab.state.step) == (8.0, 0)
    assert lab.state.tilt == pytest.approx(learned, abs=0.05)  # the slider's nearest
    lab.set(step=STEPS)
    drag(lab, "line", 8.0, 0.5)
    assert lab.state.step == 0
    lab.set(threshold=5.0, step=3)  # unless the step is asked for
    assert (lab.state.threshold, lab.state.step) == (5.0, 3)


def test_ripe_ones_are_piled_up_and_unripe_ones_down_and_none_hides_another():
    x, y = boxes()["training"]
    at = places(x, y, DIAMETER)
    assert np.array_equal(at[:, 0], x[:, 0])
    assert (at[y == 1, 1] > 0.5).all()
    assert (at[y == 0, 1] < 0.5).all()
    assert len(np.unique(at.round(6), axis=0)) == len(at)
    assert (at[:, 1] > 0.02).all()
    assert (at[:, 1] < 0.98).all()
    assert places(x, y, BOTH) is x


def test_the_sentence_says_what_is_seen():
    assert ThresholdLab().status == (
        "Sold if d > 7.50 cm: 92 of 256 training tangerines are wrong (ripe ones left: 87, unripe ones sold: 5). "
        "The line was put there by hand; loss 0.642."
    )
    assert ThresholdLab(features=BOTH, tilt=-1.5).status.startswith("Sold if d − 1.5·(c − ½) > 7.50 cm: ")


def test_the_start_stays_dashed_where_the_hand_left_it():
    lab = ThresholdLab(threshold=8.0, step=20)
    assert set(np.round(lab.view.start.get_xdata(), 9)) == {8.0}
    assert set(np.round(lab.view.line.get_xdata(), 9)) == {round(lab.result.threshold, 9)}
    assert lab.result.threshold < 7


def test_what_is_drawn_is_the_result():
    lab = ThresholdLab(box="validation", threshold=6.8)
    wrong = lab.result.answer != lab.result.y
    assert len(lab.view.crosses.get_offsets()) == wrong.sum() == 15
    assert np.ravel(lab.view.dot.get_data()) == pytest.approx([6.8, 15 / 64])
    counts = [f"{count} {mark}" for count, mark in zip(lab.result.confusion.ravel(), "✓✗✗✓", strict=True)]
    assert lab.view.words.texts[:4] == counts
    assert lab.view.words.texts[4:8] == ["35.9%", "30.1%", "40.6%", "23.4%"]


@pytest.mark.parametrize("engine", ["reference", "torch"])
def test_the_cell_learns_what_the_lab_learns(engine):
    lab = ThresholdLab()
    for changes in ThresholdLab.presets.values():
        lab.set(**vars(ThresholdState()) | changes)
        scope, _ = run_cell(lab.as_code(), engine)
        used = 1 if lab.state.features == DIAMETER else 2
        want = [*lab.result.weights[:used], lab.result.weights[2], lab.result.wrong["training"][1]]
        assert numbers(scope["output"]) == pytest.approx(want, abs=1e-6)
