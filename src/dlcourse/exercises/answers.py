"""Taking an answer in every coat: a number, a list, an array, a tensor of either engine, or a text, told from anything else."""

from decimal import Decimal
from numbers import Real
from typing import Any

import numpy as np

from dlcourse.exercises.words import EXACT_TO, Wrong, count, kind, listed, shape_words

NO_NUMBERS = (str, bytes, dict, set, frozenset, type(None))


def array(answer: Any, shape: tuple[int, ...], name: str = "The answer") -> np.ndarray:
    """The answer as finite float64 numbers of this shape; Wrong says what came instead.

    Lists, tuples, arrays, tensors of both engines and mixtures of them are taken, and so are bools as 0 and 1. Where
    one number is wanted, shape (), a list or array that holds just this number is taken, too.
    """
    try:
        found = _numbers(answer)
    except Exception:  # an object may do anything when it is asked for its numbers
        raise Wrong(f"{name} must be {shape_words(shape)}; this is {kind(answer)}.") from None
    if shape == () and found.shape == (1,):
        found = found.reshape(())
    if found.shape != shape:
        raise Wrong(f"{name} must be {shape_words(shape)}; this is {shape_words(found.shape)}.")
    if not np.isfinite(found).all():
        every = "the number" if shape == () else "every number"
        raise Wrong(f"{name} holds nan or infinity; {every} must be finite.")
    if epsilon(answer) > 1e-4 and (found != np.round(found)).any():
        raise Wrong(f"{name} has only 16 bits (about three digits) per number; compute with float32 or float64.")
    return found


def as_it_came(answer: Any) -> np.ndarray:
    """The answer as float64 of any shape, nan and infinity included, so that a check can say itself what they mean.

    What is no numbers at all becomes a single nan.
    """
    try:
        return _numbers(answer)
    except Exception:  # as in `array`
        return np.array(np.nan)


def whole(answer: Any, shape: tuple[int, ...] = (), name: str = "The answer") -> np.ndarray:
    """The answer as whole numbers, int64 of this shape; 1.5 is never cut to 1, but 2.0 is 2."""
    found = array(answer, shape, name)
    nearest = np.round(found)
    near = np.isclose(found, nearest, rtol=1e-7, atol=1e-6) & (np.abs(found) < EXACT_TO)
    if not near.all():
        raise Wrong(
            f"{name} must be {'a whole number' if shape == () else 'whole numbers'}; {found[~near][0]:.15g} is not."
        )
    return nearest.astype(int)


def several(
    answer: Any, names: tuple[str, ...], shape: tuple[int, ...] | list[tuple[int, ...]] = (), verb: str = "Return"
) -> list[np.ndarray]:
    """The parts of an answer, each as numbers; `names` says what they are, `verb` what the learner shall do with them.

    A tuple, a list, or the rows of one array or tensor. `shape` is that of every part, or a list with one for each.
    """
    shapes = shape if isinstance(shape, list) else [shape] * len(names)
    return [array(part, s, name) for part, s, name in zip(parts(answer, names, verb), shapes, names, strict=True)]


def parts(answer: Any, names: tuple[str, ...], verb: str = "Return") -> list[Any]:
    """The parts of an answer as they came, as many as there are names; Wrong asks for them by name."""
    found = _rows(answer)
    if found is not None and len(found) == len(names):
        return found
    came = kind(answer) if found is None else f"{len(found)} part{'s' * (len(found) != 1)}"
    raise Wrong(f"{verb} {count(len(names))} things: {listed(names)}. This is {came}.")


def text(answer: Any, name: str = "The answer") -> str:
    """The answer as a text: a str, one of NumPy's, or an array that holds just one."""
    found = answer.reshape(-1)[0] if isinstance(answer, np.ndarray) and answer.size == 1 else answer
    if not isinstance(found, str):
        raise Wrong(f"{name} must be a text in quotation marks; this is {kind(answer)}.")
    return str(found)


def texts(answer: Any, number: int, name: str = "The answer") -> list[str]:
    """The answer as so many texts: a list, a tuple or an array of them."""
    found = None if isinstance(answer, NO_NUMBERS) else _rows(answer)
    if found is None or len(found) != number:
        came = kind(answer) if found is None else f"these are {len(found)}"
        raise Wrong(
            f"{name} must be a list of {count(number)} texts; {came if found is not None else f'this is {came}'}."
        )
    return [text(part, f"Number {place} of the list") for place, part in enumerate(found, 1)]


def epsilon(answer: Any) -> float:
    """How coarse the answer's numbers are: 1.2e-7 for float32, 2.2e-16 for float64, and the coarsest of a list's parts."""
    if isinstance(answer, (list, tuple)):
        return max(map(epsilon, answer), default=0.0)
    dtype = str(getattr(answer, "dtype", "float64")).removeprefix("torch.")
    return {"float32": 2.0**-23, "float16": 2.0**-10, "bfloat16": 2.0**-7}.get(dtype, 2.0**-52)


def truths(answer: Any) -> bool:
    """Whether an answer of numbers holds True and False alone."""
    return np.asarray(_plain(answer)).dtype == bool


def _rows(answer: Any) -> list[Any] | None:
    """What a list, a tuple, an array or a tensor holds along its first axis; None for anything else."""
    if isinstance(answer, (list, tuple)):
        return list(answer)
    if isinstance(answer, NO_NUMBERS) or not (hasattr(answer, "detach") or hasattr(answer, "__array__")):
        return None
    found = answer if isinstance(answer, np.ndarray) else np.asarray(_plain(answer))
    return list(found) if found.ndim else None


def _plain(value: Any) -> Any:
    """Tensors of either engine as Python's numbers, lists and tuples as lists of such, anything else as it is."""
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in value]
    if hasattr(value, "detach"):  # whatever its device, its number type, and whether it requires a gradient
        return value.detach().tolist()
    if isinstance(value, NO_NUMBERS):  # NumPy would also read texts
        raise TypeError("no numbers")
    return value


def _numbers(values: Any) -> np.ndarray:
    """As float64. NumPy itself would also read dates, and cut complex numbers in half."""
    found = np.asarray(_plain(values))
    exact = found.dtype.kind == "O" and all(
        isinstance(value, (Real, Decimal)) for value in found.flat
    )  # such as Fraction
    if found.dtype.kind not in "biuf" and not exact:
        raise TypeError(f"no numbers: {found.dtype}")
    return found.astype(float)
