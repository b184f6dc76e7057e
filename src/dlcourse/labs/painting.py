"""Ink on an 8 × 8 sheet: what a brush leaves along its path. Numbers from 0 (paper) to 16, as in the digits' data.

A path is a list of places (x, y) in the coordinates of the picture: x is the column, y = 7 − row.
"""

import numpy as np

SIDE, FULL = 8, 16
BRUSHES = {"thick pen": 1.5, "fine pen": 1.0, "eraser": 1.0}  # cells from the path to where the ink ends
_ROWS, _COLUMNS = np.mgrid[:SIDE, :SIDE]
_CELLS = np.stack([_COLUMNS, SIDE - 1 - _ROWS], axis=-1).reshape(-1, 2).astype(float)  # (64, 2) places of the cells

Sheet = tuple[tuple[float, ...], ...]  # eight rows of eight numbers


def sheet(ink) -> Sheet:
    """64 numbers as the rows of a sheet, rounded to whole sixteenths."""
    return tuple(tuple(float(v) for v in row) for row in np.round(np.reshape(ink, (SIDE, SIDE))) + 0.0)


def cell_at(x: float, y: float) -> tuple[int, int]:
    """(row, column) of the cell at a place, the nearest one if it lies outside."""
    column, height = (int(np.clip(np.floor(value + 0.5), 0, SIDE - 1)) for value in (x, y))
    return SIDE - 1 - height, column


def stroke(ink: Sheet, path, brush: str) -> Sheet:
    """The sheet after a stroke: 16 · (reach − distance to the path) of ink, clipped to 0 … 16, where it is more.

    The eraser takes away what a pen of its reach would leave.
    """
    left = FULL * np.clip(BRUSHES[brush] - _distances(np.asarray(path, float)), 0, 1)
    before = np.reshape(ink, SIDE * SIDE)
    return sheet(np.minimum(before, FULL - left) if brush == "eraser" else np.maximum(before, left))


def toggled(ink: Sheet, row: int, column: int) -> Sheet:
    """The sheet with one cell changed: full of ink where it held less than half, else empty."""
    after = np.array(ink)
    after[row, column] = FULL if after[row, column] < FULL / 2 else 0
    return sheet(after)


def _distances(path: np.ndarray) -> np.ndarray:
    """(64,): from each cell's centre to the nearest point of the path, its straight pieces included."""
    starts, ends = path[:-1], path[1:]
    if not len(starts):
        starts, ends = path, path
    along = ends - starts  # (P, 2)
    length = np.maximum((along**2).sum(-1), 1e-12)
    share = np.clip(((_CELLS[:, None] - starts) * along).sum(-1) / length, 0, 1)  # (64, P)
    nearest = starts + share[..., None] * along
    return np.hypot(*np.moveaxis(_CELLS[:, None] - nearest, -1, 0)).min(axis=1)
