"""XorLab: what a hidden layer does to the plane. h = f(W x + b), y = 1 if v·h + c > 0.

Left the inputs with the lines of both hidden units, right the same points where the hidden layer puts them; `blend`
slides the right plane from one to the other.
"""

from dataclasses import dataclass

import numpy as np
from matplotlib.collections import LineCollection

import dlcourse.reference as engine
from dlcourse import data
from dlcourse.labs.base import Goal, Lab, View
from dlcourse.labs.drawing import ClassPoints, Field, axes_at, line_ends
from dlcourse.labs.live import Handle
from dlcourse.labs.palette import GREY, INK, LARGE, NORMAL, SMALL
from dlcourse.labs.settings import State, choice, number
from dlcourse.labs.words import Word, Words

# -- state and computation ------------------------------------------------------------------------------------------

ACTIVATIONS = ("step", "ReLU", "sigmoid", "tanh", "identity")
LIMITS = (-0.8, 2.2)  # both planes
GRID = np.linspace(*LIMITS, 100)


def _weight(default: float, label: str, help: str):
    return number(default, low=-8, high=8, step=0.1, label=label, help=help)


@dataclass(frozen=True)
class XorState(State):
    """All weights and biases run from −8 to 8 without unit; blend is 0 at the inputs and 1 at the hidden plane."""

    activation: str = choice("step", ACTIVATIONS, label="activation f")
    blend: float = number(1.0, low=0, high=1, step=0.05, label="blend", help="0: inputs, 1: hidden plane")
    w11: float = _weight(1.0, "h₁: w₁", "Weight of x₁ in the first hidden unit")
    w12: float = _weight(-0.5, "h₁: w₂", "Weight of x₂ in the first hidden unit")
    b1: float = _weight(0.3, "h₁: b", "Bias of the first hidden unit")
    w21: float = _weight(1.0, "h₂: w₁", "Weight of x₁ in the second hidden unit")
    w22: float = _weight(1.0, "h₂: w₂", "Weight of x₂ in the second hidden unit")
    b2: float = _weight(-0.5, "h₂: b", "Bias of the second hidden unit")
    v1: float = _weight(1.0, "y: v₁", "Weight of h₁ in the output unit")
    v2: float = _weight(-1.0, "y: v₂", "Weight of h₂ in the output unit")
    c: float = _weight(0.5, "y: c", "Bias of the output unit")


@dataclass(frozen=True)
class XorResult:
    x: np.ndarray  # (4, 2)
    target: np.ndarray  # (4,)
    hidden: np.ndarray  # (4, 2)
    z: np.ndarray  # (4,) net value of the output unit
    output: np.ndarray  # (4,) 0 or 1
    input_field: np.ndarray  # (100, 100) output over the input plane
    hidden_field: np.ndarray  # (100, 100) output over the hidden plane
    separable: bool  # whether some line separates the hidden points

    @property
    def correct(self):
        return self.output == self.target


def activate(name: str, z):
    """f(z) of a tensor of either engine."""
    if name == "step":
        return (z.round(decimals=9) > 0).to(z.dtype)
    return {"ReLU": z.relu, "sigmoid": z.sigmoid, "tanh": z.tanh, "identity": lambda: z}[name]()


def weights(state: XorState):
    """W (2, 2), b (2,), v (2,), c as float64 tensors of the reference engine."""
    numbers = [[[state.w11, state.w12], [state.w21, state.w22]], [state.b1, state.b2], [state.v1, state.v2], state.c]
    return [engine.tensor(n, dtype=engine.float64) for n in numbers]


def hidden_layer(state: XorState, x: np.ndarray) -> np.ndarray:
    """Where the hidden layer puts points (N, 2)."""
    weight, bias, _, _ = weights(state)
    return activate(state.activation, engine.tensor(x, dtype=engine.float64) @ weight.T + bias).numpy()


