"""Learning-rate schedules equal torch's, epoch by epoch, and go on after a pause."""

import math

import pytest
import torch

from dlcourse import reference

SCHEDULES = [
    ("StepLR", {"step_size": 3}),
    ("StepLR", {"step_size": 1, "gamma": 0.5}),
    ("CosineAnnealingLR", {"T_max": 5}),
    ("CosineAnnealingLR", {"T_max": 7, "eta_min": 0.02}),
    ("CosineAnnealingLR", {"T_max": 1, "eta_min": 0.02}),
]


def start(engine, name, options, **more):
    """A scheduler over two groups with learning rates 0.1 and 0.7."""
    weights = [engine.ones(2, requires_grad=True) for _ in range(2)]
    optimizer = engine.optim.SGD([{"params": [weights[0]]}, {"params": [weights[1]], "lr": 0.7}], lr=0.1)
    return getattr(engine.optim.lr_scheduler, name)(optimizer, **options, **more)


def rates(scheduler, epochs=23):
    """What it says, and what the optimizer has, before each of the epochs."""
    found = []
    for _ in range(epochs):
        found.append([*scheduler.get_last_lr(), *(group["lr"] for group in scheduler.optimizer.param_groups)])
        scheduler.optimizer.step()
        scheduler.step()
    return found


@pytest.mark.parametrize(("name", "options"), SCHEDULES)
def test_rates_equal_torchs(name, options):
    for ours, theirs in zip(rates(start(reference, name, options)), rates(start(torch, name, options)), strict=True):
        assert ours == pytest.approx(theirs, rel=1e-12, abs=1e-15)


@pytest.mark.parametrize(("name", "options"), SCHEDULES)
def test_a_rate_changed_by_hand_stays_changed(name, options):
    """The next rate is made from the present one, in torch and here."""
    schedulers = [start(engine, name, options) for engine in (reference, torch)]
    for scheduler in schedulers:
        rates(scheduler, 2)
        scheduler.optimizer.param_groups[0]["lr"] *= 10
    assert rates(schedulers[0], 4) == [pytest.approx(row, rel=1e-12) for row in rates(schedulers[1], 4)]


@pytest.mark.parametrize(("name", "options"), SCHEDULES)
def test_a_pause_changes_nothing(name, options):
    unbroken = rates(start(reference, name, options))
    before, after = start(reference, name, options), start(reference, name, options)
    rates(before, 6)
    after.load_state_dict(before.state_dict())
    after.optimizer.load_state_dict(before.optimizer.state_dict())
    assert rates(after, 17) == unbroken[6:]


@pytest.mark.parametrize(("name", "options"), SCHEDULES)
def test_going_on_from_an_epoch_equals_torchs(name, options):
    found = []
    for engine in (reference, torch):
        first = start(engine, name, options)
        rates(first, 4)
        again = type(first)(first.optimizer, **options, last_epoch=first.last_epoch)
        found.append([again.last_epoch, *(rate for row in rates(again, 6) for rate in row)])
    assert found[0] == pytest.approx(found[1], rel=1e-12)


def test_cosine_by_hand():
    scheduler = start(reference, "CosineAnnealingLR", {"T_max": 4})
    found = [row[0] for row in rates(scheduler, 6)]
    wanted = [0.1 * (1 + math.cos(math.pi * t / 4)) / 2 for t in range(6)]
    assert found == pytest.approx(wanted, abs=1e-12)
    assert found[4] == pytest.approx(0, abs=1e-12)
    assert found[5] > 0.01  # no restart: the rate rises again


def test_step_by_hand():
    assert [row[1] for row in rates(start(reference, "StepLR", {"step_size": 2}), 5)] == pytest.approx(
        [0.7, 0.7, 0.07, 0.07, 0.007]
    )


def test_the_state_has_what_torchs_has():
    ours, theirs = (start(engine, "StepLR", {"step_size": 3}).state_dict() for engine in (reference, torch))
    assert all(theirs[key] == value for key, value in ours.items())


@pytest.mark.parametrize(("name", "argument"), [("StepLR", "step_size"), ("CosineAnnealingLR", "T_max")])
@pytest.mark.parametrize("wrong", [0, -1, 2.5, True, "3"])
def test_a_wrong_number_of_epochs_is_named(name, argument, wrong):
    with pytest.raises(ValueError, match=f"{name}: {argument} must be a whole number of epochs from 1; got {wrong!r}"):
        start(reference, name, {argument: wrong})


def test_something_else_than_an_optimizer_is_refused():
    for engine in (reference, torch):
        with pytest.raises(TypeError, match="list is not an Optimizer"):
            engine.optim.lr_scheduler.StepLR([], 3)


def test_going_on_without_initial_rates_is_refused():
    for engine in (reference, torch):
        with pytest.raises(KeyError, match="param 'initial_lr' is not specified"):
            start(engine, "StepLR", {"step_size": 3}, last_epoch=2)
