"""StepTimeLab: counts worked out by hand, the model's parts, and what the presets claim."""

import numpy as np
import pytest

from dlcourse.labs import StepTimeLab
from dlcourse.labs.step_cost import CPU, DEVICES, GPU, StepTimeState, counts, step_time
from dlcourse.labs.step_time import compute_step, duration, percent, scaled
from tests.labs.lab_tools import drag, handles, numbers, run_cell


def test_the_counts_by_hand():
    # three layers of 16 units, a batch of 4, float32
    found = counts(StepTimeState(batch=4, width=16))
    assert found.weights == 768
    assert found.flops == 6 * 4 * 768
    # a layer: three products, each of 256 weights and twice 64 values; then the update, three numbers a weight
    assert found.moved == 3 * 3 * (256 + 128) * 4 + 3 * 768 * 4
    assert found.calls == 33
    assert found.sent == 0
    assert found.intensity == pytest.approx(18_432 / 23_040)


def test_what_switches_and_processes_change():
    state = StepTimeState(batch=8, width=16)
    assert counts(state.changed(fused=True)).calls == 15
    half, whole = counts(state.changed(bf16=True)), counts(state)
    assert half.moved - 3 * 768 * 4 == (whole.moved - 3 * 768 * 4) / 2  # the update stays in float32
    four = counts(state.changed(processes=4))
    assert four.flops == whole.flops / 4
    assert four.sent == 2 * 3 / 4 * 768 * 4
    assert counts(state.changed(processes=64)).flops == 6 * 768  # one row each at least


def test_the_parts_of_the_time():
    state = StepTimeState(batch=4, width=16, processes=2)
    step, device = step_time(state), DEVICES[CPU]
    assert step.calls == pytest.approx(33 * device.call)
    assert step.arithmetic == pytest.approx(6 * 2 * 768 / device.flops)
    assert step.talking == pytest.approx(768 * 4 / device.link + 2 * device.wait)
    assert step.seconds == pytest.approx(step.calls + max(step.arithmetic, step.memory) + step.talking)
    assert step.rate == pytest.approx(4 / step.seconds)
    assert step.use == pytest.approx(step.arithmetic / step.seconds)


@pytest.mark.parametrize(
    ("settings", "slowest"),
    [
        ({"batch": 1}, "calls"),
        ({"batch": 1024}, "arithmetic"),
        ({"batch": 1, "width": 4096, "device": GPU}, "memory"),
        ({"batch": 1024, "processes": 64}, "talking"),
    ],
)
def test_what_takes_the_time(settings, slowest):
    assert step_time(StepTimeState(**settings)).slowest == slowest


def test_no_more_than_the_peak_and_a_larger_batch_is_never_slower_a_sample():
    for device in DEVICES:
        for width in (4, 8, 13):
            states = [StepTimeState(device=device, width=2**width, batch=2**n) for n in range(17)]
            assert max(step_time(state).use for state in states) <= 1
            assert (np.diff([step_time(state).rate for state in states]) > 0).all()


def test_the_curves_are_those_of_both_devices():
    state = StepTimeState(width=256)
    rates = compute_step(state).rates
    assert set(rates) == {CPU, GPU}
    assert rates[GPU][11] == pytest.approx(step_time(state.changed(device=GPU, batch=2048)).rate)


def test_the_task_needs_the_compiler():
    right = {"device": GPU, "batch": 128, "width": 1024}
    assert StepTimeLab(**right, fused=True).goal.reached
    for other in ({}, {"fused": True, "bf16": True}, {"fused": True, "device": CPU}, {"fused": True, "width": 512}):
        assert not StepTimeLab(**right | other).goal.reached
    for larger in ({"batch": 256}, {"width": 2048}):
        goal = StepTimeLab(**right | larger, fused=True).goal
        assert not goal.reached
        assert "larger than allowed" in goal.verdict


def test_the_line_is_dragged_to_the_next_power_of_two():
    lab = StepTimeLab()
    drag(lab, "batch", 9.4, 0.0)
    assert lab.state.batch == 512
    assert handles(lab)["batch"]["text"] == "batch of 512"
    drag(lab, "batch", 99, 0.0)
    assert lab.state.batch == 65_536


def test_numbers_in_words():
    assert [duration(s) for s in (2.0, 0.0123, 4.5e-5, 0.9999)] == ["2 s", "12.3 ms", "45 µs", "1 s"]
    units = ("", " k", " M")
    assert [scaled(v, units) for v in (7, 999.6, 73_728, 5e9)] == ["7", "1 k", "73.7 k", "5e+03 M"]
    assert [percent(s) for s in (0.00046, 0.0994, 0.0996, 0.51)] == ["0.046%", "9.9%", "10%", "51%"]


@pytest.mark.parametrize("engine", ["reference", "torch"])
def test_the_cell_finds_the_same_parts(engine):
    lab = StepTimeLab()
    for name in StepTimeLab.presets:
        lab.preset(name)
        scope, printed = run_cell(lab.as_code(), engine)
        step = lab.result.step
        expected = [step.calls, step.arithmetic, step.memory, step.talking]
        assert numbers(scope["output"]) == pytest.approx(expected, rel=1e-5)
        assert float(printed.split()[0]) == pytest.approx(step.seconds, rel=5e-3)
