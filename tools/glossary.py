"""Write notebooks/glossary.md, every term and every symbol of the chapters: python tools/glossary.py

A term is defined in one place, the table in the summary of its chapter; a symbol in the table of the chapter's idea.
"""

import re
from pathlib import Path
from typing import NamedTuple

import nbformat

FOLDER = Path(__file__).resolve().parents[1] / "notebooks"
PAGE = FOLDER / "glossary.md"
TERMS = "| English | Korean | meaning |"
SYMBOLS = "| symbol | in code | shape | meaning |"
HEAD = """# Glossary

The terms of all chapters in English and Korean, and below them the [notation](#Notation). Formulas and shapes are on
the [cheat sheet](cheat-sheet.md). (`tools/glossary.py` writes this page from the chapters' own tables.)

## Terms

| English | Korean | meaning | chapter |
|---|---|---|---|
"""
NOTATION = """
## Notation

A letter means one thing within a chapter. N is always the number of samples, C of channels or classes, H of hidden
units or the height of an image, W its width. Several chapters in a row of the table use the symbol alike.

| symbol | in code | shape | meaning | chapter |
|---|---|---|---|---|
"""


class Row(NamedTuple):
    """A line of a table, cell by cell, and the notebook that it stands in."""

    cells: tuple[str, ...]
    path: Path

    @property
    def link(self) -> str:
        return f"[{self.path.name[:2]}]({self.path.name})"


def notebooks() -> list[Path]:
    """All chapters in order."""
    return sorted(FOLDER.glob("*.ipynb"))


def rows(path: Path, header: str) -> list[Row]:
    """The lines of the table with this header in a notebook; no line where there is no such table."""
    prose = [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "markdown"]
    tables = [text.split(header)[1].partition("\n\n")[0] for text in prose if header in text]
    lines = [line for table in tables for line in table.splitlines()[2:]]
    return [Row(tuple(cell.strip() for cell in line.strip("|").split("|")), path) for line in lines]


def all_rows(header: str) -> list[Row]:
    """The lines of this table in all chapters, in order."""
    return [row for path in notebooks() for row in rows(path, header)]


def page() -> str:
    """The whole page."""
    terms = sorted(all_rows(TERMS), key=lambda row: row.cells[0].casefold())
    return HEAD + "".join(_line(row.cells, row.link) for row in terms) + NOTATION + "".join(_symbols())


def _symbols() -> list[str]:
    chapters: dict[tuple[str, ...], list[str]] = {}
    for row in all_rows(SYMBOLS):
        chapters.setdefault(row.cells, []).append(row.link)
    return [_line(cells, " ".join(chapters[cells])) for cells in sorted(chapters, key=_letter)]


def _letter(cells: tuple[str, ...]) -> tuple[str, str]:
    """What a symbol is filed under: its first letter, Greek letters and hats by their names."""
    name = re.sub(r"[^A-Za-z]", "", re.sub(r"\\(nabla|partial|hat|bar|lfloor)", "", cells[0]))
    return name[:1].casefold(), cells[0]


def _line(cells: tuple[str, ...], chapter: str) -> str:
    return f"| {' | '.join((*cells, chapter))} |\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(f"{PAGE.relative_to(FOLDER.parent)} written.")
