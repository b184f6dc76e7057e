"""docs/reference.md says what the signatures say."""

from tools.reference_page import PAGE, page


def test_the_page_is_up_to_date():
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python tools/reference_page.py"


def test_a_row_shows_the_call_its_meaning_and_what_only_torch_takes():
    row = next(line for line in page().splitlines() if line.startswith("| `Linear("))
    call, meaning, missing = row.strip("| ").split(" | ")
    assert call == "`Linear(in_features, out_features, bias=True)`"
    assert meaning.startswith("y = x Wᵀ + b")
    assert missing == "`device`, `dtype`"


def test_every_name_says_what_it_does():
    rows = [line.split(" | ") for line in page().splitlines() if line.startswith("| `")]
    assert len(rows) > 200
    assert [row for row in rows if not row[1].strip()] == []
