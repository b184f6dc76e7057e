"""Quizzes: a few questions with radio buttons, and feedback for each choice."""

import html

import ipywidgets

from dlcourse.exercises import store
from dlcourse.exercises.core import Question
from dlcourse.exercises.desk import CHAPTERS, check_chapter


class Quiz:
    """The questions of a chapter. Tab and arrow keys choose, Space or Enter on the button answers."""

    def __init__(self, chapter: str, questions: tuple[Question, ...]):
        self.chapter, self.questions = chapter, questions
        self.right = [False] * len(questions)
        self.choices, self.feedback, boxes = [], [], []
        for index, question in enumerate(questions):
            boxes += self._question(index, question)
        self.widget = ipywidgets.VBox(boxes)

    def _question(self, index: int, question: Question) -> list[ipywidgets.Widget]:
        title = ipywidgets.HTML(f"<b>{index + 1}. {html.escape(question.text)}</b>")
        choice = ipywidgets.RadioButtons(options=list(question.options), value=None, layout={"width": "auto"})
        button = ipywidgets.Button(description="Answer", tooltip=f"Answer question {index + 1}")
        feedback = ipywidgets.HTML()
        button.on_click(lambda _: self.answer(index))
        self.choices.append(choice)
        self.feedback.append(feedback)
        return [title, choice, button, feedback]

    def answer(self, index: int) -> None:
        """Judge the choice of one question and show its feedback."""
        question, chosen = self.questions[index], self.choices[index].index
        if chosen is None:
            self.feedback[index].value = '<p role="status">Choose one of the answers first.</p>'
            return
        self.right[index] = chosen == question.right
        mark = "✓ Right." if self.right[index] else "✗ Not quite."
        trouble = store.update(f"{self.chapter}.quiz", solved=True) if all(self.right) else ""
        words = html.escape(f"{question.feedback[chosen]} {trouble}".strip())  # a callback's warning is seen by nobody
        self.feedback[index].value = f'<p role="status">{mark} {words}</p>'

    def __repr__(self) -> str:
        lines = [f"Quiz of chapter {self.chapter}"]
        for number, question in enumerate(self.questions, 1):
            options = (f"   ({letter}) {option}" for letter, option in zip("abcdef", question.options, strict=False))
            lines += [f"{number}. {question.text}", *options]
        return "\n".join(lines)

    def _repr_mimebundle_(self, **kwargs) -> dict:
        mime = "application/vnd.jupyter.widget-view+json"
        view = {"version_major": 2, "version_minor": 0, "model_id": self.widget.model_id}
        return {"text/plain": repr(self), mime: view}


def quiz(chapter: str) -> Quiz:
    """The quiz of a chapter, such as quiz("03")."""
    check_chapter("quiz", chapter)
    return Quiz(chapter, CHAPTERS[chapter].QUESTIONS)
