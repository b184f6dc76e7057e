"""The learner's progress on disk: written whole or not at all, by one process at a time, and never thrown away."""

import contextlib
import json
import os
import tempfile
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

import platformdirs

FOLDER_VARIABLE = "DLCOURSE_DATA_DIR"
LOCK_SECONDS = 5.0


def folder() -> Path:
    """Where progress is kept: the user's data folder, or $DLCOURSE_DATA_DIR."""
    return Path(os.environ.get(FOLDER_VARIABLE) or platformdirs.user_data_dir("dlcourse", appauthor=False))


def read() -> dict[str, dict]:
    """Id -> what is known of it. A damaged file is set aside under another name, with a warning; progress is empty then."""
    try:
        known, trouble = _load(folder() / "progress.json")
    except OSError as error:
        known, trouble = {}, f"Your progress could not be read from {folder()} ({error.strerror or error})."
    _warn(trouble)
    return known


def update(id: str, **facts) -> str:
    """Add facts about an exercise, and return "" or what went wrong in words, which is also given as a warning.

    A file that cannot be read is never written over. Nothing is raised: the check of the answer itself goes on.
    """
    path = folder() / "progress.json"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _alone(path.with_suffix(".lock")):
            known, trouble = _load(path)
            known[id] = known.get(id, {}) | facts
            _write_atomically(path, json.dumps(known, indent=1, sort_keys=True) + "\n")
    except OSError as error:
        trouble = (
            f"Your progress could not be saved in {path.parent} ({error.strerror or error}); "
            f"set {FOLDER_VARIABLE} to a folder that you may write to."
        )
    _warn(trouble)
    return trouble


def _warn(trouble: str) -> None:
    if trouble:
        warnings.warn(trouble, stacklevel=4)  # the cell that called check or progress


def _load(path: Path) -> tuple[dict[str, dict], str]:
    """What the file holds, and words if it was damaged and has been set aside. OSError if it cannot be read or moved."""
    try:
        known = json.loads(path.read_bytes())
        if not isinstance(known, dict) or not all(isinstance(value, dict) for value in known.values()):
            raise ValueError("it does not hold progress")
        return known, ""
    except FileNotFoundError:
        return {}, ""
    except (ValueError, RecursionError) as error:
        kept = _set_aside(path)
        return {}, f"Your progress file is damaged ({error}). It was kept as {kept.name}; progress starts anew."


def _set_aside(path: Path) -> Path:
    number = 1
    while (kept := path.with_name(f"progress.damaged-{number}.json")).exists():
        number += 1
    os.replace(path, kept)
    return kept


def _write_atomically(path: Path, text: str) -> None:
    """A temporary file beside it, flushed to the disk, takes the name in one step: a reader sees the old or the new."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.stem, suffix=".tmp")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:  # an interrupted kernel as well
        Path(temporary).unlink(missing_ok=True)
        raise


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold a lock file, which the system lets go of when a process dies. TimeoutError after LOCK_SECONDS."""
    with path.open("ab") as file:
        deadline = time.monotonic() + LOCK_SECONDS
        while not _locked(file):
            if time.monotonic() > deadline:
                raise TimeoutError("another notebook keeps it locked")
            time.sleep(0.01)
        yield


def _locked(file) -> bool:
    """Try to lock an open file. Where the file system knows no locks (some networks) we go on without."""
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:
        return True
    return True
