"""ComposedGatesLab: three perceptrons make a gate that no single one can be: h₁, h₂ read the inputs, y reads h₁, h₂."""

from dataclasses import dataclass

import numpy as np

from dlcourse import data
from dlcourse.labs.base import Goal, Lab, View
from dlcourse.labs.drawing import ClassPoints, Field, Table, axes_at, blank_axes, line_ends
from dlcourse.labs.live import Handle
from dlcourse.labs.palette import BLUE, CLASS_TEXT_COLOURS, GREEN, GREY, INK, NORMAL, ORANGE_TEXT, PAPER, SMALL
from dlcourse.labs.settings import State, choice, number
from dlcourse.labs.words import Word, Words

# -- state and computation ------------------------------------------------------------------------------------------

#: (w₁, w₂, b) of the gates that one perceptron can be.
PERCEPTRONS = {
    "AND": (0.5, 0.5, -0.7),
    "OR": (0.5, 0.5, -0.2),
    "NAND": (-0.5, -0.5, 0.7),
    "NOR": (-0.5, -0.5, 0.2),
}
ROWS = ("0, 0", "0, 1", "1, 0", "1, 1")


@dataclass(frozen=True)
class ComposedGatesState(State):
    """Gates are perceptrons with the weights in PERCEPTRONS; "own" takes w₁, w₂, b from the sliders (no unit)."""

    target: str = choice("XOR", data.GATES, label="Target", help="The truth table to reach")
    first: str = choice("AND", (*PERCEPTRONS, "own"), label="Unit h₁")
    second: str = choice("OR", (*PERCEPTRONS, "own"), label="Unit h₂")
    output: str = choice("OR", tuple(PERCEPTRONS), label="Unit y", help="It reads h₁ and h₂")
    row: str = choice("0, 1", ROWS, label="x₁, x₂", help="The row whose signals are shown")
    w1: float = number(1.0, low=-2, high=2, step=0.1, label="own w₁")
    w2: float = number(-1.0, low=-2, high=2, step=0.1, label="own w₂")
    b: float = number(-0.5, low=-2, high=2, step=0.1, label="own b")


@dataclass(frozen=True)
class ComposedGatesResult:
    units: np.ndarray  # (3, 3) w₁, w₂, b of h₁, h₂, y
    x: np.ndarray  # (4, 2)
    target: np.ndarray  # (4,)
    hidden: np.ndarray  # (4, 2) outputs of h₁ and h₂
    output: np.ndarray  # (4,)

    @property
    def correct(self):
        return self.output == self.target


