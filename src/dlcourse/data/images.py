"""Small images for networks: digits in several sizes, and digits that may lie anywhere."""

from numbers import Integral

import numpy as np

from dlcourse.data.splits import Part, Split
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


def moving_digits(classes=range(10), size: int = 12, copies: int = 1, seed: int = 0) -> Split:
    """Digits of 8 × 8 pixels, each somewhere on an empty board: x (N, 1, size, size) float32 from 0 to 1.

    classes: which digits; y (N,) int64 is the index in them. 1,000 of the 1,797 digits are for training, 200 for
    validation, 597 for the test, the same whatever the seed: no digit is in two parts, and moving_digits(range(5)) and
    moving_digits(range(5, 10)) share none. copies: how often each training digit occurs, each time at a place of its
    own. The places are drawn from `seed`, uniformly.
    """
    classes = list(classes)
    if not classes or len(set(classes)) < len(classes) or not all(c in range(10) for c in classes):
        raise ValueError(f"moving_digits: classes must be different digits from 0 to 9; got {classes}.")
    for name, number, least in (("size", size, 8), ("copies", copies, 1)):
        if not isinstance(number, Integral) or isinstance(number, bool) or number < least:
            raise ValueError(f"moving_digits: {name} must be a whole number from {least}; got {number!r}.")
    rng, images = np.random.default_rng(seed), digit_images()
    parts = []
    for rows, times in zip(_THREE_PARTS, (copies, 1, 1), strict=True):
        rows = np.tile(rows[np.isin(images.y[rows], classes)], times)
        y = np.array([classes.index(label) for label in images.y[rows]], np.int64)
        parts.append(Part(_placed(rng, images.x[rows, 0], size), y))
    return Split(*parts)


_THREE_PARTS = np.split(np.random.default_rng(0).permutation(1797), [1000, 1200])


def _placed(rng, pictures: np.ndarray, size: int) -> np.ndarray:
    """Pictures (N, 8, 8), each at a place of its own: (N, 1, size, size)."""
    boards = np.zeros((len(pictures), 1, size, size), np.float32)
    for board, picture, (i, j) in zip(
        boards[:, 0], pictures, rng.integers(0, size - 7, (len(pictures), 2)), strict=True
    ):
        board[i : i + 8, j : j + 8] = picture
    return boards
