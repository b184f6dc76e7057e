"""Who shares memory with whom, where this engine lays numbers out otherwise than torch inside."""

import gc
import weakref

import numpy as np
import pytest
import torch

from dlcourse import reference

ENGINES = pytest.mark.parametrize("engine", [reference, torch], ids=["numpy", "torch"])
LAYERS = {
    "Conv2d": lambda e: e.nn.Conv2d(2, 3, 2),
    "MaxPool2d": lambda e: e.nn.MaxPool2d(2),
    "AvgPool2d": lambda e: e.nn.AvgPool2d(2),
    "Conv2d, Tanh": lambda e: e.nn.Sequential(e.nn.Conv2d(2, 3, 2), e.nn.Tanh()),
    "BatchNorm2d": lambda e: e.nn.Sequential(e.nn.Conv2d(2, 3, 2), e.nn.BatchNorm2d(3)),
}
VIEWS = {
    "reshape": lambda y: y.reshape(len(y), -1),
    "view": lambda y: y.view(len(y), -1),
    "flatten": lambda y: y.flatten(1),
    "all in a row": lambda y: y.reshape(-1),
    "all in a row, a view": lambda y: y.view(-1),
    "index": lambda y: y[1:],
    "detach": lambda y: y.detach(),
    "transpose": lambda y: y.transpose(0, 1),
    "data": lambda y: y.data,
}


@ENGINES
@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("layer", LAYERS)
def test_a_view_of_a_layers_output_shares_its_memory(engine, layer, view):
    y = LAYERS[layer](engine)(engine.randn(4, 2, 6, 6))
    with engine.no_grad():
        VIEWS[view](y).fill_(7.0)
    assert y[1:].min().item() == y[1:].max().item() == 7.0


IN_PLACE = {
    "MaxPool2d": lambda e, x: e.nn.functional.max_pool2d(x, 2),
    "AvgPool2d": lambda e, x: e.nn.functional.avg_pool2d(x, 2),
    "layer_norm": lambda e, x: e.nn.functional.layer_norm(x, x.shape[-2:]),
    "batch_norm": lambda e, x: e.nn.functional.batch_norm(x, None, None, training=True),
    "conv": lambda e, x: e.nn.functional.conv2d(x, e.ones(3, 2, 2, 2, dtype=e.float64)),
    "linear": lambda e, x: e.nn.functional.linear(x, e.ones(3, 6, dtype=e.float64)),
    "embedding": lambda e, x: e.nn.functional.embedding(e.tensor([[1, 1], [0, 2]]), x.reshape(-1, 6)),
    "max along an axis": lambda e, x: x.max(dim=1).values,
    "softplus": lambda e, x: e.nn.functional.softplus(x),
    "gelu": lambda e, x: e.nn.functional.gelu(x),
    "silu": lambda e, x: e.nn.functional.silu(x),
    "log": lambda e, x: x.abs().log(),
    "gather": lambda e, x: x.gather(0, e.tensor([[[[1, 0]]]])),
}


@pytest.mark.parametrize("operation", IN_PLACE)
def test_a_result_that_is_changed_in_place_keeps_the_gradient_right(operation):
    """Where torch allows it: backward of these does not look at the result, so it must not keep it."""
    start = np.random.default_rng(0).normal(size=(3, 2, 6, 6))
    gradients = []
    for engine in (reference, torch):
        x = engine.tensor(start, requires_grad=True)
        y = IN_PLACE[operation](engine, x)
        y.exp_()
        (y * engine.arange(y.numel()).reshape(y.shape)).sum().backward()
        gradients.append(np.asarray(x.grad))
    assert np.abs(gradients[1]).max() > 0
    np.testing.assert_allclose(gradients[0], gradients[1], rtol=1e-9, atol=1e-9)


@ENGINES
def test_from_numpy_shares_memory_in_whatever_order_the_array_lies(engine):
    """A photo (H, W, C) shown to a network as (C, H, W): the order of memory that a convolution's output has here."""
    photo = np.zeros((5, 4, 3), np.float32)
    x = engine.from_numpy(photo.transpose(2, 0, 1))
    x[0, 0].fill_(1.0)
    x.flatten()  # not a view of memory in this order; must not tear x from the photo
    x.detach()[1] = 2.0
    x.data[2] = 3.0
    assert photo[0, :, 0].tolist() == [1.0] * 4
    assert photo[:, :, 1].min() == 2.0
    assert photo[:, :, 2].min() == 3.0


@ENGINES
def test_what_was_allowed_to_change_is_no_cycle(engine):
    """A graph is freed as soon as nobody holds it, without the garbage collector, in-place changes included."""
    gc.disable()
    try:
        x = engine.ones(3, requires_grad=True)
        y = x * 2
        y[0] = 0.0
        y += x
        v = y[1:]
        v.mul_(3)
        v.retain_grad()
        loss = (y * y).sum()
        loss.backward()
        watched = weakref.ref(y)
        del y, v, loss
        assert watched() is None
    finally:
        gc.enable()