def fires(units: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Outputs (N, units) of perceptrons (units, 3) for inputs (N, 2)."""
    return ((x @ units[:, :2].T + units[:, 2]).round(9) > 0).astype(int)


def compute_composed_gates(state: ComposedGatesState) -> ComposedGatesResult:
    own = (state.w1, state.w2, state.b)
    units = np.array([PERCEPTRONS.get(name, own) for name in (state.first, state.second, state.output)])
    x, target = data.gate(state.target)
    hidden = fires(units[:2], x)
    return ComposedGatesResult(units, x, target, hidden, fires(units[2:], hidden)[:, 0])


# -- view -----------------------------------------------------------------------------------------------------------

PLACES = {"x1": (24, 66), "x2": (24, 206), "h1": (122, 66), "h2": (122, 206), "y": (220, 136)}
WIRES = (("x1", "h1"), ("x2", "h1"), ("x1", "h2"), ("x2", "h2"), ("h1", "y"), ("h2", "y"))


class ComposedGatesView(View):
    size = (840, 350)

    def __init__(self, figure):
        self.plane = axes_at(
            figure, (40, 30, 276, 276), (-0.6, 1.6), (-0.6, 1.6), "Inputs and the two lines", "x₁", "x₂"
        )
        self.plane.set(xticks=[0, 1], yticks=[0, 1])
        self.field = Field(self.plane, smooth=False)
        self.lines = [
            self.plane.plot([], [], color=INK, linewidth=2, linestyle=style, zorder=2)[0]
            for style in ("-", (0, (5, 2)))
        ]
        self.names = Words(self.plane)
        self.points = ClassPoints(self.plane, size=110)
        self._make_circuit(figure)
        axes = blank_axes(figure, (618, 30, 214, 130), "Truth table")
        self.table = Table(axes, ["x₁", "x₂", "h₁", "h₂", "y", "target", ""], [10, 36, 66, 96, 126, 164, 198], rows=4)
        self.weights = Words(blank_axes(figure, (618, 190, 214, 80)))
        self.moving = [
            self.field, *self.lines, self.names, *self.points.artists, *self.wires.values(), self.nodes, self.signals,
            *self.table.artists, self.weights,
        ]  # fmt: skip

    def _make_circuit(self, figure):
        axes = blank_axes(figure, (340, 30, 250, 276), "Signals of one row")
        self.wires = {
            (a, b): axes.plot(*zip(PLACES[a], PLACES[b], strict=True), color=GREY, zorder=1)[0] for a, b in WIRES
        }
        self.nodes = axes.scatter(*zip(*PLACES.values(), strict=True), s=560, zorder=2)
        self.signals = Words(axes)
        for name, (x, y) in PLACES.items():
            label = name[0] + {"1": "₁", "2": "₂"}.get(name[1:], "")
            axes.text(x, y - 38, label, fontsize=NORMAL, color=GREY, ha="center", va="center")
        axes.text(110, 268, "thick wire: the signal is 1", fontsize=SMALL, color=GREY, ha="center")

    def update(self, state, result):
        grid = np.linspace(-0.6, 1.6, 138)
        x = np.stack(np.meshgrid(grid, grid), axis=-1).reshape(-1, 2)
        y = fires(result.units[2:], fires(result.units[:2], x)).reshape(len(grid), len(grid))
        self.field.update(y * 0.7 + 0.15)
        for line, unit in zip(self.lines, result.units, strict=False):
            line.set_data(*line_ends(unit[:2], unit[2], self.plane))
        names = zip(("h₁", "h₂"), result.units, strict=False)
        self.names.update(Word(*_label_place(unit), name, align="left") for name, unit in names)
        self.points.update(result.x, result.target, wrong=~result.correct)
        self._update_circuit(ROWS.index(state.row), result)
        self._update_table(ROWS.index(state.row), result)
        self.weights.update(
            Word(0, 16 + 24 * row, _rule(name, unit), size=SMALL, align="left")
            for row, (name, unit) in enumerate(zip(("h₁", "h₂", "y"), result.units, strict=True))
        )

    def _update_circuit(self, row, result):
        signals = dict(zip(("x1", "x2"), result.x[row].astype(int), strict=True))
        signals |= {"h1": result.hidden[row, 0], "h2": result.hidden[row, 1], "y": result.output[row]}
        for (a, _), wire in self.wires.items():
            wire.set_linewidth(4 if signals[a] else 1)
            wire.set_color(ORANGE_TEXT if signals[a] else GREY)
        self.nodes.set_facecolor([ORANGE_TEXT if signals[name] else BLUE for name in PLACES])
        self.signals.update(Word(*place, str(int(signals[name])), PAPER) for name, place in PLACES.items())

    def _update_table(self, current, result):
        rows, colours = [], []
        for i in range(4):
            numbers = [*result.x[i].astype(int), *result.hidden[i], result.output[i], result.target[i]]
            rows.append([*(str(int(n)) for n in numbers), "✓" if result.correct[i] else "✗"])
            ink = GREEN if i == current else None
            last = [CLASS_TEXT_COLOURS[result.output[i]], CLASS_TEXT_COLOURS[result.target[i]]]
            colours.append([ink] * 4 + last + [INK if result.correct[i] else ORANGE_TEXT])
        self.table.update(rows, colours)

    def handles(self, state, result):
        dot = result.x[ROWS.index(state.row)]
        return [
            Handle("row", self.plane, *dot, "row whose signals are shown", f"inputs {state.row}", step=(1.0, 1.0)),
        ]


def _rule(name: str, unit) -> str:
    """A perceptron in words: h₁ = [0.5·x₁ − 0.5·x₂ + 0.7 > 0]."""
    first, second = ("h₁", "h₂") if name == "y" else ("x₁", "x₂")
    text = f"{name} = [{unit[0]:.1f}·{first} + {unit[1]:.1f}·{second} + {unit[2]:.1f} > 0]"
    return text.replace("+ -", "− ").replace("-", "−")


def _label_place(unit):
    w = np.asarray(unit[:2])
    if not w.any():
        return -5.0, -5.0
    along = np.array([-w[1], w[0]]) / np.hypot(*w)
    foot = np.array([0.5, 0.5]) - w * (w @ [0.5, 0.5] + unit[2]) / (w @ w)
    return tuple(np.clip(foot + 0.95 * along * (1 if along[0] > 0 else -1) + 0.05, -0.55, 1.45))


# -- lab ------------------------------------------------------------------------------------------------------------


class ComposedGatesLab(Lab):
    """Two gates read the inputs, a third reads the two: choose them so that the target comes out."""

    title = "Gates made of gates"
    State, View, compute = ComposedGatesState, ComposedGatesView, staticmethod(compute_composed_gates)
    presets = {
        "XOR = AND(NAND, OR)": {"first": "NAND", "second": "OR", "output": "AND"},
        "XNOR: the output turned over": {"target": "XNOR", "first": "NAND", "second": "OR", "output": "NAND"},
        "XOR by your own unit": {"first": "own", "second": "OR", "output": "AND", "w1": -1.0, "w2": -1.0, "b": 1.5},
        "One layer too few: h₂ repeats h₁": {"first": "OR", "second": "OR", "output": "AND"},
    }

    def describe(self, state, result):
        row = ROWS.index(state.row)
        h = result.hidden[row]
        wrong = [f"({a:.0f}, {b:.0f})" for a, b in result.x[~result.correct]]
        ending = f"Wrong: {', '.join(wrong)}." if wrong else "No row is wrong."
        return f"Inputs {state.row}: h₁ is {h[0]}, h₂ is {h[1]}, y is {result.output[row]}. {ending}"

    def judge(self, state, result):
        correct = int(result.correct.sum())
        task = f"Choose the three units so that y is {state.target}."
        return Goal(task, f"{state.target}: {correct} of 4 correct.", correct == 4)

    def moved(self, gesture):
        row = f"{round(min(max(gesture.x, 0), 1))}, {round(min(max(gesture.y, 0), 1))}"
        return {"row": row}

    def code(self, state):
        units = self.compute(state).units.tolist()
        x, _ = data.gate(state.target)
        return (
            f"x = engine.tensor({x.tolist()})\n"
            f"h1, h2, y = engine.tensor({units})  # each w₁, w₂, b\n"
            f"fires = lambda x, unit: (engine.round(x @ unit[:2] + unit[2], decimals=5) > 0).float()\n"
            f"h = engine.stack([fires(x, h1), fires(x, h2)], dim=1)\n"
            f"output = fires(h, y)\n"
            f"print(h, output)"
        )
