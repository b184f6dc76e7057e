"""Which cell made a lab, so that running the cell again closes the lab that it made before."""

import sys
import weakref

_made: dict[str, tuple[int, list[weakref.ref]]] = {}


def replace_labs_of_this_cell(lab) -> None:
    """Remember that the running cell made `lab`, and close what an earlier run of the same cell made.

    Outside IPython nothing is remembered. Several labs made in one run of a cell live side by side.
    """
    cell = _running_cell()
    if cell is None:
        return
    name, run = cell
    previous_run, labs = _made.get(name, (run, []))
    if previous_run != run:
        for reference in labs:
            previous = reference()
            if previous is not None:
                previous.close()
        labs = []
    _made[name] = (run, [*labs, weakref.ref(lab)])


def _running_cell() -> tuple[str, int] | None:
    """(cell id, execution count) of the cell being run. Front ends that send no id are known by the cell's text."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if shell is None:
        return None
    parent = shell.get_parent() if hasattr(shell, "get_parent") else {}
    cell_id = parent.get("metadata", {}).get("cellId")
    text = parent.get("content", {}).get("code", "")
    return cell_id or text, shell.execution_count
