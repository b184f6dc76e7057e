"""OptimizerRaceLab: seven optimizers from one start on one landscape, at one learning rate or each at its own best.

The strip shows the loss after the last step at every rate: that is what makes the race fair. The formulas of the seven
are in `optimizer_family.py`, the landscapes in `landscapes.py`.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from dlcourse.labs.base import Goal, Lab, View
from dlcourse.labs.drawing import Field, arrow, axes_at, blank_axes
from dlcourse.labs.landscapes import EDGE, LANDSCAPES, table
from dlcourse.labs.live import Gesture, Handle
from dlcourse.labs.optimizer_family import FAMILY, NAMES, Race, race
from dlcourse.labs.palette import BLUE, FAINT, GREEN, GREY, INK, LARGE, NORMAL, ORANGE, ORANGE_TEXT, PAPER, SMALL
from dlcourse.labs.relief import Relief
from dlcourse.labs.settings import State, choice, integer, number
from dlcourse.labs.words import Word, Words

# -- state and computation ------------------------------------------------------------------------------------------

STEPS = 150
LOG_RATES = np.round(np.arange(-4, 1.01, 0.2), 1)  # 26 learning rates from 0.0001 to 10, five a decade
FLOOR = 1e-10  # losses below count as equal: the minimum is found
SAME, BEST = "the same rate", "each at its best rate"


@dataclass(frozen=True)
class OptimizerRaceState(State):
    """log_rate: log₁₀ of the learning rate that all use in a race at the same rate. x, y: the start, in the plane's
    own units. step counts updates. watch: whose next step is taken apart in arrows and numbers."""

    landscape: str = choice("ravine", tuple(LANDSCAPES), label="landscape", help="The function to go down")
    rule: str = choice(SAME, (SAME, BEST), label="race at", help="What makes the race fair")
    log_rate: float = number(-2.0, low=-4, high=1, step=0.2, label="log₁₀ rate", help="−2 is a rate of 0.01")
    watch: str = choice("momentum", NAMES, label="watch", help="Whose steps are taken apart")
    x: float = number(-1.6, low=-EDGE, high=EDGE, step=0.05, label="start x")
    y: float = number(1.2, low=-EDGE, high=EDGE, step=0.05, label="start y")
    step: int = integer(40, low=0, high=STEPS, label="step", help="Updates made so far", play=True)


@dataclass(frozen=True)
class OptimizerRaceResult:
    race: Race
    chosen: np.ndarray  # (7,) which rate each one uses, an index into LOG_RATES
    best: np.ndarray  # (7,) its best rate: lowest loss after the last step, on a tie the one that was there first
    loss: np.ndarray  # (7,) at this step; NaN: diverged
    places: np.ndarray  # (7,) from 1; equal for equal losses
    anatomy: dict[str, np.ndarray]  # of the watched one's next step, each (2,): g, m, size, move

    def path(self, i: int) -> np.ndarray:
        """(STEPS + 1, 2) positions of one optimizer at its chosen rate."""
        return self.race.w[:, i, self.chosen[i]]


@lru_cache(maxsize=16)
def all_rates(landscape: str, x: float, y: float) -> Race:
    """The seven at all 26 rates."""
    return race(LANDSCAPES[landscape], (x, y), 10**LOG_RATES, STEPS)


def best_rates(run: Race) -> np.ndarray:
    """(7,) index of each one's best rate: the lowest last loss; below FLOOR, the earliest there."""
    last = np.where(np.isnan(run.loss[-1]), np.inf, np.maximum(run.loss[-1], FLOOR))  # (7, R)
    arrived = (run.loss > FLOOR).sum(axis=0)  # steps before the floor
    lowest = last == last.min(axis=1, keepdims=True)
    return np.where(lowest, arrived, STEPS + 2).argmin(axis=1)


