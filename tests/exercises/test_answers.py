"""Answers in every coat, and what is said of those that are none."""

from collections import namedtuple
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
import torch

import dlcourse.reference as reference
from dlcourse.exercises.core import Wrong, array, as_it_came, epsilon, parts, several, text, texts, whole
from dlcourse.exercises.words import listed, shape_words

Pair = namedtuple("Pair", "rate loss")


class Table:
    """As pandas' Series and DataFrame: something with __array__."""

    def __init__(self, values):
        self.values = values

    def __array__(self, dtype=None, copy=None):
        return np.array(self.values)


@pytest.mark.parametrize(
    "one",
    [
        1,
        1.0,
        True,
        np.True_,
        np.int8(1),
        np.uint64(1),
        np.float16(1),
        np.float32(1),
        np.longdouble(1),
        np.array(1),
        np.array([1.0]),
        [1],
        (1.0,),
        Fraction(1),
        Decimal(1),
        reference.tensor(1.0, requires_grad=True),
        torch.tensor(1),
        torch.tensor([1.0]),
        Table(1),
        torch.nn.Parameter(torch.tensor(1.0)),
        torch.tensor(1.0, dtype=torch.bfloat16),
        torch.tensor(True),
    ],
)
def test_one_number_in_every_coat(one):
    found = array(one, ())
    assert found == 1
    assert found.dtype == np.float64
    assert found.shape == ()


@pytest.mark.parametrize(
    "rows",
    [
        [[1, 2], [3, 4]],
        ((1, 2), (3, 4)),
        [np.array([1, 2]), (3.0, Fraction(4))],
        np.array([[1, 2], [3, 4]], dtype=np.uint8),
        [torch.tensor([1.0, 2.0], requires_grad=True), reference.tensor([3.0, 4.0], requires_grad=True)],
        Table([[1, 2], [3, 4]]),
        [[torch.tensor(1.0, requires_grad=True), True + 1], [np.float32(3), np.int64(4)]],
        np.array([[1, 2], [3, 4]], dtype=object),
        torch.nn.Parameter(torch.tensor([[1.0, 2.0], [3.0, 4.0]])),
        np.ma.array([[1, 2], [3, 4]]),
    ],
)
def test_rows_in_every_coat(rows):
    assert array(rows, (2, 2)).tolist() == [[1, 2], [3, 4]]


@pytest.mark.parametrize(
    "none",
    [
        None,
        "1",
        b"1",
        {"a": 1},
        {1},
        object(),
        [1, "1"],
        np.array("1"),
        1j,
        torch.tensor(1j),
        [[1, 2], [3]],
        (n for n in [1]),
        np.datetime64("2026-01-01"),
        [None],
        map(int, "12"),
        int,
        [[[]]],
    ],
)
def test_what_is_no_number_gets_words(none):
    with pytest.raises(Wrong, match=r"^The rate must be one number; this is "):
        array(none, (), "The rate")
    assert array_is_one_nan(as_it_came(none)) or none == [[[]]]


def array_is_one_nan(found):
    return found.shape == () and np.isnan(found)


def test_a_shape_is_said_in_words():
    with pytest.raises(
        Wrong,
        match=r"^The rows must be a list of 3 numbers; this is 1 row of 3 numbers \(",
    ):
        array([[1, 2, 3]], (3,), "The rows")
    assert [shape_words(s) for s in ((), (3,), (1,), (4, 2), (2, 1, 5), (0,), (2, 0), (2, 3, 4, 5))] == [
        "one number",
        "a list of 3 numbers",
        "a list of 1 number",
        "4 rows of 2 numbers (an array of shape (4, 2))",
        "2 blocks of 1 row of 5 numbers (an array of shape (2, 1, 5))",
        "an empty list",
        "an empty array of shape (2, 0)",
        "an array of shape (2, 3, 4, 5)",
    ]


@pytest.mark.parametrize("bad", [np.nan, np.inf, [np.nan]])
def test_numbers_are_finite(bad):
    with pytest.raises(Wrong, match="holds nan or infinity; the number must be finite"):
        array(bad, ())


