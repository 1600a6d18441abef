"""The figure of a sweep holds what its effects hold."""

from __future__ import annotations

import pytest

import foedus as fd
from foedus.errors import ParameterError
from foedus.report.figures.sweep import chart, write
from foedus.studies.sweep import sweep


@pytest.fixture(scope="module")
def grid():
    return sweep(fd.load("europe-1914"), ["strengthen:RUS=0.5:2:2", "remove:ITA=0:1:2"], draws=200)


def rows_of(part):
    """Return every row of data in a chart, whatever it is made of."""
    if isinstance(part, dict):
        own = part["values"] if isinstance(part.get("values"), list) else []
        return [r for r in own if isinstance(r, dict)] + [r for v in part.values() for r in rows_of(v)]
    return [r for v in part for r in rows_of(v)] if isinstance(part, list) else []


def test_bars_and_shares_are_those_of_the_effects(grid):
    spec = chart(grid, grid.headline[:1]).to_dict()
    rows = rows_of(spec)
    for e in grid.effects():
        assert any(
            r.get("change") == e.change.mean and r["low"] == e.change.low and r["key"].startswith(e.key) for r in rows
        )
        assert any(r.get("share") == e.total.mean and r["which"] == "in all" for r in rows)


def test_without_shares_there_is_one_panel(grid):
    spec = chart(grid, ["ITA at war"]).to_dict()
    assert rows_of(spec)
    assert not any("share" in r for r in rows_of(spec))


def test_it_is_written_and_other_endings_are_refused(grid, tmp_path):
    write(grid, tmp_path / "f.svg")
    assert "strengthen:RUS" in (tmp_path / "f.svg").read_text()
    with pytest.raises(ParameterError, match=r"f\.doc"):
        write(grid, tmp_path / "f.doc")
