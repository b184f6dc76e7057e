"""The nerve cell and the perceptron beside each other."""

from dlcourse.labs.drawing import arrow, blank_axes
from dlcourse.labs.palette import BLUE, GREY, INK, NORMAL, ORANGE, ORANGE_TEXT, PAPER, SMALL
from dlcourse.labs.picture import Picture


def neuron() -> Picture:
    """A nerve cell and a perceptron, part by part."""
    words = (
        "A nerve cell above a perceptron: dendrites are inputs, synapses weights, the soma the sum, the axon the output"
    )
    picture = Picture(words, 620, 300)
    axes = blank_axes(picture.figure, (10, 20, 600, 270))
    _cell(axes)
    _perceptron(axes)
    counterparts = (
        (80, "dendrites", "inputs x"),
        (190, "synapses", "weights w"),
        (300, "soma", "sum and threshold"),
        (420, "axon", "connection"),
        (535, "terminals", "output y"),
    )
    for x, cell, model in counterparts:
        axes.text(x, 122, cell, fontsize=NORMAL, color=GREY, ha="center")
        axes.text(x, 262, model, fontsize=NORMAL, color=INK, ha="center")
    return picture


def _cell(axes) -> None:
    for start in (20, 55, 90):
        axes.plot([40, 190, 290], [start, 0.5 * start + 28, 56], color=GREY, linewidth=2.5, solid_capstyle="round")
        axes.plot([190], [0.5 * start + 28], "o", color=ORANGE, markersize=8)
    axes.add_artist(_disc(axes, 300, 56, 26, "#C9D1D9"))
    axes.plot([326, 490], [56, 56], color=GREY, linewidth=5)
    for end in (26, 56, 86):
        axes.plot([490, 545], [56, end], color=GREY, linewidth=2.5)
        axes.plot([545], [end], "o", color=BLUE, markersize=7)


def _perceptron(axes) -> None:
    for place, name, weight in ((160, "x₁", "w₁"), (198, "x₂", "w₂"), (236, "1", "b")):
        axes.plot([80, 290], [place, 198], color=GREY, linewidth=1.5, zorder=1)
        axes.text(60, place, name, fontsize=11, color=INK, ha="center", va="center")
        axes.text(
            190,
            (place + 198) / 2,
            weight,
            fontsize=NORMAL,
            color=ORANGE_TEXT,
            va="center",
            ha="center",
            bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 1.5},
        )
    axes.add_artist(_disc(axes, 300, 198, 26, BLUE))
    axes.text(300, 198, "Σ > 0", fontsize=SMALL, color=PAPER, ha="center", va="center", zorder=4)
    arrow(axes, (326, 198), (535, 198))
    axes.text(552, 198, "y", fontsize=11, color=INK, ha="center", va="center")


def _disc(axes, x: float, y: float, radius: float, colour: str):
    from matplotlib.patches import Circle

    return Circle((x, y), radius, facecolor=colour, edgecolor=INK, linewidth=1, zorder=3)
