import os
import shutil
from pathlib import Path

import pytest

from tests.browser.jupyter_server import jupyter_server
from tests.browser.notebook_page import Browser, chromium_path

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """JupyterLab on a copy of the notebooks."""
    folder = tmp_path_factory.mktemp("jupyter")
    shutil.copytree(NOTEBOOKS, folder / "notebooks")
    with jupyter_server(folder) as server:
        yield server


@pytest.fixture(scope="session")
def browser():
    if chromium_path() is None:
        words = "no Chromium found; install it (apt-get install chromium) or set DLCOURSE_CHROMIUM to its path"
        if os.environ.get("CI") == "true":
            pytest.fail(words)
        pytest.skip(words)
    with Browser() as browser:
        yield browser


@pytest.fixture
def open_notebook(browser, server):
    """open_notebook(name) -> NotebookPage; after the test no page may have met an error of its own."""
    pages = []

    def opened(name):
        pages.append(browser.open(server, name))
        return pages[-1]

    yield opened
    for page in pages:
        page.close()
        assert page.errors == []


@pytest.fixture
def open_cells(browser, server, request):
    """open_cells(*cells) -> NotebookPage on a new notebook of these code cells, already run."""
    pages = []

    def opened(*cells):
        name = f"{request.node.name.translate(str.maketrans('[]/', '---'))}.ipynb"
        pages.append(browser.open_cells(server, list(cells), name))
        return pages[-1]

    yield opened
    for page in pages:
        page.close()
        assert page.errors == []
