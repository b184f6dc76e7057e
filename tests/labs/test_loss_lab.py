"""LossLab: probabilities, losses and gradients by values worked out by hand; both forms; what is shown."""

import numpy as np
import pytest

from dlcourse.labs import LossLab
from dlcourse.labs.loss_values import SIGMOID, SOFTMAX, LossState, compute_loss, targets
from dlcourse.labs.losses import short
from tests.labs.lab_tools import drag, handles, numbers, run_cell

LOG = np.log


def compute(**settings):
    return compute_loss(LossState(**settings))


# -- by hand --------------------------------------------------------------------------------------------------------


def test_equal_logits_know_nothing():
    result = compute(z1=3.0, z2=3.0, z3=3.0)
    assert result.p.tolist() == pytest.approx([1 / 3] * 3)
    assert result.cross_entropy == pytest.approx(LOG(3))
    assert result.cross_entropy_gradient.tolist() == pytest.approx([-2 / 3, 1 / 3, 1 / 3])
    assert result.squared == pytest.approx((4 / 9 + 1 / 9 + 1 / 9) / 2)
    # softmax's derivative is p(δ − p): (p − t)·p summed is −2/9 + 1/9 + 1/9 = 0, so p·(p − t − 0) remains
    assert result.squared_gradient.tolist() == pytest.approx([-2 / 9, 1 / 9, 1 / 9])
    assert not result.right  # a tie is no answer


def test_softmax_of_logarithms_is_their_shares():
    result = compute(z1=round(LOG(2), 10), z2=0.0, z3=round(LOG(5), 10), t1=0.0, t3=1.0)
    assert result.p.tolist() == pytest.approx([2 / 8, 1 / 8, 5 / 8])
    assert result.cross_entropy == pytest.approx(LOG(8 / 5))
    assert result.cross_entropy_gradient.tolist() == pytest.approx([2 / 8, 1 / 8, -3 / 8])
    assert result.right


def test_saturation_of_one_sigmoid():
    result = compute(z1=-6.0, z2=-8.0, z3=-8.0, output=SIGMOID)
    p = 1 / (1 + np.exp(6))
    assert result.cross_entropy_gradient[0] == pytest.approx(p - 1)
    assert result.squared_gradient[0] == pytest.approx((p - 1) * p * (1 - p), rel=1e-4)
    assert [round(float(g[0]), 4) for g in (result.cross_entropy_gradient, result.squared_gradient)] == [
        -0.9975,
        -0.0025,
    ]


def test_sigmoids_are_three_questions_of_their_own():
    result = compute(z1=0.0, z2=0.0, z3=-8.0, output=SIGMOID)
    assert result.p[:2].tolist() == [0.5, 0.5]
    assert result.cross_entropy == pytest.approx(2 * LOG(2) + np.log1p(np.exp(-8)), rel=1e-6)
    assert result.cross_entropy_gradient[:2].tolist() == [-0.5, 0.5]
    assert compute(z1=2.0, z2=-1.0, z3=-1.0, output=SIGMOID).right
    assert not compute(z1=2.0, z2=1.0, z3=-1.0, output=SIGMOID).right  # the largest logit alone does not make it right


@pytest.mark.parametrize(
    ("settings", "t"),
    [
        ({}, [1, 0, 0]),
        ({"t1": 0.0, "t3": 1.0, "smoothing": 0.3}, [0.1, 0.1, 0.8]),
        ({"t1": 0.0, "t2": 1.0, "smoothing": 0.3, "output": SIGMOID}, [0.15, 0.85, 0.15]),
        ({"t1": 0.6, "t2": 0.2}, [0.75, 0.25, 0]),  # softmax's targets are shares
        ({"t1": 0.6, "t2": 0.2, "output": SIGMOID}, [0.6, 0.2, 0]),  # three answers of their own
        ({"t1": 0.0}, [1 / 3, 1 / 3, 1 / 3]),
    ],
)
def test_targets(settings, t):
    assert targets(LossState(**settings)).tolist() == pytest.approx(t)


def test_cross_entropy_cannot_go_below_the_entropy_of_the_target():
    gap = round(LOG(28), 10)  # with ε = 0.1 the best logits differ by ln((0.9 + 0.1/3) / (0.1/3)) = ln 28
    best = compute(z1=gap, z2=0.0, z3=0.0, smoothing=0.1)
    assert best.cross_entropy == pytest.approx(best.entropy, rel=1e-6)
    assert best.pulls[0] < 1e-6
    assert compute(z1=8.0, z2=0.0, z3=0.0, smoothing=0.1).cross_entropy_gradient[0] > 0.06  # too sure: pulled back
    sigmoid = compute(z1=0.0, smoothing=0.5, output=SIGMOID)
    assert sigmoid.entropy == pytest.approx(-3 * (0.75 * LOG(0.75) + 0.25 * LOG(0.25)))


