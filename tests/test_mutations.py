"""tools/mutations.py makes a mistake, asks the tests, and takes it back."""

import pytest

from tools import mutations
from tools.mutations import Mutation, try_out


@pytest.fixture
def course(tmp_path):
    (tmp_path / "half.py").write_text("half = 1 / 2  # 1 / 2\n")
    return tmp_path


@pytest.mark.parametrize(("tests_end", "result"), [("failed", "found"), ("passed", "NOT FOUND"), ("odd", "odd")])
def test_a_mistake_is_made_once_tested_and_taken_back(course, monkeypatch, tests_end, result):
    seen = []

    def outcome(copy, tests):
        seen.append(((copy / "half.py").read_text(), tests))
        return tests_end

    monkeypatch.setattr(mutations, "outcome", outcome)
    assert try_out(course, Mutation("a third", "half.py", "1 / 2", "1 / 3", "tests/test_half.py")) == result
    assert seen == [("half = 1 / 3  # 1 / 2\n", "tests/test_half.py")]
    assert (course / "half.py").read_text() == "half = 1 / 2  # 1 / 2\n"


@pytest.mark.parametrize(("file", "old"), [("half.py", "1 / 4"), ("whole.py", "1")])
def test_a_text_that_is_no_longer_there_is_told(course, file, old):
    assert try_out(course, Mutation("a third", file, old, "1 / 3", "tests/test_half.py")) == "THE TEXT IS NOT THERE"


def test_the_table_has_mistakes_in_every_part_of_the_package():
    table = mutations.table()
    assert len({mutation.what for mutation in table}) == len(table) >= 40
    parts = {mutation.file.removeprefix("src/dlcourse/").split("/")[0] for mutation in table}
    package = {path.name for path in (mutations.ROOT / "src" / "dlcourse").iterdir() if path.is_dir()}
    assert package - {"__pycache__"} <= parts


@pytest.mark.parametrize("mutation", mutations.table(), ids=lambda mutation: mutation.what)
def test_the_table_follows_the_code(mutation):
    assert mutation.old in (mutations.ROOT / mutation.file).read_text(encoding="utf-8")
