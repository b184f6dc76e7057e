"""Exercises with answers that are checked: `check`, `hint`, `solution`, `progress` and `quiz`."""

from dlcourse.exercises.desk import check, hint, progress, solution
from dlcourse.exercises.quiz import quiz

__all__ = ["check", "hint", "progress", "quiz", "solution"]
