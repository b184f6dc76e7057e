"""SeedsLab: twenty random starts of a small network on XOR, side by side. How often it works is part of the lesson.

The twenty networks are trained at once, as one batch of matrices (20, H, 2): the same arithmetic as twenty runs.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

import dlcourse.reference as engine
from dlcourse import data
from dlcourse.labs.base import Goal, Lab, View
from dlcourse.labs.drawing import ClassPoints, Field, axes_at, blank_axes
from dlcourse.labs.palette import INK, ORANGE_TEXT
from dlcourse.labs.settings import State, choice, integer
from dlcourse.labs.starts import seeded_mlp
from dlcourse.labs.words import Word, Words

# -- state and computation ------------------------------------------------------------------------------------------

STARTS = 20
STEPS_A_TICK, TICKS = 25, 20
GRID = np.linspace(-0.5, 1.5, 24)


@dataclass(frozen=True)
class SeedsState(State):
    """progress counts ticks of 25 Adam steps at rate 0.05 on the four rows of XOR, with the cross-entropy loss."""

    hidden: int = integer(2, low=1, high=8, label="hidden units")
    activation: str = choice("tanh", ("tanh", "sigmoid", "ReLU", "identity"), label="activation f")
    first_seed: int = integer(0, low=0, high=980, label="first seed", help="Seeds first … first + 19")
    progress: int = integer(TICKS, low=0, high=TICKS, label="training", help="Ticks of 25 steps", play=True)


@dataclass(frozen=True)
class SeedsResult:
    fields: np.ndarray  # (20, 24, 24) probability of class 1 over the plane
    losses: np.ndarray  # (20,)
    solved: np.ndarray  # (20,) all four rows on the right side


def compute_seeds(state: SeedsState) -> SeedsResult:
    snapshots = train_all(state.hidden, state.activation, state.first_seed)
    x, y = data.gate("XOR")
    plane = np.stack(np.meshgrid(GRID, GRID), axis=-1).reshape(-1, 2).astype(np.float32)
    with engine.no_grad():
        parameters = [engine.tensor(array) for array in snapshots[state.progress]]
        z = forward(parameters, engine.tensor(x), state.activation)
        field = forward(parameters, engine.tensor(plane), state.activation).sigmoid().numpy()
        target = engine.tensor(y).float().reshape(1, 4).expand(STARTS, 4)
        losses = engine.nn.functional.binary_cross_entropy_with_logits(z, target, reduction="none").mean(1).numpy()
    return SeedsResult(field.reshape(STARTS, 24, 24), losses, ((z.numpy() > 0) == y).all(axis=1))


def forward(parameters, x, activation: str):
    """Logits (20, N) of the twenty networks for points (N, 2)."""
    w, b, v, c = parameters  # (20, 2, H), (20, 1, H), (20, H, 1), (20, 1, 1)
    z = x @ w + b  # (20, N, H)
    h = {"tanh": z.tanh, "sigmoid": z.sigmoid, "ReLU": z.relu, "identity": lambda: z}[activation]()
    return (h @ v + c).reshape(STARTS, -1)


@lru_cache(maxsize=16)
def train_all(hidden: int, activation: str, first_seed: int) -> list[list[np.ndarray]]:
    """The parameters after each tick, 0 … TICKS; start n has torch's default initialisation, seed first_seed + n."""
    parameters = [engine.tensor(array, requires_grad=True) for array in _starts(hidden, first_seed)]
    x, y = data.gate("XOR")
    x, target = engine.tensor(x), engine.tensor(np.tile(y.astype(np.float32), (STARTS, 1)))
    optimizer = engine.optim.Adam(parameters, lr=0.05)
    snapshots = [[p.detach().numpy().copy() for p in parameters]]
    for _ in range(TICKS):
        for _ in range(STEPS_A_TICK):
            z = forward(parameters, x, activation)
            # The sum over starts of the mean over rows: each start gets just its own gradient.
            loss = engine.nn.functional.binary_cross_entropy_with_logits(z, target, reduction="sum") / 4
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        snapshots.append([p.detach().numpy().copy() for p in parameters])
    return snapshots


