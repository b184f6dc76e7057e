"""SameStartLab: one network four times, from the same weights on the same points; only the activation differs.

Full-batch gradient descent with momentum 0.9 on the cross-entropy loss. The run is trained tick by tick as far as it is
asked for and remembers every tick, so that it can be played and scrubbed back.
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np

import dlcourse.reference as engine
from dlcourse import data
from dlcourse.labs.activation_functions import ACTIVATIONS
from dlcourse.labs.base import Goal, Lab, View
from dlcourse.labs.drawing import ClassPoints, Field, axes_at, blank_axes
from dlcourse.labs.live import DRAWING
from dlcourse.labs.palette import BLUE, GREEN, GREY, INK, NORMAL, ORANGE_TEXT
from dlcourse.labs.rounding import brief
from dlcourse.labs.settings import State, choice, integer, number
from dlcourse.labs.starts import seeded_mlp
from dlcourse.labs.words import Word, Words

# -- state and computation ------------------------------------------------------------------------------------------

KINDS = {"sigmoid": "Sigmoid", "tanh": "Tanh", "ReLU": "ReLU", "GELU": "GELU"}
STARTS = {"small": "(1 / (3 * n_in)) ** 0.5", "Xavier": "(2 / (n_in + n_out)) ** 0.5", "He": "(2 / n_in) ** 0.5"}
UNITS, SAMPLES, MOST_LAYERS = 12, 120, 8
STEPS_A_TICK, MOST_TICKS = 5, 80  # all of it trains in about a second
LEARNED = 0.95
EXTENT = 1.4
GRID = np.linspace(-EXTENT, EXTENT, 32)
PLANE = np.stack(np.meshgrid(GRID, GRID), axis=-1).reshape(-1, 2).astype(np.float32)


@dataclass(frozen=True)
class SameStartState(State):
    """tick counts 5 updates at learning rate `rate`; every hidden layer has 12 units; small: variance 1/(3n)."""

    layers: int = integer(6, low=1, high=MOST_LAYERS, label="hidden layers")
    start: str = choice("Xavier", STARTS, label="first weights", help="small is the variance of nn.Linear's own start")
    data: str = choice("circles", data.TOY_SETS, label="points")
    rate: float = number(0.1, low=0.01, high=0.5, step=0.01, label="learning rate")
    seed: int = integer(0, low=0, high=99, label="seed", help="Draws the first weights")
    tick: int = integer(0, low=0, high=MOST_TICKS, label="moment", help="Ticks of 5 updates", play=True)


@dataclass(frozen=True)
class Moment:
    """The four networks after some updates, in the order of KINDS."""

    parameters: list[list[np.ndarray]]
    losses: np.ndarray  # (4,)
    correct: np.ndarray  # (4,) share of the points
    gradients: np.ndarray  # (4, layers + 1) root mean square of the gradient of each weight matrix


@dataclass(frozen=True)
class SameStartResult:
    x: np.ndarray  # (120, 2)
    y: np.ndarray  # (120,)
    moment: Moment
    first_gradients: np.ndarray  # (4, layers + 1) at moment 0
    losses: np.ndarray  # (tick + 1, 4) up to this moment
    fields: np.ndarray  # (4, 32, 32) probability of class 1 over the plane

    @property
    def learned(self) -> np.ndarray:
        return self.moment.correct >= LEARNED


class Race:
    """Four trainings side by side. `at(tick)` trains as far as it must."""

    def __init__(self, layers: int, start: str, name: str, rate: float, seed: int):
        self.x, self.y = data.toy(name, SAMPLES, 0.05)
        self.inputs = engine.tensor(self.x)
        self.target = engine.tensor(self.y[:, None].astype(np.float32))
        arrays = first_parameters([2, *[UNITS] * layers, 1], start, seed)
        self.models = [_model(layers, kind, arrays) for kind in KINDS.values()]
        self.optimizers = [engine.optim.SGD(m.parameters(), lr=rate, momentum=0.9) for m in self.models]
        self.moments = [self._measure()]

    def at(self, tick: int) -> Moment:
        while len(self.moments) <= tick:
            for model, optimizer in zip(self.models, self.optimizers, strict=True):
                for _ in range(STEPS_A_TICK):
                    self._backward(model)
                    optimizer.step()
            self.moments.append(self._measure())
        return self.moments[tick]

    def _backward(self, model):
        """Leave the gradients in the model; (logits, loss)."""
        z = model(self.inputs)
        loss = engine.nn.functional.binary_cross_entropy_with_logits(z, self.target)
        model.zero_grad()
        loss.backward()
        return z.detach().numpy()[:, 0], loss.item()

    def _measure(self) -> Moment:
        parameters, losses, correct, gradients = [], [], [], []
        for model in self.models:
            z, loss = self._backward(model)
            losses.append(loss)
            correct.append(((z > 0) == self.y).mean())
            weights = [p for p in model.parameters() if p.ndim == 2]
            gradients.append([np.sqrt(np.square(w.grad.numpy(), dtype=np.float64).mean()) for w in weights])
            parameters.append([p.detach().numpy().copy() for p in model.parameters()])
        return Moment(parameters, np.array(losses), np.array(correct), np.array(gradients))


def first_parameters(sizes, start: str, seed: int) -> list[np.ndarray]:
    """Normal weights (out, in) of the start's variance from the stream of `seed`, and zero biases, layer by layer."""
    source, arrays = engine.Generator().manual_seed(seed), []
    for n_in, n_out in pairwise(sizes):
        deviation = {"small": 1 / (3 * n_in), "Xavier": 2 / (n_in + n_out), "He": 2 / n_in}[start] ** 0.5
        weights = source.normal((n_out, n_in), np.dtype(np.float32)) * np.float32(deviation)
        arrays += [weights, np.zeros(n_out, np.float32)]
    return arrays


