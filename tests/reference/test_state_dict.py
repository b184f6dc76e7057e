"""state_dict and load_state_dict: what is saved comes back, and what does not fit is named."""

import numpy as np
import pytest
import torch

from dlcourse import reference

ENGINES = pytest.mark.parametrize("engine", [reference, torch], ids=["reference", "torch"])


def net(engine):
    """A network with a parameter, a part and a buffer."""

    class Net(engine.nn.Module):
        def __init__(self):
            super().__init__()
            self.scale = engine.nn.Parameter(engine.ones(2))
            self.first = engine.nn.Linear(3, 2)
            self.register_buffer("count", engine.zeros(1))

    return Net()


@ENGINES
def test_state_goes_round(engine):
    source, target = net(engine), net(engine)
    with engine.no_grad():
        source.count.fill_(7.0)
    result = target.load_state_dict(source.state_dict())
    assert (list(result.missing_keys), list(result.unexpected_keys)) == ([], [])
    assert repr(result) == "<All keys matched successfully>"
    for name, value in source.state_dict().items():
        assert target.state_dict()[name].tolist() == value.tolist()
    source.scale.detach()[0] = 9.0
    assert target.scale.tolist() == [1, 1]  # copied
    assert source.state_dict()["scale"].tolist() == [9, 1]  # shared


@ENGINES
def test_state_of_another_type_takes_the_modules_type(engine):
    module = engine.nn.Linear(2, 1)
    module.load_state_dict({"weight": engine.ones(1, 2, dtype=engine.float64), "bias": engine.ones(1)})
    assert module.weight.dtype == engine.float32
    assert module.weight.tolist() == [[1, 1]]


@ENGINES
def test_what_does_not_fit_is_named_and_changes_nothing(engine):
    module = engine.nn.Sequential(engine.nn.Linear(2, 1), engine.nn.Linear(1, 1))
    before = {name: value.tolist() for name, value in module.state_dict().items()}
    wrong = {"0.weight": engine.ones(1, 3), "0.bias": engine.ones(1), "2.weight": engine.ones(1)}
    with pytest.raises(RuntimeError) as error:
        module.load_state_dict(wrong)
    expected = [
        "Error(s) in loading state_dict for Sequential:",
        'Missing key(s) in state_dict: "1.weight", "1.bias".',
        'Unexpected key(s) in state_dict: "2.weight".',
        "size mismatch for 0.weight",
    ]
    for words in expected:
        assert words in str(error.value)
    if engine is reference:  # torch copies what fits before it raises
        assert {name: value.tolist() for name, value in module.state_dict().items()} == before


@ENGINES
def test_not_strict_takes_what_there_is(engine):
    module = engine.nn.Linear(2, 1)
    result = module.load_state_dict({"bias": engine.ones(1), "other": engine.ones(1)}, strict=False)
    assert module.bias.tolist() == [1]
    assert list(result.missing_keys) == ["weight"]
    assert list(result.unexpected_keys) == ["other"]
    with pytest.raises(RuntimeError, match="size mismatch for bias"):
        module.load_state_dict({"bias": engine.ones(2)}, strict=False)


def test_arrays_are_refused_as_torch_refuses_them_and_nothing_is_changed():
    module = reference.nn.Linear(2, 1)
    before = module.weight.tolist()
    with pytest.raises(RuntimeError, match=r'expected a Tensor for "bias"; got ndarray; make one with tensor\(…\)'):
        module.load_state_dict({"weight": reference.ones(1, 2), "bias": np.array([4.0])})
    assert module.weight.tolist() == before
