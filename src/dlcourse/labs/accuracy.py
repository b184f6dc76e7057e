"""AccuracyLab: accuracy and cross-entropy of one model while its bias is swept: a staircase and a smooth valley.

The model is p = σ(2x + b). Its two classes lie around x = −1 and x = +1; the rarer class 1 is, the less accuracy says.
"""

from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist

import numpy as np

import dlcourse.reference as engine
from dlcourse.labs.base import Goal, Lab, View
from dlcourse.labs.drawing import ClassPoints, axes_at, blank_axes
from dlcourse.labs.live import Gesture, Handle
from dlcourse.labs.palette import BLUE, CLASS_TEXT_COLOURS, FAINT, GREY, INK, NORMAL, ORANGE_TEXT, PAPER, SMALL
from dlcourse.labs.rounding import signed
from dlcourse.labs.settings import State, choice, integer, number
from dlcourse.labs.words import Word, Words

# -- state and computation ------------------------------------------------------------------------------------------

REACH = 8.0  # the bias runs from −8 to 8
SWEEP = np.linspace(-REACH, REACH, 321)  # of the loss
STEPS = np.linspace(-REACH, REACH, 3201)  # of accuracy: 3,200 steps of 0.005
SLOPE = 2.0  # weight of x; for two bell curves of width 1 at ±1 the right one
PASS = 0.8


@dataclass(frozen=True)
class AccuracyState(State):
    """The bias b runs from −8 to 8 without unit; share is that of class 1 among the samples, 0.02 to 0.5; each sample
    of class 1 counts `weight` times in the loss, 1 to 50."""

    b: float = number(-4.0, low=-REACH, high=REACH, step=0.05, label="bias b", help="Shifts the threshold to x = −b/2")
    share: float = number(0.5, low=0.02, high=0.5, step=0.01, label="share of 1", help="Of class 1 among the samples")
    weight: int = integer(1, low=1, high=50, label="weight of 1", help="How often each counts in the loss")
    samples: int = choice(20, (20, 50, 100, 400), label="samples")


@dataclass(frozen=True)
class AccuracyResult:
    x: np.ndarray  # (N,)
    y: np.ndarray  # (N,) 0 or 1
    accuracies: np.ndarray  # (3201,) over STEPS
    losses: np.ndarray  # (321,) over SWEEP
    confusion: np.ndarray  # (2, 2) counts: rows the truth, columns the answer
    loss: float
    slope: float  # dL/db
    unchanged: float  # share of the small steps in which accuracy stays the same

    @property
    def accuracy(self) -> float:
        return float(np.trace(self.confusion) / self.confusion.sum())

    @property
    def recalls(self) -> np.ndarray:
        """(2,) the share of each class that is recognised: specificity and recall."""
        return np.diag(self.confusion) / self.confusion.sum(axis=1)

    @property
    def precision(self) -> float:
        """The share of the answers "1" that are right; NaN if there is none."""
        answers = self.confusion[:, 1].sum()
        return float(self.confusion[1, 1] / answers) if answers else float("nan")

    @property
    def best(self) -> float:
        """The bias at which the loss is least."""
        return float(SWEEP[self.losses.argmin()])


def samples(count: int, share: float) -> tuple[np.ndarray, np.ndarray]:
    """x (N,), y (N,): the quantiles of two normal distributions around −1 and +1, so that no luck is in them."""
    ones = max(1, round(count * share))
    parts = [[NormalDist(mean).inv_cdf((i + 0.5) / n) for i in range(n)] for mean, n in ((-1, count - ones), (1, ones))]
    return np.array([*parts[0], *parts[1]]), np.repeat([0, 1], [count - ones, ones])


@lru_cache(maxsize=256)
def sweep(count: int, share: float, weight: int) -> tuple[np.ndarray, np.ndarray]:
    """Accuracies over STEPS and losses over SWEEP."""
    x, y = samples(count, share)
    answers = [np.searchsorted(np.sort(-SLOPE * x[y == label]), STEPS) for label in (0, 1)]  # answers 1 in each class
    z = SLOPE * x + SWEEP[:, None]  # (321, N)
    weights = np.where(y == 1, weight, 1)
    losses = np.logaddexp(0, np.where(y == 1, -z, z)) @ weights / weights.sum()
    return (answers[1] + (y == 0).sum() - answers[0]) / count, losses


