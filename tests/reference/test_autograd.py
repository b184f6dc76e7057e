"""The graph and the walk back through it."""

import threading

import numpy as np
import pytest
import torch

from dlcourse import reference
from tests.reference.parity import assert_parity, function, real

ENGINES = pytest.mark.parametrize("engine", [reference, torch], ids=["reference", "torch"])


def leaf(engine, values):
    return engine.tensor(values, dtype=engine.float64, requires_grad=True)


# -- the chain rule ----------------------------------------------------------------------------------------------------

FAN_OUT = [
    function("used twice", lambda e, x: x * x + x, real(3)),
    function("diamond", lambda e, x: (lambda h: h.sin() * h + h.exp() / h)(x * 3), real(3, low=0.5)),
    function("used in two outputs", lambda e, x: [(x * 2).tanh(), x.exp() * x], real(3)),
    function("itself twice in one operation", lambda e, x: (lambda h: h + h)(x * 2), real(3)),
    function("a matrix by its transpose", lambda e, x: (x.T @ x) @ x.T, real(3, 2)),
    function("joined with itself", lambda e, x: e.cat([x, x, x * x]), real(3)),
    function("a leaf as an output", lambda e, x: x, real(3)),
    function("half of it detached", lambda e, x: x * x.detach() + x, real(3)),
    function("recurrence", lambda e, x, w: _recurrence(x, w), real(4, 3), real(3, 3)),
]


def _recurrence(x, w):
    h = x[0]
    for row in x:
        h = (h @ w + row).tanh()
    return h


@pytest.mark.parametrize("case", FAN_OUT, ids=str)
def test_gradients_of_every_path_are_added(case):
    assert_parity(case)


@ENGINES
def test_a_deep_graph_needs_no_recursion(engine):
    x = leaf(engine, 1.0)
    y = x
    for _ in range(10_000):
        y = y + 0.001
    y.backward()
    assert x.grad.item() == 1.0


@ENGINES
def test_a_wide_graph_is_walked_once_per_node(engine):
    """2⁵⁰ paths: a walk that follows each of them would never end."""
    x = leaf(engine, 1.0)
    y = x
    for _ in range(50):
        y = (y + y) / 2
    y.backward()
    assert x.grad.item() == 1.0


@ENGINES
def test_gradients_accumulate_until_they_are_forgotten(engine):
    x = leaf(engine, [1.0, 2.0])
    (x * 3).sum().backward()
    first = x.grad
    (x * 4).sum().backward()
    assert x.grad.tolist() == [7, 7]
    x.grad = None
    assert first is not None
    (x * 5).sum().backward()
    assert x.grad.tolist() == [5, 5]


@ENGINES
def test_leaves_that_share_a_gradient_do_not_share_its_memory(engine):
    a, b = leaf(engine, [1.0]), leaf(engine, [1.0])
    (a + b).sum().backward()
    a.grad.mul_(10)
    assert b.grad.tolist() == [1]


@ENGINES
def test_the_gradient_has_the_type_of_its_tensor(engine):
    x = engine.ones(2, requires_grad=True)
    (x.double() * engine.ones(2, dtype=engine.float64)).sum().backward()
    assert x.grad.dtype == engine.float32
    x.grad = None
    x.double().backward(engine.tensor([1.0, 2.0]))
    assert x.grad.tolist() == [1, 2]


# -- what is remembered ------------------------------------------------------------------------------------------------


@ENGINES
def test_no_grad_and_enable_grad(engine):
    x = leaf(engine, 2.0)
    with engine.no_grad():
        assert not engine.is_grad_enabled()
        assert not (x * 2).requires_grad
        with engine.enable_grad():
            assert (x * 2).requires_grad
        assert not engine.is_grad_enabled()
        with engine.no_grad():
            pass
        assert not engine.is_grad_enabled()
    assert engine.is_grad_enabled()
    with engine.set_grad_enabled(False):
        assert not (x * 2).requires_grad
    engine.set_grad_enabled(False)
    assert not engine.is_grad_enabled()
    engine.set_grad_enabled(True)


@ENGINES
def test_no_grad_as_a_decorator_and_after_an_error(engine):
    @engine.no_grad()
    def double(x, depth):
        return double(x, depth - 1) if depth else x * 2

    assert not double(leaf(engine, 2.0), 3).requires_grad
    assert engine.is_grad_enabled()
    with pytest.raises(ZeroDivisionError), engine.no_grad():
        1 / 0  # noqa: B018 - the error is the point
    assert engine.is_grad_enabled()


