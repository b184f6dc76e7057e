"""A small world of cells in which an agent walks: four moves, a goal, pits, walls, a coin, a floor that may slip."""

from dataclasses import dataclass
from functools import cached_property
from numbers import Real

import numpy as np

MOVES = ("up", "right", "down", "left")
_STEPS = ((-1, 0), (0, 1), (1, 0), (0, -1))  # rows are counted from the top
_SIGNS = ".SGPC#"

#: Two ways from S to G: five steps along the pits, or nine over the top, past the coin.
TWO_WAYS = (
    "...C..",
    ".####.",
    "S....G",
    "#PPPP#",
)
#: After Sutton & Barto (2018), example 6.6; here a fall ends the episode.
CLIFF = (
    "............",
    "............",
    "............",
    "SPPPPPPPPPPG",
)


@dataclass(frozen=True)
class GridWorld:
    """A Markov decision process on a map.

    rows: texts of equal length, from the top: `S` start (one), `G` goal, `P` pit, `C` coin, `#` wall, `.` free.
    A state is the number of a cell, row · width + column; an action is a number of MOVES: up, right, down, left.

    Each step pays `step_reward`; into the goal `goal_reward` instead, into a pit `pit_reward` instead, and both end the
    episode; onto the coin `coin_reward` is added, every time. Against a wall or the edge one stays where one is.
    slip: the probability that the move goes off to the side, to the left or to the right of it equally often.
    """

    rows: tuple[str, ...] = TWO_WAYS
    goal_reward: float = 1.0
    pit_reward: float = -1.0
    step_reward: float = -0.04
    coin_reward: float = 0.0
    slip: float = 0.0

    def __post_init__(self) -> None:
        if isinstance(self.rows, str) or not all(isinstance(row, str) for row in self.rows):
            raise ValueError(f"GridWorld: rows must be a list of texts, one a row of the map; got {self.rows!r}.")
        object.__setattr__(self, "rows", tuple(self.rows))
        text = "".join(self.rows)
        if len({len(row) for row in self.rows}) != 1 or not set(text) <= set(_SIGNS) or text.count("S") != 1:
            raise ValueError(
                f"GridWorld: rows must be equally long texts of {' '.join(_SIGNS)} with one S; got {self.rows!r}."
            )
        for name in ("goal_reward", "pit_reward", "step_reward", "coin_reward", "slip"):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, Real) or not np.isfinite(value):
                raise ValueError(f"GridWorld: {name} must be a finite number; got {value!r}.")
        if not 0 <= self.slip <= 1:
            raise ValueError(f"GridWorld: slip is a probability, from 0 to 1; got {self.slip!r}.")

    @property
    def width(self) -> int:
        return len(self.rows[0])

    @property
    def states(self) -> int:
        """The number of cells, walls included."""
        return len(self.rows) * self.width

    @cached_property
    def text(self) -> str:
        """The sign of every cell, by its number."""
        return "".join(self.rows)

    @cached_property
    def start(self) -> int:
        return self.text.index("S")

    @cached_property
    def ends(self) -> tuple[bool, ...]:
        """Whether the episode is over in a cell: the goal and the pits."""
        return tuple(sign in "GP" for sign in self.text)

    @cached_property
    def free(self) -> tuple[int, ...]:
        """The cells in which there is something to decide: no wall, goal or pit."""
        return tuple(state for state, sign in enumerate(self.text) if sign not in "GP#")

    @cached_property
    def pay(self) -> tuple[float, ...]:
        """What entering a cell pays, by its number."""
        special = {"G": self.goal_reward, "P": self.pit_reward, "C": self.step_reward + self.coin_reward}
        return tuple(float(special.get(sign, self.step_reward)) for sign in self.text)

    @cached_property
    def neighbours(self) -> tuple[tuple[int, ...], ...]:
        """neighbours[state][action]: the cell that the move leads to when the floor does not slip."""
        return tuple(tuple(self._beside(state, step) for step in _STEPS) for state in range(self.states))

    def _beside(self, state: int, step: tuple[int, int]) -> int:
        row, column = state // self.width + step[0], state % self.width + step[1]
        inside = 0 <= row < len(self.rows) and 0 <= column < self.width
        return row * self.width + column if inside and self.rows[row][column] != "#" else state

    def step(self, state: int, action: int, rng: np.random.Generator) -> tuple[int, float, bool]:
        """One move: the next state, its reward, and whether the episode is over. Draws one number if it may slip."""
        if self.slip:
            chance = rng.random()
            if chance < self.slip:
                action = (action + (1 if chance < self.slip / 2 else 3)) % 4
        state = self.neighbours[state][action]
        return state, self.pay[state], self.ends[state]

    def tables(self) -> tuple[np.ndarray, np.ndarray]:
        """The world's rules as numbers: P (S, 4, S), the probability of each next state, and R (S, 4), the mean reward.

        Where the episode is over (and in walls) both are 0: nothing follows, nothing is paid.
        """
        p = np.zeros((self.states, len(MOVES), self.states))
        for state in self.free:
            for action in range(len(MOVES)):
                for turn, chance in ((0, 1 - self.slip), (1, self.slip / 2), (3, self.slip / 2)):
                    p[state, action, self.neighbours[state][(action + turn) % 4]] += chance
        return p, p @ np.array(self.pay)
