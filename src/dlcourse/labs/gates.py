"""GatesLab: a perceptron of two inputs as a logic gate, its line, its truth table and the map of all lines.

z = w₁x₁ + w₂x₂ + b, output 1 where z > 0 (or z ≥ 0: the tie rule is a setting), threshold θ = −b.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

import dlcourse.reference as engine
from dlcourse.data import gate as truth_table
from dlcourse.labs.base import Goal, Lab, View
from dlcourse.labs.drawing import ClassPoints, Field, Table, axes_at, blank_axes, line_ends
from dlcourse.labs.live import Gesture, Handle
from dlcourse.labs.palette import (
    BLUE,
    CLASS_TEXT_COLOURS,
    FAINT,
    GREY,
    INK,
    NORMAL,
    ORANGE_TEXT,
    PAPER,
    SMALL,
    field_rgb,
)
from dlcourse.labs.rounding import signed
from dlcourse.labs.settings import State, choice, number, switch

# -- state and computation ------------------------------------------------------------------------------------------

GATES = ("AND", "OR", "NAND", "NOR", "NOT x₁", "XOR", "XNOR")
CENTRE = np.array([0.5, 0.5])
ANGLES = np.arange(-180, 180, 3)  # degrees, direction of w
OFFSETS = np.linspace(-0.9, 0.9, 61)  # signed distance of the line from the centre of the square


@dataclass(frozen=True)
class GatesState(State):
    """Weights and bias have no unit and run from −2 to 2; `scale` multiplies all three by c > 0."""

    gate: str = choice("AND", GATES, label="Gate", help="The truth table to reach")
    w1: float = number(0.5, low=-2, high=2, step=0.05, label="w₁", help="Weight of the input x₁")
    w2: float = number(-0.5, low=-2, high=2, step=0.05, label="w₂", help="Weight of the input x₂")
    b: float = number(-0.2, low=-2, high=2, step=0.05, label="b = −θ", help="Bias: minus the threshold θ")
    scale: float = number(1.0, low=0.25, high=4, step=0.25, label="scale c", help="Multiplies w₁, w₂ and b")
    tie: str = choice("z > 0", ("z > 0", "z ≥ 0"), label="Fires if", help="What happens exactly on the line")
    threshold: bool = switch(False, label="Write it with θ", help="w·x > θ instead of w·x + b > 0")


@dataclass(frozen=True)
class GatesResult:
    w: np.ndarray  # (2,), scaled
    b: float  # scaled
    x: np.ndarray  # (4, 2) rows of the truth table
    target: np.ndarray  # (4,) 0 or 1
    z: np.ndarray  # (4,) net values
    output: np.ndarray  # (4,) 0 or 1
    margin: float  # smallest signed distance of a row from its wrong side, in input units; nan if w = 0
    best_margin: float  # the largest that any line reaches for this gate
    angle: float  # direction of w in degrees, nan if w = 0
    offset: float  # signed distance of the centre of the square from the line, positive on the side of output 1
    solutions: np.ndarray  # (offsets, angles) rows correct for every line

    @property
    def correct(self) -> np.ndarray:
        return self.output == self.target


def rows_of(gate: str) -> tuple[np.ndarray, np.ndarray]:
    """The four inputs and targets of a gate."""
    if gate == "NOT x₁":
        x, _ = truth_table("AND")
        return x, 1 - x[:, 0].astype(int)
    return truth_table(gate)


def compute_gates(state: GatesState) -> GatesResult:
    x, target = rows_of(state.gate)
    w = state.scale * np.array([state.w1, state.w2])
    b = state.scale * state.b
    z = (engine.tensor(x, dtype=engine.float64) @ engine.tensor(w) + b).numpy().round(9)  # 0.5 + 0.2 − 0.7 is a tie
    output = (z >= 0 if state.tie == "z ≥ 0" else z > 0).astype(int)
    length = np.hypot(*w)
    known = length > 0
    return GatesResult(
        w, b, x, target, z, output,
        margin=float(((2 * target - 1) * z).min() / length) if known else np.nan,
        best_margin=best_margin(state.gate),
        angle=float(np.degrees(np.arctan2(w[1], w[0]))) if known else np.nan,
        offset=float((w @ CENTRE + b) / length) if known else np.nan,
        solutions=solution_map(state.gate),
    )  # fmt: skip


@lru_cache
def solution_map(gate: str) -> np.ndarray:
    """Rows correct for the line with normal at each angle and each offset from the centre: (offsets, angles).

    A line through a row exactly has no place of its own on a map, so the tie rule does not matter here.
    """
    x, target = rows_of(gate)
    distances = _signed_distances(x, np.radians(ANGLES), OFFSETS)
    return ((distances > 0) == target.astype(bool)).sum(axis=-1)


@lru_cache
def best_margin(gate: str) -> float:
    """The largest smallest margin over all lines, by a fine search of angles and the best offset for each."""
    x, target = rows_of(gate)
    sign = 2.0 * target - 1
    angles = np.radians(np.arange(0, 360, 0.5))
    projected = (x - CENTRE) @ np.stack([np.cos(angles), np.sin(angles)])  # (4, angles)
    lowest_one = np.where(sign[:, None] > 0, projected, np.inf).min(axis=0)
    highest_zero = np.where(sign[:, None] < 0, projected, -np.inf).max(axis=0)
    return float((lowest_one - highest_zero).max() / 2)


def _signed_distances(x: np.ndarray, angles: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    """(offsets, angles, rows): distance of each row from each line, positive on the side of output 1."""
    normals = np.stack([np.cos(angles), np.sin(angles)], axis=-1)
    return (normals @ (x - CENTRE).T)[None] + offsets[:, None, None]


# -- view -----------------------------------------------------------------------------------------------------------

ARROW = 0.4  # the arrow of w is drawn at this scale, from the origin
MAP_SHADES = np.array([0.5, 0.42, 0.3, 0.72, 1.0])  # FIELD value for 0 … 4 rows correct


class GatesView(View):
    size = (840, 400)

    def __init__(self, figure):
        self.plane = axes_at(figure, (40, 30, 312, 312), (-0.9, 1.7), (-0.9, 1.7), "Inputs", "x₁", "x₂")
        self.plane.set(xticks=[0, 1], yticks=[0, 1])
        self.sides = Field(self.plane)
        (self.line,) = self.plane.plot([], [], color=INK, linewidth=2, zorder=2)
        self.arrow = self.plane.quiver(
            [0], [0], [1], [1], color=GREY, angles="xy", scale_units="xy", scale=1, width=0.011, zorder=2.5
        )
        self.arrow_name = self.plane.text(0, 0, "w", color=INK, fontsize=NORMAL, ha="center", va="center", zorder=4)
        self.points = ClassPoints(self.plane, size=110)
        self.formula = figure.text(0.5, 0.5, "", color=INK, fontsize=NORMAL)
        self.formula.set_position((40 / 840, 6 / 400))
        self._make_table(figure)
        self._make_gauge(figure)
        self._make_map(figure)
        self.moving = [
            self.sides, self.line, self.arrow, self.arrow_name, *self.points.artists, self.formula,
            *self.table.artists, self.bar, self.bar_text, self.best, self.map, self.dot, *self.dot_lines,
        ]  # fmt: skip

    def _make_table(self, figure):
        axes = blank_axes(figure, (364, 30, 196, 116), "Truth table")
        self.table = Table(axes, ["x₁", "x₂", "z", "output", "target", ""], [10, 34, 72, 118, 160, 190], rows=4)

    def _make_gauge(self, figure):
        axes = axes_at(figure, (374, 216, 172, 20), (-1.1, 0.6), (0, 1), "Smallest margin")
        axes.set(yticks=[], xticks=[-1, -0.5, 0, 0.5])
        axes.axvline(0, color=GREY, linewidth=1)
        self.bar = axes.barh([0.5], [0.0], height=0.62, color=BLUE)[0]
        self.best = axes.axvline(0, color=ORANGE_TEXT, linewidth=2, linestyle=(0, (2, 1)))
        self.bar_text = figure.text(
            374 / 840, 1 - 282 / 400, "", fontsize=SMALL, color=INK, linespacing=1.5, va="center"
        )

    def _make_map(self, figure):
        title = "Every line: rows correct"
        self.solutions = axes_at(
            figure,
            (622, 30, 200, 280),
            (-180, 180),
            (-0.9, 0.9),
            title,
            "direction of w (degrees)",
            "shift of the line",
        )
        self.solutions.set(xticks=[-180, -90, 0, 90, 180], yticks=[-0.5, 0, 0.5])
        self.map = Field(self.solutions)
        line = {"color": INK, "linewidth": 0.8, "linestyle": (0, (2, 3)), "zorder": 3}
        self.dot_lines = [self.solutions.axvline(0, **line), self.solutions.axhline(0, **line)]
        (self.dot,) = self.solutions.plot(
            [], [], marker="o", markersize=9, color=PAPER, markeredgecolor=INK, markeredgewidth=2, zorder=4
        )
        legend = blank_axes(figure, (622, 356, 200, 24))
        for rows in range(5):
            style = {"facecolor": _shade(rows), "edgecolor": FAINT, "boxstyle": "square,pad=0.35"}
            legend.text(
                16 + 43 * rows, 12, f" {rows} ", fontsize=SMALL, color=INK, ha="center", va="center", bbox=style
            )

    def update(self, state, result):
        self._update_plane(state, result)
        self._update_table(result)
        self._update_gauge(result)
        self.map.update(MAP_SHADES[result.solutions])
        self.dot.set_data([result.angle], [result.offset])
        self.dot_lines[0].set_xdata([result.angle] * 2)
        self.dot_lines[1].set_ydata([result.offset] * 2)

    def _update_plane(self, state, result):
        grid = np.linspace(-0.9, 1.7, 240)
        z = result.w[0] * grid[None, :] + result.w[1] * grid[:, None] + result.b
        self.sides.update((z >= 0 if state.tie == "z ≥ 0" else z > 0) * 0.7 + 0.15)
        self.line.set_data(*line_ends(result.w, result.b, self.plane))
        w = np.array([state.w1, state.w2]) * ARROW
        self.arrow.set_UVC(*w)
        self.arrow_name.set_position(w * (1 + 0.13 / max(np.hypot(*w), 0.05)))
        self.points.update(result.x, result.target, wrong=~result.correct)
        self.formula.set_text("fires if  " + formula(state, result))

    def _update_table(self, result):
        def row(i):
            tick = "✓" if result.correct[i] else "✗"
            x = result.x[i].astype(int)
            return [str(x[0]), str(x[1]), signed(result.z[i]), str(result.output[i]), str(result.target[i]), tick]

        def colours(i):
            answers = [CLASS_TEXT_COLOURS[result.output[i]], CLASS_TEXT_COLOURS[result.target[i]]]
            return [None, None, None, *answers, INK if result.correct[i] else ORANGE_TEXT]

        self.table.update([row(i) for i in range(4)], [colours(i) for i in range(4)])

    def _update_gauge(self, result):
        margin = 0.0 if np.isnan(result.margin) else result.margin
        self.bar.set_width(np.clip(margin, -1.1, 0.6))
        self.best.set_xdata([result.best_margin] * 2)
        self.bar_text.set_text(f"now {_margin(result.margin)}\nbest possible {_margin(result.best_margin)}")

    def handles(self, state, result):
        tip = Handle(
            "weights", self.plane, state.w1 * ARROW, state.w2 * ARROW, "arrow of the weights",
            f"w₁ {state.w1:.2f}, w₂ {state.w2:.2f}", kind="vector", step=(0.05 * ARROW, 0.05 * ARROW),
        )  # fmt: skip
        if np.isnan(result.angle):
            return [tip]
        w = np.array([state.w1, state.w2])
        foot = CENTRE - w * (w @ CENTRE + state.b) / (w @ w)
        step = 0.05 / np.hypot(*w)
        line = Handle(
            "line", self.plane, *foot, "decision line", f"bias {state.b:.2f}", kind="line",
            step=(step, step), direction=(-w[1], w[0]),
        )  # fmt: skip
        words = f"direction {result.angle:.0f} degrees, shift {result.offset:.2f}"
        offset = np.clip(result.offset, OFFSETS[0], OFFSETS[-1])
        dot = Handle("dot", self.solutions, result.angle, offset, "line on the map", words, step=(5.0, 0.05))
        return [line, tip, dot]


def _shade(rows: int):
    return tuple(field_rgb(MAP_SHADES[[[rows]]])[0, 0] / 255)


def _margin(value: float) -> str:
    """A margin in words; where w = (0, 0) there is none."""
    return "none" if np.isnan(value) else signed(value, 3)


def formula(state: GatesState, result: GatesResult) -> str:
    """The firing rule with its numbers: 0.50·x₁ + 0.50·x₂ − 0.70 > 0, or … > 0.70 in the threshold's form."""
    sign = "≥" if state.tie == "z ≥ 0" else ">"
    w1, w2 = result.w
    left = f"{signed(w1)}·x₁ {'−' if w2 < 0 else '+'} {abs(w2):.2f}·x₂"
    if state.threshold:
        return f"{left} {sign} {signed(0.0 - result.b)}"
    return f"{left} {'−' if result.b < 0 else '+'} {abs(result.b):.2f} {sign} 0"


