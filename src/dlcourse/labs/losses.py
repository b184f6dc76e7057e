"""LossLab: three logits, what softmax or the sigmoid makes of them, and what each loss says and how hard it pulls.

With u = z/T the probabilities are p = softmax(u), or p = σ(u) for three independent yes/no questions. Cross-entropy's
gradient with respect to u is p − t in both cases; that of the squared error is p − t times the slope of p, which
vanishes where the model is sure, right or wrong.
"""

import numpy as np

from dlcourse.labs.base import Goal, Lab, View
from dlcourse.labs.drawing import axes_at, blank_axes
from dlcourse.labs.live import Gesture, Handle
from dlcourse.labs.loss_values import CLASSES, REACH, SIGMOID, SOFTMAX, LossState, compute_loss, targets, targets_with
from dlcourse.labs.palette import BLUE, FAINT, GREY, INK, NORMAL, ORANGE, ORANGE_TEXT, SMALL
from dlcourse.labs.rounding import signed, small
from dlcourse.labs.words import Word, Words

# -- view -----------------------------------------------------------------------------------------------------------

PLACES = np.arange(3)


class LossView(View):
    size = (840, 412)

    def __init__(self, figure):
        self.logits = self._axes(figure, (40, 30, 190, 236), (-REACH - 0.6, REACH + 0.6), "Logits z: drag them")
        self.logits.set_yticks([-8, -4, 0, 4, 8])
        self.probabilities = self._axes(figure, (284, 30, 200, 236), (-0.02, 1.12), "Probabilities p")
        self.gradients = self._axes(figure, (572, 30, 256, 236), (-1.25, 1.25), "Gradients ∂L/∂u, u = z/T")
        for axes in (self.logits, self.probabilities, self.gradients):
            axes.axhline(0, color=GREY, linewidth=1)
        self.z_bars = self.logits.bar(PLACES, 0, 0.5, color=FAINT, edgecolor=GREY)
        self.p_bars = self.probabilities.bar(PLACES, 0, 0.5, color=BLUE)
        self.t_marks = self.probabilities.plot(PLACES, PLACES, "_", color=ORANGE_TEXT, markersize=44, mew=3, zorder=5)
        self.steep = self.gradients.bar(PLACES - 0.17, 0, 0.32, color=BLUE)
        self.flat = self.gradients.bar(PLACES + 0.17, 0, 0.32, color=ORANGE, hatch="//", edgecolor=INK, linewidth=0.6)
        self._legends(figure)
        tables = blank_axes(figure, (0, 296, 840, 116))
        for left, right in ((30, 416), (440, 822)):
            tables.plot([left, right], [20, 20], color=FAINT, linewidth=1)
        self.words, self.warning = Words(tables), Words(self.gradients)
        bars = [*self.z_bars, *self.p_bars, *self.steep, *self.flat]
        self.moving = [*bars, *self.t_marks, self.words, self.warning]

    def _axes(self, figure, box, ylim, title):
        axes = axes_at(figure, box, (-0.6, 2.6), ylim, title)
        axes.set_xticks(PLACES, CLASSES)
        axes.tick_params(axis="x", length=0, labelsize=NORMAL)
        return axes

    def _legends(self, figure):
        axes = blank_axes(figure, (572, 32, 256, 20))
        for left, colour, hatch, words in ((6, BLUE, None, "cross-entropy"), (126, ORANGE, "//", "squared error")):
            axes.fill([left, left + 14, left + 14, left], [4, 4, 15, 15], color=colour, hatch=hatch, ec=INK, lw=0.6)
            axes.text(left + 20, 10, words, fontsize=NORMAL, color=INK, va="center")
        axes = blank_axes(figure, (370, 8, 120, 20))
        axes.plot([36, 54], [11, 11], color=ORANGE_TEXT, linewidth=3)
        axes.text(60, 11, "target t: drag", fontsize=NORMAL, color=ORANGE_TEXT, va="center")

    def update(self, state, result):
        pairs = (
            (self.z_bars, state.logits), (self.p_bars, result.p), (self.steep, result.cross_entropy_gradient),
            (self.flat, result.squared_gradient),
        )  # fmt: skip
        for bars, heights in pairs:
            for bar, height in zip(bars, heights, strict=True):
                bar.set_height(height if np.isfinite(height) else 0.0)
        self.t_marks[0].set_ydata(result.t)
        self.words.update([*_table(_steps(state, result), STEP_PLACES), *_table(_losses(result), LOSS_PLACES)])
        self.warning.update([] if result.finite else [Word(1, 0.5, "NaN: not a number, no gradient", ORANGE_TEXT)])

    def handles(self, state, result):
        logits = [
            Handle(name, self.logits, x, z, f"logit of {name}", f"value {signed(z, 1)}", step=(0.0, 0.1))
            for x, (name, z) in enumerate(zip(CLASSES, state.logits, strict=True))
        ]
        targets = [
            Handle(f"t{x + 1}", self.probabilities, x, t, f"target of {name}", f"value {short(t)}", step=(0.0, 0.05))
            for x, (name, t) in enumerate(zip(CLASSES, result.t, strict=True))
        ]
        return logits + targets


