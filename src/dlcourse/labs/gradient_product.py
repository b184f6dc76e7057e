"""ProductLab: a recurrent network of one unit, and the product that a gradient has to pass through.

h_t = f(w h_{t−1} + x_t), loss = (h_40 − 0.7)²/2. Going back from step T to step t, the gradient is multiplied by w f′
at every step: ∂h_T/∂h_t = Π w f′(z_s), s = t + 1 … T, where f′ = 1 − h² for tanh. The slope for w is the sum over t of
(h_T − 0.7) · ∂h_T/∂h_t · f′(z_t) h_{t−1}.
"""

from dataclasses import dataclass

import numpy as np

from dlcourse.labs.base import Goal, Lab, View
from dlcourse.labs.drawing import axes_at, blank_axes
from dlcourse.labs.live import Gesture, Handle
from dlcourse.labs.palette import BLUE, FAINT, GREY, INK, NORMAL, ORANGE_TEXT, PAPER, SMALL
from dlcourse.labs.settings import State, choice, integer, number
from dlcourse.labs.words import Word, Words

# -- state and computation ------------------------------------------------------------------------------------------

STEPS, FIRST, TARGET, RATE = 40, 0.5, 0.7, 0.3
SILENCE, PULL, NOISE = "silence", "a steady pull down", "noise"
INPUTS = {
    SILENCE: np.zeros(STEPS),
    PULL: np.full(STEPS, -0.1),
    NOISE: np.round(np.random.default_rng(4).normal(scale=0.5, size=STEPS), 2),
}
CLIPS = {"off": np.inf, "at 10": 10.0, "at 1": 1.0, "at 0.1": 0.1}
WIDEST = 2.5  # of |w|


@dataclass(frozen=True)
class ProductState(State):
    """h starts at 0.5. truncate: only so many last steps send a gradient. clip: the longest gradient that is used."""

    w: float = number(0.8, low=-WIDEST, high=WIDEST, step=0.02, label="weight w")
    inputs: str = choice(SILENCE, INPUTS, label="inputs x")
    function: str = choice("tanh", ("tanh", "identity"), label="function f")
    truncate: int = integer(STEPS, low=1, high=STEPS, label="steps back", help="Truncation: how far gradients go back")
    clip: str = choice("off", CLIPS, label="clip gradient")


@dataclass(frozen=True)
class ProductResult:
    h: np.ndarray  # (41,) from h_0
    factors: np.ndarray  # (40,) w f′ of steps 1 … 40
    product: np.ndarray  # (41,) ∂h_40/∂h_t, whole
    reach: np.ndarray  # (41,) the same, 0 where truncation has cut it
    loss: float
    full: float  # ∂loss/∂w of all steps
    gradient: float  # the same after truncation
    used: float  # the same after clipping, too
    curve: np.ndarray  # (251,) loss over W_AXIS

    @property
    def factor(self) -> float:
        """The mean factor a step, geometric."""
        return abs(self.product[0]) ** (1 / STEPS)


W_AXIS = np.linspace(-WIDEST, WIDEST, 251)


def run(w, x: np.ndarray, function: str) -> np.ndarray:
    """h_0 … h_40 (41, …) for a weight or an array of weights."""
    h = np.full((STEPS + 1, *np.shape(w)), FIRST)
    for t in range(STEPS):
        z = w * h[t] + x[t]
        h[t + 1] = np.tanh(z) if function == "tanh" else z
    return h


def compute_product(state: ProductState) -> ProductResult:
    x = INPUTS[state.inputs]
    h = run(state.w, x, state.function)
    slope = 1 - h[1:] ** 2 if state.function == "tanh" else np.ones(STEPS)
    factors = state.w * slope
    product = np.append(np.cumprod(factors[::-1])[::-1], 1.0)
    error = h[-1] - TARGET
    parts = error * product[1:] * slope * h[:-1]  # what each step adds to ∂loss/∂w
    gradient = float(parts[STEPS - state.truncate :].sum())
    limit = CLIPS[state.clip]
    back = STEPS - np.arange(STEPS + 1)
    return ProductResult(
        h, factors, product, np.where(back <= state.truncate, product, 0.0), float(error**2 / 2), float(parts.sum()),
        gradient, float(np.clip(gradient, -limit, limit)), (run(W_AXIS, x, state.function)[-1] - TARGET) ** 2 / 2,
    )  # fmt: skip


