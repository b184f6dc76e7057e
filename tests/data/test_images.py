"""Digits as images, photographs and their patches."""

import sys

import numpy as np
import pytest

from dlcourse.data import PHOTOS, SCENES, TEXTURES, digit_images, digits, patches, photo, photo_patches, textures

# Digits.


@pytest.mark.parametrize(("size", "scale", "frame"), [(8, 1, 0), (12, 1, 2), (16, 2, 0), (28, 3, 2), (32, 4, 0)])
def test_digits_are_enlarged_by_whole_pixels_and_framed(size, scale, frame):
    x, y = digit_images(size)
    assert (x.shape, x.dtype, y.dtype) == ((1797, 1, size, size), np.float32, np.int64)
    inner = x[:, 0, frame : size - frame, frame : size - frame]
    assert x.sum() == pytest.approx(inner.sum(), rel=1e-6)  # nothing in the frame
    table = digits()
    for i in range(scale):  # each pixel of a square is the pixel of the small digit
        np.testing.assert_allclose(inner[:, i::scale, scale - 1 - i :: scale].reshape(-1, 64), table.x / 16)
    np.testing.assert_array_equal(y, table.y)


@pytest.mark.parametrize("size", [7, 9, 0, -8, 16.0, "28", None, True])
def test_a_senseless_size_is_told_in_words(size):
    with pytest.raises(ValueError, match=rf"digit_images: size must be an even number from 8; got {size!r}\."):
        digit_images(size)


# Photographs.


@pytest.mark.parametrize("name", PHOTOS)
def test_a_photo_is_light_from_0_to_1(name):
    picture = photo(name)
    assert picture.dtype == np.float32
    assert 0 <= picture.min() < 0.25
    assert 0.75 < picture.max() <= 1
    assert picture.ndim == (2 if name in TEXTURES else 3)


@pytest.mark.parametrize(
    ("name", "shape"),
    [("chelsea", (300, 451, 3)), ("coffee", (400, 600, 3)), ("rocket", (427, 640, 3)), ("astronaut", (512, 512, 3)),
     ("grass", (512, 512)), ("brick", (512, 512)), ("gravel", (512, 512)), ("china", (427, 640, 3)),
     ("flower", (427, 640, 3))],
)  # fmt: skip
def test_the_shapes_that_are_documented(name, shape):
    assert photo(name).shape == shape
    rows = [row for row in photo.__doc__.splitlines() if name in row]
    assert f"| {shape[0]} × {shape[1]} |" in rows[0]


def test_photos_need_no_downloader(monkeypatch):
    """scikit-image downloads by the package pooch: without it, all of ours must still be there."""
    monkeypatch.setitem(sys.modules, "pooch", None)
    for name in PHOTOS:
        assert photo(name).size > 100_000


def test_colours_come_as_red_green_blue():
    red, green, blue = photo("chelsea").mean(axis=(0, 1))  # a ginger cat
    assert red > green > blue


@pytest.mark.parametrize("name", ["cat", "", None, 3, "retina"])
def test_an_unknown_photo_is_told_in_words(name):
    with pytest.raises(ValueError, match=rf"photo: expected one of chelsea, .*, flower; got {name!r}\."):
        photo(name)


# Patches.


@pytest.mark.parametrize(("load", "names", "channels"), [(textures, TEXTURES, 1), (photo_patches, SCENES, 3)])
def test_shapes_types_and_classes(load, names, channels):
    split = load(16, (5, 3, 2))
    for part, count in zip(split, (5, 3, 2), strict=True):
        assert (part.x.shape, part.x.dtype) == ((count * len(names), channels, 16, 16), np.float32)
        assert np.bincount(part.y).tolist() == [count] * len(names)
        assert part.y.dtype == np.int64


def numbered(height: int = 20, width: int = 50) -> np.ndarray:
    """A picture whose pixels are all different: pixel (row, column) holds row · width + column."""
    return np.arange(height * width, dtype=np.float32).reshape(height, width)


def test_a_patch_is_a_square_of_the_picture_as_it_is():
    picture = numbered()
    for part in patches({"a": picture}, 4, (30, 30, 30)):
        for patch in part.x[:, 0]:
            row, column = divmod(int(patch[0, 0]), 50)
            np.testing.assert_array_equal(patch, picture[row : row + 4, column : column + 4])


def test_no_pixel_is_in_two_parts_and_every_place_is_drawn():
    split = patches({"a": numbered()}, 4, (2000, 1000, 1000))
    columns = [set((part.x % 50).astype(int).ravel().tolist()) for part in split]
    assert columns == [set(range(30)), set(range(30, 40)), set(range(40, 50))]
    rows = [set((part.x // 50).astype(int).ravel().tolist()) for part in split]
    assert rows == [set(range(20))] * 3


def test_classes_and_channels_are_those_of_the_pictures():
    coloured = np.stack([np.full((20, 50), value, np.float32) for value in (0.1, 0.2, 0.3)], axis=2)
    train = patches({"a": coloured, "b": coloured + 0.5}, 4, (6, 1, 1)).train
    np.testing.assert_allclose(train.x[train.y == 0].mean(axis=(0, 2, 3)), [0.1, 0.2, 0.3], rtol=1e-5)
    np.testing.assert_allclose(train.x[train.y == 1].mean(axis=(0, 2, 3)), [0.6, 0.7, 0.8], rtol=1e-5)


def test_the_seed_decides_and_the_classes_are_mixed():
    first, again, other = (textures(8, (50, 1, 1), seed=seed).train for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.x, again.x)
    np.testing.assert_array_equal(first.y, again.y)
    assert not np.array_equal(first.x, other.x)
    assert (np.diff(first.y) != 0).sum() > 60


def test_a_part_may_be_empty():
    split = textures(8, (3, 0, 0))
    assert split.test.x.shape == (0, 1, 8, 8)
    assert split.test.y.dtype == np.int64


@pytest.mark.parametrize("size", [11, 50])
def test_a_patch_that_fits_into_no_part_is_told_in_words(size):
    words = rf"patches: size must be at most 10, because a is 20 pixels high and its narrowest part 10 wide; got {size}"
    with pytest.raises(ValueError, match=words):
        patches({"a": numbered()}, size)


@pytest.mark.parametrize("size", [0, -1, 2.5, "32", None, True])
def test_a_senseless_size_of_patches_is_told_in_words(size):
    with pytest.raises(ValueError, match=rf"patches: size must be a whole number of pixels from 1; got {size!r}"):
        patches({"a": numbered()}, size)


@pytest.mark.parametrize("counts", [(1, 2), (1, 2, 3, 4), (1, 2, -3), (1, 2, 3.5), (1, 2, True), ()])
def test_senseless_counts_are_told_in_words(counts):
    with pytest.raises(ValueError, match=r"patches: counts must be three whole numbers from 0, one for each .*got \("):
        patches({"a": numbered()}, 4, counts)
