"""Points in the plane by group, for what has no two classes but any number of groups, or none."""

import numpy as np

from dlcourse.labs.drawing import axes_at
from dlcourse.labs.palette import BLUE, GREEN, GREY, INK, NORMAL, ORANGE, PAPER
from dlcourse.labs.picture import Picture

_LOOKS = (("o", BLUE), ("s", ORANGE), ("^", GREEN), ("D", "#CC79A7"), ("v", "#56B4E9"), ("P", INK))


def groups(alt: str, x, group=None, names=(), xlabel: str = "", ylabel: str = "", title: str = "") -> Picture:
    """Points x (N, 2), told apart by shape and colour. group: (N,) from 0, at most six; without it all are grey dots.

    names: of the groups, for a legend.
    """
    x = np.asarray(x, float)
    group = np.full(len(x), -1) if group is None else np.asarray(group)
    if group.max() >= len(_LOOKS):
        raise ValueError(
            f"groups: expected at most {len(_LOOKS)} groups, because more are not told apart; got {group.max() + 1}."
        )
    picture = Picture(alt, 520, 340)
    margin = 0.06 * np.ptp(x, axis=0) + 1e-9
    low, high = x.min(axis=0) - margin, x.max(axis=0) + margin
    axes = axes_at(picture.figure, (56, 28, 350, 264), (low[0], high[0]), (low[1], high[1]), title, xlabel, ylabel)
    axes.scatter(*x[group < 0].T, s=20, color=GREY)
    for number in range(group.max() + 1):
        marker, colour = _LOOKS[number]
        label = names[number] if number < len(names) else f"group {number}"
        axes.scatter(
            *x[group == number].T, s=34, marker=marker, color=colour, edgecolor=PAPER, linewidth=0.8, label=label
        )
    if group.max() >= 0:
        axes.legend(
            frameon=False, fontsize=NORMAL, labelcolor=INK, loc="upper left", bbox_to_anchor=(1.0, 1.0), borderpad=0
        )
    return picture
