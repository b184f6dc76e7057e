"""MinibatchNoiseLab: twenty runs of stochastic gradient descent from one start; only the batches differ.

Logistic regression on 200 loans with two weights, age and salary (both standardised): the loss is a bowl, and all the
unrest comes from the batches. Each run visits the rows in an order of its own in every epoch, as `training.fit` does.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from matplotlib.collections import LineCollection

from dlcourse import data
from dlcourse.labs.base import Goal, Lab, View
from dlcourse.labs.drawing import axes_at, blank_axes
from dlcourse.labs.palette import BLUE, GREY, INK, LARGE, NORMAL, ORANGE_TEXT, PAPER
from dlcourse.labs.relief import Relief
from dlcourse.labs.settings import State, choice, integer, number
from dlcourse.labs.words import Word, Words

# -- state and computation ------------------------------------------------------------------------------------------

RUNS, UPDATES, EVERY = 20, 200, 4  # the loss on all rows is taken every 4 updates
BATCHES = (1, 2, 5, 10, 20, 50, 200)
SCHEDULES = ("constant", "step: a tenth at half", "cosine to 0")
START = (-1.0, -0.5)
NEAR = 0.01  # above the least loss: that close counts as arrived


@dataclass(frozen=True)
class MinibatchNoiseState(State):
    """batch: rows an update; rate at the beginning; schedule: what becomes of it; step counts updates, 0 … 200."""

    batch: int = choice(5, BATCHES, label="batch size", help="Rows in each update, of 200")
    rate: float = number(2.0, low=0.1, high=4.0, step=0.1, label="rate", help="Learning rate at the beginning")
    schedule: str = choice(SCHEDULES[0], SCHEDULES, label="schedule", help="How the rate changes")
    first_seed: int = integer(0, low=0, high=980, label="first seed", help="Seeds first … first + 19 order the rows")
    step: int = integer(12, low=0, high=UPDATES, label="update", help="Updates made so far", play=True)


@dataclass(frozen=True)
class MinibatchNoiseResult:
    paths: np.ndarray  # (UPDATES + 1, 20, 2) weights
    losses: np.ndarray  # (UPDATES / 4 + 1, 20) on all rows, every 4 updates
    least: float  # the least loss of all weights
    best: np.ndarray  # (2,) where it is
    epochs: float  # passes over the rows after this many updates
    arrived: int  # runs within NEAR of the least loss at the end
    spread: float  # standard deviation of the weights over the runs now, the root of the two variances' sum


@lru_cache
def rows() -> tuple[np.ndarray, np.ndarray]:
    """Inputs (200, 2) and signs ±1 of the loans, float64."""
    x, y = data.loans().standardised()
    return x.astype(float), 2.0 * y - 1


def loss_at(w: np.ndarray) -> np.ndarray:
    """Mean of log(1 + exp(−s·w·x)) over all rows, for weights (…, 2)."""
    x, sign = rows()
    return np.logaddexp(0, -sign * (np.asarray(w) @ x.T)).mean(axis=-1)


@lru_cache
def minimum() -> np.ndarray:
    """The weights of the least loss, by Newton's method."""
    x, sign = rows()
    w = np.zeros(2)
    for _ in range(20):
        miss = 1 / (1 + np.exp(sign * (x @ w)))
        hessian = (x * (miss * (1 - miss))[:, None]).T @ x
        w = w + np.linalg.solve(hessian, x.T @ (sign * miss))
    return w


@lru_cache(maxsize=16)
def orders(batch: int, seed: int) -> np.ndarray:
    """(UPDATES, batch) rows of each update: a new order each epoch, drawn by NumPy from the seed."""
    count = len(rows()[0])
    epochs = UPDATES * batch // count
    draw = np.random.default_rng(seed)
    visits = [draw.permutation(count) if batch < count else np.arange(count) for _ in range(max(epochs, 1))]
    return np.concatenate(visits)[: UPDATES * batch].reshape(UPDATES, batch)


