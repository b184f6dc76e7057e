"""GatesLab: net values, margins and the map of all lines, by values worked out by hand."""

import numpy as np
import pytest

from dlcourse.labs import GatesLab
from dlcourse.labs.gates import ANGLES, GATES, OFFSETS, GatesState, best_margin, compute_gates, solution_map
from tests.labs.lab_tools import drag, handles, numbers, run_cell, shown

LINEAR = [gate for gate in GATES if "X" not in gate]
ROOT = 2**0.5


def compute(**settings):
    return compute_gates(GatesState(**settings))


# -- by hand --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "z", "output"),
    [
        ({"w1": 0.5, "w2": 0.5, "b": -0.7}, [-0.7, -0.2, -0.2, 0.3], [0, 0, 0, 1]),
        ({"w1": 0.5, "w2": 0.5, "b": -0.8}, [-0.8, -0.3, -0.3, 0.2], [0, 0, 0, 1]),
        ({"w1": 1.0, "w2": 1.0, "b": -1.0}, [-1, 0, 0, 1], [0, 0, 0, 1]),
        ({"w1": 1.0, "w2": 1.0, "b": -1.0, "tie": "z ≥ 0"}, [-1, 0, 0, 1], [0, 1, 1, 1]),
        ({"w1": -0.5, "w2": -0.5, "b": 0.7}, [0.7, 0.2, 0.2, -0.3], [1, 1, 1, 0]),
        ({"w1": -1.0, "w2": 0.0, "b": 0.5}, [0.5, 0.5, -0.5, -0.5], [1, 1, 0, 0]),
        ({"w1": 0.5, "w2": -0.25, "b": 0.1, "scale": 4.0}, [0.4, -0.6, 2.4, 1.4], [1, 0, 1, 1]),
    ],
)
def test_net_values_and_outputs_row_by_row(settings, z, output):
    result = compute(**settings)
    assert result.z.tolist() == pytest.approx(z, abs=1e-12)
    assert result.output.tolist() == output


def test_a_tie_is_a_tie_in_spite_of_rounding():
    for w1, w2, b in ((0.5, 0.2, -0.7), (0.1, 0.2, -0.3), (1.1, 0.1, -1.2)):  # 0.1 + 0.2 − 0.3 is 5.6e-17 in floats
        assert compute(w1=w1, w2=w2, b=b).output[3] == 0
        assert compute(w1=w1, w2=w2, b=b, tie="z ≥ 0").output[3] == 1


@pytest.mark.parametrize(
    ("gate", "target"),
    [*zip(GATES, ["0001", "0111", "1110", "1000", "1100", "0110", "1001"], strict=True)],
)
def test_the_truth_tables(gate, target):
    result = compute(gate=gate)
    assert result.x.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert "".join(map(str, result.target)) == target


def test_the_smallest_margin_is_the_distance_of_the_nearest_row():
    assert compute(w1=0.5, w2=0.5, b=-0.7).margin == pytest.approx(0.2 * ROOT)  # (0, 1): 0.2 / (0.5·√2)
    assert compute(w1=0.5, w2=0.5, b=-0.75).margin == pytest.approx(ROOT / 4)
    assert compute(w1=0.5, w2=0.5, b=-0.2).margin == pytest.approx(-0.3 * ROOT)  # (0, 1) on the wrong side
    assert compute(gate="NOT x₁", w1=-1.0, w2=0.0, b=0.5).margin == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("gate", "best"),
    [*((gate, ROOT / 4) for gate in GATES[:4]), ("NOT x₁", 0.5), ("XOR", -ROOT / 4), ("XNOR", -ROOT / 4)],
)
def test_the_best_margin_of_each_gate(gate, best):
    assert best_margin(gate) == pytest.approx(best, abs=1e-4)
    assert round(best_margin("AND"), 3) == 0.354


