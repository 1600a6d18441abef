"""Spells by hand and against a plain loop, peace years from the calendar, relevance."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus import panel as room
from foedus.errors import DataError, ParameterError
from foedus.panel.spells import since_last

INT = pl.Int32


def rows(**columns):
    return pl.DataFrame(columns, schema_overrides=dict.fromkeys(columns, INT))


def plain(events, years, *, gaps, once):
    """Return the counts of one unit, row by row."""
    out, last, lost, before = [], None, False, None
    for k, (event, year) in enumerate(zip(events, years, strict=True)):
        if lost:
            count = None
        elif gaps:
            count = year - years[0] if last is None else year - years[last] - 1
        else:
            count = k if last is None else k - last - 1
        out.append(None if once and event == 1 and before == 1 else count)
        if event == 1:
            last, lost = k, False
        elif event is None:
            lost = True
        before = event
    return out


def test_a_count_restarts_after_an_event_and_the_event_keeps_its_own():
    frame = rows(ccode1=[2] * 6, ccode2=[20] * 6, year=range(1900, 1906), midongoing=[0, 0, 1, 1, 0, 0])
    assert room.add_spells(frame)["midspell"].to_list() == [0, 1, 2, 0, 0, 1]
    assert room.add_spells(frame, repeated="missing")["midspell"].to_list() == [0, 1, 2, None, 0, 1]


def test_rows_are_counted_and_calendar_gaps_where_asked():
    frame = rows(ccode1=[220] * 4, ccode2=[255] * 4, year=[1944, 1945, 1990, 1991], midongoing=[1, 1, 0, 0])
    assert room.add_spells(frame)["midspell"].to_list() == [0, 0, 0, 1]
    assert room.add_spells(frame, gaps=True)["midspell"].to_list() == [0, 0, 44, 45]


def test_after_an_unknown_year_the_count_is_unknown_until_the_next_event():
    frame = rows(ccode1=[2] * 6, ccode2=[20] * 6, year=range(1900, 1906), midongoing=[1, None, 0, 1, 0, 0])
    assert room.add_spells(frame)["midspell"].to_list() == [0, 0, None, None, 0, 1]


@given(
    st.lists(st.lists(st.sampled_from([0, 0, 1, None]), min_size=1, max_size=12), min_size=1, max_size=4),
    st.booleans(), st.booleans(), st.randoms(use_true_random=False),
)  # fmt: skip
def test_counts_equal_a_plain_loop_in_any_order_of_rows(units, gaps, once, random):
    listed, expected = [], {}
    for code, events in enumerate(units, 2):
        years = sorted(random.sample(range(1816, 1916), len(events)))
        for year, event, count in zip(years, events, plain(events, years, gaps=gaps, once=once), strict=True):
            listed.append((code, year, event))
            expected[code, year] = count
    random.shuffle(listed)
    frame = pl.DataFrame(listed, schema={"ccode": INT, "year": INT, "warongoing": INT}, orient="row")
    out = room.add_spells(frame, gaps=gaps, repeated="missing" if once else "failure").frame
    assert {(c, y): n for c, y, n in out.select("ccode", "year", "warspell").iter_rows()} == expected


def test_no_rows_have_no_counts():
    assert since_last(np.zeros(0, dtype=np.int32), np.zeros(0, dtype=bool)).shape == (0,)


def test_what_is_no_event_is_refused():
    frame = rows(ccode=[2, 2], year=[1900, 1901], midongoing=[0, 2])
    with pytest.raises(DataError, match="holds no events"):
        room.add_spells(frame)
    with pytest.raises(DataError, match="No column of events"):
        room.add_spells(frame.drop("midongoing"))
    with pytest.raises(DataError, match="has a year twice"):
        room.add_spells(rows(ccode=[2, 2], year=[1900, 1900], midongoing=[0, 1]))
    with pytest.raises(ParameterError, match="repeated"):
        room.add_spells(frame, repeated="twice")


@pytest.fixture
def history(made):
    disputes = rows(ccode1=[2, 20, 2, 20], ccode2=[20, 2, 20, 2], year=[1910, 1910, 1912, 1912])
    states = pl.DataFrame(
        {"ccode": [2, 20], "start": [dt.date(1816, 1, 1), dt.date(1905, 6, 1)]}, schema_overrides={"ccode": INT}
    )
    return made(gml_dirdisp=disputes, cow_states=states)


def test_peace_years_come_from_the_calendar_whatever_rows_there_are(history):
    years = [1905, 1909, 1910, 1911, 1912, 1913, 1920, 2011]
    frame = rows(ccode1=[2] * 8, ccode2=[20] * 8, year=years)
    whole = room.add_peace_years(frame, data_dir=history)
    assert whole["gmlmid_peace_years"].to_list() == [0, 4, 5, 0, 1, 0, 7, None]
    few = room.add_peace_years(frame[[6, 1]], powers=3, data_dir=history)
    assert few.frame.select("gmlmid_peace_years", "gmlmid_peace_years2", "gmlmid_peace_years3").rows() == [
        (7, 49, 343),
        (4, 16, 64),
    ]
    turned = room.add_peace_years(rows(ccode1=[20], ccode2=[2], year=[1920]), data_dir=history)
    assert turned["gmlmid_peace_years"].to_list() == [7]


def test_peace_years_before_both_are_members_are_unknown(history):
    assert room.add_peace_years(rows(ccode1=[2, 2], ccode2=[20, 99], year=[1900, 1920]), data_dir=history)[
        "gmlmid_peace_years"
    ].to_list() == [None, None]
    with pytest.raises(ParameterError, match="conflict"):
        room.add_peace_years(rows(ccode1=[2], ccode2=[20], year=[1900]), "cold war", data_dir=history)
    with pytest.raises(ParameterError, match="powers"):
        room.add_peace_years(rows(ccode1=[2], ccode2=[20], year=[1900]), powers=4, data_dir=history)


def test_relevant_is_who_is_contiguous_or_a_major_power(made):
    spells = {"ccode1": INT, "ccode2": INT, "conttype": INT}
    contiguity = pl.DataFrame({"ccode1": [2], "ccode2": [20], "conttype": [1], "start": [dt.date(1900, 1, 1)], "end": [dt.date(2016, 12, 31)]},
                              schema_overrides=spells)  # fmt: skip
    majors = pl.DataFrame(
        {"ccode": [200], "start": [dt.date(1900, 5, 1)], "end": [dt.date(2016, 12, 31)]},
        schema_overrides={"ccode": INT},
    )
    store = made(cow_contdir=contiguity, cow_majors=majors)
    frame = rows(ccode1=[2, 2, 20, 40], ccode2=[20, 200, 40, 200], year=[1900] * 4)
    kept = room.filter_prd(frame, data_dir=store)
    assert kept.frame.select("ccode1", "ccode2", "prd").rows() == [(2, 20, 1), (2, 200, 1), (40, 200, 1)]
    assert room.filter_prd(frame, at="jan1", data_dir=store).frame.select("ccode1", "ccode2").rows() == [(2, 20)]
    assert room.filter_prd(kept, data_dir=store).frame.equals(kept.frame)
    assert room.filter_prd(frame.lazy(), data_dir=store).frame.equals(kept.frame)
    with pytest.raises(ParameterError, match="unknown"):
        room.filter_prd(frame, unknown="zero", data_dir=store)
