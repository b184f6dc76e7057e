"""docs/labs shows every lab, and each test that goes through all labs knows all of them."""

from tests.labs.lab_tools import LABS
from tools.lab_gallery import PAGE, all_labs, page


def test_the_page_is_up_to_date():
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python tools/lab_gallery.py"


def test_every_lab_has_its_screenshot_and_there_is_no_other():
    shown = {path.stem for path in PAGE.parent.glob("*.png")}
    assert shown == {kind.__name__ for kind in all_labs()}


def test_no_lab_is_left_out_by_the_tests_of_all_labs():
    assert set(LABS) == set(all_labs())
