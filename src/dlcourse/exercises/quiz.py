"""Quizzes: a few questions with radio buttons, and feedback for each choice."""

import html
import random
import re

import ipywidgets

from dlcourse.exercises import store
from dlcourse.exercises.core import Question
from dlcourse.exercises.desk import CHAPTERS, check_chapter


def shuffled(seed: str, options: int) -> list[int]:
    """The order in which a question shows its options: mixed, and the same for this seed on every machine and page."""
    return random.Random(seed).sample(range(options), options)


def without_verdict(feedback: str) -> str:
    """Feedback without a "Right:" or "Yes." at its beginning: the mark before it says so already."""
    rest = re.sub(r"^(Right|Yes|Correct|Exactly)[.:,!] *", "", feedback)
    return rest if rest == feedback else rest[:1].upper() + rest[1:]


class Quiz:
    """The questions of a chapter, their options in a mixed order. Tab and arrow keys choose, Space or Enter answers."""

    def __init__(self, chapter: str, questions: tuple[Question, ...]):
        self.chapter, self.questions = chapter, questions
        self.right = [False] * len(questions)
        self.orders = [shuffled(f"{chapter} {number}", len(q.options)) for number, q in enumerate(questions, 1)]
        self.choices, self.feedback, boxes = [], [], []
        for index, question in enumerate(questions):
            boxes += self._question(index, question)
        self.widget = ipywidgets.VBox(boxes)

    def _question(self, index: int, question: Question) -> list[ipywidgets.Widget]:
        title = ipywidgets.HTML(f"<b>{index + 1}. {html.escape(question.text)}</b>")
        options = [question.options[option] for option in self.orders[index]]
        choice = ipywidgets.RadioButtons(options=options, value=None, layout={"width": "auto"})
        button = ipywidgets.Button(description="Answer", tooltip=f"Answer question {index + 1}")
        feedback = ipywidgets.HTML()
        button.on_click(lambda _: self.answer(index))
        self.choices.append(choice)
        self.feedback.append(feedback)
        return [title, choice, button, feedback]

    def answer(self, index: int) -> None:
        """Judge the choice of one question and show its feedback."""
        question, place = self.questions[index], self.choices[index].index
        if place is None:
            self.feedback[index].value = '<p role="status">Choose one of the answers first.</p>'
            return
        chosen = self.orders[index][place]
        self.right[index] = chosen == question.right
        mark = "✓ Right." if self.right[index] else "✗ Not quite."
        trouble = store.update(f"{self.chapter}.quiz", solved=True) if all(self.right) else ""
        words = html.escape(
            f"{without_verdict(question.feedback[chosen])} {trouble}".strip()
        )  # a callback's warning is seen by nobody
        self.feedback[index].value = f'<p role="status">{mark} {words}</p>'

    def __repr__(self) -> str:
        lines = [f"Quiz of chapter {self.chapter}"]
        for number, (question, order) in enumerate(zip(self.questions, self.orders, strict=True), 1):
            lines.append(f"{number}. {question.text}")
            lines += [
                f"   ({letter}) {question.options[option]}" for letter, option in zip("abcdef", order, strict=False)
            ]
        return "\n".join(lines)

    def _repr_mimebundle_(self, **kwargs) -> dict:
        mime = "application/vnd.jupyter.widget-view+json"
        view = {"version_major": 2, "version_minor": 0, "model_id": self.widget.model_id}
        return {"text/plain": repr(self), mime: view}


def quiz(chapter: str) -> Quiz:
    """The quiz of a chapter, such as quiz("03")."""
    check_chapter("quiz", chapter)
    return Quiz(chapter, CHAPTERS[chapter].QUESTIONS)