# -- lab ------------------------------------------------------------------------------------------------------------


class GatesLab(Lab):
    """A logic gate by two weights and a bias. Drag the line, the arrow or the dot on the map, or use the sliders."""

    title = "A perceptron as a logic gate"
    State, View, compute = GatesState, GatesView, staticmethod(compute_gates)
    presets = {
        "AND with θ = 0.7": {"w1": 0.5, "w2": 0.5, "b": -0.7},
        "AND with θ = 0.8": {"w1": 0.5, "w2": 0.5, "b": -0.8},
        "(1, 1, θ = 1) under >: AND": {"w1": 1.0, "w2": 1.0, "b": -1.0},
        "(1, 1, θ = 1) under ≥: not AND": {"w1": 1.0, "w2": 1.0, "b": -1.0, "tie": "z ≥ 0"},
        "NAND: every sign of AND flipped": {"gate": "NAND", "w1": -0.5, "w2": -0.5, "b": 0.7},
        "OR: yours to find": {"gate": "OR", "w1": 0.5, "w2": 0.5, "b": -0.7},
        "NOT: the second weight is idle": {"gate": "NOT x₁", "w1": -1.0, "w2": 0.0, "b": 0.5},
        "XOR: three is the most": {"gate": "XOR", "w1": 1.0, "w2": 1.0, "b": -0.5},
        "No weights, no line": {"w1": 0.0, "w2": 0.0, "b": -0.5},
    }

    def describe(self, state, result):
        if np.isnan(result.angle):
            always = "always" if result.output[0] else "never"
            return f"Degenerate: w = (0, 0), there is no line and the perceptron {always} fires."
        wrong = [f"({a:.0f}, {b:.0f})" for a, b in result.x[~result.correct]]
        rows = f"Wrong: {', '.join(wrong)}." if wrong else "No row is wrong."
        margin = f"Smallest margin {_margin(result.margin)}, best possible {_margin(result.best_margin)}."
        return f"Fires if {formula(state, result)}. {rows} {margin}"

    def judge(self, state, result):
        correct = int(result.correct.sum())
        most = int(result.solutions.max())
        task = f"Make {state.gate}: all four rows correct."
        verdict = f"{state.gate}: {correct} of 4 correct."
        if most < 4:
            task = f"{state.gate}: find out how many rows one line can get right."
            verdict += f" No line gets more than {most}."
        return Goal(task, verdict, correct == most)

    def moved(self, gesture: Gesture):
        state = self.state
        if gesture.handle == "weights":
            return state.nearest(w1=gesture.x / ARROW, w2=gesture.y / ARROW)
        if gesture.handle == "line":
            return state.nearest(b=-(state.w1 * gesture.x + state.w2 * gesture.y))
        length = np.hypot(state.w1, state.w2)
        w = length * np.array([np.cos(np.radians(gesture.x)), np.sin(np.radians(gesture.x))])
        return state.nearest(w1=w[0], w2=w[1], b=length * gesture.y - w @ CENTRE)

    def code(self, state):
        x, target = rows_of(state.gate)
        return (
            f"x = engine.tensor({x.tolist()})\n"
            f"target = engine.tensor({target.tolist()})  # {state.gate}\n"
            f"w = engine.tensor([{state.w1}, {state.w2}]) * {state.scale}\n"
            f"b = {state.b} * {state.scale}\n"
            f"z = engine.round(x @ w + b, decimals=5)\n"
            f"output = (z {state.tie[2:].replace('≥', '>=')}).to(engine.int64)\n"
            f"print((output == target).sum().item(), 'of 4 correct')"
        )
