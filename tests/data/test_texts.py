"""First names, and the help texts of Python as a corpus."""

import re
from collections import Counter

import numpy as np
import pytest

from dlcourse.data import first_names, paragraphs, python_topics, words


def test_names_are_different_and_of_letters():
    names = first_names()
    assert len(names.names) == len(set(names.names)) == len(names.sex) == len(names.share) == 5163
    assert all(re.fullmatch("[A-Z][a-z]+", name) for name in names.names)
    assert list(names.names) == sorted(names.names)
    assert (names.sex.dtype, names.share.dtype) == (np.int64, np.float32)
    assert repr(names) == "Names(5163 names; female 4017, male 1146)"


@pytest.mark.parametrize(
    ("name", "sex", "share"), [("Mary", 0, 2.629), ("James", 1, 3.318), ("Robin", 0, 0.208), ("Francis", 1, 0.16)]
)
def test_a_name_has_the_sex_and_the_share_that_bear_it_most(name, sex, share):
    names = first_names()
    place = names.names.index(name)
    assert names.sex[place] == sex
    assert names.share[place] == pytest.approx(share)


def test_79_topics_and_64_thousand_words():
    topics = python_topics()
    assert len(topics) == 79
    assert topics["lambda"].startswith("Lambdas\n*******\n")
    assert not any(re.search(r"^===? \S+$", text, re.MULTILINE) for text in topics.values())
    found = Counter(word for text in topics.values() for word in words(text))
    assert (found.total(), len(found)) == (64033, 3168)
    assert [word for word, _ in found.most_common(3)] == ["the", "a", "is"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The cat, the DOG.", ["the", "cat", "the", "dog"]),
        ("don't Python’s 'quoted'", ["don't", "python’s", "quoted"]),
        ("object.__init__(self, x2)", ["object", "init", "self", "x"]),
        ("3.14 != ***", []),
        ("", []),
    ],
)
def test_words(text, expected):
    assert words(text) == expected


def test_paragraphs_are_those_of_their_topic():
    texts, y = paragraphs(("debugger", "string-methods"))
    topics = python_topics()
    assert len(texts) == len(y)
    assert np.bincount(y).min() > 80
    assert y.dtype == np.int64
    for text, i in zip(texts, y, strict=True):
        assert text in " ".join(topics[("debugger", "string-methods")[i]].split())
        assert len(words(text)) >= 10


def test_the_order_of_the_topics_numbers_them():
    first, second = paragraphs(("debugger", "compound")), paragraphs(("compound", "debugger"))
    assert sorted(zip(*first, strict=True)) == sorted((text, 1 - i) for text, i in zip(*second, strict=True))


@pytest.mark.parametrize("topics", [(), ("lambda",), ("lambda", "lambda"), ("lambda", "lamda")])
def test_wrong_topics_are_told_in_words(topics):
    with pytest.raises(ValueError, match=rf"paragraphs: topics must be .* lambda, .*; got {re.escape(repr(topics))}\."):
        paragraphs(topics)
