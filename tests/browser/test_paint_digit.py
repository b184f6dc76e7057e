"""PaintDigitLab in a real browser: ink by mouse and by keyboard; and a brush that stays where the arrow keys put it."""

import pytest
from playwright.sync_api import expect

PAPER = (34, 30, 232)  # left, top and side of the sheet in the picture


@pytest.fixture
def sheet(run_cells):
    page = run_cells("from dlcourse.labs import PaintDigitLab\nlab = PaintDigitLab(brush='fine pen')\nlab")
    lab = page.lab()
    lab.press_button("Empty the sheet")
    lab.wait_for_text("status", "0 of 64 cells hold ink")
    return page, lab


def centre(lab, row: int, column: int) -> tuple[float, float]:
    """Where on the page the middle of a cell is."""
    box = lab.root.locator(".dlc-picture").bounding_box()
    left, top, side = PAPER
    return box["x"] + left + side * (column + 0.5) / 8, box["y"] + top + side * (row + 0.5) / 8


def test_the_arrow_keys_move_the_brush_and_space_fills_cells(sheet):
    page, lab = sheet
    before = lab.pixels()
    page.press(lab.handle("brush"), "ArrowRight", "ArrowRight", "ArrowUp", "Space")
    lab.wait_for_text("status", "1 of 64 cells")
    expect(page.readout("row")).to_have_text("1")  # it began at row 2, column 2
    expect(page.readout("column")).to_have_text("4")
    assert "fine pen at row 1, column 4, ink 16 of 16" in lab.handle("brush").get_attribute("aria-valuetext")
    page.press(lab.handle("brush"), "ArrowDown", "Space")
    lab.wait_for_text("status", "2 of 64 cells")
    assert (lab.pixels() != before).any()
    page.press(lab.handle("brush"), "Space")  # empties it again
    lab.wait_for_text("status", "1 of 64 cells")
    assert lab.text("error") == ""


def test_the_mouse_paints_a_one(sheet):
    page, lab = sheet
    lab.root.scroll_into_view_if_needed()
    mouse = page.page.mouse
    mouse.move(*centre(lab, 0, 4))
    mouse.down()
    mouse.move(*centre(lab, 7, 4), steps=4)
    mouse.up()
    lab.wait_for_text("status", "8 of 64 cells hold ink")
    expect(page.readout("row")).to_have_text("7")
    assert lab.text("error") == ""


def test_the_brush_of_the_playground_stays_where_the_arrow_keys_put_it(run_cells):
    page = run_cells("from dlcourse.labs import PlaygroundLab\nlab = PlaygroundLab(data='own points')\nlab")
    lab, brush = page.lab(), page.lab().handle("own")
    start = float(brush.locator(".dlc-mark").get_attribute("cx"))
    for _ in range(4):
        page.press(brush, "ArrowRight")
        lab.wait_for_answer()  # each is answered before the next
    moved = float(brush.locator(".dlc-mark").get_attribute("cx")) - start
    assert moved == pytest.approx(4 * 0.1 * 312 / 3, abs=1)
    assert lab.text("error") == ""
