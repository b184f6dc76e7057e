"""A chapter that keeps every rule, as small as the rules allow; the tests break it, one rule at a time."""

from nbformat import v4

PICTURE = "iVBORw0KGgo="
CHAPTER = (
    ("title", "# 07 Title\n\n*60 minutes · needs: chapter 06 · CPU is enough*\n\nIn this notebook we see it."),
    ("goals", "## What you will be able to do\n\n- say it."),
    ("setup", "## Setup\n\nThe engine:"),
    ("setup-imports", ["import numpy as np"]),
    ("question", "## The question\n\nWhy? **Predict.** Write it down."),
    (
        "idea",
        "## The idea\n\n| symbol | in code | shape | meaning |\n| --- | --- | --- | --- |\n| $x$ | `x` | () | a |",
    ),
    ("by-hand", "## By hand\n\nWe add:"),
    ("by-hand-added", ["x = 1 + 1\nassert x == 2\nprint(x)"]),
    ("in-numpy", "## In NumPy\n\nThe same:"),
    ("in-numpy-added", ["assert np.add(1, 1) == x"]),
    ("see", "## See it move\n\n**Your task: move it.**"),
    ("see-lab", ["SomeLab()"]),
    ("see-what", "What you should have seen: it moves."),
    ("real", "## On real data\n\nFlowers."),
    ("pytorch", "## The same in PyTorch\n\nOne import changed:"),
    ("pytorch-same", ["import torch\n\nassert torch.tensor(1) + 1 == x"]),
    ("claims", '## Common claims, tested\n\n> "It never does."\n\nWe try:'),
    ("claims-tried", ["assert x == 2"]),
    ("claims-verdict", "**Verdict: false.** It does."),
    ("wrong", "## When it goes wrong\n\nIt does not."),
    ("exercises", "## Exercises\n\nFill in the cells marked `...`."),
    *(
        cell
        for n in range(1, 6)
        for cell in (
            (f"exercise-{n}", f"**07.{n}** Write it."),
            (f"exercise-{n}-answer", [f"def answer_{n}(x):\n    ..." if n % 2 else f"answer_{n} = ...  # a number"]),
            (f"exercise-{n}-text", "Check it:"),
            (f"exercise-{n}-check", [f'check("07.{n}", answer_{n})', f"07.{n}: not answered yet."]),
        )
    ),
    ("quiz-text", "A few questions:"),
    ("quiz-07", ['quiz("07")', "Quiz of chapter 07"]),
    (
        "summary",
        "## Summary\n\n- It is so.\n\n| English | Korean | meaning |\n| --- | --- | --- |\n| weight | 가중치 | a |\n"
        "| bias | 편향 | b |\n| sum | 합 | c |\n\n"
        "**References.** A. Author, *Title*, 1958, doi:10.1000/1 · B. Other, 2014",
    ),
)


def chapter_notebook():
    """The notebook, executed as far as its form goes: code cells are given as a list of source and shown text."""
    cells, count = [], 0
    for id, content in CHAPTER:
        if isinstance(content, str):
            cells.append(v4.new_markdown_cell(content, id=id))
            continue
        count += 1
        outputs = [_result(text, count) for text in content[1:]]
        if id == "see-lab":
            outputs = [_result("SomeLab: it moves.", count, picture=True)]
        cells.append(v4.new_code_cell(content[0], id=id, execution_count=count, outputs=outputs))
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return v4.new_notebook(cells=cells, metadata={"kernelspec": kernel, "language_info": {"name": "python"}})


def _result(text: str, count: int, picture: bool = False):
    data, metadata = {"text/plain": text}, {}
    if picture:
        data["image/png"] = PICTURE
        metadata["image/png"] = {"alt": "A lab that moves", "width": 10, "height": 10}
    return v4.new_output("execute_result", data=data, metadata=metadata, execution_count=count)
