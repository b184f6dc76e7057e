"""The picture of DepthLab: one column a layer with histogram, numbers, units and gradient, and the weight scale."""

import numpy as np
from matplotlib.collections import PolyCollection

from dlcourse.labs.base import View
from dlcourse.labs.depth.signals import BINS, LEAST, MARKS, MOST, MOST_LAYERS, SPAN, WIDE, exact
from dlcourse.labs.drawing import Field, axes_at, blank_axes
from dlcourse.labs.live import Handle
from dlcourse.labs.palette import BLUE, FAINT, GREY, INK, LARGE, NORMAL, ORANGE, SMALL
from dlcourse.labs.rounding import brief
from dlcourse.labs.words import Word, Words

LEFT, COLUMN = 70, 50  # pixels: where the columns begin, and how wide one is
CELL = 3  # samples of the unit map that a unit is wide and high; a gap of one between the layers
SIDE = 8  # a layer's units are shown as 8 × 8
SCALE = (706, 58, 22, 262)  # left, top, width, height of the weight scale
ROWS = {"RMS of h": 168, "flat": 184, "units": 226, "dead": 262, "gradient": 280}  # the middle of each
FULL = 0.16  # share of a bin that is drawn with the full width


class DepthView(View):
    size = (840, 420)

    def __init__(self, figure):
        wide = COLUMN * MOST_LAYERS
        columns = (0, MOST_LAYERS)
        self.shapes_axes = axes_at(figure, (LEFT, 26, wide, 128), columns, (-1, 1), "Outputs of each layer")
        self.shapes_axes.set(xticks=[], yticks=[])
        self.shapes_axes.axhline(0, color=FAINT, linewidth=1, zorder=1)
        self.shapes = PolyCollection([], facecolor=BLUE, edgecolor="none", zorder=2)
        self.shapes_axes.add_collection(self.shapes, autolim=False)
        self.map_axes = axes_at(figure, (LEFT, 202, wide, 48), columns, (0, SIDE))
        self.map_axes.set_axis_off()
        self.map = Field(self.map_axes, smooth=False)
        (self.crosses,) = self.map_axes.plot([], [], "x", color=INK, markersize=3.5, markeredgewidth=1, zorder=3)
        self.bar_axes = axes_at(figure, (LEFT, 290, wide, 92), columns, (-9, 5))
        self.bar_axes.set_xticks(np.arange(MOST_LAYERS) + 0.5, range(1, MOST_LAYERS + 1))
        self.bar_axes.set_yticks([-8, -4, 0, 4], ["1e−8", "1e−4", "1", "1e4"])
        self.bar_axes.axhline(0, color=GREY, linewidth=1)
        self.bar_axes.set_xlabel("layer", fontsize=NORMAL, color=INK, labelpad=1)
        self.bars = list(self.bar_axes.bar(np.arange(MOST_LAYERS) + 0.5, [0] * MOST_LAYERS, width=0.6, zorder=2))
        page = blank_axes(figure, (0, 0, *self.size))
        self._make_legend(page)
        self._make_scale(figure, page)
        self.words = Words(page)
        self.moving = [self.shapes, self.map, self.crosses, *self.bars, self.dot, self.words]

    def _make_legend(self, page):
        style = {"fontsize": SMALL, "color": INK, "va": "center", "ha": "right"}
        for name, y in ROWS.items():
            page.text(LEFT - 8, y, name, **style)
        legend = "units: orange active for most samples, blue for few, × dead"
        page.text(LEFT + COLUMN * MOST_LAYERS, 18, legend, **style)

    def _make_scale(self, figure, page):
        self.scale = axes_at(figure, SCALE, (0, 1), (LEAST, MOST))
        self.scale.set(xticks=[], yticks=[1, 2, 3])
        page.text(690, 18, "Weight scale", fontsize=LARGE, color=INK, va="center")
        for name, gain in MARKS.items():
            self.scale.axhline(gain, color=INK, linewidth=1.5)
            y = SCALE[1] + SCALE[3] * (MOST - gain) / (MOST - LEAST)
            page.text(738, y, f"{name} {gain:.2f}", fontsize=NORMAL, color=INK, va="center")
        style = {"markersize": 11, "color": ORANGE, "markeredgecolor": INK, "markeredgewidth": 1.5, "zorder": 4}
        (self.dot,) = self.scale.plot([], [], marker="D", clip_on=False, **style)

    def update(self, state, result):
        signals = result.signals
        self._update_shapes(signals.histograms)
        self._update_units(signals)
        for place, bar in enumerate(self.bars):
            size = signals.gradients[place] if place < state.layers else 1.0
            height = np.clip(np.log10(max(size, 1e-12)), -9, 5)
            bar.set_height(height)
            bar.set_facecolor(BLUE if height <= 0 else ORANGE)
        self.dot.set_data([0.5], [exact(state.gain)])
        self.words.update([*_numbers(signals), *_axis_ends(state), *_law(state, result)])

    def _update_shapes(self, histograms):
        edges = np.linspace(-1, 1, BINS + 1)
        up = np.repeat(edges, 2)[1:-1]  # each bin has two corners
        polygons = []
        for layer, shares in enumerate(histograms):
            width = np.repeat(np.minimum(shares / FULL, 1), 2) * 0.9
            side = np.column_stack([layer + 0.05 + width, up])
            polygons.append(np.vstack([[layer + 0.05, -1], side, [layer + 0.05, 1]]))
        self.shapes.set_verts(polygons)

    def _update_units(self, signals):
        wide = SIDE * CELL + 1
        canvas = np.full((SIDE * CELL, MOST_LAYERS * wide), 0.5)
        xs, ys = [], []
        for layer, (active, dead) in enumerate(zip(signals.active, signals.dead, strict=True)):
            cells = np.where(dead, np.nan, active).reshape(SIDE, SIDE)
            canvas[:, layer * wide : (layer + 1) * wide - 1] = np.repeat(np.repeat(cells, CELL, 0), CELL, 1)
            row, column = np.nonzero(dead.reshape(SIDE, SIDE))
            xs.append(layer + (column + 0.5) * CELL / wide)
            ys.append(row + 0.5)
        self.map.update(canvas)
        self.crosses.set_data(np.concatenate(xs), np.concatenate(ys))

    def handles(self, state, result):
        dead = int(result.signals.dead.sum())
        near = [name for name, gain in MARKS.items() if abs(gain - state.gain) < 0.005]
        words = f"scale {state.gain:.2f}" + (f", {near[0]}" if near else "")
        units = f"{dead} units are dead, {len(state.killed)} of them killed by you; Space kills or revives one"
        cell = (CELL / (SIDE * CELL + 1), 1.0)
        return [
            Handle("gain", self.scale, 0.5, state.gain, "scale of the weights", words, step=(0.0, 0.01)),
            Handle("units", self.map_axes, 0.5 * cell[0], 0.5, "map of the units", units, kind="brush", step=cell),
        ]


