"""The command line: what a student types, and words with a non-zero status for whatever cannot be done."""

import errno
import json
import os
import re
from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image

from dlcourse.command_line import main
from dlcourse.counterpart import Checkpoints, Metrics, command, tasks
from dlcourse.counterpart.photos import PHOTOS

TRAIN = ["train", "--data", "moons", "--epochs", "2", "--device", "cpu"]


@pytest.fixture
def run(tmp_path):
    """The folder of a small run."""
    folder = tmp_path / "run"
    assert main([*TRAIN, "--out", str(folder)]) == 0
    return folder


def _fails(capsys, *arguments, status=1) -> str:
    """What a command says that ends with `status`."""
    capsys.readouterr()
    try:
        found = main(list(map(str, arguments)))
    except SystemExit as exit:  # argparse
        found = exit.code
    said = capsys.readouterr().err
    assert found == status, said
    return said


def _content(folder) -> dict:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_train_then_evaluate(tmp_path, capsys):
    run = tmp_path / "run"
    assert main([*TRAIN, "--out", str(run)]) == 0
    said = capsys.readouterr().out
    assert "mlp, 4,482 weights; moons, 640 rows to train, 160 to validate, 200 kept for the test." in said
    assert f"evaluate --run {run}" in said
    assert json.loads((run / "run.json").read_text()) == {
        "model": "mlp", "data": "moons", "epochs": 2, "batch_size": 32, "lr": 0.001, "optimizer": "adam",
        "schedule": "constant", "seed": 0, "bf16": False,
    }  # fmt: skip
    assert len((run / "metrics.csv").read_text().splitlines()) == 3
    assert main(["evaluate", "--run", str(run), "--device", "cpu"]) == 0
    said = capsys.readouterr().out
    assert "mlp on moons after 2 of 2 epochs" in said
    accuracy = re.search(r"Test: loss \S+, accuracy (\S+%) of 200 rows", said)[1]
    rows = [list(map(int, line.split()[1:])) for line in said.splitlines()[-2:]]
    right, every = rows[0][0] + rows[1][1], sum(map(sum, rows))
    assert (every, f"{right / every:.1%}") == (200, accuracy)


def test_training_shows_the_validation_part_and_leaves_the_test_part_closed(tmp_path, capsys, monkeypatch):
    task = tasks.load("moons")
    broken = task.parts.test._replace(x=np.full_like(task.parts.test.x, np.nan), y=None)  # whoever opens it falls
    closed = replace(task, parts=task.parts._replace(test=broken))
    monkeypatch.setattr(tasks, "load", lambda name: closed)
    monkeypatch.setattr(command, "_greeting", lambda *_: "")  # it counts the rows
    assert main([*TRAIN, "--out", str(tmp_path / "run")]) == 0
    said = capsys.readouterr().out
    rows = Metrics(tmp_path / "run").rows()
    assert len(rows) == 2
    for row in rows:
        shown = f"validation loss {row['validation_loss']:.3f}, validation accuracy {row['validation_accuracy']:.1%}"
        assert re.search(f"^epoch {row['epoch']}: loss .*, {shown}$", said, re.MULTILINE), said
    last = f"loss {rows[-1]['validation_loss']:.3f}, accuracy {rows[-1]['validation_accuracy']:.1%} of 160 rows"
    assert f"Validation after epoch 2: {last}." in said
    assert "Test" not in said


@pytest.mark.parametrize("model", tasks.MODELS)
@pytest.mark.parametrize("optimizer", tasks.OPTIMIZERS)
def test_every_network_takes_a_step_with_every_optimizer(model, optimizer):
    task = tasks.load("digits")
    network = tasks.build(model, task)
    step = tasks.optimizer(optimizer, network, 0.01)
    x, y = torch.as_tensor(task.parts.train.x[:8]), torch.as_tensor(task.parts.train.y[:8])
    before = torch.nn.functional.cross_entropy(network(x), y)
    before.backward()
    step.step()
    assert network(x).shape == (8, 10)
    assert torch.nn.functional.cross_entropy(network(x), y) != before


