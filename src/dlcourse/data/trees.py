"""Tree or not: small landscapes, drawn by the computer."""

from numbers import Integral

import numpy as np

from dlcourse.data.splits import Part

HEIGHT, WIDTH = 100, 50
_ROWS, _COLUMNS = np.mgrid[:HEIGHT, :WIDTH]
_SKIES = ((0.55, 0.72, 0.92), (0.75, 0.80, 0.85), (0.85, 0.72, 0.65))
_GROUNDS = ((0.35, 0.55, 0.25), (0.55, 0.50, 0.30), (0.80, 0.72, 0.50), (0.92, 0.93, 0.95), (0.50, 0.50, 0.50))
_LEAVES = ((0.13, 0.42, 0.12), (0.25, 0.52, 0.15), (0.10, 0.32, 0.18), (0.20, 0.40, 0.25), (0.75, 0.45, 0.10))
_PAINTS = ((0.80, 0.20, 0.20), (0.90, 0.85, 0.70), (0.20, 0.45, 0.25), (0.85, 0.60, 0.20), (0.30, 0.35, 0.70))


def tree_or_not(n: int = 600, seed: int = 0) -> Part:
    """n drawn landscapes (n, 100, 50, 3) float32 from 0 to 1, 100 pixels high; class 1 holds a tree, class 0 none.

    Half of each (class 0 has the odd one), in random order. Sky, ground, horizon, light and grain differ. A tree has a
    trunk and a round or pointed crown, green in four of five and autumnal in the others. The others show a house, a
    lamp, a balloon (which may be green), a bush without a trunk, or nothing, so that no single colour decides.

    They are drawings because no free set of photographs of trees comes with the packages of the course.
    """
    if isinstance(n, bool) or not isinstance(n, Integral) or n < 2:
        raise ValueError(f"tree_or_not: n must be a whole number of at least 2, one picture a class; got {n!r}.")
    rng = np.random.default_rng(seed)
    y = rng.permutation(np.arange(n) % 2)
    x = np.stack([_landscape(rng, bool(tree)) for tree in y])
    return Part(x.astype(np.float32), y.astype(np.int64))


def _landscape(rng, tree: bool) -> np.ndarray:
    horizon = rng.integers(62, 84)
    picture = np.empty((HEIGHT, WIDTH, 3))
    picture[:] = _colour(rng, _SKIES)
    picture += 0.15 * (_ROWS / HEIGHT)[..., None]  # the sky is paler near the horizon
    picture[horizon:] = _colour(rng, _GROUNDS)
    centre, foot = rng.integers(17, 34), rng.integers(horizon, 94)
    draw = _tree if tree else (_house, _lamp, _balloon, _bush, _nothing)[rng.integers(5)]
    draw(rng, picture, centre, foot)
    picture *= rng.uniform(0.9, 1.1)
    return np.clip(picture + rng.normal(0, 0.03, picture.shape), 0, 1)


def _tree(rng, picture, centre, foot):
    height, half = rng.integers(40, 58), rng.integers(10, 17)
    trunk = rng.integers(2, 4)
    _fill(picture, (abs(_COLUMNS - centre) <= trunk) & _between(foot - height, foot), (0.33, 0.23, 0.14))
    top, bottom = foot - height - half // 2, foot - rng.integers(10, 16)
    if rng.uniform() < 0.4:  # a pointed crown
        crown = _between(top, bottom) & (abs(_COLUMNS - centre) <= half * (_ROWS - top) / (bottom - top))
    else:
        crown = _ellipse(centre, (top + bottom) / 2, half, (bottom - top) / 2)
    _leaves(rng, picture, crown)


def _bush(rng, picture, centre, foot):
    _leaves(rng, picture, _ellipse(centre, foot - 5, rng.integers(10, 18), rng.integers(7, 13)))


def _house(rng, picture, centre, foot):
    half, height = rng.integers(11, 17), rng.integers(18, 32)
    _fill(picture, (abs(_COLUMNS - centre) <= half) & _between(foot - height, foot), _colour(rng, _PAINTS))
    peak = foot - height - rng.integers(9, 17)
    slope = (half + 2) / (foot - height - peak)
    roof = _between(peak, foot - height) & (abs(_COLUMNS - centre) <= slope * (_ROWS - peak))
    _fill(picture, roof, (0.45, 0.20, 0.15))
    _fill(picture, (abs(_COLUMNS - centre) <= 3) & _between(foot - 11, foot), (0.25, 0.20, 0.20))  # the door


def _lamp(rng, picture, centre, foot):
    top = foot - rng.integers(40, 62)
    _fill(picture, (abs(_COLUMNS - centre) <= 1) & _between(top, foot), (0.25, 0.25, 0.27))
    _fill(picture, _ellipse(centre, top, 5, 5), (1.0, 0.95, 0.65))


def _balloon(rng, picture, centre, foot):
    radius = rng.integers(8, 15)
    _fill(picture, _ellipse(centre, rng.integers(16, 44), radius, radius * 1.2), _colour(rng, _PAINTS))


def _nothing(rng, picture, centre, foot):
    """An empty landscape."""


def _leaves(rng, picture, where):
    _fill(picture, where, _colour(rng, _LEAVES))
    picture[where] *= rng.uniform(0.7, 1.25, (int(where.sum()), 1))  # light and shadow


def _fill(picture, where, colour):
    picture[where] = colour


def _between(top, bottom):
    return (top <= _ROWS) & (bottom > _ROWS)


def _ellipse(centre, middle, half_width, half_height):
    return ((_COLUMNS - centre) / half_width) ** 2 + ((_ROWS - middle) / half_height) ** 2 <= 1


def _colour(rng, choices):
    return np.array(choices[rng.integers(len(choices))]) + rng.normal(0, 0.04, 3)