def compute_race(state: OptimizerRaceState) -> OptimizerRaceResult:
    run = all_rates(state.landscape, state.x, state.y)
    best = best_rates(run)
    same = int(np.abs(LOG_RATES - state.log_rate).argmin())
    chosen = best if state.rule == BEST else np.full(len(FAMILY), same)
    loss = run.loss[state.step, np.arange(len(FAMILY)), chosen]
    score = np.where(np.isnan(loss), np.inf, np.maximum(loss, FLOOR))
    places = 1 + (score[None, :] < score[:, None]).sum(axis=1)
    return OptimizerRaceResult(run, chosen, best, loss, places, anatomy(state, run, chosen))


def anatomy(state: OptimizerRaceState, run: Race, chosen: np.ndarray) -> dict[str, np.ndarray]:
    """The watched optimizer's next step (at the end its last): gradient, memories, and where they move it."""
    i = NAMES.index(state.watch)
    t, r = min(state.step, STEPS - 1), chosen[NAMES.index(state.watch)]
    here, there = run.w[t, i, r], run.w[t + 1, i, r]
    g = LANDSCAPES[state.landscape].gradient(here)
    return {"g": g, "m": run.m[t + 1, i, r], "size": np.sqrt(run.v[t + 1, i, r]), "move": there - here}


# -- view -----------------------------------------------------------------------------------------------------------

#: Colours by family: grey plain, blue with a memory of direction, orange with one of size, green with both.
COLOURS = (GREY, BLUE, BLUE, ORANGE, ORANGE, GREEN, GREEN)
STYLES = ("-", "-", (0, (4, 2)), "-", (0, (4, 2)), "-", (0, (4, 2)))
STRIP = (554, 64, 122, 175)  # left, top, width, height of the strip; a row is 25 high
ROW = STRIP[3] / len(FAMILY)
COLUMNS, PARTS = (24, 84, 136), (126, 204)  # middles of the columns of the two tables


