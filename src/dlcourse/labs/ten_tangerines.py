"""TenTangerinesLab, the course's first: ten tangerines in a row and one slider, the limit above which they are sold.

A tangerine is sold if its diameter > limit. The ten are real rows of `data.tangerines()`, chosen so that some limit is
right for all of them; for the whole box there is none.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from matplotlib.patches import Ellipse

import dlcourse.reference as engine
from dlcourse import data
from dlcourse.labs.base import Goal, Lab, View
from dlcourse.labs.drawing import Field, axes_at
from dlcourse.labs.live import Gesture, Handle
from dlcourse.labs.palette import BLUE, CLASS_TEXT_COLOURS, GREEN, GREY, INK, LARGE, ORANGE, ORANGE_TEXT, PAPER
from dlcourse.labs.settings import State, number
from dlcourse.labs.words import Word, Words

# -- state and computation ------------------------------------------------------------------------------------------

SMALL_ONES, LARGE_ONES = (5.0, 5.4, 5.8, 6.2, 6.6), (7.0, 7.4, 7.8, 8.2, 8.7)  # cm; unripe, ripe


@dataclass(frozen=True)
class TenTangerinesState(State):
    """The limit runs from 4.8 to 8.9 cm in steps of a millimetre."""

    limit: float = number(8.5, low=4.8, high=8.9, step=0.1, label="limit (cm)", help="Larger ones are sold")


@dataclass(frozen=True)
class TenTangerinesResult:
    size: np.ndarray  # (10,) cm, from small to large
    ripe: np.ndarray  # (10,) 0 or 1
    sold: np.ndarray  # (10,) 0 or 1

    @property
    def right(self) -> np.ndarray:
        """(10,) bool: sold and ripe, or left and unripe."""
        return self.sold == self.ripe


@lru_cache(maxsize=1)
def ten() -> tuple[np.ndarray, np.ndarray]:
    """Diameters and ripeness of the first unripe fruit of each small size and the first ripe one of each large size."""
    box = data.tangerines()
    size = box.x[:, 0].astype(float).round(1)
    wanted = [(s, 0) for s in SMALL_ONES] + [(s, 1) for s in LARGE_ONES]
    rows = [np.flatnonzero((size == s) & (box.y == ripe))[0] for s, ripe in wanted]
    return size[rows], box.y[rows]


def compute_ten(state: TenTangerinesState) -> TenTangerinesResult:
    size, ripe = ten()
    sold = (engine.tensor(size) > state.limit).numpy().astype(int)
    return TenTangerinesResult(size, ripe, sold)


# -- view -----------------------------------------------------------------------------------------------------------

LEFT, RIGHT = 4.7, 9.0  # cm, ends of the shelf
CM = 800 / (RIGHT - LEFT)  # CSS pixels
SCALE = 8.0  # pixels of a fruit for each cm: smaller than the axis, so that neighbours keep apart


class TenTangerinesView(View):
    size = (840, 216)

    def __init__(self, figure):
        self.shelf = axes_at(figure, (20, 10, 800, 162), (LEFT, RIGHT), (0, 162), "", "diameter (cm)")
        self.shelf.set(yticks=[], xticks=np.arange(5, 9.1, 0.5))
        self.sides = Field(self.shelf, smooth=False)
        (self.line,) = self.shelf.plot([], [], color=INK, linewidth=2.5, zorder=2)
        fruit = [part for size, ripe in zip(*ten(), strict=True) for part in self._fruit(size, ripe)]
        self.words = Words(self.shelf)
        self.moving = [self.sides, self.line, *fruit, self.words]

    def _fruit(self, size, ripe):
        """A tangerine that stands on the shelf, with a shine and a leaf."""
        across, colour = SCALE * size, (BLUE, ORANGE)[ripe]
        parts = (
            (0.0, 0.5, 1.0, 1.0, {"facecolor": colour, "edgecolor": INK, "linewidth": 1.2}),
            (-0.18, 0.72, 0.22, 0.12, {"facecolor": PAPER, "alpha": 0.55}),
            (0.15, 1.04, 0.34, 0.14, {"facecolor": GREEN, "edgecolor": INK, "linewidth": 0.8}),
        )
        for x, y, width, height, style in parts:  # in diameters from the point where it stands
            centre = (size + x * across / CM, 46 + y * across)
            yield self.shelf.add_patch(Ellipse(centre, width * across / CM, height * across, zorder=3, **style))

    def update(self, state, result):
        ends = np.linspace(LEFT, RIGHT, 801)
        self.sides.update(np.where(ends > state.limit, 0.66, 0.34)[None])
        self.line.set_data([state.limit] * 2, [42, 162])  # not through the words
        self.words.update(_words(state, result))

    def handles(self, state, result):
        words = f"{state.limit:.1f} cm, {result.right.sum()} of 10 right"
        step = (0.1, 0.1)
        return [Handle("limit", self.shelf, state.limit, 81, "limit of sale", words, "line", step, direction=(0, 1))]


def _words(state, result):
    """Above the fruit where they go, below each one what it is and whether it went to the right place."""
    sides = ((state.limit - LEFT, "← left on the tree", -0.06, "right", GREY),
             (RIGHT - state.limit, "sold →", 0.06, "left", INK))  # fmt: skip
    for room, text, shift, align, colour in sides:
        if room * CM > 8 * len(text):
            yield Word(state.limit + shift, 148, text, colour, LARGE, align)
    for size, ripe, right in zip(result.size, result.ripe, result.right, strict=True):
        yield Word(size, 32, ("unripe", "ripe")[ripe], CLASS_TEXT_COLOURS[ripe])
        yield Word(size, 14, "✓" if right else "✗ wrong", INK if right else ORANGE_TEXT, LARGE)


# -- lab ------------------------------------------------------------------------------------------------------------


class TenTangerinesLab(Lab):
    """Ten tangerines and one slider: which ones do we sell? Drag the line or move the slider."""

    title = "Ten tangerines and one slider"
    State, View, compute = TenTangerinesState, TenTangerinesView, staticmethod(compute_ten)
    presets = {
        "A careful farmer: 7.5 cm": {"limit": 7.5},
        "A hasty one: sell everything": {"limit": 4.8},
        "Sell nothing": {"limit": 8.9},
        "Half a millimetre too low": {"limit": 6.5},
    }

    def describe(self, state, result):
        left = _sizes(result.size[~result.right & (result.ripe == 1)])
        sold = _sizes(result.size[~result.right & (result.ripe == 0)])
        return f"Sold above {state.limit:.1f} cm. Left although ripe: {left}. Sold although unripe: {sold}."

    def judge(self, state, result):
        right = int(result.right.sum())
        return Goal("Move the slider, or drag the line, until all ten are right.", f"{right} of 10 right.", right == 10)

    def moved(self, gesture: Gesture):
        return self.state.nearest(limit=gesture.x)

    def code(self, state):
        size, ripe = ten()
        return (
            f"size = engine.tensor({size.tolist()}, dtype=engine.float64)  # cm\n"
            f"ripe = engine.tensor({ripe.tolist()})\n"
            f"sold = (size > {state.limit}).long()\n"
            f"output = (sold == ripe).long()\n"
            f"print(output.sum().item(), 'of 10 right')"
        )


def _sizes(sizes) -> str:
    return ", ".join(f"{size:.1f}" for size in sizes) + " cm" if len(sizes) else "none"
