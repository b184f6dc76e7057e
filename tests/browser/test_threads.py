"""Slider messages may come on another thread than the one that runs cells, and Matplotlib is not thread-safe.

JupyterLab has a subshell of the kernel for them, so that they are handled while a cell runs (`hear_in_order`).

pyplot is left out on purpose: after each widget message, of whatever widget, IPython shows and closes the figures that
pyplot has open, even one that a cell is drawing at that moment (jupyterlab issue 19719). The course never uses pyplot.
"""

import itertools

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
pictures, own, moves, end = set(), set(), set(), time.monotonic() + 100
while len(moves) < 2 and time.monotonic() < end:
    pictures.add(hashlib.sha256(plots.neuron().png()).hexdigest())
    figure = Figure()
    figure.subplots().set_title("$x^2$")
    figure.savefig(file := io.BytesIO())
    own.add(hashlib.sha256(file.getvalue()).hexdigest())
    moves.add(lab.state.w1)
print(len(pictures), len(own), "moved meanwhile" if len(moves) > 1 else "the slider did not move meanwhile")
print("on another thread" if threads - {"MainThread"} else "on the main thread")"""


def test_ten_runs_with_a_plotting_cell_and_a_moving_slider_give_the_same_pictures(run_cells):
    pictures = []
    for run in range(10):
        page = run_cells(LAB)
        lab = page.lab()
        lab.wait_for_text("status", "Fires if 0.50·x₁ − 0.50·x₂")
        page.write(1, PLOTS)
        page.start_cell(1)
        keys = itertools.cycle(["ArrowRight", "ArrowLeft"])
        while page.is_running(1):
            page.press(page.slider("w₁"), next(keys))
        page.press(page.slider("w₁"), ("Home", "End")[run % 2])  # where it has not been before
        lab.wait_for_text("status", ("Fires if −2.00·x₁", "Fires if 2.00·x₁")[run % 2])
        assert page.output(1).inner_text().strip().split("\n") == ["1 1 moved meanwhile", "on another thread"]
        assert lab.text("error") == ""
        pictures.append(lab.pixels())
    assert all(np.array_equal(picture, pictures[run % 2]) for run, picture in enumerate(pictures))
    assert not np.array_equal(pictures[0], pictures[1])
    assert page.page.locator(".jp-Notebook .dlc-live").count() == 1
