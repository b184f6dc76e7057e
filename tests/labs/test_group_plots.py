"""plots.groups: points by group."""

import numpy as np
import pytest

from dlcourse.labs import plots

X = np.array([[0.0, 0], [1, 2], [3, 1], [2, 2]])


def test_each_group_has_its_points_its_shape_and_its_name():
    axes = plots.groups("words", X, [0, 1, 1, 0], ("left", "right"), "a", "b", "title").figure.axes[0]
    plain, first, second = axes.collections
    assert len(plain.get_offsets()) == 0
    np.testing.assert_array_equal(first.get_offsets(), X[[0, 3]])
    np.testing.assert_array_equal(second.get_offsets(), X[[1, 2]])
    assert len(first.get_paths()[0].vertices) != len(second.get_paths()[0].vertices)
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["left", "right"]
    assert (axes.get_xlabel(), axes.get_ylabel(), axes.get_title(loc="left")) == ("a", "b", "title")


def test_without_groups_all_points_are_grey_and_there_is_no_legend():
    axes = plots.groups("words", X).figure.axes[0]
    assert len(axes.collections) == 1
    assert len(axes.collections[0].get_offsets()) == 4
    assert axes.get_legend() is None


def test_more_groups_than_can_be_told_apart_are_refused():
    with pytest.raises(ValueError, match=r"groups: expected at most 6 groups, because .*; got 7\."):
        plots.groups("words", np.zeros((7, 2)), np.arange(7))
