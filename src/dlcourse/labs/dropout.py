"""DropoutLab: each mask leaves a sub-network. What do the sub-networks say, and what do they say on average?

A network of 2 inputs, 8 tanh units and one output has 2⁸ = 256 of them, which all share its weights. Inverted dropout
divides what is kept by 1 − p. The output is linear in the units: its mean over the masks is the whole network's.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgba

import dlcourse.reference as engine
from dlcourse import data
from dlcourse.labs.base import Goal, Lab, View
from dlcourse.labs.drawing import ClassPoints, Field, axes_at, blank_axes
from dlcourse.labs.live import Gesture, Handle
from dlcourse.labs.palette import BLUE, GREY, INK, NORMAL, ORANGE, ORANGE_TEXT, PAPER, SMALL, field_rgb
from dlcourse.labs.rounding import signed
from dlcourse.labs.settings import State, choice, integer, number, switch
from dlcourse.labs.starts import seeded_mlp
from dlcourse.labs.words import Word, Words

# -- state and computation ------------------------------------------------------------------------------------------

UNITS, POINTS, MASKS, EPOCHS, RATE = 8, 120, 100, 400, 0.05
TRAINED = {"with dropout 0.3": 0.3, "without dropout": 0.0}
EXTENT = 1.4
GRID = np.linspace(-EXTENT, EXTENT, 24)
PLANE = np.stack(np.meshgrid(GRID, GRID), axis=-1).reshape(-1, 2)
MANY, CLOSE = 20, 0.1  # the task: that many masks, and their mean that close to the whole network


@dataclass(frozen=True)
class DropoutState(State):
    """p: probability to drop a unit; mask counts the masks drawn, 1 … 100; x1, x2: the point that the units look at."""

    trained: str = choice("with dropout 0.3", TRAINED, label="trained", help="How the network got its weights")
    p: float = number(0.5, low=0, high=0.8, step=0.05, label="drop with p", help="Probability to drop a unit")
    x1: float = number(0.5, low=-EXTENT, high=EXTENT, step=0.1, label="x₁")
    x2: float = number(0.4, low=-EXTENT, high=EXTENT, step=0.1, label="x₂")
    inverted: bool = switch(True, label="divide by 1 − p", help="Inverted dropout: what is kept is made larger")
    mask: int = integer(1, low=1, high=MASKS, label="masks drawn", play=True)


@dataclass(frozen=True)
class DropoutResult:
    network: tuple[np.ndarray, ...]  # weights (8, 2), biases (8,), output weights (8,) and bias ()
    kept: np.ndarray  # (100, 8) bool
    units: np.ndarray  # (8,) the units at the point, before the mask
    scale: float  # what is kept is multiplied by this
    answers: np.ndarray  # (100,) logit of each sub-network at the point
    whole: float  # logit of the whole network there
    expected: float  # mean over all 256 masks, each with its probability
    fields: np.ndarray  # (3, 24, 24) probability of class 1: this sub-network, the mean so far, the whole
    right: np.ndarray  # (3,) share of the 120 points on the right side, in the same order

    @property
    def running(self) -> np.ndarray:
        """(100,) mean of the answers so far."""
        return np.cumsum(self.answers) / np.arange(1, MASKS + 1)


@lru_cache
def points() -> tuple[np.ndarray, np.ndarray]:
    return data.toy("moons", POINTS, 0.1)


@lru_cache
def network(dropped: float) -> tuple[np.ndarray, ...]:
    """The network, trained with dropout `dropped`: 400 epochs of Adam, a mask for each point and epoch."""
    x, y = points()
    inputs, target = engine.tensor(x), engine.tensor(y[:, None].astype(np.float32))
    model = seeded_mlp([2, UNITS, 1], "Tanh", seed=0)
    optimizer = engine.optim.Adam(model.parameters(), lr=RATE)
    draws = np.random.default_rng(0)
    for _ in range(EPOCHS):
        kept = (draws.random((POINTS, UNITS)) >= dropped) / (1 - dropped)
        z = model[2](model[1](model[0](inputs)) * engine.tensor(kept.astype(np.float32)))
        loss = engine.nn.functional.binary_cross_entropy_with_logits(z, target)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    w, b, v, c = (parameter.detach().numpy().astype(float) for parameter in model.parameters())
    return w, b, v[0], c[0]


def masks(p: float) -> np.ndarray:
    """(100, 8) bool: the same draws for every p, so that a larger p only drops more."""
    return np.random.default_rng(1).random((MASKS, UNITS)) >= p


@lru_cache(maxsize=4)
def all_units(dropped: float) -> tuple[np.ndarray, np.ndarray]:
    """The units (…, 8) over the plane and at the points."""
    w, b, _, _ = network(dropped)
    return np.tanh(PLANE @ w.T + b), np.tanh(points()[0] @ w.T + b)


def compute_dropout(state: DropoutState) -> DropoutResult:
    dropped = TRAINED[state.trained]
    w, b, v, c = network(dropped)
    units = np.tanh(w @ [state.x1, state.x2] + b)
    kept, scale = masks(state.p), 1 / (1 - state.p) if state.inverted else 1.0
    drawn = kept[: state.mask]
    weights = np.stack([scale * drawn[-1] * v, scale * drawn.mean(axis=0) * v, v])  # the mean of logits is linear, too
    plane, at_points = (weights @ values.T + c for values in all_units(dropped))
    return DropoutResult(
        (w, b, v, c), kept, units, scale,
        answers=scale * kept @ (units * v) + c,
        whole=float(units @ v + c),
        expected=mean_of_all(units * v, state.p, scale) + float(c),
        fields=(1 / (1 + np.exp(-plane))).reshape(3, len(GRID), len(GRID)),
        right=((at_points > 0) == (points()[1] == 1)).mean(axis=1),
    )  # fmt: skip


def mean_of_all(parts, p: float, scale: float) -> float:
    """Σ over all 2⁸ masks of their probability times scale · Σ of the kept parts: by counting, no formula."""
    every = (np.arange(2**UNITS)[:, None] >> np.arange(UNITS)) & 1  # (256, 8)
    probability = np.where(every, 1 - p, p).prod(axis=1)
    return float(probability @ (scale * every @ parts))


# -- view -----------------------------------------------------------------------------------------------------------

TILES = ("this sub-network", "mean of masks", "whole network")
HEIGHT = 12.0  # the chart shows logits from −12 to 12
PLACES = {
    "inputs": [(34, 150), (34, 230)], "units": [(170, 26 + 46 * i) for i in range(UNITS)], "output": [(292, 190)]
}  # fmt: skip


class DropoutView(View):
    size = (840, 400)

    def __init__(self, figure):
        self.net = blank_axes(figure, (6, 4, 330, 392))
        self.edges = LineCollection([], zorder=1)
        self.net.add_collection(self.edges)
        style = {"s": 900, "edgecolor": INK, "linewidth": 1.2, "zorder": 3}
        ends = self.net.scatter(*zip(*PLACES["inputs"], *PLACES["output"], strict=True), facecolor=PAPER, **style)
        self.circles = self.net.scatter(*zip(*PLACES["units"], strict=True), **style)
        self.names = Words(self.net)
        self.fields, self.points, self.tiles = [], [], []
        for tile, title in enumerate(TILES):
            box = (376 + 156 * tile, 30, 140, 140)
            axes = axes_at(figure, box, (-EXTENT, EXTENT), (-EXTENT, EXTENT), title)
            axes.set(xticks=[], yticks=[])
            self.tiles.append(axes)
            self.fields.append(Field(axes))
            self.points.append(ClassPoints(axes, size=9))
            self.points[-1].update(*points())
        (self.probe,) = self.tiles[0].plot([], [], "*", color=PAPER, markeredgecolor=INK, markersize=13, zorder=6)
        self.shares = Words(blank_axes(figure, (376, 174, 460, 22)))
        self._make_chart(figure)
        moons = [artist for group in self.points for artist in group.artists]
        self.moving = [
            self.edges, ends, self.circles, self.names, *self.fields, *moons, self.probe, self.shares, self.dots,
            self.last, self.mean, self.whole, self.now,
        ]  # fmt: skip

    def _make_chart(self, figure):
        self.chart = axes_at(
            figure,
            (412, 232, 416, 126),
            (0, MASKS + 1),
            (-HEIGHT, HEIGHT),
            "Output at ☆ for each mask",
            "masks drawn",
        )
        self.chart.set_yticks([-10, -5, 0, 5, 10])
        (self.dots,) = self.chart.plot([], [], "o", color=BLUE, markersize=4, zorder=2)
        (self.last,) = self.chart.plot([], [], "o", color=BLUE, markersize=8, markeredgecolor=PAPER, zorder=4)
        (self.mean,) = self.chart.plot([], [], color=ORANGE_TEXT, linewidth=2.2, zorder=3)
        self.whole = self.chart.axhline(0, color=INK, linewidth=1.4, linestyle=(0, (4, 3)), zorder=2)
        self.now = self.chart.axvline(0, color=GREY, linewidth=1, zorder=1)
        key = blank_axes(figure, (640, 208, 196, 22))
        key.plot([0, 20], [10, 10], color=ORANGE_TEXT, linewidth=2.2)
        key.text(25, 10, "mean so far", fontsize=NORMAL, color=INK, va="center")
        key.plot([112, 132], [10, 10], color=INK, linewidth=1.4, linestyle=(0, (4, 3)))
        key.text(137, 10, "whole", fontsize=NORMAL, color=INK, va="center")

    def update(self, state, result):
        self._update_network(state, result)
        for field, values in zip(self.fields, result.fields, strict=True):
            field.update(values)
        self.probe.set_data([state.x1], [state.x2])
        self.shares.update(
            [Word(156 * i, 10, f"{share:.0%} right", INK, NORMAL, "left") for i, share in enumerate(result.right)]
        )
        counts, shown = np.arange(1, state.mask + 1), slice(0, state.mask)
        answers = np.clip(result.answers, 0.1 - HEIGHT, HEIGHT - 0.1)
        self.dots.set_data(counts, answers[shown])
        self.last.set_data([state.mask], answers[state.mask - 1 : state.mask])
        self.mean.set_data(counts, result.running[shown])
        self.whole.set_ydata([result.whole] * 2)
        self.now.set_xdata([state.mask] * 2)

    def _update_network(self, state, result):
        w, _, v, _ = result.network
        kept = result.kept[state.mask - 1]
        lines, colours, widths = [], [], []
        for i, unit in enumerate(PLACES["units"]):
            ends = [(place, unit) for place in PLACES["inputs"]] + [(unit, PLACES["output"][0])]
            for line, weight in zip(ends, (*w[i], v[i]), strict=True):
                lines.append(line)
                colours.append(to_rgba(ORANGE if weight > 0 else BLUE, 0.9 if kept[i] else 0.1))
                widths.append(min(0.6 + 1.2 * abs(weight), 6))
        self.edges.set_segments(lines)
        self.edges.set_colors(colours)
        self.edges.set_linewidths(widths)
        self.circles.set_facecolors(np.where(kept[:, None], field_rgb((result.units + 1) / 2) / 255, 1.0))
        self.circles.set_edgecolors([to_rgba(INK if k else GREY, 1.0 if k else 0.5) for k in kept])
        values = [signed(result.scale * h) if k else "×" for h, k in zip(result.units, kept, strict=True)]
        words = [Word(*place, text, INK, SMALL) for place, text in zip(PLACES["units"], values, strict=True)]
        ends = zip(
            PLACES["inputs"] + PLACES["output"], (state.x1, state.x2, result.answers[state.mask - 1]), strict=True
        )
        words += [Word(*place, signed(value), INK, SMALL) for place, value in ends]
        titles = ((34, 116, "x₁"), (34, 264, "x₂"), (292, 226, "output"))
        self.names.update(words + [Word(*title, INK, NORMAL) for title in titles])

    def handles(self, state, result):
        where = f"x₁ {signed(state.x1, 1)}, x₂ {signed(state.x2, 1)}"
        drawn = f"{state.mask} masks, mean {signed(result.running[state.mask - 1])}"
        step, up = (1.0, 1.0), (0.0, 1.0)
        return [
            Handle("point", self.tiles[0], state.x1, state.x2, "the point that the units look at", where),
            Handle("mask", self.chart, state.mask, -10.5, "masks drawn", drawn, "line", step, direction=up),
        ]


# -- lab ------------------------------------------------------------------------------------------------------------


class DropoutLab(Lab):
    """Mask after mask, a sub-network answers alone; their mean is the whole network's answer."""

    title = "Dropout: sub-networks of one network"
    State, View, compute = DropoutState, DropoutView, staticmethod(compute_dropout)
    presets = {
        "One sub-network: half the units are gone": {"mask": 7},
        "A hundred of them: the mean is the whole": {"mask": 100},
        "Not divided: the mean is too small": {"mask": 100, "inverted": False},
        "Trained without dropout: sub-networks fail": {"trained": "without dropout", "mask": 7},
        "p = 0: there is one network only": {"p": 0.0, "mask": 20},
        "p = 0.8: the answers scatter widely": {"p": 0.8, "mask": 100},
    }

    def moved(self, gesture: Gesture):
        if gesture.handle == "mask":
            return {"mask": round(min(max(gesture.x, 1), MASKS))}
        return self.State.nearest(x1=gesture.x, x2=gesture.y)

    def describe(self, state, result):
        kept, mean = result.kept[state.mask - 1], result.running[state.mask - 1]
        different = len(np.unique(result.kept[: state.mask], axis=0))
        return (
            f"Trained {state.trained}. Mask {state.mask} drops {int((~kept).sum())} of {UNITS} units: its sub-network "
            f"says {signed(result.answers[state.mask - 1])} at ☆ and gets {result.right[0]:.0%} of the points right, "
            f"the whole network {signed(result.whole)} and {result.right[2]:.0%}. Mean so far {signed(mean)}, "
            f"{different} different sub-networks; over all 256 it is {signed(result.expected)}."
        )

    def judge(self, state, result):
        task = f"With p of 0.5 or more, bring the mean of at least {MANY} masks within {CLOSE} of the whole network."
        off = abs(result.running[state.mask - 1] - result.whole)
        verdict = f"Mean of {state.mask} {'mask' if state.mask == 1 else 'masks'}: {off:.2f} off the whole network."
        allowed = state.p >= 0.5 and state.mask >= MANY
        if off <= CLOSE and not allowed:
            verdict += " But p is below 0.5, or the masks are too few."
        return Goal(task, verdict, allowed and off <= CLOSE)

    def code(self, state):
        dropped = TRAINED[state.trained]
        scale = f" / {1 - state.p:g}" if state.inverted else ""
        return (
            f"import numpy as np\n\nfrom dlcourse.data import toy\nfrom dlcourse.models import mlp\n\n"
            f"points, classes = toy('moons', {POINTS}, 0.1)\n"
            f"x, y = engine.tensor(points), engine.tensor(classes[:, None]).float()\n"
            f"engine.manual_seed(0)\n"
            f"model = mlp(engine, [2, {UNITS}, 1], 'Tanh')\n"
            f"optimizer = engine.optim.Adam(model.parameters(), lr={RATE})\n"
            f"draws = np.random.default_rng(0)\n"
            f"for _ in range({EPOCHS}):\n"
            f"    kept = engine.tensor((draws.random(({POINTS}, {UNITS})) >= {dropped}) / {1 - dropped}).float()\n"
            f"    z = model[2](model[1](model[0](x)) * kept)\n"
            f"    optimizer.zero_grad()\n"
            f"    engine.nn.functional.binary_cross_entropy_with_logits(z, y).backward()\n"
            f"    optimizer.step()\n\n"
            f"masks = np.random.default_rng(1).random(({MASKS}, {UNITS})) >= {state.p}\n"
            f"kept = engine.tensor(masks[:{state.mask}]{scale}).float()\n"
            f"units = model[1](model[0](engine.tensor([[{state.x1}, {state.x2}]])))\n"
            f"output = engine.stack([model[2](units * kept).mean(), model[2](units).mean()]).detach()\n"
            f"print([round(z, 1) for z in output.tolist()])  # mean of the masks, whole network"
        )
