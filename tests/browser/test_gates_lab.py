"""Notebook 03 as a learner meets it: every cell run, then sliders and the line of the first lab moved."""

import numpy as np
import pytest
from playwright.sync_api import expect

from dlcourse.labs import GatesLab

PLANE = np.s_[30:342, 40:352]  # of the picture: the input plane, 312 × 312 pixels from −0.9 to 1.7
TABLE = np.s_[30:146, 364:560]
BLUE, ORANGE = (206, 226, 239), (249, 229, 190)  # about the two sides of the line


@pytest.fixture(scope="module")
def notebook(browser, server):
    page = browser.open(server, "03-perceptron.ipynb")
    page.run_all()
    yield page
    page.close()
    assert page.errors == []


@pytest.fixture
def lab(notebook):
    lab = notebook.lab(0)
    lab.root.scroll_into_view_if_needed()
    lab.press_button("Reset")
    lab.wait_for_text("status", "Fires if 0.50·x₁ − 0.50·x₂ − 0.20 > 0.")
    for label, number in {"w₁": "0.50", "w₂": "−0.50", "b = −θ": "−0.20"}.items():
        expect(notebook.readout(label)).to_have_text(number)
    return lab


def side_of(picture, x1, x2) -> str:
    """Which colour the plane has at a point, seen by eye: more blue or more orange."""
    column, row = round(40 + 312 * (x1 + 0.9) / 2.6), round(30 + 312 * (1.7 - x2) / 2.6)
    red, _, blue = np.median(picture[row - 3 : row + 4, column - 3 : column + 4].reshape(-1, 3), axis=0)
    return "orange" if red > blue else "blue"


def test_arrow_keys_on_w1_move_the_line_the_table_and_the_sentence(notebook, lab):
    before = lab.pixels()
    assert side_of(before, 0.3, -0.3) == "orange"  # 0.5·0.3 + 0.5·0.3 − 0.2 > 0
    notebook.press(notebook.slider("w₁"), *["ArrowLeft"] * 16)
    lab.wait_for_text("status", "Fires if −0.30·x₁ − 0.50·x₂ − 0.20 > 0.")
    after = lab.pixels()
    assert side_of(after, 0.3, -0.3) == "blue"  # −0.3·0.3 + 0.5·0.3 − 0.2 < 0
    assert (before[TABLE] != after[TABLE]).any()
    assert lab.text("verdict") == "AND: 3 of 4 correct."


def test_the_and_gate_is_solved_by_sliders(notebook, lab):
    notebook.press(notebook.slider("w₂"), *["ArrowRight"] * 20)
    notebook.press(notebook.slider("b = −θ"), *["ArrowLeft"] * 10)
    lab.wait_for_text("verdict", "✓ AND: 4 of 4 correct.")
    picture = lab.pixels()
    assert [side_of(picture, *x) for x in ((1.2, 1.2), (0.2, 0.2), (0.2, 0.8))] == ["orange", "blue", "blue"]
    assert lab.text("status").startswith("Fires if 0.50·x₁ + 0.50·x₂ − 0.70 > 0. No row is wrong.")


def test_the_line_follows_the_mouse_and_the_slider_follows_the_line(notebook, lab):
    before = lab.pixels()
    box = lab.root.locator(".dlc-picture").bounding_box()
    # The line 0.5·x₁ − 0.5·x₂ − 0.2 = 0 passes the point (1.1, 0.7); 0.3 to the right of it b is −0.35.
    start = [box["x"] + 40 + 312 * (1.1 + 0.9) / 2.6, box["y"] + 30 + 312 * (1.7 - 0.7) / 2.6]
    mouse = notebook.page.mouse
    mouse.move(*start)
    mouse.down()
    mouse.move(start[0] + 18, start[1], steps=6)
    mouse.move(start[0] + 36, start[1], steps=6)
    mouse.up()
    lab.wait_for_text("status", "Fires if 0.50·x₁ − 0.50·x₂ − 0.35 > 0.")
    expect(notebook.readout("b = −θ")).to_have_text("−0.35")
    after = lab.pixels()
    assert side_of(before, 1.2, 0.65) == "orange"
    assert side_of(after, 1.2, 0.65) == "blue"


def test_the_line_follows_arrow_keys_and_the_slider_follows_the_line(notebook, lab):
    notebook.press(lab.handle("line"), "ArrowRight", "ArrowRight")
    lab.wait_for_text("status", "− 0.30 > 0")
    expect(notebook.readout("b = −θ")).to_have_text("−0.30")
    expect(lab.handle("line")).to_have_attribute("aria-valuetext", "bias -0.30")
    notebook.press(lab.handle("line"), "Shift+ArrowRight")
    lab.wait_for_text("status", "− 0.55 > 0")
    expect(notebook.readout("b = −θ")).to_have_text("−0.55")
    assert notebook.page.evaluate("document.activeElement.dataset.handle") == "line"


def test_share_shows_a_text_that_opens_the_same_lab(notebook, lab):
    notebook.press(notebook.slider("w₁"), "ArrowRight")
    lab.wait_for_text("status", "0.55·x₁")
    lab.press_button("Share")
    assert GatesLab.from_share(lab.shown_text()).state == GatesLab(w1=0.55).state
