"""Each fault of R's peacesciencer 1.2.9 that its outputs show, with the right answer here."""

from __future__ import annotations

import polars as pl
import pytest

from foedus import panel
from foedus.data.store import DataDir
from foedus.errors import CoverageError, DataError

pytestmark = pytest.mark.realdata


@pytest.fixture(scope="module")
def pairs(realdata_dir):
    return panel.create_dyad_years(1816, 2010, directed=False, data_dir=realdata_dir)


def test_columns_of_two_data_sets_never_become_keys_of_a_join(pairs):
    with pytest.raises(DataError, match="already in the panel"):
        pairs.pipe(panel.add_gml_mids).pipe(panel.add_cow_mids)
    gml, cow, wars = (
        pairs.pipe(panel.add_gml_mids, keep=[]),
        pairs.pipe(panel.add_cow_mids, keep=[]),
        pairs.pipe(panel.add_cow_wars),
    )
    assert (gml["gmlmidongoing"].sum(), cow["cowmidongoing"].sum(), wars["cowinterongoing"].sum()) == (
        4_642,
        4_875,
        938,
    )
    all_three = (
        pairs.pipe(panel.add_gml_mids, prefix="gml_").pipe(panel.add_cow_mids, prefix="cow_").pipe(panel.add_cow_wars)
    )
    for alone, column in ((gml, "gmlmidongoing"), (cow, "cowmidongoing"), (wars, "cowinterongoing")):
        assert all_three[column].equals(alone[column])


def test_no_rivalry_is_made_up_after_the_data_end(realdata_dir):
    later = panel.create_dyad_years(2019, 2025, carry_forward=True, data_dir=realdata_dir).pipe(
        panel.add_strategic_rivalries
    )
    years = (
        later.frame.group_by("year")
        .agg(pl.col("rivalry").sum(), pl.col("rivalry").null_count().alias("unknown"), pl.len())
        .sort("year")
    )
    assert years.filter(pl.col("year") > 2020).select((pl.col("unknown") == pl.col("len")).all()).item()
    assert years.filter(pl.col("year") <= 2020).select((pl.col("unknown") == 0).all(), pl.col("rivalry").min() > 0).row(
        0
    ) == (True, True)


def test_spells_do_not_hang_on_the_order_of_rows(pairs):
    made = pairs.pipe(panel.filter_prd).pipe(panel.add_gml_mids, keep=[])
    straight = panel.add_spells(made).frame
    mixed = panel.add_spells(made.frame.sample(fraction=1, shuffle=True, seed=11)).frame
    assert mixed.sort("ccode1", "ccode2", "year")["gmlmidspell"].equals(straight["gmlmidspell"])


def test_later_years_of_an_event_are_missing_and_nothing_else(pairs):
    made = pairs.pipe(panel.filter_prd).pipe(panel.add_gml_mids, keep=[])
    every, once = (panel.add_spells(made, repeated=r).frame for r in ("failure", "missing"))
    before = pl.col("gmlmidongoing").shift(1).over("ccode1", "ccode2")
    again = (pl.col("gmlmidongoing") == 1) & (before == 1)
    assert once.filter(again.fill_null(value=False) != pl.col("gmlmidspell").is_null()).is_empty()
    rest = once["gmlmidspell"].is_not_null()
    assert once.filter(rest)["gmlmidspell"].equals(every.filter(rest)["gmlmidspell"])


def test_state_years_have_their_disputes_before_1870_too(realdata_dir):
    states = panel.create_state_years(data_dir=realdata_dir).pipe(panel.add_gml_mids)
    disputes = DataDir(realdata_dir).table("gml_dirdisp").select(pl.col("ccode1").alias("ccode"), "year").unique()
    found = states.frame.join(disputes, on=["ccode", "year"], how="semi")
    assert found.height == 4_392
    assert (found["gmlmidongoing"] == 1).all()
    assert states.frame.filter(pl.col("gmlmidongoing") == 1).height == 4_392
    assert states.frame.filter(pl.col("year").is_between(1816, 1839))["gmlmidongoing"].sum() > 0
    assert (
        states.frame.filter(pl.col("year") > 2010)["gmlmidongoing"].null_count()
        == states.frame.filter(pl.col("year") > 2010).height
    )


def test_onsets_of_ucdp_are_unknown_outside_its_years(realdata_dir):
    states = panel.create_state_years(system="gw", data_dir=realdata_dir).pipe(panel.add_ucdp_onsets)
    outside = states.frame.filter(~pl.col("year").is_between(1946, 2017))
    assert outside["sumnewconf"].null_count() == outside.height > 0
    assert states["sumnewconf"].sum() == DataDir(realdata_dir).table("ucdp_onsets")["sumnewconf"].sum()


def test_side_b_of_an_armed_conflict_is_in_conflict_too(realdata_dir):
    states = panel.create_state_years(1946, 2015, system="gw", data_dir=realdata_dir).pipe(panel.add_ucdp_acd)
    rows = DataDir(realdata_dir).table("ucdp_acd").filter(pl.col("gwno_b").is_not_null() & (pl.col("year") <= 2015))
    sides = rows.select(pl.col("gwno_b").alias("gwcode"), "year").unique()
    found = states.frame.join(sides, on=["gwcode", "year"], how="semi")
    assert found.height > 100
    assert (found["ucdpongoing"] == 1).all()
    falklands = (
        states.frame.filter(gwcode=160, year=1982)["ucdpongoing"].item(),
        states.frame.filter(gwcode=200, year=1982)["ucdpongoing"].item(),
    )
    assert falklands == (1, 1)


