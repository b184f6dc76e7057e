"""The teacher's desk: check an answer, give a hint, show a solution, list the progress."""

import difflib
import html
import os
from dataclasses import dataclass

from dlcourse.exercises import (
    activations,
    backpropagation,
    clustering,
    computing,
    convolution,
    explanations,
    first_steps,
    generalisation,
    linear_maps,
    losses,
    multilayer,
    optimizers,
    perceptron,
    recurrence,
    reinforcement,
    representation,
    store,
    transfer,
)
from dlcourse.exercises.core import Exercise, Wrong, is_stub
from dlcourse.exercises.outline import Done, Progress
from dlcourse.exercises.running import guarded

CHAPTERS = {
    "00": first_steps,
    "01": representation,
    "02": linear_maps,
    "03": perceptron,
    "04": multilayer,
    "05": backpropagation,
    "06": activations,
    "07": losses,
    "08": optimizers,
    "09": generalisation,
    "10": convolution,
    "11": recurrence,
    "12": clustering,
    "13": transfer,
    "14": explanations,
    "15": computing,
    "16": reinforcement,
}
EXERCISES: dict[str, Exercise] = {e.id: e for chapter in CHAPTERS.values() for e in chapter.EXERCISES}
_hints_given: dict[str, int] = {}


@dataclass(frozen=True)
class Verdict:
    """What a check found; shown as words with a mark, never by colour alone."""

    id: str
    state: str  # "right", "wrong" or "open"
    words: str

    @property
    def right(self) -> bool:
        return self.state == "right"

    def __repr__(self) -> str:
        return f"{self.id}: {self.words}"

    def _repr_html_(self) -> str:
        mark, colour = {"right": ("✓", "#00705a"), "wrong": ("✗", "#a35200"), "open": ("○", "#6e7781")}[self.state]
        return (
            f'<div role="status" style="border-left:4px solid {colour};padding:4px 10px">'
            f"<b>{mark} {self.id}</b> {html.escape(self.words)}</div>"
        )


@dataclass(frozen=True)
class Note:
    """A text from the desk: a hint or a solution."""

    text: str

    def __repr__(self) -> str:
        return self.text


def check(id: str, answer) -> Verdict:
    """Check an answer. It is never changed, and a wrong one is no error: the verdict says in words what is seen."""
    exercise = _exercise(id)
    try:
        if is_stub(answer):
            return Verdict(id, "open", "not answered yet.")
        guarded(lambda: exercise.check(answer))
    except Wrong as feedback:
        return Verdict(id, "wrong", f"not yet. {feedback}")
    store.update(id, solved=True)
    return Verdict(id, "right", f"right. {exercise.title}{'' if exercise.title.endswith(('?', '!')) else '.'}")


def hint(id: str, number: int | None = None) -> Note:
    """The next of three hints, or hint `number` (1, 2, 3)."""
    exercise = _exercise(id)
    if _off("HINTS"):
        return Note("Hints are switched off for this class.")
    if number is None:
        number = _hints_given[id] = min(_hints_given.get(id, 0) + 1, 3)
    if type(number) is not int or number not in (1, 2, 3):  # True and 1.0 are equal to 1
        raise ValueError(f"hint: number must be 1, 2 or 3; got {number!r}.")
    return Note(f"Hint {number} of 3 for {id}: {exercise.hints[number - 1]}")


def solution(id: str) -> Note:
    """A solution of the exercise, as code."""
    exercise = _exercise(id)
    if _off("SOLUTIONS"):
        return Note("Solutions are switched off for this class.")
    return Note(f"# {id} {exercise.title}\n{exercise.solution.strip()}")


def progress(chapter: str | None = None) -> Progress:
    """The map of the course and what you have solved of it; progress("03") shows one chapter of it."""
    if chapter is not None:
        check_chapter("progress", chapter)
    known = store.read()

    def solved(id: str) -> bool:
        return bool(known.get(id, {}).get("solved"))

    done = {
        number: Done({exercise.id: solved(exercise.id) for exercise in content.EXERCISES}, solved(f"{number}.quiz"))
        for number, content in CHAPTERS.items()
    }
    return Progress(done, chapter)


def check_chapter(who: str, chapter: str) -> None:
    """ValueError with the chapters that exist, in the name of the function that was called."""
    if not isinstance(chapter, str) or chapter not in CHAPTERS:
        raise ValueError(f"{who}: expected a chapter, one of {', '.join(CHAPTERS)}; got {chapter!r}.")


def _exercise(id: str) -> Exercise:
    if not isinstance(id, str) or id not in EXERCISES:
        near = difflib.get_close_matches(str(id), EXERCISES, n=3, cutoff=0.3) or list(EXERCISES)[:3]
        raise ValueError(f"exercises: no exercise is called {id!r}; did you mean {', '.join(near)}?")
    return EXERCISES[id]


def _off(what: str) -> bool:
    """Teachers set DLCOURSE_HINTS=off or DLCOURSE_SOLUTIONS=off for a class."""
    return os.environ.get(f"DLCOURSE_{what}", "").lower() in ("off", "0", "no")