def compute_xor(state: XorState) -> XorResult:
    x, target = data.gate("XOR")
    x = x.astype(float)
    hidden = hidden_layer(state, x)
    v, c = np.array([state.v1, state.v2]), state.c
    z = (hidden @ v + c).round(9)
    plane = np.stack(np.meshgrid(GRID, GRID), axis=-1).reshape(-1, 2)
    of_inputs = (hidden_layer(state, plane) @ v + c > 1e-9).reshape(100, 100)
    of_hidden = (plane @ v + c > 1e-9).reshape(100, 100)
    return XorResult(
        x, target, hidden, z, (z > 0).astype(int), of_inputs * 0.7 + 0.15, of_hidden * 0.7 + 0.15,
        line_separates(hidden, target),
    )  # fmt: skip


def line_separates(points: np.ndarray, target: np.ndarray) -> bool:
    """Whether a line has all points of class 1 strictly on one side and all others on the other.

    Two finite sets are separable iff their convex hulls do not meet (Minsky & Papert 1969 use the same for XOR). For
    two and two points it is enough to try the normals of all lines through two points, and these turned slightly both
    ways.
    """
    ones, zeros = points[target == 1], points[target == 0]
    differences = (points[:, None] - points[None, :]).reshape(-1, 2)
    turned = np.stack([-differences[:, 1], differences[:, 0]], axis=1)
    normals = np.concatenate([differences, turned, -turned])
    normals = normals[np.hypot(*normals.T) > 1e-9]
    if not len(normals):
        return False
    normals = normals / np.hypot(*normals.T)[:, None]
    return bool(((ones @ normals.T).min(axis=0) - (zeros @ normals.T).max(axis=0) > 1e-7).any())


# -- view -----------------------------------------------------------------------------------------------------------

ARROW = 0.25


