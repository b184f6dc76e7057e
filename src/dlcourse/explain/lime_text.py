"""LIME for texts: words are taken out, everywhere or at one place each."""

import re
import unicodedata
from collections.abc import Callable, Sequence

import numpy as np

from dlcourse.explain import checks
from dlcourse.explain.asking import ask
from dlcourse.explain.kernels import cosine_distance, exponential
from dlcourse.explain.lime import Explanation, explain_samples, fit_options
from dlcourse.explain.masks import with_complements

KERNEL_WIDTH = 25.0  # for cosine distance × 100


class SplitText:
    r"""A text as its words and what stands between them.

    separator: a regular expression, or a compiled one; the words are what is left between its matches. Groups in it
    change nothing: only the whole match counts. A match without letters, as of r"(?<=\s)", divides two words and takes
    nothing away. Where it matches nowhere the text is one word; a separator that matches even the empty text is a
    ValueError, because it would cut between all letters. Accents and vowel signs that are characters of their own stay
    with their letter, as in हिन्दी; marcotcr/lime cuts such words to pieces, and agrees in everything else.

    positions: False – a feature is a word, wherever it stands, and taking it out removes every one of them; True – each
    place is a feature of its own, and the word there is replaced by `stand_in`, so that the others keep their places.
    """

    def __init__(
        self,
        text: str,
        separator: str | re.Pattern = r"\W+",
        positions: bool = False,
        stand_in: str = "UNKWORDZ",
    ):
        who = "SplitText"
        pattern = _pattern(who, separator)
        self.parts, is_word = _divided(checks.text(who, "text", text), pattern)
        self.positions, self.stand_in = checks.flag(who, "positions", positions), checks.text(who, "stand_in", stand_in)
        places = [i for i, word in enumerate(is_word) if word]
        if positions:
            self.words = [self.parts[i] for i in places]
            self.feature_of = {place: number for number, place in enumerate(places)}
        else:
            self.words = list(dict.fromkeys(self.parts[i] for i in places))
            number = {word: i for i, word in enumerate(self.words)}
            self.feature_of = {place: number[self.parts[place]] for place in places}

    def without(self, mask: np.ndarray) -> str:
        """The text with only the features on whose mask is 1; mask (words,) of 0 and 1."""
        count = len(self.words)
        if count or np.size(mask):
            checks.array("SplitText.without", "mask", mask, f"({count},)", (count,).__eq__)
        return self._left(mask)

    def _left(self, mask) -> str:
        gone = self.stand_in if self.positions else ""
        kept = (p if i not in self.feature_of or mask[self.feature_of[i]] else gone for i, p in enumerate(self.parts))
        return "".join(kept)


def _pattern(who: str, separator) -> re.Pattern:
    if not isinstance(separator, str) and not isinstance(getattr(separator, "pattern", None), str):
        raise TypeError(f"{who}: separator must be a regular expression, a string; {checks.got(separator)}.")
    try:
        pattern = re.compile(separator)
    except re.error as error:
        raise ValueError(f"{who}: separator must be a regular expression; {separator!r} is none: {error}.") from error
    if pattern.match(""):
        raise ValueError(
            f"{who}: separator must not match the empty text, because it would then cut between all letters; got "
            rf"'{pattern.pattern}'; write + for *, as in '\W+'; to take letters for words write '(?<=.)'."
        )
    return pattern


def _divided(text: str, pattern: re.Pattern) -> tuple[list[str], list[bool]]:
    """The parts of a text in order, none of them empty, and which of them are words."""
    parts, is_word, start = [], [], 0
    for left, right in [*_gaps(text, pattern), (len(text), len(text))]:
        for part, word in ((text[start:left], True), (text[left:right], False)):
            if part:
                parts.append(part)
                is_word.append(word)
        start = right
    return parts, is_word


def _gaps(text: str, pattern: re.Pattern):
    """Where the separators lie; a mark that belongs to the letter before it is no part of one."""
    for match in pattern.finditer(text):
        left, right = match.span()
        while left < len(text) and unicodedata.category(text[left]).startswith("M"):
            left += 1
        if left < right or match.start() == left:
            yield left, right


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
    separator: str | re.Pattern = r"\W+",
    kernel_width: float = KERNEL_WIDTH,
    kernel: Callable[[np.ndarray, float], np.ndarray] = exponential,
    features: int | None = 10,
    selection: str = "auto",
    ridge_alpha: float = 1.0,
) -> Explanation:
    """Explain predict(texts) -> (N, classes) for one text.

    How many words a sample loses is drawn evenly from 1 to all, then which. paired: each sample is followed by its
    complement. Distance: cosine × 100. positions, separator: as in `SplitText`; kernel, features, selection,
    ridge_alpha: as in `fit_local`. ValueError and TypeError name the argument that is wrong.
    """
    who = "explain_text"
    checks.text(who, "text", text)
    checks.function(who, "predict", predict, "texts, a list")
    labels = checks.labels(who, labels)
    for name, value, low in (("top", top, 1), ("samples", samples, 2)):
        checks.whole(who, name, value, low)
    checks.seed(who, seed)
    for name, value in (("paired", paired), ("positions", positions)):
        checks.flag(who, name, value)
    options = fit_options(
        who, kernel_width=kernel_width, kernel=kernel, features=features, selection=selection, ridge_alpha=ridge_alpha
    )
    split = SplitText(text, _pattern(who, separator), positions)
    if not split.words:
        raise ValueError(f"{who}: text must have at least one word to take out; got {text!r}.")
    drawn = word_masks(len(split.words), (samples + 1) // 2 if paired else samples, seed)
    masks, groups = with_complements(drawn, samples) if paired else (drawn, np.arange(samples))
    outputs = ask(who, predict, [split._left(mask) for mask in masks])
    return explain_samples(who, split.words, masks, outputs, 100 * cosine_distance(masks), labels, top, options, groups)


def word_masks(words: int, samples: int, seed: int) -> np.ndarray:
    """(samples, words) of uint8: the first row all ones, every other with 1 to `words` zeros at random places."""
    rng = np.random.default_rng(seed)
    sizes = rng.integers(1, words + 1, samples)
    ranks = rng.random((samples, words)).argsort(axis=1).argsort(axis=1)  # a random order of the words for each sample
    masks = (ranks >= sizes[:, None]).astype(np.uint8)
    masks[0] = 1
    return masks
