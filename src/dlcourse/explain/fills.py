"""What a photo shows where a piece of it is switched off, in the photo's own numbers."""

import numpy as np

from dlcourse.explain import checks

NAMES = ("mean", "black", "grey", "white")
_SHARES = {"black": 0.0, "grey": 0.5, "white": 1.0}


def scale_of(photo: np.ndarray) -> float | None:
    """The number that is white in this photo; black is 0.

    uint8: 255, uint16: 65,535, bool: 1. Other numbers are judged by what they hold, from 0: up to 1 (floats, half a
    unit of overshoot allowed), else up to 255, else up to 65,535. None for any other, such as a photo that was
    standardised: it has no white.
    """
    if photo.dtype == bool or photo.dtype in (np.uint8, np.uint16):
        return 1.0 if photo.dtype == bool else float(np.iinfo(photo.dtype).max)
    low, high = photo.min(), photo.max()
    if photo.dtype.kind == "f" and low >= -0.5 and high <= 1.5:
        return 1.0
    return next((top for top in (255.0, 65535.0) if low >= 0 and high <= top), None)


def filled_for(who: str, photo: np.ndarray, segments: np.ndarray, fill) -> np.ndarray:
    """What `filled` returns, for the function that the learner called; segments (H, W) from 0 without gaps."""
    if isinstance(fill, str):
        if fill not in NAMES:
            words = ", ".join(map(repr, NAMES))
            raise ValueError(f"{who}: fill must be {words}, a number, a colour or a photo; got {fill!r}.")
        return _means(photo, segments) if fill == "mean" else np.full_like(photo, _named(who, photo, fill))
    channels = photo.shape[2:]
    known = ((), channels, photo.shape)
    colour = f"{channels} for a colour, " if channels else ""
    shape = f"() for a number, {colour}or {photo.shape} for a photo"
    values = checks.array(who, "fill", fill, shape, known.__contains__)
    if values.dtype == bool and photo.dtype != bool:
        raise TypeError(f"{who}: fill must be in the photo's own numbers, {photo.dtype}; {checks.got(fill)}.")
    _check_scale(who, photo, values)
    if photo.dtype.kind != "f":
        values = np.round(values)
    return np.broadcast_to(values, photo.shape).astype(photo.dtype)


def _named(who, photo, fill):
    top = scale_of(photo)
    if top is None or (fill == "grey" and top == 1 and photo.dtype == bool):
        raise ValueError(
            f"{who}: fill={fill!r} needs a photo with a white, such as uint8 or floats from 0 to 1; this one has "
            f"{photo.dtype} from {photo.min():g} to {photo.max():g}; give fill as a number or a colour."
        )
    value = _SHARES[fill] * top
    return value if photo.dtype.kind == "f" else round(value)


def _check_scale(who, photo, values) -> None:
    top = scale_of(photo)
    if top is None:
        return
    low, high = float(values.min()), float(values.max())
    if low < min(0, photo.min()) or high > max(top, photo.max()):
        came = f"{low:g}" if low == high else f"{low:g} to {high:g}"
        mend = "; divide it by 255, or give the photo as uint8" if top == 1 < high <= 255 and low >= 0 else ""
        raise ValueError(
            f"{who}: fill must lie in 0 to {top:g}, the scale of this photo of {photo.dtype}; got {came}{mend}."
        )
    if top > 1 and values.dtype.kind == "f" and 0 < high <= 1:
        raise ValueError(
            f"{who}: fill must be in the photo's own numbers, 0 to {top:g}, where {high:g} is nearly black; multiply "
            f"it by {top:g}, or name it: 'black', 'grey', 'white'."
        )
    if photo.dtype == bool and not np.isin(values, (0, 1)).all():
        raise ValueError(f"{who}: fill must be 0 or 1 for a photo of bool; got {low:g} to {high:g}.")


def _means(photo, segments) -> np.ndarray:
    """Each segment in its mean colour; whole numbers are cut off, as the authors do, and bool is rounded."""
    flat, channels = segments.ravel(), photo.reshape(segments.size, -1)
    sums = np.stack([np.bincount(flat, weights=channel) for channel in channels.T], axis=-1)
    means = sums / np.bincount(flat)[:, None]  # (d, C)
    means = means >= 0.5 if photo.dtype == bool else means
    return means[flat].reshape(photo.shape).astype(photo.dtype)
