"""Whether a hint gives the solution away: three grades are wanted, the idea, the tool, and the first line."""

import ast
import difflib
import re

SHORTEST = 8  # signs of a line that say something
SHARE = 0.6  # of the solution's lines, by their signs
ALIKE = 0.8  # of a hint and the solution, as difflib counts


def plain(text: str) -> str:
    """Without blanks, and in Python's signs where a formula has others."""
    text = re.sub(r"\s", "", text.replace("²", "**2").replace("·", "*").replace("×", "*").replace("−", "-"))
    return text.replace("'", '"').rstrip(".")


def essentials(solution: str) -> list[str]:
    """What stands right of each = and return of a solution, without blanks; calls of one name alone say nothing."""
    found = []
    for node in ast.walk(ast.parse(solution)):
        if isinstance(node, (ast.Assign, ast.AugAssign, ast.Return)) and node.value is not None:
            found.append(plain(ast.get_source_segment(solution, node.value)))
    return found


def gives_away(hint: str, solution: str) -> bool:
    """Whether a hint shows most of a solution: all its lines but short ones, or a text much like it."""
    shown, lines = plain(hint), essentials(solution)
    known = sum(len(line) for line in lines if len(line) >= SHORTEST and line in shown)
    alike = difflib.SequenceMatcher(None, shown, ";".join(lines), autojunk=False).ratio()
    return known >= SHARE * sum(map(len, lines)) > 0 or alike >= ALIKE
