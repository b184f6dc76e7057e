"""One program on both engines: the first statement after which they differ.

A program is the text of a notebook cell in which `e` is the engine and `F` is e.nn.functional. Its statements run one
by one on either engine. After each, both must have refused it or neither; every name must hold the same: numbers,
number type, shape, requires_grad, is_leaf, gradient. At the end every tensor is filled with a number of its own, which
shows in all names that share its memory.
"""

import ast
import re
import warnings
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch

from dlcourse import reference

TOLERANCE = 3e-5  # of float32, which most numbers went through


@dataclass
class Difference:
    """What the engines differ in after a statement."""

    statement: str
    what: str
    ours: object
    theirs: object

    def __str__(self) -> str:
        return f"{self.what}: NumPy {self.ours}, torch {self.theirs}"


def compare(source: str, ours=reference, theirs=torch, note_refusals=None) -> Difference | None:
    """The first difference between the engines; None if they agree to the end, or to the statement both refuse.

    note_refusals(our_error, their_error, statement) is told of a statement that both refuse."""
    spaces = [namespace(ours), namespace(theirs)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch warns when .grad of a result is read, NumPy at x / 0
        for statement, code in statements(source):
            errors = [execute(code, space) for space in spaces]
            if (errors[0] is None) != (errors[1] is None):
                return Difference(statement, "refused", *[error and _described(error) for error in errors])
            whole = errors[0] is None or not _may_stop_halfway(statement)
            difference = _first_unlike(*spaces) if whole else None
            if difference:
                return Difference(statement, *difference)
            if errors[0] is not None:
                if note_refusals:
                    note_refusals(*errors, statement)
                return None
        return _difference_in_memory(*spaces)


def namespace(engine) -> dict:
    """What a program may name at its start. Both engines start from the same seed."""
    engine.manual_seed(0)
    return {"e": engine, "F": engine.nn.functional}


@lru_cache(maxsize=4096)
def statements(source: str) -> tuple:
    """The statements of a program as pairs (text, code)."""
    return tuple((ast.get_source_segment(source, node), compile(ast.Module([node], []), "<program>", "exec"))
                 for node in ast.parse(source).body)  # fmt: skip


def execute(code, space: dict) -> Exception | None:
    try:
        exec(code, space)
    except Exception as error:
        return error
    return None


def _difference_in_memory(ours: dict, theirs: dict) -> Difference | None:
    names = [name for name, value in theirs.items() if isinstance(value, torch.Tensor)]
    for number, name in enumerate(names, start=90):
        filling = f"{name}.detach().fill_({'True' if theirs[name].dtype == torch.bool else number})"
        ((statement, code),) = statements(filling)
        errors = [execute(code, space) for space in (ours, theirs)]
        if (errors[0] is None) != (errors[1] is None):
            return Difference(statement, "refused", *[error and _described(error) for error in errors])
        difference = _first_unlike(ours, theirs)
        if difference:
            return Difference(statement, *difference)
    return None


def _may_stop_halfway(statement: str) -> bool:
    """Whether an error can leave part of the work done, in an order that no engine promises."""
    return any(part in statement for part in ("backward", "\n", "//", "%"))  # x // 0 of whole numbers is an error


def _described(error: Exception) -> str:
    return f"{type(error).__name__}: {str(error).splitlines()[0][:120] if str(error) else ''}"


def _first_unlike(ours: dict, theirs: dict) -> tuple | None:
    for name, value in theirs.items():
        if name in ("e", "F", "__builtins__"):
            continue
        try:
            difference = unlike(ours.get(name), value)
        except Exception as error:
            difference = "what can be read", _described(error), "no error"
        if difference:
            what, *pair = difference
            return (f"{what} of {name}", *pair)
    return None


def unlike(our, their) -> tuple | None:
    """(what, ours, theirs) where two values of the engines differ: tensors, modules, or values of Python."""
    if isinstance(their, torch.Tensor):
        return _unlike_tensors(our, their)
    if isinstance(their, torch.nn.Module):
        return _unlike_parameters(dict(our.named_parameters()), dict(their.named_parameters()))
    if isinstance(their, (tuple, list)):
        if not isinstance(our, (tuple, list)) or len(our) != len(their):
            return "value", our, their
        return next((found for pair in zip(our, their, strict=True) if (found := unlike(*pair))), None)
    if isinstance(their, float):
        same = isinstance(our, float) and np.isclose(our, their, 1e-5, 1e-6, equal_nan=True)
        return None if same else ("value", our, their)
    if isinstance(their, str) and isinstance(our, str):
        our, their = _text(our), _text(their)
    plain = isinstance(their, (int, str, bool, type(None)))
    return ("value", our, their) if plain and (type(our) is not type(their) or our != their) else None


def _text(printed: str) -> str:
    """Without what may differ: the nodes of the graph (test_graph.py compares the names of the usual ones), the sign of
    a zero and the blanks for it."""
    return re.sub(r"torch::autograd::|\w+(?=Backward)|(?<=Backward)[s\d]|-(?=0\.\D)|\s", "", printed)


def _unlike_parameters(ours: dict, theirs: dict) -> tuple | None:
    if list(ours) != list(theirs):
        return "names of parameters", list(ours), list(theirs)
    for name, their in theirs.items():
        difference = _unlike_tensors(ours[name], their)
        if difference:
            return (f"{difference[0]} of {name}", *difference[1:])
    return None


def _unlike_tensors(our, their) -> tuple | None:
    if type(our).__name__ != type(their).__name__:
        return "type", type(our).__name__, type(their).__name__
    if is_spoiled(their):
        return None
    for what in ("dtype", "requires_grad", "is_leaf"):
        if repr(getattr(our, what)) != repr(getattr(their, what)):
            return what, getattr(our, what), getattr(their, what)
    if tuple(our.shape) != tuple(their.shape):
        return "shape", tuple(our.shape), tuple(their.shape)
    values = our.detach().numpy(), their.detach().numpy()
    if not _same_numbers(*values):
        return "values", *[array.tolist() for array in values]
    if our.grad is None or their.grad is None:
        return None if our.grad is their.grad else ("gradient", our.grad, their.grad)
    difference = _unlike_tensors(our.grad, their.grad)
    return difference and (f"{difference[0]} of the gradient", *difference[1:])


def is_spoiled(tensor: torch.Tensor) -> bool:
    """Whether torch refuses to tell anything of it: a part from unbind() whose base was changed since."""
    try:
        tensor.grad_fn  # noqa: B018
    except RuntimeError:
        return True
    return False


def _same_numbers(ours: np.ndarray, theirs: np.ndarray) -> bool:
    if np.array_equal(ours, theirs):
        return True
    if theirs.dtype.kind != "f":
        return False
    largest = np.abs(theirs[np.isfinite(theirs)]).max(initial=1.0)
    return np.allclose(ours, theirs, TOLERANCE, TOLERANCE * largest, equal_nan=True)
