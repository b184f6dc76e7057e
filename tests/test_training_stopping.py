"""Early stopping, a given order, and the progress bar of the training loop."""

import sys

import numpy as np
import pytest
import torch

from dlcourse import reference
from dlcourse.models import mlp
from dlcourse.training import History, evaluate, fit

ENGINES = pytest.mark.parametrize("engine", [reference, torch], ids=["reference", "torch"])

RANDOM = np.random.default_rng(0)
X = RANDOM.normal(size=(20, 10)).astype(np.float32)
Y = RANDOM.integers(0, 2, 20)  # noise: to learn it by heart makes the validation worse
VALIDATION = (RANDOM.normal(size=(40, 10)).astype(np.float32), RANDOM.integers(0, 2, 40))


def _train(engine, **options):
    """(model, History) of a network that soon overfits."""
    engine.manual_seed(1)
    model = mlp(engine, [10, 16, 2])
    optimizer = engine.optim.Adam(model.parameters(), lr=0.05)
    loss = engine.nn.functional.cross_entropy
    history = fit(engine, model, loss, optimizer, X, Y, **{"epochs": 30, "validation": VALIDATION, **options})
    return model, history


def _weights(model) -> np.ndarray:
    return np.concatenate([value.numpy().ravel() for value in model.state_dict().values()])


def _validation_loss(engine, model) -> float:
    return evaluate(engine, model, engine.nn.functional.cross_entropy, *VALIDATION)[0]


class Scripted:
    """A network whose validation loss in each epoch is given beforehand: its only weight counts the epochs."""

    def __new__(cls, engine):
        class Module(engine.nn.Module):
            def __init__(self):
                super().__init__()
                self.count = engine.nn.Parameter(engine.zeros(1))

            def forward(self, x):
                return self.count + 0 * x

        return Module()


def _scripted(engine, losses, patience):
    """Train with these validation losses; the weight grows by 1 an epoch, so that it names the epoch it is from."""
    model = Scripted(engine)
    optimizer = engine.optim.SGD(model.parameters(), lr=1.0)

    def loss_function(output, y):
        if model.training:
            return -output.mean()  # slope −1: one step adds 1
        return output.mean() * 0 + losses[round(model.count.item()) - 1]

    x = np.zeros((1, 1), np.float32)
    options = {"epochs": len(losses), "validation": (x, x), "patience": patience}
    history = fit(engine, model, loss_function, optimizer, x, x, **options)
    return history, round(model.count.item())


@ENGINES
@pytest.mark.parametrize(
    ("losses", "patience", "epochs", "best"),
    [
        ([3, 2, 1, 2, 3, 4], 1, 4, 3),
        ([3, 2, 1, 2, 3, 4], 2, 5, 3),
        ([3, 2, 1, 2, 0.5, 4, 4], 2, 7, 5),  # it gets better in time, and the waiting starts anew
        ([3, 2, 1, 2, 0.5, 4, 4], 1, 4, 3),
        ([3, 2, 1, 2, 3, 4], 10, 6, 3),  # no stop, yet the best weights
        ([3, 2, 1], 1, 3, 3),
        ([1, 1, 1, 1], 2, 3, 1),  # an equal loss is no fall
        ([1, 2, 3, 4], 3, 4, 1),
        ([2, float("nan"), 1, float("nan"), 3, 3], 2, 5, 3),
        ([float("nan")] * 4, 2, 3, 1),
    ],
)
def test_it_stops_after_so_many_epochs_and_restores_the_best_weights(engine, losses, patience, epochs, best):
    history, weight = _scripted(engine, losses, patience)
    assert (history.epochs, history.best_epoch, weight) == (epochs, best, best)


@ENGINES
def test_without_patience_the_last_weights_stay(engine):
    history, weight = _scripted(engine, [3, 1, 2, 3], None)
    assert (history.epochs, history.best_epoch, weight) == (4, 2, 4)


