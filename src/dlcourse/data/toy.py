"""Two classes of points in the plane, each set made for one lesson. All lie within about ±1.5."""

from numbers import Real

import numpy as np


def _gaussians(rng, y):
    """Two round clouds around ±(0.6, 0.6): a line nearly does it."""
    return np.where(y, 0.6, -0.6)[:, None] + 0.25 * rng.normal(size=(len(y), 2))


def _xor(rng, y):
    """Uniform in [−1, 1]², a margin of 0.06 kept free; class 1 where x₁ and x₂ differ in sign: no line does it."""
    size = rng.uniform(0.06, 1.0, (len(y), 2))
    sign = rng.choice([-1.0, 1.0], len(y))
    return size * np.stack([sign, np.where(y, -sign, sign)], axis=1)


def _circles(rng, y):
    """A disc of radius 0.45 in a ring from 0.65 to 1: class 1 is the disc."""
    low, high = np.where(y, 0.0, 0.65), np.where(y, 0.45, 1.0)
    radius = np.sqrt(rng.uniform(low**2, high**2))  # uniform over the area
    angle = rng.uniform(0, 2 * np.pi, len(y))
    return radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)


def _moons(rng, y):
    """Two half circles of radius 0.7 that reach into each other."""
    angle = rng.uniform(0, np.pi, len(y))
    upper = np.stack([np.cos(angle) - 0.5, np.sin(angle) - 0.25], axis=1)
    return 0.7 * np.where(y[:, None], -upper, upper)


def _spirals(rng, y):
    """Two arms r = t, angle = 1.75·2π·t for t in [0.1, 1], half a turn apart."""
    t = np.sqrt(rng.uniform(0.01, 1, len(y)))
    angle = 3.5 * np.pi * t + np.pi * y
    return t[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)


_MAKERS = {"gaussians": _gaussians, "xor": _xor, "circles": _circles, "moons": _moons, "spirals": _spirals}
TOY_SETS = tuple(_MAKERS)


def toy(name: str, n: int = 200, noise: float = 0.0, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """A toy set: points (n, 2) float32 and classes (n,) int64, half of each class (class 0 has the odd one).

    noise: standard deviation of the normal noise added to both coordinates. The same arguments give the same points.
    """
    if name not in _MAKERS:
        raise ValueError(f"toy: expected one of {', '.join(TOY_SETS)}; got {name!r}.")
    if isinstance(n, bool) or not isinstance(n, (int, np.integer)) or n < 2:
        raise ValueError(f"toy: n must be a whole number of at least 2, one point a class; got {n!r}.")
    if isinstance(noise, bool) or not isinstance(noise, Real) or not (np.isfinite(noise) and noise >= 0):
        raise ValueError(f"toy: noise must be a number of at least 0; got {noise!r}.")
    if isinstance(seed, bool) or not isinstance(seed, (int, np.integer)) or seed < 0:
        raise ValueError(f"toy: seed must be a whole number of at least 0; got {seed!r}.")
    rng = np.random.default_rng([TOY_SETS.index(name), seed])
    y = np.arange(n) % 2
    x = _MAKERS[name](rng, y) + noise * rng.normal(size=(n, 2))
    order = rng.permutation(n)
    return x[order].astype(np.float32), y[order].astype(np.int64)
