"""Photographs and textures that ship with scikit-image and scikit-learn, and patches of them."""

from collections.abc import Mapping
from numbers import Integral

import numpy as np

from dlcourse.data.splits import Part, Split

_SKIMAGE = ("chelsea", "coffee", "rocket", "astronaut", "grass", "brick", "gravel")
_SKLEARN = ("china", "flower")
PHOTOS = (*_SKIMAGE, *_SKLEARN)
TEXTURES = ("grass", "brick", "gravel")
SCENES = ("chelsea", "coffee", "rocket", "astronaut")
_BANDS = {"train": (0.0, 0.6), "validation": (0.6, 0.8), "test": (0.8, 1.0)}  # shares of a picture's width


def photo(name: str) -> np.ndarray:
    """A photograph as float32 from 0 to 1: (H, W, 3) red, green, blue; the textures (H, W) grey.

    | name | picture | H × W | licence |
    | --- | --- | --- | --- |
    | chelsea | a cat, by Stefan van der Walt | 300 × 451 | CC0 |
    | coffee | a cup, by Rachel Michetti | 400 × 600 | CC0 |
    | rocket | a Falcon 9 at its launch, by SpaceX | 427 × 640 | public domain |
    | astronaut | Eileen Collins, by NASA | 512 × 512 | public domain |
    | grass, brick, gravel | textures: linolafett, CC0Textures | 512 × 512 | CC0 |
    | china | a palace among trees, by danielbuechele | 427 × 640 | CC BY 2.0 |
    | flower | a dahlia, by vultilion | 427 × 640 | CC BY 2.0 |

    All of them come inside the two packages; nothing is downloaded.
    """
    if name not in PHOTOS:
        raise ValueError(f"photo: expected one of {', '.join(PHOTOS)}; got {name!r}.")
    if name in _SKLEARN:
        from sklearn.datasets import load_sample_image

        picture = load_sample_image(f"{name}.jpg")
    else:
        import skimage.data

        picture = getattr(skimage.data, name)()
    return (picture / 255).astype(np.float32)


def textures(size: int = 32, counts: tuple[int, int, int] = (200, 60, 60), seed: int = 0) -> Split:
    """Grey patches (N, 1, size, size) of grass (class 0), brick (1) and gravel (2); `counts` a class and part.

    Training patches come from the left 60% of each photograph, validation patches from the next 20%, test patches
    from the last: no pixel is in two parts. Within a part patches may overlap. See `patches`.
    """
    return patches({name: photo(name) for name in TEXTURES}, size, counts, seed)


def photo_patches(size: int = 32, counts: tuple[int, int, int] = (200, 60, 60), seed: int = 0) -> Split:
    """Colour patches (N, 3, size, size) of the photographs chelsea (0), coffee (1), rocket (2) and astronaut (3).

    Divided as in `textures`: the right fifth of each picture is the test. That is harder than it looks, because the
    right side of a photograph need not show what its left side shows.
    """
    return patches({name: photo(name) for name in SCENES}, size, counts, seed)


def patches(
    pictures: Mapping[str, np.ndarray], size: int, counts: tuple[int, int, int] = (200, 60, 60), seed: int = 0
) -> Split:
    """Square patches of several pictures, one class a picture, in a split that shares no pixel among its parts.

    pictures: name -> (H, W) or (H, W, 3). Each is cut into three upright bands of 60, 20 and 20% of its width, for
    training, validation and test. A patch lies wholly within a band, its place is drawn uniformly. counts: patches a
    class for the three parts. Returns x (N, C, size, size) float32 and y (N,) int64, in random order.
    """
    counts = tuple(counts)
    if len(counts) != 3 or any(not isinstance(n, Integral) or isinstance(n, bool) or n < 0 for n in counts):
        raise ValueError(f"patches: counts must be three whole numbers from 0, one for each part; got {counts}.")
    if not isinstance(size, Integral) or isinstance(size, bool) or size < 1:
        raise ValueError(f"patches: size must be a whole number of pixels from 1; got {size!r}.")
    for name, picture in pictures.items():
        _check_room(name, picture, size)
    rng = np.random.default_rng(seed)
    parts = []
    for band, count in zip(_BANDS.values(), counts, strict=True):
        cut = [_cut(rng, picture, band, size, count) for picture in pictures.values()]
        x, y = np.concatenate(cut), np.repeat(np.arange(len(cut)), count)
        order = rng.permutation(len(y))
        parts.append(Part(x[order], y[order]))
    return Split(*parts)


def _check_room(name, picture, size) -> None:
    height, width = picture.shape[:2]
    narrowest = min(round(high * width) - round(low * width) for low, high in _BANDS.values())
    if size > min(height, narrowest):
        raise ValueError(
            f"patches: size must be at most {min(height, narrowest)}, because {name} is {height} pixels high and its "
            f"narrowest part {narrowest} wide; got {size}."
        )


def _cut(rng, picture, band, size, count) -> np.ndarray:
    """`count` patches (count, C, size, size) of one band of a picture."""
    height, width = picture.shape[:2]
    left, right = (round(share * width) for share in band)
    tops = rng.integers(0, height - size + 1, count)
    lefts = rng.integers(left, right - size + 1, count)
    channels = np.atleast_3d(picture).transpose(2, 0, 1)  # (C, H, W)
    found = [channels[:, i : i + size, j : j + size] for i, j in zip(tops, lefts, strict=True)]
    return np.array(found, np.float32).reshape(count, len(channels), size, size)
