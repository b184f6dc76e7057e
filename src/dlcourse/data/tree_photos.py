"""Tree or not, from photographs: patches of the photos that come with scikit-learn and scikit-image."""

from numbers import Integral

import numpy as np

from dlcourse.data.photos import photo
from dlcourse.data.splits import Part

HEIGHT, WIDTH = 100, 50  # of a patch
# Where the leaves fill the photo "china", and where there are none: rows from, to, columns from, to.
_TREES = {
    "train": ((310, 427, 340, 560), (327, 427, 0, 200)),
    "test": ((150, 427, 575, 640), (165, 270, 0, 62)),
}
_NO_TREES = {
    "train": ((0, 130, 0, 330), (0, 135, 330, 480), (40, 330, 90, 210)),
    "test": ((0, 130, 480, 640), (130, 330, 210, 330), (140, 300, 380, 540)),
}
_OTHERS = ("chelsea", "coffee", "rocket", "astronaut", "flower")
_SHARE = {"train": (0.0, 0.6), "test": (0.6, 1.0)}  # of the other photos' width


def tree_photos(part: str = "train", n: int = 800, seed: int = 0) -> Part:
    """n patches of photographs (n, 100, 50, 3) float32 from 0 to 1, 100 pixels high; class 1 shows a tree, 0 none.

    part: "train" or "test". Half of the patches (class 0 has the odd one) are of each class, in random order. Trees are
    those of the photo china: bushes and crowns in the middle and on the lower left for training, the tall tree on the
    right and the one on the left edge for the test. The others show its palace, sky and lake, the photos chelsea,
    coffee, rocket and astronaut, and the green leaves behind the flower. The two parts share no pixel; within a part
    patches overlap, so that they are far fewer than n in truth.
    """
    if part not in _TREES:
        raise ValueError(f'tree_photos: part must be "train" or "test"; got {part!r}.')
    if isinstance(n, bool) or not isinstance(n, Integral) or n < 2:
        raise ValueError(f"tree_photos: n must be a whole number of at least 2, one patch a class; got {n!r}.")
    rng = np.random.default_rng([seed, part == "test"])
    y = rng.permutation(np.arange(n) % 2)
    sources = _sources(part)
    x = np.stack([_patch(rng, *sources[label][rng.integers(len(sources[label]))]) for label in y])
    return Part(x, y.astype(np.int64))


def _sources(part: str) -> tuple[list, list]:
    """(picture, box) pairs without and with a tree."""
    china = photo("china")
    others = [(china, box) for box in _NO_TREES[part]]
    for name in _OTHERS:
        picture = photo(name)
        height, width = picture.shape[:2]
        left, right = (round(share * width) for share in _SHARE[part])
        others.append((picture, (0, height, left, right)))
    return others, [(china, box) for box in _TREES[part]]


def _patch(rng, picture, box) -> np.ndarray:
    top, bottom, left, right = box
    i, j = rng.integers(top, bottom - HEIGHT + 1), rng.integers(left, right - WIDTH + 1)
    return picture[i : i + HEIGHT, j : j + WIDTH]