def test_a_target_that_two_classes_share():
    result = compute(z1=8.0, z2=8.0, z3=-8.0, t1=0.5, t2=0.5)
    assert result.cross_entropy == pytest.approx(LOG(2), rel=1e-6)
    assert result.entropy == pytest.approx(LOG(2))
    assert result.cross_entropy_gradient.tolist() == pytest.approx([0, 0, 0], abs=1e-6)
    assert not result.right  # a tie is no answer
    assert compute(z1=8.0, z2=7.9, z3=-8.0, t1=0.5, t2=0.5).right
    assert compute(z1=1.0, z2=-1.0, z3=1.0, t1=1.0, t3=0.9, output=SIGMOID).right  # two answers are yes


def test_temperature_divides_the_logits_and_never_changes_the_order():
    hot = compute(z1=2.0, z2=1.0, z3=-4.0, temperature=2.0)
    assert hot.u.tolist() == [1.0, 0.5, -2.0]
    assert compute(temperature=0.01).p.tolist() == pytest.approx([1, 0, 0], abs=1e-30)
    assert compute(temperature=10.0).p.tolist() == pytest.approx([0.367, 0.332, 0.301], abs=2e-3)
    assert all(np.argsort(compute(temperature=t).p).tolist() == [2, 1, 0] for t in (0.1, 1.0, 10.0))


# -- the two forms --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("output", LossState.settings()["output"].options)
@pytest.mark.parametrize("smoothing", [0.0, 0.2])
def test_both_forms_agree_where_nothing_overflows(output, smoothing):
    stable, printed = (compute(output=output, smoothing=smoothing, stable=form) for form in (True, False))
    assert printed.cross_entropy == pytest.approx(stable.cross_entropy, rel=1e-5)
    assert printed.cross_entropy_gradient == pytest.approx(stable.cross_entropy_gradient, abs=1e-6)
    assert printed.squared_gradient == pytest.approx(stable.squared_gradient, abs=1e-6)


@pytest.mark.parametrize("output", LossState.settings()["output"].options)
def test_the_stable_form_is_finite_everywhere(output):
    for sign in (1, -1):
        worst = compute(z1=-8.0 * sign, z2=8.0 * sign, z3=0.0, temperature=0.01, output=output)
        assert worst.finite
        assert worst.right == (sign == -1)
    wrong = compute(z1=-8.0, z2=8.0, z3=-8.0, temperature=0.01)
    assert wrong.cross_entropy == pytest.approx(1600)
    assert wrong.cross_entropy_gradient.tolist() == [-1, 1, 0]
    assert wrong.squared_gradient.tolist() == [0, 0, 0]


def test_the_printed_form_overflows_beyond_88():
    assert np.exp(np.float64(88.7)) < np.finfo(np.float32).max < np.exp(np.float64(88.8))
    lab = LossLab(z1=8.0, temperature=0.09, stable=False)  # exp(88.9)
    assert np.isinf(lab.result.powers[0])
    assert np.isnan(lab.result.p[0])
    assert lab.status == "Overflow: exp(89) is beyond float32, and the loss is no number any more."
    assert lab.view.warning.texts == ["NaN: not a number, no gradient"]
    assert not lab.goal.reached
    lab.set(stable=True)
    assert lab.result.finite
    assert lab.view.warning.texts == []


@pytest.mark.parametrize("output", [SOFTMAX, SIGMOID])
@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_extreme_logits_are_shown_without_a_warning_of_numpy(output, smoothing):
    """Warnings are errors here: at every temperature down to the smallest, in both forms, the lab answers quietly."""
    for stable in (True, False):
        for temperature in (0.01, 0.03, 0.06, 0.08, 0.09, 0.1, 0.12, 0.15, 0.18):
            for logits in ((8, -3, 0), (-8, -6, -6), (3, 3, -8), (8, 8, 8), (-8, -8, -8), (-8, 8, 0)):
                z = dict(zip(("z1", "z2", "z3"), map(float, logits), strict=True))
                result = compute(**z, temperature=temperature, output=output, smoothing=smoothing, stable=stable)
                assert result.finite or not stable


def test_the_printed_form_takes_the_logarithm_of_zero():
    lab = LossLab()
    lab.preset("Printed form: the logarithm of 0")
    assert np.isfinite(lab.result.powers).all()
    assert lab.result.p[0] == 0
    assert not lab.result.finite
    assert "the logarithm of 0 is −∞" in lab.status


