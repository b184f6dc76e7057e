"""A notebook in JupyterLab in Chromium, as a person would use it."""

import io
import os
import re
import shutil
import time

import nbformat
import numpy as np
from PIL import Image
from playwright.sync_api import Page, expect, sync_playwright

CHROMIUM_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
SECONDS = 1000  # Playwright counts milliseconds
PATIENCE = 120 * SECONDS  # how long to wait for a state: a busy machine is slow, and it costs only when nothing comes
expect.set_options(timeout=PATIENCE)


def chromium_path() -> str | None:
    """Where Chromium is, or None."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return os.environ.get("DLCOURSE_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


# decode() rejects if the next picture arrives meanwhile; a picture that is broken itself fails after many tries.
_BYTES_OF_IMAGE = """async img => {
  for (let tries = 0; ; tries++) {
    try {
      await img.decode()
      return Array.from(new Uint8Array(await (await fetch(img.src)).arrayBuffer()))
    } catch (error) {
      if (tries === 500) throw error
      await new Promise(resolve => setTimeout(resolve, 50))
    }
  }
}"""


# JupyterLab writes * as the number of a cell that waits or runs. After an error the others keep none.
_CELLS_HAVE_RUN = """() => {
  const prompts = [...document.querySelectorAll('.jp-Notebook .jp-InputPrompt')].map((prompt) => prompt.innerText)
  return prompts.some((text) => /[0-9]/.test(text)) && !prompts.some((text) => text.includes('*'))
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
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.goto(server.notebook_url(name))
        page.wait_for_selector(".jp-Notebook .jp-Cell")
        self.wait_for_kernel()

    def wait_for_kernel(self) -> None:
        """Until the kernel has nothing to do and the page knows it."""
        end = time.monotonic() + PATIENCE / SECONDS
        while not self.server.kernel_is_ready(self.name):
            if time.monotonic() > end:
                raise TimeoutError("the kernel was never idle")
            self.page.wait_for_timeout(100)
        # A page without a kernel says "idle" too.
        expect(self.page.locator(".jp-KernelName")).not_to_have_text(re.compile("^$|No Kernel"))
        self.page.wait_for_selector(".jp-NotebookPanel .jp-Notebook-ExecutionIndicator[data-status='idle']")

    def run_all(self) -> None:
        """Run → Run All Cells of a notebook just opened, until all have run."""
        self.page.get_by_role("menuitem", name="Run", exact=True).first.click()
        self.page.locator("[data-command='runmenu:run-all']").click()
        self.page.wait_for_function(_CELLS_HAVE_RUN, polling=100, timeout=3 * PATIENCE)
        self.wait_for_kernel()

    def cell(self, index: int):
        return self.page.locator(".jp-Notebook .jp-Cell").nth(index)

    def write(self, index: int, source: str) -> None:
        """Put a source into a cell in place of what stands there, as one who pastes it."""
        self.press(self.cell(index).locator(".cm-content"), "Control+a")
        self.page.keyboard.insert_text(source)

    def start_cell(self, index: int) -> None:
        """Control+Enter, until the cell waits, runs or has run. `wait_for_cell` waits for its end."""
        prompt = self.cell(index).locator(".jp-InputPrompt")
        before = prompt.inner_text()
        self.press(self.cell(index).locator(".cm-content"), "Control+Enter")
        expect(prompt).not_to_have_text(before)

    def wait_for_cell(self, index: int) -> None:
        expect(self.cell(index).locator(".jp-InputPrompt")).to_have_text(re.compile(r"\d"))

    def run_cell(self, index: int) -> None:
        self.start_cell(index)
        self.wait_for_cell(index)

    def is_running(self, index: int) -> bool:
        """Whether a cell waits or runs: its prompt is [*]."""
        return "*" in self.cell(index).locator(".jp-InputPrompt").inner_text()

    def output(self, index: int):
        """What a cell has shown last."""
        return self.cell(index).locator(".jp-OutputArea-output").last

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

    def readout(self, label: str, index: int = 0):
        """The number beside a slider."""
        hbox = self.page.locator(".widget-slider", has=self.page.get_by_text(label, exact=True)).nth(index)
        return hbox.locator(".widget-readout")

    def press(self, locator, *keys: str) -> None:
        """Focus something and press keys one after the other, once it has the focus."""
        locator.scroll_into_view_if_needed()
        locator.focus()
        expect(locator).to_be_focused()
        for key in keys:
            self.page.keyboard.press(key)


class LabOnPage:
    """A lab by its root element, and the controls that stand below it."""

    def __init__(self, page: Page, root):
        self.page, self.root = page, root
        root.wait_for(state="attached")
        self.whole = root.locator("xpath=ancestor::*[contains(@class, 'jp-OutputArea-output')][1]")

    def text(self, part: str) -> str:
        """status, verdict, task or error."""
        return self.root.locator(f".dlc-{part}").text_content() or ""

    def words(self) -> str:
        return f"{self.text('verdict')} {self.text('status')}"

    def wait_for_text(self, part: str, words: str) -> None:
        self.root.locator(f".dlc-{part}", has_text=words).wait_for(state="attached")

    def wait_for_words(self, words: str) -> None:
        """Until verdict and status, read in one, say so."""
        script = """([root, words]) => ["verdict", "status"].map(
            (part) => root.querySelector(`.dlc-${part}`).textContent).join(" ").includes(words)"""
        self.page.wait_for_function(script, arg=[self.root.element_handle(), words])

    def wait_for_answer(self) -> None:
        """Until the kernel has answered every gesture: picture, words and handles are of the same state."""
        expect(self.root).to_have_attribute("aria-busy", "false")

    def press_button(self, label: str) -> None:
        self.whole.get_by_role("button", name=label, exact=True).click()

    def shown_text(self) -> str:
        """What Share or Show as code wrote."""
        area = self.whole.locator("textarea")
        expect(area).to_have_value(re.compile("."))
        return area.input_value()

    def pixels(self) -> np.ndarray:
        """The picture as the browser has it, (H, W, 3). It comes in one message with the words: wait for those."""
        self.wait_for_answer()
        data = self.root.locator(".dlc-picture").evaluate(_BYTES_OF_IMAGE)
        return np.asarray(Image.open(io.BytesIO(bytes(data))).convert("RGB"))

    def handle(self, name: str):
        return self.root.locator(f"[data-handle='{name}']")