def test_no_line_of_ten_thousand_beats_the_best_margin():
    rng = np.random.default_rng(0)
    w, b = rng.normal(size=(10_000, 2)), rng.normal(size=10_000)
    for gate in GATES:
        result = compute(gate=gate)
        margins = ((2 * result.target - 1) * (w @ result.x.T + b[:, None])).min(axis=1) / np.hypot(*w.T)
        assert margins.max() <= best_margin(gate) + 1e-4


def test_scaling_changes_z_and_nothing_else():
    one, four = (compute(w1=0.5, w2=0.4, b=-0.7, scale=c) for c in (1.0, 4.0))
    assert four.z.tolist() == pytest.approx((4 * one.z).tolist())
    for name in ("margin", "angle", "offset"):
        assert getattr(four, name) == pytest.approx(getattr(one, name))
    assert (four.output == one.output).all()


def test_angle_and_shift_of_the_line():
    result = compute(w1=0.5, w2=0.5, b=-0.7)
    assert result.angle == pytest.approx(45)
    assert result.offset == pytest.approx((0.5 - 0.7) / (0.5 * ROOT))
    assert compute(w1=0.0, w2=-2.0, b=1.0).angle == pytest.approx(-90)
    assert compute(w1=0.0, w2=-2.0, b=1.0).offset == pytest.approx(0)


# -- the map of all lines -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("gate", GATES)
def test_each_cell_of_the_map_counts_the_rows_of_its_line(gate):
    target = compute(gate=gate).target
    counts = solution_map(gate)
    assert counts.shape == (len(OFFSETS), len(ANGLES))
    for i, j in np.ndindex(counts.shape):
        if (i + j) % 7:
            continue
        w1, w2 = np.cos(np.radians(ANGLES[j])), np.sin(np.radians(ANGLES[j]))
        b = OFFSETS[i] - 0.5 * w1 - 0.5 * w2
        z = [b, w2 + b, w1 + b, w1 + w2 + b]
        if min(map(abs, z)) > 1e-9:  # a line through a row has no place of its own
            assert counts[i, j] == sum((value > 0) == t for value, t in zip(z, target, strict=True))


@pytest.mark.parametrize("gate", LINEAR)
def test_a_linear_gate_has_one_island_of_four_on_the_map(gate):
    island = solution_map(gate) == 4
    i, j = np.argwhere(island)[0]
    reached, front = {(i, j)}, [(i, j)]
    while front:
        i, j = front.pop()
        for near in ((i + 1, j), (i - 1, j), (i, (j + 1) % len(ANGLES)), (i, (j - 1) % len(ANGLES))):
            if 0 <= near[0] < len(OFFSETS) and island[near] and near not in reached:
                reached.add(near)
                front.append(near)
    assert len(reached) == island.sum() > 20


def test_no_line_anywhere_gets_more_than_three_rows_of_xor():
    for gate in ("XOR", "XNOR"):
        assert set(np.unique(solution_map(gate))) == {1, 2, 3}


def test_the_dot_stands_on_the_count_of_its_own_line():
    for w1, w2, b in ((0.5, 0.5, -0.7), (1.0, -1.0, 0.3), (-0.3, 1.2, -0.4), (-1.0, -0.2, 0.5)):
        result = compute(w1=w1, w2=w2, b=b)
        i = np.abs(OFFSETS - result.offset).argmin()
        j = np.abs(ANGLES - result.angle).argmin()
        assert result.solutions[i, j] == result.correct.sum()


# -- what is seen ---------------------------------------------------------------------------------------------------


def side(lab, x1, x2) -> str:
    """The colour of the input plane at a point, by its pixels."""
    column, row = round(40 + 312 * (x1 + 0.9) / 2.6), round(30 + 312 * (1.7 - x2) / 2.6)
    red, _, blue = np.median(shown(lab)[row - 2 : row + 3, column - 2 : column + 3].reshape(-1, 3), axis=0)
    return "orange" if red > blue else "blue"


