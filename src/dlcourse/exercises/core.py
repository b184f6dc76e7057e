"""What an exercise is, and the small words in which checks are written."""

import copy
import dis
import types
from collections.abc import Callable
from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np


class Wrong(Exception):
    """Raised by a check: the answer is not right; the message says what is seen and where to look."""


@dataclass(frozen=True)
class Exercise:
    """One exercise.

    check(answer) returns when the answer is right and raises Wrong otherwise. Solution, alternative and mistakes are
    source code that leaves its answer in `answer`, so that tests can run just what a learner reads; `mistakes` pairs a
    typical wrong answer with words of the feedback it must get.
    """

    id: str
    title: str
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


def answer_of(source: str) -> Any:
    """Run a piece of answer code and return its `answer`."""
    scope: dict[str, Any] = {"np": np}
    exec(source, scope)
    return scope["answer"]


def is_stub(answer: Any) -> bool:
    """Whether nothing was filled in yet: `...`, or a function with nothing but a docstring, `...` or `pass` in it."""
    if answer is ...:
        return True
    if not isinstance(answer, types.FunctionType):
        return False
    idle = {"RESUME", "NOP", "LOAD_CONST", "RETURN_CONST", "RETURN_VALUE"}
    instructions = list(dis.get_instructions(answer))
    returned = [i.argval for i in instructions if i.opname in ("LOAD_CONST", "RETURN_CONST")]
    return {i.opname for i in instructions} <= idle and returned[-1:] == [None]


def array(answer: Any, shape: tuple[int, ...], name: str = "the answer") -> np.ndarray:
    """The answer as finite float64 numbers of this shape; Wrong says what came instead."""
    if isinstance(answer, (str, bytes, dict, set, bool, type(None))):
        raise Wrong(f"{name} must be numbers of shape {shape}; this is {_kind(answer)}.")
    try:
        numbers = _numbers(getattr(answer, "detach", lambda: answer)())
    except Exception:  # an object may do anything when it is asked for its numbers
        raise Wrong(f"{name} must be numbers of shape {shape}; this is {_kind(answer)}.") from None
    if numbers.shape != shape:
        raise Wrong(f"{name} must have shape {shape}; this has shape {numbers.shape}.")
    if not np.isfinite(numbers).all():
        raise Wrong(f"{name} holds nan or infinity; every number must be finite.")
    return numbers


def as_it_came(answer: Any) -> np.ndarray:
    """The answer as float64 of any shape, nan and infinity included, so that a check can say itself what they mean.

    What is no numbers at all becomes a single nan.
    """
    try:
        return _numbers(getattr(answer, "detach", lambda: answer)())
    except Exception:  # as in `array`
        return np.array(np.nan)


def _numbers(values: Any) -> np.ndarray:
    """As float64. NumPy itself would also read texts, and cut complex numbers in half."""
    found = np.asarray(values)
    exact = found.dtype.kind == "O" and all(isinstance(value, Real) for value in found.flat)  # such as Fraction
    if found.dtype.kind not in "biuf" and not exact:
        raise TypeError(f"no numbers: {found.dtype}")
    return found.astype(float)


def several(answer: Any, names: tuple[str, ...], shape: tuple[int, ...]) -> list[np.ndarray]:
    """The parts of a tuple or list, each as numbers of this shape; `names` says what they are."""
    if not isinstance(answer, (tuple, list)) or len(answer) != len(names):
        raise Wrong(f"Return {len(names)} things: {', '.join(names)}.")
    return [array(part, shape, name) for part, name in zip(answer, names, strict=True)]


def function(answer: Any) -> Callable:
    """The answer as a function."""
    if not callable(answer):
        raise Wrong(f"A function is asked for; this is {_kind(answer)}. Pass its name without calling it.")
    return answer


def call(answer: Callable, *arguments: Any) -> Any:
    """The learner's function on copies of the arguments; its exception becomes feedback, and so does changing them."""
    given = copy.deepcopy(arguments)
    try:
        result = answer(*given)
    except Exception as error:
        shown = ", ".join(_short(a) for a in arguments)
        raise Wrong(f"Your function raised {type(error).__name__}: {error} – for the arguments {shown}.") from None
    for before, after in zip(arguments, given, strict=True):
        if isinstance(before, np.ndarray) and not np.array_equal(before, after):
            raise Wrong("Your function changes its arguments in place; compute new arrays instead.")
    if result is None or result is ...:
        raise Wrong("Your function returns nothing; does it end with `return`?")
    return result


def close(a: np.ndarray, b: np.ndarray) -> bool:
    return bool(np.allclose(a, b, rtol=1e-5, atol=1e-7))


def _kind(value: Any) -> str:
    return "nothing (None)" if value is None else f"{type(value).__name__} {_short(value)}"


def _short(value: Any) -> str:
    try:
        text = repr(value.tolist() if isinstance(value, np.ndarray) else value)
    except Exception:  # a learner's own class
        text = "that cannot be shown"
    return text if len(text) <= 60 else text[:57] + "..."
