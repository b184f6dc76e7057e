"""PlaygroundLab: a network learns two classes of points before your eyes.

Play trains; the slider goes back to any moment. Every unit's picture, both losses, gradients and weights are the real
ones.
"""

from dataclasses import dataclass

import numpy as np

from dlcourse.labs import playground_training as run
from dlcourse.labs.base import Goal, Lab, View
from dlcourse.labs.drawing import ClassPoints, Field, axes_at
from dlcourse.labs.live import DRAWING, Gesture, Handle
from dlcourse.labs.palette import BLUE, GREY, INK, ORANGE_TEXT, SMALL
from dlcourse.labs.settings import State, choice, integer, number, rows, switch

# -- state and computation ------------------------------------------------------------------------------------------

MOST_TICKS, MOST_LAYERS, MOST_UNITS = 300, 4, 8
MOST_UPDATES = 2000  # of the weights in one jump of the moment
EXTENT = 1.5
GRID = np.linspace(-EXTENT, EXTENT, 60)
PLANE = np.stack(np.meshgrid(GRID, GRID), axis=-1).reshape(-1, 2)
COARSE = np.arange(0, 60, 3)  # a unit's picture takes every third point
RATES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)


@dataclass(frozen=True)
class PlaygroundState(State):
    """`tick` is the moment shown, of `epochs` epochs each; coordinates of points run from −1.5 to 1.5 without unit."""

    data: str = choice("circles", run.SETS, label="Data")
    tick: int = integer(0, low=0, high=MOST_TICKS, label="moment", help="Press play to train", play=True)
    features: str = choice("x₁, x₂", tuple(run.FEATURES), label="features")
    layers: int = integer(1, low=0, high=MOST_LAYERS, label="hidden layers")
    units: int = integer(4, low=1, high=MOST_UNITS, label="units a layer")
    activation: str = choice("tanh", tuple(run.ACTIVATIONS), label="activation")
    optimizer: str = choice("Adam", tuple(run.OPTIMIZERS), label="optimizer")
    rate: float = choice(0.03, RATES, label="rate α")
    loss: str = choice("cross-entropy", tuple(run.LOSSES), label="loss")
    batch: str = choice("20", tuple(run.BATCHES), label="batch", help="Samples an update")
    epochs: int = choice(1, (1, 2, 5, 10), label="speed", help="Epochs a moment")
    noise: float = number(
        0.0, low=0, high=0.5, step=0.05, label="noise", help="Standard deviation, in units of the plane"
    )
    l1: float = choice(0.0, (0.0, 0.0003, 0.001, 0.003, 0.01), label="L1", help="Factor of Σ|w|")
    l2: float = choice(0.0, (0.0, 0.0003, 0.001, 0.003, 0.01), label="L2", help="Factor of Σw²")
    dropout: float = number(0.0, low=0, high=0.8, step=0.1, label="dropout", help="Probability that a unit is left out")
    seed: int = integer(0, low=0, high=50, label="seed", help="Start of weights, data and batches")
    show_test: bool = switch(False, label="show test points")
    new_class: int = choice(1, (0, 1), label="a click adds", help="Class of a point you add")
    own: tuple = rows((), width=3, label="own points", low=-EXTENT, high=EXTENT)

    def __post_init__(self) -> None:
        super().__post_init__()
        for x, y, label in self.own:
            if label not in (0, 1):
                raise ValueError(f"PlaygroundLab: own must be rows (x₁, x₂, class 0 or 1); got ({x}, {y}, {label}).")


@dataclass(frozen=True)
class PlaygroundResult:
    recipe: run.Recipe
    x: np.ndarray  # (N, 2)
    y: np.ndarray  # (N,)
    train: np.ndarray  # (N,) bool
    wrong: np.ndarray  # (N,) bool
    field: np.ndarray  # (60, 60) probability of class 1
    units: list[np.ndarray]  # for each hidden layer (20, 20, units), scaled to [0, 1]
    dead: list[np.ndarray]  # for each hidden layer (units,), the same output for every training point
    snapshot: run.Snapshot
    train_losses: np.ndarray  # (tick + 1,)
    test_losses: np.ndarray
    trained: int  # the last moment that needs no more training


