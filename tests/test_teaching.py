"""docs/teaching.md says what is so: labs, chapters, minutes, links, commands; and the hub's configuration works."""

import os
import re
import subprocess
from pathlib import Path

import nbformat
import pytest
from traitlets.config.loader import PyFileConfigLoader

from dlcourse import labs
from dlcourse.exercises import hint, solution, store
from dlcourse.exercises.outline import OUTLINE

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "teaching.md").read_text(encoding="utf-8")
CONFIGURATION = ROOT / "docs" / "jupyterhub" / "jupyterhub_config.py"
SWITCHES = {"DLCOURSE_HINTS": hint, "DLCOURSE_SOLUTIONS": solution}
NUMBERS = [chapter.number for chapter in OUTLINE]


def table(heading: str) -> list[list[str]]:
    """The cells of the table below a heading, without its head."""
    section = re.split(r"^#+ ", PAGE.partition(f"# {heading}")[2], flags=re.MULTILINE)[0]
    rows = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]


def cells(chapter, kind: str) -> list[str]:
    notebook = nbformat.read(ROOT / "notebooks" / chapter.file, as_version=4)
    return [cell.source for cell in notebook.cells if cell.cell_type == kind]


def promise(chapter) -> tuple[int, list[str]]:
    """What stands below the notebook's title: its minutes, and the chapters that it needs."""
    found = re.search(r"\*(\d+) minutes · needs: (.+) · ", cells(chapter, "markdown")[0])
    return int(found[1]), re.findall(r"\b\d\d\b", found[2])


def test_every_lab_stands_once_beside_the_chapter_that_uses_it_first():
    first = {}
    for chapter in OUTLINE:
        for name in re.findall(r"\b\w+Lab\b", "\n".join(cells(chapter, "code"))):
            first.setdefault(name, chapter.number)
    told = [(name.strip("`"), number) for number, name, _ in table("What each lab is for")]
    exist = {name for name in labs.__all__ if isinstance(getattr(labs, name), type) and name not in ("Lab", "Goal")}
    assert sorted(told) == sorted((name, first.get(name)) for name in exist)


@pytest.mark.parametrize("weeks", [8, 12, 16])
def test_a_syllabus_has_its_weeks_every_chapter_in_a_possible_order_and_the_promised_minutes(weeks):
    rows = table(next(line[4:] for line in PAGE.splitlines() if line.startswith(f"### {weeks} weeks")))
    assert [row[0] for row in rows] == [str(week) for week in range(1, weeks + 1)]
    order = ", ".join(row[1] for row in rows).split(", ")
    assert sorted(order) == NUMBERS
    promises = {chapter.number: promise(chapter) for chapter in OUTLINE}
    sums = [sum(promises[number][0] for number in row[1].split(", ")) for row in rows]
    assert [(row[1], int(row[2])) for row in rows] == [(row[1], total) for row, total in zip(rows, sums, strict=True)]
    early = {
        number: promises[number][1]
        for number in order
        if not set(promises[number][1]) <= set(order[: order.index(number)])
    }
    assert early == {}  # chapter: what it needs, and not all of that came before


def test_every_chapter_has_its_misunderstandings():
    assert [row[0] for row in table("Typical misunderstandings")] == NUMBERS


def test_links_lead_somewhere():
    for target in re.findall(r"\]\(([^)]+)\)", PAGE):
        if target.startswith("#"):
            headings = re.findall(r"^#+ (.+)$", PAGE, flags=re.MULTILINE)
            assert target[1:] in [re.sub(r"[^\w -]", "", h).strip().lower().replace(" ", "-") for h in headings]
        elif not target.startswith("https://"):
            assert (ROOT / "docs" / target).exists(), target


def test_commands_are_those_of_the_makefile():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, flags=re.MULTILINE))
    named = set(re.findall(r"(?:^|`|off |&& )make ([a-z-]+)", PAGE, flags=re.MULTILINE))
    assert len(named) >= 4
    assert named <= targets
    nbval = re.search(r"-m pytest --nbval .+", PAGE)[0]
    assert nbval == re.search(r"-m pytest --nbval .+", makefile)[0].replace("$(WORKERS)", "2")


def test_variables_are_those_that_the_course_reads():
    named = re.findall(r"DLCOURSE_\w+", PAGE + CONFIGURATION.read_text(encoding="utf-8"))
    assert set(named) == {*SWITCHES, store.FOLDER_VARIABLE}


@pytest.mark.parametrize("variable", SWITCHES)
def test_what_is_switched_off_says_so(variable, monkeypatch):
    monkeypatch.setenv(variable, "off")
    assert "switched off for this class" in repr(SWITCHES[variable]("03.2"))


def configuration():
    return PyFileConfigLoader(CONFIGURATION.name, str(CONFIGURATION.parent)).load_config()


def test_the_configuration_sets_the_switches():
    environment = configuration().Spawner.environment
    assert environment.keys() >= set(SWITCHES)
    assert {environment[name] for name in SWITCHES} <= {"on", "off"}


@pytest.mark.skipif(os.name == "nt", reason="JupyterHub runs on Linux and macOS")
def test_a_learner_gets_all_notebooks_and_keeps_what_is_changed(tmp_path):
    shell, option, start, name = configuration().Spawner.cmd
    start = re.sub(r"exec '.*jupyterhub-singleuser'", "echo", start)  # everything but the server itself
    own = tmp_path / "deep-learning" / NUMBERS[0]

    def come_in() -> str:
        command = [shell, option, start, name, "--port=1", "a b"]
        run = subprocess.run(
            command, env={"HOME": str(tmp_path), "PATH": os.environ["PATH"]}, capture_output=True, text=True
        )
        assert (run.returncode, run.stderr) == (0, "")
        return run.stdout

    assert come_in() == "--port=1 a b\n"
    given = {file.name for file in (ROOT / "notebooks").glob("[!.]*")}
    assert {file.name for file in own.parent.iterdir()} == given
    changed, lost = (own.parent / chapter.file for chapter in OUTLINE[:2])
    changed.write_text("mine")
    lost.unlink()
    come_in()
    assert changed.read_text() == "mine"
    assert lost.read_bytes() == (ROOT / "notebooks" / lost.name).read_bytes()
