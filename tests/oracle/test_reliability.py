"""Reliability against the published shares, and the shipped fit against a refit."""

import tomllib
from pathlib import Path

import pytest

from foedus import params
from foedus.studies.reliability import cases, codings, fit, toml, versions

pytestmark = pytest.mark.realdata
PAGE = Path(__file__).parents[2] / "docs" / "concepts" / "obligations.md"


@pytest.fixture(scope="module")
def shares(realdata_dir):
    return codings(realdata_dir)


def test_the_published_shares(shares):
    """50.0 %, 66.3 % and 22.2 % of Berkemeier and Fuhrmann 2018."""
    by = {s.what: (s.kept, s.cases, round(100 * s.value, 1)) for s in shares}
    assert by["rules of Leeds, Long and Mitchell, 1816-2003"] == (73, 146, 50.0)
    assert by["the same, 1816-1944"] == (61, 92, 66.3)
    assert by["the same, 1945-2003"] == (12, 54, 22.2)
    assert by["two members"][:2] == (62, 104)
    assert by["more members"][:2] == (11, 42)


def test_obligations_cover_the_cases_once(shares):
    by = {s.what: s for s in shares}
    parts = ("common offence", "defence, no offence", "neutrality, no help", "non-aggression only, where broken")
    assert (sum(by[p].kept for p in parts), sum(by[p].cases for p in parts)) == (73, 146)


def test_the_page_shows_the_shares(shares):
    shown = PAGE.read_text(encoding="utf-8")
    for share in shares:
        assert str(share) in shown, share


def test_the_shipped_file_is_what_the_data_give(realdata_dir):
    rows = cases(realdata_dir)
    assert rows.height == 258
    assert rows.filter(rows["obligation"] != "nonagg").height == 138
    again = params.parse(tomllib.loads(toml(fit(rows), versions(realdata_dir))), "again")
    shipped = params.load("honour")
    assert set(again.table) == set(shipped.table)
    for name, p in shipped.table.items():
        assert again[name].low == pytest.approx(p.low, abs=0.01), name
        assert again[name].high == pytest.approx(p.high, abs=0.01), name
    assert again.extra["meta.data"] == shipped.extra["meta.data"]
