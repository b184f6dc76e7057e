"""What small networks read after transfer from one half of the digits to the other, kept in a file for the lab."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from dlcourse.data.files import read_arrays

SOURCES = ("digits 0–4", "shuffled pixels", "random labels")
SHOTS = (1, 2, 3, 5, 7, 10, 15, 20, 30, 50)  # examples a class
SEEDS = 20


@dataclass(frozen=True)
class TransferCurves:
    """Shares of the test digits 5–9 that are read, for each number of examples in SHOTS (K) and each of 20 seeds.

    scratch: (K, 20) of a network from random weights; frozen, tuned: (4, K, 20) of one that takes over its first 1, 2,
    3 or 4 layers from a network trained on `source`, and then trains the others only, or all.
    """

    source: str
    scratch: np.ndarray
    frozen: np.ndarray
    tuned: np.ndarray

    @property
    def shots(self) -> tuple[int, ...]:
        """(K,) the numbers of examples a class."""
        return SHOTS


@cache
def transfer_curves(source: str = "digits 0–4") -> TransferCurves:
    """The curves for a source task, one of SOURCES: the digits 0 to 4, the same with shuffled pixels or random labels.

    `tools/make_transfer_curves.py`, which makes the file, says how each network was trained. ValueError if damaged.
    """
    if source not in SOURCES:
        raise ValueError(f"transfer_curves: expected one of {', '.join(SOURCES)}; got {source!r}.")
    arrays = read_arrays("transfer_curves.npz")
    place, tested = SOURCES.index(source), int(arrays["tested"])
    scratch, frozen, tuned = (arrays[name] / tested for name in ("scratch", "frozen", "tuned"))
    return TransferCurves(source, scratch, frozen[place], tuned[place])
