"""One flower in four representations."""

import numpy as np

from dlcourse.labs.drawing import arrow, axes_at, blank_axes
from dlcourse.labs.palette import BLUE, GREY, INK, NORMAL, ORANGE_TEXT, SMALL
from dlcourse.labs.picture import Picture
from dlcourse.labs.pixels import Pixels, grey_rgb

_SIDE, _TOP, _LEFTS = 150, 34, (20, 222, 424, 626)  # pixels
_TITLES = ("1  pixels", "2  table of features", "3  category, one-hot", "4  embedding")


def four_ways(photo: np.ndarray, features: dict, category: dict, embedding: np.ndarray) -> Picture:
    """A photo (H, W, 3), its features name -> number, its category name -> 0 or 1, and an embedding of 1,280 numbers.

    Below them stands who decides what is kept. ValueError unless the embedding fills 32 × 40 cells.
    """
    embedding = np.asarray(embedding, float)
    if embedding.shape != (1280,):
        raise ValueError(f"four_ways: embedding must have shape (1280,), drawn as 32 × 40; got {embedding.shape}.")
    words = (
        "One flower four ways: a photo, a table of its mean colours, a column of zeros with a single one, and a grey "
        "pattern of 1,280 numbers; people decide more and more from the first to the third, nobody in the fourth"
    )
    picture = Picture(words, 800, 250)
    for left, title in zip(_LEFTS, _TITLES, strict=True):
        blank_axes(picture.figure, (left, _TOP, _SIDE, _SIDE), title)
    _pixels(picture, _LEFTS[0], (255 * photo[::2, ::2]).round().astype(np.uint8))  # a smaller file
    _rows(picture, _LEFTS[1], {name: f"{value:.2f}" for name, value in features.items()})
    _rows(picture, _LEFTS[2], {name: f"{value:.0f}" for name, value in category.items()})
    _pixels(picture, _LEFTS[3], grey_rgb(embedding.reshape(32, 40) / embedding.max()))
    _deciders(picture, photo.size)
    return picture


def _pixels(picture: Picture, left: int, rgb: np.ndarray) -> None:
    height, width = rgb.shape[:2]
    axes = axes_at(picture.figure, (left, _TOP, _SIDE, _SIDE), (0, width), (height, 0))
    axes.set(xticks=[], yticks=[])
    Pixels(axes).show(rgb)


def _rows(picture: Picture, left: int, table: dict) -> None:
    axes = blank_axes(picture.figure, (left, _TOP, _SIDE, _SIDE))
    for row, (name, value) in enumerate(table.items()):
        chosen = value == "1"
        colour = ORANGE_TEXT if chosen else INK
        axes.text(0, 14 + 24 * row, name, fontsize=NORMAL, color=colour, va="center")
        axes.text(_SIDE, 14 + 24 * row, value, fontsize=NORMAL, color=colour, va="center", ha="right")


def _deciders(picture: Picture, size: int) -> None:
    page = blank_axes(picture.figure, (0, 0, 800, 250))
    notes = (f"{size:,} numbers", "what somebody measured", "what somebody named", "1,280 numbers")
    for left, note in zip(_LEFTS, notes, strict=True):
        page.text(left, _TOP + _SIDE + 16, note, fontsize=SMALL, color=GREY, va="center")
    arrow(page, (20, 226), (574, 226), BLUE)
    style = {"fontsize": NORMAL, "va": "center", "ha": "center"}
    page.text(297, 238, "people decide more and more of what is kept", color=INK, **style)
    page.text(701, 232, "nobody decides: learned", color=INK, **style)
