"""A page without a kernel shows a picture for every lab, with its alternative text."""

import html
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
    descriptions = [output.metadata["image/png"]["alt"] for output in outputs if "image/png" in output.get("data", {})]
    labs = [output for output in outputs if "Lab: " in output.get("data", {}).get("text/plain", "")[:40]]
    assert labs
    assert all("image/png" in output.data for output in labs)
    # texts and outputs are converted each by itself: of the texts, which take most of the time, the website tells
    notebook.cells = [cell for cell in notebook.cells if cell.get("outputs")]
    assert len(_images(notebook, "lab")) == len(descriptions)
    # nbconvert's other template does not pass on the alternative text that the notebook holds
    assert [html.unescape(image["alt"]) for image in _images(notebook, "classic")] == descriptions


def _images(notebook, template: str) -> list[dict]:
    """The attributes of every picture on the page that nbconvert makes of a notebook."""
    page, _ = HTMLExporter(template_name=template, embed_images=True).from_notebook_node(notebook)
    return [image for image in map(_attributes, re.findall(r"<img[^>]*>", page)) if image["src"].startswith("data:")]


def _attributes(tag: str) -> dict[str, str]:
    return dict(re.findall(r'(\w+)="([^"]*)"', tag))
