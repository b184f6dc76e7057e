"""The table of checks: right forms tried and refused, wrong answers tried and accepted, per chapter and over all.

Run as `python -m tests.exercises.table`; with `--all`, every exercise meets the answers of all others (some
minutes and gigabytes: answers meant for small numbers are given large ones).
"""

import os
import sys
import tempfile
import warnings
from collections.abc import Iterator
from typing import Any

from dlcourse.exercises import running
from dlcourse.exercises.core import answer_of
from dlcourse.exercises.desk import CHAPTERS, EXERCISES, check
from tests.exercises import forms, kinds, typed


def right_answers(id: str) -> Iterator[tuple[str, Any]]:
    yield from forms.right(id).items()
    yield from forms.right_forms(id)


def wrong_answers(id: str, everywhere: bool) -> Iterator[tuple[str, Any]]:
    for number, (source, _) in enumerate(EXERCISES[id].mistakes, 1):
        yield f"mistake {number}", answer_of(source)
    yield from (kinds.RAISING | kinds.SENSELESS).items()
    yield from kinds.constants(id)
    yield from typed.defined(id[:2]).items()
    yield from kinds.others(id, everywhere)
    if (meddling := kinds.meddling(id)) is not None:
        yield "changes its arguments", meddling


def row(ids: list[str], everywhere: bool) -> tuple[list[int], list[str]]:
    """Numbers of right answers, of those refused, of wrong answers, of those accepted; and the latter two by name."""
    numbers, failed = [0, 0, 0, 0], []
    for id in ids:
        for place, wanted, answers in ((0, True, right_answers(id)), (2, False, wrong_answers(id, everywhere))):
            running.SECONDS = 5.0 if wanted else 0.5
            for name, answer in answers:
                numbers[place] += 1
                if check(id, answer).right != wanted:
                    numbers[place + 1] += 1
                    failed.append(f"{id} {'refuses' if wanted else 'accepts'}: {name}")
    return numbers, failed


def main() -> None:
    os.environ["DLCOURSE_DATA_DIR"] = tempfile.mkdtemp()
    warnings.simplefilter("ignore")
    total, failed = [0, 0, 0, 0], []
    head = ("right", "refused", "wrong", "accepted")
    print("chapter  exercises" + "".join(f"{word:>10}" for word in head))
    for chapter in CHAPTERS:
        ids = [exercise.id for exercise in CHAPTERS[chapter].EXERCISES]
        numbers, found = row(ids, "--all" in sys.argv)
        total, failed = [a + b for a, b in zip(total, numbers, strict=True)], failed + found
        print(f"{chapter:7}  {len(ids):9}" + "".join(f"{number:10}" for number in numbers), flush=True)
    print(f"all      {len(EXERCISES):9}" + "".join(f"{number:10}" for number in total))
    print(*failed, sep="\n")


if __name__ == "__main__":
    main()
