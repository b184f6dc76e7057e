"""Whether PyTorch promises a gradient: not if a write that it does not see changed what backward needs.

Writes through .data and NumPy are hidden from PyTorch's version counters; a gradient computed after them depends on
which numbers an operation happened to keep. The same program with writes that are counted tells: PyTorch refuses it.
"""

import re
import warnings

import torch

from tests.reference.programs.run import execute, namespace, statements

COUNTED = [
    (r"(\S+)\.data ([-+*/])= (.*)", r"\1.detach().copy_(\1.detach() \2 (\3))"),
    (r"(\S+)\.data = (.*)", r"\1.detach().copy_(\2)"),
    (r"\.detach\(\)\.numpy\(\)\[\.\.\.\] = 2", r".detach().fill_(2)"),
    (r"\.data\b", r".detach()"),
]


def promises_gradient(lines: list) -> bool:
    """Whether the last statement, which computes a gradient, is free of numbers that were changed behind its back."""
    source = "\n".join(lines)
    counted = source
    for hidden, seen in COUNTED:
        counted = re.sub(hidden, seen, counted)
    return counted == source or _error(source) or not _error(counted)


def _error(source: str) -> bool:
    space = namespace(torch)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return any(execute(code, space) for _, code in statements(source))