# -- view -----------------------------------------------------------------------------------------------------------

LOWEST, HIGHEST = -12, 12  # powers of ten
HIGHEST_LOSS = 1.5


class ProductView(View):
    size = (840, 410)

    def __init__(self, figure):
        self.states = axes_at(figure, (52, 28, 420, 100), (-0.5, STEPS + 0.5), (-1.6, 1.6), "The state h, step by step")
        self.states.tick_params(labelbottom=False)
        self.states.axhline(0, color=FAINT, linewidth=1)
        self.states.axhline(TARGET, color=GREY, linewidth=1, linestyle=(0, (4, 3)))
        self.states.text(STEPS, TARGET + 0.12, "target 0.7", fontsize=SMALL, color=GREY, ha="right")
        (self.h,) = self.states.plot([], [], color=BLUE, linewidth=1.6, marker="o", markersize=3.5)
        self._make_products(figure)
        self._make_loss(figure)
        self.moving = [self.h, self.whole, self.reach, self.cut, self.words, self.curve, self.step, self.point,
                       self.end, self.numbers]  # fmt: skip

    def _make_products(self, figure):
        title = "Going back from h₄₀: the running product Π w(1 − h²)"
        self.chart = axes_at(figure, (52, 160, 420, 208), (-0.5, STEPS + 0.5), (LOWEST, HIGHEST), title, "step t")
        self.chart.set_yticks([-12, -6, 0, 6, 12], ["10⁻¹²", "10⁻⁶", "1", "10⁶", "10¹²"])
        self.chart.axhspan(-1, 1, color=FAINT, alpha=0.6, linewidth=0)
        self.chart.axhline(0, color=GREY, linewidth=1)
        (self.whole,) = self.chart.plot([], [], color=GREY, linewidth=1.2, linestyle=(0, (2, 2)))
        (self.reach,) = self.chart.plot([], [], color=ORANGE_TEXT, linewidth=1.8, marker="o", markersize=4)
        (self.cut,) = self.chart.plot([], [], color=INK, linewidth=1.2, linestyle=(0, (5, 3)))
        self.words = Words(self.chart)

    def _make_loss(self, figure):
        limits = (-WIDEST, WIDEST), (0, HIGHEST_LOSS)
        self.slope = axes_at(figure, (528, 28, 292, 206), *limits, "The loss over w, and one step down", "weight w")
        (self.curve,) = self.slope.plot([], [], color=INK, linewidth=1.6)
        (self.step,) = self.slope.plot([], [], color=ORANGE_TEXT, linewidth=2.4)
        (self.end,) = self.slope.plot([], [], ">", color=ORANGE_TEXT, markersize=9)
        (self.point,) = self.slope.plot([], [], "o", color=BLUE, markeredgecolor=PAPER, markersize=11, zorder=4)
        page = blank_axes(figure, (528, 276, 300, 130))
        rows = (
            "∂h₄₀/∂h₀, the product", "mean factor a step", "∂loss/∂w, all steps", "∂loss/∂w, as truncated",
            "∂loss/∂w, as clipped", f"w after the step, at rate {RATE}",
        )  # fmt: skip
        for row, words in enumerate(rows):
            page.text(0, 10 + 20 * row, words, fontsize=NORMAL, color=GREY, va="center")
        self.numbers = Words(page)

    def update(self, state, result):
        steps = np.arange(STEPS + 1)
        self.h.set_data(steps, np.clip(result.h, -9, 9))
        self.whole.set_data(steps, _logs(result.product))
        self.reach.set_data(steps, np.where(result.reach == 0, np.nan, _logs(result.reach)))
        edge = STEPS - state.truncate - 0.5
        self.cut.set_data([edge, edge], [LOWEST, HIGHEST] if state.truncate < STEPS else [np.nan, np.nan])
        words = [Word(20, HIGHEST - 2.2, _fate(result.product[0]), INK, NORMAL)]
        if state.truncate < STEPS:
            words.append(Word(max(edge, 1) + 0.6, LOWEST + 2, "← cut", INK, SMALL, "left"))
        self.words.update(words)
        self._show_loss(state, result)

    def _show_loss(self, state, result):
        self.curve.set_data(W_AXIS, np.minimum(result.curve, 9))
        height = min(result.loss, HIGHEST_LOSS * 0.97)
        target = float(np.clip(state.w - RATE * result.used, -2 * WIDEST, 2 * WIDEST))
        shown = float(np.clip(target, -WIDEST * 0.985, WIDEST * 0.985))
        self.step.set_data([state.w, shown], [height, height])
        self.end.set_data([shown], [height])
        self.end.set_marker("<" if target < state.w else ">")
        self.point.set_data([state.w], [height])
        after = state.w - RATE * result.used
        values = (result.product[0], result.factor, result.full, result.gradient, result.used, after)
        self.numbers.update(Word(284, 10 + 20 * r, short(v), INK, NORMAL, "right") for r, v in enumerate(values))

    def handles(self, state, result):
        height = min(result.loss, HIGHEST_LOSS * 0.97)
        words = f"w = {state.w:.2f}, loss {short(result.loss)}"
        return [Handle("w", self.slope, state.w, height, "weight w", words, step=(0.02, 0.02))]


