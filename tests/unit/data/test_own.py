import datetime as dt

import pytest

from foedus.data import own
from foedus.errors import DataError

RAW = {
    "source": [{"id": "text", "title": "A text"}],
    "name": [{"atop": 1350, "name": "Triple Alliance"}, {"atop": 1350, "phase": 4, "name": "Triple Alliance of 1912"}],
    "guarantee": [
        {"id": "g", "name": "G", "start": dt.date(1839, 4, 19), "by": [200, 220], "to": 211, "sources": ["text"]}
    ],
    "clause": [
        {"atop": 1385, "type": "defense", "by": 220, "targets": [255]},
        {"atop": 1385, "type": "defense", "by": [365], "targets": [255, 300]},
    ],
    "alignment": [
        {"id": "a", "name": "A", "members": [200, 220], "start": dt.date(1904, 4, 8), "strength": [0.3, 0.6]}
    ],
}


def test_entries_become_records_with_tuples():
    table = own.parse(RAW, "here")
    assert table.guarantees[0].to == (211,)
    assert table.alignments[0].strength == (0.3, 0.6)
    assert table.sources[0].id == "text"


def test_a_name_of_a_phase_goes_before_that_of_the_alliance():
    table = own.parse(RAW, "here")
    assert table.name_of(1350, 4).name == "Triple Alliance of 1912"
    assert table.name_of(1350, 3).name == "Triple Alliance"
    assert table.name_of(1, 0) is None


def test_clauses_are_those_of_the_pledger_and_type():
    table = own.parse(RAW, "here")
    assert [c.targets for c in table.clauses_of(1385, 0, 220, "defense")] == [(255,)]
    assert table.clauses_of(1385, 0, 220, "neutral") == ()


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ({"name": [{"atop": 1}]}, r"no name.*\n?.*\[\[name\]\] 1"),
        ({"name": [{"atop": 1, "name": "x", "colour": 1}]}, "unknown colour"),
        ({"treaty": []}, "Unknown tables in here"),
    ],
)
def test_an_entry_that_is_not_understood_is_refused(raw, message):
    with pytest.raises(DataError, match=message):
        own.parse(raw, "here")


def test_the_shipped_table_is_whole():
    table = own.treaties()
    assert table is not None
    known = {s.id for s in table.sources}
    cited = {s for part in (table.guarantees, table.clauses, table.alignments) for entry in part for s in entry.sources}
    assert cited <= known
    assert {c.targets for c in table.clauses_of(1385, 0, 220, "defense")} == {(255,)}
    assert table.name_of(1335, 0).name
