"""LIME for images: segments are switched off, and what is then left of the prediction tells what they were worth."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from dlcourse.explain.kernels import cosine_distance
from dlcourse.explain.lime import Explanation, ask, explain_samples
from dlcourse.explain.masks import sample_masks
from dlcourse.explain.segmentation import compact

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
    ridge_alpha: float | None = None,
    **options,
) -> ImageExplanation:
    """Explain predict(photos (N, H, W, C)) -> (N, classes) for one photo (H, W) or (H, W, C).

    segments (H, W): any labels, they are renumbered. labels: which classes, None for the `top` likeliest. fill: what a
    segment that is off shows, see `filled`. batch: photos a call; memory never holds more. masks (N, d): your own
    instead of sampled ones, the first all ones. Distance is the cosine's, 1 − √(k/d); kernel_width is 0.25 and
    ridge_alpha 1 unless given, but with sampling="exact" all masks count alike and nothing is shrunk, which gives
    the Banzhaf values. Further options: kernel, features, selection, as in `fit_local`.
    """
    photo, segments = np.asarray(photo), compact(segments)
    if photo.shape[:2] != segments.shape:
        raise ValueError(
            f"explain_image: segments must have shape {photo.shape[:2]}, the photo's; got {segments.shape}."
        )
    if batch < 1:
        raise ValueError(f"explain_image: batch must be at least 1; got {batch}.")
    d = int(segments.max()) + 1
    exact = sampling == "exact" and masks is None
    if masks is None:
        masks, options["groups"] = sample_masks(d, samples, sampling, seed)
    masks = _checked(masks, d)
    hidden = filled(photo, segments, fill)
    starts = range(0, len(masks), batch)
    outputs = [ask(predict, cover(photo, hidden, segments, masks[i : i + batch]), i) for i in starts]
    options["kernel_width"] = (np.inf if exact else KERNEL_WIDTH) if kernel_width is None else kernel_width
    options["ridge_alpha"] = (0.0 if exact else 1.0) if ridge_alpha is None else ridge_alpha
    names = [f"segment {number}" for number in range(d)]
    found = explain_samples(names, masks, np.concatenate(outputs), cosine_distance(masks), labels, top, **options)
    return ImageExplanation(**vars(found), segments=segments)


def filled(photo: np.ndarray, segments: np.ndarray, fill="mean") -> np.ndarray:
    """The photo with every segment switched off, in the photo's dtype.

    fill: "mean" paints each segment in its mean colour; a number or a colour paints all alike; a photo of the same
    shape, such as a blurred one, shows through.
    """
    photo = np.asarray(photo)
    if not isinstance(fill, str):
        try:
            return np.broadcast_to(np.asarray(fill), photo.shape).astype(photo.dtype)
        except ValueError:
            shape = np.shape(fill)
            raise ValueError(f"filled: fill must be a colour or a photo of shape {photo.shape}; got {shape}.") from None
    if fill != "mean":
        raise ValueError(f"filled: fill must be 'mean', a number, a colour or a photo; got {fill!r}.")
    flat, channels = segments.ravel(), photo.reshape(segments.size, -1)
    sums = np.stack([np.bincount(flat, weights=channel) for channel in channels.T], axis=-1)
    means = sums / np.bincount(flat)[:, None]  # (d, C)
    return means[flat].reshape(photo.shape).astype(photo.dtype)


def cover(photo: np.ndarray, hidden: np.ndarray, segments: np.ndarray, masks: np.ndarray) -> np.ndarray:
    """(N, H, W, C): for each mask the photo where its segment is on, `hidden` where it is off."""
    on = np.asarray(masks, bool)[:, segments]  # (N, H, W)
    return np.where(on.reshape(*on.shape, *[1] * (photo.ndim - 2)), photo, hidden)


def _checked(masks, d: int) -> np.ndarray:
    masks = np.asarray(masks)
    if masks.ndim != 2 or masks.shape[1] != d:
        raise ValueError(f"explain_image: masks must have shape (N, {d}), a column a segment; got {masks.shape}.")
    if not np.isin(masks, (0, 1)).all() or not (masks[:1] == 1).all():
        raise ValueError(
            "explain_image: masks must hold 0 and 1, and the first row must be all ones, the photo itself."
        )
    return masks
