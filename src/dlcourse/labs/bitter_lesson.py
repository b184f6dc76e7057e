"""BitterLessonLab: features made by hand against learned ones, over the amount of data and of training."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from dlcourse import data
from dlcourse.data.bitter_lesson import BATCH, MODELS, ROWS, SEEDS, STEPS
from dlcourse.labs.base import Goal, Lab, View
from dlcourse.labs.drawing import Table, axes_at, blank_axes
from dlcourse.labs.live import Gesture, Handle
from dlcourse.labs.palette import BLUE, FAINT, GREEN, INK, NORMAL, ORANGE_TEXT, PAPER
from dlcourse.labs.rounding import signed
from dlcourse.labs.settings import State, choice
from dlcourse.labs.words import Word, Words

# -- state and computation ------------------------------------------------------------------------------------------

NAMES = {"hand": "by hand: 40 matched filters", "mlp": "learned: MLP", "cnn": "learned: CNN"}
RIVALS = ("CNN", "MLP")
WEIGHTS = {"hand": 410, "mlp": 15_210, "cnn": 5_210}
# Multiplications forward for one signal. The linear layer; dense layers of 100; three convolutions with 19, 10 and 5
# places, then the linear layer.
PRODUCTS = {
    "hand": 40 * 10,
    "mlp": 40 * 100 + 100 * 100 + 100 * 10,
    "cnn": 19 * 25 * 5 + 10 * 25 * 25 * 3 + 5 * 25 * 25 * 3 + 125 * 10,
}


@dataclass(frozen=True)
class BitterLessonState(State):
    """signals: for training, 50 to 32,000. steps: of training, 60 to 6,000, each of 100 signals. rival: the network
    that is compared with the features made by hand."""

    signals: int = choice(200, ROWS, slider=True, label="signals", help="Signals to train on")
    steps: int = choice(2000, STEPS, slider=True, label="steps", help="Steps of training, 100 signals each")
    rival: str = choice("CNN", RIVALS, label="rival", help="The network that is compared with the hand-made features")

    @property
    def place(self) -> tuple[int, int]:
        """Where signals and steps stand among those that were measured."""
        return ROWS.index(self.signals), STEPS.index(self.steps)


@dataclass(frozen=True)
class BitterLessonResult:
    """For each model (hand, mlp, cnn), in per cent: low, mean and high over the seeds."""

    by_data: dict[str, np.ndarray]  # (3, 10) over the amounts of data, at the training that is set
    by_training: dict[str, np.ndarray]  # (3, 5) over the steps, at the amount of data that is set
    ahead: int  # seeds in which the rival is ahead
    ahead_before: int  # the most seeds in which it is ahead with less data, however long it is trained
    gap: float  # mean of the rival minus that of the hand-made features, in points


def operations(model: str, steps: int) -> int:
    """Arithmetic of a training: forward, and twice as much backward; a multiplication and an addition are two."""
    return 3 * 2 * PRODUCTS[model] * BATCH * steps


measured = cache(data.bitter_lesson)


def compute_bitter_lesson(state: BitterLessonState) -> BitterLessonResult:
    found, (place, training) = measured(), state.place
    rival = found[state.rival.lower()]
    wins = (rival > found["hand"]).sum(axis=1)  # (amounts, steps)
    return BitterLessonResult(
        {name: _band(found[name][:, :, training]) for name in MODELS},
        {name: _band(found[name][place].T) for name in MODELS},
        int(wins[place, training]),
        int(wins[:place].max(initial=0)),
        float(100 * (rival - found["hand"])[place, :, training].mean()),
    )


def _band(accuracies) -> np.ndarray:
    """Accuracies (K, seeds) -> low, mean and high in per cent, (3, K)."""
    return 100 * np.stack([accuracies.min(axis=1), accuracies.mean(axis=1), accuracies.max(axis=1)])


# -- view -----------------------------------------------------------------------------------------------------------

LOGS = np.log10(ROWS)
STYLES = {"hand": (ORANGE_TEXT, (0, (5, 2)), "s"), "mlp": (GREEN, (0, (1, 1)), "D"), "cnn": (BLUE, "-", "o")}
STEP = (0.31, 0.31)  # of the arrow keys: to the next amount of data
COMPUTE = {name: np.log10([operations(name, steps) for steps in STEPS]) for name in MODELS}


class BitterLessonView(View):
    size = (840, 400)

    def __init__(self, figure):
        self.left = axes_at(
            figure, (46, 30, 380, 244), (1.6, 4.6), (5, 103), "More data", "training signals", "% correct"
        )
        self.left.set_xticks([2, 3, 4], ["100", "1,000", "10,000"])
        self.right = axes_at(
            figure, (482, 30, 342, 244), (6.9, 11.8), (5, 103), "More compute", "operations of the training"
        )
        self.right.set_xticks([7, 8, 9, 10, 11], ["10⁷", "10⁸", "10⁹", "10¹⁰", "10¹¹"])
        self.bands, self.lines, self.dots = {}, {}, {}
        for side, axes in (("data", self.left), ("training", self.right)):
            for name, (colour, style, marker) in STYLES.items():
                key = side, name
                (self.bands[key],) = axes.fill([], [], color=colour, alpha=0.18, linewidth=0, zorder=2)
                (self.lines[key],) = axes.plot([], [], color=colour, linestyle=style, linewidth=2, zorder=3)
                (self.dots[key],) = axes.plot(
                    [], [], marker, color=colour, markersize=8, markeredgecolor=PAPER, zorder=5
                )
        self.now = self.left.axvline(2, color=FAINT, linewidth=1.6, zorder=1)
        (self.between,) = self.left.plot([], [], color=INK, linewidth=1.4, zorder=4)
        self.gap = Words(self.left, zorder=6, halo=2)
        self._make_table(figure)
        self.moving = [
            *self.bands.values(), *self.lines.values(), *self.dots.values(), self.now, self.between, self.gap,
            *self.table.artists,
        ]  # fmt: skip

    def _make_table(self, figure):
        axes = blank_axes(figure, (46, 312, 780, 86))
        header = ("% correct: mean", "worst seed", "best seed", "numbers learned", "operations")
        self.table = Table(axes, header, (280, 390, 480, 590, 700), len(STYLES), row_height=21)
        for row, (name, (colour, style, marker)) in enumerate(STYLES.items()):
            y = 21 * (row + 1.5)
            axes.plot([2, 30], [y, y], color=colour, linestyle=style, linewidth=2)
            axes.plot([16], [y], marker, color=colour, markersize=7, markeredgecolor=PAPER)
            axes.text(38, y, NAMES[name], fontsize=NORMAL, color=INK, va="center")

    def update(self, state, result):
        rows, (row, column) = [], state.place
        for name in STYLES:
            for side, found, x, place in (
                ("data", result.by_data[name], LOGS, row),
                ("training", result.by_training[name], COMPUTE[name], column),
            ):
                low, mean, high = found
                outline = np.stack([np.concatenate([x, x[::-1]]), np.concatenate([low, high[::-1]])], axis=1)
                self.bands[side, name].set_xy(outline)
                self.lines[side, name].set_data(x, mean)
                self.dots[side, name].set_data([x[place]], [mean[place]])
            low, mean, high = result.by_data[name][:, row]
            work = f"{operations(name, state.steps):.1e}".replace("e+", "e").replace("e0", "e")
            rows.append([signed(mean, 1), signed(low, 1), signed(high, 1), f"{WEIGHTS[name]:,}", work])
        self.now.set_xdata([LOGS[row]] * 2)
        self.table.update(rows)
        self._update_gap(state, result)

    def _update_gap(self, state, result):
        """The way from the hand-made features to the rival, and how long it is."""
        row = state.place[0]
        x, ends = LOGS[row], [result.by_data[name][1, row] for name in ("hand", state.rival.lower())]
        self.between.set_data([x, x], ends)
        words = f"{state.rival} {'+' if result.gap > 0 else ''}{signed(result.gap, 1)}"
        side, shift = ("left", 0.07) if row < len(ROWS) - 2 else ("right", -0.07)
        self.gap.update([Word(x + shift, min(max(np.mean(ends), 14), 86), words, INK, align=side)])

    def handles(self, state, result):
        row, column = state.place
        data_words = f"{state.signals:,} training signals"
        up, x = (0.0, 1.0), COMPUTE[state.rival.lower()][column]
        y = float(result.by_training[state.rival.lower()][1, column])
        training_words = f"{state.steps:,} steps"
        return [
            Handle("data", self.left, float(LOGS[row]), 12.0, "amount of data", data_words, "line", STEP,
                   direction=up),
            Handle("training", self.right, float(x), y, "amount of training", training_words, step=(0.5, 0.0)),
        ]  # fmt: skip


# -- lab ------------------------------------------------------------------------------------------------------------


class BitterLessonLab(Lab):
    """Measured curves: move the amount of data and of training, and see who is ahead."""

    title = "Made by hand or learned?"
    State, View, compute = BitterLessonState, BitterLessonView, staticmethod(compute_bitter_lesson)
    presets = {
        "50 signals: knowledge wins by far": {"signals": 50},
        "1,000 signals: still": {"signals": 1000},
        "32,000 signals: the learned ones are ahead": {"signals": 32_000, "steps": 6000},
        "32,000 signals and little compute: not yet": {"signals": 32_000, "steps": 200},
        "The MLP: fewer assumptions, more data": {"signals": 32_000, "steps": 6000, "rival": "MLP"},
    }

    def moved(self, gesture: Gesture):
        if gesture.handle == "data":
            return {"signals": ROWS[np.abs(LOGS - gesture.x).argmin()]}
        return {"steps": STEPS[np.abs(COMPUTE[self.state.rival.lower()] - gesture.x).argmin()]}

    def describe(self, state, result):
        hand, mlp, cnn = (result.by_data[name][1, state.place[0]] for name in MODELS)
        who = "ahead" if result.gap > 0 else "behind"
        return (
            f"{state.signals:,} training signals, {state.steps:,} steps: hand-made features "
            f"{hand:.1f}%, MLP {mlp:.1f}%, CNN {cnn:.1f}% of new signals right. The {state.rival} is "
            f"{abs(result.gap):.1f} points {who}."
        )

    def judge(self, state, result):
        task = (
            f"Find the least data with which the learned features of the CNN are ahead in all {SEEDS} seeds. "
            "How much training do they need for it?"
        )
        verdict = f"The {state.rival} is ahead in {result.ahead} of {SEEDS} seeds."
        there = result.ahead == SEEDS
        if there and result.ahead_before == SEEDS:
            verdict += " Less data would do."
        return Goal(task, verdict, there and result.ahead_before < SEEDS and state.rival == "CNN")

    def code(self, state):
        return (
            f"from dlcourse import data\n\n"
            f"names, place, training = {MODELS}, {state.place[0]}, {state.place[1]}  # of data and of training\n"
            f"found = data.bitter_lesson()\n"
            f"rival = {state.rival.lower()!r}\n"
            f"accuracies = engine.stack([engine.tensor(found[name][place, :, training]) for name in names])\n"
            f"ahead = (found[rival] > found['hand'])[place, :, training].sum()\n"
            f"output = 100 * accuracies.mean(1)\n"
            f"print([round(p, 1) for p in output.tolist()], f'% correct; {{rival}} ahead in {{ahead}} seeds')"
        )
