"""Rows of small images: photographs, filters, feature maps, with boxes around what was found in them."""

import numpy as np
from matplotlib.patches import Rectangle

from dlcourse.labs.drawing import axes_at, blank_axes
from dlcourse.labs.palette import INK, LARGE, NORMAL, ORANGE, SMALL
from dlcourse.labs.picture import Picture
from dlcourse.labs.pixels import Pixels, grey_rgb, signed_rgb

_GAP, _LEFT, _TITLE, _CAPTION = 8, 12, 26, 16  # pixels


def images(alt: str, rows: dict, size: int = 64, boxes: dict | None = None) -> Picture:
    """Rows of images of `size` CSS pixels, each row under its title.

    rows: title -> images, each an array or a pair (caption, array). An array is (H, W, 3) from 0 to 1 in colour, or
    (H, W): grey from 0 to 1, or blue to orange about 0 if it has negative numbers, scaled to its largest.
    boxes: title -> for each image a list of (top, left, height, width, label), in pixels of the image.
    """
    rows = {title: [_pair(image) for image in found] for title, found in rows.items()}
    if not rows or not all(rows.values()):
        raise ValueError("images: expected at least one row with at least one image; got an empty one.")
    captioned = {title: any(caption for caption, _ in found) for title, found in rows.items()}
    heights = [_TITLE + size + _CAPTION * captioned[title] for title in rows]
    widest = max(len(found) for found in rows.values())
    width = max(_LEFT + widest * (size + _GAP) + 4, 8 * max(map(len, rows)) + 2 * _LEFT)
    picture = Picture(alt, width, sum(heights) + 8)
    page, top = blank_axes(picture.figure, (0, 0, width, sum(heights) + 8)), 0
    for (title, found), height in zip(rows.items(), heights, strict=True):
        page.text(_LEFT, top + _TITLE - 6, title, fontsize=LARGE, color=INK)
        for place, (caption, array) in enumerate(found):
            left = _LEFT + place * (size + _GAP)
            axes = _image(picture.figure, (left, top + _TITLE, size, size), array)
            for box in (boxes or {}).get(title, [()] * len(found))[place]:
                _box(axes, *box)
            page.text(left, top + _TITLE + size + 12, caption, fontsize=SMALL, color=INK)
        top += height
    return picture


def _pair(image) -> tuple[str, np.ndarray]:
    caption, array = image if isinstance(image, tuple) else ("", image)
    array = np.asarray(array, float)
    if array.ndim not in (2, 3) or (array.ndim == 3 and array.shape[2] != 3):
        raise ValueError(f"images: an image must have shape (H, W) or (H, W, 3); got {array.shape}.")
    return caption, array


def _image(figure, box, array: np.ndarray):
    height, width = array.shape[:2]
    axes = axes_at(figure, box, (0, width), (height, 0))
    axes.set(xticks=[], yticks=[])
    if array.ndim == 3:
        rgb = (255 * np.clip(array, 0, 1)).round().astype(np.uint8)
    else:
        rgb = signed_rgb(array, np.abs(array).max()) if array.min() < 0 else grey_rgb(array)
    Pixels(axes).show(rgb)
    return axes


def _box(axes, top: float, left: float, height: float, width: float, label: str = "") -> None:
    for colour, line in ((INK, 3), (ORANGE, 1.6)):
        axes.add_patch(Rectangle((left, top), width, height, facecolor="none", edgecolor=colour, linewidth=line))
    style = {"facecolor": INK, "edgecolor": "none", "pad": 1.5}
    if label:
        place = max(left, 0) + 0.4, max(top, 0) + 0.4  # inside the image, where the box reaches over its edge
        axes.text(*place, label, fontsize=NORMAL, color=ORANGE, va="top", bbox=style)
