"""WordMapLab: neighbours and analogies of the vectors it trains."""

import numpy as np
import pytest

import dlcourse.reference as engine
from dlcourse.data import WordVectors
from dlcourse.labs import WordMapLab
from dlcourse.labs.word_map import ANALOGY, LINE, MOMENTS, scores_of, target_of
from dlcourse.labs.word_training import corpus, negative_sampling_loss, plane, snapshots, vectors_at

FOUR = WordVectors(("east", "north", "far", "west"), np.array([[1, 0], [0, 2], [6, 1], [-1, 0]]))


@pytest.mark.parametrize(
    ("measure", "expected"),
    [
        ("cosine", [0, 1, 1 / 37**0.5, 0]),
        ("dot product", [0, 4, 2, 0]),
        ("distance", [-(5**0.5), 0, -(37**0.5), -(5**0.5)]),
    ],
)
def test_three_ways_to_be_near(measure, expected):
    np.testing.assert_allclose(scores_of(FOUR, target_of(FOUR, ("north",), measure), measure), expected, atol=1e-7)


def test_an_analogy_adds_directions_for_the_cosine_and_vectors_otherwise():
    asked = ("north", "east", "west")
    np.testing.assert_allclose(target_of(FOUR, asked, "cosine"), [-2, 1])
    np.testing.assert_allclose(target_of(FOUR, asked, "distance"), [-2, 2])


def test_the_loss_is_that_of_negative_sampling():
    scores = np.array([[1.0, -2, 0.5], [0, 0, 3]])
    log_sigmoid = lambda z: -np.log1p(np.exp(-z))  # noqa: E731
    right = -(log_sigmoid(scores[:, 0]) + log_sigmoid(-scores[:, 1:]).sum(axis=1)).mean()
    assert negative_sampling_loss(engine.tensor(scores)).item() == pytest.approx(right, rel=1e-12)


def test_training_starts_as_word2vec_does_and_learns():
    kept = snapshots()
    assert len(kept) == MOMENTS + 1
    assert kept[0].shape == (842, 32)
    assert np.abs(kept[0]).max() <= 0.5 / 32
    false = [dict(vectors_at(moment).nearest("true", 841))["false"] for moment in (0, MOMENTS)]
    assert false[0] < 0.5 < 0.65 < false[1]


def test_training_leaves_the_generator_of_the_cells_alone():
    engine.manual_seed(3)
    first = engine.rand(2).tolist()
    engine.manual_seed(3)
    snapshots.cache_clear()
    snapshots()
    assert engine.rand(2).tolist() == first


def test_plurals_are_near_one_another_far_beyond_chance():
    vectors = vectors_at(MOMENTS)
    pairs = [(word, f"{word}s") for word in vectors.words if f"{word}s" in vectors and len(word) > 2]
    near = [other in dict(vectors.nearest(word)) for pair in pairs for word, other in (pair, pair[::-1])]
    assert len(pairs) == 96
    assert np.mean(near) > 0.3  # by chance 10 of 841


def test_the_plane_is_the_two_directions_of_most_variance():
    directions = vectors_at(MOMENTS).directions.astype(np.float64)
    mean, axes, share = plane()
    np.testing.assert_allclose(axes @ axes.T, np.eye(2), atol=1e-9)
    variances = np.linalg.eigvalsh(np.cov(directions.T))[::-1]
    np.testing.assert_allclose(((directions - mean) @ axes.T).var(axis=0, ddof=1), variances[:2], rtol=1e-6)
    assert share == pytest.approx(variances[:2].sum() / variances.sum(), rel=1e-6)


def test_what_is_asked_for_is_left_out_or_comes_first():
    lab = WordMapLab(a="true")
    assert lab.result.found[0][0] == "false"
    assert len(lab.result.found) == 8
    lab.set(leave_out=False)
    assert lab.result.found[0][0] == "true"
    assert lab.result.found[0][1] == pytest.approx(1)
    lab.set(show=ANALOGY, a="values", b="value", c="string")
    assert {word for word, _ in lab.result.found[:2]} <= {"string", "values", "strings"}


def test_an_unknown_word_is_told_and_what_is_spelled_like_it():
    lab = WordMapLab(a="functoin")
    assert lab.goal.verdict == "Unknown: functoin."
    assert lab.status.startswith("'functoin' does not occur ten times in the text; known are, for example, function")
    assert lab.view.table.rows == [[""] * 4] * 8


def test_the_table_gives_nearness_and_counts():
    lab = WordMapLab(a="true")
    rank, word, cosine, count = lab.view.table.rows[0]
    assert (rank, word, count) == ("1", "false", str(corpus().counts[corpus().words.index("false")]))
    assert float(cosine) == pytest.approx(dict(vectors_at(MOMENTS).nearest("true"))["false"], abs=0.005)


def test_the_names_do_not_cover_one_another():
    lab = WordMapLab(a="true")
    labels = lab.view._labels(lab.result, [0, 0, 0, 0], [])
    heights = sorted(label.y for label in labels)
    assert min(np.diff(heights)) >= LINE - 1e-9


def test_the_goal_is_a_plural_beside_its_singular_after_training():
    assert not WordMapLab().goal.reached
    lab = WordMapLab(a="reference")
    assert lab.goal.verdict == "Nearest to reference: references."
    assert lab.goal.reached
    for change in ({"moment": 3}, {"show": ANALOGY}, {"a": "true"}):
        assert not WordMapLab(**{"a": "reference"} | change).goal.reached


def test_the_goal_needs_the_end_of_the_training():
    lab = WordMapLab(a="breakpoint", moment=MOMENTS - 1)
    assert lab.goal.verdict == "Nearest to breakpoint: breakpoints."
    assert not lab.goal.reached
