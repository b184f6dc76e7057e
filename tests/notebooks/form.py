"""The form of a notebook file. Every rule takes a notebook and its path and gives its complaints in words."""

import ast
import re
from pathlib import Path

import nbformat

MOST_BYTES = 400_000
TAGS = {"nbval-ignore-output", "raises-exception"}
VARIES = "nbval-ignore-output"
PERSONAL = {  # calls whose answer depends on who asks, when and on which machine
    *("progress", "doctor", "hint", "solution", "has_glove", "is_available", "device_count", "cpu_count"),
    *("get_num_threads", "perf_counter", "monotonic", "process_time", "time", "now", "today", "getenv", "getcwd", "home"),
    *("expanduser", "getuser", "gethostname", "platform", "get_terminal_size"),
}
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
READABLE = re.compile(r"[a-z]+[a-z0-9]*(-[a-z0-9]+)*")
RANDOM = re.compile(r"(?=.*\d)[0-9a-f]{8}")  # what nbformat gives a cell that nobody named
MACHINERY = {"matplotlib", "pylab", "seaborn", "plotly", "ipywidgets", "anywidget", "IPython", "traitlets"}
DRAWING = {"plot", "scatter", "imshow", "contour", "contourf", "hist", "add_subplot", "add_axes", "subplots", "figure"}
WIDGET_BASES = re.compile(r"(Widget|Lab|View|Box|LiveFigure|HasTraits)$")


def code_cells(notebook) -> list:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def markdown_cells(notebook) -> list:
    return [cell for cell in notebook.cells if cell.cell_type == "markdown"]


def valid_4_5(notebook, path: Path) -> list[str]:
    if (notebook.nbformat, notebook.nbformat_minor) != (4, 5):
        return [f"is of nbformat {notebook.nbformat}.{notebook.nbformat_minor}, not 4.5"]
    try:
        nbformat.validate(notebook, relax_add_props=False)
    except nbformat.ValidationError as error:
        return [f"is not valid: {str(error).splitlines()[0]}"]
    return []


def small(notebook, path: Path) -> list[str]:
    size = len((nbformat.writes(notebook) + "\n").encode())
    return [f"has {size:,} bytes; the limit is {MOST_BYTES:,}"] if size > MOST_BYTES else []


def readable_ids(notebook, path: Path) -> list[str]:
    ids = [cell.id for cell in notebook.cells]
    bad = [id for id in ids if not READABLE.fullmatch(id) or RANDOM.fullmatch(id) or len(id) > 40]
    twice = sorted({id for id in ids if ids.count(id) > 1})
    return [f"cell {id}: this id says nothing" for id in bad] + [f"cell {id}: two cells have this id" for id in twice]


def counted(notebook, path: Path) -> list[str]:
    counts = [cell.execution_count for cell in code_cells(notebook)]
    if counts != list(range(1, len(counts) + 1)):
        return [f"has the execution counts {counts}; a fresh run counts 1, 2, 3 …"]
    results = [(c, o) for c in code_cells(notebook) for o in c.outputs if o.output_type == "execute_result"]
    return [f"cell {c.id}: a result of another run" for c, o in results if o.execution_count != c.execution_count]


def without_errors(notebook, path: Path) -> list[str]:
    complaints = []
    for cell in code_cells(notebook):
        failed = any(output.output_type == "error" for output in cell.outputs)
        expected = "raises-exception" in cell.metadata.get("tags", [])
        if failed and not expected:
            complaints.append(f"cell {cell.id}: ends with an error")
        if expected and not failed:
            complaints.append(f"cell {cell.id}: is tagged raises-exception and raises nothing")
    return complaints


def nothing_on_stderr(notebook, path: Path) -> list[str]:
    cells = code_cells(notebook)
    return [f"cell {c.id}: prints a warning" for c in cells if any(o.get("name") == "stderr" for o in c.outputs)]


