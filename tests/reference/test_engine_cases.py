"""The cells of engine_cases.py mean the same on both engines, or both refuse them."""

import pytest
import torch

from tests.reference.engine_cases import REFUSED, SAME
from tests.reference.programs.run import compare, namespace

MISSING = []  # names of cases that need something which the NumPy engine does not have


@pytest.mark.parametrize("name", [name for name in SAME if name not in MISSING])
def test_both_engines_give_the_same(name):
    difference = compare(SAME[name])
    assert difference is None, f"{SAME[name]}\n{difference} after\n{difference.statement}"


@pytest.mark.parametrize("name", [name for name in REFUSED if name not in MISSING])
def test_both_engines_refuse(name):
    refused = []
    difference = compare(REFUSED[name], note_refusals=lambda *note: refused.append(note))
    assert difference is None, f"{REFUSED[name]}\n{difference} after\n{difference.statement}"
    ((ours, _, statement),) = refused
    assert REFUSED[name].endswith(statement), f"refused too early: {statement}"
    assert not isinstance(ours, (AttributeError, NameError)), f"no answer for a learner: {ours!r}"
    if name.startswith(("array into", "list into")):
        assert isinstance(ours, TypeError), repr(ours)
        assert "_array" not in str(ours), f"the error names what the learner cannot know: {ours}"


@pytest.mark.filterwarnings("ignore")
def test_the_cases_are_what_torch_does():
    """A case with a misprint would be refused by both engines, and prove nothing."""
    for source in SAME.values():
        exec(source, namespace(torch))
    for source in REFUSED.values():
        with pytest.raises((RuntimeError, TypeError, IndexError, ValueError, AttributeError)):
            exec(source, namespace(torch))


def test_the_list_of_missing_names_is_true():
    known = {**SAME, **REFUSED}
    assert [name for name in MISSING if compare(known[name]) is None] == []