class OptimizerRaceView(View):
    size = (840, 420)

    def __init__(self, figure):
        self.plane = axes_at(figure, (40, 30, 356, 356), (-EDGE, EDGE), (-EDGE, EDGE), "Seven from one start")
        self.relief = Relief(self.plane)
        (self.minima,) = self.plane.plot([], [], "*", color=PAPER, markeredgecolor=INK, markersize=13, zorder=2)
        self._make_paths()
        self._make_strip(figure)
        self._make_anatomy(figure)
        self._drawn = None
        self.moving = [
            self.relief, self.minima, *self.paths, *self.ends, *self.letters, self.arrows,
            self.strip, self.crosses, self.best, self.now, self.board, self.parts,
        ]  # fmt: skip

    def _make_paths(self):
        self.paths, self.ends, self.letters = [], [], []
        for i, (member, colour, style) in enumerate(zip(FAMILY, COLOURS, STYLES, strict=True)):
            self.paths += self.plane.plot([], [], color=colour, linestyle=style, linewidth=1.4, zorder=3)
            disc, letter = _badge(self.plane, member.letter, colour, zorder=5 + i / 10)
            self.ends.append(disc)
            self.letters.append(letter)
        self.arrows = self.plane.quiver(
            [0] * 3, [0] * 3, [1] * 3, [0] * 3, color=[GREY, BLUE, INK], angles="xy", scale_units="xy", scale=1,
            width=0.009, zorder=4,
        )  # fmt: skip

    def _make_strip(self, figure):
        title = {"fontsize": LARGE, "color": INK, "va": "center"}
        figure.text(412 / 840, 1 - 22 / 420, f"Loss after {STEPS} steps, at each learning rate", **title)
        self.rates = axes_at(figure, STRIP, (-0.5, 25.5), (6.5, -0.5), "", "log₁₀ learning rate")
        self.rates.set_yticks([])
        self.rates.set_xticks(range(0, 26, 5), [f"{k:.0f}".replace("-", "−") for k in LOG_RATES[::5]])
        self.strip = Field(self.rates, smooth=False)
        (self.crosses,) = self.rates.plot([], [], "x", color=INK, markersize=3, markeredgewidth=0.7, zorder=2)
        (self.best,) = self.rates.plot(
            [], [], "o", color=PAPER, markeredgecolor=INK, markeredgewidth=1.5, markersize=7, zorder=4, clip_on=False
        )
        (self.now,) = self.rates.plot([], [], color=INK, linewidth=1.2, marker="|", markersize=9, zorder=3)
        names = blank_axes(figure, (412, STRIP[1], 130, STRIP[3] + 40))
        for row, (member, colour) in enumerate(zip(FAMILY, COLOURS, strict=True)):
            y = (row + 0.5) * ROW
            for part in _badge(names, member.letter, colour, zorder=2):
                part.set_data([12], [y])
            names.plot([26, 50], [y, y], color=colour, linestyle=STYLES[row], linewidth=1.6)
            names.text(56, y, member.name, fontsize=NORMAL, color=INK, va="center")
        key = "blue low, orange high\n○ best   × diverged"
        names.text(0, STRIP[3] + 22, key, fontsize=SMALL, color=GREY, va="center")
        board = blank_axes(figure, (684, STRIP[1] - ROW, 154, STRIP[3] + ROW))
        board.plot([4, 150], [ROW - 1, ROW - 1], color=FAINT, linewidth=1)
        for x, header in zip(COLUMNS, ("rate", "loss now", "place"), strict=True):
            board.text(x, ROW / 2 - 2, header, fontsize=SMALL, color=GREY, ha="center", va="center")
        self.board = Words(board)

    def _make_anatomy(self, figure):
        axes = blank_axes(figure, (412, 294, 240, 122))
        axes.plot([0, 240], [40, 40], color=FAINT, linewidth=1)
        for x, header in zip(PARTS, ("x", "y"), strict=True):
            axes.text(x, 31, header, fontsize=SMALL, color=GREY, ha="center", va="center")
        for row, name in enumerate(("gradient g", "memory m", "size √v", "step")):
            axes.text(0, 51 + 20 * row, name, fontsize=NORMAL, color=INK, va="center")
        self.parts = Words(axes)
        words = blank_axes(figure, (660, 314, 176, 102))
        for row, (colour, name) in enumerate(((GREY, "downhill, −g"), (BLUE, "memory, −m"), (INK, "the step"))):
            y = (row + 1.5) * 20
            arrow(words, (8, y), (44, y), colour)
            words.text(52, y, name, fontsize=NORMAL, color=INK, va="center")
        words.text(8, 90, "(arrows: direction only)", fontsize=SMALL, color=GREY, va="center")

    def update(self, state, result):
        if self._drawn != state.landscape:
            self._drawn = state.landscape
            self.relief.show(table(state.landscape))
            self.minima.set_data(*np.array(LANDSCAPES[state.landscape].minima, float).reshape(-1, 2).T)
        self._update_paths(state, result)
        self._update_arrows(state, result)
        self._update_strip(state, result)
        self._update_numbers(state, result)

    def _update_paths(self, state, result):
        for i, name in enumerate(NAMES):
            path = result.path(i)[: state.step + 1]
            known = path[np.isfinite(path[:, 0])]
            self.paths[i].set_data(*known.T)
            self.paths[i].set_linewidth(2.6 if name == state.watch else 1.3)
            self.ends[i].set_data(*known[-1:].T)
            self.letters[i].set_data(*known[-1:].T)

    def _update_arrows(self, state, result):
        here = result.path(NAMES.index(state.watch))[state.step]
        parts = result.anatomy
        self.arrows.set_visible(bool(np.isfinite(parts["move"]).all()))
        if self.arrows.get_visible():
            arrows = np.stack([_unit(-parts["g"]), _unit(-parts["m"]), _unit(parts["move"])])
            self.arrows.set_offsets(np.tile(here, (3, 1)))
            self.arrows.set_UVC(*(arrows * [[0.75], [0.6], [0.42]]).T)

    def _update_strip(self, state, result):
        self.strip.update(strip_values(result)[::-1])
        rows, columns = np.nonzero(np.isnan(result.race.loss[-1]))
        self.crosses.set_data(columns, rows)
        self.best.set_data(result.best, np.arange(len(FAMILY)))
        self.now.set_data(result.chosen, np.arange(len(FAMILY)))
        self.now.set_linestyle("-" if state.rule == SAME else "none")

    def _update_numbers(self, state, result):
        rows = [
            [f"{10 ** LOG_RATES[r]:.2g}", short(loss), str(place) if np.isfinite(loss) else "–"]
            for r, loss, place in zip(result.chosen, result.loss, result.places, strict=True)
        ]
        self.board.update(
            Word(x, (i + 1.5) * ROW, text, ORANGE_TEXT if text == "diverged" else INK)
            for i, row in enumerate(rows)
            for x, text in zip(COLUMNS, row, strict=True)
        )
        member = FAMILY[NAMES.index(state.watch)]
        parts = result.anatomy
        shown = (parts["g"], parts["m"] if member.beta1 else None, parts["size"] if member.c2 else None, parts["move"])
        numbers = [["–"] * 2 if v is None or np.isnan(v[0]) else list(map(short, v)) for v in shown]
        title = f"The {'next' if state.step < STEPS else 'last'} step of {state.watch}"
        cells = [(x, 51 + 20 * i, text) for i, row in enumerate(numbers) for x, text in zip(PARTS, row, strict=True)]
        self.parts.update([Word(0, 10, title, size=LARGE, align="left"), *(Word(*cell) for cell in cells)])

    def handles(self, state, result):
        words = f"x {state.x:.2f}, y {state.y:.2f}"
        return [Handle("start", self.plane, state.x, state.y, "the start of all seven", words, step=(0.05, 0.05))]


