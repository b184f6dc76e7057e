"""Names, argument names, their order and defaults are torch's; what is not supported is refused.

An argument of ours that may be given by position must stand at torch's place: otherwise the same call would mean
something else on the other engine.
"""

import inspect
import re

import pytest
import torch

from dlcourse import reference

TYPES = {"Generator", "Size", "Tensor", "autograd", "dtype", "nn", "optim"}  # no functions

POOLING = "(input, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, return_indices=False)"
# Where torch's documentation has several forms, or names that its parser does not take.
WRITTEN_OUT = {
    "torch.arange": "(start, end, step=1, *, out=None, dtype=None, device=None, requires_grad=False)",
    "torch.argmax": "(input, dim=None, keepdim=False)",
    "torch.mean": "(input, dim=None, keepdim=False, *, dtype=None, out=None)",
    "torch.randint": "(low, high, size, *, generator=None, out=None, dtype=None, device=None, requires_grad=False)",
    "torch.relu": "(input)",
    "torch.sum": "(input, dim=None, keepdim=False, *, dtype=None)",
    "torch.Tensor.detach": "()",
    "torch.Tensor.div_": "(other, *, rounding_mode=None)",
    "torch.Tensor.log_softmax": "(dim, dtype=None)",
    "torch.Tensor.matmul": "(other)",
    "torch.Tensor.mul_": "(other)",
    "torch.Tensor.relu": "()",
    "torch.Tensor.round": "(*, decimals=0)",
    "torch.Tensor.softmax": "(dim, dtype=None)",
    "torch.Tensor.to": "(dtype, non_blocking=False, copy=False)",
    "torch.nn.GRU": "(input_size, hidden_size, num_layers=1, bias=True, batch_first=False, dropout=0.0, "
                    "bidirectional=False, device=None, dtype=None)",
    "torch.nn.LSTM": "(input_size, hidden_size, num_layers=1, bias=True, batch_first=False, dropout=0.0, "
                     "bidirectional=False, proj_size=0, device=None, dtype=None)",
    "torch.nn.RNN": "(input_size, hidden_size, num_layers=1, nonlinearity='tanh', bias=True, batch_first=False, "
                    "dropout=0.0, bidirectional=False, device=None, dtype=None)",
    "torch.nn.functional.max_pool1d": POOLING,
    "torch.nn.functional.max_pool2d": POOLING,
    "torch.nn.Module.to": "(dtype, non_blocking=False)",
    "torch.nn.Module.state_dict": "(*, destination=None, prefix='', keep_vars=False)",
}  # fmt: skip
# Deliberate: arange(n) must find its end in the first argument, whose default torch's parser invents.
OTHER_DEFAULT = {("torch.arange", "end")}


def _public(owner) -> list[str]:
    return [name for name, value in vars(owner).items() if not name.startswith("_") and callable(value)]


def _pairs() -> dict:
    nn, optim = reference.nn, reference.optim
    names = {
        "torch": (reference, torch, sorted(set(reference.__all__) - TYPES)),
        "torch.Tensor": (reference.Tensor, torch.Tensor, _public(reference.Tensor)),
        "torch.nn": (nn, torch.nn, sorted(set(nn.__all__) - {"functional", "init", "utils"})),
        "torch.nn.Module": (nn.Module, torch.nn.Module, _public(nn.Module)),
        "torch.nn.functional": (nn.functional, torch.nn.functional, nn.functional.__all__),
        "torch.nn.init": (nn.init, torch.nn.init, [n for n in _public(nn.init) if n.endswith("_") or "gain" in n]),
        "torch.nn.utils": (nn.utils, torch.nn.utils, ["clip_grad_norm_"]),
        "torch.optim": (optim, torch.optim, optim.__all__),
        "torch.optim.Optimizer": (optim.Optimizer, torch.optim.Optimizer, _public(optim.Optimizer)),
        "torch.autograd": (reference.autograd, torch.autograd, ["gradcheck"]),
    }
    mine = {"torch.optim.Optimizer.update", "torch.int64", "torch.float32", "torch.float64"}
    return {
        f"{path}.{name}": (getattr(ours, name), getattr(theirs, name, None))
        for path, (ours, theirs, public) in names.items()
        for name in public
        if callable(getattr(ours, name)) and f"{path}.{name}" not in mine
    }


PAIRS = _pairs()


def _of_torch(path: str, function) -> inspect.Signature:
    """From Python where it knows, else from the table above, else from the first line of torch's documentation."""
    if path in WRITTEN_OUT:
        return _parsed(WRITTEN_OUT[path])
    try:
        return _without_self(inspect.signature(function))
    except ValueError:
        name = path.rpartition(".")[2]
        line = re.search(rf"^\s*{name}(\(.*?\))(?: ->|$)", function.__doc__, re.MULTILINE)[1]
        return _parsed(re.sub(r"(\*\w+), \*,", r"\1,", line))  # "*size, *, out" is no Python


