"""Write docs/labs/README.md, every lab with its title and its screenshot: python tools/lab_gallery.py"""

from pathlib import Path

from dlcourse import labs

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "labs" / "README.md"
HEAD = """# All labs

Each as a learner meets it in JupyterLab. `from dlcourse.labs import GatesLab`, then `GatesLab()`, opens one anywhere.
(`tools/screenshots.py` takes the pictures, `tools/lab_gallery.py` writes this page.)
"""


def all_labs() -> list[type[labs.Lab]]:
    """Every lab of the package, by name."""
    found = (getattr(labs, name) for name in sorted(labs.__all__))
    return [kind for kind in found if isinstance(kind, type) and issubclass(kind, labs.Lab) and kind is not labs.Lab]


def page() -> str:
    """The whole page."""
    parts = [f"\n## {kind.title}\n\n![{kind.__name__}: {kind.title}]({kind.__name__}.png)\n" for kind in all_labs()]
    return HEAD + "".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)} written.")
