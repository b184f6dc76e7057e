"""ForgettingLab: a network that reads the digits 0–4 is fine-tuned on 5–9, step by step. What is left of the old?

One network, 64 pixels → 32 tanh units → 10 classes. Rehearsal mixes a few old digits, kept for this, into each batch.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

import dlcourse.reference as engine
from dlcourse.labs.base import Goal, Lab, View
from dlcourse.labs.digit_networks import digit_images
from dlcourse.labs.drawing import axes_at, blank_axes
from dlcourse.labs.live import Gesture, Handle
from dlcourse.labs.palette import BLUE, FAINT, GREY, INK, NORMAL, ORANGE, ORANGE_TEXT, PAPER, SMALL
from dlcourse.labs.settings import State, integer, number, switch
from dlcourse.labs.starts import seeded_mlp
from dlcourse.labs.words import Word, Words
from dlcourse.training import fit

# -- state and computation ------------------------------------------------------------------------------------------

SIZES, BATCH, STEPS, TRAIN = [64, 32, 10], 40, 80, 1200
PASS, FEW = 0.9, 5  # the task: that share of old and of new digits, with so few old ones kept a class


@dataclass(frozen=True)
class ForgettingState(State):
    """log_rate: power of ten of SGD's learning rate, 0.01 … 1; rehearsal: share of old digits in each batch of 40;
    kept: old digits a class that were kept for it; step: updates done, 0 … 80."""

    log_rate: float = number(-0.5, low=-2, high=0, step=0.25, label="log₁₀ rate", help="Learning rate of fine-tuning")
    rehearsal: float = number(0.0, low=0, high=0.5, step=0.05, label="rehearsal", help="Share of old digits in a batch")
    kept: int = integer(5, low=1, high=20, label="old kept", help="Old digits a class that may be rehearsed")
    frozen: bool = switch(False, label="freeze layer 1", help="Only the last layer is trained")
    step: int = integer(STEPS // 2, low=0, high=STEPS, label="update", play=True)


@dataclass(frozen=True)
class ForgettingResult:
    right: np.ndarray  # (81, 10) share of each class's test digits that is read, after every update
    counts: np.ndarray  # (10,) test digits of each class

    @property
    def old(self) -> np.ndarray:
        """(81,) share of the test digits 0–4 that are read."""
        return self.right[:, :5] @ self.counts[:5] / self.counts[:5].sum()

    @property
    def new(self) -> np.ndarray:
        """(81,) of the test digits 5–9."""
        return self.right[:, 5:] @ self.counts[5:] / self.counts[5:].sum()


@lru_cache(maxsize=1)
def parts() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows of the digits: the old ones to train on, the new ones to train on, and 597 of both for the test."""
    y, order = digit_images()[1], np.random.default_rng(0).permutation(1797)
    train, test = order[:TRAIN], order[TRAIN:]
    return train[y[train] < 5], train[y[train] >= 5], test


@lru_cache(maxsize=1)
def before() -> list[np.ndarray]:
    """Weights and biases of the network that has learned 0–4, with ten outputs."""
    (x, y), rows = digit_images(), parts()[0]
    model = seeded_mlp(SIZES, "Tanh", 0)
    optimizer = engine.optim.Adam(model.parameters(), lr=0.01)
    fit(engine, model, engine.nn.functional.cross_entropy, optimizer, x[rows], y[rows], epochs=15, batch_size=50)
    return [parameter.detach().numpy() for parameter in model.parameters()]


def compute_forgetting(state: ForgettingState) -> ForgettingResult:
    counts = np.bincount(digit_images()[1][parts()[2]])
    return ForgettingResult(fine_tune(state.log_rate, state.rehearsal, state.kept, state.frozen), counts)


@lru_cache(maxsize=64)
def fine_tune(log_rate: float, rehearsal: float, kept: int, frozen: bool) -> np.ndarray:
    """(81, 10): what is read of each class, before the first update and after every one."""
    (x, y), (old, new, test) = digit_images(), parts()
    model = engine.nn.Sequential(engine.nn.Linear(64, 32), engine.nn.Tanh(), engine.nn.Linear(32, 10))
    for parameter, start in zip(model.parameters(), before(), strict=True):
        parameter.detach().copy_(engine.tensor(start))
    optimizer = engine.optim.SGD((model[2] if frozen else model).parameters(), lr=10**log_rate)
    memory = np.concatenate([old[y[old] == label][:kept] for label in range(5)])
    draws, rehearsed = np.random.default_rng(0), round(rehearsal * BATCH)
    tested, found = engine.tensor(x[test]), []
    for _ in range(STEPS):
        found.append(_right(model, tested, y[test]))
        fresh = draws.choice(new, BATCH, replace=False)[: BATCH - rehearsed]
        rows = np.concatenate([fresh, draws.choice(memory, rehearsed)])
        loss = engine.nn.functional.cross_entropy(model(engine.tensor(x[rows])), engine.tensor(y[rows]))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return np.stack([*found, _right(model, tested, y[test])])


