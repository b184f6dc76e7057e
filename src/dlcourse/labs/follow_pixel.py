"""FollowPixelLab: one pixel of a digit on its way from the picture to the scores.

Picture (8 × 8) → table of numbers → flat vector x with index = row · 8 + column → times the weight of one unit at the
same index → sum over all pixels, the unit's score z = w·x + b. Ten units, one for each digit; the largest score wins.
"""

from dataclasses import dataclass

import numpy as np
from matplotlib.patches import Rectangle

import dlcourse.reference as engine
from dlcourse.labs import digit_networks as networks
from dlcourse.labs.base import Goal, Lab, View
from dlcourse.labs.digit_networks import SIDE
from dlcourse.labs.drawing import Field, axes_at
from dlcourse.labs.live import Gesture, Handle
from dlcourse.labs.palette import BLUE, FAINT, GREY, INK, LARGE, NORMAL, ORANGE, SMALL
from dlcourse.labs.pixels import Pixels, grey_rgb
from dlcourse.labs.rounding import signed
from dlcourse.labs.settings import State, integer, switch
from dlcourse.labs.words import Word, Words

# -- state and computation ------------------------------------------------------------------------------------------

PIXELS, MOST_PICTURE, FULL = SIDE * SIDE, 99, 16  # ink runs from 0 to 16, as in the data


@dataclass(frozen=True)
class FollowPixelState(State):
    """picture: row of the digits; row, column: the cursor; unit: whose weights; change: ink added at the cursor."""

    picture: int = integer(3, low=0, high=MOST_PICTURE, label="picture", help="One of the first 100 digits")
    row: int = integer(2, low=0, high=SIDE - 1, label="row", help="From the top, counted from 0")
    column: int = integer(3, low=0, high=SIDE - 1, label="column", help="From the left, counted from 0")
    unit: int = integer(3, low=0, high=9, label="unit", help="The unit whose weights are shown, one a digit")
    change: int = integer(0, low=-FULL, high=FULL, label="add ink here", help="Changes the pixel under the cursor")
    shuffled: bool = switch(False, label="shuffle the pixels", help="All pictures in the same disorder")


@dataclass(frozen=True)
class FollowPixelResult:
    ink: np.ndarray  # (64,) 0 to 16, as shown, with the change
    label: int
    index: int  # of the cursor in the flat vector
    weights: np.ndarray  # (64,) of the unit
    shares: np.ndarray  # (64,) what each pixel adds to the unit's score: weight · ink / 16
    scores: np.ndarray  # (10,)
    probabilities: np.ndarray  # (10,)

    @property
    def said(self) -> int:
        return int(self.scores.argmax())

    @property
    def loudest(self) -> int:
        """The index of the pixel that adds most."""
        return int(self.shares.argmax())


def compute_follow_pixel(state: FollowPixelState) -> FollowPixelResult:
    x, y = networks.digit_images()
    ink = x[state.picture].astype(np.float64) * FULL
    if state.shuffled:
        ink = ink[networks.shuffled_order()]
    index = state.row * SIDE + state.column
    ink[index] = np.clip(ink[index] + state.change, 0, FULL)
    w, b = networks.scorer(state.shuffled)
    scores = engine.tensor(w) @ engine.tensor(ink / FULL) + engine.tensor(b)
    return FollowPixelResult(
        ink, int(y[state.picture]), index, w[state.unit], w[state.unit] * ink / FULL,
        scores.numpy(), scores.softmax(0).numpy(),
    )  # fmt: skip


# -- view -----------------------------------------------------------------------------------------------------------

PANEL, TOP, STRIP = 184, 30, 22  # pixels
LEFTS = (34, 240, 446)  # of picture, table and weights
STRIPS = (290, 338, 386)  # tops of x, w and their products
STRIP_LEFT, STRIP_WIDTH = 34, 768
CELLS = (-0.5, SIDE - 0.5)
LEAST_SCORE, MOST_SCORE = -14.0, 14.0


