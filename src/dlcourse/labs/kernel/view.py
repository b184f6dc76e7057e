"""The picture of KernelLab: photo, output, the nine products, the size formula and the five test pictures."""

import numpy as np
from matplotlib.collections import LineCollection

from dlcourse.labs.base import View
from dlcourse.labs.drawing import axes_at, blank_axes
from dlcourse.labs.kernel.filters import MOST_PADDING, PATTERNS
from dlcourse.labs.live import Handle
from dlcourse.labs.palette import CLASS_TEXT_COLOURS, FAINT, GREY, INK, LARGE, NORMAL, ORANGE, SMALL
from dlcourse.labs.pixels import SIDE, Pixels, grey_rgb, signed_rgb
from dlcourse.labs.rounding import signed, small
from dlcourse.labs.words import Word, Words

UNITS = SIDE + 2 * MOST_PADDING  # pixels along a side of both pictures, each 4 CSS pixels wide
CELL = (74, 44)  # of the table of products
_LEFTS = (0, 84, 208, 324, 448)  # of the test pictures, in pixels
_PLACES = np.stack(np.meshgrid(range(3), range(3)), axis=-1).reshape(-1, 1, 2)
_SQUARE = np.array([(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)], float)


class KernelView(View):
    size = (840, 398)

    def __init__(self, figure):
        low, high = -MOST_PADDING, SIDE + MOST_PADDING
        self.input = axes_at(figure, (14, 34, 280, 280), (low, high), (high, low), "Photo and window")
        self.output = axes_at(figure, (308, 34, 280, 280), (0, UNITS), (UNITS, 0))
        for axes in (self.input, self.output):
            axes.set(xticks=[], yticks=[])
        self.pictures = [Pixels(self.input), Pixels(self.output)]
        self.window = LineCollection([], colors=ORANGE, linewidths=1.3, zorder=3)
        self.window_rim = LineCollection([], colors=INK, linewidths=3, zorder=2.9)
        for squares in (self.window, self.window_rim):
            self.input.add_collection(squares, autolim=False)
        self.mark = [
            self.output.plot([], [], "s", markersize=size, markerfacecolor="none", markeredgecolor=colour)[0]
            for size, colour in ((8.5, INK), (7, ORANGE))
        ]
        self._make_products(figure)
        self._make_patterns(figure)
        self.moving = [
            *self.pictures, self.window, self.window_rim, *self.mark, self.caption, self.tiles, self.products,
            self.answers,
        ]  # fmt: skip

    def _make_products(self, figure):
        width, height = 3 * CELL[0], 3 * CELL[1]
        axes = axes_at(figure, (604, 34, width, height), (0, width), (height, 0), "Nine products, one sum")
        axes.set(xticks=[], yticks=[])
        self.tiles = Pixels(axes)
        for i in (1, 2):
            axes.axvline(i * CELL[0], color=FAINT, linewidth=1, zorder=1)
            axes.axhline(i * CELL[1], color=FAINT, linewidth=1, zorder=1)
        panel = blank_axes(figure, (604, 0, 230, 398))
        panel.text(0, 236, "How large the output is", fontsize=LARGE, color=INK)
        panel.text(0, 258, "⌊(n + 2p − d·(k − 1) − 1) / s⌋ + 1", fontsize=NORMAL, color=GREY)
        self.products = Words(panel)
        self.caption = Words(self.output)

    def _make_patterns(self, figure):
        axes = blank_axes(figure, (14, 318, 574, 80))
        axes.text(0, 14, "The kernel's largest answer to …", fontsize=LARGE, color=INK, va="center")
        for left, (name, picture) in zip(_LEFTS, PATTERNS.items(), strict=True):
            icon = axes_at(figure, (14 + left, 352, 40, 40), (0, 9), (9, 0))
            icon.set(xticks=[], yticks=[])
            Pixels(icon).show(grey_rgb(picture * 0.85 + 0.1))
            axes.text(left + 46, 44, name, fontsize=SMALL, color=GREY, va="center")
        self.answers = Words(axes)

    # -- one frame ----------------------------------------------------------------------------------------------------

    def update(self, state, result):
        self._show_pictures(state, result)
        row, column = result.place
        corner = np.array(result.corner[::-1]) - state.padding
        if state.dilation == 1:
            squares = corner + 3 * _SQUARE[None]
        else:
            squares = corner + state.dilation * _PLACES + _SQUARE
        for lines in (self.window, self.window_rim):
            lines.set_segments(list(squares))
        for mark in self.mark:
            mark.set_data([column + 0.5], [row + 0.5])
        self._show_products(state, result)
        values = [result.answers[name] for name in PATTERNS]
        self.answers.update(
            Word(left + 46, 64, _number(value), _ink(value), LARGE, "left")
            for left, value in zip(_LEFTS, values, strict=True)
        )

    def _show_pictures(self, state, result):
        canvas = np.full((UNITS, UNITS, 3), 255, np.uint8)
        start = MOST_PADDING - state.padding
        canvas[start : UNITS - start, start : UNITS - start] = grey_rgb(result.padded)
        self.pictures[0].show(canvas)
        most, n = np.abs(result.output).max(), result.side
        bright = result.kernel.sum() > 1e-9
        shown = grey_rgb(result.output) if bright else signed_rgb(result.output, most)
        canvas = np.full((UNITS, UNITS, 3), 234, np.uint8)
        canvas[:n, :n] = shown
        self.pictures[1].show(canvas)
        scale = "black 0, white 1" if bright else f"blue to orange: ±{small(round(most, 2))}"
        self.caption.update([Word(0, -3.2, f"Output {n} × {n}; {scale}", INK, LARGE, "left")])

    def _show_products(self, state, result):
        most = max(np.abs(result.products).max(), 0.5)
        self.tiles.show(signed_rgb(0.55 * result.products, most))
        texts = []
        for r, c in np.ndindex(3, 3):
            x, y = (c + 0.5) * CELL[0], 34 + (r + 0.5) * CELL[1]
            texts.append(Word(x, y - 9, f"{result.patch[r, c]:.2f} · {_number(result.kernel[r, c])}", GREY, SMALL))
            texts.append(Word(x, y + 9, signed(result.products[r, c]), INK, NORMAL))
        total = result.output[result.place]
        texts.append(Word(0, 182, f"sum = {signed(total)}", _ink(total), LARGE, "left"))
        place = f"the output at row {result.place[0]}, column {result.place[1]}"
        texts.append(Word(0, 202, place, GREY, NORMAL, "left"))
        lines = zip((279, 301, 338, 358, 378), _size_lines(state, result), strict=True)
        self.products.update([*texts, *(Word(0, y, text, INK, NORMAL, "left") for y, text in lines)])

    def handles(self, state, result):
        middle = state.dilation + 0.5 - state.padding
        y, x = (at + middle for at in result.corner)
        words = f"row {result.place[0]}, column {result.place[1]} of the output"
        return [Handle("window", self.input, x, y, "window on the photo", words, step=(state.stride, -state.stride))]


def _size_lines(state, result) -> list[str]:
    """The size formula with its numbers filled in, and what the sharing of the weights saves."""
    s, p, d, outputs = state.stride, state.padding, state.dilation, result.output.size
    return [
        f"= ⌊({SIDE} + 2·{p} − {d}·2 − 1) / {s}⌋ + 1",
        f"= ⌊{SIDE + 2 * p - 2 * d - 1} / {s}⌋ + 1 = {result.side}",
        f"window {2 * d + 1} × {2 * d + 1}, 9 weights",
        f"{outputs:,} outputs share them",
        f"dense: {SIDE**2 * outputs:,} weights",
    ]


def _number(value: float) -> str:
    """Whole numbers and halves as they are, others with two decimals."""
    return small(round(value, 2))


def _ink(value: float) -> str:
    return INK if abs(value) < 1e-9 else CLASS_TEXT_COLOURS[int(value > 0)]
