"""Photos to look at: those of `dlcourse.data`, or a file."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from dlcourse import data

PHOTOS = (*data.SCENES, "china", "flower")


def open_photo(name: str) -> np.ndarray:
    """A photo (H, W, 3): one of PHOTOS, float32 from 0 to 1, or a picture file of any format that Pillow reads, uint8.

    A file is turned upright as its camera noted. ValueError if there is no such file or it is no picture.
    """
    if name in PHOTOS:
        return data.photo(name)
    path = Path(name)
    if not path.is_file():
        raise ValueError(f"--image: expected one of {', '.join(PHOTOS)}, or a picture file; there is no file {name!r}.")
    try:
        with Image.open(path) as picture:
            return np.asarray(ImageOps.exif_transpose(picture).convert("RGB"))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise ValueError(f"--image: {path} cannot be read as a picture ({error}); save it as PNG or JPEG.") from error
