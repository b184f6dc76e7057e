"""Exercises whose answer is a function, declared by tables: cases, and the sources of the solution and of typical mistakes."""

import dataclasses
import functools
import inspect
import itertools
from collections.abc import Callable, Sequence
from typing import Any

from dlcourse.exercises.core import Exercise, answer_of, array, whole
from dlcourse.exercises.judging import judge


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
    """An exercise whose answers are called with every case and must return what the solution returns, as in `judge`.

    A mistake is the source of a wrong answer and the sentence it gets; it is named only if the answer returns the
    same as it in *every* case. `what` says what is returned: one name, or one for each part of a tuple. `counts`: the
    numbers are whole and compared exactly. `within`: how far a number may be off, in place of float32's digits.
    `about` describes the arguments of a case, by default as "For a = 1, b = 2". `also` is the source of an answer that
    is right, too, with other numbers.
    """

    @functools.cache
    def models() -> tuple[Callable, list[tuple[str, Callable]], Callable | None]:
        wrong = [(sentence, answer_of(source)) for source, sentence in mistakes]
        return answer_of(solution, name), wrong, answer_of(also) if also else None

    def check(answer: Any) -> None:
        right, wrong, too = models()
        arguments = about or " ".join(inspect.signature(right).parameters)
        judge(answer, cases, arguments, right, wrong, what, whole if counts else array, within, too)

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
