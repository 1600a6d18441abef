"""The documentation names every error, and its index every page."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

from foedus import errors

DOCS = Path(__file__).parents[2] / "docs"
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
        *DOCS.rglob("*.md"),
        *(p for n in ("README.md", "CONTRIBUTING.md", "DATA_LICENSES.md") if (p := root / n).is_file()),
    ]
    dead = [f"{p.relative_to(root)}: {t}" for p in pages for t in LINK.findall(shown(p)) if not (p.parent / t).exists()]
    assert dead == []


def test_every_page_is_in_the_index():
    index, sets = shown(DOCS / "index.md"), shown(DOCS / "reference" / "data" / "index.md")
    pages = [p.relative_to(DOCS).as_posix() for p in DOCS.rglob("*.md")]
    listed = {
        p: f"({p})" in index or f"({p.removeprefix('reference/data/')})" in sets for p in pages if p != "index.md"
    }
    assert [p for p, found in listed.items() if not found] == []


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
