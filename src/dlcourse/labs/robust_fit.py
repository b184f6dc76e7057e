"""RobustFitLab: one point is dragged away; how far do the lines of the squared, absolute and Huber loss follow it?"""

from dataclasses import dataclass

import numpy as np

from dlcourse.labs.base import Goal, Lab, View
from dlcourse.labs.drawing import axes_at, blank_axes
from dlcourse.labs.line_fits import ABSOLUTE, HUBER, SQUARED, absolute_line, huber_line, pull, squared_line
from dlcourse.labs.live import Gesture, Handle
from dlcourse.labs.palette import BLUE, FAINT, GREEN, GREY, INK, NORMAL, ORANGE, ORANGE_TEXT, PAPER, SMALL
from dlcourse.labs.rounding import signed
from dlcourse.labs.settings import State, number
from dlcourse.labs.words import Word, Words

# -- state and computation ------------------------------------------------------------------------------------------

#: The third of Anscombe's four data sets (1973), without its outlier (13, 12.74): ten points nearly on a line.
TEN_X = np.array([10.0, 8, 9, 11, 14, 6, 4, 12, 7, 5])
TEN_Y = np.array([7.46, 6.77, 7.11, 7.81, 8.84, 6.08, 5.39, 8.15, 6.42, 5.73])
FITS = (SQUARED, ABSOLUTE, HUBER)


@dataclass(frozen=True)
class RobustFitState(State):
    """The eleventh point, x from 2 to 40 and y from −2 to 16, and where Huber's loss turns from squared to absolute, δ
    from 0.1 to 5, in the unit of y. Anscombe's data have no unit."""

    x: float = number(13.0, low=2, high=40, step=0.1, label="point: x")
    y: float = number(12.74, low=-2, high=16, step=0.02, label="point: y")
    delta: float = number(2.0, low=0.1, high=5, step=0.1, label="Huber's δ", help="Beyond δ a point pulls no harder")


@dataclass(frozen=True)
class RobustFitResult:
    x: np.ndarray  # (11,) the dragged point last
    y: np.ndarray  # (11,)
    lines: dict[str, tuple[float, float]]  # name of the loss -> (slope, intercept)
    residuals: dict[str, float]  # of the dragged point, y − line
    pulls: dict[str, float]  # dL/dr there


def compute_fits(state: RobustFitState) -> RobustFitResult:
    x, y = np.append(TEN_X, state.x), np.append(TEN_Y, state.y)
    lines = {SQUARED: squared_line(x, y), ABSOLUTE: absolute_line(x, y), HUBER: huber_line(x, y, state.delta)}
    residuals = {name: round(state.y - a * state.x - b, 9) for name, (a, b) in lines.items()}
    pulls = {name: float(pull(name, r, state.delta)) for name, r in residuals.items()}
    return RobustFitResult(x, y, lines, residuals, pulls)


# -- view -----------------------------------------------------------------------------------------------------------

STYLES = {SQUARED: (BLUE, "-", "o"), ABSOLUTE: (ORANGE_TEXT, (0, (5, 2)), "D"), HUBER: (GREEN, (0, (1, 1)), "^")}
REACH = np.linspace(-14, 14, 561)


class RobustFitView(View):
    size = (840, 400)

    def __init__(self, figure):
        self.plane = axes_at(figure, (46, 30, 394, 324), (0, 42), (-3, 17), "Drag the orange point", "x", "y")
        self.plane.set_yticks([0, 5, 10, 15])
        self.plane.plot(TEN_X, TEN_Y, "o", color=GREY, markersize=7, markeredgecolor=PAPER, zorder=3)
        self.pulls = axes_at(
            figure, (512, 30, 310, 196), (-14, 14), (-11, 11), "How hard a point pulls", "distance r from the line"
        )
        for draw in (self.pulls.axhline, self.pulls.axvline):
            draw(0, color=FAINT, linewidth=1)
        for name in (SQUARED, ABSOLUTE):
            self._line(self.pulls, name, REACH, pull(name, REACH, 1.0))
        self.lines = {name: self._line(self.plane, name) for name in FITS}
        self.huber = self._line(self.pulls, HUBER)
        self.marks = {name: self._mark(name) for name in FITS}
        self.stem = self.plane.plot([], [], color=GREY, linewidth=1, linestyle=(0, (2, 3)), zorder=1)[0]
        self.point = self.plane.plot([], [], "s", color=ORANGE, markersize=10, markeredgecolor=INK, zorder=5)[0]
        self.words = Words(self._table(figure))
        self.moving = [*self.lines.values(), self.huber, *self.marks.values(), self.stem, self.point, self.words]

    def _line(self, axes, name, x=(), y=()):
        colour, style, _ = STYLES[name]
        return axes.plot(x, y, color=colour, linestyle=style, linewidth=2.2, zorder=2)[0]

    def _mark(self, name):
        colour, _, marker = STYLES[name]
        style = {"markersize": 9, "color": colour, "markeredgecolor": PAPER, "zorder": 4}
        return self.pulls.plot([], [], marker=marker, **style)[0]

    def _table(self, figure):
        axes = blank_axes(figure, (470, 284, 352, 116))
        axes.plot([0, 352], [22, 22], color=FAINT, linewidth=1)
        for row, name in enumerate(FITS):
            colour, style, marker = STYLES[name]
            axes.plot([0, 34], [36 + 24 * row] * 2, color=colour, linestyle=style, linewidth=2.2)
            axes.plot([17], [36 + 24 * row], marker=marker, color=colour, markersize=7, markeredgecolor=PAPER)
            axes.text(42, 36 + 24 * row, name, fontsize=NORMAL, color=INK, va="center")
        for x, header in zip(PLACES, ("slope", "r of the point", "its pull"), strict=True):
            axes.text(x, 11, header, fontsize=SMALL, color=GREY, ha="center", va="center")
        return axes

    def update(self, state, result):
        ends = np.array(self.plane.get_xlim())
        for name, (slope, intercept) in result.lines.items():
            self.lines[name].set_data(ends, slope * ends + intercept)
            end = 5.0 if name == SQUARED else 13.6  # where its curve leaves the picture
            r = np.clip(result.residuals[name], -end, end)
            self.marks[name].set_data([r], [pull(name, r, state.delta)])
        self.huber.set_data(REACH, pull(HUBER, REACH, state.delta))
        slope, intercept = result.lines[SQUARED]
        self.stem.set_data([state.x, state.x], [slope * state.x + intercept, state.y])
        self.point.set_data([state.x], [state.y])
        self.words.update(
            Word(x, 36 + 24 * row, signed(value, decimals))
            for row, name in enumerate(FITS)
            for x, value, decimals in zip(
                PLACES, (result.lines[name][0], result.residuals[name], result.pulls[name]), (3, 2, 2), strict=True
            )
        )

    def handles(self, state, result):
        words = f"x {signed(state.x, 1)}, y {signed(state.y)}"
        point = Handle("point", self.plane, state.x, state.y, "the eleventh point", words, step=(0.1, 0.1))
        words = f"delta {state.delta:.1f}"
        corner = Handle("delta", self.pulls, state.delta, state.delta, "corner of Huber's loss", words, step=(0.1, 0.1))
        return [point, corner]


