"""What a chapter consists of. Every rule takes a notebook and its path and gives its complaints in words."""

import ast
import re
import statistics
from pathlib import Path

from tests.notebooks.form import code_cells, markdown_cells

HEADINGS = (
    "What you will be able to do", "Setup", "The question", "The idea", "By hand", "In NumPy", "See it move",
    "On real data", "The same in PyTorch", "Common claims, tested", "When it goes wrong", "Exercises", "Summary",
)  # fmt: skip
PROMISE = re.compile(r"\*\d+ minutes · needs: .+ · .*(CPU|GPU).*\*")
NOTATION = "| symbol | in code | shape | meaning |"
TERMS = "| English | Korean | meaning |"
SETUP_LINES, MEDIAN_LINES, MOST_LINES = 10, 7, 25
EXERCISES = 5


def sections(notebook) -> dict[str, list]:
    """Heading of the second level -> its cells, the heading's own first. What stands before is under ""."""
    found: dict[str, list] = {"": []}
    for cell in notebook.cells:
        headings = _headings(cell, 2)
        if headings:
            found[headings[0]] = []
        found[list(found)[-1]].append(cell)
    return found


def _headings(cell, level: int) -> list[str]:
    if cell.cell_type != "markdown":
        return []
    text = re.sub(r"```.*?```", "", cell.source, flags=re.DOTALL)
    return re.findall(rf"^{'#' * level} (.+)$", text, flags=re.MULTILINE)


def _text(notebook, heading: str) -> str:
    return "\n".join(cell.source for cell in sections(notebook).get(heading, []) if cell.cell_type == "markdown")


def _code(notebook, heading: str) -> str:
    return "\n".join(cell.source for cell in sections(notebook).get(heading, []) if cell.cell_type == "code")


def chapter(path: Path) -> str:
    """The number in the file's name: "03" for 03-perceptron.ipynb."""
    return path.name[:2]


def title_and_promise(notebook, path: Path) -> list[str]:
    """`# NN Title`, NN as in the file's name; then minutes, needs and device; then what happens in the notebook."""
    titles = [title for cell in notebook.cells for title in _headings(cell, 1)]
    if len(titles) != 1 or not titles[0].startswith(f"{chapter(path)} "):
        return [f"must have one title that begins with {chapter(path)}; it has {titles}"]
    paragraphs = notebook.cells[0].source.split("\n\n")
    if not paragraphs[0].startswith("# ") or len(paragraphs) < 3 or not PROMISE.fullmatch(paragraphs[1]):
        return ["must promise under its title: *60 minutes · needs: … · CPU is enough*, then a sentence"]
    return []


def fixed_headings(notebook, path: Path) -> list[str]:
    found = tuple(heading for cell in notebook.cells for heading in _headings(cell, 2))
    inner = [c.id for c in notebook.cells if _headings(c, 2) and not c.source.startswith("## ")]
    complaints = [] if found == HEADINGS else [f"has the headings {found}, not {HEADINGS}"]
    return complaints + [f"cell {id}: a heading must begin its cell" for id in inner]


def short_setup(notebook, path: Path) -> list[str]:
    lines = len(_code(notebook, "Setup").splitlines())
    return [] if 1 <= lines <= SETUP_LINES else [f"has {lines} lines of setup; 1 to {SETUP_LINES} are allowed"]


def short_cells(notebook, path: Path) -> list[str]:
    lines = {cell.id: len(cell.source.splitlines()) for cell in code_cells(notebook)}
    complaints = [f"cell {id}: {n} lines; the limit is {MOST_LINES}" for id, n in lines.items() if n > MOST_LINES]
    median = statistics.median(lines.values()) if lines else 0
    return complaints + ([f"has a median of {median} lines a code cell"] if median > MEDIAN_LINES else [])


def prose_before_code(notebook, path: Path) -> list[str]:
    pairs = zip([None, *notebook.cells], notebook.cells, strict=False)
    bare = [c for before, c in pairs if c.cell_type == "code" and (before is None or before.cell_type != "markdown")]
    silent = [c for c in markdown_cells(notebook) if not re.sub(r"^#.*$", "", c.source, flags=re.MULTILINE).strip()]
    complaints = [f"cell {cell.id}: code without a word before it" for cell in bare]
    return complaints + [f"cell {cell.id}: a heading and no word" for cell in silent]


def question_with_prediction(notebook, path: Path) -> list[str]:
    return [] if "**Predict" in _text(notebook, "The question") else ["must ask for a prediction: **Predict.**"]


def notation_table(notebook, path: Path) -> list[str]:
    return [] if NOTATION in _text(notebook, "The idea") else [f"needs the notation table {NOTATION}"]


def asserts(notebook, path: Path) -> list[str]:
    bare = [h for h in ("By hand", "In NumPy", "Common claims, tested") if "assert " not in _code(notebook, h)]
    return [f"asserts nothing under {heading}" for heading in bare]


