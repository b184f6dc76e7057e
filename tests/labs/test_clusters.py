"""ClustersLab and Lloyd's algorithm under it, by points worked out by hand and by scikit-learn."""

import numpy as np
import pytest
from sklearn.cluster import KMeans

from dlcourse import data
from dlcourse.labs import ClustersLab
from dlcourse.labs.lloyd import HOWS, best_inertia, first_centres, lloyd, points_of, runs
from tests.labs.lab_tools import drag

LINE = np.array([[0.0, 0], [1, 0], [9, 0], [11, 0]])


def test_half_steps_by_hand():
    run = lloyd(LINE, np.array([[0.0, 0], [1, 0]]))
    assert run.groups[0].tolist() == [-1] * 4
    assert run.inertia[0] == run.inertia[1] == 0 + 0 + 64 + 100
    assert run.groups[1].tolist() == [0, 1, 1, 1]
    np.testing.assert_allclose(run.centres[2], [[0, 0], [7, 0]])
    assert run.inertia[2] == 0 + 36 + 4 + 16
    assert run.groups[3].tolist() == [0, 0, 1, 1]
    np.testing.assert_allclose(run.centres[4], [[0.5, 0], [10, 0]])
    assert run.inertia[4] == 2.5
    assert run.last == 4


def test_a_centre_without_points_stays():
    run = lloyd(LINE, np.array([[5.0, 0], [50, 50]]))
    np.testing.assert_array_equal(run.centres[:, 1], [[50, 50]] * (run.last + 1))
    assert (run.groups[1:] == 0).all()


@pytest.mark.parametrize("name", data.CLUSTER_SETS)
@pytest.mark.parametrize("k", [1, 2, 3, 6])
def test_equal_to_scikit_learn_from_the_same_start_and_never_upwards(name, k):
    points = points_of(name)
    for seed in (0, 1):
        start = first_centres(points, k, HOWS[0], seed)
        run = lloyd(points, start)
        theirs = KMeans(k, init=start, n_init=1, tol=0, max_iter=1000).fit(points)
        assert run.inertia[-1] == pytest.approx(theirs.inertia_, rel=1e-9)
        np.testing.assert_allclose(run.centres[-1], theirs.cluster_centers_, rtol=1e-9)
        np.testing.assert_array_equal(run.groups[-1], theirs.labels_)
        assert (np.diff(run.inertia) <= 1e-9 * run.inertia[0]).all()


def test_iris_with_all_four_columns_has_the_known_inertia():
    flowers = data.iris((0, 1, 2), (0, 1, 2, 3)).x.astype(np.float64)
    best = min(lloyd(flowers, first_centres(flowers, 3, HOWS[1], seed)).inertia[-1] for seed in range(10))
    assert best == pytest.approx(78.8514, abs=5e-5)


@pytest.mark.parametrize("how", HOWS)
def test_a_start_is_k_different_points(how):
    start = first_centres(points_of("iris petals"), 6, how, 3)
    assert all((points_of("iris petals") == centre).all(axis=1).any() for centre in start)
    assert sorted(first_centres(LINE, 4, how, 0).tolist()) == LINE.tolist()


def test_plus_plus_draws_in_proportion_to_the_squared_distance():
    points = np.array([[0.0, 0], [1, 0], [3, 0]])
    starts = np.array([first_centres(points, 2, "k-means++", seed)[:, 0] for seed in range(4000)])
    after_zero = starts[starts[:, 0] == 0, 1]
    assert np.mean(after_zero == 3) == pytest.approx(0.9, abs=0.03)  # 9 of 1 + 9; by the plain distance 0.75


def test_the_best_is_the_least_of_forty_runs():
    best = best_inertia("three blobs", 3)
    assert best == min(run.inertia[-1] for how in HOWS for run in runs("three blobs", 3, how))
    assert best == pytest.approx(117.496, abs=1e-3)


def test_the_marks_count_the_starts_within_a_hundredth():
    lab = ClustersLab()
    ends = np.array([run.inertia[-1] for run in runs("three blobs", 3, HOWS[0])])
    assert lab.result.found.sum() == (ends <= 1.01 * ends.min()).sum() == 18
    assert "18 of 20 starts (random points) reach the best, 117.5." in lab.status
    assert lab.view.words.texts[20].endswith("18 of 20 starts reach the best")
    assert [i for i in range(20) if lab.view.words.texts[i] != "✓"] == [4, 19]
    assert lab.view.words.texts[4] == "4.36"


def test_a_trap_is_the_goal():
    lab = ClustersLab()
    assert not lab.goal.reached
    lab.preset("A bad start: one group cut in two")
    assert lab.goal.reached
    assert lab.goal.verdict == "This start ends with 512, 4.36 times the best."


def test_dragging_makes_a_start_by_hand_and_assigns():
    lab = ClustersLab(step=4)
    before = lab.result.run.centres[4]
    drag(lab, "c1", 0.25, 0.75)
    assert lab.last_error is None
    assert (lab.state.start, lab.state.step) == ("by hand", 1)
    assert lab.state.centres[1] == (0.25, 0.75)
    np.testing.assert_allclose(np.delete(lab.result.run.centres[0], 1, 0), np.delete(before, 1, 0), atol=2e-3)
    assert (lab.result.run.groups[1] >= 0).all()


def test_a_centre_dragged_off_the_picture_stays_at_its_edge():
    lab = ClustersLab()
    drag(lab, "c0", 7, -7)
    assert lab.state.centres[0] == (1.0, 0.0)


def test_more_groups_than_centres_by_hand_take_the_rest_from_the_seed():
    lab = ClustersLab(start="by hand", centres=[(0.5, 0.5)], k=3, seed=2)
    np.testing.assert_allclose(
        lab.result.run.centres[0][1:], first_centres(points_of("three blobs"), 3, HOWS[0], 2)[1:]
    )


def test_the_step_is_words_and_colours():
    lab = ClustersLab(step=0)
    assert len(lab.view.free.get_offsets()) == 150
    assert "the start;" in lab.status
    lab.set(step=1)
    assert len(lab.view.free.get_offsets()) == 0
    assert sum(len(group.get_offsets()) for group in lab.view.groups) == 150
    assert "each point goes to its nearest centre" in lab.status
    lab.set(step=2)
    assert "each centre goes to the mean of its points" in lab.status
    lab.set(step=100)
    assert f"Half-step {lab.result.run.last} of {lab.result.run.last}" in lab.status


@pytest.mark.parametrize(("preset", "agrees"), [("Unequal sizes: the wide group is cut", False),
                                                ("Not round: moons are cut across", False),
                                                ("Wrong units: kilograms shout down metres", False),
                                                ("k-means++: starts far apart", True)])  # fmt: skip
def test_the_presets_show_what_they_say(preset, agrees):
    lab = ClustersLab()
    lab.preset(preset)
    table = data.cluster_set(lab.state.points)
    counts = np.array([np.bincount(table.y[lab.result.run.groups[-1] == g]).max() for g in range(lab.state.k)])
    assert (counts.sum() > 0.97 * len(table.y)) == agrees
