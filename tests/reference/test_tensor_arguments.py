"""A list, an array, a number or None where a tensor is due is refused in words, by every function and layer of nn.

The functions, layers and their arguments are found from the signatures, so that a new one is covered by itself.
"""

import inspect

import numpy as np
import pytest

from dlcourse import reference

nn, F, Tensor = reference.nn, reference.nn.functional, reference.Tensor

WRONG = {"list": [1.0, 2.0], "ndarray": np.ones((1, 1, 1)), "float": 1.5, "NoneType": None}
SETTINGS = {"Unflatten": (1, (1,))}  # where 1 for every setting that must be given will not do
TAKE_ANYTHING = {"Identity", "Sequential"}  # as in torch


def arguments(function, is_tensor) -> list[tuple[str, str]]:
    """(argument, kind of what is wrong for it) for each argument that takes tensors."""
    parameters = inspect.signature(function).parameters.values()
    return [
        (parameter.name, kind)
        for parameter in parameters
        if is_tensor(parameter)
        for kind in WRONG
        if not (kind == "NoneType" and may_be_absent(parameter))
    ]


def may_be_absent(parameter) -> bool:
    return parameter.default is None or parameter.annotation == (Tensor | None)


def given(function, is_tensor, wrong: str, kind: str) -> dict:
    """Everything that must be given, with one wrong argument."""
    needed = [p for p in inspect.signature(function).parameters.values() if p.default is p.empty]
    values = {p.name: reference.ones(1, 1, 1) if is_tensor(p) else 1 for p in needed}
    return values | {wrong: WRONG[kind]}


def annotated(parameter) -> bool:
    return parameter.annotation in (Tensor, Tensor | None)


def an_input(parameter) -> bool:
    """Whether an argument of a layer's forward is a tensor: all are."""
    return True


FILLS = [name for name in vars(nn.init) if name.endswith("_") and not name.startswith("_")]
FOUND = {name: getattr(F, name) for name in F.__all__} | {name: getattr(nn.init, name) for name in FILLS}
FUNCTIONS = [(name, *wrong) for name, function in FOUND.items() for wrong in arguments(function, annotated)]


@pytest.mark.parametrize(("name", "argument", "kind"), FUNCTIONS)
def test_a_function_says_that_it_takes_tensors(name, argument, kind):
    function = FOUND[name]
    with pytest.raises(
        TypeError, match=rf"^\w+: argument '{argument}' must be Tensor, not {kind}; make one with ten"
    ) as e:
        function(**given(function, annotated, argument, kind))
    assert str(e.value).partition(":")[0].lower().replace("_", "") == name.replace("_", "")


def layer(name: str):
    """A layer with 1 for every setting that must be given."""
    kind = getattr(nn, name)
    needed = [
        p for p in inspect.signature(kind).parameters.values() if p.default is p.empty and p.kind < p.VAR_POSITIONAL
    ]
    return kind(*SETTINGS.get(name, [1] * len(needed)))


LAYERS = [
    name for name in nn.__all__
    if isinstance(kind := getattr(nn, name), type) and issubclass(kind, nn.Module)
    and kind.forward is not nn.Module.forward and name not in TAKE_ANYTHING
]  # fmt: skip
INPUTS = [(name, *wrong) for name in LAYERS for wrong in arguments(layer(name).forward, an_input)]


@pytest.mark.parametrize(("name", "argument", "kind"), INPUTS)
def test_a_layer_says_that_it_takes_tensors(name, argument, kind):
    module = layer(name)
    inputs = given(module.forward, an_input, argument, kind)
    words = rf"argument '{argument}' must be Tensor, not {kind}; make one with tensor"
    if argument == "hx" and "LSTM" in name:
        words = "argument 'hx' must be a pair|argument 'h' must be Tensor"
    with pytest.raises(TypeError, match=rf"^\w+: {words}"):
        module(**inputs)


def test_all_of_nn_is_looked_at():
    assert {name for name, *_ in FUNCTIONS} == {*F.__all__, *FILLS}
    assert len(FILLS) > 8
    assert len(LAYERS) > 40
    assert ("conv2d", "weight", "list") in FUNCTIONS
    assert ("batch_norm", "running_mean", "ndarray") in FUNCTIONS
    assert ("batch_norm", "running_mean", "NoneType") not in FUNCTIONS
    assert ("MSELoss", "target", "NoneType") in INPUTS
    assert ("GRU", "hx", "float") in INPUTS


def test_sequential_has_the_words_of_its_first_layer():
    with pytest.raises(TypeError, match="linear: argument 'input' must be Tensor, not list"):
        nn.Sequential(nn.Linear(2, 1))([1.0, 2.0])