class FollowPixelView(View):
    size = (840, 420)

    def __init__(self, figure):
        titles = ("Picture", "Table of numbers", "")
        panels = [
            axes_at(figure, (left, TOP, PANEL, PANEL), CELLS, CELLS, title)
            for left, title in zip(LEFTS, titles, strict=True)
        ]
        for axes in panels:
            axes.set_xticks(range(SIDE))
            axes.set_yticks(range(SIDE), range(SIDE)[::-1])
        self.picture, self.table, self.weights = panels
        self.image = Pixels(self.picture)
        self.numbers = Words(self.table)
        self.weight_field = Field(self.weights, smooth=False)
        self.weight_title = Words(self.weights)
        self._make_strips(figure)
        self._make_scores(figure)
        self.cursors = [self._box(axes, 1, colour) for axes, colour in zip(panels, (ORANGE, INK, INK), strict=True)]
        self.cursors += [self._box(axes, 1, INK) for axes in self.strips]
        self.moving = [
            self.image, self.numbers, self.weight_field, self.weight_title, self.strip_image, *self.strip_fields,
            self.thread, self.strip_words, *self.bars, self.score_words, *self.cursors,
        ]  # fmt: skip

    @staticmethod
    def _box(axes, size, colour):
        return axes.add_patch(Rectangle((0, 0), size, size, fill=False, edgecolor=colour, linewidth=2.5, zorder=6))

    def _make_strips(self, figure):
        limits = (-0.5, PIXELS - 0.5)
        self.strips = [axes_at(figure, (STRIP_LEFT, top, STRIP_WIDTH, STRIP), limits, (0, 1)) for top in STRIPS]
        for axes in self.strips:
            axes.set(xticks=[], yticks=[])
        self.strip_image = Pixels(self.strips[0])
        self.strip_fields = [Field(axes, smooth=False) for axes in self.strips[1:]]
        page = axes_at(figure, (0, 0, *self.size), (0, self.size[0]), (self.size[1], 0))
        page.set_axis_off()
        page.patch.set_alpha(0)
        (self.thread,) = page.plot([], [], color=INK, linewidth=1.2, zorder=5)
        self.strip_words = Words(page)

    def _make_scores(self, figure):
        limits = (LEAST_SCORE, MOST_SCORE)
        self.scores = axes_at(figure, (672, TOP, 110, PANEL), limits, (9.6, -0.6), "Scores z = w·x + b")
        self.scores.set_yticks(range(10))
        self.scores.set_xticks([-10, 0, 10], ["−10", "0", "10"])
        self.scores.axvline(0, color=FAINT, linewidth=1)
        self.bars = list(self.scores.barh(range(10), [0] * 10, height=0.62, zorder=2))
        self.score_words = Words(self.scores)

    def update(self, state, result):
        table = result.ink.reshape(SIDE, SIDE)
        largest = max(np.abs(result.weights).max(), 1e-9)
        self.image.show(grey_rgb(1 - table / FULL))
        self.numbers.update(self._numbers(table, result.index))
        weights = 0.5 + result.weights / (2 * largest)
        self.weight_field.update(weights.reshape(SIDE, SIDE)[::-1])
        title = f"Weights of unit {state.unit}"
        self.weight_title.update([Word(CELLS[0], CELLS[1] + 0.6, title, size=LARGE, align="left")])
        self.strip_image.show(grey_rgb(1 - result.ink[None] / FULL))
        shares = 0.5 + result.shares / (2 * largest)
        for field, values in zip(self.strip_fields, (weights, shares), strict=True):
            field.update(values[None])
        self._update_cursors(state, result)
        self._update_scores(state, result)

    @staticmethod
    def _numbers(table, index):
        rows, columns = np.mgrid[:SIDE, :SIDE]
        for i, j, value in zip(rows.flat, columns.flat, table.flat, strict=True):
            here = i * SIDE + j == index
            colour = INK if value or here else GREY
            yield Word(j, SIDE - 1 - i, f"{value:.0f}", colour, LARGE if here else NORMAL)

    def _update_cursors(self, state, result):
        for cursor in self.cursors[:3]:
            cursor.set_xy((state.column - 0.5, SIDE - 1.5 - state.row))
        for cursor in self.cursors[3:]:
            cursor.set_xy((result.index - 0.5, 0))
        x = STRIP_LEFT + STRIP_WIDTH * (result.index + 0.5) / PIXELS
        gaps = [(STRIPS[0] + STRIP, STRIPS[1]), (STRIPS[1] + STRIP, STRIPS[2])]
        self.thread.set_data(*np.array([(x, y) for gap in gaps for y in (*gap, np.nan)]).T)
        ink, weight, share = result.ink[result.index], result.weights[result.index], result.shares[result.index]
        index = f"x, flat: index = row · 8 + column = {state.row} · 8 + {state.column} = {result.index}"
        words = (
            f"{index};  x[{result.index}] = {ink:.0f}/16 = {ink / FULL:.2f}",
            f"weights of unit {state.unit}, flat:  w[{result.index}] = {signed(weight)}",
            f"products:  x[{result.index}] · w[{result.index}] = {signed(share)}, all 64 and b make the score",
        )
        # beside the thread, so that it crosses no letter
        left, align = (STRIP_LEFT, "left") if x > 500 else (STRIP_LEFT + STRIP_WIDTH, "right")
        self.strip_words.update(
            Word(left, top - 12, text, size=NORMAL, align=align) for top, text in zip(STRIPS, words, strict=True)
        )

    def _update_scores(self, state, result):
        for unit, (bar, score) in enumerate(zip(self.bars, result.scores, strict=True)):
            bar.set_width(np.clip(score, LEAST_SCORE, MOST_SCORE))
            bar.set_facecolor(ORANGE if unit == state.unit else BLUE)
        self.score_words.update(
            Word(MOST_SCORE + 1.5, unit, f"{share:.0%}", INK if unit == result.said else GREY, SMALL, "left")
            for unit, share in enumerate(result.probabilities)
        )

    def handles(self, state, result):
        ink = f"row {state.row}, column {state.column}, index {result.index}, ink {result.ink[result.index]:.0f} of 16"
        place = (state.column, SIDE - 1 - state.row)
        return [
            Handle("pixel", self.picture, *place, "pixel of the picture", ink, step=(1.0, 1.0)),
            Handle("index", self.strips[0], result.index, 0.5, "index in the flat vector", ink, step=(1.0, 0.0)),
        ]


