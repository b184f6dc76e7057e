"""The display list says all that is seen: whatever changes in the picture changes the list, and nothing else does."""

import matplotlib.path
import numpy as np
import pytest
from matplotlib.collections import LineCollection

from dlcourse.labs.drawing import Field, axes_at
from dlcourse.labs.live import LiveFigure
from dlcourse.labs.pixels import Pixels
from dlcourse.labs.words import Word, Words


class Scene:
    """One artist of every kind that the labs draw with; `still` is behind them."""

    def __init__(self):
        self.live = LiveFigure((200, 120))
        self.axes = axes_at(self.live.figure, (20, 10, 100, 80), (0, 10), (0, 8), "Title")
        (self.still,) = self.axes.plot([0, 10], [1, 1])
        (self.line,) = self.axes.plot([2, 4], [3, 6], marker="o")
        self.dots = self.axes.scatter([1, 2], [3, 4], s=30)
        self.bar = self.axes.barh([5], [3], hatch="//")[0]
        self.text = self.axes.text(5, 5, "five")
        self.lines = self.axes.add_collection(LineCollection([[(0, 0), (1, 1)]]), autolim=False)
        self.arrow = self.axes.quiver([1], [1], [2], [2], angles="xy", scale_units="xy", scale=1)
        self.words, self.field, self.pixels = Words(self.axes), Field(self.axes), Pixels(self.axes)
        self.words.update([Word(1, 2, "one")])
        self.moving = [
            self.line, self.dots, self.bar, self.text, self.lines, self.arrow, self.words, self.field, self.pixels
        ]  # fmt: skip

    def drawn(self) -> bytes:
        self.live.keep_background(self.moving)
        self.live.refresh()
        return self.live.picture


CHANGES = {
    "a place": lambda scene: scene.line.set_data([2, 4.001], [3, 6]),
    "one number of many": lambda scene: scene.line.set_data(np.r_[np.arange(99), 7.01], np.ones(100)),
    "a colour": lambda scene: scene.line.set_color("#123456"),
    "a width": lambda scene: scene.line.set_linewidth(3),
    "a dash": lambda scene: scene.line.set_linestyle(":"),
    "a marker": lambda scene: scene.line.set_marker("s"),
    "its rim": lambda scene: scene.line.set_markeredgecolor("red"),
    "its size": lambda scene: scene.line.set_markersize(9),
    "alpha": lambda scene: scene.line.set_alpha(0.5),
    "what is seen at all": lambda scene: scene.line.set_visible(False),
    "what is over what": lambda scene: scene.line.set_zorder(9),
    "a clip": lambda scene: scene.line.set_clip_on(False),
    "a clip of any shape": lambda scene: scene.line.set_clip_path(
        matplotlib.path.Path([(0, 0), (9, 0), (0, 9)]), scene.axes.transData
    ),
    "dots": lambda scene: scene.dots.set_offsets([(1, 2), (3, 4)]),
    "sizes of dots": lambda scene: scene.dots.set_sizes([30, 31]),
    "colours of dots": lambda scene: scene.dots.set_facecolor(["red", "blue"]),
    "rims of dots": lambda scene: scene.dots.set_linewidth(4),
    "a bar": lambda scene: scene.bar.set_width(4),
    "its hatch": lambda scene: scene.bar.set_hatch("\\\\"),
    "a text": lambda scene: scene.text.set_text("Five"),
    "its place": lambda scene: scene.text.set_position((5, 5.1)),
    "its size in points": lambda scene: scene.text.set_fontsize(7),
    "its weight": lambda scene: scene.text.set_fontweight("bold"),
    "its angle": lambda scene: scene.text.set_rotation(90),
    "its alignment": lambda scene: scene.text.set_ha("center"),
    "segments": lambda scene: scene.lines.set_segments([[(0, 0), (1, 2)]]),
    "an arrow": lambda scene: scene.arrow.set_UVC([2], [2.1]),
    "words": lambda scene: scene.words.update([Word(1, 2, "One")]),
    "their place": lambda scene: scene.words.update([Word(1, 2.1, "one")]),
    "their size": lambda scene: scene.words.update([Word(1, 2, "one", size=7)]),
    "no words": lambda scene: scene.words.update([]),
    "a field": lambda scene: scene.field.update([[0, 1], [0.5, 0.51]]),
    "pixels": lambda scene: scene.pixels.show(np.full((2, 2, 3), 254, np.uint8)),
    "the limits of the axes": lambda scene: scene.axes.set_xlim(0, 11),
    "the background": lambda scene: scene.still.set_ydata([1, 2]),
    "a title": lambda scene: scene.axes.set_title("Tile", loc="left"),
}


@pytest.fixture
def scenes():
    return Scene(), Scene()


def test_two_scenes_drawn_alike_are_the_same_list(scenes):
    one, two = (scene.drawn() for scene in scenes)
    assert one == two
    assert one.count(b"\n") > 20
    assert b"0x" not in one  # no address of an object, which would differ by chance


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_of_anything_that_is_seen_changes_the_list(scenes, what):
    changed, other = scenes
    before = changed.drawn()
    CHANGES[what](changed)
    assert changed.drawn() != before
    CHANGES[what](other)
    assert other.drawn() == changed.live.picture


def test_a_frame_keeps_the_background_and_draws_what_moves(scenes):
    scene, _ = scenes
    before = scene.drawn()
    scene.still.set_ydata([5, 5])
    scene.live.refresh()
    assert scene.live.picture == before
    scene.line.set_ydata([5, 5])
    scene.live.refresh()
    assert scene.live.picture != before
    assert scene.live.picture.count(b"\n") == before.count(b"\n")
