"""The parity check itself must reject what is wrong: one deliberately broken module each."""

import numpy as np
import pytest
import torch

from dlcourse import reference
from dlcourse.reference.autograd import Function
from tests.reference.parity import Case, assert_parity, assert_same, fixed, function, real

N = reference.nn


class Scaled(Function):
    """y = 3x, with whatever gradient the test gives."""

    def forward(self, x, slope):
        self.slope = slope
        return 3 * x

    def backward(self, g):
        return (self.slope(g),)


class Norm(N.Module):
    """A running mean as in BatchNorm1d without parameters."""

    def __init__(self, momentum=0.1, name="running_mean"):
        super().__init__()
        self.momentum, self.name = momentum, name
        self.register_buffer(name, reference.zeros(3))

    def forward(self, x):
        if self.training:
            self._buffers[self.name].copy_(0.9 * self._buffers[self.name] + self.momentum * x.detach().mean(0))
        return x - self._buffers[self.name]

    def __repr__(self):
        return "Norm()"


class TorchNorm(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("running_mean", torch.zeros(3))

    def forward(self, x):
        if self.training:
            self.running_mean.mul_(0.9).add_(0.1 * x.detach().mean(0))
        return x - self.running_mean

    def __repr__(self):
        return "Norm()"


class NoBias(N.Linear):
    """Takes the bias and forgets it: a zero bias would hide that."""

    def forward(self, input):
        return reference.nn.functional.linear(input, self.weight) + 0 * self.bias

    __repr__ = N.Linear(4, 3).__repr__


class TrainOnly(N.Dropout):
    def forward(self, input):
        return input if self.training else input * 2

    __repr__ = N.Dropout(0.0).__repr__


def _pair(ours, theirs):
    return lambda engine: ours() if engine is reference else theirs()


def _scaled(slope):
    return function("scaled", lambda e, x: 3 * x if e is torch else Scaled.apply(x, slope=slope), real(4))


WRONG = {
    "a forgotten bias": (Case("", _pair(lambda: NoBias(4, 3), lambda: torch.nn.Linear(4, 3)), real(5, 4)), "output 0"),
    "a wrong sign": (_scaled(lambda g: -3 * g), "gradient of input 0"),
    "a forgotten factor": (_scaled(lambda g: g), "gradient of input 0"),
    "the sum of the gradient": (_scaled(lambda g: 3 * np.full_like(g, g.mean())), "gradient of input 0"),
    "no gradient": (_scaled(lambda g: None), "gradient of input 0"),
    "a detached result": (function("", lambda e, x: x * 1 if e is torch else x.detach(), real(4)), "requires_grad"),
    "a wrong buffer": (Case("", _pair(lambda: Norm(0.2), TorchNorm), real(5, 3)), "output 0 in train|running_mean"),
    "another buffer name": (Case("", _pair(lambda: Norm(name="mean"), TorchNorm), real(5, 3)), "state_dict"),
    "another repr": (Case("", _pair(N.ReLU, torch.nn.Tanh), real(4)), "repr"),
    "wrong in evaluation only": (Case("", _pair(lambda: TrainOnly(0.0), lambda: torch.nn.Dropout(0.0)), real(4)),
                                 "in eval mode"),
    "another type": (function("", lambda e, x: x if e is torch else x.float(), real(4)), "expected torch.float64"),
    "another shape": (function("", lambda e, x: x if e is torch else x.reshape(1, 4), real(4)), r"expected \(4,\)"),
    "one output too few": (function("", lambda e, x: (x,) * (2 if e is torch else 1), real(4)), "2 outputs expected"),
    "an error of 1e-8": (function("", lambda e, x: x if e is torch else x * (1 + 1e-8), real(4)), "output 0"),
    "a repaired nan": (function("", lambda e, x: x if e is torch else e.where(x == x, x, 0.0), fixed([np.nan])),
                       "output 0"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_parity_rejects(name):
    case, words = WRONG[name]
    with pytest.raises(AssertionError, match=words):
        assert_parity(case)


def test_parity_accepts_nested_inputs_and_outputs():
    def swap(engine, x, state):
        h, c = state
        return x @ h, (c, h * c)

    assert_parity(function("nested", swap, real(5, 2), (real(2, 3), real(2, 3))))
    assert_parity(Case("buffers", _pair(Norm, TorchNorm), real(5, 3)))


def test_none_and_a_tensor_differ():
    with pytest.raises(AssertionError, match="torch has None"):
        assert_same("x", reference.ones(1), None)
    with pytest.raises(AssertionError, match="got None"):
        assert_same("x", None, torch.ones(1))
