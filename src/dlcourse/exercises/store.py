"""The learner's progress on disk: written whole or not at all, by one process at a time, and never thrown away."""

import contextlib
import json
import os
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

import platformdirs

from dlcourse.disk import try_lock, write_atomically

FOLDER_VARIABLE = "DLCOURSE_DATA_DIR"
LOCK_SECONDS = 5.0


def folder() -> Path:
    """Where progress is kept: $DLCOURSE_DATA_DIR (a ~ in it is the home folder), else the user's data folder.

    OSError if that depends on a home folder and none is known (no HOME, and a user number without a name).
    """
    try:
        given = os.environ.get(FOLDER_VARIABLE) or platformdirs.user_data_dir("dlcourse", appauthor=False)
        return Path(given).expanduser()
    except RuntimeError as error:
        raise OSError("no home folder is known for this user") from error


def read() -> dict[str, dict]:
    """Id -> what is known of it. A damaged file is set aside under another name, with a warning; progress is empty then."""
    path = None
    try:
        path = folder() / "progress.json"
        known, trouble = _load(path)
    except OSError as error:
        known, trouble = {}, f"Your progress could not be read{_place('from', path)} ({error.strerror or error})."
    _warn(trouble)
    return known


def update(id: str, **facts) -> str:
    """Add facts about an exercise, and return "" or what went wrong in words, which is also given as a warning.

    A file that cannot be read is never written over. Nothing is raised: the check of the answer itself goes on.
    """
    path = None
    try:
        path = folder() / "progress.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        with _alone(path.with_suffix(".lock")):
            known, trouble = _load(path)
            known[id] = known.get(id, {}) | facts
            write_atomically(path, (json.dumps(known, indent=1, sort_keys=True) + "\n").encode())
    except OSError as error:
        trouble = (
            f"Your progress could not be saved{_place('in', path)} ({error.strerror or error}); "
            f"set {FOLDER_VARIABLE} to a folder that you may write to."
        )
    _warn(trouble)
    return trouble


def _place(preposition: str, path: Path | None) -> str:
    return f" {preposition} {path.parent}" if path else ""


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


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold a lock file, which the system lets go of when a process dies. TimeoutError after LOCK_SECONDS."""
    with path.open("ab") as file:
        deadline = time.monotonic() + LOCK_SECONDS
        while not try_lock(file):
            if time.monotonic() > deadline:
                raise TimeoutError("another notebook keeps it locked")
            time.sleep(0.01)
        yield
