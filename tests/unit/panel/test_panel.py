"""Panel functions on made-up files, then against the published dyad-years."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from foedus import panel
from foedus.errors import CoverageError, DataError, ParameterError

D = dt.date
ADDERS = (
    panel.add_nmc, panel.add_contiguity, panel.add_capital_distance, panel.add_atop_alliance, panel.add_strategic_rivalries,
)  # fmt: skip


def dyads(*years, pair=(2, 20)):
    return pl.DataFrame({"ccode1": [pair[0]] * len(years), "ccode2": [pair[1]] * len(years), "year": list(years)},
                        schema=dict.fromkeys(("ccode1", "ccode2", "year"), pl.Int32))  # fmt: skip


def states(spells):
    """Return spells of membership with the names that the list of states has."""
    return spells.with_columns(pl.lit("XXX").alias("stateabb"), pl.lit("Somewhere").alias("statenme"))


def test_a_pair_is_in_a_year_only_if_both_were_members_on_one_day(made):
    spells = pl.DataFrame(
        {"ccode": [2, 20, 30, 30], "start": [D(1900, 1, 1), D(1900, 7, 1), D(1900, 1, 1), D(1901, 6, 1)],
         "end": [D(1901, 12, 31), D(1901, 12, 31), D(1900, 6, 30), D(1901, 6, 1)]},
        schema_overrides={"ccode": pl.Int32},
    )  # fmt: skip
    data = made(cow_states=spells)
    both = panel.create_dyad_years(1900, 1901, data_dir=data)
    assert both.frame.rows() == [
        (2, 20, 1900), (2, 20, 1901), (2, 30, 1900), (2, 30, 1901), (20, 2, 1900), (20, 2, 1901), (20, 30, 1901),
        (30, 2, 1900), (30, 2, 1901), (30, 20, 1901),
    ]  # fmt: skip
    one = panel.create_dyad_years(1900, 1901, directed=False, data_dir=data)
    assert one.frame.rows() == [r for r in both.frame.rows() if r[0] < r[1]]
    assert set(one.frame.dtypes) == {pl.Int32}


@pytest.mark.parametrize(("at", "found"), [("jan1", [0, 0, 4, 1, 0, None]), ("year", [0, 4, 1, 1, 0, None])])
def test_contiguity_is_the_closest_class_in_force(made, at, found):
    spells = pl.DataFrame(
        {
            "ccode1": [2, 2],
            "ccode2": [20, 20],
            "conttype": [4, 1],
            "start": [D(1901, 3, 1), D(1902, 5, 1)],
            "end": [D(1902, 12, 31), D(1903, 8, 31)],
        },
        schema_overrides={"ccode1": pl.Int32, "ccode2": pl.Int32, "conttype": pl.Int32},
    )
    out = panel.add_contiguity(dyads(1900, 1901, 1902, 1903, 1904, 2017), at=at, data_dir=made(cow_contdir=spells))
    assert out["conttype"].to_list() == found
    back = panel.add_contiguity(dyads(1902, pair=(20, 2)), at=at, data_dir=made(cow_contdir=spells))
    assert back["conttype"].to_list() == [found[2]], "a directed pair is as contiguous as its mirror image"


@pytest.mark.parametrize(("at", "found"), [("jan1", [0, 0, 1, 1, 0, None]), ("year", [0, 1, 1, 1, 0, None])])
def test_pledges_are_directed_and_within_a_phase(made, at, found):
    rows = {
        "atopid": [1, 1, 1], "phase": [0, 0, 1], "member": [2, 20, 30], "entry": [D(1901, 1, 1)] * 3, "exit": [D(1903, 5, 1), None, None],
        "defense": [1, 0, 1], "offense": [0] * 3, "neutral": [0] * 3, "nonagg": [0, 1, 0], "consul": [0] * 3,
    }  # fmt: skip
    members = pl.DataFrame(rows, schema_overrides={c: pl.Int32 for c in rows if c not in {"entry", "exit"}})
    years = (1900, 1901, 1902, 1903, 1904, 2019)
    out = panel.add_atop_alliance(dyads(*years), at=at, data_dir=made(atop5_1m=members))
    assert out["defense12"].to_list() == found
    assert out["nonagg21"].to_list() == found
    assert out["defense21"].to_list() == [None if f is None else 0 for f in found]
    assert out["atop_alliance"].to_list() == found
    other = panel.add_atop_alliance(dyads(1902, pair=(2, 30)), at=at, data_dir=made(atop5_1m=members))
    assert other["atop_alliance"].to_list() == [0], "another phase"


@pytest.mark.parametrize(("at", "found"), [("jan1", [0, 1, 1, 0, None]), ("year", [1, 1, 1, 0, None])])
def test_rivalries_run_from_their_first_to_their_last_year(made, at, found):
    spells = pl.DataFrame(
        {"ccode1": [2, 2], "ccode2": [20, 20], "start": [1900, 1901], "end": [1902, 1901], "spatial": [False, True],
         **{t: [False, False] for t in ("positional", "ideological", "interventionary")}},
        schema_overrides=dict.fromkeys(("ccode1", "ccode2", "start", "end"), pl.Int32),
    )  # fmt: skip
    out = panel.add_strategic_rivalries(dyads(1900, 1901, 1902, 1903, 2021), at=at, data_dir=made(tss_rivalries=spells))
    assert out["rivalry"].to_list() == found
    assert out["spatial"].to_list() == [0, 1 if at == "year" else 0, 0, 0, None]


def test_capabilities_are_null_where_the_series_has_none(made):
    columns = ("milex", "milper", "irst", "pec", "tpop", "upop", "cinc")
    nmc = pl.DataFrame(
        {"ccode": [2], "year": [1900], **{c: [0.5] for c in columns}},
        schema_overrides={"ccode": pl.Int32, "year": pl.Int32},
    )
    out = panel.add_nmc(dyads(1900, 1901), data_dir=made(cow_nmc=nmc))
    assert out["cinc1"].to_list() == [0.5, None]
    assert out["cinc2"].to_list() == [None, None]


def test_distance_is_between_the_capitals_of_the_day_asked_for(made):
    capitals = pl.DataFrame(
        {"ccode": [2, 20, 20], "lat": [0.0, 0.0, 0.0], "lon": [0.0, 1.0, 2.0], "start": [D(1816, 1, 1), D(1816, 1, 1), D(1900, 6, 1)],
         "end": [D(2024, 12, 31), D(1900, 5, 31), D(1901, 12, 31)]},
        schema_overrides={"ccode": pl.Int32},
    )  # fmt: skip
    near, far = pytest.approx(111.19, abs=0.02), pytest.approx(222.39, abs=0.04)
    for at, found in {"year": [near, far, None], "jan1": [near, far, None], "dec31": [far, far, None]}.items():
        out = panel.add_capital_distance(dyads(1900, 1901, 1902), at=at, data_dir=made(cow_capitals=capitals))
        assert out["capdist"].to_list() == found


def test_a_capital_that_begins_in_the_year_is_none_on_its_first_day(made):
    capitals = pl.DataFrame(
        {"ccode": [2, 20], "lat": [0.0, 0.0], "lon": [0.0, 1.0], "start": [D(1816, 1, 1), D(1900, 6, 1)], "end": [D(2024, 12, 31)] * 2},
        schema_overrides={"ccode": pl.Int32},
    )  # fmt: skip
    known = [
        panel.add_capital_distance(dyads(1900), at=at, data_dir=made(cow_capitals=capitals))["capdist"][0] is not None
        for at in ("year", "jan1")
    ]
    assert known == [True, False]


@pytest.mark.parametrize("add", ADDERS)
def test_a_frame_without_a_unit_is_refused(add):
    with pytest.raises(DataError, match=r"(Columns for another unit|has no COW codes|without a unit)"):
        add(pl.DataFrame({"code": [2], "year": [1900]}))


@pytest.mark.realdata
@pytest.mark.parametrize("add", ADDERS)
def test_adding_twice_is_refused_not_renamed(add, realdata_dir):
    once = add(dyads(1914), data_dir=realdata_dir)
    with pytest.raises(DataError, match="already in the panel"):
        add(once, data_dir=realdata_dir)


@pytest.mark.parametrize(
    "add", [panel.add_contiguity, panel.add_atop_alliance, panel.add_capital_distance, panel.add_strategic_rivalries]
)
def test_another_reading_of_a_year_is_refused(add):
    with pytest.raises(ParameterError, match="'at' parameter: got 'june'"):
        add(dyads(1914), at="june")


def test_years_outside_the_list_are_refused(made):
    spells = pl.DataFrame(
        {"ccode": [2, 20], "start": [D(1816, 1, 1), D(1920, 1, 1)], "end": [D(2016, 12, 31), D(2000, 1, 1)]}
    )
    for years in ((1815, 1900), (1990, 2024)):
        with pytest.raises(CoverageError, match="expected 1816-2016"):
            panel.create_dyad_years(*years, data_dir=made(cow_states=spells))
    with pytest.raises(ParameterError, match="'start' parameter"):
        panel.create_dyad_years(1900, 1899, data_dir=made(cow_states=spells))
    later = panel.create_state_years(2015, 2018, carry_forward=True, data_dir=made(cow_states=states(spells)))
    assert later.frame.select("ccode", "year").rows() == [(2, y) for y in range(2015, 2019)], (
        "who left before the last day is not carried on"
    )


@pytest.mark.realdata
def test_the_field_counts_as_many_dyad_years_and_no_column_adds_a_row(realdata_dir):
    out = panel.create_dyad_years(1816, 2010, directed=False, data_dir=realdata_dir)
    assert out.height == 842_655
    unit = out.frame
    for add in ADDERS:
        out = add(out, data_dir=realdata_dir)
    assert out.frame.select(unit.columns).equals(unit)
    assert out["cinc1"].null_count() == 0