def factors(schedule: str) -> np.ndarray:
    """(UPDATES,) what the rate is multiplied by at each update, as by StepLR and CosineAnnealingLR."""
    t = np.arange(UPDATES)
    if schedule == SCHEDULES[1]:
        return np.where(t < UPDATES // 2, 1.0, 0.1)
    return (1 + np.cos(np.pi * t / UPDATES)) / 2 if schedule == SCHEDULES[2] else np.ones(UPDATES)


@lru_cache(maxsize=8)
def all_runs(batch: int, rate: float, schedule: str, first_seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Paths and losses of the twenty runs."""
    x, sign = rows()
    runs = RUNS if batch < len(x) else 1  # all rows in every update: the twenty are one
    picked = np.stack([orders(batch, first_seed + run) for run in range(runs)], axis=1)  # (UPDATES, runs, batch)
    x1, x2 = (x * sign[:, None]).T  # the gradient of a row is −σ(−s·w·x)·s·x
    w = np.empty((UPDATES + 1, runs, 2))
    w[0] = START
    for t, lr in enumerate((rate * factors(schedule)).tolist()):
        a, b = x1[picked[t]], x2[picked[t]]  # (runs, batch) each
        miss = 1 / (1 + np.exp(a * w[t, :, :1] + b * w[t, :, 1:]))
        w[t + 1, :, 0] = w[t, :, 0] + lr * (miss * a).mean(axis=1)
        w[t + 1, :, 1] = w[t, :, 1] + lr * (miss * b).mean(axis=1)
    w = np.repeat(w, RUNS // runs, axis=1)
    return w, loss_at(w[::EVERY])


def compute_noise(state: MinibatchNoiseState) -> MinibatchNoiseResult:
    paths, losses = all_runs(state.batch, state.rate, state.schedule, state.first_seed)
    best = minimum()
    least = float(loss_at(best))
    return MinibatchNoiseResult(
        paths, losses, least, best,
        epochs=state.step * state.batch / len(rows()[0]),
        arrived=int((losses[-1] <= least + NEAR).sum()),
        spread=float(np.sqrt(paths[state.step].var(axis=0).sum())),
    )  # fmt: skip


# -- view -----------------------------------------------------------------------------------------------------------

XLIM, YLIM = (-1.6, 2.4), (-1.0, 5.0)
LOWEST = -5  # power of ten on the loss's axis
TAIL = 60  # updates of each run that stay visible: the whole of all twenty would hide what becomes of them


@lru_cache
def bowl() -> np.ndarray:
    """The loss over the plane of the two weights: (90, 90)."""
    a, b = np.meshgrid(np.linspace(*XLIM, 90), np.linspace(*YLIM, 90))
    return loss_at(np.stack([a, b], axis=-1))


class MinibatchNoiseView(View):
    size = (840, 390)

    def __init__(self, figure):
        names = (f"Twenty runs, the last {TAIL} updates of each", "weight of the age", "weight of the salary")
        self.plane = axes_at(figure, (48, 30, 360, 312), XLIM, YLIM, *names)
        self.relief = Relief(self.plane)
        self.relief.show(bowl())
        self.ghosts = LineCollection([], colors=[(0, 0.447, 0.698, 0.28)], linewidths=1, zorder=2)
        self.plane.add_collection(self.ghosts)
        (self.first,) = self.plane.plot([], [], color=ORANGE_TEXT, linewidth=1.4, zorder=3)
        (self.ends,) = self.plane.plot([], [], "o", color=BLUE, markeredgecolor=PAPER, markersize=6, zorder=4)
        (self.end,) = self.plane.plot([], [], "s", color=ORANGE_TEXT, markeredgecolor=PAPER, markersize=8, zorder=5)
        self.plane.plot(*minimum(), "*", color=PAPER, markeredgecolor=INK, markersize=13, zorder=6)
        self.plane.plot(*START, "o", color=PAPER, markeredgecolor=INK, markersize=7, zorder=1)
        self.plane.text(START[0], START[1] - 0.25, "start", fontsize=NORMAL, color=INK, ha="center", va="center")
        self._make_losses(figure)
        self._make_rates(figure)
        self.moving = [
            self.ghosts, self.first, self.ends, self.end, self.loss_ghosts, self.mean, self.now, self.rate, self.words,
        ]  # fmt: skip

    def _make_losses(self, figure):
        self.chart = axes_at(figure, (470, 30, 350, 168), (0, UPDATES), (LOWEST, 1.2), "", "update")
        self.chart.set_title("Loss on all rows, above the least possible", fontsize=LARGE, color=INK, loc="left", pad=6)
        self.chart.set_yticks(range(LOWEST + 1, 1), [*(f"10{power}" for power in ("⁻⁴", "⁻³", "⁻²", "⁻¹")), "1"])
        self.chart.axhline(np.log10(NEAR), color=INK, linewidth=1, linestyle=(0, (2, 2)))
        self.loss_ghosts = LineCollection([], colors=[(0, 0.447, 0.698, 0.28)], linewidths=1, zorder=2)
        self.chart.add_collection(self.loss_ghosts)
        (self.mean,) = self.chart.plot([], [], color=BLUE, linewidth=2.4, zorder=3)
        self.now = self.chart.axvline(0, color=GREY, linewidth=1)
        key = blank_axes(figure, (654, 346, 180, 40))
        key.plot([4, 28], [10, 10], color=BLUE, linewidth=2.4)
        key.text(34, 10, "mean of the twenty", fontsize=NORMAL, color=INK, va="center")
        key.plot([4, 28], [28, 28], color=BLUE, linewidth=1, alpha=0.4)
        key.text(34, 28, "each of them", fontsize=NORMAL, color=INK, va="center")

    def _make_rates(self, figure):
        self.schedule = axes_at(figure, (470, 268, 172, 74), (0, UPDATES), (0, 4.2), "Learning rate", "update")
        (self.rate,) = self.schedule.plot([], [], color=INK, linewidth=1.6)
        self.words = Words(blank_axes(figure, (654, 252, 180, 100)))

    def update(self, state, result):
        walked = result.paths[: state.step + 1]
        self.ghosts.set_segments(walked[-TAIL - 1 :, 1:].transpose(1, 0, 2))
        self.first.set_data(*walked[-TAIL - 1 :, 0].T)
        self.ends.set_data(*walked[-1, 1:].T)
        self.end.set_data(*walked[-1, :1].T)
        known = np.log10(np.maximum(result.losses[: state.step // EVERY + 1] - result.least, 10.0 ** (LOWEST - 1)))
        steps = np.arange(len(known)) * EVERY
        self.loss_ghosts.set_segments([np.stack([steps, run], axis=1) for run in known.T])
        self.mean.set_data(steps, np.log10(np.mean(10**known, axis=1)))
        self.now.set_xdata([state.step] * 2)
        self.rate.set_data(np.arange(UPDATES), state.rate * factors(state.schedule))
        lines = (
            f"update {state.step} = {_many(result.epochs, 'epoch')}", f"{_many(200 // state.batch, 'update')} an epoch",
            f"spread of the runs {result.spread:.2f}", f"{result.arrived} of 20 arrive",
        )  # fmt: skip
        self.words.update(Word(4, 12 + 22 * row, line, align="left") for row, line in enumerate(lines))


def _many(count: float, name: str) -> str:
    return f"{count:.3g} {name}{'' if count == 1 else 's'}"


# -- lab ------------------------------------------------------------------------------------------------------------


class MinibatchNoiseLab(Lab):
    """Twenty runs that differ in their batches alone: what the batch size and the schedule do to the noise."""

    title = "The noise of mini-batches"
    State, View, compute = MinibatchNoiseState, MinibatchNoiseView, staticmethod(compute_noise)
    presets = {
        "Batches of one: unrest": {"batch": 1, "step": UPDATES},
        "Batches of 20: the same way, far less noise": {"batch": 20, "step": UPDATES},
        "All rows at once: no noise, twenty times the same": {"batch": 200, "step": UPDATES},
        "A smaller rate: less noise, but slow": {"batch": 2, "rate": 0.1, "step": UPDATES},
        "A rate that shrinks: fast, then calm": {
            "batch": 2, "rate": 1.5, "schedule": SCHEDULES[2], "step": UPDATES,
        },
        "A large rate that stays: it never settles": {"batch": 2, "rate": 4.0, "step": UPDATES},
    }  # fmt: skip

    def describe(self, state, result):
        now = result.losses[state.step // EVERY]
        an_epoch, made, epochs = 200 // state.batch, state.step, result.epochs
        return (
            f"Batches of {state.batch} of 200 rows, {_many(an_epoch, 'update')} an epoch: {_many(made, 'update')} are "
            f"{_many(epochs, 'epoch')}. Mean loss {now.mean():.3f}, least possible {result.least:.3f}; the runs lie "
            f"{result.spread:.2f} apart (standard deviation)."
        )

    def judge(self, state, result):
        task = f"With batches of 1 or 2 rows, bring all twenty runs within {NEAR} of the least loss."
        verdict = f"{result.arrived} of 20 runs end within {NEAR} of the least loss."
        if state.batch > 2:
            verdict += " But the batches are larger than 2."
        return Goal(task, verdict, result.arrived == RUNS and state.batch <= 2)

    def code(self, state):
        shrink = "" if state.schedule == SCHEDULES[0] else "    scheduler.step()\n"
        plan = {
            SCHEDULES[0]: "",
            SCHEDULES[1]: f"scheduler = engine.optim.lr_scheduler.StepLR(optimizer, {UPDATES // 2})\n",
            SCHEDULES[2]: f"scheduler = engine.optim.lr_scheduler.CosineAnnealingLR(optimizer, {UPDATES})\n",
        }[state.schedule]
        order = "rng.permutation(200)" if state.batch < 200 else "np.arange(200)"
        return (
            f"import numpy as np\n\nfrom dlcourse import data\n\n"
            f"x, y = data.loans().standardised()\n"
            f"rng = np.random.default_rng({state.first_seed})  # the first run of twenty\n"
            f"orders = np.concatenate([{order} for _ in range({max(UPDATES * state.batch // 200, 1)})])\n"
            f"w = engine.tensor({list(START)}, requires_grad=True)\n"
            f"optimizer = engine.optim.SGD([w], lr={state.rate})\n{plan}"
            f"loss = engine.nn.functional.binary_cross_entropy_with_logits\n\n"
            f"for t in range({state.step}):\n"
            f"    rows = orders[{state.batch} * t : {state.batch} * (t + 1)]\n"
            f"    optimizer.zero_grad()\n"
            f"    loss(engine.tensor(x[rows]) @ w, engine.tensor(y[rows]).float()).backward()\n"
            f"    optimizer.step()\n{shrink}"
            f"output = w.detach()\n"
            f"print([round(z, 3) for z in output.tolist()])"
        )
