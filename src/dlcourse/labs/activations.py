"""ActivationLab: an activation function f and its slope f′, with a point z that moves along both.

The slope is what a gradient is multiplied by on its way back; through L layers it is multiplied L times.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from dlcourse.labs.activation_functions import ACTIVATIONS, value_and_slope
from dlcourse.labs.base import Goal, Lab, View
from dlcourse.labs.drawing import axes_at, blank_axes
from dlcourse.labs.live import Gesture, Handle
from dlcourse.labs.palette import BLUE, FAINT, GREY, INK, ORANGE, ORANGE_TEXT, PAPER
from dlcourse.labs.rounding import signed, small
from dlcourse.labs.settings import State, choice, integer, number
from dlcourse.labs.words import Word, Words

# -- state and computation ------------------------------------------------------------------------------------------

REACH = 6.0  # z runs from −6 to 6
GRID = np.linspace(-REACH, REACH, 601)
NOTHING = "nothing"


@dataclass(frozen=True)
class ActivationState(State):
    """z has no unit and runs from −6 to 6; layers counts how often the slope is multiplied, 1 to 20."""

    function: str = choice("sigmoid", ACTIVATIONS, label="function f")
    z: float = number(2.0, low=-REACH, high=REACH, step=0.05, label="z", help="The net value: where on the curve")
    layers: int = integer(10, low=1, high=20, label="layers L", help="How often the slope is multiplied")
    compare: str = choice(NOTHING, (NOTHING, *ACTIVATIONS), label="beside it", help="A second curve, dashed")


@dataclass(frozen=True)
class ActivationResult:
    value: float  # f(z)
    slope: float  # f′(z)
    left: float  # what L layers leave of a gradient of 1: f′(z) to the power L
    steepest: float  # the largest slope of the function from −6 to 6
    values: np.ndarray  # (601,) f over GRID
    slopes: np.ndarray  # (601,) f′ over GRID
    others: tuple[np.ndarray, np.ndarray] | None  # the same of the second function


def compute_activation(state: ActivationState) -> ActivationResult:
    values, slopes = curve(state.function)
    value, slope = (float(array[0]) for array in value_and_slope(state.function, [state.z]))
    others = None if state.compare == NOTHING else curve(state.compare)
    return ActivationResult(value, slope, slope**state.layers, float(slopes.max()), values, slopes, others)


@lru_cache
def curve(name: str) -> tuple[np.ndarray, np.ndarray]:
    """f and f′ over GRID."""
    return value_and_slope(name, GRID)


# -- view -----------------------------------------------------------------------------------------------------------


class ActivationView(View):
    size = (840, 404)

    def __init__(self, figure):
        self.value_axes = axes_at(figure, (42, 30, 356, 288), (-REACH, REACH), (-1.6, 3.4), "f(z)", "z")
        self.slope_axes = axes_at(figure, (462, 30, 356, 288), (-REACH, REACH), (-0.3, 1.3), "The slope f′(z)", "z")
        for axes in (self.value_axes, self.slope_axes):
            axes.set_xticks(range(-6, 7, 2))
            axes.axhline(0, color=FAINT, linewidth=1)
            axes.axvline(0, color=FAINT, linewidth=1)
        self.others = [self._line(axes, GREY, (0, (5, 2)), 1.5) for axes in (self.value_axes, self.slope_axes)]
        self.curves = [self._line(axes, BLUE, "-", 2.2) for axes in (self.value_axes, self.slope_axes)]
        self.through = self._line(self.slope_axes, ORANGE_TEXT, (0, (1, 1)), 1.8)
        self.tangent = self._line(self.value_axes, ORANGE, "-", 2.4)
        self.markers = [self._line(axes, INK, (0, (2, 3)), 1) for axes in (self.value_axes, self.slope_axes)]
        self.dots = [self._dot(axes, marker) for axes, marker in ((self.value_axes, "o"), (self.slope_axes, "s"))]
        self.left_dot = self._dot(self.slope_axes, "D", 6)
        self.words = Words(blank_axes(figure, (0, 0, *self.size)))
        lines = [*self.others, *self.curves, self.through, self.tangent, *self.markers]
        self.moving = [*lines, *self.dots, self.left_dot, self.words]

    def _line(self, axes, colour, style, width):
        return axes.plot([], [], color=colour, linestyle=style, linewidth=width, zorder=2)[0]

    def _dot(self, axes, marker, size=9):
        style = {"markersize": size, "color": PAPER, "markeredgecolor": INK, "markeredgewidth": 1.8, "zorder": 4}
        return axes.plot([], [], marker=marker, clip_on=False, **style)[0]

    def update(self, state, result):
        for line, array in zip(self.curves, (result.values, result.slopes), strict=True):
            line.set_data(GRID, _broken(state.function, array))
        for line, array in zip(self.others, result.others or (np.full(601, np.nan),) * 2, strict=True):
            line.set_data(GRID, _broken(state.compare, array))
        through = _broken(state.function, np.clip(result.slopes, -9, 9) ** state.layers)
        self.through.set_data(GRID, through if state.layers > 1 else np.full(601, np.nan))
        reach = 1.2 / np.hypot(1, result.slope)
        ends = np.array([-reach, reach])
        self.tangent.set_data(state.z + ends, result.value + ends * result.slope)
        for line, axes in zip(self.markers, (self.value_axes, self.slope_axes), strict=True):
            line.set_data([state.z] * 2, axes.get_ylim())
        self._place(self.dots[0], "o", state.z, result.value)
        self._place(self.dots[1], "s", state.z, result.slope)
        self._place(self.left_dot, "D", state.z, result.left if state.layers > 1 else np.nan)
        self.words.update([*_legend(state), *_formulas(state, result)])

    def _place(self, dot, marker, x, y):
        """Put a dot at its place, or at the upper edge as an arrow where the value lies beyond."""
        top = dot.axes.get_ylim()[1]
        dot.set_data([x], [min(y, top)])
        dot.set_marker(marker if not y > top else "^")

    def handles(self, state, result):
        low, high = self.value_axes.get_ylim()
        words = f"z {signed(state.z)}, f {signed(result.value)}, slope {signed(result.slope)}"
        y = float(np.clip(result.value, low, high))
        return [Handle("z", self.value_axes, state.z, y, "point on the curve", words, step=(0.05, 0.05))]


def _legend(state):
    """In the picture of the slopes, line by line."""
    through = f"◆ f′ through {state.layers} layers" if state.layers > 1 else ""
    second = "" if state.compare == NOTHING else f"- - {state.compare}"
    lines = (("■ f′, one layer", BLUE), (through, ORANGE_TEXT), (second, GREY))
    return [Word(471, 51 + 20 * row, text, colour, align="left") for row, (text, colour) in enumerate(lines)]


def _formulas(state, result):
    """Under each picture the formula and the number at the point."""
    activation = ACTIVATIONS[state.function]
    product = f"     f′ · … · f′, {state.layers} times = {small(result.left)}" if state.layers > 1 else ""
    columns = (
        (42, f"f(z) = {activation.formula}", f"f({signed(state.z)}) = {signed(result.value, 4)}"),
        (462, f"f′(z) = {activation.slope}", f"f′({signed(state.z)}) = {signed(result.slope, 4)}{product}"),
    )
    for left, formula, value in columns:
        yield from (Word(left, y, text, align="left") for y, text in ((368, formula), (390, value)))


def _broken(name: str, array: np.ndarray) -> np.ndarray:
    """The curve with a gap where the step jumps, instead of a slope that it does not have."""
    return np.where(GRID == 0, np.nan, array) if name == "step" else array


# -- lab ------------------------------------------------------------------------------------------------------------


class ActivationLab(Lab):
    """An activation and its slope. Drag the point along the curve, and see how much gradient ten layers leave."""

    title = "An activation function and its slope"
    State, View, compute = ActivationState, ActivationView, staticmethod(compute_activation)
    presets = {
        "Sigmoid: a quarter at best": {"function": "sigmoid", "z": 0.0},
        "Sigmoid: flat at both ends": {"function": "sigmoid", "z": 5.0, "layers": 1},
        "tanh: four times as steep": {"function": "tanh", "z": 0.0, "compare": "sigmoid"},
        "Step: nothing to follow": {"function": "step", "z": 1.0, "layers": 1},
        "Identity: no slope lost, nothing gained": {"function": "identity", "z": 1.0},
        "ReLU: all or nothing": {"function": "ReLU", "z": -1.0},
        "Leaky ReLU: a little is left": {"function": "leaky ReLU", "z": -1.0, "layers": 1, "compare": "ReLU"},
        "ELU: levels off at −1": {"function": "ELU", "z": -1.0, "compare": "ReLU"},
        "Softplus: ReLU with a round corner": {"function": "softplus", "z": 0.0, "compare": "ReLU"},
        "GELU: it turns round": {"function": "GELU", "z": -0.75, "layers": 1, "compare": "ReLU"},
        "SiLU: steeper than 1": {"function": "SiLU", "z": 2.4, "compare": "GELU"},
    }

    def describe(self, state, result):
        text = f"{state.function} at z = {signed(state.z)}: f = {signed(result.value, 3)}"
        text += f", slope {signed(result.slope, 3)}."
        if state.layers > 1:
            text += f" {state.layers} layers with this slope make {small(result.left)} of a gradient of 1."
        falling = np.flatnonzero(result.slopes < 0)
        if len(falling):
            text += f" It falls left of z = {signed(GRID[falling[-1]])}: it is not monotonic."
        return text

    def judge(self, state, result):
        task = f"{state.function}: find a z where the slope is as large as it gets."
        if result.steepest == 0:
            return Goal(task, "The step has slope 0 wherever it has one: there is nothing to find.", False)
        verdict = f"Slope {signed(result.slope)} of at most {signed(result.steepest)}."
        return Goal(task, verdict, result.slope >= 0.995 * result.steepest)

    def moved(self, gesture: Gesture):
        return self.state.nearest(z=gesture.x)

    def code(self, state):
        lines = [
            f"z = engine.tensor([{state.z}], requires_grad=True)",
            f"f = {ACTIVATIONS[state.function].code}  # {state.function}",
        ]
        if state.function == "step":
            lines.append("slope = engine.zeros(1)  # flat on both sides: no gradient flows")
        else:
            lines += ["f.sum().backward()", "slope = z.grad"]
        lines += [
            f"output = engine.cat([f.detach(), slope, slope**{state.layers}])",
            f"print(output)  # f, its slope, and what {state.layers} layers leave",
        ]
        return "\n".join(lines)
