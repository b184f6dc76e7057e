"""The fast loop: the same numbers as the readable one, and a run that goes on as if it had never stopped."""

from itertools import chain

import numpy as np
import pytest
import torch
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy, mse_loss

from dlcourse import training
from dlcourse.counterpart import Checkpoints, Metrics, evaluate, fit
from dlcourse.models import mlp

RANDOM = np.random.default_rng(3)
X = RANDOM.normal(size=(37, 4)).astype(np.float32)
CLASSES = RANDOM.integers(0, 3, 37)
TRUTH = RANDOM.integers(0, 2, (37, 1)).astype(np.float32)
NUMBERS = RANDOM.normal(size=(37, 3)).astype(np.float32)


def _model(outputs=3, dropout=0.0, seed=0):
    torch.manual_seed(seed)
    first = [torch.nn.Linear(4, 8), torch.nn.Dropout(dropout)] if dropout else []
    return torch.nn.Sequential(*first, *mlp(torch, [8 if dropout else 4, 6, outputs]))


def _weights(model):
    return torch.cat([value.flatten() for value in model.state_dict().values()])


def _fit(model, x=X, y=CLASSES, loss=cross_entropy, epochs=3, lr=0.01, **options):
    return fit(model, loss, torch.optim.Adam(model.parameters(), lr), x, y, epochs=epochs, **options)


@pytest.mark.parametrize(
    ("y", "loss", "outputs"),
    [(CLASSES, cross_entropy, 3), (TRUTH, binary_cross_entropy_with_logits, 1), (NUMBERS, mse_loss, 3)],
)
def test_whole_batches_give_what_the_readable_loop_gives(y, loss, outputs):
    ours, theirs = _model(outputs), _model(outputs)
    validation = (X[:9] + 1, y[:9])
    one = _fit(ours, y=y, loss=loss, epochs=12, validation=validation)
    adam = torch.optim.Adam(theirs.parameters(), 0.01)
    two = training.fit(torch, theirs, loss, adam, X, y, epochs=12, validation=validation)
    torch.testing.assert_close(_weights(ours), _weights(theirs), rtol=1e-5, atol=1e-6)
    for name in ("loss", "accuracy", "validation_loss", "validation_accuracy"):
        assert getattr(one, name) == pytest.approx(getattr(two, name), rel=1e-4), name
    assert len(one.accuracy) == (0 if loss is mse_loss else 12)


class Watch(torch.nn.Module):
    """Keeps which samples it sees; the first feature is the number of the sample."""

    def __init__(self):
        super().__init__()
        self.layer, self.seen = torch.nn.Linear(1, 1), []

    def forward(self, x):
        self.seen.append((self.training, x[:, 0].int().tolist()))
        return self.layer(x * 0)


def _seen(seed=0, epochs=3):
    model = Watch()
    x = torch.arange(10.0)[:, None]
    fit(model, mse_loss, torch.optim.SGD(model.parameters(), 0.0), x, 0 * x, epochs=epochs, batch_size=4, seed=seed)
    return [rows for _, rows in model.seen]


def test_every_epoch_visits_every_sample_once_in_a_seeded_order_of_its_own():
    seen = _seen()
    assert [len(rows) for rows in seen] == [4, 4, 2] * 3
    epochs = [list(chain(*seen[i : i + 3])) for i in (0, 3, 6)]
    assert all(sorted(epoch) == list(range(10)) for epoch in epochs)
    assert len(set(map(tuple, epochs))) == 3
    assert _seen() == seen
    assert _seen(seed=1) != seen


def test_loss_and_accuracy_are_means_over_samples_not_over_batches():
    x = torch.tensor([[0.0], [0.0], [3.0]])
    model = torch.nn.Linear(1, 1)
    with torch.no_grad():
        model.weight.fill_(1.0)
        model.bias.fill_(0.0)
    history = fit(model, mse_loss, torch.optim.SGD(model.parameters(), 0.0), x, 0 * x, epochs=1, batch_size=2)
    assert history.loss == pytest.approx([3.0])
    assert evaluate(model, mse_loss, x, 0 * x, batch_size=2) == (pytest.approx(3.0), pytest.approx(2 / 3))
    assert evaluate(model, mse_loss, x, 0 * x + 5)[1] is None


def test_evaluate_leaves_the_mode_and_takes_no_gradient():
    model = _model(dropout=0.5)
    assert evaluate(model, cross_entropy, X, CLASSES) == evaluate(model, cross_entropy, X, CLASSES)  # no Dropout
    assert model.training
    with_gradient = []
    evaluate(
        model, lambda output, y: (with_gradient.append(output.requires_grad), cross_entropy(output, y))[1], X, CLASSES
    )
    assert with_gradient == [False]


def test_no_number_leaves_the_device_before_an_epoch_ends(monkeypatch):
    """`item` and the like make a GPU wait; we count them over epochs of 1 and of 19 updates."""
    counts = {}
    for batch in (37, 2):
        waits = []
        for name in ("item", "tolist", "__bool__", "__float__", "cpu", "numpy"):
            real = getattr(torch.Tensor, name)
            spy = lambda self, *a, real=real, name=name, waits=waits: (waits.append(name), real(self, *a))[1]  # noqa: E731
            monkeypatch.setattr(torch.Tensor, name, spy)
        model = _model()
        fit(model, cross_entropy, torch.optim.SGD(model.parameters(), 0.1), X, CLASSES, epochs=2, batch_size=batch)
        monkeypatch.undo()
        counts[batch] = len(waits)
    assert counts[37] == counts[2] > 0


