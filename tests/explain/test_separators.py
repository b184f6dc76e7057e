"""A text is divided by the whole match of its separator, whatever groups and lookarounds are in it."""

import re

import numpy as np
import pytest

from dlcourse.explain import SplitText, explain_text

TEXT = "A good day,\ta very good  day"
WORDS = ["A", "good", "day", "a", "very"]


@pytest.mark.parametrize(
    "separator",
    [
        r"\W+", r"(\W+)", r"(\W)+", r"(\W)(\W*)", r"(?:\W+)", r"(?P<gap>\W+)", r"((\W)|(\W))+", r"(,|\s)\s*",
        r"(,)?(\s)(?P<more>\s)?", r"(?i)[^a-z]+", r"(\W)\1*|\W+", re.compile(r"(\W+)"), re.compile("[^A-Z]+", re.I),
    ],
    ids=str,
)  # fmt: skip
def test_groups_change_nothing(separator):
    split = SplitText(TEXT, separator)
    assert split.words == WORDS
    assert "".join(split.parts) == TEXT
    assert split.without([1, 0, 1, 1, 1]) == "A  day,\ta very   day"
    places = SplitText(TEXT, separator, positions=True)
    assert places.words == ["A", "good", "day", "a", "very", "good", "day"]
    assert places.without([1, 0, 1, 1, 1, 1, 1]) == "A UNKWORDZ day,\ta very good  day"


def test_the_words_of_the_authors_are_ours_where_their_groups_keep_them():
    """Their program doubles the blanks of r"(\\s+)" in the samples; its words are right."""
    from lime.lime_text import IndexedString

    theirs = IndexedString("a good day", split_expression=r"(\s+)")
    assert [str(word) for word in theirs.inverse_vocab] == SplitText("a good day", r"(\s+)").words
    assert SplitText("a good day", r"(\s+)").without([1, 1, 1]) == "a good day" != theirs.inverse_removing([])


@pytest.mark.parametrize(
    ("separator", "words"),
    [
        (r"(?<=\s)", ["to ", "be ", "or"]),
        (r"(?=\s)", ["to", " be", " or"]),
        (r"\s(?=b)", ["to", "be or"]),
        (r"(?<!e)\s", ["to", "be or"]),
        (r"(?<=.)", ["t", "o", " ", "b", "e", "r"]),
        (r"\b(?=b)", ["to ", "be or"]),
    ],
)
def test_lookarounds_divide_and_take_nothing_away(separator, words):
    split = SplitText("to be or", separator)
    assert split.words == words
    assert split.without(np.ones(len(words))) == "to be or"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("हिन्दी अच्छी है", ["हिन्दी", "अच्छी", "है"]),
        ("ภาษาไทย ดีมาก ที่นี่", ["ภาษาไทย", "ดีมาก", "ที่นี่"]),
        ("cafe\u0301s, de\u0301ja\u0300 vu", ["cafe\u0301s", "de\u0301ja\u0300", "vu"]),  # accents of their own
        ("\u1112\u1161\u11ab\u1100\u1173\u11af 글", ["\u1112\u1161\u11ab\u1100\u1173\u11af", "글"]),
        ("العَرَبِيَّة لُغَة", ["العَرَبِيَّة", "لُغَة"]),
    ],
    ids=["Hindi", "Thai", "decomposed", "Korean, decomposed", "Arabic"],
)
@pytest.mark.parametrize("separator", [r"\W+", r"\s+", r"(?<=\s)"])
def test_marks_stay_with_their_letters(text, words, separator):
    split = SplitText(text, separator)
    assert [word.strip(" ,") for word in split.words] == words
    assert "".join(split.parts) == text


def test_letters_as_features_keep_their_marks():
    assert SplitText("हिन्दी", r"(?<=.)").words == ["हि", "न्", "दी"]


@pytest.mark.parametrize("separator", ["", r"\W*", r"(\s)?", "x*", "^", "$", "(?=)", "(?!a)", "a|"])
def test_a_separator_that_matches_nothing_at_all_is_told(separator):
    with pytest.raises(ValueError, match=r"^SplitText: separator must not match the empty text.*write \+ for \*"):
        SplitText("to be or", separator)
    with pytest.raises(ValueError, match=r"^explain_text: separator must not"):
        explain_text("to be or", lambda texts: np.zeros(len(texts)), separator=separator)


def test_a_separator_that_matches_nowhere_leaves_one_word():
    split = SplitText("to be or", ";")
    assert split.words == ["to be or"]
    found = explain_text("to be or", lambda texts: np.array([len(t) for t in texts], float), separator=";", samples=20)
    assert found.names == ("to be or",)


@pytest.mark.parametrize("separator", ["(", "[a", "*", r"(?P<a>x)(?P<a>y)", "a{2,1}"])
def test_what_is_no_regular_expression_is_told(separator):
    with pytest.raises(ValueError, match=r"^SplitText: separator must be a regular expression"):
        SplitText("to be or", separator)


@pytest.mark.parametrize("separator", [None, 3, b" ", re.compile(b" "), str.split])
def test_what_is_no_text_is_told(separator):
    with pytest.raises(TypeError, match=r"^explain_text: separator must be a regular expression"):
        explain_text("to be or", lambda texts: np.zeros(len(texts)), separator=separator)
