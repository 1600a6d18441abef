"""The documentation names every error, and its index every page."""

from __future__ import annotations

import inspect
import re
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

from foedus import errors
from foedus.estimate.wilson import Z90

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


COEFFICIENTS = {
    ("spread.md", "| term |"): ("spread", "entry"),
    ("spread.md", "| leaving |"): ("spread", "leaving"),
    ("spread.md", "| the war's end |"): ("spread", "ending"),
    ("spread.md", "| attacked, given entry"): ("spread", "front"),
    ("deter-and-spread.md", "| term |"): ("onset_fitted", "disputes", "wars"),
    ("years-forward.md", "| term |"): ("evolve", "disputes", "wars"),
    ("formation.md", "| term | onset"): ("ties_fitted", "form.treaties", "form.pairs", "end.treaties", "end.pairs"),
    ("joining.md", "| term |"): ("joining_fitted", "core", None, "from_1946", "wars"),
}
"""Tables of coefficients by page and head: the file of parameters, and the fit of each column; None for a column of another kind."""


@pytest.mark.parametrize(("page", "head"), COEFFICIENTS)
def test_coefficients_on_a_page_are_those_that_ship(page, head):
    """Estimate and 90 % interval, to the two digits shown."""
    name, *fits = COEFFICIENTS[page, head]
    ships = tomllib.loads((files("foedus.params") / f"{name}.toml").read_text(encoding="utf-8"))
    lines = shown(DOCS / "concepts" / page).splitlines()
    start = next(k for k, line in enumerate(lines) if line.startswith(head))
    wrong, seen = [], 0
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        term, *cells = (c.strip(" `") for c in line.strip("|").split("|"))
        cells = ["".join(cells)] if len(fits) == 1 else cells
        for fit, cell in zip(fits, cells, strict=True):
            if fit is None or cell in {"", "-"}:
                continue
            block = ships
            for part in fit.split("."):
                block = block[part]
            at = block["fit"]["terms"].index(term)
            centre = block["fit"]["coef"][at]
            error = block["fit"]["covariance"][at][at] ** 0.5
            low, high = block.get(term, {}).get("value", (centre - Z90 * error, centre + Z90 * error))
            told = [float(x) for x in re.findall(r"[-+]?\d+\.\d+", cell)]
            seen += 1
            if told != [round(x, 2) for x in (centre, low, high)]:
                wrong.append((term, fit, cell, centre, low, high))
    assert seen > 0
    assert wrong == []


def test_scores_of_the_spread_page_are_those_of_its_card():
    card = tomllib.loads((files("foedus.params") / "cards" / "spread.toml").read_text(encoding="utf-8"))
    page = shown(DOCS / "concepts" / "spread.md")
    for score in card["scores"][:2] + card["scores"][6:8] + card["scores"][12:14]:
        told = f"{score['value']:.2f} [{score['low']:.2f}, {score['high']:.2f}]"
        cases = score["cases"].split(", begun")[0]
        assert re.search(rf"^\| {re.escape(cases)} \|.*\| {re.escape(told)} \|.*\|$", page, re.MULTILINE), (cases, told)
