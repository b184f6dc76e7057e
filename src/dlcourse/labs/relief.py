"""Relief: a landscape seen from above, in grey bands like the contour lines of a map."""

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from PIL import Image

BANDS = 10
_SHADES = np.linspace(252, 180, BANDS).round().astype(np.uint8)


class Relief(Artist):
    """Grey bands of equal area over the whole of some axes, white at the lowest: paths of every colour stay visible."""

    def __init__(self, axes: Axes, zorder: float = 0.5):
        super().__init__()
        self._values, self._image = np.zeros((2, 2), np.float32), np.empty((0, 0, 4), np.uint8)
        self.set_zorder(zorder)
        axes.add_artist(self)

    def show(self, values: np.ndarray) -> None:
        """values: (rows, columns), the first row at the lower edge."""
        self._values = np.asarray(values, np.float32)
        self._edges = np.quantile(self._values, np.linspace(0, 1, BANDS + 1)[1:-1])
        self._image = self._image[:0]

    def draw(self, renderer) -> None:
        left, bottom, width, height = (round(value) for value in self.axes.bbox.bounds)
        if self._image.shape[:2] != (height, width):
            self._image = self._painted(width, height)
        gc = renderer.new_gc()
        renderer.draw_image(gc, left, bottom, self._image)
        gc.restore()

    def _painted(self, width: int, height: int) -> np.ndarray:
        """(height, width, 4): first the values are made finer, then cut into bands, so that the edges are smooth."""
        fine = np.asarray(Image.fromarray(self._values).resize((width, height), Image.Resampling.BILINEAR))
        image = np.full((height, width, 4), 255, np.uint8)
        image[..., :3] = _SHADES[np.searchsorted(self._edges, fine)][..., None]
        return image
