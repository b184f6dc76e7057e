"""Kinds of answers: every right one in every form, and the wrong ones that nobody should get through with.

Used by the tests and by `python -m tests.exercises.table`.
"""

import ast
import contextlib
import functools
import itertools
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import torch

import dlcourse.reference as reference
from dlcourse.exercises.core import Exercise, answer_of
from dlcourse.exercises.desk import EXERCISES
from dlcourse.exercises.outline import OUTLINE

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
FILES = {chapter.number: chapter.file for chapter in OUTLINE}


@functools.cache
def right(id: str) -> dict[str, Any]:
    """Solution and alternative of an exercise."""
    exercise = EXERCISES[id]
    return {"solution": answer_of(exercise.solution, exercise.name), "alternative": answer_of(exercise.alternative)}


# The forms of a value.


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


# Wrong answers.


def spy(id: str) -> list[tuple[tuple, Any]]:
    """The calls of a check, as (arguments, what the solution returns); none if the answer is no function."""
    solution, calls = right(id)["solution"], []
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
            same = in_form(first, "array")
        except NoSuchForm:
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
    solution = right(id)["solution"]

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
            yield other, right(other)["solution"]


# The notebooks.


def cells(chapter: str) -> list[str]:
    notebook = nbformat.read(NOTEBOOKS / FILES[chapter], as_version=4)
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


@functools.cache
def statements(chapter: str) -> list[ast.stmt]:
    return [statement for source in cells(chapter) for statement in ast.parse(source).body]


def imports(chapter: str) -> dict[str, Any]:
    """A namespace in which the notebook's imports have been run."""
    return _run(statement for statement in statements(chapter) if isinstance(statement, (ast.Import, ast.ImportFrom)))


@functools.cache
def defined(chapter: str) -> dict[str, Any]:
    """What a notebook defines without computing for long: its functions, lambdas, constants, and small arrays."""
    known = _run(statement for statement in statements(chapter) if _cheap(statement))
    functions = {name: value for name, value in known.items() if getattr(value, "__module__", "") == "__notebook__"}
    data = {name: v for name, v in known.items() if isinstance(v, (list, tuple, float, int, np.ndarray, str))}
    return functions | {name: value for name, value in data.items() if not name.startswith("__")}


def _cheap(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Assign):
        calls = [node.func for node in ast.walk(statement.value) if isinstance(node, ast.Call)]
        quick = all(ast.unparse(called).startswith(("np.", "torch.tensor", "len", "range")) for called in calls)
        return quick or isinstance(statement.value, ast.Lambda)
    return isinstance(statement, (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef))


def _run(chosen: Iterator[ast.stmt]) -> dict[str, Any]:
    scope: dict[str, Any] = {"__name__": "__notebook__"}
    for statement in chosen:
        try:
            exec(compile(ast.Module([statement], []), "notebook", "exec"), scope)
        except Exception:  # it needs what was not computed here
            continue
    return scope


def exercises_of(chapter: str) -> list[Exercise]:
    return [exercise for exercise in EXERCISES.values() if exercise.id.startswith(chapter)]
