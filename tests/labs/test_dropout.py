"""DropoutLab: masks, sub-networks and their mean, by hand, by counting all 256 and by the engine's own layers."""

import numpy as np
import pytest

import dlcourse.reference as engine
from dlcourse.labs import DropoutLab
from dlcourse.labs.dropout import (
    MASKS,
    PLANE,
    UNITS,
    DropoutState,
    compute_dropout,
    masks,
    mean_of_all,
    network,
    points,
)
from tests.labs.lab_tools import drag, numbers, run_cell


def model_of(dropped: float):
    """The lab's network as a model of the engine."""
    w, b, v, c = network(dropped)
    model = engine.nn.Sequential(engine.nn.Linear(2, UNITS), engine.nn.Tanh(), engine.nn.Linear(UNITS, 1))
    arrays = {"0.weight": w, "0.bias": b, "2.weight": v[None], "2.bias": c[None]}
    model.load_state_dict({name: engine.tensor(array.astype(np.float32)) for name, array in arrays.items()})
    return model


def test_the_mean_of_all_masks_by_hand():
    parts = np.array([2.0, 4.0, *[0.0] * (UNITS - 2)])
    assert mean_of_all(parts, 0.5, 2.0) == pytest.approx(6)  # inverted: as if nothing were dropped
    assert mean_of_all(parts, 0.5, 1.0) == pytest.approx(3)
    assert mean_of_all(parts, 0.0, 1.0) == pytest.approx(6)
    assert mean_of_all(parts, 0.2, 1.0) == pytest.approx(0.8 * 6)


@pytest.mark.parametrize("p", [0.0, 0.3, 0.8])
@pytest.mark.parametrize("trained", ["with dropout 0.3", "without dropout"])
def test_the_expectation_is_kept(trained, p):
    result = compute_dropout(DropoutState(trained=trained, p=p, x1=-0.7, x2=1.1))
    assert result.expected == pytest.approx(result.whole)
    plain = compute_dropout(DropoutState(trained=trained, p=p, x1=-0.7, x2=1.1, inverted=False))
    c = float(result.network[3])
    assert plain.expected - c == pytest.approx((1 - p) * (result.whole - c))


def test_masks_keep_the_right_share_and_a_larger_p_only_drops_more():
    assert masks(0.0).all()
    assert masks(0.5).shape == (MASKS, UNITS)
    assert masks(0.3).mean() == pytest.approx(0.7, abs=0.05)
    assert not (masks(0.6) & ~masks(0.4)).any()


def test_the_answers_are_those_of_the_engines_network():
    state = DropoutState(x1=0.3, x2=-0.9, p=0.4)
    result = compute_dropout(state)
    model = model_of(0.3)
    units = model[1](model[0](engine.tensor([[0.3, -0.9]])))
    kept = engine.tensor((masks(0.4) / 0.6).astype(np.float32))
    assert result.units == pytest.approx(numbers(units)[0], rel=1e-5)
    assert result.whole == pytest.approx(numbers(model[2](units))[0, 0], rel=1e-5)
    assert result.answers == pytest.approx(numbers(model[2](units * kept))[:, 0], rel=1e-4)


@pytest.mark.parametrize("number", [1, 12])
def test_the_three_tiles(number):
    result = compute_dropout(DropoutState(mask=number, p=0.5))
    model, kept = model_of(0.3), masks(0.5)[:number]
    plane = engine.tensor(PLANE.astype(np.float32))
    logits = [numbers(model[2](model[1](model[0](plane)) * engine.tensor(2.0 * k.astype(np.float32)))) for k in kept]
    expected = [logits[-1], np.mean(logits, axis=0), numbers(model(plane))]
    probabilities = 1 / (1 + np.exp(-np.stack(expected)[..., 0]))
    assert result.fields.reshape(3, -1) == pytest.approx(probabilities, abs=1e-4)


def test_the_shares_count_the_points():
    x, y = points()
    result = compute_dropout(DropoutState(mask=3))
    right = (numbers(model_of(0.3)(engine.tensor(x)))[:, 0] > 0) == (y == 1)
    assert result.right[2] == pytest.approx(right.mean())


def test_units_that_met_dropout_do_without_each_other():
    def sub_networks(trained):
        states = (DropoutState(trained=trained, mask=n) for n in range(1, MASKS + 1))
        return np.mean([compute_dropout(state).right[0] for state in states])

    assert sub_networks("with dropout 0.3") > sub_networks("without dropout") + 0.1
    assert compute_dropout(DropoutState(trained="without dropout")).right[2] == 1


def test_the_running_mean():
    result = compute_dropout(DropoutState())
    assert result.running[0] == result.answers[0]
    assert result.running[9] == pytest.approx(result.answers[:10].mean())
    assert result.running[-1] == pytest.approx(result.answers.mean())


def test_what_is_drawn_is_the_result():
    lab = DropoutLab(mask=7)
    kept = lab.result.kept[6]
    words = lab.view.names.texts
    assert [text == "×" for text in words[:UNITS]] == (~kept).tolist()
    assert words[UNITS : UNITS + 2] == ["0.50", "0.40"]
    faint = lab.view.edges.get_colors()[:, 3].reshape(UNITS, 3).max(axis=1) < 0.5
    assert (faint == ~kept).all()
    assert lab.view.mean.get_ydata() == pytest.approx(lab.result.running[:7])


def test_the_task_needs_many_masks_of_many_dropped_units():
    assert DropoutLab(mask=100).goal.reached
    few = DropoutLab(p=0.0, mask=100).goal
    assert not few.reached
    assert "But p is below" in few.verdict
    assert not DropoutLab(mask=100, inverted=False).goal.reached


def test_the_star_and_the_line_are_dragged():
    lab = DropoutLab()
    drag(lab, "point", -0.42, 9.0)
    assert (lab.state.x1, lab.state.x2) == (-0.4, 1.4)
    drag(lab, "mask", 31.7, 0.0)
    assert lab.state.mask == 32
    drag(lab, "mask", -5, 0.0)
    assert lab.state.mask == 1


@pytest.mark.parametrize("kind", ["reference", "torch"])
@pytest.mark.parametrize("name", list(DropoutLab.presets))
def test_the_cell_trains_the_same_network(name, kind):
    lab = DropoutLab()
    lab.preset(name)
    scope, _ = run_cell(lab.as_code(), kind)
    expected = [lab.result.running[lab.state.mask - 1], lab.result.whole]
    assert numbers(scope["output"]) == pytest.approx(expected, rel=2e-2, abs=2e-2)
