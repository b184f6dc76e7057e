"""Small images for networks: digits in several sizes."""

from numbers import Integral

import numpy as np

from dlcourse.data.splits import Part
from dlcourse.data.tables import digits


def digit_images(size: int = 8) -> Part:
    """The 1,797 digits as images (N, 1, size, size) float32 from 0 (paper) to 1 (ink), and their classes.

    size: any even number from 8. Each of the 8 × 8 pixels becomes a square of ⌊size / 8⌋, and a frame of paper fills
    what is left: 16 is 2 × 2, 28 (as LeNet's own digits) is 3 × 3 and a frame of 2. Nothing is interpolated.
    """
    if not isinstance(size, Integral) or isinstance(size, bool) or size < 8 or size % 2:
        raise ValueError(f"digit_images: size must be an even number from 8; got {size!r}.")
    table, scale = digits(), size // 8
    frame = (size - 8 * scale) // 2
    x = (table.x / 16).reshape(-1, 1, 8, 8).repeat(scale, axis=2).repeat(scale, axis=3)
    return Part(np.pad(x, ((0, 0), (0, 0), (frame, frame), (frame, frame))), table.y)