def _numbers(signals):
    """The numbers of every layer, row by row."""
    cells = {
        "RMS of h": [brief(v) for v in np.sqrt(signals.moments)],
        "flat": [f"{v:.0%}" for v in signals.flat],
        "dead": [str(v) for v in signals.dead.sum(axis=1)],
        "gradient": [brief(v) for v in signals.gradients],
    }
    for row, words in cells.items():
        for layer, word in enumerate(words):
            yield Word(LEFT + COLUMN * (layer + 0.5), ROWS[row], word, size=SMALL)


def _axis_ends(state):
    """Beside the histograms; the outermost bins of an unbounded function take what lies beyond."""
    span = SPAN.get(state.function, WIDE)
    words = ("≥ 3", "0", "≤ −3") if span == WIDE else (f"{span}", "0", f"−{span}")
    return [Word(LEFT - 8, y, word, size=SMALL, align="right") for y, word in zip((32, 90, 148), words, strict=True)]


def _law(state, result):
    """Above the scale its value; below, what theory says of the second moment and what is measured."""
    law = "depends on z" if result.law is None else f"×{result.law:.2f}"
    lines = {
        37: f"{state.gain:.2f}: variance {exact(state.gain) ** 2:.2f}/64",
        346: "mean square, per layer",
        362: f"in theory {law}",
        378: f"measured ×{result.measured:.2f}",
    }
    return [Word(690, y, line, size=SMALL, align="left") for y, line in lines.items()]


def unit_at(x: float, y: float) -> tuple[int, int] | None:
    """(layer, unit) at a place of the unit map; None in a gap or outside."""
    layer = int(np.floor(x))
    column, row = int((x - layer) * (SIDE * CELL + 1) // CELL), int(np.floor(y))
    inside = 0 <= layer < MOST_LAYERS and 0 <= column < SIDE and 0 <= row < SIDE
    return (layer, row * SIDE + column) if inside else None
