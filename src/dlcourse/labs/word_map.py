"""WordMapLab: look round among words that were placed by their neighbours in a text alone."""

import difflib
from dataclasses import dataclass

import numpy as np

from dlcourse.labs.base import Goal, Lab, View
from dlcourse.labs.drawing import Table, axes_at, blank_axes
from dlcourse.labs.palette import BLUE, GREY, INK, LARGE, ORANGE, ORANGE_TEXT, PAPER, SMALL
from dlcourse.labs.settings import State, choice, integer, switch, text
from dlcourse.labs.word_training import EVERY, corpus, plane, vectors_at
from dlcourse.labs.words import Word, Words

# -- state and computation ------------------------------------------------------------------------------------------

LETTERS = "abcdefghijklmnopqrstuvwxyz'’"
NEIGHBOURS, ANALOGY = "neighbours of a", "a − b + c"
MOMENTS, SHOWN = 15, 8


@dataclass(frozen=True)
class WordMapState(State):
    """a, b, c are words; one that the text does not have ten times is said to be unknown. moment counts 25 updates."""

    show: str = choice(NEIGHBOURS, (NEIGHBOURS, ANALOGY), label="look for")
    a: str = text("objects", alphabet=LETTERS, most=20, label="word a")
    b: str = text("object", alphabet=LETTERS, most=20, label="word b", help="Only for a − b + c")
    c: str = text("method", alphabet=LETTERS, most=20, label="word c", help="Only for a − b + c")
    measure: str = choice("cosine", ("cosine", "dot product", "distance"), label="nearest by")
    leave_out: bool = switch(True, label="leave out a, b, c")
    moment: int = integer(MOMENTS, low=0, high=MOMENTS, label="training", help="Each step is 25 updates", play=True)


@dataclass(frozen=True)
class WordMapResult:
    unknown: tuple[str, ...]  # of the words asked for; then there are no neighbours
    asked: tuple[str, ...]
    found: tuple[tuple[str, float], ...]  # the eight nearest with their cosine, dot product or distance
    places: np.ndarray  # (V, 2) in the plane
    target: np.ndarray  # (2,) where the search was made


def compute_word_map(state: WordMapState) -> WordMapResult:
    vectors = vectors_at(state.moment)
    asked = (state.a, state.b, state.c) if state.show == ANALOGY else (state.a,)
    mean, axes, _ = plane()
    places = (vectors.directions - mean) @ axes.T
    unknown = tuple(dict.fromkeys(word for word in asked if word not in vectors))
    if unknown:
        return WordMapResult(unknown, asked, (), places, np.zeros(2))
    target = target_of(vectors, asked, state.measure)
    scores = scores_of(vectors, target, state.measure)
    order = np.argsort(-scores, kind="stable")
    left_out = {vectors.place[word] for word in asked} if state.leave_out else set()
    rows = [row for row in order[: SHOWN + 3] if row not in left_out][:SHOWN]
    found = tuple(
        (vectors.words[row], float(abs(scores[row]) if state.measure == "distance" else scores[row])) for row in rows
    )
    direction = target / (np.linalg.norm(target) or 1.0)
    return WordMapResult((), asked, found, places, (direction - mean) @ axes.T)


def target_of(vectors, asked, measure: str) -> np.ndarray:
    """The vector searched for (32,), float64: of lengths 1 for the cosine, as they are otherwise."""
    rows = vectors.directions if measure == "cosine" else vectors.vectors
    parts = [rows[vectors.place[word]].astype(np.float64) for word in asked]
    return parts[0] if len(parts) == 1 else parts[0] - parts[1] + parts[2]


def scores_of(vectors, target, measure: str) -> np.ndarray:
    """(V,): larger is nearer; the distance with a minus sign."""
    if measure == "distance":
        return -np.linalg.norm(vectors.vectors - target, axis=1)
    if measure == "dot product":
        return vectors.vectors @ target
    return vectors.directions @ target / (np.linalg.norm(target) or 1.0)


# -- view -----------------------------------------------------------------------------------------------------------


LETTER, LINE = 0.028, 0.055  # the width of a letter and the height of a line, in the coordinates of the plane


