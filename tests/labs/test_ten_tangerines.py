"""TenTangerinesLab: ten real rows, one limit."""

import numpy as np
import pytest

from dlcourse import data
from dlcourse.labs import TenTangerinesLab
from dlcourse.labs.ten_tangerines import TenTangerinesState, compute_ten, ten
from tests.labs.lab_tools import drag, handles, numbers, run_cell


def test_the_ten_are_rows_of_the_box():
    size, ripe = ten()
    box = data.tangerines()
    rows = set(zip(box.x[:, 0].astype(float).round(1), box.y, strict=True))
    assert set(zip(size, ripe, strict=True)) <= rows
    assert size.tolist() == [5.0, 5.4, 5.8, 6.2, 6.6, 7.0, 7.4, 7.8, 8.2, 8.7]
    assert ripe.tolist() == [0] * 5 + [1] * 5


@pytest.mark.parametrize(
    ("limit", "right"), [(4.8, 5), (5.0, 6), (6.5, 9), (6.6, 10), (6.9, 10), (7.0, 9), (7.5, 8), (8.6, 6), (8.9, 5)]
)
def test_how_many_are_right(limit, right):
    """Larger than the limit is sold: 6.6 itself is left, 7.0 itself, too."""
    assert compute_ten(TenTangerinesState(limit=limit)).right.sum() == right


def test_the_limit_is_dragged_to_the_goal():
    lab = TenTangerinesLab()
    assert not lab.goal.reached
    drag(lab, "limit", 6.83, 20.0)
    assert lab.state.limit == 6.8
    assert lab.goal.reached
    assert lab.live.verdict == "✓ 10 of 10 right."
    assert handles(lab)["limit"]["text"] == "6.8 cm, 10 of 10 right"


def test_the_sentence_names_the_wrong_ones():
    assert TenTangerinesLab(limit=7.5).status == (
        "Sold above 7.5 cm. Left although ripe: 7.0, 7.4 cm. Sold although unripe: none."
    )


def test_what_is_drawn_is_the_result():
    lab = TenTangerinesLab(limit=6.2)
    assert lab.view.line.get_xdata() == [6.2, 6.2]
    texts = lab.view.words.texts
    assert texts.count("✓") == 9
    assert texts.count("✗ wrong") == 1
    assert texts.count("ripe") == texts.count("unripe") == 5
    assert "sold →" in texts
    lab.set(limit=8.9)
    assert "sold →" not in lab.view.words.texts  # there is no room for it


@pytest.mark.parametrize("engine", ["reference", "torch"])
@pytest.mark.parametrize("limit", [4.8, 6.6, 7.0, 8.5])
def test_the_cell_sorts_as_the_lab_does(engine, limit):
    lab = TenTangerinesLab(limit=limit)
    scope, printed = run_cell(lab.as_code(), engine)
    assert np.array_equal(numbers(scope["output"]) == 1, lab.result.right)
    assert printed == f"{lab.result.right.sum()} of 10 right\n"
