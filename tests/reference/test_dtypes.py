"""Which number type a result has: torch's rules, over all types, shapes and Python numbers."""

import itertools

import numpy as np
import pytest
import torch

from dlcourse import reference

ENGINES = pytest.mark.parametrize("engine", [reference, torch], ids=["reference", "torch"])
TYPES = ["bool", "int64", "float32", "float64"]

OPERATIONS = {
    "+": lambda a, b: a + b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "**": lambda a, b: a**b,
    "maximum": None,
    "where": None,
    "==": lambda a, b: a == b,
    "<": lambda a, b: a < b,
}
OPERANDS = {
    **{f"{name} vector": lambda e, n=name: e.ones(2, dtype=getattr(e, n)) for name in TYPES},
    **{f"{name} 0-d": lambda e, n=name: e.ones((), dtype=getattr(e, n)) for name in TYPES},
}
NUMBERS = [True, 3, 2.5]


def _combine(engine, operation, a, b):
    if operation == "maximum":
        return engine.maximum(a, b)
    if operation == "where":
        return engine.where(engine.tensor(True), a, b)
    return OPERATIONS[operation](a, b)


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("default", ["float32", "float64"])
def test_promotion_of_tensors(default, operation):
    for first, second in itertools.product(OPERANDS, OPERANDS):
        _compare_types(f"{first} {operation} {second}", default,
                       lambda e, a=OPERANDS[first], b=OPERANDS[second]: _combine(e, operation, a(e), b(e)))  # fmt: skip


@pytest.mark.parametrize("operation", [name for name in OPERATIONS if name != "maximum"])
@pytest.mark.parametrize("default", ["float32", "float64"])
def test_promotion_with_numbers(default, operation):
    for tensor, number in itertools.product(OPERANDS, NUMBERS[operation == "**" :]):  # nobody needs x ** True
        _compare_types(f"{tensor} {operation} {number}", default,
                       lambda e, a=OPERANDS[tensor], b=number: _combine(e, operation, a(e), b))  # fmt: skip
        _compare_types(f"{number} {operation} {tensor}", default,
                       lambda e, a=number, b=OPERANDS[tensor]: _combine(e, operation, a, b(e)))  # fmt: skip


def _compare_types(what, default, compute):
    """The same type and numbers on both engines, or an error on both."""
    reference.set_default_dtype(getattr(reference, default))
    torch.set_default_dtype(getattr(torch, default))
    try:
        try:
            theirs = compute(torch)
        except NotImplementedError as error:  # truth to the power of truth
            with pytest.raises(NotImplementedError, match=str(error)):
                compute(reference)
            return
        ours = compute(reference)
    finally:
        reference.set_default_dtype(reference.float32)
        torch.set_default_dtype(torch.float32)
    assert repr(ours.dtype) == repr(theirs.dtype), what
    np.testing.assert_allclose(ours.numpy(), theirs.numpy(), rtol=1e-6, err_msg=what)


CREATED = {
    "whole numbers": lambda e: e.tensor([1, 2]),
    "real numbers": lambda e: e.tensor([1.0, 2]),
    "truth": lambda e: e.tensor([True, False]),
    "truth and numbers": lambda e: e.tensor([True, 2]),
    "a number": lambda e: e.tensor(3),
    "nothing": lambda e: e.tensor([]),
    "a type": lambda e: e.tensor([1], dtype=e.double),
    "float64 array": lambda e: e.tensor(np.ones(2)),
    "float32 array": lambda e: e.tensor(np.ones(2, np.float32)),
    "int64 array": lambda e: e.tensor(np.arange(2)),
    "bool array": lambda e: e.tensor(np.ones(2, bool)),
    "float64 number": lambda e: e.tensor(np.float64(2)),
    "nested": lambda e: e.tensor([[1, 2.5], (3, 4)]),
    "as_tensor array": lambda e: e.as_tensor(np.ones(2)),
    "as_tensor list": lambda e: e.as_tensor([1.5]),
    "as_tensor type": lambda e: e.as_tensor(np.ones(2), dtype=e.float32),
    "from_numpy": lambda e: e.from_numpy(np.ones(2)),
    "zeros": lambda e: e.zeros(2, 3),
    "zeros tuple": lambda e: e.zeros((2, 3)),
    "ones": lambda e: e.ones(2, dtype=e.long),
    "zeros of nothing": lambda e: e.zeros(0, 3),
    "0-d": lambda e: e.ones(()),
    "eye": lambda e: e.eye(3),
    "full": lambda e: e.full((2, 3), 4.5),
    "full of whole": lambda e: e.full((2,), 4),
    "full of truth": lambda e: e.full((2,), True),
    "full type": lambda e: e.full((2,), 4, dtype=e.float64),
    "arange": lambda e: e.arange(5),
    "arange real": lambda e: e.arange(5.0),
    "arange step": lambda e: e.arange(1, 2, 0.25),
    "arange type": lambda e: e.arange(2, 5, dtype=e.float64),
    "arange down": lambda e: e.arange(5, 1, -2),
    "linspace": lambda e: e.linspace(-1, 1, 5),
    "linspace 1": lambda e: e.linspace(3, 9, 1),
    "zeros_like": lambda e: e.zeros_like(e.arange(3)),
    "ones_like": lambda e: e.ones_like(e.ones(2, 2), dtype=e.int64),
}


@pytest.mark.parametrize("name", CREATED)
def test_created_tensors(name):
    for default in ("float32", "float64"):
        _compare_types(name, default, CREATED[name])


@ENGINES
def test_tensor_copies_and_as_tensor_shares(engine):
    array = np.ones(2)
    copied, shared, same = engine.tensor(array), engine.as_tensor(array), engine.from_numpy(array)
    array[0] = 7.0
    assert (copied[0].item(), shared[0].item(), same[0].item()) == (1, 7, 7)
    assert engine.as_tensor(copied) is copied


@ENGINES
def test_matrix_products_do_not_mix_types(engine):
    with pytest.raises(RuntimeError, match=r"same dtype, but got: .*!="):
        engine.ones(2, 2) @ engine.ones(2, 2, dtype=engine.float64)


@ENGINES
def test_default_type(engine):
    with pytest.raises(TypeError):
        engine.set_default_dtype(engine.int64)
    assert engine.get_default_dtype() is engine.float32
    assert engine.float32.is_floating_point
    assert not engine.int64.is_floating_point
    assert (engine.float, engine.double, engine.long) == (engine.float32, engine.float64, engine.int64)
