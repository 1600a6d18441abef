"""`validate` on the published data: the rows that are quick, their verdicts, and what the documentation shows of all.

The full run takes a minute and stays out of the suite: ``foedus validate``.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from foedus.report.validation import markdown_row
from foedus.studies.validate import validate

QUICK = ("1", "11", "14", "15", "2", "4", "5", "6", "s10", "s4", "10.network", "10.spill", "10.errors")
TIMED = {"6.fast"}
PAGE = Path(__file__).parents[2] / "docs" / "concepts" / "validation.md"


@pytest.mark.realdata
def test_quick_rows_come_out_as_the_page_shows(realdata_dir):
    """Every number equal or within its tolerance, and every line as in the documentation."""
    found = validate(QUICK, data_dir=realdata_dir)
    assert found.failed == ()
    assert {r.verdict for r in found.rows if r.row.kind == "number"} == {"equal", "within"}
    assert [r.row.id for r in found.rows if r.verdict == "within" and r.row.kind == "number"] == [
        "4.rates", "5.land", "5.ratio", "5.major", "5.pact", "11.alpha", "11.interval"
    ]  # fmt: skip
    assert found.of("6.falls").verdict == "as published"
    assert found.of("14.path").verdict == "differs, explained"
    assert found.versions["cow_nmc"] == "7.0"
    shown = PAGE.read_text(encoding="utf-8")
    for row in found.rows:
        assert row.row.id in TIMED or markdown_row(row) in shown, row.row.id
