"""Charts that every chapter uses."""

import numpy as np
from matplotlib.ticker import MaxNLocator

from dlcourse.labs.drawing import ClassPoints, Field, axes_at, blank_axes
from dlcourse.labs.palette import BLUE, CLASS_TEXT_COLOURS, GREEN, GREY, INK, NORMAL, ORANGE, ORANGE_TEXT
from dlcourse.labs.picture import Picture

_SERIES = ((BLUE, "-"), (ORANGE_TEXT, (0, (5, 2))), (GREEN, (0, (1, 1))), (GREY, (0, (6, 1, 1, 1))))


def regions(
    alt: str, predict, x, y, names=("x₁", "x₂"), class_names=("class 0", "class 1"), title: str = ""
) -> Picture:
    """Points (N, 2) of two classes over what `predict` says of the plane: predict((M, 2) float32) -> (M,) in [0, 1]."""
    picture = Picture(alt, 520, 380)
    x, y = np.asarray(x, np.float32), np.asarray(y)
    margin = 0.08 * np.ptp(x, axis=0) + 1e-6
    low, high = x.min(axis=0) - margin, x.max(axis=0) + margin
    axes = axes_at(picture.figure, (52, 28, 330, 306), (low[0], high[0]), (low[1], high[1]), title, *names)
    columns, lines = np.linspace(low[0], high[0], 120), np.linspace(low[1], high[1], 120)
    plane = np.stack(np.meshgrid(columns, lines), axis=-1).reshape(-1, 2).astype(np.float32)
    values = np.asarray(predict(plane), float).reshape(120, 120)
    Field(axes).update(values)
    points = ClassPoints(axes, size=34)
    points.update(x, y, wrong=(np.asarray(predict(x), float) > 0.5) != (y == 1))
    _class_legend(picture, class_names)
    return picture


def _class_legend(picture: Picture, class_names) -> None:
    axes = blank_axes(picture.figure, (394, 28, 120, 90))
    for row, (name, marker, colour) in enumerate(zip(class_names, ("o", "s"), (BLUE, ORANGE), strict=True)):
        axes.scatter([10], [14 + 24 * row], s=40, marker=marker, color=colour)
        axes.text(22, 14 + 24 * row, name, fontsize=NORMAL, color=CLASS_TEXT_COLOURS[row], va="center")
    axes.scatter([10], [62], s=90, facecolor="none", edgecolor=INK)
    axes.text(22, 62, "wrong", fontsize=NORMAL, color=INK, va="center")


def curves(
    alt: str, x, series: dict, xlabel: str = "", ylabel: str = "", title: str = "", log: bool = False
) -> Picture:
    """Lines named by the keys of `series`, told apart by dashes as well as colour; up to four."""
    if not 1 <= len(series) <= len(_SERIES):
        raise ValueError(
            f"curves: expected 1 to {len(_SERIES)} lines, because more are not told apart; got {len(series)}."
        )
    picture = Picture(alt, 560, 320)
    values = np.concatenate([np.asarray(line, float) for line in series.values()])
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    margin = 0.06 * (high - low) + 1e-9
    limits = (low * 0.8, high * 1.25) if log else (low - margin, high + margin)
    axes = axes_at(picture.figure, (60, 28, 480, 240), (min(x), max(x)), limits, title, xlabel, ylabel)
    if log:
        axes.set_yscale("log")
    if np.issubdtype(np.asarray(x).dtype, np.integer):  # there is no epoch 2.5
        axes.xaxis.set_major_locator(MaxNLocator("auto", steps=(1, 2, 2.5, 5, 10), integer=True))
    for (name, line), (colour, style) in zip(series.items(), _SERIES, strict=False):
        axes.plot(x, line, color=colour, linestyle=style, linewidth=1.8, label=name)
    axes.legend(frameon=False, fontsize=NORMAL, labelcolor=INK)
    return picture


def bars(alt: str, names, values, xlabel: str = "", title: str = "", most: float | None = None) -> Picture:
    """Horizontal bars with their numbers."""
    picture = Picture(alt, 560, 68 + 30 * len(names))
    most = max(values) if most is None else most
    axes = axes_at(
        picture.figure, (150, 28, 370, 30 * len(names)), (0, most * 1.12), (len(names) - 0.5, -0.5), title, xlabel
    )
    axes.barh(range(len(names)), values, color=BLUE, height=0.6)
    axes.set_yticks(range(len(names)), names, fontsize=NORMAL, color=INK)
    for row, value in enumerate(values):
        axes.text(value + most * 0.01, row, f"{value:g}", fontsize=NORMAL, color=INK, va="center")
    return picture
