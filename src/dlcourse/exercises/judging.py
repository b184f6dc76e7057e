"""Judging a learner's function by many cases: a mistake is named only if every single answer is what this mistake gives."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from dlcourse.exercises.answers import array, as_it_came, parts
from dlcourse.exercises.comparing import close, differs
from dlcourse.exercises.running import call, function
from dlcourse.exercises.words import Wrong, short

MANY = 8  # entries of an array that are shown; of a larger one only the shape


def judge(
    answer: Any,
    cases: Sequence[tuple],
    arguments: str,
    right: Callable,
    mistakes: Sequence[tuple[str, Callable]] = (),
    names: str | tuple[str, ...] = "The result",
    take: Callable = array,
) -> None:
    """Call the answer with each case's arguments and compare what it returns with `right` of the same arguments.

    `arguments` names them, such as "w b", for the feedback. `mistakes` pairs a sentence with a function that makes this
    mistake; the sentence is said if the answer agrees with that function in all cases, whatever its shape, and otherwise
    the first number that differs is shown. `names` is what the function returns, or a tuple with the names of its parts.
    `take` reads one part: `array`, or `whole`. Raises Wrong.
    """
    f, together = function(answer), isinstance(names, str)
    names = (names,) if together else names
    results = [call(f, *case) for case in cases]
    returned = [[result] if together else parts(result, names) for result in results]

    def made_by(maker: Callable) -> list[list[np.ndarray]]:
        with np.errstate(all="ignore"):
            made = [maker(*case) for case in cases]
        return [[np.asarray(part, dtype=float) for part in ([m] if together else m)] for m in made]

    wanted = made_by(right)
    came = [[as_it_came(part) for part in result] for result in returned]
    if not _agree(came, wanted):
        for words, mistake in mistakes:
            if _agree(came, made_by(mistake)):
                raise Wrong(words)
    for case, result, expected in zip(cases, returned, wanted, strict=True):
        for name, part, want in zip(names, result, expected, strict=True):
            found = differs(want[None], take(part, want.shape, name)[None], (_inside(name),))
            if found:
                raise Wrong(f"For {given(arguments, case)}, {_within(found)}")


def given(arguments: str, case: tuple) -> str:
    """The arguments of a call in words: "w = 1.5, x of shape (12,)"."""
    return ", ".join(f"{name}{_shown(value)}" for name, value in zip(arguments.split(), case, strict=True))


def uses(answer: Any, *names: str) -> str | None:
    """The first of these names that occurs in a function's own code, or None."""
    codes = [getattr(answer, "__code__", None)]
    for code in codes:
        if code is not None:
            codes += [const for const in code.co_consts if hasattr(const, "co_names")]
            for name in names:
                if name in code.co_names:
                    return name
    return None


def _agree(came: list[list[np.ndarray]], made: list[list[np.ndarray]]) -> bool:
    pairs = zip(came, made, strict=True)
    return all(a.size == b.size and _same(a, b) for cs, ms in pairs for a, b in zip(cs, ms, strict=True))


def _same(a: np.ndarray, b: np.ndarray) -> bool:
    return (a.shape == b.shape or a.size == 1) and np.isfinite(b).all() and close(a.reshape(b.shape), b)


def _within(sentence: str) -> str:
    small = sentence.startswith(("The ", "Entry ", "It "))  # but not the name of a matrix, such as W
    return sentence[0].lower() + sentence[1:] if small else sentence


def _inside(name: str) -> str:
    return f"the {name[4:]}" if name.startswith("The ") else name


def _shown(value: Any) -> str:
    if isinstance(value, np.ndarray) and value.size > MANY:
        return f" of shape {value.shape}"
    return f" = {short(value)}"
