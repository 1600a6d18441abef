"""Writes a page per data set from its declaration: ``python docs/data_pages.py``. A test compares the pages with what this makes."""

from __future__ import annotations

import sys
from pathlib import Path

from foedus.data.reading import schema
from foedus.data.sources import SOURCES

FOLDER = Path(__file__).parent / "reference" / "data"


def page(source_id: str) -> str:
    """Return the page of a data set."""
    s = SOURCES[source_id].spec
    file = (
        f"`{s.filename}`" + (f", {s.size:,} bytes" if s.size else "") + (f", sha256 `{s.sha256}`" if s.sha256 else "")
    )
    facts = [
        ("Publisher", f"{s.publisher}, <{s.url}>"), ("Version", s.version), ("Rows", s.units), ("Years", f"{s.first_year}-{s.last_year}"),
        ("No record inside these years means", s.absence), ("Terms", s.licence), ("Tested file", file), ("Packed by", s.via),
        ("How to get it", f"`foedus data fetch {s.id}`" if s.routes else f"by hand: {s.by_hand}; then `foedus data add {s.id} FILE`"),
        ("Cite", s.citation),
    ]  # fmt: skip
    lines = [
        f"# {s.title}",
        "",
        f"`{s.id}`",
        "",
        "| | |",
        "|---|---|",
        *(f"| {k} | {_cell(v)} |" for k, v in facts if v),
        "",
    ]
    lines += ["## Columns", "", "| column | type | what | range | may be missing |", "|---|---|---|---|---|"]
    lines += [
        f"| `{c.column}` | {c.type} | {_cell(c.unit)} | {c.range} | {'yes' if c.missing else 'no'} |"
        for c in schema(s.id)
    ]
    return "\n".join([*lines, "", "## BibTeX", "", "```bibtex", s.bibtex, "```", ""])


def index() -> str:
    """Return the page that lists all data sets."""
    head = [
        "# Data sets",
        "",
        "foedus passes on none of these: each comes from its publisher to your machine, on the publisher's terms.",
        "",
    ]
    table = ["| data set | id | rows | years | how |", "|---|---|---|---|---|"]
    for source_id in SOURCES:
        s = SOURCES[source_id].spec
        how = "fetch" if s.routes else "by hand"
        table.append(
            f"| [{_cell(s.title)}]({s.id}.md) | `{s.id}` | {_cell(s.units)} | {s.first_year}-{s.last_year} | {how} |"
        )
    return "\n".join([*head, *table, "", "<!-- toctree -->", ""])


def pages() -> dict[str, str]:
    """Return every page by its file name."""
    return {"index.md": index(), **{f"{source_id}.md": page(source_id) for source_id in SOURCES}}


def _cell(text: str) -> str:
    """Return text that a table's cell can hold."""
    return text.replace("|", "\\|").replace("\n", " ")


def main() -> None:
    """Write the pages and remove those of data sets that are gone."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    made = pages()
    for old in FOLDER.glob("*.md"):
        if old.name not in made:
            old.unlink()
    for name, text in made.items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    sys.stdout.write(f"{len(made)} pages in {FOLDER}\n")


if __name__ == "__main__":
    main()
