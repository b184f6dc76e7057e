"""The truth tables, against Python's own logic."""

import numpy as np
import pytest

from dlcourse.data import GATES, gate

LOGIC = {
    "AND": lambda a, b: a and b,
    "OR": lambda a, b: a or b,
    "NAND": lambda a, b: not (a and b),
    "NOR": lambda a, b: not (a or b),
    "XOR": lambda a, b: a != b,
    "XNOR": lambda a, b: a == b,
}


def test_all_gates_are_there():
    assert set(GATES) == set(LOGIC)


@pytest.mark.parametrize("name", LOGIC)
def test_truth_table(name):
    x, target = gate(name)
    assert x.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert target.tolist() == [int(LOGIC[name](a, b)) for a, b in x]
    assert (x.dtype, target.dtype) == (np.float32, np.int64)


def test_each_call_gives_arrays_of_its_own():
    x, target = gate("AND")
    x[:], target[:] = 7, 7
    assert gate("AND")[0].max() == gate("AND")[1].max() == 1


@pytest.mark.parametrize("name", ["and", "IMPLIES", "", None, 3])
def test_an_unknown_gate_is_told_in_words(name):
    with pytest.raises(ValueError, match=rf"gate: expected one of AND, OR, NAND, NOR, XOR, XNOR; got {name!r}\."):
        gate(name)