def lab_with_a_task(notebook, path: Path) -> list[str]:
    code, text = _code(notebook, "See it move"), _text(notebook, "See it move")
    complaints = [] if re.search(r"\w+Lab\(", code) else ["shows no lab under See it move"]
    return complaints + [
        f"lacks under See it move: {w}" for w in ("Your task", "What you should have seen") if w not in text
    ]


def one_import_changed(notebook, path: Path) -> list[str]:
    code = _code(notebook, "The same in PyTorch")
    complaints = [] if "import torch" in code else ["does not import torch under The same in PyTorch"]
    return complaints + ([] if "assert " in code else ["does not assert that the two engines agree"])


def claims_with_verdicts(notebook, path: Path) -> list[str]:
    text = _text(notebook, "Common claims, tested")
    claims, verdicts = re.findall(r"^> ", text, flags=re.MULTILINE), re.findall(r"\*\*Verdict: ", text)
    return [] if claims and len(claims) == len(verdicts) else [f"has {len(claims)} claims and {len(verdicts)} verdicts"]


def exercises_with_checks(notebook, path: Path) -> list[str]:
    """At least five, numbered in order; each has a statement, an untouched stub, and its check of just that stub."""
    cells, complaints, ids = sections(notebook).get("Exercises", []), [], []
    for place, cell in enumerate(cells):
        call = re.fullmatch(r'check\("([\d.]+)", (\w+)\)', cell.source) if cell.cell_type == "code" else None
        if call is None:
            continue
        ids.append(call[1])
        stub = next((c.source for c in reversed(cells[:place]) if c.cell_type == "code"), "")
        if not _is_stub_of(stub, call[2]):
            complaints.append(f"cell {cell.id}: no stub of {call[2]} before the check")
        if f"**{call[1]}**" not in _text(notebook, "Exercises"):
            complaints.append(f"cell {cell.id}: exercise {call[1]} has no statement")
        if not any(o.get("data", {}).get("text/plain") == f"{call[1]}: not answered yet." for o in cell.outputs):
            complaints.append(f"cell {cell.id}: does not show 'not answered yet'")
    expected = [f"{chapter(path)}.{number}" for number in range(1, len(ids) + 1)]
    if len(ids) < EXERCISES or ids != expected:
        complaints.append(
            f"checks {ids}; at least {EXERCISES} are needed, numbered {chapter(path)}.1, {chapter(path)}.2 …"
        )
    return complaints


def _is_stub_of(source: str, name: str) -> bool:
    """`name = ...`, or a function `name` with nothing but `...`, and a docstring perhaps, in it."""
    try:
        [statement] = ast.parse(source).body
    except (SyntaxError, ValueError):
        return False
    if isinstance(statement, ast.Assign):
        return ast.unparse(statement) == f"{name} = ..."
    if not isinstance(statement, ast.FunctionDef) or statement.name != name:
        return False
    body = statement.body[1:] if ast.get_docstring(statement) else statement.body
    return [ast.unparse(line) for line in body] == ["..."]


def one_quiz(notebook, path: Path) -> list[str]:
    wanted, code = f'quiz("{chapter(path)}")', _code(notebook, "Exercises")
    return [] if re.findall(r'quiz\("\d+"\)', code) == [wanted] else [f"must end its exercises with {wanted}"]


def terms_in_two_languages(notebook, path: Path) -> list[str]:
    _, header, table = _text(notebook, "Summary").partition(TERMS)
    rows = [line.split("|")[1:-1] for line in table.split("\n\n")[0].splitlines()[2:]]
    if not header or len(rows) < 3:
        return [f"needs a table of at least three terms: {TERMS}"]
    bad = [row for row in rows if len(row) != 3 or not re.search("[가-힣]", row[1]) or not row[0].strip().isascii()]
    return [f"has a term that is not English | Korean | meaning: {'|'.join(row).strip()}" for row in bad]


def dated_references(notebook, path: Path) -> list[str]:
    found = re.search(r"^\*\*References\.\*\* (.+)$", _text(notebook, "Summary"), flags=re.MULTILINE)
    if found is None:
        return ["gives no **References.** in its summary"]
    undated = [r for r in found[1].split(" · ") if not re.search(r"\b(1[6-9]|20)\d\d\b", re.sub(r"doi:\S+", "", r))]
    return [f"has a reference without a year: {reference}" for reference in undated]


def links_lead_somewhere(notebook, path: Path) -> list[str]:
    links = [
        link
        for c in markdown_cells(notebook)
        for link in re.findall(r"\]\((?!https?://|#|mailto:)([^)#]+)[^)]*\)", c.source)
    ]
    return [f"links to {link}, which is not there" for link in links if not (path.parent / link).exists()]


RULES = (
    title_and_promise, fixed_headings, short_setup, short_cells, prose_before_code, question_with_prediction,
    notation_table, asserts, lab_with_a_task, one_import_changed, claims_with_verdicts, exercises_with_checks, one_quiz,
    terms_in_two_languages, dated_references, links_lead_somewhere,
)  # fmt: skip