@pytest.mark.pixels
def test_the_plane_is_orange_where_the_perceptron_fires():
    lab = GatesLab(w1=0.5, w2=0.5, b=-0.7)
    assert [side(lab, *x) for x in ((1.3, 1.3), (0.3, 0.6), (1.4, 0.2), (-0.5, 1.4))] == [
        "orange",
        "blue",
        "orange",
        "blue",
    ]
    lab.set(w1=-0.5, w2=-0.5, b=0.7)
    assert [side(lab, *x) for x in ((1.3, 1.3), (0.3, 0.6))] == ["blue", "orange"]


def test_the_table_holds_z_output_target_and_tick():
    lab = GatesLab(w1=0.5, w2=0.5, b=-0.2)
    rows = lab.view.table.rows
    assert rows == [
        ["0", "0", "−0.20", "0", "0", "✓"], ["0", "1", "0.30", "1", "0", "✗"],
        ["1", "0", "0.30", "1", "0", "✗"], ["1", "1", "0.80", "1", "1", "✓"],
    ]  # fmt: skip


def test_the_gauge_shows_this_margin_and_the_best():
    lab = GatesLab(w1=0.5, w2=0.5, b=-0.7)
    assert lab.view.bar.get_width() == pytest.approx(0.2 * ROOT)
    assert lab.view.bar_text.get_text() == "now 0.283\nbest possible 0.354"
    lab.set(b=-0.2)
    assert lab.view.bar_text.get_text() == "now −0.424\nbest possible 0.354"


def test_the_rule_in_words_with_bias_and_with_threshold():
    lab = GatesLab(w1=0.5, w2=-0.5, b=-0.7)
    assert lab.status.startswith("Fires if 0.50·x₁ − 0.50·x₂ − 0.70 > 0.")
    lab.set(threshold=True, tie="z ≥ 0")
    assert lab.status.startswith("Fires if 0.50·x₁ − 0.50·x₂ ≥ 0.70.")
    assert lab.view.formula.get_text() == "fires if  0.50·x₁ − 0.50·x₂ ≥ 0.70"


def test_the_sentence_names_the_wrong_rows():
    lab = GatesLab(w1=0.5, w2=0.5, b=-0.2)
    assert "Wrong: (0, 1), (1, 0). Smallest margin −0.424, best possible 0.354." in lab.status
    lab.set(b=-0.7)
    assert "No row is wrong." in lab.status


@pytest.mark.parametrize(
    ("b", "tie", "fires"),
    [(-0.5, "z > 0", "never"), (0.5, "z > 0", "always"), (0, "z > 0", "never"), (0, "z ≥ 0", "always")],
)
def test_without_weights_there_is_no_line_and_the_lab_says_so(b, tie, fires):
    lab = GatesLab(w1=0, w2=0, b=b, tie=tie)
    assert lab.status == f"Degenerate: w = (0, 0), there is no line and the perceptron {fires} fires."
    assert np.isnan(lab.result.margin)
    assert list(handles(lab)) == ["weights"]
    assert lab.view.bar_text.get_text().startswith("now none")


@pytest.mark.parametrize(
    ("preset", "verdict", "reached"),
    [
        ("AND with θ = 0.7", "AND: 4 of 4 correct.", True),
        ("AND with θ = 0.8", "AND: 4 of 4 correct.", True),
        ("(1, 1, θ = 1) under >: AND", "AND: 4 of 4 correct.", True),
        ("(1, 1, θ = 1) under ≥: not AND", "AND: 2 of 4 correct.", False),
        ("NAND: every sign of AND flipped", "NAND: 4 of 4 correct.", True),
        ("OR: yours to find", "OR: 2 of 4 correct.", False),
        ("NOT: the second weight is idle", "NOT x₁: 4 of 4 correct.", True),
        ("XOR: three is the most", "XOR: 3 of 4 correct. No line gets more than 3.", True),
        ("No weights, no line", "AND: 3 of 4 correct.", False),
    ],
)
def test_each_preset_shows_what_its_name_says(preset, verdict, reached):
    lab = GatesLab()
    lab.preset(preset)
    assert (lab.goal.verdict, lab.goal.reached) == (verdict, reached)


