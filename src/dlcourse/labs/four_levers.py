"""FourLeversLab: capacity, data, noise and regularisation on one curve; the test set stays sealed until it is opened.

A polynomial is trained by gradient descent on the training points. Validation points are for choosing among settings.
The test score can be seen once: from then on it has been used, and no later choice is judged by it.
"""

import numpy as np

from dlcourse import data
from dlcourse.labs.base import Goal, Lab, View
from dlcourse.labs.drawing import axes_at, blank_axes
from dlcourse.labs.four_levers_training import (
    UPDATES,
    VALIDATION_POINTS,
    FourLeversResult,
    FourLeversState,
    compute_levers,
    levers_of,
)
from dlcourse.labs.live import DRAWING, Gesture, Handle
from dlcourse.labs.palette import BLUE, FAINT, GREEN, GREY, INK, NORMAL, ORANGE, ORANGE_TEXT, PAPER
from dlcourse.labs.polynomials import RATE, features
from dlcourse.labs.words import Word, Words

# -- state and computation ------------------------------------------------------------------------------------------
# FourLeversState and compute_levers are in four_levers_training.py.

NEAR, FEW, NOISY = 0.06, 40, 0.3  # the task: this close to the noise, with at most so many points, at least so noisy


# -- view -----------------------------------------------------------------------------------------------------------

GRID = np.linspace(-1, 1, 241)
LOW, HIGH = -3.0, 1.0  # powers of ten on the axis of the errors
MOST = 0.6  # the longest bar


