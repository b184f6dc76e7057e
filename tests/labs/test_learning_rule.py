"""LearningRuleLab: Rosenblatt's corrections by hand, the convergence bound on data, and XOR that cycles."""

import numpy as np
import pytest

from dlcourse import data
from dlcourse.labs import LearningRuleLab
from dlcourse.labs.learning_rule import LearningRuleState, compute_learning_rule, learn, rows_of
from tests.labs.lab_tools import numbers, run_cell

# AND at rate 0.5, worked out on paper: (w₁, w₂, b) after each row, four rows a pass, and the corrections so far.
AND = [
    (0, 0, 0), (0, 0, 0), (0, 0, 0), (0.5, 0.5, 0.5),
    (0.5, 0.5, 0), (0.5, 0, -0.5), (0.5, 0, -0.5), (1, 0.5, 0),
    (1, 0.5, 0), (1, 0, -0.5), (0.5, 0, -1), (1, 0.5, -0.5),
    (1, 0.5, -0.5), (1, 0.5, -0.5), (0.5, 0.5, -1), (1, 1, -0.5),
    (1, 1, -0.5), (1, 0.5, -1), (1, 0.5, -1), (1, 0.5, -1),
    (1, 0.5, -1), (1, 0.5, -1), (1, 0.5, -1), (1, 0.5, -1),
]  # fmt: skip
MISTAKES = [0, 0, 0, 1, 2, 3, 3, 4, 4, 5, 6, 7, 7, 7, 8, 9, 9, 10, 10, 10, 10, 10, 10, 10]


def test_and_is_learned_as_on_paper():
    run = learn("AND", 0.5)
    assert run.weights[0].tolist() == [0, 0, 0]
    assert run.weights[1:].tolist() == [list(map(float, row)) for row in AND]
    assert run.mistakes[1:].tolist() == MISTAKES
    assert run.visited.tolist() == [0, 1, 2, 3] * 6
    assert run.converged
    assert run.cycle == 0


def test_xor_goes_round_for_ever_as_on_paper():
    run = learn("XOR", 0.5)
    third_pass = [(-0.5, 0, 0), (-0.5, 0.5, 0.5), (0, 0.5, 1), (-0.5, 0, 0.5)]
    assert run.weights[9:13].tolist() == [list(map(float, row)) for row in third_pass]
    assert run.weights[8].tolist() == run.weights[12].tolist()  # where the second pass ended
    assert not run.converged
    assert (run.cycle, len(run.visited)) == (4, 12)


@pytest.mark.parametrize("gate", ["OR", "NAND"])
def test_the_other_gates_are_learned(gate):
    run = learn(gate, 0.3)
    x, target = data.gate(gate)
    assert run.converged
    assert ((x @ run.weights[-1, :2] + run.weights[-1, 2] > 0) == target).all()


def test_another_rate_takes_the_same_path_at_another_size():
    one, other = learn("AND", 0.5), learn("AND", 1.0)
    assert (2 * one.weights).tolist() == other.weights.tolist()
    assert one.mistakes.tolist() == other.mistakes.tolist()


@pytest.mark.parametrize("name", ["AND", "OR", "NAND", "iris"])
@pytest.mark.parametrize("rate", [0.1, 1.0])
def test_the_mistakes_stay_below_novikoff_s_bound(name, rate):
    run = learn(name, rate)
    assert run.converged
    x = np.column_stack([run.x, np.ones(len(run.x))])  # the bias is a weight of a constant 1
    margin = _best_margin(x, 2 * run.y - 1)
    assert margin > 0
    assert 1 <= run.mistakes[-1] <= (x**2).sum(axis=1).max() / margin**2


def _best_margin(x, sign) -> float:
    """The widest margin of a plane through the origin, by projected subgradient steps on unit vectors."""
    w = np.mean(sign[:, None] * x, axis=0)
    best = -np.inf
    for step in range(1, 4000):
        w = w / np.linalg.norm(w)
        margins = sign * (x @ w)
        best = max(best, margins.min())
        nearest = margins.argmin()
        w = w + sign[nearest] * x[nearest] / step
    return float(best)


def test_the_bound_is_worth_something():
    x = np.column_stack([*data.gate("AND")[0].T, np.ones(4)])
    assert _best_margin(x, np.array([-1, -1, -1, 1])) == pytest.approx(
        1 / np.sqrt(4 + 4 + 9), abs=2e-3
    )  # w ∝ (2, 2, −3)