def _starts(hidden: int, first_seed: int) -> list[np.ndarray]:
    """First parameters of the twenty networks: those of `mlp(engine, [2, hidden, 1])` after manual_seed(seed)."""
    starts = []
    for seed in range(first_seed, first_seed + STARTS):
        arrays = [parameter.detach().numpy() for parameter in seeded_mlp([2, hidden, 1], "Tanh", seed).parameters()]
        starts.append([array.T if array.ndim == 2 else array[None] for array in arrays])
    return [np.stack(arrays) for arrays in zip(*starts, strict=True)]


# -- view -----------------------------------------------------------------------------------------------------------


TILE = 96  # pixels


class SeedsView(View):
    size = (840, 400)

    def __init__(self, figure):
        self.corners = [(14 + 118 * (i % 7), 24 + 126 * (i // 7)) for i in range(STARTS)]  # left, top in pixels
        self.fields = []
        for corner in self.corners:
            axes = axes_at(figure, (*corner, TILE, TILE), (-0.5, 1.5), (-0.5, 1.5))
            axes.set(xticks=[], yticks=[])
            self.fields.append(Field(axes))
        page = blank_axes(figure, (0, 0, *self.size))  # over all tiles: their points and words are drawn at once
        points = ClassPoints(page, size=26)
        x, y = data.gate("XOR")
        in_tile = TILE / 2 * np.column_stack([x[:, 0] + 0.5, 1.5 - x[:, 1]])  # (4, 2) pixels from its corner
        points.update(np.concatenate([in_tile + corner for corner in self.corners]), np.tile(y, STARTS))
        self.words = Words(page)
        self.moving = [*self.fields, *points.artists, self.words]

    def update(self, state, result):
        words = []
        for i, (left, top) in enumerate(self.corners):
            self.fields[i].update(result.fields[i])
            mark, colour = ("✓", INK) if result.solved[i] else ("✗", ORANGE_TEXT)
            words.append(Word(left, top - 9, f"{state.first_seed + i} {mark}", colour, align="left"))
        self.words.update([*words, Word(734, 330, f"{int(result.solved.sum())} of 20", size=15, align="left")])


# -- lab ------------------------------------------------------------------------------------------------------------


class SeedsLab(Lab):
    """Twenty random starts on XOR: how many of them learn it with 2, 3 or 4 hidden units?"""

    title = "Twenty random starts on XOR"
    State, View, compute = SeedsState, SeedsView, staticmethod(compute_seeds)
    presets = {
        "2 hidden units: some fail": {"hidden": 2},
        "3 hidden units": {"hidden": 3},
        "4 hidden units": {"hidden": 4},
        "Identity: none can": {"hidden": 8, "activation": "identity"},
        "ReLU units can die": {"hidden": 2, "activation": "ReLU"},
    }

    def describe(self, state, result):
        steps = state.progress * STEPS_A_TICK
        return (
            f"{state.hidden} hidden {state.activation} units, {steps} steps: "
            f"{int(result.solved.sum())} of 20 starts have all "
            f"four rows right; mean loss {result.losses.mean():.3f}."
        )

    def judge(self, state, result):
        solved = int(result.solved.sum())
        task = "Find the smallest network that learns XOR from at least 19 of 20 starts."
        return Goal(task, f"{solved} of 20 starts learned XOR.", solved >= 19)

    def code(self, state):
        x, y = data.gate("XOR")
        activation = {"tanh": "Tanh", "sigmoid": "Sigmoid", "ReLU": "ReLU", "identity": "Identity"}[state.activation]
        return (
            f"from dlcourse.models import mlp\nfrom dlcourse.training import fit\n\n"
            f"engine.manual_seed({state.first_seed})  # one start of twenty\n"
            f"model = mlp(engine, [2, {state.hidden}, 1], '{activation}')\n"
            f"x, y = engine.tensor({x.tolist()}), engine.tensor({y[:, None].astype(float).tolist()})\n"
            f"optimizer = engine.optim.Adam(model.parameters(), lr=0.05)\n"
            f"loss = engine.nn.functional.binary_cross_entropy_with_logits\n"
            f"print(fit(engine, model, loss, optimizer, x, y, epochs={state.progress * STEPS_A_TICK}))\n"
            f"output = model(x)"
        )
