"""Rows of `validate` in Markdown, and the page of the documentation that shows them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from foedus.report.validation import markdown, markdown_row
from foedus.studies import validate as study
from foedus.studies.validate_rule import Found
from foedus.studies.validate_spec import Row, rows

NUMBER = Row("1.x", "T", "S", "claim", "table 1", "source", ("0.50",), "number")


def test_the_page_has_every_row_with_what_is_published():
    page = (Path(__file__).parents[3] / "docs" / "concepts" / "validation.md").read_text(encoding="utf-8")
    for row in rows():
        star = r"\*" if row.basis == "memory" else ""
        assert f"| {row.id} | {row.claim} | {'; '.join(row.published)}{star} | {row.kind}: " in page, row.id
    assert page.count("| differs |") == 0
    assert page.count("| failed |") == 0


def test_rows_in_markdown():
    found = study.validate(["s1", "s13.views"])
    text = markdown(found)
    assert "### s1. Alliances of the Second World War as a landscape" in text
    assert "| number: cannot be run | none | no data |" in text
    assert "- s1.europe: the matrix" in text
    assert "| 0.014341; 90 | number: digits printed | 0.014341; 90 | equal |" in text
    assert text.rstrip().endswith("Data: none.")
    barred = study.Judged(replace(NUMBER, claim="a|b"), Found.of(0.5), "equal", "", 0.0)
    assert r"a\|b" in markdown_row(barred)
