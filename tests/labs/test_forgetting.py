"""ForgettingLab: the training by hand in NumPy, frozen weights that stay, shares that count digits, the goal."""

import numpy as np
import pytest

from dlcourse.labs import ForgettingLab
from dlcourse.labs.digit_networks import digit_images
from dlcourse.labs.forgetting import BATCH, STEPS, before, parts
from tests.labs.lab_tools import drag, handles, numbers, run_cell

State, compute = ForgettingLab.State, ForgettingLab.compute


def by_hand(rate: float, rehearsed: int, kept: int, frozen: bool, steps: int) -> np.ndarray:
    """(10,) share of each class after so many updates, in float64."""
    (x, y), (old, new, test) = digit_images(), parts()
    w1, b1, w2, b2 = (np.array(a, float) for a in before())
    memory, draws = np.concatenate([old[y[old] == c][:kept] for c in range(5)]), np.random.default_rng(0)
    for _ in range(steps):
        fresh = draws.choice(new, BATCH, replace=False)[: BATCH - rehearsed]
        rows = np.concatenate([fresh, draws.choice(memory, rehearsed)])
        h = np.tanh(x[rows] @ w1.T + b1)
        z = h @ w2.T + b2
        p = np.exp(z - z.max(axis=1, keepdims=True))
        error = (p / p.sum(axis=1, keepdims=True) - np.eye(10)[y[rows]]) / BATCH
        back = error @ w2 * (1 - h**2)
        w2, b2 = w2 - rate * error.T @ h, b2 - rate * error.sum(axis=0)
        if not frozen:
            w1, b1 = w1 - rate * back.T @ x[rows], b1 - rate * back.sum(axis=0)
    hits = (np.tanh(x[test] @ w1.T + b1) @ w2.T + b2).argmax(axis=1) == y[test]
    return np.array([hits[y[test] == digit].mean() for digit in range(10)])


@pytest.mark.parametrize(("rehearsal", "kept", "frozen"), [(0.0, 5, False), (0.25, 3, False), (0.1, 20, True)])
def test_the_training_is_the_one_by_hand(rehearsal, kept, frozen):
    result = compute(State(log_rate=-0.5, rehearsal=rehearsal, kept=kept, frozen=frozen))
    expected = by_hand(10**-0.5, round(rehearsal * BATCH), kept, frozen, 12)
    np.testing.assert_allclose(result.right[12], expected, atol=0.02)


def test_no_digit_is_in_two_parts_and_old_and_new_are_what_they_are_called():
    y, (old, new, test) = digit_images()[1], parts()
    assert len({*old, *new, *test}) == len(old) + len(new) + len(test) == 1797
    assert set(y[old]) == set(range(5))
    assert set(y[new]) == set(range(5, 10))
    assert len(test) == 597


def test_it_begins_with_the_old_digits_and_ends_with_the_new():
    result = compute(State(step=STEPS))
    assert result.right.shape == (STEPS + 1, 10)
    assert result.old[0] > 0.95
    assert result.new[0] == 0
    assert result.old[-1] < 0.15
    assert result.new[-1] > 0.9


def test_shares_are_weighted_by_the_number_of_digits():
    result = compute(State())
    y = digit_images()[1][parts()[2]]
    read = sum((y == digit).sum() * result.right[7, digit] for digit in range(5))
    assert result.old[7] == pytest.approx(read / (y < 5).sum())


def test_goal_needs_both_and_few_old_digits():
    assert ForgettingLab(log_rate=-0.25, rehearsal=0.3, kept=5, step=50).goal.reached
    assert not ForgettingLab(step=STEPS).goal.reached
    assert not ForgettingLab(step=0).goal.reached
    many = ForgettingLab(log_rate=0.0, rehearsal=0.5, kept=20, step=STEPS)
    assert min(many.result.old[-1], many.result.new[-1]) >= 0.9
    assert not many.goal.reached
    assert "But 20 old digits a class were kept." in many.goal.verdict


def test_words_name_step_share_and_layers():
    start = ForgettingLab(step=0, frozen=True)
    assert start.status.startswith("Before the first update with rate 0.32 the network reads 99% of the old")
    assert "only the last layer is trained" in start.status
    assert "After 1 update with" in ForgettingLab(step=1).status
    assert "30% of each batch are old digits, 2 a class were kept" in ForgettingLab(rehearsal=0.3, kept=2).status


def test_dragging_the_line_goes_to_an_update():
    lab = ForgettingLab(step=3)
    drag(lab, "step", 17.4, 0.5)
    assert lab.state.step == 17
    assert handles(lab)["step"]["text"].startswith("17 updates, old ")
    drag(lab, "step", -5, 0)
    assert lab.state.step == 0


def test_picture_shows_the_step():
    lab = ForgettingLab(step=9)
    right = lab.result.right[9]
    np.testing.assert_allclose([bar.get_height() for bar in lab.view.bars], right)
    assert lab.view.numbers.texts == [f"{100 * share:.0f}" for share in right]
    assert len(lab.view.past.get_xdata()) == 10
    assert lab.view.marks[0].get_ydata()[0] == lab.result.old[9]


@pytest.mark.parametrize("engine", ["reference", "torch"])
def test_the_cell_reads_as_much_of_every_digit(engine):
    lab = ForgettingLab(rehearsal=0.2, kept=4, step=15)
    scope, printed = run_cell(lab.as_code(), engine)
    np.testing.assert_allclose(numbers(scope["output"]), lab.result.right[15], atol=0.04)
    assert printed.startswith("old ")


@pytest.mark.parametrize("engine", ["reference", "torch"])
def test_the_cell_freezes_the_first_layer(engine):
    lab = ForgettingLab(frozen=True, step=30)
    scope, _ = run_cell(lab.as_code(), engine)
    np.testing.assert_allclose(numbers(scope["output"]), lab.result.right[30], atol=0.04)
    np.testing.assert_allclose(numbers(scope["model"][0].weight), before()[0], atol=1e-3)
