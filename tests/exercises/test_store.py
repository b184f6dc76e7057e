"""Progress on disk: it survives damage, a full disk, a crash and a second notebook; nothing is ever thrown away."""

import errno
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from dlcourse.exercises import check, progress, store


@pytest.fixture(autouse=True)
def own_progress(tmp_path, monkeypatch):
    monkeypatch.setenv("DLCOURSE_DATA_DIR", str(tmp_path))


@pytest.fixture
def file(tmp_path) -> Path:
    return tmp_path / "progress.json"


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.suffix != ".lock")


def test_at_first_there_is_no_progress_and_no_file(file):
    assert store.read() == {}
    assert not file.exists()


def test_facts_are_kept_and_added_to():
    store.update("03.1", solved=True)
    store.update("03.1", tries=2)
    store.update("03.2", solved=True)
    assert store.read() == {"03.1": {"solved": True, "tries": 2}, "03.2": {"solved": True}}


def test_a_later_fact_replaces_the_earlier_one():
    store.update("03.1", tries=1)
    store.update("03.1", tries=2)
    assert store.read() == {"03.1": {"tries": 2}}


def test_the_folder_is_made_where_the_variable_says(tmp_path, monkeypatch):
    monkeypatch.setenv("DLCOURSE_DATA_DIR", str(tmp_path / "학습" / "of mine"))
    store.update("03.1", solved=True)
    assert (tmp_path / "학습" / "of mine" / "progress.json").is_file()


def test_without_the_variable_it_is_the_users_data_folder(monkeypatch):
    monkeypatch.delenv("DLCOURSE_DATA_DIR")
    monkeypatch.setattr(store.platformdirs, "user_data_dir", lambda name, appauthor: f"/home/someone/{name}")
    assert store.folder() == Path("/home/someone/dlcourse")


def test_a_tilde_in_the_variable_is_the_home_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    monkeypatch.setenv("DLCOURSE_DATA_DIR", "~/my progress")
    store.update("03.1", solved=True)
    assert (tmp_path / "home" / "my progress" / "progress.json").is_file()
    assert not (tmp_path / "~").exists()


def without_a_home(monkeypatch, given: str | None) -> None:
    """A user number without a name and without HOME, as in some containers; `given`: what the variable says."""

    def unknown(*_):
        raise KeyError("getpwuid(): uid not found: 54321")

    pwd = pytest.importorskip("pwd")
    for name in ("HOME", "XDG_DATA_HOME", "DLCOURSE_DATA_DIR"):
        monkeypatch.delenv(name, raising=False)
    for name in ("getpwuid", "getpwnam"):
        monkeypatch.setattr(pwd, name, unknown)
    if given:
        monkeypatch.setenv("DLCOURSE_DATA_DIR", given)


@pytest.mark.parametrize("given", [None, "~/progress", "~nobody-of-this-name/progress"])
def test_without_a_home_a_right_answer_is_right_and_the_warning_says_what_to_set(tmp_path, monkeypatch, given):
    without_a_home(monkeypatch, given)
    monkeypatch.chdir(tmp_path)
    with pytest.warns(UserWarning, match="could not be saved .no home folder is known.*set DLCOURSE_DATA_DIR"):
        assert check("03.1", (1, 1, 0.5)).right
    with pytest.warns(UserWarning, match="could not be read .no home folder is known for this user"):
        assert "03.1○" in repr(progress("03"))
    assert list(tmp_path.iterdir()) == []


# A damaged file.


DAMAGED = [
    b"",
    b"{",
    b"\xff\xfe\x00",
    b"[1, 2]",
    b'"text"',
    b'{"03.1": true}',
    b'{"03.1": {"solved": tru',
    b"\x00" * 200,
    b"[" * 99_999,
]


@pytest.mark.parametrize("content", DAMAGED, ids=lambda content: repr(content[:12]))
def test_a_damaged_file_is_set_aside_and_reported(file, content):
    file.write_bytes(content)
    with pytest.warns(
        UserWarning, match=r"progress file is damaged .* kept as progress.damaged-1.json; progress starts"
    ):
        assert store.read() == {}
    assert file.with_name("progress.damaged-1.json").read_bytes() == content
    assert not file.exists()


def test_a_second_damaged_file_does_not_overwrite_the_first(file):
    for number, content in enumerate((b"one", b"two"), 1):
        file.write_bytes(content)
        with pytest.warns(UserWarning, match=f"progress.damaged-{number}.json"):
            store.read()
    kept = sorted(file.parent.glob("progress.damaged-*.json"))
    assert [path.read_bytes() for path in kept] == [b"one", b"two"]


def test_progress_goes_on_after_damage(file):
    file.write_bytes(b"{")
    with pytest.warns(UserWarning, match="damaged"):
        store.update("03.1", solved=True)
    assert store.read() == {"03.1": {"solved": True}}
    assert file.with_name("progress.damaged-1.json").read_bytes() == b"{"


