"""Judging a learner's function by many cases: a mistake is named only if every single result is what this mistake gives."""

import copy
import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from dlcourse.exercises.answers import array, as_it_came, parts, truths
from dlcourse.exercises.comparing import differs, near
from dlcourse.exercises.running import call, function
from dlcourse.exercises.words import Wrong, short, small

SHOWN = 50  # signs of an array that are shown; of a longer one its shape


def judge(
    answer: Any,
    cases: Sequence[tuple],
    arguments: str | Callable[..., str],
    right: Callable,
    mistakes: Sequence[tuple[str, Callable]] = (),
    names: str | tuple[str, ...] = "The result",
    take: Callable = array,
    within: float | None = None,
    also: Callable | None = None,
) -> None:
    """Call the answer with each case's arguments and compare what it returns with `right` of the same arguments.

    `arguments` names them, such as "w b", for words like "For w = 1, b = 2"; or it is a function that returns such words
    for a case. `mistakes` pairs a sentence with a function that makes this mistake; the sentence is said if the answer
    agrees with that function in *all* cases, whatever its shape, and otherwise the first number that differs is shown.
    Where a mistake raises an exception, in a case after the first, the answer agrees if it raises one, too.
    `names` is what the function returns, or a tuple with the names of its parts. `take` reads one part: `array`, or
    `whole` for numbers that are compared exactly. `within` is how far a number may be off, by default float32's rounding.
    `also` is a function that is right, too, with other numbers. Raises Wrong.
    """
    f = function(answer)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # the mean of nothing: the feedback says it better
        results = [call(f, *cases[0]), *(_result(f, case) for case in cases[1:])]  # what fails at once need not go on
        wanted = [right(*copy.deepcopy(case)) for case in cases]
        faults = [_fault(*pair, names, take, within) for pair in zip(results, wanted, strict=True)]
        if not any(faults) or (also and _agrees(also, cases, results, names)):
            return
        for sentence, mistake in mistakes:
            if _agrees(mistake, cases, results, names):
                raise Wrong(sentence)
    for result in results:
        if not isinstance(names, str) and not isinstance(result, Wrong):
            parts(result, names)  # how many there must be is the same for all cases
    case, result, fault = next(row for row in zip(cases, results, faults, strict=True) if row[2])
    if isinstance(result, Wrong):
        raise result
    raise Wrong(f"{arguments(*case) if callable(arguments) else _given(arguments, case)}: {small(fault)}")


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


def _result(f: Callable, case: tuple) -> Any:
    """What a function returns for a case, or the words about its exception: a typical mistake may raise it, too."""
    try:
        return call(f, *case)
    except Wrong as refused:
        return refused


def _fault(result: Any, wanted: Any, names: str | tuple[str, ...], take: Callable, within: float | None) -> str | None:
    """What is wrong with one result, as a sentence; None if nothing is."""
    if isinstance(result, Wrong):
        return str(result)
    if isinstance(names, str):
        result, wanted, names = [result], [wanted], (names,)
    try:
        for part, want, name in zip(parts(result, names), map(np.asarray, wanted), names, strict=True):
            found = take(part, want.shape, name)
            both = want.dtype == bool and truths(part)
            if words := differs(want, found.astype(bool) if both else found, name, within):
                return words
    except Wrong as refused:
        return str(refused)
    return None


def _agrees(model: Callable, cases: Sequence[tuple], results: list, names: str | tuple[str, ...]) -> bool:
    """Whether all results are those of another function, and where it raises an exception, so did the answer."""
    for case, result in zip(cases, results, strict=True):
        try:
            made = model(*copy.deepcopy(case))
        except Exception:
            if isinstance(result, Wrong):
                continue
            return False
        if not isinstance(names, str) and isinstance(made, np.ndarray) and made.ndim:
            made = tuple(made)
        if not _alike(result, made):
            return False
    return True


def _alike(came: Any, made: Any) -> bool:
    """Equal in shape and numbers; nan is equal to nan, but something must be a number."""
    if isinstance(made, tuple):
        try:
            return all(map(_alike, parts(came, ("",) * len(made)), made))
        except Wrong:
            return False
    a, b = as_it_came(came), as_it_came(made)
    if a.size == b.size == 1:
        a = a.reshape(b.shape)
    if a.shape != b.shape or (b.size and np.isnan(b).all()):
        return False
    return bool((near(a, b) | (np.isnan(a) & np.isnan(b))).all())


def _given(names: str, case: tuple) -> str:
    """The arguments of a call in words: "For w = 1.5, x of shape (12,)"."""
    shown = []
    for name, value in zip(names.split(), case, strict=True):
        text = short(value)
        long = isinstance(value, np.ndarray) and len(text) > SHOWN
        shown.append(f"{name} of shape {value.shape}" if long else f"{name} = {text}")
    return f"For {', '.join(shown)}"