def _model(layers: int, kind: str, arrays):
    """mlp([2, 12, …, 1], kind) with these parameters."""
    model = seeded_mlp([2, *[UNITS] * layers, 1], kind, seed=0)  # leaves the learner's random numbers alone
    with engine.no_grad():
        for parameter, array in zip(model.parameters(), arrays, strict=True):
            parameter.copy_(engine.tensor(array))
    return model


@lru_cache(maxsize=4)
def race(layers: int, start: str, name: str, rate: float, seed: int) -> Race:
    """The race of these settings, kept while it is one of the last four."""
    return Race(layers, start, name, rate, seed)


def compute_same_start(state: SameStartState) -> SameStartResult:
    run = race(state.layers, state.start, state.data, state.rate, state.seed)
    moment = run.at(state.tick)
    losses = np.array([m.losses for m in run.moments[: state.tick + 1]])
    return SameStartResult(run.x, run.y, moment, run.at(0).gradients, losses, fields_of(moment))


def fields_of(moment: Moment) -> np.ndarray:
    """(4, 32, 32) probability of class 1 over the plane."""
    with engine.no_grad():
        fields = [_logits(*network, PLANE).sigmoid().numpy() for network in zip(KINDS, moment.parameters, strict=True)]
    return np.stack(fields).reshape(len(KINDS), len(GRID), len(GRID))


def _logits(name: str, parameters, x):
    """(N, 1) of the network with these parameters."""
    h, pairs = engine.tensor(x), list(zip(parameters[0::2], parameters[1::2], strict=True))
    for weight, bias in pairs[:-1]:
        h = ACTIVATIONS[name].of(h @ engine.tensor(weight.T) + engine.tensor(bias))
    return h @ engine.tensor(pairs[-1][0].T) + engine.tensor(pairs[-1][1])


# -- view -----------------------------------------------------------------------------------------------------------

LEFT, PITCH, SIDE = 44, 152, 136  # pixels: first panel, from panel to panel, width of a panel
STYLES = ((BLUE, "-"), (ORANGE_TEXT, (0, (5, 2))), (GREEN, (0, (1, 1))), (GREY, (0, (6, 1, 1, 1))))
FAINTEST, STRONGEST = -8, 1  # powers of ten of the gradient bars


