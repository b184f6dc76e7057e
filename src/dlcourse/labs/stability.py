"""StabilityLab: learning rate and momentum as one point on a plane, and how fast that point goes down a ravine.

On f(x, y) = (λ₁x² + λ₂y²)/2 the two directions never meet. In each, gradient descent with momentum multiplies the
error by the roots z of a quadratic equation: z² − (1 + β − αλ)z + β = 0, and for Nesterov's form
z² − (1 + β)(1 − αλ)z + β(1 − αλ) = 0. The largest |z| over both directions is the rate of convergence ρ (Polyak 1964).
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from dlcourse.labs.base import Goal, Lab, View
from dlcourse.labs.drawing import Field, axes_at, blank_axes
from dlcourse.labs.live import Gesture, Handle
from dlcourse.labs.palette import BLUE, GREY, INK, NORMAL, ORANGE_TEXT, PAPER, SMALL
from dlcourse.labs.relief import Relief
from dlcourse.labs.settings import State, choice, integer, number
from dlcourse.labs.words import Word, Words

# -- state and computation ------------------------------------------------------------------------------------------

STEPS = 100
HEAVY, NESTEROV = "momentum", "Nesterov"
WIDEST = 4.2  # of the rate; momentum is stable up to 4


@dataclass(frozen=True)
class StabilityState(State):
    """rate α with the larger curvature λ₂ = 1, so that α is αλ₂; λ₁ = 1/κ. momentum β. step counts updates."""

    condition: int = choice(25, (1, 4, 10, 25, 100), label="condition κ", help="λ₂ / λ₁: how narrow the ravine is")
    method: str = choice(HEAVY, (HEAVY, NESTEROV), label="method")
    rate: float = number(1.0, low=0.0, high=WIDEST, step=0.02, label="rate α")
    beta: float = number(0.0, low=0.0, high=0.99, step=0.01, label="momentum β")
    step: int = integer(40, low=0, high=STEPS, label="step", help="Updates made so far", play=True)


@dataclass(frozen=True)
class StabilityResult:
    path: np.ndarray  # (STEPS + 1, 2) from (1, 1)
    error: np.ndarray  # (STEPS + 1,) distance from the minimum
    predicted: float  # ρ, from the roots
    measured: float  # the mean factor a step over the second half of the run, from positions alone
    plain: float  # the best ρ without momentum, (κ − 1)/(κ + 1)
    best: float  # the best ρ of this method
    best_point: tuple[float, float]  # its (α, β)


def rho(rate, beta, curvature, method: str = HEAVY):
    """Largest |z| of the roots for one curvature λ; arrays are welcome. ρ < 1 converges."""
    kept = 1 - rate * curvature
    total, product = ((1 + beta) * kept, beta * kept) if method == NESTEROV else (beta + kept, beta + 0 * kept)
    under = total * total / 4 - product  # the root; below 0 the two z are a complex pair of size √product
    return np.where(under < 0, np.sqrt(np.abs(product)), np.abs(total) / 2 + np.sqrt(np.maximum(under, 0)))


def best_point(condition: float, method: str = HEAVY) -> tuple[float, float]:
    """(α, β) with the smallest ρ, for curvatures 1/κ and 1 (Polyak 1964; Lessard, Recht & Packard 2016)."""
    if method == NESTEROV:
        s = np.sqrt(3 * condition + 1)
        return 4 / (3 + 1 / condition), (s - 2) / (s + 2)
    s = np.sqrt(condition)
    return (2 / (1 + 1 / s)) ** 2, ((s - 1) / (s + 1)) ** 2


def widest(beta, method: str = HEAVY):
    """The largest αλ that does not diverge: 2 + 2β; for Nesterov's form (2 + 2β)/(1 + 2β)."""
    return (2 + 2 * beta) / (1 + 2 * beta if method == NESTEROV else 1)


def compute_stability(state: StabilityState) -> StabilityResult:
    curvatures = np.array([1 / state.condition, 1.0])
    path = descend(state, curvatures, STEPS)
    error = np.hypot(*path.T)
    alpha, beta = best_point(state.condition, state.method)
    return StabilityResult(
        path, error,
        predicted=float(max(rho(state.rate, state.beta, c, state.method) for c in curvatures)),
        measured=measured_rate(descend(state, curvatures, 8 * STEPS)),
        plain=(state.condition - 1) / (state.condition + 1),
        best=float(max(rho(alpha, beta, c, state.method) for c in curvatures)),
        best_point=(alpha, beta),
    )  # fmt: skip


def descend(state: StabilityState, curvatures: np.ndarray, steps: int) -> np.ndarray:
    """(steps + 1, 2) positions from (1, 1), just as `engine.optim.SGD` goes."""
    look = state.beta if state.method == NESTEROV else None
    paths = []
    for curvature in curvatures.tolist():
        w, v, path = 1.0, 0.0, [1.0]
        for _ in range(steps):
            g = curvature * w
            v = state.beta * v + g
            w -= state.rate * (v if look is None else g + look * v)
            path.append(w)
        paths.append(path)
    return np.array(paths).T


