"""Which names and arguments of torch the NumPy engine has: a program is made of those only."""

import ast
import inspect
from functools import lru_cache

from dlcourse import reference

ROOTS = {"e": reference, "F": reference.nn.functional}
NUMPY_NAMES = {"axis": "dim", "keepdims": "keepdim"}  # taken beside torch's names, and in no signature
OWNERS = (reference.Tensor, reference.nn.Linear, reference.optim.SGD, reference.autograd.Function,
          tuple, dict)  # fmt: skip


@lru_cache(maxsize=4096)
def missing(source: str) -> str | None:
    """The first name or argument in a program that the reference does not have; None if it has all."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            found = _missing_call(node)
        elif isinstance(node, ast.Attribute):
            found = (
                None
                if _resolved(node) is not None
                else f"{ast.unparse(node)}"
                if _rooted(node)
                else f"Tensor.{node.attr}"
            )
        else:
            found = None
        if found:
            return found
    return None


def _missing_call(call: ast.Call) -> str | None:
    function = _resolved(call.func)
    name = ast.unparse(call.func) if _rooted(call.func) else f"Tensor.{call.func.attr}"
    if function is None:
        return name
    try:
        parameters = inspect.signature(function).parameters
    except ValueError:
        return None
    if any(p.kind is p.VAR_KEYWORD for p in parameters.values()):
        return None
    given = [NUMPY_NAMES.get(keyword.arg, keyword.arg) for keyword in call.keywords]
    return next((f"{name}({keyword}=)" for keyword in given if keyword not in parameters), None)


def _rooted(node: ast.AST) -> bool:
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name) and node.id in ROOTS


def _resolved(node: ast.AST):
    """The reference's function or value of that name; a method is looked up in all classes that a program meets."""
    if isinstance(node, ast.Name):
        return ROOTS.get(node.id)
    if _rooted(node):
        return getattr(_resolved(node.value), node.attr, None)
    if node.attr in ("weight", "bias", "values", "indices", "grad", "requires_grad", "param_groups"):
        return node.attr
    return next((getattr(owner, node.attr) for owner in OWNERS if hasattr(owner, node.attr)), None)
