"""The learner's progress on disk: written whole or not at all, and never thrown away."""

import json
import os
import tempfile
import warnings
from pathlib import Path

import platformdirs

FOLDER_VARIABLE = "DLCOURSE_DATA_DIR"


def folder() -> Path:
    """Where progress is kept: the user's data folder, or $DLCOURSE_DATA_DIR."""
    return Path(os.environ.get(FOLDER_VARIABLE) or platformdirs.user_data_dir("dlcourse", appauthor=False))


def read() -> dict[str, dict]:
    """Id -> what is known of it. A damaged file is set aside under another name, with a warning; progress is empty then."""
    path = folder() / "progress.json"
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(known, dict) or not all(isinstance(value, dict) for value in known.values()):
            raise ValueError("it does not hold progress")
        return known
    except FileNotFoundError:
        return {}
    except (ValueError, UnicodeDecodeError) as error:
        kept = _set_aside(path)
        warnings.warn(
            f"Your progress file is damaged ({error}). It was kept as {kept.name}; progress starts anew.", stacklevel=3
        )
        return {}
    except OSError as error:
        warnings.warn(f"Your progress could not be read from {path.parent} ({error.strerror}).", stacklevel=3)
        return {}


def update(id: str, **facts) -> None:
    """Add facts about an exercise. Where the folder cannot be written a warning says so; the check itself goes on."""
    known = read()
    known[id] = known.get(id, {}) | facts
    path = folder() / "progress.json"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_atomically(path, json.dumps(known, indent=1, sort_keys=True) + "\n")
    except OSError as error:
        warnings.warn(
            f"Your progress could not be saved in {path.parent} ({error.strerror or error}); "
            f"set {FOLDER_VARIABLE} to a folder that you may write to.",
            stacklevel=3,
        )


def _write_atomically(path: Path, text: str) -> None:
    """A temporary file beside it, flushed to the disk, takes the name in one step: a reader sees the old or the new."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.stem, suffix=".tmp")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise


def _set_aside(path: Path) -> Path:
    number = 1
    while (kept := path.with_name(f"progress.damaged-{number}.json")).exists():
        number += 1
    os.replace(path, kept)
    return kept
