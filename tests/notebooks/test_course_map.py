"""The first page: a slider within the first two cells that run, and a map that agrees with the notebooks."""

import re
from pathlib import Path

import nbformat
import pytest

from dlcourse.exercises.outline import OUTLINE
from tests.notebooks.form import code_cells

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"
NOTEBOOKS = sorted(path.name for path in FOLDER.glob("*.ipynb"))
FIRST = nbformat.read(FOLDER / OUTLINE[0].file, as_version=nbformat.NO_CONVERT)


def test_the_first_notebook_of_the_folder_is_the_first_chapter():
    assert NOTEBOOKS[0] == OUTLINE[0].file


def test_the_first_slider_comes_right_after_the_imports():
    imports, lab = code_cells(FIRST)[:2]
    assert "import" in imports.source
    assert re.fullmatch(r"\w+Lab\(\)", lab.source)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_file_and_title_are_those_of_the_outline(name):
    chapter = next(chapter for chapter in OUTLINE if chapter.number == name[:2])
    title = nbformat.read(FOLDER / name, as_version=nbformat.NO_CONVERT).cells[0].source.splitlines()[0]
    assert (name, title) == (chapter.file, f"# {chapter.number} {chapter.title}")


@pytest.mark.parametrize("id", ["setup-progress", "progress-00"])
def test_the_saved_map_links_every_notebook_and_no_other(id):
    """If not: clear the outputs of this cell and run `make notebooks`; a cell that varies keeps its output else."""
    cell = next(cell for cell in FIRST.cells if cell.id == id)
    links = re.findall(r'href="(.*?)"', cell.outputs[0]["data"]["text/html"])
    assert links == NOTEBOOKS


@pytest.mark.parametrize("place", range(len(OUTLINE)), ids=[chapter.number for chapter in OUTLINE])
def test_each_chapter_ends_with_the_way_on(place):
    notebook = nbformat.read(FOLDER / OUTLINE[place].file, as_version=nbformat.NO_CONVERT)
    neighbours = {"Before": OUTLINE[place - 1 : place], "Next": OUTLINE[place + 1 : place + 2]}
    ways = [f"{way}: [{c.number} {c.title}]({c.file})" for way, found in neighbours.items() for c in found]
    expected = [*ways, "To look up: [Glossary](glossary.md)", "[Cheat sheet](cheat-sheet.md)"]
    assert notebook.cells[-1].source.splitlines()[-1] == " · ".join(expected)
