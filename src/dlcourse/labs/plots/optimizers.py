"""Pictures about optimizers: their family tree, and what a loss can look like on the way down."""

import numpy as np

from dlcourse.labs.drawing import arrow, axes_at, blank_axes, rounded_box
from dlcourse.labs.palette import BLUE, GREEN, GREY, INK, LARGE, NORMAL, ORANGE, ORANGE_TEXT, PAPER, SMALL
from dlcourse.labs.picture import Picture
from dlcourse.labs.relief import Relief

_MEMBERS = {  # name: (x, y, colour, year, what it mended)
    "SGD": (78, 150, GREY, "1951", "all data for one step:\na batch will do"),
    "momentum": (238, 62, BLUE, "1964", "swinging across\na ravine"),
    "Nesterov": (398, 62, BLUE, "1983", "overshooting:\nit looks ahead"),
    "Adagrad": (238, 238, ORANGE, "2011", "one rate for\nevery weight"),
    "RMSprop": (398, 238, ORANGE, "2012", "steps that die out:\nit forgets"),
    "Adam": (558, 150, GREEN, "2015", "both together,\nstart corrected"),
    "AdamW": (718, 150, GREEN, "2019", "decay that was\ndivided by √v̂"),
}
_LINES = (
    ("SGD", "momentum"), ("momentum", "Nesterov"), ("SGD", "Adagrad"), ("Adagrad", "RMSprop"), ("momentum", "Adam"),
    ("RMSprop", "Adam"), ("Adam", "AdamW"),
)  # fmt: skip
_HALF = (67, 36)


def optimizer_family() -> Picture:
    """Who came from whom, when, and what each one mended."""
    words = (
        "Family tree: SGD leads to momentum and Nesterov, which remember the direction, and to Adagrad and RMSprop, "
        "which remember the size; Adam joins both, AdamW mends its weight decay"
    )
    picture = Picture(words, 800, 320)
    axes = blank_axes(picture.figure, (4, 4, 792, 312))
    for start, end in _LINES:
        _descent(axes, *_MEMBERS[start][:2], *_MEMBERS[end][:2])
    for name, (x, y, colour, year, mended) in _MEMBERS.items():
        corner = (x - _HALF[0], y - _HALF[1])
        rounded_box(axes, (*corner, 2 * _HALF[0], 2 * _HALF[1]), PAPER, colour, 2)
        axes.text(x, y - 20, f"{name} {year}", fontsize=NORMAL, weight="bold", color=INK, ha="center", va="center")
        axes.text(x, y + 11, mended, fontsize=SMALL, color=INK, ha="center", va="center", linespacing=1.3)
    for y, colour, text in ((14, BLUE, "remember the direction"), (298, ORANGE_TEXT, "remember the size")):
        axes.text(318, y, text, fontsize=LARGE, color=colour, ha="center", va="center")
    axes.text(638, 98, "remember both", fontsize=LARGE, color=GREEN, ha="center", va="center")
    return picture


def _descent(axes, x1: float, y1: float, x2: float, y2: float) -> None:
    """From one box to another on its right; two columns on, it starts below the box, out of the way of the next."""
    start = (x1 + _HALF[0], y1) if x2 - x1 < 200 else (x1, y1 + _HALF[1])
    arrow(axes, start, (x2 - _HALF[0] - 3, y2))


def landforms() -> Picture:
    """A loss along a line, with its local and its lowest minimum and a plateau; and a saddle from above."""
    words = (
        "Left, a loss along a line: a local minimum, a plateau, the lowest minimum. Right, a saddle from above: "
        "the lowest point on one line, the highest on the other"
    )
    picture = Picture(words, 800, 270)
    axes = axes_at(picture.figure, (40, 30, 460, 196), (-4, 6), (-1.9, 2.2), "Along a line", "one weight", "loss")
    axes.set(xticks=[], yticks=[])
    x = np.linspace(-4, 6, 400)
    axes.plot(x, _profile(x), color=BLUE, linewidth=2.2)
    spots = (
        (-2.02, "local minimum", -0.45, "center"), (1.2, "plateau: hardly any slope", 0.42, "center"),
        (4.0, "lowest minimum", -0.42, "center"),
    )  # fmt: skip
    for place, name, shift, side in spots:
        height = _profile(np.array(place))
        axes.plot([place], [height], "o", color=ORANGE, markeredgecolor=INK, markersize=9)
        axes.text(place, height + shift, name, fontsize=NORMAL, color=INK, ha=side, va="center")
    _saddle(picture)
    return picture


def _profile(x):
    """A loss with a local minimum near −2, a plateau about 1 and its lowest minimum near 4."""
    return 0.9 - 1.1 * np.exp(-((x + 2) ** 2)) - 2.0 * np.exp(-((x - 4) ** 2)) + 0.09 * np.maximum(-x - 2.8, 0) ** 2 * 9


def _saddle(picture: Picture) -> None:
    axes = axes_at(picture.figure, (560, 30, 196, 196), (-1, 1), (-1, 1), "A saddle from above", "weight 1", "weight 2")
    axes.set(xticks=[], yticks=[])
    x, y = np.meshgrid(np.linspace(-1, 1, 120), np.linspace(-1, 1, 120))
    Relief(axes).show(x * x - y * y)
    for start, end in (((0.85, 0), (0.2, 0)), ((-0.85, 0), (-0.2, 0)), ((0, 0.2), (0, 0.85)), ((0, -0.2), (0, -0.85))):
        arrow(axes, start, end, BLUE)
    axes.plot([0], [0], "o", color=ORANGE, markeredgecolor=INK, markersize=9)
