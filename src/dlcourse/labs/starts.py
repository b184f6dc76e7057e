"""First weights of a lab's networks: those after `manual_seed(seed)`, from a generator of their own.

A lab that trains in the background never disturbs the random numbers of the learner's cells.
"""

from types import SimpleNamespace

import numpy as np

import dlcourse.reference as engine
from dlcourse.models import mlp


def seeded_mlp(sizes, activation: str, seed: int):
    """What `mlp(engine, sizes, activation)` is after `engine.manual_seed(seed)`; the global generator is left alone."""
    source = engine.Generator().manual_seed(seed)

    class Linear(engine.nn.Linear):
        def reset_parameters(self) -> None:
            for parameter in (self.weight, self.bias):
                start = _uniform(source, parameter.shape, 1 / np.sqrt(self.in_features))
                parameter.detach().copy_(engine.tensor(start))

    layers = SimpleNamespace(**vars(engine.nn) | {"Linear": Linear})
    return mlp(SimpleNamespace(nn=layers), sizes, activation)


def _uniform(source: engine.Generator, shape, bound: float) -> np.ndarray:
    """float32 uniform in ±bound, rounded once as by torch's fused multiply-add."""
    draws = source.uniform(tuple(shape), np.dtype(np.float32)).astype(np.float64)
    return (draws * float(np.float32(2 * bound)) - float(np.float32(bound))).astype(np.float32)
