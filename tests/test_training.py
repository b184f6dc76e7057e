"""The training loop: the same steps on either engine, an honest History, errors in words."""

from itertools import chain

import numpy as np
import pytest
import torch
from matplotlib.figure import Figure

from dlcourse import reference
from dlcourse.counterpart import copy_weights
from dlcourse.models import mlp
from dlcourse.training import History, evaluate, fit
from tests.reference.parity import RTOL

ENGINES = pytest.mark.parametrize("engine", [reference, torch], ids=["reference", "torch"])

RANDOM = np.random.default_rng(5)
X = RANDOM.normal(size=(23, 4))
CLASSES = RANDOM.integers(0, 3, 23)
TRUTH = RANDOM.integers(0, 2, (23, 1)).astype(float)
NUMBERS = RANDOM.normal(size=(23, 2))

TASKS = {
    "classes": ([4, 6, 3], "cross_entropy", CLASSES),
    "truth": ([4, 6, 1], "binary_cross_entropy_with_logits", TRUTH),
    "numbers": ([4, 6, 2], "mse_loss", NUMBERS),
}
OPTIMIZERS = {
    "SGD": lambda e, p: e.optim.SGD(p, lr=0.1),
    "SGD with momentum": lambda e, p: e.optim.SGD(p, lr=0.1, momentum=0.9, nesterov=True, weight_decay=0.01),
    "Adam": lambda e, p: e.optim.Adam(p, lr=0.05),
    "AdamW": lambda e, p: e.optim.AdamW(p, lr=0.05, amsgrad=True),
}


def _models(sizes, activation="Tanh"):
    """The same network on both engines, in float64."""
    ours, theirs = mlp(reference, sizes, activation).double(), mlp(torch, sizes, activation).double()
    copy_weights(theirs, ours)
    return (reference, ours), (torch, theirs)


def _weights(model) -> np.ndarray:
    return np.concatenate([value.numpy().ravel() for value in model.state_dict().values()])


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("activation", ["Tanh", "ReLU", "Sigmoid"])
def test_twenty_steps_are_the_same_on_either_engine(task, optimizer, activation):
    sizes, loss_name, y = TASKS[task]
    paths = []
    for engine, model in _models(sizes, activation):
        step = OPTIMIZERS[optimizer](engine, model.parameters())
        loss = getattr(engine.nn.functional, loss_name)
        path = []
        for i in range(20):
            fit(engine, model, loss, step, X, y, epochs=1, seed=i)
            path.append(_weights(model))
        paths.append(path)
    np.testing.assert_allclose(*paths, rtol=RTOL, atol=1e-12)
    assert np.abs(paths[0][0] - paths[0][-1]).max() > 0.01  # it did move


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("batch_size", [None, 1, 5, 23, 100])
def test_the_history_is_the_same_on_either_engine(task, batch_size):
    sizes, loss_name, y = TASKS[task]
    histories = []
    for engine, model in _models(sizes):
        loss, optimizer = getattr(engine.nn.functional, loss_name), engine.optim.Adam(model.parameters(), lr=0.02)
        options = {"epochs": 3, "batch_size": batch_size, "seed": 4, "validation": (X[:7], y[:7])}
        histories.append(fit(engine, model, loss, optimizer, X, y, **options))
    for what in ("loss", "accuracy", "validation_loss", "validation_accuracy"):
        ours, theirs = (getattr(history, what) for history in histories)
        assert len(ours) == (0 if task == "numbers" and "accuracy" in what else 3)
        np.testing.assert_allclose(ours, theirs, rtol=RTOL, err_msg=what)


class Watch:
    """A network that keeps which samples it sees and in which mode; the first feature is the number of the sample."""

    def __new__(cls, engine):
        class Module(engine.nn.Module):
            def __init__(self):
                super().__init__()
                self.layer, self.seen = engine.nn.Linear(1, 1), []

            def forward(self, x):
                self.seen.append((self.training, x.detach().numpy()[:, 0].astype(int).tolist()))
                return self.layer(x * 0)

        return Module()


def _watched(engine, count=10, **options):
    model = Watch(engine)
    x = np.arange(float(count))[:, None].astype(np.float32)
    optimizer = engine.optim.SGD(model.parameters(), lr=0.0)
    fit(engine, model, engine.nn.functional.mse_loss, optimizer, x, 0 * x, **options)
    return model


def test_mini_batches_come_in_the_same_order_on_either_engine():
    ours, theirs = (_watched(e, epochs=3, batch_size=4, seed=7).seen for e in (reference, torch))
    assert ours == theirs


@ENGINES
def test_every_epoch_visits_every_sample_once_in_an_order_of_its_own(engine):
    seen = [rows for _, rows in _watched(engine, epochs=3, batch_size=4, seed=7).seen]
    assert [len(rows) for rows in seen] == [4, 4, 2] * 3
    epochs = [list(chain(*seen[i : i + 3])) for i in (0, 3, 6)]
    assert all(sorted(epoch) == list(range(10)) for epoch in epochs)
    assert len(set(map(tuple, epochs))) == 3
    other = [rows for _, rows in _watched(engine, epochs=1, batch_size=4, seed=8).seen]
    assert list(chain(*other)) != epochs[0]


@ENGINES
def test_whole_batches_keep_the_order(engine):
    assert [rows for _, rows in _watched(engine, epochs=2).seen] == [list(range(10))] * 2


@ENGINES
def test_validation_runs_in_evaluation_mode_after_each_epoch(engine):
    x = np.full((2, 1), 99, np.float32)
    model = _watched(engine, epochs=2, validation=(x, x))
    assert [(mode, rows[0]) for mode, rows in model.seen] == [(True, 0), (False, 99)] * 2
    assert model.training
    assert all(parameter.grad is not None for parameter in model.parameters())


