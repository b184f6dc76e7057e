"""GhostFitsLab: one model fitted to twenty samples. The mean of the fits is off by the bias, and they scatter.

Bias and variance are both taken from the same twenty fits. Their mean is itself a little uncertain, so that bias² holds
a twentieth of the variance, too; the two add up exactly to the mean squared distance of the twenty from the truth.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from matplotlib.collections import LineCollection

from dlcourse import data
from dlcourse.labs.base import Goal, Lab, View
from dlcourse.labs.drawing import axes_at, blank_axes
from dlcourse.labs.live import Gesture, Handle
from dlcourse.labs.palette import BLUE, FAINT, GREY, INK, NORMAL, ORANGE, ORANGE_TEXT, PAPER
from dlcourse.labs.polynomials import features, ridge
from dlcourse.labs.rounding import signed
from dlcourse.labs.settings import State, integer, number
from dlcourse.labs.words import Word, Words

# -- state and computation ------------------------------------------------------------------------------------------

FITS, MOST_DEGREE = 20, 12
GRID = np.linspace(-1, 1, 121)
TRUTH = data.curve_truth(GRID)
ENOUGH, FREE, FEW, NOISY = 0.08, 9, 20, 0.3  # the task: bias² + variance, from this degree on, with few, noisy points


@dataclass(frozen=True)
class GhostFitsState(State):
    """degree and λ = 10^log_penalty of the model, points and σ of each sample; which sample is shown, and where on the
    x axis the twenty are compared."""

    degree: int = integer(9, low=1, high=MOST_DEGREE, label="degree", help="Degree of the polynomial")
    points: int = integer(20, low=10, high=100, label="points", help="Points in each sample")
    noise: float = number(0.3, low=0, high=0.6, step=0.05, label="noise σ", help="Standard deviation of y")
    log_penalty: float = number(-3.5, low=-4, high=0, step=0.25, label="log₁₀ λ", help="L2 penalty of the fits")
    x: float = number(0.5, low=-1, high=1, step=0.01, label="look at x", help="Where the twenty are compared")
    sample: int = integer(0, low=0, high=FITS - 1, label="sample", help="The sample that is shown", play=True)


@dataclass(frozen=True)
class GhostFitsResult:
    x: np.ndarray  # (points,) of the sample that is shown
    y: np.ndarray  # (points,)
    curves: np.ndarray  # (20, 121) the fits
    at_x: np.ndarray  # (20,) the fits at state.x
    truth_at_x: float
    bias2: np.ndarray  # (12,) mean over x of (mean of the fits − truth)², for each degree
    variance: np.ndarray  # (12,) mean over x of the variance of the fits

    @property
    def mean(self) -> np.ndarray:
        """(121,) the mean of the twenty fits."""
        return self.curves.mean(axis=0)


@lru_cache(maxsize=16)
def samples(points: int, noise: float) -> tuple[np.ndarray, np.ndarray]:
    """x and y (20, points) of the samples: data.curve with seeds 0 … 19."""
    parts = [data.curve(points, noise, seed) for seed in range(FITS)]
    return tuple(np.stack([np.asarray(part[i], float)[:, 0] for part in parts]) for i in (0, 1))


@lru_cache(maxsize=16)
def fits(points: int, noise: float, log_penalty: float) -> list[np.ndarray]:
    """For each degree from 1 the weights (20, degree + 1) of the fits."""
    x, y = samples(points, noise)
    phi = features(x, MOST_DEGREE).reshape(FITS, points, -1)
    return [ridge(phi[..., : degree + 1], y, 10**log_penalty) for degree in range(1, MOST_DEGREE + 1)]


def bias2_and_variance(curves, truth) -> tuple[float, float]:
    """Of fits (R, G) on a grid against the truth (G,): the mean of (their mean − truth)², and of their variance."""
    return float(((curves.mean(axis=0) - truth) ** 2).mean()), float(curves.var(axis=0).mean())


def compute_ghosts(state: GhostFitsState) -> GhostFitsResult:
    weights = fits(state.points, state.noise, state.log_penalty)
    curves = [w @ features(GRID, w.shape[1] - 1).T for w in weights]
    bias2, variance = np.transpose([bias2_and_variance(c, TRUTH) for c in curves])
    x, y = (a[state.sample] for a in samples(state.points, state.noise))
    at_x = weights[state.degree - 1] @ features(state.x, state.degree)[0]
    truth = float(data.curve_truth(state.x))
    return GhostFitsResult(x, y, curves[state.degree - 1], at_x, truth, bias2, variance)


# -- view -----------------------------------------------------------------------------------------------------------

LOW, HIGH = -3.4, 1.0  # powers of ten on the axis of the errors
DEGREES = np.arange(1, MOST_DEGREE + 1)
PANEL = 300  # pixels: the length of the bar
GHOST = "#A9CDE3"  # BLUE, paler


class GhostFitsView(View):
    size = (840, 400)

    def __init__(self, figure):
        self.plane = axes_at(figure, (46, 30, 386, 278), (-1.02, 1.02), (-2.4, 2.4), "Twenty fits", "x", "y")
        self.plane.set(xticks=[-1, -0.5, 0, 0.5, 1], yticks=[-2, -1, 0, 1, 2])
        self.ghosts = LineCollection([], colors=[GHOST], linewidths=1, zorder=2)
        self.plane.add_collection(self.ghosts)
        (truth,) = self.plane.plot(GRID, TRUTH, color=INK, linewidth=1.5, linestyle=(0, (4, 3)), zorder=5)
        (self.mean,) = self.plane.plot([], [], color=BLUE, linewidth=2.8, zorder=4)
        (self.fit,) = self.plane.plot([], [], color=ORANGE_TEXT, linewidth=1.6, zorder=3)
        (self.dots,) = self.plane.plot([], [], "s", color=ORANGE, markersize=6, markeredgecolor=PAPER, zorder=3)
        self.probe = self.plane.axvline(0, color=GREY, linewidth=1, zorder=1)
        (self.there,) = self.plane.plot([], [], "o", color=BLUE, markersize=5, markerfacecolor=PAPER, zorder=6)
        self._make_legend(figure)
        self._make_chart(figure)
        self._make_sum(figure)
        self.moving = [
            self.ghosts, truth, self.mean, self.fit, self.dots, self.probe, self.there, *self.lines, *self.marks,
            self.noise, self.now, *self.pieces, self.words,
        ]  # fmt: skip

    def _make_legend(self, figure):
        axes = blank_axes(figure, (46, 352, 390, 44))
        entries = (
            ({"color": GHOST, "linewidth": 1.4}, "one of the twenty"),
            ({"color": BLUE, "linewidth": 2.8}, "their mean"),
            ({"color": ORANGE_TEXT, "linewidth": 1.6}, "fit of the sample shown"),
            ({"color": INK, "linewidth": 1.5, "linestyle": (0, (4, 3))}, "truth"),
        )
        for place, (style, text) in enumerate(entries):
            x, y = 190 * (place // 2), 12 + 20 * (place % 2)
            axes.plot([x + 2, x + 26], [y, y], **style)
            axes.text(x + 34, y, text, fontsize=NORMAL, color=INK, va="center")

    def _make_chart(self, figure):
        limits = (0.6, MOST_DEGREE + 0.4), (LOW, HIGH + 0.8)
        self.chart = axes_at(figure, (506, 30, 312, 178), *limits, "Expected error for every degree", "degree")
        self.chart.set_xticks(DEGREES)
        self.chart.set_yticks([-3, -2, -1, 0, 1], ["0.001", "0.01", "0.1", "1", "10"])
        styles = ((BLUE, "-", "o", "bias²"), (ORANGE_TEXT, (0, (5, 2)), "s", "variance"), (INK, "-", "D", "sum"))
        self.lines, self.marks = [], []
        key = blank_axes(figure, (512, 34, 300, 20))
        for place, (colour, style, marker, name) in enumerate(styles):
            self.lines += self.chart.plot([], [], color=colour, linestyle=style, linewidth=2, zorder=3)
            dot = {"color": colour, "markersize": 8, "markeredgecolor": PAPER, "linestyle": ""}
            self.marks += self.chart.plot([], [], marker=marker, zorder=5, **dot)
            key.plot([6 + 84 * place], [10], marker=marker, **dot)
            key.text(16 + 84 * place, 10, name, fontsize=NORMAL, color=INK, va="center")
        key.plot([250, 266], [10, 10], color=GREY, linewidth=1.4, linestyle=(0, (1, 1)))
        key.text(270, 10, "σ²", fontsize=NORMAL, color=INK, va="center")
        self.noise = self.chart.axhline(0, color=GREY, linewidth=1.4, linestyle=(0, (1, 1)), zorder=2)
        self.now = self.chart.axvline(1, color=FAINT, linewidth=1.4, zorder=1)

    def _make_sum(self, figure):
        axes = blank_axes(figure, (506, 256, 326, 136))
        axes.text(0, 8, "Expected squared error on a new point", fontsize=NORMAL, color=INK, va="center")
        colours = ((BLUE, ""), (ORANGE, "//"), (FAINT, ""))
        self.pieces = [
            axes.barh([30], [0], height=20, facecolor=c, edgecolor=PAPER, hatch=h, zorder=2)[0] for c, h in colours
        ]
        self.words = Words(axes)

    def update(self, state, result):
        self.ghosts.set_segments([np.stack([GRID, curve], axis=1) for curve in np.clip(result.curves, -9, 9)])
        self.mean.set_data(GRID, np.clip(result.mean, -9, 9))
        self.fit.set_data(GRID, np.clip(result.curves[state.sample], -9, 9))
        self.dots.set_data(result.x, result.y)
        self.probe.set_xdata([state.x] * 2)
        self.there.set_data([state.x] * FITS, np.clip(result.at_x, -9, 9))
        total = result.bias2 + result.variance + state.noise**2
        for line, mark, values in zip(self.lines, self.marks, (result.bias2, result.variance, total), strict=True):
            heights = np.log10(np.clip(values, 10**LOW, 10**HIGH))
            line.set_data(DEGREES, heights)
            mark.set_data([state.degree], [heights[state.degree - 1]])
        self.noise.set_ydata([2 * np.log10(max(state.noise, 1e-3))] * 2)
        self.now.set_xdata([state.degree] * 2)
        self._update_sum(state, result)

    def _update_sum(self, state, result):
        parts = [result.bias2[state.degree - 1], result.variance[state.degree - 1], state.noise**2]
        left = 0.0
        for piece, part in zip(self.pieces, parts, strict=True):
            width = PANEL * part / max(sum(parts), 1e-12)
            piece.set_x(left)
            piece.set_width(width)
            left += width
        mean, spread = result.at_x.mean(), result.at_x.std()
        bias = mean - result.truth_at_x
        lines = (
            f"bias² {parts[0]:.3f} + variance {parts[1]:.3f} + σ² {parts[2]:.3f} = {sum(parts):.3f}",
            f"At x = {signed(state.x)}: truth {signed(result.truth_at_x)}, mean of the fits {signed(mean)}",
            f"bias {signed(bias)}, spread {signed(spread)}; squared {bias**2:.3f} and {spread**2:.3f}",
        )
        places = (58, 92, 112)
        self.words.update([Word(0, y, text, INK, NORMAL, "left") for y, text in zip(places, lines, strict=True)])

    def handles(self, state, result):
        mean, spread, up = result.at_x.mean(), result.at_x.std(), (0.0, 1.0)
        here = f"x {signed(state.x)}, mean of the fits {signed(mean)}, spread {signed(spread)}"
        compared, degree = "where the fits are compared", f"degree {state.degree}"
        return [
            Handle("x", self.plane, state.x, -2.1, compared, here, "line", (0.05, 0.05), direction=up),
            Handle("degree", self.chart, state.degree, -3.2, "degree", degree, "line", (1.0, 1.0), direction=up),
        ]


# -- lab ------------------------------------------------------------------------------------------------------------


class GhostFitsLab(Lab):
    """Twenty fits of one model to twenty samples: bias and variance as pictures and as numbers."""

    title = "Bias and variance by ghost fits"
    State, View, compute = GhostFitsState, GhostFitsView, staticmethod(compute_ghosts)
    presets = {
        "Bias: twenty stiff fits agree, and are wrong": {"degree": 1, "x": -0.7},
        "Variance: right on average, each one wild": {"degree": 12, "log_penalty": -4.0},
        "In between": {"degree": 4},
        "More data: less variance, the same bias": {"degree": 9, "points": 100},
        "A penalty: more bias for less variance": {"degree": 12, "log_penalty": -1.0},
        "No noise: hardly any variance": {"degree": 9, "points": 40, "noise": 0.0},
    }

    def moved(self, gesture: Gesture):
        if gesture.handle == "x":
            return self.State.nearest(x=gesture.x)
        return {"degree": round(min(max(gesture.x, 1), MOST_DEGREE))}

    def describe(self, state, result):
        bias2, variance = result.bias2[state.degree - 1], result.variance[state.degree - 1]
        which = "bias" if bias2 > 2 * variance else "variance" if variance > 2 * bias2 else "neither alone"
        total = result.bias2 + result.variance
        return (
            f"Twenty fits of degree {state.degree} to {state.points} points each, σ = {state.noise:g}, "
            f"λ = 10^{signed(state.log_penalty).rstrip('0').rstrip('.')}: bias² {bias2:.3f}, variance {variance:.3f}, "
            f"noise {state.noise**2:.3f}. The trouble is {which}; the best degree here is {int(total.argmin()) + 1}."
        )

    def judge(self, state, result):
        left = result.bias2[state.degree - 1] + result.variance[state.degree - 1]
        task = (
            f"With degree {FREE} or more, at most {FEW} points and σ of at least {NOISY}, bring bias² + variance to "
            f"{ENOUGH} or less."
        )
        verdict = f"bias² + variance = {left:.3f}."
        allowed = state.degree >= FREE and state.points <= FEW and state.noise >= NOISY
        if not allowed:
            verdict += " But the degree is lower, or the samples are larger or less noisy, than allowed."
        return Goal(task, verdict, allowed and left <= ENOUGH)

    def code(self, state):
        return (
            f"import numpy as np\n\nfrom dlcourse import data\n\n"
            f"degree, penalty = {state.degree}, {10**state.log_penalty:.6g}\n"
            f"grid = np.linspace(-1, 1, {len(GRID)})\n"
            f"features = np.polynomial.legendre.legvander\n"
            f"curves = []\n"
            f"for seed in range({FITS}):\n"
            f"    x, y = (a.astype(float) for a in data.curve({state.points}, {state.noise}, seed))\n"
            f"    phi = features(x[:, 0], degree)\n"
            f"    w = np.linalg.solve(phi.T @ phi / len(x) + penalty * np.eye(degree + 1), phi.T @ y / len(x))\n"
            f"    curves.append(engine.tensor(features(grid, degree)) @ engine.tensor(w[:, 0]))\n\n"
            f"curves, truth = engine.stack(curves), engine.tensor(data.curve_truth(grid))\n"
            f"bias2 = ((curves.mean(0) - truth) ** 2).mean()\n"
            f"variance = ((curves - curves.mean(0)) ** 2).mean()\n"
            f"output = engine.stack([bias2, variance])\n"
            f"print([round(part, 3) for part in output.tolist()])  # bias² and variance"
        )
