"""ComposedGatesLab: XOR out of three gates, signal by signal."""

import itertools

import numpy as np
import pytest

from dlcourse import data
from dlcourse.labs import ComposedGatesLab
from dlcourse.labs.composed_gates import PERCEPTRONS, PLACES, ROWS, ComposedGatesState, compute_composed_gates, fires
from tests.labs.lab_tools import drag, handles, numbers, run_cell, shown


def compute(**settings):
    return compute_composed_gates(ComposedGatesState(**settings))


@pytest.mark.parametrize("name", PERCEPTRONS)
def test_each_perceptron_is_the_gate_of_its_name(name):
    x, target = data.gate(name)
    assert fires(np.array([PERCEPTRONS[name]]), x)[:, 0].tolist() == target.tolist()


def test_xor_is_and_of_nand_and_or():
    result = compute(first="NAND", second="OR", output="AND")
    assert result.hidden.tolist() == [[1, 0], [1, 1], [1, 1], [0, 1]]
    assert result.output.tolist() == [0, 1, 1, 0]
    assert result.correct.all()


def test_all_the_ways_to_make_xor_out_of_gates():
    def gate(name, a, b):
        return {"AND": a & b, "OR": a | b, "NAND": 1 - (a & b), "NOR": 1 - (a | b)}[name]

    for first, second, output in itertools.product(PERCEPTRONS, repeat=3):
        by_logic = [gate(output, gate(first, a, b), gate(second, a, b)) for a in (0, 1) for b in (0, 1)]
        assert compute(first=first, second=second, output=output).output.tolist() == by_logic


def test_an_own_unit_takes_its_weights_from_the_sliders():
    result = compute(first="own", second="own", w1=1.0, w2=-1.0, b=-0.5)
    assert result.units[0].tolist() == result.units[1].tolist() == [1.0, -1.0, -0.5]
    assert result.hidden[:, 0].tolist() == [0, 0, 1, 0]


def test_a_tie_does_not_fire_in_spite_of_rounding():
    assert compute(first="own", w1=0.1, w2=0.2, b=-0.3).hidden[3, 0] == 0  # 0.1 + 0.2 − 0.3 is 5.6e-17 in floats


@pytest.mark.parametrize(
    ("preset", "verdict"),
    [
        ("XOR = AND(NAND, OR)", "XOR: 4 of 4 correct."),
        ("XNOR: the output turned over", "XNOR: 4 of 4 correct."),
        ("XOR by your own unit", "XOR: 4 of 4 correct."),
        ("One layer too few: h₂ repeats h₁", "XOR: 3 of 4 correct."),
    ],
)
def test_each_preset_shows_what_its_name_says(preset, verdict):
    lab = ComposedGatesLab()
    lab.preset(preset)
    assert lab.goal.verdict == verdict
    assert lab.goal.reached == ("4 of 4" in verdict)


def test_the_own_unit_s_preset_uses_the_own_unit():
    lab = ComposedGatesLab()
    lab.preset("XOR by your own unit")
    assert "own" in (lab.state.first, lab.state.second)
    lab.set(b=-2.0)
    assert not lab.goal.reached


def test_the_table_shows_every_signal():
    lab = ComposedGatesLab(first="NAND", second="OR", output="OR")
    assert lab.view.table.rows == [
        list("001010✗"),
        list("011111✓"),
        list("101111✓"),
        list("110110✗"),
    ]


@pytest.mark.parametrize(("row", "signals"), [*zip(ROWS, ["00100", "01111", "10111", "11010"], strict=True)])
def test_the_circuit_shows_the_signals_of_the_chosen_row(row, signals):
    lab = ComposedGatesLab(first="NAND", second="OR", output="AND", row=row)
    assert "".join(lab.view.signals.texts) == signals
    thick = {wire for wire, line in lab.view.wires.items() if line.get_linewidth() == 4}
    sources = {name for name, signal in zip(PLACES, signals, strict=True) if signal == "1"}
    assert thick == {wire for wire in lab.view.wires if wire[0] in sources}
    h1, h2, y = signals[2:]
    assert lab.status == f"Inputs {row}: h₁ is {h1}, h₂ is {h2}, y is {y}. No row is wrong."


def test_the_weights_are_written_out():
    lab = ComposedGatesLab(first="NAND", second="own", output="AND")
    assert lab.view.weights.texts == [
        "h₁ = [−0.5·x₁ − 0.5·x₂ + 0.7 > 0]",
        "h₂ = [1.0·x₁ − 1.0·x₂ − 0.5 > 0]",
        "y = [0.5·h₁ + 0.5·h₂ − 0.7 > 0]",
    ]


@pytest.mark.pixels
def test_the_plane_is_orange_between_the_two_lines_of_xor():
    lab = ComposedGatesLab(first="NAND", second="OR", output="AND")

    def colour(x1, x2):
        column, row = round(40 + 276 * (x1 + 0.6) / 2.2), round(30 + 276 * (1.6 - x2) / 2.2)
        red, _, blue = np.median(shown(lab)[row - 2 : row + 3, column - 2 : column + 3].reshape(-1, 3), axis=0)
        return "orange" if red > blue else "blue"

    assert [colour(*x) for x in ((-0.3, -0.3), (0.5, 0.3), (0.2, 0.9), (1.3, 1.3))] == [
        "blue",
        "orange",
        "orange",
        "blue",
    ]


@pytest.mark.parametrize(
    ("x", "y", "row"), [(0.1, 0.9, "0, 1"), (0.8, 0.2, "1, 0"), (-50, -50, "0, 0"), (1e9, 1e9, "1, 1")]
)
def test_the_ring_goes_to_the_nearest_row(x, y, row):
    lab = ComposedGatesLab()
    drag(lab, "row", x, y)
    assert lab.state.row == row
    spec = handles(lab)["row"]
    assert [spec["x"], spec["y"]] == [float(n) for n in row.split(", ")]
    assert spec["text"] == f"inputs {row}"
    assert lab.controls["row"].input.value == row


@pytest.mark.parametrize("engine", ["reference", "torch"])
@pytest.mark.parametrize("preset", ComposedGatesLab.presets)
def test_the_cell_computes_the_table(engine, preset):
    lab = ComposedGatesLab()
    lab.preset(preset)
    scope, _ = run_cell(lab.as_code(), engine)
    assert numbers(scope["h"]).tolist() == lab.result.hidden.tolist()
    assert numbers(scope["output"]).tolist() == lab.result.output.tolist()
