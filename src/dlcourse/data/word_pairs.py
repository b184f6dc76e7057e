"""A text as numbers, and the pairs of neighbouring words that word2vec learns from."""

from collections import Counter
from dataclasses import dataclass
from numbers import Integral

import numpy as np

from dlcourse.data.texts import python_topics, words


@dataclass(frozen=True)
class Corpus:
    """Texts over a vocabulary of V words, the most frequent first.

    words: V texts; counts: (V,) int64, how often each occurs; texts: int64 arrays of places in `words`, in reading
    order, the rare words left out.
    """

    words: tuple[str, ...]
    counts: np.ndarray
    texts: tuple[np.ndarray, ...]

    def pairs(self, window: int = 5, threshold: float = 1e-4, seed: int = 0) -> np.ndarray:
        """(P, 2) int64, every word with each other at most `window` words away, in an order drawn from `seed`.

        Frequent words are thinned out first (Mikolov et al. 2013): a word whose share of the text is f stays with the
        probability √(threshold / f), at most 1. threshold=1 keeps all.
        """
        if isinstance(window, bool) or not isinstance(window, Integral) or window < 1:
            raise ValueError(f"pairs: window must be a whole number from 1; got {window!r}.")
        if not threshold > 0:
            raise ValueError(f"pairs: threshold must be greater than 0; got {threshold!r}.")
        rng = np.random.default_rng(seed)
        stays = np.sqrt(threshold * self.counts.sum() / self.counts)
        found = [np.empty((0, 2), np.int64)]
        for text in self.texts:
            kept = text[rng.random(len(text)) < stays[text]]
            for away in range(1, min(window, len(kept) - 1) + 1):
                forward = np.stack([kept[:-away], kept[away:]], axis=1)
                found += [forward, forward[:, ::-1]]
        return rng.permutation(np.concatenate(found))

    def noise(self, shape, seed: int = 0) -> np.ndarray:
        """Words at random, int64 of this shape: each with a probability in proportion to its count to the power ¾."""
        weights = np.cumsum(self.counts**0.75)
        draws = np.random.default_rng(seed).random(shape) * weights[-1]
        return np.searchsorted(weights, draws, side="right")

    def __repr__(self) -> str:
        length = sum(map(len, self.texts))
        return f"Corpus({len(self.texts)} texts, {length} words, {len(self.words)} different)"


def corpus(texts=None, least: int = 5) -> Corpus:
    """The words of some texts as numbers; those that occur fewer than `least` times are left out.

    texts: strings, or None for `python_topics()`: 60,462 words, 1,316 different ones.
    """
    if isinstance(least, bool) or not isinstance(least, Integral) or least < 1:
        raise ValueError(f"corpus: least must be a whole number from 1; got {least!r}.")
    read = [words(text) for text in (python_topics().values() if texts is None else texts)]
    counts = [(word, n) for word, n in Counter(word for text in read for word in text).most_common() if n >= least]
    if not counts:
        raise ValueError(f"corpus: no word occurs {least} times; give more text or a smaller least.")
    place = {word: i for i, (word, _) in enumerate(counts)}
    numbers = tuple(np.array([place[word] for word in text if word in place], np.int64) for text in read)
    return Corpus(tuple(place), np.array([n for _, n in counts], np.int64), numbers)
