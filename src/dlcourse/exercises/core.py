"""What an exercise is, and, from the files beside this one, the small words in which checks are written."""

import dis
import types
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from dlcourse.exercises.answers import array, as_it_came, epsilon, parts, several, text, texts, whole
from dlcourse.exercises.comparing import close, differs, digits, near
from dlcourse.exercises.running import call, function
from dlcourse.exercises.words import Wrong, shape_words

__all__ = [
    "Exercise",
    "Question",
    "Wrong",
    "answer_of",
    "array",
    "as_it_came",
    "call",
    "close",
    "differs",
    "digits",
    "epsilon",
    "function",
    "is_stub",
    "near",
    "parts",
    "several",
    "shape_words",
    "text",
    "texts",
    "whole",
]


@dataclass(frozen=True)
class Exercise:
    """One exercise.

    check(answer) returns when the answer is right and raises Wrong otherwise. `name` is what the notebook's stub defines
    and its check cell hands in; the solution is source code that defines it, as a learner would write it over the stub.
    Alternative and mistakes leave theirs in `answer`; `mistakes` pairs a typical wrong answer with words of the feedback
    it must get.
    """

    id: str
    title: str
    name: str
    check: Callable[[Any], None]
    hints: tuple[str, str, str]
    solution: str
    alternative: str
    mistakes: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Question:
    """One question of a quiz: the right option by index, and feedback for every option."""

    text: str
    options: tuple[str, ...]
    right: int
    feedback: tuple[str, ...]


def answer_of(source: str, name: str = "answer") -> Any:
    """Run a piece of answer code and return what it calls by this name."""
    scope: dict[str, Any] = {"np": np}
    exec(source, scope)
    return scope[name]


def is_stub(answer: Any) -> bool:
    """Whether nothing was filled in yet: `...`, or a function with nothing but a docstring, `...` or `pass` in it."""
    if answer is ...:
        return True
    if type(answer) is not types.FunctionType:  # isinstance would ask the answer itself
        return False
    idle = {"RESUME", "NOP", "LOAD_CONST", "RETURN_CONST", "RETURN_VALUE"}
    instructions = list(dis.get_instructions(answer))
    returned = [i.argval for i in instructions if i.opname in ("LOAD_CONST", "RETURN_CONST")]
    return {i.opname for i in instructions} <= idle and any(returned[-1] is nothing for nothing in (None, ...))