class XorView(View):
    size = (840, 430)

    def __init__(self, figure):
        box = (40, 30, 350, 350)
        self.inputs = axes_at(figure, box, LIMITS, LIMITS, "Inputs and the hidden lines", "x₁", "x₂")
        self.hidden = axes_at(figure, (470, *box[1:]), LIMITS, LIMITS, "")
        for axes in (self.inputs, self.hidden):
            axes.set(xticks=[0, 1], yticks=[0, 1])
        self.title = self.hidden.text(LIMITS[0], LIMITS[1] + 0.06, "", fontsize=LARGE, color=INK)
        self.fields = [Field(self.inputs), Field(self.hidden)]
        self.lines = [self._line(self.inputs, "-"), self._line(self.inputs, (0, (5, 2))), self._line(self.hidden, "-")]
        self.names = Words(self.inputs)
        self.arrows = self.inputs.quiver(
            [0, 0], [0, 0], [1, 1], [1, 1], angles="xy", scale_units="xy", scale=1, width=0.009, color=GREY, zorder=2.5
        )
        self.mesh = LineCollection([], colors=GREY, linewidths=0.8, alpha=0.7, zorder=1)
        self.hidden.add_collection(self.mesh, autolim=False)
        self.points = [ClassPoints(self.inputs, size=110), ClassPoints(self.hidden, size=110)]
        self.labels = Words(self.hidden, zorder=5, halo=2)
        self.axis_names = [
            self.hidden.text(0.7, LIMITS[0] - 0.32, "", fontsize=NORMAL, color=INK, ha="center"),
            self.hidden.text(
                LIMITS[0] - 0.32, 0.7, "", fontsize=NORMAL, color=INK, rotation=90, va="center", ha="center"
            ),
        ]
        points = [artist for group in self.points for artist in group.artists]
        self.moving = [
            *self.fields,
            *self.lines,
            self.names,
            self.arrows,
            self.mesh,
            *points,
            self.labels,
            *self.axis_names,
            self.title,
        ]

    def _line(self, axes, style):
        return axes.plot([], [], color=INK, linewidth=2, linestyle=style, zorder=2)[0]

    def update(self, state, result):
        self.fields[0].update(result.input_field)
        self.fields[1].update(0.5 + (result.hidden_field - 0.5) * (1.0 if state.blend == 1 else 0.35))
        units = [(state.w11, state.w12, state.b1), (state.w21, state.w22, state.b2)]
        for line, unit in zip(self.lines, units, strict=False):
            line.set_data(*line_ends(unit[:2], unit[2], self.inputs))
        self.lines[2].set_data(*line_ends((state.v1, state.v2), state.c, self.hidden))
        self.lines[2].set_linestyle("-" if state.blend == 1 else ":")
        tails = np.array([_anchor(unit) for unit in units])
        self.arrows.set_offsets(tails)
        self.arrows.set_UVC(*(ARROW * _direction(units)).T)
        places = np.clip(tails - 0.5 * ARROW * _direction(units), LIMITS[0] + 0.1, LIMITS[1] - 0.1)  # behind the line
        self.names.update(Word(*place, name) for place, name in zip(places, ("h₁", "h₂"), strict=True))
        self._update_hidden_plane(state, result)

    def _update_hidden_plane(self, state, result):
        def moved(x):
            return (1 - state.blend) * x + state.blend * hidden_layer(state, x)

        ticks, along = np.linspace(-0.5, 1.5, 9), np.linspace(-0.5, 1.5, 41)
        lines = [np.stack([np.full(41, t), along], axis=1) for t in ticks]
        lines += [np.stack([along, np.full(41, t)], axis=1) for t in ticks]
        self.mesh.set_segments(list(moved(np.concatenate(lines)).reshape(-1, 41, 2)))
        places = moved(result.x)
        self.points[0].update(result.x, result.target, wrong=~result.correct)
        self.points[1].update(places, result.target, wrong=~result.correct)
        labels = []
        for i, (x, y) in enumerate(places + 0.09):
            together = [j for j in range(4) if np.allclose(places[i], places[j], atol=0.02)]
            names = " = ".join(f"({a:.0f}, {b:.0f})" for a, b in result.x[together])
            labels.append(Word(x, y + 0.04, names if together[0] == i else "", size=SMALL, align="left"))
        self.labels.update(labels)
        self.axis_names[0].set_text("h₁" if state.blend == 1 else "x₁ → h₁" if state.blend else "x₁")
        self.axis_names[1].set_text("h₂" if state.blend == 1 else "x₂ → h₂" if state.blend else "x₂")
        self.title.set_text(
            "Where the hidden layer puts them" if state.blend == 1 else f"On the way: {state.blend:.0%}"
        )

    def handles(self, state, result):
        units = {"h₁": ("w11", "w12", "b1"), "h₂": ("w21", "w22", "b2")}
        handles = [self._line_handle(state, name, keys, self.inputs) for name, keys in units.items()]
        handles.append(self._line_handle(state, "y", ("v1", "v2", "c"), self.hidden))
        for name, keys in units.items():
            unit = [getattr(state, key) for key in keys]
            tail = np.array(_anchor(unit))
            tip = tail + ARROW * _direction([unit])[0]
            words = f"direction {np.degrees(np.arctan2(unit[1], unit[0])):.0f} degrees"
            handles.append(
                Handle(f"{name} tip", self.inputs, *tip, f"arrow of {name}", words, "vector", (0.05, 0.05), tail)
            )
        return [handle for handle in handles if handle is not None]

    def _line_handle(self, state, name, keys, axes):
        unit = [getattr(state, key) for key in keys]
        length = np.hypot(unit[0], unit[1])
        if length == 0:
            return None
        step = 0.1 / length
        return Handle(
            f"{name} line", axes, *_anchor(unit), f"line of {name}", f"bias {unit[2]:.1f}", "line", (step, step),
            direction=(-unit[1], unit[0]),
        )  # fmt: skip


def _anchor(unit):
    """The point of the unit's line nearest to the middle of the four inputs; the middle itself if there is no line."""
    w = np.asarray(unit[:2], float)
    middle = np.array([0.5, 0.5])
    return tuple(middle) if not w.any() else tuple(middle - w * (w @ middle + unit[2]) / (w @ w))


def _direction(units):
    """Unit vectors towards the side where the units fire."""
    w = np.asarray([unit[:2] for unit in units], float)
    return w / np.maximum(np.hypot(*w.T), 1e-9)[:, None]


