"""The PyTorch counterpart of the reference engine: the same networks, on GPUs and over several processes."""

from dlcourse.counterpart.checkpoints import CheckpointError, Checkpoints, load_weights
from dlcourse.counterpart.convert import copy_weights, to_reference, to_torch
from dlcourse.counterpart.device import choose
from dlcourse.counterpart.metrics import Metrics
from dlcourse.counterpart.training import evaluate, fit

__all__ = [
    "CheckpointError",
    "Checkpoints",
    "Metrics",
    "choose",
    "copy_weights",
    "evaluate",
    "fit",
    "load_weights",
    "to_reference",
    "to_torch",
]
