"""Patches of photographs with and without trees."""

import numpy as np
import pytest

from dlcourse.data import photo, tree_photos
from dlcourse.data.tree_photos import _NO_TREES, _SHARE, _TREES


def test_half_of_the_patches_are_trees_and_all_have_the_size_of_the_drawings():
    x, y = tree_photos("train", 21)
    assert x.shape == (21, 100, 50, 3)
    assert (x.dtype, y.dtype) == (np.float32, np.int64)
    assert np.bincount(y).tolist() == [11, 10]
    assert 0 <= x.min() < x.max() <= 1


def test_a_tree_is_a_patch_of_the_photo_inside_the_boxes():
    china = photo("china")
    x, y = tree_photos("test", 8)
    places = [
        (i, j)
        for top, bottom, left, right in _TREES["test"]
        for i in range(top, bottom - 99)
        for j in range(left, right - 49)
    ]
    for patch in x[y == 1]:
        assert any((china[i : i + 100, j : j + 50] == patch).all() for i, j in places)


def test_the_same_seed_gives_the_same_patches_and_another_seed_others():
    assert (tree_photos(n=6).x == tree_photos(n=6).x).all()
    assert (tree_photos(n=6).x != tree_photos(n=6, seed=1).x).any()
    assert (tree_photos("train", 6).x != tree_photos("test", 6).x).any()


def test_the_two_parts_share_no_pixel():
    used = {part: np.zeros((427, 640), bool) for part in _TREES}
    for part, seen in used.items():
        for top, bottom, left, right in (*_TREES[part], *_NO_TREES[part]):
            assert bottom - top >= 100
            assert right - left >= 50
            seen[top:bottom, left:right] = True
    assert not (used["train"] & used["test"]).any()
    assert _SHARE["train"][1] <= _SHARE["test"][0]


@pytest.mark.parametrize(("arguments", "words"), [
    (("validation",), 'part must be "train" or "test"; got \'validation\''),
    (("train", 1), "n must be a whole number of at least 2"),
    (("train", 2.0), "n must be a whole number of at least 2"),
    (("train", True), "n must be a whole number of at least 2"),
])  # fmt: skip
def test_wrong_arguments_are_refused(arguments, words):
    with pytest.raises(ValueError, match=words):
        tree_photos(*arguments)
