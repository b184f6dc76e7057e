"""MNIST-1D: ten digits as drawn along one line, made anew by the published recipe."""

import random
from functools import cache

import numpy as np

from dlcourse.data.files import read_text
from dlcourse.data.splits import Part, Split

TRAINING_ROWS = 4000


def mnist1d(shuffled: bool = False) -> Split:
    """MNIST-1D (Greydanus & Kobak, arXiv:2011.14439): 4,000 training and 1,000 test signals of 40 numbers, ten classes.

    Each is one of ten templates of 12 numbers, padded, stretched, moved, scaled, sheared and with noise, so that
    *where* the pattern is says nothing and its shape everything. The whole set has mean 0 and deviation 1. x: (N, 40)
    float32, y: (N,) int64; the validation part is empty, as published: draw it from `train` to choose among models.
    shuffled: the same 40 places for every signal in one random order; a network that relies on neighbours loses by it.

    The package mnist1d makes the numbers (seed 42) in about two seconds at the first call; nothing is downloaded, and
    no file is written.
    """
    x, y = _generated(bool(shuffled))
    train, test = (Part(x[rows].copy(), y[rows].copy()) for rows in (slice(TRAINING_ROWS), slice(TRAINING_ROWS, None)))
    return Split(train, Part(x[:0].copy(), y[:0].copy()), test)


def mnist1d_accuracies(engine: str = "torch", shuffled: bool = False) -> dict[str, np.ndarray]:
    """What four networks reached on MNIST-1D after 6,000 steps: name -> accuracy on the test signals, seeds 0, 1, 2.

    engine: "torch" or "numpy", on which they were trained; shuffled: on signals with their places in random order.
    Names: "logistic", "mlp", "cnn", "gru". Recorded by `tools/make_mnist1d_table.py`, which takes half an hour.
    """
    if engine not in ("torch", "numpy"):
        raise ValueError(f"mnist1d_accuracies: engine must be 'torch' or 'numpy'; got {engine!r}.")
    found: dict[str, list[float]] = {}
    for line in read_text("mnist1d_table.csv").splitlines()[1:]:
        trained_on, name, places, _, accuracy = line.split(",")
        if (trained_on, places) == (engine, "shuffled" if shuffled else "in order"):
            found.setdefault(name, []).append(float(accuracy))
    return {name: np.array(accuracies) for name, accuracies in found.items()}


@cache
def _generated(shuffled: bool) -> tuple[np.ndarray, np.ndarray]:
    from mnist1d.data import get_dataset_args, make_dataset  # its import loads pyplot

    args = get_dataset_args()
    args.shuffle_seq = shuffled
    states = random.getstate(), np.random.get_state()
    try:  # the package seeds the two global generators, which belong to the caller
        made = make_dataset(args)
    finally:
        random.setstate(states[0])
        np.random.set_state(states[1])
    x, y = (np.concatenate([made[name], made[f"{name}_test"]]) for name in ("x", "y"))
    return x.astype(np.float32), y.astype(np.int64)
