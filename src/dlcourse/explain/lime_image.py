"""LIME for images: segments are switched off, and what is then left of the prediction tells what they were worth."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from dlcourse.explain import checks
from dlcourse.explain.asking import ask
from dlcourse.explain.fills import filled_for
from dlcourse.explain.kernels import cosine_distance, exponential
from dlcourse.explain.lime import Explanation, explain_samples, fit_options
from dlcourse.explain.masks import SAMPLING, draw_masks
from dlcourse.explain.segmentation import compacted

KERNEL_WIDTH = 0.25


@dataclass(frozen=True, repr=False)
class ImageExplanation(Explanation):
    """An Explanation whose features are segments; segments: (H, W), numbered from 0 without gaps."""

    segments: np.ndarray

    def heat(self, label: int | None = None) -> np.ndarray:
        """(H, W): the coefficient of the segment that each pixel lies in."""
        return self.coefficients(label)[self.segments]


def explain_image(
    photo: np.ndarray,
    predict: Callable[[np.ndarray], np.ndarray],
    segments: np.ndarray,
    labels: Sequence[int] | None = None,
    *,
    top: int = 1,
    samples: int = 1000,
    sampling: str = "paired",
    seed: int = 0,
    fill="mean",
    batch: int = 32,
    masks: np.ndarray | None = None,
    kernel_width: float | None = None,
    kernel: Callable[[np.ndarray, float], np.ndarray] = exponential,
    features: int | None = None,
    selection: str = "auto",
    ridge_alpha: float | None = None,
) -> ImageExplanation:
    """Explain predict(photos (N, H, W, C)) -> (N, classes) for one photo (H, W) or (H, W, C).

    segments (H, W): any labels, they are renumbered. labels: which classes, None for the `top` likeliest. fill: what a
    segment that is off shows, see `filled`. batch: photos per call; memory never holds more. masks (N, d): your own
    instead of sampled ones, the first all ones. Distance is the cosine's, 1 − √(k/d); kernel_width is 0.25 and
    ridge_alpha 1 unless given, but with sampling="exact" all masks count alike and nothing is shrunk, which gives
    the Banzhaf values. kernel, features, selection: as in `fit_local`. ValueError and TypeError name the argument that
    is wrong.
    """
    who = "explain_image"
    photo, segments = _photo(who, photo), compacted(who, segments)
    if photo.shape[:2] != segments.shape:
        raise ValueError(f"{who}: segments must have shape {photo.shape[:2]}, the photo's; got {segments.shape}.")
    checks.function(who, "predict", predict, "photos (N, H, W, C)")
    labels = checks.labels(who, labels)
    for name, value in (("top", top), ("batch", batch)):
        checks.whole(who, name, value, 1)
    d = int(segments.max()) + 1
    exact = checks.choice(who, "sampling", sampling, SAMPLING) == "exact" and masks is None
    masks, groups = draw_masks(who, d, samples, sampling, seed) if masks is None else (_masks(who, masks, d), None)
    options = fit_options(
        who, kernel=kernel, features=features, selection=selection,
        kernel_width=(np.inf if exact else KERNEL_WIDTH) if kernel_width is None else kernel_width,
        ridge_alpha=(0.0 if exact else 1.0) if ridge_alpha is None else ridge_alpha,
    )  # fmt: skip
    hidden = filled_for(who, photo, segments, fill)
    starts = range(0, len(masks), batch)
    outputs = [ask(who, predict, _covered(photo, hidden, segments, masks[i : i + batch]), i) for i in starts]
    names = [f"segment {number}" for number in range(d)]
    outputs, distances = np.concatenate(outputs), cosine_distance(masks)
    found = explain_samples(who, names, masks, outputs, distances, labels, top, options, groups)
    return ImageExplanation(**vars(found), segments=segments)


def filled(photo: np.ndarray, segments: np.ndarray, fill="mean") -> np.ndarray:
    """The photo (H, W) or (H, W, C) with every segment switched off, in the photo's dtype.

    fill: "mean" paints each segment in its mean colour; "black", "grey" and "white" paint all alike, and so does a
    number or a colour (C,) in the photo's own numbers: 0 to 255 for uint8, 0 to 65,535 for uint16, 0 to 1 or 0 to 255
    for floats, whichever the photo keeps to. A photo of the same shape, such as a blurred one, shows through. A fill
    outside the photo's scale is a ValueError; so is a fraction such as 0.5 where white is 255.
    """
    photo, segments = _photo("filled", photo), compacted("filled", segments)
    if photo.shape[:2] != segments.shape:
        raise ValueError(f"filled: segments must have shape {photo.shape[:2]}, the photo's; got {segments.shape}.")
    return filled_for("filled", photo, segments, fill)


def cover(photo: np.ndarray, hidden: np.ndarray, segments: np.ndarray, masks: np.ndarray) -> np.ndarray:
    """(N, H, W, C): for each mask (d,) the photo where its segment is on, `hidden` where it is off.

    segments (H, W), whole numbers below d.
    """
    who = "cover"
    photo = _photo(who, photo)
    hidden = checks.array(who, "hidden", hidden, f"{photo.shape}, the photo's", photo.shape.__eq__)
    wanted = f"{photo.shape[:2]}, the photo's"
    segments = checks.array(who, "segments", segments, wanted, photo.shape[:2].__eq__, kinds="biu").astype(int)
    if segments.min() < 0:
        raise ValueError(f"cover: segments must be numbered from 0; got {segments.min()}.")
    d = int(segments.max()) + 1
    masks = checks.array(who, "masks", masks, f"(N, {d}) or more columns", lambda s: len(s) == 2 and s[1] >= d)
    if not np.isin(masks, (0, 1)).all():
        raise ValueError("cover: masks must hold 0 and 1.")
    return _covered(photo, hidden, segments, masks)


def _covered(photo, hidden, segments, masks) -> np.ndarray:
    on = masks.astype(bool)[:, segments]  # (N, H, W)
    return np.where(on.reshape(*on.shape, *[1] * (photo.ndim - 2)), photo, hidden)


def _photo(who: str, photo) -> np.ndarray:
    return checks.array(who, "photo", photo, "(H, W) or (H, W, C)", lambda shape: len(shape) in (2, 3))


def _masks(who: str, masks, d: int) -> np.ndarray:
    masks = checks.array(who, "masks", masks, f"(N, {d}), one column per segment", lambda s: len(s) == 2 and s[1] == d)
    if not np.isin(masks, (0, 1)).all() or not (masks[0] == 1).all():
        raise ValueError(f"{who}: masks must hold 0 and 1, and the first row must be all ones, the photo itself.")
    return masks
