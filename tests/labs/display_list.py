"""Pictures as lists of what the artists draw, for tests that ask whether two pictures are the same, not how they look.

A frame is not painted and packed but written down: every path, marker, image and text with its place, colour, width,
dash, hatch and clip. Two lists are equal only if Agg would paint the same pixels from them; they are stricter, since
they also hold what another artist covers. A list costs a tenth of a picture. What becomes of it in pixels (the
background restored, artists over each other, PNG) does not depend on the lab: tests/labs/test_live.py asks for it, and
for each lab the tests marked `pixels` in tests/labs/test_all_labs.py.
"""

import hashlib

import numpy as np
from matplotlib.backend_bases import FigureCanvasBase, GraphicsContextBase, RendererBase

from dlcourse.labs import live
from dlcourse.labs.drawing import Field
from dlcourse.labs.words import Words


def instead_of_pixels(monkeypatch) -> None:
    """Let every lab made from now on send display lists as its pictures."""
    monkeypatch.setattr(live, "FigureCanvasAgg", Canvas)
    monkeypatch.setattr(live.LiveFigure, "encode", lambda figure: "\n".join(figure._canvas.renderer.lines).encode())
    for artist, write in ((Words, _write_words), (Field, _write_field)):
        monkeypatch.setattr(artist, "draw", _written(write, artist.draw))


class Canvas(FigureCanvasBase):
    """What LiveFigure asks of FigureCanvasAgg: draw all, keep the background, restore it, a renderer for the rest."""

    def __init__(self, figure):
        super().__init__(figure)
        self.renderer = DisplayList(figure)

    def draw(self) -> None:
        self.renderer.lines = []
        self.figure.draw(self.renderer)

    def copy_from_bbox(self, bbox) -> list[str]:
        return list(self.renderer.lines)

    def restore_region(self, lines: list[str]) -> None:
        self.renderer.lines = list(lines)

    def get_renderer(self) -> "DisplayList":
        return self.renderer


class DisplayList(RendererBase):
    """A line of text for each thing that is drawn."""

    def __init__(self, figure):
        super().__init__()
        self.dpi, self.width, self.height = figure.dpi, *figure.bbox.size
        self.lines: list[str] = []

    def write(self, what: str, gc: GraphicsContextBase | None, *details) -> None:
        style = sorted((key, _short(value)) for key, value in vars(gc).items()) if gc else ""
        self.lines.append(" ".join([what, *map(_short, details), str(style)]))

    def draw_path(self, gc, path, transform, rgbFace=None):
        self.write("path", gc, path, transform, rgbFace)

    def draw_markers(self, gc, marker_path, marker_trans, path, trans, rgbFace=None):
        self.write("markers", gc, marker_path, marker_trans, path, trans, rgbFace)

    def draw_path_collection(self, gc, *arguments, **more):
        self.write("collection", gc, *arguments, *more.values())

    def draw_quad_mesh(self, gc, *arguments, **more):
        self.write("mesh", gc, *arguments, *more.values())

    def draw_image(self, gc, x, y, im, transform=None):
        self.write("image", gc, x, y, im, transform)

    def draw_text(self, gc, x, y, s, prop, angle, ismath=False, mtext=None):
        self.write("text", gc, x, y, s, str(prop), angle)

    def get_canvas_width_height(self):
        return self.width, self.height

    def points_to_pixels(self, points):
        return points * self.dpi / 72


def _short(value) -> str:
    """A value as text: short ones in full, arrays by their shape and a digest of their numbers."""
    match value:
        case np.ndarray() if value.size > 12:
            return f"{value.shape}{hashlib.blake2b(np.ascontiguousarray(value), digest_size=12).hexdigest()}"
        case np.ndarray():
            return str(value.tolist())
        case list() | tuple():
            return f"[{', '.join(map(_short, value))}]"
    if hasattr(value, "vertices"):
        return f"{_short(value.vertices)} {_short(value.codes)}"
    if hasattr(value, "get_matrix"):
        return _short(value.get_matrix())
    if hasattr(value, "get_affine"):
        return _short(value.get_affine())
    if hasattr(value, "bounds"):
        return str(value.bounds)
    return str(value)


def _written(write, paint):
    """A draw method that writes into display lists and paints everywhere else, as in a still Picture."""

    def draw(artist, renderer) -> None:
        (write if isinstance(renderer, DisplayList) else paint)(artist, renderer)

    return draw


def _write_words(words: Words, renderer: DisplayList) -> None:
    places = words.axes.transData.transform([(word.x, word.y) for word in words._words]) if words._words else ()
    renderer.write("words", None, places, words._halo, words._words)


def _write_field(field: Field, renderer: DisplayList) -> None:
    renderer.write("field", None, field.axes.bbox, field._resampling, field._rgb)
