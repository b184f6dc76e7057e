"""RMSprop and Adagrad follow torch's for twelve steps, for every option, and say what is wrong with their arguments."""

import numpy as np
import pytest
import torch

from dlcourse import reference
from tests.reference.parity import RTOL
from tests.reference.test_optim import Run

SETTINGS = [
    ("RMSprop", {}),
    ("RMSprop", {"lr": 0.1, "alpha": 0.6}),
    ("RMSprop", {"eps": 0.3}),
    ("RMSprop", {"weight_decay": 0.3}),
    ("RMSprop", {"momentum": 0.8}),
    ("RMSprop", {"centered": True}),
    ("RMSprop", {"maximize": True}),
    ("RMSprop", {"lr": 0.1, "alpha": 0.7, "eps": 0.1, "weight_decay": 0.2, "momentum": 0.6, "centered": True}),
    ("Adagrad", {}),
    ("Adagrad", {"lr": 0.1, "lr_decay": 0.2}),
    ("Adagrad", {"eps": 0.3}),
    ("Adagrad", {"weight_decay": 0.3}),
    ("Adagrad", {"initial_accumulator_value": 0.5}),
    ("Adagrad", {"lr": 0.1, "lr_decay": 0.1, "weight_decay": 0.2, "eps": 0.1, "maximize": True}),
]


def _text(setting) -> str:
    name, options = setting
    return f"{name}({', '.join(f'{key}={value}' for key, value in options.items())})"


@pytest.mark.parametrize(("name", "options"), SETTINGS, ids=map(_text, SETTINGS))
def test_twelve_steps_equal_torchs(name, options):
    ours, theirs = Run(reference, name, options).steps(), Run(torch, name, options).steps()
    for step, (our, their) in enumerate(zip(ours, theirs, strict=True)):
        np.testing.assert_allclose(our, their, RTOL, 1e-14, err_msg=f"after step {step}")


@pytest.mark.parametrize(("name", "options"), SETTINGS, ids=map(_text, SETTINGS))
def test_a_pause_changes_nothing(name, options):
    unbroken = Run(reference, name, options).steps()
    before, after = Run(reference, name, options), Run(reference, name, {})
    before.steps(last=6)
    for new, old in zip(after.parameters, before.parameters, strict=True):
        new._array[...] = old._array
    after.optimizer.load_state_dict(before.optimizer.state_dict())
    for our, wanted in zip(after.steps(first=6), unbroken[6:], strict=True):
        np.testing.assert_array_equal(our, wanted)


def test_rmsprop_keeps_eps_outside_the_root():
    """w = 0, g = 1: v = 0.01, so the step is 1/(0.1 + eps), not 1/√(0.01 + eps)."""
    weight = reference.tensor([0.0], requires_grad=True)
    weight.grad = reference.tensor([1.0])
    reference.optim.RMSprop([weight], lr=1.0, alpha=0.99, eps=0.3).step()
    assert weight.item() == pytest.approx(-1 / 0.4)


def test_adagrad_adds_all_squares_and_never_forgets():
    """Gradients 3, 4 with lr = 1: steps 3/3 and 4/5."""
    weight = reference.tensor([0.0], requires_grad=True)
    optimizer = reference.optim.Adagrad([weight], lr=1.0)
    for gradient in (3.0, 4.0):
        weight.grad = reference.tensor([gradient])
        optimizer.step()
    assert weight.item() == pytest.approx(-1.8)


@pytest.mark.parametrize("name", ["RMSprop", "Adagrad"])
@pytest.mark.parametrize("setting", ["lr", "eps", "weight_decay"])
def test_a_negative_setting_is_named(name, setting):
    words = {"lr": "learning rate", "eps": "epsilon value", "weight_decay": "weight_decay value"}[setting]
    with pytest.raises(ValueError, match=f"Invalid {words}: -1"):
        Run(reference, name, {setting: -1})
    with pytest.raises(ValueError, match=f"Invalid {words}: -1"):
        Run(torch, name, {setting: -1})


@pytest.mark.parametrize(
    ("name", "setting"),
    [("RMSprop", "alpha"), ("RMSprop", "momentum"), ("Adagrad", "lr_decay"), ("Adagrad", "initial_accumulator_value")],
)
def test_a_negative_setting_of_its_own_is_named(name, setting):
    with pytest.raises(ValueError, match=rf"Invalid {setting}( value)?: -1"):
        Run(reference, name, {setting: -1})
