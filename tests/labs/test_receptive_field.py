"""ReceptiveFieldLab: fields, sizes and weights by hand, paths by counting, tasks, the unit that is dragged."""

import numpy as np
import pytest

from dlcourse.labs import ReceptiveFieldLab
from dlcourse.labs.receptive_field import (
    KINDS,
    NONE,
    TASKS,
    ReceptiveFieldState,
    compute_receptive_field,
    inputs_of,
)
from tests.labs.lab_tools import drag, handles, numbers, run_cell

NAMES = ("first", "second", "third", "fourth", "fifth")


def stack(*kinds, **others) -> dict:
    return dict(zip(NAMES, [*kinds, *[NONE] * (5 - len(kinds))], strict=True)) | others


def result(*kinds, **others):
    return compute_receptive_field(ReceptiveFieldState(**stack(*kinds, **others)))


@pytest.mark.parametrize(
    ("kinds", "field", "places"),
    [
        ([], 1, 32),
        (["conv 1"], 1, 32),
        (["conv 5"], 5, 32),
        (["conv 3", "conv 3"], 5, 32),
        (["conv 7", NONE, "conv 7"], 13, 32),
        (["conv 3, stride 2", "conv 3"], 7, 16),
        (["conv 3", "pool 2", "conv 3", "pool 2"], 10, 8),
        (["conv 3", "conv 3, dilation 2", "conv 3, dilation 4", "conv 3, dilation 8"], 31, 32),
        (["pool 2"] * 5, 32, 1),
        (["conv 3, stride 2"] * 5, 63, 1),
    ],
)
def test_fields_and_places_by_hand(kinds, field, places):
    last = result(*kinds, unit=0).last
    assert (last.field, last.places) == (field, places)


def test_paths_are_pascals_triangle():
    found = result("conv 3", "conv 3", unit=15).paths
    assert found[13:18].tolist() == [1, 2, 3, 2, 1]
    assert found.sum() == 9
    assert result("conv 3, dilation 8", unit=15).paths.nonzero()[0].tolist() == [7, 15, 23]


@pytest.mark.parametrize("kinds", [[kind] for kind in KINDS] + [["conv 5", "pool 2", "conv 3, stride 2", "conv 3"]])
def test_the_units_that_are_drawn_are_those_with_a_gradient(kinds):
    for unit in (0, 2, 31):
        found = result(*kinds, unit=unit)
        assert set(found.paths.nonzero()[0]) == found.rows[0].seen
        assert found.last.seen == {found.unit}


def test_a_unit_stands_over_the_middle_of_what_it_sees():
    for kinds in (["conv 5"], ["pool 2"], ["conv 3, stride 2", "pool 2"], ["pool 2", "pool 2", "conv 3"]):
        found = result(*kinds, unit=3)
        middle = np.mean(found.paths.nonzero()[0])
        assert found.last.start + 3 * found.last.jump == middle


def test_inputs_by_hand():
    assert inputs_of("conv 3", 0, 32) == [0, 1]  # one is padding
    assert inputs_of("conv 3, dilation 4", 10, 32) == [6, 10, 14]
    assert inputs_of("conv 3, stride 2", 5, 32) == [9, 10, 11]
    assert inputs_of("pool 2", 5, 32) == [10, 11]


def test_weights_by_hand():
    row = result("conv 3", channels=2).last
    assert row.weights == 2 * (2 * 9 + 1) == 38
    assert row.dense == (32 * 32 * 2) * (32 * 32 * 2) + 32 * 32 * 2
    found = result("conv 3, stride 2", "pool 2", channels=3)
    assert found.rows[1].dense == (32 * 32 * 3 + 1) * (16 * 16 * 3)
    assert (found.last.weights, found.last.dense) == (0, 0)
    assert found.total("weights") == 3 * (27 + 1)


@pytest.mark.parametrize(
    ("task", "kinds", "reached"),
    [
        (TASKS[0], ["conv 5"], False),
        (TASKS[0], ["conv 3", "conv 3"], True),
        (TASKS[0], ["conv 3", "conv 3", "conv 3"], False),
        (TASKS[1], ["conv 3"] * 5, False),
        (TASKS[1], ["conv 7"] * 5, False),  # sees enough, costs too much
        (TASKS[1], ["conv 3, stride 2"] * 4, True),
        (TASKS[2], ["conv 3, stride 2"] * 4, False),
        (TASKS[2], ["conv 3", "conv 3, dilation 2", "conv 3, dilation 4", "conv 3, dilation 8"], True),
    ],
)
def test_tasks(task, kinds, reached):
    for channels in (16, 64):
        assert ReceptiveFieldLab(**stack(*kinds, task=task, channels=channels)).goal.reached == reached


def test_the_unit_is_dragged_and_stays_in_its_row():
    lab = ReceptiveFieldLab(**stack("pool 2", "pool 2"))
    assert lab.controls["unit"].input.max == 7
    drag(lab, "unit", 13.2, 0)
    assert lab.result.unit == 3  # units stand at 1.5, 5.5, 9.5, 13.5
    assert handles(lab)["unit"]["x"] == 13.5
    assert "unit 3 of 8" in handles(lab)["unit"]["text"]
    drag(lab, "unit", 1e9, 0)
    assert lab.result.unit == 7


def test_words():
    assert "reaches back over 5 pixels. 6,416 weights" in ReceptiveFieldLab().status
    edge = ReceptiveFieldLab(**stack("conv 5", unit=0)).status
    assert "over 5 pixels and reads 3 of them: the others lie in holes or beyond the edge" in edge
    assert ReceptiveFieldLab(first=NONE).status.endswith("over 1 pixel. Nothing here learns.")
    lab = ReceptiveFieldLab(**stack("conv 3, stride 2"))
    assert "16 × 16, field 3 × 3" in lab.view.words.texts


@pytest.mark.parametrize("engine", ["reference", "torch"])
def test_the_cell_counts_the_paths(engine):
    lab = ReceptiveFieldLab()
    for changes in ReceptiveFieldLab.presets.values():
        lab.set(**vars(ReceptiveFieldState()) | changes)
        scope, printed = run_cell(lab.as_code(), engine)
        assert numbers(scope["output"]).tolist() == lab.result.paths.tolist()
        assert printed == f"{(lab.result.paths > 0).sum()} pixels are read\n"
