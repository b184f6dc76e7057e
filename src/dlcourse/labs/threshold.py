"""ThresholdLab: a box of tangerines sorted by a line: drag it, or let a logistic unit learn where it belongs.

Gradient descent starts at the hand's line; its whole trajectory is computed at once and scrubbed by its step.
"""

from dataclasses import dataclass

import numpy as np

from dlcourse.labs.base import Goal, Lab, View
from dlcourse.labs.drawing import ClassPoints, Field, axes_at, blank_axes, line_ends
from dlcourse.labs.live import DRAWING, Gesture, Handle
from dlcourse.labs.palette import CLASS_TEXT_COLOURS, FAINT, GREY, INK, NORMAL, ORANGE_TEXT, PAPER, SMALL
from dlcourse.labs.rounding import signed
from dlcourse.labs.settings import State, choice, integer, number
from dlcourse.labs.tangerine_unit import (
    BOTH,
    DIAMETER,
    PARTS,
    RATE,
    STEPS,
    boxes,
    confusion,
    cross_entropy,
    line_of,
    net_values,
    places,
    sweep,
    trajectory,
    weights_of,
)
from dlcourse.labs.words import Word, Words

# -- state and computation ------------------------------------------------------------------------------------------

HAND = 7.5  # cm, the rule of the person who sorted before
SIZES = (4.3, 9.2)  # cm, ends of the axis
THRESHOLDS = np.round(np.arange(4.3, 9.2001, 0.02), 2)
PASS = {DIAMETER: 80, BOTH: 50}  # of 256 training tangerines wrong at most


@dataclass(frozen=True)
class ThresholdState(State):
    """threshold in cm, tilt in cm per unit of colour: where the hand puts the line, and where learning starts. step
    counts steps of gradient descent at rate 1."""

    threshold: float = number(7.5, low=4.5, high=9.0, step=0.05, label="threshold", help="In cm; larger ones are sold")
    tilt: float = number(0.0, low=-2, high=8, step=0.1, label="tilt", help="How many cm full colour is worth")
    features: str = choice(DIAMETER, (DIAMETER, BOTH), label="features", help="What the sorter may look at")
    box: str = choice("training", PARTS, label="box shown", help="It learns from the training box only")
    step: int = integer(0, low=0, high=STEPS, label="learn", help="Steps of gradient descent", play=True)


@dataclass(frozen=True)
class ThresholdResult:
    x: np.ndarray  # (N, 2) diameter in cm, colour
    y: np.ndarray  # (N,) 1 ripe
    start: np.ndarray  # (3,) w₁, w₂, b of the hand's line
    weights: np.ndarray  # (3,) now
    threshold: float  # cm, of the line now
    tilt: float  # cm per unit of colour
    answer: np.ndarray  # (N,) 1 sold
    loss: float  # cross-entropy of the training box
    sweep: np.ndarray  # (T,) share wrong of the box for every threshold, at this tilt
    wrong: dict  # box -> (wrong by hand at 7.5 cm, wrong now, fruits)

    @property
    def confusion(self) -> np.ndarray:
        """(2, 2) counts of the box shown: rows the truth, columns the answer."""
        return confusion(self.y, self.answer)


def compute_threshold(state: ThresholdState) -> ThresholdResult:
    tilt = state.tilt if state.features == BOTH else 0.0
    path = trajectory(state.features, state.threshold, tilt) if state.step else [weights_of(state.threshold, tilt)]
    weights = path[state.step]
    threshold, tilt = line_of(weights)
    hand, wrong = weights_of(HAND, 0.0), {}
    for name, (x, y) in boxes().items():
        counts = [int(((net_values(x, w) > 0) != y).sum()) for w in (hand, weights)]
        wrong[name] = (*counts, len(y))
    x, y = boxes()[state.box]
    answer = (net_values(x, weights) > 0).astype(int)
    loss = cross_entropy(*boxes()["training"], weights)
    return ThresholdResult(
        x, y, path[0], weights, threshold, tilt, answer, loss, sweep(x, y, tilt, THRESHOLDS) / len(y), wrong
    )  # fmt: skip


