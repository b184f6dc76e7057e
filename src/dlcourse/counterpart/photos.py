"""Photos to look at: those of `dlcourse.data`, or a file."""

import struct
import warnings
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from dlcourse import data

PHOTOS = (*data.SCENES, "china", "flower")
# What Pillow raises for files that are no picture, cut off, or damaged in one of many ways.
_DAMAGED = (
    *(OSError, ValueError, SyntaxError, EOFError, TypeError, AttributeError, LookupError, ArithmeticError, MemoryError),
    *(struct.error, Image.DecompressionBombError),
)


def open_photo(name: str) -> np.ndarray:
    """A photo (H, W, 3): one of PHOTOS, float32 from 0 to 1, or a picture file of any format that Pillow reads.

    A file of 8 bits per channel or fewer is uint8; one of 16-bit or floating-point greys is float32 from 0 to 1, so
    that it keeps its shades: 65,535 or 1.0 is white. The picture is turned upright as its camera noted, what is
    transparent lies on white, and of several pictures the first is taken. ValueError if there is no such file, if it is
    no picture, or if nothing says which of its numbers is white.
    """
    if name in PHOTOS:
        return data.photo(name)
    path = Path(name)
    if not path.is_file():
        raise ValueError(f"--image: expected one of {', '.join(PHOTOS)}, or a picture file; there is no file {name!r}.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore"
            )  # Pillow's words about a damaged file are followed by an error or do no harm
            with Image.open(path) as picture:
                return _pixels(ImageOps.exif_transpose(picture), picture.format)
    except _DAMAGED as error:
        raise ValueError(
            f"--image: {path} cannot be read as a picture ({error}); save it as PNG or JPEG with 8 bits per channel."
        ) from error


def _pixels(picture: Image.Image, file_format: str) -> np.ndarray:
    """(H, W, 3), uint8 or float32 from 0 to 1; ValueError if the picture has no pixel or its scale is not known."""
    if 0 in picture.size:
        raise ValueError(f"it is {picture.width} × {picture.height} pixels large")
    if picture.mode == "F" or picture.mode.startswith("I"):
        return _deep(np.asarray(picture), picture.mode, file_format)
    if picture.has_transparency_data:
        layers = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", layers.size, "white"), layers)
    return np.asarray(picture.convert("RGB"))


def _deep(grey: np.ndarray, mode: str, file_format: str) -> np.ndarray:
    """Grey values (H, W) of more than 8 bits as a photo from 0 to 1. Pillow itself would cut them off at 255."""
    # "I" are 32 bits; only the readers of PNG and PGM use them for 16.
    white = 1.0 if mode == "F" else 65535.0 if mode.startswith("I;16") or file_format in ("PNG", "PPM") else None
    low, high = (float(bound(grey)) for bound in (np.min, np.max))
    if white is None or not 0 <= low <= high <= white:
        raise ValueError(f"its pixels are numbers from {low:g} to {high:g}, and nothing says which of them is white")
    return np.repeat((grey / white).astype(np.float32)[:, :, None], 3, axis=2)
