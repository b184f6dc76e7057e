"""One glossary: each term and each symbol is defined once, and the chapters keep to it."""

import re
from collections import Counter

import nbformat
import pytest

from tests.notebooks.form import markdown_cells
from tools.glossary import PAGE, SYMBOLS, TERMS, all_rows, notebooks, page, rows

# What the course does not write, and what it writes in its place.
OTHER_SPELLINGS = {
    r"minibatch|mini batch": "mini-batch",
    r"normaliz\w+": "normalise",
    r"regulariz\w+": "regularise",
    r"initializ\w+": "initialise",
    r"generaliz\w+": "generalise",
    r"optimiser\w*": "optimizer, as PyTorch writes it",
    r"behavior\w*": "behaviour",
    r"colors?|colored": "colour",
    r"gray\w*": "grey",
    r"neighbor\w*": "neighbour",
    r"center\w*": "centre",
    r"back-propagat\w+": "backpropagation",
    r"cross entropy": "cross-entropy",
    r"overfit-\w+|over-fit\w*": "overfit",
    r"dataset\w*": "data set",
    r"drop-out": "dropout",
}


def prose(path) -> str:
    """The words of a chapter: no code, no formula, no references, no term table."""
    text = "\n".join(cell.source for cell in markdown_cells(nbformat.read(path, as_version=nbformat.NO_CONVERT)))
    text = re.sub(r"^\*\*References\.\*\*.*$", "", text, flags=re.MULTILINE)
    text = re.sub(rf"{re.escape(TERMS)}.*?\n\n", "", text, flags=re.DOTALL)
    text = re.sub(r"```.*?```|`[^`\n]*`|\$\$.*?\$\$|\$[^$\n]*\$", " ", text, flags=re.DOTALL)
    return re.sub(r"\]\([^)]*\)", "]", text)


def test_the_page_is_up_to_date():
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python tools/glossary.py"


def test_a_term_is_defined_once():
    english = Counter(row.cells[0].casefold() for row in all_rows(TERMS))
    assert len(english) > 100
    assert [term for term, count in english.items() if count > 1] == []


def test_a_korean_term_stands_for_one_english_term():
    korean = Counter(name.strip() for row in all_rows(TERMS) for name in row.cells[1].split(","))
    assert [term for term, count in korean.items() if count > 1] == []


@pytest.mark.parametrize("path", notebooks(), ids=lambda path: path.stem)
def test_a_chapter_uses_the_terms_that_it_defines(path):
    text = prose(path).casefold()
    words = {row.cells[0]: re.findall(r"[a-z]{3,}", row.cells[0].casefold()) for row in rows(path, TERMS)}
    assert [term for term, parts in words.items() if not all(word[:6] in text for word in parts)] == []


@pytest.mark.parametrize("path", notebooks(), ids=lambda path: path.stem)
def test_a_chapter_keeps_to_one_spelling(path):
    text = prose(path)
    found = {
        match: better
        for pattern, better in OTHER_SPELLINGS.items()
        for match in re.findall(rf"\b(?:{pattern})\b", text, flags=re.IGNORECASE)
    }
    assert found == {}


@pytest.mark.parametrize("path", notebooks(), ids=lambda path: path.stem)
def test_korean_stands_in_the_term_table_only(path):
    assert re.findall("[가-힣]+", prose(path)) == []


@pytest.mark.parametrize("path", notebooks(), ids=lambda path: path.stem)
def test_a_symbol_means_one_thing_in_a_chapter(path):
    symbols = Counter(name for row in rows(path, SYMBOLS) for name in re.findall(r"\$([^$]+)\$", row.cells[0]))
    assert symbols
    assert [symbol for symbol, count in symbols.items() if count > 1] == []


def test_what_is_named_alike_has_the_same_symbol_everywhere():
    """What a meaning begins with, up to the first mark: "learning rate" in "learning rate: how large a step is"."""
    symbols: dict[str, set[str]] = {}
    for row in all_rows(SYMBOLS):
        symbols.setdefault(re.split(r"[:;,]", row.cells[3])[0], set()).add(row.cells[0])
    assert {name: used for name, used in symbols.items() if len(used) > 1} == {}