def recipe_of(state: PlaygroundState) -> run.Recipe:
    return run.Recipe(
        state.data, state.noise, state.own if state.data == "own points" else (), state.features, state.layers,
        state.units, state.activation, state.optimizer, state.loss, state.rate, state.l1, state.l2, state.dropout,
        state.batch, state.epochs, state.seed,
    )  # fmt: skip


@np.errstate(all="ignore")  # a run may diverge: its loss says so, and its field is grey
def compute_playground(state: PlaygroundState) -> PlaygroundResult:
    recipe = recipe_of(state)
    training = run.training(recipe)
    snapshot = training.at(state.tick)
    hidden, probability = run.unit_outputs(recipe, snapshot, np.concatenate([PLANE, training.x]))
    field, of_points = probability[: len(PLANE)].reshape(60, 60), probability[len(PLANE) :]
    pictures = [layer[: len(PLANE)].reshape(60, 60, -1)[np.ix_(COARSE, COARSE)] for layer in hidden]
    seen = [layer[len(PLANE) :][training.train] for layer in hidden]
    past = training.snapshots[: state.tick + 1]
    return PlaygroundResult(
        recipe, training.x, training.y, training.train, (of_points > 0.5) != training.y, field,
        [_scaled(picture) for picture in pictures],
        [np.ptp(layer, axis=0) < 1e-6 if len(layer) else np.zeros(layer.shape[1], bool) for layer in seen],
        snapshot, np.array([s.train_loss for s in past]), np.array([s.test_loss for s in past]),
        len(training.snapshots) - 1,
    )  # fmt: skip


def _scaled(picture: np.ndarray) -> np.ndarray:
    """Each unit's outputs as 0.5 + output / (2 · largest magnitude): blue negative, orange positive."""
    largest = np.abs(picture).max(axis=(0, 1), keepdims=True)
    return 0.5 + picture / np.maximum(2 * largest, 1e-9)


# -- view -----------------------------------------------------------------------------------------------------------

TILE, GAP = 20, 3  # a unit's picture, in points of its grid