def test_three_digits_are_too_few_and_the_reason_is_said():
    with pytest.raises(Wrong, match="16 bits"):
        array(np.float16(0.1), ())
    assert array(np.array([0, 1], dtype=np.float16), (2,)).tolist() == [0, 1]


@pytest.mark.parametrize(
    "two",
    [
        (0.5, 2),
        [0.5, 2],
        np.array([0.5, 2]),
        Pair(0.5, 2),
        torch.tensor([0.5, 2], requires_grad=True),
        reference.tensor([0.5, 2.0]),
        (np.array([0.5]), torch.tensor(2)),
        Table([0.5, 2]),
    ],
)
def test_several_parts_in_every_coat(two):
    assert [part.tolist() for part in several(two, ("The rate", "The loss"))] == [0.5, 2]


def test_parts_have_their_own_shapes():
    w, b = several(([1, 2], 3), ("w", "b"), [(2,), ()])
    assert (w.tolist(), b.tolist()) == ([1, 2], 3)
    with pytest.raises(Wrong, match=r"^b must be one number; this is a list of 2 numbers"):
        several(([1, 2], [3, 4]), ("w", "b"), [(2,), ()])


@pytest.mark.parametrize(
    "other", [1, (1, 2, 3), [1], np.zeros((3, 2)), {"rate": 1, "loss": 2}, {1, 2}, "ab", None, torch.tensor(1.0)]
)
def test_parts_are_asked_for_by_name(other):
    with pytest.raises(Wrong, match=r"^Return two things: the rate and the loss\. This is "):
        several(other, ("The rate", "The loss"))
    with pytest.raises(Wrong, match=r"^Give two things: w and b\."):
        parts(other, ("w", "b"), "Give")


def test_names_are_listed():
    assert listed(("The rate",)) == "the rate"
    assert listed(("W1", "The loss", "b")) == "W1, the loss and b"


@pytest.mark.parametrize("two", [2, 2.0, np.float32(2), [2], torch.tensor(2), True + True, 2 + 1e-9])
def test_whole_numbers(two):
    assert whole(two) == 2
    assert whole(two).dtype == int


@pytest.mark.parametrize(
    ("cut", "words"), [(1.5, "; 1.5 is not"), (0.999, "; 0.999 is not"), (1e30, "; 1e[+]30 is not")]
)
def test_nothing_is_cut_to_a_whole_number(cut, words):
    with pytest.raises(Wrong, match=f"The count must be a whole number{words}"):
        whole(cut, (), "The count")
    with pytest.raises(Wrong, match=f"must be whole numbers{words}"):
        whole([1, cut], (2,))


@pytest.mark.parametrize("one", ["relu", np.str_("relu"), np.array("relu"), np.array(["relu"], dtype=object)])
def test_a_text_in_every_coat(one):
    assert text(one) == "relu"
    assert type(text(one)) is str


@pytest.mark.parametrize("two", [["a", "b"], ("a", "b"), np.array(["a", "b"]), [np.str_("a"), "b"], Table(["a", "b"])])
def test_texts_in_every_coat(two):
    assert texts(two, 2) == ["a", "b"]


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ("ab", "must be a list of two texts; this is str 'ab'"),
        (["a"], "a list of two texts; these are 1"),
        (["a", 1], "Number 2 of the list must be a text in quotation marks; this is int 1"),
        ({"a", "b"}, "this is set"),
        (None, "this is nothing"),
        (object(), "this is object"),
    ],
)
def test_other_things_for_texts_get_words(other, words):
    with pytest.raises(Wrong, match=words):
        texts(other, 2)


def test_epsilon_is_that_of_the_coarsest_part():
    assert epsilon([1.0, np.float32(1)]) == epsilon(torch.tensor(1.0)) == np.finfo(np.float32).eps
    assert epsilon(1) == epsilon((1.0, np.zeros(2))) == np.finfo(float).eps
