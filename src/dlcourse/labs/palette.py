"""The colours and sizes of every picture in the course.

Blue and orange are told apart under every common kind of colour blindness (Okabe & Ito 2008, "Color Universal
Design"); a picture still says everything a second time by shape, hatch or text.
"""

import numpy as np
from matplotlib.colors import LinearSegmentedColormap

BLUE = "#0072B2"  # class 0, negative
ORANGE = "#E69F00"  # class 1, positive
ORANGE_TEXT = "#A35200"  # orange letters on white, contrast 5.6 : 1
INK = "#1F2328"
GREY = "#6E7781"
FAINT = "#D8DEE4"
PAPER = "#FFFFFF"
RED = "#B3261E"  # errors only
GREEN = "#00705A"  # third series, never opposed to red

CLASS_COLOURS = (BLUE, ORANGE)
CLASS_TEXT_COLOURS = (BLUE, ORANGE_TEXT)
CLASS_MARKERS = ("o", "s")

DPI = 100  # one CSS pixel is 1/100 inch of the figure
SMALL, NORMAL, LARGE = 8.0, 9.0, 10.5  # points; 8 pt are 11 CSS pixels, the smallest text of the course

#: Paler towards 0.5, so that points stay visible on it: blue (0) – white (0.5) – orange (1).
FIELD = LinearSegmentedColormap.from_list("dlcourse", ["#7FB8DB", "#FFFFFF", "#F3C566"], N=256)
_FIELD_RGB = (FIELD(np.arange(256))[:, :3] * 255).round().astype(np.uint8)


def field_rgb(values):
    """Colour an array of numbers in [0, 1] by FIELD; larger and smaller numbers are clipped, NaN becomes grey.

    values: (H, W); returns (H, W, 3) uint8. A table look-up: several times faster than a colormap call per frame.
    """
    values = np.asarray(values)
    known = np.isfinite(values)
    index = (np.clip(np.where(known, values, 0.5), 0.0, 1.0) * 255).astype(np.uint8)
    rgb = _FIELD_RGB[index]
    if not known.all():
        rgb[~known] = 190
    return rgb
