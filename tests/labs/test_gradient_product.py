"""ProductLab: product, truncation and clipping by hand and against differences, and the words for them."""

import numpy as np
import pytest

from dlcourse.labs import ProductLab
from dlcourse.labs.gradient_product import CLIPS, FIRST, INPUTS, NOISE, PULL, RATE, STEPS, TARGET, run, short
from tests.labs.lab_tools import drag, numbers, run_cell

State, compute = ProductLab.State, ProductLab.compute


def test_with_the_identity_and_silence_all_is_a_power_of_w():
    result = compute(State(w=1.1, function="identity"))
    assert result.h[-1] == pytest.approx(FIRST * 1.1**STEPS)
    np.testing.assert_allclose(result.product, 1.1 ** np.arange(STEPS, -1, -1), rtol=1e-12)
    assert result.factor == pytest.approx(1.1)
    # h_40 = w^40 / 2, so that its slope for w is 40 w^39 / 2
    assert result.full == pytest.approx((result.h[-1] - TARGET) * STEPS * 1.1 ** (STEPS - 1) * FIRST)


@pytest.mark.parametrize("inputs", INPUTS)
@pytest.mark.parametrize("w", [-1.3, 0.6, 1.2])
def test_the_slope_is_that_of_the_loss(inputs, w):
    def loss(w):
        return (run(w, INPUTS[inputs], "tanh")[-1] - TARGET) ** 2 / 2

    step = 1e-6
    measured = (loss(w + step) - loss(w - step)) / (2 * step)
    assert compute(State(w=w, inputs=inputs)).full == pytest.approx(measured, rel=1e-5, abs=1e-9)
    assert compute(State(w=w, inputs=inputs)).loss == pytest.approx(loss(w))


def test_the_product_is_the_slope_of_the_end_for_the_start():
    x, step = INPUTS[PULL], 1e-6
    product = compute(State(w=1.3, inputs=PULL)).product
    ends = []
    for first in (FIRST + step, FIRST - step):
        h = first
        for value in x:
            h = np.tanh(1.3 * h + value)
        ends.append(h)
    assert product[0] == pytest.approx((ends[0] - ends[1]) / (2 * step), rel=1e-3)
    assert product[-1] == 1


def test_truncation_keeps_the_last_steps_only():
    whole, cut = (compute(State(w=1.5, inputs=NOISE, truncate=k)) for k in (STEPS, 5))
    assert cut.full == whole.full == whole.gradient
    assert (cut.reach[: STEPS - 5] == 0).all()
    np.testing.assert_array_equal(cut.reach[STEPS - 5 :], whole.product[STEPS - 5 :])
    one = compute(State(w=1.5, inputs=NOISE, truncate=1))
    slope = 1 - one.h[-1] ** 2
    assert one.gradient == pytest.approx((one.h[-1] - TARGET) * slope * one.h[-2])


@pytest.mark.parametrize("clip", CLIPS)
def test_clipping_shortens_and_keeps_the_sign(clip):
    result = compute(State(w=1.5, inputs=NOISE, clip=clip))
    assert result.full < -50
    assert result.used == (result.full if clip == "off" else -CLIPS[clip])
    small = compute(State(w=0.8, clip=clip))
    assert small.used == small.full


def test_vanishes_arrives_explodes():
    lab = ProductLab(w=0.8)
    assert "vanishes" in lab.goal.verdict
    lab.set(w=1.5, function="identity")
    assert "explodes" in lab.goal.verdict
    assert not lab.goal.reached
    for w in (1.0, -1.0, 1.04):
        lab.set(w=w)
        assert lab.goal.reached
    lab.set(w=1.3, inputs=PULL, function="tanh")
    assert lab.goal.reached


def test_the_arrow_ends_where_the_step_does_or_at_the_edge():
    lab = ProductLab(w=1.5, inputs=NOISE, clip="at 1")
    assert lab.view.step.get_xdata() == pytest.approx([1.5, 1.5 + RATE])
    lab.set(clip="off")
    assert 2.4 < lab.view.step.get_xdata()[1] < 2.5
    assert lab.view.numbers.texts[-1] == short(1.5 - RATE * lab.result.full)


def test_dragging_the_point_moves_w_only():
    lab = ProductLab()
    drag(lab, "w", 1.234, 9.0)
    assert lab.state.w == 1.24
    drag(lab, "w", -50, 0)
    assert lab.state.w == -2.5


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0"), (0.5, "0.500"), (-1.25, "−1.250"), (2e-7, "2.0e−7"), (1.5e12, "1.5e12"), (-4e3, "−4.0e3")],
)
def test_numbers_are_short(value, text):
    assert short(value) == text


@pytest.mark.parametrize("engine", ["reference", "torch"])
@pytest.mark.parametrize("preset", list(ProductLab.presets))
def test_the_cell_computes_the_gradient_that_is_used(preset, engine):
    lab = ProductLab()
    lab.preset(preset)
    scope, printed = run_cell(lab.as_code(), engine)
    assert float(numbers(scope["output"])) == pytest.approx(lab.result.used, rel=1e-5)
    assert printed.startswith("∂loss/∂w")
