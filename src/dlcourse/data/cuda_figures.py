"""The ladder's figures of a GPU, where somebody has recorded them."""

import csv
from dataclasses import dataclass

from dlcourse.data.files import data_file

FILE = "cuda_figures.csv"
FIELDS = ("network", "rung", "milliseconds", "difference", "hardware", "torch", "cuda", "date")
COMMAND = "python tools/make_cuda_figures.py"


@dataclass(frozen=True)
class CudaFigures:
    """The rows of the file, as texts, in its order; () if nothing has been recorded. It is shown as a table."""

    rows: tuple[dict[str, str], ...] = ()

    def __repr__(self) -> str:
        if not self.rows:
            return f"No CUDA figures have been recorded yet: run {COMMAND} on a machine with an NVIDIA GPU."
        first = self.rows[0]
        made = f"{first['hardware']}, PyTorch {first['torch']}, CUDA {first['cuda']}, {first['date']}: {COMMAND}"
        lines = [
            f"{row['network']:24} {row['rung']:26} {float(row['milliseconds']):9.3f} ms an update, weights within "
            f"{float(row['difference']):.0e}"
            for row in self.rows
        ]
        return "\n".join([f"Recorded on {made}", *lines])


def cuda_figures() -> CudaFigures:
    """What `tools/make_cuda_figures.py` has recorded in data/, if it has: a row for each network and rung.

    milliseconds: of one update; difference: the largest distance of a weight from the first rung of that network. The
    file has no checksum, since everyone may record their own. ValueError if it is damaged.
    """
    try:
        path = data_file(FILE)
    except FileNotFoundError:
        return CudaFigures()
    with path.open(encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    for number, row in enumerate(table, 2):
        if tuple(row) != FIELDS or not _is_number(row["milliseconds"]) or not _is_number(row["difference"]):
            raise ValueError(f"cuda_figures: line {number} of {FILE} is damaged; record it anew: {COMMAND}.")
    return CudaFigures(tuple(table))


def _is_number(text: str | None) -> bool:
    try:
        return text is not None and float(text) >= 0
    except ValueError:
        return False
