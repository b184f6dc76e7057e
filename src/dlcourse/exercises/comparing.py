"""Comparing what is expected with what came: to the digits that float32 has, and with the first difference in words."""

import itertools

import numpy as np

from dlcourse.exercises.words import shape_words

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


def differs(expected: np.ndarray, got: np.ndarray, names: tuple[str, ...] | None = None) -> str | None:
    """The first place that differs, as a sentence with both numbers in digits enough to differ; None if there is none.

    `names` are those of the entries along the first axis: "The rate should be 0.5; you have 0.25." Without them, a place
    is shown as Python's index: "Entry [1, 2] should be 0.5; you have 0.25."
    """
    got, expected = np.asarray(got, dtype=float), np.asarray(expected, dtype=float)
    if got.shape != expected.shape:
        return f"It should be {shape_words(expected.shape)}; you have {shape_words(got.shape)}."
    wrong = np.argwhere(~near(got, expected))
    if not len(wrong):
        return None
    place = tuple(wrong[0].tolist())
    should, have = digits(expected[place], got[place])
    return f"{_where(place, names)} should be {should}; you have {have}."


def digits(a: float, b: float) -> tuple[str, str]:
    """Two different numbers with four significant digits each, or as many as it takes to tell them apart."""
    for precision in itertools.count(4):
        shown = f"{a:.{precision}g}", f"{b:.{precision}g}"
        if shown[0] != shown[1] or precision == 17:
            return shown


def _where(place: tuple[int, ...], names: tuple[str, ...] | None) -> str:
    if not place:
        return "It"
    index = f"[{', '.join(map(str, place))}]"
    if names is None:
        return f"Entry {index}"
    name = names[place[0]]
    if len(place) > 1:
        return f"Entry [{', '.join(map(str, place[1:]))}] of {name}"
    return name[0].upper() + name[1:] if name.startswith(("the ", "a ", "an ")) else name
