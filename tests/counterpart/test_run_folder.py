"""A run's folder under attack: whatever is damaged in it, evaluate and --resume end in words and nothing is lost."""

import json
import os
import re
import subprocess
import sys

import pytest
import torch

from dlcourse.command_line import main
from dlcourse.counterpart import Checkpoints
from dlcourse.counterpart.checkpoints import _checksum
from dlcourse.counterpart.run_folder import LIMITS, RunFolder
from tests.counterpart.processes import ENVIRONMENT, LIMIT

TRAIN = ["train", "--data", "iris", "--epochs", "2", "--batch-size", "64", "--device", "cpu"]


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """The files of a small run: path within its folder -> content."""
    folder = tmp_path_factory.mktemp("trained") / "run"
    assert main([*TRAIN, "--out", str(folder)]) == 0
    return {path.relative_to(folder): content for path, content in _content(folder).items()}


@pytest.fixture
def run(tmp_path, trained):
    """A copy of that run to damage."""
    for path, content in trained.items():
        (tmp_path / "run" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "run" / path).write_bytes(content)
    return tmp_path / "run"


def _content(folder) -> dict:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.name != "run.lock"}


def _resume(folder) -> list[str]:
    return ["train", "--resume", "--epochs", "3", "--device", "cpu", "--out", str(folder)]


def _evaluate(folder) -> list[str]:
    return ["evaluate", "--device", "cpu", "--run", str(folder)]


def _told(capsys, line) -> str:
    """What a command says that ends with status 1."""
    capsys.readouterr()
    status = main(line)
    said = capsys.readouterr().err
    assert status == 1, said
    assert re.search(r"^dlcourse (train|evaluate): ", said, re.MULTILINE), said
    assert "shows where" not in said, said  # the words for what nobody foresaw
    assert len(said) < 3000
    return said


# Checkpoints that are whole, but not of this run.


def _with(**changes):
    """The run with other entries in its only checkpoint; None takes one away."""

    def damage(folder):
        checkpoints = Checkpoints(folder / "checkpoints")
        state = checkpoints.load()
        for path in checkpoints.paths():
            path.unlink()
        for name, change in changes.items():
            state[name] = change(state[name]) if callable(change) else change
        checkpoints.save({name: value for name, value in state.items() if value is not None}, state["epoch"])

    return damage


def _first(change):
    """Another first entry of the optimizer's state."""
    return lambda optimizer: optimizer | {"state": optimizer["state"] | {0: change(dict(optimizer["state"][0]))}}


def _group(**changes):
    return lambda optimizer: optimizer | {"param_groups": [optimizer["param_groups"][0] | changes]}


WEIGHTS = {
    "no model": _with(model=None),
    "a list of weights": _with(model=[1, 2]),
    "numbers for weights": _with(model=lambda model: dict.fromkeys(model, 1.5)),
    "another shape": _with(model=lambda model: {name: value[:1] for name, value in model.items()}),
    "another dtype": _with(model=lambda model: {name: value.double() for name, value in model.items()}),
    "a thousand names": _with(model={f"weight{i}" * 100: torch.ones(1) for i in range(1000)}),
}
REST = {
    "no optimizer": _with(optimizer=None),
    "an optimizer that is a list": _with(optimizer=[1]),
    "no groups": _with(optimizer=lambda optimizer: optimizer | {"param_groups": []}),
    "a group without a rate": _with(optimizer=lambda o: o | {"param_groups": [{"params": [0, 1, 2, 3, 4, 5]}]}),
    "a rate in words": _with(optimizer=_group(lr="fast")),
    "SGD's state for Adam": _with(optimizer=lambda o: torch.optim.SGD([torch.ones(1)] * 1, lr=0.1).state_dict()),
    "a mean of another shape": _with(optimizer=_first(lambda entry: entry | {"exp_avg": torch.ones(3)})),
    "a mean in words": _with(optimizer=_first(lambda entry: entry | {"exp_avg": "large"})),
    "a mean that is missing": _with(optimizer=_first(lambda entry: {"step": entry["step"]})),
    "no history": _with(history=None),
    "a history that is a number": _with(history=3),
    "a history of words": _with(history={"loss": ["low", "lower"]}),
    "a history of another length": _with(history={"loss": [0.5]}),
    "a history of unknown numbers": _with(history={"colour": [0.5, 0.5]}),
    "no generators": _with(rng=None),
    "generators of another kind": _with(rng={"cpu": torch.ones(3)}),
}


