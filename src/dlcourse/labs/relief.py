"""Relief: a landscape seen from above, in grey bands like the contour lines of a map."""

import numpy as np

from dlcourse.labs.drawing import Field

BANDS = 15


class Relief(Field):
    """A field in grey bands of equal area, white at the lowest: paths of every colour stay visible on it."""

    def show(self, values: np.ndarray) -> None:
        """values: (rows, columns), the first row at the lower edge."""
        edges = np.quantile(values, np.linspace(0, 1, BANDS + 1)[1:-1])
        shade = 255 - np.arange(BANDS) * 5
        shade[::2] -= 6  # neighbouring bands differ enough to be seen
        self._rgb = np.repeat(shade[np.searchsorted(edges, values)][..., None], 3, axis=2).astype(np.uint8)
