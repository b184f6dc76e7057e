"""DepthLab: 1,000 samples through up to 12 layers, and what is left of the signal and of the gradient.

Each column is a layer of 64 units. The weights are normal with variance gain²/64; the scale on the right has marks
where Glorot & Bengio (2010, "Xavier") and He et al. (2015) put the gain.
"""

from dataclasses import dataclass

import numpy as np
from matplotlib.collections import PolyCollection

from dlcourse.labs.activation_functions import ACTIVATIONS
from dlcourse.labs.activations import small
from dlcourse.labs.base import Goal, Lab, View
from dlcourse.labs.depth_signals import (
    BINS,
    INPUTS,
    MOST_LAYERS,
    SPAN,
    UNITS,
    WIDE,
    Signals,
    factor,
    inputs,
    send,
)
from dlcourse.labs.drawing import Field, axes_at, blank_axes
from dlcourse.labs.live import Gesture, Handle
from dlcourse.labs.palette import BLUE, FAINT, GREY, INK, LARGE, NORMAL, ORANGE, SMALL
from dlcourse.labs.settings import State, choice, integer, number, rows

# -- state and computation ------------------------------------------------------------------------------------------

MARKS = {"He": 2**0.5, "Xavier": 1.0, "nn.Linear": 3**-0.5}
HE, XAVIER, NN_LINEAR = (round(gain, 2) for gain in MARKS.values())  # where the slider can stand
MOST_KILLED = 500
FAR_APART = 5  # first and last layer may differ by this factor


@dataclass(frozen=True)
class DepthState(State):
    """gain: standard deviation of a weight times √64, where 1.41 and 0.58 stand for √2 and √(1/3) exactly; bias: of
    every unit; killed: rows (layer from 0, unit)."""

    function: str = choice("ReLU", ("identity", "sigmoid", "tanh", "ReLU", "leaky ReLU", "GELU"), label="activation f")
    gain: float = number(1.0, low=0.1, high=3, step=0.01, label="weight scale", help="Variance of a weight: scale²/64")
    bias: float = number(0.0, low=-2, high=2, step=0.1, label="bias", help="The same bias for every unit")
    layers: int = integer(10, low=1, high=MOST_LAYERS, label="layers L")
    data: str = choice(INPUTS[0], INPUTS, label="inputs", help="1,000 samples of 64 numbers, mean square 1")
    seed: int = integer(0, low=0, high=99, label="seed", help="Draws the weights")
    killed: tuple = rows((), width=2, low=0, high=UNITS - 1, label="dead units", help="Painted in the picture")


@dataclass(frozen=True)
class DepthResult:
    signals: Signals
    law: float | None  # factor of the second moment per layer in theory, None where there is none
    measured: float  # the same as measured, geometric mean over the layers
    signal_kept: float  # root mean square of the last layer's outputs over that of the first layer's
    gradient_kept: float  # gradient at the first layer over that at the last


def compute_depth(state: DepthState) -> DepthResult:
    gain = exact(state.gain)
    signals = send(state.function, gain, state.bias, state.layers, inputs(state.data), state.seed, state.killed)
    plain = state.bias == 0 and not state.killed
    moments, gradients = signals.moments, signals.gradients
    return DepthResult(
        signals,
        law=factor(state.function, gain) if plain else None,
        measured=float((moments[-1] / signals.input_moment) ** (1 / state.layers)),
        signal_kept=float(np.sqrt(_ratio(moments[-1], moments[0]))),
        gradient_kept=float(_ratio(gradients[0], gradients[-1])),
    )


def exact(gain: float) -> float:
    """The gain of a mark where the slider stands at it, √2 for 1.41; else the gain itself."""
    return next((mark for mark in MARKS.values() if abs(mark - gain) < 0.005), gain)


def _ratio(a: float, b: float) -> float:
    """a/b; 0 where nothing is left of either."""
    return a / b if b else 0.0


# -- view -----------------------------------------------------------------------------------------------------------

LEFT, COLUMN = 70, 50  # pixels: where the columns begin, and how wide one is
CELL = 3  # samples of the unit map that a unit is wide and high; a gap of one between the layers
SIDE = 8  # a layer's units are shown as 8 × 8
FULL = 0.16  # share of a bin that is drawn with the full width