STEP_PLACES, LOSS_PLACES = (30, 222, 302, 382), (440, 560, 634, 712, 790)


def _steps(state, result):
    """How p comes about, a column a class."""
    if state.output == SIGMOID:
        powers, formula = "exp(−u)", "p = 1 / (1 + exp(−u))"
    else:
        powers, formula = ("exp(u − max u)" if state.stable else "exp(u)"), "p = each / their sum"
    rows = {"u = z / T": result.u, powers: result.powers, formula: result.p, "target t": result.t}
    return [["step by step", *CLASSES], *([name, *map(short, numbers)] for name, numbers in rows.items())]


def _losses(result):
    """Value and gradient of each loss."""
    steep, flat = (list(map(short, g)) for g in (result.cross_entropy_gradient, result.squared_gradient))
    divergence = max(result.cross_entropy - result.entropy, 0.0) if result.finite else result.cross_entropy
    return [
        ["loss", "value", "∂L/∂u₁", "∂L/∂u₂", "∂L/∂u₃"],
        ["cross-entropy", short(result.cross_entropy), *steep],
        ["KL divergence", short(divergence), *steep],
        ["½ Σ (p − t)²", short(result.squared), *flat],
        ["accuracy", "1" if result.right else "0", "0", "0", "0"],
    ]


def _table(rows, places):
    for number_of_row, row in enumerate(rows):
        for place, (x, text) in enumerate(zip(places, row, strict=True)):
            style = {"colour": GREY, "size": SMALL} if number_of_row == 0 else {}
            yield Word(x, 10 + 22 * number_of_row, text, align="center" if place else "left", **style)


def short(value: float) -> str:
    """At most four figures: 0.659, −0.998, 2.47e−07, 1601; ∞ and "not a number" in signs."""
    if np.isnan(value):
        return "NaN"
    if np.isinf(value):
        return "∞" if value > 0 else "−∞"
    return f"{value:.0f}" if 999.5 <= value < 9999.5 else small(value + 0.0)


# -- lab ------------------------------------------------------------------------------------------------------------


