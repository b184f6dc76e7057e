"""DepthLab: 1,000 samples through up to 12 layers, and what is left of the signal and of the gradient.

Each column is a layer of 64 units. The weights are normal with variance gain²/64; the scale on the right has marks
where Glorot & Bengio (2010, "Xavier") and He et al. (2015) put the gain.
"""

from dataclasses import dataclass

import numpy as np

from dlcourse.labs.activation_functions import ACTIVATIONS
from dlcourse.labs.base import Goal, Lab
from dlcourse.labs.depth.signals import (
    INPUTS,
    LEAST,
    MARKS,
    MOST,
    MOST_LAYERS,
    UNITS,
    Signals,
    exact,
    factor,
    inputs,
    send,
)
from dlcourse.labs.depth.view import DepthView, unit_at
from dlcourse.labs.live import Gesture
from dlcourse.labs.rounding import brief, small
from dlcourse.labs.settings import State, choice, integer, number, rows

# -- state and computation ------------------------------------------------------------------------------------------

HE, XAVIER, NN_LINEAR = (round(gain, 2) for gain in MARKS.values())  # where the slider can stand
MOST_KILLED = 500
FAR_APART = 5  # first and last layer may differ by this factor


@dataclass(frozen=True)
class DepthState(State):
    """gain: standard deviation of a weight times √64, where 1.41 and 0.58 stand for √2 and √(1/3) exactly; bias: of
    every unit; killed: rows (layer from 0, unit)."""

    function: str = choice("ReLU", ("identity", "sigmoid", "tanh", "ReLU", "leaky ReLU", "GELU"), label="activation f")
    gain: float = number(1.0, low=LEAST, high=MOST, step=0.01, label="weight scale", help="Variance: scale²/64")
    bias: float = number(0.0, low=-2, high=2, step=0.1, label="bias", help="The same bias for every unit")
    layers: int = integer(10, low=1, high=MOST_LAYERS, label="layers L")
    data: str = choice(INPUTS[0], INPUTS, label="inputs", help="1,000 samples of 64 numbers, mean square 1")
    seed: int = integer(0, low=0, high=99, label="seed", help="Draws the weights")
    killed: tuple = rows((), width=2, low=0, high=UNITS - 1, label="dead units", help="Painted in the picture")


@dataclass(frozen=True)
class DepthResult:
    signals: Signals
    law: float | None  # factor of the second moment per layer in theory, None where there is none
    measured: float  # the same as measured, geometric mean over the layers
    signal_kept: float  # root mean square of the last layer's outputs over that of the first layer's
    gradient_kept: float  # gradient at the first layer over that at the last


def compute_depth(state: DepthState) -> DepthResult:
    gain = exact(state.gain)
    signals = send(state.function, gain, state.bias, state.layers, inputs(state.data), state.seed, state.killed)
    plain = state.bias == 0 and not state.killed
    moments, gradients = signals.moments, signals.gradients
    return DepthResult(
        signals,
        law=factor(state.function, gain) if plain else None,
        measured=float((moments[-1] / signals.input_moment) ** (1 / state.layers)),
        signal_kept=float(np.sqrt(_ratio(moments[-1], moments[0]))),
        gradient_kept=float(_ratio(gradients[0], gradients[-1])),
    )


def _ratio(a: float, b: float) -> float:
    """a/b; 0 where nothing is left of either."""
    return a / b if b else 0.0


# -- lab ------------------------------------------------------------------------------------------------------------


