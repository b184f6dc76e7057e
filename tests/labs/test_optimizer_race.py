"""OptimizerRaceLab: the landscapes, the family of seven, and what makes the race fair."""

import numpy as np
import pytest
import torch

import dlcourse.reference as reference
from dlcourse.labs import OptimizerRaceLab, digits_plane
from dlcourse.labs.landscapes import DIGITS, EDGE, LANDSCAPES, table
from dlcourse.labs.optimizer_family import FAMILY, NAMES, race
from dlcourse.labs.optimizer_race import (
    BEST,
    FLOOR,
    LOG_RATES,
    SAME,
    STEPS,
    all_rates,
    best_rates,
    listed,
    short,
    strip_values,
)
from tests.labs.lab_tools import drag, handles, numbers, run_cell

State, compute = OptimizerRaceLab.State, OptimizerRaceLab.compute
ENGINES = [reference, torch]
SMOOTH = [name for name in LANDSCAPES if name != DIGITS]


def in_words(engine, name: str):
    """The landscape as its code says it, for tensors of an engine."""
    scope = {"engine": engine}
    exec(f"{LANDSCAPES[name].setup}def f(x, y):\n    return {LANDSCAPES[name].code}", scope)
    return scope["f"]


# -- landscapes -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.__name__)
@pytest.mark.parametrize("name", SMOOTH)
def test_values_and_slopes_are_those_of_the_code(name, engine):
    points = np.random.default_rng(1).uniform(-EDGE, EDGE, (2, 40))
    w = engine.tensor(points, requires_grad=True)
    values = in_words(engine, name)(w[0], w[1])
    values.sum().backward()
    np.testing.assert_allclose(LANDSCAPES[name].value(points.T), numbers(values), rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(LANDSCAPES[name].gradient(points.T), numbers(w.grad).T, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("name", SMOOTH)
def test_the_stars_mark_lowest_points(name):
    landscape = LANDSCAPES[name]
    assert landscape.minima
    for minimum in landscape.minima:
        assert landscape.value(minimum) == pytest.approx(0, abs=1e-8)
        assert np.abs(landscape.gradient(np.array(minimum, float))).max() < 1e-3
    assert table(name).min() >= -1e-12


def test_some_values_by_hand():
    values = {name: float(LANDSCAPES[name].value((1.5, -0.5))) for name in ("bowl", "ravine", "saddle")}
    assert values == {"bowl": 0.5, "ravine": 0.5, "saddle": 1.5**2 - 0.25 + 1 / 64 + 1}
    assert LANDSCAPES["ravine"].value((0.5, 0.5)) == 25
    assert LANDSCAPES["Himmelblau"].value((0, 0)) == 11**2 + 7**2
    assert LANDSCAPES["Rosenbrock"].value((0, 0)) == 101
    assert LANDSCAPES["Rastrigin"].value((0.5, 0)) == pytest.approx(1)


def test_the_tilted_ravine_is_the_ravine_turned_about_its_lowest_point():
    lowest, offset = np.array([0.5, -0.5]), np.random.default_rng(2).normal(size=(20, 2))
    half = np.sqrt(0.5)
    turned = offset @ np.array([[half, half], [-half, half]])  # by +45 degrees
    straight = LANDSCAPES["ravine"].value(offset + lowest)
    np.testing.assert_allclose(LANDSCAPES["tilted ravine"].value(turned + lowest), straight, rtol=1e-12)


def test_the_corners_of_the_digits_plane_are_trained_networks():
    x, y = digits_plane._digits(digits_plane.OTHERS)
    for place, (w1, b1, w2, b2) in zip(((-1, -1), (1, -1), (-1, 1)), digits_plane.corners(), strict=True):
        logits = np.tanh(x @ w1.T + b1) @ w2.T + b2
        loss = (np.log(np.exp(logits).sum(axis=1)) - logits[np.arange(len(y)), y]).mean()
        assert LANDSCAPES[DIGITS].value(place) == pytest.approx(loss, abs=1e-6)
    start, first, second = (LANDSCAPES[DIGITS].value(place) for place in ((-1, -1), (1, -1), (-1, 1)))
    assert start > 2
    assert max(first, second) < 0.5


def test_between_its_points_the_table_is_close_to_the_loss_itself():
    points = np.random.default_rng(3).uniform(-1.5, 1.5, (2, 60))
    w = reference.tensor(points, requires_grad=True)
    values = digits_plane.digits_loss(reference, w[0], w[1])
    values.sum().backward()
    assert np.abs(LANDSCAPES[DIGITS].value(points.T) - numbers(values)).max() < 0.02
    assert np.abs(LANDSCAPES[DIGITS].gradient(points.T) - numbers(w.grad).T).max() < 0.2


# -- the family -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.__name__)
@pytest.mark.parametrize("name", NAMES)
def test_each_member_takes_the_steps_of_the_optimizer_that_its_call_makes(name, engine):
    i = NAMES.index(name)
    rates, steps, start = [0.0005, 0.001], 25, (-1.2, 0.7)
    run = race(LANDSCAPES["Himmelblau"], start, rates, steps)
    for r, lr in enumerate(rates):
        w = engine.tensor(start, dtype=engine.float64, requires_grad=True)
        optimizer = eval(f"engine.optim.{FAMILY[i].call.format(lr=lr)}", {"engine": engine, "w": w})
        f = in_words(engine, "Himmelblau")
        for t in range(steps):
            np.testing.assert_allclose(run.w[t, i, r], numbers(w), rtol=1e-9)
            optimizer.zero_grad()
            f(w[0], w[1]).backward()
            optimizer.step()
        np.testing.assert_allclose(run.w[steps, i, r], numbers(w), rtol=1e-9)
    assert np.abs(run.w[-1, i] - start).max() > 1e-3


def test_a_run_that_leaves_has_diverged_and_stays_so():
    run = race(LANDSCAPES["bowl"], (1.5, -0.5), [3.0, 1.0], 20)  # the error is (−2)ᵗ at rate 3; 2¹⁰ is too far
    sgd = run.w[:, 0, 0, 0]
    assert sgd[:4].tolist() == [1.5, -1.5, 4.5, -7.5]
    assert np.isfinite(sgd[:10]).all()
    assert np.isnan(sgd[10:]).all()
    assert np.isnan(run.loss[10:, 0, 0]).all()
    assert run.loss[1:, 0, 1].tolist() == [0.0] * 20  # at rate 1 the bowl takes one step


@pytest.mark.parametrize("x", [-EDGE, 0.0, EDGE])
@pytest.mark.parametrize("y", [-EDGE, EDGE])
@pytest.mark.parametrize("name", LANDSCAPES)
def test_a_start_on_the_edge_of_the_picture_is_a_start_like_any_other(name, x, y):
    """A run that takes its first small step out of the picture has not diverged, and the lab says no other."""
    lab = OptimizerRaceLab(landscape=name, x=x, y=y, rule=BEST, step=STEPS)
    steep = name == "Beale"  # slopes of 100,000 in the corners: a rate of 0.0001 is too large for the three plain ones
    stay = np.arange(3 if steep else 0, 7)
    assert np.isfinite(strip_values(lab.result)).any(axis=1)[stay].all()
    assert (lab.result.loss[stay] <= lab.result.race.loss[0, 0, 0]).all()
    assert lab.last_error is None


def test_the_strip_can_be_drawn_when_nobody_is_left():
    result = compute(State())
    result.race.loss[-1] = np.nan
    all_rates.cache_clear()  # the race was a shared one
    assert np.isnan(strip_values(result)).all()


def test_the_digits_plane_is_as_close_to_the_loss_outside_the_picture():
    edge = digits_plane.REACH
    points = np.random.default_rng(4).uniform(-edge, edge, (2, 200))
    outside = points[:, np.abs(points).max(axis=0) > EDGE]
    w = reference.tensor(outside, requires_grad=True)
    values = digits_plane.digits_loss(reference, w[0], w[1])
    values.sum().backward()
    assert outside.shape[1] > 100
    assert np.abs(LANDSCAPES[DIGITS].value(outside.T) - numbers(values)).max() < 0.02
    assert np.abs(LANDSCAPES[DIGITS].gradient(outside.T) - numbers(w.grad).T).max() < 0.2


# -- the race -------------------------------------------------------------------------------------------------------


def test_the_best_rate_is_the_lowest_last_loss_and_on_a_tie_the_first_there():
    run = compute(State(landscape="Rosenbrock")).race
    best = best_rates(run)
    for i in range(len(NAMES)):
        last = np.where(np.isnan(run.loss[-1, i]), np.inf, run.loss[-1, i])
        assert last[best[i]] == last.min() > FLOOR
    bowl = compute(State(landscape="bowl", rule=BEST))
    arrived = [(np.nan_to_num(bowl.race.loss[:, 0, r], nan=1.0) > FLOOR).sum() for r in range(len(LOG_RATES))]
    assert arrived[bowl.best[0]] == min(arrived)
    assert LOG_RATES[bowl.best[0]] == 0.0  # the bowl's curvature is 1


def test_the_same_rate_is_one_column_and_the_best_rates_are_seven():
    same = compute(State(log_rate=-1.6))
    assert LOG_RATES[same.chosen].tolist() == [-1.6] * 7
    fair = compute(State(rule=BEST))
    assert fair.chosen.tolist() == fair.best.tolist() == best_rates(fair.race).tolist()
    assert len(set(fair.chosen)) > 3
    for i in range(7):
        np.testing.assert_array_equal(fair.path(i), fair.race.w[:, i, fair.best[i]])


def test_places_count_from_one_and_the_lost_come_last():
    result = compute(State(log_rate=-1.0, step=STEPS))
    assert np.isnan(result.loss[:3]).all()  # SGD, momentum, Nesterov
    assert result.places[:3].tolist() == [5, 5, 5]
    assert sorted(result.places[3:]) == [1, 2, 3, 4]
    order = np.argsort(result.places[3:])
    assert (np.diff(np.maximum(result.loss[3:], FLOOR)[order]) >= 0).all()


def test_the_strip_goes_from_the_lowest_loss_to_that_of_the_start():
    result = compute(State(landscape="Rosenbrock"))
    values = strip_values(result)
    assert np.nanmin(values) == 0
    last = result.race.loss[-1]
    assert np.array_equal(np.isnan(values), np.isnan(last))
    half = np.sqrt(np.nanmin(last) * result.race.loss[0, 0, 0])  # half-way on a log scale
    np.testing.assert_array_equal((values < 0.5)[~np.isnan(last)], (last < half)[~np.isnan(last)])


def test_the_next_step_is_taken_apart():
    parts = compute(State(watch="SGD", step=3)).anatomy
    np.testing.assert_allclose(parts["move"], -0.01 * parts["g"], rtol=1e-6)
    np.testing.assert_array_equal(parts["m"], parts["g"])
    parts = compute(State(watch="momentum", step=3)).anatomy
    np.testing.assert_allclose(parts["move"], -0.01 * parts["m"], rtol=1e-6)
    assert np.abs(parts["m"] - parts["g"]).max() > 0.1
    first = compute(State(watch="Adam", step=0)).anatomy  # Adam's first step is the rate, whatever the gradient
    np.testing.assert_allclose(np.abs(first["move"]), 0.01, rtol=1e-6)
    np.testing.assert_allclose(first["size"], np.abs(first["g"]) * np.sqrt(0.001), rtol=1e-9)
    last, before = (compute(State(watch="SGD", step=step)).anatomy for step in (STEPS, STEPS - 1))
    np.testing.assert_array_equal(last["move"], before["move"])


@pytest.mark.parametrize(
    ("value", "text"),
    [(np.nan, "diverged"), (0.0, "0"), (-1e-12, "0"), (0.12345, "0.123"), (-2.5, "−2.5"), (3.2e-7, "3.2e−7"),
     (12345.0, "1.2e4"), (1e-5, "1e−5"), (2e-10, "2e−10")],
)  # fmt: skip
def test_numbers_are_short(value, text):
    assert short(value) == text


def test_names_in_a_sentence():
    assert [listed(names) for names in (["SGD"], ["SGD", "Adam"], ["SGD", "Adam", "AdamW"])] == [
        "SGD", "SGD and Adam", "SGD, Adam and AdamW",
    ]  # fmt: skip
    assert "At step 0 all seven are level with loss 74.5;" in OptimizerRaceLab(step=0).status
    assert "nobody is left" in OptimizerRaceLab(landscape=DIGITS, log_rate=1.0, step=STEPS, x=-1.8, y=-1.9).status


# -- the lab --------------------------------------------------------------------------------------------------------


def test_the_lessons_of_the_presets():
    lab = OptimizerRaceLab()
    lab.preset("One rate for all is unfair")
    assert "diverged: SGD, momentum, Nesterov." in lab.status
    lab.preset("A saddle holds those who start on its ridge")
    assert np.abs([lab.result.path(i)[-1, 1] for i in range(7)]).max() == 0
    lab.preset("Himmelblau: from one start into different valleys")
    ends = {tuple(lab.result.path(i)[-1].round(1)) for i in range(7)}
    assert len(ends) > 1
    lab.preset("Turn the ravine: a rate for each axis no longer helps")
    rmsprop, nesterov = lab.result.loss[[NAMES.index("RMSprop"), NAMES.index("Nesterov")]]
    assert nesterov < rmsprop
    lab.preset("On a plateau a small slope is a small step")
    assert lab.result.loss[0] > 0.99 > 0.01 > lab.result.loss[NAMES.index("Adam")]


def test_the_goal_asks_for_a_fair_race_that_sgd_wins():
    lab = OptimizerRaceLab(landscape="bowl")
    assert lab.goal.verdict == "Not a fair race: all use the rate 0.01."
    assert not lab.goal.reached
    lab.set(rule=BEST)
    assert lab.goal.reached
    assert "SGD 0, Adam" in lab.goal.verdict
    lab.set(landscape="ravine")
    assert not lab.goal.reached
    lab.set(rule=SAME, landscape="bowl")
    assert not lab.goal.reached


def test_dragging_the_start_moves_all_seven_and_the_sliders():
    lab = OptimizerRaceLab()
    assert set(handles(lab)) == {"start"}
    drag(lab, "start", 0.52, -1.48)
    assert (lab.state.x, lab.state.y) == (0.5, -1.5)
    assert lab.controls["x"].input.value == 0.5
    assert [lab.result.path(i)[0].tolist() for i in range(7)] == [[0.5, -1.5]] * 7
    drag(lab, "start", 9, -9)
    assert (lab.state.x, lab.state.y) == (EDGE, -EDGE)


def test_board_and_paths_show_the_result():
    lab = OptimizerRaceLab(rule=BEST, step=60)
    board = np.reshape(lab.view.board.texts, (7, 3)).tolist()
    for i, (rate, loss, place) in enumerate(board):
        assert rate == f"{10 ** LOG_RATES[lab.result.best[i]]:.2g}"
        assert loss == short(lab.result.loss[i])
        assert place == str(lab.result.places[i])
        np.testing.assert_array_equal(lab.view.paths[i].get_xydata(), lab.result.path(i)[:61])
    lab.set(rule=SAME, log_rate=1.0)
    assert lab.view.board.texts[:3] == ["10", "diverged", "–"]
    assert np.isfinite(lab.view.paths[0].get_xydata()).all()


@pytest.mark.parametrize("engine", ["reference", "torch"])
@pytest.mark.parametrize("preset", list(OptimizerRaceLab.presets))
def test_the_cell_ends_where_the_watched_one_stands(preset, engine):
    lab = OptimizerRaceLab()
    lab.preset(preset)
    lab.set(step=20)
    scope, printed = run_cell(lab.as_code(), engine)
    there = lab.result.path(NAMES.index(lab.state.watch))[20]
    if np.isfinite(there).all():
        close = 0.1 if lab.state.landscape == DIGITS else 1e-7
        np.testing.assert_allclose(numbers(scope["output"]), there, atol=close)
    else:
        assert np.abs(numbers(scope["output"])).max() > EDGE
    assert printed.startswith("[")
