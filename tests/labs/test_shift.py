"""ShiftLab: moves by hand, which layer follows which move, its tasks, the digit that is dragged."""

import numpy as np
import pytest

from dlcourse.labs import ShiftLab
from dlcourse.labs.shift import (
    CONVOLUTION,
    DENSE,
    LARGEST,
    LAYERS,
    POOLING,
    STRIDE,
    ShiftState,
    apply_layer,
    compute_shift,
    moved,
    paper,
)
from tests.labs.lab_tools import drag, handles, numbers, run_cell


def test_a_move_by_hand():
    image = np.array([[1.0, 2, 3], [4, 5, 6]])
    assert moved(image, 1, 0).tolist() == [[0, 1, 2], [0, 4, 5]]
    assert moved(image, -1, 1).tolist() == [[0, 0, 0], [2, 3, 0]]
    assert moved(image, 0, 0).tolist() == image.tolist()
    assert moved(image, 3, 0).tolist() == moved(image, 0, -2).tolist() == np.zeros((2, 3)).tolist()


def test_every_digit_stands_in_the_middle_of_its_paper():
    for digit in range(10):
        sheet = paper(digit)
        assert sheet.shape == (32, 32)
        assert sheet.max() > 0.7
        assert sheet.sum() == sheet[8:24, 8:24].sum()
    assert not np.array_equal(sheet[8:24:2, 8:24], sheet[9:24:2, 8:24])  # no doubled rows


def test_layers_by_hand():
    dot = np.zeros((32, 32))
    dot[10, 20] = 1.0
    response = apply_layer(CONVOLUTION, dot)
    assert response[9:12, 19:22].tolist() == [[1, 0, -1], [2, 0, -2], [1, 0, -1]]  # the kernel turned
    assert apply_layer(STRIDE, dot).tolist() == response[::2, ::2].tolist()
    blocks = response.reshape(16, 2, 16, 2).max(axis=(1, 3))
    assert apply_layer(POOLING, dot).tolist() == blocks.tolist()
    assert apply_layer(LARGEST, dot).tolist() == [[2]]
    assert apply_layer(DENSE, dot).shape == (32, 32)


FOLLOWED = {CONVOLUTION: [1, 2, 3, 7], STRIDE: [2, 6], POOLING: [2, 6], LARGEST: [1, 5, 7], DENSE: []}
LOST = {CONVOLUTION: [12], STRIDE: [1, 3], POOLING: [1, 3], LARGEST: [], DENSE: [1, 2, 8]}


@pytest.mark.parametrize("layer", LAYERS)
def test_which_layer_follows_which_move(layer):
    for right in FOLLOWED[layer]:
        assert compute_shift(ShiftState(layer=layer, right=right, down=-right)).share == 0, right
    for right in LOST[layer]:
        assert compute_shift(ShiftState(layer=layer, right=right)).share > 0.01, right
    assert compute_shift(ShiftState(layer=layer)).share == 0


def test_the_largest_answer_is_lost_with_the_digit():
    lost = compute_shift(ShiftState(layer=LARGEST, right=-12, down=12))
    assert lost.f_moved.shape == (1, 1)
    assert lost.f_moved.item() != lost.f_x.item()


@pytest.mark.parametrize(
    ("layer", "move", "reached"),
    [
        (CONVOLUTION, (5, 0), False), (CONVOLUTION, (12, 0), True),
        (STRIDE, (0, 0), False), (STRIDE, (3, 0), False), (STRIDE, (0, -4), True),
        (POOLING, (1, 0), False), (POOLING, (2, 2), True),
        (LARGEST, (5, 5), False), (LARGEST, (6, 0), True), (LARGEST, (-12, 12), False),
        (DENSE, (0, 0), False), (DENSE, (1, 0), True),
    ],
)  # fmt: skip
def test_tasks(layer, move, reached):
    assert ShiftLab(layer=layer, right=move[0], down=move[1]).goal.reached == reached


def test_the_digit_is_dragged_in_whole_pixels():
    lab = ShiftLab()
    drag(lab, "digit", 20.6, 13.2)
    assert (lab.state.right, lab.state.down) == (5, -3)
    assert (handles(lab)["digit"]["x"], handles(lab)["digit"]["y"]) == (21, 13)
    drag(lab, "digit", 900, -900)
    assert (lab.state.right, lab.state.down) == (12, -12)


def test_words():
    assert ShiftLab(right=2).status.endswith("f(x moved) and f(x) moved are exactly the same.")
    assert "1 to the right and −4 down" in ShiftLab(right=1, down=-4).status
    assert "% apart" in ShiftLab(layer=DENSE, right=1).status
    assert "the largest answer was" in ShiftLab(layer=LARGEST, right=1).status
    lab = ShiftLab(layer=STRIDE, right=1)
    assert lab.view.words.texts[1].startswith("output 16 × 16, blue to orange: ±")


@pytest.mark.parametrize("engine", ["reference", "torch"])
def test_the_cell_computes_the_difference(engine):
    lab = ShiftLab()
    for layer in LAYERS:
        for right, down in ((3, -5), (12, 2)):
            lab.set(layer=layer, digit=7, right=right, down=down)
            scope, printed = run_cell(lab.as_code(), engine)
            np.testing.assert_allclose(numbers(scope["output"]), lab.result.gap, atol=1e-8)
            assert printed.startswith("equal" if lab.result.share == 0 else "not equal")
