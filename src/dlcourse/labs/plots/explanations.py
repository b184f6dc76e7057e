"""Pictures of explanations: heat over a photo, and coefficients with their errors."""

import numpy as np

from dlcourse.labs.drawing import axes_at
from dlcourse.labs.lime.painting import tint
from dlcourse.labs.palette import BLUE, GREY, INK, NORMAL, ORANGE, PAPER
from dlcourse.labs.picture import Picture

_PANEL, _GAP, _COLUMNS = 160, 14, 4


def heat(alt: str, panels: dict) -> Picture:
    """Photos side by side, named by the keys: a photo (H, W, 3) or (H, W) from 0 to 1, or (photo, heat (H, W)).

    Heat is scaled panel by panel to its largest size: orange rising stripes for, blue falling stripes against.
    """
    rows = -(-len(panels) // _COLUMNS)
    columns = min(len(panels), _COLUMNS)
    picture = Picture(alt, columns * (_PANEL + _GAP) + _GAP, rows * (_PANEL + 34) + 8)
    for number, (title, panel) in enumerate(panels.items()):
        row, column = divmod(number, _COLUMNS)
        box = (_GAP + column * (_PANEL + _GAP), 26 + row * (_PANEL + 34), _PANEL, _PANEL)
        axes = axes_at(picture.figure, box, (0, 1), (0, 1), title)
        axes.set(xticks=[], yticks=[])
        photo, values = panel if isinstance(panel, tuple) else (panel, None)
        axes.imshow(_painted(photo, values), extent=(0, 1, 0, 1), aspect="auto", interpolation="nearest")
    return picture


def _painted(photo, values):
    rgb = np.round(255 * np.asarray(photo)).astype(np.uint8)
    rgb = np.repeat(rgb[..., None], 3, axis=2) if rgb.ndim == 2 else rgb
    scale = max(1, 128 // rgb.shape[0])
    rgb = rgb.repeat(scale, axis=0).repeat(scale, axis=1)
    if values is None:
        return rgb
    large = np.asarray(values).repeat(scale, axis=0).repeat(scale, axis=1)
    return tint(rgb, large, max(float(np.abs(large).max()), 1e-12))


def coefficients(alt: str, names, values, errors, xlabel: str = "", title: str = "") -> Picture:
    """Signed bars with whiskers of two standard errors, the first name on top."""
    values, errors = np.asarray(values, float), np.asarray(errors, float)
    picture = Picture(alt, 640, 68 + 28 * len(values))
    low, high = min(0, (values - 2 * errors).min()), max(0, (values + 2 * errors).max())
    margin = 0.12 * (high - low) + 1e-9
    limits = (low - margin, high + margin)
    axes = axes_at(picture.figure, (250, 28, 370, 28 * len(values)), limits, (len(values) - 0.5, -0.5), title, xlabel)
    bars = axes.barh(range(len(values)), values, height=0.6, edgecolor=PAPER, linewidth=0)
    for bar, value in zip(bars, values, strict=True):
        bar.set(facecolor=ORANGE if value > 0 else BLUE, hatch="//" if value > 0 else "\\\\")
    axes.errorbar(values, range(len(values)), xerr=2 * errors, fmt="none", ecolor=INK, elinewidth=1.4)
    axes.axvline(0, color=GREY, linewidth=1)
    axes.set_yticks(range(len(values)), names, fontsize=NORMAL, color=INK)
    return picture