@pytest.mark.parametrize("name", tasks.DATA)
def test_every_data_set_is_scaled_and_its_parts_share_no_row(name):
    task = tasks.load(name)
    x = task.parts.train.x
    assert x.dtype == np.float32
    assert 0.3 < x.std() < 2
    assert abs(x.mean()) < 0.5
    assert {*task.parts.train.y.tolist()} == {*task.parts.test.y.tolist()} == {*range(task.classes)}
    assert len(task.parts.validation.y) > 0
    assert x.shape[1] == task.features
    again = tasks.load(name)
    for part, other in zip(task.parts, again.parts, strict=True):
        np.testing.assert_array_equal(part.x, other.x)


def test_the_digits_are_learned(tmp_path, capsys):
    out = tmp_path / "lenet"
    line = ["train", "--model", "lenet", "--data", "digits", "--device", "cpu", "--epochs", "4", "--lr", "0.005"]
    assert main([*line, "--schedule", "cosine", "--bf16", "--out", str(out)]) == 0
    rates = [line.split(",")[5] for line in (out / "metrics.csv").read_text().splitlines()[1:]]
    assert [float(rate) for rate in rates] == pytest.approx([0.005, 0.00426777, 0.0025, 0.00073223], rel=1e-4)
    assert main(["evaluate", "--run", str(out), "--device", "cpu"]) == 0
    assert float(re.search(r"accuracy (\S+)% of 359", capsys.readouterr().out)[1]) > 92


def test_resuming_takes_the_settings_of_the_run(run, capsys):
    assert main(["train", "--resume", "--epochs", "3", "--device", "cpu", "--out", str(run)]) == 0
    assert json.loads((run / "run.json").read_text())["epochs"] == 3
    assert [path.name[:12] for path in Checkpoints(run / "checkpoints").paths()] == ["epoch-000003", "epoch-000002"]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ([], "run holds a run already; go on with it by --resume, or give another --out"),
        (
            ["--resume", "--lr", "0.5", "--batch-size", "8"],
            "was made with --batch-size 32, not 8, --lr 0.001, not 0.5; ",
        ),
        (["--resume", "--model", "residual_mlp"], "was made with --model mlp, not residual_mlp; leave that out"),
    ],
)
def test_another_run_is_never_written_over(run, capsys, more, words):
    before = _content(run)
    assert words in _fails(capsys, "train", "--data", "moons", "--device", "cpu", *more, "--out", run)
    assert _content(run) == before


def test_a_cosine_is_not_made_longer(tmp_path, capsys):
    out = tmp_path / "run"
    assert main([*TRAIN, "--schedule", "cosine", "--out", str(out)]) == 0
    assert "was made with --epochs 2, not 5" in _fails(capsys, "train", "--resume", "--epochs", "5", "--out", out)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--model", "transformer"], "--model: expected one of mlp, lenet, .*; got 'transformer'"),
        (["--data", "imagenet"], "--data: expected one of digits, mnist1d, .*; got 'imagenet'"),
        (["--optimizer", "magic"], "--optimizer: expected one of sgd, .*; got 'magic'"),
        (["--model", "lenet", "--data", "iris"], r"--model lenet needs images \(--data digits\); iris has 4 features"),
        (["--model", "conv1d_net", "--data", "moons"], "conv1d_net: length must be at least 5, .*; got 2"),
        (["--device", "tpu"], "device must be one of auto, cuda, mps, cpu; got 'tpu'"),
        (["--optimizer", "sgd", "--lr", "1e30"], "the loss became (nan|inf) in epoch 1; a smaller learning rate"),
    ],
)
def test_what_cannot_be_trained_is_told(tmp_path, capsys, arguments, words):
    said = _fails(capsys, *TRAIN, *arguments, "--out", tmp_path / "run")
    assert re.search(f"^dlcourse train: .*{words}", said, re.MULTILINE), said
    assert "Traceback" not in said


