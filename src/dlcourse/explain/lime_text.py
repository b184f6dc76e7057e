"""LIME for texts: words are taken out, everywhere or at one place each."""

import re
from collections.abc import Callable, Sequence

import numpy as np

from dlcourse.explain.kernels import cosine_distance
from dlcourse.explain.lime import Explanation, ask, explain_samples
from dlcourse.explain.masks import with_complements

KERNEL_WIDTH = 25.0  # for cosine distance × 100


class SplitText:
    """A text as its words and what stands between them.

    positions: False – a feature is a word, wherever it stands, and taking it out removes every one of them; True – each
    place is a feature of its own, and the word there is replaced by `stand_in`, so that the others keep their places.
    """

    def __init__(self, text: str, separator: str = r"\W+", positions: bool = False, stand_in: str = "UNKWORDZ"):
        parts = re.split(f"({separator})", text)  # word, separator, word, … word
        self.parts = [part for part in parts if part]
        is_word = [i % 2 == 0 for i, part in enumerate(parts) if part]
        self.positions, self.stand_in = positions, stand_in
        places = [i for i, word in enumerate(is_word) if word]
        if positions:
            self.words = [self.parts[i] for i in places]
            self.feature_of = {place: number for number, place in enumerate(places)}
        else:
            self.words = list(dict.fromkeys(self.parts[i] for i in places))
            number = {word: i for i, word in enumerate(self.words)}
            self.feature_of = {place: number[self.parts[place]] for place in places}

    def without(self, mask: np.ndarray) -> str:
        """The text with only the features on whose mask is 1."""
        gone = self.stand_in if self.positions else ""
        kept = (p if i not in self.feature_of or mask[self.feature_of[i]] else gone for i, p in enumerate(self.parts))
        return "".join(kept)


def explain_text(
    text: str,
    predict: Callable[[list[str]], np.ndarray],
    labels: Sequence[int] | None = None,
    *,
    top: int = 1,
    samples: int = 5000,
    seed: int = 0,
    paired: bool = True,
    positions: bool = False,
    separator: str = r"\W+",
    kernel_width: float = KERNEL_WIDTH,
    features: int | None = 10,
    **options,
) -> Explanation:
    """Explain predict(texts) -> (N, classes) for one text.

    How many words a sample loses is drawn evenly from 1 to all, then which. paired: each sample is followed by its
    complement. Distance: cosine × 100. The rest as in `SplitText` and `fit_local`.
    """
    split = SplitText(text, separator, positions)
    if not split.words:
        raise ValueError(f"explain_text: the text must have at least one word to take out; got {text!r}.")
    if samples < 2:
        raise ValueError(f"explain_text: samples must be at least 2, the text and one more; got {samples}.")
    drawn = word_masks(len(split.words), (samples + 1) // 2 if paired else samples, seed)
    masks, groups = with_complements(drawn, samples) if paired else (drawn, np.arange(samples))
    outputs = ask(predict, [split.without(mask) for mask in masks])
    options |= {"groups": groups, "features": features, "kernel_width": kernel_width}
    return explain_samples(split.words, masks, outputs, 100 * cosine_distance(masks), labels, top, **options)


def word_masks(words: int, samples: int, seed: int) -> np.ndarray:
    """(samples, words) of uint8: the first row all ones, every other with 1 to `words` zeros at random places."""
    rng = np.random.default_rng(seed)
    sizes = rng.integers(1, words + 1, samples)
    ranks = rng.random((samples, words)).argsort(axis=1).argsort(axis=1)  # a random order of the words for each sample
    masks = (ranks >= sizes[:, None]).astype(np.uint8)
    masks[0] = 1
    return masks
