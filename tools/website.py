"""Make the course a website, every notebook a page with its pictures: python tools/website.py [folder]

Begins at README.md and follows every link into the repository: a notebook or a Markdown file becomes a page, anything
else is copied, at the same place in the folder (default: site/). Formulas become MathML, which browsers draw by
themselves: no page has a script or fetches anything. A link that leads nowhere is an error.
"""

import os
import re
import shutil
import sys
import tempfile
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urlsplit

import nbformat
from latex2mathml.converter import convert as mathml
from nbconvert import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from pygments.formatters import HtmlFormatter

ROOT = Path(__file__).resolve().parents[1]
HOME = Path("README.md")
STYLE = Path("style.css")
CHAPTERS = sorted(path.relative_to(ROOT) for path in (ROOT / "notebooks").glob("*.ipynb"))
OTHERS = {
    Path("notebooks/glossary.md"): "Glossary and notation",
    Path("notebooks/cheat-sheet.md"): "Cheat sheet",
    Path("docs/labs/README.md"): "All labs",
    Path("docs/teaching.md"): "For teachers",
    Path("docs/reference.md"): "The NumPy engine",
}
LINK = re.compile(r'(?<=[ "])(href|src)="([^"]*)"')


class Renderer(IPythonRenderer):
    """Markdown as HTML; formulas as MathML, and headings with the anchors that GitHub gives them."""

    def heading(self, text: str, level: int, **_) -> str:
        anchor = slug(unescape(re.sub(r"<[^>]+>", "", text)))
        return f'<h{level} id="{anchor}">{text}<a class="anchor-link" href="#{anchor}">¶</a></h{level}>\n'

    def inline_math(self, body: str) -> str:
        return mathml(body)

    def block_math(self, body: str) -> str:
        return mathml(body.strip(), display="block")


def make(folder: Path) -> list[Path]:
    """Write the whole site into a new folder, and return the sources of its pages. The old one stays until then."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    new = Path(tempfile.mkdtemp(prefix=folder.name, dir=folder.parent))
    try:
        pages, open_ends = [], [HOME, *CHAPTERS, *OTHERS]
        titles = {path: _title(_notebook(path)) for path in CHAPTERS} | OTHERS
        while open_ends:
            source = open_ends.pop()
            if source in pages:
                continue
            pages.append(source)
            html, linked = page(source, titles)
            _write(new / target(source), html)
            for path in linked:
                if is_page(path):
                    open_ends.append(path)
                else:
                    _write(new / path, (ROOT / path).read_bytes())
        _write(new / STYLE, stylesheet())
        shutil.rmtree(folder, ignore_errors=True)
        new.rename(folder)
    finally:
        shutil.rmtree(new, ignore_errors=True)
    return pages


def page(source: Path, titles: dict[Path, str]) -> tuple[str, list[Path]]:
    """A page's HTML, and the files of the repository that it links to or shows. titles: of CHAPTERS and OTHERS."""
    notebook = _notebook(source)
    html, _ = _exporter().from_notebook_node(notebook, resources=_surroundings(source, notebook, titles))
    linked = []

    def relocate(match: re.Match) -> str:
        attribute, url = match.groups()
        parts = urlsplit(url)
        anchor = f"#{slug(unquote(parts.fragment))}" if parts.fragment else ""
        if not parts.scheme and not parts.path:
            return f'{attribute}="{anchor}"'
        if parts.scheme or Path(parts.path).suffix in (".html", ".css"):
            return match[0]
        path = Path(os.path.normpath(source.parent / unquote(parts.path)))
        if not (ROOT / path).is_file():
            raise FileNotFoundError(f"{source}: the link {url} leads to {path}, which is not there.")
        linked.append(path)
        return f'{attribute}="{_relative(target(path), source)}{anchor}"'

    return LINK.sub(relocate, html), linked


def is_page(path: Path) -> bool:
    """Whether a file becomes a page; any other is copied as it is."""
    return path.suffix in (".md", ".ipynb")


def target(source: Path) -> Path:
    """Where a file of the repository stands in the site: README.md becomes its folder's index.html."""
    if not is_page(source):
        return source
    return source.with_name("index.html") if source.name == "README.md" else source.with_suffix(".html")


def slug(heading: str) -> str:
    """A heading as an anchor: hints-and-solutions for "Hints and solutions"; Jupyter's Hints-and-solutions as well."""
    return re.sub(r"[^\w-]", "", heading.strip().lower().replace(" ", "-"))


def stylesheet() -> str:
    """The course's own style, and the colours of code."""
    own = (Path(__file__).parent / "website_template" / "style.css").read_text(encoding="utf-8")
    return own + HtmlFormatter(style="default").get_style_defs(".highlight")


def _notebook(source: Path):
    text = (ROOT / source).read_text(encoding="utf-8")
    if source.suffix == ".ipynb":
        return nbformat.reads(text, as_version=4)
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(text, id="text")])


def _exporter() -> HTMLExporter:
    templates = str(Path(__file__).parent)
    exporter = HTMLExporter(template_name="website_template", extra_template_basedirs=[templates])
    exporter.register_filter(
        "markdown2html", lambda text: MarkdownWithMath(renderer=Renderer(escape=False)).render(text)
    )
    return exporter


def _surroundings(source: Path, notebook, titles: dict[Path, str]) -> dict:
    """What the template shows around a page."""
    return {
        "page_title": titles.get(source) or _title(notebook),
        "stylesheet": _relative(STYLE, source),
        "home": _relative(target(HOME), source),
        "still": source in CHAPTERS,
        "chapters": [_entry(path, titles[path], source) for path in CHAPTERS],
        "others": [_entry(path, titles[path], source) for path in OTHERS],
    }


def _entry(path: Path, title: str, source: Path) -> dict:
    return {"title": title, "href": _relative(target(path), source), "here": path == source}


def _title(notebook) -> str:
    return re.search(r"^# (.+)$", notebook.cells[0].source, flags=re.MULTILINE)[1]


def _relative(path: Path, source: Path) -> str:
    return Path(os.path.relpath(path, target(source).parent)).as_posix()


def _write(path: Path, content: str | bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)


if __name__ == "__main__":
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "site").resolve()
    pages = make(folder)
    print(f"{len(pages)} pages: {folder / 'index.html'}")