def test_cuda_where_there_is_none_is_told(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    for line in (["train", "--out", tmp_path / "run"], ["evaluate", "--image", "chelsea"]):
        said = _fails(capsys, *line, "--device", "cuda")
        assert re.search(
            r"device 'cuda' was asked for, but (this PyTorch .* without CUDA|PyTorch sees no NVIDIA)", said
        )
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--epochs", "0"], "argument --epochs: expected a whole number from 1, got '0'"),
        (["--batch-size", "2.5"], "argument --batch-size: expected a whole number from 1, got '2.5'"),
        (["--lr", "-1"], "argument --lr: expected a number above 0, got '-1'"),
        (["--lr", "nan"], "argument --lr: expected a number above 0, got 'nan'"),
        (["--seed", "x"], "argument --seed: expected a whole number from 0, got 'x'"),
        (["--schedule", "linear"], "argument --schedule: invalid choice: 'linear'"),
    ],
)
def test_a_line_that_makes_no_sense_is_told(tmp_path, capsys, arguments, words):
    assert words in _fails(capsys, *TRAIN, *arguments, "--out", tmp_path, status=2)


def test_a_full_disk_loses_nothing_and_is_told(run, capsys, monkeypatch):
    before = _content(run / "checkpoints")

    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    real = Checkpoints.save
    monkeypatch.setattr(Checkpoints, "save", lambda *a: (monkeypatch.setattr(os, "fsync", full), real(*a))[1])
    said = _fails(capsys, "train", "--resume", "--epochs", "9", "--device", "cpu", "--out", run)
    assert re.search(r"epoch 3 could not be saved .*\(No space left on device\); epoch-000002-\w+.pt is intact", said)
    assert _content(run / "checkpoints") == before
    monkeypatch.undo()
    assert main(["train", "--resume", "--epochs", "9", "--device", "cpu", "--out", str(run)]) == 0


def test_a_folder_that_cannot_be_written_is_told(tmp_path, capsys):
    (tmp_path / "file").write_text("mine")
    said = _fails(capsys, *TRAIN, "--out", tmp_path / "file")
    assert re.search(r"^dlcourse train: \S+file: File exists; what was saved before is intact\.$", said, re.MULTILINE)
    assert (tmp_path / "file").read_text() == "mine"


def test_the_seed_decides_everything(tmp_path):
    for name, seed in (("a", 0), ("b", 0), ("c", 1)):
        torch.rand(1)  # whatever happened before
        assert main([*TRAIN, "--seed", str(seed), "--out", str(tmp_path / name)]) == 0
    first, same, other = (Checkpoints(tmp_path / name / "checkpoints").load()["model"] for name in "abc")
    assert all(torch.equal(first[key], same[key]) for key in first)
    assert not any(torch.equal(first[key], other[key]) for key in first)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            RuntimeError("No working C++ compiler\n\nat length"),
            r"torch.compile fails here \(No working C\+\+ compiler\); leave",
        ),
        (torch.OutOfMemoryError("GPU 0"), "the device has too little memory; a smaller --batch-size needs less"),
    ],
)
def test_what_the_device_cannot_do_is_told(tmp_path, capsys, monkeypatch, error, words):
    def fail(*_, **__):
        raise error

    monkeypatch.setattr(torch, "compile", fail)
    assert re.search(
        f"^dlcourse train: {words}", _fails(capsys, *TRAIN, "--compile", "--out", tmp_path / "run"), re.MULTILINE
    )


def test_before_its_first_epoch_a_run_has_nothing_to_evaluate_and_nothing_to_lose(tmp_path, capsys, monkeypatch):
    def fail(*_, **__):
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(command, "fit", fail)
        _fails(capsys, *TRAIN, "--out", tmp_path / "run")
    said = _fails(capsys, "evaluate", "--run", tmp_path / "run")
    assert "has no checkpoint yet: its first epoch did not end; train it with --resume" in said
    assert main([*TRAIN, "--lr", "0.01", "--out", str(tmp_path / "run")]) == 0


