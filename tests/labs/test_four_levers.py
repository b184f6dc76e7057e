"""FourLeversLab: gradient descent against the engine's own walk, and the test set that is opened once."""

import numpy as np
import pytest

import dlcourse.reference as engine
from dlcourse import data
from dlcourse.labs import FourLeversLab, Lab
from dlcourse.labs.four_levers_training import (
    UPDATES,
    FourLeversState,
    compute_levers,
    draw,
    error_of,
    levers_of,
    train,
)
from dlcourse.labs.polynomials import RATE, descent, features, ridge
from tests.labs.lab_tools import buttons, drag, numbers, run_cell

# -- polynomials ----------------------------------------------------------------------------------------------------


def test_the_first_four_of_legendres_polynomials():
    x = np.array([-1.0, 0.0, 0.5])
    expected = np.stack([np.ones(3), x, (3 * x**2 - 1) / 2, (5 * x**3 - 3 * x) / 2], axis=1)
    assert features(x, 3) == pytest.approx(expected)
    assert features(x[:, None], 3) == pytest.approx(expected)


def test_two_updates_by_hand():
    # φ = 1 for two points of y = 1 and 3: loss (w − 2)² + 1 + λw², gradient 2(w − 2) + 2λw
    phi, y = np.ones((2, 1)), np.array([1.0, 3.0])
    first = RATE * 4
    second = first - RATE * (2 * (first - 2) + 2 * 0.5 * first)
    assert descent(phi, y, 0.5, [0, 1, 2])[:, 0] == pytest.approx([0, first, second])
    assert descent(phi, y, 0.5, [500])[0, 0] == pytest.approx(2 / 1.5)
    assert ridge(phi, y, 0.5) == pytest.approx([2 / 1.5])


@pytest.mark.parametrize(("points", "degree", "penalty"), [(30, 15, 1e-5), (10, 15, 1e-2), (12, 4, 0.0), (50, 1, 1.0)])
def test_the_walk_is_that_of_the_engine(points, degree, penalty):
    part = draw(0, points, 0.3, 1)
    phi = features(part.x, degree)
    w = engine.zeros(degree + 1, dtype=engine.float64, requires_grad=True)
    optimizer = engine.optim.SGD([w], lr=RATE, weight_decay=2 * penalty)
    path = [w.detach().numpy().copy()]
    for _ in range(60):
        optimizer.zero_grad()
        ((engine.tensor(phi) @ w - engine.tensor(part.y)) ** 2).mean().backward()
        optimizer.step()
        path.append(w.detach().numpy().copy())
    assert descent(phi, part.y, penalty, range(61)) == pytest.approx(np.array(path), rel=1e-9, abs=1e-12)


def test_the_walk_ends_at_the_lowest_point():
    part = draw(3, 40, 0.3, 1)
    phi = features(part.x, 6)
    assert descent(phi, part.y, 0.01, [10**6])[0] == pytest.approx(ridge(phi, part.y, 0.01))
    w = ridge(phi, part.y, 0.01)
    slope = 2 * phi.T @ (phi @ w - part.y) / 40 + 2 * 0.01 * w
    assert slope == pytest.approx(np.zeros(7), abs=1e-12)


def test_the_walk_never_diverges():
    for seed in range(100):
        for points in (10, 11, 30):
            weights = train(15, points, 0.0, -5.0, seed)[0]
            assert np.abs(weights).max() < 100


# -- the levers -----------------------------------------------------------------------------------------------------


def test_errors_of_a_fit_that_is_known():
    part = data.Part(np.array([0.0, 1.0]), np.array([1.0, 5.0]))
    assert error_of(np.array([[1.0, 2.0], [0.0, 0.0]]), part) == pytest.approx([(0 + 4) / 2, (1 + 25) / 2])


def test_the_three_parts_are_different_and_the_test_part_stays():
    parts = [draw(0, 40, 0.3, part).x for part in (1, 2, 3)]
    assert len({tuple(x) for x in parts}) == 3
    assert draw(0, 40, 0.3, 3).y is draw(0, 40, 0.3, 3).y


def test_early_stopping_keeps_the_best_moment():
    late = compute_levers(FourLeversState(points=20, moment=20))
    early = compute_levers(FourLeversState(points=20, moment=20, early=True))
    assert late.used == 20
    assert early.used == late.best == int(late.errors[:, 1].argmin())
    assert early.validation_error == late.errors[:, 1].min() < late.validation_error / 3
    assert (early.weights == train(15, 20, 0.3, -5.0, 0)[0][early.best]).all()
    before = compute_levers(FourLeversState(points=20, moment=2, early=True))
    assert before.used == 2  # the best moment has not come yet


@pytest.mark.parametrize(
    "lever", [{"degree": 4}, {"points": 200}, {"noise": 0.0}, {"log_penalty": -2.0}, {"early": True}], ids=str
)
def test_every_lever_closes_the_gap(lever):
    start = FourLeversState(points=20, moment=20)
    free, held = compute_levers(start), compute_levers(start.changed(**lever))
    assert held.validation_error < 0.6 * free.validation_error


