"""The file of answers: its masks are LIME's, its answers are the network's, wrong wishes are told."""

import numpy as np
import pytest

from dlcourse import data, explain
from dlcourse.counterpart.photo_classifier import SIZE, PhotoClassifier
from dlcourse.counterpart.pretrained import class_names, crop
from dlcourse.data import photo_answers
from dlcourse.data.photo_answers import COUNTS, FILLS, SEEDS, fill_of

CASES = [(name, count, fill) for name in ("chelsea", "coffee") for count in COUNTS for fill in FILLS]


@pytest.mark.parametrize("case", CASES, ids=lambda case: "-".join(map(str, case)))
def test_photo_segments_masks_and_shapes(case):
    known = photo_answers(*case)
    assert np.abs(known.photo - crop(data.photo(case[0]), SIZE)).max() < 0.02
    d = known.segments.max() + 1
    np.testing.assert_array_equal(np.unique(known.segments), np.arange(d))
    seeds = 1 if case[1] == COUNTS[0] else SEEDS
    assert known.masks.shape == (seeds, 2**d if seeds == 1 else 200, d)
    assert known.probabilities.shape == (*known.masks.shape[:2], 3)
    assert (known.probabilities.sum(axis=2) <= 1 + 1e-4).all()
    assert (np.diff(known.probabilities[0, 0]) < 0).all()  # the likeliest class first


def test_masks_are_those_that_lime_draws():
    for seed in (0, 7):
        masks = photo_answers("chelsea", 20, "black").masks
        np.testing.assert_array_equal(masks[seed], explain.sample_masks(masks.shape[2], 200, "paired", seed)[0])
    known = photo_answers("coffee", 8, "black")
    np.testing.assert_array_equal(known.masks[0], explain.all_masks(known.masks.shape[2]))


@pytest.mark.parametrize("case", CASES[::2], ids=lambda case: "-".join(map(str, case)))
def test_answers_are_the_networks(case):
    known, predict = photo_answers(*case), PhotoClassifier()
    hidden = explain.filled(known.photo, known.segments, fill_of(case[2], known.photo))
    seed = len(known.masks) - 1
    outputs = predict(explain.cover(known.photo, hidden, known.segments, known.masks[seed, :6]))
    names = [name.split(",")[0] for name in class_names()]
    expected = outputs[:, [names.index(name) for name in known.class_names]]
    np.testing.assert_allclose(known.probabilities[seed, :6], expected, atol=5e-3)


@pytest.mark.parametrize("wish", [("rocket", 8, "black"), ("chelsea", 9, "black"), ("chelsea", 8, "red")])
def test_what_is_not_in_the_file_is_told(wish):
    with pytest.raises(ValueError, match="photo_answers: expected chelsea or coffee"):
        photo_answers(*wish)


def test_fills():
    photo = np.random.default_rng(0).random((20, 20, 3))
    assert fill_of("mean colour", photo) == "mean"
    assert fill_of("black", photo) == 0
    assert fill_of("blurred", photo).std() < photo.std() / 3
    with pytest.raises(ValueError, match="fill_of: expected one of"):
        fill_of("red", photo)


def test_a_damaged_file_is_told(monkeypatch, tmp_path):
    from dlcourse.data import files

    whole = files.data_file("photo_answers.npz").read_bytes()
    (tmp_path / "photo_answers.npz").write_bytes(whole[:-1])
    monkeypatch.setattr(files, "data_file", tmp_path.joinpath)
    photo_answers.cache_clear()
    with pytest.raises(ValueError, match=r"photo_answers: photo_answers.npz is damaged .* tools/make_photo_answers.py"):
        photo_answers("chelsea", 8, "black")
