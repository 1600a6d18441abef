"""Which treaty a name means, and every defence pact, on made-up rows."""

import datetime as dt
from types import SimpleNamespace

import polars as pl
import pytest

from foedus.data import own
from foedus.errors import ParameterError
from foedus.system import signed as module
from foedus.system.signed import defence_pacts, find_signed, signed_system

D = dt.date
FLAGS = ("defense", "offense", "neutral", "nonagg", "consul")


class Made:
    """Tables with a few made-up members of alliances."""

    def __init__(self, names=True):
        rows = [
            (1350, 1, 255, D(1882, 5, 20), "10101"), (1350, 1, 300, D(1882, 5, 20), "10101"), (1350, 4, 255, D(1913, 8, 2), "11101"),
            (3275, 0, 640, D(1955, 2, 24), "00011"), (3275, 0, 645, D(1955, 2, 24), "00011"), (3275, 0, 200, D(1955, 4, 5), "00011"),
            (1010, 0, 275, D(1815, 1, 14), "10000"), (1010, 0, 300, D(1815, 1, 14), "10000"), (4175, 1, 200, D(1992, 2, 7), "00001"),
            (4175, 2, 200, D(2007, 11, 13), "10001"), (4175, 2, 210, D(2007, 11, 13), "10001"), (7000, 0, 2, D(1882, 5, 20), "10000"),
            (7000, 0, 20, D(1882, 5, 20), "10000"), (7001, 0, 2, D(1990, 1, 1), "10000"),
        ]  # fmt: skip
        data = [
            {"atopid": a, "phase": p, "member": m, "entry": e} | {f: int(x) for f, x in zip(FLAGS, bits, strict=True)}
            for a, p, m, e, bits in rows
        ]
        self.frame = pl.DataFrame(data)
        entries = [
            {"atop": 1350, "name": "Triple Alliance (Germany and others)", "sources": ["x"]},
            {"atop": 1350, "phase": 4, "name": "Triple Alliance of 1912"}, {"atop": 3275, "name": "Baghdad Pact (CENTO)", "also": ["METO"]},
            {"atop": 7000, "name": "Twin pact"}, {"atop": 7001, "name": "Twin pact"},
        ]  # fmt: skip
        self.treaties = own.parse({"name": entries}, "here") if names else None

    def __getitem__(self, source):
        assert source == "atop5_1m"
        return self.frame

    def title(self, source):
        return f"{source} 5.1"


TABLES = Made()


@pytest.mark.parametrize(
    "query", ["ATOP:1350", "1350", 1350, "atop-1350", "triple alliance", "Triple Alliance (Germany and others)"]
)
def test_a_number_or_a_name_means_the_first_phase(query):
    got = find_signed(query, TABLES)
    assert (got.atop, got.phase, got.pact, got.date) == (1350, 1, "atop-1350-1", D(1882, 5, 20))
    assert got.day == D(1882, 5, 21)
    assert got.members == (255, 300)
    assert got.promises == ("defense", "neutral", "consul")
    assert got.sources == ("x",)


def test_a_phase_can_be_asked_for_by_number_or_by_a_name_of_its_own():
    for query in ("atop-1350-4", "ATOP:1350.4", "Triple Alliance of 1912"):
        assert find_signed(query, TABLES).phase == 4


@pytest.mark.parametrize("query", ["Baghdad Pact", "CENTO", "meto", "BAGHDAD PACT (CENTO)"])
def test_other_names_and_short_ones_in_brackets_are_found(query):
    got = find_signed(query, TABLES)
    assert got.pact == "atop-3275"
    assert got.members == (640, 645)
    assert got.later == (200,)
    assert "defense" not in got.promises


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("Twin pact", r"Several treaties.*ATOP:7000 \(Twin pact\), ATOP:7001"),
        ("Tripel Aliance", r"(?s)No treaty.*did you mean Triple Alliance"),
        ("zzz", r"(?s)No treaty.*a pact of a scenario needs --in"),
        ("9999", r"No such alliance: got 9999"),
        ("atop-1350-3", r"No such alliance"),
    ],
)
def test_what_is_not_there_is_refused_with_what_is_near(query, words):
    with pytest.raises(ParameterError, match=words):
        find_signed(query, TABLES)


def test_without_our_own_table_numbers_still_work():
    bare = Made(names=False)
    assert find_signed("1350", bare).name == "ATOP 1350"
    with pytest.raises(ParameterError, match="No treaty"):
        find_signed("Triple Alliance", bare)


def test_defence_pacts_are_taken_at_the_first_phase_that_promises_defence_from_1816():
    got = [(s.atop, s.phase) for s in defence_pacts(TABLES)]
    assert got == [(1350, 1), (7000, 0), (7001, 0), (4175, 2)]
    assert [s.atop for s in defence_pacts(TABLES, first=1900, last=1999)] == [7001]


def test_the_system_is_that_of_the_day_after(monkeypatch):
    seen = {}
    monkeypatch.setattr(
        module, "build", lambda day, tables, table: seen.update(day=day, table=table) or SimpleNamespace()
    )
    signed_system(find_signed(1350, TABLES), TABLES)
    assert seen == {"day": D(1882, 5, 21), "table": None}
