"""Features for MNIST-1D made by hand: how well each of the ten known shapes fits anywhere in a signal."""

from functools import cache

import numpy as np

WIDTHS = (7, 8, 9, 10)  # places that a shape takes up in a signal of 40, by the recipe


@cache
def filters(width: int) -> np.ndarray:
    """The ten shapes of the recipe, `width` numbers long, without mean and tilt, of length 1: (10, width).

    Without mean and tilt a filter does not see how high a signal lies or that it is sheared.
    """
    from mnist1d.data import get_templates  # its import loads pyplot

    shapes = get_templates()["x"]
    narrow = np.stack([np.interp(np.linspace(0, 11, width), np.arange(12), shape) for shape in shapes])
    line = np.stack([np.ones(width), np.arange(width) - (width - 1) / 2])
    narrow -= narrow @ np.linalg.pinv(line) @ line
    return narrow / np.linalg.norm(narrow, axis=1, keepdims=True)


def matched_filters(x) -> np.ndarray:
    """Signals (N, 40) -> features (N, 40) float32: the best fit of each shape, over all places, in each of four widths.

    What an expert would do who knows how the signals arise: slide each known shape along the signal and keep the
    largest sum of products (the matched filter of radar). It is a convolution with forty kernels that nobody trained,
    and max pooling over all places. ValueError if x is no table of signals.
    """
    x = np.asarray(x, float)
    if x.ndim != 2 or x.shape[1] < max(WIDTHS):
        raise ValueError(f"matched_filters: x must have shape (N, L) with L from {max(WIDTHS)}; got {x.shape}.")
    windows = [np.lib.stride_tricks.sliding_window_view(x, width, axis=1) for width in WIDTHS]  # (N, places, width)
    fits = [(window @ filters(width).T).max(axis=1) for window, width in zip(windows, WIDTHS, strict=True)]
    return np.concatenate(fits, axis=1).astype(np.float32)