def test_a_damaged_file_that_cannot_be_set_aside_stays_and_is_no_crash(file, monkeypatch):
    def refuse(*names):
        raise PermissionError(errno.EACCES, "Permission denied")

    file.write_bytes(b"{")
    monkeypatch.setattr(store.os, "replace", refuse)
    with pytest.warns(UserWarning, match="could not be saved .*Permission denied"):
        store.update("03.1", solved=True)
    with pytest.warns(UserWarning, match="could not be read .*Permission denied"):
        assert store.read() == {}
    assert file.read_bytes() == b"{"


# A folder that cannot be used.


def test_a_folder_that_cannot_be_made_is_reported_with_how_to_mend_it(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("DLCOURSE_DATA_DIR", str(tmp_path / "file"))
    with pytest.warns(
        UserWarning, match="could not be saved in .* set DLCOURSE_DATA_DIR to a folder that you may write"
    ):
        store.update("03.1", solved=True)


def test_a_file_that_cannot_be_read_is_never_written_over(file, monkeypatch):
    def refuse(self):
        raise PermissionError(errno.EACCES, "Permission denied")

    store.update("03.1", solved=True)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_bytes", refuse)
        with pytest.warns(
            UserWarning, match=f"could not be read from {re.escape(str(file.parent))} .Permission denied"
        ):
            assert store.read() == {}
        with pytest.warns(UserWarning, match=r"could not be saved in .*Permission denied"):
            store.update("03.2", solved=True)
    assert store.read() == {"03.1": {"solved": True}}


@pytest.mark.parametrize("failing", ["replace", "fsync"])
def test_a_write_that_fails_loses_nothing_and_leaves_nothing(file, monkeypatch, failing):
    def full(*arguments):
        raise OSError(errno.ENOSPC, "No space left on device")

    store.update("03.1", solved=True)
    before = file.read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr(store.os, failing, full)
        with pytest.warns(UserWarning, match="could not be saved in .*No space left on device"):
            store.update("03.2", solved=True)
    assert file.read_bytes() == before
    assert names(file.parent) == ["progress.json"]
    store.update("03.2", solved=True)
    assert set(store.read()) == {"03.1", "03.2"}


def test_an_interrupted_write_leaves_the_old_file_and_no_litter(file, monkeypatch):
    def interrupt(*arguments):
        raise KeyboardInterrupt

    store.update("03.1", solved=True)
    monkeypatch.setattr(store.os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        store.update("03.2", solved=True)
    assert store.read() == {"03.1": {"solved": True}}
    assert names(file.parent) == ["progress.json"]


def test_the_file_never_holds_half_a_text(file, monkeypatch):
    seen, replace = [], os.replace

    def look(source, target):
        seen.append(
            (file.read_text(encoding="utf-8") if file.exists() else "{}", Path(source).read_text(encoding="utf-8"))
        )
        replace(source, target)

    monkeypatch.setattr(store.os, "replace", look)
    store.update("03.1", solved=True)
    store.update("03.2", solved=True)
    assert [(len(json.loads(old)), len(json.loads(new))) for old, new in seen] == [(0, 1), (1, 2)]


# Two notebooks at once.


def test_two_processes_at_once_are_both_kept(tmp_path):
    code = (
        "import sys; from dlcourse.exercises import store\n"
        "for n in range(40): store.update(f'{sys.argv[1]}.{n}', solved=True)"
    )
    command = [sys.executable, "-W", "error", "-c", code]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    processes = [subprocess.Popen([*command, who], env=dict(os.environ), **pipes) for who in ("a", "b")]
    for process in processes:
        _, said = process.communicate(timeout=120)
        assert process.returncode == 0, said.decode()
    assert set(store.read()) == {f"{who}.{n}" for who in "ab" for n in range(40)}


def test_a_lock_that_is_never_let_go_of_is_reported_and_no_deadlock(file, monkeypatch):
    monkeypatch.setattr(store, "LOCK_SECONDS", 0.05)
    store.update("03.1", solved=True)
    said = pytest.warns(UserWarning, match="could not be saved .*another notebook keeps it locked")
    with store._alone(file.with_suffix(".lock")), said:
        words = store.update("03.2", solved=True)
    assert "another notebook" in words
    assert store.update("03.2", solved=True) == ""
    assert set(store.read()) == {"03.1", "03.2"}


def test_a_file_system_without_locks_is_no_hindrance(monkeypatch):
    module = pytest.importorskip("msvcrt" if os.name == "nt" else "fcntl")

    def no_locks(*arguments):
        raise OSError(errno.ENOTSUP, "Operation not supported")

    monkeypatch.setattr(module, "locking" if os.name == "nt" else "flock", no_locks)
    assert store.update("03.1", solved=True) == ""
    assert store.read() == {"03.1": {"solved": True}}


def test_the_warning_points_to_the_cell_that_asked(file):
    file.write_bytes(b"{")
    with pytest.warns(UserWarning, match="damaged") as said:
        progress()
    assert said[0].filename == __file__