@ENGINES
def test_a_network_that_overfits_is_stopped_and_is_better_for_it(engine):
    whole, history = _train(engine)
    stopped, short = _train(engine, patience=3)
    assert short.epochs == short.best_epoch + 3 < history.epochs
    np.testing.assert_array_equal(short.validation_loss, history.validation_loss[: short.epochs])  # the same path
    assert _validation_loss(engine, stopped) == pytest.approx(min(history.validation_loss), rel=1e-5)
    assert _validation_loss(engine, stopped) < _validation_loss(engine, whole)


@ENGINES
def test_the_restored_weights_are_a_copy_of_those_epochs(engine):
    stopped, history = _train(engine, patience=3)
    again, _ = _train(engine, epochs=history.best_epoch)
    np.testing.assert_array_equal(_weights(stopped), _weights(again))


def test_both_engines_stop_in_the_same_epoch():
    ours, theirs = (_train(engine, patience=3)[1] for engine in (reference, torch))
    assert ours.epochs == theirs.epochs
    np.testing.assert_allclose(ours.validation_loss, theirs.validation_loss, rtol=1e-4)


def test_the_best_epoch_of_a_history():
    assert History().best_epoch is None
    assert History([1.0, 0.5]).best_epoch is None
    assert History([1.0] * 3, validation_loss=[2.0, 1.0, 1.0]).best_epoch == 2


# A given order.


@ENGINES
def test_unshuffled_batches_come_in_the_order_given(engine):
    one, two = (_train(engine, batch_size=5, shuffle=False, seed=seed)[0] for seed in (0, 1))
    np.testing.assert_array_equal(_weights(one), _weights(two))  # the seed has nothing left to decide
    shuffled, _ = _train(engine, batch_size=5)
    assert not np.array_equal(_weights(one), _weights(shuffled))


@ENGINES
def test_the_first_unshuffled_batch_is_the_first_rows(engine):
    """In one epoch of batches of 10, two steps by hand."""
    model, _ = _train(engine, epochs=1, batch_size=10, shuffle=False)
    engine.manual_seed(1)
    expected = mlp(engine, [10, 16, 2])
    optimizer = engine.optim.Adam(expected.parameters(), lr=0.05)
    for rows in (slice(0, 10), slice(10, 20)):
        loss = engine.nn.functional.cross_entropy(expected(engine.tensor(X[rows])), engine.tensor(Y[rows]))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    np.testing.assert_allclose(_weights(model), _weights(expected), rtol=1e-6)


# Progress.


@ENGINES
def test_the_bar_shows_the_last_epoch_and_changes_nothing(engine, capsys):
    silent, plain = _train(engine, epochs=3)
    assert capsys.readouterr().err == ""
    shown, history = _train(engine, epochs=3, progress=True)
    text = capsys.readouterr().err
    np.testing.assert_array_equal(_weights(silent), _weights(shown))
    assert history == plain
    assert "training: 100%" in text
    assert "3/3" in text
    for value in (history.loss[-1], history.accuracy[-1], history.validation_loss[-1]):
        assert f"={value:.3f}" in text


@ENGINES
def test_a_bar_that_stops_early_is_closed(engine, capsys):
    _, history = _train(engine, patience=3, progress=True)
    text = capsys.readouterr().err
    assert text.endswith("\n")
    assert f"validation={history.validation_loss[-1]:.3f}" in text


def test_without_a_bar_tqdm_is_not_needed(monkeypatch):
    monkeypatch.setitem(sys.modules, "tqdm", None)
    assert _train(reference, epochs=1)[1].epochs == 1
    with pytest.raises(ImportError, match="tqdm"):
        _train(reference, epochs=1, progress=True)


# Errors.


@pytest.mark.parametrize("patience", [0, -1, 2.5, "3", True])
def test_a_senseless_patience_is_told_in_words(patience):
    with pytest.raises(ValueError, match=rf"fit: patience must be a whole number of epochs from 1, .* {patience!r}"):
        _train(reference, patience=patience)


def test_patience_without_validation_is_told_in_words():
    with pytest.raises(ValueError, match=r"fit: patience needs validation=\(x, y\), because it watches"):
        _train(reference, patience=3, validation=None)