class DepthLab(Lab):
    """A deep network before its first step. Drag the weight scale; paint over units to kill them or revive them."""

    title = "A signal through many layers"
    State, View, compute = DepthState, DepthView, staticmethod(compute_depth)
    presets = {
        "Sigmoid: the gradient vanishes": {"function": "sigmoid"},
        "Xavier keeps tanh alive": {"function": "tanh"},
        "Too large: tanh saturates": {"function": "tanh", "gain": 3.0},
        "Xavier is too small for ReLU": {"function": "ReLU"},
        "He keeps ReLU alive": {"function": "ReLU", "gain": HE},
        "Too large: ReLU explodes": {"function": "ReLU", "gain": 2.5},
        "nn.Linear's own start fades": {"function": "ReLU", "gain": NN_LINEAR},
        "A low bias kills ReLUs": {"function": "ReLU", "gain": HE, "bias": -1.0},
        "One dead layer cuts the network": {
            "function": "ReLU", "gain": HE, "killed": tuple((4.0, float(unit)) for unit in range(UNITS)),
        },
        "Leaky ReLU: the same layer lets 1% through": {
            "function": "leaky ReLU", "gain": HE, "killed": tuple((4.0, float(unit)) for unit in range(UNITS)),
        },
        "Digits instead of noise": {"function": "ReLU", "gain": HE, "data": "digits"},
    }  # fmt: skip
    actions = {"Kill layer 5": "kill", "Revive all": "revive"}

    def kill(self) -> None:
        """Push the biases of all units of layer 5 so low that no sample reaches them."""
        others = [row for row in self.state.killed if row[0] != 4]
        self.set(killed=(*others, *((4.0, float(unit)) for unit in range(UNITS)))[-MOST_KILLED:])

    def revive(self) -> None:
        """Take every killed unit's low bias away."""
        self.set(killed=())

    def describe(self, state, result):
        signals, last = result.signals, state.layers
        rms = np.sqrt(signals.moments)
        output, gradient = f"{brief(rms[0])} in layer 1", f"{brief(signals.gradients[0])} in layer 1"
        if last > 1:
            output = f"{output} and {brief(rms[-1])} in layer {last}"
            gradient = f"{brief(signals.gradients[-1])} in layer {last} and {gradient}"
        text = f"{state.function}, weight scale {state.gain:.2f}: outputs have root mean square {output}; "
        text += f"the gradient is {gradient}. "
        dead = int(signals.dead.sum())
        text += f"{signals.flat[-1]:.0%} of the last outputs are flat, {dead} of {UNITS * last} units are dead."
        return text

    def judge(self, state, result):
        task = "With 10 layers or more, find a scale at which neither the signal nor the gradient changes "
        task += f"by more than a factor of {FAR_APART}. Which activation can do it at scale 1?"
        kept = (result.signal_kept, result.gradient_kept)
        reached = state.layers >= 10 and all(1 / FAR_APART <= value <= FAR_APART for value in kept)
        verdict = f"Signal ×{small(kept[0])}, gradient ×{small(kept[1])} from end to end"
        return Goal(task, f"{verdict}: {_diagnosis(kept)}.", reached)

    def moved(self, gesture: Gesture):
        if gesture.handle == "gain":
            close = [gain for gain in (HE, XAVIER, NN_LINEAR) if abs(gain - gesture.y) < 0.015]
            return {"gain": close[0]} if close else self.state.nearest(gain=gesture.y)
        units = [unit_at(x, y) for x, y in gesture.path] if gesture.done else []
        return self._toggled([unit for unit in dict.fromkeys(units) if unit and unit[0] < self.state.layers])

    def _toggled(self, units):
        """The first unit of a stroke decides whether the stroke kills or revives."""
        if not units:
            return {}
        killed = {(int(layer), int(unit)) for layer, unit in self.state.killed}
        killed = killed - set(units) if units[0] in killed else killed | set(units)
        return {"killed": tuple((float(layer), float(unit)) for layer, unit in sorted(killed))[:MOST_KILLED]}

    def code(self, state):
        return "\n".join(_lines(state))


def _diagnosis(kept) -> str:
    if kept[1] == 0:
        return "no gradient reaches layer 1"
    words = []
    for name, value in zip(("signal", "gradient"), kept, strict=True):
        if not 1 / FAR_APART <= value <= FAR_APART:
            words.append(f"the {name} {'vanishes' if value < 1 else 'explodes'}")
    return " and ".join(words) or "both survive"


def _lines(state):
    """The forward pass as a cell; `output` holds the root mean square of every layer."""
    if state.data == "digits":
        yield "from dlcourse import data\n"
        yield "x = data.digits().x[:1000]\nx = x - x.mean(axis=0)\nh = engine.tensor(x / x.std())"
    else:
        yield "engine.manual_seed(2024)\nh = engine.randn(1000, 64)"
    killed: dict[int, list[int]] = {}
    for layer, unit in state.killed:
        killed.setdefault(int(layer), []).append(int(unit))
    if killed:
        yield f"killed = {killed}  # layer: units"
    yield f"engine.manual_seed({state.seed})\nroot_mean_squares = []"
    yield f"for layer in range({state.layers}):"
    yield f"    W = engine.randn(64, 64) / 8 * {exact(state.gain)}"
    yield f"    z = h @ W.T + {state.bias}"
    if killed:
        yield "    for unit in killed.get(layer, []):  # a bias so low that no sample reaches it"
        yield "        z[:, unit] = z[:, unit] - z[:, unit].max() - z[:, unit].std(correction=0) - 1e-6"
    yield f"    h = {ACTIVATIONS[state.function].code}"
    yield "    root_mean_squares.append((h * h).mean().sqrt())"
    yield "output = engine.stack(root_mean_squares)\nprint(output)"
