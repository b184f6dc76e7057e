"""LiveFigure: a Matplotlib picture in the browser that changes in milliseconds, with handles to drag.

Nothing else in the course knows how pixels reach the browser. The unchanging part of a figure is drawn once and kept;
a frame restores it, draws the moving artists over it and sends one PNG. `live.js` shows the PNG and turns fingers and
arrow keys into gestures.
"""

import io
import math
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anywidget
import numpy as np
import traitlets
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from dlcourse.labs.palette import DPI, PAPER


class FairLock:
    """A re-entrant lock for `with` that the thread which has waited gets next.

    threading.RLock goes to whoever asks first after its release, and that is nearly always the thread that has just
    released it: while a cell draws one picture after the other, a slider would wait for the whole cell.
    """

    def __init__(self) -> None:
        self._queue, self._lock = threading.Lock(), threading.Lock()
        self._owner, self._depth = None, 0

    def __enter__(self) -> None:
        if self._owner != threading.get_ident():
            with self._queue:
                self._lock.acquire()
            self._owner = threading.get_ident()
        self._depth += 1

    def __exit__(self, *exception: object) -> None:
        self._depth -= 1
        if self._depth == 0:
            self._owner = None
            self._lock.release()


#: Held while a picture is built, drawn or encoded. JupyterLab delivers slider messages on a thread of their own while a
#: cell may be drawing on the main one, and Matplotlib is not thread-safe. One lock for the process.
DRAWING = FairLock()

FAR = 1e6  # no finger gets further than this from the origin of any axes
LARGEST_RATIO = 4.0  # device pixels a CSS pixel; no screen is sharper


@dataclass(frozen=True)
class Handle:
    """Something in the picture that a finger or the arrow keys can move.

    kind: "point" (a ring), "vector" (the tip of an arrow that starts at `tail`), "line" (a line through (x, y) along
    `direction`, moved along its normal) or "brush" (the whole axes; sends the path of each stroke, Space presses).
    x, y, step, tail and direction are in data coordinates of `axes`, whose scales must be linear; step is what an arrow
    key moves to the right and upwards, for a line step[0] along its normal.
    label says what it is, text where it is, both in words for a screen reader.
    """

    name: str
    axes: Axes
    x: float
    y: float
    label: str
    text: str
    kind: str = "point"
    step: tuple[float, float] = (0.1, 0.1)
    tail: tuple[float, float] = (0.0, 0.0)
    direction: tuple[float, float] = (1.0, 0.0)

    def spec(self, pixel_ratio: float) -> dict[str, Any]:
        """The handle as plain numbers for live.js, with the pixel box of its axes."""
        left, bottom, width, height = self.axes.bbox.bounds
        top = self.axes.figure.bbox.height - bottom - height
        box = [value / pixel_ratio for value in (left, top, width, height)]
        numbers = {key: [float(v) for v in getattr(self, key)] for key in ("step", "tail", "direction")}
        limits = {"xlim": list(map(float, self.axes.get_xlim())), "ylim": list(map(float, self.axes.get_ylim()))}
        words = {"name": self.name, "kind": self.kind, "label": self.label, "text": self.text}
        return {**words, "x": float(self.x), "y": float(self.y), "box": box, **limits, **numbers}


@dataclass(frozen=True)
class Gesture:
    """What a finger or key did to a handle: where it is now, the stroke so far (brush only), and whether it ended."""

    handle: str
    x: float
    y: float
    done: bool
    path: tuple[tuple[float, float], ...] = ()


