"""Functions in three ways and of three shapes, planes under several maps, and curves through points."""

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.patches import Circle, Ellipse

from dlcourse.labs.drawing import arrow, axes_at, blank_axes
from dlcourse.labs.palette import BLUE, GREEN, GREY, INK, NORMAL, ORANGE, ORANGE_TEXT, PAPER
from dlcourse.labs.picture import Picture
from dlcourse.labs.rounding import signed

_PAIRS = ((0, -1), (1, 1), (2, 3))  # x and 2x − 1


def function_views() -> Picture:
    """The function 2x − 1 as a relation, as a transformation and as a mapping."""
    words = (
        "The function 2x − 1 three times: as points of a graph, as a number line that is stretched and shifted onto "
        "another, and as arrows from a set of inputs to a set of outputs"
    )
    picture = Picture(words, 760, 250)
    axes = axes_at(picture.figure, (40, 30, 180, 180), (-1, 4), (-2, 4), "a relation: pairs (x, y)", "x", "y")
    axes.plot([-1, 2.5], [-3, 4], color=GREY, linewidth=1.2)
    axes.plot(*zip(*_PAIRS, strict=True), "o", color=BLUE, markersize=7)
    _number_lines(picture)
    _sets(picture)
    return picture


def _number_lines(picture: Picture) -> None:
    axes = blank_axes(picture.figure, (270, 30, 230, 180), "a transformation: a line moves")
    at = lambda value: 70 + 34 * value  # noqa: E731 (pixels of a number)
    for y, name in ((50, "x"), (140, "y")):
        axes.plot([20, 220], [y, y], color=GREY, linewidth=1.2)
        axes.text(8, y, name, fontsize=NORMAL, color=INK, va="center")
        for value in range(-1, 5):
            axes.plot([at(value)] * 2, [y - 4, y + 4], color=GREY, linewidth=1)
            beside = y + (-14 if y == 50 else 14)
            axes.text(at(value), beside, signed(value, 0), fontsize=NORMAL, color=GREY, ha="center", va="center")
    for x, y in _PAIRS:
        arrow(axes, (at(x), 56), (at(y), 133), BLUE)


def _sets(picture: Picture) -> None:
    axes = blank_axes(picture.figure, (540, 30, 210, 180), "a mapping: each x has one y")
    for x in (45, 165):
        axes.add_patch(Ellipse((x, 95), 64, 160, facecolor="none", edgecolor=GREY, linewidth=1.2))
    for row, (x, y) in enumerate(_PAIRS):
        level = 50 + 45 * row
        axes.text(45, level, f"{x}", fontsize=11, color=INK, ha="center", va="center")
        axes.text(165, level, signed(y, 0), fontsize=11, color=INK, ha="center", va="center")
        arrow(axes, (58, level), (148, level), BLUE)


def function_shapes() -> Picture:
    """One number to one, many to one, many to many, with what each is used for."""
    words = (
        "Three networks of circles: one input to one output, three inputs to one output, three inputs to two outputs"
    )
    picture = Picture(words, 760, 210)
    shapes = (
        (1, 1, "one to one", "w·x + b"),
        (3, 1, "many to one", "w·x + b, w a row"),
        (3, 2, "many to many", "W x + b, W a matrix"),
    )
    for place, (inputs, outputs, title, formula) in enumerate(shapes):
        axes = blank_axes(picture.figure, (20 + 250 * place, 28, 220, 170), title)
        columns = [[(50, y) for y in _levels(inputs)], [(170, y) for y in _levels(outputs)]]
        for start in columns[0]:
            for end in columns[1]:
                axes.plot(*zip(start, end, strict=True), color=GREY, linewidth=1.2, zorder=1)
        for nodes, colour, name in zip(columns, (BLUE, ORANGE), "xy", strict=True):
            for number, (x, y) in enumerate(nodes, 1):
                axes.add_patch(Circle((x, y), 15, facecolor=colour, edgecolor=INK, zorder=2))
                label = name if len(nodes) == 1 else f"{name}{' ₁₂₃'[number]}"
                ink = PAPER if name == "x" else INK
                axes.text(x, y, label, fontsize=NORMAL, color=ink, ha="center", va="center", zorder=3)
        axes.text(110, 158, formula, fontsize=NORMAL, color=INK, ha="center", va="center")
    return picture


def _levels(count: int) -> list[float]:
    return [72 + 44 * (i - (count - 1) / 2) for i in range(count)]


def planes(alt: str, maps: dict) -> Picture:
    """The same grid under several maps, side by side. maps: title -> function of points (N, 2) that returns (N, 2)."""
    if not 1 <= len(maps) <= 4:
        raise ValueError(f"planes: expected 1 to 4 maps, because more are too small to read; got {len(maps)}.")
    picture = Picture(alt, 20 + 205 * len(maps), 230)
    along, at = np.linspace(-6, 6, 241), np.arange(-6, 7)
    upright = np.stack(np.broadcast_arrays(at[:, None], along[None, :]), axis=-1).astype(float)
    lines = np.concatenate([upright, upright[..., ::-1]])
    for place, (title, function) in enumerate(maps.items()):
        axes = axes_at(picture.figure, (20 + 205 * place, 30, 185, 185), (-3, 3), (-3, 3), title)
        axes.set(xticks=[], yticks=[])
        images = np.asarray(function(lines.reshape(-1, 2))).reshape(lines.shape)
        colours = [GREY] * len(lines)
        colours[6], colours[19] = BLUE, ORANGE_TEXT  # where the axes go
        widths = [2.0 if colour != GREY else 0.8 for colour in colours]
        axes.add_collection(LineCollection(list(images), colors=colours, linewidths=widths), autolim=False)
    return picture


def fits(alt: str, x, y, seen, curves: dict, xlabel: str = "", ylabel: str = "") -> Picture:
    """Points, filled where `seen`, and curves through them: name -> function of x (M,) that returns (M,)."""
    styles = ((BLUE, "-"), (ORANGE_TEXT, (0, (5, 2))), (GREEN, (0, (1, 1))), (GREY, (0, (6, 1, 1, 1))))
    if not 1 <= len(curves) <= len(styles):
        raise ValueError(f"fits: expected 1 to 4 curves, because more are not told apart; got {len(curves)}.")
    picture = Picture(alt, 620, 340)
    x, y, seen = np.asarray(x, float), np.asarray(y, float), np.asarray(seen, bool)
    reach, height = np.ptp(x), np.ptp(y)
    limits = (x.min() - 0.05 * reach, x.max() + 0.05 * reach), (y.min() - 0.25 * height, y.max() + 0.35 * height)
    axes = axes_at(picture.figure, (56, 20, 540, 270), *limits, "", xlabel, ylabel)
    axes.scatter(x[seen], y[seen], s=22, color=BLUE, alpha=0.6, label="seen")
    axes.scatter(x[~seen], y[~seen], s=26, marker="s", facecolor="none", edgecolor=ORANGE_TEXT, label="not seen")
    t = np.linspace(*limits[0], 400)
    for (name, function), (colour, style) in zip(curves.items(), styles, strict=False):
        axes.plot(t, function(t), color=colour, linestyle=style, linewidth=2, label=name)
    axes.legend(frameon=False, fontsize=NORMAL, labelcolor=INK, loc="upper left")
    return picture