@pytest.mark.parametrize("stop", [1, 4])
def test_a_resumed_run_ends_with_the_same_weights(tmp_path, stop):
    def run(folder, epochs):
        model = _model(dropout=0.3)
        optimizer = torch.optim.Adam(model.parameters(), 0.02)
        scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 6)
        torch.manual_seed(9 if epochs == 6 and folder.name == "two" else 5)  # resuming brings Dropout's state back
        history = fit(model, cross_entropy, optimizer, X, CLASSES, epochs=epochs, batch_size=8, scheduler=scheduler,
                      validation=(X, CLASSES), checkpoints=Checkpoints(folder), metrics=Metrics(folder))  # fmt: skip
        return _weights(model), history, [list(row.values())[:6] for row in Metrics(folder).rows()]

    straight = run(tmp_path / "one", 6)
    run(tmp_path / "two", stop)
    resumed = run(tmp_path / "two", 6)
    assert torch.equal(straight[0], resumed[0])
    assert straight[1] == resumed[1]
    assert straight[2] == resumed[2]
    assert [row[0] for row in resumed[2]] == [1, 2, 3, 4, 5, 6]
    assert resumed[2][5][5] == pytest.approx(0.02 * (1 + np.cos(np.pi * 5 / 6)) / 2)  # the learning rate


def test_resuming_a_finished_run_changes_nothing(tmp_path):
    model = _model()
    before = _fit(model, epochs=2, checkpoints=Checkpoints(tmp_path))
    names = sorted(path.name for path in tmp_path.iterdir())
    again = _model(seed=1)
    assert _fit(again, epochs=2, checkpoints=Checkpoints(tmp_path)) == before
    assert torch.equal(_weights(again), _weights(model))
    assert sorted(path.name for path in tmp_path.iterdir()) == names


def test_bf16_computes_otherwise_and_learns_the_same(monkeypatch):
    seen = []
    forward = torch.nn.Linear.forward
    monkeypatch.setattr(torch.nn.Linear, "forward", lambda *a: (seen.append(forward(*a)), seen[-1])[1])
    exact, half = _model(), _model()
    one, two = _fit(exact, epochs=30), _fit(half, epochs=30, bf16=True)
    assert {output.dtype for output in seen} == {torch.float32, torch.bfloat16}
    assert all(parameter.dtype == torch.float32 for parameter in half.parameters())
    assert one.loss != two.loss
    assert two.loss == pytest.approx(one.loss, rel=0.03)


def test_compile_goes_through_torch_compile(monkeypatch, tmp_path):
    used, real = [], torch.compile
    monkeypatch.setattr(torch, "compile", lambda model: (used.append(model), real(model, backend="eager"))[1])
    plain, compiled = _model(), _model()
    _fit(plain, batch_size=8)
    _fit(compiled, batch_size=8, compile=True, checkpoints=Checkpoints(tmp_path))
    assert used == [compiled]
    torch.testing.assert_close(_weights(compiled), _weights(plain))
    assert set(Checkpoints(tmp_path).load()["model"]) == set(plain.state_dict())  # names without _orig_mod


def test_progress_is_a_bar_with_samples_a_second_and_a_line_per_epoch(capsys):
    history = _fit(_model(), progress=True, validation=(X, CLASSES))
    shown = capsys.readouterr()
    assert "samples/s" in shown.err
    assert f"epoch 3: loss {history.loss[2]:.3f}, accuracy {history.accuracy[2]:.1%}" in shown.err
    assert len(shown.out.splitlines()) == history.epochs
    last = (
        f"validation loss {history.validation_loss[-1]:.3f}, validation accuracy {history.validation_accuracy[-1]:.1%}"
    )
    assert shown.out.endswith(f", {last}\n")
    _fit(_model())
    assert capsys.readouterr() == ("", "")


def test_a_run_that_diverges_stops_in_words_and_keeps_the_checkpoint(tmp_path):
    model = _model()
    sgd = torch.optim.SGD(model.parameters(), 1e9)
    with pytest.raises(
        FloatingPointError, match=r"the loss became (nan|inf) in epoch \d; a smaller .* than 1e\+09 often"
    ):
        fit(model, mse_loss, sgd, X, NUMBERS, epochs=9, checkpoints=Checkpoints(tmp_path))
    assert all(np.isfinite(Checkpoints(tmp_path).load()["history"]["loss"]))


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        (
            {"x": X.astype(float)},
            TypeError,
            r"x must be torch.float32 because the model's weights are; got torch.float64",
        ),
        (
            {"y": CLASSES.astype(np.int32)},
            TypeError,
            r"y must be torch.int64 \(classes\) or torch.float32 .*torch.int32",
        ),
        ({"y": CLASSES[:5]}, ValueError, "x and y must have the same number of samples, at least one; got 37 and 5"),
        ({"x": X[:0], "y": CLASSES[:0]}, ValueError, "at least one; got 0 and 0"),
        ({"x": np.where(X > 2, np.nan, X)}, ValueError, "x holds nan or infinite numbers"),
        ({"epochs": -1}, ValueError, "batch_size must be at least 1 and epochs at least 0; got 37 and -1"),
        ({"batch_size": 0}, ValueError, "got 0 and 3"),
        ({"batch_size": 2.5}, TypeError, "epochs and batch_size must be whole numbers; got 3 and 2.5"),
        ({"validation": X}, ValueError, r"validation must be a pair \(x, y\); got ndarray"),
    ],
)
def test_arguments_that_do_not_fit_are_told(options, error, words):
    model = _model()
    before = _weights(model)
    with pytest.raises(error, match=f"fit: .*{words}"):
        _fit(model, **options)
    assert torch.equal(_weights(model), before)
