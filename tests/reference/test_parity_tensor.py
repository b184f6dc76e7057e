"""Every operation on tensors equals torch's, with its gradient."""

import numpy as np
import pytest

from tests.reference.parity import assert_parity, fixed, function, real, whole

TIES = fixed([[1.0, 3.0, 3.0], [2.0, 2.0, 2.0], [5.0, 4.0, 5.0]])
CORNERS = fixed([-2.0, -1.0, 0.0, 0.5, 1.0, 2.0])

ARITHMETIC = [
    function(f"{name}, {shapes}", compute, *inputs)
    for name, compute in {
        "a + b": lambda e, a, b: a + b,
        "a - b": lambda e, a, b: a - b,
        "a * b": lambda e, a, b: a * b,
        "a / b": lambda e, a, b: a / b,
        "a ** b": lambda e, a, b: a**b,
        "maximum": lambda e, a, b: e.maximum(a, b),
        "minimum": lambda e, a, b: e.minimum(a, b),
        "where": lambda e, a, b: e.where(a > 1, a, b),
    }.items()
    for shapes, inputs in {
        "same shape": (real(3, 4, low=0.5), real(3, 4, low=0.5)),
        "row": (real(3, 4, low=0.5), real(4, low=0.5)),
        "column": (real(3, 1, low=0.5), real(3, 4, low=0.5)),
        "both": (real(5, 1, 4, low=0.5), real(3, 1, low=0.5)),
        "0-d": (real(low=0.5), real(2, 3, low=0.5)),
        "ones and nothing": (real(0, 1, low=0.5), real(1, 4, low=0.5)),
    }.items()
] + [
    function("number on the left", lambda e, x: (2 + x) * (1 - x) * (3 / x) * 2.5**x, real(3, 4, low=0.5)),
    function("number on the right", lambda e, x: (x + 2) * (x - 1.5) / 3 + x**3, real(3, 4)),
    function("power 0, 1, 2, -1, 0.5", lambda e, x: [x**p for p in (0, 1, 2, -1, 0.5)], real(3, 4, low=0.5)),
    function("power of zero", lambda e, x, y: [x**2, x**0, x**y], fixed([0.0, 1.0]), fixed([2.0, 0.0])),
    function("pow and square", lambda e, x: [x.pow(3), x.square()], real(3, 4)),
    function("maximum with ties", lambda e, a, b: e.maximum(a, b), TIES, fixed([[2.0], [2.0], [5.0]])),
    function("minimum with ties", lambda e, a, b: e.minimum(a, b), TIES, fixed([[2.0], [2.0], [5.0]])),
    function("where with a number", lambda e, x: e.where(x > 0, x, 0.0), real(3, 4)),
    function("whole numbers", lambda e, a, b: [a + b, a - b, a * b, a / b, a // 3, a % 3], *[whole(3, 4, below=9)] * 2),
    function("remainders of negatives", lambda e, x: [x % 3, x // 2], fixed([-7, -1, 0, 1, 7])),
    function("array on the right", lambda e, x: x * e.tensor(np.arange(4.0)) + 1, real(3, 4)),
]  # fmt: skip

ELEMENTWISE = [
    *[function(f"{name}, method", lambda e, x, n=name: getattr(x, n)(), real(3, 4, low=0.1))
      for name in ("exp", "log", "sqrt", "sin", "cos", "tanh", "sigmoid", "relu", "abs", "sign", "floor", "round")],
    *[function(f"{name}, function", lambda e, x, n=name: getattr(e, n)(x), real(3, 4, low=0.1))
      for name in ("exp", "log", "sqrt", "sin", "cos", "tanh", "sigmoid", "relu", "abs", "sign", "round")],
    *[function(f"{name} of whole numbers", lambda e, x, n=name: getattr(x, n)(), whole(3, 4, below=5))
      for name in ("exp", "log", "sqrt", "sin", "cos", "tanh", "sigmoid", "relu", "abs", "sign")],
    function("abs, sign, relu at the corner", lambda e, x: [x.abs(), abs(x), x.relu(), x.sign(), -x], CORNERS),
    function("log and sqrt at zero", lambda e, x: [x.log(), x.sqrt()], fixed([0.0, 1.0])),
    function("log and sqrt below zero", lambda e, x: [x.log(), x.sqrt()], fixed([-1.0, 4.0])),
    function("division by zero", lambda e, a, b: a / b, fixed([1.0, -1.0, 0.0]), fixed([0.0, 0.0, 0.0])),
    function("exp beyond the range", lambda e, x: x.exp(), fixed([-1000.0, 1000.0])),
    function("clamp", lambda e, x: [x.clamp(-1, 1), x.clamp(min=0), x.clamp(max=0.5), e.clamp(x, -1.0, 2)], CORNERS),
    function("clamp, ends crossed", lambda e, x: x.clamp(1, -1), CORNERS),
    function("round half to even", lambda e, x: x.round(), fixed([-1.5, -0.5, 0.5, 1.5, 2.5])),
    function("round to decimals", lambda e, x: [x.round(decimals=2), e.round(x, decimals=1)], real(3, 4)),
    function("isnan and isfinite", lambda e, x: [x.isnan(), x.isfinite()], fixed([np.nan, np.inf, -np.inf, 1.0])),
    function("comparisons", lambda e, a, b: [a == b, a != b, a < b, a <= b, a > b, a >= b, a > 2], TIES,
             fixed([1.0, 2.5, 3.0])),
    function("logic", lambda e, x: [(x > 0) & (x < 1), (x > 0) | (x < -1), (x > 0) ^ (x > 1), ~(x > 0)], real(3, 4)),
    function("clone and detach", lambda e, x: [x.clone(), x.detach(), x.data], real(3, 4)),
    function("to float32 and back", lambda e, x: x.to(e.float32).double(), fixed([0.5, 0.25])),
    function("to other types", lambda e, x: [x.float(), x.long(), x.bool(), (x > 0).double()], real(3, 4)),
]  # fmt: skip

DIMS = {"all": None, "0": 0, "1": 1, "-1": -1, "0 and 2": (0, 2), "every": (0, 1, 2)}
REDUCTIONS = [
    function(f"{name}, dim {dims}, keepdim={keepdim}",
             lambda e, x, n=name, d=dim, k=keepdim: getattr(x, n)(dim=d, keepdim=k), real(4, 3, 5))
    for name in ("sum", "mean", "var", "std", "amax", "amin", "logsumexp")
    for dims, dim in DIMS.items()
    for keepdim in (False, True)
    if not (name in ("amax", "amin", "logsumexp") and dim is None)
] + [
    function(f"{name}, correction {c}", lambda e, x, n=name, c=c: getattr(x, n)(1, correction=c), real(4, 3, 5))
    for name in ("var", "std") for c in (0, 1, 2)
] + [
    function(f"{name}, dim={dim}, keepdim={keepdim}, {inputs}",
             lambda e, x, n=name, d=dim, k=keepdim: tuple(getattr(x, n)(dim=d, keepdim=k)), given)
    for name in ("max", "min") for dim in (0, 1, -1) for keepdim in (False, True)
    for inputs, given in (("random", real(4, 3, 5)), ("ties", TIES))
] + [
    function("max and min over all, ties", lambda e, x: [x.max(), x.min()], TIES),
    function("amax and amin with ties", lambda e, x: [x.amax(1), x.amin((0, 1)), x.amax(), x.amin()], TIES),
    function("values and indices", lambda e, x: [x.max(1).values, x.max(1).indices, x.min(0).indices], TIES),
    function("argmax and argmin", lambda e, x: [x.argmax(), x.argmin(), x.argmax(1), x.argmin(0, keepdim=True)], TIES),
    function("sum, all, any of truth", lambda e, x: [(x > 0).sum(), (x > 0).sum(1), (x > 0).all(), (x > 0).any(0)],
             real(3, 4)),
    function("sum of whole numbers", lambda e, x: [x.sum(), x.sum(0), e.sum(x, 1)], whole(3, 4, below=9)),
    function("sum and mean of 0-d", lambda e, x: [x.sum(), x.mean(), x.sum(0), x.sum(-1)], real()),
    function("sum over nothing", lambda e, x: [x.sum(), x.sum(0), x.sum(1)], real(0, 3)),
    function("mean over nothing", lambda e, x: [x.mean(), x.mean(0)], real(0, 3)),
    function("top-level reductions",
             lambda e, x: [e.sum(x), e.mean(x, 1), e.argmax(x, 1), e.logsumexp(x, 0), e.softmax(x, 1)], real(3, 4)),
    function("logsumexp of huge numbers", lambda e, x: x.logsumexp(0), fixed([1000.0, -1000.0, 999.0])),
    function("logsumexp of -inf", lambda e, x: x.logsumexp(1), fixed([[-np.inf, 1.0], [0.0, 2.0]])),
    function("softmax and log_softmax", lambda e, x: [x.softmax(1), x.log_softmax(dim=0)], real(3, 4)),
    function("norm", lambda e, x: x.norm(), real(3, 4)),
]  # fmt: skip


@pytest.mark.parametrize("case", [*ARITHMETIC, *ELEMENTWISE, *REDUCTIONS], ids=str)
def test_operation_equals_torch(case):
    assert_parity(case)
