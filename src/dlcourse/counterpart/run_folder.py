"""A run's folder: run.json (the settings), metrics.csv (a row per epoch), checkpoints/, and run.lock."""

import contextlib
import json
import os
import socket
import time
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from dlcourse.counterpart.checkpoints import Checkpoints
from dlcourse.disk import try_lock, write_atomically

SCHEDULES = ("constant", "cosine")
LIMITS = {
    "epochs": (1, 999_999),  # six digits in the name of a checkpoint
    "batch_size": (1, 2**31 - 1),
    "seed": (0, (2**63 - 1) // 1_000_003 - 1),  # seed · 1,000,003 + epoch seeds an epoch's order, in 63 bits
}
LARGEST_RATE = 1e30  # a product with it is still a float32


@dataclass(frozen=True)
class Settings:
    """What a run's weights depend on, apart from the kind of device. ValueError for what no run can have."""

    model: str = "mlp"
    data: str = "digits"
    epochs: int = 20
    batch_size: int = 32
    lr: float = 0.001
    optimizer: str = "adam"
    schedule: str = "constant"
    seed: int = 0
    bf16: bool = False

    def __post_init__(self):
        for field in fields(self):
            value = getattr(self, field.name)
            if type(value) is not field.type:
                raise ValueError(f"{_option(field.name)}: expected {field.type.__name__}, got {type(value).__name__}")
        for name, (least, most) in LIMITS.items():
            if not least <= getattr(self, name) <= most:
                raise ValueError(f"{_option(name)}: expected a whole number from {least} to {most}")
        if not 0 < self.lr <= LARGEST_RATE:
            raise ValueError(f"--lr: expected a number above 0 and at most {LARGEST_RATE:g}, got {self.lr:g}")
        if self.schedule not in SCHEDULES:
            raise ValueError(f"--schedule: expected one of {', '.join(SCHEDULES)}")


class RunFolder:
    """The folder `path` of a run, which may not be there yet. tell: where to say what was passed over."""

    def __init__(self, path: str | os.PathLike, tell):
        self.path = Path(path)
        self.checkpoints = Checkpoints(self.path / "checkpoints", tell=tell)

    @property
    def epochs(self) -> int:
        """How many epochs are saved, by the newest checkpoint's name."""
        return next((int(path.name.split("-")[1]) for path in self.checkpoints.paths()), 0)

    def read(self) -> Settings:
        """The settings in run.json. ValueError if it is missing or damaged."""
        path = self.path / "run.json"
        if not path.is_file():
            raise ValueError(f"{self.path} holds no run: there is no {path.name} in it; train writes one to --out.")
        try:
            return Settings(**json.loads(path.read_text(encoding="utf-8")))
        except (ValueError, TypeError, RecursionError) as error:
            raise ValueError(f"{path} is damaged ({error}); write the run's settings into it anew.") from error

    def write(self, settings: Settings) -> None:
        """Put the settings into run.json, and sweep up what a killed process left half written."""
        for pattern in ("run*.tmp", "metrics*.tmp"):
            for stray in self.path.glob(pattern):
                stray.unlink(missing_ok=True)
        write_atomically(self.path / "run.json", (json.dumps(asdict(settings), indent=1) + "\n").encode())

    def begin(self, options: Namespace) -> tuple[Settings, int]:
        """The settings to train with, and how many epochs are done: those of the options, or with --resume those of the
        run in the folder, which the options must not contradict.

        A folder without a checkpoint holds no run yet, whatever else is in it: there is nothing to lose.
        """
        given = {field.name: getattr(options, field.name) for field in fields(Settings) if field.name in options}
        if not self.checkpoints.paths():
            return Settings(**(self._unstarted() if options.resume else {}) | given), 0
        if not options.resume:
            raise ValueError(f"{self.path} holds a run already; go on with it by --resume, or give another --out.")
        saved = asdict(self.read())
        free = {"epochs"} if saved["schedule"] == "constant" else set()  # a longer cosine would be another run
        other = [name for name, value in given.items() if value != saved[name] and name not in free]
        if other:
            words = ", ".join(f"{_option(name)} {saved[name]}, not {given[name]}" for name in other)
            raise ValueError(
                f"{self.path} was made with {words}; leave that out to go on with it, or give another --out."
            )
        done = self.checkpoints.load()["epoch"]
        if given.get("epochs", done) < done:
            raise ValueError(
                f"{self.path} has {done} epochs already, more than --epochs {given['epochs']}; give a larger "
                "number to go on with it, or another --out to begin anew."
            )
        return Settings(**(saved | given)), done

    def _unstarted(self) -> dict:
        """The settings of a run that was stopped before its first epoch was saved; none if there are none."""
        return asdict(self.read()) if (self.path / "run.json").exists() else {}

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Be the one process that trains here. BlockingIOError with who is, if that is another.

        The system lets go of the lock when its process dies, however that happens; the file itself stays.
        """
        with (self.path / "run.lock").open("a+", encoding="utf-8", errors="replace") as file:
            if not try_lock(file):
                file.seek(0)
                who = file.read(200).strip() or "another process"
                raise BlockingIOError(f"{self.path} is being trained by {who}; wait for it, or give another --out.")
            file.truncate(0)
            file.write(f"process {os.getpid()} on {socket.gethostname()} since {time.strftime('%Y-%m-%d %H:%M:%S')}")
            file.flush()
            try:
                yield
            finally:
                file.truncate(0)


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"
