"""A page without a kernel shows a picture for every lab, with its alternative text."""

import re
from pathlib import Path

import nbformat
import pytest
from nbconvert import HTMLExporter

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))


def test_there_are_notebooks():
    assert NOTEBOOKS


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_exported_page_shows_every_picture(path):
    notebook = nbformat.read(path, as_version=4)
    outputs = [o for cell in notebook.cells if cell.cell_type == "code" for o in cell.outputs]
    pictures = [output.metadata["image/png"]["alt"] for output in outputs if "image/png" in output.get("data", {})]
    html, _ = HTMLExporter(embed_images=True).from_notebook_node(notebook)
    shown = re.findall(
        r'<img[^>]*alt="([^"]*)"[^>]*src="data:image/png|<img[^>]*src="data:image/png[^>]*alt="([^"]*)"', html
    )
    labs = [output for output in outputs if "Lab: " in output.get("data", {}).get("text/plain", "")[:40]]
    assert len(shown) == len(pictures) > 0
    assert all("image/png" in output.data for output in labs)
    assert len(labs) >= 2