@pytest.mark.parametrize("damage", {**WEIGHTS, **REST}.values(), ids={**WEIGHTS, **REST})
def test_a_checkpoint_of_another_kind_is_told_and_kept(run, capsys, damage):
    damage(run)
    before = _content(run)
    said = _told(capsys, _resume(run))
    assert re.search("the weights are of another model|expected a dict of weights|is not one of this run", said)
    assert set(before.values()) - {before[run / "run.json"]} <= set(_content(run).values())


@pytest.mark.parametrize("damage", WEIGHTS.values(), ids=WEIGHTS)
def test_weights_of_another_kind_are_not_measured(run, capsys, damage):
    damage(run)
    said = _told(capsys, _evaluate(run))
    assert re.search("the weights are of another model|expected a dict of weights", said)


# Files that are no longer what they were.


def _replaced(name, content):
    """A file with other content; None makes it a folder."""

    def damage(folder):
        [path] = folder.glob(name)
        path.unlink()
        path.mkdir() if content is None else path.write_bytes(content)

    return damage


def _foreign(content):
    """A newest checkpoint whose checksum is right."""
    return lambda folder: (folder / "checkpoints" / f"epoch-000009-{_checksum(content)}.pt").write_bytes(content)


def _all_checkpoints_are(content):
    return lambda folder: [path.write_bytes(content) for path in (folder / "checkpoints").glob("*.pt")]


def _checkpoints_are_a_file(folder):
    for path in (folder / "checkpoints").iterdir():
        path.unlink()
    (folder / "checkpoints").rmdir()
    (folder / "checkpoints").write_text("mine")


def _epoch_in_words(folder):
    torch.save({"format": 1, "epoch": "two"}, folder / "x")
    content = (folder / "x").read_bytes()
    (folder / "x").unlink()
    for path in (folder / "checkpoints").glob("*.pt"):
        path.unlink()
    _foreign(content)(folder)


FATAL = {
    "empty checkpoints": (_all_checkpoints_are(b""), "none of the 2 in .* is whole; move them away and start anew"),
    "junk as checkpoints": (_all_checkpoints_are(b"\0\xff" * 999), "none of the 2 in .* is whole"),
    "an epoch in words": (_epoch_in_words, "none of the 1 in .* is whole"),
    "settings nested deep": (_replaced("run.json", b"[" * 100_000), r"run.json is damaged \("),
    "empty settings": (_replaced("run.json", b""), r"run.json is damaged \(.*write the run's settings into it anew"),
    "binary settings": (_replaced("run.json", b"\xff\0\x80"), r"run.json is damaged \("),
    "settings that are a folder": (_replaced("run.json", None), "holds no run: there is no run.json in it"),
    **{
        f"settings {content}": (_replaced("run.json", content.encode()), rf"run.json is damaged \(.*{words}")
        for content, words in (
            ("[]", ""), ("3", ""), ("null", ""), ("{", ""), ('{"colour": 1}', "colour"),
            ('{"epochs": "two"}', "--epochs: expected int, got str"), ('{"epochs": true}', "--epochs: expected int"),
            ('{"epochs": 1e400}', "--epochs: expected int, got float"), ('{"data": ["iris"]}', "--data: expected str"),
            ('{"epochs": 0}', "--epochs: expected a whole number from 1 to"),
            (f'{{"epochs": {10**30}}}', "--epochs: expected a whole number from 1 to"),
            (f'{{"seed": {10**13}}}', "--seed: expected a whole number from 0 to"),
            ('{"batch_size": -1}', "--batch-size: expected a whole number from 1"),
            ('{"lr": NaN}', "--lr: expected a number above 0"), ('{"lr": -0.5}', "--lr: expected a number above 0"),
            ('{"schedule": "linear"}', "--schedule: expected one of constant, cosine"),
        )
    },
    "an unknown network": (_replaced("run.json", b'{"model": "brain"}'), "--model: expected one of mlp"),
    "unknown data": (_replaced("run.json", b'{"data": "the world"}'), "--data: expected one of digits"),
}  # fmt: skip


