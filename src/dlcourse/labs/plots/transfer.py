"""Accuracy against the number of examples, over seeds."""

import numpy as np

from dlcourse.labs.drawing import axes_at
from dlcourse.labs.palette import BLUE, FAINT, GREEN, GREY, INK, NORMAL, ORANGE_TEXT, SMALL
from dlcourse.labs.picture import Picture

_STYLES = ((BLUE, "-", "o"), (ORANGE_TEXT, (0, (5, 2)), "s"), (GREEN, (0, (1, 1)), "^"), (GREY, (0, (6, 1, 1, 1)), "D"))


def few_shots(alt: str, shots, series: dict, chance: float, title: str = "", what: str = "patches") -> Picture:
    """Lines of means with a band of one standard deviation to each side, up to four.

    shots: (K,) examples a class, drawn at equal distances; series: name -> (K, S) shares of the test read, from 0
    to 1, S seeds. what: of what the test consists.
    """
    if not 1 <= len(series) <= len(_STYLES):
        raise ValueError(
            f"few_shots: expected 1 to {len(_STYLES)} lines, because more are not told apart; got {len(series)}."
        )
    found = {name: np.asarray(values, float) for name, values in series.items()}
    for name, values in found.items():
        if values.ndim != 2 or len(values) != len(shots):
            raise ValueError(f"few_shots: {name} must have shape ({len(shots)}, seeds); got {values.shape}.")
    picture, places = Picture(alt, 560, 340), np.arange(len(shots))
    limits = (-0.2, len(shots) - 0.8), (0, 1.04)
    axes = axes_at(picture.figure, (68, 28, 326, 260), *limits, title, "examples a class", f"test {what} read")
    axes.set_xticks(places, shots)
    axes.set_yticks(np.arange(0, 1.01, 0.2), [f"{n}%" for n in range(0, 101, 20)])
    axes.axhline(chance, color=FAINT, linewidth=1.4)
    axes.text(-0.1, chance - 0.015, "chance", fontsize=SMALL, color=GREY, va="top")
    for (name, values), (colour, line, marker) in zip(found.items(), _STYLES, strict=False):
        mean, deviation = values.mean(axis=1), values.std(axis=1)
        band = np.clip((mean - deviation, mean + deviation), 0, 1)
        axes.fill_between(places, *band, color=colour, alpha=0.18, linewidth=0)
        axes.plot(places, mean, color=colour, linestyle=line, marker=marker, markersize=5, linewidth=1.8, label=name)
    axes.legend(frameon=False, fontsize=NORMAL, labelcolor=INK, loc="center left", bbox_to_anchor=(1.01, 0.5))
    return picture
