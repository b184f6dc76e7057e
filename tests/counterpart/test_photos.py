"""Pictures of every kind come in with the right shades, or are told: never white for black, never a traceback."""

import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from dlcourse.counterpart.photos import PHOTOS, open_photo
from dlcourse.counterpart.pretrained import preprocess

RAMP = np.linspace(0, 1, 48 * 64).reshape(48, 64)  # grey from black to white
COLOUR = np.stack([RAMP, RAMP[::-1], RAMP[:, ::-1]], axis=2)
BYTES = np.round(255 * COLOUR).astype(np.uint8)
GREY8, GREY16 = np.round(255 * RAMP).astype(np.uint8), np.round(65535 * RAMP).astype(np.uint16)


def png(pixels: np.ndarray, depth: int, kind: int, *chunks: tuple[bytes, bytes]) -> bytes:
    """A PNG written by hand, as Pillow cannot write all that others do; kind: 0 grey, 2 RGB, 4 grey + alpha, 6 RGBA."""

    def chunk(name, content):
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    rows = pixels.astype(">u2" if depth == 16 else "u1")
    lines = b"".join(b"\0" + row.tobytes() for row in rows)
    head = struct.pack(">IIBBBBB", pixels.shape[1], pixels.shape[0], depth, kind, 0, 0, 0)
    parts = [chunk(b"IHDR", head), *(chunk(*pair) for pair in chunks), chunk(b"IDAT", zlib.compress(lines))]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts) + chunk(b"IEND", b"")


def opened(tmp_path, name: str, content) -> np.ndarray:
    """What open_photo makes of bytes, or of a picture that Pillow saves."""
    path = tmp_path / name
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        content.save(path)
    return open_photo(str(path))


def unit(photo: np.ndarray) -> np.ndarray:
    """A photo as numbers from 0 to 1, as the network's preprocessing takes it."""
    assert photo.ndim == 3
    assert photo.shape[2] == 3
    assert preprocess(photo).isfinite().all()  # whatever comes in, the network's door takes it
    return photo / 255 if photo.dtype == np.uint8 else photo


# -- grey of many depths ----------------------------------------------------------------------------------------------

GREYS = {
    "8.png": Image.fromarray(GREY8),
    "8.jpg": Image.fromarray(GREY8),
    "8.tif": Image.fromarray(GREY8),
    "16.png": png(GREY16, 16, 0),
    "16.tif": Image.fromarray(GREY16),
    "16 big-endian.tif": Image.fromarray(GREY16.astype(">u2")),
    "16.pgm": b"P5 64 48 65535\n" + GREY16.astype(">u2").tobytes(),
    "12.pgm": b"P5 64 48 4095\n" + np.round(4095 * RAMP).astype(">u2").tobytes(),
    "float.tif": Image.fromarray(RAMP.astype(np.float32)),
    "alpha.png": Image.merge("LA", [Image.fromarray(GREY8), Image.new("L", (64, 48), 255)]),
    "16 alpha.png": png(np.stack([GREY16, np.full_like(GREY16, 65535)], 2), 16, 4),
    "palette.gif": Image.fromarray(GREY8),
    "float.pfm": b"Pf\n64 48\n-1.0\n" + RAMP[::-1].astype("<f4").tobytes(),
}


@pytest.mark.parametrize("name", GREYS)
def test_grey_of_every_depth_is_the_same_ramp(tmp_path, name):
    photo = unit(opened(tmp_path, name, GREYS[name]))
    np.testing.assert_allclose(photo, np.repeat(RAMP[:, :, None], 3, 2), atol=0.03 if name.endswith("jpg") else 0.005)


@pytest.mark.parametrize("name", ["16.png", "16.tif", "float.tif"])
def test_deep_greys_keep_their_shades(tmp_path, name):
    """Dark as a night: all of it lies below 1/255, where 8 bits know two shades."""
    dark = RAMP * 0.003
    content = {
        "16.png": png(np.round(65535 * dark), 16, 0),
        "16.tif": Image.fromarray(np.round(65535 * dark).astype(np.uint16)),
        "float.tif": Image.fromarray(dark.astype(np.float32)),
    }[name]
    photo = opened(tmp_path, name, content)
    assert photo.dtype == np.float32
    np.testing.assert_allclose(photo[:, :, 1], dark, atol=1e-5)