@pytest.mark.parametrize(("damage", "words"), FATAL.values(), ids=FATAL)
@pytest.mark.parametrize("line", [_evaluate, _resume])
def test_a_file_that_is_damaged_is_told_and_kept(run, capsys, damage, words, line):
    damage(run)
    before = _content(run)
    assert re.search(words, _told(capsys, line(run)))
    assert _content(run) == before


HARMLESS = {
    "junk as metrics": _replaced("metrics.csv", b"\0\xff,\n" * 9),
    "a foreign newest checkpoint": _foreign(b"junk"),
    "a name of unusual digits": lambda folder: (folder / "checkpoints" / "epoch-²-0.pt").write_text("mine"),
    "a checkpoint that is a folder": lambda folder: (folder / "checkpoints" / "epoch-000003-0.pt").mkdir(),
    "litter of a killed process": lambda folder: (folder / "run1234.tmp").write_text("{"),
    "files of mine": lambda folder: (folder / "notes.txt").write_text("mine"),
}


@pytest.mark.parametrize("damage", HARMLESS.values(), ids=HARMLESS)
def test_what_a_run_does_not_need_does_not_stop_it(run, capsys, damage):
    damage(run)
    assert main(_evaluate(run)) == 0
    assert "after 2 of 2 epochs" in capsys.readouterr().out
    assert main(_resume(run)) == 0
    assert RunFolder(run, print).epochs == 3
    assert not list(run.rglob("*.tmp"))


@pytest.mark.parametrize("name", ["checkpoints", "metrics.csv", "run.json"])
def test_something_else_in_the_place_of_a_file_is_told(tmp_path, capsys, name):
    folder = tmp_path / "run"
    folder.mkdir()
    (folder / name).write_text("mine") if name == "checkpoints" else (folder / name).mkdir()
    said = _told(capsys, [*TRAIN, "--out", str(folder)])
    assert name.partition(".")[0] in said
    assert (folder / name).exists()


def test_a_checkpoint_that_a_running_training_replaces_meanwhile_is_no_damage(run, monkeypatch):
    checkpoints, real = Checkpoints(run / "checkpoints", tell=pytest.fail), Checkpoints.paths
    gone = [run / "checkpoints" / "epoch-000001-0.pt"]
    monkeypatch.setattr(Checkpoints, "paths", lambda self: gone.pop() and [run / "gone.pt"] if gone else real(self))
    assert checkpoints.load()["epoch"] == 2


# Settings at the door.


@pytest.mark.parametrize("name", LIMITS)
def test_the_limits_are_those_that_hold(tmp_path, capsys, name):
    option = f"--{name.replace('_', '-')}"
    said = _told(capsys, [*TRAIN, option, str(LIMITS[name][1] + 1), "--out", str(tmp_path / "run")])
    assert f"{option}: expected a whole number from {LIMITS[name][0]} to {LIMITS[name][1]}" in said
    assert not (tmp_path / "run").exists()
    if name != "epochs":
        assert main([*TRAIN, option, str(LIMITS[name][1]), "--out", str(tmp_path / "run")]) == 0


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "rmsprop", "adam", "adamw"])
def test_a_rate_that_diverges_leaves_a_folder_that_can_be_used(tmp_path, capsys, optimizer):
    out = str(tmp_path / "run")
    said = _told(capsys, [*TRAIN, "--optimizer", optimizer, "--lr", "1e30", "--out", out])
    assert re.search(r"loss became (nan|inf) in epoch 1; a smaller learning rate than 1e\+30 often mends it", said)
    assert "Nothing was saved; you may begin anew with the same --out." in said
    assert "Nothing was saved" in _told(capsys, ["train", "--resume", "--device", "cpu", "--out", out])
    assert main([*TRAIN, "--optimizer", optimizer, "--out", out]) == 0
    assert RunFolder(out, print).epochs == 2


