"""A fill means the same on a photo of every number type: it is in the photo's own numbers, or has a name."""

import numpy as np
import pytest

from dlcourse.explain import explain_image, filled, occlusion, segment
from dlcourse.explain.fills import scale_of

SEGMENTS = np.arange(8)[:, None] // 4 + np.zeros((8, 6), int)
UNIT = np.random.default_rng(0).random((8, 6, 3))
UNIT[0, 0], UNIT[0, 1] = 0, 1
PHOTOS = {
    "uint8": np.round(255 * UNIT).astype(np.uint8),
    "uint16": np.round(65535 * UNIT).astype(np.uint16),
    "int64 to 255": np.round(255 * UNIT).astype(int),
    "float32 to 1": UNIT.astype(np.float32),
    "float64 to 1": UNIT,
    "float to 255": 255 * UNIT,
    "a little beyond 1": UNIT * 1.04 - 0.02,
    "bool": UNIT > 0.5,
}
WHITE = {"uint8": 255, "uint16": 65535, "int64 to 255": 255, "float to 255": 255}
every_photo = pytest.mark.parametrize("kind", PHOTOS)


@every_photo
def test_the_scale_of_a_photo(kind):
    assert scale_of(PHOTOS[kind]) == WHITE.get(kind, 1)
    assert scale_of((UNIT - UNIT.mean()) / UNIT.std()) is None
    assert scale_of(-PHOTOS["int64 to 255"]) is None


@every_photo
def test_names_are_the_same_shade_on_every_scale(kind):
    photo, white = PHOTOS[kind], WHITE.get(kind, 1)
    shares = {"black": 0, "white": 1} | ({} if kind == "bool" else {"grey": 0.5})
    for name, share in shares.items():
        painted = filled(photo, SEGMENTS, name)
        assert painted.dtype == photo.dtype
        assert painted.shape == photo.shape
        np.testing.assert_allclose(painted.astype(float) / white, share, atol=0.003)


@every_photo
def test_numbers_colours_and_photos_are_in_the_photos_own_numbers(kind):
    photo, white = PHOTOS[kind], WHITE.get(kind, 1)
    np.testing.assert_array_equal(filled(photo, SEGMENTS, 0), 0 * photo)
    np.testing.assert_array_equal(filled(photo, SEGMENTS, white), np.full_like(photo, white))
    colour = filled(photo, SEGMENTS, [0, white, 0])
    assert colour[3, 4].tolist() == [0, white, 0]
    np.testing.assert_array_equal(filled(photo, SEGMENTS, photo), photo)


@every_photo
def test_a_fill_outside_the_scale_is_told(kind):
    photo, white = PHOTOS[kind], WHITE.get(kind, 1)
    for fill in (1.2 * white, -120, [0, 0, 2 * white], np.full(photo.shape, -0.5 * white)):
        with pytest.raises(ValueError, match=rf"^filled: fill must lie in 0 to {white}, the scale of this photo"):
            filled(photo, SEGMENTS, fill)


@pytest.mark.parametrize("kind", WHITE)
@pytest.mark.parametrize("fill", [0.5, 1.0, (0.2, 0.4, 0.9), UNIT])
def test_fractions_on_a_photo_of_large_numbers_are_told(kind, fill):
    """0.5 on a photo from 0 to 255 is nearly black, and a blurred copy from 0 to 1 entirely so."""
    with pytest.raises(
        ValueError, match=r"^explain_image: fill must be in the photo's own numbers.*nearly black.*'grey'"
    ):
        explain_image(PHOTOS[kind], lambda x: x.mean((1, 2, 3)), SEGMENTS, fill=fill)


def test_a_blurred_copy_of_whole_numbers_is_rounded():
    photo = PHOTOS["uint8"]
    blurred = photo.astype(float) * 0.5 + 60.3
    np.testing.assert_array_equal(filled(photo, SEGMENTS, blurred), np.round(blurred))


def test_a_standardised_photo_takes_any_number_and_no_name():
    photo = (UNIT - UNIT.mean()) / UNIT.std()
    assert (filled(photo, SEGMENTS, -3.5) == -3.5).all()
    with pytest.raises(ValueError, match=r"filled: fill='grey' needs a photo with a white.*as a number"):
        filled(photo, SEGMENTS, "grey")


def test_a_number_for_bytes_on_a_photo_from_0_to_1_is_told_with_how_to_mend_it():
    with pytest.raises(ValueError, match=r"got 128; divide it by 255, or give the photo as uint8"):
        filled(UNIT, SEGMENTS, 128)


def test_grey_has_no_place_on_bool():
    with pytest.raises(ValueError, match=r"filled: fill='grey' needs"):
        filled(PHOTOS["bool"], SEGMENTS, "grey")
    with pytest.raises(ValueError, match=r"filled: fill must be 0 or 1"):
        filled(PHOTOS["bool"], SEGMENTS, 0.5)
    half = np.zeros((8, 6, 3), bool)
    half[:4, :2] = half[4:, :5] = True  # a third of the upper segment, five sixths of the lower
    np.testing.assert_array_equal(filled(half, SEGMENTS)[:, 0, 0], [False] * 4 + [True] * 4)


@pytest.mark.parametrize("fill", [np.zeros(6), np.zeros((8, 1)), np.zeros(3), np.zeros((1, 6))])
def test_a_row_of_numbers_on_a_grey_photo_is_no_colour(fill):
    with pytest.raises(ValueError, match=r"^filled: fill must be"):
        filled(UNIT[:, :, 0], SEGMENTS, fill)


@pytest.mark.parametrize("kind", [kind for kind in PHOTOS if kind != "bool"])
def test_occlusion_paints_grey_on_every_scale(kind):
    photo, seen = PHOTOS[kind], []

    def mean(photos):
        seen.extend(photos)
        return photos.mean((1, 2, 3), dtype=float)

    occlusion(photo, mean, 0, size=4, stride=2)
    corner = seen[1][:4, :4].astype(float) / WHITE.get(kind, 1)
    np.testing.assert_allclose(corner, 0.5, atol=0.003)


@pytest.mark.parametrize("kind", ["uint8", "uint16", "int64 to 255", "float32 to 1", "float to 255"])
@pytest.mark.parametrize("method", ["slic", "felzenszwalb", "quickshift"])
def test_segments_do_not_depend_on_the_number_type(kind, method):
    from dlcourse.data import photo

    small = np.round(255 * photo("coffee")[::8, ::8])
    forms = {
        "uint8": small.astype(np.uint8), "uint16": (257 * small).astype(np.uint16), "int64 to 255": small.astype(int),
        "float32 to 1": (small / 255).astype(np.float32), "float to 255": small,
    }  # fmt: skip
    ours, plain = segment(forms[kind], 12, method), segment(small / 255, 12, method)
    assert (ours == plain).mean() > 0.98
    assert plain.max() > 5
