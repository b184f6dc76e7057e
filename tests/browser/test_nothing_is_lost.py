"""Whatever a person does reaches the lab, in order, however slowly the kernel answers; and nothing else reaches it.

The events of a test are made in the page within one turn of its event loop: no answer can come between them.
"""

from playwright.sync_api import expect

LAB = "from dlcourse.labs import GatesLab, PaintDigitLab, XorLab\n\nlab = {}\nlab"
AT_ONCE = """(root, events) => {
  const output = root.closest('.jp-OutputArea-output')
  const labelled = (name) => [...output.querySelectorAll('.widget-slider')].find(
      (slider) => slider.querySelector('.widget-label').textContent === name).querySelector('.noUi-handle')
  for (const [name, key] of events) {
    if (key === undefined) [...output.querySelectorAll('button')].find((b) => b.textContent.trim() === name).click()
    else (root.querySelector(`[data-handle='${name}']`) ?? labelled(name)).dispatchEvent(
        new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
  }
}"""
HEARD_WHILE_RUNNING = """import asyncio, time
heard, end = [], time.monotonic() + 100
for w1 in (0.7, 0.5):
    while lab.state.w1 != w1 and time.monotonic() < end:
        {wait}
    heard.append(lab.state.w1)
print(heard)"""
SLIDERS = """import ipywidgets
from dlcourse.labs import *
from dlcourse.labs.base import Lab
from dlcourse.labs.controls import NumberSlider, hear_in_order
from dlcourse.labs.settings import Number
kinds = {(s.low, s.high, s.step) for lab in Lab.known.values() for s in lab.State.settings().values()
         if isinstance(s, Number)}
sliders = [NumberSlider(low, min=low, max=high, step=step) for low, high, step in sorted(kinds)]
reports = []
for slider in sliders:
    handle = slider._handle_msg
    slider.comm.on_msg(lambda message, handle=handle: (reports.append(message), handle(message)))
count, said = ipywidgets.IntSlider(description="count"), ipywidgets.Label()
count.observe(lambda change: setattr(said, "value", f"reports: {len(reports)}"), "value")
box = ipywidgets.VBox([*sliders, count, said])
hear_in_order(box)
box"""
MOVE_THEM = """for share in (0.07, 0.31, 0.5, 0.77, 0.93, 1, 0.16):
    for slider in sliders:
        slider.value = slider.min + round(share * (slider.max - slider.min) / slider.step) * slider.step
said.value = 'moved'"""
OFF_THE_STEPS = """for slider in sliders:
    slider.value = slider.min + 5.3 * slider.step
said.value = 'moved'"""


def at_once(lab, *events: tuple[str, ...]) -> None:
    """Each event is a button's label, or the name of a handle or slider and a key."""
    lab.root.evaluate(AT_ONCE, [list(event) for event in events])


def open_lab(run_cells, made: str):
    page = run_cells(LAB.format(made))
    for label in ("Reset", "Share"):
        page.lab().whole.get_by_role("button", name=label, exact=True).wait_for()
    return page, page.lab()


def test_a_key_pressed_after_reset_is_not_undone_by_it(run_cells):
    page, lab = open_lab(run_cells, "GatesLab()")

    def wait_for(bias: str) -> None:
        lab.wait_for_text("status", f"− {bias} > 0")
        expect(page.readout("b = −θ")).to_have_text(f"−{bias}")
        expect(lab.handle("line")).to_have_attribute("aria-valuetext", f"bias -{bias}")

    for name, key in [("b = −θ", "ArrowLeft"), ("line", "ArrowRight")] * 3:
        at_once(lab, ("b = −θ", "ArrowLeft"))
        wait_for("0.25")
        at_once(lab, ("Reset",), (name, key))
        wait_for("0.30")
        page.write(1, "lab.state.b")  # runs after all messages that may still have been on their way
        page.run_cell(1)
        assert page.output(1).inner_text().strip() == "-0.3"
        at_once(lab, ("Reset",))
        wait_for("0.20")


def test_strokes_made_faster_than_the_kernel_answers_all_count(run_cells):
    _, lab = open_lab(run_cells, "PaintDigitLab(brush='fine pen')")
    at_once(lab, ("Empty the sheet",))
    lab.wait_for_text("status", "0 of 64 cells hold ink")
    at_once(lab, *[("brush", "ArrowDown"), ("brush", " ")] * 5)
    lab.wait_for_text("status", "5 of 64 cells hold ink")
    assert lab.text("error") == ""


def test_moves_of_two_handles_both_count(run_cells):
    page, lab = open_lab(run_cells, "XorLab()")
    first, second = [("h₁ tip", "ArrowUp")] * 2, [("h₂ tip", "ArrowUp")]
    for moves in (first, second):
        at_once(lab, *moves)
        lab.wait_for_answer()
    one_by_one = lab.pixels()
    at_once(lab, ("Reset",))
    expect(page.readout("h₁: w₂")).to_have_text("−0.5")
    expect(page.readout("h₂: w₂")).to_have_text("1.0")
    at_once(lab, *first, *second)
    assert (lab.pixels() == one_by_one).all()


def test_a_lab_hears_sliders_and_buttons_while_a_cell_runs(run_cells):
    for wait in ("time.sleep(0.01)", "await asyncio.sleep(0.01)"):
        page, lab = open_lab(run_cells, "GatesLab()")
        page.write(1, HEARD_WHILE_RUNNING.format(wait=wait))
        page.start_cell(1)
        page.press(page.slider("w₁"), *["ArrowRight"] * 4)
        lab.wait_for_text("status", "Fires if 0.70·x₁")
        lab.press_button("Reset")
        page.wait_for_cell(1)
        assert page.output(1).inner_text().strip() == "[0.7, 0.5]"


def test_no_slider_of_any_lab_reports_a_move_that_nobody_made(run_cells):
    page = run_cells(SLIDERS)
    said = page.output(0).locator(".widget-vbox > .widget-label")
    for source in (MOVE_THEM, OFF_THE_STEPS):
        page.write(1, source)
        page.run_cell(1)
        expect(said).to_have_text("moved")
        page.press(page.slider("count"), "ArrowRight")  # heard after what the sliders may have reported
        expect(said).to_have_text("reports: 0")
