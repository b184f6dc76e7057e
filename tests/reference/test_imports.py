"""The reference engine is NumPy alone: importing it loads neither torch nor anything that draws."""

import json
import subprocess
import sys

import pytest

HEAVY = {"torch", "matplotlib", "ipywidgets", "anywidget", "IPython", "sklearn", "skimage", "PIL"}


def _loaded(statement: str) -> set[str]:
    code = f"import json, sys; {statement}; print(json.dumps(sorted({{m.partition('.')[0] for m in sys.modules}})))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True)
    return set(json.loads(result.stdout))


@pytest.mark.parametrize("module", ["dlcourse", "dlcourse.reference", "dlcourse.models", "dlcourse.training"])
def test_no_heavy_package_is_loaded(module):
    assert _loaded(f"import {module}") & HEAVY == set()


def test_using_it_loads_none_either():
    use = (
        "import dlcourse.reference as e; from dlcourse.models import mlp; m = mlp(e, [2, 3, 1]); "
        "e.nn.functional.mse_loss(m(e.ones(4, 2)), e.ones(4, 1)).backward(); "
        "e.optim.Adam(m.parameters()).step(); e.autograd.gradcheck"
    )
    assert _loaded(use) & HEAVY == set()


def test_the_check_sees_what_is_loaded():
    assert "torch" in _loaded("import dlcourse.counterpart")
