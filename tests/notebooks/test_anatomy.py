"""Every notebook keeps every rule of form and anatomy; and every rule finds what breaks it, and nothing else does."""

from pathlib import Path

import nbformat
import pytest
from nbformat import v4

from tests.notebooks import anatomy, form
from tests.notebooks.example import chapter_notebook

NOTEBOOKS = sorted((Path(__file__).resolve().parents[2] / "notebooks").glob("*.ipynb"))
RULES = {rule.__name__: rule for rule in (*form.RULES, *anatomy.RULES)}
PATH = Path("07-title.ipynb")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
@pytest.mark.parametrize("rule", RULES)
def test_notebook(path, rule):
    complaints = RULES[rule](nbformat.read(path, as_version=nbformat.NO_CONVERT), path)
    assert not complaints, "\n".join(f"{path.name} {complaint}" for complaint in complaints)


def test_there_are_notebooks_and_their_numbers_differ():
    numbers = [anatomy.chapter(path) for path in NOTEBOOKS]
    assert {"03", "04"} <= set(numbers)
    assert len(numbers) == len(set(numbers))


@pytest.mark.parametrize("rule", RULES)
def test_the_example_keeps_every_rule(rule):
    assert RULES[rule](chapter_notebook(), PATH) == []


# How to break each rule: rule, words of its complaint, what is done to the good example.


def cell(notebook, id):
    return next(cell for cell in notebook.cells if cell.id == id)


def replace(id, old, new):
    def change(notebook):
        assert old in cell(notebook, id).source
        cell(notebook, id).source = cell(notebook, id).source.replace(old, new)

    return change


def drop(*ids):
    return lambda notebook: notebook.update(cells=[c for c in notebook.cells if c.id not in ids])


def output(id, **changes):
    return lambda notebook: cell(notebook, id).outputs.append(v4.new_output(**changes))


def shown(id, mime, content):
    return output(id, output_type="display_data", data={mime: content})


def code(source):
    return replace("by-hand-added", "print(x)", source)


def change(which, **changes):
    return lambda notebook: cell(notebook, which).update(changes)


def tag(id, *tags):
    return lambda notebook: cell(notebook, id).metadata.update(tags=list(tags))


def swap(a, b):
    def exchange(notebook):
        i, j = (notebook.cells.index(cell(notebook, id)) for id in (a, b))
        notebook.cells[i], notebook.cells[j] = notebook.cells[j], notebook.cells[i]

    return exchange


def picture(notebook, **metadata):
    cell(notebook, "see-lab").outputs[0].metadata = nbformat.from_dict(metadata)