class SameStartView(View):
    size = (840, 372)

    def __init__(self, figure):
        self.fields, self.points, self.bars, self.starts = [], [], [], []
        for panel, name in enumerate(KINDS):
            left = LEFT + PITCH * panel
            axes = axes_at(figure, (left, 26, SIDE, SIDE), (-EXTENT, EXTENT), (-EXTENT, EXTENT), name)
            axes.set(xticks=[], yticks=[])
            self.fields.append(Field(axes))
            self.points.append(ClassPoints(axes, size=12))
            self.bars.append(self._make_bars(figure, left, first=panel == 0))
        caption = "Gradient of each layer's weights; the short lines: at the start"
        figure.text(LEFT / 840, 1 - 204 / 372, caption, fontsize=NORMAL, color=INK)
        self.words = Words(blank_axes(figure, (0, 0, *self.size)))
        most = MOST_TICKS * STEPS_A_TICK
        self.loss_axes = axes_at(figure, (684, 26, 140, 224), (0, most), (0, 1.0), "Loss", "updates")
        self.loss_axes.set(xticks=[0, most // 2, most], yticks=[0, 0.5, 1.0])
        self.curves = [
            self.loss_axes.plot([], [], color=colour, linestyle=style, linewidth=2)[0] for colour, style in STYLES
        ]
        self._make_legend(figure)
        points = [artist for group in self.points for artist in group.artists]
        bars = [bar for panel in self.bars for bar in panel]
        self.moving = [*self.fields, *points, self.words, *bars, *self.starts, *self.curves]

    def _make_bars(self, figure, left, first):
        limits = (FAINTEST, STRONGEST)
        axes = axes_at(figure, (left, 212, SIDE, 120), (0.4, MOST_LAYERS + 1.6), limits, "", "layer")
        axes.set_xticks(range(1, MOST_LAYERS + 2, 2))
        axes.set_yticks([-8, -4, 0], ["1e−8", "1e−4", "1"] if first else [])
        layers = np.arange(1, MOST_LAYERS + 2)
        self.starts += axes.plot([], [], "_", color=INK, markersize=9, markeredgewidth=1.5, zorder=3)
        return list(axes.bar(layers, [0] * len(layers), bottom=FAINTEST, width=0.7, color=BLUE))

    def _make_legend(self, figure):
        for place, (name, (colour, style)) in enumerate(zip(KINDS, STYLES, strict=True)):
            axes = axes_at(figure, (684, 292 + 19 * place, 52, 16), (0, 1), (0, 1))
            axes.set_axis_off()
            axes.plot([0, 1], [0.5, 0.5], color=colour, linestyle=style, linewidth=2)
            axes.text(1.2, 0.5, name, fontsize=NORMAL, color=INK, va="center")

    def update(self, state, result):
        updates = STEPS_A_TICK * np.arange(state.tick + 1)
        words = []
        for panel in range(len(KINDS)):
            self.fields[panel].update(result.fields[panel])
            self.points[panel].update(result.x, result.y)
            mark = "✓" if result.learned[panel] else ""
            correct = result.moment.correct[panel]
            words.append(Word(LEFT + PITCH * panel, 182, f"{correct:.0%} correct {mark}", align="left"))
            self.curves[panel].set_data(updates, np.clip(result.losses[:, panel], 0, 0.995))
            self._update_bars(panel, result)
        self.words.update(words)

    def _update_bars(self, panel, result):
        heights = np.full(MOST_LAYERS + 1, float(FAINTEST))
        heights[: len(result.moment.gradients[panel])] = _powers(result.moment.gradients[panel])
        for bar, height in zip(self.bars[panel], heights, strict=True):
            bar.set_height(height - FAINTEST)
        start = _powers(result.first_gradients[panel])
        self.starts[panel].set_data(np.arange(1, len(start) + 1), start)


def _powers(sizes: np.ndarray) -> np.ndarray:
    """Powers of ten, within the axes."""
    return np.clip(np.log10(np.maximum(sizes, 1e-12)), FAINTEST, STRONGEST)


# -- lab ------------------------------------------------------------------------------------------------------------


class SameStartLab(Lab):
    """Four activations from the same first weights: press play and see which of them learn."""

    title = "Four activations trained from the same start"
    State, View, compute = SameStartState, SameStartView, staticmethod(compute_same_start)
    presets = {
        "One hidden layer: all four learn": {"layers": 1, "start": "He", "rate": 0.3, "tick": 60},
        "Six layers: the sigmoid stands still": {"layers": 6, "tick": 40},
        "Small first weights: GELU waits": {"layers": 6, "start": "small", "tick": 40},
        "He's start: three are off at once": {"layers": 6, "start": "He", "tick": 8},
        "Too high a rate": {"layers": 4, "start": "He", "rate": 0.5, "tick": 40},
    }

    def set(self, /, **changes) -> None:
        """Other settings start the training anew: the moment goes back to 0 unless it is set, too."""
        with DRAWING:
            if not self._closed and "tick" not in changes and self.state.changed(**changes) != self.state:
                changes["tick"] = 0
                self.controls["tick"].stop()
            super().set(**changes)

    def describe(self, state, result):
        words = [
            f"{name} loss {loss:.2f}, gradient {brief(gradient)} in layer 1"
            for name, loss, gradient in zip(KINDS, result.losses[-1], result.moment.gradients[:, 0], strict=True)
        ]
        return f"After {state.tick * STEPS_A_TICK} updates: {'; '.join(words)}."

    def judge(self, state, result):
        learned = int(result.learned.sum())
        task = "Find a depth, a start and a rate at which all four get 95% of the points right. How deep can you go?"
        which = [name for name, done in zip(KINDS, result.learned, strict=True) if done]
        verdict = f"{learned} of 4 have learned the {state.data}" + (f": {', '.join(which)}." if which else ".")
        return Goal(task, verdict, learned == 4)

    def code(self, state):
        sizes = [2, *[UNITS] * state.layers, 1]
        return (
            "from dlcourse.data import toy\nfrom dlcourse.models import mlp\nfrom dlcourse.training import fit\n\n"
            f"points, classes = toy({state.data!r}, {SAMPLES}, 0.05)\n"
            "x, y = engine.tensor(points), engine.tensor(classes[:, None]).float()\n"
            "loss, losses = engine.nn.functional.binary_cross_entropy_with_logits, []\n"
            f"for kind in {list(KINDS.values())}:\n"
            f"    model = mlp(engine, {sizes}, kind)\n"
            f"    engine.manual_seed({state.seed})\n"
            "    with engine.no_grad():\n"
            "        for layer in model[::2]:\n"
            "            n_out, n_in = layer.weight.shape\n"
            f"            layer.weight.copy_(engine.randn(n_out, n_in) * {STARTS[state.start]})\n"
            "            engine.nn.init.zeros_(layer.bias)\n"
            f"    optimizer = engine.optim.SGD(model.parameters(), lr={state.rate}, momentum=0.9)\n"
            f"    fit(engine, model, loss, optimizer, x, y, epochs={state.tick * STEPS_A_TICK})\n"
            "    losses.append(loss(model(x), y).detach())\n"
            f"output = engine.stack(losses)\nprint(output)  # {', '.join(KINDS)}"
        )