def test_every_preset_is_in_the_list_above():
    assert len(GatesLab.presets) == 9


# -- handles --------------------------------------------------------------------------------------------------------


def test_the_line_goes_through_the_place_it_is_dragged_to():
    lab = GatesLab(w1=0.5, w2=1.0, b=0.0)
    drag(lab, "line", 0.6, 0.7)
    assert lab.state.b == pytest.approx(-(0.5 * 0.6 + 1.0 * 0.7))
    spec = handles(lab)["line"]
    assert 0.5 * spec["x"] + spec["y"] + lab.state.b == pytest.approx(0)  # and the handle is on the line
    assert np.dot(spec["direction"], [0.5, 1.0]) == pytest.approx(0)


def test_the_tip_of_the_arrow_is_the_weights():
    lab = GatesLab(w1=1.0, w2=-0.5)
    tip = handles(lab)["weights"]
    assert (tip["x"], tip["y"]) == pytest.approx((0.4, -0.2))
    drag(lab, "weights", -0.2, 0.6)
    assert (lab.state.w1, lab.state.w2) == (-0.5, 1.5)


def test_the_dot_turns_and_shifts_the_line_and_keeps_the_length_of_w():
    lab = GatesLab(w1=0.7, w2=0.1, b=0.0)
    drag(lab, "dot", 45.0, -ROOT / 4)
    assert (lab.state.w1, lab.state.w2, lab.state.b) == pytest.approx((0.5, 0.5, -0.75))
    assert lab.result.margin == pytest.approx(best_margin("AND"))
    assert "direction 45 degrees, shift −0.35".replace("−", "-") == handles(lab)["dot"]["text"]


def test_a_step_of_a_key_on_the_line_is_a_step_of_the_bias_slider():
    lab = GatesLab(w1=0.3, w2=-0.4, b=0.1)
    spec = handles(lab)["line"]
    normal = np.array([spec["direction"][1], -spec["direction"][0]]) / np.hypot(*spec["direction"])
    drag(lab, "line", *(np.array([spec["x"], spec["y"]]) + spec["step"][0] * normal))
    assert abs(lab.state.b - 0.1) == pytest.approx(0.05)


# -- as code --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ["reference", "torch"])
@pytest.mark.parametrize("preset", GatesLab.presets)
def test_the_cell_computes_the_table(engine, preset):
    lab = GatesLab()
    lab.preset(preset)
    lab.set(scale=2.5)
    scope, printed = run_cell(lab.as_code(), engine)
    assert numbers(scope["z"]).tolist() == pytest.approx(lab.result.z.tolist(), abs=1e-5)
    assert numbers(scope["output"]).tolist() == lab.result.output.tolist()
    assert printed == f"{lab.result.correct.sum()} of 4 correct\n"


@pytest.mark.parametrize("engine", ["reference", "torch"])
@pytest.mark.parametrize(
    ("scale", "w1", "w2", "b"),
    [(2.25, 1.8, -1.95, 0.15), (3.0, 1.4, -1.95, 0.55), (3.25, 1.35, -1.9, 0.55), (1, 0.5, 0.2, -0.7)],
)
def test_the_cell_s_float32_sees_the_ties_that_the_lab_sees(engine, scale, w1, w2, b):
    for tie in ("z > 0", "z ≥ 0"):  # (1, 1) is exactly on the line; float32 misses it by up to 6e-7
        lab = GatesLab(w1=w1, w2=w2, b=b, scale=scale, tie=tie)
        assert lab.result.z[3] == 0
        scope, _ = run_cell(lab.as_code(), engine)
        assert numbers(scope["output"]).tolist() == lab.result.output.tolist()