def _logs(product: np.ndarray) -> np.ndarray:
    """log₁₀ |product|, within what can be drawn."""
    with np.errstate(divide="ignore"):
        return np.clip(np.log10(np.abs(product)), LOWEST - 1, HIGHEST + 1)


def _fate(product: float) -> str:
    size = abs(product)
    return "explodes" if size > 10 else "arrives" if size >= 0.1 else "vanishes"


def short(value: float) -> str:
    """A number in at most eight characters, with a true minus sign."""
    size = abs(value)
    text = f"{value:.3f}" if 1e-3 <= size < 1000 else "0" if size == 0 else f"{value:.1e}"
    return text.replace("e-0", "e-").replace("e+0", "e").replace("e+", "e").replace("-", "−")


# -- lab ------------------------------------------------------------------------------------------------------------


class ProductLab(Lab):
    """One recurrent unit over forty steps: does a gradient vanish, explode or arrive? Drag w along the loss."""

    title = "The product behind vanishing and exploding gradients"
    State, View, compute = ProductState, ProductView, staticmethod(compute_product)
    presets = {
        "w = 0.8: the gradient vanishes": {},
        "identity and w = 1.5: it explodes": {"w": 1.5, "function": "identity"},
        "tanh tames the state, and the gradient with it": {"w": 1.5},
        "A cliff: one step too far": {"w": 1.5, "inputs": NOISE},
        "The same cliff, clipped": {"w": 1.5, "inputs": NOISE, "clip": "at 1"},
        "Truncated: only five steps are seen": {"w": 1.0, "function": "identity", "truncate": 5},
        "Noise saturates, and saturation forgets": {"w": 1.2, "inputs": NOISE},
    }

    def describe(self, state, result):
        seen = "" if state.truncate == STEPS else f" Only the last {state.truncate} steps send a gradient."
        return (
            f"w = {state.w:.2f}, {state.inputs}, {state.function}: the product over forty steps is "
            f"{short(result.product[0])}, {short(result.factor)} a step; it {_fate(result.product[0])}.{seen} "
            f"The slope for w is {short(result.gradient)}, and {short(result.used)} is used."
        ).replace("-", "−")

    def judge(self, state, result):
        task = "Let the end feel the start: bring ∂h₄₀/∂h₀ between 0.1 and 10."
        verdict = f"∂h₄₀/∂h₀ = {short(result.product[0])}: the gradient {_fate(result.product[0])}."
        return Goal(task, verdict, _fate(result.product[0]) == "arrives")

    def moved(self, gesture: Gesture):
        return self.state.nearest(w=gesture.x)

    def code(self, state):
        f = "z.tanh()" if state.function == "tanh" else "z"
        limit = CLIPS[state.clip]
        clip = "" if limit == np.inf else f"engine.nn.utils.clip_grad_norm_([w], {limit})\n"
        cut = "" if state.truncate == STEPS else f"    h = h.detach() if t == {STEPS - state.truncate} else h\n"
        return (
            f"w = engine.tensor({state.w}, dtype=engine.float64, requires_grad=True)\n"
            f"h = engine.tensor({FIRST}, dtype=engine.float64)\n"
            f"for t, x in enumerate({INPUTS[state.inputs].tolist()}):\n{cut}"
            f"    z = w * h + x\n    h = {f}\n"
            f"((h - {TARGET}) ** 2 / 2).backward()\n{clip}"
            f"output = w.grad\nprint('∂loss/∂w that is used:', float(f'{{w.grad.item():.4g}}'))"
        )
