"""PaintDigitLab: paint an 8 × 8 digit and watch its numbers, its hidden representation and its probabilities.

A network of 64 pixels → 24 tanh units → 10 classes has learned from 1,797 handwritten digits. The pictures below are
those digits that lie nearest to the painting, once in the 64 pixels and once in the 24 hidden numbers.
"""

from dataclasses import dataclass

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.patches import Rectangle

from dlcourse.labs import digit_networks as networks
from dlcourse.labs.base import Goal, Lab, View
from dlcourse.labs.drawing import Field, axes_at
from dlcourse.labs.live import Gesture, Handle
from dlcourse.labs.painting import BRUSHES, FULL, SIDE, cell_at, sheet, stroke, toggled
from dlcourse.labs.palette import BLUE, FAINT, GREY, INK, NORMAL, ORANGE, SMALL
from dlcourse.labs.pixels import Pixels, grey_rgb
from dlcourse.labs.settings import State, choice, integer, rows
from dlcourse.labs.words import Word, Words

# -- state and computation ------------------------------------------------------------------------------------------

UNITS, NEIGHBOURS, SURE = 24, 5, 0.9
_BLANK = (0.0,) * SIDE
EMPTY = (_BLANK,) * SIDE
#: Row 13 of the digits.
THREE = (
    (0, 2, 9, 15, 14, 9, 3, 0), (0, 4, 13, 8, 9, 16, 8, 0), (0, 0, 0, 6, 14, 15, 3, 0), (0, 0, 0, 11, 14, 2, 0, 0),
    (0, 0, 0, 2, 15, 11, 0, 0), (0, 0, 0, 0, 2, 15, 4, 0), (0, 1, 5, 6, 13, 16, 6, 0), (0, 2, 12, 12, 13, 11, 0, 0),
)  # fmt: skip


@dataclass(frozen=True)
class PaintDigitState(State):
    """ink: eight rows of eight numbers from 0 to 16; row, column: the brush; wanted: the digit of the task."""

    wanted: int = integer(8, low=0, high=9, label="digit to paint", help="The task")
    brush: str = choice("thick pen", tuple(BRUSHES), label="brush", help="For the mouse; Space fills or empties a cell")
    row: int = integer(2, low=0, high=SIDE - 1, label="row", help="Of the brush, from the top, counted from 0")
    column: int = integer(2, low=0, high=SIDE - 1, label="column", help="Of the brush, from the left, counted from 0")
    ink: tuple = rows(THREE, width=SIDE, low=0, high=FULL, label="ink", help="The painting")

    def __post_init__(self) -> None:
        super().__post_init__()
        if len(self.ink) != SIDE:
            raise ValueError(f"PaintDigitLab: ink must be {SIDE} rows of {SIDE} numbers; got {len(self.ink)} rows.")


@dataclass(frozen=True)
class PaintDigitResult:
    ink: np.ndarray  # (8, 8)
    hidden: np.ndarray  # (24,) from −1 to 1
    probabilities: np.ndarray  # (10,)
    near_pixels: np.ndarray  # (5,) rows of the digits, the nearest first
    near_hidden: np.ndarray  # (5,)

    @property
    def said(self) -> int:
        return int(self.probabilities.argmax())


def compute_paint_digit(state: PaintDigitState) -> PaintDigitResult:
    ink = np.array(state.ink)
    x = (ink.reshape(1, -1) / FULL).astype(np.float32)
    hidden, probabilities = networks.read(x)
    pictures, _ = networks.digit_images()
    near = [_nearest(table, one) for table, one in ((pictures, x), (networks.known(), hidden))]
    return PaintDigitResult(ink, hidden[0], probabilities[0], *near)


def _nearest(table: np.ndarray, one: np.ndarray) -> np.ndarray:
    return np.argsort(((table - one) ** 2).sum(axis=1), kind="stable")[:NEIGHBOURS]


# -- view -----------------------------------------------------------------------------------------------------------

CELLS = (-0.5, SIDE - 0.5)
PAPER_BOX, TABLE_BOX = (34, 30, 232, 232), (306, 30, 184, 184)
HIDDEN_BOX, CLASS_BOX = (530, 30, 92, 138), (672, 30, 120, 232)
TILE = SIDE + 1  # a neighbour's picture and a gap