# -- the seal -------------------------------------------------------------------------------------------------------


def test_the_seal_is_broken_once_and_tells_the_error_of_that_choice():
    lab = FourLeversLab(degree=5, log_penalty=-3.0, moment=16)
    assert lab.result.test is None
    assert "sealed" in lab.goal.verdict
    assert "sealed" in lab.view.words.texts[-1]
    buttons(lab.widget)["Open the test set"].click()
    expected = float(error_of(lab.result.weights, draw(0, 200, 0.3, 3)))
    assert lab.result.test == pytest.approx(expected)
    assert lab.goal.verdict.startswith(f"Test error {expected:.3f}")
    assert lab.goal.reached
    opened = lab.state.opened

    lab.set(degree=3)
    assert lab.state.opened == opened
    assert lab.result.test == pytest.approx(expected)  # that of the choice, not of the new levers
    assert not lab.goal.reached
    assert "nothing is left" in lab.goal.verdict
    assert "used up" in lab.status

    buttons(lab.widget)["Open the test set"].click()  # a second time changes nothing
    assert lab.state.opened == opened
    lab.set(degree=5)
    assert lab.goal.reached


def test_other_data_have_a_seal_of_their_own():
    lab = FourLeversLab()
    lab.open_test_set()
    lab.set(moment=3)
    assert lab.state.opened
    lab.controls["seed"].input.value = 7
    assert lab.state.opened == ()
    assert lab.result.test is None
    lab.open_test_set()
    lab.preset("Too stiff: both errors stay high")
    assert lab.state.opened == ()


def test_an_opened_seal_travels_with_the_share_string():
    lab = FourLeversLab(degree=4, early=True)
    lab.open_test_set()
    lab.set(degree=9)
    twin = Lab.from_share(lab.share())
    assert twin.result.test == lab.result.test
    assert twin.goal == lab.goal


def test_a_seal_that_was_tampered_with_is_refused():
    with pytest.raises(ValueError, match="FourLeversLab: degree must be a whole number from 1 to 15"):
        FourLeversLab(opened=[(99, 30, 0.3, -5, 0, 3)])
    with pytest.raises(ValueError, match="opened must be"):
        FourLeversLab(opened=[(3, 30)])


def test_too_many_points_or_too_little_noise_do_not_pass():
    for settings in ({"points": 200}, {"noise": 0.05}):
        lab = FourLeversLab(degree=9, early=True, **settings)
        lab.open_test_set()
        assert not lab.goal.reached
        assert "than allowed" in lab.goal.verdict


@pytest.mark.parametrize(
    ("settings", "words"),
    [({"degree": 1}, "it underfits"), ({"points": 20, "moment": 20}, "it overfits"), ({"points": 200}, "neither")],
    ids=["stiff", "free", "enough data"],
)
def test_the_diagnosis(settings, words):
    assert words in FourLeversLab(**settings).status


# -- picture and cell -----------------------------------------------------------------------------------------------


def test_what_is_drawn_is_the_result():
    lab = FourLeversLab(degree=6, moment=12)
    x, y = lab.view.fit.get_data()
    assert y == pytest.approx(features(x, 6) @ lab.result.weights)
    assert lab.view.bars[1].get_width() == pytest.approx(lab.result.validation_error)
    assert lab.view.bars[2].get_width() == 0 < lab.view.seal.get_width()
    assert 10 ** lab.view.lines[0].get_ydata() == pytest.approx(lab.result.errors[:, 0])
    lab.open_test_set()
    assert lab.view.bars[2].get_width() == pytest.approx(lab.result.test)
    assert lab.view.seal.get_width() == 0


def test_the_line_of_the_moment_is_dragged():
    lab = FourLeversLab()
    drag(lab, "moment", 6.2, 0.5)
    assert lab.state.moment == 6
    drag(lab, "moment", -50, 0)
    assert lab.state.moment == 0
    drag(lab, "moment", 50, 0)
    assert lab.state.moment == len(UPDATES) - 1


@pytest.mark.parametrize("kind", ["reference", "torch"])
@pytest.mark.parametrize(
    "settings", [{"moment": 14}, {"degree": 3, "early": True, "seed": 5, "log_penalty": -1.5}], ids=str
)
def test_the_cell_walks_to_the_same_errors(settings, kind):
    lab = FourLeversLab(**settings)
    scope, _ = run_cell(lab.as_code(), kind)
    assert numbers(scope["output"]) == pytest.approx([lab.result.train_error, lab.result.validation_error], rel=1e-4)


def test_levers_are_told_in_order():
    assert levers_of(FourLeversState(degree=2, early=True)) == (2.0, 30.0, 0.3, -5.0, 1.0, 18.0)