class DepthView(View):
    size = (840, 420)

    def __init__(self, figure):
        wide = COLUMN * MOST_LAYERS
        columns = (0, MOST_LAYERS)
        self.shapes_axes = axes_at(figure, (LEFT, 26, wide, 128), columns, (-1, 1), "Outputs of each layer")
        self.shapes_axes.set(xticks=[], yticks=[])
        self.shapes_axes.axhline(0, color=FAINT, linewidth=1, zorder=1)
        self.shapes = PolyCollection([], facecolor=BLUE, edgecolor="none", zorder=2)
        self.shapes_axes.add_collection(self.shapes, autolim=False)
        self.map_axes = axes_at(figure, (LEFT, 202, wide, 48), columns, (0, SIDE))
        self.map_axes.set_axis_off()
        self.map = Field(self.map_axes, smooth=False)
        (self.crosses,) = self.map_axes.plot([], [], "x", color=INK, markersize=3.5, markeredgewidth=1, zorder=3)
        self.bar_axes = axes_at(figure, (LEFT, 290, wide, 92), columns, (-9, 5))
        self.bar_axes.set_xticks(np.arange(MOST_LAYERS) + 0.5, range(1, MOST_LAYERS + 1))
        self.bar_axes.set_yticks([-8, -4, 0, 4], ["1e−8", "1e−4", "1", "1e4"])
        self.bar_axes.axhline(0, color=GREY, linewidth=1)
        self.bar_axes.set_xlabel("layer", fontsize=NORMAL, color=INK, labelpad=1)
        self.bars = list(self.bar_axes.bar(np.arange(MOST_LAYERS) + 0.5, [0] * MOST_LAYERS, width=0.6, zorder=2))
        self._make_numbers(figure)
        self._make_scale(figure)
        texts = [text for row in self.numbers.values() for text in row]
        self.moving = [
            self.shapes, self.map, self.crosses, *self.bars, *texts, *self.ends, self.dot, self.gain_text, self.law_text
        ]  # fmt: skip

    def _make_numbers(self, figure):
        page = blank_axes(figure, (0, 0, *self.size))
        style = {"fontsize": SMALL, "color": INK, "va": "center"}
        for y, name in ((168, "RMS of h"), (184, "flat"), (226, "units"), (262, "dead"), (280, "gradient")):
            page.text(LEFT - 8, y, name, ha="right", **style)

        legend = "units: orange active for most samples, blue for few, × dead"
        page.text(LEFT + COLUMN * MOST_LAYERS, 18, legend, ha="right", **style)

        def row(y: float):
            return [page.text(LEFT + COLUMN * (i + 0.5), y, "", ha="center", **style) for i in range(MOST_LAYERS)]

        self.numbers = {"rms": row(168), "flat": row(184), "dead": row(262), "gradient": row(280)}
        self.ends = [page.text(LEFT - 8, y, "", ha="right", **style) for y in (32, 90, 148)]

    def _make_scale(self, figure):
        self.scale = axes_at(figure, (706, 48, 22, 270), (0, 1), (0.1, 3), "")
        self.scale.set(xticks=[], yticks=[1, 2, 3])
        page = blank_axes(figure, (0, 0, *self.size))
        page.text(690, 18, "Weight scale", fontsize=LARGE, color=INK, va="center")
        for name, gain in MARKS.items():
            self.scale.axhline(gain, color=INK, linewidth=1.5)
            y = 48 + 270 * (3 - gain) / 2.9
            page.text(738, y, f"{name} {gain:.2f}", fontsize=NORMAL, color=INK, va="center")
        style = {"markersize": 11, "color": ORANGE, "markeredgecolor": INK, "markeredgewidth": 1.5, "zorder": 4}
        (self.dot,) = self.scale.plot([], [], marker="D", clip_on=False, **style)
        self.gain_text = page.text(690, 36, "", fontsize=SMALL, color=INK, va="center")
        self.law_text = page.text(690, 362, "", fontsize=SMALL, color=INK, va="center", linespacing=1.5)

    def update(self, state, result):
        signals = result.signals
        self._update_shapes(state, signals.histograms)
        self._update_units(signals)
        for place, bar in enumerate(self.bars):
            size = signals.gradients[place] if place < state.layers else 1.0
            height = np.clip(np.log10(max(size, 1e-12)), -9, 5)
            bar.set_height(height)
            bar.set_facecolor(BLUE if height <= 0 else ORANGE)
        self._update_row("rms", [number_of(v) for v in np.sqrt(signals.moments)])
        self._update_row("flat", [f"{v:.0%}" for v in signals.flat])
        self._update_row("dead", [str(int(v)) for v in signals.dead.sum(axis=1)])
        self._update_row("gradient", [number_of(v) for v in signals.gradients])
        self.dot.set_data([0.5], [state.gain])
        self.gain_text.set_text(f"{state.gain:.2f}: variance {exact(state.gain) ** 2:.2f}/64")
        law = "depends on z" if result.law is None else f"×{result.law:.2f}"
        self.law_text.set_text(f"mean square, per layer\nin theory {law}\nmeasured ×{result.measured:.2f}")

    def _update_row(self, name, words):
        for place, text in enumerate(self.numbers[name]):
            text.set_text(words[place] if place < len(words) else "")

    def _update_shapes(self, state, histograms):
        edges = np.linspace(-1, 1, BINS + 1)
        up = np.repeat(edges, 2)[1:-1]  # each bin has two corners
        polygons = []
        for layer, shares in enumerate(histograms):
            width = np.repeat(np.minimum(shares / FULL, 1), 2) * 0.9
            side = np.column_stack([layer + 0.05 + width, up])
            polygons.append(np.vstack([[layer + 0.05, -1], side, [layer + 0.05, 1]]))
        self.shapes.set_verts(polygons)
        span = SPAN.get(state.function, WIDE)
        for text, value in zip(self.ends, (span, 0, -span), strict=True):
            text.set_text(f"{value:g}".replace("-", "−"))

    def _update_units(self, signals):
        wide = SIDE * CELL + 1
        canvas = np.full((SIDE * CELL, MOST_LAYERS * wide), 0.5)
        xs, ys = [], []
        for layer, (active, dead) in enumerate(zip(signals.active, signals.dead, strict=True)):
            cells = np.where(dead, np.nan, active).reshape(SIDE, SIDE)
            canvas[:, layer * wide : (layer + 1) * wide - 1] = np.repeat(np.repeat(cells, CELL, 0), CELL, 1)
            row, column = np.nonzero(dead.reshape(SIDE, SIDE))
            xs.append(layer + (column + 0.5) * CELL / wide)
            ys.append(row + 0.5)
        self.map.update(canvas)
        self.crosses.set_data(np.concatenate(xs), np.concatenate(ys))

    def handles(self, state, result):
        dead = int(result.signals.dead.sum())
        near = [name for name, gain in MARKS.items() if abs(gain - state.gain) < 0.005]
        words = f"scale {state.gain:.2f}" + (f", {near[0]}" if near else "")
        units = f"{dead} units are dead, {len(state.killed)} of them killed by you; Space kills or revives one"
        cell = (CELL / (SIDE * CELL + 1), 1.0)
        return [
            Handle("gain", self.scale, 0.5, state.gain, "scale of the weights", words, step=(0.0, 0.01)),
            Handle("units", self.map_axes, 0.5 * cell[0], 0.5, "map of the units", units, kind="brush", step=cell),
        ]


