"""What LinearMapLab says: numbers as words, directions that stay put, and the tasks with their verdicts."""

import numpy as np

from dlcourse.labs.linear_map_algebra import IDENTITY, TINY, Eigen, determinant, eigen
from dlcourse.labs.rounding import trimmed

AT_A, AT_BA = 30, 60  # moments: 0 is I, and each matrix takes thirty frames
NEAR = 0.005  # two numbers that look the same with two decimals


def pair_text(pair) -> str:
    return f"({trimmed(pair[0])}, {trimmed(pair[1])})"


def place_text(moment: int) -> str:
    """Where on the way I → A → BA."""
    if moment % AT_A == 0:
        return ("At I", "At A", "At BA")[moment // AT_A]
    return f"{moment % AT_A / AT_A:.0%} of the way from {'I to A' if moment < AT_A else 'A to BA'}"


def stays(found: Eigen) -> str:
    """Which directions stay on their line, and λ, how much they are stretched."""
    if found.kind == "none":
        return "No direction stays on its line."
    sizes = [f"λ = {trimmed(value)}" for value in found.values]
    if found.kind == "every":
        return f"Every direction stays on its line, {sizes[0]}."
    first, *second = (f"{pair_text(d)}, {size}" for d, size in zip(found.directions, sizes, strict=True))
    return f"On their lines stay {first}, and {second[0]}." if second else f"Only one line stays: {first}."


# -- tasks: what is asked, how far it is, and whether it is done ----------------------------------------------------


def _mirror(a, b):
    det = determinant(a)
    task = "Make det A = −1: the area stays, the plane is turned over."
    return task, f"det A = {trimmed(det)}.", abs(det + 1) < NEAR


def _stretch(a, b):
    image = a @ [1.0, 1.0]
    task = "Make (1, 1) an eigenvector with λ = 2: it stays on its line and becomes twice as long."
    return task, f"A sends (1, 1) to {pair_text(image)}; wanted is (2, 2).", np.abs(image - 2).max() < NEAR


def _undo(a, b):
    product, task = b @ a, "Undo A: choose B so that BA = I. A must not be I itself."
    verdict = f"BA has the columns {pair_text(product[:, 0])} and {pair_text(product[:, 1])}."
    if abs(determinant(a)) < TINY:
        return task, f"{verdict} det A = 0: what has become one point cannot be taken apart again.", False
    return task, verdict, np.abs(product - IDENTITY).max() < NEAR and np.abs(a - IDENTITY).max() > NEAR


def _flatten(a, b):
    det, task = determinant(a), "Flatten the plane onto a line: det A = 0, but A is not 0."
    return task, f"det A = {trimmed(det)}.", abs(det) < TINY and a.any()


def _none_stays(a, b):
    found = eigen(a)
    return "Find a matrix A that leaves no direction on its line.", f"A: {stays(found)}", found.kind == "none"


def _commute(a, b):
    gap = np.abs(a @ b - b @ a).max()
    trivial = any(eigen(matrix).kind == "every" for matrix in (a, b))
    verdict = f"AB and BA differ by at most {trimmed(gap)} in an entry."
    verdict += " But one of the two is a multiple of I." * trivial
    task = "Make AB = BA, with neither a multiple of I: then the order does not matter."
    return task, verdict, gap < TINY and not trivial


JUDGES = {
    "det A = −1": _mirror,
    "(1, 1) with λ = 2": _stretch,
    "undo A": _undo,
    "flatten the plane": _flatten,
    "no direction stays": _none_stays,
    "AB = BA": _commute,
}
TASKS = tuple(JUDGES)


def judged(task: str, a: np.ndarray, b: np.ndarray) -> tuple[str, str, bool]:
    """(task, verdict, reached) for the matrices A and B."""
    text, verdict, reached = JUDGES[task](a, b)
    return text, verdict, bool(reached)
