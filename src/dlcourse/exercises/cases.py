"""Exercises whose answer is a function: what it returns for some cases is held against the solution and typical mistakes."""

import copy
import dataclasses
import functools
import inspect
import itertools
import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from dlcourse.exercises.comparing import digits, near
from dlcourse.exercises.core import Exercise, Wrong, answer_of, array, as_it_came, call, function, parts, whole
from dlcourse.exercises.words import short

SHOWN = 50  # signs of an argument that are shown; of a longer one its shape


def by_cases(
    id: str,
    title: str,
    name: str,
    cases: Sequence[tuple],
    hints: tuple[str, str, str],
    solution: str,
    alternative: str,
    mistakes: tuple[tuple[str, str], ...],
    what: str | tuple[str, ...] = "The answer",
    counts: bool = False,
    within: float | None = None,
    about: Callable[..., str] | None = None,
    also: str | None = None,
) -> Exercise:
    """An exercise whose answers are called with every case and must return what the solution returns.

    A mistake is the source of a wrong answer and the sentence it gets; it is named only if the answer returns the
    same as it in *every* case. `what` says what is returned: one name, or one for each part of a tuple. `counts`: the
    numbers are whole and compared exactly. `within`: how far a number may be off, in place of float32's digits.
    `about` describes the arguments of a case, by default as "For a = 1, b = 2". `also` is the source of an answer that
    is right, too, with other numbers.
    """

    @functools.cache
    def models() -> tuple[Callable, list[tuple[Callable, str]]]:
        return answer_of(solution, name), [(answer_of(source), sentence) for source, sentence in mistakes]

    def check(answer: Any) -> None:
        right, wrong = models()
        f = function(answer)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # the mean of nothing: the feedback says it better
            came = [call(f, *cases[0]), *(_called(f, case) for case in cases[1:])]
            expected = [right(*copy.deepcopy(case)) for case in cases]
            verdicts = [_verdict(*pair, what, counts, within) for pair in zip(came, expected, strict=True)]
            if not any(verdicts) or (also and _made(answer_of(also), cases, came)):
                return
            for model, sentence in wrong:
                if _made(model, cases, came):
                    raise Wrong(sentence)
        case, result, verdict = next(row for row in zip(cases, came, verdicts, strict=True) if row[2])
        if isinstance(result, Wrong):
            raise result
        raise Wrong(f"{(about or _about(right))(*case)}: {_small(verdict)}")

    return Exercise(id, title, name, check, hints, solution, alternative, mistakes)


def by_stages(
    id: str, title: str, name: str, stages: Sequence[Sequence[tuple]], *texts: Any, **judged: Any
) -> Exercise:
    """The same with cases in stages: the later ones, such as huge logits, are added once the earlier ones are right.

    So a mistake is named by the everyday cases, whatever the answer makes of the hard ones.
    """
    so_far = itertools.accumulate(map(tuple, stages))
    exercises = [by_cases(id, title, name, cases, *texts, **judged) for cases in so_far]

    def check(answer: Any) -> None:
        for exercise in exercises:
            exercise.check(answer)

    return dataclasses.replace(exercises[0], check=check)


def _called(f: Callable, case: tuple) -> Any:
    """What a function returns for a case, or the words about its exception: a typical mistake may raise it, too."""
    try:
        return call(f, *case)
    except Wrong as refused:
        return refused


def _verdict(came: Any, expected: Any, what: str | tuple[str, ...], counts: bool, within: float | None) -> str | None:
    """What is wrong with one answer, as a sentence; None if nothing is."""
    named = isinstance(what, tuple)
    if isinstance(came, Wrong):
        return str(came)
    try:
        pieces = parts(came, what) if named else [came]
        for piece, wanted, name in zip(
            pieces, expected if named else [expected], what if named else [what], strict=True
        ):
            wanted = np.asarray(wanted)
            found = (whole if counts or wanted.dtype == bool else array)(piece, wanted.shape, name)
            difference = _difference(wanted, found, name, within)
            if difference:
                return difference
    except Wrong as refused:
        return str(refused)
    return None


def _difference(wanted: np.ndarray, found: np.ndarray, name: str, within: float | None) -> str | None:
    """The first number that differs, with both; whole ones are compared exactly and shown in full."""
    exact = found.dtype.kind == "i"
    if exact:
        equal = found == wanted
    elif within is None:
        equal = near(found, wanted)
    else:
        equal = np.abs(found - wanted) <= within + 4 * np.finfo(np.float32).eps * np.abs(wanted)
    if np.all(equal):
        return None
    place = tuple(np.argwhere(~np.asarray(equal))[0].tolist())
    pair = wanted[place], found[place]
    if wanted.dtype == bool:
        should, have = (str(bool(value)) for value in pair)
    else:
        should, have = (f"{int(value):,}" for value in pair) if exact else digits(*pair)
    where = f"entry [{', '.join(map(str, place))}] of {_small(name)}" if place else _small(name)
    return f"{where} should be {should}; you have {have}."


def _small(sentence: str) -> str:
    """Without a capital at the beginning, unless it is a symbol's: to stand behind a colon."""
    first = sentence.split(maxsplit=1)[0]
    return sentence[0].lower() + sentence[1:] if first.istitle() and first.isalpha() and len(first) > 1 else sentence


def _made(model: Callable, cases: Sequence[tuple], came: list) -> bool:
    """Whether all answers are those of a mistake; where one raises an exception, so must the other."""
    agree = [_agree(model, case, answer) for case, answer in zip(cases, came, strict=True)]
    return True in agree and False not in agree


def _agree(model: Callable, case: tuple, answer: Any) -> bool | None:
    """Whether an answer is that of a mistake; None if both raised an exception."""
    try:
        made = model(*copy.deepcopy(case))
    except Exception:
        return None if isinstance(answer, Wrong) else False
    try:
        return not isinstance(answer, Wrong) and _alike(answer, made)
    except Exception:  # the answer has other parts
        return False


def _alike(came: Any, wanted: Any) -> bool:
    """Equal in shape and numbers; nan is equal to nan, but something must be a number."""
    if isinstance(wanted, tuple):
        pieces = parts(came, ("",) * len(wanted))
        return all(_alike(*pair) for pair in zip(pieces, wanted, strict=True))
    a, b = as_it_came(came), as_it_came(wanted)
    if a.shape != b.shape or (b.size and np.isnan(b).all()):
        return False
    return bool((near(a, b) | (np.isnan(a) & np.isnan(b))).all())


def _about(right: Callable) -> Callable[..., str]:
    """The arguments of a case by the names that the solution gives them."""

    def about(*case: Any) -> str:
        shown = []
        for name, value in zip(inspect.signature(right).parameters, case, strict=True):
            text = short(value)
            long = isinstance(value, np.ndarray) and len(text) > SHOWN
            shown.append(f"{name} of shape {value.shape}" if long else f"{name} = {text}")
        return f"For {', '.join(shown)}"

    return about
