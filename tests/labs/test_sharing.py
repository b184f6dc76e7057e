"""Share strings: they bring a lab's settings to another place whole, or say in words why not."""

import base64
import json
import string
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlcourse.labs import GatesLab, Lab, PlaygroundLab, XorLab
from dlcourse.labs.sharing import decode, encode

VALUES = st.recursive(
    st.booleans() | st.integers(-(10**9), 10**9) | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=5),
    max_leaves=20,
)


def packed(lab: str, body: bytes) -> str:
    """A string with a right checksum around any bytes: what a damaged or hostile sender could make."""
    text = base64.urlsafe_b64encode(zlib.compress(body)).decode().rstrip("=")
    return f"{lab}:{text}{zlib.crc32(f'{lab}:{text}'.encode()):08x}"


@given(
    st.text(string.ascii_letters, min_size=1, max_size=60), st.dictionaries(st.text(max_size=60), VALUES, max_size=8)
)
def test_settings_come_back_as_they_were(lab, values):
    assert decode(encode(lab, values)) == (lab, values)


def test_line_breaks_and_spaces_of_a_mail_do_no_harm():
    text = encode("GatesLab", {"w1": 1.5})
    broken = " " + "\n".join(text[i : i + 9] for i in range(0, len(text), 9)) + "\r\n"
    assert decode(broken) == ("GatesLab", {"w1": 1.5})


def test_a_lab_comes_back_with_its_settings_and_picture():
    lab = GatesLab(gate="OR", w1=1.25, b=-0.3, tie="z ≥ 0", threshold=True)
    twin = Lab.from_share(lab.share())
    assert type(twin) is GatesLab
    assert twin.state == lab.state
    assert twin.live.picture == lab.live.picture
    assert GatesLab.from_share(lab.share()).state == lab.state


def test_points_drawn_by_hand_come_back():
    own = ((0.25, -0.5, 1.0), (-1.5, 1.5, 0.0))
    assert Lab.from_share(PlaygroundLab(data="own points", own=own).share()).state.own == own


def test_an_untouched_lab_is_a_short_string_and_holds_no_settings():
    text = GatesLab().share()
    assert len(text) <= 40
    assert decode(text) == ("GatesLab", {})


TEXT = encode("XorLab", {"w11": 2.5, "activation": "ReLU"})


@pytest.mark.parametrize("length", range(len(TEXT)))
def test_a_truncated_string_is_told(length):
    with pytest.raises(
        ValueError, match="incomplete or was changed on its way; copy the whole text from the Share box"
    ):
        decode(TEXT[:length])


@settings(max_examples=200)
@given(st.integers(0, len(TEXT) - 1), st.sampled_from(string.ascii_letters + string.digits + "-_:é"))
def test_a_string_with_one_letter_changed_is_told(place, letter):
    changed = TEXT[:place] + letter + TEXT[place + 1 :]
    if changed == TEXT:
        return
    with pytest.raises(ValueError, match="incomplete or was changed on its way"):
        decode(changed)


@settings(max_examples=200)
@given(st.text())
def test_no_text_does_anything_but_a_value_error(text):
    with pytest.raises(ValueError, match=r"^Share string: "):
        decode(text)


@pytest.mark.parametrize(("thing", "name"), [(None, "NoneType"), (5, "int"), (b"GatesLab:", "bytes"), ([], "list")])
def test_what_is_no_text_is_told(thing, name):
    with pytest.raises(ValueError, match=f"^Share string: expected text such as 'GatesLab:eJyr…'; got {name}\\.$"):
        Lab.from_share(thing)


@pytest.mark.parametrize(
    "body",
    [b"[1, 2]", b"5", b"null", b"{", b"", b"\xff\xfe", b"[" * 50_000, b'{"w1": ' + b"9" * 99_000],
    ids=["list", "number", "null", "half", "empty", "no text", "too deep", "too long a number"],
)
def test_a_whole_string_with_something_else_inside_is_told(body):
    with pytest.raises(ValueError, match="it holds no settings of a lab"):
        decode(packed("GatesLab", body))


def test_a_string_that_unpacks_without_end_is_cut_short():
    bomb = packed("GatesLab", b'{"w1": ' + b" " * 50_000_000 + b"1}")
    with pytest.raises(ValueError, match="it holds no settings of a lab"):
        decode(bomb)


def test_a_string_without_packing_is_told():
    for text in ("!!!!", "AAAA", "é"):
        whole = f"GatesLab:{text}{zlib.crc32(f'GatesLab:{text}'.encode()):08x}"
        with pytest.raises(ValueError, match="it holds no settings of a lab"):
            decode(whole)


def test_a_string_of_another_lab_is_told():
    with pytest.raises(ValueError, match=r"expected XorLab; got 'GatesLab'; open it with Lab\.from_share\."):
        XorLab.from_share(GatesLab().share())


def test_a_lab_that_this_course_does_not_have_is_told():
    with pytest.raises(
        ValueError, match=r"expected a lab of this course; got 'TomorrowLab'; it may come from a newer version"
    ):
        Lab.from_share(encode("TomorrowLab", {}))


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"w9": 1.0}, "GatesLab: no setting is called 'w9'; there are gate, w1"),
        ({"self": 1.0}, "GatesLab: no setting is called 'self'"),
        ({"w1": 7.5}, r"GatesLab: w1 must be a number from -2 to 2; got 7\.5"),
        ({"gate": "NIMPLY"}, "GatesLab: gate must be one of 'AND', 'OR'"),
        ({"w1": "exec"}, "GatesLab: w1 must be a number from -2 to 2; got 'exec'"),
        ({"w1": [[1]]}, "GatesLab: w1 must be a number"),
    ],
)
def test_settings_of_a_newer_version_or_out_of_range_are_told(values, words):
    with pytest.raises(ValueError, match=words):
        Lab.from_share(encode("GatesLab", values))


def test_not_a_number_and_numbers_beyond_all_bounds_are_told():
    for body in (b'{"w1": NaN}', b'{"w1": Infinity}', b'{"w1": 1e999}', b'{"w1": ' + b"9" * 400 + b"}"):
        with pytest.raises(ValueError, match="GatesLab: w1 must be a number from -2 to 2; got "):
            Lab.from_share(packed("GatesLab", body))


def test_the_letters_are_those_that_survive_a_link():
    text = encode("PlaygroundLab", {"own": [[0.1 * i, -0.05 * i, 1] for i in range(30)]})
    assert set(text) <= set(string.ascii_letters + string.digits + "-_:")
    assert json.dumps(text) == f'"{text}"'


@pytest.mark.parametrize(
    "text",
    [
        "x" * 10_000, f"GatesLab:{'x' * 10_000}", encode("x" * 10_000, {}), encode("GatesLab", {"x" * 10_000: 1}),
        encode("GatesLab", {"w1": "x" * 10_000}), encode("GatesLab", {"gate": ["x"] * 10_000}),
        encode("PlaygroundLab", {"data": "own points", "own": [[9, 9, 9]] * 5000}),
    ],
    ids=["no string", "damaged", "lab", "setting", "number", "list", "points"],
)  # fmt: skip
def test_the_message_does_not_repeat_what_is_long(text):
    with pytest.raises(ValueError, match=r"^(Share string|GatesLab|PlaygroundLab): ") as error:
        Lab.from_share(text)
    assert len(str(error.value)) < 300
