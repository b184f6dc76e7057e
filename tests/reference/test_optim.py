"""Optimizers follow torch's for twelve steps, for every option, and say what is wrong with their arguments."""

import numpy as np
import pytest
import torch

from dlcourse import reference
from tests.reference.parity import RTOL

STEPS, ZERO_STEP, NONE_STEP = 12, 5, 7

SETTINGS = [
    ("SGD", {}),
    ("SGD", {"lr": 0.1, "momentum": 0.9}),
    ("SGD", {"lr": 0.1, "momentum": 0.9, "dampening": 0.4}),
    ("SGD", {"lr": 0.1, "momentum": 0.9, "nesterov": True}),
    ("SGD", {"lr": 0.1, "weight_decay": 0.3}),
    ("SGD", {"lr": 0.1, "weight_decay": 0.3, "momentum": 0.8, "dampening": 0.1, "maximize": True}),
    ("SGD", {"lr": 0.1, "weight_decay": 0.3, "momentum": 0.8, "nesterov": True, "maximize": True}),
    ("SGD", {"lr": 0.0, "momentum": 0.9}),
    *[
        (name, options)
        for name in ("Adam", "AdamW")
        for options in [
            {},
            {"lr": 0.1},
            {"lr": 0.1, "betas": (0.5, 0.7)},
            {"lr": 0.1, "betas": (0.0, 0.9)},
            {"lr": 0.1, "eps": 0.3},
            {"lr": 0.1, "weight_decay": 0.0},
            {"lr": 0.1, "weight_decay": 0.3},
            {"lr": 0.1, "amsgrad": True},
            {"lr": 0.1, "maximize": True},
            {"lr": 0.1, "weight_decay": 0.3, "amsgrad": True, "maximize": True, "eps": 0.01},
        ]
    ],
]


class Run:
    """One optimizer on one engine: two parameters, the second once without a gradient, both once with zeros."""

    def __init__(self, engine, name: str, options: dict):
        self.engine = engine
        random = np.random.default_rng(0)
        self.parameters = [engine.tensor(random.normal(size=shape), requires_grad=True) for shape in ((3, 2), (4,))]
        self.optimizer = getattr(engine.optim, name)(self.parameters, **options)

    def steps(self, first: int = 0, last: int = STEPS) -> list[np.ndarray]:
        trajectory = []
        for step in range(first, last):
            random = np.random.default_rng(100 + step)
            self.optimizer.zero_grad()
            for i, parameter in enumerate(self.parameters):
                grad = random.normal(size=tuple(parameter.shape)) * (step != ZERO_STEP)
                if not (step == NONE_STEP and i == 1):
                    parameter.grad = self.engine.tensor(grad)
            self.optimizer.step()
            trajectory.append(np.concatenate([p.detach().numpy().ravel() for p in self.parameters]))
        return trajectory


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
        with reference.no_grad():
            new.copy_(old)
    after.optimizer.load_state_dict(before.optimizer.state_dict())
    before.steps(6)  # must not touch what was loaded: it is a copy
    np.testing.assert_array_equal(after.steps(6), unbroken[6:])


@pytest.mark.parametrize(("name", "options"), SETTINGS, ids=map(_text, SETTINGS))
def test_the_saved_state_is_torchs(name, options):
    runs = [Run(engine, name, options) for engine in (reference, torch)]
    for run in runs:
        run.steps()
    ours, theirs = (run.optimizer.state_dict() for run in runs)
    known = ours["param_groups"][0].keys()
    assert ours["param_groups"] == [{k: g[k] for k in known} for g in theirs["param_groups"]]
    memories = {i: {k: v for k, v in memory.items() if v is not None} for i, memory in theirs["state"].items()}
    assert {i: m.keys() for i, m in ours["state"].items() if m} == {i: m.keys() for i, m in memories.items() if m}
    for i, memory in memories.items():
        for key, value in memory.items():
            np.testing.assert_allclose(np.asarray(ours["state"][i][key]), value.numpy(), RTOL, 1e-14, err_msg=key)


def test_groups_have_settings_of_their_own():
    trajectories = []
    for engine in (reference, torch):
        run = Run(engine, "SGD", {})
        slow, fast = run.parameters
        run.optimizer = engine.optim.SGD([{"params": slow}, {"params": [fast], "lr": 0.5, "momentum": 0.9}], lr=0.01)
        extra = engine.tensor(np.ones(2), requires_grad=True)
        run.optimizer.add_param_group({"params": [extra], "weight_decay": 0.1})
        run.parameters.append(extra)
        trajectory = run.steps(last=3)
        run.optimizer.param_groups[1]["lr"] = 0.05  # as a schedule changes it
        trajectories.append([*trajectory, *run.steps(3)])
    np.testing.assert_allclose(*trajectories, RTOL)


