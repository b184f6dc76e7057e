"""Checkpoints: a training run on disk, written whole or not at all, checked when read, with the one before it kept."""

import contextlib
import hashlib
import io
import os
import warnings
from collections.abc import Callable
from pathlib import Path

import torch

from dlcourse.disk import write_atomically

FORMAT = 1
MOST_SHOWN = 20  # lines about weights that do not fit


class CheckpointError(RuntimeError):
    """A checkpoint that cannot be used, or could not be saved; the message says why and how to go on."""


class Checkpoints:
    """The checkpoints in a folder: `save` adds one and keeps the one before, `load` gives the newest that is whole.

    A checkpoint is a plain PyTorch file, epoch-000012-<checksum>.pt, with the first 16 digits of its SHA-256 in its
    name. It is written beside its place, flushed to the disk and renamed: a process killed at any moment leaves the
    old or the new file, never half of one. Only one process at a time may save in a folder. tell: where to say that
    a damaged file was passed over.
    """

    def __init__(self, folder: str | os.PathLike, tell: Callable[[str], object] = warnings.warn):
        self.folder = Path(folder)
        self._tell = tell
        self._told: set[Path] = set()  # damaged files that were told of
        self._whole: Path | None = None  # the newest file known to be whole: saved or loaded by this object

    def save(self, state: dict, epoch: int) -> Path:
        """Write `state` as the checkpoint after `epoch` epochs; returns its path.

        state: numbers, texts, tensors, and lists and dicts of them. CheckpointError if the disk is full, say; then the
        checkpoint before it is intact.
        """
        buffer = io.BytesIO()
        torch.save({"format": FORMAT, "epoch": epoch, **state}, buffer)
        content = buffer.getvalue()
        path = self.folder / f"epoch-{epoch:06d}-{_checksum(content)}.pt"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            write_atomically(path, content)
        except OSError as error:
            kept = f"{self._whole.name} is intact" if self._whole else "there was none before it"
            raise CheckpointError(
                f"Checkpoints: epoch {epoch} could not be saved in {self.folder} ({error.strerror or error}); {kept}. "
                "Mend that (a full disk: make room), then resume."
            ) from error
        self._forget_all_but({path, self._whole})
        self._whole = path
        return path

    def load(self) -> dict | None:
        """The state in the newest whole checkpoint, on the CPU, or None if there is none in the folder.

        A damaged file is passed over with a warning that says so. CheckpointError if every one is damaged.
        """
        paths = self.paths()
        for path in paths:
            try:
                state = read(path)
            except CheckpointError as error:
                if not path.exists():
                    return self.load()  # a run that goes on has saved newer ones meanwhile: look anew
                if path not in self._told:
                    self._tell(f"{error} The one before it is used.")
                    self._told.add(path)
                continue
            self._whole = path
            return state
        if paths:
            raise CheckpointError(
                f"Checkpoints: none of the {len(paths)} in {self.folder} is whole; move them away and start anew."
            )
        return None

    def paths(self) -> list[Path]:
        """The checkpoints in the folder, newest first."""
        found = []
        for path in self.folder.glob("epoch-*-*.pt"):
            number = path.name.split("-")[1]
            with contextlib.suppress(FileNotFoundError):  # a run that goes on deletes old ones
                if number.isdecimal():
                    found.append((int(number), path.stat().st_mtime_ns, path))
        return [path for *_, path in sorted(found, reverse=True)]

    def _forget_all_but(self, kept: set[Path | None]) -> None:
        for path in [*self.paths(), *self.folder.glob("*.tmp")]:  # a killed process leaves a .tmp
            if path not in kept:
                with contextlib.suppress(OSError):  # it is in use, or a folder: more is kept than need be
                    path.unlink(missing_ok=True)


def read(path: str | os.PathLike) -> dict:
    """The state in one checkpoint, on the CPU. CheckpointError if it is damaged or no checkpoint of this format.

    `weights_only=True`: a file can hold numbers, texts and tensors, but cannot make Python run anything.
    """
    path = Path(path)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CheckpointError(f"Checkpoints: {path.name} cannot be read ({error.strerror or error}).") from error
    if _checksum(content) != path.stem.rpartition("-")[2]:
        raise CheckpointError(
            f"Checkpoints: {path.name} is damaged: the checksum of its {len(content):,} bytes is not that of its name."
        )
    try:
        state = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
    except Exception as error:  # torch raises many kinds; the checksum is right, so someone else wrote this file
        what = type(error).__name__
        raise CheckpointError(f"Checkpoints: {path.name} is no checkpoint of dlcourse ({what}).") from error
    if not isinstance(state, dict) or state.get("format") != FORMAT or type(state.get("epoch")) is not int:
        raise CheckpointError(f"Checkpoints: {path.name} is no checkpoint of dlcourse of format {FORMAT}.")
    return state


def load_weights(model: torch.nn.Module, state_dict: dict[str, torch.Tensor]) -> None:
    """Give a model the weights in `state_dict`. CheckpointError that lists each name, shape or dtype that does not
    fit (torch itself would convert a dtype without a word); then nothing is changed."""
    if not isinstance(state_dict, dict):
        raise CheckpointError(f"load_weights: expected a dict of weights, got {_form(state_dict)}.")
    own = model.state_dict()
    problems = [f"{str(name)[:80]}: not in the model" for name in state_dict if name not in own]
    problems += [f"{name}: missing" for name in own if name not in state_dict]
    for name in own.keys() & state_dict.keys():
        if _form(own[name]) != _form(state_dict[name]):
            problems.append(f"{name}: expected {_form(own[name])}, got {_form(state_dict[name])}")
    if problems:
        shown = sorted(problems)[:MOST_SHOWN] + ["…"] * (len(problems) > MOST_SHOWN)
        listed = "\n  ".join(shown)
        count = len(problems)
        raise CheckpointError(f"load_weights: the weights are of another model, {count} do not fit:\n  {listed}")
    model.load_state_dict(state_dict)


def _checksum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]


def _form(value) -> str:
    if not isinstance(value, torch.Tensor):
        return f"something of type {type(value).__name__}"
    return f"{tuple(value.shape)} {value.dtype}"
