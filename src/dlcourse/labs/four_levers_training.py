"""The training behind FourLeversLab: a polynomial at every moment of its training at once, and the sealed test set."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from dlcourse import data
from dlcourse.labs.polynomials import descent, features
from dlcourse.labs.settings import State, integer, number, rows, switch

UPDATES = (0, 1, 2, 3, 5, 8, 12, 20, 30, 50, 80, 120, 200, 300, 500, 800, 1200, 2000, 3000, 5000, 10000)
VALIDATION_POINTS, TEST_POINTS = 40, 200
LEVERS = ("degree", "points", "noise", "log_penalty", "early", "moment")


@dataclass(frozen=True)
class FourLeversState(State):
    """The four levers, how long the training lasts (index into UPDATES) and which data are drawn.

    log_penalty: λ of the penalty λ·|w|², as a power of ten; 10⁻⁵ is as good as none. noise: standard deviation.
    opened: no row while the test set is sealed; then one row, the levers (as in LEVERS) at which it was opened.
    """

    degree: int = integer(15, low=1, high=15, label="degree", help="Capacity: degree of the polynomial")
    points: int = integer(30, low=10, high=200, label="points", help="Data: number of training points")
    noise: float = number(0.3, low=0, high=0.6, step=0.05, label="noise σ", help="Standard deviation of y")
    log_penalty: float = number(-5.0, low=-5, high=0, step=0.25, label="log₁₀ λ", help="Regularisation: L2 penalty")
    seed: int = integer(0, low=0, high=99, label="data drawn", help="Another draw of all points, with a new seal")
    early: bool = switch(False, label="stop early", help="Keep the weights of the moment of least validation error")
    moment: int = integer(18, low=0, high=len(UPDATES) - 1, label="training", help="An index into UPDATES", play=True)
    opened: tuple = rows((), width=len(LEVERS), label="opened", low=-5, high=200)


@dataclass(frozen=True)
class FourLeversResult:
    train: data.Part
    validation: data.Part
    errors: np.ndarray  # (len(UPDATES), 2) mean squared error in training and validation
    best: int  # the moment of least validation error: the early-stop line
    used: int  # the moment whose weights are used
    weights: np.ndarray  # (degree + 1,) those weights
    test: float | None  # the test error at the opening, None while sealed
    judged: bool  # whether these very levers are those of the opening

    @property
    def train_error(self) -> float:
        return float(self.errors[self.used, 0])

    @property
    def validation_error(self) -> float:
        return float(self.errors[self.used, 1])


@lru_cache(maxsize=32)
def draw(seed: int, count: int, noise: float, part: int) -> data.Part:
    """Part 1, 2 or 3 (training, validation, test) of a draw, float64."""
    return data.Part(*(np.asarray(a, float)[:, 0] for a in data.curve(count, noise, 3 * seed + part)))


@lru_cache(maxsize=16)
def train(degree: int, points: int, noise: float, log_penalty: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Weights (T, degree + 1) at every moment and errors (T, 2) in training and validation."""
    parts = draw(seed, points, noise, 1), draw(seed, VALIDATION_POINTS, noise, 2)
    weights = descent(features(parts[0].x, degree), parts[0].y, 10**log_penalty, UPDATES)
    return weights, np.stack([error_of(weights, part) for part in parts], axis=1)


def error_of(weights, part: data.Part) -> np.ndarray:
    """Mean squared error of weights (…, D) on a part: (…)."""
    return ((weights @ features(part.x, weights.shape[-1] - 1).T - part.y) ** 2).mean(axis=-1)


def compute_levers(state: FourLeversState) -> FourLeversResult:
    weights, errors = train(state.degree, state.points, state.noise, state.log_penalty, state.seed)
    best = int(errors[:, 1].argmin())
    used = min(best, state.moment) if state.early else state.moment
    test, judged = None, False
    if state.opened:
        test, judged = open_test(state), levers_of(state) == state.opened[0]
    parts = draw(state.seed, state.points, state.noise, 1), draw(state.seed, VALIDATION_POINTS, state.noise, 2)
    return FourLeversResult(*parts, errors, best, used, weights[used], test, judged)


def levers_of(state: FourLeversState) -> tuple[float, ...]:
    """The levers as numbers, in the order of LEVERS."""
    return tuple(float(getattr(state, name)) for name in LEVERS)


def open_test(state: FourLeversState) -> float:
    """The test error at the levers of the opening."""
    degree, points, noise, log_penalty, early, moment = state.opened[0]
    then = state.changed(
        degree=int(degree), points=int(points), noise=noise, log_penalty=log_penalty, early=bool(early),
        moment=int(moment), opened=(),
    )  # fmt: skip
    return float(error_of(compute_levers(then).weights, draw(state.seed, TEST_POINTS, noise, 3)))
