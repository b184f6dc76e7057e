"""Features made by hand against learned ones on MNIST-1D, as measured: accuracy over data and over training."""

import numpy as np

from dlcourse.data.files import read_text

MODELS = ("hand", "mlp", "cnn")
ROWS = (50, 100, 200, 500, 1000, 2000, 4000, 8000, 16000, 32000)  # training signals
STEPS = (60, 200, 600, 2000, 6000)  # updates, each by BATCH signals
SEEDS, BATCH, RATE = 5, 100, 0.005


def bitter_lesson() -> dict[str, np.ndarray]:
    """Model -> accuracy on the 1,000 test signals of MNIST-1D, (10 numbers of signals, 5 seeds, 5 numbers of steps).

    "hand": a linear layer on the 40 features of `matched_filters`; "mlp" and "cnn": the MLP and the CNN of MNIST-1D on
    the 40 numbers of a signal as they are. The axes are those of ROWS, seeds 0 … 4, and STEPS. Recorded by
    `tools/make_bitter_lesson.py`, which says how each was trained. ValueError if the file is damaged.
    """
    found = {name: np.full((len(ROWS), SEEDS, len(STEPS)), np.nan) for name in MODELS}
    for line in read_text("bitter_lesson.csv").splitlines()[1:]:
        name, count, seed, *accuracies = line.split(",")
        found[name][ROWS.index(int(count)), int(seed)] = [float(accuracy) for accuracy in accuracies]
    return found
