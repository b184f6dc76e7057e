"""Text: first names, and the help texts of Python as a corpus."""

import re
from dataclasses import dataclass

import numpy as np

from dlcourse.data.files import read_text

_WORD = re.compile(r"[a-z]+(?:['’][a-z]+)?")
_HEADING = re.compile(r"^=== (\S+)\n", re.MULTILINE)


@dataclass(frozen=True)
class Names:
    """First names, all different: N strings; sex: (N,) int64, 0 female, 1 male; share: (N,) float32, per cent."""

    names: tuple[str, ...]
    sex: np.ndarray
    share: np.ndarray

    def __repr__(self) -> str:
        return f"Names({len(self.names)} names; female {int((self.sex == 0).sum())}, male {int((self.sex == 1).sum())})"


def first_names() -> Names:
    """5,163 first names of the United States' census of 1990, in the order of the alphabet.

    Letters A-Z and a-z only, the first one a capital. A name that women and men bear has the sex of the larger share;
    `share` is the per cent of that sex that bears it. ValueError if `data/first_names.csv` is damaged.
    """
    found: dict[str, tuple[float, int]] = {}
    for line in read_text("first_names.csv").splitlines()[1:]:
        name, sex, per_cent = line.split(",")
        entry = float(per_cent), int(sex == "male")
        found[name] = max(found.get(name, entry), entry, key=lambda pair: pair[0])
    names = tuple(sorted(found))
    sex, share = [found[name][1] for name in names], [found[name][0] for name in names]
    return Names(names, np.array(sex, np.int64), np.array(share, np.float32))


def python_topics() -> dict[str, str]:
    """79 help texts about the Python language, topic -> text, 64 thousand words; what `help("lambda")` shows.

    A frozen copy of `pydoc_data.topics` of Python 3.11.7 (licence PSF-2.0), so that the corpus and what is learned from
    it are the same under every Python. ValueError if `data/python_topics.txt` is damaged.
    """
    _, *parts = _HEADING.split(read_text("python_topics.txt"))  # name, text, name, text, …
    return {name: text.strip() for name, text in zip(parts[::2], parts[1::2], strict=True)}


def paragraphs(topics: tuple[str, ...] = ("string-methods", "debugger", "compound")) -> tuple[list[str], np.ndarray]:
    """Paragraphs of some help texts, and which topic each is from: texts to classify.

    topics: names in `python_topics()`, at least two. Returns a list of N texts, each of ten words at least, in the
    order of the texts, and (N,) int64, an index into topics.
    """
    topics, texts = tuple(topics), python_topics()
    if len(set(topics)) < 2 or not set(topics) <= set(texts):
        raise ValueError(f"paragraphs: topics must be at least two of {', '.join(texts)}; got {topics}.")
    found = [(" ".join(part.split()), i) for i, name in enumerate(topics) for part in texts[name].split("\n\n")]
    kept = [(text, i) for text, i in found if len(words(text)) >= 10]
    return [text for text, _ in kept], np.array([i for _, i in kept], np.int64)


def words(text: str) -> list[str]:
    """The words of a text in lower case: letters a-z, with one apostrophe inside (don't); all else only divides."""
    return _WORD.findall(text.lower())