@ENGINES
def test_no_grad_in_another_thread_changes_nothing_here(engine):
    """JupyterLab runs a slider's callback on a thread of its own, perhaps while a cell is training."""
    inside, leave = threading.Event(), threading.Event()

    def evaluate():
        with engine.no_grad():
            inside.set()
            leave.wait(10)

    thread = threading.Thread(target=evaluate)
    thread.start()
    assert inside.wait(10)
    recorded = (leaf(engine, 2.0) * 2).requires_grad
    leave.set()
    thread.join()
    assert recorded
    assert engine.is_grad_enabled()


@ENGINES
def test_detach_shares_memory_but_not_the_graph(engine):
    x = leaf(engine, [1.0, 2.0])
    y = x.detach()
    y[0] = 5.0
    assert x.tolist() == [5, 2]
    assert not y.requires_grad
    assert y.grad_fn is None
    assert x.clone().grad_fn is not None


@ENGINES
def test_leaves_and_intermediate_results(engine):
    x = leaf(engine, [1.0, 2.0])
    h = x * 2
    h.retain_grad()
    (h * h).sum().backward()
    assert (x.is_leaf, h.is_leaf, x.detach().is_leaf) == (True, False, True)
    assert h.grad.tolist() == [4, 8]
    assert x.grad.tolist() == [8, 16]


@ENGINES
def test_without_retain_grad_an_intermediate_result_has_none(engine):
    x = leaf(engine, [1.0])
    h = x * 2
    (h * h).sum().backward()
    with _torch_warns(engine):
        assert h.grad is None


def _torch_warns(engine):
    return pytest.warns(UserWarning, match="not a leaf") if engine is torch else reference.enable_grad()


# -- a second time, and errors -----------------------------------------------------------------------------------------


@ENGINES
def test_retain_graph_allows_a_second_backward(engine):
    x = leaf(engine, 3.0)
    y = x * x
    y.backward(retain_graph=True)
    y.backward()
    assert x.grad.item() == 12
    with pytest.raises(RuntimeError, match="Trying to backward through the graph a second time"):
        y.backward()


@ENGINES
def test_a_shared_part_that_was_freed_is_an_error(engine):
    x = leaf(engine, 3.0)
    h = (x * x).exp()
    (h * 2).backward()
    with pytest.raises(RuntimeError, match=r"second time.*Specify retain_graph=True"):
        (h * 3).backward()


@ENGINES
def test_what_cannot_be_differentiated_is_named(engine):
    with pytest.raises(RuntimeError, match="element 0 of tensors does not require grad and does not have a grad_fn"):
        engine.ones(1).backward()
    with pytest.raises(RuntimeError, match="grad can be implicitly created only for scalar outputs"):
        (leaf(engine, [1.0, 2.0]) * 2).backward()
    with pytest.raises(RuntimeError, match=r"(?i)only Tensors of floating point.* dtype can require gradients"):
        engine.tensor([1, 2], requires_grad=True)
    with pytest.raises(RuntimeError, match="you can only change requires_grad flags of leaf variables"):
        (leaf(engine, [1.0]) * 2).requires_grad_(False)


def test_a_gradient_of_another_shape_is_named():
    with pytest.raises(RuntimeError, match=r"gradient must have shape \(2,\), the shape of the tensor; got \(1,\)"):
        (leaf(reference, [1.0, 2.0]) * 2).backward(reference.ones(1))


@ENGINES
@pytest.mark.parametrize(
    "change",
    [
        lambda e, x: x.add_(1), lambda e, x: x.sub_(1, alpha=2), lambda e, x: x.mul_(2), lambda e, x: x.div_(2),
        lambda e, x: x.zero_(), lambda e, x: x.fill_(3), lambda e, x: x.copy_(e.ones(2)),
    ],
)  # fmt: skip
def test_a_leaf_may_change_in_place_only_under_no_grad(engine, change):
    x = leaf(engine, [1.0, 2.0])
    with pytest.raises(RuntimeError, match="a leaf Variable that requires grad is being used in an in-place operation"):
        change(engine, x)
    assert x.tolist() == [1, 2]
    with engine.no_grad():
        assert change(engine, x) is x
    assert x.tolist() != [1, 2]
    assert x.requires_grad


def test_gradients_are_plain_tensors():
    x = leaf(reference, [1.0])
    (x * x).sum().backward()
    assert type(x.grad) is reference.Tensor
    assert not x.grad.requires_grad
    np.testing.assert_array_equal(x.grad.numpy(), [2.0])