class LiveFigure(anywidget.AnyWidget):
    """A Matplotlib figure shown as a live picture of fixed size.

    size: (width, height) in CSS pixels. After the artists have been made on `figure`, `keep_background(moving)` draws
    everything else once; `refresh(handles)` then draws and sends a frame.
    """

    # Read here, not by anywidget: given a path, it would keep every closed figure alive, to tell it of a changed file.
    _esm = Path(__file__).with_name("live.js").read_text(encoding="utf-8")
    _css = Path(__file__).with_name("live.css").read_text(encoding="utf-8")

    picture = traitlets.Bytes(b"").tag(sync=True)
    size = traitlets.Tuple(traitlets.Int(), traitlets.Int(), default_value=(640, 400)).tag(sync=True)
    pixel_ratio = traitlets.Float(1.0).tag(sync=True)
    alt = traitlets.Unicode("").tag(sync=True)
    task = traitlets.Unicode("").tag(sync=True)
    verdict = traitlets.Unicode("").tag(sync=True)
    status = traitlets.Unicode("").tag(sync=True)
    error = traitlets.Unicode("").tag(sync=True)
    handles = traitlets.Dict().tag(sync=True)
    gesture = traitlets.Dict().tag(sync=True)

    def __init__(self, size: tuple[int, int], on_gesture: Callable[[Gesture], None] | None = None):
        super().__init__(size=size)
        self.figure = Figure(figsize=(size[0] / DPI, size[1] / DPI), dpi=DPI, facecolor=PAPER)
        self._canvas = FigureCanvasAgg(self.figure)
        self._moving: list[Any] = []
        self._handles: list[Handle] = []
        self._background = None
        self._on_gesture = on_gesture
        self._answered = 0  # number of the last gesture that the picture knows of
        self.observe(self._gesture_came, "gesture")
        self.observe(self._pixel_ratio_came, "pixel_ratio")

    def keep_background(self, moving) -> None:
        """Draw and keep everything but the artists in `moving`, which are drawn anew, by zorder, in each frame."""
        with DRAWING:
            self._moving = sorted(moving, key=lambda artist: artist.get_zorder())
            for artist in self._moving:
                artist.set_animated(True)
            self._canvas.draw()
            self._background = self._canvas.copy_from_bbox(self.figure.bbox)

    def refresh(self, handles=None) -> None:
        """Draw the moving artists where they are now and send the picture; `handles` replaces the handles shown."""
        with DRAWING:
            self.draw()
            self.picture = self.encode()
            if handles is not None:
                self._handles = list(handles)
            specs = [handle.spec(self.pixel_ratio) for handle in self._handles]
            self.handles = {"specs": specs, "answered": self._answered}

    def draw(self) -> None:
        """Draw one frame on the canvas, without sending it."""
        self._canvas.restore_region(self._background)
        renderer = self._canvas.get_renderer()
        for artist in self._moving:
            artist.draw(renderer)

    def pixels(self) -> np.ndarray:
        """The frame as (height, width, 3) uint8."""
        with DRAWING:
            return np.asarray(self._canvas.buffer_rgba())[..., :3].copy()

    def encode(self) -> bytes:
        """The frame as PNG, packed for speed: on one machine, size hardly matters."""
        return _png(Image.fromarray(self.pixels()), compress_level=1)

    def encode_for_file(self, scale: float = 1.5) -> bytes:
        """The frame as a small PNG of 256 colours, sharp enough for print: what a saved notebook keeps."""
        with DRAWING:
            self._set_scale(scale)
            png = small_png(self.pixels())
            self._set_scale(self.pixel_ratio)
        return png

    def close(self) -> None:
        """Take the picture off the page and let go of the figure."""
        self.unobserve_all()
        self._moving, self._handles, self._background, self._on_gesture = [], [], None, None
        self.figure = self._canvas = None
        super().close()

    def _gesture_came(self, change) -> None:
        """A message brings the newest gesture, and before it those that it does not make up for: `send` in live.js."""
        for message in [*_list(change.new.get("earlier")), change.new]:
            gesture, number = _gesture_of(message), message.get("number")
            if gesture is None or not isinstance(number, int) or number <= self._answered:
                continue  # no gesture, or heard already
            with DRAWING:
                self._answered = number
                if self._on_gesture is not None and any(handle.name == gesture.handle for handle in self._handles):
                    self._on_gesture(gesture)  # else it came too late

    @traitlets.validate("pixel_ratio")
    def _sensible_ratio(self, proposal) -> float:
        return min(max(proposal.value, 1.0), LARGEST_RATIO) if math.isfinite(proposal.value) else 1.0

    def _pixel_ratio_came(self, change) -> None:
        if self._background is None:
            return
        with DRAWING:
            self._set_scale(change.new)
            self.refresh()

    def _set_scale(self, scale: float) -> None:
        self.figure.set_dpi(DPI * scale)
        self.keep_background(self._moving)
        self.draw()


def _gesture_of(message: dict) -> Gesture | None:
    """The gesture that a message tells, or None if it is damaged or says something else than numbers."""

    def place(x, y) -> tuple[float, float]:
        if not (math.isfinite(x) and math.isfinite(y)):
            raise ValueError
        return min(max(float(x), -FAR), FAR), min(max(float(y), -FAR), FAR)

    try:
        path = tuple(place(*point) for point in message["path"])
        return Gesture(message["handle"], *place(message["x"], message["y"]), bool(message["done"]), path)
    except (KeyError, TypeError, ValueError, OverflowError):
        return None


def _list(earlier) -> list[dict]:
    return [message for message in earlier if isinstance(message, dict)] if isinstance(earlier, list) else []


def small_png(rgb: np.ndarray) -> bytes:
    """(H, W, 3) uint8 as a PNG of 256 colours without dithering: a third of the size, and flat areas stay flat."""
    image = Image.fromarray(rgb).quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    return _png(image, optimize=True)


def _png(image: Image.Image, **options) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG", **options)
    return buffer.getvalue()
