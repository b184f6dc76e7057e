"""GridWorldLab: the Bellman equation, updates by hand, trainings that can be looked at step by step, and the goal."""

import numpy as np
import pytest

from dlcourse.data import CLIFF, GridWorld
from dlcourse.labs import GridWorldLab
from dlcourse.labs.grid_world.learning import METHODS, MOST, greedy_way, outcome, train, value_iteration
from dlcourse.labs.grid_world.walks import FREE
from tests.labs.lab_tools import drag, handles, numbers, run_cell

State, compute = GridWorldLab.State, GridWorldLab.compute
CORRIDOR = ("S..G",)


def test_value_iteration_by_hand():
    q = value_iteration(GridWorld(CORRIDOR, goal_reward=10, step_reward=-1), 0.5)
    assert q[2, 1] == pytest.approx(10)
    assert q[1, 1] == pytest.approx(-1 + 0.5 * 10)
    assert q[0, 1] == pytest.approx(-1 + 0.5 * 4)
    assert q[0, 0] == pytest.approx(-1 + 0.5 * 1)  # against the edge: a step for nothing
    assert (q[3] == 0).all()


@pytest.mark.parametrize("slip", [0.0, 0.25])
def test_value_iteration_solves_the_equation_of_bellman(slip):
    world = GridWorld(slip=slip)
    p, r = world.tables()
    q = value_iteration(world, 0.9)
    np.testing.assert_allclose(q, r + 0.9 * p @ q.max(axis=1), atol=1e-8)


@pytest.mark.parametrize("method", METHODS)
def test_every_update_by_hand(method):
    world = GridWorld(slip=0.1, coin_reward=0.02)
    done = train(world, method, alpha=0.25, gamma=0.8, epsilon=0.4, episodes=12, seed=4)
    q = np.zeros((world.states, 4))
    for t, (s, a, new) in enumerate(zip(done.states, done.actions, done.nexts, strict=True)):
        over = world.ends[new]
        broken_off = t + 1 in done.firsts and not over
        if method == METHODS[0] or over:
            ahead = 0 if over else q[new].max()
        elif not broken_off:
            ahead = q[new, done.actions[t + 1]]
        else:
            ahead = (done.targets[t] - done.rewards[t]) / 0.8  # the action that was never taken is not in the log
        assert done.targets[t] == pytest.approx(done.rewards[t] + 0.8 * ahead)
        q[s, a] += 0.25 * (done.targets[t] - q[s, a])
        assert done.values[t] == pytest.approx(q[s, a])
    np.testing.assert_allclose(done.q(len(done.states)), q, rtol=1e-12)


def test_walks_hang_together():
    world = GridWorld(slip=0.2)
    done = train(world, episodes=30, most=20)
    for episode in range(1, 31):
        steps = slice(done.firsts[episode - 1], done.firsts[episode])
        states, nexts = done.states[steps], done.nexts[steps]
        assert states[0] == world.start
        assert (states[1:] == nexts[:-1]).all()
        assert not any(world.ends[cell] for cell in nexts[:-1])
        assert world.ends[nexts[-1]] or len(states) == 20
        assert done.length(episode) == len(states)
        assert done.earned[episode - 1] == pytest.approx(done.rewards[steps].sum())


def test_a_drunkard_learns_the_best_policy():
    world = GridWorld()
    done = train(world, episodes=1500, epsilon=1.0, alpha=0.5)
    cells = list(world.free)
    np.testing.assert_allclose(done.q(len(done.states))[cells], value_iteration(world, 0.95)[cells], atol=1e-4)


def test_beside_the_cliff_sarsa_earns_more_while_learning():
    cliff = GridWorld(CLIFF, -1, -100, -1)
    earned = {
        method: np.mean(
            [train(cliff, method, 0.5, 0.99, 0.1, 300, 200, seed).earned[-100:].mean() for seed in range(4)]
        )
        for method in METHODS
    }
    assert earned["SARSA"] > earned["Q-learning"] + 3


