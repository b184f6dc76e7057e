"""`make notebooks-check` proves the notebooks for a learner who has solved everything, not only for a newcomer."""

import re
from pathlib import Path

from dlcourse.exercises import progress
from tests.notebooks import solved

ROOT = Path(__file__).resolve().parents[2]


def test_everything_is_solved_in_it(tmp_path, monkeypatch):
    solved.write(tmp_path / "new")
    monkeypatch.setenv("DLCOURSE_DATA_DIR", str(tmp_path / "new"))
    shown = repr(progress())
    assert "○" not in shown
    assert shown.count("✓") == len(solved.EVERYTHING)


def test_every_check_and_quiz_of_the_notebooks_is_in_it():
    text = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "notebooks").glob("*.ipynb"))
    checks = set(re.findall(r'check\(\\"(\d\d\.\d+)\\"', text))
    assert len(checks) > 100
    assert checks <= set(solved.EVERYTHING)


def test_make_runs_the_notebooks_with_it():
    recipe = re.search(r"^notebooks-check:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text(), re.MULTILINE)[1]
    write, check = recipe.splitlines()
    assert "-m tests.notebooks.solved" in write
    assert "DLCOURSE_DATA_DIR=" in check
    assert "--nbval " in check