def measured_rate(path: np.ndarray) -> float:
    """The factor by which the error shrinks a step, from (steps + 1, 2) positions.

    Two neighbouring positions together, since a swinging run passes the minimum; and only while the numbers are large
    enough to have all their digits. 0 if the minimum was hit exactly.
    """
    size = np.hypot(np.abs(path[1:]).max(axis=1), np.abs(path[:-1]).max(axis=1))
    if size[-1] == 0 and (size > 0).sum() < 4:
        return 0.0
    last = int(np.flatnonzero((size > 1e-250) & (size < 1e250))[-1])
    first = last // 2
    return float(np.exp((np.log(size[last]) - np.log(size[first])) / (last - first)))


@lru_cache(maxsize=16)
def plane(condition: int, method: str) -> np.ndarray:
    """ρ over the plane of rate (columns) and momentum (rows): (300, 330)."""
    rates, betas = np.meshgrid(np.linspace(0, WIDEST, 330), np.linspace(0, 1, 300))
    return np.maximum(rho(rates, betas, 1.0, method), rho(rates, betas, 1 / condition, method))


# -- view -----------------------------------------------------------------------------------------------------------

REACH = 1.25
BAND = 0.025  # of ρ that share a shade: their edges are contour lines
LOWEST, HIGHEST = -8, 4  # powers of ten on the error's axis


class StabilityView(View):
    size = (840, 400)

    def __init__(self, figure):
        self.plane = axes_at(
            figure, (48, 30, 330, 300), (0, WIDEST), (0, 1), "Which points converge?", "rate α · λ₂", "momentum β"
        )
        self.field = Field(self.plane, smooth=False)
        (self.edge,) = self.plane.plot([], [], color=INK, linewidth=2, zorder=2)
        (self.best,) = self.plane.plot([], [], "D", color=PAPER, markeredgecolor=INK, markersize=9, zorder=3)
        (self.plain,) = self.plane.plot(
            [], [], "^", color=PAPER, markeredgecolor=INK, markersize=10, zorder=3, clip_on=False
        )
        (self.point,) = self.plane.plot(
            [], [], "o", color=ORANGE_TEXT, markeredgecolor=PAPER, markersize=11, zorder=4, clip_on=False
        )
        self.diverges = Words(self.plane)
        key = blank_axes(figure, (48, 366, 330, 32))
        words = "blue fast · white slow · orange diverges\n◇ best with momentum   △ best without"
        key.text(0, 18, words, fontsize=SMALL, color=GREY, va="center", linespacing=1.4)
        self._make_path(figure)
        self._make_errors(figure)
        self._drawn = None
        self.moving = [
            self.field, self.edge, self.best, self.plain, self.point, self.diverges, self.relief, self.path, self.here,
            self.errors, self.slope, self.now, self.numbers,
        ]  # fmt: skip

    def _make_path(self, figure):
        limits = (-REACH, REACH)
        self.ravine = axes_at(figure, (436, 30, 384, 138), limits, limits, "The way down", "", "")
        self.ravine.set(xticks=[-1, 0, 1], yticks=[-1, 0, 1])
        self.relief = Relief(self.ravine)
        self.ravine.plot([0], [0], "*", color=PAPER, markeredgecolor=INK, markersize=12, zorder=2)
        (self.path,) = self.ravine.plot([], [], color=BLUE, linewidth=1.4, marker="o", markersize=3, zorder=3)
        (self.here,) = self.ravine.plot([], [], "o", color=ORANGE_TEXT, markeredgecolor=PAPER, markersize=9, zorder=4)

    def _make_errors(self, figure):
        self.chart = axes_at(
            figure, (436, 212, 230, 130), (0, STEPS), (LOWEST, HIGHEST), "Distance from the minimum", "step"
        )
        self.chart.set_yticks([-8, -4, 0, 4], ["10⁻⁸", "10⁻⁴", "1", "10⁴"])
        (self.errors,) = self.chart.plot([], [], color=BLUE, linewidth=1.6)
        (self.slope,) = self.chart.plot([], [], color=ORANGE_TEXT, linewidth=1.6, linestyle=(0, (5, 3)))
        (self.now,) = self.chart.plot([], [], "o", color=ORANGE_TEXT, markeredgecolor=PAPER, markersize=8, zorder=4)
        words = blank_axes(figure, (676, 212, 160, 160))
        self.numbers = Words(words)
        rows = ((BLUE, "-", "measured"), (ORANGE_TEXT, (0, (5, 3)), "predicted"), (None, "-", "best with any β"),
                (None, "-", "best with β = 0"))  # fmt: skip
        for row, (colour, style, name) in enumerate(rows):
            if colour:
                words.plot([2, 24], [8 + 38 * row] * 2, color=colour, linewidth=1.6, linestyle=style)
            words.text(30, 8 + 38 * row, name, fontsize=NORMAL, color=GREY, va="center")

    def update(self, state, result):
        if self._drawn != (state.condition, state.method):
            self._draw_plane(state, result)
            self._drawn = (state.condition, state.method)
        self.point.set_data([state.rate], [state.beta])
        seen = np.clip(result.path[: state.step + 1], -50, 50)
        self.path.set_data(*seen.T)
        self.here.set_data(*seen[-1:].T)
        with np.errstate(divide="ignore"):
            logs = np.clip(np.log10(result.error), LOWEST - 9, HIGHEST + 9)
        steps = np.arange(STEPS + 1)
        self.errors.set_data(steps, logs)
        fall = np.log10(max(result.predicted, 1e-9))
        self.slope.set_data(steps, np.clip(logs[0] + fall * steps, LOWEST - 9, HIGHEST + 9))
        self.now.set_data([state.step], logs[[state.step]])
        lines = (result.measured, result.predicted, result.best, result.plain)
        self.numbers.update(Word(30, 24 + 38 * i, f"{value:.3f} a step", align="left") for i, value in enumerate(lines))

    def _draw_plane(self, state, result):
        values = plane(state.condition, state.method)
        bands = np.floor(values / BAND + 1e-6) * BAND
        self.field.update(np.where(values < 1 + 1e-9, bands**3 / 2, 1.0))  # blue to white, then orange at once
        betas = np.linspace(0, 1, 50)
        self.edge.set_data(widest(betas, state.method), betas)
        self.best.set_data(*([z] for z in result.best_point))
        self.plain.set_data([2 / (1 + 1 / state.condition)], [0])
        self.diverges.update([Word(*((3.55, 0.2) if state.method == HEAVY else (3.1, 0.6)), "diverges")])
        axis = np.linspace(-REACH, REACH, 100)
        x, y = np.meshgrid(axis, axis)
        self.relief.show(x * x / state.condition + y * y)

    def handles(self, state, result):
        words = f"rate {state.rate:.2f}, momentum {state.beta:.2f}"
        return [Handle("point", self.plane, state.rate, state.beta, "rate and momentum", words, step=(0.02, 0.01))]