# -- view -----------------------------------------------------------------------------------------------------------


class ThresholdView(View):
    size = (840, 412)

    def __init__(self, figure):
        self.plane = axes_at(figure, (52, 26, 478, 234), SIZES, (0, 1), "The box: drag the line")
        self.plane.set(xticks=range(5, 10), xticklabels=[], yticks=[])
        self.sides = Field(self.plane)
        (self.start,) = self.plane.plot([], [], color=INK, linewidth=1.4, linestyle=(0, (3, 3)), zorder=4)
        (self.line,) = self.plane.plot([], [], color=INK, linewidth=2.2, zorder=4)
        (self.ring,) = self.plane.plot(
            [], [], "o", markersize=10, color=PAPER, markeredgecolor=INK, markeredgewidth=2, zorder=5
        )
        self.points = ClassPoints(self.plane, size=34, zorder=2.5)
        self.crosses = self.plane.scatter([], [], s=15, marker="x", color=INK, linewidth=1.4, zorder=3)
        self.errors = axes_at(
            figure, (52, 292, 478, 80), SIZES, (0, 0.65), "Share wrong, for every threshold", "diameter (cm)"
        )
        self.errors.set(xticks=range(5, 10), yticks=[0, 0.3, 0.6])
        self.errors.set_yticklabels(["0", "30%", "60%"])
        self.errors.axvline(HAND, color=GREY, linewidth=1.2, linestyle=(0, (1, 2)))
        self.errors.text(HAND + 0.06, 0.08, f"{HAND} by hand", fontsize=SMALL, color=GREY, va="center")
        (self.curve,) = self.errors.plot([], [], color=ORANGE_TEXT, linewidth=1.8, zorder=2)
        (self.dot,) = self.errors.plot([], [], "o", markersize=9, color=INK, markeredgecolor=PAPER, zorder=4)
        self.words = Words(self._tables(figure))
        self.moving = [
            self.sides, self.start, self.line, self.ring, *self.points.artists, self.crosses, self.curve, self.dot,
            self.words,
        ]  # fmt: skip

    def _tables(self, figure):
        """Axes over the whole figure in CSS pixels, with what never changes on the right."""
        axes = blank_axes(figure, (0, 0, *self.size))
        style = {"fontsize": SMALL, "color": GREY, "va": "center", "ha": "center"}
        axes.text(556, 20, "Confusion table", fontsize=10.5, color=INK, va="center")
        for x, text in zip(COLUMNS, ("left", "sold"), strict=True):
            axes.text(x, 44, text, **style)
        for row, name in enumerate(("unripe", "ripe")):
            colour = {"color": CLASS_TEXT_COLOURS[row], "fontsize": NORMAL, "va": "center"}
            axes.text(562, ROWS[row], f"{'●■'[row]} {name}", **colour)
        axes.text(556, 166, "Share wrong", fontsize=10.5, color=INK, va="center")
        for x, text in zip(COLUMNS, (f"{HAND} cm", "now"), strict=True):
            axes.text(x, 190, text, **style)
        for row, name in enumerate(PARTS):
            axes.text(562, 214 + 26 * row, name, fontsize=NORMAL, color=INK, va="center")
        for y in (56, 202):
            axes.plot([556, 824], [y, y], color=FAINT, linewidth=1)
        return axes

    def update(self, state, result):
        diameters, colours = np.linspace(*SIZES, 120), np.linspace(0, 1, 40)
        w1, w2, b = result.weights
        z = w1 * diameters[None, :] + w2 * colours[:, None] + b
        self.sides.update(1 / (1 + np.exp(-z)))
        for line, weights in ((self.start, result.start), (self.line, result.weights)):
            line.set_data(*line_ends(weights[:2], weights[2], self.plane))
        self.ring.set_data(*([end] for end in _ring(state, result)))
        at = places(result.x, result.y, state.features)
        self.points.update(at, result.y)
        self.crosses.set_offsets(at[result.answer != result.y])
        self.curve.set_data(THRESHOLDS, result.sweep)
        now, count = result.wrong[state.box][1:]
        self.dot.set_data([result.threshold], [now / count])
        self.words.update([*_table(result), *_around(state, result)])

    def handles(self, state, result):
        words = f"threshold {signed(result.threshold)} cm"
        step = 0.05 / np.hypot(1, result.tilt)
        place = np.clip(result.threshold, *SIZES)
        line = Handle(
            "line", self.plane, place, 0.5, "the line", words, "line", (step, step), direction=(-result.tilt, 1.0)
        )
        if state.features == DIAMETER:
            return [line]
        words = f"tilt {signed(result.tilt, 1)} cm for full colour"
        place = _ring(state, result)
        return [line, Handle("tilt", self.plane, *place, "tilt of the line", words, step=(0.1 * TILT_AT, 0.0))]


