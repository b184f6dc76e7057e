"""The world of cells: moves by hand, rewards by sign, slipping, and tables that say what walking shows."""

import numpy as np
import pytest

from dlcourse import data
from dlcourse.data import GridWorld

UP, RIGHT, DOWN, LEFT = range(4)
SMALL = (
    "S.G",
    "#CP",
)


@pytest.fixture
def world():
    return GridWorld(SMALL, goal_reward=5, pit_reward=-7, step_reward=-1, coin_reward=3)


def test_moves_lead_to_the_neighbours_and_not_through_walls_or_edges(world):
    assert world.neighbours[0] == (0, 1, 0, 0)  # edge above, cell, wall below, edge
    assert world.neighbours[1] == (1, 2, 4, 0)
    assert world.neighbours[4] == (1, 5, 4, 4)  # edge below, wall to the left


def test_rewards_follow_the_sign_of_the_cell_that_is_entered(world):
    rng = np.random.default_rng(0)
    assert world.step(0, RIGHT, rng) == (1, -1.0, False)
    assert world.step(1, RIGHT, rng) == (2, 5.0, True)
    assert world.step(1, DOWN, rng) == (4, 2.0, False)  # a step and the coin
    assert world.step(4, DOWN, rng) == (4, 2.0, False)  # against the edge: the coin again
    assert world.step(4, RIGHT, rng) == (5, -7.0, True)


def test_start_ends_and_free_cells(world):
    assert (world.start, world.width, world.states) == (0, 3, 6)
    assert world.free == (0, 1, 4)
    assert world.ends == (False, False, True, False, False, True)


def test_the_tables_by_hand(world):
    p, r = world.tables()
    assert p.shape == (6, 4, 6)
    assert p[1, DOWN, 4] == 1
    assert r[1].tolist() == [-1, 5, 2, -1]
    assert not p[[2, 3, 5]].any()
    assert not r[[2, 3, 5]].any()


def test_half_of_the_slips_go_to_each_side():
    p, r = GridWorld(SMALL, 5, -7, -1, 3, slip=0.2).tables()
    assert p[1, RIGHT].tolist() == pytest.approx([0, 0.1, 0.8, 0, 0.1, 0])  # up is the edge, down the coin
    assert r[1, RIGHT] == pytest.approx(0.8 * 5 + 0.1 * -1 + 0.1 * 2)


def test_walking_shows_what_the_tables_say():
    slippery = GridWorld(slip=0.3)
    p, _ = slippery.tables()
    rng, seen = np.random.default_rng(0), np.zeros((4, slippery.states))
    for action in range(4):
        for _ in range(4000):
            seen[action, slippery.step(slippery.start, action, rng)[0]] += 1 / 4000
    np.testing.assert_allclose(seen, p[slippery.start], atol=0.025)


def test_the_maps_of_the_course():
    assert GridWorld().rows == data.TWO_WAYS
    assert GridWorld(data.CLIFF).text.count("P") == 10
    assert data.MOVES == ("up", "right", "down", "left")


def test_equal_worlds_are_one_key_of_a_cache():
    assert hash(GridWorld(list(SMALL))) == hash(GridWorld(SMALL))
    assert GridWorld(SMALL) != GridWorld(SMALL, slip=0.1)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"rows": ("S.", "G")}, "GridWorld: rows must be equally long texts"),
        ({"rows": ("..", ".G")}, "with one S"),
        ({"rows": ("SS", ".G")}, "with one S"),
        ({"rows": ("SX", ".G")}, "rows must be equally long texts of"),
        ({"rows": "SG"}, "rows must be a list of texts"),
        ({"slip": 1.5}, "slip is a probability"),
        ({"slip": -0.1}, "slip is a probability"),
        ({"goal_reward": np.inf}, "goal_reward must be a finite number"),
        ({"step_reward": "-1"}, "step_reward must be a finite number"),
        ({"coin_reward": True}, "coin_reward must be a finite number"),
    ],
)
def test_wrong_worlds_are_refused_in_words(changes, words):
    with pytest.raises(ValueError, match=words):
        GridWorld(**changes)
