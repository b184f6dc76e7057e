import os
import shutil
from pathlib import Path

import pytest

from tests.browser.jupyter_server import jupyter_server
from tests.browser.notebook_page import Browser, NotebookPage, chromium_path

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
CELLS = 2  # as many as a test needs at most


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


class Bench:
    """One page with one kernel on a notebook of two empty cells, for all tests of a process.

    A test that failed may have left the kernel busy: the next one gets a new page.
    """

    def __init__(self, browser, server):
        self.browser, self.server, self.page = browser, server, None

    def run(self, *sources: str) -> NotebookPage:
        """Put the sources into the cells and run them. The lab of a cell takes the place of the one before."""
        if self.page is None:
            self.page = self.browser.open_cells(self.server, [""] * CELLS, "bench.ipynb")
        for index, source in enumerate(sources):
            self.page.write(index, source)
            self.page.run_cell(index)
        return self.page

    def close(self) -> None:
        if self.page is not None:
            self.page.close()
            self.page = None


@pytest.fixture(scope="session")
def bench(browser, server):
    bench = Bench(browser, server)
    yield bench
    bench.close()


@pytest.fixture
def run_cells(bench, request):
    """run_cells(*sources) -> NotebookPage, with cells 0, 1 … replaced and run; no error of the page's own may come."""
    failed = request.session.testsfailed
    yield bench.run
    errors = bench.page.errors if bench.page else []
    if errors or request.session.testsfailed > failed:
        bench.close()
    assert errors == []
