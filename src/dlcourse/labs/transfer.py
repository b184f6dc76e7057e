"""TransferLab: three ways to learn the digits 5–9 from few examples: from scratch, on frozen layers, by fine-tuning.

What is shown was measured: five thousand trainings of a small LeNet, kept in a file (`data.transfer_curves`).
"""

from dataclasses import dataclass

import numpy as np
from matplotlib.collections import PolyCollection

from dlcourse import data
from dlcourse.data.transfer_curves import SEEDS, SHOTS, SOURCES
from dlcourse.labs.base import Goal, Lab, View
from dlcourse.labs.drawing import axes_at, blank_axes
from dlcourse.labs.live import Gesture, Handle
from dlcourse.labs.palette import BLUE, FAINT, GREY, INK, NORMAL, ORANGE, ORANGE_TEXT, PAPER, SMALL
from dlcourse.labs.settings import State, choice, integer
from dlcourse.labs.words import Word, Words

# -- state and computation ------------------------------------------------------------------------------------------

WAYS = ("scratch", "frozen", "fine-tuned")
LAYERS = ("conv 6", "conv 16", "120", "84", "5")  # those with weights
WEIGHTS = np.array([156, 2416, 2040, 10164, 425])
PRODUCTS = np.array([21600, 9600, 1920, 10080, 420])  # multiplications for one picture, forwards
CUTS = (0, 3, 6, 9, 11)  # model[:3] is the first layer with weights, its activation and pooling
UPDATES, CLASSES = 60, 5
ENOUGH, FEW = 0.66, 10  # the task: so many new digits read, from at most so many examples a class


@dataclass(frozen=True)
class TransferState(State):
    """shots: k, examples a class, 1 … 50; cut: how many layers are taken over from the source."""

    source: str = choice(SOURCES[0], SOURCES, label="source", help="What the network was trained on before")
    shots: int = choice(5, SHOTS, slider=True, label="examples", help="k, the examples of each new digit")
    cut: int = integer(1, low=0, high=len(LAYERS) - 1, label="layers kept", help="Taken over from the source network")

    @property
    def place(self) -> int:
        """Where k stands among SHOTS."""
        return SHOTS.index(self.shots)


@dataclass(frozen=True)
class TransferResult:
    shares: np.ndarray  # (3, K, 20) of the test digits that are read: ways, numbers of examples, seeds
    trained: np.ndarray  # (3,) weights that are trained
    products: np.ndarray  # (3,) multiplications in training

    @property
    def means(self) -> np.ndarray:
        """(3, K) over the seeds."""
        return self.shares.mean(axis=2)


def compute_transfer(state: TransferState) -> TransferResult:
    known = data.transfer_curves(state.source)
    moved = [way[state.cut - 1] if state.cut else known.scratch for way in (known.frozen, known.tuned)]
    return TransferResult(np.stack([known.scratch, *moved]), trained_weights(state.cut), work(state.cut, state.shots))


def trained_weights(cut: int) -> np.ndarray:
    """(3,) of scratch, frozen and fine-tuned."""
    return np.array([WEIGHTS.sum(), WEIGHTS[cut:].sum(), WEIGHTS.sum()])


def work(cut: int, shots: int) -> np.ndarray:
    """(3,) multiplications: forwards and twice as many backwards, in every update, for every example.

    Frozen layers are passed once, forwards: what comes out of them is kept.
    """
    examples, (below, above) = CLASSES * shots, (PRODUCTS[:cut].sum(), PRODUCTS[cut:].sum())
    whole = 3 * UPDATES * examples * PRODUCTS.sum()
    return np.array([whole, examples * below + 3 * UPDATES * examples * above, whole])


# -- view -----------------------------------------------------------------------------------------------------------

COLOURS, TEXT_COLOURS = (GREY, BLUE, ORANGE), (INK, BLUE, ORANGE_TEXT)
LINES, MARKERS = ((0, (1, 1.2)), "-", (0, (5, 2))), ("^", "o", "s")
HATCHES = ("", "////", "")
LOW, HIGH = 0.1, 1.0
SPREAD = np.linspace(-0.28, 0.28, SEEDS)