PLACES = (176, 250, 326)


# -- lab ------------------------------------------------------------------------------------------------------------


class RobustFitLab(Lab):
    """Drag one point of eleven: which line follows it, that of the squared, the absolute or Huber's loss?"""

    title = "One outlier and three losses"
    State, View, compute = RobustFitState, RobustFitView, staticmethod(compute_fits)
    presets = {
        "Anscombe's outlier": {},
        "Not an outlier: all three agree": {"x": 13.0, "y": 8.5},
        "Further off: only the squared error follows": {"x": 13.0, "y": 16.0},
        "At the end of the line it turns it": {"x": 18.0, "y": 0.0},
        "In the middle it only lifts it": {"x": 8.6, "y": 16.0},
        "Large δ: Huber is the squared error": {"delta": 5.0},
        "Small δ: Huber is the absolute error": {"delta": 0.1},
        "Far to the side: even the absolute error gives in": {"x": 40.0, "y": 4.0, "delta": 0.1},
    }

    def describe(self, state, result):
        slopes = ", ".join(f"{name} {signed(a, 3)}" for name, (a, _) in result.lines.items())
        pulls = ", ".join(signed(value) for value in result.pulls.values())
        return (
            f"The point is at ({signed(state.x, 1)}, {signed(state.y)}). Slopes: {slopes}. It pulls the three lines "
            f"with {pulls}. The other ten points lie on slope 0.345."
        )

    def judge(self, state, result):
        steep, calm = result.lines[SQUARED][0], result.lines[ABSOLUTE][0]
        task = "Drag the point until the line of the squared error falls, while that of the absolute error still rises."
        words = {True: "falls", False: "rises"}
        verdict = f"Squared error: the line {words[steep < 0]}; absolute error: it {words[calm < 0]}."
        return Goal(task, verdict, steep < 0 < calm)

    def moved(self, gesture: Gesture):
        if gesture.handle == "delta":
            return self.state.nearest(delta=max(abs(gesture.x), abs(gesture.y)))
        return self.state.nearest(x=gesture.x, y=gesture.y)

    def code(self, state):
        x, y = [*TEN_X.tolist(), state.x], [*TEN_Y.tolist(), state.y]
        return (
            f"x = engine.tensor({x}, dtype=engine.float64)\n"
            f"y = engine.tensor({y}, dtype=engine.float64)\n\n"
            f"def line(weight_of):  # weighted least squares, again and again\n"
            f"    w = engine.ones_like(x)\n"
            f"    for _ in range(300):\n"
            f"        mx, my = (w * x).sum() / w.sum(), (w * y).sum() / w.sum()\n"
            f"        slope = (w * (x - mx) * (y - my)).sum() / (w * (x - mx) ** 2).sum()\n"
            f"        w = weight_of((y - my - slope * (x - mx)).abs())\n"
            f"    return engine.stack([slope, my - slope * mx])\n\n"
            f"squared = line(lambda r: engine.ones_like(r))\n"
            f"absolute = line(lambda r: 1 / r.clamp(min=1e-6))\n"
            f"huber = line(lambda r: {state.delta} / r.clamp(min={state.delta}))\n"
            f"output = engine.stack([squared, absolute, huber])\n"
            f"print(output)  # slope and intercept of the three lines"
        )
