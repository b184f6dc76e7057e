"""The commands in README, teaching page and CONTRIBUTING work as printed in a fresh shell after `make lab`."""

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGES = ("README.md", "docs/teaching.md", "CONTRIBUTING.md")
ACTIVATED = re.compile(r"activate|/opt/dlcourse")  # a block that prepares a shell of its own, or another machine
NOT_RUN = {  # what a test cannot or need not run, and why
    r"^\.venv/bin/python -m tests\.benchmarks": "measures for minutes",
    r"^\.venv/bin/python tools/": "writes files of the repository; each tool has its own test",
    r"^\.venv/bin/ruff format \.$": "`make lint` is the check",
    r"^\.ci/run$": "installs packages and calls `make test`",
}
SHORTER = {  # the same command for less time
    r"(dlcourse train .*)": r"\1 --epochs 1",
    r"(-m pytest --nbval .*)-n 2 --dist loadfile (.*)": r"\1 --collect-only -q \2",
    r"^make ([a-z-]+)(.*)": r"make --dry-run \1\2",
}


def blocks(page: str) -> list[str]:
    """The code blocks without a language: what is pasted into a shell."""
    fences = re.findall(r"^```(\w*)\n(.*?)^```$", page, flags=re.MULTILINE | re.DOTALL)
    return [content for language, content in fences if not language]


def commands(name: str) -> list[str]:
    """Every command of a page that is meant for a shell in the course's folder, in order, each once."""
    page = (ROOT / name).read_text(encoding="utf-8")
    lines = [line for block in blocks(page) if not ACTIVATED.search(block) for line in block.splitlines()]
    prose = re.sub(r"^```.*?^```$", "", page, flags=re.MULTILINE | re.DOTALL)
    lines += re.findall(r"`((?:\.venv/bin/|make |\.ci/|python |dlcourse |torchrun )[^`]+)`", prose)
    found = [re.sub(r"\s+# .*", "", line).strip() for line in lines]
    return [
        line for line in dict.fromkeys(found) if re.match(r"(\S+=\S+ +)*(\.venv/bin/.+|make .+|\.ci/\w+|\w+ .+)$", line)
    ]


def runnable(name: str) -> list[str]:
    """The commands of a page that are run here, those of the pages before it left out."""
    before = [line for page in PAGES[: PAGES.index(name)] for line in commands(page)]
    return [
        line for line in commands(name)
        if line not in before and not any(re.search(pattern, line) for pattern in NOT_RUN)
    ]  # fmt: skip


@pytest.fixture
def course(tmp_path):
    """A folder that looks like the repository; what a command writes into it is not written into the repository."""
    if os.name == "nt" or not (ROOT / ".venv" / ".installed").exists():
        pytest.skip("the pages' commands are for a .venv that make has made")
    for entry in ROOT.iterdir():
        if entry.name not in ("runs", "build", ".git"):
            (tmp_path / entry.name).symlink_to(entry)
    return tmp_path


@pytest.mark.parametrize("name", PAGES)
def test_commands_name_their_program(name):
    found = commands(name)
    assert len(found) >= 5
    bare = [line for line in found if re.match(r"(python3?|dlcourse|torchrun|pip|jupyter)\b", line)]
    assert bare == [], "these need an activated environment, which `make lab` does not leave behind"


def test_each_exception_is_needed():
    every = [line for name in PAGES for line in commands(name)]
    assert [pattern for pattern in NOT_RUN if not any(re.search(pattern, line) for line in every)] == []


@pytest.mark.parametrize("name", PAGES)
def test_commands_work_as_printed(course, name):
    places = [place for place in os.environ["PATH"].split(os.pathsep) if not (Path(place) / "dlcourse").exists()]
    fresh = {"PATH": os.pathsep.join(places), "HOME": str(course), "LANG": "C.UTF-8", "OMP_NUM_THREADS": "1"}
    for line in runnable(name):
        for pattern, shorter in SHORTER.items():
            line = re.sub(pattern, shorter, line)
        ended = subprocess.run(["sh", "-c", line], cwd=course, env=fresh, capture_output=True, text=True, timeout=300)
        assert ended.returncode == 0, f"{line}\n{ended.stdout[-2000:]}\n{ended.stderr[-2000:]}"
