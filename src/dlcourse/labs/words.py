"""Many short texts as one artist, drawn by Pillow: several times faster than one Matplotlib Text each."""

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from matplotlib import font_manager
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from PIL import Image, ImageDraw, ImageFont

from dlcourse.labs.palette import INK, NORMAL, PAPER

_ANCHORS = {"left": "lm", "center": "mm", "right": "rm"}


@dataclass(frozen=True)
class Word:
    """A text at (x, y) in data coordinates of its axes, y at half the height of the letters; size in points."""

    x: float
    y: float
    text: str
    colour: str = INK
    size: float = NORMAL
    align: str = "center"


class Words(Artist):
    """All the changing texts of some axes; `update` replaces them. In the font of every picture, DejaVu Sans.

    halo: pixels of paper around each letter, for texts over lines and colours.
    """

    def __init__(self, axes: Axes, zorder: float = 4, halo: int = 0):
        super().__init__()
        self._words: list[Word] = []
        self._halo = halo
        self.set_zorder(zorder)
        axes.add_artist(self)

    def update(self, words) -> None:
        """words: the texts to show from now on."""
        self._words = [word for word in words if word.text]

    @property
    def texts(self) -> list[str]:
        """What stands there, in the order given."""
        return [word.text for word in self._words]

    def draw(self, renderer) -> None:
        by_colour = defaultdict(list)
        for word in self._words:
            by_colour[word.colour].append(word)
        if self._halo and self._words:
            self._draw(renderer, PAPER, self._words, self._halo)
        for colour, words in by_colour.items():
            self._draw(renderer, colour, words, 0)

    def _draw(self, renderer, colour: str, words: list[Word], stroke: int) -> None:
        """Words of one colour, their letters thicker by `stroke` pixels on each side."""
        height, width = int(renderer.height), int(renderer.width)
        pixels_a_point = self.axes.figure.dpi / 72
        mask = Image.new("L", (width, height))
        draw = ImageDraw.Draw(mask)
        places = self.axes.transData.transform([(word.x, word.y) for word in words])
        for word, (x, y) in zip(words, places, strict=True):
            font, anchor = _font(word.size * pixels_a_point), _ANCHORS[word.align]
            draw.text((x, height - y), word.text, 255, font, anchor, stroke_width=stroke)
        left, top, right, bottom = mask.getbbox() or (0, 0, 1, 1)
        shown = np.empty((bottom - top, right - left, 4), np.uint8)
        shown[..., :3] = np.round(255 * np.array(to_rgb(colour)))
        shown[..., 3] = np.asarray(mask)[top:bottom, left:right]
        gc = renderer.new_gc()
        renderer.draw_image(gc, left, height - bottom, shown[::-1])
        gc.restore()


@lru_cache(maxsize=64)
def _font(pixels: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(font_manager.findfont("DejaVu Sans"), pixels)
