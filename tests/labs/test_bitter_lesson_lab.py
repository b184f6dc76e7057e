"""BitterLessonLab: the measured curves, counted work, and who is ahead."""

import itertools

import numpy as np
import pytest

from dlcourse import data, models, reference
from dlcourse.data.bitter_lesson import ROWS, SEEDS, STEPS
from dlcourse.labs import BitterLessonLab
from dlcourse.labs.bitter_lesson import COMPUTE, LOGS, PRODUCTS, WEIGHTS, BitterLessonState, operations
from tests.labs.lab_tools import drag, handles, numbers, run_cell


def test_the_numbers_learned_are_those_of_the_networks():
    networks = {"hand": models.mlp(reference, [40, 10]), "mlp": models.residual_mlp(reference),
                "cnn": models.conv1d_net(reference)}  # fmt: skip
    for name, model in networks.items():
        assert sum(p.numel() for p in model.parameters()) == WEIGHTS[name]


def test_the_products_by_the_shapes_of_the_layers():
    """A convolution uses each weight once at every place; a dense layer once."""
    x, counted = reference.tensor(np.zeros((1, 40), np.float32)), 0
    for layer in models.conv1d_net(reference):
        x = layer(x)
        weights = [p.numel() for name, p in layer.named_parameters() if name == "weight"]
        counted += sum(weights) * (x.shape[2] if x.ndim == 3 else 1)
    assert counted == PRODUCTS["cnn"]
    assert PRODUCTS["mlp"] == 15_210 - 210  # all weights but the biases
    assert operations("hand", 60) == 6 * 400 * 100 * 60


def test_the_curves_are_those_of_the_file():
    lab, found = BitterLessonLab(signals=2000, steps=2000), data.bitter_lesson()
    for name in ("hand", "mlp", "cnn"):
        at = 100 * found[name][5, :, 3]
        assert lab.result.by_data[name][:, 5] == pytest.approx([at.min(), at.mean(), at.max()])
        assert lab.result.by_training[name][:, 3] == pytest.approx([at.min(), at.mean(), at.max()])
        assert lab.result.by_data[name].shape == (3, len(ROWS))
        assert lab.result.by_training[name].shape == (3, len(STEPS))
    gap = 100 * (found["cnn"] - found["hand"])[5, :, 3].mean()
    assert lab.result.gap == pytest.approx(gap)


def test_the_task_is_reached_at_the_crossing_only():
    ahead = (data.bitter_lesson()["cnn"] > data.bitter_lesson()["hand"]).all(axis=1)
    first = int(ahead.any(axis=1).argmax())
    reached = [
        (signals, steps)
        for signals in ROWS
        for steps in STEPS
        if BitterLessonLab(signals=signals, steps=steps).goal.reached
    ]
    assert reached == [(8000, steps) for steps, won in zip(STEPS, ahead[first], strict=True) if won]
    assert ROWS[first] == 8000
    late = BitterLessonLab(signals=32_000, steps=6000).goal
    assert late.verdict == f"The CNN is ahead in {SEEDS} of {SEEDS} seeds. Less data would do."
    assert "MLP is ahead in 0" in BitterLessonLab(signals=32_000, steps=6000, rival="MLP").goal.verdict


def test_both_handles_snap_to_what_was_measured():
    lab = BitterLessonLab()
    drag(lab, "data", 3.55, 0.0)
    assert lab.state.signals == 4000
    assert handles(lab)["data"]["text"] == "4,000 training signals"
    drag(lab, "training", float(COMPUTE["cnn"][1]) + 0.1, 0.0)
    assert lab.state.steps == 200
    assert handles(lab)["training"]["text"] == "200 steps"
    assert handles(lab)["training"]["y"] == pytest.approx(lab.result.by_training["cnn"][1, 1])


def test_an_arrow_key_moves_each_handle_by_at_least_one_place():
    for signals, more in itertools.pairwise(ROWS):
        lab = BitterLessonLab(signals=signals)
        spec = handles(lab)["data"]
        drag(lab, "data", spec["x"] + spec["step"][0], 0.0)
        assert lab.state.signals == more
        drag(lab, "data", float(LOGS[ROWS.index(more)]) - spec["step"][0], 0.0)
        assert lab.state.signals == signals
    for steps, more in itertools.pairwise(STEPS):
        lab = BitterLessonLab(steps=steps)
        spec = handles(lab)["training"]
        drag(lab, "training", spec["x"] + spec["step"][0], 0.0)
        assert lab.state.steps == more


def test_wrong_settings_are_refused():
    with pytest.raises(ValueError, match=r"BitterLessonLab: signals must be one of 50, 100, .*; got 10"):
        BitterLessonState(signals=10)


@pytest.mark.parametrize("engine", ["reference", "torch"])
def test_the_cell_prints_what_the_lab_shows(engine):
    lab = BitterLessonLab()
    for name in BitterLessonLab.presets:
        lab.preset(name)
        scope, printed = run_cell(lab.as_code(), engine)
        means = [lab.result.by_data[model][1, lab.state.place[0]] for model in ("hand", "mlp", "cnn")]
        assert numbers(scope["output"]) == pytest.approx(means, rel=1e-5)
        assert f"ahead in {lab.result.ahead} seeds" in printed
