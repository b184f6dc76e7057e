"""Files that a crash, a full disk or a second process cannot spoil: written whole or not at all, by one at a time."""

import os
import tempfile
from pathlib import Path
from typing import BinaryIO

_FAR = 1 << 30  # Windows keeps others from reading a locked byte: lock one that no file of ours reaches


def write_atomically(path: Path, content: bytes) -> None:
    """A temporary file in the same folder, flushed to the disk, takes the name in one step. OSError if that fails;
    then what was there is there still."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.stem, suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:  # an interrupt as well
        Path(temporary).unlink(missing_ok=True)
        raise
    _flush_folder(path.parent)


def _flush_folder(folder: Path) -> None:
    """Have the renaming itself on the disk; Windows cannot open a folder and needs it not."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def try_lock(file: BinaryIO) -> bool:
    """Lock an open file until it is closed or the process dies; False if another process (or opening) holds it.

    Where the file system knows no locks (some networks) this is True: we go on without.
    """
    try:
        if os.name == "nt":
            import msvcrt

            os.lseek(file.fileno(), _FAR, os.SEEK_SET)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:
        return True
    return True
