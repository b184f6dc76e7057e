"""KernelLab: kernels by hand, the size formula, tasks, the window and the words."""

import numpy as np
import pytest

from dlcourse.labs import KernelLab
from dlcourse.labs.kernel.filters import (
    PATTERNS,
    TASKS,
    KernelState,
    compute_kernel,
    correlate,
    kernel_of,
    output_side,
)
from dlcourse.labs.pixels import SIDE, grey_photo
from tests.labs.lab_tools import drag, handles, numbers, run_cell

NAMES = [f"k{row}{column}" for row in (1, 2, 3) for column in (1, 2, 3)]


def kernel(*entries, **others) -> dict:
    return dict(zip(NAMES, entries, strict=True)) | others


def preset(beginning: str) -> KernelState:
    [values] = [values for name, values in KernelLab.presets.items() if name.startswith(beginning)]
    return KernelState().changed(**values)


SOBEL = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
ONE = kernel(0, 0, 0, 0, 1, 0, 0, 0, 0)


def test_a_correlation_by_hand():
    image = np.array([[0.0, 0, 1, 1, 1], [0, 0, 1, 1, 1], [0, 0, 1, 1, 1], [0, 0, 1, 1, 0]])
    assert correlate(image, SOBEL * 1.0).tolist() == [[4, 4, 0], [4, 4, -1]]
    assert correlate(image, SOBEL * 1.0, stride=2).tolist() == [[4, 0]]
    assert correlate(image, SOBEL * 1.0, padding=1)[0].tolist() == [0, 3, 3, 0, -3]
    wide = correlate(np.arange(25.0).reshape(5, 5), SOBEL * 1.0, dilation=2)
    assert wide.tolist() == [[(4 - 0) + 2 * (14 - 10) + (24 - 20)]]


@pytest.mark.parametrize(
    ("stride", "padding", "dilation", "side"),
    [(1, 0, 1, 62), (1, 1, 1, 64), (2, 1, 1, 32), (4, 3, 4, 16), (3, 0, 2, 20)],
)
def test_the_size_formula_is_the_size(stride, padding, dilation, side):
    result = compute_kernel(KernelState(stride=stride, padding=padding, dilation=dilation))
    assert output_side(64, stride, padding, dilation) == result.side == side


def test_the_kernel_is_divided_and_turned():
    state = KernelState(**kernel(1, 2, 3, 4, 5, 6, 7, 8, 9), divisor=2)
    assert kernel_of(state).tolist() == [[0.5, 1, 1.5], [2, 2.5, 3], [3.5, 4, 4.5]]
    assert kernel_of(state.changed(flip=True)).tolist() == [[4.5, 4, 3.5], [3, 2.5, 2], [1.5, 1, 0.5]]


def test_one_in_the_middle_copies_the_photo():
    result = compute_kernel(KernelState(**ONE, padding=1))
    np.testing.assert_allclose(result.output, grey_photo("chelsea"))
    assert result.answers == {"flat": 1, "upright edge": 1, "level edge": 1, "slanted edge": 1, "dot": 1}


def test_nine_products_make_the_output_that_is_looked_at():
    for changes in ({}, {"stride": 3, "padding": 2, "dilation": 4, "flip": True}, {"position": 0}):
        result = compute_kernel(KernelState(**({"position": 333} | changes)))
        assert result.products.sum() == pytest.approx(result.output[result.place])
        np.testing.assert_allclose(result.products, result.patch * result.kernel)
    first = compute_kernel(KernelState(position=0))
    np.testing.assert_array_equal(first.patch, grey_photo("chelsea")[:3, :3])


def test_the_position_counts_row_by_row_and_stops_at_the_last():
    assert compute_kernel(KernelState(position=63)).place == (1, 1)
    assert compute_kernel(KernelState(position=4623)).place == (61, 61)


def test_answers_of_sobel_and_laplacian_by_hand():
    sobel = compute_kernel(preset("Sobel: right")).answers
    assert [abs(sobel[name]) for name in PATTERNS] == [0, 4, 0, 3, 2]
    laplacian = compute_kernel(preset("Laplacian")).answers
    assert laplacian["dot"] == 8
    assert [abs(laplacian[name]) for name in ("flat", "upright edge", "level edge", "slanted edge")] == [0, 3, 3, 3]
    assert set(laplacian) == set(PATTERNS)


