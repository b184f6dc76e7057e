"""Pictures inside pictures: photographs and feature maps, shown pixel by pixel."""

from functools import cache

import numpy as np
from PIL import Image

from dlcourse import data
from dlcourse.labs.drawing import Field
from dlcourse.labs.palette import BLUE, ORANGE

SIDE = 64  # pixels of a small photograph
CROPS = {  # photograph: top, left and side of the square that is shown
    "chelsea": (0, 70, 300),
    "astronaut": (0, 60, 330),
    "coffee": (0, 130, 400),
    "flower": (30, 140, 330),
    "brick": (0, 0, 256),
}


class Pixels(Field):
    """An image as it is: every pixel stays a square."""

    def __init__(self, axes, zorder: float = 0.5):
        super().__init__(axes, zorder, smooth=False)

    def show(self, rgb: np.ndarray) -> None:
        """rgb: (rows, columns, 3) uint8, the first row at the upper edge of the axes."""
        self._rgb = np.ascontiguousarray(rgb[::-1])


def grey_rgb(values: np.ndarray) -> np.ndarray:
    """(H, W) from 0, black, to 1, white, as (H, W, 3) uint8; smaller and larger numbers are clipped."""
    grey = (255 * np.clip(values, 0, 1)).round().astype(np.uint8)
    return np.repeat(grey[..., None], 3, axis=-1)


def signed_rgb(values: np.ndarray, most: float) -> np.ndarray:
    """(H, W) as (H, W, 3) uint8: blue at −most, white at 0, orange at +most."""
    share = np.clip(np.asarray(values, float) / max(most, 1e-12), -1, 1)[..., None]
    colour = np.where(share < 0, _rgb(BLUE), _rgb(ORANGE))
    return (255 + np.abs(share) * (colour - 255)).round().astype(np.uint8)


def _rgb(colour: str) -> np.ndarray:
    return np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)], float)


@cache
def small_photo(name: str) -> np.ndarray:
    """A square part of a photograph, scaled down to (64, 64, 3) float64 from 0 to 1; a texture is grey in all three."""
    if name not in CROPS:
        raise ValueError(f"small_photo: expected one of {', '.join(CROPS)}; got {name!r}.")
    top, left, side = CROPS[name]
    part = data.photo(name)[top : top + side, left : left + side]
    image = Image.fromarray((255 * part).round().astype(np.uint8)).convert("RGB")
    small = np.asarray(image.resize((SIDE, SIDE), Image.Resampling.BOX)) / 255
    small.flags.writeable = False  # shared by everyone who asks
    return small


@cache
def grey_photo(name: str) -> np.ndarray:
    """The same in grey, (64, 64): the mean of red, green and blue."""
    grey = small_photo(name).mean(axis=2)
    grey.flags.writeable = False
    return grey
