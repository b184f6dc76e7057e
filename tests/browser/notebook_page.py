"""A notebook in JupyterLab in Chromium, as a person would use it."""

import io
import os
import shutil
import time

import nbformat
import numpy as np
from PIL import Image
from playwright.sync_api import Page, sync_playwright

CHROMIUM_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
SECONDS = 1000  # Playwright counts milliseconds


def chromium_path() -> str | None:
    """Where Chromium is, or None."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return os.environ.get("DLCOURSE_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


# decode() rejects if the next picture arrives meanwhile; a picture that is broken itself still fails after 5 seconds.
_BYTES_OF_IMAGE = """async img => {
  for (let tries = 0; ; tries++) {
    try {
      await img.decode()
      return Array.from(new Uint8Array(await (await fetch(img.src)).arrayBuffer()))
    } catch (error) {
      if (tries === 100) throw error
      await new Promise(resolve => setTimeout(resolve, 50))
    }
  }
}"""


class Browser:
    """A Chromium without a window; `open` gives a NotebookPage."""

    def __enter__(self):
        self._playwright = sync_playwright().start()
        self._browser = self._playwright.chromium.launch(executable_path=chromium_path(), args=CHROMIUM_FLAGS)
        return self

    def __exit__(self, *exception):
        self._browser.close()
        self._playwright.stop()

    def open(self, server, name: str, device_scale_factor: float = 1) -> "NotebookPage":
        page = self._browser.new_page(viewport={"width": 1280, "height": 800}, device_scale_factor=device_scale_factor)
        return NotebookPage(page, server, name)

    def open_cells(self, server, cells: list[str], name: str = "cells.ipynb", **options) -> "NotebookPage":
        """A new notebook with these code cells."""
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in cells])
        notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
        nbformat.write(notebook, server.root / name)
        return self.open(server, name, **options)


class NotebookPage:
    def __init__(self, page: Page, server, name: str):
        self.page, self.server, self.name, self.errors = page, server, name, []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.goto(server.notebook_url(name))
        page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60 * SECONDS)
        self.wait_for_kernel()

    def wait_for_kernel(self, seconds: float = 120) -> None:
        """Until the kernel has nothing to do and the page knows it."""
        end = time.monotonic() + seconds
        while not self.server.kernel_is_ready(self.name):
            if time.monotonic() > end:
                raise TimeoutError(f"the kernel was not idle within {seconds} s")
            self.page.wait_for_timeout(100)
        self.page.wait_for_selector(
            ".jp-NotebookPanel .jp-Notebook-ExecutionIndicator[data-status='idle']", timeout=seconds * SECONDS
        )
        self.page.wait_for_timeout(300)

    def run_all(self, seconds: float = 180) -> None:
        """Run → Run All Cells, until the kernel is idle again."""
        self.page.get_by_role("menuitem", name="Run", exact=True).first.click()
        self.page.locator("[data-command='runmenu:run-all']").click()
        self.page.wait_for_timeout(500)
        self.wait_for_kernel(seconds)

    def run_cell(self, index: int) -> None:
        """Start one cell by Control+Enter; `wait_for_kernel` waits for its end."""
        self.press(self.page.locator(".jp-Notebook .jp-Cell").nth(index).locator(".cm-content"), "Control+Enter")
        self.page.wait_for_timeout(300)

    def is_running(self, index: int) -> bool:
        """Whether a cell waits or runs: its prompt is [*]."""
        return "*" in self.page.locator(".jp-Notebook .jp-Cell").nth(index).locator(".jp-InputPrompt").inner_text()

    def close(self) -> None:
        """Close the page and shut its kernel down."""
        self.page.close()
        self.server.shut_down_kernel(self.name)

    def lab(self, index: int = 0) -> "LabOnPage":
        """The index-th lab on the page."""
        return LabOnPage(self.page, self.page.locator(".jp-Notebook .dlc-live").nth(index))

    def slider(self, label: str, index: int = 0):
        """The knob of the index-th ipywidgets slider with this label."""
        hbox = self.page.locator(".widget-slider", has=self.page.get_by_text(label, exact=True)).nth(index)
        return hbox.locator(".noUi-handle")

    def readout(self, label: str, index: int = 0) -> str:
        """The number beside a slider."""
        return (
            self.page.locator(".widget-slider", has=self.page.get_by_text(label, exact=True))
            .nth(index)
            .locator(".widget-readout")
            .inner_text()
        )

    def press(self, locator, *keys: str) -> None:
        """Focus something and press keys one after the other."""
        locator.scroll_into_view_if_needed()
        locator.focus()
        for key in keys:
            self.page.keyboard.press(key)


class LabOnPage:
    """A lab by its root element, and the controls that stand below it."""

    def __init__(self, page: Page, root):
        self.page, self.root = page, root
        root.wait_for(state="attached", timeout=30 * SECONDS)
        self.whole = root.locator("xpath=ancestor::*[contains(@class, 'jp-OutputArea-output')][1]")

    def text(self, part: str) -> str:
        """status, verdict, task or error."""
        return self.root.locator(f".dlc-{part}").text_content() or ""

    def wait_for_text(self, part: str, words: str, seconds: float = 20) -> None:
        self.root.locator(f".dlc-{part}", has_text=words).wait_for(state="attached", timeout=seconds * SECONDS)

    def wait_for_change(self, part: str, before: str, seconds: float = 20) -> None:
        script = "([element, before]) => element.textContent !== before"
        element = self.root.locator(f".dlc-{part}").element_handle()
        self.page.wait_for_function(script, arg=[element, before], timeout=seconds * SECONDS)

    def press_button(self, label: str) -> None:
        self.whole.get_by_role("button", name=label, exact=True).click()

    def shown_text(self) -> str:
        """What Share or Show as code wrote."""
        area = self.whole.locator("textarea")
        area.wait_for(state="visible", timeout=10 * SECONDS)
        return area.input_value()

    def pixels(self) -> np.ndarray:
        """The picture as the browser has it, (H, W, 3), once it has been the same for 200 ms."""
        before = self._pixels()
        while True:
            self.page.wait_for_timeout(200)
            after = self._pixels()
            if np.array_equal(before, after):
                return after
            before = after

    def _pixels(self) -> np.ndarray:
        data = self.root.locator(".dlc-picture").evaluate(_BYTES_OF_IMAGE)
        return np.asarray(Image.open(io.BytesIO(bytes(data))).convert("RGB"))

    def handle(self, name: str):
        return self.root.locator(f"[data-handle='{name}']")