class LossLab(Lab):
    """Three logits and what each loss says about them. Drag the logits; watch which loss still pulls."""

    title = "Logits, probabilities, losses and their gradients"
    State, View, compute = LossState, LossView, staticmethod(compute_loss)
    presets = {
        "The gradient is p − t": {"z1": 2.0, "z2": 1.0, "z3": 0.1},
        "Knows nothing: loss ln 3": {"z1": 0.0, "z2": 0.0, "z3": 0.0},
        "Sure and right: all is quiet": {"z1": 6.0, "z2": -2.0, "z3": 0.0},
        "One sigmoid at z = −6: −0.998 against −0.0025": {"z1": -6.0, "z2": -8.0, "z3": -8.0, "output": SIGMOID},
        "Smoothing: too sure is pulled back": {"z1": 8.0, "z2": 0.0, "z3": 0.0, "smoothing": 0.1},
        "Temperature 0.01: softmax becomes a choice": {"temperature": 0.01},
        "Temperature 0.01 without the max trick": {"temperature": 0.01, "stable": False},
        "Temperature 10: nearly no opinion": {"temperature": 10.0},
        "Half and half: KL reaches 0, cross-entropy only ln 2": {
            "z1": 8.0, "z2": 8.0, "z3": -8.0, "t1": 0.5, "t2": 0.5,
        },
        "Printed form: the logarithm of 0": {"z1": -8.0, "z2": 0.0, "z3": 0.0, "temperature": 0.07, "stable": False},
    }  # fmt: skip

    def describe(self, state, result):
        if not np.isfinite(result.powers).all() and not result.finite:
            largest = max(result.u) if state.output == SOFTMAX else max(-result.u)
            return f"Overflow: exp({signed(largest, 0)}) is beyond float32, and the loss is no number any more."
        if not result.finite:
            return "A probability has been rounded to 0 or 1, and the logarithm of 0 is −∞: no number comes out."
        p, t = (", ".join(map(short, values)) for values in (result.p, result.t))
        return (
            f"p = ({p}), targets ({t}). Cross-entropy {short(result.cross_entropy)}, largest gradient "
            f"{short(result.pulls[0])}; squared error {short(result.squared)}, largest gradient "
            f"{short(result.pulls[1])}; accuracy {int(result.right)}, gradient 0."
        )

    def judge(self, state, result):
        task = "Make the model so sure and so wrong that cross-entropy pulls 100 times as hard as the squared error."
        if not result.finite:
            return Goal(task, "No gradient at all: switch the stable form on.", False)
        steep, flat = result.pulls
        if steep == 0:
            return Goal(task, "Neither pulls: the model says just what the target says.", False)
        times = steep / flat if flat * 1e6 > steep else np.inf
        many = "more than a million" if np.isinf(times) else f"{times:.1f}" if times < 100 else f"{times:.0f}"
        verdict = f"The model is {'right' if result.right else 'wrong'}; cross-entropy pulls {many} times as hard."
        return Goal(task, verdict, times >= 100 and not result.right)

    def moved(self, gesture: Gesture):
        if gesture.handle in CLASSES:
            return self.state.nearest(**{f"z{CLASSES.index(gesture.handle) + 1}": gesture.y})
        moved = targets_with(self.state, int(gesture.handle[1]) - 1, gesture.y)
        return self.state.nearest(**{f"t{i}": share for i, share in enumerate(moved, 1)})

    def code(self, state):
        softmax, stable = state.output == SOFTMAX, state.stable
        if softmax:
            p = "u.softmax(0)" if stable else "u.exp() / u.exp().sum()  # the formula as it is printed"
            loss = "engine.nn.functional.cross_entropy(u, t)" if stable else "-(t * p(u).log()).sum()"
        else:
            p = "u.sigmoid()" if stable else "1 / (1 + (-u).exp())  # the formula as it is printed"
            loss = (
                "engine.nn.functional.binary_cross_entropy_with_logits(u, t, reduction='sum')" if stable
                else "-(t * p(u).log() + (1 - t) * (1 - p(u)).log()).sum()"
            )  # fmt: skip
        return (
            f"t = engine.tensor({[round(float(t), 6) for t in targets(state)]})\n\n"
            f"def p(u):\n    return {p}\n\n"
            f"def cross_entropy(u):\n    return {loss}\n\n"
            f"def squared_error(u):\n    return ((p(u) - t) ** 2).sum() / 2\n\n"
            f"rows = []\n"
            f"for loss in (cross_entropy, squared_error):\n"
            f"    u = (engine.tensor({state.logits}) / {state.temperature}).requires_grad_()\n"
            f"    value = loss(u)\n"
            f"    value.backward()\n"
            f"    rows.append(engine.cat([value.detach().reshape(1), u.grad]))\n"
            f"output = engine.stack(rows)\n"
            f"print(output)  # a row a loss: its value, then its gradient with respect to the three u"
        )
