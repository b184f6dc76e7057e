"""Pages of digits and mosaics of textures: what is where, seeds, parts, refusals."""

import numpy as np
import pytest

from dlcourse.data import digit_pages, photo, texture_mosaics


def test_every_page_holds_its_digits_apart():
    pages = digit_pages((30, 0, 5))
    assert pages.train.x.shape == (30, 1, 24, 24)
    assert pages.train.x.dtype == np.float32
    assert pages.train.y.dtype == np.int64
    assert len(pages.validation.y) == 0
    for part in (pages.train, pages.test):
        for answer in part.y:
            places = np.argwhere(answer)
            assert len(places) == 2
            assert np.abs(places[0] - places[1]).max() >= 8
            assert places.min() >= 4
            assert places.max() <= 20
            assert answer.max() <= 10


def test_the_ink_is_where_the_answer_says():
    pages = digit_pages((20, 0, 0), digits=1)
    for page, answer in zip(pages.train.x[:, 0], pages.train.y, strict=True):
        row, column = np.argwhere(answer)[0]
        window = page[row - 4 : row + 4, column - 4 : column + 4]
        outside = page.sum() - window.sum()
        assert window.mean() > 0.2 > 0.1 > outside / (24 * 24 - 64)


def test_no_digit_is_in_two_parts():
    """A page without noise is not to be had, but the darkest windows tell the digits apart."""
    pages = digit_pages((60, 60, 60), digits=1)

    def digits(part):
        places = [np.argwhere(answer)[0] for answer in part.y]
        windows = [x[0, r - 4 : r + 4, c - 4 : c + 4] for x, (r, c) in zip(part.x, places, strict=True)]
        return {tuple((window > 0.6).ravel()) for window in windows}

    assert len(digits(pages.train)) > 50
    assert not digits(pages.train) & digits(pages.test)


def test_mosaics_hold_two_textures_and_their_border_is_straight():
    mosaics = texture_mosaics((20, 3, 4))
    assert mosaics.train.x.shape == (20, 1, 32, 32)
    assert [len(part.y) for part in mosaics] == [20, 3, 4]
    for answer in mosaics.train.y:
        assert set(np.unique(answer)) == {0, 1}
        for line in (*answer, *answer.T):
            assert np.count_nonzero(np.diff(line)) <= 1


def test_the_parts_of_a_mosaic_come_from_their_bands():
    mosaics = texture_mosaics((0, 0, 20), size=16)
    brick = photo("brick")
    brick = ((brick - brick.mean()) / brick.std())[:, 410:]
    windows = np.lib.stride_tricks.sliding_window_view(brick, (16, 16)).reshape(-1, 16, 16)
    for x, y in list(zip(mosaics.test.x[:, 0], mosaics.test.y, strict=True))[:3]:
        wall = y == 1
        differences = np.abs(windows[:, wall] - x[wall]).max(axis=1)
        assert differences.min() < 1e-5


@pytest.mark.parametrize("make", [digit_pages, texture_mosaics])
def test_the_same_seed_gives_the_same_scenes(make):
    first, again, other = make((3, 0, 2)), make((3, 0, 2)), make((3, 0, 2), seed=1)
    np.testing.assert_array_equal(first.train.x, again.train.x)
    np.testing.assert_array_equal(first.test.y, again.test.y)
    assert not np.array_equal(first.train.x, other.train.x)


@pytest.mark.parametrize("make", [digit_pages, texture_mosaics])
@pytest.mark.parametrize("counts", [(3, 0), (1, 2, -1), (1, 2, 0.5), (1, 2, True)])
def test_wrong_counts_are_refused(make, counts):
    with pytest.raises(ValueError, match=f"{make.__name__}: counts must be three whole numbers from 0"):
        make(counts)


def test_what_has_no_room_is_refused():
    with pytest.raises(ValueError, match="digit_pages: size must be a whole number from 16; got 8"):
        digit_pages(size=8)
    with pytest.raises(ValueError, match=r"digit_pages: digits must be from 0 to 2, .* got 5"):
        digit_pages(size=24, digits=5)
    with pytest.raises(ValueError, match="texture_mosaics: names must be two or more different textures"):
        texture_mosaics(names=("grass",))
    with pytest.raises(ValueError, match="expected grey textures and size up to 101; got grass and 200"):
        texture_mosaics(size=200)
    with pytest.raises(ValueError, match=r"texture_mosaics: expected grey textures .* got chelsea"):
        texture_mosaics(names=("chelsea", "grass"))


def test_a_page_may_be_empty():
    assert digit_pages((2, 0, 0), digits=0).train.y.max() == 0
