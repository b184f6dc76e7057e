"""A box with levers: what each of them would pay at each press."""

from numbers import Real

import numpy as np


def lever_pay(chances, presses: int, runs: int = 1, seed: int = 0, stops: int | None = None) -> np.ndarray:
    """What each lever would pay at each press, 0 or 1: (runs, presses, levers) float64.

    chances: (levers,) probability of a reward, each in [0, 1]. stops: from this press on, counted from 0, the best
    lever pays nothing, which is how extinction is studied; None: never. A learner sees one number a press, that of the
    lever it pressed; the whole table lets learners be compared on the same luck. The same arguments, the same table.
    """
    try:
        known = np.array(chances, float)
    except (TypeError, ValueError):
        known = np.zeros(0)
    if known.ndim != 1 or len(known) < 1 or not ((known >= 0) & (known <= 1)).all():
        raise ValueError(f"lever_pay: chances must be probabilities from 0 to 1, one a lever; got {chances!r}.")
    for name, value, least in (("presses", presses, 1), ("runs", runs, 1), ("seed", seed, 0)):
        if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < least:
            raise ValueError(f"lever_pay: {name} must be a whole number of at least {least}; got {value!r}.")
    if stops is not None and (isinstance(stops, bool) or not isinstance(stops, Real) or stops < 0):
        raise ValueError(f"lever_pay: stops must be None or the number of a press, at least 0; got {stops!r}.")
    paid = (np.random.default_rng(seed).random((runs, presses, len(known))) < known).astype(float)
    if stops is not None:
        paid[:, int(stops) :, int(known.argmax())] = 0
    return paid
