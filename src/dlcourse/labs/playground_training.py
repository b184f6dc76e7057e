"""The training behind PlaygroundLab: a run that is advanced tick by tick and remembers every tick.

A tick is some epochs; the parameters after each tick are kept, so that a run can be played, stepped and scrubbed back,
and the same settings always give the same run.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

import dlcourse.reference as engine
from dlcourse import data
from dlcourse.labs.starts import seeded_mlp

SETS = (*data.TOY_SETS, "own points")
FEATURES = {
    "x₁, x₂": lambda x: [x[:, 0], x[:, 1]],
    "+ squares": lambda x: [x[:, 0], x[:, 1], x[:, 0] ** 2, x[:, 1] ** 2],
    "+ squares, product": lambda x: [x[:, 0], x[:, 1], x[:, 0] ** 2, x[:, 1] ** 2, x[:, 0] * x[:, 1]],
    "+ sines": lambda x: [x[:, 0], x[:, 1], np.sin(3 * x[:, 0]), np.sin(3 * x[:, 1])],
}
ACTIVATIONS = {"tanh": "Tanh", "ReLU": "ReLU", "sigmoid": "Sigmoid", "identity": "Identity"}
OPTIMIZERS = {
    "SGD": lambda parameters, rate: engine.optim.SGD(parameters, lr=rate),
    "momentum": lambda parameters, rate: engine.optim.SGD(parameters, lr=rate, momentum=0.9),
    "Adam": lambda parameters, rate: engine.optim.Adam(parameters, lr=rate),
}
LOSSES = {
    "cross-entropy": engine.nn.functional.binary_cross_entropy_with_logits,
    "squared": lambda z, t: engine.nn.functional.mse_loss(z.sigmoid(), t),
}
BATCHES = {"10": 10, "20": 20, "50": 50, "all": 10**9}
SAMPLES, TEST_SHARE = 200, 0.4


@dataclass(frozen=True)
class Recipe:
    """All settings that make a run what it is."""

    data: str
    noise: float
    own: tuple[tuple[float, float, float], ...]
    features: str
    layers: int
    units: int
    activation: str
    optimizer: str
    loss: str
    rate: float
    l1: float
    l2: float
    dropout: float
    batch: str
    epochs_a_tick: int
    seed: int


@dataclass(frozen=True)
class Snapshot:
    """A run after one tick."""

    parameters: list[np.ndarray]
    train_loss: float
    test_loss: float
    gradients: np.ndarray  # mean |gradient| of each weight matrix in the last update, 0 before the first


def points_of(recipe: Recipe) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Points (N, 2), classes (N,) and which are for training (N,)."""
    if recipe.data == "own points":
        own = np.array(recipe.own, float).reshape(-1, 3)
        x, y = own[:, :2].astype(np.float32), own[:, 2].astype(np.int64)
        return x, y, np.ones(len(y), bool)
    x, y = data.toy(recipe.data, SAMPLES, recipe.noise, recipe.seed)
    return x, y, np.arange(SAMPLES) >= TEST_SHARE * SAMPLES


def featurise(recipe: Recipe, x: np.ndarray) -> np.ndarray:
    """The inputs of the network (N, F) float32 for points (N, 2)."""
    return np.stack(FEATURES[recipe.features](np.asarray(x, np.float32)), axis=1)


def build(recipe: Recipe):
    """The network of a recipe: logits of class 1."""
    inputs = featurise(recipe, np.zeros((1, 2))).shape[1]
    return seeded_mlp([inputs, *[recipe.units] * recipe.layers, 1], ACTIVATIONS[recipe.activation], recipe.seed)


class Training:
    """One run. `at(tick)` gives the snapshot after that tick and trains as far as it must."""

    def __init__(self, recipe: Recipe):
        self.recipe = recipe
        self.x, self.y, self.train = points_of(recipe)
        self.model = build(recipe)
        self.rng = np.random.default_rng(recipe.seed)
        self.parameters = list(self.model.parameters())
        self.weights = [p for p in self.parameters if p.ndim == 2]
        self.optimizer = OPTIMIZERS[recipe.optimizer](self.parameters, recipe.rate)
        self.features = engine.tensor(featurise(recipe, self.x))
        self.target = engine.tensor(self.y[:, None].astype(np.float32))
        self.snapshots = [self._snapshot()]

    def at(self, tick: int) -> Snapshot:
        while len(self.snapshots) <= tick:
            for _ in range(self.recipe.epochs_a_tick):
                self._epoch()
            self.snapshots.append(self._snapshot())
        return self.snapshots[tick]

    def _epoch(self) -> None:
        rows = np.flatnonzero(self.train)
        order = self.rng.permutation(rows)
        size = BATCHES[self.recipe.batch]
        for start in range(0, len(order), size):
            batch = order[start : start + size]
            loss = LOSSES[self.recipe.loss](self._forward(self.features[batch]), self.target[batch])
            if self.recipe.l1:
                loss = loss + self.recipe.l1 * sum(weight.abs().sum() for weight in self.weights)
            if self.recipe.l2:
                loss = loss + self.recipe.l2 * sum((weight * weight).sum() for weight in self.weights)
            self.optimizer.zero_grad()
            loss.backward()
            self.optimizer.step()

    def _forward(self, x):
        """The network with dropout after each hidden activation, masks drawn from the run's own generator."""
        if not self.recipe.dropout:
            return self.model(x)
        keep = 1 - self.recipe.dropout
        for index, module in enumerate(self.model):
            x = module(x)
            if index % 2 == 1:
                x = x * engine.tensor((self.rng.random(x.shape) < keep).astype(np.float32) / np.float32(keep))
        return x

    def _snapshot(self) -> Snapshot:
        gradients = [0.0 if w.grad is None else float(np.abs(w.grad.numpy()).mean()) for w in self.weights]
        with engine.no_grad():
            z = self.model(self.features)
            losses = [self._loss(z, self.train), self._loss(z, ~self.train)]
        return Snapshot([p.detach().numpy().copy() for p in self.parameters], *losses, np.array(gradients))

    def _loss(self, z, rows) -> float:
        index = np.flatnonzero(rows)
        if not len(index):
            return float("nan")
        return float(LOSSES[self.recipe.loss](z[index], self.target[index]).item())


@lru_cache(maxsize=4)
def training(recipe: Recipe) -> Training:
    """The run of a recipe, kept while it is one of the last four."""
    return Training(recipe)


def unit_outputs(recipe: Recipe, snapshot: Snapshot, x: np.ndarray) -> tuple[list[np.ndarray], np.ndarray]:
    """Outputs of the hidden units, one (N, units) a layer, and the probability of class 1 (N,), for points (N, 2)."""
    values, hidden = featurise(recipe, x), []
    activate = {"Tanh": np.tanh, "ReLU": lambda z: np.maximum(z, 0), "Sigmoid": _sigmoid, "Identity": lambda z: z}
    pairs = list(zip(snapshot.parameters[0::2], snapshot.parameters[1::2], strict=True))
    for weight, bias in pairs[:-1]:
        values = activate[ACTIVATIONS[recipe.activation]](values @ weight.T + bias)
        hidden.append(values)
    weight, bias = pairs[-1]
    return hidden, _sigmoid(values @ weight.T + bias)[:, 0]


def _sigmoid(z):
    return engine.tensor(z).sigmoid().numpy()