def compute_accuracy(state: AccuracyState) -> AccuracyResult:
    x, y = samples(state.samples, state.share)
    accuracies, losses = sweep(state.samples, state.share, state.weight)
    b = engine.tensor(state.b, dtype=engine.float64, requires_grad=True)
    z = engine.tensor(x, dtype=engine.float64) * SLOPE + b
    weights = engine.tensor(np.where(y == 1, state.weight, 1), dtype=engine.float64)
    target = engine.tensor(y, dtype=engine.float64)
    bce = engine.nn.functional.binary_cross_entropy_with_logits
    loss = bce(z, target, weights, reduction="sum") / weights.sum()
    loss.backward()
    answers = (z.detach().numpy() > 0).astype(int)
    confusion = np.bincount(2 * y + answers, minlength=4).reshape(2, 2)
    unchanged = float((np.diff(accuracies) == 0).mean())
    return AccuracyResult(x, y, accuracies, losses, confusion, loss.item(), b.grad.item(), unchanged)


# -- view -----------------------------------------------------------------------------------------------------------

LINE = np.linspace(-4.2, 4.2, 169)


class AccuracyView(View):
    size = (840, 412)

    def __init__(self, figure):
        left = {"figure": figure, "xlabel": ""}
        self.model = axes_at(
            box=(46, 30, 270, 138), xlim=(-4.2, 4.2), ylim=(-0.18, 1.18), title="The model p = σ(2x + b)", **left
        )
        self.model.set_yticks([0, 0.5, 1])
        self.curve = self._line(self.model, BLUE, "-", 2)
        self.points = ClassPoints(self.model, size=24)
        for artist in self.points.artists[:2]:
            artist.set_linewidth(0.3)  # four hundred of them are a band
        self.threshold = self._line(self.model, INK, (0, (4, 2)), 1.6)
        self.stairs = self._sweep_axes(figure, 30, 138, (-0.05, 1.1), "Accuracy: a staircase, drag the dot", "")
        self.valley = self._sweep_axes(figure, 218, 152, (-0.3, 7), "Cross-entropy: a valley", "bias b")
        self.accuracies, self.losses = (
            self._line(self.stairs, ORANGE_TEXT, "-", 1.8), self._line(self.valley, BLUE, "-", 2),
        )  # fmt: skip
        self.dots = [self._dot(axes, marker) for axes, marker in ((self.stairs, "s"), (self.valley, "o"))]
        self.best = self._dot(self.valley, "D", 7, PAPER)
        self.tangent = self._line(self.valley, INK, "-", 1.6)
        self.words = Words(self._table(figure))
        self.moving = [
            self.curve, *self.points.artists, self.threshold, self.accuracies, self.losses, *self.dots, self.best,
            self.tangent, self.words,
        ]  # fmt: skip

    def _sweep_axes(self, figure, top, height, ylim, title, xlabel):
        return axes_at(figure, (376, top, 446, height), (-REACH - 0.2, REACH + 0.2), ylim, title, xlabel)

    def _line(self, axes, colour, style, width):
        return axes.plot([], [], color=colour, linestyle=style, linewidth=width, zorder=2)[0]

    def _dot(self, axes, marker, size=9, colour=INK):
        style = {"markersize": size, "color": colour, "markeredgecolor": INK, "markeredgewidth": 1.6, "zorder": 4}
        return axes.plot([], [], marker=marker, **style)[0]

    def _table(self, figure):
        axes = blank_axes(figure, (16, 220, 330, 190), "Confusion matrix, a row a true class")
        axes.plot([84, 84], [26, 82], color=FAINT, linewidth=1)
        axes.plot([0, 300], [28, 28], color=FAINT, linewidth=1)
        small = {"fontsize": SMALL, "va": "center", "color": GREY}
        for x, text in ((126, "answer 0"), (196, "answer 1"), (266, "recognised")):
            axes.text(x, 16, text, ha="center", **small)
        for row, name in enumerate(("class 0", "class 1")):
            style = {"fontsize": NORMAL, "va": "center", "color": CLASS_TEXT_COLOURS[row]}
            axes.text(4, 44 + 26 * row, f"{'●■'[row]} {name}", **style)
        return axes

    def update(self, state, result):
        self.curve.set_data(LINE, 1 / (1 + np.exp(-SLOPE * LINE - state.b)))
        heights = np.where(result.y == 1, 1.09, -0.09)
        wrong = ((SLOPE * result.x + state.b > 0) != result.y) & (state.samples <= 50)  # more rings would hide all
        self.points.update(np.stack([result.x, heights], axis=1), result.y, wrong)
        self.threshold.set_data([-state.b / SLOPE] * 2, self.model.get_ylim())
        self.accuracies.set_data(STEPS, result.accuracies)
        self.losses.set_data(SWEEP, result.losses)
        self.dots[0].set_data([state.b], [result.accuracy])
        self.dots[1].set_data([state.b], [result.loss])
        self.best.set_data([result.best], [result.losses.min()])
        ends = np.array([-1.2, 1.2])
        self.tangent.set_data(state.b + ends, result.loss + ends * result.slope)
        self.words.update(_words(result))

    def handles(self, state, result):
        words = f"bias {signed(state.b)}, accuracy {result.accuracy:.0%}, cross-entropy {result.loss:.2f}"
        places = (
            (self.stairs, "bias on the staircase", result.accuracy),
            (self.valley, "bias in the valley", result.loss),
        )
        dots = [Handle(name, axes, state.b, y, name, words, step=(0.05, 0.0)) for axes, name, y in places]
        line = Handle(
            "threshold", self.model, -state.b / SLOPE, 0.5, "threshold on x", f"x = {signed(-state.b / SLOPE, 3)}",
            "line", (0.025, 0.025), direction=(0, 1),
        )  # fmt: skip
        return [*dots, line]


