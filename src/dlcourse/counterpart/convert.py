"""Weights from one engine to the other, by name, bit for bit."""

import numpy as np
import torch

from dlcourse import reference


def to_torch(state_dict) -> dict[str, torch.Tensor]:
    """A reference state dict as a PyTorch one (copies)."""
    return {name: torch.from_numpy(array.copy()) for name, array in _arrays(state_dict).items()}


def to_reference(state_dict) -> dict[str, reference.Tensor]:
    """A PyTorch state dict as a reference one (copies)."""
    return {name: reference.from_numpy(array.copy()) for name, array in _arrays(state_dict).items()}


def copy_weights(source, target) -> None:
    """Make a module of either engine equal to a module of the other. RuntimeError that lists every name or shape that
    does not fit; then nothing is changed."""
    arrays = _arrays(source.state_dict())
    own = _arrays(target.state_dict())
    problems = [f"{name}: only in the source" for name in arrays if name not in own]
    problems += [f"{name}: only in the target" for name in own if name not in arrays]
    problems += [
        f"{name}: {arrays[name].shape} does not fit {own[name].shape}"
        for name in own
        if name in arrays and arrays[name].shape != own[name].shape
    ]
    if problems:
        raise RuntimeError(f"copy_weights: {len(problems)} entries do not fit:\n  " + "\n  ".join(problems))
    convert = to_torch if isinstance(target, torch.nn.Module) else to_reference
    target.load_state_dict(convert(arrays))


def _arrays(state_dict) -> dict[str, np.ndarray]:
    return {
        name: np.asarray(getattr(value, "detach", lambda value=value: value)()) for name, value in state_dict.items()
    }
