"""Right and wrong answers of a chapter, as tables, held against their checks: answers as source, or as they are."""

import warnings
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pytest
import torch

import dlcourse.reference as reference
from dlcourse.exercises import desk
from dlcourse.exercises.desk import check

Right = dict[str, list[Any]]  # exercise -> answers
Wrong = dict[str, list[tuple[Any, str]]]  # exercise -> (answer, words of its feedback)


def both_tables(right: Right, wrong: Wrong) -> tuple[Callable, Callable]:
    """Two tests: all answers of one table are right, those of the other get their words."""

    @pytest.mark.parametrize(("id", "answer"), _rows(right))
    def accepted(id, answer, tmp_path, monkeypatch):
        monkeypatch.setenv("DLCOURSE_DATA_DIR", str(tmp_path))
        verdict = _quiet(id, answer)
        assert verdict.right, verdict.words

    @pytest.mark.parametrize(("id", "answer"), _rows(wrong))
    def told(id, answer, tmp_path, monkeypatch):
        monkeypatch.setenv("DLCOURSE_DATA_DIR", str(tmp_path))
        verdict = _quiet(id, answer[0])
        assert verdict.state == "wrong"
        assert answer[1] in verdict.words

    return accepted, told


def _rows(table: dict[str, list]) -> Iterable:
    return [pytest.param(id, row, id=f"{id}-{n}") for id, rows in table.items() for n, row in enumerate(rows, 1)]


def _quiet(id: str, answer: Any):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return check(id, answer)


def words_for(id: str, source: str) -> str:
    """What the check says to an answer: an expression, or a body that defines `answer`; "right" if it is."""
    scope = {"np": np, "torch": torch, "reference": reference}
    exec(source if "answer" in source else f"answer = {source}", scope)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        desk.store.update, kept = lambda *arguments, **named: "", desk.store.update
        try:
            verdict = desk.check(id, scope["answer"])
        finally:
            desk.store.update = kept
    return "right" if verdict.right else verdict.words
