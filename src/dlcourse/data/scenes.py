"""Pictures in which every pixel has an answer: pages with digits to find, mosaics of textures to tell apart."""

from numbers import Integral

import numpy as np

from dlcourse.data.images import digit_images
from dlcourse.data.photos import photo
from dlcourse.data.splits import Part, Split

_SIDE = 8  # pixels of a digit
_BANDS = {"train": (0.0, 0.6), "validation": (0.6, 0.8), "test": (0.8, 1.0)}  # as in `photos.patches`


def digit_pages(counts=(400, 0, 100), size: int = 24, digits: int = 2, seed: int = 0) -> Split:
    """Noisy pages with digits of 8 × 8 pixels at random places that do not overlap: where are they, and which?

    Returns x (N, 1, size, size) float32 and y (N, size, size) int64: 0 nearly everywhere, and 1 + the digit at the
    pixel in the middle of each, row and column 4 of its 8. counts: pages of the three parts; each part takes its digits
    from its own rows of `digits`. size: at least 16, with room for all digits.
    """
    _check_counts("digit_pages", counts)
    if not isinstance(size, Integral) or size < 2 * _SIDE:
        raise ValueError(f"digit_pages: size must be a whole number from {2 * _SIDE}; got {size!r}.")
    most = (size // (2 * _SIDE)) ** 2 + 1
    if not isinstance(digits, Integral) or not 0 <= digits <= most:
        raise ValueError(f"digit_pages: digits must be from 0 to {most}, or they may find no room; got {digits!r}.")
    rng, images = np.random.default_rng(seed), digit_images()
    rows = np.split(rng.permutation(len(images.y)), [1078, 1437])  # 60, 20 and 20%
    return Split(*(_pages(rng, images, own, n, size, digits) for own, n in zip(rows, counts, strict=True)))


def _pages(rng, images: Part, rows, count: int, size: int, digits: int) -> Part:
    x = np.abs(rng.normal(0, 0.1, (count, 1, size, size))).astype(np.float32)
    y = np.zeros((count, size, size), np.int64)
    for page, answer in zip(x[:, 0], y, strict=True):
        for top, left in _places(rng, size, digits):
            row = rng.choice(rows)
            window = page[top : top + _SIDE, left : left + _SIDE]
            np.maximum(window, images.x[row, 0], out=window)
            answer[top + 4, left + 4] = 1 + images.y[row]
    return Part(x, y)


def _places(rng, size: int, digits: int) -> np.ndarray:
    """Upper left corners (digits, 2) of squares that do not overlap; drawn anew, all of them, until they do not."""
    while True:
        places = rng.integers(0, size - _SIDE + 1, (digits, 2))
        apart = np.abs(places[:, None] - places[None]).max(axis=2) + _SIDE * np.eye(digits, dtype=int)
        if not digits or apart.min() >= _SIDE:
            return places


def texture_mosaics(counts=(300, 0, 60), size: int = 32, names=("grass", "brick"), seed: int = 0) -> Split:
    """Pictures of two textures with a straight border between them: which texture is each pixel?

    Returns x (N, 1, size, size) float32, each texture with mean 0 and deviation 1, and y (N, size, size) int64, the
    index in `names`. As in `textures`, the parts are cut from different bands of each photograph.
    """
    _check_counts("texture_mosaics", counts)
    names = tuple(names)
    if len(set(names)) != len(names) or len(names) < 2:
        raise ValueError(f"texture_mosaics: names must be two or more different textures; got {names}.")
    rng, photos = np.random.default_rng(seed), [photo(name) for name in names]
    for name, picture in zip(names, photos, strict=True):
        if picture.ndim != 2 or not 1 <= size <= 0.2 * picture.shape[1] - 1:
            most = int(0.2 * picture.shape[1] - 1)
            raise ValueError(f"texture_mosaics: expected grey textures and size up to {most}; got {name} and {size}.")
    photos = [(picture - picture.mean()) / picture.std() for picture in photos]
    return Split(*(_mosaics(rng, photos, b, n, size) for b, n in zip(_BANDS.values(), counts, strict=True)))


def _mosaics(rng, photos, band, count: int, size: int) -> Part:
    x, y = np.zeros((count, 1, size, size), np.float32), np.zeros((count, size, size), np.int64)
    rows, columns = np.indices((size, size)) - (size - 1) / 2
    for picture, answer in zip(x[:, 0], y, strict=True):
        angle, offset = rng.uniform(0, 2 * np.pi), rng.uniform(-size / 4, size / 4)
        side = np.cos(angle) * rows + np.sin(angle) * columns > offset
        for part, label in zip((side, ~side), rng.permutation(len(photos))[:2], strict=True):
            height, width = photos[label].shape
            low, high = (round(share * width) for share in band)
            top, left = rng.integers(0, height - size + 1), rng.integers(low, high - size + 1)
            picture[part] = photos[label][top : top + size, left : left + size][part]
            answer[part] = label
    return Part(x, y)


def _check_counts(who: str, counts) -> None:
    counts = tuple(counts)
    if len(counts) != 3 or any(not isinstance(n, Integral) or isinstance(n, bool) or n < 0 for n in counts):
        raise ValueError(f"{who}: counts must be three whole numbers from 0, one for each part; got {counts}.")
