"""Is the suite able to fail? Break the course on purpose, one line at a time: python tools/mutations.py [words …]

Each mutation in mutations.toml names a file, a text in it, what to put in its place, and the tests that ought to find
it. The tree is copied once to a temporary folder; there each mutation is made, its tests run until one fails, and it is
taken back. Prints "found" or "NOT FOUND" for each, and says so if the text is no longer there: then the mutation has to
follow the code. words: only the mutations whose description or file holds one of them.

--tree FOLDER   break another checkout, such as an older one with the tests of then; named tests that it lacks are
                passed over
--unbroken      run the named tests on the tree as it is, where all must pass: else "found" would mean nothing
"""

import argparse
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TABLE = Path(__file__).with_suffix(".toml")
PYTEST = ("-m", "pytest", "-q", "-x", "-p", "no:nbval", "-p", "no:cacheprovider", "--no-header", "-m", "not slow")
PASSED, FAILED, BROKEN, NO_TEST = 0, 1, 2, 5  # pytest's exit codes; 2: a file could not even be imported


@dataclass(frozen=True)
class Mutation:
    """what: the mistake in words; file: where; old: a text of it, once or the first time, replaced by new;
    tests: paths and options of pytest."""

    what: str
    file: str
    old: str
    new: str
    tests: str


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("words", nargs="*")
    parser.add_argument("--tree", type=Path, default=ROOT)
    parser.add_argument("--unbroken", action="store_true")
    given = parser.parse_args(arguments)
    chosen = [m for m in table() if not given.words or any(word in m.what + m.file for word in given.words)]
    with tempfile.TemporaryDirectory(prefix="mutations") as folder:
        copy = Path(folder) / "course"
        copy_tree(given.tree, copy)
        if given.unbroken:
            results = [report(tests, outcome(copy, tests)) for tests in dict.fromkeys(m.tests for m in chosen)]
            return int(set(results) != {"passed"})
        results = [report(f"{m.file}: {m.what}", try_out(copy, m)) for m in chosen]
    print(f"{results.count('found')} of {len(results)} found")
    return int(set(results) != {"found"})


def table() -> list[Mutation]:
    """All mutations, in the order of the file."""
    return [Mutation(**entry) for entry in tomllib.loads(TABLE.read_text(encoding="utf-8"))["mutation"]]


def copy_tree(tree: Path, copy: Path) -> None:
    """Copy what git knows or would take, and not what was built."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=tree, stdout=-1, check=True
    )
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (tree / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(tree / name, copy / name)


def try_out(copy: Path, mutation: Mutation) -> str:
    """Whether the mutation's tests find it."""
    path = copy / mutation.file
    right = path.read_text(encoding="utf-8") if path.is_file() else ""
    if mutation.old not in right:
        return "THE TEXT IS NOT THERE"
    path.write_text(right.replace(mutation.old, mutation.new, 1), encoding="utf-8")
    try:
        return {"failed": "found", "passed": "NOT FOUND"}.get(result := outcome(copy, mutation.tests), result)
    finally:
        path.write_text(right, encoding="utf-8")


def outcome(copy: Path, tests: str) -> str:
    """How the tests end in the copy."""
    words = [word for word in shlex.split(tests) if not word.startswith("tests/") or (copy / word).exists()]
    environment = {**os.environ, "PYTHONPATH": str(copy / "src"), "MPLBACKEND": "agg"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # most of a short test's time would be compiling
    run = subprocess.run([sys.executable, *PYTEST, *words], cwd=copy, env=environment, capture_output=True, text=True)
    endings = {PASSED: "passed", FAILED: "failed", BROKEN: "IT DOES NOT EVEN RUN", NO_TEST: "NO SUCH TEST"}
    return endings.get(run.returncode, f"PYTEST ENDED WITH {run.returncode}: {run.stdout[-500:]}")


def report(what: str, result: str) -> str:
    print(f"{result:<10} {what}", flush=True)
    return result


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
