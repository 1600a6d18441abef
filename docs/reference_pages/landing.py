"""What a comment in a page of ours becomes on the site; on a forge it stays a comment, and the list below it a list.

``<!-- cards -->`` before a list makes each entry a card. ``<!-- generated -->`` to ``<!-- end -->`` becomes links to the pages that are made
from the code. ``<!-- toctree -->`` puts what the page links to, under its headings, into the menu; with names it puts those that exist.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from reference_pages import DOCS

if TYPE_CHECKING:
    from pathlib import Path

MADE = {
    "commands/index": "Every command and option",
    "api/index": "Python API",
    "columns/index": "Tables and their columns",
    "scenario-fields": "Fields of scenario files",
    "parameters/index": "Parameters",
    "cards": "Model cards",
    "settings": "Settings",
    "errors": "Every error",
    "bibliography": "Bibliography",
    "contributing": "Contributing",
}
_CARDS = re.compile(r"<!-- cards -->\n\n((?:- .*\n(?:  .*\n)*)+)")
_ENTRY = re.compile(r"^- \[(?P<title>[^\]]+)\]\((?P<link>[^)]+)\):? ?(?P<text>(?:.*\n(?:  .*\n)*))", re.MULTILINE)
_MADE = re.compile(r"<!-- generated -->.*?<!-- end -->", re.DOTALL)
_MENU = re.compile(r"<!-- toctree(?:: (?P<names>[^>]*?))? -->")
_PAGE = re.compile(r"\[(?P<title>[^\[\]]+)\]\((?P<page>(?!\w+:|#|/)[^)#\s]+\.(?:md|rst))(?:#[^)\s]*)?\)")


def _cards(match: re.Match[str]) -> str:
    """Return cards for a list."""
    lines = ["::::{grid} 1 2 2 2", ":gutter: 3", ""]
    for entry in _ENTRY.finditer(match[1]):
        link = entry["link"].removesuffix(".md")
        lines += [
            f":::{{grid-item-card}} {entry['title']}",
            f":link: {link}",
            ":link-type: doc",
            "",
            entry["text"].strip(),
            ":::",
            "",
        ]
    return "\n".join([*lines, "::::", ""])


def _menu(text: str, folder: Path) -> list[str]:
    """Return a hidden menu for each heading of a page, of the pages below its folder that it links to."""
    made: list[str] = []
    listed: set[str] = set()
    for part in re.split(r"(?m)^## ", text):
        heading, _, rest = part.partition("\n") if not part.startswith("# ") else ("", "", part)
        pages = []
        for m in _PAGE.finditer(rest):
            path = (folder / m["page"]).resolve()
            name = m["page"].rpartition(".")[0]
            inside = path.is_relative_to(DOCS) and path.is_file()
            if inside and name not in listed and (path.name != "index.md" or _branch(path, folder)):
                listed.add(name)
                pages.append(f"{m['title']} <{name}>")
        if pages:
            made += ["```{toctree}", ":hidden:", *([f":caption: {heading}"] if heading else []), "", *pages, "```", ""]
    return made


def _branch(path: Path, folder: Path) -> bool:
    """Return whether a page is the index of a folder one step below, or a made page."""
    return path.name == "index.md" and path.parent.parent in {folder, DOCS / "generated"}


def site(text: str, docname: str) -> str:
    """Return the Markdown of a page as the site reads it.

    Parameters
    ----------
    text : str
    docname : str
        Path of the page below ``docs``, without its ending.
    """
    folder = (DOCS / docname).parent
    up = "../" * docname.count("/")
    text = _CARDS.sub(_cards, text)
    text = _MADE.sub("\n".join(f"- [{title}]({up}generated/{name}.md)" for name, title in MADE.items()), text)
    menu = _MENU.search(text)
    if menu is None:
        return text
    if menu["names"] is None:
        lines = _menu(text, folder)
    else:
        there = [n for n in menu["names"].split() if (folder / f"{n}.md").is_file()]
        lines = ["```{toctree}", ":hidden:", ":maxdepth: 2", "", *there, "```"]
    return text[: menu.start()] + "\n".join(lines) + text[menu.end() :]
