"""The documentation names every error, and its index every page."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

from foedus import errors

DOCS = Path(__file__).parents[2] / "docs"
GENERATED = DOCS / "generated"
"""Made when the site is built; no page of the repository."""
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
LINK = re.compile(r"\]\((?!\w+:|#)([^)#]+)")


def shown(page: Path) -> str:
    """Return the text of a page without its comments."""
    return COMMENT.sub("", page.read_text(encoding="utf-8"))


def test_every_error_is_documented():
    page = shown(DOCS / "reference" / "errors.md")
    classes = [n for n, c in inspect.getmembers(errors, inspect.isclass) if issubclass(c, errors.FoedusError)]
    assert [n for n in classes if f"`{n}`" not in page] == []


def test_links_between_pages_lead_somewhere():
    root = DOCS.parent
    pages = [
        *(p for p in DOCS.rglob("*.md") if GENERATED not in p.parents),
        *(p for n in ("README.md", "CONTRIBUTING.md", "DATA_LICENSES.md") if (p := root / n).is_file()),
    ]
    dead = [f"{p.relative_to(root)}: {t}" for p in pages for t in LINK.findall(shown(p)) if not (p.parent / t).exists()]
    assert dead == []


def test_every_page_is_in_the_index_of_its_folder():
    """A folder with an index lists its pages there; a page of a folder without one stands in the first index above."""
    pages = [p for p in DOCS.rglob("*.md") if GENERATED not in p.parents and p != DOCS / "index.md"]
    unlisted = []
    for page in pages:
        above = page.parent.parent if page.name == "index.md" else page.parent
        index = next(f / "index.md" for f in (above, *above.parents) if (f / "index.md").is_file())
        text = shown(index)
        named = re.escape(page.relative_to(index.parent).as_posix())
        if not re.search(rf"\({named}[)#]", text) and not _in_a_list_above(page, index):
            unlisted.append(page.relative_to(DOCS).as_posix())
    assert unlisted == []


def _in_a_list_above(page, index):
    """Return whether another index lists the page by a way up, as `../licences.md`."""
    return any(
        (other.parent / link).resolve() == page
        for other in DOCS.rglob("index.md")
        if other != index
        for link in LINK.findall(shown(other))
    )


def test_every_command_is_documented():
    from foedus.cli import COMMANDS, CRISIS_COMMANDS, SCENARIO_COMMANDS

    page = shown(DOCS / "reference" / "cli.md")
    commands = [
        *COMMANDS,
        *(f"scenario {name}" for name in SCENARIO_COMMANDS),
        *(f"crisis {name}" for name in CRISIS_COMMANDS),
    ]
    assert [c for c in commands if f"`foedus {c}" not in page] == []


def test_every_key_of_a_scenario_is_documented():
    from foedus.scenario.schema import json_schema

    page = shown(DOCS / "reference" / "scenario.md")
    keys = set(json_schema()["properties"]) | {
        k for d in json_schema()["$defs"].values() for k in d.get("properties", {})
    }
    assert [k for k in sorted(keys) if not re.search(rf"\b{re.escape(k)}\b", page)] == []


def test_every_work_that_a_docstring_cites_is_in_the_references():
    bib = (DOCS / "references.bib").read_text(encoding="utf-8")
    source = "\n".join(p.read_text(encoding="utf-8") for p in (DOCS.parent / "src").rglob("*.py"))
    cited = set(re.findall(r"\[([A-Za-z]+\d{4}[a-z]?)\]_", source))
    assert len(cited) > 5
    assert sorted(k for k in cited if f"{{{k}," not in bib) == []
