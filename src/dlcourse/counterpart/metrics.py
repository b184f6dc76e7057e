"""What a run measures, epoch by epoch: metrics.csv for every program, and TensorBoard where it is installed."""

import os
import warnings
from collections.abc import Callable
from pathlib import Path

from dlcourse.disk import write_atomically

COLUMNS = (
    *("epoch", "loss", "accuracy", "validation_loss", "validation_accuracy"),
    *("learning_rate", "seconds", "samples_per_second"),
)


class Metrics:
    """The file metrics.csv in a run's folder: one row an epoch, with the COLUMNS; times in seconds.

    A row is appended in one write and is on its way to the disk at once. `start(epoch)` drops rows after `epoch` and a
    row that was cut off, so that a resumed run has every epoch once. The columns `seconds` and `samples_per_second`
    count the training of the epoch alone, without validation and saving. tell: where to say that a damaged file was
    set aside.
    """

    def __init__(self, folder, tensorboard: bool = True, tell: Callable[[str], object] = warnings.warn):
        self.path = Path(folder) / "metrics.csv"
        self._tensorboard, self._tell = tensorboard, tell
        self._writer = None

    def start(self, epoch: int) -> None:
        """Go on after `epoch` epochs; 0 begins anew. A file that holds anything else is kept under another name."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        lines = self._lines()
        rows = [_row(line) for line in lines[1:]]
        if lines[:1] not in ([], [",".join(COLUMNS)]) or None in rows:
            self._set_aside()
        kept = [row for row in rows if row and row["epoch"] <= epoch]
        text = _line(COLUMNS) + "".join(_line(map(_shown, row.values())) for row in kept)
        write_atomically(self.path, text.encode())
        if self._tensorboard:
            self._writer = _tensorboard_writer(self.path.parent, epoch)

    def add(self, row: dict[str, float]) -> None:
        """Append the row of one epoch; columns without a number stay empty."""
        text = _line(_shown(row.get(name)) for name in COLUMNS)
        with self.path.open("ab") as file:
            file.write(text.encode())
        if self._writer is not None:
            for name in COLUMNS[1:]:
                if row.get(name) is not None:
                    self._writer.add_scalar(name, row[name], int(row["epoch"]))
            self._writer.flush()

    def rows(self) -> list[dict[str, float | None]]:
        """The whole rows of the file, in order; none if there is no file."""
        return [row for row in map(_row, self._lines()[1:]) if row]

    def _lines(self) -> list[str]:
        """The lines that are no blank ones, without a last one that a killed process or a full disk cut off."""
        if not self.path.exists():
            return []
        text = self.path.read_text(encoding="utf-8", errors="replace")
        return [line for line in text.split("\n")[:-1] if line.strip()]

    def _set_aside(self) -> None:
        number = 1
        while (kept := self.path.with_name(f"metrics.damaged-{number}.csv")).exists():
            number += 1
        os.replace(self.path, kept)
        self._tell(f"{self.path} holds more than rows of numbers; it was kept as {kept.name}.")

    def close(self) -> None:
        """Close TensorBoard's file."""
        if self._writer is not None:
            self._writer.close()


def _row(line: str) -> dict[str, float | None] | None:
    """The numbers of a line, or None if it is no row."""
    first, *others = line.split(",")
    try:
        numbers = [int(first), *(float(cell) if cell.strip() else None for cell in others)]
        return dict(zip(COLUMNS, numbers, strict=True))
    except ValueError:
        return None


def _line(cells) -> str:
    return ",".join(cells) + "\n"


def _shown(value: float | None) -> str:
    if value is None:
        return ""
    return str(value) if isinstance(value, int) else f"{value:.9g}"


def _tensorboard_writer(folder: Path, epoch: int):
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError:
        return None
    return SummaryWriter(str(folder / "tensorboard"), purge_step=epoch + 1)