BROKEN = [
    ("valid_4_5", "4.4, not 4.5", lambda n: n.update(nbformat_minor=4)),
    ("valid_4_5", "is not valid", lambda n: cell(n, "goals").update(surprise=1)),
    ("small", "the limit is 400,000", replace("goals", "say it", "say it" * 70_000)),
    ("readable_ids", "says nothing", change("wrong", id="a1b2c3d4")),
    ("readable_ids", "says nothing", change("wrong", id="Wrong_1")),
    ("readable_ids", "says nothing", change("wrong", id="a" * 41)),
    ("readable_ids", "two cells have this id", change("wrong", id="see")),
    ("counted", "a fresh run counts 1, 2, 3", change("see-lab", execution_count=None)),
    ("counted", "a fresh run counts 1, 2, 3", change("see-lab", execution_count=17)),
    ("counted", "a result of another run", lambda n: cell(n, "see-lab").outputs[0].update(execution_count=17)),
    ("without_errors", "by-hand-added: ends with an error", output("by-hand-added", output_type="error", ename="E")),
    ("without_errors", "raises nothing", tag("by-hand-added", "raises-exception")),
    ("nothing_on_stderr", "prints a warning", output("by-hand-added", output_type="stream", name="stderr", text="W")),
    ("alternative_texts", "see-lab: a picture without", picture),
    ("alternative_texts", "see-lab: a picture without", lambda n: picture(n, **{"image/png": {"alt": "lab"}})),
    ("alternative_texts", "see-lab: a picture", shown("see-lab", "image/svg+xml", "x")),
    ("alternative_texts", "see-lab: a picture", shown("see-lab", "text/html", "<img src='a.png'>")),
    ("alternative_texts", "goals: a picture", replace("goals", "- say it", "![](a.png)")),
    ("alternative_texts", "goals: a picture", replace("goals", "- say it", '<img src="a.png" alt="">')),
    ("no_widget_state", "metadata.widgets", lambda n: n.metadata.update(widgets={})),
    ("no_widget_state", "see-lab: keeps the id", shown("see-lab", form.WIDGET_VIEW, {})),
    ("known_tags", "the tag nbval-skip is unknown", tag("see-lab", "nbval-skip")),
    ("the_same_for_everyone", "shows what progress() answers", replace("quiz-07", 'quiz("07")', 'progress("07")')),
    ("the_same_for_everyone", "shows what doctor() answers", replace("quiz-07", 'quiz("07")', "print(doctor().brief)")),
    ("the_same_for_everyone", "what is_available() answers", replace("quiz-07", "quiz", "torch.cuda.is_available();quiz")),
    ("the_same_for_everyone", "what time() answers", replace("quiz-07", 'quiz("07")', "time.time()")),
    ("only_ideas_in_cells", "imports matplotlib.pyplot", code("import matplotlib.pyplot as plt")),
    ("only_ideas_in_cells", "imports matplotlib", code("from matplotlib import pyplot")),
    ("only_ideas_in_cells", "imports ipywidgets", code("def f():\n    from ipywidgets import IntSlider")),
    ("only_ideas_in_cells", "imports IPython.display", code("from IPython.display import display")),
    ("only_ideas_in_cells", "plotting function curve", code("def curve(axes):\n    axes.plot([1, 2])")),
    ("only_ideas_in_cells", "plotting function plot_it", code("def plot_it():\n    return 1")),
    ("only_ideas_in_cells", "widget class Mine", code("class Mine(labs.Lab):\n    pass")),
    ("only_ideas_in_cells", "not plain Python", code("%matplotlib inline")),
    ("plain_metadata", "version of Python", lambda n: n.metadata.language_info.update(version="3.11.7")),
    ("plain_metadata", "kernel python3", lambda n: n.metadata.kernelspec.update(name="my-venv")),
    ("title_and_promise", "title that begins with 07", replace("title", "# 07 ", "# 08 ")),
    ("title_and_promise", "title that begins with 07", replace("goals", "- say it", "# 07 Again")),
    ("title_and_promise", "must promise", replace("title", "60 minutes", "some time")),
    ("title_and_promise", "must promise", replace("title", "CPU is enough", "bring water")),
    ("title_and_promise", "must promise", replace("title", "\n\nIn this notebook we see it.", "")),
    ("fixed_headings", "has the headings", drop("real")),
    ("fixed_headings", "has the headings", swap("real", "wrong")),
    ("fixed_headings", "has the headings", replace("real", "On real data", "On Real Data")),
    ("fixed_headings", "must begin its cell", replace("real", "## ", "Words.\n\n## ")),
    ("short_setup", "has 11 lines of setup", replace("setup-imports", "import", "\n" * 10 + "import")),
    ("short_setup", "has 0 lines of setup", drop("setup-imports")),
    ("short_cells", "26 lines; the limit is 25", code("\n" * 23 + "x")),
    ("short_cells", "median of 8", lambda n: [c.update(source="\n" * 7 + c.source) for c in form.code_cells(n)[:9]]),
    ("prose_before_code", "exercise-1-check: code without", drop("exercise-1-text")),
    ("prose_before_code", "title: code without", change("title", cell_type="code")),
    ("prose_before_code", "goals: a heading and no word", replace("goals", "- say it.", "")),
    ("question_with_prediction", "**Predict.**", replace("question", "**Predict.**", "")),
    ("notation_table", "notation table", replace("idea", "shape", "size")),
    ("asserts", "nothing under By hand", replace("by-hand-added", "assert x == 2", "")),
    ("asserts", "nothing under In NumPy", replace("in-numpy-added", "assert ", "")),
    ("asserts", "nothing under Common claims", replace("claims-tried", "assert ", "")),
    ("lab_with_a_task", "no lab", replace("see-lab", "SomeLab()", "3")),
    ("lab_with_a_task", "Your task", replace("see", "Your task", "Do this")),
    ("lab_with_a_task", "What you should have seen", replace("see-what", "should have seen", "saw")),
    ("one_import_changed", "does not import torch", replace("pytorch-same", "import torch", "")),
    ("one_import_changed", "two engines agree", replace("pytorch-same", "assert ", "")),
    ("claims_with_verdicts", "1 claims and 0 verdicts", replace("claims-verdict", "Verdict", "So")),
    ("claims_with_verdicts", "0 claims and 1 verdicts", replace("claims", "> ", "")),
    ("exercises_with_checks", "at least 5 are needed", drop("exercise-5", "exercise-5-answer", "exercise-5-check")),
    ("exercises_with_checks", "numbered 07.1", replace("exercise-2-check", "07.2", "08.2")),
    ("exercises_with_checks", "no stub of answer_3", replace("exercise-3-answer", "...", "return 3")),
    ("exercises_with_checks", "no stub of answer_2", replace("exercise-2-answer", "...", "3")),
    ("exercises_with_checks", "no stub of answer_4", drop("exercise-4-answer")),
    ("exercises_with_checks", "no stub of answer_4", replace("exercise-4-answer", "answer_4", "another")),
    ("exercises_with_checks", "07.1 has no statement", replace("exercise-1", "**07.1**", "First.")),
    ("exercises_with_checks", "does not show", change("exercise-1-check", outputs=[])),
    ("one_quiz", 'quiz("07")', drop("quiz-07")),
    ("one_quiz", 'quiz("07")', replace("quiz-07", "07", "03")),
    ("terms_in_two_languages", "table of at least three", replace("summary", "| bias | 편향 | b |\n", "")),
    ("terms_in_two_languages", "table of at least three", replace("summary", "| Korean |", "| 한국어 |")),
    ("terms_in_two_languages", "bias | bias | b", replace("summary", "편향", "bias")),
    ("terms_in_two_languages", "not English | Korean", replace("summary", "| 편향 | b |", "| 편향 |")),
    ("dated_references", "gives no", replace("summary", "**References.**", "")),
    ("dated_references", "year: A. Author", replace("summary", "1958, doi:10.1000/1", "doi:10.1000/1958")),
    ("links_lead_somewhere", "links to 08.ipynb", replace("summary", "- It is so.", "Next: [08](08.ipynb)")),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "words", "breaks"), BROKEN, ids=lambda value: value if isinstance(value, str) else "")