COLUMNS, ROWS = (694, 782), (72, 98)
TILT_AT = 0.25  # above the middle


def _ring(state, result) -> tuple[float, float]:
    """Where the line is taken hold of to tilt it; nowhere as long as colour is not looked at."""
    if state.features == DIAMETER:
        return np.nan, np.nan
    return float(np.clip(result.threshold - TILT_AT * result.tilt, *SIZES)), 0.5 + TILT_AT


def _table(result):
    """The counts of the box shown, and the share wrong of both boxes by hand and now."""
    for row, counts in enumerate(result.confusion):
        for column, count in enumerate(counts):
            right = row == column
            mark = "✓" if right else "✗"
            yield Word(COLUMNS[column], ROWS[row], f"{count} {mark}", INK if right else ORANGE_TEXT)
    for row, (hand, now, count) in enumerate(result.wrong.values()):
        for x, wrong in zip(COLUMNS, (hand, now), strict=True):
            yield Word(x, 214 + 26 * row, f"{wrong / count:.1%}")


def _around(state, result):
    """What the heights mean, the rule in words and the unit in numbers."""
    if state.features == BOTH:
        labels = ((30, "1"), (143, "0.5"), (256, "0"))
        yield Word(8, 16, "colour", GREY, SMALL, "left")
    else:
        labels = ((60, "ripe"), (226, "unripe"))
    for y, text in labels:
        yield Word(46, y, text, GREY, SMALL, "right")
    yield Word(556, 292, f"sold if {rule(result, state.features)}", align="left")
    yield Word(556, 318, unit(result, state.features), align="left")
    yield Word(556, 344, f"loss on the training box {result.loss:.3f}", align="left")
    hand = "nothing learned yet" if state.step == 0 else f"after {state.step} steps of gradient descent"
    yield Word(556, 370, hand, GREY, align="left")


def rule(result, features: str) -> str:
    """The rule of the line: diameter > 7.50 cm."""
    if features == DIAMETER:
        return f"d > {signed(result.threshold)} cm"
    sign = "−" if result.tilt < 0 else "+"
    return f"d {sign} {abs(result.tilt):.1f}·(c − ½) > {signed(result.threshold)} cm"


def unit(result, features: str) -> str:
    """The logistic unit in numbers: p = σ(1.49·d − 10.05)."""
    w1, w2, b = result.weights
    colour = "" if features == DIAMETER else f" {'−' if w2 < 0 else '+'} {abs(w2):.2f}·c"
    return f"p = σ({w1:.2f}·d{colour} − {-b:.2f})"


# -- lab ------------------------------------------------------------------------------------------------------------


