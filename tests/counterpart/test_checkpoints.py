"""Checkpoints are whole or refused in words, and the one before is kept."""

import errno
import hashlib
import os
import pickle

import pytest
import torch

from dlcourse.counterpart import CheckpointError, Checkpoints, load_weights
from dlcourse.counterpart.checkpoints import read, write_atomically
from dlcourse.models import mlp


@pytest.fixture
def three(tmp_path):
    """A folder in which epochs 1, 2, 3 were saved, and its checkpoints, newest first."""
    saved = Checkpoints(tmp_path)
    for epoch in (1, 2, 3):
        saved.save({"weight": torch.full((3,), float(epoch))}, epoch)
    return tmp_path, saved.paths()


def _told(folder):
    told = []
    return told, Checkpoints(folder, tell=told.append)


def test_the_newest_is_loaded_and_the_one_before_is_kept(three):
    folder, paths = three
    assert [path.name[:12] for path in paths] == ["epoch-000003", "epoch-000002"]
    told, checkpoints = _told(folder)
    state = checkpoints.load()
    assert (state["epoch"], state["weight"].tolist(), told) == (3, [3.0] * 3, [])


def test_an_empty_or_missing_folder_has_none(tmp_path):
    assert Checkpoints(tmp_path).load() is None
    assert Checkpoints(tmp_path / "missing").load() is None


def _truncate(path):
    path.write_bytes(path.read_bytes()[:-7])


def _flip(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def _empty(path):
    path.write_bytes(b"")


@pytest.mark.parametrize("damage", [_truncate, _flip, _empty])
def test_a_damaged_newest_is_refused_in_words_and_the_one_before_is_used(three, damage):
    folder, paths = three
    damage(paths[0])
    told, checkpoints = _told(folder)
    assert checkpoints.load()["epoch"] == 2
    (words,) = told
    assert words.startswith(f"Checkpoints: {paths[0].name} is damaged: the checksum of its ")
    assert words.endswith("The one before it is used.")
    with pytest.warns(UserWarning, match="is damaged"):
        Checkpoints(folder).load()


def test_after_a_damaged_one_the_whole_one_is_kept_until_the_next_but_one(three):
    folder, paths = three
    _flip(paths[0])
    _, checkpoints = _told(folder)
    checkpoints.load()
    new = checkpoints.save({"weight": torch.zeros(3)}, 3)
    assert set(checkpoints.paths()) == {new, paths[1]}  # never the damaged one in the place of the whole one


def test_all_damaged_is_an_error(three):
    folder, paths = three
    for path in paths:
        _empty(path)
    with pytest.raises(CheckpointError, match=r"none of the 2 in .* is whole; move them away and start anew"):
        _told(folder)[1].load()


def test_half_a_file_of_a_killed_process_counts_for_nothing_and_is_swept_up(three):
    folder, _ = three
    half = folder / "epoch-000004-0123456789abcdefxyz.tmp"
    half.write_bytes(b"half")
    told, checkpoints = _told(folder)
    assert checkpoints.load()["epoch"] == 3
    checkpoints.save({}, 4)
    assert told == []
    assert not half.exists()
    assert len(list(folder.iterdir())) == 2


def _fails_with(number):
    def fail(*arguments, **options):
        raise OSError(number, os.strerror(number))

    return fail


@pytest.mark.parametrize("call", ["fsync", "replace", "fdopen"])
def test_a_full_disk_is_told_and_loses_nothing(three, monkeypatch, call):
    folder, paths = three
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    checkpoints = Checkpoints(folder)
    checkpoints.load()
    monkeypatch.setattr(os, call, _fails_with(errno.ENOSPC))
    words = rf"epoch 4 could not be saved in .*\(No space left on device\); {paths[0].name} is intact\. .*make room"
    with pytest.raises(CheckpointError, match=words):
        checkpoints.save({"weight": torch.ones(3)}, 4)
    monkeypatch.undo()
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(CheckpointError, match=r"epoch 1 could not be saved in .*; there was none before it"):
        Checkpoints(tmp_path / "file").save({}, 1)


def test_the_file_and_its_name_are_flushed_to_the_disk_in_this_order(tmp_path, monkeypatch):
    calls = []
    for name in ("fsync", "replace"):
        real = getattr(os, name)
        monkeypatch.setattr(os, name, lambda *a, name=name, real=real: (calls.append(name), real(*a))[1])
    write_atomically(tmp_path / "a", b"content")
    assert calls == (["fsync", "replace", "fsync"] if os.name != "nt" else ["fsync", "replace"])
    assert (tmp_path / "a").read_bytes() == b"content"


def test_an_interrupted_writing_leaves_the_old_content(tmp_path, monkeypatch):
    path = tmp_path / "a"
    path.write_bytes(b"old")

    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_atomically(path, b"new")
    monkeypatch.undo()
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"old"]


class Evil:
    def __reduce__(self):
        return print, ("Python ran",)


def _named_by_checksum(folder, content):
    path = folder / f"epoch-000001-{hashlib.sha256(content).hexdigest()[:16]}.pt"
    path.write_bytes(content)
    return path


def test_a_file_cannot_make_python_run_anything(tmp_path, capsys):
    torch.save(Evil(), tmp_path / "evil")
    path = _named_by_checksum(tmp_path, (tmp_path / "evil").read_bytes())
    with pytest.raises(CheckpointError, match=r"is no checkpoint of dlcourse \(UnpicklingError\)"):
        read(path)
    assert capsys.readouterr().out == ""
    with pytest.raises(CheckpointError, match="is no checkpoint of dlcourse"):
        read(_named_by_checksum(tmp_path, pickle.dumps(Evil())))


def test_another_kind_of_file_is_refused(tmp_path):
    torch.save({"weight": torch.zeros(1)}, tmp_path / "other")
    with pytest.raises(CheckpointError, match="no checkpoint of dlcourse of format 1"):
        read(_named_by_checksum(tmp_path, (tmp_path / "other").read_bytes()))
    with pytest.raises(CheckpointError, match=r"missing.pt cannot be read \(No such file or directory\)"):
        read(tmp_path / "missing.pt")


def test_weights_of_another_model_are_refused_and_change_nothing():
    model, other = mlp(torch, [2, 3, 2]), mlp(torch, [2, 4, 2])
    before = {name: value.clone() for name, value in model.state_dict().items()}
    words = (
        r"the weights are of another model, 3 do not fit:\n  0.bias: expected \(3,\) torch.float32, got \(4,\) torch"
    )
    with pytest.raises(CheckpointError, match=words):
        load_weights(model, other.state_dict())
    with pytest.raises(CheckpointError, match=r"0.bias: expected \(3,\) torch.float32, got \(3,\) torch.float64"):
        load_weights(model, mlp(torch, [2, 3, 2]).double().state_dict())
    shallow = {"0.weight": before["0.weight"], "extra": before["0.bias"]}
    with pytest.raises(CheckpointError, match=r"4 do not fit:\n  0.bias: missing\n .*\n .*\n  extra: not in the model"):
        load_weights(model, shallow)
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
    same = mlp(torch, [2, 3, 2])
    load_weights(model, same.state_dict())
    assert torch.equal(model[0].weight, same[0].weight)
