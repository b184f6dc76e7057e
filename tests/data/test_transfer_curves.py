"""The file of transfers: trained again, a sample of it comes out as it stands; damage and wrong wishes are told."""

import importlib.util

import numpy as np
import pytest

from dlcourse import data
from dlcourse.data import files
from dlcourse.data.transfer_curves import SEEDS, SHOTS, SOURCES

TOOL = files.data_file("transfer_curves.npz").parents[1] / "tools" / "make_transfer_curves.py"


@pytest.fixture(scope="module")
def tool():
    spec = importlib.util.spec_from_file_location("make_transfer_curves", TOOL)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("source", SOURCES)
def test_shapes_and_shares(source):
    known = data.transfer_curves(source)
    assert known.source == source
    assert known.shots == SHOTS
    assert known.scratch.shape == (len(SHOTS), SEEDS)
    assert known.frozen.shape == known.tuned.shape == (4, len(SHOTS), SEEDS)
    every = np.concatenate([known.scratch.ravel(), known.frozen.ravel(), known.tuned.ravel()])
    assert 0.1 < every.min() < every.max() < 1
    np.testing.assert_allclose(every * 288, np.round(every * 288), atol=1e-9)  # counts of 288 test digits


def test_sources_differ_and_scratch_does_not():
    curves = [data.transfer_curves(source) for source in SOURCES]
    for other in curves[1:]:
        assert (other.scratch == curves[0].scratch).all()
        assert (other.frozen != curves[0].frozen).mean() > 0.8


@pytest.mark.parametrize(("source", "near"), [(SOURCES[0], 0.08), (SOURCES[1], 0.1)], ids=["digits", "shuffled"])
def test_a_sample_trained_again_comes_out_as_recorded(tool, source, near):
    """Other machines add in another order; 500 updates make that a few of the 288 test digits."""
    seed, place = 4, 5
    known, learned = data.transfer_curves(source), tool.pretrained(source, seed)
    for cut, number in ((6, 1), (11, 3)):
        for frozen, curve in ((True, known.frozen), (False, known.tuned)):
            again = tool.moved(learned, cut, frozen, SHOTS[place], seed) / 288
            assert again == pytest.approx(curve[number, place, seed], abs=near)


def test_random_labels_come_out_as_recorded_on_average(tool):
    """What is learned of random labels hangs on the last digit of every sum: a single seed may end anywhere."""
    seeds, known = range(4), data.transfer_curves(SOURCES[2])
    again = [tool.moved(tool.pretrained(SOURCES[2], seed), 6, True, SHOTS[7], seed) / 288 for seed in seeds]
    assert np.mean(again) == pytest.approx(known.frozen[1, 7, :4].mean(), abs=0.08)


def test_scratch_trained_again_comes_out_as_recorded(tool):
    again = tool.moved(tool.network(0), 0, False, SHOTS[8], 7) / 288
    assert again == pytest.approx(data.transfer_curves().scratch[8, 7], abs=0.05)


def test_more_examples_keep_those_of_fewer(tool):
    few, many = tool.examples(2, 3), tool.examples(7, 3)
    np.testing.assert_array_equal(np.bincount(many.y), [7] * 5)
    for label in range(5):
        np.testing.assert_array_equal(few.x[few.y == label], many.x[many.y == label][:2])


def test_an_unknown_source_is_told():
    with pytest.raises(ValueError, match="transfer_curves: expected one of digits 0–4, shuffled pixels, random labels"):
        data.transfer_curves("letters")


def test_a_damaged_file_is_told(monkeypatch, tmp_path):
    whole = files.data_file("transfer_curves.npz").read_bytes()
    (tmp_path / "transfer_curves.npz").write_bytes(whole[:-1])
    monkeypatch.setattr(files, "data_file", tmp_path.joinpath)
    data.transfer_curves.cache_clear()
    with pytest.raises(ValueError, match=r"transfer_curves: .* is damaged .* tools/make_transfer_curves.py"):
        data.transfer_curves(SOURCES[1])


def test_moving_digits_lie_whole_on_their_boards():
    found, digits = data.moving_digits(seed=3), data.digit_images()
    assert [len(part.y) for part in found] == [1000, 200, 597]
    assert found.train.x.shape == (1000, 1, 12, 12)
    assert found.train.x.dtype == np.float32
    inks = np.sort(np.concatenate([part.x.sum((1, 2, 3)) for part in found]))
    np.testing.assert_allclose(inks, np.sort(digits.x.sum((1, 2, 3))), rtol=1e-5)  # every digit once, nothing cut off
    corners = {tuple(np.argwhere(board[0]).min(axis=0)) for board in found.train.x}
    assert len(corners) > 25  # 5 × 5 places, and digits that do not fill their square


def test_moving_digits_of_some_classes_in_copies():
    old, new = data.moving_digits(range(5), copies=3), data.moving_digits((7, 5), size=16)
    assert set(old.train.y) == set(range(5))
    assert len(old.train.y) == 3 * len(data.moving_digits(range(5)).train.y)
    once = len(old.train.y) // 3
    np.testing.assert_array_equal(old.train.y[:once], old.train.y[once : 2 * once])
    assert (old.train.x[:once] != old.train.x[once : 2 * once]).any(axis=(1, 2, 3)).mean() > 0.9
    assert new.test.x.shape[2:] == (16, 16)
    digits = data.digit_images()
    sevens = np.sort(digits.x[digits.y == 7].sum((1, 2, 3)))
    of_seven = np.concatenate([part.x[part.y == 0] for part in new]).sum((1, 2, 3))
    np.testing.assert_allclose(np.sort(of_seven), sevens, rtol=1e-5)


def test_moving_digits_follow_their_seed():
    same = [data.moving_digits(range(5), seed=s).test.x for s in (1, 1, 2)]
    assert (same[0] == same[1]).all()
    assert (same[0] != same[2]).any()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"classes": []}, "classes must be different digits from 0 to 9"),
        ({"classes": (1, 1)}, "classes must be different digits from 0 to 9"),
        ({"classes": (1, 10)}, "classes must be different digits from 0 to 9"),
        ({"size": 7}, "size must be a whole number from 8; got 7"),
        ({"copies": 0}, "copies must be a whole number from 1; got 0"),
        ({"copies": True}, "copies must be a whole number from 1; got True"),
    ],
    ids=str,
)
def test_wrong_wishes_are_told(options, words):
    with pytest.raises(ValueError, match=f"moving_digits: {words}"):
        data.moving_digits(**options)
