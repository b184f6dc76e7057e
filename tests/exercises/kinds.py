"""Kinds of wrong answers that no check may let through: raising, senseless, constant, meddling, meant for others."""

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from dlcourse.exercises.desk import EXERCISES
from tests.exercises import forms


def spy(id: str) -> list[tuple[tuple, Any]]:
    """The calls of a check, as (arguments, what the solution returns); none if the answer is no function."""
    solution, calls = forms.right(id)["solution"], []
    if not callable(solution):
        return calls

    def answer(*arguments):
        result = solution(*arguments)
        calls.append((arguments, result))
        return result

    EXERCISES[id].check(answer)
    return calls


class Unwell(Exception):
    def __str__(self) -> str:
        raise RuntimeError("no words")


class Leaving(BaseException):
    pass


def raising(error: BaseException) -> Callable:
    def answer(*arguments):
        raise error

    return answer


def bottomless(*arguments):
    return bottomless(*arguments)


class Odd:
    """Raises whatever it is asked."""

    def _raise(self, *arguments, **named):
        raise RuntimeError("ask me nothing")

    __array__ = __bool__ = __call__ = __eq__ = __float__ = __getitem__ = __index__ = __iter__ = __len__ = __lt__ = (
        _raise
    )
    __repr__ = __str__ = __sub__ = __rsub__ = __hash__ = detach = tolist = _raise

    @property
    def shape(self):
        raise RuntimeError("no shape")

    dtype = shape


def numbers_without_end(*arguments):
    yield from itertools.count()


RAISING = {
    **{
        type(e).__name__: raising(e)
        for e in (
            ValueError("no"),
            KeyError("w"),
            AssertionError(),
            ZeroDivisionError("division by zero"),
            StopIteration(),
            MemoryError(),
            RecursionError("deep"),
            SystemExit(1),
            GeneratorExit(),
            Unwell(),
            Leaving("base"),
            UnicodeDecodeError("utf-8", b"x", 0, 1, "no"),
        )
    },
    "endless recursion": bottomless,
    "two arguments too many": lambda a, b, c, d, e, f, g, h, i, j: 1,
}
SENSELESS = {
    "an odd object": Odd(),
    "a class": Odd,
    "an endless generator": numbers_without_end(),
    "a function with an endless generator": numbers_without_end,
    "returns an odd object": lambda *arguments: Odd(),
    "returns a pair of odd objects": lambda *arguments: (Odd(), Odd()),
    "returns a list of odd objects": lambda *arguments: [Odd()] * 3,
    "returns a map": lambda *arguments: map(float, (1, 2)),
    "returns its arguments": lambda *arguments: arguments,
    "returns the first argument": lambda *arguments: arguments[0],
    "returns the last argument": lambda *arguments: arguments[-1],
    "returns a dict": lambda *arguments: {"w": 1, "b": 2},
    "returns an empty list": lambda *arguments: [],
    "returns nothing": lambda *arguments: print(end=""),
    "returns text": lambda *arguments: "0",
    "returns nan": lambda *arguments: np.nan,
    "returns infinity": lambda *arguments: [np.inf] * 2,
    "returns complex": lambda *arguments: 1j,
    "returns itself": bottomless,
    "0": 0,
    "1": 1,
    "0.5": 0.5,
    "nan": np.nan,
    "two zeros": (0, 0),
    "three zeros": [0.0] * 3,
    "a dict": {"a": 1},
    "a set": {1, 2},
    "numbers in a text": "0.5",
    "texts": ["0.5", "0.5", "0.2"],
    "None": None,
    "complex": [1j, 2j],
    "NumPy": np,
    "zeros": np.zeros((2, 2)),
}


def constants(id: str) -> Iterator[tuple[str, Any]]:
    """Functions that return one value whatever they are given: what the first call wants, or numbers in its shape."""
    calls = spy(id)
    if not calls or not any(arguments for arguments, _ in calls):
        return
    first = calls[0][1]
    yield "what the first call wants", lambda *arguments: first
    yield "what the last call wants", lambda *arguments: calls[-1][1]
    for number in (0.0, 1.0):
        try:
            same = forms.in_form(first, "array")
        except forms.NoSuchForm:
            continue
        filled = (
            [np.full_like(part, number) for part in same]
            if isinstance(same, (tuple, list))
            else np.full_like(same, number)
        )
        yield f"always {number:g} in the right shape", lambda *arguments, filled=filled: filled


def meddling(id: str) -> Callable | None:
    """The solution, changing all arrays and lists that it is given; None if it is given none."""
    if not any(_spoil(argument, False) for arguments, _ in spy(id) for argument in arguments):
        return None
    solution = forms.right(id)["solution"]

    def answer(*arguments):
        result = solution(*arguments)
        for argument in arguments:
            _spoil(argument, True)
        return result

    return answer


def _spoil(value: Any, really: bool) -> bool:
    """Change the innermost array or list of a value, and whether there is any."""
    if isinstance(value, np.ndarray) and value.size and value.dtype.kind in "biuf":
        if really:
            value[...] = 1 - value
        return True
    if isinstance(value, (list, tuple)):
        inner = [_spoil(part, really) for part in value]
        if not any(inner) and isinstance(value, list):
            if really:
                value.append(7)
            return True
        return any(inner)
    return False


def others(id: str, everywhere: bool = False) -> Iterator[tuple[str, Any]]:
    """Answers to the other exercises of the chapter and of its neighbours, or of the whole course."""
    for other in EXERCISES:
        if other != id and (everywhere or abs(int(other[:2]) - int(id[:2])) <= 1):
            yield other, forms.right(other)["solution"]
