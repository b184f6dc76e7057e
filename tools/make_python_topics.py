"""Makes data/python_topics.txt: the help texts of Python 3.11.7, `pydoc_data.topics`, as one file.

Another Python has other texts, and another corpus gives other word vectors; this frozen copy is the same everywhere.
Each topic is a line "=== name", then its text without spaces at the ends of lines. Run it with Python 3.11.7.
"""

from pathlib import Path
from pydoc_data.topics import topics


def make() -> str:
    """The text of the file."""
    parts = []
    for name in sorted(topics):
        lines = (line.rstrip() for line in topics[name].strip().splitlines())
        parts.append(f"=== {name}\n" + "\n".join(lines) + "\n")
    return "\n".join(parts)


if __name__ == "__main__":
    target = Path(__file__).resolve().parents[1] / "data" / "python_topics.txt"
    temporary = target.with_suffix(".tmp")
    temporary.write_text(make(), encoding="utf-8", newline="\n")
    temporary.replace(target)