class FourLeversView(View):
    size = (840, 400)

    def __init__(self, figure):
        self.plane = axes_at(figure, (46, 30, 388, 278), (-1.02, 1.02), (-2.1, 2.1), "The curve", "x", "y")
        self.plane.set(xticks=[-1, -0.5, 0, 0.5, 1], yticks=[-2, -1, 0, 1, 2])
        self.plane.plot(GRID, data.curve_truth(GRID), color=GREY, linewidth=1.4, linestyle=(0, (4, 3)), zorder=2)
        dot = {"linestyle": "", "markeredgecolor": PAPER}
        (self.train,) = self.plane.plot([], [], marker="o", color=BLUE, markersize=7, zorder=4, **dot)
        (self.validation,) = self.plane.plot([], [], marker="s", color=ORANGE, markersize=6, zorder=3, **dot)
        (self.fit,) = self.plane.plot([], [], color=INK, linewidth=2.2, zorder=5)
        self._make_legend(figure)
        self._make_chart(figure)
        self._make_bars(figure)
        self.moving = [
            self.train, self.validation, self.fit, *self.lines, self.stop, self.now, self.floor, *self.marks,
            *self.bars, self.seal, self.words, self.chart_words, self.level,
        ]  # fmt: skip

    def _make_legend(self, figure):
        axes = blank_axes(figure, (46, 352, 390, 44))
        axes.plot([2, 26], [12, 12], color=INK, linewidth=2.2)
        axes.plot([2, 26], [32, 32], color=GREY, linewidth=1.4, linestyle=(0, (4, 3)))
        axes.plot([214], [12], "o", color=BLUE, markersize=7)
        axes.plot([214], [32], "s", color=ORANGE, markersize=6)
        names = ((34, 12, "polynomial"), (34, 32, "truth, never seen"), (226, 12, "training"), (226, 32, "validation"))
        for x, y, text in names:
            axes.text(x, y, text, fontsize=NORMAL, color=INK, va="center")

    def _make_chart(self, figure):
        last = len(UPDATES) - 1
        self.chart = axes_at(figure, (506, 30, 300, 172), (0, last), (LOW, HIGH), "Error while training", "updates")
        self.chart.set_xticks([UPDATES.index(n) for n in (0, 3, 12, 50, 200, 1200, 10000)])
        self.chart.set_xticklabels(["0", "3", "12", "50", "200", "1,200", "10,000"])
        self.chart.set_yticks([-3, -2, -1, 0, 1], ["0.001", "0.01", "0.1", "1", "10"])
        styles = ((BLUE, "-", "o"), (ORANGE_TEXT, (0, (5, 2)), "s"))
        self.lines = [self.chart.plot([], [], color=c, linestyle=s, linewidth=2, zorder=3)[0] for c, s, _ in styles]
        self.marks = [
            self.chart.plot([], [], marker=m, color=c, markersize=8, markeredgecolor=PAPER, zorder=5)[0]
            for c, _, m in styles
        ]
        self.now = self.chart.axvline(0, color=INK, linewidth=1.2, zorder=2)
        self.stop = self.chart.axvline(0, color=GREEN, linewidth=1.8, linestyle=(0, (2, 2)), zorder=2)
        self.floor = self.chart.axhline(0, color=FAINT, linewidth=1.4, zorder=1)
        self.chart_words = Words(self.chart)

    def _make_bars(self, figure):
        self.panel = axes_at(figure, (582, 276, 180, 80), (0, MOST), (2.5, -0.5), "", "mean squared error")
        self.panel.set_yticks([0, 1, 2], ["training", "validation", "test"], fontsize=NORMAL)
        self.panel.set_xticks([0, 0.2, 0.4, 0.6])
        self.bars = list(self.panel.barh([0, 1, 2], [0, 0, 0], height=0.62, color=[BLUE, ORANGE, GREEN], zorder=2))
        (self.seal,) = self.panel.barh(
            [2], [MOST], height=0.62, facecolor=PAPER, edgecolor=GREY, hatch="////", zorder=3
        )
        self.level = self.panel.axvline(0, color=GREY, linewidth=1.2, linestyle=(0, (2, 2)), zorder=4)
        self.words = Words(self.panel)

    def update(self, state, result):
        self.train.set_data(result.train.x, result.train.y)
        self.validation.set_data(result.validation.x, result.validation.y)
        self.fit.set_data(GRID, np.clip(features(GRID, state.degree) @ result.weights, -9, 9))
        curves = np.log10(np.clip(result.errors, 10**LOW, 10**HIGH))
        for line, mark, curve in zip(self.lines, self.marks, curves.T, strict=True):
            line.set_data(np.arange(len(UPDATES)), curve)
            mark.set_data([result.used], [curve[result.used]])
        self.now.set_xdata([state.moment] * 2)
        self.stop.set_xdata([result.best] * 2)
        self.floor.set_ydata([np.log10(max(state.noise**2, 10 ** (LOW - 1)))] * 2)
        leftwards = result.best > len(UPDATES) / 2 or 5 < result.best < state.moment < result.best + 6
        x, side = (result.best - 0.3, "right") if leftwards else (result.best + 0.3, "left")
        self.chart_words.update([Word(x, 0.72, "early stop", GREEN, NORMAL, side)])
        self._update_bars(state, result)

    def _update_bars(self, state, result):
        errors = [result.train_error, result.validation_error, result.test]
        words = [Word(state.noise**2, -0.78, "noise σ²", GREY, NORMAL)]
        for row, (bar, error) in enumerate(zip(self.bars, errors, strict=True)):
            bar.set_width(0 if error is None else min(error, MOST))
            words.append(Word(MOST * 1.04, row, "sealed" if error is None else f"{error:.3f}", INK, NORMAL, "left"))
        self.seal.set_width(MOST if result.test is None else 0)
        self.level.set_xdata([state.noise**2] * 2)
        self.words.update(words)

    def handles(self, state, result):
        text = f"{UPDATES[state.moment]} updates, validation error {result.errors[state.moment, 1]:.3f}"
        step, direction = (1.0, 1.0), (0.0, 1.0)
        return [Handle("moment", self.chart, state.moment, -1.0, "training", text, "line", step, direction=direction)]


# -- lab ------------------------------------------------------------------------------------------------------------