def test_a_run_that_diverges_later_keeps_what_was_saved(run, capsys, monkeypatch):
    monkeypatch.setattr("dlcourse.counterpart.training.evaluate", lambda *_, **__: (float("inf"), 0.5))
    before = _content(run / "checkpoints")
    said = _told(capsys, _resume(run))
    assert "the validation loss became inf in epoch 3" in said
    assert f"Epoch 2 is saved in {run}; to begin anew, give another --out." in said
    assert _content(run / "checkpoints") == before


def test_fewer_epochs_than_are_done_are_refused_and_as_many_are_fine(run, capsys):
    before = _content(run)
    said = _told(capsys, ["train", "--resume", "--epochs", "1", "--device", "cpu", "--out", str(run)])
    assert "has 2 epochs already, more than --epochs 1; give a larger number to go on with it" in said
    assert _content(run) == before
    assert main(["train", "--resume", "--epochs", "2", "--device", "cpu", "--out", str(run)]) == 0
    assert "2 of 2 epochs are done already." in capsys.readouterr().out
    assert _content(run) == before


# Two at once.


@pytest.fixture
def holder(run):
    """A process that trains in the folder until it is killed."""
    code = (
        "import sys, time; from dlcourse.counterpart.run_folder import RunFolder\n"
        "with RunFolder(sys.argv[1], print).alone():\n    print('held', flush=True); time.sleep(600)"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(run)], stdout=subprocess.PIPE, text=True, env=ENVIRONMENT
    )
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


@pytest.mark.parametrize("more", [["--resume"], []])
def test_a_second_run_is_told_who_holds_the_folder(run, capsys, holder, more):
    before = _content(run)
    said = _told(capsys, ["train", *more, "--device", "cpu", "--out", str(run)])
    who = rf"process {holder.pid} on \S+ since \d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d"
    assert re.search(f"{re.escape(str(run))} is being trained by {who}; wait for it, or give another --out.", said)
    assert _content(run) == before
    assert main(_evaluate(run)) == 0  # looking is free


def test_a_process_that_dies_lets_go(run, holder):
    holder.kill()
    holder.wait(LIMIT)
    assert main(_resume(run)) == 0


def test_of_several_that_begin_at_once_one_trains(tmp_path):
    out = tmp_path / "run"
    line = [sys.executable, "-m", "dlcourse", *TRAIN, "--epochs", "40", "--out", str(out), "--seed"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "env": ENVIRONMENT}
    processes = [subprocess.Popen([*line, str(seed)], **pipes) for seed in (1, 2, 3)]
    ended = [(*process.communicate(timeout=LIMIT), process.returncode) for process in processes]
    assert sorted(status for *_, status in ended) == [0, 1, 1], ended
    for _, said, status in ended:
        assert "Traceback" not in said
        if status:
            assert re.search("is being trained by process|holds a run already|File exists", said), said
    winner = 1 + [status for *_, status in ended].index(0)
    assert json.loads((out / "run.json").read_text())["seed"] == winner
    assert [row.split(",")[0] for row in (out / "metrics.csv").read_text().splitlines()[1:]] == list(
        map(str, range(1, 41))
    )


def test_a_file_system_without_locks_is_no_hindrance(run, monkeypatch):
    module = pytest.importorskip("msvcrt" if os.name == "nt" else "fcntl")

    def no_locks(*_):
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(module, "locking" if os.name == "nt" else "flock", no_locks)
    assert main(_resume(run)) == 0
