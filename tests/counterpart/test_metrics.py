"""metrics.csv holds every epoch once, whatever happened; TensorBoard gets the same numbers where it is installed."""

import csv
import errno
import os
import sys
from types import ModuleType

import pytest

from dlcourse.counterpart.metrics import COLUMNS, Metrics

ROW = {"loss": 0.5, "accuracy": 0.25, "learning_rate": 0.001, "seconds": 1.5, "samples_per_second": 100.0}


@pytest.fixture(autouse=True)
def no_tensorboard(monkeypatch):
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", None)  # an import of it fails


@pytest.fixture
def three(tmp_path):
    metrics = Metrics(tmp_path)
    metrics.start(0)
    for epoch in (1, 2, 3):
        metrics.add({"epoch": epoch, **ROW})
    return metrics


def test_the_file_is_a_table_for_every_program(three):
    lines = list(csv.reader(three.path.read_text().splitlines()))
    assert lines[0] == list(COLUMNS)
    assert lines[1] == ["1", "0.5", "0.25", "", "", "0.001", "1.5", "100"]
    assert len(lines) == 4
    assert three.rows()[2] == dict.fromkeys(COLUMNS) | ROW | {"epoch": 3}


def test_going_on_drops_what_was_measured_after_the_checkpoint(three):
    again = Metrics(three.path.parent)
    again.start(2)
    again.add({"epoch": 3, **ROW, "loss": 0.125})
    assert [(row["epoch"], row["loss"]) for row in again.rows()] == [(1, 0.5), (2, 0.5), (3, 0.125)]
    again.start(0)
    assert again.rows() == []


@pytest.mark.parametrize(
    "end",
    ["4,0.5", "4,0.5,0.25,,,0.001,1.5,10", "4,0.5,0.25,,,0.0", "\n", "\0\0\0"],
)
def test_a_row_that_was_cut_off_is_dropped(three, end):
    with three.path.open("a") as file:
        file.write(end)
    three.start(9)
    three.add({"epoch": 4, **ROW})
    assert [row["epoch"] for row in three.rows()] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    "junk",
    [b"4,0.5,0.2\n", b"four,1,1,1,1,1,1,1\n", b"inf,1,1,1,1,1,1,1\n", b"\0\xff\n", b'"' * 200_000 + b"\n"],
    ids=["short", "word", "inf", "binary", "quotes"],
)
def test_a_file_that_holds_anything_else_is_kept_and_the_rows_are_taken_over(three, junk):
    with three.path.open("ab") as file:
        file.write(junk)
    before = three.path.read_bytes()
    with pytest.warns(UserWarning, match=r"more than rows of numbers; it was kept as metrics.damaged-1.csv"):
        three.start(9)
    assert [row["epoch"] for row in three.rows()] == [1, 2, 3]
    assert (three.path.parent / "metrics.damaged-1.csv").read_bytes() == before


def test_a_table_of_something_else_is_kept(three):
    three.path.write_text("name,age\nAda,36\n")
    with pytest.warns(UserWarning, match="more than rows"):
        three.start(0)
    assert (three.path.parent / "metrics.damaged-1.csv").read_text() == "name,age\nAda,36\n"


def test_a_full_disk_leaves_the_old_table(three, monkeypatch):
    before = three.path.read_bytes()

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        three.start(1)
    assert three.path.read_bytes() == before


def test_tensorboard_gets_the_same_numbers(tmp_path, monkeypatch):
    wrote = []

    class SummaryWriter:
        def __init__(self, folder, purge_step):
            wrote.append((folder, purge_step))

        def add_scalar(self, name, value, epoch):
            wrote.append((name, value, epoch))

        def flush(self):
            wrote.append("flushed")

        def close(self):
            wrote.append("closed")

    module = ModuleType("torch.utils.tensorboard")
    module.SummaryWriter = SummaryWriter
    monkeypatch.setitem(sys.modules, module.__name__, module)
    metrics = Metrics(tmp_path)
    metrics.start(4)
    metrics.add({"epoch": 5, "loss": 0.5, "learning_rate": 0.1})
    metrics.close()
    assert wrote == [
        (str(tmp_path / "tensorboard"), 5),
        ("loss", 0.5, 5),
        ("learning_rate", 0.1, 5),
        "flushed",
        "closed",
    ]
