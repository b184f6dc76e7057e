"""Random programs mean the same on both engines, and the comparison sees each kind of difference.

`python -m tests.reference.programs --count 50000` runs more of them and sorts what differs.
"""

import random
from types import SimpleNamespace

import pytest
import torch
from hypothesis import HealthCheck, Phase, given, settings

from dlcourse import reference
from tests.reference.programs.generate import generate, programs
from tests.reference.programs.run import compare
from tests.reference.programs.shorten import explained, shortest
from tests.reference.programs.statements import THEMES
from tests.reference.programs.supported import missing

FIXED = settings(max_examples=800, derandomize=True, database=None, deadline=None, phases=[Phase.generate],
                 suppress_health_check=list(HealthCheck))  # fmt: skip


@pytest.mark.parametrize("theme", THEMES)
def test_a_program_means_the_same_on_both_engines(theme):
    @FIXED
    @given(programs(theme))
    def agrees(program):
        difference = compare(program.source)
        if difference:
            pytest.fail(explained(*shortest(program.lines, difference)), pytrace=False)

    agrees()


TWICE = "a = e.tensor([1.0, 2.0], requires_grad=True)\nb = a * 2\n(b * b).sum().backward()"
ONES = "a = e.ones(2)"
SEEN = {  # what differs: a program, and the function of torch that is broken
    "values of b": ("b = e.ones(2)", {"ones": lambda n: torch.ones(n) * 1.001}),
    "values of b ": (f"{ONES}\nb = e.relu(a)", {"relu": lambda a: a * float("nan")}),
    "dtype of b": ("b = e.ones(2)", {"ones": lambda n: torch.ones(n, dtype=torch.float64)}),
    "shape of b": ("b = e.ones(2)", {"ones": lambda n: torch.ones(n, 1)}),
    "requires_grad of a": (ONES, {"ones": lambda n: torch.ones(n, requires_grad=True)}),
    "is_leaf of b": (f"{ONES}\na.requires_grad_()\nb = e.relu(a)",
                     {"relu": lambda b: b.detach().relu().requires_grad_()}),
    "type of a": (ONES, {"ones": lambda n: torch.nn.Parameter(torch.ones(n), requires_grad=False)}),
    "values of the gradient of a": (TWICE.replace("a * 2", "e.abs(a)"),
                                    {"abs": lambda a: 2 * a - a.detach()}),
    "gradient of a": (TWICE, {"tensor": lambda data, requires_grad: _without_gradient(data)}),
    "gradient of a ": (ONES, {"ones": lambda n: _with_gradient(n)}),
    "values of b  ": (f"{ONES}\nb = e.relu(a)", {"relu": lambda a: a}),  # shared memory
    "values of b   ": (f"{ONES}\nb = e.as_tensor(a)", {"as_tensor": lambda a: a.clone()}),  # memory that is not shared
    "refused": (f"{ONES}\nb = e.relu(a)", {"relu": lambda a: a.view(3)}),
    "refused ": (f"{ONES}\nb = e.matmul(a, e.zeros(3))", {"matmul": lambda a, b: a}),
    "values of a ": (f"{ONES}\ne.relu(a, a)", {"relu": lambda a, b: a.add_(1).view(5)}),  # changed, then refused
    "value of b": ("b = e.numel(e.ones(2))", {"numel": lambda a: 2.0}),
    "value of b ": ("b = e.ones(2).tolist(), e.numel(e.ones(2))", {"numel": lambda a: 3}),
    "values of bias of b": ("b = e.nn.LayerNorm(2)", {"nn": SimpleNamespace(
        functional=torch.nn.functional, LayerNorm=lambda n: _shifted(torch.nn.LayerNorm(n)))}),
}  # fmt: skip


def _without_gradient(data):
    tensor = torch.tensor(data, requires_grad=True)
    tensor.register_post_accumulate_grad_hook(lambda t: setattr(t, "grad", None))
    return tensor


def _with_gradient(n):
    tensor = torch.ones(n)
    tensor.grad = torch.ones(n)
    return tensor


def _shifted(layer):
    layer.bias.data += 1
    return layer


@pytest.mark.parametrize("what", SEEN)
def test_the_comparison_sees(what):
    """PyTorch with one function that is broken, against PyTorch."""
    source, broken = SEEN[what]
    names = {name: getattr(torch, name) for name in dir(torch) if not name.startswith("__")}
    assert compare(source, ours=torch) is None
    assert compare(source, ours=SimpleNamespace(**{**names, **broken})).what == what.strip()


def test_programs_reach_what_they_are_for():
    """Most statements run; there are refusals, views, writes in place, and gradients that arrive."""
    drawn = [generate(random.Random(seed).choice) for seed in range(400)]
    assert all(1 <= len(program.lines) <= 11 for program in drawn)
    kinds = [kind for program in drawn for kind in program.kinds]
    for kind in (
        "backward",
        "view",
        "write",
        "operator",
        "in_place",
        "unrecorded",
        "optimizer",
        "gradient",
        "everyday",
    ):
        assert kinds.count(kind) >= 5, kind
    refused = []
    for program in drawn:
        compare(program.source, ours=torch, note_refusals=lambda *note: refused.append(note))
    assert 40 <= len(refused) <= 200


def test_programs_use_only_names_that_the_engine_has():
    assert missing("a = e.ones(2).sum(dim=0)") is None
    assert missing("a = e.svd(b)") == "e.svd"
    assert missing("a.erfinv_()") == "Tensor.erfinv_"
    assert missing("F.relu(a, inplaces=True)") == "F.relu(inplaces=)"


def test_a_program_can_be_run_on_the_reference_alone():
    space = {"e": reference, "F": reference.nn.functional}
    exec(TWICE, space)
    assert space["a"].grad.tolist() == [8.0, 16.0]
