"""How checks speak: what is wrong, what came, and what was wanted, in words for a beginner."""

import math
from typing import Any

import numpy as np

LONGEST = 60  # signs of a value that are shown
EXACT_TO = 2**53  # larger whole numbers have gaps in float64
COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


class Wrong(Exception):
    """Raised by a check: the answer is not right; the message says what is seen and where to look."""


def shape_words(shape: tuple[int, ...]) -> str:
    """() is "one number", (3,) "a list of 3 numbers", (4, 2) "4 rows of 2 numbers (an array of shape (4, 2))"."""
    if not shape:
        return "one number"
    if math.prod(shape) == 0:
        return "an empty list" if shape == (0,) else f"an empty array of shape {shape}"
    numbers = f"{shape[-1]} number{'s' * (shape[-1] != 1)}"
    if len(shape) == 1:
        return f"a list of {numbers}"
    if len(shape) > 3:
        return f"an array of shape {shape}"
    rows = f"{shape[-2]} row{'s' * (shape[-2] != 1)} of {numbers}"
    blocks = f"{shape[0]} block{'s' * (shape[0] != 1)} of " if len(shape) == 3 else ""
    return f"{blocks}{rows} (an array of shape {shape})"


def listed(names: tuple[str, ...]) -> str:
    """("The rate", "The loss") is "the rate and the loss"."""
    *first, last = map(small, names)
    return f"{', '.join(first)} and {last}" if first else last


def small(sentence: str) -> str:
    """Without a capital at the beginning, to stand within a sentence; a symbol, such as W or dW, keeps its own."""
    first = sentence.partition(" ")[0]
    return sentence[0].lower() + sentence[1:] if first.istitle() and first.isalpha() and len(first) > 1 else sentence


def count(number: int) -> str:
    return COUNTS[number] if number < len(COUNTS) else str(number)


def kind(value: Any) -> str:
    """The type of a value and how it looks, such as "str 'one'"."""
    return "nothing (None)" if value is None else f"{type(value).__name__} {short(value)}"


def short(value: Any) -> str:
    """A value's repr, cut to one short line; a learner's own class may fail to show itself."""
    try:
        text = " ".join(repr(value.tolist() if isinstance(value, np.ndarray) else value).split())
    except Exception:
        return "that cannot be shown"
    return text if len(text) <= LONGEST else text[: LONGEST - 3] + "..."


def error_words(error: BaseException) -> str:
    """Type and message of an exception, such as "KeyError: 'w'"."""
    try:
        message = " ".join(str(error).split())
    except Exception:  # a learner's own exception
        message = ""
    return f"{type(error).__name__}: {message}" if message else type(error).__name__
