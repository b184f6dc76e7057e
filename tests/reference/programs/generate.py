"""Random programs as a learner would write them, one statement after the other.

Each statement is drawn to fit what the ones before it made, which is known because they run on torch meanwhile: shapes
fit, most indices exist, a gradient is asked for where there is one. Some statements are drawn to be refused.
"""

import warnings
from collections import Counter
from dataclasses import dataclass, field

import torch
from hypothesis import strategies as st

from tests.reference.programs import statements
from tests.reference.programs.promised import promises_gradient
from tests.reference.programs.run import execute, is_spoiled, namespace
from tests.reference.programs.run import statements as parsed
from tests.reference.programs.supported import missing

LARGEST, MOST_ELEMENTS = 1e5, 24
LETTERS = "abcdhkmn"


@dataclass
class Program:
    """Its text, and for each statement the kind it was drawn as."""

    lines: list = field(default_factory=list)
    kinds: list = field(default_factory=list)

    @property
    def source(self) -> str:
        return "\n".join(self.lines)

    def __repr__(self) -> str:
        return "\n" + self.source


class Scene:
    """What a program under construction can name, and the choices for its next statement.

    pick(options) chooses one: a random generator's `choice`, or a draw of hypothesis.
    """

    def __init__(self, pick):
        self.pick = pick
        self.space = namespace(torch)

    def chance(self, one_in: int) -> bool:
        return self.pick(range(one_in)) == one_in - 1

    def names(self, wanted=lambda tensor: True) -> list:
        """Names of tensors, the newest twice, because chains of statements find more than statements side by side."""
        names = [
            name
            for name, value in self.space.items()
            if isinstance(value, torch.Tensor) and not is_spoiled(value) and wanted(value)
        ]
        if "layer" in self.space:
            names += [f"layer.{name}" for name, value in self.space["layer"].named_parameters() if wanted(value)]
        return names + names[-2:]

    def tensor(self, wanted=lambda tensor: True) -> str:
        """The name of a tensor as wanted; of any if there is none."""
        return self.pick(self.names(wanted) or self.names())

    def __getitem__(self, name: str) -> torch.Tensor:
        return self.space[name] if "." not in name else getattr(self.space["layer"], name.partition(".")[2])

    def fresh(self) -> str:
        """A new name, seldom one that is taken."""
        free = [letter for letter in LETTERS if letter not in self.space]
        taken = [letter for letter in LETTERS if letter in self.space]
        return free[0] if free and (not taken or not self.chance(8)) else self.pick(taken)


def generate(pick, theme: str = "all") -> Program:
    """A program of 3 to 10 statements; it ends at the first that torch refuses."""
    scene, program = Scene(pick), Program()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for _ in range(pick([2, 1, 3])):
            _add(scene, program, statements.create)
        makers = [
            maker for maker, weight in statements.THEMES.get(theme, statements.ALL).items() for _ in range(weight)
        ]
        for opening in statements.OPENINGS.get(theme, []) if pick([True, False]) else []:
            _add(scene, program, opening)
        if pick([True, False]) and scene.names(lambda t: t.requires_grad):
            _add(scene, program, statements.result)
        wanted = len(program.lines) + pick(range(1, 7))
        for _ in range(15):
            if not scene.names() or len(program.lines) >= min(wanted, 9):
                break
            if _add(scene, program, pick(makers)) == "refused":
                return program
        if scene.names(lambda t: t.requires_grad):
            _add(scene, program, statements.backward)
    return program


MISSING = Counter()


def _add(scene: Scene, program: Program, maker) -> str:
    """Draw one statement and run it on torch. Unsuitable ones (too large, no meaning that is promised) are left out."""
    text = maker(scene)
    lacking = text and missing(text)
    if lacking:
        MISSING[lacking] += 1
    if not text or lacking:
        return "left out"
    if ("backward" in text or "autograd" in text) and not promises_gradient([*program.lines, text]):
        return "left out"
    before = dict(scene.space)
    error = next((error for _, code in parsed(text) if (error := execute(code, scene.space))), None)
    if error and "backward" not in text and "\n" not in text and not scene.chance(3):
        return "left out"
    if not error and _grew_too_large(scene):
        scene.space.clear()
        scene.space.update(before)
        if text.split()[1:2] == ["="]:
            return "left out"
        error = "too large to go on"
    program.lines.append(text)
    program.kinds.append(maker.__name__)
    return "refused" if error else "added"


def _grew_too_large(scene: Scene) -> bool:
    tensors = [value.detach() for value in scene.space.values() if isinstance(value, torch.Tensor)]
    return any(t.numel() > MOST_ELEMENTS or t.dim() > 4 or bool((t.abs() > LARGEST).any())
               for t in tensors if t.dtype != torch.bool)  # fmt: skip


@st.composite
def programs(draw, theme: str = "all") -> Program:
    """generate() as a strategy, so that hypothesis can look for the shortest program that fails."""
    return generate(lambda options: options[draw(_index(len(options)))], theme)


_indices = {}


def _index(count: int):
    if count not in _indices:
        _indices[count] = st.integers(0, count - 1)
    return _indices[count]
