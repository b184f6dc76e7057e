"""Hand-made against learned: the features by a search through all places, the recorded curves, figures of a GPU."""

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest

from dlcourse.data import bitter_lesson, cuda_figures, files, matched_filters, mnist1d
from dlcourse.data.bitter_lesson import MODELS, ROWS, SEEDS, STEPS
from dlcourse.data.cuda_figures import FIELDS
from dlcourse.data.matched_filters import WIDTHS, filters

ROOT = Path(__file__).resolve().parents[2]


def tool(name: str):
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# -- features -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", WIDTHS)
def test_a_filter_sees_neither_height_nor_tilt_and_has_length_one(width):
    kernels = filters(width)
    assert kernels.shape == (10, width)
    assert kernels @ np.ones(width) == pytest.approx(np.zeros(10), abs=1e-9)
    assert kernels @ np.arange(width) == pytest.approx(np.zeros(10), abs=1e-9)
    assert np.square(kernels).sum(axis=1) == pytest.approx(np.ones(10))


def test_a_feature_is_the_best_fit_over_all_places():
    x = mnist1d().test.x[:5]
    found = matched_filters(x)
    assert found.shape == (5, 40)
    assert found.dtype == np.float32
    for n, width, shape in ((0, 7, 3), (4, 10, 9), (2, 8, 0)):
        best = max(x[n, place : place + width] @ filters(width)[shape] for place in range(41 - width))
        assert found[n, 10 * WIDTHS.index(width) + shape] == pytest.approx(best, rel=1e-5)


def test_the_place_of_a_shape_and_a_tilt_change_nothing():
    signal = np.zeros((3, 40))
    for row, place in enumerate((2, 20, 30)):
        signal[row, place : place + 8] = 5 * filters(8)[4]
    signal[2] += 0.1 * np.arange(40) + 3
    found = matched_filters(signal)
    assert found[:, 14] == pytest.approx([5, 5, 5], rel=1e-5)
    assert (found[:, 10:20].argmax(axis=1) == 4).all()


def test_what_is_no_table_of_signals_is_refused():
    for shape in ((40,), (3, 9), (2, 1, 40)):
        with pytest.raises(ValueError, match=r"matched_filters: x must have shape \(N, L\) with L from 10; got"):
            matched_filters(np.zeros(shape))


# -- the recorded curves ---------------------------------------------------------------------------------------------


def test_every_training_is_there():
    found = bitter_lesson()
    assert tuple(found) == MODELS
    for accuracies in found.values():
        assert accuracies.shape == (len(ROWS), SEEDS, len(STEPS))
        assert ((accuracies > 0.1) & (accuracies < 1)).all()  # nan is neither


def test_what_the_chapter_says_of_them():
    hand, mlp, cnn = bitter_lesson().values()
    assert (hand > cnn)[: ROWS.index(4000) + 1].all()
    assert (cnn > hand)[ROWS.index(8000) :, :, -1].all()
    assert not (cnn > hand)[:, :, : STEPS.index(600) + 1].any()
    assert (hand > mlp).all()


def test_the_tool_finds_what_is_recorded(monkeypatch):
    """60 steps, 1,000 signals, seed 1: so early, rounding has not yet parted two machines."""
    module = tool("make_bitter_lesson")
    monkeypatch.setattr(module, "STEPS", STEPS[:1])
    published = mnist1d().train
    x, y = np.concatenate([published.x] * 2), np.concatenate([published.y] * 2)
    assert (module.chosen(x, y, 4500, 0)[0][:4000].sum()) == pytest.approx(published.x.sum(), abs=0.5)
    x, y = module.chosen(x, y, 1000, 1)
    for name in ("mlp", "cnn"):
        [accuracy] = module.learned(name, (x, y), mnist1d().test, 1)
        assert accuracy == pytest.approx(bitter_lesson()[name][ROWS.index(1000), 1, 0], abs=0.006)


