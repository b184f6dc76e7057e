"""Words: many texts as one artist, at the place, in the size and the colour that were asked for."""

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from dlcourse.labs.drawing import blank_axes
from dlcourse.labs.palette import BLUE, INK, ORANGE_TEXT
from dlcourse.labs.words import Word, Words


def drawn(*words: Word, scale: float = 1.0) -> np.ndarray:
    """How dark each pixel of 200 × 100 is, channel by channel: (H, W, 3), 0 on white paper."""
    figure = Figure(figsize=(2, 1), dpi=100 * scale)
    artist = Words(blank_axes(figure, (0, 0, 200, 100)))
    artist.update(words)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return 255 - np.asarray(canvas.buffer_rgba())[..., :3].astype(int)


def box(ink: np.ndarray) -> tuple[int, int, int, int]:
    """left, top, right, bottom of what is not white."""
    rows, columns = np.nonzero(ink.sum(axis=2) > 60)
    return columns.min(), rows.min(), columns.max(), rows.max()


@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_a_word_stands_in_the_middle_of_its_place(scale):
    left, top, right, bottom = box(drawn(Word(60, 30, "x"), scale=scale))
    assert (left + right) / 2 == pytest.approx(60 * scale, abs=1.5)
    assert (top + bottom) / 2 == pytest.approx(32 * scale, abs=2.5)  # letters without ascender sit a little lower
    assert 3 * scale < right - left < 10 * scale


def test_it_is_aligned_as_asked():
    left = box(drawn(Word(100, 50, "wide word", align="left")))
    right = box(drawn(Word(100, 50, "wide word", align="right")))
    assert left[0] == pytest.approx(101, abs=1.5)
    assert right[2] == pytest.approx(99, abs=1.5)


@pytest.mark.parametrize("colour", [INK, BLUE, ORANGE_TEXT])
def test_it_has_its_colour_without_a_dark_rim(colour):
    full = 255 - np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)])
    ink = drawn(Word(100, 50, "█", colour, 20.0)).reshape(-1, 3)
    assert np.abs(ink.max(axis=0) - full).max() <= 1
    share = ink[:, [full.argmax()]] / full.max()  # every pixel is between paper and the colour
    assert np.abs(ink - share * full).max() <= 3


def test_words_of_several_colours_are_all_drawn_and_empty_ones_are_not():
    words = [Word(30, 20, "one", BLUE), Word(150, 80, "two", ORANGE_TEXT), Word(100, 50, "")]
    ink = drawn(*words)
    assert box(ink[:50, :100])[0] > 10
    assert ink[60:, 100:].any()
    assert not ink[:50, 100:].any()
    assert not ink[60:, :100].any()


def test_nothing_to_say_draws_nothing():
    assert not drawn().any()
    artist = Words(blank_axes(Figure(), (0, 0, 10, 10)))
    artist.update([Word(0, 0, "a"), Word(0, 0, ""), Word(0, 0, "b")])
    assert artist.texts == ["a", "b"]


def test_a_larger_size_is_larger():
    small, large = (box(drawn(Word(100, 50, "M", size=size))) for size in (8.0, 16.0))
    assert large[2] - large[0] > 1.7 * (small[2] - small[0])


def test_it_stands_upright():
    ink = drawn(Word(100, 50, "L", size=20.0)).sum(axis=(1, 2))
    rows = np.nonzero(ink)[0]
    assert ink[rows[-2]] > 2 * ink[rows[1]]  # the foot of an L is below


def test_a_halo_of_paper_keeps_a_word_legible_on_a_dark_ground():
    def column_beside(halo):
        figure = Figure(figsize=(2, 1), dpi=100)
        page = blank_axes(figure, (0, 0, 200, 100))
        page.axhspan(0, 100, color=BLUE)
        Words(page, halo=halo).update([Word(100, 50, "l", INK, 20.0)])
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
        row = np.asarray(canvas.buffer_rgba())[50, :, :3].astype(int)
        middle = row.sum(axis=1).argmin()
        return row[middle + 3]

    assert (column_beside(2) > 240).all()
    assert column_beside(0)[0] < 50  # BLUE has hardly any red
