"""tools/notebooks.py: what it writes is the same each time, on every machine, and a failure costs nothing."""

import importlib.util
import json
from pathlib import Path

import nbformat
import pytest
from nbformat import v4

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
SHOWING = (
    "import ipywidgets\nfrom dlcourse.labs import plots",
    "ipywidgets.IntSlider(3)",
    "plots.bars('Two bars of the same length', ['a', 'b'], [1, 1], 'length')",
    "import time\nprint(time.time_ns())",
)


@pytest.fixture
def tool(monkeypatch):
    monkeypatch.setenv("DLCOURSE_DATA_DIR", "the tool sets its own; this one comes back after the test")
    spec = importlib.util.spec_from_file_location("notebook_tool", ROOT / "tools" / "notebooks.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def notebook_of(*sources, varies=()):
    """A notebook of code cells; those with an index in `varies` are tagged so."""
    cells = [v4.new_code_cell(source, id=f"cell-{n}") for n, source in enumerate(sources)]
    for n in varies:
        cells[n].metadata["tags"] = ["nbval-ignore-output"]
    return v4.new_notebook(cells=cells)


def write(path: Path, notebook) -> Path:
    path.write_text(nbformat.writes(notebook), encoding="utf-8")
    return path


def stream(text: str, name: str = "stdout"):
    return v4.new_output("stream", name=name, text=text)


def pretend_run(tool, monkeypatch, *texts):
    """Let every cell print the next of these texts, without a kernel; the last text again and again."""
    left = list(texts)

    def execute(notebook):
        for cell in notebook.cells:
            cell.outputs = [stream(left.pop(0) if len(left) > 1 else left[0])]

    monkeypatch.setattr(tool, "execute", execute)


# With a real kernel.


def test_a_second_run_changes_no_byte(tool, tmp_path, capsys):
    path = write(tmp_path / "small.ipynb", notebook_of(*SHOWING, varies=[3]))
    assert tool.main([str(path)]) == 0
    first = path.read_bytes()
    assert tool.main([str(path)]) == 0
    assert tool.main(["--check", str(path)]) == 0
    assert path.read_bytes() == first
    assert capsys.readouterr().out.splitlines() == ["small.ipynb: changed", *["small.ipynb: as it was"] * 2]
    _, slider, figure, clock = json.loads(first)["cells"]
    assert slider["outputs"][0]["data"] == {"text/plain": ["IntSlider(value=3)"]}
    assert figure["outputs"][0]["metadata"]["image/png"]["alt"] == "Two bars of the same length"
    assert int(clock["outputs"][0]["text"][0]) > 0
    assert [path.name for path in tmp_path.iterdir()] == ["small.ipynb"]


def test_an_error_is_reported_with_its_cell_and_nothing_is_written(tool, tmp_path, capsys):
    path = write(tmp_path / "small.ipynb", notebook_of("x = 1", "1 / 0", "x"))
    before = path.read_bytes()
    assert tool.main([str(path)]) == 1
    said = capsys.readouterr().err
    assert "small.ipynb: cell cell-1 does not run; nothing is written." in said
    assert "ZeroDivisionError" in said
    assert path.read_bytes() == before


def test_an_expected_error_and_the_learners_progress(tool, tmp_path):
    solve = "from dlcourse.exercises import check, store\ncheck('03.1', (0.5, 0.5, 0.2)), str(store.folder())"
    notebook = notebook_of(solve, "1 / 0")
    notebook.cells[1].metadata["tags"] = ["raises-exception"]
    path = write(tmp_path / "small.ipynb", notebook)
    assert tool.main([str(path)]) == 0
    solved, failed = nbformat.read(path, 4).cells
    assert "the tool sets its own" not in solved.outputs[0].data["text/plain"]
    assert failed.outputs[0].ename == "ZeroDivisionError"


# The normal form.


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_notebooks_are_in_normal_form(tool, path):
    text = path.read_text(encoding="utf-8")
    assert tool.normalise(nbformat.reads(text, 4), nbformat.reads(text, 4)) == text


def test_what_differs_between_machines_is_left_out(tool):
    notebook = notebook_of("a", "b")
    notebook.metadata.update(widgets={"state": {}}, kernelspec={"name": "mine"}, language_info={"version": "3.99"})
    notebook.cells[0].metadata.update(execution={"iopub.status.busy": "2026"}, collapsed=True)
    notebook.cells[1].update(execution_count=17)
    view = v4.new_output("display_data", data={tool.WIDGET: {"model_id": "abc"}, "text/plain": "Lab"})
    picture = v4.new_output("display_data", data={"image/png": "x"}, metadata={"image/png": {"alt": "A"}, "other": 1})
    result = v4.new_output("execute_result", data={"text/plain": "3"}, execution_count=17)
    notebook.cells[1].outputs = [view, picture, result]
    written = json.loads(tool.normalise(notebook))
    assert written["metadata"]["kernelspec"]["name"] == "python3"
    assert "version" not in written["metadata"]["language_info"]
    assert "widgets" not in written["metadata"]
    assert written["cells"][0]["metadata"] == {}
    assert [cell["execution_count"] for cell in written["cells"]] == [1, 2]
    view, picture, result = written["cells"][1]["outputs"]
    assert view["data"] == {"text/plain": ["Lab"]}
    assert picture["metadata"] == {"image/png": {"alt": "A"}}
    assert result["execution_count"] == 2


def test_pieces_of_one_stream_are_joined_and_those_of_two_are_not(tool):
    notebook = notebook_of("a")
    notebook.cells[0].outputs = [stream("1\n"), stream("2\n"), stream("no", "stderr"), stream("3\n")]
    [cell] = json.loads(tool.normalise(notebook))["cells"]
    assert [(o["name"], "".join(o["text"])) for o in cell["outputs"]] == [
        ("stdout", "1\n2\n"), ("stderr", "no"), ("stdout", "3\n"),
    ]  # fmt: skip


def test_tags_are_kept(tool):
    [cell] = json.loads(tool.normalise(notebook_of("a", varies=[0])))["cells"]
    assert cell["metadata"]["tags"] == ["nbval-ignore-output"]


# What varies, --check, and failures.


def outputs(path: Path) -> list[str]:
    return ["".join(o.text for o in cell.outputs) for cell in nbformat.read(path, 4).cells]


def test_what_varies_keeps_its_old_output_while_no_source_before_it_changes(tool, tmp_path, monkeypatch):
    path = write(tmp_path / "small.ipynb", notebook_of("a", "b", "c", varies=[1]))
    pretend_run(tool, monkeypatch, "a1", "b1", "c1", "a2", "b2", "c2", "a3", "b3", "c3")
    tool.main([str(path)])
    assert outputs(path) == ["a1", "b1", "c1"]
    tool.main([str(path)])
    assert outputs(path) == ["a2", "b1", "c2"]
    notebook = nbformat.read(path, 4)
    notebook.cells[0].source = "changed"
    write(path, notebook)
    tool.main([str(path)])
    assert outputs(path) == ["a3", "b3", "c3"]


def test_check_tells_and_writes_nothing(tool, tmp_path, monkeypatch, capsys):
    path = write(tmp_path / "small.ipynb", notebook_of("a"))
    before = path.read_bytes()
    pretend_run(tool, monkeypatch, "1")
    assert tool.main(["--check", str(path)]) == 1
    assert path.read_bytes() == before
    assert capsys.readouterr().out == "small.ipynb: changed\n"
    assert tool.main([str(path)]) == 0
    assert tool.main(["--check", str(path)]) == 0


def test_a_write_that_fails_leaves_the_old_notebook_and_no_litter(tool, tmp_path, monkeypatch):
    def full(self, target):
        raise OSError("No space left on device")

    path = write(tmp_path / "small.ipynb", notebook_of("a"))
    before = path.read_bytes()
    pretend_run(tool, monkeypatch, "1")
    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        tool.main([str(path)])
    assert path.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["small.ipynb"]


def test_without_names_all_notebooks_are_meant(tool, monkeypatch):
    seen = []
    monkeypatch.setattr(tool, "execute", lambda notebook: seen.append(notebook.cells[0].source.splitlines()[0]))
    tool.main(["--check"])
    assert [title[:4] for title in seen] == [f"# {path.name[:2]}" for path in NOTEBOOKS]
