"""What `dlcourse` shares with the console that it runs in: readable output, Control+C, lines that can be pasted."""

import contextlib
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

MODULES = {"dlcourse": "dlcourse", "torchrun": "torch.distributed.run"}


def run(main: Callable[[], int], name: str) -> NoReturn:
    """Run `main` as the program `name`, to its exit status, on whatever console, file or pipe it prints to.

    A letter that the console lacks is written as \\ud559, lines appear at once, and Control+C ends the program in words
    at any moment, with status 130. If the output itself cannot be written (full disk, closed pipe), or the folder that
    the shell is in was deleted, the status is 1.
    """
    _prepare_streams()
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # else the shell wants it ignored
        signal.signal(signal.SIGINT, _Stop(lambda: f"{name}: stopped."))
    try:
        status = _status(main) if _here() else 1
        sys.stdout.flush()
    except OSError as error:
        with contextlib.suppress(OSError):
            print(f"{name}: the output cannot be written ({error.strerror or error}).", file=sys.stderr)
        status = 1
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Python's own last steps would answer with a traceback
    sys.exit(status)


def at_stop(words: Callable[[], str]) -> None:
    """What Control+C says from now on; "" is silence. Only in a program that `run` has started: elsewhere, as in a
    notebook, Control+C stays what it is."""
    if isinstance(signal.getsignal(signal.SIGINT), _Stop):
        signal.signal(signal.SIGINT, _Stop(words))


def command(name: str) -> str:
    """How to call `python`, `dlcourse` or `torchrun` of this very environment from this shell, in this folder.

    The bare name where the shell finds it, as in an activated environment; else a path, relative if that is possible.
    """
    import shutil  # slow, as subprocess below, and Control+C must be prepared for at once

    python = Path(sys.executable)
    place = python if name == "python" else python.with_name(f"{name}{python.suffix}")
    found = shutil.which(name)
    if found and Path(found).parent == place.parent:
        return name
    if place.is_file():
        return quoted(_from_here(place))
    return f"{quoted(_from_here(python))} -m {MODULES[name]}"


def quoted(*words: object) -> str:
    """Words as one line for the shell of this system, blanks and quotation marks included."""
    import shlex
    import subprocess

    texts = [str(word) for word in words]
    return subprocess.list2cmdline(texts) if os.name == "nt" else shlex.join(texts)


def _from_here(path: Path) -> Path:
    here = Path.cwd()
    return path.relative_to(here) if here in path.parents and here != Path("/") else path


class _Stop:
    """Control+C: words, and the end of the process. An exception would be lost or turn into a traceback in many
    places (imports, clean-ups, callbacks); and what is on the disk survives an end at any moment."""

    def __init__(self, words: Callable[[], str]):
        self.words = words

    def __call__(self, number, frame) -> None:
        try:
            if words := self.words():
                encoding = getattr(sys.stderr, "encoding", None) or "utf-8"
                os.write(2, f"\n{words}\n".encode(encoding, "backslashreplace"))
        finally:
            os._exit(130)


def _prepare_streams() -> None:
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by the shell: the next file that we open would take its place
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8"))
        with contextlib.suppress(AttributeError):  # replaced by something simpler
            getattr(sys, name).reconfigure(errors="backslashreplace", line_buffering=True)


def _here() -> bool:
    """Whether the current folder still is there; PyTorch itself does not start without one."""
    try:
        os.getcwd()
    except OSError as error:
        print(f"The current folder cannot be used ({error.strerror}); cd to another one.", file=sys.stderr)
        return False
    return True


def _status(main: Callable[[], int]) -> int:
    try:
        return main()
    except SystemExit as end:  # argparse
        return end.code
