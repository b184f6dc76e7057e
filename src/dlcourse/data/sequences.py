"""Sequences and curves: the sunspots, the adding problem, and a function to fit."""

from dataclasses import dataclass
from numbers import Integral, Real

import numpy as np

from dlcourse.data.files import read_text
from dlcourse.data.splits import Part


@dataclass(frozen=True)
class Series:
    """One number at each of N times. time, values: (N,) float32, in the units given."""

    name: str
    time: np.ndarray
    values: np.ndarray
    time_unit: str
    unit: str
    source: str
    licence: str

    def __repr__(self) -> str:
        return (
            f"Series({self.name}: {len(self.values)} values, {self.time[0]:g} to {self.time[-1]:g} [{self.time_unit}])"
        )


def sunspots() -> Series:
    """The mean number of sunspots of every year from 1700 to 2008: cycles of about eleven years, never twice the same.

    ValueError if `data/sunspots.csv` is damaged.
    """
    table = np.loadtxt(read_text("sunspots.csv").splitlines(), delimiter=",", skiprows=1, dtype=np.float32)
    return Series(
        "sunspots", table[:, 0].copy(), table[:, 1].copy(), "year", "sunspot number",
        "United States National Geophysical Data Center, by way of statsmodels", "public domain",
    )  # fmt: skip


def windows(values, length: int, ahead: int = 1) -> Part:
    """What a forecaster sees and what it must say: x (N − length − ahead + 1, length) and y, the value `ahead` later.

    values: (N,). Window i is values[i : i + length], and its y is values[i + length + ahead − 1]. Neighbouring windows
    share values: divide the series by time first, then take the windows of each part, or the test is seen in training.
    """
    values = np.asarray(values, np.float32)
    _whole("windows", length=length, ahead=ahead)
    least = length + ahead
    if values.ndim != 1 or len(values) < least:
        raise ValueError(
            f"windows: values must be one row of at least length + ahead = {least} numbers; got shape {values.shape}."
        )
    x = np.lib.stride_tricks.sliding_window_view(values[:-ahead], length)
    return Part(x.copy(), values[length + ahead - 1 :].copy())


def adding_problem(n: int, length: int, seed: int = 0) -> Part:
    """Add two marked numbers of a sequence (Hochreiter & Schmidhuber 1997, here as by Le, Jaitly & Hinton 2015).

    x (n, length, 2) float32: at each step a number from uniform [0, 1) and a mark, 1 at one step of the first half and
    at one of the second, 0 elsewhere; y (n, 1): the sum of the two. Whoever always says 1 has the squared error
    2 · 1/12 = 1/6, so that a network remembers something only below that.
    """
    _whole("adding_problem", n=n, length=length)
    if length < 2:
        raise ValueError(f"adding_problem: length must be at least 2, one step a mark; got {length}.")
    rng = np.random.default_rng(seed)
    x = np.zeros((n, length, 2), np.float32)
    x[..., 0] = rng.random((n, length), np.float32)
    first, second = rng.integers(0, length // 2, n), rng.integers(length // 2, length, n)
    every = np.arange(n)
    x[every, first, 1] = x[every, second, 1] = 1
    return Part(x, x[every, first, :1] + x[every, second, :1])


def curve(n: int = 30, noise: float = 0.2, seed: int = 0) -> Part:
    """n points of a curve with noise: x (n, 1) uniform in [−1, 1], sorted; y (n, 1) = curve_truth(x) + normal noise.

    noise: the standard deviation; its square is the least mean squared error that any model can have on new points.
    """
    _whole("curve", n=n)
    if isinstance(noise, bool) or not isinstance(noise, Real) or not (np.isfinite(noise) and noise >= 0):
        raise ValueError(f"curve: noise must be a number of at least 0; got {noise!r}.")
    rng = np.random.default_rng(seed)
    x = np.sort(rng.uniform(-1, 1, (n, 1)), axis=0)
    return Part(x.astype(np.float32), (curve_truth(x) + noise * rng.normal(size=x.shape)).astype(np.float32))


def curve_truth(x):
    """sin(3x) + x/2 · cos(9x): a slow wave and a fast one that a stiff model misses. Any shape."""
    return np.sin(3 * x) + x / 2 * np.cos(9 * x)


def _whole(who: str, **numbers) -> None:
    for name, number in numbers.items():
        if isinstance(number, bool) or not isinstance(number, Integral) or number < 1:
            raise ValueError(f"{who}: {name} must be a whole number from 1; got {number!r}.")