def _words(result: AccuracyResult):
    for row in (0, 1):
        y = 44 + 26 * row
        for x, count in zip((126, 196), result.confusion[row], strict=True):
            yield Word(x, y, str(count))
        yield Word(266, y, f"{result.recalls[row]:.0%}")
    precision = "none" if np.isnan(result.precision) else f"{result.precision:.0%}"
    lines = (
        ("accuracy", f"{result.accuracy:.0%}"), ("balanced accuracy", f"{result.recalls.mean():.0%}"),
        ("precision of answer 1", precision), ("slope of accuracy, of cross-entropy", f"0,  {signed(result.slope)}"),
    )  # fmt: skip
    for row, (name, value) in enumerate(lines):
        yield Word(4, 106 + 23 * row, name, align="left")
        yield Word(266, 106 + 23 * row, value)


# -- lab ------------------------------------------------------------------------------------------------------------


class AccuracyLab(Lab):
    """Sweep the bias: accuracy is flat nearly everywhere, and blind to a rare class. Drag a dot or the threshold."""

    title = "Accuracy and cross-entropy over one bias"
    State, View, compute = AccuracyState, AccuracyView, staticmethod(compute_accuracy)
    presets = {
        "Twenty samples: a staircase": {"b": -4.0},
        "Four hundred samples: finer stairs, still flat": {"b": -4.0, "samples": 400},
        "5% rare: “never” is 95% right": {"b": -8.0, "share": 0.05, "samples": 400},
        "5% rare: where the plain loss ends": {"b": -2.95, "share": 0.05, "samples": 400},
        "5% rare, each counted 19 times": {"b": 0.0, "share": 0.05, "samples": 400, "weight": 19},
        "Weight too large: alarm for everyone": {"b": 3.9, "share": 0.5, "samples": 400, "weight": 50},
    }

    def describe(self, state, result):
        return (
            f"Bias {signed(state.b)}: accuracy {result.accuracy:.1%}; it does not change on {result.unchanged:.1%} of "
            f"this range (steps of 0.005). Cross-entropy {result.loss:.2f}, slope {signed(result.slope)}, least at "
            f"b = {signed(result.best, 1)} (diamond). Recognised: {result.recalls[0]:.0%} of class 0, "
            f"{result.recalls[1]:.0%} of class 1."
        )

    def judge(self, state, result):
        task = "Recognise at least 80% of each class. Then make class 1 rare, and see what accuracy says to that."
        low = result.recalls.min()
        verdict = f"Accuracy {result.accuracy:.0%}, worse class {low:.0%}."
        return Goal(task, verdict, low >= PASS)

    def moved(self, gesture: Gesture):
        return self.state.nearest(b=-SLOPE * gesture.x if gesture.handle == "threshold" else gesture.x)

    def code(self, state):
        _, y = samples(state.samples, state.share)
        ones = int(y.sum())
        return (
            f"from statistics import NormalDist\n\n"
            f"def bell(mean, n):  # n samples without luck: the quantiles\n"
            f"    return [NormalDist(mean).inv_cdf((i + 0.5) / n) for i in range(n)]\n\n"
            f"x = engine.tensor(bell(-1, {len(y) - ones}) + bell(1, {ones}))\n"
            f"y = engine.tensor([0.0] * {len(y) - ones} + [1.0] * {ones})\n"
            f"weights = 1 + {state.weight - 1} * y\n"
            f"b = engine.tensor({state.b}, requires_grad=True)\n"
            f"z = {SLOPE} * x + b\n"
            f"bce = engine.nn.functional.binary_cross_entropy_with_logits\n"
            f"loss = bce(z, y, weights, reduction='sum') / weights.sum()\n"
            f"loss.backward()\n"
            f"accuracy = ((z > 0).float() == y).float().mean()\n"
            f"output = engine.stack([accuracy, loss.detach(), b.grad])\n"
            f"print(output)  # accuracy, cross-entropy and its slope"
        )
