"""LayerLab: 300 digits in every layer of a network; the probe says what each layer has made plain.

The slider goes from the pixels through three hidden layers to the scores. Axes stay fixed: every layer is drawn by its
two directions of largest variance, scaled to the same size and turned so that points move as little as they can.
"""

from dataclasses import dataclass

import numpy as np

from dlcourse.labs import layer_space as space
from dlcourse.labs.base import Goal, Lab, View
from dlcourse.labs.drawing import axes_at
from dlcourse.labs.layer_space import LAYERS, SHOWN, SIDE, TRAIN
from dlcourse.labs.live import Gesture, Handle
from dlcourse.labs.palette import BLUE, GREY, INK, LARGE, NORMAL, ORANGE, ORANGE_TEXT, SMALL
from dlcourse.labs.pixels import Pixels, grey_rgb
from dlcourse.labs.settings import State, choice, integer
from dlcourse.labs.words import Word, Words

# -- state and computation ------------------------------------------------------------------------------------------

FRAMES = 10  # from one layer to the next
LAST = FRAMES * (len(LAYERS) - 1)
NEIGHBOURS, PLAIN = 5, 0.75
EDGE, STEP = 1.08, 0.05


@dataclass(frozen=True)
class LayerState(State):
    """moment: ten frames a layer, 0 at the pixels and 40 at the scores; picture: which of the 300 is looked at."""

    epochs: int = choice(10, space.EPOCHS, label="epochs", help="How long the network has learned")
    task: str = choice(space.TASKS[0], space.TASKS, label="learned", help="What the network was taught")
    first: int = integer(4, low=0, high=9, label="orange digit")
    second: int = integer(9, low=0, high=9, label="blue digit")
    picture: int = integer(43, low=0, high=SHOWN - 1, label="picture", help="The one whose neighbours are shown")
    moment: int = integer(0, low=0, high=LAST, label="layer", help="From the pixels (0) to the scores (40)", play=True)


@dataclass(frozen=True)
class LayerResult:
    labels: np.ndarray  # (300,)
    pictures: np.ndarray  # (300, 10, 10)
    layer: int  # the nearest one
    places: np.ndarray  # (300, 2) at this moment
    probes: np.ndarray  # (5,)
    untrained: np.ndarray  # (5,) the same before the first step
    neighbours: np.ndarray  # (5,) the nearest to the picture in this layer, all its numbers counted

    def alike(self, picture: int) -> int:
        """How many of the neighbours show the same digit."""
        return int((self.labels[self.neighbours] == self.labels[picture]).sum())


def compute_layers(state: LayerState) -> LayerResult:
    x, y = space.board_digits()
    spaces = space.training(state.task)
    now = spaces[state.epochs]
    before, share = divmod(state.moment, FRAMES)
    after, share = min(before + 1, len(LAYERS) - 1), share / FRAMES
    layer = before if share < 0.5 else after
    h = now.features[layer]
    distances = ((h - h[state.picture]) ** 2).sum(axis=1)
    distances[state.picture] = -1
    return LayerResult(
        y[TRAIN:], x[TRAIN:].reshape(-1, SIDE, SIDE), layer,
        (1 - share) * now.places[before] + share * now.places[after], now.probes, spaces[0].probes,
        np.argsort(distances, kind="stable")[1 : NEIGHBOURS + 1],
    )  # fmt: skip


# -- view -----------------------------------------------------------------------------------------------------------

TILE = SIDE + 2  # a small picture and a gap