def test_the_tool_writes_a_line_for_each_training(monkeypatch):
    module = tool("make_bitter_lesson")
    signals = mnist1d().train
    monkeypatch.setattr(module, "pool", lambda: (signals.x, signals.y))
    monkeypatch.setattr(module, "learned", lambda name, train, test, seed: [len(train[0]) / 1000, seed / 10])
    lines = module.table(seeds=2, sizes=(50, 100)).splitlines()
    recorded = (ROOT / "data" / "bitter_lesson.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == recorded[0]
    assert lines[1:] == [
        f"{name},{count},{seed},{count / 1000:.3f},{seed / 10:.3f}"
        for seed in (0, 1) for count in (50, 100) for name in MODELS
    ]  # fmt: skip


# -- figures of a GPU ------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(monkeypatch, tmp_path):
    """Let `data_file` look here only."""

    def here(name):
        if not (tmp_path / name).is_file():
            raise FileNotFoundError(name)
        return tmp_path / name

    monkeypatch.setattr(
        sys.modules["dlcourse.data.cuda_figures"], "data_file", here
    )  # the package has a function of that name
    return tmp_path


def test_without_a_file_the_words_say_how_to_make_one(folder):
    figures = cuda_figures()
    assert figures.rows == ()
    assert repr(figures) == (
        "No CUDA figures have been recorded yet: run python tools/make_cuda_figures.py on a machine with an NVIDIA GPU."
    )


def test_a_file_is_shown_with_hardware_versions_and_command(folder):
    line = "64-64,CUDA,0.25,6.1e-08,Some GPU,2.13.0,13.0,2026-11-21"
    (folder / "cuda_figures.csv").write_text(f"{','.join(FIELDS)}\n{line}\n", encoding="utf-8")
    words = repr(cuda_figures())
    assert "Recorded on Some GPU, PyTorch 2.13.0, CUDA 13.0, 2026-11-21: python tools/make_cuda_figures.py" in words
    assert "0.250 ms an update, weights within 6e-08" in words


@pytest.mark.parametrize(
    "line", ["a,b", "n,r,fast,1,h,t,c,d", "n,r,1,-2,h,t,c,d", "n,r,1,,h,t,c,d", "n,r,1,2,h,t,c,d,e"]
)
def test_a_damaged_file_is_told(folder, line):
    (folder / "cuda_figures.csv").write_text(f"{','.join(FIELDS)}\n{line}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"cuda_figures: line 2 of cuda_figures\.csv is damaged; record it anew"):
        cuda_figures()


def test_the_tool_writes_what_the_loader_reads(folder, monkeypatch, capsys):
    module = tool("make_cuda_figures")
    job = module.ladder.random_job([4, 5, 3], 6)
    monkeypatch.setattr(module.ladder, "on_device", lambda job, name, *_, **__: module.ladder.batched(
        job, module.torch, name))  # fmt: skip
    text = module.table("cpu", {"tiny": (module.fast, job)})
    (folder / "cuda_figures.csv").write_text(text, encoding="utf-8")
    rows = cuda_figures().rows
    assert [row["rung"] for row in rows] == ["PyTorch, CPU, fit", "CPU", "CPU, bfloat16", "CPU, compiled"]
    assert {row["network"] for row in rows} == {"tiny"}
    assert all(float(row["milliseconds"]) > 0 for row in rows)


def test_the_tool_writes_nothing_without_a_gpu(monkeypatch, capsys, tmp_path):
    module = tool("make_cuda_figures")
    monkeypatch.setattr(module.torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(module, "TARGET", tmp_path / "figures.csv")
    assert module.main([]) == 1
    assert "sees no NVIDIA GPU" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        module.main(["--device", "cpu"])
    assert list(tmp_path.iterdir()) == []


def test_the_course_s_own_file_is_found_where_the_others_are():
    assert files.data_file("bitter_lesson.csv").is_file()
