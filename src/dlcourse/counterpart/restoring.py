"""A run as its checkpoint left it. What does not fit this run is found here, not at some later step."""

import torch

from dlcourse.counterpart.checkpoints import CheckpointError, load_weights
from dlcourse.training import History

NUMBERS = (int, float)


def restore(state: dict, model, optimizer, scheduler) -> History:
    """Give model, optimizer, scheduler (or None) and torch's generators what `state` holds; returns its History.

    CheckpointError if the state is of another kind of run, or of none.
    """
    try:
        load_weights(model, state["model"])
        _load_optimizer(optimizer, state["optimizer"])
        if scheduler is not None and state["scheduler"] is not None:
            _load_scheduler(scheduler, state["scheduler"])
        history = _history(state["history"], state["epoch"])
        _set_generators(next(model.parameters()).device, state["rng"])
    except CheckpointError:
        raise
    except Exception as error:  # whatever torch says of values of another kind
        why = f"{type(error).__name__}: {str(error)[:200]}"
        raise CheckpointError(
            f"fit: the checkpoint of epoch {state['epoch']} is not one of this run ({why})."
        ) from error
    return history


def _load_optimizer(optimizer, saved: dict) -> None:
    """torch itself compares the numbers of parameters, and notices the rest at the next step, if at all."""
    own = {name: value for name, value in optimizer.defaults.items() if type(value) in NUMBERS}
    optimizer.load_state_dict(saved)
    for group in optimizer.param_groups:
        for name in own:
            _expect(type(group[name]) in NUMBERS, f"the optimizer's {name} is no number")
    parameters = [parameter for group in optimizer.param_groups for parameter in group["params"]]
    entries = [optimizer.state.get(parameter, {}) for parameter in parameters]
    for parameter, entry in zip(parameters, entries, strict=True):
        _expect(entry.keys() == entries[0].keys(), "the optimizer's parameters have different entries")
        for name, value in entry.items():
            shapes = ((), tuple(parameter.shape))
            fits = value is None or type(value) in NUMBERS or tuple(value.shape) in shapes
            _expect(fits, f"the optimizer's {name} has another shape than its parameter")


def _load_scheduler(scheduler, saved: dict) -> None:
    own = scheduler.state_dict()
    _expect(saved.keys() >= {"last_epoch", "_last_lr", "base_lrs"}, "the scheduler's state is not complete")
    known = {name: saved[name] for name in own.keys() & saved.keys()}
    for name, value in known.items():
        alike = type(value) is type(own[name]) or {type(value), type(own[name])} <= set(NUMBERS)
        _expect(alike, f"the scheduler's {name} is of another type")
    scheduler.load_state_dict(known)


def _history(saved: dict, epoch: int) -> History:
    history = History(**saved)
    for name, values in vars(history).items():
        _expect(
            type(values) is list and all(type(value) in NUMBERS for value in values), f"{name} is no list of numbers"
        )
    _expect(history.epochs == epoch, f"its history has {history.epochs} epochs")
    return history


def _expect(fits: bool, words: str) -> None:
    if not fits:
        raise ValueError(words)


def generator_states(device: torch.device) -> dict[str, torch.Tensor]:
    """The states of torch's generators: the CPU's, and that of the GPU in use."""
    states = {"cpu": torch.get_rng_state()}
    return states if device.type == "cpu" else states | {device.type: getattr(torch, device.type).get_rng_state()}


def _set_generators(device: torch.device, states: dict[str, torch.Tensor]) -> None:
    torch.set_rng_state(states["cpu"])
    if device.type != "cpu" and device.type in states:
        getattr(torch, device.type).set_rng_state(states[device.type])
