"""Truth tables of the logic gates with two inputs."""

import numpy as np

_INPUTS = ((0, 0), (0, 1), (1, 0), (1, 1))
_TARGETS = {
    "AND": (0, 0, 0, 1),
    "OR": (0, 1, 1, 1),
    "NAND": (1, 1, 1, 0),
    "NOR": (1, 0, 0, 0),
    "XOR": (0, 1, 1, 0),
    "XNOR": (1, 0, 0, 1),
}
GATES = tuple(_TARGETS)


def gate(name: str) -> tuple[np.ndarray, np.ndarray]:
    """Inputs (4, 2) float32 in {0, 1}, in the order 00, 01, 10, 11, and targets (4,) int64 of a gate."""
    if name not in _TARGETS:
        raise ValueError(f"gate: expected one of {', '.join(GATES)}; got {name!r}.")
    return np.array(_INPUTS, np.float32), np.array(_TARGETS[name], np.int64)