def test_one_bit(tmp_path):
    photo = opened(tmp_path, "1.png", Image.fromarray(RAMP > 0.5))
    np.testing.assert_array_equal(photo[:, :, 2], np.where(RAMP > 0.5, 255, 0))


# -- colour -----------------------------------------------------------------------------------------------------------

COLOURS = {
    "rgb.png": Image.fromarray(BYTES),
    "rgb.bmp": Image.fromarray(BYTES),
    "rgb.webp": Image.fromarray(BYTES),
    "rgb.jpg": Image.fromarray(BYTES),
    "rgba.png": Image.fromarray(np.concatenate([BYTES, np.full((48, 64, 1), 255, np.uint8)], 2)),
    "16 rgb.png": png(np.round(65535 * COLOUR), 16, 2),
    "16 rgba.png": png(np.concatenate([np.round(65535 * COLOUR), np.full((48, 64, 1), 65535)], 2), 16, 6),
    "cmyk.jpg": Image.fromarray(BYTES).convert("CMYK"),
    "cmyk.tif": Image.fromarray(BYTES).convert("CMYK"),
    "ycbcr.tif": Image.fromarray(BYTES).convert("YCbCr"),
    "palette.png": Image.fromarray(BYTES).quantize(256),
    "palette.gif": Image.fromarray(BYTES).quantize(256),
}


@pytest.mark.parametrize("name", COLOURS)
def test_colour_of_every_kind_is_the_same_picture(tmp_path, name):
    photo = unit(opened(tmp_path, name, COLOURS[name]))
    near = 0.2 if "palette" in name or name.endswith(("jpg", "webp")) else 0.02
    assert np.abs(photo - COLOUR).max() < near
    assert np.abs(photo - COLOUR).mean() < 0.03


TRANSPARENT = {
    "rgba.png": Image.fromarray(np.concatenate([BYTES, np.zeros((48, 64, 1), np.uint8)], 2)),
    "la.png": Image.merge("LA", [Image.fromarray(GREY8), Image.new("L", (64, 48), 0)]),
    "16 rgba.png": png(np.zeros((48, 64, 4)), 16, 6),
    "palette.gif": Image.new("P", (64, 48), 0),
    "palette.png": Image.new("P", (64, 48), 0),
    "key.png": png(np.zeros((48, 64, 3)), 8, 2, (b"tRNS", bytes(6))),
}


@pytest.mark.parametrize("name", TRANSPARENT)
def test_what_is_transparent_lies_on_white_not_on_the_colour_under_it(tmp_path, name):
    content = TRANSPARENT[name]
    if not isinstance(content, bytes) and content.mode == "P":
        content.putpalette([0, 0, 0, 255, 0, 0])
        content.info["transparency"] = 0
        content.putpixel((5, 3), 1)
    photo = opened(tmp_path, name, content)
    assert (photo[20:, 20:] == 255).all()
    if not isinstance(content, bytes) and content.mode == "P":
        assert photo[3, 5].tolist() == [255, 0, 0]


def test_half_transparent_is_half_white(tmp_path):
    half = np.zeros((48, 64, 4), np.uint8)
    half[..., 3] = 128
    assert opened(tmp_path, "half.png", Image.fromarray(half))[9, 9].tolist() == [127] * 3


def test_the_camera_notes_which_side_is_up(tmp_path):
    picture = Image.fromarray(BYTES)
    exif = picture.getexif()
    exif[0x0112] = 6  # turned by 90 degrees
    picture.save(tmp_path / "turned.png", exif=exif)
    np.testing.assert_array_equal(open_photo(str(tmp_path / "turned.png")), np.rot90(BYTES, -1))