@pytest.mark.parametrize("set_to_none", [True, False])
def test_zero_grad(set_to_none):
    parameter = reference.ones(3, requires_grad=True)
    untouched = reference.ones(3, requires_grad=True)
    optimizer = reference.optim.SGD([parameter, untouched])
    parameter.sum().backward()
    optimizer.zero_grad(set_to_none=set_to_none)
    assert untouched.grad is None
    assert parameter.grad is None if set_to_none else parameter.grad.tolist() == [0, 0, 0]


def test_step_changes_the_parameter_itself_without_recording_it():
    parameter = reference.ones(3, requires_grad=True)
    view = parameter.detach()
    optimizer = reference.optim.SGD([parameter], lr=1.0)
    (2 * parameter).sum().backward()
    optimizer.step()
    assert view.tolist() == [-1, -1, -1]
    assert parameter.is_leaf
    assert parameter.requires_grad


def test_repr_names_the_settings():
    text = repr(reference.optim.SGD([reference.ones(1, requires_grad=True)], lr=0.25, momentum=0.5))
    assert text.startswith("SGD (\nParameter Group 0\n    dampening: 0\n    lr: 0.25\n")
    assert "    momentum: 0.5\n" in text


LEAF = reference.ones(2, requires_grad=True)
optim = reference.optim


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: optim.SGD([]), ValueError, "optimizer got an empty parameter list"),
        (lambda: optim.SGD([1.0]), TypeError, "optimizer can only optimize Tensors, but one of the params is float"),
        (lambda: optim.SGD([LEAF * 2]), ValueError, "can't optimize a non-leaf Tensor"),
        (lambda: optim.Adam([{"params": [LEAF]}, {"params": [LEAF]}]), ValueError, "in more than one parameter group"),
        (lambda: optim.SGD([LEAF], lr=-1), ValueError, "Invalid learning rate: -1"),
        (lambda: optim.SGD([LEAF], lr=float("nan")), ValueError, "Invalid learning rate: nan"),
        (lambda: optim.SGD([LEAF], lr="fast"), TypeError, "learning rate must be a number; got 'fast'"),
        (lambda: optim.SGD([LEAF], momentum=-0.1), ValueError, "Invalid momentum value: -0.1"),
        (lambda: optim.SGD([LEAF], weight_decay=-0.1), ValueError, "Invalid weight_decay value: -0.1"),
        (lambda: optim.SGD([LEAF], nesterov=True), ValueError, "Nesterov momentum requires a momentum and zero dampen"),
        (lambda: optim.SGD([LEAF], momentum=0.9, dampening=0.1, nesterov=True), ValueError, "Nesterov momentum"),
        (lambda: optim.Adam([LEAF], betas=(1.0, 0.9)), ValueError, "Invalid beta parameter at index 0: 1.0"),
        (lambda: optim.Adam([LEAF], betas=(0.9, -1)), ValueError, "Invalid beta parameter at index 1: -1"),
        (lambda: optim.Adam([LEAF], eps=-1e-8), ValueError, "Invalid epsilon value: -1e-08"),
        (lambda: optim.AdamW([LEAF], weight_decay=-1), ValueError, "Invalid weight_decay value: -1"),
    ],
)  # fmt: skip
def test_wrong_arguments_are_named(make, error, words):
    with pytest.raises(error, match=words):
        make()


@pytest.mark.parametrize("engine", [reference, torch])
def test_a_parameter_given_twice_is_warned_of(engine):
    leaf = engine.ones(2, requires_grad=True)
    with pytest.warns(UserWarning, match="optimizer contains a parameter group with duplicate parameters"):
        engine.optim.SGD([leaf, leaf])


def test_a_state_that_does_not_fit_is_refused():
    one = optim.SGD([LEAF])
    two = optim.SGD([{"params": [LEAF]}, {"params": [reference.ones(1)]}])
    longer = optim.SGD([LEAF, reference.ones(1)])
    with pytest.raises(ValueError, match=r"different number of parameter groups: expected 1; got 2"):
        one.load_state_dict(two.state_dict())
    with pytest.raises(ValueError, match=r"doesn't match the size of optimizer's group: expected \[1\] .*got \[2\]"):
        one.load_state_dict(longer.state_dict())
