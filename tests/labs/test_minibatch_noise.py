"""MinibatchNoiseLab: twenty runs that differ in their batches alone."""

import numpy as np
import pytest

import dlcourse.reference as engine
from dlcourse import data
from dlcourse.labs import MinibatchNoiseLab
from dlcourse.labs.minibatch_noise import (
    BATCHES,
    EVERY,
    NEAR,
    RUNS,
    SCHEDULES,
    START,
    TAIL,
    UPDATES,
    all_runs,
    factors,
    loss_at,
    minimum,
    orders,
    rows,
)
from dlcourse.training import fit
from tests.labs.lab_tools import numbers, run_cell

State, compute = MinibatchNoiseLab.State, MinibatchNoiseLab.compute


def test_the_loss_is_the_cross_entropy_of_the_loans():
    x, y = data.loans().standardised()
    weights = np.array([[0.0, 0.0], [0.5, -1.0]])
    p = 1 / (1 + np.exp(-x @ weights[1]))
    expected = [np.log(2), -np.log(np.where(y == 1, p, 1 - p)).mean()]
    np.testing.assert_allclose(loss_at(weights), expected, rtol=1e-6)


def test_the_minimum_is_lower_than_its_surroundings():
    around = minimum() + 1e-3 * np.array([[1, 0], [-1, 0], [0, 1], [0, -1]])
    assert (loss_at(around) > loss_at(minimum())).all()


@pytest.mark.parametrize("batch", BATCHES)
def test_every_epoch_visits_every_row_once(batch):
    visited = orders(batch, 3)
    assert visited.shape == (UPDATES, batch)
    an_epoch = len(rows()[0]) // batch
    for epoch in visited.reshape(-1, an_epoch * batch):
        assert sorted(epoch) == list(range(200))


@pytest.mark.parametrize("batch", [2, 50, 200])
def test_each_run_is_that_of_the_courses_training_loop(batch):
    x, y = data.loans().standardised()
    paths, _ = all_runs(batch, 0.7, SCHEDULES[0], 11)
    for run in (0, 13):
        model = engine.nn.Linear(2, 1, bias=False)
        model.load_state_dict({"weight": engine.tensor([list(START)])})
        optimizer = engine.optim.SGD(model.parameters(), lr=0.7)
        loss = engine.nn.functional.binary_cross_entropy_with_logits
        targets = y[:, None].astype(np.float32)
        fit(engine, model, loss, optimizer, x, targets, epochs=UPDATES * batch // 200, batch_size=batch, seed=11 + run)
        np.testing.assert_allclose(paths[-1, run], numbers(model.weight)[0], atol=1e-4)


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_the_rate_is_that_of_the_engines_schedulers(schedule):
    optimizer = engine.optim.SGD([engine.zeros(1)], lr=0.5)
    make = {
        SCHEDULES[0]: lambda: engine.optim.lr_scheduler.StepLR(optimizer, UPDATES),
        SCHEDULES[1]: lambda: engine.optim.lr_scheduler.StepLR(optimizer, UPDATES // 2),
        SCHEDULES[2]: lambda: engine.optim.lr_scheduler.CosineAnnealingLR(optimizer, UPDATES),
    }[schedule]
    scheduler, rates = make(), []
    for _ in range(UPDATES):
        rates.append(scheduler.get_last_lr()[0])
        optimizer.step()
        scheduler.step()
    np.testing.assert_allclose(0.5 * factors(schedule), rates, atol=1e-9)


def test_all_rows_at_once_make_no_noise_and_small_batches_much():
    spread = [compute(State(batch=batch, step=UPDATES)).spread for batch in (1, 5, 20, 200)]
    assert spread == sorted(spread, reverse=True)
    assert spread[-1] < 1e-12 < 0.05 < spread[-2]
    whole = compute(State(batch=200, first_seed=0)).paths
    np.testing.assert_array_equal(whole, compute(State(batch=200, first_seed=500)).paths)
    assert (whole == whole[:, :1]).all()


def test_spread_and_arrivals_by_hand():
    result = compute(State(batch=2, step=80))
    now = result.paths[80]
    assert result.spread == pytest.approx(np.sqrt(((now - now.mean(axis=0)) ** 2).sum(axis=1).mean()))
    assert result.epochs == 0.8
    np.testing.assert_allclose(result.losses, loss_at(result.paths[::EVERY]))
    assert result.arrived == (loss_at(result.paths[-1]) <= loss_at(minimum()) + NEAR).sum()


def test_a_rate_that_shrinks_settles_where_a_constant_one_dances():
    arrived = [compute(State(batch=2, rate=1.5, schedule=schedule)).arrived for schedule in SCHEDULES]
    assert arrived[0] < 15 < arrived[1]
    assert arrived[2] == RUNS


def test_the_goal_needs_all_twenty_and_small_batches():
    lab = MinibatchNoiseLab(batch=20)
    assert lab.result.arrived == RUNS
    assert not lab.goal.reached
    assert lab.goal.verdict.endswith("But the batches are larger than 2.")
    lab.set(batch=2)
    assert not lab.goal.reached
    lab.preset("A rate that shrinks: fast, then calm")
    assert lab.goal.reached
    assert lab.goal.verdict == "20 of 20 runs end within 0.01 of the least loss."


def test_scrubbing_shows_the_way_so_far():
    lab = MinibatchNoiseLab(batch=1, step=UPDATES)
    assert "200 updates an epoch: 200 updates are 1 epoch." in lab.status
    assert lab.view.words.texts[::3] == ["update 200 = 1 epoch", f"{lab.result.arrived} of 20 arrive"]
    np.testing.assert_array_equal(lab.view.first.get_xydata(), lab.result.paths[-TAIL - 1 :, 0])
    np.testing.assert_array_equal(lab.view.ghosts.get_segments()[18], lab.result.paths[-TAIL - 1 :, 19])
    lab.set(step=8)
    assert "8 updates are 0.04 epochs" in lab.status
    np.testing.assert_array_equal(lab.view.first.get_xydata(), lab.result.paths[:9, 0])
    assert len(lab.view.ghosts.get_segments()) == RUNS - 1
    assert len(lab.view.mean.get_xdata()) == 3  # after 0, 4 and 8 updates
    excess = lab.result.losses[:3].mean(axis=1) - lab.result.least
    np.testing.assert_allclose(10 ** lab.view.mean.get_ydata(), excess, rtol=1e-6)


@pytest.mark.parametrize("engine_name", ["reference", "torch"])
@pytest.mark.parametrize("preset", list(MinibatchNoiseLab.presets))
def test_the_cell_is_the_first_of_the_twenty(preset, engine_name):
    lab = MinibatchNoiseLab()
    lab.preset(preset)
    lab.set(first_seed=4, step=min(lab.state.step, 120))
    scope, printed = run_cell(lab.as_code(), engine_name)
    np.testing.assert_allclose(numbers(scope["output"]), lab.result.paths[lab.state.step, 0], atol=1e-3)
    assert printed.startswith("[")