class ThresholdLab(Lab):
    """Sort tangerines by a line. Drag it, then press play: gradient descent takes it from where you left it."""

    title = "The tangerine sorter"
    State, View, compute = ThresholdState, ThresholdView, staticmethod(compute_threshold)
    presets = {
        "By hand: 7.5 cm": {},
        "By hand: as good as a threshold gets": {"threshold": 6.75},
        "Learned, from 7.5 cm": {"step": STEPS},
        "Learned, from 9 cm: the same place": {"threshold": 9.0, "step": STEPS},
        "Fruit that it never saw": {"box": "validation", "step": STEPS},
        "Colour counts, too: by hand": {"features": BOTH, "threshold": 6.6, "tilt": 3.0},
        "Colour counts, too: learned": {"features": BOTH, "step": STEPS},
    }

    def set(self, /, **changes) -> None:
        """A line moved by hand is where learning starts anew: the step goes back to 0 unless it is set, too."""
        with DRAWING:
            moved = {"threshold", "tilt"} & changes.keys() and self.state.changed(**changes) != self.state
            if not self._closed and moved:
                self.controls["step"].stop()
                if "step" not in changes:
                    changes = self._line() | changes | {"step": 0}
            super().set(**changes)

    def _line(self) -> dict:
        """The settings that put the line by hand where it is now."""
        if self.state.features == DIAMETER:
            return self.state.nearest(threshold=self.result.threshold)
        return self.state.nearest(threshold=self.result.threshold, tilt=self.result.tilt)

    def describe(self, state, result):
        (_, sold), (left, _) = result.confusion
        wrong = result.wrong[state.box][1]
        how = "was put there by hand" if state.step == 0 else f"has moved by {state.step} steps of learning"
        return (
            f"Sold if {rule(result, state.features)}: {wrong} of {len(result.y)} {state.box} tangerines are wrong "
            f"(ripe ones left: {left}, unripe ones sold: {sold}). The line {how}; loss {result.loss:.3f}."
        )

    def judge(self, state, result):
        hand, now, count = result.wrong["training"]
        most = PASS[state.features]
        task = f"By hand: at most {most} of {count} training tangerines wrong. Then start at 9 cm and press play."
        verdict = f"{now} of {count} wrong; 7.5 cm gets {hand} wrong."
        return Goal(task, verdict, now <= most)

    def moved(self, gesture: Gesture):
        now = self.result
        if gesture.handle == "tilt":
            changed = self.state.nearest(tilt=(now.threshold - gesture.x) / TILT_AT)
        else:
            changed = self.state.nearest(threshold=gesture.x + now.tilt * (gesture.y - 0.5))
        return self._line() | changed | {"step": 0}

    def code(self, state):
        used = 1 if state.features == DIAMETER else 2
        start = weights_of(state.threshold, state.tilt if used == 2 else 0.0)
        return (
            f"from dlcourse import data\n\n"
            f"fruit, ripe = data.split(data.tangerines()).train\n"
            f"x = engine.tensor(fruit[:, :{used}].astype(float).round(2))  # {state.features}\n"
            f"y = engine.tensor(ripe.astype(float))\n"
            f"mean, deviation = x.mean(dim=0), x.std(dim=0, correction=0)\n"
            f"start, b = engine.tensor({start[:used].tolist()}, dtype=engine.float64), {float(start[2])}\n"
            f"w = (start * deviation).requires_grad_()\n"
            f"b = (b + start @ mean).requires_grad_()\n"
            f"optimizer = engine.optim.SGD([w, b], lr={RATE})\n"
            f"for step in range({state.step}):\n"
            f"    z = (x - mean) / deviation @ w + b\n"
            f"    loss = engine.nn.functional.binary_cross_entropy_with_logits(z, y)\n"
            f"    optimizer.zero_grad()\n"
            f"    loss.backward()\n"
            f"    optimizer.step()\n"
            f"w = (w / deviation).detach()\n"
            f"b = b.detach() - w @ mean\n"
            f"wrong = ((x @ w + b > 1e-9) != (y > 0)).sum()\n"
            f"output = engine.cat([w, b.reshape(1), wrong.double().reshape(1)])\n"
            f"print(output)  # weights, bias, and how many of 256 are wrong"
        )