class WordMapView(View):
    size = (840, 412)

    def __init__(self, figure):
        share = plane()[2]
        self.axes = axes_at(
            figure, (16, 30, 440, 360), (-0.75, 0.75), (-0.65, 0.65), f"The PCA plane: {share:.0%} of the variance"
        )
        self.axes.set(xticks=[], yticks=[])

        def points(size, marker, colour, z):
            look = {"marker": marker, "facecolor": colour, "edgecolor": PAPER, "linewidth": 0.6, "zorder": z}
            return self.axes.scatter([], [], s=size, **look)

        [self.all] = self.axes.plot([], [], ".", color="#B4BCC4", markersize=3, zorder=1)
        self.near, self.asked = points(44, "o", BLUE, 3), points(70, "s", ORANGE, 4)
        [self.target] = self.axes.plot([], [], "x", color=INK, markersize=11, markeredgewidth=2, zorder=5)
        self.labels = Words(self.axes, halo=2, zorder=6)
        [self.leaders] = self.axes.plot([], [], color=GREY, linewidth=0.7, zorder=2.5)
        box = blank_axes(figure, (476, 30, 350, 360))
        self.headline = Words(box)
        self.table = Table(
            blank_axes(figure, (476, 84, 350, 260)),
            ("", "word", "nearness", "times in the text"),
            (14, 110, 210, 300),
            SHOWN,
            26,
        )
        length = sum(map(len, corpus().texts))
        size = f"{len(corpus().words)} words that occur at least ten times; {length:,} words of text"
        box.text(0, 350, size, fontsize=SMALL, color=GREY, va="center")
        self.moving = [
            self.all, self.leaders, self.near, self.asked, self.target, self.labels, self.headline, *self.table.artists,
        ]  # fmt: skip

    def update(self, state, result):
        place, counts = vectors_at(0).place, corpus().counts
        self.all.set_data(*result.places.T)
        near = [place[word] for word, _ in result.found]
        asked = [] if result.unknown else [place[word] for word in result.asked]
        self.near.set_offsets(result.places[near].reshape(-1, 2))
        self.asked.set_offsets(result.places[asked].reshape(-1, 2))
        shown = len(asked) == 3
        self.target.set_data(*(result.target[:, None] if shown else ([], [])))
        self.labels.update(self._labels(result, near, asked))
        rows = [
            (str(i), word, f"{value:.2f}", f"{counts[place[word]]}") for i, (word, value) in enumerate(result.found, 1)
        ]
        self.table.update([*rows, *[("",) * 4] * (SHOWN - len(rows))])
        if result.unknown:
            head = f"unknown: {', '.join(result.unknown)}"
        else:
            head = " ".join(f"{sign}{word}" for sign, word in zip(("", "− ", "+ "), result.asked, strict=False))
        self.headline.update(
            [
                Word(0, 12, head, ORANGE_TEXT, LARGE + 1, "left"),
                Word(0, 36, f"the nearest by {state.measure}", GREY, SMALL, "left"),
            ]
        )

    def _labels(self, result, near, asked) -> list[Word]:
        """Names beside the points, lower where they would cover one another; a line leads from a point to its name."""
        wanted = [(row, BLUE) for row in near if row not in asked] + [(row, ORANGE_TEXT) for row in asked]
        taken, labels, leaders = [], [], []
        for row, colour in sorted(wanted, key=lambda pair: -result.places[pair[0], 1]):
            (x, y), word = result.places[row], corpus().words[row]
            width = LETTER * len(word)
            left = x + 0.025 if x + width < 0.72 else x - 0.025 - width
            label_y = y
            for other_left, other_width, other_y in taken:
                if left < other_left + other_width and other_left < left + width:
                    label_y = min(label_y, other_y - LINE)
            taken.append((left, width, label_y))
            labels.append(Word(left, label_y, word, colour, align="left"))
            if y - label_y > LINE / 2:
                leaders += [(x, y), (left, label_y), (np.nan, np.nan)]
        self.leaders.set_data(*(np.array(leaders).T if leaders else ([], [])))
        return labels


# -- lab ------------------------------------------------------------------------------------------------------------


_STRINGS = {"a": "values", "b": "value", "c": "string"}


class WordMapLab(Lab):
    """Words placed by their company: neighbours and analogies, while the embedding is learned."""

    title = "A map of 842 words"
    State, View, compute = WordMapState, WordMapView, staticmethod(compute_word_map)
    presets = {
        "true and false: alike, for they keep the same company": {"a": "true"},
        "Before training: neighbours by chance": {"a": "true", "moment": 0},
        "The dot product prefers long vectors": {"a": "python", "measure": "dot product"},
        "An analogy that works: values − value + string": {"show": ANALOGY, **_STRINGS},
        "The same with nothing left out": {"show": ANALOGY, **_STRINGS, "leave_out": False},
        "One that does not: objects − object + method": {"show": ANALOGY},
    }

    def describe(self, state, result):
        when = f"after {state.moment * EVERY} updates" if state.moment else "before training"
        if result.unknown:
            word = result.unknown[0]
            like = difflib.get_close_matches(word, corpus().words, n=3, cutoff=0.5) or corpus().words[:3]
            return f"{word!r} does not occur ten times in the text; known are, for example, {', '.join(like)}."
        asked = f"{state.a} − {state.b} + {state.c}" if state.show == ANALOGY else state.a
        nearest = ", ".join(f"{word} {value:.2f}" for word, value in result.found[:4])
        return f"Nearest to {asked} by {state.measure}, {when}: {nearest}."

    def judge(self, state, result):
        task = "Find a word that has its own plural or singular, with -s, as its nearest neighbour after training."
        if result.unknown:
            return Goal(task, f"Unknown: {', '.join(result.unknown)}.", False)
        first = result.found[0][0]
        pair = first == f"{state.a}s" or state.a == f"{first}s"
        if state.show == ANALOGY:
            return Goal(task, f"First answer: {first}.", False)
        return Goal(task, f"Nearest to {state.a}: {first}.", pair and state.moment == MOMENTS)

    def code(self, state):
        asked = (state.a, state.b, state.c) if state.show == ANALOGY else (state.a,)
        known = all(word in vectors_at(0) for word in asked)
        kind = "directions" if state.measure == "cosine" else "vectors"
        target = " ".join(f"{sign}v[words.place[{w!r}]]" for sign, w in zip(("", "- ", "+ "), asked, strict=False))
        scores = {
            "cosine": "v @ target / (target @ target).sqrt()",
            "dot product": "v @ target",
            "distance": "-((v - target) ** 2).sum(1).sqrt()",
        }[state.measure]
        without = f" if words.words[i] not in {asked!r}" if state.leave_out else ""
        lines = (
            f"target = {target}\noutput = {scores}\n"
            f"order = np.argsort(-output.numpy())\n"
            f"print([words.words[i] for i in order[:{SHOWN + 3}]{without}][:{SHOWN}])"
            if known
            else "output = v.sum(1)  # a word that was asked for is not known"
        )
        return (
            "import numpy as np\n\nfrom dlcourse.labs.word_training import vectors_at\n\n"
            f"words = vectors_at({state.moment})\nv = engine.tensor(words.{kind}).double()\n{lines}"
        )