class PlaygroundView(View):
    size = (840, 400)

    def __init__(self, figure):
        self.plane = axes_at(figure, (40, 30, 312, 312), (-EXTENT, EXTENT), (-EXTENT, EXTENT), "Output", "x₁", "x₂")
        self.plane.set(xticks=[-1, 0, 1], yticks=[-1, 0, 1])
        self.field = Field(self.plane)
        (self.boundary,) = self.plane.plot([], [], ".", markersize=2.2, color=INK, zorder=1)
        self.points = ClassPoints(self.plane, size=30)
        (self.test,) = self.plane.plot([], [], "x", markersize=5, color=GREY, zorder=2.5)
        self._make_units(figure)
        self._make_curves(figure)
        self.moving = [
            self.field, self.boundary, *self.points.artists, self.test, self.tiles, *self.dead_marks, *self.layer_names,
            *self.curves, self.curve_text, *self.bars, self.bar_text,
        ]  # fmt: skip

    def _make_units(self, figure):
        height = MOST_UNITS * (TILE + GAP)
        width = MOST_LAYERS * (TILE + GAP)
        self.unit_axes = axes_at(figure, (392, 48, 176, 316), (0, width), (0, height))
        self.unit_axes.set_axis_off()
        figure.text(392 / 840, 1 - 16 / 400, "Hidden units", fontsize=10.5, color=INK, va="center")
        self.tiles = Field(self.unit_axes, smooth=False)
        self.dead_marks = [
            self.unit_axes.text(
                *self._centre(layer, unit), "", color=ORANGE_TEXT, fontsize=SMALL, ha="center", va="center"
            )
            for layer in range(MOST_LAYERS) for unit in range(MOST_UNITS)
        ]  # fmt: skip
        self.layer_names = [
            self.unit_axes.text((layer + 0.44) * (TILE + GAP), height + 3, "", fontsize=SMALL, color=GREY, ha="center")
            for layer in range(MOST_LAYERS)
        ]

    @staticmethod
    def _centre(layer, unit):
        return layer * (TILE + GAP) + TILE / 2, (MOST_UNITS - unit) * (TILE + GAP) - TILE / 2

    def _make_curves(self, figure):
        self.loss_axes = axes_at(figure, (624, 30, 206, 150), (0, 1), (0, 1.0), "Loss")
        self.loss_axes.set(xticks=[], yticks=[0, 0.5, 1.0])
        (train,) = self.loss_axes.plot([], [], color=BLUE, linewidth=1.8)
        (test,) = self.loss_axes.plot([], [], color=ORANGE_TEXT, linewidth=1.8, linestyle=(0, (4, 2)))
        self.curves = [train, test]
        self.curve_text = self.loss_axes.text(
            0.97, 0.93, "", fontsize=SMALL, color=INK, ha="right", va="top", linespacing=1.5
        )
        self.bar_axes = axes_at(
            figure, (624, 238, 206, 108), (-7, 1), (-0.6, MOST_LAYERS + 0.6), "Mean |gradient| by layer"
        )
        self.bar_axes.set(yticks=[], xticks=[-6, -4, -2, 0], xticklabels=["1e−6", "1e−4", "1e−2", "1"])
        self.bars = list(
            self.bar_axes.barh(range(MOST_LAYERS + 1), [0] * (MOST_LAYERS + 1), left=-7, height=0.6, color=BLUE)
        )
        self.bar_text = self.bar_axes.text(0.9, MOST_LAYERS + 0.4, "", fontsize=SMALL, color=INK, ha="right", va="top")

    def update(self, state, result):
        self.field.update(result.field)
        self._update_boundary(result.field)
        self.points.update(result.x[result.train], result.y[result.train], wrong=result.wrong[result.train])
        self.test.set_data(*(result.x[~result.train].T if state.show_test else ([], [])))
        self._update_units(result)
        moments = np.linspace(0, 1, len(result.train_losses)) if state.tick else np.zeros(1)
        for curve, losses in zip(self.curves, (result.train_losses, result.test_losses), strict=True):
            curve.set_data(moments, np.clip(losses, 0, 0.995))
        test = "" if np.isnan(result.test_losses[-1]) else f"\ntest {result.test_losses[-1]:.3f} (dashed)"
        self.curve_text.set_text(f"training {result.train_losses[-1]:.3f}{test}")
        self._update_bars(result.snapshot.gradients)

    def _update_boundary(self, field):
        """Where the probability crosses one half, between neighbouring grid points."""
        one = field > 0.5
        r, c = np.nonzero(one[:, 1:] != one[:, :-1])
        r2, c2 = np.nonzero(one[1:, :] != one[:-1, :])
        half = (GRID[1] - GRID[0]) / 2
        self.boundary.set_data(np.concatenate([GRID[c] + half, GRID[c2]]), np.concatenate([GRID[r], GRID[r2] + half]))

    def _update_units(self, result):
        canvas = np.full((MOST_UNITS * (TILE + GAP), MOST_LAYERS * (TILE + GAP)), np.nan)
        blank = np.full(canvas.shape, True)
        for layer, pictures in enumerate(result.units):
            for unit in range(pictures.shape[2]):
                top, left = (MOST_UNITS - 1 - unit) * (TILE + GAP) + GAP, layer * (TILE + GAP)
                canvas[top : top + TILE, left : left + TILE] = pictures[:, :, unit]
                blank[top : top + TILE, left : left + TILE] = False
        canvas[blank] = 0.5
        self.tiles.update(canvas)
        for place, mark in enumerate(self.dead_marks):
            layer, unit = divmod(place, MOST_UNITS)
            is_dead = layer < len(result.dead) and unit < len(result.dead[layer]) and result.dead[layer][unit]
            mark.set_text("dead" if is_dead else "")
        for layer, name in enumerate(self.layer_names):
            name.set_text(f"layer {layer + 1}" if layer < len(result.units) else "")

    def _update_bars(self, gradients):
        for layer, bar in enumerate(self.bars):
            size = gradients[layer] if layer < len(gradients) else 0.0
            bar.set_width(np.clip(np.log10(max(size, 1e-7)) + 7, 0, 8))
            bar.set_y(MOST_LAYERS - layer - 0.3)
        self.bar_text.set_text("" if gradients.any() else "no step yet")

    def handles(self, state, result):
        if state.data != "own points":
            return []
        words = f"{len(state.own)} points; arrows move the brush, Space adds a point of class {state.new_class}"
        return [Handle("own", self.plane, 0.0, 0.0, "place of a new point", words, kind="brush")]


