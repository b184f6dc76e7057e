"""Write docs/reference.md: what of torch the NumPy engine takes, from the signatures themselves.

python tools/reference_page.py
"""

import inspect
import itertools
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # tools itself is not installed

from dlcourse.reference import Tensor  # noqa: E402
from tools.torch_signatures import pairs, unsupported, without_self  # noqa: E402

PAGE = ROOT / "docs" / "reference.md"
HEAD = """# What the NumPy engine supports

`import dlcourse.reference as engine` in place of `import torch as engine`: these names, with these arguments, mean the
same on both. An argument that is not listed under a name is refused with a `TypeError`, never taken and ignored; the
last column names those that only PyTorch takes. `python tools/reference_page.py` writes this page from the signatures,
and a test compares them, and this page, with PyTorch.

Changes in place, views and what is written through them, `.data`, hooks and errors of version are PyTorch's as well;
`python -m tests.reference.programs --count 50000` runs random programs on both engines. Known differences: a tensor
whose `.data` is *set to another tensor* between forward and backward keeps the old numbers for that backward here; a
tensor of whole numbers never needs a gradient, whatever is written into it; warnings are fewer. Dropout's masks differ
for the same seed.
"""


def page() -> str:
    """The whole page: one table for each namespace of torch."""
    found = pairs()
    parts = [HEAD]
    for namespace, group in itertools.groupby(found, key=lambda path: path.rpartition(".")[0]):
        parts.append(f"\n## {namespace}\n\n| | what it does | only in PyTorch |\n|---|---|---|\n")
        parts.extend(_row(path, *found[path]) for path in group)
    return "".join(parts)


def _row(path: str, ours, theirs) -> str:
    signature = without_self(inspect.signature(ours)).replace(return_annotation=inspect.Signature.empty)
    plain = [p.replace(annotation=inspect.Parameter.empty) for p in signature.parameters.values()]
    call = f"{path.rpartition('.')[2]}{signature.replace(parameters=plain)}"
    cells = (f"`{call}`", _summary(ours), ", ".join(f"`{name}`" for name in unsupported(path, ours, theirs)))
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


def _summary(function) -> str:
    """The first sentence of the docstring; a function that only calls the tensor's method has that one's."""
    text = inspect.getdoc(function) or inspect.getdoc(getattr(Tensor, function.__name__, None)) or ""
    first = text.partition("\n\n")[0].replace("\n", " ")
    return re.split(r"(?<=[.:])\s", first)[0].rstrip(":")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)} written.")
