"""The shortest program with the same difference, and the name of that difference."""

import re

from tests.reference.programs.run import compare


def shortest(lines: list, difference) -> tuple:
    """The program without the statements that its difference does not need."""
    wanted = key(difference)
    for i in reversed(range(len(lines))):
        fewer = lines[:i] + lines[i + 1 :]
        found = compare("\n".join(fewer))
        if found and key(found) == wanted:
            lines, difference = fewer, found
    return lines, difference


def explained(lines: list, difference) -> str:
    """The program, ready to paste, and what differs after it."""
    last = [difference.statement] if difference.statement not in "\n".join(lines) else []
    return "\n".join([*lines, *last, f"# {difference}"])


def key(difference) -> str:
    """Who refuses, with which words; else what differs after which statement, without its names and numbers."""
    if difference.what == "refused":
        words = re.sub(r"[0-9]+", "1", str(difference.ours or difference.theirs))
        return f"{'NumPy' if difference.ours else 'torch'} refuses: {words[:70]}"
    statement = re.sub(r"\b(layer\.)?(weight|bias|[abcdhkmnzg])\b", "x", difference.statement)
    statement = re.sub(r"-?\b\d+(\.\d+)?\b", "1", statement)
    statement = re.sub(r"(?<=x)\[(?:[^\[\]]|\[[^\]]*\])*\]", "[i]", statement)
    statement = re.sub(r"\.(\w+)\([^()]*\)", r".\1()", statement).replace("set_grad_enabled(False)", "no_grad()")
    what = " of ".join(part for part in difference.what.split(" of ") if len(part) > 1)
    return f"{what} after {statement}"
