"""The settings of a lab: what each kind takes, and the words with which it turns down the rest."""

from dataclasses import FrozenInstanceError, dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlcourse.labs import GatesLab
from dlcourse.labs.settings import State, choice, integer, number, rows, switch, text


@dataclass(frozen=True)
class DemoState(State):
    weight: float = number(0.5, low=-2, high=2, step=0.05, label="w")
    count: int = integer(3, low=0, high=10, label="n")
    kind: str = choice("a", ("a", "b"), label="kind")
    rate: float = choice(0.1, (0.1, 1.0), label="rate")
    on: bool = switch(False, label="on")
    points: tuple = rows((), width=2, low=-1, high=1, label="points")


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("weight", -2, -2.0), ("weight", 2.0, 2.0), ("weight", np.float32(0.5), 0.5), ("weight", np.int64(1), 1.0),
        ("weight", 0.1 + 0.2, 0.3), ("count", 0, 0), ("count", 10, 10), ("count", np.int64(4), 4), ("kind", "b", "b"),
        ("rate", 1, 1.0), ("on", True, True), ("points", [[0, 0.5], (1, -1)], ((0.0, 0.5), (1.0, -1.0))),
        ("points", np.zeros((1, 2)), ((0.0, 0.0),)),
    ],
)  # fmt: skip
def test_a_right_value_is_kept_in_its_own_type(name, value, kept):
    got = getattr(DemoState(**{name: value}), name)
    assert got == kept
    assert type(got) is type(kept)


def test_minus_zero_is_zero():
    assert str(DemoState(weight=-0.0).weight) == "0.0"


@dataclass(frozen=True)
class LineState(State):
    line: str = text("abc", alphabet="abc ", most=4, label="line")


def test_a_text_is_kept_in_small_letters():
    assert [LineState(line=line).line for line in ("A", " cab", "bb b")] == ["a", " cab", "bb b"]


@pytest.mark.parametrize("line", ["", "abcab", "abd", "a\n", 5, None, True, b"a", ["a"]], ids=repr)
def test_a_text_that_does_not_fit_is_told_in_words(line):
    with pytest.raises(ValueError, match=r"^LineLab: line must be a text of 1 to 4 characters from 'abc '; got "):
        LineState(line=line)


WRONG = {
    "weight": [2.05, -2.05, np.nan, np.inf, -np.inf, "0.5", None, True, [0.5], 1j, 10**400, np.array([0.1, 0.2])],
    "count": [-1, 11, 3.0, 2.5, "3", None, True, np.nan, [3], 10**400],
    "kind": ["c", "A", "", None, 1, True, ["a"], np.array(["a", "b"])],
    "rate": [0.2, "0.1", None, True, np.nan],
    "on": [1, 0, "True", None, np.nan],
    "points": [
        [[0, 2]], [[0, np.nan]], [[0]], [[0, 0, 0]], "points", 5, None, [["a", "b"]], [0, 0], [[10**400, 0]],
        [[0, 0]] * 501,
    ],
}  # fmt: skip
EXPECTED = {
    "weight": "a number from -2 to 2",
    "count": "a whole number from 0 to 10",
    "kind": "one of 'a', 'b'",
    "rate": "one of 0.1, 1.0",
    "on": "True or False",
    "points": "at most 500 rows of 2 numbers from -1 to 1",
}


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in WRONG.items() for value in values], ids=lambda v: repr(v)[:25]
)
def test_a_wrong_value_is_told_in_words(name, value):
    with pytest.raises(ValueError, match=rf"^DemoLab: {name} must be {EXPECTED[name]}; got ") as caught:
        DemoState(**{name: value})
    assert len(str(caught.value)) < 160
    assert caught.value.__suppress_context__  # no chain of errors before the sentence


def test_the_words_show_what_came():
    with pytest.raises(ValueError, match=r"got 'much'\.$"):
        DemoState(weight="much")
    with pytest.raises(ValueError, match=r"got nan\.$"):
        DemoState(weight=float("nan"))


def test_an_unknown_setting_is_told_with_the_known_ones():
    words = r"^DemoLab: no setting is called 'w9'; there are weight, count, kind, rate, on, points\.$"
    with pytest.raises(ValueError, match=words):
        DemoState().changed(w9=1.0)
    with pytest.raises(ValueError, match=r"^GatesLab: no setting is called 'w9'; there are gate, w1, w2, b, scale"):
        GatesLab(w9=1.0)


def test_a_name_of_python_itself_is_an_unknown_setting_like_any_other():
    with pytest.raises(ValueError, match="no setting is called 'self'"):
        DemoState().changed(**{"self": 1})
    with pytest.raises(ValueError, match="no setting is called 'self'"):
        GatesLab(**{"self": 1})


def test_a_wrong_default_is_noticed_when_the_class_is_written():
    with pytest.raises(ValueError):  # noqa: PT011 - the message is made by State, which is not there yet
        number(3, low=0, high=1, step=0.1, label="w")


def test_a_state_never_changes_and_a_changed_one_is_another():
    state = DemoState()
    with pytest.raises(FrozenInstanceError):
        state.weight = 1.0
    assert state.changed(weight=1, kind="b") == DemoState(weight=1.0, kind="b")
    assert state == DemoState()


def test_differences_are_the_settings_that_are_not_the_default():
    assert DemoState().differences() == {}
    assert DemoState(weight=0.5, on=True, points=[[0, 1]]).differences() == {"on": True, "points": ((0.0, 1.0),)}


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_nearest_is_a_value_that_the_slider_can_show_and_none_is_nearer(value):
    got = DemoState.nearest(weight=value)["weight"]
    stops = np.linspace(-2, 2, 81)
    assert np.abs(stops - got).min() < 1e-9
    assert abs(got - np.clip(value, -2, 2)) <= np.abs(stops - np.clip(value, -2, 2)).min() + 1e-9
    assert DemoState(weight=got).weight == got  # and it is taken back as it is