def _right(model, x, y) -> np.ndarray:
    """(10,) share of each class that is read."""
    with engine.no_grad():
        hits = model(x).numpy().argmax(axis=1) == y
    return np.bincount(y, hits) / np.bincount(y)


# -- view -----------------------------------------------------------------------------------------------------------

NAMES = ("old: 0–4", "new: 5–9")
COLOURS, TEXT_COLOURS = (BLUE, ORANGE), (BLUE, ORANGE_TEXT)
PERCENT = [f"{n}%" for n in (0, 25, 50, 75, 100)]


class ForgettingView(View):
    size = (840, 400)

    def __init__(self, figure):
        shares = np.arange(0, 1.01, 0.25)
        self.chart = axes_at(figure, (56, 30, 340, 290), (0, STEPS), (-0.02, 1.02), "Digits read", "updates on 5–9")
        self.chart.set_yticks(shares, PERCENT)
        self.chart.axhline(PASS, color=GREY, linewidth=1, linestyle=(0, (2, 2)))
        styles = list(zip(TEXT_COLOURS, ("-", (0, (5, 2))), ("o", "s"), strict=True))
        self.lines = [self.chart.plot([], [], color=c, linestyle=s, linewidth=2, zorder=3)[0] for c, s, _ in styles]
        self.marks = [
            self.chart.plot([], [], m, color=c, markersize=8, markeredgecolor=PAPER, zorder=5)[0] for c, _, m in styles
        ]
        self.now = self.chart.axvline(0, color=INK, linewidth=1.2, zorder=2)
        key = blank_axes(figure, (56, 362, 340, 30))
        for left, name, (colour, line, marker) in zip((0, 130), NAMES, styles, strict=True):
            key.plot([left, left + 30], [12, 12], color=colour, linestyle=line, linewidth=2)
            key.plot([left + 15], [12], marker, color=colour, markersize=6)
            key.text(left + 36, 12, name, fontsize=NORMAL, color=colour, va="center")
        self._make_plane(figure)
        self._make_bars(figure)
        self.moving = [
            *self.lines, *self.marks, self.now, self.path, self.past, self.here, *self.bars, self.numbers,
        ]  # fmt: skip

    def _make_plane(self, figure):
        self.plane = axes_at(figure, (470, 30, 350, 130), (-0.02, 1.02), (-0.02, 1.02), "Old against new", "new", "old")
        ticks = np.arange(0, 1.01, 0.25)
        self.plane.set_xticks(ticks, PERCENT)
        self.plane.set_yticks(ticks[::2], PERCENT[::2])
        self.plane.fill_between([PASS, 1.02], PASS, 1.02, color=FAINT, linewidth=0)
        self.plane.text(PASS - 0.02, 0.94, "goal", fontsize=SMALL, color=GREY, ha="right", va="center")
        (self.path,) = self.plane.plot([], [], color=FAINT, linewidth=2, zorder=2)
        (self.past,) = self.plane.plot([], [], color=INK, linewidth=2, zorder=3)
        (self.here,) = self.plane.plot([], [], "D", color=INK, markersize=8, markeredgecolor=PAPER, zorder=5)

    def _make_bars(self, figure):
        axes = axes_at(figure, (470, 240, 350, 110), (-0.6, 9.6), (0, 1.16), "Each digit, now")
        axes.set_xticks(range(10), range(10), fontsize=NORMAL)
        axes.set_yticks([])
        bars = axes.bar(range(10), np.zeros(10), width=0.74, color=np.repeat(COLOURS, 5), edgecolor=INK, linewidth=0.6)
        for bar in bars[5:]:
            bar.set_hatch("...")
        self.bars = list(bars)
        self.numbers = Words(axes)

    def update(self, state, result):
        for line, mark, shares in zip(self.lines, self.marks, (result.old, result.new), strict=True):
            line.set_data(np.arange(STEPS + 1), shares)
            mark.set_data([state.step], [shares[state.step]])
        self.now.set_xdata([state.step] * 2)
        self.path.set_data(result.new, result.old)
        self.past.set_data(result.new[: state.step + 1], result.old[: state.step + 1])
        self.here.set_data([result.new[state.step]], [result.old[state.step]])
        for bar, share in zip(self.bars, result.right[state.step], strict=True):
            bar.set_height(share)
        self.numbers.update(
            Word(digit, share + 0.075, f"{100 * share:.0f}", TEXT_COLOURS[digit > 4], SMALL)
            for digit, share in enumerate(result.right[state.step])
        )

    def handles(self, state, result):
        text = f"{state.step} updates, old {result.old[state.step]:.0%}, new {result.new[state.step]:.0%}"
        return [Handle("step", self.chart, state.step, 0.03, "updates", text, "line", (1.0, 1.0), direction=(0.0, 1.0))]


