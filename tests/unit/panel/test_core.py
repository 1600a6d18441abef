"""The panel itself: lookups by keys, lazy and eager alike, origins and what they explain, frames of other libraries."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foedus import panel as room
from foedus.errors import DataError, ParameterError
from foedus.panel import unit as units
from foedus.panel.panel import Origin, Panel, Rows, derived, state_columns, take, zero_inside

INT = pl.Int32
SERIES = pl.DataFrame(
    {"ccode": [2, 2, 20], "year": [1900, 1901, 1900], "x": [1.0, 2.0, None]},
    schema_overrides={"ccode": INT, "year": INT},
)


def frame(**columns):
    return pl.DataFrame(columns, schema_overrides={c: INT for c in columns if c != "date"})


def test_units_are_read_from_the_names_of_columns():
    pairs = frame(ccode1=[2, 20], ccode2=[20, 2], year=[1900, 1900])
    assert Panel.of(pairs).unit == units.dyad_year("cow", directed=True)
    assert Panel.of(pairs[:1]).unit == units.dyad_year("cow", directed=False)
    assert Panel.of(pairs.lazy()).unit.directed is True
    assert Panel.of(frame(gwcode=[2], year=[1900])).unit == units.state_year("gw")
    assert Panel.of(pl.DataFrame({"ccode": [2], "date": [dt.date(1900, 1, 1)]})).unit.kind == "state_day"
    assert Panel.of(frame(obsid=[1], gwcode=[2], year=[1900])).unit.kind == "leader_year"
    assert (
        Panel.of(frame(obsid1=[1], obsid2=[2], gwcode1=[2], gwcode2=[20], year=[1900])).unit.kind == "leader_dyad_year"
    )
    with pytest.raises(DataError, match="without a unit of analysis"):
        Panel.of(frame(country=[2], year=[1900]))


def test_a_frame_of_pandas_is_a_panel_too(made):
    out = room.add_nmc(
        pd.DataFrame({"ccode": [2], "year": [1900]}), keep=["cinc"], data_dir=made(cow_nmc=SERIES.rename({"x": "cinc"}))
    )
    assert out["cinc"].to_list() == [1.0]
    assert out.to_pandas()["cinc"].tolist() == [1.0]
    with pytest.raises(DataError, match="Not a frame"):
        room.add_nmc([1, 2])


def test_a_table_with_a_key_twice_is_refused():
    twice = pl.concat([SERIES, SERIES[:1]])
    rows = Rows(frame(ccode=[2], year=[1900]), units.state_year("cow"))
    with pytest.raises(DataError, match=r"The list has a key more than once: got 1 keys, \(2, 1900\)"):
        rows.states(twice, what="The list")


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 9), st.integers(-3, 3), st.integers(1900, 1905)), max_size=30),
    st.sets(st.tuples(st.integers(1, 9), st.integers(-3, 3), st.integers(1900, 1905)), max_size=30),
    st.booleans(),
)
def test_positions_are_those_of_a_dictionary(keys, table, dense):
    rows = Rows(frame(ccode=[1] * len(keys), year=[1900] * len(keys)), units.state_year("cow"))
    table = sorted(table)
    parts = [np.array([k[i] for k in keys], dtype=np.int64) for i in range(3)]
    there = [np.array([k[i] for k in table], dtype=np.int64) for i in range(3)]
    with pytest.MonkeyPatch.context() as patch:
        if not dense:
            patch.setattr("foedus.panel.panel._DENSE", -1)
        found = rows.find(parts, there, "The table")
    place = {k: i for i, k in enumerate(table)}
    assert found.tolist() == [place.get(k, -1) for k in keys]


@pytest.mark.parametrize("dense", [True, False])
def test_a_search_refuses_a_key_twice_as_an_array_does(monkeypatch, dense):
    if not dense:
        monkeypatch.setattr("foedus.panel.panel._DENSE", -1)
    rows = Rows(frame(ccode=[2], year=[1900]), units.state_year("cow"))
    with pytest.raises(DataError, match="more than once"):
        rows.find([np.array([5])], [np.array([7, 5, 5])], "The table")


def test_cells_without_a_row_are_null_and_zero_only_where_covered():
    found = take(SERIES, np.array([1, -1, 2]), {"y": "x"})
    assert found["y"].to_list() == [2.0, None, None]
    assert zero_inside(found, np.array([True, True, False]))["y"].to_list() == [2.0, 0.0, None]
    assert take(SERIES.clear(), np.array([-1]), {"y": "x"})["y"].to_list() == [None]


def test_a_null_code_matches_nothing(made):
    data = made(cow_nmc=SERIES.rename({"x": "cinc"}))
    out = room.add_nmc(frame(ccode=[None, 2], year=[1900, None]), keep="cinc", data_dir=data)
    assert out["cinc"].to_list() == [None, None]


def test_a_lazy_panel_gives_what_an_eager_one_does_and_computes_nothing_before(made):
    data = made(cow_nmc=SERIES.rename({"x": "cinc"}))
    eager = frame(ccode1=[2, 20, 2], ccode2=[20, 2, 99], year=[1900, 1900, 1901])
    lazy = Panel.of(eager.lazy(), data).pipe(room.add_nmc, keep="cinc")
    assert lazy.is_lazy
    assert lazy.columns == ["ccode1", "ccode2", "year", "cinc1", "cinc2"]
    assert lazy.frame.equals(room.add_nmc(eager, keep="cinc", data_dir=data).frame)


def test_keep_names_columns_that_are_there(made):
    with pytest.raises(ParameterError, match="'keep' parameter: got 'gdp'"):
        room.add_nmc(frame(ccode=[2], year=[1900]), keep=["gdp"], data_dir=made(cow_nmc=SERIES))


def test_gleditsch_ward_rows_do_not_take_cow_data_silently(made):
    with pytest.raises(DataError, match=r"no COW codes.*\n?.*expected ccode"):
        room.add_nmc(frame(gwcode=[260], year=[1950]), data_dir=made(cow_nmc=SERIES))


def test_every_cell_can_be_explained(made):
    data = made(cow_contdir=pl.DataFrame(
        {"ccode1": [2], "ccode2": [20], "conttype": [1], "start": [dt.date(1901, 1, 1)], "end": [dt.date(1902, 12, 31)]},
        schema_overrides=dict.fromkeys(("ccode1", "ccode2", "conttype"), INT)))  # fmt: skip
    out = room.add_contiguity(frame(ccode1=[2] * 3, ccode2=[20] * 3, year=[1900, 1901, 2017]), data_dir=data)
    assert "no record there means: not contiguous" in out.explain("conttype", year=1900)
    assert "conttype = 1" in out.explain("conttype", year=1901)
    assert "covers 1816 to 2016, and nothing is carried to 2017" in out.explain("conttype", year=2017)
    assert "no data set" in out.explain("year", year=1900)
    row = out.coverage().filter(pl.col("column") == "conttype").to_dicts()[0]
    assert (row["known"], row["outside"], row["unknown"], row["source"]) == (2, 1, 0, "cow_contdir")
    with pytest.raises(ParameterError, match="'column' parameter"):
        out.explain("nothing", year=1900)
    with pytest.raises(ParameterError, match="no single row"):
        out.explain("conttype", ccode1=2)
    with pytest.raises(ParameterError, match="'keys' parameter"):
        out.explain("conttype", yaer=1900)


def test_missing_inside_the_years_says_so(made):
    out = room.add_nmc(frame(ccode=[20], year=[1900]), keep="cinc", data_dir=made(cow_nmc=SERIES.rename({"x": "cinc"})))
    assert "has no value for this row" in out.explain("cinc", ccode=20)


def test_columns_of_ones_own_and_dropped_ones_lose_their_origin(made):
    out = room.add_nmc(frame(ccode=[2], year=[1900]), keep="cinc", data_dir=made(cow_nmc=SERIES.rename({"x": "cinc"})))
    assert out.with_columns(pl.col("cinc") * 2, double=pl.col("year")).origins == {}
    assert out.with_columns(other=pl.col("cinc")).origins.keys() == {"cinc"}
    assert out.drop("cinc").columns == ["ccode", "year"]
    with pytest.raises(ParameterError, match="columns that are no keys"):
        out.drop("year")
    assert out.filter(pl.col("year") > 1900).height == 0
    assert "state-years" in repr(out)


def test_what_is_derived_is_made_once_per_table(made):
    calls = []

    def make(table, times):
        calls.append(times)
        return table.head(times)

    one = Panel.of(frame(ccode=[2], year=[1900]), made(cow_nmc=SERIES))
    for _ in range(3):
        assert derived(one, ["cow_nmc"], make, 1).height == 1
    assert derived(one, ["cow_nmc"], make, 2).height == 2
    other = Panel.of(frame(ccode=[2], year=[1900]), made(cow_nmc=SERIES.clone()))
    derived(other, ["cow_nmc"], make, 1)
    assert calls == [1, 2, 1]


def test_columns_of_a_user_s_own_table_are_added_the_same_way(made):
    one = Panel.of(frame(ccode1=[2], ccode2=[99], year=[1900]), made(cow_nmc=SERIES))
    out = state_columns(one, "cow_nmc", {"x": "something"}, SERIES, zero=True)
    assert out.frame.select("x1", "x2").row(0) == (1.0, 0.0)
    assert out.origins["x1"] == Origin("cow_nmc", "something", 1816, 2022, "unknown", "7.0")


@pytest.mark.realdata
def test_blocks_of_states_make_the_same_rows(realdata_dir):
    whole = room.create_dyad_years(1900, 1920, data_dir=realdata_dir).frame
    codes = whole["ccode1"].unique().sort().to_list()
    parts = [room.create_dyad_years(1900, 1920, first_states=codes[i::2], data_dir=realdata_dir).frame for i in (0, 1)]
    assert pl.concat(parts).sort(whole.columns).equals(whole)


@pytest.mark.realdata
def test_state_days_are_those_of_membership(realdata_dir):
    days = room.create_state_days(dt.date(1867, 2, 27), dt.date(1867, 3, 2), data_dir=realdata_dir)
    hannover = days.frame.filter(pl.col("stateabb") == "HAN")
    assert hannover.height == 0
    prussia = days.frame.filter(pl.col("ccode") == 255)
    assert prussia["date"].to_list() == [
        dt.date(1867, 2, 27),
        dt.date(1867, 2, 28),
        dt.date(1867, 3, 1),
        dt.date(1867, 3, 2),
    ]
    with pytest.raises(ParameterError, match="'start' parameter"):
        room.create_state_days(dt.date(1900, 1, 2), dt.date(1900, 1, 1), data_dir=realdata_dir)
