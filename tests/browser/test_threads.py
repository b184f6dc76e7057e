"""JupyterLab delivers slider messages on another thread than the one that runs cells; Matplotlib is not thread-safe."""

import numpy as np

LAB = """import threading
from dlcourse.labs import GatesLab
threads = set()
lab = GatesLab()
compute = GatesLab.compute
GatesLab.compute = staticmethod(lambda state: (threads.add(threading.current_thread().name), compute(state))[1])
lab"""
PLOTS = """import hashlib
import io
import time
from dlcourse.labs import plots
pictures, moves, end = set(), set(), time.monotonic() + 3
while time.monotonic() < end:
    pictures.add(hashlib.sha256(plots.neuron().png()).hexdigest())
    moves.add(lab.state.w1)
print(len(pictures), "picture;", "moved meanwhile" if len(moves) > 1 else "the slider did not move meanwhile")
print("on another thread" if threads - {"MainThread"} else "on the main thread")"""


def test_ten_runs_with_a_plotting_cell_and_a_moving_slider_give_the_same_pictures(open_cells):
    page = open_cells(LAB, PLOTS)
    pictures = []
    for run in range(10):
        page.run_all(wait=False)
        page.page.locator(".jp-Notebook .jp-InputPrompt", has_text="[*]").first.wait_for(timeout=30_000)
        lab = page.lab()
        lab.wait_for_text("status", "Fires if 0.50·x₁ − 0.50·x₂")
        page.press(page.slider("w₁"), *["ArrowRight", "ArrowLeft"] * 15, *["ArrowRight"] * (1 + run % 2), "ArrowLeft")
        page.wait_for_kernel()
        lab.wait_for_text("status", f"Fires if {0.5 + 0.05 * (run % 2):.2f}·x₁ − 0.50·x₂")
        printed = page.page.locator(".jp-OutputArea-output pre").last.inner_text()
        assert printed.split("\n")[:2] == ["1 picture; moved meanwhile", "on another thread"]
        assert lab.text("error") == ""
        pictures.append(lab.pixels())
    assert all(np.array_equal(picture, pictures[run % 2]) for run, picture in enumerate(pictures))
    assert not np.array_equal(pictures[0], pictures[1])
    assert page.page.locator(".jp-Notebook .dlc-live").count() == 1
