"""Answers by the dozen: what a check says to each, so that a chapter's table needs one line per answer."""

import warnings

import numpy as np
import torch

import dlcourse.reference as reference
from dlcourse.exercises import desk


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
