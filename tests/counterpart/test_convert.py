"""Weights go from one engine to the other by name, bit for bit."""

import numpy as np
import pytest
import torch

from dlcourse import reference
from dlcourse.counterpart import copy_weights, to_reference, to_torch
from dlcourse.models import mlp

PAIRS = pytest.mark.parametrize(("source", "target"), [(reference, torch), (torch, reference), (reference, reference)])


class Buffers:
    """The same module for either engine: a parameter, a real buffer, a whole-number buffer and a bool one."""

    def __new__(cls, engine):
        class Module(engine.nn.Module):
            def __init__(self):
                super().__init__()
                self.weight = engine.nn.Parameter(engine.rand(3, 2))
                self.register_buffer("mean", engine.rand(4).double())
                self.register_buffer("steps", engine.tensor(7))
                self.register_buffer("mask", engine.rand(5) > 0.5)

        return Module()


def _bits(module) -> dict:
    """Every number as its bytes: equality up to the sign of zero and the kind of nan."""
    return {name: (str(value.dtype), value.numpy().tobytes()) for name, value in module.state_dict().items()}


@PAIRS
@pytest.mark.parametrize("build", [lambda e: mlp(e, [2, 5, 3]), lambda e: mlp(e, [4, 3]).double(), Buffers])
def test_a_copy_is_bit_identical(source, target, build):
    source.manual_seed(1)
    given = build(source)
    target.manual_seed(2)
    taken = build(target)
    assert _bits(given) != _bits(taken)
    copy_weights(given, taken)
    assert _bits(given) == _bits(taken)


@PAIRS
def test_odd_numbers_survive(source, target):
    odd = [np.nan, np.inf, -np.inf, -0.0, 1e-45, np.pi]  # 1e-45 is the smallest float32
    given, taken = source.nn.Linear(6, 1, bias=False), target.nn.Linear(6, 1, bias=False)
    with source.no_grad():
        given.weight.copy_(source.tensor([odd]))
    copy_weights(given, taken)
    assert _bits(given) == _bits(taken)
    assert np.signbit(taken.weight.detach().numpy()[0, 3])


@PAIRS
def test_a_copy_shares_no_memory(source, target):
    given, taken = mlp(source, [2, 3]), mlp(target, [2, 3])
    copy_weights(given, taken)
    with source.no_grad():
        given[0].weight.fill_(5.0)
    assert (taken[0].weight.detach().numpy() != 5).all()


def test_state_dicts_go_round():
    model = mlp(torch, [2, 3, 1])
    there = to_reference(model.state_dict())
    back = to_torch(there)
    assert list(there) == list(back) == list(model.state_dict())
    assert all(type(value) is reference.Tensor for value in there.values())
    assert all(torch.equal(back[name], value) for name, value in model.state_dict().items())
    there["0.weight"][0, 0] = 9.0
    back["0.bias"][0] = 9.0
    assert 9.0 not in model.state_dict()["0.weight"]
    assert 9.0 not in model.state_dict()["0.bias"]


def test_parameters_may_be_passed_as_they_are():
    model = mlp(torch, [2, 3])
    there = to_reference(dict(model.named_parameters()))
    assert not any(value.requires_grad for value in there.values())
    assert there["0.weight"].tolist() == model[0].weight.tolist()


@PAIRS
def test_both_models_then_compute_the_same(source, target):
    given, taken = mlp(source, [3, 8, 2], "ReLU").double(), mlp(target, [3, 8, 2], "ReLU").double()
    copy_weights(given, taken)
    x = np.random.default_rng(0).normal(size=(5, 3))
    outputs = [m(e.tensor(x)).detach().numpy() for m, e in ((given, source), (taken, target))]
    np.testing.assert_allclose(*outputs, rtol=1e-12)


@PAIRS
def test_what_does_not_fit_is_listed_and_nothing_changes(source, target):
    given, taken = mlp(source, [2, 4, 3, 1]), mlp(target, [2, 5, 3])
    before = _bits(taken)
    with pytest.raises(RuntimeError) as error:
        copy_weights(given, taken)
    assert str(error.value).split("\n") == [
        "copy_weights: 5 entries do not fit:",
        "  4.weight: only in the source",
        "  4.bias: only in the source",
        "  0.weight: (4, 2) does not fit (5, 2)",
        "  0.bias: (4,) does not fit (5,)",
        "  2.weight: (3, 4) does not fit (3, 5)",
    ]
    assert _bits(taken) == before
    with pytest.raises(RuntimeError, match=r"4\.weight: only in the target"):
        copy_weights(mlp(source, [2, 4, 3]), mlp(target, [2, 4, 3, 1]))
