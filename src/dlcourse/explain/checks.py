"""What the public functions ask of their arguments, told in words of one kind: who, what was expected, what came.

Every check takes `who` (the function that the learner called) and `name` (its argument), and returns the value as the
function goes on with it. A value of the wrong kind is a TypeError, a wrong value of the right kind a ValueError.
"""

from collections.abc import Callable, Sequence
from numbers import Integral, Real

import numpy as np


def got(value) -> str:
    """A value in few words, for the end of a message."""
    if isinstance(value, np.ndarray) and value.ndim:
        return f"got an array of {value.dtype} of shape {value.shape}"
    text = repr(value)
    return f"got {text if len(text) <= 60 else text[:57] + '…'} ({type(value).__name__})"


MOST = 10**9  # of anything that is counted; more fits into no memory


def whole(who: str, name: str, value, low: int, high: int = MOST, hint: str = "") -> int:
    """A whole number from `low`, at most `high`."""
    if not isinstance(value, Integral) or isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{who}: {name} must be a whole number from {low}{hint}; {got(value)}.")
    if not low <= value <= high:
        reach = f"at least {low}" if high == MOST and value < low else f"from {low} to {high}"
        raise ValueError(f"{who}: {name} must be {reach}{hint}; {got(value)}.")
    return int(value)


def seed(who: str, value) -> int:
    """What a generator starts from."""
    return whole(who, "seed", value, 0, 2**63 - 1)


def number(who: str, name: str, value, low: float, hint: str = "", above: bool = False, finite: bool = True) -> float:
    """A number of at least `low`, or above it."""
    must = f"{'above' if above else 'at least'} {low:g}{hint}"
    if not isinstance(value, Real) or isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{who}: {name} must be a number {must}; {got(value)}.")
    try:
        found = float(value)
    except OverflowError:
        found = np.nan
    if not (found > low or (found == low and not above)) or (finite and np.isinf(found)):
        raise ValueError(f"{who}: {name} must be {must}{' and finite' if finite else ''}; {got(value)}.")
    return found


def choice(who: str, name: str, value, options: Sequence[str], hint: str = "") -> str:
    """One of some words."""
    must = f"one of {', '.join(options)}{hint}"
    if not isinstance(value, str):
        raise TypeError(f"{who}: {name} must be {must}; {got(value)}.")
    if value not in options:
        raise ValueError(f"{who}: {name} must be {must}; got {value!r}.")
    return value


def flag(who: str, name: str, value) -> bool:
    """True or False."""
    if not isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{who}: {name} must be True or False; {got(value)}.")
    return bool(value)


def text(who: str, name: str, value) -> str:
    """A string."""
    if not isinstance(value, str):
        raise TypeError(f"{who}: {name} must be a string; {got(value)}.")
    return value


def function(who: str, name: str, value, of: str) -> Callable:
    """Something that can be called with `of`."""
    if not callable(value) or isinstance(value, type):
        raise TypeError(f"{who}: {name} must be a function of {of}; {got(value)}.")
    return value


def labels(who: str, value) -> list[int] | None:
    """Numbers of classes, or None."""
    if value is None:
        return None
    if isinstance(value, str) or not isinstance(value, (Sequence, np.ndarray)) or not getattr(value, "ndim", 1):
        raise TypeError(f"{who}: labels must be a list of classes, such as [1], or None; {got(value)}.")
    if not len(value):
        raise ValueError(f"{who}: labels must name at least one class, such as [1], or be None; got none.")
    return [whole(who, "labels", label, 0, hint=", the number of a class") for label in value]


def as_numpy(value):
    """The value, and if it is a tensor of either engine, its numbers as an array, without the graph."""
    if not hasattr(value, "detach"):
        return value
    value = value.detach()
    value = value.cpu() if hasattr(value, "cpu") else value
    try:
        return value.numpy()
    except TypeError:
        return value.float().numpy()  # NumPy has no bfloat16


def array(
    who: str,
    name: str,
    value,
    shape: str,
    fits: Callable[[tuple[int, ...]], bool],
    missing: bool = False,
    kinds: str = "biuf",
    hint: str = "",
) -> np.ndarray:
    """Finite numbers, an array whose shape `fits`; `shape` says so in words. A tensor counts as its array.

    missing: nan, None and masked places are allowed, and become nan. kinds: of dtype; "biu" are whole numbers. hint:
    how to mend what holds no numbers at all.
    """
    wanted = f"{'whole ' if 'f' not in kinds else ''}numbers of shape {shape}"
    value = as_numpy(value)
    if value is None:
        raise TypeError(f"{who}: {name} must be {wanted}; got None.")
    if isinstance(value, np.ma.MaskedArray):
        value = _without_mask(who, name, value, missing)
    try:
        found = np.asarray(value)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{who}: {name} must be {wanted}, every row of one length; {got(value)}.") from error
    if found.dtype == object and not any(isinstance(one, (str, bytes)) for one in found.flat):
        found = _from_objects(found)
    if found.dtype.kind not in kinds and found.size:
        raise TypeError(f"{who}: {name} must be {wanted}; {got(found if found.ndim else value)}{hint}.")
    if not fits(found.shape) or 0 in found.shape:
        raise ValueError(f"{who}: {name} must be {wanted}; got {found.dtype} of shape {found.shape}.")
    good = np.isfinite(found) | (np.isnan(found) if missing else False)
    if not good.all():
        place = tuple(int(i) for i in np.argwhere(~good)[0])
        at = f" at {place[0] if len(place) == 1 else place}" if place else ""
        must = "numbers or nan" if missing else "finite numbers"
        raise ValueError(f"{who}: {name} must be {must}; got {found[place]}{at}.")
    return found


def _without_mask(who, name, value, missing) -> np.ndarray:
    if missing:
        return value.astype(float).filled(np.nan)
    if np.ma.is_masked(value):
        raise ValueError(
            f"{who}: {name} must have no masked values, which would be read as numbers; got an array that has; "
            "fill them in with .filled(…)."
        )
    return value.data


def _from_objects(found: np.ndarray) -> np.ndarray:
    """An array of Python's objects as numbers, None as nan; the same array if that is not possible."""
    try:
        return found.astype(float)
    except (TypeError, ValueError, OverflowError):
        return found
