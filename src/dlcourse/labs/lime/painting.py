"""The photo of LimeLab as pixels: covered, or tinted by what each superpixel is worth, with its borders."""

from functools import cache

import numpy as np

from dlcourse import explain
from dlcourse.labs.lime.answers import answers, covering, picture
from dlcourse.labs.palette import BLUE, ORANGE

ENLARGED = 2


def covered(photo: str, count: int, fill: str, mask: np.ndarray) -> np.ndarray:
    """(256, 256, 3) uint8: the photo with the superpixels off whose mask is 0."""
    segments = answers(photo, count, fill).segments
    shown = explain.cover(picture(photo), covering(photo, count, fill), segments, mask[None])[0]
    rgb = _enlarged(shown)
    rgb[_borders(photo, count)] = 255
    return rgb


def tinted(photo: str, count: int, fill: str, coefficients: np.ndarray, sure: np.ndarray, most: float) -> np.ndarray:
    """(256, 256, 3) uint8: the photo pale, and over it orange stripes for, blue stripes against the class.

    sure (d,) of bool: superpixels whose coefficient stands out of its error; the others stay pale.
    """
    heat = np.where(sure, coefficients, 0.0)[_large_segments(photo, count)]
    rgb = tint(_enlarged(picture(photo)), heat, most)
    rgb[_borders(photo, count)] = 255
    return rgb


def tint(rgb: np.ndarray, heat: np.ndarray, most: float) -> np.ndarray:
    """A photo (H, W, 3) uint8, pale, under heat (H, W): orange stripes that rise where it is above 0, blue ones that
    fall where it is below, full colour at ±most."""
    rows, columns = np.ogrid[: rgb.shape[0], : rgb.shape[1]]
    heat = np.asarray(heat, np.float32)
    striped = np.where(heat < 0, rows - columns, rows + columns) % 8 < 2
    pale = 0.45 * rgb.mean(axis=2, keepdims=True, dtype=np.float32) + 140
    colour = np.where((heat < 0)[..., None], _rgb(BLUE), _rgb(ORANGE))
    share = np.clip(np.abs(heat) / most, 0, 1) * 0.75
    share = np.where(striped & (share > 0.05), np.maximum(share, 0.15) + 0.25, share)[..., None]
    return np.round(pale + share * (colour - pale)).astype(np.uint8)


def outline(photo: str, count: int, number: int) -> np.ndarray:
    """(256, 256) of bool: the inner border of one superpixel."""
    inside = np.pad(_large_segments(photo, count) == number, 2)
    core = inside.copy()
    for _ in range(2):
        shifted = np.logical_and.reduce([np.roll(core, step, axis) for step in (-1, 1) for axis in (0, 1)])
        core = core & shifted
    return (inside & ~core)[2:-2, 2:-2]


@cache
def _large_segments(photo: str, count: int) -> np.ndarray:
    segments = answers(photo, count, "black").segments
    return segments.repeat(ENLARGED, axis=0).repeat(ENLARGED, axis=1)


@cache
def _borders(photo: str, count: int) -> np.ndarray:
    segments = _large_segments(photo, count)
    right, below = segments != np.roll(segments, -1, axis=1), segments != np.roll(segments, -1, axis=0)
    right[:, -1], below[-1] = False, False
    return right | below


def _enlarged(photo: np.ndarray) -> np.ndarray:
    rgb = np.round(255 * photo).astype(np.uint8)
    return rgb.repeat(ENLARGED, axis=0).repeat(ENLARGED, axis=1)


def _rgb(colour: str) -> np.ndarray:
    return np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)], np.float32)
