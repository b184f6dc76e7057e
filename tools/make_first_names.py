"""Makes data/first_names.csv from the lists that the package names 0.3.0 ships.

    python tools/make_first_names.py …/names-0.3.0/names

Its files dist.female.first and dist.male.first hold the first names of the United States' census of 1990, the most
frequent first: name, per cent of the women or men, running sum, rank. We keep name, sex and per cent.
"""

import sys
from pathlib import Path


def make(female: str, male: str) -> str:
    """The text of the file from those of the package."""
    lines = ["name,sex,per_cent"]
    for sex, text in (("female", female), ("male", male)):
        for row in text.splitlines():
            name, share, _, _ = row.split()
            lines.append(f"{name.capitalize()},{sex},{share}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    target = Path(__file__).resolve().parents[1] / "data" / "first_names.csv"
    temporary = target.with_suffix(".tmp")
    lists = [(folder / f"dist.{sex}.first").read_text(encoding="ascii") for sex in ("female", "male")]
    temporary.write_text(make(*lists), encoding="utf-8", newline="\n")
    temporary.replace(target)
