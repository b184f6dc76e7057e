"""Tensors go out to Python and NumPy, and are changed, as torch's are."""

import numpy as np
import pytest
import torch

from dlcourse import reference

ENGINES = pytest.mark.parametrize("engine", [reference, torch], ids=["reference", "torch"])


@ENGINES
def test_conversions(engine):
    x = engine.tensor([[1.5, 2.0], [3.0, -4.0]])
    assert x.tolist() == [[1.5, 2.0], [3.0, -4.0]]
    assert engine.tensor(2).tolist() == 2
    assert (type(engine.tensor([2]).item()), type(engine.tensor(2.5).item())) == (int, float)
    assert (type(engine.tensor(True).item()), float(engine.tensor(2)), int(engine.tensor(2.9))) == (bool, 2.0, 2)
    assert [10, 20, 30][engine.tensor(1)] == 20
    assert bool(engine.tensor([0.1]))
    assert not engine.tensor(0)
    assert (len(x), x.ndim, x.dim(), x.numel(), x.size(1), x.shape.numel()) == (2, 2, 2, 4, 2, 4)
    assert x.shape == (2, 2)
    assert str(x.device) == "cpu"


def test_numpy_reads_a_tensor():
    x = reference.ones(2)
    assert np.asarray(x) is x.numpy()
    assert np.asarray(x, dtype=np.float64).dtype == np.float64
    assert np.array(x) is not x.numpy()
    assert (np.ones(2, np.float32) * x).dtype is reference.float32


@ENGINES
def test_numpy_shares_memory(engine):
    x = engine.zeros(2)
    x.numpy()[0] = 5.0
    assert x.tolist() == [5, 0]


@ENGINES
def test_tensors_are_compared_as_keys_by_identity(engine):
    a, b = engine.ones(2), engine.ones(2)
    assert len({a, b, a}) == 2


@ENGINES
def test_equal_and_allclose(engine):
    a = engine.tensor([1.0, 2.0])
    assert engine.equal(a, a.clone())
    assert not engine.equal(a, a.reshape(1, 2))
    assert engine.allclose(a, a + 1e-6)
    assert not engine.allclose(a, a + 1e-6, rtol=0, atol=1e-9)
    assert not engine.allclose(engine.tensor([np.nan]), engine.tensor([np.nan]))


@ENGINES
def test_assignment(engine):
    x = engine.zeros(3, 4)
    x[1] = 2.0
    x[:, 0] = engine.tensor([7.0, 8.0, 9.0])
    x[x == 8.0] = -1.0
    x[engine.tensor([0, 2]), 3] = 5.0
    assert x.tolist() == [[7, 0, 0, 5], [-1, 2, 2, 2], [9, 0, 0, 5]]


@ENGINES
def test_in_place_keeps_the_type(engine):
    x = engine.ones(2)
    x.add_(engine.ones(2, dtype=engine.float64), alpha=2).mul_(3).sub_(1).div_(2)
    assert x.dtype == engine.float32
    assert x.tolist() == [4, 4]
