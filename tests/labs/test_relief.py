"""Relief: grey bands of equal area, the lowest white, the first row of values at the lower edge."""

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from dlcourse.labs.drawing import blank_axes
from dlcourse.labs.relief import BANDS, Relief


def painted(values, width: int = 300, height: int = 150) -> np.ndarray:
    figure = Figure(figsize=(width / 100, height / 100), dpi=100)
    relief = Relief(blank_axes(figure, (0, 0, width, height)))
    canvas = FigureCanvasAgg(figure)
    for shown in (np.array([[0, 0], [1, 1]]), values):  # the second replaces the first
        relief.show(shown)
        canvas.draw()
    return np.asarray(canvas.buffer_rgba())[..., :3].astype(int)


def test_a_slope_becomes_bands_of_equal_width_from_white_to_grey():
    pixels = painted(np.tile(np.linspace(0, 7, 40), (20, 1)))
    assert (pixels == pixels[:1, :, :1]).all()  # grey, and all rows alike
    row = pixels[0, :, 0]
    starts = np.flatnonzero(np.diff(row)) + 1
    assert len(starts) == BANDS - 1
    np.testing.assert_allclose(np.diff(starts), 300 / BANDS, atol=6)
    assert row[0] > 245
    assert row[-1] < 190
    assert np.diff(row)[starts - 1].max() <= -6  # neighbours differ visibly


def test_the_first_row_of_values_is_at_the_lower_edge():
    pixels = painted(np.tile(np.linspace(0, 1, 30)[:, None] ** 3, (1, 30)))  # rising upwards; bands follow the area
    column = pixels[:, 0, 0]
    assert column[-1] > 245
    assert column[0] < 190
    assert column[:75].mean() < column[75:].mean() - 30
