"""Right and wrong answers of a chapter, as tables, held against their checks: answers as source, or as they are."""

import warnings
from collections.abc import Callable, Iterable, Sequence
from typing import Any
from unittest import mock

import numpy as np
import pytest
import torch

import dlcourse.reference as reference
from dlcourse.exercises.desk import Verdict, check, store

Right = dict[str, list[Any]]  # exercise -> answers
Wrong = dict[str, list[tuple[Any, str]]]  # exercise -> (answer, words of its feedback)


def both_tables(right: Right, wrong: Wrong) -> tuple[Callable, Callable]:
    """Two tests: all answers of one table are right, those of the other get their words."""

    @pytest.mark.parametrize(("id", "answer"), _rows(right))
    def accepted(id, answer):
        verdict = judged(id, answer)
        assert verdict.right, verdict.words

    @pytest.mark.parametrize(("id", "answer"), _rows(wrong))
    def told(id, answer):
        verdict = judged(id, answer[0])
        assert verdict.state == "wrong"
        assert answer[1] in verdict.words

    return accepted, told


def both_lists(right: Sequence[tuple[str, str]], wrong: Sequence[tuple[str, str, str]]) -> tuple[Callable, Callable]:
    """The same for rows of (exercise, source) and (exercise, source, words); one of several words if a | is between."""

    @pytest.mark.parametrize(("id", "source"), right)
    def accepted(id, source):
        verdict = judged(id, made(source))
        assert verdict.right, verdict.words

    @pytest.mark.parametrize(("id", "source", "words"), wrong)
    def told(id, source, words):
        verdict = judged(id, made(source))
        assert verdict.state == "wrong"
        assert any(word in verdict.words for word in words.split("|"))

    return accepted, told


def _rows(table: dict[str, list]) -> Iterable:
    return [pytest.param(id, row, id=f"{id}-{n}") for id, rows in table.items() for n, row in enumerate(rows, 1)]


def judged(id: str, answer: Any) -> Verdict:
    """What the check says, without a trace in anybody's progress."""
    with warnings.catch_warnings(), mock.patch.object(store, "update", return_value=""):
        warnings.simplefilter("ignore", RuntimeWarning)
        return check(id, answer)


def made(source: str) -> Any:
    """The answer of an expression, or of a body that defines `answer`."""
    scope = {"np": np, "torch": torch, "reference": reference}
    exec(source if "answer" in source else f"answer = {source}", scope)
    return scope["answer"]