@pytest.mark.parametrize("name", ["moving.gif", "moving.png", "pages.tif", "moving.webp"])
def test_of_several_pictures_the_first_is_taken(tmp_path, name):
    first, second = Image.new("RGB", (64, 48), (255, 0, 0)), Image.new("RGB", (64, 48), (0, 0, 255))
    first.save(tmp_path / name, save_all=True, append_images=[second])
    photo = open_photo(str(tmp_path / name))
    assert photo.shape == (48, 64, 3)
    assert np.abs(photo[20, 20].astype(int) - [255, 0, 0]).max() < 5


# -- no picture, or no scale ------------------------------------------------------------------------------------------

UNKNOWN = {
    "integers.tif": Image.fromarray((1000 * RAMP).astype(np.int32)),
    "floats to 255.tif": Image.fromarray((255 * RAMP).astype(np.float32)),
    "negative.tif": Image.fromarray((RAMP - 0.5).astype(np.float32)),
    "nan.tif": Image.fromarray(np.where(RAMP > 0.9, np.nan, RAMP).astype(np.float32)),
    "inf.tif": Image.fromarray(np.where(RAMP > 0.9, np.inf, RAMP).astype(np.float32)),
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_numbers_without_a_known_white_are_told(tmp_path, name):
    with pytest.raises(ValueError, match=r"--image: .*tif cannot .*numbers from .*which of them is white\); save"):
        opened(tmp_path, name, UNKNOWN[name])


def saved(picture: Image.Image, path) -> bytes:
    picture.save(path)
    return path.read_bytes()


@pytest.mark.parametrize("suffix", ["png", "jpg", "gif", "tif", "bmp", "webp"])
def test_a_file_that_is_cut_off_is_told(tmp_path, suffix):
    whole = saved(Image.fromarray(BYTES), tmp_path / f"whole.{suffix}")
    for share in (0, 0.02, 0.3, 0.6):
        with pytest.raises(ValueError, match=r"--image: .* cannot be read as a picture \(.*\); save it as PNG"):
            opened(tmp_path, f"cut.{suffix}", whole[: int(share * len(whole))])


@pytest.mark.parametrize(
    "content", [b"", b"not a picture", b"\x89PNG\r\n\x1a\n", "글자".encode(), png(np.zeros((0, 4)), 8, 0),
                png(np.zeros((4, 0)), 8, 0), b"P5 0 0 255\n", bytes(1000)],
    ids=["empty", "text", "only a head", "letters", "no rows", "no columns", "no pixels", "zeros"],
)  # fmt: skip
def test_what_is_no_picture_is_told(tmp_path, content):
    with pytest.raises(ValueError, match=r"--image: .*a\.png cannot be read as a picture"):
        opened(tmp_path, "a.png", content)


@pytest.mark.parametrize("suffix", ["png", "jpg", "gif", "tif", "bmp", "webp", "pgm"])
def test_damaged_files_are_read_or_told_and_nothing_else(tmp_path, monkeypatch, suffix):
    """Bytes changed at random, most of them near the head, where sizes, types and notes of the camera lie."""
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 10**6)  # a damaged size must not fill the memory of the test
    picture = Image.fromarray(GREY8 if suffix == "pgm" else BYTES)
    exif = picture.getexif()
    exif[0x0112] = 6
    path = tmp_path / f"whole.{suffix}"
    picture.save(path, **({"exif": exif} if suffix in ("png", "jpg", "webp", "tif") else {}))
    whole, rng, refused = path.read_bytes(), np.random.default_rng(0), []
    for _ in range(80):
        content = bytearray(whole)
        for place in (rng.random(3) ** 4 * len(content)).astype(int):
            content[place] = rng.integers(256)
        try:
            photo = opened(tmp_path, f"damaged.{suffix}", bytes(content))
        except ValueError as error:
            refused.append(str(error))
            continue
        assert photo.ndim == 3
        assert photo.shape[2] == 3
        assert photo.dtype in (np.uint8, np.float32)
    assert len(refused) > 10
    assert all(words.startswith("--image: ") for words in refused)


def test_the_courses_own_photos_and_names_that_are_none(tmp_path):
    for name in PHOTOS:
        assert open_photo(name).dtype == np.float32
    for name in ("dog", str(tmp_path), ""):
        with pytest.raises(ValueError, match=r"--image: expected one of chelsea, .*; there is no file"):
            open_photo(name)
