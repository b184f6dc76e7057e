"""Comparing what is expected with what came: to the digits that float32 has, and with the first difference in words."""

import itertools

import numpy as np

from dlcourse.exercises.words import EXACT_TO, shape_words, small

RELATIVE, ABSOLUTE = 1e-5, 1e-7
OF_THE_LARGEST = 5e-7  # four float32 steps: what a sum of float32 numbers loses where they nearly cancel


def close(got: np.ndarray, expected: np.ndarray) -> bool:
    """Whether all numbers are equal, up to what float32 rounds."""
    return bool(np.all(near(got, expected)))


def near(got: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """Where the numbers are equal, up to what float32 rounds; shapes are broadcast."""
    got, expected = np.asarray(got, dtype=float), np.asarray(expected, dtype=float)
    finite = np.abs(expected[np.isfinite(expected)])
    slack = ABSOLUTE + OF_THE_LARGEST * finite.max(initial=0.0)
    return np.isclose(got, expected, rtol=RELATIVE, atol=slack)


def differs(expected: np.ndarray, got: np.ndarray, name: str | None = None, within: float | None = None) -> str | None:
    """The first number that differs, as a sentence with both in digits enough to differ; None if there is none.

    "Entry [1, 2] of the weights should be 0.5; you have 0.25." Whole numbers, those of an integer array, are compared
    exactly, others to float32's digits, or with `within` to this absolute error and what float32 rounds. If both arrays
    hold truths, these are shown as True and False.
    """
    got, expected = np.asarray(got), np.asarray(expected)
    if got.shape != expected.shape:
        return f"{_of((), name)} should be {shape_words(expected.shape)}; you have {shape_words(got.shape)}."
    if got.dtype.kind == "i":
        equal = got == expected
    elif within is None:
        equal = near(got, expected)
    else:
        equal = np.isclose(got, expected, rtol=4 * np.finfo(np.float32).eps, atol=within)
    wrong = np.argwhere(~np.asarray(equal))
    if not len(wrong):
        return None
    place = tuple(wrong[0].tolist())
    pair = expected[place].item(), got[place].item()
    should, have = map(str, pair) if expected.dtype == got.dtype == bool else digits(*pair)
    return f"{_of(place, name)} should be {should}; you have {have}."


def digits(a: float, b: float) -> tuple[str, str]:
    """Two different numbers with four significant digits each, or as many as it takes to tell them apart.

    Whole numbers are shown in full: "73,856". Of others, too, all digits before the point are shown up to a billion.
    """
    for precision in itertools.count(4):
        shown = _rounded(a, precision), _rounded(b, precision)
        if shown[0] != shown[1] or precision == 17:
            return shown


def _rounded(number: float, precision: int) -> str:
    if abs(number) < EXACT_TO and number == round(number):
        return f"{round(number):,}"
    if abs(number) < 1e9:
        precision = max(precision, len(str(int(abs(number)))))
    return f"{number:,.{precision}g}"


def _of(place: tuple[int, ...], name: str | None) -> str:
    """A place as the subject of a sentence."""
    if not place:
        return name or "It"
    return f"Entry [{', '.join(map(str, place))}]{f' of {small(name)}' if name else ''}"
