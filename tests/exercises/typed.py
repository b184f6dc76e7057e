"""What the notebooks have typed before their exercises: cells, imports, functions and data."""

import ast
import functools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import numpy as np

from dlcourse.exercises.outline import OUTLINE

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
FILES = {chapter.number: chapter.file for chapter in OUTLINE}


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
