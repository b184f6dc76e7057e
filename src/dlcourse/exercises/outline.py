"""The map of the course: its seventeen chapters, and what a learner has done of them."""

import html
from dataclasses import dataclass


@dataclass(frozen=True)
class Chapter:
    """One notebook: its number, its file in notebooks/, its title and what a learner does there."""

    file: str
    title: str
    content: str

    @property
    def number(self) -> str:
        """The two digits that the file's name begins with."""
        return self.file[:2]


OUTLINE = (
    Chapter("00-start-here.ipynb", "Start here", "sort tangerines by hand, then let a machine learn to"),
    Chapter("01-representation-learning.ipynb", "Representation learning", "see an image as numbers, and numbers improve"),
    Chapter("02-linear-transformations.ipynb", "Functions and linear transformations", "bend and turn the plane by a matrix"),
    Chapter("03-perceptron.ipynb", "The perceptron and logic gates", "place lines, find the gates, watch a rule converge"),
    Chapter("04-multilayer-perceptron.ipynb", "XOR and the multilayer perceptron", "go beyond a line, then train in the playground"),
    Chapter("05-backpropagation.ipynb", "Backpropagation", "follow the gradient backwards through a graph"),
    Chapter("06-activations.ipynb", "Activations and initialisation", "keep a signal alive through many layers"),
    Chapter("07-losses.ipynb", "Losses", "say what is wrong, and how wrong"),
    Chapter("08-optimizers.ipynb", "Optimizers", "race downhill, fairly"),
    Chapter("09-generalisation.ipynb", "Training that generalises", "learn without learning by heart"),
    Chapter("10-convolution.ipynb", "Convolutional networks", "slide a small filter over a picture"),
    Chapter("11-recurrence.ipynb", "Recurrent networks", "read a sequence step by step, and remember"),
    Chapter("12-word-embeddings.ipynb", "Word embeddings and clustering", "group what nobody has named"),
    Chapter("13-transfer-learning.ipynb", "Transfer learning", "start from what another network knows"),
    Chapter("14-lime.ipynb", "Opening the black box: LIME", "ask a network why"),
    Chapter("15-from-numpy-to-cuda.ipynb", "From NumPy to CUDA, and the bitter lesson", "make it fast, and see why that matters"),
    Chapter("16-reinforcement-learning.ipynb", "Learning from reward", "learn by trying"),
)  # fmt: skip


@dataclass(frozen=True)
class Done:
    """What is done of a chapter: exercise -> solved, in order; and whether the quiz is."""

    exercises: dict[str, bool]
    quiz: bool

    @property
    def marks(self) -> str:
        """A tick for each solved exercise, a ring for each open one: 03.1✓ 03.2○."""
        return " ".join(f"{id}{_mark(solved)}" for id, solved in self.exercises.items())

    @property
    def count(self) -> str:
        """As words: 2 of 7."""
        return f"{sum(self.exercises.values())} of {len(self.exercises)}"


@dataclass(frozen=True)
class Progress:
    """The map with what is done. `done` has the chapters that exist, by number; the others are coming.

    As plain text a line for each chapter that exists, in a notebook a table with links to the notebooks. `chapter`: the
    only one to be shown, or None for the whole map.
    """

    done: dict[str, Done]
    chapter: str | None = None

    def __repr__(self) -> str:
        return "\n".join(
            f"Chapter {number}: {done.count}  {done.marks}  quiz{_mark(done.quiz)}"
            for number, done in self._shown().items()
        )

    def _repr_html_(self) -> str:
        head = "".join(f"<th {_LEFT}>{name}</th>" for name in ("", "Chapter", "You will", "Exercises", "Quiz"))
        shown = self._shown()
        chapters = [chapter for chapter in OUTLINE if self.chapter in (None, chapter.number)]
        rows = "".join(_row(chapter, shown.get(chapter.number)) for chapter in chapters)
        solved = sum(sum(done.exercises.values()) for done in shown.values())
        total = sum(len(done.exercises) for done in shown.values())
        return (
            f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
            f'<p role="status">{solved} of {total} exercises solved.</p>'
        )

    def _shown(self) -> dict[str, Done]:
        return self.done if self.chapter is None else {self.chapter: self.done[self.chapter]}


_LEFT = 'style="text-align:left"'


def _row(chapter: Chapter, done: Done | None) -> str:
    title = html.escape(chapter.title)
    if done is None:
        cells = (chapter.number, f"{title} (coming)", chapter.content, "", "")
    else:
        marks = "".join(_mark(solved) for solved in done.exercises.values())
        link = f'<a href="{chapter.file}">{title}</a>'
        cells = (chapter.number, link, chapter.content, f"{done.count} {marks}", _mark(done.quiz))
    return f"<tr>{''.join(f'<td {_LEFT}>{cell}</td>' for cell in cells)}</tr>"


def _mark(solved: bool) -> str:
    return "✓" if solved else "○"