# -- lab ------------------------------------------------------------------------------------------------------------


class FollowPixelLab(Lab):
    """One pixel from the picture to the scores: drag the cursor in the picture or along the flat vector."""

    title = "Follow this pixel"
    State, View, compute = FollowPixelState, FollowPixelView, staticmethod(compute_follow_pixel)
    presets = {
        "The end of a row: the next index starts a new one": {"row": 2, "column": 7},
        "One row further down: index + 8": {"row": 3, "column": 3},
        "No ink, no say": {"row": 0, "column": 0},
        "Ink that speaks against": {"row": 4, "column": 4, "unit": 0},
        "Another unit, other weights": {"unit": 8},
        "One pixel changes the answer": {"picture": 37, "row": 0, "column": 1, "unit": 5, "change": 16},
        "Shuffled: nonsense to us, the same to the network": {"row": 5, "column": 1, "shuffled": True},
    }

    def describe(self, state, result):
        ink, weight = result.ink[result.index], result.weights[result.index]
        disorder = "the pixels are shuffled; " if state.shuffled else ""
        place = f"row {state.row}, column {state.column} is index {result.index}; its ink is {ink:.0f} of 16"
        product = f"times the weight {signed(weight)} it adds {signed(result.shares[result.index])}"
        said = f"the network reads {result.said} ({result.probabilities[result.said]:.0%})"
        whole = f"of unit {state.unit}, {signed(result.scores[state.unit])} in all"
        return f"A {result.label}: {disorder}{place}; {product} to the score {whole}; {said}."

    def judge(self, state, result):
        task = f"Find the pixel that adds most to the score of the {result.label} that is shown; choose its unit first."
        share, most = result.shares[result.index], result.shares[result.loudest]
        if state.unit != result.label:
            return Goal(task, f"Unit {state.unit} is shown; the picture is a {result.label}.", False)
        verdict = f"This pixel adds {signed(share)} to the score of {state.unit}; the loudest one adds {signed(most)}."
        return Goal(task, verdict, result.index == result.loudest)

    def moved(self, gesture: Gesture):
        if gesture.handle == "index":
            row, column = divmod(round(np.clip(gesture.x, 0, PIXELS - 1)), SIDE)
        else:
            row, column = (round(np.clip(value, 0, SIDE - 1)) for value in (SIDE - 1 - gesture.y, gesture.x))
        return {"row": int(row), "column": int(column)}

    def code(self, state):
        index = state.row * SIDE + state.column
        sizes, rate = ", ".join(map(str, networks.SCORE_SIZES)), networks.SCORE_RATE
        lines = [
            "import numpy as np\n\nfrom dlcourse import data\nfrom dlcourse.training import fit\n",
            "digits = data.digits()\nx, y = digits.x / 16, digits.y  # (1797, 64), (1797,)",
            "x = x[:, np.random.default_rng(0).permutation(64)]" if state.shuffled else "",
            f"model = engine.nn.Linear({sizes})",
            "for parameter in model.parameters():\n    engine.nn.init.zeros_(parameter)",
            f"optimizer = engine.optim.Adam(model.parameters(), lr={rate})",
            "loss = engine.nn.functional.cross_entropy",
            f"fit(engine, model, loss, optimizer, x, y, epochs={networks.SCORE_EPOCHS}, batch_size={networks.BATCH})\n",
            f"picture = x[{state.picture}].copy()",
            f"picture[{index}] = np.clip(picture[{index}] + {state.change} / 16, 0, 1)" if state.change else "",
            "output = model(engine.tensor(picture))",
            f"print(output, picture[{index}] * model.weight[{state.unit}, {index}])",
        ]
        return "\n".join(line for line in lines if line)
