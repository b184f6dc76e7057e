"""MNIST-1D: what the package makes, made without a trace."""

import os
import random
import socket
import subprocess
import sys

import numpy as np
import pytest

from dlcourse.data import mnist1d, mnist1d_accuracies, signals

NETWORKS = {"logistic": (0.31, 0.33), "mlp": (0.63, 0.67), "cnn": (0.915, 0.95), "gru": (0.885, 0.92)}


def test_4000_and_1000_signals_of_40_numbers():
    data = mnist1d()
    assert (data.train.x.shape, data.test.x.shape) == ((4000, 40), (1000, 40))
    assert data.validation.x.shape == (0, 40)
    for part in data:
        assert (part.x.dtype, part.y.dtype) == (np.float32, np.int64)
    y = np.concatenate([data.train.y, data.test.y])
    assert np.bincount(y).tolist() == [500] * 10


def test_the_numbers_are_the_published_ones():
    """The first signal as the package 0.0.2 makes it by default; the whole is scaled to mean 0, variance 1."""
    data = mnist1d()
    np.testing.assert_allclose(data.train.x[0, :3], [-0.33200567, -0.47191037, -0.77869708], atol=1e-6)
    x = np.concatenate([data.train.x, data.test.x])
    assert x.mean() == pytest.approx(0, abs=1e-5)
    assert x.std() == pytest.approx(1, rel=1e-5)


def test_shuffled_signals_have_the_same_numbers_in_other_places():
    plain, shuffled = mnist1d(), mnist1d(shuffled=True)
    np.testing.assert_array_equal(plain.test.y, shuffled.test.y)
    np.testing.assert_allclose(np.sort(plain.test.x), np.sort(shuffled.test.x), atol=1e-6)
    order = [int(np.abs(plain.train.x - column[:, None]).sum(axis=0).argmin()) for column in shuffled.train.x.T]
    assert sorted(order) == list(range(40))  # one order for all signals
    assert order != list(range(40))


def test_each_call_gives_arrays_of_its_own():
    mnist1d().train.x[:] = 7
    mnist1d().train.y[:] = 7
    assert mnist1d().train.x.max() < 7
    assert mnist1d().train.y[0] != 7 or mnist1d().train.y[1] != 7


def test_the_callers_random_numbers_go_on_undisturbed():
    signals._generated.cache_clear()
    np.random.seed(1)
    random.seed(1)
    expected = np.random.random(), random.random()
    np.random.seed(1)
    random.seed(1)
    mnist1d()
    assert (np.random.random(), random.random()) == expected


def test_nothing_is_downloaded_and_no_file_written(monkeypatch, tmp_path):
    def refuse(*_, **__):
        raise AssertionError("a connection was asked for")

    signals._generated.cache_clear()
    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.chdir(tmp_path)
    assert len(mnist1d().train.y) == 4000
    assert os.listdir(tmp_path) == []


def test_the_package_is_loaded_only_when_it_is_needed():
    heavy = ("mnist1d", "matplotlib", "sklearn", "skimage")
    code = f"import sys, dlcourse.data; print([name for name in {heavy} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
    assert found.stdout.strip() == "[]"


@pytest.mark.parametrize("engine", ["torch", "numpy"])
def test_the_recorded_table_holds_three_seeds_of_four_networks(engine):
    in_order, shuffled = mnist1d_accuracies(engine), mnist1d_accuracies(engine, shuffled=True)
    for found in (in_order, shuffled):
        assert {name: len(accuracies) for name, accuracies in found.items()} == dict.fromkeys(NETWORKS, 3)
    for name, (low, high) in NETWORKS.items():
        assert low <= in_order[name].mean() <= high
    assert abs(in_order["mlp"].mean() - shuffled["mlp"].mean()) < 0.03
    for name in ("cnn", "gru"):  # they lose what they know of neighbours
        assert shuffled[name].mean() < in_order[name].mean() - 0.3


def test_an_unknown_engine_is_refused():
    with pytest.raises(ValueError, match="mnist1d_accuracies: engine must be 'torch' or 'numpy'; got 'jax'"):
        mnist1d_accuracies("jax")
