"""Layers that write into the memory of their input: results, gradients, errors and text are torch's."""

import warnings

import pytest
import torch

from dlcourse import reference
from tests.reference.parity import Case, assert_parity, function, real

ENGINES = pytest.mark.parametrize("engine", [reference, torch], ids=["reference", "torch"])

LAYERS = {
    "ReLU": lambda nn, **i: nn.ReLU(**i),
    "LeakyReLU": lambda nn, **i: nn.LeakyReLU(0.2, **i),
    "ELU": lambda nn, **i: nn.ELU(0.7, **i),
    "SiLU": lambda nn, **i: nn.SiLU(**i),
    "Dropout": lambda nn, **i: nn.Dropout(1.0, **i),
    "Dropout1d": lambda nn, **i: nn.Dropout1d(1.0, **i),
    "Dropout2d": lambda nn, **i: nn.Dropout2d(0.0, **i),
}
FUNCTIONS = {
    "relu": lambda F, x: F.relu(x, inplace=True),
    "leaky_relu": lambda F, x: F.leaky_relu(x, 0.3, True),
    "elu": lambda F, x: F.elu(x, 1.5, True),
    "silu": lambda F, x: F.silu(x, inplace=True),
    "dropout": lambda F, x: F.dropout(x, 1.0, True, True),
    "dropout1d": lambda F, x: F.dropout1d(x, 0.0, inplace=True),
    "dropout2d": lambda F, x: F.dropout2d(x, 1.0, inplace=True),
}


def after_linear(name):
    return Case(
        f"{name} in place",
        lambda e: e.nn.Sequential(e.nn.Linear(4, 5), LAYERS[name](e.nn, inplace=True), e.nn.Linear(5, 2)),
        real(2, 3, 6, 4),
    ) if name != "Dropout1d" else Case(
        "Dropout1d in place",
        lambda e: e.nn.Sequential(e.nn.Linear(4, 5), e.nn.Dropout1d(1.0, inplace=True), e.nn.Linear(5, 2)),
        real(2, 3, 4),
    )  # fmt: skip


def changed(name):
    """The result, and what the input holds afterwards, with gradients through both."""

    def compute(e, x):
        h = x * 2
        return [FUNCTIONS[name](e.nn.functional, h), h]

    return function(f"{name} in place", compute, real(3, 2, 4) if name == "dropout1d" else real(3, 2, 4, 2))


@pytest.mark.parametrize("case", [*map(after_linear, LAYERS), *map(changed, FUNCTIONS)], ids=str)
def test_parity(case):
    assert_parity(case)


@ENGINES
@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_input_itself_is_changed_and_returned(engine, name):
    x = engine.tensor([[[[-1.0, 2.0], [3.0, -4.0]]]])
    x = x[0] if name == "dropout1d" else x
    wanted = FUNCTIONS[name](engine.nn.functional, x.clone()).tolist()
    assert FUNCTIONS[name](engine.nn.functional, x) is x
    assert x.tolist() == wanted


@ENGINES
@pytest.mark.parametrize("name", [name for name in FUNCTIONS if name not in ("dropout1d",)])  # of nothing: no change
def test_a_leaf_that_requires_a_gradient_is_refused(engine, name):
    x = engine.ones(1, 1, 2, 1).requires_grad_()
    with pytest.raises(RuntimeError, match="a leaf Variable that requires grad is being used in an in-place operation"):
        FUNCTIONS[name](engine.nn.functional, x)


@ENGINES
def test_what_needed_the_old_numbers_says_so(engine):
    x = engine.tensor([1.0, -2.0], requires_grad=True)
    h = x * 1
    y = h.square()
    engine.nn.ReLU(inplace=True)(h)
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        y.sum().backward()


@pytest.mark.parametrize("name", LAYERS)
@pytest.mark.parametrize("options", [{}, {"inplace": True}, {"inplace": False}])
def test_repr_is_torchs(name, options):
    assert repr(LAYERS[name](reference.nn, **options)) == repr(LAYERS[name](torch.nn, **options))


@ENGINES
def test_dropout_in_place_scales_what_it_keeps(engine):
    engine.manual_seed(0)
    x = engine.ones(1000)
    assert engine.nn.Dropout(0.5, inplace=True)(x) is x
    assert set(x.tolist()) == {0.0, 2.0}
    assert engine.nn.Dropout(0.5, inplace=True).eval()(x) is x


@pytest.mark.parametrize("shape", [(40, 30, 5), (40, 30, 5, 2)])
def test_dropout2d_drops_whole_channels_of_the_second_axis(shape):
    """Of three axes, too, on both engines: (N, C, L), for which both warn."""
    for engine in (reference, torch):
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            y = engine.nn.functional.dropout2d(engine.ones(*shape), 0.5)
        assert [len(said), "3D input" in str(said and said[0].message)] == (
            [1, True] if len(shape) == 3 else [0, False]
        )
        channels = y.reshape(40, 30, -1)
        assert (channels.amax(2) == channels.amin(2)).all()
        assert 1 < channels.amax(2).sum(1).amin() < channels.amax(2).sum(1).amax() < 60
