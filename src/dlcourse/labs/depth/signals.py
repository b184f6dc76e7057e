"""The computation behind DepthLab: 1,000 samples forwards through L layers, and a random gradient back.

z_l = W_l h_{l−1} + b_l, h_l = f(z_l), with 64 units in every layer. The entries of W_l are normal with standard
deviation g/√64: g is the *gain*, so that g²/64 is the variance of a weight. g = 1 is Xavier's, g = √2 He's.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

import dlcourse.reference as engine
from dlcourse import data
from dlcourse.labs.activation_functions import value_and_slope

SAMPLES, UNITS, MOST_LAYERS = 1000, 64, 12
FLAT = 0.05  # a smaller slope lets hardly any gradient through
BINS = 41
#: Half the height of the histogram's axis: bounded functions fill it, unbounded ones show ±3 of their values.
SPAN, WIDE = {"sigmoid": 1.1, "tanh": 1.1}, 3.0
INPUTS = ("normal numbers", "digits")
LEAST, MOST = 0.1, 3.0  # gains
MARKS = {"He": 2**0.5, "Xavier": 1.0, "nn.Linear": 3**-0.5}  # gains that have a name


@dataclass(frozen=True)
class Signals:
    """What is measured in each of the L layers, the first layer first."""

    moments: np.ndarray  # (L,) second moment: the mean of h² over samples and units
    active: np.ndarray  # (L, 64) share of the samples for which a unit has a slope of at least FLAT
    dead: np.ndarray  # (L, 64) units with slope exactly 0 for every sample: no gradient will ever reach their weights
    histograms: np.ndarray  # (L, BINS) share of the outputs in each bin
    gradients: np.ndarray  # (L,) root mean square of ∂loss/∂z_l, for a gradient of 1 at the last output
    input_moment: float  # mean square of the inputs

    @property
    def flat(self) -> np.ndarray:
        """(L,) share of the outputs that stand where the slope is below FLAT."""
        return 1 - self.active.mean(axis=1)


def send(name: str, gain: float, bias: float, layers: int, x: np.ndarray, seed: int, killed=()) -> Signals:
    """Send x (1000, 64) through `layers` layers with activation `name`, and the gradient of a random loss back.

    bias: of every unit. killed: pairs (layer from 0, unit); such a unit gets a bias so low that no sample reaches it.
    """
    weights = [np.float32(gain) * w for w in first_weights(seed)[:layers]]
    measured, slopes, h = [], [], x
    for layer, w in enumerate(weights):
        z = h @ w.T + np.float32(bias)  # (1000, 64)
        lost = [int(unit) for at, unit in killed if at == layer]
        z[:, lost] -= z[:, lost].max(axis=0) + z[:, lost].std(axis=0) + np.float32(1e-6)
        h, slope = value_and_slope(name, z)
        slopes.append(slope)
        measured.append((_moment(h), (np.abs(slope) >= FLAT).mean(axis=0), ~slope.any(axis=0), histogram(name, h)))
    columns = [np.stack(column) for column in zip(*measured, strict=True)]
    return Signals(*columns, _send_back(weights, slopes, seed), _moment(x))


def _moment(values: np.ndarray) -> float:
    flat = values.ravel().astype(np.float64)
    return float(flat @ flat) / flat.size


def _send_back(weights, slopes, seed: int) -> np.ndarray:
    """(L,) root mean square of δ_l = f′(z_l)·(δ_{l+1} W_{l+1}); the last layer meets a normal gradient of size 1."""
    arriving, sizes = first_gradient(seed), []
    for w, slope in zip(weights[::-1], slopes[::-1], strict=True):
        delta = arriving * slope  # (1000, 64)
        sizes.append(np.sqrt(_moment(delta)))
        arriving = delta @ w
    return np.array(sizes[::-1])


def histogram(name: str, outputs: np.ndarray) -> np.ndarray:
    """Share of the outputs (1000, 64) in each of BINS bins over ±span; the outermost take what lies beyond.

    Every fourth unit is counted: 16,000 numbers show the shape as well as 64,000 do.
    """
    few, span = outputs[:, ::4].ravel(), SPAN.get(name, WIDE)
    place = np.clip((few + np.float32(span)) * np.float32(BINS / (2 * span)), 0, BINS - 1).astype(np.int32)
    return np.bincount(place, minlength=BINS) / few.size


@lru_cache(maxsize=4)
def first_weights(seed: int) -> list[np.ndarray]:
    """What `engine.randn(64, 64) / 8` gives for each of the layers after `engine.manual_seed(seed)`."""
    source = engine.Generator().manual_seed(seed)
    return [source.normal((UNITS, UNITS), np.dtype(np.float32)) / np.float32(8) for _ in range(MOST_LAYERS)]


@lru_cache(maxsize=4)
def first_gradient(seed: int) -> np.ndarray:
    """A normal gradient (1000, 64) for the last output: what `engine.randn` gives after manual_seed(seed + 100)."""
    return engine.Generator().manual_seed(seed + 100).normal((SAMPLES, UNITS), np.dtype(np.float32))


@lru_cache(maxsize=4)
def inputs(name: str) -> np.ndarray:
    """1,000 samples of 64 numbers: normal ones, or handwritten digits, centred pixel by pixel; mean square 1."""
    if name == "digits":
        x = data.digits().x[:SAMPLES]
        x = x - x.mean(axis=0)
        return x / x.std()
    return engine.Generator().manual_seed(2024).normal((SAMPLES, UNITS), np.dtype(np.float32))


def factor(name: str, gain: float) -> float | None:
    """By how much a layer multiplies the second moment, as the theory has it; None where it depends on the moment.

    For weights of variance gain²/n: gain² for the identity, half of it for ReLU, because half of the outputs are 0.
    """
    slopes = {"identity": (1.0, 1.0), "ReLU": (1.0, 0.0), "leaky ReLU": (1.0, 0.01)}
    return gain**2 * sum(s * s for s in slopes[name]) / 2 if name in slopes else None


def exact(gain: float) -> float:
    """The gain of a mark where the slider stands at it, √2 for 1.41; else the gain itself."""
    return next((mark for mark in MARKS.values() if abs(mark - gain) < 0.005), gain)
