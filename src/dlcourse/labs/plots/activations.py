"""Ten activation functions side by side, each with its slope."""

import numpy as np

from dlcourse.labs.activation_functions import ACTIVATIONS, value_and_slope
from dlcourse.labs.drawing import axes_at
from dlcourse.labs.palette import BLUE, FAINT, GREY, INK, NORMAL, ORANGE_TEXT
from dlcourse.labs.picture import Picture

COLUMNS, WIDTH, HEIGHT = 5, 132, 118  # panels in a row, pixels of a panel


def activation_gallery() -> Picture:
    """Each of the course's activations, solid, and its slope, dashed, for z from −4 to 4."""
    words = "Ten activation functions and their slopes: " + ", ".join(ACTIVATIONS)
    picture = Picture(words, 800, 366)
    z = np.linspace(-4, 4, 321)
    for place, name in enumerate(ACTIVATIONS):
        row, column = divmod(place, COLUMNS)
        box = (34 + 154 * column, 28 + 166 * row, WIDTH, HEIGHT)
        axes = axes_at(picture.figure, box, (-4, 4), (-1.3, 2.6), name)
        axes.set(xticks=[-4, 0, 4], yticks=[-1, 0, 1, 2])
        axes.tick_params(labelleft=column == 0)
        axes.axhline(0, color=FAINT, linewidth=1)
        axes.axvline(0, color=FAINT, linewidth=1)
        value, slope = value_and_slope(name, z)
        if name == "step":  # a jump, not a slope
            value[z == 0] = np.nan
        axes.plot(z, value, color=BLUE, linewidth=2, label="f(z)")
        axes.plot(z, slope, color=ORANGE_TEXT, linewidth=1.6, linestyle=(0, (4, 2)), label="slope f′(z)")
    lines = picture.figure.axes[0].lines
    picture.figure.legend(
        handles=lines[-2:], loc="lower center", ncols=2, frameon=False, fontsize=NORMAL, labelcolor=INK
    )
    picture.figure.text(0.985, 0.03, "z from −4 to 4", fontsize=NORMAL, color=GREY, ha="right")
    return picture