# -- lab ------------------------------------------------------------------------------------------------------------


class ForgettingLab(Lab):
    """Fine-tune on new digits, and watch the old ones go; then keep them."""

    title = "Catastrophic forgetting"
    State, View, compute = ForgettingState, ForgettingView, staticmethod(compute_forgetting)
    presets = {
        "Fine-tuned on the new: the old are gone": {"step": STEPS},
        "A small rate: slower to learn, slower to forget": {"log_rate": -1.0, "step": STEPS},
        "The first layer frozen: it forgets all the same": {"frozen": True, "step": STEPS},
        "One old digit a class, rehearsed: two thirds are kept": {"rehearsal": 0.2, "kept": 1, "step": STEPS},
        "Twenty a class: most of it is kept": {"rehearsal": 0.2, "kept": 20, "step": STEPS},
        "In between: the first ten updates": {"step": 10},
    }

    def moved(self, gesture: Gesture):
        return {"step": round(min(max(gesture.x, 0), STEPS))}

    def describe(self, state, result):
        old, new = result.old[state.step], result.new[state.step]
        done = f"After {state.step} update{'' if state.step == 1 else 's'}" if state.step else "Before the first update"
        share = (
            f"{state.rehearsal:.0%} of each batch are old digits, {state.kept} a class were kept"
            if state.rehearsal
            else "no old digit is rehearsed"
        )
        layers = "only the last layer is trained" if state.frozen else "both layers are trained"
        return (
            f"{done} with rate {10**state.log_rate:.2g} the network reads {old:.0%} of the old and {new:.0%} of the "
            f"new digits, before it {result.old[0]:.0%} and {result.new[0]:.0%}; {share}; {layers}. "
            f"The digit read worst is {result.right[state.step].argmin()}."
        )

    def judge(self, state, result):
        task = f"Read {PASS:.0%} of the old and {PASS:.0%} of the new digits, with at most {FEW} old ones a class kept."
        old, new = result.old[state.step], result.new[state.step]
        verdict, both = f"Old {old:.0%}, new {new:.0%}.", bool(min(old, new) >= PASS)
        if both and state.kept > FEW:
            verdict += f" But {state.kept} old digits a class were kept."
        return Goal(task, verdict, both and state.kept <= FEW)

    def code(self, state):
        rehearsed = round(state.rehearsal * BATCH)
        return (
            "import numpy as np\n\nfrom dlcourse import data\nfrom dlcourse.models import mlp\n"
            "from dlcourse.training import fit\n\n"
            "digits, loss = data.digits(), engine.nn.functional.cross_entropy\n"
            f"x, y, order = digits.x / 16, digits.y, np.random.default_rng(0).permutation(1797)\n"
            f"train, test = order[:{TRAIN}], order[{TRAIN}:]\n"
            "old, new = train[y[train] < 5], train[y[train] >= 5]\n\n"
            f"engine.manual_seed(0)\nmodel = mlp(engine, {SIZES})\n"
            "optimizer = engine.optim.Adam(model.parameters(), lr=0.01)\n"
            "fit(engine, model, loss, optimizer, x[old], y[old], epochs=15, batch_size=50)\n\n"
            f"memory = np.concatenate([old[y[old] == label][:{state.kept}] for label in range(5)])\n"
            f"trained = model{'[2]' if state.frozen else ''}\n"
            f"optimizer = engine.optim.SGD(trained.parameters(), lr={10**state.log_rate})\n"
            "draws = np.random.default_rng(0)\n"
            f"for _ in range({state.step}):\n"
            f"    fresh = draws.choice(new, {BATCH}, replace=False)[:{BATCH - rehearsed}]\n"
            f"    rows = np.concatenate([fresh, draws.choice(memory, {rehearsed})])\n"
            "    optimizer.zero_grad()\n"
            "    loss(model(engine.tensor(x[rows])), engine.tensor(y[rows])).backward()\n"
            "    optimizer.step()\n\n"
            "right = model(engine.tensor(x[test])).detach().numpy().argmax(axis=1) == y[test]\n"
            "output = engine.tensor([right[y[test] == digit].mean() for digit in range(10)])\n"
            'print(f"old {right[y[test] < 5].mean():.0%}, new {right[y[test] >= 5].mean():.0%}")'
        )