def _badge(axes, letter: str, colour: str, zorder: float):
    """A disc and a letter on it, both nowhere yet. The letter is a marker, which costs a tenth of a text."""
    disc = axes.plot([], [], "o", color=colour, markeredgecolor=PAPER, markersize=13, zorder=zorder)[0]
    shape = rf"$\mathbf{{{letter}}}$"
    return disc, axes.plot([], [], marker=shape, color=PAPER, markersize=7, markeredgewidth=0, zorder=zorder + 0.05)[0]


def strip_values(result: OptimizerRaceResult) -> np.ndarray:
    """(7, 26) for a Field: 0 the lowest last loss of all, 1 the loss at the start or worse, on a log scale."""
    last, start = np.maximum(result.race.loss[-1], FLOOR), max(result.race.loss[0, 0, 0], 2 * FLOOR)
    low, high = np.log10(np.nanmin(last, initial=start)), np.log10(start)
    return (np.log10(last) - low) / max(high - low, 1e-3)


def short(value: float) -> str:
    """A number in few letters; "diverged" for NaN."""
    if np.isnan(value):
        return "diverged"
    if abs(value) <= FLOOR:
        return "0"
    text = f"{value:.2g}" if abs(value) < 1e-3 or abs(value) >= 1000 else f"{value:.3g}"
    return text.replace("e-0", "e-").replace("e+0", "e").replace("-", "−")


def listed(names: list[str]) -> str:
    """SGD; SGD and Adam; SGD, Adam and AdamW."""
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _unit(v: np.ndarray) -> np.ndarray:
    length = np.hypot(*v)
    return v / length if length > 1e-12 else np.zeros(2)


# -- lab ------------------------------------------------------------------------------------------------------------