class LayerView(View):
    size = (840, 420)

    def __init__(self, figure):
        limits = (-EDGE, EDGE)
        self.plane = axes_at(figure, (20, 30, 430, 370), limits, limits)
        self.plane.set(xticks=[], yticks=[])
        self.points = Words(self.plane, zorder=3)
        self.title = Words(self.plane)
        (self.ring,) = self.plane.plot([], [], "o", markersize=17, fillstyle="none", color=INK, zorder=4)
        (self.near_rings,) = self.plane.plot([], [], "s", markersize=14, fillstyle="none", color=GREY, zorder=2)
        self._make_probes(figure)
        self._make_neighbours(figure)
        self.moving = [
            self.points, self.title, self.ring, self.near_rings, *self.bars, self.marks, self.shares, self.image,
            self.names,
        ]  # fmt: skip

    def _make_probes(self, figure):
        rows = len(LAYERS)
        axes = axes_at(figure, (540, 30, 230, 150), (0, 1), (rows - 0.4, -0.6), "What a linear probe reads")
        axes.set_yticks(range(rows), LAYERS, fontsize=NORMAL, color=INK)
        axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0", "25%", "50%", "75%", "100%"])
        self.bars = list(axes.barh(range(rows), [0] * rows, height=0.6, zorder=2))
        (self.marks,) = axes.plot([], [], "|", markersize=15, markeredgewidth=2, color=INK, zorder=3)
        self.shares = Words(axes)
        note = "black mark: before the first step"
        axes.text(0, rows + 0.95, note, fontsize=SMALL, color=GREY, va="center")

    def _make_neighbours(self, figure):
        wide = (NEIGHBOURS + 1) * TILE
        scale = 4.8
        axes = axes_at(figure, (484, 284, scale * wide, scale * SIDE), (0, wide), (0, SIDE))
        axes.set_axis_off()
        self.image = Pixels(axes)
        self.names = Words(axes)

    def update(self, state, result):
        self._update_plane(state, result)
        layers = zip(self.bars, result.probes, strict=True)
        for layer, (bar, share) in enumerate(layers):
            bar.set_width(share)
            bar.set_facecolor(ORANGE if layer == result.layer else BLUE)
        self.marks.set_data(result.untrained, range(len(LAYERS)))
        self.shares.update(
            Word(1.03, layer, f"{share:.0%}", INK, NORMAL, "left") for layer, share in enumerate(result.probes)
        )
        self._update_neighbours(state, result)

    def _update_plane(self, state, result):
        labels, places = result.labels, result.places
        colours = {state.second: BLUE, state.first: ORANGE_TEXT}
        order = np.argsort(np.isin(labels, list(colours)), kind="stable")  # the coloured ones above
        styles = [(colours[k], NORMAL) if k in colours else (GREY, SMALL) for k in labels.tolist()]
        self.points.update(Word(*places[i], str(labels[i]), *styles[i]) for i in order)
        name = LAYERS[result.layer]
        on_way = "" if state.moment % FRAMES == 0 else "on the way, near "
        size = space.SIZES[result.layer]
        self.title.update([Word(-EDGE, EDGE + 0.08, f"{on_way}{name}: {size} numbers a digit", INK, LARGE, "left")])
        self.ring.set_data(*places[[state.picture]].T)
        self.near_rings.set_data(*places[result.neighbours].T)

    def _update_neighbours(self, state, result):
        shown = [state.picture, *result.neighbours]
        strip = np.zeros((SIDE, len(shown) * TILE))
        for place, i in enumerate(shown):
            strip[:, place * TILE : place * TILE + SIDE] = 0.08 + 0.92 * result.pictures[i]
        self.image.show(grey_rgb(1 - strip))
        words = [Word(0, SIDE + 2.2, "Picture", INK, NORMAL, "left")]
        title = f"its five nearest in {LAYERS[result.layer]}"
        words.append(Word(TILE, SIDE + 2.2, title, INK, NORMAL, "left"))
        for place, i in enumerate(shown):
            same = result.labels[i] == result.labels[state.picture]
            mark = "" if place == 0 else " ✓" if same else " ✗"
            words.append(Word(place * TILE + SIDE / 2, -2, f"{result.labels[i]}{mark}", INK if same else ORANGE_TEXT))
        self.names.update(words)

    def handles(self, state, result):
        digit, place = result.labels[state.picture], result.places[state.picture]
        words = f"picture {state.picture}, a {digit}; {result.alike(state.picture)} of its 5 neighbours are, too"
        return [Handle("picture", self.plane, *place, "the picture looked at", words, step=(STEP, STEP))]


# -- lab ------------------------------------------------------------------------------------------------------------