# -- lab ------------------------------------------------------------------------------------------------------------


class PlaygroundLab(Lab):
    """A network that learns while you watch: press play, change anything, go back in time."""

    title = "Playground"
    State, View, compute = PlaygroundState, PlaygroundView, staticmethod(compute_playground)
    presets = {
        "No hidden layer: a line": {"data": "xor", "layers": 0, "tick": 30},
        "XOR with four units": {"data": "xor", "units": 4, "tick": 60},
        "Circles need three units": {"data": "circles", "units": 3, "tick": 60},
        "Features instead of a layer": {
            "data": "circles",
            "layers": 0,
            "features": "+ squares",
            "rate": 0.1,
            "tick": 60,
        },
        "Spirals need depth or width": {"data": "spirals", "layers": 3, "units": 8, "tick": 150, "epochs": 2},
        "Sigmoids lose the gradient": {"data": "circles", "layers": 4, "units": 4, "activation": "sigmoid", "tick": 40},
        "ReLUs die at a high rate": {"data": "moons", "activation": "ReLU", "units": 8, "rate": 1.0, "tick": 10},
        "Noise is learned by heart": {
            "data": "moons",
            "noise": 0.3,
            "layers": 3,
            "units": 8,
            "tick": 150,
            "show_test": True,
        },
    }
    actions = {"Step": "step", "All weights": "show_weights", "Clear own points": "clear"}

    def step(self) -> None:
        """Train one moment further."""
        self.set(tick=min(self.state.tick + 1, MOST_TICKS))

    def show_weights(self) -> None:
        """Every weight as a number."""
        parameters = self.result.snapshot.parameters
        lines = []
        for i, (weight, bias) in enumerate(zip(parameters[0::2], parameters[1::2], strict=True)):
            lines.append(f"layer {i + 1}: weights {weight.shape[0]} × {weight.shape[1]}, then the bias")
            lines += [" ".join(f"{v:8.3f}" for v in [*row, b]) for row, b in zip(weight, bias, strict=True)]
        self._show_text("\n".join(lines))

    def clear(self) -> None:
        """Remove the points you added."""
        self.set(own=(), tick=0)

    def set(self, /, **changes) -> None:
        """A change of the run starts it anew: the moment goes back to 0 unless it is set, too."""
        with DRAWING:
            free = not self._closed and "tick" not in changes
            if free and recipe_of(self.state.changed(**changes)) != self.result.recipe:
                changes["tick"] = 0
                self.controls["tick"].stop()
            super().set(**changes)

    def limits(self, state, result):
        """A slider never blocks: one jump of the moment trains for about a second at most."""
        updates = state.epochs * -(-int(result.train.sum()) // run.BATCHES[state.batch])
        return {"tick": (0, min(MOST_TICKS, result.trained + max(1, MOST_UPDATES // max(updates, 1))))}

    def describe(self, state, result):
        right = int((~result.wrong[result.train]).sum())
        total = int(result.train.sum())
        dead = sum(int(layer.sum()) for layer in result.dead)
        test = f", on new points {result.test_losses[-1]:.3f}" if not np.isnan(result.test_losses[-1]) else ""
        loss = f"loss {result.train_losses[-1]:.3f}{test}" if total else "no points yet: click into the picture"
        if total and not np.isfinite(result.train_losses[-1]):
            loss = "the training has diverged: choose a lower rate"
        ending = f" {dead} units are dead." if dead else ""
        return f"Epoch {state.tick * state.epochs}: {right} of {total} training points correct, {loss}.{ending}"

    def judge(self, state, result):
        tested = ~result.train
        share = (
            1 - result.wrong[tested].mean() if tested.any() else 1 - result.wrong.mean() if len(result.wrong) else 0.0
        )
        which = "new points" if tested.any() else "points"  # your own are all for training
        task = f"Find a network that gets 95% of the {which} right."
        return Goal(task, f"{state.data}: {share:.0%} of the {which} correct.", bool(share >= 0.95))

    def moved(self, gesture: Gesture):
        if not gesture.done or not gesture.path:
            return {}
        x, y = np.clip(gesture.path[-1], -EXTENT, EXTENT).tolist()
        return {"own": (*self.state.own, (round(x, 3), round(y, 3), float(self.state.new_class)))}

    def code(self, state):
        recipe = recipe_of(state)
        training = run.training(recipe)
        x, y = run.featurise(recipe, training.x[training.train]), training.y[training.train]
        sizes = [x.shape[1], *[state.units] * state.layers, 1]
        optimizer = {"SGD": "SGD", "momentum": "SGD", "Adam": "Adam"}[state.optimizer]
        momentum = ", momentum=0.9" if state.optimizer == "momentum" else ""
        loss = {
            "cross-entropy": "engine.nn.functional.binary_cross_entropy_with_logits",
            "squared": "lambda z, t: engine.nn.functional.mse_loss(z.sigmoid(), t)",
        }[state.loss]
        source = _data_code(state, x, y)
        extras = "# The lab adds L1, L2 or dropout to this.\n" if state.l1 or state.l2 or state.dropout else ""
        return (
            f"{extras}from dlcourse.models import mlp\nfrom dlcourse.training import fit\n\n{source}"
            f"engine.manual_seed({state.seed})\n"
            f"model = mlp(engine, {sizes}, {run.ACTIVATIONS[state.activation]!r})\n"
            f"optimizer = engine.optim.{optimizer}(model.parameters(), lr={state.rate}{momentum})\n"
            f"loss = {loss}\n"
            f"{_training_code(state, len(y))}output = model(x)"
        )


def _training_code(state, count: int) -> str:
    if not count:
        return "# There are no points yet, so there is nothing to train.\n"
    batch_size = min(run.BATCHES[state.batch], count)
    return (
        f"print(fit(engine, model, loss, optimizer, x, y, epochs={state.tick * state.epochs}, "
        f"batch_size={batch_size}, seed={state.seed}))\n"
    )


def _data_code(state, x, y) -> str:
    """Lines that make x (N, F) and y (N, 1) as tensors."""
    if not len(y):
        return f"x, y = engine.zeros(0, {x.shape[1]}), engine.zeros(0, 1)\n"
    if state.data == "own points" or state.features != "x₁, x₂":
        return f"x = engine.tensor({x.round(4).tolist()})\ny = engine.tensor({y[:, None].astype(float).tolist()})\n"
    start = int(run.TEST_SHARE * run.SAMPLES)
    return (
        "from dlcourse.data import toy\n\n"
        f"points, classes = toy({state.data!r}, {run.SAMPLES}, {state.noise}, {state.seed})\n"
        f"x = engine.tensor(points[{start}:])\ny = engine.tensor(classes[{start}:, None]).float()\n"
    )
