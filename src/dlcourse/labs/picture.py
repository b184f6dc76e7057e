"""Picture: a static figure with alternative text, the same on every page and in every front end."""

import base64

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from dlcourse.labs.live import DRAWING, small_png
from dlcourse.labs.palette import DPI, PAPER


def bundle(png: bytes, alt: str, size: tuple[int, int], text: str) -> tuple[dict, dict]:
    """What a page without a kernel shows: the PNG at `size` CSS pixels, its alternative text, and plain text."""
    data = {"image/png": base64.b64encode(png).decode(), "text/plain": text}
    return data, {"image/png": {"alt": alt, "width": size[0], "height": size[1]}}


class Picture:
    """A figure of `width` × `height` CSS pixels and the sentence that says what it shows.

    A notebook cell ends with a Picture; `figure` is Matplotlib's, free to be changed or saved before that. The picture
    is drawn when it is shown, under the lock of the labs, so that a lab may move meanwhile on its own thread.
    """

    def __init__(self, alt: str, width: int = 640, height: int = 360):
        self.alt = alt
        self.figure = Figure(figsize=(width / DPI, height / DPI), dpi=DPI, facecolor=PAPER)

    def png(self, scale: float = 1.5) -> bytes:
        """The picture as PNG of 256 colours; scale 1.5 keeps letters sharp on most screens."""
        with DRAWING:
            self.figure.set_dpi(DPI * scale)
            canvas = FigureCanvasAgg(self.figure)
            canvas.draw()
            self.figure.set_dpi(DPI)
            return small_png(np.asarray(canvas.buffer_rgba())[..., :3])

    def __repr__(self) -> str:
        return f"Picture: {self.alt}"

    def _repr_mimebundle_(self, **kwargs) -> tuple[dict, dict]:
        width, height = (round(inches * DPI) for inches in self.figure.get_size_inches())
        return bundle(self.png(), self.alt, (width, height), repr(self))
