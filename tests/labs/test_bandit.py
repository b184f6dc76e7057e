"""BanditLab: values by hand, curiosity and its price, your own presses, extinction, and a cell that says the same."""

import numpy as np
import pytest

from dlcourse.data import lever_pay
from dlcourse.labs import BanditLab, Lab
from dlcourse.labs.bandit import LAST, OWN_PRESSES, PRESSES, STOPS, YOU, chances
from dlcourse.labs.bandit_learning import play, regret
from tests.labs.lab_tools import buttons, numbers, run_cell

State, compute = BanditLab.State, BanditLab.compute


def test_values_are_the_means_of_what_was_paid():
    done = play(lever_pay([0.2, 0.8, 0.5], 60, runs=3, seed=1), epsilon=0.5)
    for run in range(3):
        for lever in range(3):
            paid = done.paid[run][done.pressed[run] == lever]
            assert done.counts[run, -1, lever] == len(paid) > 0
            assert done.values[run, -1, lever] == pytest.approx(paid.mean())


def test_a_constant_rate_by_hand():
    table = np.array([[[1.0, 0], [0, 0], [1, 1]]])
    done = play(table, alpha=0.5, first=0.4, own=np.array([0, 0, 1]))
    assert done.values[0].tolist() == pytest.approx(np.array([[0.4, 0.4], [0.7, 0.4], [0.35, 0.4], [0.35, 0.7]]))
    assert done.paid[0].tolist() == [1, 0, 1]


def test_without_curiosity_the_best_so_far_is_pressed_and_with_it_a_share_at_random():
    table = np.zeros((1, 2000, 4))
    table[..., 2] = 1
    greedy, curious = play(table, 0.0, first=0.1), play(table, 0.4)
    first = int((greedy.pressed[0] == 2).argmax())
    assert (greedy.pressed[0, first:] == 2).all()
    assert (curious.pressed[0, 100:] != 2).mean() == pytest.approx(0.4 * 3 / 4, abs=0.04)


def test_the_bonus_goes_to_the_levers_that_were_pressed_least():
    done = play(np.zeros((1, 40, 4)), 0.0, ucb=1.0)
    assert done.counts[0, -1].tolist() == [10] * 4  # all pay nothing: the bonus keeps them equal


def test_regret_by_hand():
    known = np.array([[0.2, 0.9], [0.2, 0.9], [0.2, 0.0]])
    assert regret(np.array([[0, 1, 1], [1, 1, 0]]), known).tolist() == pytest.approx(
        np.array([[0, 0.7, 0.7, 0.9], [0, 0, 0, 0]])
    )


def test_the_first_machine_is_the_one_that_is_shown():
    result = compute(State())
    assert (result.shown.pressed[0] == result.machines.pressed[0]).all()
    assert result.regret == pytest.approx(result.regrets[0])
    best = chances(1).argmax()
    assert result.found == pytest.approx((result.machines.pressed[:, -LAST:] == best).mean(axis=1))


def test_in_extinction_the_second_best_becomes_the_best():
    result = compute(State(stops=True))
    order = np.argsort(chances(1))
    assert result.chances[STOPS - 1].argmax() == order[-1]
    assert result.chances[STOPS].argmax() == order[-2]
    assert result.chances[STOPS, order[-1]] == 0
    slow, quick = (compute(State(stops=True, rate=rate)).regrets[:, -1].mean() for rate in ("1/N: the mean", "α = 0.3"))
    assert quick < slow / 1.5


def test_pressing_yourself():
    lab = BanditLab()
    for label in ("Lever C", "Lever C", "Lever A"):
        buttons(lab.widget)[label].click()
    assert lab.last_error is None
    assert (lab.state.who, lab.state.press) == (YOU, 3)
    assert lab.state.own == ((2.0,), (2.0,), (0.0,))
    assert lab.result.shown.counts[0, -1].tolist() == [1, 0, 2, 0]
    assert lab.result.shown.paid[0] == pytest.approx(lever_pay(chances(1), PRESSES, 20, 1)[0, [0, 1, 2], [2, 2, 0]])
    assert "You have pressed 3 times (A 1, B 0, C 2, D 0)" in lab.status
    assert lab.controls["press"].input.max == 3
    assert Lab.from_share(lab.share()).state == lab.state
    lab.reset()
    assert lab.state.own == ()


def test_two_hundred_presses_are_enough():
    lab = BanditLab(who=YOU, own=((1,),) * PRESSES)
    lab.press_b()
    assert len(lab.state.own) == PRESSES
    assert lab.state.press == PRESSES


def test_the_two_goals():
    assert not BanditLab().goal.reached
    assert BanditLab(epsilon=0.0, ucb=0.5).goal.reached
    low = BanditLab(epsilon=0.0, ucb=0.5)
    assert not low.judge(State(stops=True), low.result).reached
    best = int(chances(1).argmax())
    mine = BanditLab(who=YOU, own=((best,),) * OWN_PRESSES)
    assert mine.goal.reached
    early = BanditLab(who=YOU, epsilon=1.0, own=((best,),) * (OWN_PRESSES - 1))
    assert early.result.shown.paid.sum() > early.result.machines.paid[0, :OWN_PRESSES].sum()
    assert not early.goal.reached
    assert not BanditLab(who=YOU, own=((int(chances(1).argmin()),),) * OWN_PRESSES).goal.reached


@pytest.mark.parametrize("engine", ["reference", "torch"])
@pytest.mark.parametrize(
    "settings",
    [
        {"press": 77},
        {"epsilon": 0.3, "first": 1.5, "ucb": 0.4, "rate": "α = 0.1", "box": 5, "stops": True},
        {"who": YOU, "own": ((3,), (0,), (3,)), "rate": "α = 0.3"},
    ],
    ids=["plain", "all", "own"],
)
def test_the_cell_computes_what_the_lab_shows(settings, engine):
    lab = BanditLab(**settings)
    scope, _ = run_cell(lab.as_code(), engine)
    assert numbers(scope["output"]) == pytest.approx(lab.result.shown.values[0, lab.result.presses])
