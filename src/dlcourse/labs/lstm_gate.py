"""LstmGateLab: one LSTM cell over sixty steps, whose gates can be taken out of its hands.

c_t = f·c_{t−1} + i·g and h_t = o·tanh(c_t), where i, f, o = σ(…) and g = tanh(…) of the input and of h_{t−1}
(Hochreiter & Schmidhuber 1997; forget gate: Gers, Schmidhuber & Cummins 2000). Between two steps the gates that the
learner clamps are what the learner says.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np

import dlcourse.reference as engine
from dlcourse.labs.base import Goal, Lab, View
from dlcourse.labs.drawing import axes_at, blank_axes
from dlcourse.labs.live import Gesture, Handle
from dlcourse.labs.palette import BLUE, FAINT, GREEN, GREY, INK, NORMAL, ORANGE_TEXT, SMALL
from dlcourse.labs.settings import State, choice, integer, number
from dlcourse.labs.words import Word, Words

# -- state and computation ------------------------------------------------------------------------------------------

STEPS, MARKED, HOLD = 60, 5, 50  # the number at step 5 is to be remembered until step 55
FREE = "free"
CLAMPS = {FREE: None, "0": 0.0, "0.5": 0.5, "0.9": 0.9, "0.99": 0.99, "1": 1.0}
W_IH = [[0.3, 5.0], [-0.2, 0.4], [1.5, 0.0], [0.4, 0.2]]  # rows i, f, g, o; columns number, mark
W_HH = [0.3, -0.4, 0.2, 0.5]
SHUT = -2.0  # bias of the input gate: open at the mark only


@dataclass(frozen=True)
class LstmGateState(State):
    """value: the marked number. A clamp holds at the steps first … last. forget_bias is added inside f's sigmoid."""

    value: float = number(0.9, low=-1, high=1, step=0.05, label="number", help="Input at step 5, the marked one")
    forget: str = choice(FREE, CLAMPS, label="forget gate f")
    input: str = choice(FREE, CLAMPS, label="input gate i")
    output: str = choice(FREE, CLAMPS, label="output gate o")
    forget_bias: float = number(0.0, low=-2, high=6, step=0.25, label="bias of f")
    first: int = integer(6, low=1, high=STEPS, label="clamp from", help="First step at which the clamps hold")
    last: int = integer(55, low=1, high=STEPS, label="clamp to", help="Last step at which the clamps hold")


@dataclass(frozen=True)
class LstmGateResult:
    x: np.ndarray  # (60, 2) number, mark
    gates: np.ndarray  # (60, 4) i, f, g, o as they acted
    c: np.ndarray  # (61,) from c_0 = 0
    h: np.ndarray  # (61,)

    @property
    def kept(self) -> float:
        """c at step 55 as a share of c at step 5."""
        return float(self.c[MARKED + HOLD] / self.c[MARKED]) if self.c[MARKED] else 0.0

    @property
    def worst(self) -> float:
        """The largest change of c from step 5 to step 55, as a share of c at step 5."""
        held, start = self.c[MARKED : MARKED + HOLD + 1], self.c[MARKED]
        return float(np.abs(held - start).max() / abs(start)) if start else np.inf

    @property
    def passed(self) -> float:
        """∂c_55/∂c_5 along the cell: the product of the forget gates between."""
        return float(self.gates[MARKED : MARKED + HOLD, 1].prod())


@cache
def noise() -> np.ndarray:
    """(60,) the numbers that are not to be remembered."""
    return np.round(np.random.default_rng(8).normal(scale=0.5, size=STEPS), 2)


def inputs(value: float) -> np.ndarray:
    """(60, 2): noise, and at step 5 the value with its mark."""
    x = np.stack([noise(), np.zeros(STEPS)], axis=1)
    x[MARKED - 1] = value, 1
    return x


def biases(state: LstmGateState) -> list[float]:
    """Of i, f, g, o."""
    return [SHUT, state.forget_bias, 0.0, 0.0]


def clamps(state: LstmGateState) -> dict[int, float]:
    """Row of the gate -> what it is clamped to."""
    chosen = {0: state.input, 1: state.forget, 3: state.output}
    return {row: CLAMPS[name] for row, name in chosen.items() if name != FREE}