# -- lab ------------------------------------------------------------------------------------------------------------

_EXACT = {"w11": 1.0, "w12": 1.0, "b1": 0.0, "w21": 1.0, "w22": 1.0, "b2": -1.0, "v1": 1.0, "v2": -2.0, "c": -0.5}
_GATES = {"w11": -0.5, "w12": -0.5, "b1": 0.7, "w21": 0.5, "w22": 0.5, "b2": -0.2, "v1": 0.5, "v2": 0.5, "c": -0.7}


class XorLab(Lab):
    """Solve XOR by hand: place two lines on the left, then one on the right; drag them or use the sliders."""

    title = "XOR in two linked planes"
    State, View, compute = XorState, XorView, staticmethod(compute_xor)
    presets = {
        "NAND and OR, then AND": _GATES,
        "Exact with ReLU: h₁ − 2h₂": {"activation": "ReLU", **_EXACT},
        "Identity: a line stays a line": {"activation": "identity", **_EXACT},
        "Watch (0, 1) and (1, 0) fall together": {"activation": "ReLU", **_EXACT, "blend": 0.5},
        "Smooth with tanh": {
            "activation": "tanh", "w11": 3.0, "w12": 3.0, "b1": -1.5, "w21": 3.0, "w22": 3.0, "b2": -4.5,
            "v1": 3.0, "v2": -3.0, "c": -2.5,
        },
    }  # fmt: skip
    actions = {"Show an exact solution": "solve"}

    def solve(self) -> None:
        """One exact solution: h₁ = ReLU(x₁ + x₂), h₂ = ReLU(x₁ + x₂ − 1), y = h₁ − 2h₂."""
        self.set(activation="ReLU", blend=1.0, **_EXACT)

    def describe(self, state, result):
        places = ", ".join(
            f"({x[0]:.0f}, {x[1]:.0f}) to ({h[0]:.1f}, {h[1]:.1f})"
            for x, h in zip(result.x, result.hidden, strict=True)
        )
        could = "a line can separate them there" if result.separable else "no line can separate them there"
        return f"The hidden layer takes {places}; {could}.".replace("-", "−")

    def judge(self, state, result):
        correct = int(result.correct.sum())
        task = "Make XOR: four rows correct. First the two hidden lines, then the output line."
        verdict = f"XOR: {correct} of 4 correct."
        if state.activation == "identity":
            verdict += " With the identity it is impossible."
        return Goal(task, verdict, correct == 4)

    def moved(self, gesture):
        name, _, part = gesture.handle.partition(" ")
        keys = {"h₁": ("w11", "w12", "b1"), "h₂": ("w21", "w22", "b2"), "y": ("v1", "v2", "c")}[name]
        unit = np.array([getattr(self.state, key) for key in keys])
        if part == "line":
            return self.state.nearest(**{keys[2]: -(unit[0] * gesture.x + unit[1] * gesture.y)})
        tail = np.array(_anchor(unit))  # the line turns about this point, the length of w stays
        towards = np.array([gesture.x, gesture.y]) - tail
        w = max(np.hypot(*unit[:2]), 0.5) * towards / max(np.hypot(*towards), 1e-9)
        return self.state.nearest(**{keys[0]: w[0], keys[1]: w[1], keys[2]: -w @ tail})

    def code(self, state):
        x, _ = data.gate("XOR")
        f = {
            "step": "(engine.round(z, decimals=5) > 0).float()", "ReLU": "z.relu()", "sigmoid": "z.sigmoid()",
            "tanh": "z.tanh()", "identity": "z",
        }[state.activation]  # fmt: skip
        return (
            f"x = engine.tensor({x.tolist()})\n"
            f"W = engine.tensor([[{state.w11}, {state.w12}], [{state.w21}, {state.w22}]])\n"
            f"z = x @ W.T + engine.tensor([{state.b1}, {state.b2}])\n"
            f"h = {f}\n"
            f"output = h @ engine.tensor([{state.v1}, {state.v2}]) + {state.c}\n"
            f"print((engine.round(output, decimals=5) > 0).float())"
        )
