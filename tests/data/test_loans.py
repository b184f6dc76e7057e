"""The loans: the file is what its script makes, it is checked when it is read, and it holds what it says."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from dlcourse.data import files, loans

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "data" / "loans.csv"


def made() -> bytes:
    """What tools/make_loans.py writes."""
    spec = importlib.util.spec_from_file_location("make_loans", ROOT / "tools" / "make_loans.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.make().encode()


@pytest.fixture
def file_of(monkeypatch, tmp_path):
    """Let loans() read these bytes."""

    def use(content: bytes) -> None:
        (tmp_path / "loans.csv").write_bytes(content)
        monkeypatch.setattr(files, "data_file", tmp_path.joinpath)

    return use


def test_the_script_makes_the_file_byte_by_byte():
    assert made() == FILE.read_bytes().replace(b"\r\n", b"\n")


def test_200_loans_in_the_units_that_are_named():
    table = loans()
    assert table.x.shape == (200, 2)
    assert table.x.dtype == np.float32
    assert table.y.dtype == np.int64
    assert table.feature_names == ("age", "salary")
    assert table.units == ("years", "thousand € a year")
    assert table.class_names == ("not repaid", "repaid")
    assert set(table.y) == {0, 1}
    low, high = table.x.min(axis=0), table.x.max(axis=0)
    assert (low >= [20, 12]).all()
    assert (high <= [65, 80]).all()


def test_the_first_loan_is_that_of_the_file():
    age, salary, repaid = FILE.read_text(encoding="utf-8").splitlines()[1].split(",")
    table = loans()
    np.testing.assert_allclose(table.x[0], [float(age), float(salary)], rtol=1e-6)
    assert table.y[0] == int(repaid)


def test_older_and_better_paid_people_repay_more_often_but_no_single_feature_decides():
    table = loans()
    for feature in table.x.T:
        repaid, others = feature[table.y == 1], feature[table.y == 0]
        assert repaid.mean() > others.mean()
        assert others.max() > repaid.min()


def test_windows_line_ends_are_no_damage(file_of):
    file_of(made().replace(b"\n", b"\r\n"))
    assert len(loans().y) == 200


@pytest.mark.parametrize(
    "damage",
    [
        lambda raw: raw[:-1],
        lambda raw: raw[: len(raw) // 2],
        lambda raw: raw.replace(b",1\n", b",0\n", 1),
        lambda raw: b"",
        lambda raw: b"\xff\xfe" + raw,
    ],
    ids=["last byte", "half", "one outcome", "empty", "other encoding"],
)
def test_a_damaged_file_is_told_in_words(file_of, damage):
    file_of(damage(made()))
    with pytest.raises(ValueError, match=r"loans: loans.csv is damaged .* restore it with tools/make_loans.py"):
        loans()


def test_a_missing_file_is_told_in_words():
    with pytest.raises(FileNotFoundError, match=r"data: nothing.csv is missing; install dlcourse anew or restore"):
        files.data_file("nothing.csv")


def test_an_installed_package_has_its_own_copy(monkeypatch, tmp_path):
    package = tmp_path / "site-packages" / "dlcourse"
    copy = package / "_data" / "loans.csv"
    copy.parent.mkdir(parents=True)
    copy.write_bytes(made())
    monkeypatch.setattr(files, "__file__", str(package / "data" / "files.py"))
    assert files.data_file("loans.csv").resolve() == copy.resolve()
    assert len(loans().y) == 200