def compute_lstm_gate(state: LstmGateState) -> LstmGateResult:
    x, held = inputs(state.value), clamps(state)
    tensors = [engine.tensor(values, dtype=engine.float64) for values in (x, W_IH, W_HH, biases(state))]
    x_, w, u, bias = tensors
    from_inputs = (x_ @ w.T + bias).numpy()  # (60, 4)
    u, gates, c, h = u.numpy(), np.empty((STEPS, 4)), np.zeros(STEPS + 1), np.zeros(STEPS + 1)
    for t in range(STEPS):
        z = from_inputs[t] + u * h[t]
        gates[t] = 1 / (1 + np.exp(-z))
        gates[t, 2] = np.tanh(z[2])
        if state.first <= t + 1 <= state.last:
            gates[t, list(held)] = list(held.values())
        c[t + 1] = gates[t, 1] * c[t] + gates[t, 0] * gates[t, 2]
        h[t + 1] = gates[t, 3] * np.tanh(c[t + 1])
    return LstmGateResult(x, gates, c, h)


# -- view -----------------------------------------------------------------------------------------------------------

SERIES = ((0, "input i", BLUE, "-"), (1, "forget f", ORANGE_TEXT, "-"), (3, "output o", GREEN, (0, (4, 2))))
HIGHEST = 2.4  # of |c|


class LstmGateView(View):
    size = (840, 412)

    def __init__(self, figure):
        steps = (0.2, STEPS + 0.8)
        self.input = axes_at(figure, (52, 28, 640, 70), steps, (-1.6, 1.6), "Inputs: the marked number, then noise")
        self.cell = axes_at(
            figure, (52, 132, 640, 118), steps, (-HIGHEST, HIGHEST), "The cell c, and what it lets out, h"
        )
        self.gate = axes_at(figure, (52, 284, 640, 92), steps, (-0.06, 1.06), "The gates", "step t")
        self.spans = []
        for axes in (self.input, self.cell, self.gate):
            self.spans.append(axes.axvspan(0, 1, color=FAINT, alpha=0.55, linewidth=0, zorder=0.3))
            if axes is not self.gate:
                axes.tick_params(labelbottom=False)
                axes.axhline(0, color=FAINT, linewidth=1)
        colours = np.where(np.arange(1, STEPS + 1) == MARKED, ORANGE_TEXT, GREY)
        self.numbers = self.input.vlines(range(1, STEPS + 1), 0, np.zeros(STEPS), color=colours, linewidth=4)
        (self.c,) = self.cell.plot([], [], color=ORANGE_TEXT, linewidth=2.2)
        (self.h,) = self.cell.plot([], [], color=BLUE, linewidth=1.5, linestyle=(0, (3, 1.5)))
        (self.start,) = self.cell.plot([], [], color=GREY, linewidth=1, linestyle=(0, (4, 3)))
        self.lines = [self.gate.plot([], [], color=colour, linestyle=style, linewidth=1.8)[0]
                      for _, _, colour, style in SERIES]  # fmt: skip
        self._legend(figure)
        self.moving = [*self.spans, self.numbers, self.c, self.h, self.start, *self.lines, self.words]

    def _legend(self, figure) -> None:
        page = blank_axes(figure, (700, 20, 140, 380))
        rows = [(116, "c, the cell", ORANGE_TEXT, "-"), (138, "h = o·tanh c", BLUE, (0, (3, 1.5)))]
        rows += [(276 + 22 * row, name, colour, style) for row, (_, name, colour, style) in enumerate(SERIES)]
        for y, name, colour, style in rows:
            page.plot([6, 30], [y, y], color=colour, linestyle=style, linewidth=2)
            page.text(38, y, name, fontsize=NORMAL, color=INK, va="center")
        page.text(6, 350, "grey: clamped", fontsize=SMALL, color=GREY, va="center")
        self.words = Words(page)

    def update(self, state, result):
        steps = np.arange(1, STEPS + 1)
        for span in self.spans:
            empty = not clamps(state) or state.first > state.last
            span.set_x(state.first - 0.5)
            span.set_width(0 if empty else state.last - state.first + 1)
        self.numbers.set_segments([[(t, 0), (t, v)] for t, v in zip(steps, result.x[:, 0], strict=True)])
        self.c.set_data(np.arange(STEPS + 1), np.clip(result.c, -9, 9))
        self.h.set_data(np.arange(STEPS + 1), result.h)
        self.start.set_data([MARKED, MARKED + HOLD], [result.c[MARKED]] * 2)
        for line, (row, *_) in zip(self.lines, SERIES, strict=True):
            line.set_data(steps, result.gates[:, row])
        self.words.update(
            [
                Word(6, 170, f"c at step 5: {result.c[MARKED]:.3f}".replace("-", "−"), INK, NORMAL, "left"),
                Word(6, 190, f"at step 55: {result.c[MARKED + HOLD]:.3f}".replace("-", "−"), INK, NORMAL, "left"),
                Word(6, 216, "product of all f:", GREY, SMALL, "left"),
                Word(6, 232, _power(result.passed), INK, NORMAL, "left"),
            ]
        )

    def handles(self, state, result):
        ends = {"first": (state.first, "first step clamped"), "last": (state.last, "last step clamped")}
        return [
            Handle(name, self.gate, place, 0.5, label, f"step {place}", step=(1, 0.1))
            for name, (place, label) in ends.items()
        ]


