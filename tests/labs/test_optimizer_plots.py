"""The pictures of the optimizers' chapter: they show what they say."""

import numpy as np

from dlcourse.labs import plots
from dlcourse.labs.optimizer_family import NAMES
from dlcourse.labs.plots.optimizers import _LINES, _profile


def texts(picture) -> list[str]:
    return [text.get_text() for axes in picture.figure.axes for text in axes.texts if text.get_text()]


def test_the_tree_holds_the_whole_family_and_every_member_has_an_origin():
    boxes = [text.split()[0] for text in texts(plots.optimizer_family()) if text.split()[-1].isdigit()]
    assert sorted(boxes) == sorted(NAMES)
    assert {end for _, end in _LINES} == set(NAMES) - {"SGD"}


def test_the_marked_places_are_what_they_are_called():
    marks = {}
    for line in plots.landforms().figure.axes[0].lines[1:]:
        marks[round(float(line.get_xdata()[0]), 2)] = float(line.get_ydata()[0])
    low, plateau, lowest = sorted(marks)
    x = np.linspace(-4, 6, 2001)
    slope = {
        place: float(_profile(np.array(place + 1e-4)) - _profile(np.array(place - 1e-4))) / 2e-4 for place in marks
    }
    assert np.abs(list(slope.values())).max() < 0.05
    assert marks[lowest] < _profile(x).min() + 1e-4
    near = x[np.abs(x - low) < 1]
    assert marks[low] < _profile(near).min() + 1e-3
    assert marks[lowest] < marks[low] < marks[plateau]


def test_the_pictures_have_words():
    for picture in (plots.optimizer_family(), plots.landforms()):
        assert len(picture.alt) > 60
        assert len(picture.png(1.0)) > 5000
