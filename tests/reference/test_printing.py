"""A tensor is printed as torch prints it, so that the same cell shows the same on either engine."""

import numpy as np
import pytest
import torch

from dlcourse import reference
from tests.reference.parity import float64_by_default

ENGINES = pytest.mark.parametrize("engine", [reference, torch], ids=["reference", "torch"])

PRINTED = {
    "scalars": lambda e: [e.tensor(1), e.tensor(2.5), e.tensor(True), e.tensor(-0.0), e.tensor(1e-7), e.tensor(1e10)],
    "vectors": lambda e: [e.tensor([1.0, 2.0]), e.tensor([1.5, -22.25]), e.tensor([1, -200]), e.tensor([True, False])],
    "types": lambda e: [e.tensor([1.5], dtype=e.float64), e.ones(2, dtype=e.bool), e.zeros(2, dtype=e.int64)],
    "empty": lambda e: [e.tensor([]), e.zeros(0, 3), e.zeros(2, 0, dtype=e.int64), e.zeros(0, dtype=e.float64)],
    "matrices": lambda e: [
        e.tensor([[1.0, 2.0], [3.0, 4.5]]),
        e.ones(2, 3, 2),
        e.arange(24).reshape(2, 1, 3, 4),
        e.ones(1, 1),
    ],
    "not finite": lambda e: [
        e.tensor([np.nan, 1.0]),
        e.tensor([np.inf, -np.inf]),
        e.tensor([[np.nan], [0.5]]),
        e.tensor(np.nan),
    ],
    "scientific": lambda e: [
        e.tensor([1e-5, 1.0]),
        e.tensor([1.0, 1e5]),
        e.tensor([1e9, 2e9]),
        e.tensor([0.5, 999.0]),
        e.tensor([1e-5]),
        e.tensor([0.0, 1e-3, 1.0]),
        e.tensor([0.0, 12345678.0]),
    ],
    "long": lambda e: [e.arange(100), e.arange(30) / 7, e.arange(1000), e.ones(40, 3)],
    "shortened": lambda e: [e.arange(1001), e.ones(600, 2), e.arange(3000).reshape(30, 100) / 3, e.ones(11, 11, 11)],
    "gradients": lambda e: [
        e.ones(2, requires_grad=True),
        e.ones(2, requires_grad=True) * 2,
        e.ones(2, 2, requires_grad=True).sum(),
        e.ones(1, dtype=e.float64, requires_grad=True).exp(),
        e.ones(17, requires_grad=True) / 3,
        e.ones(12, requires_grad=True) / 3,
    ],
    "parameters": lambda e: [e.nn.Parameter(e.tensor([1.0, 2.5])), e.nn.Parameter(e.ones(2), requires_grad=False)],
    "shapes and types": lambda e: [
        e.ones(2, 3).shape,
        e.ones(()).size(),
        e.ones(2, 3).shape[1:],
        e.float32,
        e.int64,
        e.bool,
    ],
}


@pytest.mark.parametrize("name", PRINTED)
def test_repr_is_torchs(name):
    ours, theirs = (list(map(repr, PRINTED[name](engine))) for engine in (reference, torch))
    assert ours == theirs
    with float64_by_default():
        ours, theirs = (list(map(repr, PRINTED[name](engine))) for engine in (reference, torch))
    assert ours == theirs


@ENGINES
def test_format(engine):
    assert f"{engine.tensor(2.5):.3f} {engine.tensor(3):03d}" == "2.500 003"
    assert f"{engine.tensor([1.5])}" == "tensor([1.5000])"
    with pytest.raises(TypeError):
        f"{engine.tensor([1.5, 2.0]):.2f}"
