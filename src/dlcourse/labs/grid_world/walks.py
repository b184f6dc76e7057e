"""The settings of GridWorldLab, and the moment of a training that they ask for."""

from dataclasses import dataclass

import numpy as np

from dlcourse.data import TWO_WAYS, GridWorld
from dlcourse.labs.grid_world.learning import (
    EPISODES,
    METHODS,
    MOST,
    Training,
    greedy_way,
    kept,
    outcome,
    value_iteration,
)
from dlcourse.labs.settings import State, choice, integer, number

FREE = GridWorld().free  # cells in which an episode may begin
COIN, HEIGHT, WIDTH = TWO_WAYS[0].index("C"), len(TWO_WAYS), len(TWO_WAYS[0])


@dataclass(frozen=True)
class GridWorldState(State):
    """The rewards; what may go wrong (slip); how the agent learns; and the moment that is shown.

    start: a place in FREE, the cells that are no wall, pit or goal. step counts from 0 within the episode; one beyond
    its length is its last.
    """

    goal: float = number(1.0, low=0, high=2, step=0.1, label="goal pays", help="Reward of arriving")
    pit: float = number(-1.0, low=-3, high=0, step=0.1, label="pit pays", help="Reward of falling")
    each: float = number(-0.04, low=-1, high=0.1, step=0.02, label="each step", help="Reward of every other step")
    coin: float = number(0.0, low=0, high=0.5, step=0.02, label="coin adds", help="On the coin's cell, every time")
    slip: float = number(0.0, low=0, high=0.4, step=0.05, label="slip", help="Probability to go off to the side")
    method: str = choice(METHODS[0], METHODS, label="method", help="What is expected of the next cell")
    gamma: float = number(0.95, low=0.5, high=0.99, step=0.01, label="discount γ", help="What tomorrow counts")
    alpha: float = number(0.3, low=0.05, high=1, step=0.05, label="rate α", help="How far Q goes to its target")
    epsilon: float = number(0.1, low=0, high=0.6, step=0.05, label="curious ε", help="Share of moves at random")
    seed: int = integer(0, low=0, high=19, label="seed")
    start: int = integer(FREE.index(GridWorld().start), low=0, high=len(FREE) - 1, label="start cell")
    episode: int = integer(EPISODES, low=1, high=EPISODES, label="episode", help="Which walk is shown", play=True)
    step: int = integer(MOST, low=0, high=MOST, label="step", help="How much of this walk", play=True)

    @property
    def world(self) -> GridWorld:
        return GridWorld(TWO_WAYS, self.goal, self.pit, self.each, self.coin, self.slip)


@dataclass(frozen=True)
class GridWorldResult:
    training: Training
    moment: int  # steps made in all so far
    walked: list[int]  # cells of this episode so far, the first included
    length: int  # steps of this episode in all
    q: np.ndarray  # (24, 4) now
    before: float  # Q(s, a) of the last step, before it
    way: list[int]  # cells of the greedy way from the start, on a dry floor
    best: float  # what the best policy earns from the start, discounted
    sums: np.ndarray  # (E,) rewards of each episode

    @property
    def outcome(self) -> str:
        return outcome(self.training.world, self.way)

    @property
    def promised(self) -> float:
        """What the greedy way pays, rewards added up: where the curve ends when nothing is left to luck."""
        return sum(self.training.world.pay[cell] for cell in self.way[1:])


def compute_grid_world(state: GridWorldState) -> GridWorldResult:
    world, start = state.world, FREE[state.start]
    training = kept(world, state.method, state.alpha, state.gamma, state.epsilon, seed=state.seed, start=start)
    first, now = training.moment(state.episode, 0), training.moment(state.episode, state.step)
    q = training.q(now)
    before = 0.0
    if now > first:
        before = float(training.q(now - 1)[training.states[now - 1], training.actions[now - 1]])
    return GridWorldResult(
        training, now, [start, *training.nexts[first:now].tolist()], training.length(state.episode), q, before,
        greedy_way(world, q, start), float(value_iteration(world, state.gamma)[start].max()), training.earned,
    )  # fmt: skip