def test_what_a_greedy_way_comes_to():
    world = GridWorld()
    for way, words in (
        ([12, 13, 14, 15, 16, 17], "along the pits"),
        ([12, 6, 0, 1, 2, 3, 4, 5, 11, 17], "over the top"),
        ([12, 13, 19], "into a pit"),
        ([12, 6, 0, 1, 2, 3, 3], "round and round at the coin"),
        ([12, 6, 12], "nowhere"),
    ):
        assert words in outcome(world, way)
    q = value_iteration(world, 0.95)
    assert greedy_way(world, q, 12) == [12, 13, 14, 15, 16, 17]
    assert greedy_way(world, np.zeros((24, 4)), 12) == [12, 6, 0, 0]  # up, up, against the edge: it repeats


def test_a_moment_of_the_lab_is_a_moment_of_the_training():
    lab = GridWorldLab(episode=7, step=2, slip=0.1)
    done = lab.result.training
    first = int(done.firsts[6])
    assert lab.result.moment == first + 2
    assert lab.result.walked == [12, *done.nexts[first : first + 2]]
    assert lab.result.q == pytest.approx(done.q(first + 2))
    assert lab.result.before == pytest.approx(done.q(first + 1)[done.states[first + 1], done.actions[first + 1]])
    assert lab.controls["step"].input.max == done.length(7)
    lab.set(episode=150)
    assert lab.controls["step"].input.max == done.length(150) < MOST
    lab.set(episode=7, step=0)
    assert "nothing has been paid yet" in " ".join(lab.view.words.texts)
    lab.set(step=MOST)
    assert lab.result.moment == done.firsts[7]


def test_the_update_in_numbers():
    lab = GridWorldLab(episode=1, step=1)
    texts = lab.view.words.texts
    assert "r = −0.04" in texts[1]
    assert "−0.04 + 0.95 · 0.00 = −0.04" in texts[3]
    assert "0.00 + 0.3 · (−0.04) = −0.01" in texts[4]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({}, "along the pits"),
        ({"slip": 0.2}, "over the top"),
        ({"each": -1.0}, "into a pit"),
        ({"coin": 0.2}, "round and round at the coin"),
        ({"each": 0.06}, "nowhere"),
    ],
    ids=["dry", "slippery", "pain", "coin", "pleasure"],
)
def test_the_agent_does_what_the_reward_says(settings, words):
    assert words in compute(State(**settings)).outcome


def test_the_goal_needs_an_agent_that_knows_its_own_curiosity():
    solved = {"method": "SARSA", "pit": -3.0, "epsilon": 0.3}
    assert GridWorldLab(**solved).goal.reached
    assert not GridWorldLab(**solved | {"method": "Q-learning"}).goal.reached
    assert "But the floor slips" in GridWorldLab(slip=0.2, seed=1).goal.verdict
    assert not GridWorldLab(slip=0.2, seed=1).goal.reached


def test_dragging_the_start_snaps_to_a_free_cell():
    lab = GridWorldLab()
    assert (handles(lab)["start"]["x"], handles(lab)["start"]["y"]) == (0, 2)
    drag(lab, "start", 4.2, 0.3)
    assert FREE[lab.state.start] == 4
    drag(lab, "start", 2.0, 3.4)  # a pit: the nearest free cell is above it
    assert FREE[lab.state.start] == 14
    drag(lab, "start", 0.0, 0.9)
    lab.set(method="SARSA", pit=-3.0, epsilon=0.3)
    assert "over the top to the goal. But it starts elsewhere." in lab.goal.verdict
    assert not lab.goal.reached


@pytest.mark.parametrize("engine", ["reference", "torch"])
@pytest.mark.parametrize(
    "settings",
    [
        {"episode": 20, "step": 3},
        {"method": "SARSA", "slip": 0.2, "seed": 3, "start": 2, "coin": 0.1, "episode": 12},
        {"episode": 1, "step": 0},
    ],
    ids=["Q-learning", "SARSA", "nothing"],
)
def test_the_cell_computes_what_the_lab_shows(settings, engine):
    lab = GridWorldLab(**settings)
    scope, _ = run_cell(lab.as_code(), engine)
    np.testing.assert_allclose(numbers(scope["output"]), lab.result.q, atol=1e-6)