def test_leaders_without_a_name_keep_their_disputes_apart(realdata_dir):
    store = DataDir(realdata_dir)
    rows = store.table("gml_mid_dirleaderdisps")
    packed = store.table("gml_mid_ddlydisps").filter(pl.col("obsid1").is_not_null() & pl.col("obsid2").is_not_null())
    keys = ["ccode1", "ccode2", "obsid1", "obsid2", "year"]
    known = rows.drop_nulls(["obsid1", "obsid2"]).select(keys).unique()
    lost = known.join(packed, on=keys, how="anti")
    ours = panel.whittle(with_whole(rows, store))
    assert ours.select(keys).join(lost, on=keys, how="semi", nulls_equal=True).height == lost.height
    leaders = panel.create_leader_dyad_years(1870, 2010, system="gw", data_dir=realdata_dir).pipe(panel.add_gml_mids)
    assert leaders["gmlmidongoing"].sum() > 0


def with_whole(rows, store):
    from foedus.panel.whittle import with_disputes

    return with_disputes(rows, store.table("gml_mid_disps"))


def test_columns_can_be_added_again_after_they_are_dropped_and_the_filter_takes_what_is_there(realdata_dir):
    pairs = panel.create_dyad_years(1900, 1920, data_dir=realdata_dir)
    there = pairs.pipe(panel.add_contiguity).pipe(panel.add_cow_majors).pipe(panel.filter_prd)
    assert there.frame.equals(pairs.pipe(panel.filter_prd).frame)
    again = there.drop("conttype").pipe(panel.add_contiguity)
    assert again["conttype"].equals(there["conttype"])
    with pytest.raises(DataError, match="already in the panel"):
        panel.add_contiguity(there)


def test_relevance_is_refused_where_it_is_unknown(realdata_dir):
    later = panel.create_dyad_years(2014, 2018, carry_forward=True, data_dir=realdata_dir)
    with pytest.raises(CoverageError, match="1816-2016"):
        panel.filter_prd(later)
    assert set(panel.filter_prd(later, unknown="drop")["year"].unique()) == {2014, 2015, 2016}


def test_one_row_with_an_event_and_units_without_any_have_spells(realdata_dir):
    row = {"ccode1": [2, 2, 20], "ccode2": [20, 40, 40], "year": [1900, 1900, 1900], "midongoing": [1, 0, 0]}
    frame = pl.DataFrame(row, schema_overrides=dict.fromkeys(row, pl.Int32))
    assert panel.add_spells(frame)["midspell"].to_list() == [0, 0, 0]
    unknown = frame.with_columns(pl.lit(None, pl.Int32).alias("midongoing"))
    assert panel.add_spells(unknown)["midspell"].to_list() == [0, 0, 0]


def test_a_leader_of_two_codes_in_a_year_is_two_rows(realdata_dir):
    years = panel.create_leader_years(system="cow", data_dir=realdata_dir).frame
    twice = (
        years.filter(pl.struct("obsid", "year").is_duplicated())
        .select("obsid", "ccode", "year")
        .sort("obsid", "ccode")
        .rows()
    )
    assert twice == [("GFR-1982", 255, 1990), ("GFR-1982", 260, 1990), ("YEM-1978", 678, 1990), ("YEM-1978", 679, 1990)]


def test_versions_are_those_of_the_files(realdata_dir):
    panel_of = panel.create_state_years(2000, 2001, data_dir=realdata_dir).pipe(panel.add_nmc)
    assert set(panel_of.coverage().filter(pl.col("source") == "cow_nmc")["version"]) == {"7.0"}


def test_a_contiguity_that_begins_in_the_year_counts_in_it(realdata_dir):
    rows = DataDir(realdata_dir).table("cow_contdir").filter(pl.col("conttype") > 0)
    begun = rows.filter(pl.col("start").dt.ordinal_day() > 1).select(
        "ccode1", "ccode2", pl.col("start").dt.year().alias("year")
    )
    pairs = panel.create_dyad_years(1816, 2016, directed=False, data_dir=realdata_dir).pipe(panel.add_contiguity)
    found = pairs.frame.join(begun, on=["ccode1", "ccode2", "year"], how="semi")
    assert found.height > 300
    assert (found["conttype"] > 0).all()


def test_a_state_that_joins_the_system_late_keeps_its_dispute_out(realdata_dir):
    # Dispute 197, Canada and Russia 1918-19: Canada is a member from 1920, so that no pair can hold it.
    store = DataDir(realdata_dir)
    rows = store.table("cow_mid_ddydisps").filter(
        pl.col("dispnum") == 197, pl.col("ccode1").is_in([20, 365]), pl.col("ccode2").is_in([20, 365])
    )
    assert rows.height == 4
    pairs = panel.create_dyad_years(1918, 1919, data_dir=realdata_dir).frame
    assert pairs.join(rows, on=["ccode1", "ccode2", "year"], how="semi").is_empty()