def test_a_damaged_checkpoint_is_passed_over_with_a_note(run, capsys):
    newest = Checkpoints(run / "checkpoints").paths()[0]
    newest.write_bytes(newest.read_bytes()[:-1])
    capsys.readouterr()
    assert main(["evaluate", "--run", str(run), "--device", "cpu"]) == 0
    said = capsys.readouterr()
    assert f"Note: Checkpoints: {newest.name} is damaged" in said.err
    assert "mlp on moons after 1 of 2 epochs" in said.out


def test_weights_of_another_model_are_told(run, capsys):
    state = Checkpoints(run / "checkpoints").load()
    state["model"]["0.weight"] = state["model"]["0.weight"][:, :1]
    Checkpoints(run / "checkpoints").save({"model": state["model"]}, 7)
    words = (
        r"the weights are of another model, 1 do not fit:\n  0.weight: expected \(64, 2\) torch.float32, got \(64, 1\)"
    )
    assert re.search(words, _fails(capsys, "evaluate", "--run", run))
    assert re.search(words, _fails(capsys, "train", "--resume", "--out", run))


def test_a_folder_without_a_run_is_told(tmp_path, capsys):
    said = _fails(capsys, "evaluate", "--run", tmp_path)
    assert "holds no run: there is no run.json in it; train writes one to --out" in said


def test_the_confusion_table_by_hand():
    truth, said = torch.tensor([0, 0, 0, 1, 1, 2]), torch.tensor([0, 0, 1, 1, 2, 2])
    assert command.confusion_table(truth, said, ("cat", "dog", "bird")).splitlines() == [
        "true \\ said  cat  dog  bird",
        "cat            2    1     0",
        "dog            0    1     1",
        "bird           0    0     1",
    ]


def test_a_photo_of_a_cat_is_called_a_cat(capsys):
    assert main(["evaluate", "--image", "chelsea", "--device", "cpu"]) == 0
    first = capsys.readouterr().out.splitlines()[1]
    assert re.fullmatch(r" +\d\d\.\d%  (Egyptian cat|tiger cat|tabby, tabby cat)", first)


def test_a_picture_file_is_named(tmp_path, capsys):
    from skimage import data

    Image.fromarray(data.coffee()).save(tmp_path / "mine.png")
    assert main(["evaluate", "--image", str(tmp_path / "mine.png"), "--device", "cpu"]) == 0
    assert "espresso" in capsys.readouterr().out.splitlines()[1]


def test_what_is_no_picture_is_told(tmp_path, capsys):
    (tmp_path / "text.png").write_text("no picture")
    assert "cannot be read as a picture (" in _fails(capsys, "evaluate", "--image", tmp_path / "text.png")
    words = (
        "expected one of chelsea, coffee, rocket, astronaut, china, flower, or a picture file; there is no file 'dog'"
    )
    assert words in _fails(capsys, "evaluate", "--image", "dog")
    assert "one of the arguments --run --image is required" in _fails(capsys, "evaluate", status=2)


@pytest.mark.parametrize("name", ["train", "evaluate"])
def test_help_names_all_there_is(capsys, name):
    with pytest.raises(SystemExit) as exit:
        main([name, "--help"])
    assert exit.value.code == 0
    words = set(re.findall(r"[\w-]+", capsys.readouterr().out))
    if name == "train":
        assert {*tasks.MODELS, *tasks.DATA, *tasks.OPTIMIZERS, *("cuda", "mps", "cpu", "torchrun")} <= words
        options = {f"--{field.replace('_', '-')}" for field in command.Settings.__dataclass_fields__}
        assert options | {"--out", "--resume", "--device", "--compile"} <= words
    else:
        assert {"--run", "--image", "--device", *PHOTOS} <= words