def alternative_texts(notebook, path: Path) -> list[str]:
    complaints = []
    for cell in code_cells(notebook):
        for output in cell.outputs:
            images = [mime for mime in output.get("data", {}) if mime.startswith("image/")]
            texts = [output.get("metadata", {}).get(mime, {}).get("alt", "") for mime in images]
            if any(len(text) < 10 for text in texts) or _images_without_text(
                output.get("data", {}).get("text/html", "")
            ):
                complaints.append(f"cell {cell.id}: a picture without alternative text")
    bad = [cell for cell in markdown_cells(notebook) if "![](" in cell.source or _images_without_text(cell.source)]
    return complaints + [f"cell {cell.id}: a picture without alternative text" for cell in bad]


def _images_without_text(html: str) -> bool:
    return any(not re.search(r"\balt=[\"'][^\"']", tag) for tag in re.findall(r"<img\b[^>]*", html))


def no_widget_state(notebook, path: Path) -> list[str]:
    complaints = (
        ["keeps metadata.widgets, which GitHub refuses when incomplete"] if "widgets" in notebook.metadata else []
    )
    shown = [cell for cell in code_cells(notebook) if any(WIDGET_VIEW in o.get("data", {}) for o in cell.outputs)]
    return complaints + [f"cell {cell.id}: keeps the id of a widget that is gone" for cell in shown]


def known_tags(notebook, path: Path) -> list[str]:
    tags = [(cell.id, tag) for cell in notebook.cells for tag in cell.metadata.get("tags", [])]
    return [f"cell {id}: the tag {tag} is unknown" for id, tag in tags if tag not in TAGS]


def the_same_for_everyone(notebook, path: Path) -> list[str]:
    """What depends on the learner, the moment or the machine is shown, but not compared by nbval."""
    compared = [c for c in code_cells(notebook) if c.outputs and VARIES not in c.metadata.get("tags", [])]
    found = [(cell.id, name) for cell in compared for name in sorted(_called(cell.source) & PERSONAL)]
    return [f"cell {id}: shows what {name}() answers, and is not tagged {VARIES}" for id, name in found]


def _called(source: str) -> set[str]:
    try:
        calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    except SyntaxError:  # only_ideas_in_cells complains
        return set()
    names = [(ast.unparse(call.func).rpartition(".")[2], call.args) for call in calls]
    return {name for name, arguments in names if not (name == "doctor" and arguments)}  # that is a network, in LIME


def only_ideas_in_cells(notebook, path: Path) -> list[str]:
    """No imports of plotting or widget packages, no plotting helper, no widget class, no magic command in a cell."""
    return [f"cell {cell.id}: {words}" for cell in code_cells(notebook) for words in _machinery(cell.source)]


def _machinery(source: str) -> list[str]:
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return ["is not plain Python (a magic command?)"]
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [f"imports {a.name}" for a in node.names if a.name.partition(".")[0] in MACHINERY]
        elif isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] in MACHINERY:
            found.append(f"imports {node.module}")
        elif isinstance(node, ast.FunctionDef) and (_draws(node) or re.match(r"(plot|draw|show)", node.name)):
            found.append(f"defines the plotting function {node.name}")
        elif isinstance(node, ast.ClassDef) and any(WIDGET_BASES.search(ast.unparse(base)) for base in node.bases):
            found.append(f"defines the widget class {node.name}")
    return found


def _draws(function: ast.FunctionDef) -> bool:
    calls = [node.func for node in ast.walk(function) if isinstance(node, ast.Call)]
    return any(isinstance(call, ast.Attribute) and call.attr in DRAWING for call in calls)


def plain_metadata(notebook, path: Path) -> list[str]:
    """Only what does not change from machine to machine."""
    language, kernel = notebook.metadata.get("language_info", {}), notebook.metadata.get("kernelspec", {})
    complaints = ["names a version of Python in its metadata"] if "version" in language else []
    return complaints + ([] if kernel.get("name") == "python3" else ["does not ask for the kernel python3"])


RULES = (
    valid_4_5, small, readable_ids, counted, without_errors, nothing_on_stderr, alternative_texts, no_widget_state,
    known_tags, the_same_for_everyone, only_ideas_in_cells, plain_metadata,
)  # fmt: skip