def _power(value: float) -> str:
    return f"{value:.3f}" if value >= 1e-3 or value == 0 else f"{value:.0e}".replace("e-0", "e−").replace("e-", "e−")


# -- lab ------------------------------------------------------------------------------------------------------------


class LstmGateLab(Lab):
    """One LSTM cell, sixty steps. Clamp its gates, and make it remember one number through fifty steps of noise."""

    title = "The gates of an LSTM, overridden"
    State, View, compute = LstmGateState, LstmGateView, staticmethod(compute_lstm_gate)
    presets = {
        "All gates free: forgotten within a few steps": {},
        "f = 1 alone: kept, but noise piles up on it": {"forget": "1"},
        "i = 0 alone: nothing comes in, and c fades": {"input": "0"},
        "f = 0.9 is not enough: 0.9⁵⁰ = 0.005": {"forget": "0.9", "input": "0"},
        "Kept, and kept secret: output closed": {"forget": "0.99", "input": "0", "output": "0"},
        "f = 0 wipes the cell at one step": {"forget": "0", "first": 30, "last": 30, "forget_bias": 3.0},
        "No clamp, only a bias of 5 in f": {"forget_bias": 5.0},
    }

    def describe(self, state, result):
        names = {"f": state.forget, "i": state.input, "o": state.output}
        held = ", ".join(f"{name} = {value}" for name, value in names.items() if value != FREE)
        when = f"at the steps {state.first} to {state.last}" if state.first <= state.last else "at no step"
        clamped = f"Clamped {when}: {held}." if held else "No gate is clamped."
        return (
            f"{clamped} The cell is {result.c[MARKED]:.3f} at step 5 and {result.c[MARKED + HOLD]:.3f} at step 55, "
            f"where h is {result.h[MARKED + HOLD]:.3f}. The forget gates between multiply to {_power(result.passed)}."
        ).replace("-", "−")

    def judge(self, state, result):
        task = "Make the cell hold what it has at step 5 for fifty steps: it may change by 1% at most, but not be 0."
        if abs(result.c[MARKED]) < 0.2:
            return Goal(task, "There is hardly anything in the cell at step 5.", False)
        reached = result.worst <= 0.01
        change = "more than 1000%" if result.worst > 10 else f"up to {result.worst:.1%}"
        return Goal(task, f"From step 5 to step 55 the cell changes by {change}.", bool(reached))

    def moved(self, gesture: Gesture):
        return {gesture.handle: int(np.clip(round(gesture.x), 1, STEPS))}

    def code(self, state):
        held = ", ".join(f"{row}: {value}" for row, value in clamps(state).items())
        return (
            f"x = engine.tensor({inputs(state.value).tolist()}, dtype=engine.float64)\n"
            f"W = engine.tensor({W_IH}, dtype=engine.float64)  # rows i, f, g, o\n"
            f"U = engine.tensor({W_HH}, dtype=engine.float64)\n"
            f"b = engine.tensor({biases(state)}, dtype=engine.float64)\n"
            f"clamps = {{{held}}}\n"
            "c = h = engine.tensor(0.0, dtype=engine.float64)\ncells = [c]\n"
            f"for t in range({STEPS}):\n    z = W @ x[t] + b + U * h\n"
            "    gates = [z[0].sigmoid(), z[1].sigmoid(), z[2].tanh(), z[3].sigmoid()]\n"
            f"    if {state.first} <= t + 1 <= {state.last}:\n"
            "        for row, value in clamps.items():\n            gates[row] = value\n"
            "    i, f, g, o = gates\n    c = f * c + i * g\n    h = o * c.tanh()\n    cells.append(c)\n"
            f"output = engine.stack(cells)\n"
            f"print('step {MARKED}:', round(output[{MARKED}].item(), 3), "
            f" 'step {MARKED + HOLD}:', round(output[{MARKED + HOLD}].item(), 3))"
        )
