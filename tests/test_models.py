"""Each network is written once and is the same on either engine."""

import numpy as np
import pytest
import torch

from dlcourse import reference
from dlcourse.models import mlp
from tests.reference.parity import Case, assert_parity, real

ENGINES = pytest.mark.parametrize("engine", [reference, torch], ids=["reference", "torch"])

CASES = [
    Case("two layers", lambda e: mlp(e, [4, 3, 2]), real(5, 4)),
    Case("one layer", lambda e: mlp(e, [4, 2]), real(5, 4)),
    Case("four layers of ReLU", lambda e: mlp(e, (4, 6, 5, 3, 2), "ReLU"), real(5, 4)),
    Case("Sigmoid", lambda e: mlp(e, [4, 3, 2], activation="Sigmoid"), real(5, 4)),
    Case("Identity", lambda e: mlp(e, [4, 3, 2], "Identity"), real(5, 4)),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_mlp_is_the_same_on_either_engine(case):
    assert_parity(case)


@ENGINES
def test_mlp_has_an_activation_between_the_layers_only(engine):
    model = mlp(engine, [2, 5, 3, 1], "ReLU")
    assert [type(part).__name__ for part in model] == ["Linear", "ReLU", "Linear", "ReLU", "Linear"]
    assert [tuple(part.weight.shape) for part in model if hasattr(part, "weight")] == [(5, 2), (3, 5), (1, 3)]
    assert type(mlp(engine, [2, 3, 1])[1]).__name__ == "Tanh"


@pytest.mark.parametrize("seed", [0, 1, 42])
@pytest.mark.parametrize("sizes", [[2, 3, 1], [4, 8, 8, 3], [64, 30, 10]])
def test_the_same_seed_gives_the_same_weights(seed, sizes):
    states = []
    for engine in (reference, torch):
        engine.manual_seed(seed)
        states.append({name: value.numpy() for name, value in mlp(engine, sizes).state_dict().items()})
    assert list(states[0]) == list(states[1])
    for name, ours in states[0].items():
        np.testing.assert_array_equal(ours, states[1][name], strict=True, err_msg=name)


@ENGINES
@pytest.mark.parametrize(
    ("sizes", "activation", "words"),
    [
        ([2], "Tanh", r"mlp: sizes must be at least two whole numbers from 1, \[inputs, …, outputs\]; got \[2\]"),
        ([], "Tanh", r"got \[\]"),
        ([2, 0, 1], "Tanh", r"whole numbers from 1, .* got \[2, 0, 1\]"),
        ([2, -3, 1], "Tanh", r"got \[2, -3, 1\]"),
        ([2, 2.5], "Tanh", r"got \[2, 2\.5\]"),
        ([2, True], "Tanh", r"got \[2, True\]"),
        (["2", "1"], "Tanh", r"got \['2', '1'\]"),
        ("21", "Tanh", r"mlp: sizes must be"),
        (3, "Tanh", r"mlp: sizes must be .* got 3"),
        ([2, 1], "Tahn", "mlp: activation must name a class of engine.nn, such as 'ReLU' or 'Tanh'; got 'Tahn'"),
        ([2, 1], "functional", "mlp: activation must name a class of engine.nn.*got 'functional'"),
        ([2, 1], None, "got None"),
        ([2, 1], torch.nn.ReLU, "got <class"),
    ],
)
def test_wrong_arguments_are_named(engine, sizes, activation, words):
    with pytest.raises(ValueError, match=words):
        mlp(engine, sizes, activation)


@ENGINES
def test_sizes_may_come_from_numpy(engine):
    assert mlp(engine, np.array([2, 3]))[0].weight.shape == (3, 2)
