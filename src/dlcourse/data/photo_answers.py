"""What a network said of two photos with pieces covered, kept in a file so that a lab can answer at once."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from dlcourse.data.files import read_arrays

FILLS = ("mean colour", "black", "blurred")
COUNTS = (8, 20, 50)  # segments asked for; what slic made of them differs a little
SEEDS = 10


@dataclass(frozen=True)
class PhotoAnswers:
    """Of one photo, number of segments and fill.

    photo: (128, 128, 3) float32 from 0 to 1; segments: (128, 128) int, from 0; masks: (seeds, samples, d) of uint8,
    drawn as LIME draws them, the photo first; probabilities: (seeds, samples, 3) float64 of the classes named. With
    the fewest segments there is one "seed", which holds every mask.
    """

    photo: np.ndarray
    segments: np.ndarray
    masks: np.ndarray
    probabilities: np.ndarray
    class_names: tuple[str, ...]


@cache
def photo_answers(name: str, count: int, fill: str) -> PhotoAnswers:
    """EfficientNet-Lite0's answers about "chelsea" or "coffee", 128 × 128 pixels, with segments covered.

    count: one of COUNTS; fill: one of FILLS. `tools/make_photo_answers.py` makes the file. ValueError if it is damaged.
    """
    if name not in ("chelsea", "coffee") or count not in COUNTS or fill not in FILLS:
        raise ValueError(
            f"photo_answers: expected chelsea or coffee, one of {COUNTS} segments and one of {', '.join(FILLS)}; "
            f"got {name!r}, {count!r}, {fill!r}."
        )
    arrays = read_arrays("photo_answers.npz")
    segments = arrays[f"{name}.{count}.segments"].astype(int)
    seeds, d = 1 if count == COUNTS[0] else SEEDS, segments.max() + 1
    masks = np.unpackbits(arrays[f"{name}.{count}.masks"], axis=1, count=d)
    probabilities = arrays[f"{name}.{count}.{fill}"] / 65535
    names = tuple(str(label) for label in arrays[f"{name}.classes"])
    photo = (arrays[f"{name}.photo"] / 255).astype(np.float32)
    return PhotoAnswers(photo, segments, masks.reshape(seeds, -1, d), probabilities.reshape(seeds, -1, 3), names)


def fill_of(fill: str, photo: np.ndarray):
    """What `explain.filled` needs for one of FILLS: "mean", 0, or the photo (H, W, 3) blurred over a tenth of it."""
    if fill not in FILLS:
        raise ValueError(f"fill_of: expected one of {', '.join(FILLS)}; got {fill!r}.")
    if fill == "mean colour":
        return "mean"
    if fill == "black":
        return 0.0
    from skimage.filters import gaussian

    return gaussian(photo, sigma=photo.shape[0] / 10, channel_axis=-1)