def test_each_correction_is_the_rule_of_its_row_on_real_data():
    for name in ("iris", "loans"):
        run = learn(name, 0.3)
        for step, row in enumerate(run.visited):
            before, x = run.weights[step], np.array([*run.x[row], 1])
            error = run.y[row] - (before @ x > 1e-9)
            assert run.weights[step + 1] == pytest.approx(before + 0.3 * error * x)


def test_real_data_is_standardised_and_in_an_order_that_stays_the_same():
    for name in ("iris", "loans"):
        x, y, names = rows_of(name)
        assert x.mean(axis=0) == pytest.approx([0, 0], abs=1e-5)
        assert x.std(axis=0) == pytest.approx([1, 1], abs=1e-5)
        assert set(y) == {0, 1}
        assert (x == rows_of(name)[0]).all()
        assert len(names) == 2
        assert (np.diff(y) != 0).sum() > 10  # not one class after the other


# -- what is seen ---------------------------------------------------------------------------------------------------


def test_a_step_shows_its_row_its_correction_and_the_arrow():
    lab = LearningRuleLab(data="AND", step=4)
    cells = lab.view.table.rows
    assert cells == [
        ["row", "4"], ["x", "(1.00, 1.00)"], ["z = w·x + b", "0.00"], ["output y", "0"], ["target t", "1"],
        ["error e = t − y", "1"], ["α·e·x", "(0.50, 0.50)"], ["new w", "(0.50, 0.50)"], ["new b", "0.50"],
        ["rows visited", "4"], ["corrections", "1"],
    ]  # fmt: skip
    largest = 1.0  # of all weights of this run
    assert (lab.view.correction.U[0], lab.view.correction.V[0]) == (0.5 / largest, 0.5 / largest)
    assert lab.view.current.get_xydata()[0] == pytest.approx([0.5, 0.5])  # (1, 1) about the centre (0.5, 0.5)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({}, "Before the first row all weights are 0. 4 rows."),
        ({"step": 4}, "Row 4 was corrected. Corrections so far: 1. The rule stops after 24 rows and 10 corrections"),
        ({"step": 3}, "Row 3 was right, nothing changed. Corrections so far: 0."),
        ({"step": 5}, "Row 1 was corrected. Corrections so far: 2."),
        ({"data": "XOR", "step": 12}, "The weights return after 4 rows: the rule goes round for ever, because no line"),
        (
            {"data": "loans", "step": 600},
            "After 600 rows it still makes mistakes; no line is right, or it needs longer.",
        ),
    ],
)
def test_the_sentence_tells_the_step_and_the_end(settings, sentence):
    assert sentence in LearningRuleLab(**settings).status


def test_the_goal_is_reached_at_the_end_of_a_run_that_stops_or_cycles():
    lab = LearningRuleLab(data="AND", step=23)
    assert (lab.goal.verdict, lab.goal.reached) == ("AND: 4 of 4 correct.", False)
    lab.set(step=24)
    assert lab.goal.reached
    lab.preset("XOR cycles for ever")
    assert lab.goal.verdict.endswith(" It cycles for ever.")
    assert lab.goal.reached
    lab.preset("Loans: no line is right")
    assert not lab.goal.reached


def test_play_goes_row_by_row_and_stops_at_the_last():
    lab = LearningRuleLab(data="AND")
    play = lab.controls["step"].play
    for step in range(1, 25):
        play.value = step
        assert lab.state.step == step
        assert lab.controls["step"].input.value == step
    assert play.max == 24
    assert lab.last_error is None


def test_a_step_beyond_the_end_is_the_last():
    result = compute_learning_rule(LearningRuleState(data="AND", step=600))
    assert result.step == 24
    assert result.after.tolist() == [1, 0.5, -1]


@pytest.mark.parametrize("engine", ["reference", "torch"])
@pytest.mark.parametrize("preset", LearningRuleLab.presets)
def test_the_cell_ends_at_the_weights_of_the_lab(engine, preset):
    lab = LearningRuleLab()
    lab.preset(preset)
    scope, printed = run_cell(lab.as_code(), engine)
    assert numbers(scope["w"]) == pytest.approx(lab.result.after[:2], abs=2e-3)  # the cell holds x with four decimals
    assert scope["b"] == pytest.approx(lab.result.after[2], abs=1e-6)
    assert printed.startswith("tensor([")
