"""The files of data/: what their scripts make, checked when read, and documented."""

import hashlib
import importlib.util
import re
import sys
from pathlib import Path

import pytest

from dlcourse.data import (
    bitter_lesson,
    files,
    first_names,
    loans,
    mnist1d_accuracies,
    python_topics,
    sunspots,
    tangerines,
)

ROOT = Path(__file__).resolve().parents[2]
LOADERS = {
    "bitter_lesson.csv": bitter_lesson,
    "first_names.csv": first_names,
    "loans.csv": loans,
    "mnist1d_table.csv": mnist1d_accuracies,
    "python_topics.txt": python_topics,
    "sunspots.csv": sunspots,
    "tangerines.csv": tangerines,
}


def script(name: str):
    """The module tools/make_<name>.py."""
    spec = importlib.util.spec_from_file_location(f"make_{name}", ROOT / "tools" / f"make_{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def content(name: str) -> bytes:
    raw = (ROOT / "data" / name).read_bytes()
    return raw if name.endswith(".npz") else raw.replace(b"\r\n", b"\n")


@pytest.fixture
def folder(monkeypatch, tmp_path):
    """Let the loaders read their files here."""
    monkeypatch.setattr(files, "data_file", tmp_path.joinpath)
    return tmp_path


def test_every_file_has_a_checksum_a_loader_and_a_script():
    tested_elsewhere = {"photo_answers.npz", "transfer_curves.npz"}
    assert set(files.SHA256) == set(LOADERS) | tested_elsewhere
    for name in files.SHA256:
        assert (ROOT / "tools" / f"make_{Path(name).stem}.py").is_file(), name


@pytest.mark.parametrize("name", files.SHA256)
def test_the_checksum_is_the_same_in_the_file_the_code_and_the_documentation(name):
    readme = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    row = re.search(rf"^\| `{re.escape(name)}` .*`([0-9a-f]{{64}})` \|$", readme, re.MULTILINE)
    assert hashlib.sha256(content(name)).hexdigest() == files.SHA256[name] == row[1]


def test_the_licence_of_the_topics_is_beside_them():
    text = content("python_topics.LICENSE").decode()
    assert text.startswith("PYTHON SOFTWARE FOUNDATION LICENSE VERSION 2")
    assert "Python Software Foundation;\nAll Rights Reserved" in text


@pytest.mark.parametrize("name", LOADERS)
@pytest.mark.parametrize(
    "damage",
    [lambda raw: raw[:-1], lambda raw: raw[: len(raw) // 2], lambda raw: b"", lambda raw: raw.replace(b"1", b"7", 1)],
    ids=["last byte", "half", "empty", "one digit"],
)
def test_a_damaged_file_is_told_in_words(folder, name, damage):
    (folder / name).write_bytes(damage(content(name)))
    stem = Path(name).stem
    with pytest.raises(ValueError, match=rf"{stem}: {name} is damaged .* restore it with tools/make_{stem}.py"):
        LOADERS[name]()


@pytest.mark.parametrize("name", LOADERS)
def test_windows_line_ends_are_no_damage(folder, name):
    found = []
    for line_end in (b"\n", b"\r\n"):
        (folder / name).write_bytes(content(name).replace(b"\n", line_end))
        found.append(repr(LOADERS[name]()))
    assert found[0] == found[1]


def test_the_script_makes_the_tangerines_byte_by_byte():
    assert script("tangerines").make().encode() == content("tangerines.csv")


def test_the_script_makes_the_sunspots_from_the_form_of_statsmodels():
    made = script("sunspots").make('"YEAR","SUNACTIVITY"\n1700,5\n1701,11.25\n')
    assert made.splitlines() == ["year,sunspot_number", "1700,5.0", "1701,11.2"]
    assert content("sunspots.csv").decode().splitlines()[:3] == ["year,sunspot_number", "1700,5.0", "1701,11.0"]


def test_the_script_makes_the_names_from_the_form_of_the_package():
    made = script("first_names").make("MARY   2.629  2.629   1\nLEE 0.1 2.7 2\n", "JAMES   3.318  3.318   1\n")
    assert made.splitlines() == ["name,sex,per_cent", "Mary,female,2.629", "Lee,female,0.1", "James,male,3.318"]
    lines = content("first_names.csv").decode().splitlines()
    assert lines[1] == "Mary,female,2.629"
    assert "James,male,3.318" in lines


@pytest.mark.skipif(sys.version_info[:3] != (3, 11, 7), reason="the topics are those of Python 3.11.7")
def test_the_script_makes_the_topics_byte_by_byte():
    assert script("python_topics").make().encode() == content("python_topics.txt")
