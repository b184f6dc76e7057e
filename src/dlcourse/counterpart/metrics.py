"""What a run measures, epoch by epoch: metrics.csv for every program, and TensorBoard where it is installed."""

import csv
import io
from pathlib import Path

from dlcourse.counterpart.checkpoints import write_atomically

COLUMNS = (
    *("epoch", "loss", "accuracy", "validation_loss", "validation_accuracy"),
    *("learning_rate", "seconds", "samples_per_second"),
)


class Metrics:
    """The file metrics.csv in a run's folder: one row an epoch, with the COLUMNS; times in seconds.

    A row is appended in one write and is on its way to the disk at once. `start(epoch)` drops rows after `epoch` and a
    row that was cut off, so that a resumed run has every epoch once. The columns `seconds` and `samples_per_second`
    count the training of the epoch alone, without validation and saving.
    """

    def __init__(self, folder, tensorboard: bool = True):
        self.path = Path(folder) / "metrics.csv"
        self._tensorboard = tensorboard
        self._writer = None

    def start(self, epoch: int) -> None:
        """Go on after `epoch` epochs; 0 begins anew."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        kept = [row for row in self.rows() if row["epoch"] <= epoch]
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
        if not self.path.exists():
            return []
        text = self.path.read_text(encoding="utf-8", errors="replace")
        whole = text[: text.rfind("\n") + 1]
        found = []
        for row in list(csv.reader(io.StringIO(whole)))[1:]:
            try:
                numbers = [float(cell) if cell else None for cell in row]
                found.append(dict(zip(COLUMNS, [int(numbers[0]), *numbers[1:]], strict=True)))
            except (ValueError, TypeError, IndexError):
                continue  # a row that a killed process or a full disk cut off
        return found

    def close(self) -> None:
        """Close TensorBoard's file."""
        if self._writer is not None:
            self._writer.close()


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
