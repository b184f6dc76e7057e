"""Proof that the reference engine equals torch: one table of cases, one comparison.

A case names something that is built the same way on either engine:

    Case("Linear", lambda e: e.nn.Linear(4, 3), real(5, 4))            # a module
    function("add", lambda e, a, b: a + b, real(5, 1, 4), real(3, 1))  # anything callable on tensors

`assert_parity(case)` builds it twice in float64, overwrites every parameter and buffer with the same random non-zero
numbers (a zero bias hides errors), feeds random inputs, and sends a random gradient back (all ones would make the
gradients of softmax and BatchNorm vanish). In training and in evaluation mode it compares outputs, gradients of inputs
and parameters, buffers, names, shapes and repr.
"""

import zlib
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import torch

from dlcourse import reference

RTOL, ATOL = 1e-9, 1e-12


class Case:
    """build(engine) -> a module or a callable. inputs: from real(…), whole(…), fixed(…), nested in tuples if the
    callable takes tuples (the initial state of an LSTM). train=False skips training mode (Dropout's masks differ)."""

    def __init__(self, name: str, build: Callable, *inputs, train: bool = True):
        self.name, self.build, self.inputs, self.train = name, build, inputs, train

    def __str__(self) -> str:
        return self.name


def function(name: str, compute: Callable, *inputs) -> Case:
    """A case of a function compute(engine, *tensors)."""
    return Case(name, lambda e: lambda *tensors: compute(e, *tensors), *inputs)


@dataclass(frozen=True)
class Input:
    """One random input: draw(generator) -> array; a gradient is compared for real numbers if `grad`."""

    draw: Callable
    grad: bool = True


def real(*shape: int, low: float = -2.0, high: float = 2.0, grad: bool = True) -> Input:
    """Uniform numbers in [low, high)."""
    return Input(lambda random: random.uniform(low, high, shape), grad)


def whole(*shape: int, below: int) -> Input:
    """Whole numbers in [0, below)."""
    return Input(lambda random: random.integers(0, below, shape))


def fixed(values, grad: bool = True) -> Input:
    """These very numbers."""
    return Input(lambda random: np.array(values), grad)


def assert_parity(case: Case) -> None:
    """AssertionError, naming the case and the quantity, where the engines differ."""
    with float64_by_default():
        ours, theirs = case.build(reference), case.build(torch)
        if not isinstance(theirs, torch.nn.Module):
            _assert_same_step(case, "", ours, theirs, _generator(case))
            return
        _assert_same_structure(case, ours, theirs)
        for mode in ("train", "eval") if case.train else ("eval",):
            getattr(ours, mode)(), getattr(theirs, mode)()
            random = _generator(case)
            _overwrite(ours, theirs, random)
            _assert_same_step(case, f" in {mode} mode", ours, theirs, random)


@contextmanager
def float64_by_default():
    """Make float64 the type of new tensors on both engines."""
    reference.set_default_dtype(reference.float64)
    torch.set_default_dtype(torch.float64)
    try:
        yield
    finally:
        reference.set_default_dtype(reference.float32)
        torch.set_default_dtype(torch.float32)


def assert_same(what: str, ours, theirs) -> None:
    """One tensor of either engine (or None): same type, same shape, same numbers to 1e-9."""
    if ours is None or theirs is None:
        assert ours is None, f"{what}: torch has None; got {ours}"
        assert theirs is None, f"{what}: expected {theirs}; got None"
        return
    ours, theirs = ours.detach(), theirs.detach()
    assert repr(ours.dtype) == repr(theirs.dtype), f"{what}: expected {theirs.dtype}; got {ours.dtype}"
    assert tuple(ours.shape) == tuple(theirs.shape), f"{what}: expected {tuple(theirs.shape)}; got {ours.shape}"
    np.testing.assert_allclose(ours.numpy(), theirs.numpy(), RTOL, ATOL, err_msg=what)


def flat(nested) -> list:
    """The leaves of nested tuples and lists, in order."""
    if isinstance(nested, (tuple, list)):
        return [leaf for part in nested for leaf in flat(part)]
    return [nested]


def _assert_same_structure(case: Case, ours, theirs) -> None:
    assert repr(ours) == repr(theirs), f"{case}: repr"
    saved = [{name: tuple(value.shape) for name, value in module.state_dict().items()} for module in (ours, theirs)]
    assert list(saved[0].items()) == list(saved[1].items()), f"{case}: state_dict"
    for table in ("named_parameters", "named_buffers", "named_modules", "named_children"):
        names = [[name for name, _ in getattr(module, table)()] for module in (ours, theirs)]
        assert names[0] == names[1], f"{case}: {table}"


def _overwrite(ours, theirs, random: np.random.Generator) -> None:
    """The same random non-zero numbers in both modules; buffers positive, because some are variances."""
    with reference.no_grad(), torch.no_grad():
        targets = dict([*ours.named_parameters(), *ours.named_buffers()])
        buffers = dict(theirs.named_buffers())
        for name, tensor in [*theirs.named_parameters(), *buffers.items()]:
            values = random.uniform(0.2, 1.5, tensor.shape)
            if name not in buffers:
                values *= random.choice([-1, 1], tensor.shape)
            if not tensor.is_floating_point():
                values = random.integers(1, 9, tensor.shape)
            tensor.copy_(torch.tensor(values))
            targets[name].copy_(reference.tensor(values))
            targets[name].grad = tensor.grad = None


def _assert_same_step(case: Case, when: str, ours, theirs, random: np.random.Generator) -> None:
    arrays = [_draw(spec, random) for spec in case.inputs]
    tensors = [[_tensors(engine, spec, a) for spec, a in zip(case.inputs, arrays, strict=True)]
               for engine in (reference, torch)]  # fmt: skip
    outputs = [flat(callable_(*given)) for callable_, given in zip((ours, theirs), tensors, strict=True)]
    assert len(outputs[0]) == len(outputs[1]), f"{case}: {len(outputs[1])} outputs expected; got {len(outputs[0])}"
    for i, (our, their) in enumerate(zip(*outputs, strict=True)):
        assert_same(f"{case}: output {i}{when}", our, their)
        assert our.requires_grad == their.requires_grad, f"{case}: output {i}{when}: requires_grad"
        if their.requires_grad:
            upstream = random.uniform(-1, 1, tuple(their.shape))
            our.backward(reference.tensor(upstream), retain_graph=True)
            their.backward(torch.tensor(upstream), retain_graph=True)
    for i, (our, their) in enumerate(zip(*map(flat, tensors), strict=True)):
        assert_same(f"{case}: gradient of input {i}{when}", our.grad, their.grad)
    if isinstance(theirs, torch.nn.Module):
        own = dict([*ours.named_parameters(), *ours.named_buffers()])
        for name, tensor in [*theirs.named_parameters(), *theirs.named_buffers()]:
            assert_same(f"{case}: {name}{when}", own[name], tensor)
            assert_same(f"{case}: gradient of {name}{when}", own[name].grad, tensor.grad)


def _generator(case: Case) -> np.random.Generator:
    return np.random.default_rng(zlib.crc32(case.name.encode()))


def _draw(spec, random):
    return [_draw(part, random) for part in spec] if isinstance(spec, (tuple, list)) else spec.draw(random)


def _tensors(engine, spec, array):
    if isinstance(spec, (tuple, list)):
        return tuple(_tensors(engine, part, a) for part, a in zip(spec, array, strict=True))
    return engine.tensor(array, requires_grad=spec.grad and array.dtype.kind == "f")
