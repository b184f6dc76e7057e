"""Names, argument names, their order and defaults are torch's; what is not supported is refused.

An argument of ours that may be given by position must stand at torch's place: otherwise the same call would mean
something else on the other engine.
"""

import inspect

import pytest
import torch

from tools.torch_signatures import of_torch, pairs, parsed, unsupported, without_self

# Deliberate: arange(n) must find its end in the first argument, whose default torch's parser invents.
OTHER_DEFAULT = {("torch.arange", "end")}


PAIRS = pairs()


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
    assert differences(without_self(inspect.signature(ours)), of_torch(path, theirs), ignored) == []


UNSUPPORTED = {path: names for path, both in PAIRS.items() if (names := unsupported(path, *both))}


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
    assert list(of_torch("torch.cat", torch.cat).parameters) == ["tensors", "dim", "out"]  # documentation
    assert list(of_torch("torch.nn.Linear", torch.nn.Linear).parameters)[:3] == ["in_features", "out_features", "bias"]
    assert list(of_torch("torch.relu", torch.relu).parameters) == ["input"]  # table
    assert list(of_torch("torch.zeros", torch.zeros).parameters)[:2] == ["size", "out"]


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
    found = differences(parsed(ours), parsed(theirs))
    assert len(found) == len(problems)
    for words, expected in zip(found, problems, strict=True):
        assert expected in words
