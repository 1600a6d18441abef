import base64
import hashlib
import re
from collections import Counter
from html.parser import HTMLParser

import pytest

from foedus import terminal
from foedus.report import figures
from foedus.report.brief import ORDER, sections
from foedus.report.figures.palette import GROUNDS, TEXTS, VARIABLES
from foedus.report.html import _cell, to_html, write_html
from foedus.report.model import Cell

LOADING = {"src", "srcset", "data", "poster", "background", "xlink:href", "action", "formaction", "ping"}
ELEMENTS = {
    "a", "body", "button", "caption", "circle", "clippath", "code", "desc", "details", "div", "figcaption", "figure", "footer", "g", "h1", "h2",
    "h3", "head", "header", "html", "li", "line", "main", "meta", "nav", "ol", "p", "path", "rect", "script", "section", "small", "span", "strong",
    "style", "summary", "svg", "table", "tbody", "td", "text", "th", "thead", "title", "tr", "tspan", "ul", "defs",
}  # fmt: skip


class Page(HTMLParser):
    """Elements of a page with their attributes, and the text of some."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.inside = [], Counter()
        self.content = {"style": "", "script": ""}
        self.words = ""
        self.open = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self.open.append(tag)

    def handle_endtag(self, tag):
        if tag in self.open:
            self.open.reverse()
            self.open.remove(tag)
            self.open.reverse()

    def handle_data(self, data):
        if self.open and self.open[-1] in self.content:
            self.content[self.open[-1]] += data
        else:
            self.words += data

    def all(self, tag):
        return [a for t, a in self.elements if t == tag]


@pytest.fixture(scope="module")
def text(findings):
    return to_html(findings)


@pytest.fixture(scope="module")
def page(text):
    return Page(text)


@pytest.fixture(scope="module")
def hostile_page(hostile):
    return Page(to_html(hostile))


def test_every_section_and_figure_is_there(page, findings):
    assert [a["id"] for a in page.all("section")] == [s.id for s in sections(findings)]
    assert len(page.all("section")) == len(ORDER)
    assert [a["href"] for a in page.all("a") if a["href"].startswith("#")][1:] == [
        f"#{s.id}" for s in sections(findings)
    ]
    drawn = {a["aria-labelledby"].split()[0] for a in page.all("svg")}
    assert drawn == {
        f"fig-{k}-t" for k in ("network", "membership", "reasons", "ledger", "joining", "sizes", "map", "what-if")
    }


@pytest.mark.parametrize("which", ["page", "hostile_page"])
def test_nothing_is_loaded_from_anywhere(which, request):
    page = request.getfixturevalue(which)
    for tag, attributes in page.elements:
        assert tag in ELEMENTS
        assert not LOADING & attributes.keys()
        assert not [a for a in attributes if a.startswith("on") or a == "style"]
        if "href" in attributes:
            assert tag == "a"
    assert "@import" not in page.content["style"]
    assert "url(" not in page.content["style"]
    for word in ("fetch(", "XMLHttpRequest", "import(", "eval(", "innerHTML", "http"):
        assert word not in page.content["script"]


def test_links_go_to_the_web_only_and_tell_nothing(hostile_page, page):
    links = [a for a in [*page.all("a"), *hostile_page.all("a")] if not a["href"].startswith("#")]
    assert len(links) > 10
    for a in links:
        assert a["href"].startswith(("https://", "http://"))
        assert a["rel"] == "noopener noreferrer"


def test_the_policy_admits_our_style_and_script_by_hash(page):
    policy = next(a["content"] for a in page.all("meta") if a.get("http-equiv"))
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    for what in ("style", "script"):
        assert len(page.all(what)) == 1
        digest = base64.b64encode(hashlib.sha256(page.content[what].encode()).digest()).decode()
        assert f"{what}-src 'sha256-{digest}'" in policy


def test_hostile_names_are_text_and_nothing_else(hostile_page, hostile, texts):
    assert len(hostile_page.all("script")) == 1
    assert not hostile_page.all("img")
    assert not hostile_page.all("b")
    for name in texts["all"]:
        assert name in hostile_page.words
    assert "49" not in hostile_page.words.split("{{ 7 * 7 }}")[0][-5:]
    assert hostile.system.title in hostile_page.words


@pytest.mark.parametrize("note", ["", "[1, \x9b2]", "https://example.org/\u202e"])
def test_what_cannot_be_seen_is_shown_in_cells_too(note):
    cell = _cell(Cell("a\x1b]0;b\x07\u202e<c>", note=note))
    assert not terminal.UNSAFE.search(cell)
    assert "a\\u001b]0;b\\u0007\\u202e&lt;c&gt;" in cell


def test_ids_are_unique_and_references_resolve(page):
    ids = [a["id"] for _, a in page.elements if "id" in a]
    assert not [k for k, n in Counter(ids).items() if n > 1]
    for _, attributes in page.elements:
        for name in ("aria-labelledby", "aria-controls"):
            assert set(attributes.get(name, "").split()) <= set(ids)
        if attributes.get("href", "").startswith("#"):
            assert attributes["href"][1:] in ids
    assert set(re.findall(r"url\(#([^)]+)\)", str(page.elements))) <= set(ids)


def test_tables_and_figures_can_be_heard(page, text):
    assert len(page.all("caption")) == len(page.all("table"))
    assert all(a.get("scope") in {"col", "row"} for a in page.all("th"))
    assert all(a.get("role") == "img" for a in page.all("svg"))
    assert text.count("<desc id=") == len(page.all("svg"))
    assert page.all("html")[0]["lang"] == "en"
    assert len(page.all("h1")) == 1


def test_every_table_and_figure_says_its_standing(page):
    chips = [a for a in page.all("span") if "chip" in a.get("class", "")]
    assert len(chips) == len(page.all("table")) + len(page.all("svg"))


def test_the_page_is_the_same_twice(findings, text):
    assert to_html(findings) == text


def test_a_bare_system_has_a_page_without_empty_figures(bare, tmp_path):
    path = write_html(bare, tmp_path / "deep" / "bare.html")
    page = Page(path.read_text(encoding="utf-8"))
    assert len(page.all("section")) == len(ORDER)
    assert {a["aria-labelledby"].split()[0] for a in page.all("svg")} <= {"fig-ledger-t", "fig-sizes-t"}
    assert [p.name for p in path.parent.iterdir()] == ["bare.html"]


def luminance(colour):
    channels = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("mode", [0, 1])
@pytest.mark.parametrize("name", [n for n in VARIABLES if n not in GROUNDS])
def test_contrast(name, mode):
    for ground in ("page", "panel"):
        a, b = sorted((luminance(VARIABLES[name][mode]), luminance(VARIABLES[ground][mode])))
        assert (b + 0.05) / (a + 0.05) >= (4.5 if name in TEXTS else 3.0)


def test_charts_keep_to_the_grammar(findings, monkeypatch):
    monkeypatch.setattr(figures, "CHECKED", True)
    for section in sections(findings):
        for block in section.blocks:
            if hasattr(block, "description"):
                assert figures.draw(findings, block).endswith("</svg>")