class PaintDigitView(View):
    size = (840, 420)

    def __init__(self, figure):
        self.paper = axes_at(figure, PAPER_BOX, CELLS, CELLS, "Paint here")
        self.paper.set_xticks(range(SIDE))
        self.paper.set_yticks(range(SIDE), range(SIDE)[::-1])
        edges, (low, high) = np.arange(0.5, SIDE - 1), CELLS
        lines = [[(edge, low), (edge, high)] for edge in edges] + [[(low, edge), (high, edge)] for edge in edges]
        self.grid = LineCollection(lines, colors=FAINT, linewidths=0.8, zorder=2)
        self.paper.add_collection(self.grid, autolim=False)
        frame = Rectangle((0, 0), 1, 1, fill=False, edgecolor=ORANGE, linewidth=2.5, zorder=6)
        self.cell = self.paper.add_patch(frame)
        self.image = Pixels(self.paper)
        self.table = axes_at(figure, TABLE_BOX, CELLS, CELLS, "64 numbers")
        self.table.set(xticks=[], yticks=[])
        self.numbers = Words(self.table)
        self.hidden_axes = axes_at(figure, HIDDEN_BOX, (0, 4), (0, 6), "24 hidden units")
        self.hidden_axes.set(xticks=[], yticks=[])
        self.hidden = Field(self.hidden_axes, smooth=False)
        self._make_classes(figure)
        self._make_neighbours(figure)
        self.moving = [
            self.image, self.grid, self.cell, self.numbers, self.hidden, *self.bars, self.shares, *self.near_images,
            *self.near_words,
        ]  # fmt: skip

    def _make_classes(self, figure):
        axes = axes_at(figure, CLASS_BOX, (0, 1), (9.6, -0.6), "Probabilities")
        axes.set_yticks(range(10))
        axes.set_xticks([0, 0.5, 1], ["0", "50%", "100%"])
        self.bars = list(axes.barh(range(10), [0] * 10, height=0.62, color=BLUE))
        self.shares = Words(axes)
        page = axes_at(figure, (HIDDEN_BOX[0], 172, HIDDEN_BOX[2], 50), (0, 1), (0, 1))
        page.set_axis_off()
        for y, text in ((0.85, "blue −1, white 0,"), (0.5, "orange +1")):
            page.text(0, y, text, fontsize=SMALL, color=GREY, va="center")

    def _make_neighbours(self, figure):
        wide = NEIGHBOURS * TILE - 1
        self.near_images, self.near_words = [], []
        for left, title in ((34, "Nearest digits in the 64 pixels"), (450, "Nearest digits in the 24 hidden numbers")):
            axes = axes_at(figure, (left, 318, 7 * wide, 7 * SIDE), (0, wide), (0, SIDE), title)
            axes.set_axis_off()
            self.near_images.append(Pixels(axes))
            self.near_words.append(Words(axes))

    def update(self, state, result):
        self.image.show(grey_rgb(1 - result.ink / FULL))
        self.cell.set_xy((state.column - 0.5, SIDE - 1.5 - state.row))
        rows_, columns = np.mgrid[:SIDE, :SIDE]
        self.numbers.update(
            Word(j, SIDE - 1 - i, f"{value:.0f}", INK if value else GREY, NORMAL)
            for i, j, value in zip(rows_.flat, columns.flat, result.ink.flat, strict=True)
        )
        self.hidden.update(0.5 + result.hidden.reshape(6, 4)[::-1] / 2)
        for digit, (bar, share) in enumerate(zip(self.bars, result.probabilities, strict=True)):
            bar.set_width(share)
            bar.set_facecolor(ORANGE if digit == state.wanted else BLUE)
        self.shares.update(
            Word(1.04, digit, f"{share:.0%}", INK if digit == result.said else GREY, SMALL, "left")
            for digit, share in enumerate(result.probabilities)
        )
        for near, image, words in zip(
            (result.near_pixels, result.near_hidden), self.near_images, self.near_words, strict=True
        ):
            self._update_neighbours(near, image, words)

    @staticmethod
    def _update_neighbours(near, image, words):
        pictures, labels = networks.digit_images()
        strip = np.zeros((SIDE, NEIGHBOURS * TILE - 1))
        for place, row in enumerate(near):
            strip[:, place * TILE : place * TILE + SIDE] = pictures[row].reshape(SIDE, SIDE)
        image.show(grey_rgb(1 - strip))
        words.update(
            Word(place * TILE + SIDE / 2, -1.6, f"{labels[row]}", INK, NORMAL) for place, row in enumerate(near)
        )

    def handles(self, state, result):
        ink = result.ink[state.row, state.column]
        words = f"{state.brush} at row {state.row}, column {state.column}, ink {ink:.0f} of 16; "
        words += "arrows move the brush, Space fills or empties the cell"
        place = (state.column, SIDE - 1 - state.row)
        return [Handle("brush", self.paper, *place, "brush on the sheet", words, "brush", (1.0, 1.0))]