# -- what is shown --------------------------------------------------------------------------------------------------


def test_bars_marks_and_tables_show_the_result():
    lab = LossLab(z1=2.0, z2=1.0, z3=0.1, smoothing=0.3)
    assert [bar.get_height() for bar in lab.view.z_bars] == [2.0, 1.0, 0.1]
    assert [bar.get_height() for bar in lab.view.p_bars] == pytest.approx([0.659, 0.242, 0.0986], abs=1e-3)
    assert lab.view.t_marks[0].get_ydata() == pytest.approx([0.8, 0.1, 0.1])
    assert [bar.get_height() for bar in lab.view.steep] == pytest.approx([-0.141, 0.142, -0.0014], abs=1e-3)
    assert "0.659" in lab.view.words.texts
    lab.preset("One sigmoid at z = −6: −0.998 against −0.0025")
    assert {"−0.998", "−0.00246", "exp(−u)"} <= set(lab.view.words.texts)


def test_the_goal_asks_for_sure_and_wrong():
    lab = LossLab(z1=-4.0, z2=4.0, z3=-4.0)
    assert lab.goal.reached
    assert "wrong" in lab.goal.verdict
    lab.set(t1=0.0, t2=1.0)  # sure and right: cross-entropy still pulls far harder, but there is nothing to mend
    assert not lab.goal.reached
    assert "right" in lab.goal.verdict


def test_dragging_a_logit_moves_its_slider():
    lab = LossLab()
    drag(lab, "class 2", 7.0, -3.33)
    assert lab.state.logits == [2.0, -3.3, 0.1]
    assert lab.controls["z2"].input.value == pytest.approx(-3.3)
    assert handles(lab)["class 2"]["text"] == "value −3.3"
    assert handles(lab)["class 2"]["x"] == 1.0


def test_dragging_a_target_shares_the_rest_among_the_others():
    lab = LossLab()
    drag(lab, "t1", 0.0, 0.4)
    assert (lab.state.t1, lab.state.t2, lab.state.t3) == (0.4, 0.3, 0.3)
    drag(lab, "t2", 1.0, 0.65)  # what is left, 0.35, in the proportion 4 : 3
    assert (lab.state.t1, lab.state.t2, lab.state.t3) == (0.2, 0.65, 0.15)
    assert lab.result.t == pytest.approx([0.2, 0.65, 0.15])
    assert handles(lab)["t2"]["y"] == pytest.approx(0.65)
    lab.set(t1=1.0, t2=0.0, t3=0.0, smoothing=0.3)
    drag(lab, "t1", 0.0, 0.45)  # it stays under the finger: 0.7 · 0.5 + 0.1
    assert lab.state.t1 == 0.5
    assert lab.result.t[0] == pytest.approx(0.45)
    drag(lab, "t1", 0.0, 1.1)
    assert lab.state.t1 == 1.0
    lab.set(smoothing=0.0, output=SIGMOID, t2=0.5)
    drag(lab, "t3", 2.0, 0.7)
    assert (lab.state.t1, lab.state.t2, lab.state.t3) == (1.0, 0.5, 0.7)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.65900, "0.659"), (-0.99753, "−0.998"), (3.4e-4, "3.40e−04"), (2980.96, "2981"), (1e5, "1.00e+05"),
        (0.0, "0"), (-0.0, "0"), (np.inf, "∞"), (-np.inf, "−∞"), (np.nan, "NaN"), (1.0, "1"),
    ],
)  # fmt: skip
def test_numbers_in_three_figures(value, text):
    assert short(value) == text


@pytest.mark.parametrize("engine", ["reference", "torch"])
def test_the_cell_computes_both_losses_and_their_gradients(engine):
    lab = LossLab()
    own = {"z1": -1.3, "z2": 2.2, "z3": 0.4, "t1": 0.1, "t3": 0.9, "smoothing": 0.12, "temperature": 0.7}
    for changes in (own, own | {"output": SIGMOID}, own | {"stable": False}, *LossLab.presets.values()):
        lab.set(**vars(LossState()) | changes)
        with np.errstate(invalid="ignore"):  # inf · 0 in the printed form
            scope, printed = run_cell(lab.as_code(), engine)
        result = lab.result
        want = [
            [result.cross_entropy, *result.cross_entropy_gradient],
            [result.squared, *result.squared_gradient],
        ]
        assert numbers(scope["output"]) == pytest.approx(np.array(want), rel=1e-4, abs=1e-6, nan_ok=True)
        assert printed.startswith("tensor(")
