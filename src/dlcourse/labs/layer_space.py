"""What each layer of a network makes of digits that lie anywhere on a 10 × 10 board.

A network of 100 pixels → 64 → 32 → 16 tanh units → 10 scores learns from 1,100 digits; 300 others are looked at, layer
by layer: where they lie (two coordinates, for the eye) and how many of them a linear probe reads.

The probe (Alain & Bengio 2016, "Understanding intermediate layers using linear classifier probes") is fitted to the
training digits by least squares on one-hot targets with a small ridge, and counts on the others.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

import dlcourse.reference as engine
from dlcourse import data
from dlcourse.labs.starts import seeded_mlp
from dlcourse.training import fit

SIDE, SIZES = 10, [100, 64, 32, 16, 10]
LAYERS = ("pixels", "hidden 1", "hidden 2", "hidden 3", "scores")
EPOCHS = (0, 3, 10, 40)
TASKS = ("the ten digits", "odd or even", "random labels")
TRAIN, SHOWN = 1100, 300
RATE, BATCH, RIDGE = 0.005, 50, 1.0


@dataclass(frozen=True)
class LayerSpace:
    """One network at one moment of its training."""

    features: list[np.ndarray]  # for each of the five layers (300, units), of the shown digits
    places: np.ndarray  # (5, 300, 2) where they are drawn, from −1 to 1
    probes: np.ndarray  # (5,) share of the shown digits that a linear probe reads


@lru_cache(maxsize=1)
def board_digits() -> tuple[np.ndarray, np.ndarray]:
    """1,400 digits, each somewhere on an empty board of 10 × 10: (1400, 100) float32 from 0 to 1, and classes.

    Always the same ones: their order and places are drawn with seed 0. The last 300 are shown.
    """
    digits, rng = data.digits(), np.random.default_rng(0)
    rows = rng.permutation(len(digits.y))[: TRAIN + SHOWN]
    boards = np.zeros((len(rows), SIDE, SIDE), np.float32)
    places = rng.integers(0, SIDE - 8 + 1, (len(rows), 2))
    for board, row, (i, j) in zip(boards, rows, places, strict=True):
        board[i : i + 8, j : j + 8] = digits.x[row].reshape(8, 8) / 16
    return boards.reshape(len(rows), -1), digits.y[rows]


def targets(task: str, y: np.ndarray) -> np.ndarray:
    """What the network is to learn of digits with classes y."""
    if task == "odd or even":
        return y % 2
    return y if task == TASKS[0] else np.random.default_rng(1).integers(0, 10, len(y))


@lru_cache(maxsize=len(TASKS))
def training(task: str) -> dict[int, LayerSpace]:
    """Epochs → what the layers make of the digits then; one run of 40 epochs, looked at four times."""
    x, y = board_digits()
    model = seeded_mlp(SIZES, "Tanh", 0)
    optimizer = engine.optim.Adam(model.parameters(), lr=RATE)
    loss, wanted = engine.nn.functional.cross_entropy, targets(task, y[:TRAIN])
    spaces, done = {}, 0
    for epochs in EPOCHS:
        if epochs:
            fit(engine, model, loss, optimizer, x[:TRAIN], wanted, epochs=epochs - done, batch_size=BATCH, seed=done)
        spaces[epochs], done = layer_space(layers_of(model, x), y), epochs
    return spaces


def layers_of(model, x: np.ndarray) -> list[np.ndarray]:
    """The pixels, the outputs of every activation, and the scores."""
    found, h = [x], engine.tensor(x)
    for number, layer in enumerate(model):
        h = layer(h)
        if number % 2 or number == len(model) - 1:
            found.append(h.detach().numpy())
    return found


def layer_space(features, y) -> LayerSpace:
    """features: for each layer (1400, units)."""
    probes = np.array([probe(h[:TRAIN], y[:TRAIN], h[TRAIN:], y[TRAIN:]) for h in features])
    shown = [h[TRAIN:] for h in features]
    places = [flat(shown[0])]
    for h in shown[1:]:
        places.append(turned_like(flat(h), places[-1]))
    return LayerSpace(shown, np.stack(places), probes)


def probe(train, y, others, y_others, classes: int = 10) -> float:
    """Share of `others` (M, F) that a linear layer on the features reads, when fitted to `train` (N, F).

    W = (AᵀA + λI)⁻¹AᵀT, or Aᵀ(AAᵀ + λI)⁻¹T, which is the same, where there are fewer rows than features. A holds the
    centred and scaled features and a column of ones, T the classes one-hot; λ = 1.
    """
    mean, scale = train.mean(axis=0), train.std() + 1e-9
    inputs, tested = (np.c_[(h - mean) / scale, np.ones(len(h))].astype(np.float64) for h in (train, others))
    wanted, (rows, columns) = np.eye(classes)[y], inputs.shape
    if rows < columns:
        scores = tested @ inputs.T @ np.linalg.solve(inputs @ inputs.T + RIDGE * np.eye(rows), wanted)
    else:
        scores = tested @ np.linalg.solve(inputs.T @ inputs + RIDGE * np.eye(columns), inputs.T @ wanted)
    return float((scores.argmax(axis=1) == y_others).mean())


def flat(h: np.ndarray) -> np.ndarray:
    """(N, units) → (N, 2): the two directions of largest variance, of length 1 for nearly all points."""
    centred = h - h.mean(axis=0)
    _, vectors = np.linalg.eigh(centred.T.astype(np.float64) @ centred)
    places = centred @ vectors[:, :-3:-1]
    return np.clip(0.92 * places / np.quantile(np.abs(places), 0.99), -1, 1)


def turned_like(places: np.ndarray, before: np.ndarray) -> np.ndarray:
    """The places turned or mirrored as a whole so that each point is near where it was (Procrustes)."""
    u, _, v = np.linalg.svd(places.T @ before)
    return np.clip(places @ u @ v, -1, 1)