# -- lab ------------------------------------------------------------------------------------------------------------


class PaintDigitLab(Lab):
    """Paint a digit: drag over the sheet, or move the brush with the arrow keys and press Space."""

    title = "Paint a digit"
    State, View, compute = PaintDigitState, PaintDigitView, staticmethod(compute_paint_digit)
    presets = {
        "A 3 that wants to be an 8": {},
        "An empty sheet is called something, too": {"ink": EMPTY},
        "One straight stroke is a 1": {"wanted": 1, "ink": stroke(EMPTY, [(3.5, 0), (3.5, 7)], "thick pen")},
        "Paper and ink exchanged: sure and wrong": {"wanted": 3, "ink": sheet(FULL - np.array(THREE))},
        "Half the ink: the pixels change, the answer does not": {"wanted": 3, "ink": sheet(np.array(THREE) / 2)},
        "Two columns further: the pixels get lost, the hidden numbers do not": {
            "wanted": 3, "ink": tuple((0.0, 0.0, *row[:6]) for row in THREE),
        },
    }  # fmt: skip
    actions = {"Fill or empty the cell": "touch", "Empty the sheet": "clear"}

    def touch(self) -> None:
        """Fill the cell under the brush, or empty it: the same as Space on the sheet."""
        self.set(ink=toggled(self.state.ink, self.state.row, self.state.column))

    def clear(self) -> None:
        """An empty sheet."""
        self.set(ink=EMPTY)

    def describe(self, state, result):
        order = np.argsort(-result.probabilities, kind="stable")
        first, second = (f"{digit} ({result.probabilities[digit]:.0%})" for digit in order[:2])
        _, labels = networks.digit_images()
        near = [f"{int((labels[rows_] == result.said).sum())}" for rows_ in (result.near_pixels, result.near_hidden)]
        full = int((result.ink > 0).sum())
        return (
            f"{full} of 64 cells hold ink; the network reads {first}, then {second}. Of the five nearest digits "
            f"{near[0]} are a {result.said} in the pixels, {near[1]} in the hidden numbers."
        )

    def judge(self, state, result):
        share = result.probabilities[state.wanted]
        task = f"Paint until the network reads {state.wanted} with at least {SURE:.0%}. How few cells does it take?"
        return Goal(task, f"{state.wanted}: {share:.0%}.", bool(share >= SURE))

    def moved(self, gesture: Gesture):
        row, column = cell_at(gesture.x, gesture.y)
        place = {"row": row, "column": column}
        if not gesture.path:  # an arrow key: the brush hovers
            return place
        if gesture.done and len(gesture.path) == 1:  # Space; the path of a finger ends with a second point
            return place | {"ink": toggled(self.state.ink, row, column)}
        return place | {"ink": stroke(self.state.ink, gesture.path, self.state.brush)}

    def code(self, state):
        sizes, shifts = networks.READER_SIZES, networks.SHIFTS
        table = ",\n    ".join(str([int(value) for value in row]) for row in state.ink)
        return (
            "import numpy as np\n\nfrom dlcourse import data\nfrom dlcourse.models import mlp\n"
            "from dlcourse.training import fit\n\n"
            "digits = data.digits()\n"
            "framed = np.pad((digits.x / 16).reshape(-1, 8, 8), ((0, 0), (1, 1), (1, 1)))\n"
            f"places = [framed[:, 1 - i : 9 - i, 1 - j : 9 - j] for i, j in {shifts}]\n"
            f"x, y = np.concatenate(places).reshape(-1, 64), np.tile(digits.y, {len(shifts)})\n"
            f'engine.manual_seed(0)\nmodel = mlp(engine, {sizes}, "Tanh")\n'
            f"optimizer = engine.optim.Adam(model.parameters(), lr={networks.READER_RATE})\n"
            "loss = engine.nn.functional.cross_entropy\n"
            f"fit(engine, model, loss, optimizer, x, y, epochs={networks.READER_EPOCHS}, batch_size={networks.BATCH})\n"
            f"\nink = [\n    {table},\n]\n"
            "output = model(engine.tensor(ink).reshape(1, 64) / 16).softmax(1)\nprint(output)"
        )
