"""The website is whole: every link leads somewhere, every lab has its picture, nothing is fetched."""

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import nbformat
import pytest
from bs4 import BeautifulSoup

from tools import website
from tools.lab_gallery import all_labs


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("website") / "site"
    website.make(folder)
    return folder


@pytest.fixture(scope="module")
def pages(site) -> dict[Path, BeautifulSoup]:
    return {path: BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser") for path in site.rglob("*.html")}


def test_every_notebook_is_a_page_with_a_title(site, pages):
    for source in website.CHAPTERS:
        page = pages[site / website.target(source)]
        title = nbformat.read(website.ROOT / source, as_version=4).cells[0].source.splitlines()[0].removeprefix("# ")
        assert page.h1.get_text().removesuffix("¶") == title
        assert page.title.get_text() == f"{title} · dlcourse"
        assert page.nav.find(attrs={"aria-current": "page"}).get_text() == title


def test_every_link_leads_somewhere(pages):
    anchors = {path: {tag["id"] for tag in page.find_all(id=True)} for path, page in pages.items()}
    checked, broken = 0, []
    for path, page in pages.items():
        for tag in page.find_all(["a", "img", "link"]):
            url = urlsplit(tag.get("href") or tag.get("src") or "")
            if url.scheme in ("https", "mailto", "data"):
                continue
            goal = (path.parent / unquote(url.path)).resolve() if url.path else path
            there = goal.is_file() and (not url.fragment or url.fragment in anchors[goal])
            checked += 1
            broken += [] if there else [f"{path.name}: {tag.get('href') or tag.get('src')}"]
    assert checked > 500
    assert broken == []


def test_nothing_runs_and_nothing_is_fetched(pages):
    for path, page in pages.items():
        assert page.find_all(["script", "iframe"]) == [], path.name
        fetched = [tag for tag in page.find_all(["img", "link"]) if urlsplit(tag.get("src") or tag["href"]).netloc]
        assert fetched == [], path.name


def test_every_picture_has_an_alternative_text(pages):
    for path, page in pages.items():
        assert [image for image in page.find_all("img") if not image.get("alt")] == [], path.name


def test_every_lab_has_its_picture_in_a_chapter_and_in_the_gallery(site, pages):
    shown = set()
    for source in website.CHAPTERS:
        page = pages[site / website.target(source)]
        alternatives = {image["alt"] for image in page.find_all("img")}
        for cell in nbformat.read(website.ROOT / source, as_version=4).cells:
            for output in cell.get("outputs", []):
                name = re.match(r"\w+Lab(?=: )", output.get("data", {}).get("text/plain", ""))
                if name and output.metadata["image/png"]["alt"] in alternatives:
                    shown.add(name[0])
    names = {kind.__name__ for kind in all_labs()}
    assert shown == names
    gallery = pages[site / "docs" / "labs" / "index.html"]
    assert {Path(image["src"]).stem for image in gallery.find_all("img")} == names


def test_formulas_are_drawn(pages):
    formulas = 0
    for path, page in pages.items():
        formulas += len(page.find_all("math"))
        for code in page.find_all(["pre", "code", "style"]):
            code.decompose()
        text = page.get_text()
        assert re.findall(r"\\[a-z]{2,}|\$\$|\\\\", text) == [], path.name
    assert formulas > 500


def test_a_broken_link_is_an_error_and_the_old_site_stays(tmp_path, monkeypatch):
    (tmp_path / "README.md").write_text("# Home\n\n[lost](docs/lost.md)\n", encoding="utf-8")
    old = tmp_path / "site" / "index.html"
    old.parent.mkdir()
    old.write_text("old", encoding="utf-8")
    monkeypatch.setattr(website, "ROOT", tmp_path)
    monkeypatch.setattr(website, "CHAPTERS", [])
    monkeypatch.setattr(website, "OTHERS", {})
    with pytest.raises(
        FileNotFoundError, match=r"README.md: the link docs/lost.md leads to docs/lost.md, which is not"
    ):
        website.make(tmp_path / "site")
    assert old.read_text(encoding="utf-8") == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["README.md", "site"]