class FourLeversLab(Lab):
    """Four levers against overfitting, and a test set that can be opened once."""

    title = "Four levers and a sealed test set"
    State, View, compute = FourLeversState, FourLeversView, staticmethod(compute_levers)
    actions = {"Open the test set": "open_test_set"}
    presets = {
        "Too stiff: both errors stay high": {"degree": 2},
        "Too free: training falls, validation rises": {"points": 20, "moment": 20},
        "Capacity: a lower degree cannot wiggle": {"degree": 4, "points": 20, "moment": 20},
        "Data: 200 points hold degree 15 still": {"points": 200, "moment": 20},
        "Noise: without it, nothing false is learned": {"points": 20, "noise": 0.0, "moment": 20},
        "Regularisation: a penalty keeps it smooth": {"points": 20, "log_penalty": -2.0, "moment": 20},
        "Early stopping: the same, stopped in time": {"points": 20, "early": True, "moment": 20},
    }

    def open_test_set(self) -> None:
        """Break the seal: the test error of the levers as they are now. It can be done once for these data."""
        if not self.state.opened:
            self.set(opened=(levers_of(self.state),))

    def set(self, /, **changes) -> None:
        """Other data come with a new seal."""
        with DRAWING:
            if "opened" not in changes and changes.get("seed", self.state.seed) != self.state.seed:
                changes["opened"] = ()
            super().set(**changes)

    def moved(self, gesture: Gesture):
        return {"moment": round(min(max(gesture.x, 0), len(UPDATES) - 1))}

    def describe(self, state, result):
        stop = UPDATES[result.best]
        used = f"{UPDATES[result.used]:,} updates" + (" (stopped early)" if result.used < state.moment else "")
        return (
            f"Degree {state.degree}, {state.points} points, noise σ = {state.noise:g} (σ² = {state.noise**2:.3f}), "
            f"λ = 10^{state.log_penalty:g}, {used}: training error {result.train_error:.3f}, validation error "
            f"{result.validation_error:.3f}: {diagnosis(state, result)}. Validation is lowest after {stop:,} updates. "
            f"{seal_in_words(result)}"
        ).replace("-", "−")

    def judge(self, state, result):
        task = (
            f"With at most {FEW} points and σ of at least {NOISY}, choose by the validation error alone. Then open the "
            f"test set, once. Pass: a test error at most {NEAR} above σ²."
        )
        if result.test is None:
            return Goal(task, f"Validation error {result.validation_error:.3f}. The test set is sealed.", False)
        if not result.judged:
            words = (
                "The levers moved after the test set was opened: nothing is left to judge this choice. Draw new data."
            )
            return Goal(task, words, False)
        above = result.test - state.noise**2
        allowed = state.points <= FEW and state.noise >= NOISY
        verdict = f"Test error {result.test:.3f}, {abs(above):.3f} {'above' if above >= 0 else 'below'} σ²; "
        verdict += f"validation had said {result.validation_error:.3f}."
        if not allowed:
            verdict += " But the data are more, or less noisy, than allowed."
        return Goal(task, verdict, allowed and above <= NEAR)

    def code(self, state):
        weights_at = UPDATES[compute_levers(state).used]
        return (
            f"import numpy as np\n\nfrom dlcourse import data\n\n\n"
            f"def part(count, seed):\n"
            f"    x, y = data.curve(count, {state.noise}, seed)\n"
            f"    phi = np.polynomial.legendre.legvander(x[:, 0].astype(float), {state.degree})\n"
            f"    return engine.tensor(phi), engine.tensor(y[:, 0].astype(float))\n\n\n"
            f"phi, y = part({state.points}, {3 * state.seed + 1})\n"
            f"validation = part({VALIDATION_POINTS}, {3 * state.seed + 2})\n"
            f"w = engine.zeros({state.degree + 1}, dtype=engine.float64, requires_grad=True)\n"
            f"optimizer = engine.optim.SGD([w], lr={RATE}, weight_decay={2 * 10**state.log_penalty:.6g})\n"
            f"for _ in range({weights_at}):\n"
            f"    optimizer.zero_grad()\n"
            f"    ((phi @ w - y) ** 2).mean().backward()\n"
            f"    optimizer.step()\n\n"
            f"w = w.detach()\n"
            f"output = engine.stack([((phi @ w - y) ** 2).mean() for phi, y in ((phi, y), validation)])\n"
            f"print([round(error, 3) for error in output.tolist()])  # training and validation error"
        )


def diagnosis(state: FourLeversState, result: FourLeversResult) -> str:
    """What the two errors say, in words."""
    low, high = result.train_error, result.validation_error
    if low > 1.5 * state.noise**2 + 0.02:
        return "it underfits, even the training points lie off the curve"
    if high > 2 * low + 0.01:
        return f"it overfits, validation is {high / max(low, 1e-9):.3g} times training"
    return "neither underfits nor overfits much"


def seal_in_words(result: FourLeversResult) -> str:
    """Whether the test set is sealed, or what it said when it was opened."""
    if result.test is None:
        return "The test set is sealed."
    return f"The test set was opened: error {result.test:.3f}" + (
        "." if result.judged else " at other levers than these; it is used up."
    )
