"""Which war on record begins with an attack, on a hand-made list."""

import datetime as dt
from dataclasses import replace

import polars as pl
import pytest

from foedus.studies import war_record
from foedus.war.history import NO_WAR, Entrance

D = dt.date
ROWS = [
    (1, "First War", 1, "A", D(1910, 1, 3), D(1910, 3, 1), "Aland", True),
    (1, "First War", 3, "B", D(1910, 1, 3), D(1910, 2, 1), "Cland", False),
    (1, "First War", 4, "B", D(1910, 1, 20), D(1910, 3, 1), "Dland", False),
    (1, "First War", 9, "A", D(1910, 1, 21), D(1910, 3, 1), "Japan", False),
    (2, "Late War", 1, "A", D(1910, 1, 5), D(1910, 4, 1), "Aland", True),
    (2, "Late War", 2, "B", D(1910, 1, 5), D(1910, 4, 1), "Bland", False),
    (3, "Other War", 2, "A", D(1910, 1, 9), D(1910, 4, 1), "Bland", True),
    (3, "Other War", 4, "B", D(1910, 1, 9), D(1910, 4, 1), "Dland", False),
]


class Store:
    def table(self, name):
        if name == "cow_wars":
            names = ["warnum", "name", "ccode", "side", "start", "end", "state_name", "initiator"]
            return pl.DataFrame(ROWS, names, orient="row")
        return pl.DataFrame(
            [(c, D(1900, 1, 1), D(1999, 1, 1)) for c in (1, 2, 3, 4, 9)], ["ccode", "start", "end"], orient="row"
        )


@pytest.fixture
def coded(quartet, monkeypatch):
    monkeypatch.setattr(war_record.DataDir, "of", classmethod(lambda cls, folder: Store()))
    codes = {"AA": 1, "BB": 2, "CC": 3, "DD": 4, "EE": None}
    return replace(quartet, actors=tuple(replace(a, cow=codes[a.id]) for a in quartet.actors))


def test_the_course_in_the_actors_of_the_system(coded):
    got = war_record.on_record(coded, "AA", "CC")
    assert (got.war, got.start, got.end, got.note) == ("First War (no. 1)", D(1910, 1, 3), D(1910, 3, 1), "")
    assert got.actors == {"AA": Entrance("A", 0, 57), "CC": Entrance("B", 0, 29), "DD": Entrance("B", 17, 57)}
    assert got.absent == ("Japan",)
    assert got.unlisted == ("EE",)


def test_another_war_of_the_same_days_is_not_taken_for_it(coded):
    assert war_record.on_record(coded, "AA", "BB").war == "Late War (no. 2)"


@pytest.mark.parametrize(
    ("pair", "note"),
    [
        (("CC", "AA"), f"{NO_WAR}; First War (no. 1) does, on 1910-01-03, begun by AA's side"),
        (("AA", "DD"), NO_WAR),  # DD came later
        (("BB", "DD"), NO_WAR),  # eight days after
        (("AA", "EE"), f"{NO_WAR}: the list is of states, and EE is none of it"),
    ],
)
def test_no_war_begins_with_it(coded, pair, note):
    got = war_record.on_record(coded, *pair)
    assert (got.war, got.note) == ("", note)


def test_after_the_list_nothing_is_known(coded):
    assert war_record.on_record(replace(coded, date=D(2008, 1, 1)), "AA", "CC").note == "the list of wars ends in 2007"