class TransferView(View):
    size = (840, 400)

    def __init__(self, figure):
        last = len(SHOTS) - 1
        self.chart = axes_at(
            figure, (52, 30, 340, 290), (-0.3, last + 0.3), (LOW, HIGH), "New digits read", "k, examples a class"
        )
        self.chart.set_xticks(range(last + 1), SHOTS)
        self.chart.set_yticks(np.arange(0.2, 1.01, 0.2), [f"{n}%" for n in range(20, 101, 20)])
        self.chart.axhline(1 / CLASSES, color=FAINT, linewidth=1.2)
        self.chart.text(last + 0.2, 0.215, "chance", fontsize=SMALL, color=GREY, ha="right", va="bottom")
        self.bands = PolyCollection([], facecolors=COLOURS, alpha=0.22, edgecolors="none", zorder=2)
        self.chart.add_collection(self.bands, autolim=False)
        styles = zip(TEXT_COLOURS, LINES, MARKERS, strict=True)
        self.lines = [
            self.chart.plot([], [], color=c, linestyle=s, marker=m, markersize=4.5, linewidth=1.8, zorder=3)[0]
            for c, s, m in styles
        ]
        self.now = self.chart.axvline(0, color=INK, linewidth=1.2, zorder=1)
        self._make_strip(figure)
        self._make_network(figure)
        self._make_bars(figure)
        self.moving = [
            self.bands, *self.lines, self.now, *self.dots, *self.averages, self.numbers, *self.boxes, self.cut,
            self.layers, *self.bars, *self.amounts,
        ]  # fmt: skip

    def _make_strip(self, figure):
        self.strip = axes_at(figure, (404, 30, 108, 290), (-0.5, 2.5), (LOW, HIGH), "20 seeds")
        self.strip.set(xticks=[], yticks=[])
        self.strip.axhline(1 / CLASSES, color=FAINT, linewidth=1.2)
        styles = list(zip(COLOURS, MARKERS, strict=True))
        self.dots = [
            self.strip.plot([], [], m, color=c, markersize=5, markeredgecolor=PAPER, markeredgewidth=0.5, zorder=3)[0]
            for c, m in styles
        ]
        self.averages = [self.strip.plot([], [], color=INK, linewidth=2, zorder=4)[0] for _ in WAYS]
        self.numbers = Words(self.strip, halo=2)
        key = blank_axes(figure, (52, 362, 470, 34))
        for left, name, colour, line, marker in zip(
            (0, 134, 226), ("from scratch", "frozen", "fine-tuned"), TEXT_COLOURS, LINES, MARKERS, strict=True
        ):
            key.plot([left, left + 26], [12, 12], color=colour, linestyle=line, linewidth=1.8)
            key.plot([left + 13], [12], marker, color=colour, markersize=4.5)
            key.text(left + 32, 12, name, fontsize=NORMAL, color=colour, va="center")
        key.text(352, 12, "band: ± deviation", fontsize=NORMAL, color=GREY, va="center")

    def _make_network(self, figure):
        self.network = axes_at(figure, (546, 30, 280, 60), (0, len(LAYERS)), (0, 1), "Kept | new, and their weights")
        self.network.set_axis_off()
        style = {"width": 0.9, "edgecolor": INK, "linewidth": 1}
        places = np.arange(len(LAYERS)) + 0.5
        self.network.bar(places, np.ones(len(LAYERS)), facecolor="#CFE3F0", hatch="////", **style)
        self.boxes = list(self.network.bar(places, np.ones(len(LAYERS)), facecolor=PAPER, **style))
        self.layers = Words(self.network, halo=3)
        self.layers.update(
            word for x, name, weights in zip(places, LAYERS, WEIGHTS, strict=True)
            for word in (Word(x, 0.68, name), Word(x, 0.3, f"{weights:,}", INK, SMALL))
        )  # fmt: skip
        self.cut = self.network.axvline(0, color=ORANGE_TEXT, linewidth=3, zorder=5)

    def _make_bars(self, figure):
        self.bars, self.amounts = [], []
        for top, title in ((142, "Weights that are trained"), (262, "Multiplications in training, in millions")):
            axes = axes_at(figure, (626, top, 130, 72), (0, 1), (2.5, -0.5))
            axes.set_yticks(range(3), WAYS, fontsize=NORMAL, color=INK)
            axes.set_xticks([])
            axes.text(-80 / 130, -0.95, title, fontsize=NORMAL + 1, color=INK)
            style = {"height": 0.62, "color": COLOURS, "edgecolor": INK, "linewidth": 0.6, "zorder": 2}
            self.bars.extend(axes.barh(range(3), np.zeros(3), **style))
            self.amounts.append(Words(axes))
        for bar, hatch in zip(self.bars, HATCHES * 2, strict=True):
            bar.set_hatch(hatch)

    def update(self, state, result):
        places, means, deviations = np.arange(len(SHOTS)), result.means, result.shares.std(axis=2)
        lower, upper = np.clip((means - deviations, means + deviations), LOW, HIGH)
        outlines = [np.r_[np.c_[places, a], np.c_[places, b][::-1]] for a, b in zip(lower, upper, strict=True)]
        self.bands.set_verts(outlines)
        for line, mean in zip(self.lines, means, strict=True):
            line.set_data(places, mean)
        self.now.set_xdata([state.place] * 2)
        now = result.shares[:, state.place]
        for way, (dots, average, shares) in enumerate(zip(self.dots, self.averages, now, strict=True)):
            dots.set_data(way + SPREAD, shares)
            average.set_data([way - 0.36, way + 0.36], [shares.mean()] * 2)
        self.numbers.update(
            Word(way, min(shares.max() + 0.045, 0.97), f"{shares.mean():.0%}", TEXT_COLOURS[way], NORMAL)
            for way, shares in enumerate(now)
        )
        for place, new in enumerate(self.boxes):
            new.set_height(0 if place < state.cut else 1)
        self.cut.set_xdata([state.cut] * 2)
        self._update_bars(result)

    def _update_bars(self, result):
        shares = [*(result.trained / result.trained[0]), *(result.products / result.products[0])]
        for bar, share in zip(self.bars, shares, strict=True):
            bar.set_width(share)
        texts = [f"{n:,}" for n in result.trained], [f"{n / 1e6:,.1f}" for n in result.products]
        for words, row in zip(self.amounts, texts, strict=True):
            words.update(Word(1.05, way, text, INK, NORMAL, "left") for way, text in enumerate(row))

    def handles(self, state, result):
        shots, kept = f"{state.shots} examples a class", f"{state.cut} of {len(LAYERS)} layers kept"
        step, up = (1.0, 1.0), (0.0, 1.0)
        return [
            Handle("shots", self.chart, state.place, 0.14, "examples a class", shots, "line", step, direction=up),
            Handle("cut", self.network, state.cut, 0.5, "cut point", kept, "line", step, direction=up),
        ]