def _parsed(parameters: str) -> inspect.Signature:
    namespace = {"torch": torch}
    exec(f"from __future__ import annotations\ndef parsed{parameters}: pass", namespace)
    return inspect.signature(namespace["parsed"])


def _without_self(signature: inspect.Signature) -> inspect.Signature:
    return signature.replace(parameters=[p for p in signature.parameters.values() if p.name != "self"])


def differences(ours: inspect.Signature, theirs: inspect.Signature, ignore_default=()) -> list[str]:
    """What makes `ours` something else than an ordered subset of `theirs`, in words."""
    variadic = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    problems, last = [], -1
    places = list(theirs.parameters)
    for place, (name, own) in enumerate(ours.parameters.items()):
        if own.kind in variadic:
            if not any(p.kind == own.kind for p in theirs.parameters.values()):
                problems.append(f"{own} is not in torch")
            continue
        if name not in theirs.parameters:
            problems.append(f"{name} is not in torch")
            continue
        torchs = theirs.parameters[name]
        if places.index(name) < last:
            problems.append(f"{name} is out of order")
        last = places.index(name)
        if own.default != torchs.default and name not in ignore_default:
            problems.append(f"{name} defaults to {own.default}; torch: {torchs.default}")
        if own.kind == own.POSITIONAL_OR_KEYWORD and (last != place or torchs.kind == torchs.KEYWORD_ONLY):
            problems.append(f"{name} by position means something else in torch")
    return problems


@pytest.mark.parametrize("path", PAIRS)
def test_signature_is_an_ordered_subset_of_torchs(path):
    ours, theirs = PAIRS[path]
    assert theirs is not None, f"{path} does not exist in torch"
    ignored = [name for where, name in OTHER_DEFAULT if where == path]
    assert differences(_without_self(inspect.signature(ours)), _of_torch(path, theirs), ignored) == []


def _unsupported() -> dict:
    """For each function of ours that takes less than torch's: the arguments that only torch's takes."""
    variadic = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    found = {}
    for path, (ours, theirs) in PAIRS.items():
        own = inspect.signature(ours).parameters
        names = [
            name for name, p in _of_torch(path, theirs).parameters.items() if name not in own and p.kind not in variadic
        ]
        if names:
            found[path] = names
    return found


UNSUPPORTED = _unsupported()


@pytest.mark.parametrize("path", UNSUPPORTED)
def test_unsupported_arguments_raise_a_type_error(path):
    ours = PAIRS[path][0]
    itself = [None] if "self" in inspect.signature(ours).parameters else []
    for name in UNSUPPORTED[path]:
        words = f"unexpected keyword argument '{name}'|takes no (keyword )?arguments"
        with pytest.raises(TypeError, match=words):
            ours(*itself, **{name: None})


def test_the_list_of_unsupported_arguments_is_not_empty():
    assert len(UNSUPPORTED) > 50
    assert UNSUPPORTED["torch.nn.Linear"] == ["device", "dtype"]


def test_the_signatures_of_torch_are_read_in_all_three_ways():
    assert list(_of_torch("torch.cat", torch.cat).parameters) == ["tensors", "dim", "out"]  # documentation
    assert list(_of_torch("torch.nn.Linear", torch.nn.Linear).parameters)[:3] == ["in_features", "out_features", "bias"]
    assert list(_of_torch("torch.relu", torch.relu).parameters) == ["input"]  # table
    assert list(_of_torch("torch.zeros", torch.zeros).parameters)[:2] == ["size", "out"]


@pytest.mark.parametrize(
    ("ours", "theirs", "problems"),
    [
        ("(a, b=1)", "(a, b=1, c=2)", []),
        ("(a, *, c=2)", "(a, b=1, c=2)", []),
        ("(*size, dtype=None)", "(*size, out=None, dtype=None)", []),
        ("(x)", "(a)", ["x is not in torch"]),
        ("(b, a)", "(a, b)", ["b by position", "a is out of order", "a by position"]),
        ("(a, b=2)", "(a, b=1)", ["b defaults to 2; torch: 1"]),
        ("(a, b)", "(a, b=1)", ["b defaults to"]),
        ("(a, c=2)", "(a, b=1, c=2)", ["c by position means something else"]),
        ("(a, b=1)", "(a, *, b=1)", ["b by position means something else"]),
        ("(a, *, c=1, b=1)", "(a, *, b=1, c=1)", ["b is out of order"]),
        ("(a, **options)", "(a)", ["**options is not in torch"]),
    ],
)
def test_the_comparison_finds_what_differs(ours, theirs, problems):
    found = differences(_parsed(ours), _parsed(theirs))
    assert len(found) == len(problems)
    for words, expected in zip(found, problems, strict=True):
        assert expected in words
