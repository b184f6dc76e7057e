"""Pieces that the pictures of the labs are made of: axes placed by pixels, a coloured field, class points, a table."""

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch
from PIL import Image

from dlcourse.labs.palette import (
    CLASS_COLOURS,
    CLASS_MARKERS,
    FAINT,
    GREY,
    INK,
    LARGE,
    NORMAL,
    PAPER,
    SMALL,
    field_rgb,
)
from dlcourse.labs.words import Word, Words


def axes_at(figure: Figure, box, xlim, ylim, title: str = "", xlabel: str = "", ylabel: str = "") -> Axes:
    """Axes of fixed limits at box = (left, top, width, height) in CSS pixels of the figure."""
    width, height = figure.get_size_inches() * 100
    left, top, w, h = box
    axes = figure.add_axes((left / width, 1 - (top + h) / height, w / width, h / height))
    axes.set(xlim=xlim, ylim=ylim)
    axes.set_title(title, fontsize=LARGE, color=INK, loc="left", pad=6)
    axes.set_xlabel(xlabel, fontsize=NORMAL, color=INK, labelpad=2)
    axes.set_ylabel(ylabel, fontsize=NORMAL, color=INK, labelpad=2)
    axes.tick_params(labelsize=SMALL, colors=GREY, length=3)
    for spine in axes.spines.values():
        spine.set_color(FAINT)
    return axes


def blank_axes(figure: Figure, box, title: str = "") -> Axes:
    """Axes without ticks or frame whose coordinates are CSS pixels from the top left corner of `box`."""
    axes = axes_at(figure, box, (0, box[2]), (box[3], 0), title)
    axes.set_axis_off()
    axes.set_title(title, fontsize=LARGE, color=INK, loc="left", pad=6)
    return axes


def arrow(axes: Axes, start, end, colour: str = GREY) -> None:
    """An arrow from start to end, points (x, y) in data coordinates, that never moves."""
    axes.annotate("", end, start, arrowprops={"arrowstyle": "-|>", "color": colour, "linewidth": 1.6})


def rounded_box(axes: Axes, box, facecolor: str, edgecolor: str = INK, linewidth: float = 1, zorder: float = 2) -> None:
    """A rectangle with round corners at box = (left, top, width, height), in axes made by `blank_axes`."""
    left, top, width, height = box
    style = {"facecolor": facecolor, "edgecolor": edgecolor, "linewidth": linewidth, "zorder": zorder}
    axes.add_patch(FancyBboxPatch((left, top), width, height, boxstyle="round,pad=0,rounding_size=8", **style))


class Field(Artist):
    """A smooth coloured field over the whole of some axes: numbers in [0, 1], blue through white to orange.

    Smoothed by Pillow to the very pixels of the axes and painted as they are: ten times faster than an interpolated
    `imshow`, which resamples on every draw.
    """

    def __init__(self, axes: Axes, zorder: float = 0.5, smooth: bool = True):
        super().__init__()
        self._resampling = Image.Resampling.BILINEAR if smooth else Image.Resampling.NEAREST
        self._rgb = np.full((2, 2, 3), 255, np.uint8)
        self.set_zorder(zorder)
        axes.add_artist(self)

    def update(self, values) -> None:
        """values: (rows, columns), the first row at the lower edge."""
        self._rgb = field_rgb(values)

    def draw(self, renderer) -> None:
        left, bottom, width, height = (round(value) for value in self.axes.bbox.bounds)
        image = Image.fromarray(self._rgb[::-1]).resize((width, height), self._resampling).convert("RGBA")
        gc = renderer.new_gc()
        renderer.draw_image(gc, left, bottom, np.asarray(image)[::-1])
        gc.restore()


class ClassPoints:
    """Points of two classes: blue circles, orange squares, rimmed white; wrong ones ringed in black."""

    def __init__(self, axes: Axes, size: float = 60, zorder: float = 3):
        def scatter(marker: str, area: float, **style):
            return axes.scatter([], [], s=area, marker=marker, zorder=zorder, **style)

        self._classes = [
            scatter(marker, size, facecolor=colour, edgecolor=PAPER, linewidth=1.0)
            for marker, colour in zip(CLASS_MARKERS, CLASS_COLOURS, strict=True)
        ]
        self._wrong = scatter("o", size * 3.2, facecolor="none", edgecolor=INK, linewidth=1.4)
        self.artists = [*self._classes, self._wrong]

    def update(self, x, y, wrong=None) -> None:
        """x: (N, 2); y: (N,) of 0 and 1; wrong: (N,) of bool, the points to ring."""
        x, y = np.asarray(x, float).reshape(-1, 2), np.asarray(y)
        for label, artist in enumerate(self._classes):
            artist.set_offsets(x[y == label])
        self._wrong.set_offsets(x[np.zeros(len(x), bool) if wrong is None else np.asarray(wrong)])


class Table:
    """Rows of text under a header, in axes made by `blank_axes`; `update` sets their words and colours."""

    def __init__(self, axes: Axes, header, lefts, rows: int, row_height: float = 22, size: float = NORMAL):
        def text(x: float, row: float, words: str, **style):
            style = {"fontsize": size, "color": INK, "ha": "center", "va": "center"} | style
            return axes.text(x, (row + 0.5) * row_height, words, **style)

        self.header = [text(x, 0, words, color=GREY, fontsize=SMALL) for x, words in zip(lefts, header, strict=True)]
        axes.plot([min(lefts) - 10, max(lefts) + 10], [row_height] * 2, color=FAINT, linewidth=1)
        self._lefts, self._heights, self._size = lefts, [(row + 1.5) * row_height for row in range(rows)], size
        self._words = Words(axes)
        self.artists = [self._words]
        self.rows: list[list[str]] = []

    def update(self, rows, colours=None) -> None:
        """rows: as many lists of words as there are rows; colours: the same shape, None for the usual ink."""
        self.rows = [list(row) for row in rows]
        self._words.update(
            Word(x, y, text, (colours[r][c] if colours else None) or INK, self._size)
            for r, (y, row) in enumerate(zip(self._heights, self.rows, strict=True))
            for c, (x, text) in enumerate(zip(self._lefts, row, strict=True))
        )


def line_ends(w, b: float, axes: Axes):
    """The two ends (x, y) of the line w·x + b = 0 across the axes, or NaNs where w = 0: for `set_data`."""
    w = np.asarray(w, float)
    squared = float(w @ w)
    if squared == 0:
        return [np.nan, np.nan], [np.nan, np.nan]
    centre = np.array([np.mean(axes.get_xlim()), np.mean(axes.get_ylim())])
    foot = centre - w * (w @ centre + b) / squared
    reach = np.hypot(np.ptp(axes.get_xlim()), np.ptp(axes.get_ylim())) / np.sqrt(squared)
    direction = np.array([-w[1], w[0]]) * reach
    ends = np.stack([foot - direction, foot + direction])
    return ends[:, 0], ends[:, 1]
