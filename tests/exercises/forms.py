"""Right answers in every form that a learner may give them."""

import contextlib
import functools
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import numpy as np
import torch

import dlcourse.reference as reference
from dlcourse.exercises.core import answer_of
from dlcourse.exercises.desk import EXERCISES


@functools.cache
def right(id: str) -> dict[str, Any]:
    """Solution and alternative of an exercise."""
    exercise = EXERCISES[id]
    return {"solution": answer_of(exercise.solution, exercise.name), "alternative": answer_of(exercise.alternative)}


def _nested(a: np.ndarray, outer: type, number: Callable) -> Any:
    return outer(_nested(np.asarray(row), outer, number) for row in a) if a.ndim else number(a[()])


def _bools(a: np.ndarray) -> Any:
    return a.astype(bool) if np.isin(a, (0, 1)).all() else None


def _exact(a: np.ndarray) -> Any:
    return _nested(a, tuple, lambda n: Fraction(float(n))) if np.isfinite(a).all() else None


NUMBERS: dict[str, Callable[[np.ndarray], Any]] = {
    "list": lambda a: a.astype(float).tolist(),
    "tuple": lambda a: _nested(a, tuple, float),
    "list of NumPy numbers": lambda a: _nested(a, list, np.float64),
    "array": lambda a: a.astype(float),
    "float32": lambda a: a.astype(np.float32),
    "int": lambda a: a.astype(int) if np.all(a == np.round(a)) else None,
    "bool": _bools,
    "list of bools": lambda a: None if _bools(a) is None else _bools(a).tolist(),
    "fractions": _exact,
    "tensor": lambda a: reference.tensor(a.astype(float)),
    "tensor with a gradient": lambda a: reference.tensor(a.astype(float), requires_grad=True),
    "torch": lambda a: torch.tensor(a.astype(float)),
    "torch float32": lambda a: torch.tensor(a.astype(np.float32)),
    "torch Parameter": lambda a: torch.nn.Parameter(torch.tensor(a.astype(float))),
    "list of tensors": lambda a: [torch.tensor(row, requires_grad=True) for row in a.astype(float)] if a.ndim else None,
    "list that holds the number": lambda a: None if a.ndim else [float(a)],
}
TEXTS: dict[str, Callable[[np.ndarray], Any]] = {
    "list": lambda a: a.tolist(),
    "tuple": lambda a: _nested(a, tuple, str),
    "array": lambda a: a,
    "array of objects": lambda a: a.astype(object),
}
FORMS = list({**NUMBERS, **TEXTS})


class NoSuchForm(Exception):
    """A value does not exist in a form, such as 0.5 as a bool."""


def in_form(value: Any, form: str) -> Any:
    """The same value in another form. Parts of different shapes are each put into it."""
    try:
        a = np.asarray(value.detach() if isinstance(value, torch.Tensor) else value)
    except ValueError:  # parts of different shapes
        a = np.array(None)
    if a.dtype.kind in "biuf" and form in NUMBERS:
        found = NUMBERS[form](a)
    elif a.dtype.kind == "U" and form in TEXTS:
        found = TEXTS[form](a)
    elif a.dtype.kind == "O" and isinstance(value, (tuple, list)):
        found = type(value)(in_form(part, form) for part in value)
    else:
        raise NoSuchForm
    if found is None:
        raise NoSuchForm
    return found


def right_forms(id: str) -> Iterator[tuple[str, Any]]:
    """(form, answer) for every form that the solution has. A function returns its values in this form."""
    solution = right(id)["solution"]
    for form in FORMS:
        missing = []
        try:
            answer = _returning(solution, form, missing) if callable(solution) else in_form(solution, form)
        except NoSuchForm:
            continue
        if callable(solution):
            with contextlib.suppress(Exception):  # judged where the answer is checked
                EXERCISES[id].check(answer)
            if missing:
                continue
        yield form, answer


def _returning(f: Callable, form: str, missing: list) -> Callable:
    def answer(*arguments, **named):
        value = f(*arguments, **named)
        try:
            return in_form(value, form)
        except NoSuchForm:
            missing.append(form)
            return value

    return answer
