"""The landscapes of the optimizers' race: ten functions of two numbers on the square [−2, 2]², with their gradients.

The classical test functions are moved and scaled into the square; `code` is the same function for either engine.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from dlcourse.labs import digits_plane

EDGE = 2.0  # the square is [−EDGE, EDGE]²
STIFF = 50.0  # the ravines' larger curvature; the smaller is 1
CENTRE = (0.5, -0.5)  # lowest point of bowl, ravines and plateau; at (0, 0) weight decay alone would find it


@dataclass(frozen=True)
class Landscape:
    """at(x, y) -> (value, ∂f/∂x, ∂f/∂y), each of the shape of x. minima: the known lowest points."""

    name: str
    at: Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray, np.ndarray]]
    code: str
    minima: tuple[tuple[float, float], ...]
    point: str  # what it is there for, in a few words
    setup: str = field(default="", kw_only=True)  # a line that the code needs before it
    reach: float = field(default=1e3, kw_only=True)  # a run that leaves [−reach, reach]² has diverged

    def value(self, w) -> np.ndarray:
        """Values at points w (…, 2)."""
        w = np.asarray(w, float)
        return self.at(w[..., 0], w[..., 1])[0]

    def gradient(self, w) -> np.ndarray:
        """Gradients at points w (…, 2), of the same shape."""
        return np.stack(self.at(w[..., 0], w[..., 1])[1:], axis=-1)


def _bowl(x, y):
    u, v = x - 0.5, y + 0.5
    return (u * u + v * v) / 2, u, v


def _ravine(x, y):
    u, v = x - 0.5, y + 0.5
    return (u * u + STIFF * v * v) / 2, u, STIFF * v


def _tilted(x, y):
    along, across = x + y, STIFF * (y - x + 1)  # the ravine turned by 45 degrees about its lowest point
    return (along * along + across * (y - x + 1)) / 4, (along - across) / 2, (along + across) / 2


def _saddle(x, y):
    return x * x - y * y + y**4 / 4 + 1, 2 * x, y**3 - 2 * y


def _plateau(x, y):
    u, v = x - 0.5, y + 0.5
    height = np.exp(-1.5 * (u * u + v * v))
    return 1 - height, 3 * u * height, 3 * v * height


def _beale(x, y):
    x, y = 2 * x, 2 * y
    value, gx, gy = 0.0, 0.0, 0.0
    for power, target in ((1, 1.5), (2, 2.25), (3, 2.625)):
        error = target - x + x * y**power
        value = value + error * error
        gx = gx + 4 * error * (y**power - 1)
        gy = gy + 4 * error * x * power * y ** (power - 1)
    return value, gx, gy


def _rosenbrock(x, y):
    error = y + 1 - x * x
    return (1 - x) ** 2 + 100 * error * error, -2 * (1 - x) - 400 * x * error, 200 * error


def _himmelblau(x, y):
    x, y = 2.5 * x, 2.5 * y
    a, b = x * x + y - 11, x + y * y - 7
    return a * a + b * b, 2.5 * (4 * x * a + 2 * b), 2.5 * (2 * a + 4 * y * b)


def _rastrigin(x, y):
    waves = np.cos(4 * np.pi * x) + np.cos(4 * np.pi * y)
    slope_x, slope_y = (8 * z + 40 * np.pi * np.sin(4 * np.pi * z) for z in (x, y))
    return 20 + 4 * (x * x + y * y) - 10 * waves, slope_x, slope_y


HIMMELBLAU_MINIMA = ((3.0, 2.0), (-2.805118, 3.131312), (-3.779310, -3.283186), (3.584428, -1.848126))
DIGITS = "digits network"
U, V = "(x - 0.5)", "(y + 0.5)"
LANDSCAPES = {
    landscape.name: landscape
    for landscape in (
        Landscape("bowl", _bowl, f"({U}**2 + {V}**2) / 2", (CENTRE,), "equal curvature everywhere"),
        Landscape("ravine", _ravine, f"({U}**2 + {STIFF} * {V}**2) / 2", (CENTRE,), "50 times steeper across"),
        Landscape(
            "tilted ravine", _tilted, f"((x + y)**2 + {STIFF} * (y - x + 1)**2) / 4", (CENTRE,),
            "the ravine, turned by 45°",
        ),
        Landscape(
            "saddle", _saddle, "x**2 - y**2 + y**4 / 4 + 1", ((0, 2**0.5), (0, -(2**0.5))), "gradient 0 and no minimum"
        ),
        Landscape("plateau", _plateau, f"1 - engine.exp(-1.5 * ({U}**2 + {V}**2))", (CENTRE,), "flat far away"),
        Landscape(
            "Beale", _beale,
            "sum((t - 2 * x + 2 * x * (2 * y)**k)**2 for k, t in ((1, 1.5), (2, 2.25), (3, 2.625)))",
            ((1.5, 0.25),), "flat middle, steep corners",
        ),
        Landscape("Rosenbrock", _rosenbrock, "(1 - x)**2 + 100 * (y + 1 - x**2)**2", ((1, 0),), "a bent, flat valley"),
        Landscape(
            "Himmelblau", _himmelblau, "(6.25 * x**2 + 2.5 * y - 11)**2 + (2.5 * x + 6.25 * y**2 - 7)**2",
            tuple((a / 2.5, b / 2.5) for a, b in HIMMELBLAU_MINIMA), "four minima, all equally deep",
        ),
        Landscape(
            "Rastrigin", _rastrigin,
            f"20 + 4 * (x**2 + y**2) - 10 * (engine.cos({4 * np.pi} * x) + engine.cos({4 * np.pi} * y))",
            ((0, 0),), "dozens of local minima",
        ),
        Landscape(
            DIGITS, digits_plane.look_up, "digits_loss(engine, x, y)", (), "the loss of a real network, on a plane",
            setup="from dlcourse.labs.digits_plane import digits_loss\n", reach=digits_plane.REACH,
        ),
    )
}  # fmt: skip


@lru_cache
def table(name: str, cells: int = 121) -> np.ndarray:
    """Values on a grid over the square, first row at the lower edge: (cells, cells)."""
    axis = np.linspace(-EDGE, EDGE, cells)
    return LANDSCAPES[name].at(*np.meshgrid(axis, axis))[0]
