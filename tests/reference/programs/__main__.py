"""python -m tests.reference.programs --count 50000 --seed 0: many programs; the shortest of each kind that differs."""

import argparse
import random
import re
from collections import Counter, defaultdict

from tests.reference.programs.generate import MISSING, generate
from tests.reference.programs.run import compare
from tests.reference.programs.statements import KINDS, THEMES


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--count", type=int, default=2000)
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--theme", choices=[*THEMES, "all"], default="all")
    options.add_argument("--show", type=int, default=40, help="how many kinds of failures are printed")
    options = options.parse_args()
    counts, refusals, groups = Counter(), Counter(), defaultdict(list)
    for number in range(options.seed, options.seed + options.count):
        program = generate(random.Random(number).choice, options.theme)
        count(program, counts)
        difference = compare(program.source, note_refusals=lambda *errors: note(errors, refusals, counts))
        if difference:
            lines, difference = shortest(program.lines, difference)
            groups[key(difference)].append((len("\n".join(lines)), "\n".join(lines), difference))
    failures = sum(map(len, groups.values()))
    print(f"{options.count} programs from seed {options.seed}: {failures} differ in {len(groups)} ways")
    print(", ".join(f"{number} {what}" for what, number in counts.most_common()))
    print("Refused by both, as", dict(refusals.most_common()))
    print("Left out, because the NumPy engine has no", dict(MISSING.most_common()))
    for group, programs in sorted(groups.items(), key=lambda item: -len(item[1]))[: options.show]:
        _, source, found = min(programs, key=lambda entry: entry[0])
        print(f"\n#### {len(programs)} x {group}\n{source}")
        print(f"# {found.what}: NumPy {found.ours}, torch {found.theirs}")


def count(program, counts: Counter) -> None:
    counts["statements"] += len(program.lines)
    for kind, makers in KINDS.items():
        counts[f"{kind} statements"] += sum(name in {maker.__name__ for maker in makers} for name in program.kinds)
    counts["no_grad statements"] += program.kinds.count("unrecorded")
    counts["optimizer statements"] += program.kinds.count("optimizer")


def note(errors, refusals: Counter, counts: Counter) -> None:
    counts["refusals of both"] += 1
    ours, theirs, _ = errors
    same = type(ours).__name__ == type(theirs).__name__
    refusals["the same error" if same else f"{type(ours).__name__} for {type(theirs).__name__}"] += 1


def shortest(lines: list, difference) -> tuple:
    """The program without the statements that its difference does not need."""
    wanted = key(difference)
    i = len(lines) - 1
    while i >= 0:
        fewer = lines[:i] + lines[i + 1 :]
        found = compare("\n".join(fewer))
        if found and key(found) == wanted:
            lines, difference = fewer, found
            i = min(i, len(lines))
        i -= 1
    return lines, difference


def key(difference) -> str:
    """Who refuses, with which words; else what differs after which statement, without its names and numbers."""
    if difference.what == "refused":
        words = re.sub(r"[0-9]+", "1", str(difference.ours or difference.theirs))
        return f"{'NumPy' if difference.ours else 'torch'} refuses: {words[:70]}"
    statement = re.sub(r"\b(layer\.)?(weight|bias|[abcdhkmnzg])\b", "x", difference.statement)
    statement = re.sub(r"-?\b\d+(\.\d+)?\b", "1", statement)
    statement = re.sub(r"(?<=x)\[(?:[^\[\]]|\[[^\]]*\])*\]", "[i]", statement)
    statement = statement.replace("set_grad_enabled(False)", "no_grad()")
    what = " of ".join(part for part in difference.what.split(" of ") if len(part) > 1)
    return f"{what} after {statement}"


if __name__ == "__main__":
    main()