# -- lab ------------------------------------------------------------------------------------------------------------


class StabilityLab(Lab):
    """Rate and momentum on one plane: where it converges, and how fast. Drag the point."""

    title = "Learning rate and momentum"
    State, View, compute = StabilityState, StabilityView, staticmethod(compute_stability)
    presets = {
        "Plain gradient descent, cautious": {"rate": 0.5},
        "Plain, at its best: it swings across the ravine": {"rate": 1.92},
        "Beyond 2: plain diverges": {"rate": 2.04, "step": STEPS},
        "With momentum the same rate converges": {"rate": 2.04, "beta": 0.4, "step": STEPS},
        "Too much momentum circles the minimum": {"rate": 1.0, "beta": 0.95, "step": STEPS},
        "Nesterov's form allows smaller rates": {"method": NESTEROV, "rate": 2.04, "beta": 0.4, "step": 20},
        "κ = 1: a bowl needs one step": {"condition": 1, "rate": 1.0, "step": 1},
    }

    def describe(self, state, result):
        limit = widest(state.beta, state.method)
        stable = f"stable below {limit:.2f}"
        fate = "converges" if result.predicted < 1 - 1e-9 else "does not converge"
        return (
            f"κ = {state.condition}, {state.method}, α·λ₂ = {state.rate:.2f} ({stable}), β = {state.beta:.2f}: "
            f"it {fate}. Predicted factor {result.predicted:.3f} a step, measured {result.measured:.3f}."
        )

    def judge(self, state, result):
        task = (
            f"Move the point until a step leaves at most {result.best + 0.03:.3f} of the error: no more than 0.03 "
            f"above the best that {state.method} can do."
        )
        verdict = f"A step leaves {result.predicted:.3f} of the error; the best is {result.best:.3f}."
        return Goal(task, verdict, bool(result.predicted <= result.best + 0.03))

    def moved(self, gesture: Gesture):
        return self.state.nearest(rate=gesture.x, beta=gesture.y)

    def code(self, state):
        extra = "" if state.beta == 0 else f", momentum={state.beta}"
        extra += ", nesterov=True" if state.beta and state.method == NESTEROV else ""
        return (
            f"w = engine.tensor([1.0, 1.0], dtype=engine.float64, requires_grad=True)\n"
            f"curvatures = engine.tensor([{1 / state.condition}, 1.0], dtype=engine.float64)\n"
            f"optimizer = engine.optim.SGD([w], lr={state.rate}{extra})\n\n"
            f"for _ in range({state.step}):\n"
            f"    optimizer.zero_grad()\n    ((curvatures * w**2).sum() / 2).backward()\n    optimizer.step()\n"
            f"output = w.detach()\n"
            f"print('distance from the minimum', round((output**2).sum().item() ** 0.5, 6))"
        )
