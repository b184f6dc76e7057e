"""LstmGateLab: a cell like the engine's, and what a clamp does to it."""

import numpy as np
import pytest

import dlcourse.reference as engine
from dlcourse.labs import LstmGateLab
from dlcourse.labs.lstm_gate import HOLD, MARKED, STEPS, W_HH, W_IH, biases, inputs
from tests.labs.lab_tools import drag, handles, numbers, run_cell

State, compute = LstmGateLab.State, LstmGateLab.compute


def test_without_clamps_it_is_the_cell_of_the_engine():
    state = State(value=-0.4, forget_bias=1.5)
    cell = engine.nn.LSTMCell(2, 1).double()
    weights = {"weight_ih": W_IH, "weight_hh": np.array(W_HH)[:, None], "bias_ih": biases(state), "bias_hh": [0.0] * 4}
    cell.load_state_dict({name: engine.tensor(value, dtype=engine.float64) for name, value in weights.items()})
    result, pair = compute(state), None
    for t, x in enumerate(inputs(-0.4), 1):
        pair = cell(engine.tensor(x[None]), pair)
        np.testing.assert_allclose([result.h[t], result.c[t]], [float(part.item()) for part in pair], rtol=1e-12)


def test_the_marked_number_stands_at_its_step_alone():
    x = inputs(0.35)
    assert x.shape == (STEPS, 2)
    assert x[MARKED - 1].tolist() == [0.35, 1]
    assert x[:, 1].sum() == 1


def test_open_and_closed_the_cell_holds_exactly():
    result = compute(State(forget="1", input="0"))
    assert (result.c[MARKED : MARKED + HOLD + 1] == result.c[MARKED]).all()
    assert result.worst == 0
    assert result.passed == 1


def test_a_clamped_forget_gate_is_a_power():
    result = compute(State(forget="0.9", input="0"))
    assert result.kept == pytest.approx(0.9**HOLD)
    assert result.passed == pytest.approx(0.9**HOLD)
    assert compute(State(forget="0.99", input="0")).kept == pytest.approx(0.99**HOLD)


def test_clamps_hold_from_first_to_last_and_nowhere_else():
    free, held = compute(State()), compute(State(forget="1", output="0", first=10, last=20))
    assert (held.gates[9:20, 1] == 1).all()
    assert (held.gates[9:20, 3] == 0).all()
    assert (held.h[10:21] == 0).all()
    assert (held.gates[20:, 1] < 1).all()
    np.testing.assert_array_equal(held.c[:10], free.c[:10])
    assert "at no step" in LstmGateLab(forget="1", first=20, last=10).status


def test_a_closed_output_hides_the_cell_and_keeps_it():
    hidden, shown = (compute(State(forget="1", input="0", output=gate)) for gate in ("0", "1"))
    assert hidden.c[MARKED + HOLD] == shown.c[MARKED + HOLD]
    assert hidden.h[MARKED + HOLD] == 0
    assert shown.h[MARKED + HOLD] == pytest.approx(np.tanh(shown.c[MARKED + HOLD]))


@pytest.mark.parametrize(
    ("settings", "reached"),
    [
        ({}, False),
        ({"forget": "1"}, False),
        ({"input": "0"}, False),
        ({"forget": "1", "input": "0"}, True),
        ({"forget": "1", "input": "0", "last": 54}, False),
        ({"forget": "1", "input": "0", "first": 7}, False),
        ({"forget": "1", "input": "0", "first": 5}, False),  # closed when the number comes: there is nothing to hold
    ],
)
def test_the_goal_is_to_hold_for_fifty_steps(settings, reached):
    lab = LstmGateLab(**settings)
    assert lab.goal.reached == reached


def test_the_two_ends_can_be_dragged():
    lab = LstmGateLab(forget="1")
    assert set(handles(lab)) == {"first", "last"}
    drag(lab, "first", 12.4, 0.5)
    drag(lab, "last", 99, 0.5)
    assert (lab.state.first, lab.state.last) == (12, STEPS)
    span = lab.view.spans[0]
    assert (span.get_x(), span.get_width()) == (11.5, 49)


def test_no_span_without_a_clamp():
    assert LstmGateLab().view.spans[0].get_width() == 0


@pytest.mark.parametrize("engine", ["reference", "torch"])
@pytest.mark.parametrize("preset", list(LstmGateLab.presets))
def test_the_cell_computes_the_same_states(preset, engine):
    lab = LstmGateLab()
    lab.preset(preset)
    scope, printed = run_cell(lab.as_code(), engine)
    np.testing.assert_allclose(numbers(scope["output"]), lab.result.c, rtol=1e-6, atol=1e-9)
    assert printed.startswith(f"step {MARKED}:")
