"""Key press to changed pixels in a real JupyterLab and Chromium, three ways in one notebook.

bare      a slider that writes its value into a label: what Jupyter itself costs
lab       GatesLab: the slider of w₁ moves the whole picture
interact  ipywidgets.interact with a new inline Matplotlib figure that shows the same picture
"""

import statistics
import tempfile
import time
from pathlib import Path

from tests.benchmarks.timing import table
from tests.browser.jupyter_server import jupyter_server
from tests.browser.notebook_page import Browser, chromium_path

PRESSES, HOLD_SECONDS = 40, 3
BARE = """import ipywidgets
slider, label = ipywidgets.IntSlider(description='bare'), ipywidgets.Label('0')
slider.observe(lambda change: setattr(label, 'value', str(change.new)), 'value')
ipywidgets.VBox([slider, label])"""
LAB = """from dlcourse.labs import GatesLab
GatesLab()"""
INTERACT = """%matplotlib inline
import matplotlib.pyplot as plt
from dlcourse.labs.gates import GatesState, GatesView, compute_gates
from dlcourse.labs.palette import DPI
def draw(w1=0.5):
    figure = plt.figure(figsize=(8.4, 4.0), dpi=DPI)
    state = GatesState(w1=w1)
    view = GatesView(figure)
    view.update(state, compute_gates(state))
    plt.show()
ipywidgets.interact(draw, w1=ipywidgets.FloatSlider(0.5, min=-2, max=2, step=0.05, description='interact'));"""
# In the page: the time of each key press of a slider, and of the frame after what it shows has changed.
WATCH = """([label, selector]) => {
  const slider = [...document.querySelectorAll('.widget-slider')].find(
    (s) => s.querySelector('.widget-label')?.textContent === label);
  const output = slider.closest('.jp-OutputArea-output') ?? slider.closest('.jp-OutputArea');
  const area = slider.closest('.jp-Cell');
  const shown = () => { const e = area.querySelector(selector); return e ? (e.src ?? e.textContent) : null; };
  const watch = { pressed: null, taken: [], frames: 0, last: shown() };
  window.watch = watch;
  slider.querySelector('.noUi-handle').addEventListener('keydown', () => { watch.pressed = performance.now(); }, true);
  const changed = () => {
    const now = shown();
    if (now === null || now === watch.last) return;
    watch.last = now;
    const done = () => requestAnimationFrame(() => {
      watch.frames += 1;
      if (watch.pressed !== null) watch.taken.push(performance.now() - watch.pressed);
      watch.pressed = null;
    });
    const picture = area.querySelector(selector);
    picture.decode ? picture.decode().then(done, done) : done();
  };
  const everything = { subtree: true, childList: true, attributes: true, characterData: true };
  new MutationObserver(changed).observe(area, everything);
}"""


def main() -> None:
    if chromium_path() is None:
        print("Browser: skipped, no Chromium found")
        return
    with tempfile.TemporaryDirectory() as folder, jupyter_server(Path(folder)) as server, Browser() as browser:
        page = browser.open_cells(server, [BARE, LAB, INTERACT])
        page.run_all()
        taken = {
            "bare": latency(page, "bare", ".widget-vbox > .widget-label"),
            "lab": latency(page, "w₁", ".dlc-picture"),
            "interact": latency(page, "interact", ".jp-OutputArea-output img"),
        }
        screen = time_to_screen(page, 1)
        page.close()
    rows = [
        [
            name,
            f"{median:.0f}",
            f"{median / taken['bare'][0]:.2f}",
            f"{median / taken['interact'][0]:.2f}",
            f"{rate:.0f}",
        ]
        for name, (median, rate) in taken.items()
    ]
    print(f"Milliseconds from key press to pixels, median of {PRESSES}; pictures a second while a key is held")
    print(table(["", "ms", "× bare (lab ≤ 3.5)", "× interact (lab ≤ 0.6)", "a second"], rows))
    print(f"A new lab is on the screen {screen:.0f} ms after its cell was started (at most 1000)")


def latency(page, label: str, selector: str) -> tuple[float, float]:
    """Median of single presses, and how many pictures come in a second under keys as fast as a held key's."""
    handle = page.slider(label)
    page.press(handle)
    page.page.evaluate(WATCH, [label, selector])
    for number in range(PRESSES):
        page.page.keyboard.press("ArrowRight" if number % 4 < 2 else "ArrowLeft")
        page.page.wait_for_function("n => window.watch.taken.length > n", arg=number, timeout=20_000)
        page.page.wait_for_timeout(60)
    taken = page.page.evaluate("window.watch.taken")
    page.page.evaluate("window.watch.frames = 0")
    for number in range(HOLD_SECONDS * 30):  # a keyboard repeats about 30 times a second
        page.page.keyboard.press("ArrowRight" if number % 16 < 8 else "ArrowLeft")
        page.page.wait_for_timeout(30)
    return statistics.median(taken), page.page.evaluate("window.watch.frames") / HOLD_SECONDS


def time_to_screen(page, index: int) -> float:
    """Run a lab's cell again; until the new picture is there."""
    page.page.evaluate("document.querySelectorAll('.dlc-live').forEach((lab) => { lab.dataset.old = 'yes'; })")
    start = time.perf_counter()
    page.page.locator(".jp-Notebook .jp-Cell").nth(index).locator(".cm-content").press("Control+Enter")
    picture = "document.querySelector('.dlc-live:not([data-old]) .dlc-picture')"
    page.page.wait_for_function(f"{picture}?.complete && {picture}.naturalWidth > 0", timeout=20_000)
    return (time.perf_counter() - start) * 1000
