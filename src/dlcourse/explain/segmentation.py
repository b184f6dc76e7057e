"""Dividing a photo into the pieces that LIME switches on and off."""

import numpy as np

from dlcourse.explain import checks
from dlcourse.explain.fills import scale_of

METHODS = ("slic", "felzenszwalb", "quickshift", "grid")


def segment(photo: np.ndarray, count: int = 50, method: str = "slic") -> np.ndarray:
    """Segments (H, W) of a photo (H, W, 3), numbered from 0 without gaps; about `count` of them.

    "slic": k-means of colour and place (Achanta et al. 2012), pieces of about one size. "felzenszwalb": cuts where
    colours differ (Felzenszwalb & Huttenlocher 2004). "quickshift": climbs to the modes of colour and place (Vedaldi &
    Soatto 2008), the default of marcotcr/lime. "grid": rectangles, and nothing of the photo. The number is a wish.
    """
    photo = checks.array("segment", "photo", photo, "(H, W, 3)", lambda shape: len(shape) == 3 and shape[2] == 3)
    checks.whole("segment", "count", count, 1)
    checks.choice("segment", "method", method, METHODS)
    if photo.dtype not in (bool, np.uint8, np.uint16):  # scikit-image takes others for fractions of their type's range
        photo = photo / (scale_of(photo) or 1.0)
    return compact(_DIVIDE[method](photo, count))


def compact(segments: np.ndarray) -> np.ndarray:
    """The same segments numbered 0, 1, 2, … without gaps, in the order of their numbers.

    ValueError unless they are whole numbers of shape (H, W).
    """
    return compacted("compact", segments)


def compacted(who: str, segments) -> np.ndarray:
    """What `compact` returns, for the function that the learner called."""
    hint = "; .astype(int) makes whole numbers of floats"
    segments = checks.array(who, "segments", segments, "(H, W)", lambda shape: len(shape) == 2, kinds="biu", hint=hint)
    return np.unique(segments, return_inverse=True)[1].reshape(segments.shape)


def _grid(photo, count) -> np.ndarray:
    height, width = photo.shape[:2]
    rows = max(1, round(np.sqrt(count * height / width)))
    columns = max(1, round(count / rows))
    down, across = np.arange(height) * rows // height, np.arange(width) * columns // width
    return down[:, None] * columns + across


def _slic(photo, count) -> np.ndarray:
    from skimage.segmentation import slic

    # slic starts on a grid and then merges what is too small, so that a larger wish may come nearer.
    wishes = np.unique(np.round(count * np.linspace(0.9, 2.1, 13)).astype(int))
    found = [slic(photo, n_segments=n, compactness=10, start_label=0, channel_axis=-1) for n in wishes]
    return min(found, key=lambda segments: abs(len(np.unique(segments)) - count))


def _felzenszwalb(photo, count) -> np.ndarray:
    from skimage.segmentation import felzenszwalb

    smallest = max(1, photo.shape[0] * photo.shape[1] // (3 * count))
    return felzenszwalb(photo, scale=100, sigma=0.5, min_size=smallest)


def _quickshift(photo, count) -> np.ndarray:
    from skimage.segmentation import quickshift

    side = np.sqrt(photo.shape[0] * photo.shape[1] / count)
    return quickshift(photo, kernel_size=max(1.0, side / 6), max_dist=side, ratio=0.5, rng=0)


_DIVIDE = {"slic": _slic, "felzenszwalb": _felzenszwalb, "quickshift": _quickshift, "grid": _grid}
