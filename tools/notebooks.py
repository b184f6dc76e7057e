"""Execute and normalise the notebooks: python tools/notebooks.py [--check] [notebook …]

Each notebook runs in a fresh kernel, with a time limit, and is written back in a normal form, so that a second run
changes no byte: no widget state, no model ids, no kernel version, execution counts 1, 2, …; written atomically. A cell
tagged `nbval-ignore-output` (timings, curves that vary) keeps its old output as long as no source before it has
changed. --check writes nothing and exits with 1 if something would change.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parents[1]
CELL_SECONDS = 120
WIDGET = "application/vnd.jupyter.widget-view+json"
VARIES = "nbval-ignore-output"


def execute(notebook) -> None:
    """Run all cells in place. An error in a cell stops the run with the cell's own message."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DLCOURSE_DATA_DIR"] = folder  # a newcomer's progress, not the author's
        client = NotebookClient(
            notebook, timeout=CELL_SECONDS, kernel_name="python3", resources={"metadata": {"path": folder}}
        )
        client.execute()


def normalise(notebook, previous=None) -> str:
    """The notebook's text in normal form."""
    notebook.metadata = nbformat.from_dict(
        {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"file_extension": ".py", "mimetype": "text/x-python", "name": "python"},
        }
    )
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for count, cell in enumerate(code, 1):
        tags = cell.metadata.get("tags")
        cell.metadata = nbformat.from_dict({"tags": tags} if tags else {})
        cell.execution_count = count
        cell.outputs = [_plain(output, count) for output in _merged(cell.outputs)]
    _keep_what_varies(notebook, previous)
    return nbformat.writes(notebook) + "\n"


def _plain(output, count: int):
    if "execution_count" in output:
        output.execution_count = count
    if "data" in output:
        output.data.pop(WIDGET, None)
    if "metadata" in output:
        output.metadata = nbformat.from_dict({k: v for k, v in output.metadata.items() if k == "image/png"})
    return output


def _merged(outputs):
    """Neighbouring pieces of one stream joined: how they are cut depends on timing."""
    merged = []
    for output in outputs:
        if merged and output.output_type == "stream" == merged[-1].output_type and output.name == merged[-1].name:
            merged[-1].text += output.text
        else:
            merged.append(output)
    return merged


def _keep_what_varies(notebook, previous) -> None:
    if previous is None:
        return
    for new, old in zip(notebook.cells, previous.cells, strict=False):
        if new.source != old.source or new.cell_type != old.cell_type:
            return
        if VARIES in new.metadata.get("tags", []) and old.get("outputs"):
            new.outputs = old.outputs


def write_atomically(path: Path, text: str) -> None:
    temporary = path.with_suffix(".tmp")
    temporary.write_text(text, encoding="utf-8", newline="\n")
    temporary.replace(path)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 if a notebook would change")
    parser.add_argument("notebooks", nargs="*", type=Path, default=sorted((ROOT / "notebooks").glob("*.ipynb")))
    options = parser.parse_args(arguments)
    changed = []
    for path in options.notebooks:
        before = path.read_text(encoding="utf-8")
        notebook, previous = nbformat.reads(before, 4), nbformat.reads(before, 4)
        execute(notebook)
        after = normalise(notebook, previous)
        if after != before:
            changed.append(path)
            if not options.check:
                write_atomically(path, after)
        print(f"{path.name}: {'changed' if after != before else 'as it was'}", flush=True)
    return 1 if options.check and changed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
