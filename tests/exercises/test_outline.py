"""The map of the course as a learner sees it."""

import re

import pytest

from dlcourse.exercises import desk, progress, store
from dlcourse.exercises.outline import OUTLINE, Done, Progress


@pytest.fixture(autouse=True)
def own_progress(tmp_path, monkeypatch):
    monkeypatch.setenv("DLCOURSE_DATA_DIR", str(tmp_path))


def rows(html: str) -> list[list[str]]:
    """The words of each cell of the table, without the header."""
    found = re.findall(r"<tr>(.*?)</tr>", html)[1:]
    return [[re.sub(r"<.*?>", "", cell) for cell in re.findall(r"<td.*?>(.*?)</td>", row)] for row in found]


def test_seventeen_chapters_in_order():
    assert [chapter.number for chapter in OUTLINE] == [f"{n:02}" for n in range(17)]
    assert len({chapter.title for chapter in OUTLINE}) == len({chapter.file for chapter in OUTLINE}) == 17
    assert set(desk.CHAPTERS) <= {chapter.number for chapter in OUTLINE}


def test_a_row_for_each_chapter_and_ticks_for_what_is_done():
    done = {"03": Done({"03.1": True, "03.2": False, "03.3": True}, quiz=True), "04": Done({"04.1": False}, quiz=False)}
    shown = rows(Progress(done)._repr_html_())
    assert len(shown) == 17
    assert shown[3][:2] == ["03", "The perceptron and logic gates"]
    assert shown[3][3:] == ["2 of 3 ✓○✓", "✓"]
    assert shown[4][3:] == ["0 of 1 ○", "○"]
    assert shown[5][1] == "Backpropagation (coming)"
    assert shown[5][3:] == ["", ""]
    assert "2 of 4 exercises solved." in Progress(done)._repr_html_()


def test_only_chapters_that_exist_are_links():
    html = Progress({"03": Done({"03.1": False}, quiz=False)})._repr_html_()
    assert re.findall(r'<a href="(.*?)">(.*?)</a>', html) == [("03-perceptron.ipynb", "The perceptron and logic gates")]


def test_plain_text_has_a_line_for_each_chapter_that_exists():
    done = {"03": Done({"03.1": True, "03.2": False}, quiz=False)}
    assert repr(Progress(done)) == "Chapter 03: 1 of 2  03.1✓ 03.2○  quiz○"


def test_the_desk_fills_in_what_is_stored():
    store.update("00.4", solved=True)
    store.update("00.quiz", solved=True)
    chapters = progress().done
    assert list(chapters) == list(desk.CHAPTERS)
    assert [id for id, solved in chapters["00"].exercises.items() if solved] == ["00.4"]
    assert chapters["00"].quiz
    assert not chapters["03"].quiz
    assert list(chapters["03"].exercises) == [exercise.id for exercise in desk.CHAPTERS["03"].EXERCISES]