class LayerLab(Lab):
    """Digits in every layer of a network: move the layer, drag the ring to a digit, and see who its neighbours are."""

    title = "Layer by layer"
    State, View, compute = LayerState, LayerView, staticmethod(compute_layers)
    presets = {
        "In the pixels a 4 has all kinds of neighbours": {},
        "In the last hidden layer 4s are together": {"epochs": 40, "moment": 30},
        "Random layers lose more and more": {"epochs": 0, "moment": 30},
        "Half learned": {"epochs": 3, "moment": 20},
        "Taught odd or even: the digits fall together": {"task": "odd or even", "epochs": 40, "moment": 30},
        "Taught nonsense: nothing becomes plain": {"task": "random labels", "epochs": 40, "moment": 30},
        "3 and 8, on the way": {"first": 3, "second": 8, "epochs": 40, "moment": 25},
    }

    def describe(self, state, result):
        name, share = LAYERS[result.layer], result.probes[result.layer]
        learned = f"Taught {state.task} for {state.epochs} epochs" if state.epochs else "Before the first step"
        compared = f", {result.probes[0]:.0%} in the pixels" if result.layer else ""
        probe = f"in {name} a linear probe reads {share:.0%} of the digits{compared}"
        digit = result.labels[state.picture]
        near = f"{result.alike(state.picture)} of 5 neighbours of picture {state.picture}, a {digit}, are {digit}s, too"
        return f"{learned}: {probe}; {near}."

    def judge(self, state, result):
        share = result.probes[result.layer]
        task = f"Find a network and a layer in which a linear probe reads {PLAIN:.0%} of the digits. "
        task += "Is it always the same network?"
        verdict = f"{LAYERS[result.layer]}: the probe reads {share:.0%}."
        return Goal(task, verdict, bool(share >= PLAIN))

    def moved(self, gesture: Gesture):
        """The digit nearest to the finger; an arrow key goes on to the next digit in its direction."""
        places, here = self.result.places, self.result.places[self.state.picture]
        towards = np.array([gesture.x, gesture.y]) - here
        distances = np.hypot(*(places - [gesture.x, gesture.y]).T)
        if gesture.done and np.isclose(towards, 0, atol=1e-9).sum() == 1:  # along one axis exactly: a key
            ahead, aside = (places - here) @ np.abs(towards[::-1] != 0), None
            ahead = (places - here) @ (towards / np.abs(towards).sum())
            aside = np.hypot(*(places - here).T) ** 2 - ahead**2
            distances = np.where(ahead > 1e-9, ahead**2 + 4 * aside, np.inf)
            if not np.isfinite(distances).any():
                return {}
        return {"picture": int(distances.argmin())}

    def code(self, state):
        runs = [(done, epochs - done) for done, epochs in zip(space.EPOCHS, space.EPOCHS[1:], strict=False)]
        runs = [run for run in runs if run[0] < state.epochs]
        layer = self.result.layer
        return (
            "from dlcourse.labs.layer_space import board_digits, layers_of, targets\n"
            "from dlcourse.models import mlp\nfrom dlcourse.training import fit\n\n"
            f"x, y = board_digits()\ntrain = slice(0, {TRAIN})\n"
            f'wanted = targets("{state.task}", y[train])\n'
            f'engine.manual_seed(0)\nmodel = mlp(engine, {space.SIZES}, "Tanh")\n'
            f"optimizer = engine.optim.Adam(model.parameters(), lr={space.RATE})\n"
            "loss = engine.nn.functional.cross_entropy\n"
            f"for done, epochs in {runs}:\n"
            f"    fit(engine, model, loss, optimizer, x[train], wanted, epochs=epochs, batch_size={space.BATCH}, "
            "seed=done)\n"
            f"h = engine.tensor(x[{TRAIN + state.picture}])\n"
            f"for layer in list(model)[:{max(0, 2 * layer - (layer == len(LAYERS) - 1))}]:\n    h = layer(h)\n"
            f"output = h  # picture {state.picture} in {LAYERS[layer]}\nprint(output)"
        )
