"""Networks that read the 8 × 8 digits, for the labs on representations: trained once, in at most a second, from a seed.

Ink runs from 0 (paper) to 1. Nothing here touches the learner's random numbers.
"""

from functools import lru_cache

import numpy as np

import dlcourse.reference as engine
from dlcourse import data
from dlcourse.labs.starts import seeded_mlp
from dlcourse.training import fit

SIDE = 8
BATCH = 200
SCORE_SIZES, SCORE_EPOCHS, SCORE_RATE = [64, 10], 12, 0.03
READER_SIZES, READER_EPOCHS, READER_RATE = [64, 24, 10], 12, 0.03
SHIFTS = ((0, 0), (0, 1), (0, -1), (1, 0), (-1, 0))  # rows, columns: the reader has seen every digit in five places


@lru_cache(maxsize=1)
def digit_images() -> tuple[np.ndarray, np.ndarray]:
    """The digits (1797, 64) float32 from 0 to 1, and their classes."""
    digits = data.digits()
    return digits.x / 16, digits.y


@lru_cache(maxsize=2)
def scorer(shuffled: bool = False):
    """A layer of ten units, one a class, from zero weights: (10, 64) and (10,) float64.

    shuffled: the pixels of every digit were put into the order of `shuffled_order` before it learned.
    """
    x, y = digit_images()
    model = engine.nn.Linear(*SCORE_SIZES)
    for parameter in model.parameters():
        parameter.detach().copy_(engine.zeros(*parameter.shape))
    optimizer = engine.optim.Adam(model.parameters(), lr=SCORE_RATE)
    inputs = x[:, shuffled_order()] if shuffled else x
    loss = engine.nn.functional.cross_entropy
    fit(engine, model, loss, optimizer, inputs, y, epochs=SCORE_EPOCHS, batch_size=BATCH)
    return tuple(parameter.detach().numpy().astype(np.float64) for parameter in model.parameters())


@lru_cache(maxsize=1)
def shuffled_order() -> np.ndarray:
    """The same disorder for every picture: place i shows pixel order[i]."""
    return np.random.default_rng(0).permutation(SIDE * SIDE)


def five_places(x: np.ndarray) -> np.ndarray:
    """Pictures (N, 64) as they are and one pixel further right, left, down, up, cut at the edge: (5N, 64)."""
    framed = np.pad(x.reshape(-1, SIDE, SIDE), ((0, 0), (1, 1), (1, 1)))
    places = [framed[:, 1 - i : 1 - i + SIDE, 1 - j : 1 - j + SIDE] for i, j in SHIFTS]
    return np.concatenate(places).reshape(-1, SIDE * SIDE)


@lru_cache(maxsize=1)
def reader() -> list[np.ndarray]:
    """Weights and biases, float32, of 64 pixels → 24 tanh units → 10 classes."""
    x, y = digit_images()
    model = seeded_mlp(READER_SIZES, "Tanh", 0)
    optimizer = engine.optim.Adam(model.parameters(), lr=READER_RATE)
    loss = engine.nn.functional.cross_entropy
    places, labels = five_places(x), np.tile(y, len(SHIFTS))
    fit(engine, model, loss, optimizer, places, labels, epochs=READER_EPOCHS, batch_size=BATCH)
    return [parameter.detach().numpy() for parameter in model.parameters()]


def read(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What the reader makes of pictures (N, 64): hidden representation (N, 24) and probabilities (N, 10)."""
    w1, b1, w2, b2 = reader()
    hidden = np.tanh(x @ w1.T + b1)
    scores = engine.tensor(hidden @ w2.T + b2)
    return hidden, scores.softmax(1).numpy()


@lru_cache(maxsize=1)
def known() -> np.ndarray:
    """The hidden representations of all digits, (1797, 24)."""
    return read(digit_images()[0])[0]
