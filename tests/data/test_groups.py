"""The sets of points to be grouped: what each was made for."""

import numpy as np
import pytest

from dlcourse.data import CLUSTER_SETS, cluster_set


@pytest.mark.parametrize("name", CLUSTER_SETS)
def test_a_set_is_whole_and_the_same_each_time(name):
    table, again = cluster_set(name), cluster_set(name)
    assert (table.x.dtype, table.y.dtype) == (np.float32, np.int64)
    assert table.x.shape == (len(table.y), 2)
    assert 150 <= len(table.x) <= 190
    assert set(table.y) == set(range(len(table.class_names)))
    assert min(len(table.description), len(table.source), len(table.licence)) > 5
    np.testing.assert_array_equal(table.x, again.x)


@pytest.mark.parametrize(
    ("name", "sizes"),
    [
        ("iris petals", [50, 50, 50]),
        ("three blobs", [50, 50, 50]),
        ("unequal blobs", [150, 20, 20]),
        ("two moons", [80, 80]),
        ("unequal units", [80, 80]),
        ("no groups", [160]),
    ],
)
def test_the_sizes_of_the_groups(name, sizes):
    assert np.bincount(cluster_set(name).y).tolist() == sizes


def test_three_blobs_are_apart_and_unequal_ones_differ_in_width():
    def spread(table, group):
        return table.x[table.y == group].std(axis=0).mean()

    easy, hard = cluster_set("three blobs"), cluster_set("unequal blobs")
    middles = np.array([easy.x[easy.y == g].mean(axis=0) for g in range(3)])
    nearest = ((easy.x[:, None] - middles) ** 2).sum(axis=2).argmin(axis=1)
    assert (nearest == easy.y).mean() > 0.98
    assert spread(hard, 0) > 4 * max(spread(hard, 1), spread(hard, 2))


def test_height_divides_the_people_and_weight_does_not():
    people = cluster_set("unequal units")
    assert people.units == ("m", "kg")
    height, weight = people.x.T
    assert height[people.y == 0].max() < height[people.y == 1].min()
    assert weight.std() > 30 * height.std()
    assert abs(weight[people.y == 0].mean() - weight[people.y == 1].mean()) < weight.std() / 2


def test_an_unknown_set_is_told():
    with pytest.raises(ValueError, match=r"cluster_set: expected one of iris petals, .*no groups; got 'four blobs'\."):
        cluster_set("four blobs")
