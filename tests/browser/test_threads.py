"""Slider messages may come on another thread than the one that runs cells, and Matplotlib is not thread-safe.

Which thread it is, ipykernel decides: the first message of a widget goes to the thread that made it, and once that has
been answered the next ones go to a subshell of their own, so that they are handled while a cell runs.

pyplot is left out on purpose: after each widget message, of whatever widget, IPython shows and closes the figures that
pyplot has open, even one that a cell is drawing at that moment (jupyterlab issue 19719). The course never uses pyplot.
"""

import numpy as np

LAB = """import threading
from dlcourse.labs import GatesLab
threads = set()
class WatchedLab(GatesLab):
    def describe(self, state, result):
        threads.add(threading.current_thread().name)
        return super().describe(state, result)
lab = WatchedLab()
lab"""
PLOTS = """import hashlib
import io
import time
from matplotlib.figure import Figure
from dlcourse.labs import plots
pictures, own, moves, start = set(), set(), set(), time.monotonic()
while time.monotonic() - start < 2:
    pictures.add(hashlib.sha256(plots.neuron().png()).hexdigest())
    figure = Figure()
    figure.subplots().set_title("$x^2$")
    figure.savefig(file := io.BytesIO())
    own.add(hashlib.sha256(file.getvalue()).hexdigest())
    moves.add(lab.state.w1)
print(len(pictures), len(own), "moved meanwhile" if len(moves) > 1 else "the slider did not move meanwhile")
print("on another thread" if threads - {"MainThread"} else "on the main thread")"""


def test_ten_runs_with_a_plotting_cell_and_a_moving_slider_give_the_same_pictures(open_cells):
    page = open_cells(LAB, PLOTS)
    pictures = []
    for run in range(10):
        page.run_cell(0)
        page.wait_for_kernel()
        lab = page.lab()
        lab.wait_for_text("status", "Fires if 0.50·x₁ − 0.50·x₂")
        page.press(page.slider("w₁"), "ArrowRight")
        lab.wait_for_text("status", "Fires if 0.55·x₁ − 0.50·x₂")
        page.run_cell(1)
        while page.is_running(1):
            page.press(page.slider("w₁"), "ArrowRight", "ArrowLeft")
        page.press(page.slider("w₁"), *["ArrowRight"] * (run % 2))
        page.wait_for_kernel()
        lab.wait_for_text("status", f"Fires if {0.55 + 0.05 * (run % 2):.2f}·x₁ − 0.50·x₂")
        printed = page.page.locator(".jp-OutputArea-output pre").last.inner_text()
        assert printed.strip().split("\n") == ["1 1 moved meanwhile", "on another thread"]
        assert lab.text("error") == ""
        pictures.append(lab.pixels())
    assert all(np.array_equal(picture, pictures[run % 2]) for run, picture in enumerate(pictures))
    assert not np.array_equal(pictures[0], pictures[1])
    assert page.page.locator(".jp-Notebook .dlc-live").count() == 1