def number_of(value: float) -> str:
    """Two figures in a narrow column: 0.71, 184, 5e−07, 0."""
    if 0.001 <= value < 1000:
        return f"{value:#.2g}" if value < 10 else f"{value:.0f}"
    if value == 0:
        return "0"
    return f"{value:.0e}".replace("-", "−").replace("+", "")


# -- lab ------------------------------------------------------------------------------------------------------------


def unit_at(x: float, y: float) -> tuple[int, int] | None:
    """(layer, unit) at a place of the unit map; None in a gap or outside."""
    layer = int(np.floor(x))
    column, row = int((x - layer) * (SIDE * CELL + 1) // CELL), int(np.floor(y))
    inside = 0 <= layer < MOST_LAYERS and 0 <= column < SIDE and 0 <= row < SIDE
    return (layer, row * SIDE + column) if inside else None


class DepthLab(Lab):
    """A deep network before its first step. Drag the weight scale; paint over units to kill them or revive them."""

    title = "A signal through many layers"
    State, View, compute = DepthState, DepthView, staticmethod(compute_depth)
    presets = {
        "Sigmoid: the gradient vanishes": {"function": "sigmoid"},
        "Xavier keeps tanh alive": {"function": "tanh"},
        "Too large: tanh saturates": {"function": "tanh", "gain": 3.0},
        "Xavier is too small for ReLU": {"function": "ReLU"},
        "He keeps ReLU alive": {"function": "ReLU", "gain": HE},
        "Too large: ReLU explodes": {"function": "ReLU", "gain": 2.5},
        "nn.Linear's own start fades": {"function": "ReLU", "gain": NN_LINEAR},
        "A low bias kills ReLUs": {"function": "ReLU", "gain": HE, "bias": -1.0},
        "One dead layer cuts the network": {
            "function": "ReLU", "gain": HE, "killed": tuple((4.0, float(unit)) for unit in range(UNITS)),
        },
        "Leaky ReLU: the same layer lets 1 % through": {
            "function": "leaky ReLU", "gain": HE, "killed": tuple((4.0, float(unit)) for unit in range(UNITS)),
        },
        "Digits instead of noise": {"function": "ReLU", "gain": HE, "data": "digits"},
    }  # fmt: skip
    actions = {"Kill layer 5": "kill", "Revive all": "revive"}

    def kill(self) -> None:
        """Push the biases of all units of layer 5 so low that no sample reaches them."""
        others = [row for row in self.state.killed if row[0] != 4]
        self.set(killed=(*others, *((4.0, float(unit)) for unit in range(UNITS)))[-MOST_KILLED:])

    def revive(self) -> None:
        """Take every killed unit's low bias away."""
        self.set(killed=())

    def describe(self, state, result):
        signals, last = result.signals, state.layers
        rms = np.sqrt(signals.moments)
        text = f"{state.function}, weight scale {state.gain:.2f}: outputs have root mean square {number_of(rms[0])} in "
        text += f"layer 1 and {number_of(rms[-1])} in layer {last}; "
        text += f"the gradient is {number_of(signals.gradients[-1])} in layer {last} "
        text += f"and {number_of(signals.gradients[0])} in layer 1. "
        dead = int(signals.dead.sum())
        text += f"{signals.flat[-1]:.0%} of the last outputs are flat, {dead} of {UNITS * last} units are dead."
        return text

    def judge(self, state, result):
        task = "With 10 layers or more, find a scale at which neither the signal nor the gradient changes "
        task += f"by more than a factor of {FAR_APART}. Which activation can do it at scale 1?"
        kept = (result.signal_kept, result.gradient_kept)
        reached = state.layers >= 10 and all(1 / FAR_APART <= value <= FAR_APART for value in kept)
        verdict = f"Signal ×{small(kept[0])}, gradient ×{small(kept[1])} from end to end"
        return Goal(task, f"{verdict}: {_diagnosis(kept)}.", reached)

    def moved(self, gesture: Gesture):
        if gesture.handle == "gain":
            close = [gain for gain in (HE, XAVIER, NN_LINEAR) if abs(gain - gesture.y) < 0.015]
            return {"gain": close[0]} if close else self.state.nearest(gain=gesture.y)
        units = [unit_at(x, y) for x, y in gesture.path] if gesture.done else []
        return self._toggled([unit for unit in dict.fromkeys(units) if unit and unit[0] < self.state.layers])

    def _toggled(self, units):
        """The first unit of a stroke decides whether the stroke kills or revives."""
        if not units:
            return {}
        killed = {(int(layer), int(unit)) for layer, unit in self.state.killed}
        killed = killed - set(units) if units[0] in killed else killed | set(units)
        return {"killed": tuple((float(layer), float(unit)) for layer, unit in sorted(killed))[:MOST_KILLED]}

    def code(self, state):
        return "\n".join(_lines(state))


def _diagnosis(kept) -> str:
    if kept[1] == 0:
        return "no gradient reaches layer 1"
    words = []
    for name, value in zip(("signal", "gradient"), kept, strict=True):
        if not 1 / FAR_APART <= value <= FAR_APART:
            words.append(f"the {name} {'vanishes' if value < 1 else 'explodes'}")
    return " and ".join(words) or "both survive"


def _lines(state):
    """The forward pass as a cell; `output` holds the root mean square of every layer."""
    if state.data == "digits":
        yield "from dlcourse import data\n"
        yield "x = data.digits().x[:1000]\nx = x - x.mean(axis=0)\nh = engine.tensor(x / x.std())"
    else:
        yield "engine.manual_seed(2024)\nh = engine.randn(1000, 64)"
    killed: dict[int, list[int]] = {}
    for layer, unit in state.killed:
        killed.setdefault(int(layer), []).append(int(unit))
    if killed:
        yield f"killed = {killed}  # layer: units"
    yield f"engine.manual_seed({state.seed})\nroot_mean_squares = []"
    yield f"for layer in range({state.layers}):"
    yield f"    W = engine.randn(64, 64) / 8 * {exact(state.gain)}"
    yield f"    z = h @ W.T + {state.bias}"
    if killed:
        yield "    for unit in killed.get(layer, []):  # a bias so low that no sample reaches it"
        yield "        z[:, unit] = z[:, unit] - z[:, unit].max() - z[:, unit].std(correction=0) - 1e-6"
    yield f"    h = {ACTIVATIONS[state.function].code}"
    yield "    root_mean_squares.append((h * h).mean().sqrt())"
    yield "output = engine.stack(root_mean_squares)\nprint(output)"
