"""What learning is, in boxes and arrows: the fields, rules by hand and from data, the process, the three parts."""

from dlcourse.labs.drawing import arrow, blank_axes, rounded_box
from dlcourse.labs.palette import BLUE, FAINT, GREEN, GREY, INK, LARGE, NORMAL, ORANGE, ORANGE_TEXT, PAPER, SMALL
from dlcourse.labs.picture import Picture


def fields_of_ai() -> Picture:
    """Deep learning within machine learning within artificial intelligence, each with an example."""
    words = (
        "Three nested frames: deep learning, networks of many layers, lies in machine learning, rules found from data, "
        "and that in artificial intelligence, which also has rules written by hand"
    )
    picture = Picture(words, 720, 236)
    axes = blank_axes(picture.figure, (0, 0, 720, 236))
    frames = (
        (
            10, 700, GREY, "Artificial intelligence", "machines that do what\nseems to need a mind",
            "rules of a chess program",
        ),
        (240, 460, BLUE, "Machine learning", "rules that are\nfound from data", "a learned threshold"),
        (470, 220, ORANGE_TEXT, "Deep learning", "networks of\nmany layers", "a network that sees"),
    )  # fmt: skip
    for depth, (x, width, colour, name, what, example) in enumerate(frames):
        top = 10 + 14 * depth
        rounded_box(axes, (x, top, width, 216 - 28 * depth), PAPER if depth else "#F6F8FA", colour, 2, zorder=1)
        axes.text(x + 18, 62, name, fontsize=LARGE, weight="bold", color=colour, va="center")
        axes.text(x + 18, 104, what, fontsize=NORMAL, color=INK, va="center", linespacing=1.4)
        axes.text(x + 18, 156, "such as", fontsize=SMALL, color=GREY, va="center")
        axes.text(x + 18, 176, example, fontsize=NORMAL, color=INK, va="center")
    return picture


def rules_or_data() -> Picture:
    """The two ways to a program: a person writes the rule, or the machine finds it from examples with answers."""
    words = (
        "Above: data and a rule written by hand go into a program, and answers come out. Below: data and answers go "
        "into learning, and a rule comes out"
    )
    picture = Picture(words, 720, 200)
    axes = blank_axes(picture.figure, (0, 0, 720, 200))
    lines = (
        (50, "written by hand", ("data", "rule"), "program", "answers"),
        (146, "found from data", ("data", "answers"), "learning", "rule"),
    )
    for y, name, inputs, middle, output in lines:
        axes.text(14, y, name, fontsize=LARGE, color=INK, va="center")
        for shift, text in zip((-22, 22), inputs, strict=True):
            _box(axes, 240, y + shift, 110, 32, text, _COLOURS[text])
            arrow(axes, (298, y + shift), (374, y + shift / 3))
        _box(axes, 432, y, 110, 46, middle, GREY)
        arrow(axes, (490, y), (574, y))
        _box(axes, 634, y, 110, 32, output, _COLOURS[output])
    axes.plot([10, 710], [98, 98], color=FAINT, linewidth=1)
    return picture


_COLOURS = {"data": BLUE, "rule": ORANGE, "answers": GREEN}


def learning_process() -> Picture:
    """Data, features, model, training, evaluation, prediction, and the way back from evaluation."""
    words = (
        "Six boxes in a row: data, features, model, training, evaluation, prediction; from evaluation an arrow leads "
        "back to features and model"
    )
    picture = Picture(words, 800, 170)
    axes = blank_axes(picture.figure, (0, 0, 800, 170))
    stages = (
        ("data", "a box of\ntangerines"), ("features", "diameter,\ncolour"), ("model", "a line with\nopen numbers"),
        ("training", "find the\nnumbers"), ("evaluation", "on fruit that\nit never saw"),
        ("prediction", "the next\ntangerine"),
    )  # fmt: skip
    for place, (name, what) in enumerate(stages):
        x = 70 + 132 * place
        _box(axes, x, 44, 100, 40, name, BLUE if place < 5 else ORANGE)
        axes.text(x, 92, what, fontsize=NORMAL, color=INK, ha="center", va="center", linespacing=1.3)
        if place:
            arrow(axes, (x - 80, 44), (x - 53, 44))
    axes.plot([598, 598, 202], [114, 138, 138], color=GREY, linewidth=1.6)
    arrow(axes, (202, 138), (202, 114))
    arrow(axes, (334, 138), (334, 114))
    text = "not good enough: other features, another model"
    axes.text(466, 151, text, fontsize=SMALL, color=GREY, ha="center", va="center")
    return picture


def three_parts(training: int, validation: int, test: int) -> Picture:
    """How many rows go into each part: first the test is put aside, then the validation part of what is left."""
    total, rest = training + validation + test, training + validation
    words = (
        f"A bar of {total} rows is cut into {rest} and {test} for the test; the {rest} are cut into {training} for "
        f"training and {validation} for validation"
    )
    picture = Picture(words, 720, 168)
    axes = blank_axes(picture.figure, (20, 4, 680, 160))
    bars = (
        (8, ((total, "all", GREY),)), (62, ((rest, "to learn from", BLUE), (test, "test", ORANGE))),
        (116, ((training, "training", BLUE), (validation, "validation", GREEN))),
    )  # fmt: skip
    for top, parts in bars:
        left = 0.0
        for count, name, colour in parts:
            width = 680 * count / total
            _box(axes, left + width / 2, top + 18, width - 6, 36, f"{name} {count}", colour)
            left += width
    for x in (0.5, 680 * rest / total - 0.5):
        axes.plot([x, x], [44, 62], color=GREY, linewidth=1, linestyle=(0, (2, 2)))
        axes.plot([x, x], [98, 116], color=GREY, linewidth=1, linestyle=(0, (2, 2)))
    return picture


def _box(axes, x, y, width, height, text, colour) -> None:
    """A filled box with its centre at (x, y); letters dark on orange, light on the others."""
    rounded_box(axes, (x - width / 2, y - height / 2, width, height), colour)
    ink = INK if colour == ORANGE else PAPER
    axes.text(x, y, text, fontsize=NORMAL, color=ink, ha="center", va="center", zorder=3)
