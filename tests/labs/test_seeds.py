"""SeedsLab: twenty starts trained as one batch are twenty trainings."""

import numpy as np
import pytest
import torch

import dlcourse.reference as reference
from dlcourse import data
from dlcourse.labs import SeedsLab
from dlcourse.labs.seeds import STARTS, STEPS_A_TICK, TICKS, SeedsState, compute_seeds, train_all
from dlcourse.models import mlp
from dlcourse.training import fit
from tests.labs.lab_tools import numbers, run_cell, shown


def parameters_of(start: int, hidden: int, activation: str, first_seed: int, tick: int) -> list[np.ndarray]:
    """What the lab holds for one start, in the shapes of mlp's parameters."""
    w, b, v, c = (array[start] for array in train_all(hidden, activation, first_seed)[tick])
    return [w.T, b[0], v.T, c[0]]


def model_after(engine, seed: int, hidden: int, activation: str, epochs: int):
    """The same network alone, trained by the course's own loop."""
    engine.manual_seed(seed)
    model = mlp(engine, [2, hidden, 1], activation)
    x, y = data.gate("XOR")
    x, y = engine.tensor(x), engine.tensor(y[:, None].astype(np.float32))
    loss = engine.nn.functional.binary_cross_entropy_with_logits
    fit(engine, model, loss, engine.optim.Adam(model.parameters(), lr=0.05), x, y, epochs=epochs)
    return model


@pytest.mark.parametrize("engine", [reference, torch], ids=["reference", "torch"])
@pytest.mark.parametrize("hidden", [1, 2, 3])
def test_each_start_is_that_of_mlp_after_manual_seed(engine, hidden):
    for start in range(STARTS):
        engine.manual_seed(40 + start)
        model = mlp(engine, [2, hidden, 1])
        for got, want in zip(parameters_of(start, hidden, "tanh", 40, 0), model.parameters(), strict=True):
            assert got.tolist() == want.detach().numpy().tolist()


@pytest.mark.parametrize(("activation", "name"), [("tanh", "Tanh"), ("sigmoid", "Sigmoid"), ("ReLU", "ReLU")])
def test_each_start_ends_where_it_ends_alone(activation, name):
    for start in (0, 7, 19):
        model = model_after(reference, 3 + start, 2, name, TICKS * STEPS_A_TICK)
        for got, want in zip(parameters_of(start, 2, activation, 3, TICKS), model.parameters(), strict=True):
            np.testing.assert_allclose(got, numbers(want), rtol=2e-3, atol=2e-4)


def test_the_tiles_show_the_probability_of_their_own_network():
    state = SeedsState(hidden=3, first_seed=5)
    result = compute_seeds(state)
    grid = np.linspace(-0.5, 1.5, 24)
    plane = np.array([[a, b] for b in grid for a in grid])
    x, y = data.gate("XOR")
    for start in (0, 11):
        w1, b1, w2, b2 = parameters_of(start, 3, "tanh", 5, TICKS)

        def probability(points, w1=w1, b1=b1, w2=w2, b2=b2):
            return 1 / (1 + np.exp(-(np.tanh(points @ w1.T + b1) @ w2.T + b2)[:, 0]))

        np.testing.assert_allclose(result.fields[start].ravel(), probability(plane), atol=1e-5)
        p = probability(x)
        assert result.losses[start] == pytest.approx(-np.log(np.where(y, p, 1 - p)).mean(), rel=1e-3)
        assert result.solved[start] == ((p > 0.5) == y).all()


def test_the_lesson_more_units_work_more_often_and_the_identity_never():
    solved = [compute_seeds(SeedsState(hidden=hidden)).solved.sum() for hidden in (1, 2, 3, 4)]
    assert solved == sorted(solved)
    assert solved[0] == 0  # one unit draws one line
    assert 5 <= solved[1] < 20
    assert solved[3] >= 19
    assert compute_seeds(SeedsState(hidden=8, activation="identity")).solved.sum() == 0


def test_training_is_scrubbed_not_repeated():
    lab = SeedsLab(progress=0)
    start = lab.result.losses.mean()
    assert lab.status.startswith("2 hidden tanh units, 0 steps: ")
    play = lab.controls["progress"].play
    play.value = TICKS
    assert lab.result.losses.mean() < 0.7 * start
    assert "500 steps" in lab.status
    play.value = 0
    assert lab.result.losses.mean() == start
    assert lab.controls["progress"].input.value == 0


def test_words_tiles_and_total_say_the_same():
    lab = SeedsLab(hidden=2, first_seed=100)
    marks = [f"{100 + i} {'✓' if solved else '✗'}" for i, solved in enumerate(lab.result.solved)]
    total = sum("✓" in mark for mark in marks)
    assert lab.view.words.texts == [*marks, f"{total} of 20"]
    assert lab.goal.verdict == f"{total} of 20 starts learned XOR."
    assert f"{total} of 20 starts have all four rows right" in lab.status
    assert not lab.goal.reached


def test_the_goal_is_reached_by_a_larger_network():
    lab = SeedsLab()
    lab.preset("4 hidden units")
    assert lab.goal.reached == (lab.result.solved.sum() >= 19)
    lab.set(hidden=8)
    assert lab.goal.reached


@pytest.mark.pixels
def test_a_tile_is_coloured_by_its_network():
    lab = SeedsLab(hidden=4)
    start = int(np.flatnonzero(lab.result.solved)[0])
    left, top = 14 + 118 * (start % 7), 24 + 126 * (start // 7)

    def colour(x1, x2):
        column, row = round(left + 96 * (x1 + 0.5) / 2), round(top + 96 * (1.5 - x2) / 2)
        red, _, blue = shown(lab)[row, column].astype(int)
        return "orange" if red > blue else "blue"

    around = [(0.13, 0.13), (0.13, 0.87), (0.87, 0.13), (0.87, 0.87)]  # beside the points
    assert [colour(*x) for x in around] == ["blue", "orange", "orange", "blue"]


@pytest.mark.parametrize("engine", ["reference", "torch"])
@pytest.mark.parametrize("activation", ["tanh", "sigmoid", "ReLU", "identity"])
def test_the_cell_trains_the_first_of_the_twenty(engine, activation):
    lab = SeedsLab(hidden=3, activation=activation, first_seed=17, progress=4)
    scope, printed = run_cell(lab.as_code(), engine)
    assert printed.startswith("History(100 epochs, loss ")
    for got, want in zip(parameters_of(0, 3, activation, 17, 4), scope["model"].parameters(), strict=True):
        np.testing.assert_allclose(got, numbers(want), atol=2e-4)