DONE = {
    TASKS[0]: kernel(-1, 0, 1, -2, 0, 2, -1, 0, 1),
    TASKS[1]: kernel(-1, -1, -1, -1, 8, -1, -1, -1, -1),
    TASKS[2]: kernel(-1, -1, -1, -1, 8, -1, -1, -1, -1),
    TASKS[3]: kernel(*[1] * 9, divisor=9),
    TASKS[4]: kernel(0, 0, 0, 1, 0, 0, 0, 0, 0),
    TASKS[5]: ONE | {"stride": 2, "padding": 1},
}
NOT_DONE = {
    TASKS[0]: [ONE, DONE[TASKS[1]], kernel(-1, -2, -1, 0, 0, 0, 1, 2, 1), kernel(*[0] * 9)],
    TASKS[1]: [ONE, DONE[TASKS[0]], kernel(0, 0, 0, 0, 9, 0, 0, 0, 0)],
    TASKS[2]: [ONE, DONE[TASKS[0]], kernel(*[0] * 9)],
    TASKS[3]: [ONE, kernel(*[1] * 9), kernel(0, -1, 0, -1, 5, -1, 0, -1, 0)],
    TASKS[4]: [ONE, kernel(0, 0, 0, 0, 0, 1, 0, 0, 0), kernel(0, 0, 0, 2, 0, 0, 0, 0, 0)],
    TASKS[5]: [ONE, ONE | {"stride": 2}, ONE | {"padding": 1}],
}


@pytest.mark.parametrize("task", TASKS)
def test_each_task_is_done_by_its_kernel_and_by_no_other(task):
    lab = KernelLab(task=task, **DONE[task])
    assert lab.goal.reached
    for changes in NOT_DONE[task]:
        lab.reset()
        lab.set(stride=1, padding=0, divisor=1)
        lab.set(**changes)
        assert not lab.goal.reached, changes


def test_flip_turns_the_mover_round():
    left = kernel(0, 0, 0, 0, 0, 1, 0, 0, 0)
    assert KernelLab(task=TASKS[4], **left, flip=True).goal.reached


def test_the_first_view_leaves_something_to_do():
    assert not KernelLab().goal.reached


def test_the_window_follows_the_finger_and_stays_on_the_photo():
    lab = KernelLab(stride=2, padding=1)
    drag(lab, "window", 20.4, 10.2)
    assert lab.result.place == (5, 10)  # centres of windows stand at 0.5, 2.5, 4.5 …
    assert (handles(lab)["window"]["x"], handles(lab)["window"]["y"]) == (20.5, 10.5)
    drag(lab, "window", -50, 1000)
    assert lab.result.place == (31, 0)
    assert lab.controls["position"].input.max == 32 * 32 - 1


def test_words_and_pictures_tell_grey_from_signed():
    lab = KernelLab()
    assert "blue to orange" in lab.view.caption.texts[0]
    lab.set(**ONE)
    assert lab.view.caption.texts == ["Output 62 × 62; black 0, white 1"]
    assert "flat areas are multiplied by 1" in lab.status
    assert "= ⌊61 / 1⌋ + 1 = 62" in lab.view.products.texts
    lab.set(stride=2, padding=1, dilation=2, flip=True)
    assert "= ⌊(64 + 2·1 − 2·2 − 1) / 2⌋ + 1" in lab.view.products.texts
    assert "= ⌊61 / 2⌋ + 1 = 31" in lab.view.products.texts
    assert "turned by 180°" in lab.status
    assert f"dense: {SIDE**2 * 31**2:,} weights" in lab.view.products.texts


@pytest.mark.parametrize("engine", ["reference", "torch"])
def test_the_cell_computes_the_map(engine):
    lab = KernelLab()
    odd = {"photo": "brick", "k12": 5, "divisor": 3, "stride": 3, "padding": 2, "dilation": 2, "flip": True}
    for changes in (odd, *KernelLab.presets.values()):
        lab.set(**vars(KernelState()) | changes)
        scope, printed = run_cell(lab.as_code(), engine)
        np.testing.assert_allclose(numbers(scope["output"]), lab.result.output, atol=1e-12)
        assert printed.startswith(f"({lab.result.side}, {lab.result.side})")