@ENGINES
def test_evaluate_changes_nothing(engine):
    model = Watch(engine).eval()
    x = np.ones((3, 1), np.float32)
    loss, accuracy = evaluate(engine, model, engine.nn.functional.mse_loss, x, x + 0.5)
    bias = model.layer.bias.item()
    assert loss == pytest.approx((bias - 1.5) ** 2, rel=1e-5)
    assert np.isnan(accuracy)
    assert not model.training
    assert model.layer.weight.grad is None


# -- what is measured --------------------------------------------------------------------------------------------------


@ENGINES
def test_the_loss_is_the_mean_over_the_samples_not_over_the_batches(engine):
    x = np.array([[1.0], [2.0], [3.0]], np.float32)  # a batch of two and one of a single sample, whichever that is
    model = engine.nn.Identity()
    unused = engine.optim.SGD([engine.ones(1, requires_grad=True)])
    loss = lambda output, y: ((output - y) ** 2).mean() + 0 * unused.param_groups[0]["params"][0].sum()  # noqa: E731
    history = fit(engine, model, loss, unused, x, 0 * x, epochs=1, batch_size=2)
    assert history.loss == pytest.approx([14 / 3])


@ENGINES
def test_accuracy_of_classes_and_of_truth(engine):
    def accuracy(output, y):
        model, loss = engine.nn.Identity(), lambda output, y: output.sum() * 0
        return evaluate(engine, model, loss, np.array(output, np.float32), y)[1]

    assert accuracy([[1, 2, 0], [5, 1, 1], [0, 1, 9], [0, 1, 0]], np.array([1, 0, 1, 1])) == 0.75
    assert accuracy([[0.5], [-0.5], [-3], [2]], np.array([[1.0], [0], [1], [0]], np.float32)) == 0.5
    assert accuracy([0.5, -0.5, 0.0], np.array([1.0, 0, 0], np.float32)) == 1.0  # a logit of 0 says no
    assert np.isnan(accuracy([[0.5], [0.2]], np.array([[0.5], [1.0]], np.float32)))


@ENGINES
def test_zero_epochs_train_nothing(engine):
    model = mlp(engine, [4, 2])
    before = _weights(model).tolist()
    history = fit(engine, model, engine.nn.functional.mse_loss, engine.optim.SGD(model.parameters()),
                  X.astype(np.float32), NUMBERS.astype(np.float32), epochs=0)  # fmt: skip
    assert (history.epochs, _weights(model).tolist()) == (0, before)


def test_history_describes_itself():
    assert repr(History()) == "History(no epoch yet)"
    assert repr(History([1.0, 0.25])) == "History(2 epochs, loss 1.000 → 0.250)"
    full = History([1.0, 0.25], [0.5, 0.875], [2.0, 1.5], [0.4, 0.6])
    assert repr(full) == "History(2 epochs, loss 1.000 → 0.250, accuracy 87.5%, validation loss 1.500)"
    assert full.epochs == 2


def test_history_draws_itself():
    axes = Figure().add_subplot()
    History([1.0, 0.5, 0.25], [0.5, 0.6, 0.7], [2.0, 1.5, 1.6]).plot(axes)
    training, validation = axes.lines
    assert training.get_xdata().tolist() == [1, 2, 3]
    assert training.get_ydata().tolist() == [1.0, 0.5, 0.25]
    assert validation.get_ydata().tolist() == [2.0, 1.5, 1.6]
    assert [t.get_text() for t in axes.get_legend().get_texts()] == ["training loss", "validation loss"]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("epoch", "loss")
    axes = Figure().add_subplot()
    History([1.0], [0.5]).plot(axes, "accuracy")
    assert [line.get_ydata().tolist() for line in axes.lines] == [[0.5]]


# -- errors ------------------------------------------------------------------------------------------------------------


def _fit(engine, x=X, y=CLASSES, **options):
    model = mlp(engine, [4, 3]).double()
    return fit(engine, model, engine.nn.functional.cross_entropy, engine.optim.SGD(model.parameters()), x, y,
               **{"epochs": 1, **options})  # fmt: skip


@ENGINES
@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"y": CLASSES[:5]}, ValueError, "fit: x and y must have the same number of samples, .* got 23 and 5"),
        ({"x": X[:0], "y": CLASSES[:0]}, ValueError, "at least one; got 0 and 0"),
        ({"batch_size": 0}, ValueError, "fit: batch_size must be at least 1 and epochs at least 0; got 0 and 1"),
        ({"batch_size": -5}, ValueError, "got -5 and 1"),
        ({"epochs": -1}, ValueError, "got 23 and -1"),
        ({"epochs": 1.5}, TypeError, "fit: epochs and batch_size must be whole numbers; got 1.5 and 23"),
        ({"epochs": "ten"}, TypeError, "fit: epochs and batch_size must be whole numbers; got 'ten' and 23"),
        ({"batch_size": 2.0}, TypeError, "fit: epochs and batch_size must be whole numbers; got 1 and 2.0"),
        ({"validation": X}, ValueError, r"fit: validation must be a pair \(x, y\)"),
        ({"x": np.where(X > 2, np.nan, X)}, ValueError, "fit: x holds nan or infinite numbers"),
        ({"y": np.where(X > 2, np.inf, X)}, ValueError, "fit: y holds nan or infinite numbers"),
    ],
)
def test_wrong_arguments_are_named(engine, options, error, words):
    with pytest.raises(error, match=words):
        _fit(engine, **options)
