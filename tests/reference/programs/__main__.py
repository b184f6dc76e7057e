"""python -m tests.reference.programs --count 50000 --seed 0: many programs; the shortest of each kind that differs."""

import argparse
import random
from collections import Counter, defaultdict

from tests.reference.programs.generate import MISSING, generate
from tests.reference.programs.run import compare
from tests.reference.programs.shorten import explained, key, shortest
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
            groups[key(difference)].append(explained(*shortest(program.lines, difference)))
    failures = sum(map(len, groups.values()))
    print(f"{options.count} programs from seed {options.seed}: {failures} differ in {len(groups)} ways")
    print(", ".join(f"{number} {what}" for what, number in counts.most_common()))
    print("Refused by both, as", dict(refusals.most_common()))
    print("Left out, because the NumPy engine has no", dict(MISSING.most_common()))
    for group, programs in sorted(groups.items(), key=lambda item: -len(item[1]))[: options.show]:
        print(f"\n#### {len(programs)} x {group}\n{min(programs, key=len)}")


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


if __name__ == "__main__":
    main()