# -- lab ------------------------------------------------------------------------------------------------------------


class TransferLab(Lab):
    """From the digits 0–4 to the digits 5–9: how much of a network to take over, and for how many examples."""

    title = "From scratch, frozen or fine-tuned"
    State, View, compute = TransferState, TransferView, staticmethod(compute_transfer)
    presets = {
        "Two examples: borrowed layers are worth most": {"shots": 2, "cut": 3},
        "Fifty examples: frozen layers hold back": {"shots": 50, "cut": 3},
        "Only the first layer: hardly anything is won": {"shots": 10, "cut": 1},
        "All but the last: too much at home in 0–4": {"shots": 50, "cut": 4},
        "Random labels before: worse than nothing": {"source": SOURCES[2], "shots": 20, "cut": 4},
        "Shuffled pixels before: the wrong eyes": {"source": SOURCES[1], "shots": 20, "cut": 3},
        "Nothing is kept: three times the same": {"shots": 7, "cut": 0},
    }

    def moved(self, gesture: Gesture):
        last = len(LAYERS if gesture.handle == "cut" else SHOTS) - 1
        place = round(min(max(gesture.x, 0), last))
        return {gesture.handle: place if gesture.handle == "cut" else SHOTS[place]}

    def describe(self, state, result):
        now, spread = result.means[:, state.place], result.shares[:, state.place].std(axis=1)
        found = ", ".join(f"{name} {m:.0%} ± {s:.0%}" for name, m, s in zip(WAYS, now, spread, strict=True))
        if not state.cut:
            return f"{state.shots} examples a class, nothing is taken over, so all are alike: {found}."
        lead = result.means[1] > result.means[0]
        words = "never reads more than scratch"
        if lead.any():
            last = SHOTS[int(np.flatnonzero(lead)[-1])]
            words = f"reads more than scratch up to {last} examples" if last < SHOTS[-1] else "reads more to the end"
        kept = f"{state.cut} layer{'s' if state.cut > 1 else ''}"
        return (
            f"{state.shots} example{'s' if state.shots > 1 else ''} a class, {kept} taken over from a network that "
            f"learned {state.source}: {found} of the new digits are read. Frozen {words}; it trains "
            f"{result.trained[1]:,} of {result.trained[0]:,} weights."
        )

    def judge(self, state, result):
        task = f"Read {ENOUGH:.0%} of the new digits, the mean of 20 seeds, from at most {FEW} examples a class."
        now = result.means[:, state.place]
        best = int(now.argmax())
        verdict = f"Best from {state.shots}: {WAYS[best]}, {now[best]:.1%}."
        enough = bool(now[best] >= ENOUGH)
        if enough and state.shots > FEW:
            verdict += f" But these are more than {FEW}."
        return Goal(task, verdict, enough and state.shots <= FEW)

    def code(self, state):
        spoil = {
            SOURCES[1]: "x = x.reshape(-1, 144)[:, np.random.default_rng(0).permutation(144)].reshape(x.shape)\n",
            SOURCES[2]: "y = np.random.default_rng(0).permutation(y)\n",
        }.get(state.source, "")
        return (
            "import numpy as np\n\nfrom dlcourse import data\nfrom dlcourse.models import lenet\n"
            "from dlcourse.training import evaluate, fit\n\n"
            "loss, cut = engine.nn.functional.cross_entropy, "
            f"{CUTS[state.cut]}  # of the list of layers: {state.cut} of those with weights are kept\n\n\n"
            "def network(seed):\n    engine.manual_seed(seed)\n"
            '    return lenet(engine, 12, classes=5, activation="ReLU", pool="MaxPool2d")\n\n\n'
            f"x, y = data.moving_digits(range(5), copies=6).train  # {state.source}\n{spoil}"
            "source = network(0)\noptimizer = engine.optim.Adam(source.parameters(), lr=0.003)\n"
            "fit(engine, source, loss, optimizer, x, y, epochs=8, batch_size=50)\n\n"
            "new = data.moving_digits(range(5, 10))\n"
            "order = np.random.default_rng(0).permutation(len(new.train.y))\n"
            f"rows = np.concatenate([order[new.train.y[order] == c][:{state.shots}] for c in range(5)])\n"
            "output = []\n"
            "for kept, frozen in ((0, 0), (cut, cut), (cut, 0)):  # scratch, frozen, fine-tuned\n"
            "    model = network(1000)\n"
            "    model[:kept].load_state_dict(source[:kept].state_dict())\n"
            "    features = model[:frozen](engine.tensor(new.train.x[rows])).detach()\n"
            "    optimizer = engine.optim.Adam(model[frozen:].parameters(), lr=0.005)\n"
            f"    fit(engine, model[frozen:], loss, optimizer, features, new.train.y[rows], epochs={UPDATES})\n"
            "    output.append(evaluate(engine, model, loss, *new.test)[1])\n\n"
            "output = engine.tensor(output)\n"
            "print([round(share, 2) for share in output.tolist()])  # seed 0: scratch, frozen, fine-tuned"
        )
