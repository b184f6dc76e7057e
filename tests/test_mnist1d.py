"""The MNIST-1D table: quickly, that both engines train alike; slowly, the accuracies of the paper's four networks."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest
import torch

from dlcourse import reference

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def table():
    spec = importlib.util.spec_from_file_location("mnist1d_table", ROOT / "tools" / "mnist1d_table.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["logistic", "mlp", "cnn", "gru"])
def test_both_engines_train_alike(table, name):
    """One epoch of 40 steps from the same seed, in float32: the rounding differs, the path does not."""
    accuracies, losses = [], []
    for engine in (reference, torch):
        accuracy, history = table.train(engine, name, seed=1, steps=40)
        accuracies.append(accuracy)
        losses.append(history.loss)
    assert len(losses[0]) == 1
    np.testing.assert_allclose(losses[0], losses[1], rtol=1e-4)
    assert accuracies[0] == pytest.approx(accuracies[1], abs=0.005)
    assert losses[0][0] < np.log(10)  # below that of guessing


def test_the_training_set_comes_in_order_and_the_test_set_stays_apart(table, monkeypatch):
    seen = {}
    monkeypatch.setattr(table, "fit", lambda *_, x_y=None, **options: seen.update(options))
    monkeypatch.setattr(table, "evaluate", lambda engine, model, loss, x, y: (0.0, len(y)))
    assert table.train(reference, "logistic")[0] == 1000
    assert seen == {"epochs": 150, "batch_size": 100, "shuffle": False}  # 6,000 steps


def test_the_script_prints_a_line_for_each_network(table, monkeypatch, capsys):
    command = ["mnist1d_table.py", "--engines", "numpy", "--models", "logistic", "--seeds", "0", "1", "--steps", "40"]
    monkeypatch.setattr("sys.argv", command)
    table.main()
    head, line = capsys.readouterr().out.splitlines()
    assert head.split()[:4] == ["engine", "model", "parameters", "seconds"]
    assert line.split()[:3] == ["numpy", "logistic", "410"]
    assert all(20 < float(found.rstrip("%")) < 40 for found in line.split()[4:])
    assert len(line.split()) == 6


RANGES = {"logistic": (0.31, 0.33), "mlp": (0.63, 0.67), "cnn": (0.915, 0.95), "gru": (0.885, 0.92)}


@pytest.mark.slow
@pytest.mark.parametrize("engine", [reference, torch], ids=["reference", "torch"])
@pytest.mark.parametrize("name", RANGES)
def test_the_accuracies_of_the_table(table, engine, name):
    """The mean of three seeds: a single run moves by more than a point, as rounding differs between machines."""
    low, high = RANGES[name]
    assert low <= np.mean([table.train(engine, name, seed)[0] for seed in range(3)]) <= high


def test_the_file_of_the_table_has_a_line_for_each_training(monkeypatch, capsys):
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    spec = importlib.util.spec_from_file_location("make_mnist1d_table", ROOT / "tools" / "make_mnist1d_table.py")
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    monkeypatch.setattr(script, "train", lambda engine, model, seed, shuffled: (0.25 + 0.5 * shuffled, None))
    lines = script.table().splitlines()
    recorded = (ROOT / "data" / "mnist1d_table.csv").read_text(encoding="utf-8").splitlines()
    assert [line.rsplit(",", 1)[0] for line in lines] == [line.rsplit(",", 1)[0] for line in recorded]
    assert "torch,cnn,in order,2,0.250" in lines
    assert "numpy,gru,shuffled,0,0.750" in lines
