"""AccuracyLab: the staircase, the valley and the confusion matrix, by values worked out by hand."""

import numpy as np
import pytest

from dlcourse.labs import AccuracyLab
from dlcourse.labs.accuracy import STEPS, SWEEP, AccuracyState, compute_accuracy, samples
from tests.labs.lab_tools import drag, handles, numbers, run_cell


def compute(**settings):
    return compute_accuracy(AccuracyState(**settings))


# -- by hand --------------------------------------------------------------------------------------------------------


def test_the_samples_are_quantiles_around_minus_one_and_one():
    x, y = samples(20, 0.1)
    assert y.tolist() == [0] * 18 + [1] * 2
    assert x[18:] == pytest.approx([1 - 0.6745, 1 + 0.6745], abs=1e-4)  # quartiles of the normal distribution
    assert x[:18].mean() == pytest.approx(-1)
    assert samples(20, 0.02)[1].sum() == 1  # never without a sample of class 1


def test_the_confusion_matrix_counts_row_by_row():
    result = compute(b=8.0, share=0.25)  # threshold x = −4: everything is answered 1
    assert result.confusion.tolist() == [[0, 15], [0, 5]]
    assert (result.accuracy, result.precision) == (0.25, 0.25)
    assert result.recalls.tolist() == [0, 1]
    never = compute(b=-8.0, share=0.05, samples=400)
    assert never.confusion.tolist() == [[380, 0], [20, 0]]
    assert never.accuracy == 0.95
    assert np.isnan(never.precision)


def test_a_threshold_between_two_samples():
    x, y = samples(20, 0.5)
    threshold = (np.sort(x)[12] + np.sort(x)[13]) / 2
    b = round(-2 * threshold, 10)
    result = compute(b=b)
    assert result.confusion.sum() == 20
    assert result.confusion[:, 1].sum() == 7  # seven samples lie above
    assert result.confusion[1, 1] == ((x > threshold) & (y == 1)).sum()


def test_the_staircase_has_a_step_for_each_sample_and_nothing_else():
    result = compute(samples=20)
    jumps = np.flatnonzero(np.diff(result.accuracies))
    assert np.abs(np.diff(result.accuracies))[jumps] == pytest.approx(0.05)
    assert len(jumps) <= 20
    assert result.unchanged == pytest.approx(1 - len(jumps) / 3200)
    x, _ = samples(20, 0.5)
    assert all(np.abs(STEPS[i] + 0.0025 + 2 * x).min() <= 0.0026 for i in jumps)  # at b = −2x


def test_the_staircase_agrees_with_the_confusion_matrix():
    for b in (-5.0, -1.3, 0.0, 2.45):
        for share in (0.05, 0.5):
            result = compute(b=b, share=share, samples=100)
            assert result.accuracies[np.abs(STEPS - b).argmin()] == pytest.approx(result.accuracy)


def test_the_loss_and_its_slope():
    result = compute(b=1.0, share=0.3, weight=3)
    z = 2 * result.x + 1.0
    weights = np.where(result.y == 1, 3, 1)
    p = 1 / (1 + np.exp(-z))
    loss = -(weights * np.log(np.where(result.y == 1, p, 1 - p))).sum() / weights.sum()
    assert result.loss == pytest.approx(loss)
    assert result.slope == pytest.approx((weights * (p - result.y)).sum() / weights.sum())
    assert result.losses[np.abs(SWEEP - 1.0).argmin()] == pytest.approx(loss)


def test_the_weight_moves_the_bottom_of_the_valley():
    rare = {"share": 0.05, "samples": 400}
    assert compute(**rare).best == pytest.approx(-np.log(19), abs=0.1)  # the prior odds are 1 : 19
    assert compute(**rare, weight=19).best == pytest.approx(0, abs=0.06)
    assert compute(**rare, b=-2.95).recalls[1] < 0.5 < 0.8 < compute(**rare, b=0.0).recalls[1]


# -- the lab --------------------------------------------------------------------------------------------------------


def test_every_share_can_reach_the_goal():
    for count in AccuracyState.settings()["samples"].options:
        for share in (0.02, 0.1, 0.33, 0.5):
            goals = [AccuracyLab(samples=count, share=share, b=b).goal.reached for b in (-0.3, 0.0, 0.3)]
            assert any(goals)
    assert not AccuracyLab(b=-8.0, share=0.02).goal.reached


@pytest.mark.parametrize("name", ["bias on the staircase", "bias in the valley"])
def test_dragging_a_dot_moves_the_bias(name):
    lab = AccuracyLab()
    drag(lab, name, 1.23, 0.9)
    assert lab.state.b == 1.25
    assert lab.controls["b"].input.value == pytest.approx(1.25)
    assert handles(lab)["threshold"]["x"] == pytest.approx(-0.625)


def test_dragging_the_threshold_moves_the_bias_the_other_way():
    lab = AccuracyLab()
    drag(lab, "threshold", 1.5, 0.2)
    assert lab.state.b == -3.0
    assert handles(lab)["bias in the valley"]["x"] == -3.0
    assert handles(lab)["threshold"]["text"] == "x = 1.500"


def test_what_is_drawn_is_the_result():
    lab = AccuracyLab(b=-4.0, share=0.5)
    assert lab.view.dots[0].get_data() == ([-4.0], [lab.result.accuracy])
    assert lab.view.dots[1].get_data() == ([-4.0], [lab.result.loss])
    assert lab.view.threshold.get_data()[0] == [2.0, 2.0]
    ends = np.array(lab.view.tangent.get_data())
    assert (ends[1, 1] - ends[1, 0]) / (ends[0, 1] - ends[0, 0]) == pytest.approx(lab.result.slope)
    assert lab.view.words.texts[:6] == ["10", "0", "100%", "8", "2", "20%"]
    assert "it does not change on 99.4% of this range" in lab.status


def test_no_alarm_has_no_precision():
    lab = AccuracyLab()
    lab.preset("5% rare: “never” is 95% right")
    assert "none" in lab.view.words.texts
    assert "Accuracy 95%, worse class 0%" in lab.goal.verdict


@pytest.mark.parametrize("engine", ["reference", "torch"])
def test_the_cell_computes_accuracy_loss_and_slope(engine):
    lab = AccuracyLab()
    for changes in ({"b": 1.05, "share": 0.3, "weight": 7, "samples": 50}, *AccuracyLab.presets.values()):
        lab.set(**vars(AccuracyState()) | changes)
        scope, _ = run_cell(lab.as_code(), engine)
        want = [lab.result.accuracy, lab.result.loss, lab.result.slope]
        assert numbers(scope["output"]) == pytest.approx(want, abs=1e-5)
