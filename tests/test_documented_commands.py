"""The commands in README, teaching page and CONTRIBUTING work as printed in a fresh shell after `make lab`."""

import os
import re
import subprocess
import sys
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
    r"^DLCOURSE_SOLUTIONS=off make lab$": "starts a server; make's targets are checked below",
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
    lines += re.findall(r"`((?:\.venv/bin/|make |\.ci/)[^`]+)`", prose)
    found = [re.sub(r"\s+# .*", "", line).strip() for line in lines]
    return [
        line for line in dict.fromkeys(found) if re.match(r"(\S+=\S+ +)*(\.venv/bin/.+|make .+|\.ci/\w+|\w+ .+)$", line)
    ]


def runnable() -> list[str]:
    """The commands of all pages that are run here."""
    every = dict.fromkeys(line for name in PAGES for line in commands(name))
    return [line for line in every if not any(re.search(pattern, line) for pattern in NOT_RUN)]


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A folder that looks like the repository; what a command writes into it is not written into the repository."""
    if os.name == "nt" or not (ROOT / ".venv" / ".installed").exists():
        pytest.skip("the pages' commands are for a .venv that make has made")
    folder = tmp_path_factory.mktemp("course")
    for entry in ROOT.iterdir():
        if entry.name not in ("runs", "build", ".git"):
            (folder / entry.name).symlink_to(entry)
    return folder


def test_there_are_commands_and_they_name_their_program():
    found = runnable()
    assert {".venv/bin/dlcourse doctor", ".venv/bin/dlcourse evaluate --image chelsea", "make lab"} <= set(found)
    bare = [line for line in found if re.match(r"(python3?|dlcourse|torchrun|pip|jupyter)\b", line)]
    assert bare == [], "these need an activated environment, which `make lab` does not leave behind"


def test_each_exception_is_needed():
    every = [line for name in PAGES for line in commands(name)]
    assert [pattern for pattern in NOT_RUN if not any(re.search(pattern, line) for line in every)] == []


@pytest.mark.parametrize("line", runnable())
def test_a_command_works_as_printed(course, line):
    for pattern, shorter in SHORTER.items():
        line = re.sub(pattern, shorter, line)
    places = os.environ["PATH"].split(os.pathsep)
    elsewhere = [place for place in places if Path(place).resolve() != Path(sys.executable).parent.resolve()]
    fresh = {"PATH": os.pathsep.join(p for p in elsewhere if not p.startswith(str(ROOT))), "HOME": str(course)}
    fresh |= {"LANG": "C.UTF-8", "OMP_NUM_THREADS": "1", "MPLBACKEND": "agg"}
    ended = subprocess.run(["sh", "-c", line], cwd=course, env=fresh, capture_output=True, text=True, timeout=300)
    assert ended.returncode == 0, f"{line}\n{ended.stdout[-1000:]}\n{ended.stderr[-3000:]}"
