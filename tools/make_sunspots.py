"""Makes data/sunspots.csv from the copy that the package statsmodels ships (0.15.0 was used; older ones are the same).

    python tools/make_sunspots.py …/statsmodels/datasets/sunspots/sunspots.csv

Yearly means of the international sunspot number, 1700-2008, which statsmodels has from the United States' National
Geophysical Data Center and states to be in the public domain.
"""

import csv
import sys
from pathlib import Path


def make(source: str) -> str:
    """The text of the file from that of statsmodels."""
    _, *rows = csv.reader(source.splitlines())
    return "year,sunspot_number\n" + "".join(f"{int(float(year))},{float(number):.1f}\n" for year, number in rows)


if __name__ == "__main__":
    target = Path(__file__).resolve().parents[1] / "data" / "sunspots.csv"
    temporary = target.with_suffix(".tmp")
    temporary.write_text(make(Path(sys.argv[1]).read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
    temporary.replace(target)
