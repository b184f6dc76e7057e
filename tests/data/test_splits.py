"""Splits: no row in two parts, none lost, the same for the same seed, and scaling that knows nothing of the test."""

import numpy as np
import pytest

from dlcourse import reference
from dlcourse.data import Part, Split, split, tangerines
from dlcourse.models import mlp
from dlcourse.training import fit


def rows(n: int) -> tuple[np.ndarray, np.ndarray]:
    """Row i holds i and has the class i % 3."""
    return np.arange(n, dtype=np.float32)[:, None], np.arange(n) % 3


@pytest.mark.parametrize("n", [3, 4, 10, 101])
def test_every_row_is_in_one_part_with_its_class(n):
    parts = split(rows(n))
    x = np.concatenate([part.x[:, 0] for part in parts])
    assert sorted(x) == list(range(n))
    for part in parts:
        assert (part.x[:, 0] % 3).tolist() == part.y.tolist()


def test_80_to_20_then_again():
    train, validation, test = split(rows(400))
    assert (len(train.y), len(validation.y), len(test.y)) == (256, 64, 80)


@pytest.mark.parametrize(
    ("validation", "test", "sizes"), [(0, 0, (10, 0, 0)), (0.5, 0, (5, 5, 0)), (0, 0.3, (7, 0, 3))]
)
def test_other_shares(validation, test, sizes):
    assert tuple(len(part.y) for part in split(rows(10), validation, test)) == sizes


def test_a_small_share_still_gets_a_row():
    assert tuple(len(part.y) for part in split(rows(20), 0.01, 0.01)) == (18, 1, 1)


def test_the_seed_decides():
    first, again, other = split(rows(50), seed=3), split(rows(50), seed=3), split(rows(50), seed=4)
    for part, same in zip(first, again, strict=True):
        np.testing.assert_array_equal(part.x, same.x)
    assert not np.array_equal(first.test.x, other.test.x)
    assert first.test.x[:, 0].tolist() != list(range(10))  # drawn, not the first ones


def test_a_dataset_is_split_as_its_arrays():
    table = tangerines()
    for part, same in zip(split(table), split((table.x, table.y)), strict=True):
        np.testing.assert_array_equal(part.x, same.x)
        np.testing.assert_array_equal(part.y, same.y)
    assert split(table).train.x.dtype == np.float32
    assert split(table).train.y.dtype == np.int64


def test_standardised_by_the_training_part_alone():
    train = np.array([[0, 5, 1], [2, 5, 3]], np.float32)
    far = np.array([[5, 7, 2]], np.float32)
    y = np.zeros(2, np.int64)
    parts = Split(Part(train, y), Part(far, y[:1]), Part(far + 1, y[:1])).standardised()
    np.testing.assert_allclose(parts.train.x, [[-1, 0, -1], [1, 0, 1]])
    np.testing.assert_allclose(parts.validation.x, [[4, 2, 0]])
    np.testing.assert_allclose(parts.test.x, [[5, 3, 1]])
    assert parts.train.x.dtype == np.float32


def test_the_parts_go_straight_into_the_training_loop():
    train, validation, _ = split(tangerines()).standardised()
    model = mlp(reference, [2, 2])
    optimizer = reference.optim.SGD(model.parameters(), lr=0.5)
    loss = reference.nn.functional.cross_entropy
    history = fit(reference, model, loss, optimizer, *train, epochs=20, validation=validation)
    assert history.validation_accuracy[-1] > 0.7


def test_a_split_shows_its_sizes():
    assert repr(split(rows(400))) == "Split(train 256, validation 64, test 80 rows)"


@pytest.mark.parametrize("share", [1, 1.5, -0.1, "a fifth", None, True, float("nan")])
@pytest.mark.parametrize("name", ["validation", "test"])
def test_a_senseless_share_is_told_in_words(name, share):
    with pytest.raises(ValueError, match=rf"split: {name} must be a share from 0 up to, .* 1; got {share!r}"):
        split(rows(10), **{name: share})


@pytest.mark.parametrize("n", [0, 1, 2])
def test_too_few_rows_are_told_in_words(n):
    with pytest.raises(ValueError, match=rf"split: {n} rows are too few for three parts; give more data or smaller"):
        split(rows(n))


def test_unequal_lengths_are_told_in_words():
    with pytest.raises(ValueError, match=r"split: x and y must have the same number of rows; got 5 and 4"):
        split((np.zeros((5, 2)), np.zeros(4)))