def test_a_rule_finds_what_breaks_it(rule, words, breaks):
    notebook = chapter_notebook()
    breaks(notebook)
    assert words in "\n".join(RULES[rule](notebook, PATH))


def test_every_rule_is_broken_at_least_once():
    assert {rule for rule, _, _ in BROKEN} == set(RULES)


ALLOWED = [
    ("the_same_for_everyone", replace("setup-imports", "import numpy as np", "from dlcourse.exercises import progress")),
    ("the_same_for_everyone", lambda n: (replace("quiz-07", "quiz", "progress")(n), tag("quiz-07", form.VARIES)(n))),
    ("the_same_for_everyone", code("begin = time.perf_counter()")),  # shows nothing
    ("the_same_for_everyone", replace("quiz-07", 'quiz("07")', "series.time[3]")),
    ("only_ideas_in_cells", code("def forward(x):\n    return np.tanh(x)")),
    ("only_ideas_in_cells", code("class Perceptron:\n    pass")),
    ("only_ideas_in_cells", code("plots.curves('Two curves', x, {})")),
    ("fixed_headings", replace("goals", "- say it", "```\n## no heading\n```")),
    ("alternative_texts", replace("goals", "- say it", '![words](a.png) <img src="b.png" alt="more words">')),
    ("links_lead_somewhere", replace("goals", "- say it", "[a](https://example.org) [b](#setup)")),
    ("known_tags", tag("see-lab", "nbval-ignore-output")),
]


@pytest.mark.parametrize(("rule", "changes"), ALLOWED)
def test_a_rule_lets_pass_what_is_fine(rule, changes):
    notebook = chapter_notebook()
    changes(notebook)
    assert RULES[rule](notebook, PATH) == []


def test_an_expected_error_is_none():
    notebook = chapter_notebook()
    output("by-hand-added", output_type="error", ename="E", evalue="", traceback=[])(notebook)
    tag("by-hand-added", "raises-exception")(notebook)
    assert form.without_errors(notebook, PATH) == []
