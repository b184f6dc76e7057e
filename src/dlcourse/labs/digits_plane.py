"""A real loss on a plane: a network that reads digits, [64, 12, 10] with tanh, moved along two directions.

Three networks span the plane: the untrained one at (−1, −1), and what training from two
starts gave, at (1, −1) and (−1, 1). In between lies whatever the loss does there (after Goodfellow, Vinyals & Saxe
2015, and Li et al. 2018). Values and slopes are tabulated once and read between the points of the table, which reaches
twice as far as the square that is shown: a run that starts on the edge of the picture may leave it and come back.
"""

from functools import lru_cache

import numpy as np

import dlcourse.reference as engine
from dlcourse import data
from dlcourse.labs.starts import seeded_mlp

SIZES, STEPS = [64, 12, 10], 60
TRAIN, OTHERS = slice(100, 500), slice(0, 100)  # rows of the digits
EDGE, CELLS = 2.0, 41  # the square that is shown, and the points of the table along one side of it
REACH = 2 * EDGE
_OUTSIDE = np.linspace(EDGE, REACH, 11)[1:]  # out there the loss is smoother, and wider steps do
AXIS = np.concatenate([-_OUTSIDE[::-1], np.linspace(-EDGE, EDGE, CELLS), _OUTSIDE])


def _digits(rows: slice) -> tuple[np.ndarray, np.ndarray]:
    digits = data.digits()
    return digits.x[rows] / 16 - 0.5, digits.y[rows]


@lru_cache(maxsize=1)
def corners() -> list[list[np.ndarray]]:
    """Parameters of the three networks, float64: untrained, trained from there, trained from another start."""
    x, y = (engine.tensor(array) for array in _digits(TRAIN))
    found = []
    for seed, steps in ((0, 0), (0, STEPS), (1, STEPS)):
        model = seeded_mlp(SIZES, "Tanh", seed)
        optimizer = engine.optim.Adam(model.parameters(), lr=0.03)
        for _ in range(steps):
            optimizer.zero_grad()
            engine.nn.functional.cross_entropy(model(x), y).backward()
            optimizer.step()
        found.append([p.detach().numpy().astype(np.float64) for p in model.parameters()])
    return found


def digits_loss(engine, x, y):
    """Mean cross-entropy of the network at (x, y) of the plane on 100 digits that none was trained on.

    x, y: tensors of `engine`, of one shape. Every parameter is linear in (x, y), and so are the hidden net values.
    """
    a, b = (x.reshape(-1, 1, 1) + 1) / 2, (y.reshape(-1, 1, 1) + 1) / 2
    images, labels = _digits(OTHERS)
    parts = [(w1 @ images.T + b1[:, None], w2, b2[:, None]) for w1, b1, w2, b2 in corners()]
    z, w, bias = (
        engine.as_tensor(zero) + a * engine.as_tensor(first - zero) + b * engine.as_tensor(second - zero)
        for zero, first, second in zip(*parts, strict=True)
    )  # (G, 12, 100), (G, 10, 12), (G, 10, 1)
    logits = w @ z.tanh() + bias  # (G, 10, 100)
    labels = engine.as_tensor(labels).expand(len(logits), len(labels))
    return engine.nn.functional.cross_entropy(logits, labels, reduction="none").mean(1).reshape(x.shape)


@lru_cache(maxsize=1)
def tables() -> np.ndarray:
    """(3, len(AXIS), len(AXIS)): the loss and its slopes along x and y, first row at y = −REACH."""
    rows = []
    for height in AXIS:
        x = engine.tensor(AXIS, requires_grad=True)
        y = engine.tensor(np.full(len(AXIS), height), requires_grad=True)
        loss = digits_loss(engine, x, y)
        loss.sum().backward()
        rows.append([loss.detach().numpy(), x.grad.numpy(), y.grad.numpy()])
    return np.stack(rows, axis=1)


def look_up(x, y):
    """Loss and slopes at points of the plane, bilinear between the points of the table; outside it, as at its edge."""
    values = tables()
    (i, u), (j, v) = (_cell(z) for z in (x, y))
    corners = values[:, j, i], values[:, j, i + 1], values[:, j + 1, i], values[:, j + 1, i + 1]
    lower, upper = corners[0] + u * (corners[1] - corners[0]), corners[2] + u * (corners[3] - corners[2])
    return tuple(np.where(np.isnan(x), np.nan, lower + v * (upper - lower)))


def _cell(z):
    """The number of the point of AXIS below z, and how far z is from there to the next, 0 to 1."""
    z = np.clip(np.nan_to_num(z), -REACH, REACH)
    low = np.clip(np.searchsorted(AXIS, z, side="right") - 1, 0, len(AXIS) - 2)
    return low, (z - AXIS[low]) / (AXIS[low + 1] - AXIS[low])