class OptimizerRaceLab(Lab):
    """A race of seven optimizers. Drag the start, choose a landscape, and make the race fair."""

    title = "A race of seven optimizers"
    State, View, compute = OptimizerRaceState, OptimizerRaceView, staticmethod(compute_race)
    presets = {
        "One rate for all is unfair": {"log_rate": -1.0, "step": STEPS},
        "Each at its best: who is ahead?": {"rule": BEST, "step": STEPS},
        "Turn the ravine: a rate for each axis no longer helps": {
            "landscape": "tilted ravine", "rule": BEST, "step": STEPS, "watch": "RMSprop",
        },
        "A saddle holds those who start on its ridge": {"landscape": "saddle", "x": -1.6, "y": 0.0, "step": STEPS},
        "On a plateau a small slope is a small step": {
            "landscape": "plateau", "rule": BEST, "step": 60, "watch": "SGD", "x": -1.0,
        },
        "Rosenbrock: a bent valley": {"landscape": "Rosenbrock", "rule": BEST, "step": STEPS, "watch": "Adam"},
        "Himmelblau: from one start into different valleys": {
            "landscape": "Himmelblau", "rule": BEST, "step": STEPS, "x": -0.1, "y": -0.4,
        },
        "Rastrigin: the nearest hole is not the deepest": {"landscape": "Rastrigin", "rule": BEST, "step": STEPS},
        "A real network": {"landscape": "digits network", "rule": BEST, "step": 20, "x": -1.0, "y": -1.0},
    }  # fmt: skip

    def describe(self, state, result):
        ahead = [name for name, place in zip(NAMES, result.places, strict=True) if place == 1]
        lost = [name for name, loss in zip(NAMES, result.loss, strict=True) if np.isnan(loss)]
        rate = f"all at rate {10**state.log_rate:.2g}" if state.rule == SAME else state.rule
        loss = short(result.loss[NAMES.index(ahead[0])])
        leader = f"{listed(ahead)} {'is' if len(ahead) == 1 else 'are'} ahead with loss {loss}"
        if len(ahead) == len(NAMES):
            leader = f"all seven are level with loss {loss}"
        return (
            f"{state.landscape[0].upper()}{state.landscape[1:]} ({LANDSCAPES[state.landscape].point}), {rate}. "
            f"At step {state.step} {leader if len(lost) < len(NAMES) else 'nobody is left'}; "
            f"diverged: {', '.join(lost) or 'none'}."
        )

    def judge(self, state, result):
        task = "Show that no optimizer is always best: in a fair race, let plain SGD finish ahead of Adam."
        if state.rule == SAME:
            return Goal(task, f"Not a fair race: all use the rate {10**state.log_rate:.2g}.", False)
        last = np.maximum(result.race.loss[-1, np.arange(len(FAMILY)), result.best], FLOOR)
        sgd, adam = (last[NAMES.index(name)] for name in ("SGD", "Adam"))
        if np.isnan(sgd) or np.isnan(adam):
            return Goal(task, "One of the two diverges at every rate.", False)
        verdict = f"Each at its best, after {STEPS} steps: SGD {short(sgd)}, Adam {short(adam)}."
        return Goal(task, verdict, bool(sgd < 0.5 * adam))

    def moved(self, gesture: Gesture):
        return self.state.nearest(x=gesture.x, y=gesture.y)

    def code(self, state):
        result = compute_race(state)
        i = NAMES.index(state.watch)
        landscape, rate = LANDSCAPES[state.landscape], float(10 ** LOG_RATES[result.chosen[i]])
        return (
            f"{landscape.setup}w = engine.tensor([{state.x}, {state.y}], dtype=engine.float64, requires_grad=True)\n"
            f"optimizer = engine.optim.{FAMILY[i].call.format(lr=repr(rate))}\n\n"
            f"def f(x, y):\n    return {landscape.code}\n\n"
            f"for _ in range({state.step}):\n"
            f"    optimizer.zero_grad()\n    f(w[0], w[1]).backward()\n    optimizer.step()\n"
            f"output = w.detach()\n"
            f"print([round(z, 3) for z in output.tolist()], round(f(output[0], output[1]).item(), 4))"
        )
