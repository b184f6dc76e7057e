"""Execute and normalise the notebooks: python tools/notebooks.py [--check] [notebook …]

Each notebook runs in a fresh kernel, with a time limit, and is written back in a normal form, so that a second run
changes no byte: no widget state, no model ids, no kernel version, execution counts 1, 2, …; written atomically. A cell
tagged `nbval-ignore-output` (timings, curves that vary) keeps its old output as long as neither its source nor a code
cell before it has changed: its metadata `made_from` is their hash. --check writes nothing and exits with 1 if
something would change.
"""

import argparse
import hashlib
import os
import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellControlSignal, DeadKernelError

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
    """Give a cell that varies its old output back if that was made from the same sources, and note which these are."""
    old = {cell.get("id"): cell for cell in previous.cells} if previous else {}
    sources = hashlib.sha256()
    for cell in notebook.cells:
        if cell.cell_type == "code":
            sources.update(cell.source.encode() + b"\0")
        if VARIES not in cell.metadata.get("tags", []):
            continue
        made_from, before = sources.hexdigest()[:12], old.get(cell.id)
        if before is not None and before.get("outputs") and before.metadata.get("made_from") == made_from:
            cell.outputs = before.outputs
        cell.metadata["made_from"] = made_from


def write_atomically(path: Path, text: str) -> None:
    temporary = path.with_suffix(".tmp")
    try:
        temporary.write_text(text, encoding="utf-8", newline="\n")
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _last_run(notebook) -> str:
    """The id of the cell in which a run ended."""
    started = [cell.id for cell in notebook.cells if "iopub.status.busy" in cell.metadata.get("execution", {})]
    return started[-1] if started else "?"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 if a notebook would change")
    parser.add_argument("notebooks", nargs="*", type=Path, default=sorted((ROOT / "notebooks").glob("*.ipynb")))
    options = parser.parse_args(arguments)
    changed = []
    for path in options.notebooks:
        before = path.read_text(encoding="utf-8")
        notebook, previous = nbformat.reads(before, 4), nbformat.reads(before, 4)
        try:
            execute(notebook)
        except (CellControlSignal, DeadKernelError) as error:
            print(
                f"{path.name}: cell {_last_run(notebook)} does not run; nothing is written.\n{error}", file=sys.stderr
            )
            return 1
        after = normalise(notebook, previous)
        if after != before:
            changed.append(path)
            if not options.check:
                write_atomically(path, after)
        print(f"{path.name}: {'changed' if after != before else 'as it was'}", flush=True)
    return 1 if options.check and changed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
