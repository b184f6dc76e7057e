"""What is computed for GridWorldLab: value iteration, and trainings by Q-learning and SARSA kept step by step.

Q*(s, a) = Σ P(s'|s, a) (r + γ max Q*(s', ·)), Bellman (1957). Q-learning: Watkins (1989); SARSA: Rummery and
Niranjan (1994).
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from dlcourse.data import MOVES, GridWorld

METHODS = ("Q-learning", "SARSA")
EPISODES, MOST = 150, 50  # episodes of a training, and steps after which one is broken off


@lru_cache(maxsize=64)
def value_iteration(world: GridWorld, gamma: float, tolerance: float = 1e-9) -> np.ndarray:
    """The best action values Q* (S, 4): the Bellman equation, repeated until nothing changes any more. gamma < 1."""
    p, r = world.tables()
    q = np.zeros_like(r)
    while True:
        new = r + gamma * p @ q.max(axis=1)
        if np.abs(new - q).max() < tolerance:
            return new
        q = new


@dataclass(frozen=True)
class Training:
    """Every step of a training, in order. N steps in E episodes."""

    world: GridWorld
    states: np.ndarray  # (N,) where the agent was
    actions: np.ndarray  # (N,) what it did
    rewards: np.ndarray  # (N,)
    nexts: np.ndarray  # (N,) where it came
    targets: np.ndarray  # (N,) r + γ · what is expected from there
    values: np.ndarray  # (N,) Q(s, a) after the step
    firsts: np.ndarray  # (E + 1,) number of the first step of each episode; the last is N

    def length(self, episode: int) -> int:
        """Steps of an episode, counted from 1."""
        return int(self.firsts[episode] - self.firsts[episode - 1])

    def moment(self, episode: int, step: int) -> int:
        """How many steps have been made in all when `step` of `episode` is over; a late step is the episode's last."""
        return int(self.firsts[episode - 1]) + min(step, self.length(episode))

    def q(self, moment: int) -> np.ndarray:
        """(S, 4) action values after so many steps: of each pair the last value that was written."""
        table = np.zeros((self.world.states, len(MOVES)))
        table[self.states[:moment], self.actions[:moment]] = self.values[:moment]
        return table

    @cached_property
    def earned(self) -> np.ndarray:
        """(E,) sum of the rewards of each episode, not discounted."""
        return np.add.reduceat(self.rewards, self.firsts[:-1])


def train(
    world: GridWorld, method: str = METHODS[0], alpha: float = 0.3, gamma: float = 0.95, epsilon: float = 0.1,
    episodes: int = EPISODES, most: int = MOST, seed: int = 0, start: int | None = None,
) -> Training:  # fmt: skip
    """Learn by walking: Q(s, a) ← Q(s, a) + α (r + γ·next − Q(s, a)), all values 0 at first.

    next is the largest Q(s', ·) in Q-learning, and Q(s', a') of the action that will be taken in SARSA. Actions are
    ε-greedy, ties broken at random. start: the first cell of an episode, None for the map's own.
    """
    rng = np.random.default_rng(seed)
    chance, step = rng.random, world.step
    q = [[0.0] * len(MOVES) for _ in range(world.states)]

    def choose(row):
        if chance() < epsilon:
            return int(4 * chance())
        best = max(row)
        if row.count(best) == 1:
            return row.index(best)
        equal = [action for action, value in enumerate(row) if value == best]
        return equal[int(len(equal) * chance())]

    log, firsts = [], [0]
    for _ in range(episodes):
        state, over, count = world.start if start is None else start, False, 0
        action = choose(q[state])
        while not over and count < most:
            new, reward, over = step(state, action, rng)
            following = choose(q[new])
            ahead = max(q[new]) if method == METHODS[0] else q[new][following]
            target = reward + gamma * ahead  # where it is over all values stay 0
            q[state][action] += alpha * (target - q[state][action])
            log.append((state, action, reward, new, target, q[state][action]))
            state, action, count = new, following, count + 1
        firsts.append(len(log))
    s, a, r, t, target, value = (np.array(column) for column in zip(*log, strict=True))
    return Training(world, s, a, r, t, target, value, np.array(firsts))


kept = lru_cache(maxsize=32)(train)


def greedy_way(world: GridWorld, q: np.ndarray, start: int, most: int = MOST) -> list[int]:
    """The cells that follow from always taking the best action when nothing slips; ends where it is over or repeats."""
    way = [start]
    while len(way) <= most and not world.ends[way[-1]]:
        way.append(world.neighbours[way[-1]][int(q[way[-1]].argmax())])
        if way[-1] in way[:-1]:
            break
    return way


def outcome(world: GridWorld, way: list[int]) -> str:
    """What a greedy way comes to, in words: it arrives, falls, circles at the coin or is lost."""
    last = world.text[way[-1]]
    if last == "P":
        return "into a pit"
    coin = world.text.find("C")
    if last == "G":
        return "over the top to the goal" if coin in way else "along the pits to the goal"
    circle = way[way.index(way[-1]) :]
    return "round and round at the coin" if coin in circle else "nowhere: it goes round in circles"
