"""Disputes, wars and conflicts from a few made-up rows; each rule that whittles; leaders and groups of k states."""

from __future__ import annotations

import datetime as dt
import math

import polars as pl
import pytest

from foedus import panel as room
from foedus.errors import CoverageError, DataError, ParameterError

INT = pl.Int32


def rows(**columns):
    return pl.DataFrame(
        columns,
        schema_overrides={
            c: INT for c, v in columns.items() if all(isinstance(x, int | None) and not isinstance(x, bool) for x in v)
        },
    )


def dispute(number, a, b, year, *, onset=True, sidea=True, orig=(True, True)):
    """Return both directions of a pair in a dispute."""
    one = {"dispnum": number, "ccode1": a, "ccode2": b, "year": year, "midongoing": True, "midonset": onset, "sidea1": sidea, "sidea2": not sidea,
           "orig1": orig[0], "orig2": orig[1]}  # fmt: skip
    blank = dict.fromkeys(
        ["fatality1", "fatality2", "fatalpre1", "fatalpre2", "hiact1", "hiact2", "hostlev1", "hostlev2"], 1
    )
    two = {**one, "ccode1": b, "ccode2": a, "sidea1": not sidea, "sidea2": sidea, "orig1": orig[1], "orig2": orig[0]}
    return [{**one, **blank}, {**two, **blank}]


def whole(number, **more):
    return {
        "dispnum": number,
        "fatality": 0,
        "hostlev": 2,
        "mindur": 1,
        "maxdur": 1,
        "recip": False,
        "stmon": 1,
        "hiact": 1,
        "outcome": 5,
        "settle": 3,
        **more,
    }


@pytest.fixture
def disputes(made):
    pairs = [*dispute(1, 2, 20, 1900, onset=False), *dispute(2, 2, 20, 1900), *dispute(3, 2, 20, 1900, sidea=False, orig=(False, True)),
             *dispute(1, 2, 20, 1901, onset=False)]  # fmt: skip
    return made(
        gml_dirdisp=pl.DataFrame(pairs),
        gml_mid_disps=pl.DataFrame([whole(1, fatality=6), whole(2, fatality=None), whole(3)]),
    )


def test_of_a_years_disputes_the_one_with_more_deaths_is_kept_and_unknown_ranks_above_none(disputes):
    frame = rows(ccode1=[2, 2, 2, 2], ccode2=[20, 20, 20, 20], year=[1900, 1901, 1902, 2011])
    out = room.add_gml_mids(frame, keep=["dispnum", "init1", "init2"], data_dir=disputes)
    assert out.frame.drop("ccode1", "ccode2").rows() == [
        (1900, 1, 1, 2, 1, 0), (1901, 0, 1, 1, 1, 0), (1902, 0, 0, None, None, None), (2011, None, None, None, None, None),
    ]  # fmt: skip
    assert "no record there means: no dispute" in out.explain("gmlmidongoing", ccode1=2, ccode2=20, year=1902)
    assert "covers 1816 to 2010" in out.explain("gmlmidongoing", ccode1=2, ccode2=20, year=2011)


def test_who_initiated_is_a_matter_of_coding(disputes):
    flags = pl.DataFrame({"sidea1": [True, False, True], "orig1": [True, False, False]})
    from foedus.panel.disputes import initiator

    assert flags.select(initiator("sidea-all-joiners", "1")).to_series().to_list() == [True, True, True]
    assert flags.select(initiator("sidea-with-joiners", "1")).to_series().to_list() == [True, False, True]
    assert flags.select(initiator("sidea-orig", "1")).to_series().to_list() == [True, False, False]
    with pytest.raises(ParameterError, match="init"):
        room.add_gml_mids(rows(ccode1=[2], ccode2=[20], year=[1900]), init="first shot", data_dir=disputes)


def test_a_state_is_in_a_dispute_whoever_the_other_is(disputes):
    out = room.add_gml_mids(rows(ccode=[2, 20, 40], year=[1901, 1900, 1900]), init="sidea-orig", data_dir=disputes)
    assert out.frame.rows() == [(2, 1901, 1, 0, 1, 0), (20, 1900, 1, 1, 1, 1), (40, 1900, 0, 0, 0, 0)]


def group(**columns):
    base = {"dispnum": [1, 2], "ccode1": [2, 2], "ccode2": [20, 20], "year": [1900, 1900], "midonset": [True, True], "fatality": [0, 0], "hostlev": [2, 2],
            "mindur": [1, 1], "maxdur": [1, 1], "recip": [False, False], "stmon": [1, 1]}  # fmt: skip
    return pl.DataFrame({**base, **columns})


@pytest.mark.parametrize(
    ("rule", "columns", "kept"),
    [
        ("whittle_onsets", {"midonset": [False, True]}, [2]), ("whittle_onsets", {"midonset": [False, False]}, [1, 2]),
        ("whittle_fatality", {"fatality": [None, 0]}, [1]), ("whittle_fatality", {"fatality": [None, 1]}, [2]),
        ("whittle_hostility", {"hostlev": [4, 5]}, [2]), ("whittle_duration", {"mindur": [3, 2]}, [1]),
        ("whittle_reciprocation", {"recip": [False, True]}, [2]), ("whittle_start_month", {"stmon": [7, 3]}, [2]), ("whittle_first", {}, [1]),
    ],
)  # fmt: skip
def test_each_rule_keeps_the_best_of_a_group(rule, columns, kept):
    assert getattr(room, rule)(group(**columns))["dispnum"].to_list() == kept


def test_duration_has_two_reckonings_and_leaders_make_groups_of_their_own():
    assert room.whittle_duration(group(maxdur=[3, 9]), by="maxdur")["dispnum"].to_list() == [2]
    with pytest.raises(ParameterError, match="'mindur' or 'maxdur'"):
        room.whittle_duration(group(), by="days")
    apart = group(fatality=[6, 0], obsid1=["A", "B"], obsid2=["C", "C"])
    assert room.whittle(apart)["dispnum"].to_list() == [1, 2]
    with pytest.raises(ParameterError, match="rules"):
        room.whittle(group(), ["luck"])
    with pytest.raises(DataError, match="lack a column"):
        room.whittle(group().drop("hostlev"))
    with pytest.raises(ParameterError, match="'gml' or 'cow'"):
        room.create_dispute_dyad_years("mid")


def test_of_two_wars_of_a_pair_one_that_begins_is_described_and_then_the_deadlier(made):
    war = {"cowinteronset": [True, False, False, False], "cowinterongoing": [True] * 4, "sidea1": [1] * 4, "sidea2": [2] * 4,
           "initiator1": [True, False] * 2, "initiator2": [False, True] * 2, "outcome1": [1, 2] * 2, "outcome2": [2, 1] * 2,
           "batdeath1": [10, None] * 2, "batdeath2": [10, 900] * 2, "resume": [False] * 4}  # fmt: skip
    table = pl.DataFrame(
        {"warnum": [7, 8] * 2, "ccode1": [2] * 4, "ccode2": [20] * 4, "year": [1900, 1900, 1901, 1901], **war}
    )
    out = room.add_cow_wars(
        rows(ccode1=[2] * 4, ccode2=[20] * 4, year=[1900, 1901, 1902, 2008]), data_dir=made(cow_war_inter=table)
    ).frame
    assert out.select("cowinteronset", "cowinterongoing", "warnum", "batdeath2", "resume").rows() == [
        (1, 1, 7, 10, 0),
        (0, 1, 8, 900, 0),
        (0, 0, None, None, None),
        (None, None, None, None, None),
    ]
    with pytest.raises(ParameterError, match="'inter' or 'intra'"):
        room.add_cow_wars(rows(ccode=[2], year=[1900]), "extra", data_dir=made())


def test_of_a_states_wars_within_it_all_are_numbered_and_one_is_described(made):
    table = pl.DataFrame({
        "warnum": [500, 501, 502, 503], "warname": list("abcd"), "wartype": ["local issues", "central control", "central control", "local issues"],
        "year": [1900] * 4, "cowintraonset": [False, True, True, True], "cowintraongoing": [True] * 4, "resume_combat": [False] * 4,
        "primary_state": [True, True, True, False], "ccodea": [2, 2, 2, 20], "intnl": [False, True, False, False], "outcome": [1, 2, 3, 4],
        "sideadeaths": [9000, 5, 10, 1], "sidebdeaths": [None, None, 100, 1],
    }, schema_overrides={"ccodea": INT, "year": INT})  # fmt: skip
    frame = rows(ccode=[2, 2, 20, 2], year=[1900, 1901, 1900, 2008])
    out = room.add_cow_wars(frame, "intra", data_dir=made(cow_war_intra=table))
    kept = ["cowintraonset", "cowintraongoing", "warnum", "sidebdeaths", "intrawarnums"]
    assert out.frame.select(kept).rows() == [
        (1, 1, 502, 100, "500; 501; 502"), (0, 0, None, None, None), (0, 0, None, None, None), (None, None, None, None, None),
    ]  # fmt: skip
    local = room.add_cow_wars(frame, "intra", intratype="local issues", data_dir=made(cow_war_intra=table)).frame
    assert local.select(kept).row(0) == (0, 1, 500, None, "500")
    with pytest.raises(ParameterError, match="intratype"):
        room.add_cow_wars(frame, "intra", intratype="oil", data_dir=made())


def conflict(number, year, a, b=None, *, a2=None, b2=None, kind="intrastate", level=1):
    return {"conflict_id": number, "year": year, "gwno_a": a, "gwno_a_2nd": a2, "gwno_b": b, "gwno_b_2nd": b2, "incompatibility": "government",
            "intensity_level": level, "type_of_conflict": kind}  # fmt: skip


def test_both_sides_of_an_armed_conflict_have_it_and_its_return_may_be_an_onset(made):
    table = pl.DataFrame([conflict(1, 1950, 2), conflict(1, 1951, 2, level=2), conflict(1, 1960, 2), conflict(2, 1950, 20, 40, kind="interstate")],
                         schema_overrides={"gwno_b": INT, "gwno_a_2nd": INT, "gwno_b_2nd": INT, "gwno_a": INT, "year": INT})  # fmt: skip
    store = made(ucdp_acd=table)
    frame = rows(gwcode=[2, 2, 2, 40, 40, 2], year=[1950, 1951, 1960, 1950, 1951, 1945])
    out = room.add_ucdp_acd(frame, data_dir=store).frame
    assert out["ucdpongoing"].to_list() == [1, 1, 1, 1, 0, None]
    assert out["ucdponset"].to_list() == [1, 0, 0, 1, 0, None]
    assert room.add_ucdp_acd(frame, quiet=5, data_dir=store)["ucdponset"].to_list() == [1, 0, 1, 1, 0, None]
    assert room.add_ucdp_acd(frame, only_wars=True, data_dir=store)["ucdpongoing"].to_list() == [0, 1, 0, 0, 0, None]
    assert room.add_ucdp_acd(frame, type="interstate", data_dir=store)["n_conflicts"].to_list() == [0, 0, 0, 1, 0, None]
    assert out.select("maxintensity", "conflict_ids").rows()[:5] == [
        (1, "1"),
        (2, "1"),
        (1, "1"),
        (1, "2"),
        (None, None),
    ]
    both = room.add_ucdp_acd(frame, type=["interstate", "intrastate"], data_dir=store).frame
    assert both.equals(room.add_ucdp_acd(frame, type="interstate, intrastate", data_dir=store).frame)
    assert both.equals(out)
    for wrong in ({"type": "cold"}, {"issue": "oil"}, {"quiet": 0}):
        with pytest.raises(ParameterError, match=next(iter(wrong))):
            room.add_ucdp_acd(frame, data_dir=store, **wrong)


def test_troops_are_for_the_government_they_help_and_against_the_one_they_fight(made):
    table = pl.DataFrame([conflict(1, 2015, 652, a2=365), conflict(1, 2015, 652, b2=640)],
                         schema_overrides=dict.fromkeys(["gwno_a", "gwno_a_2nd", "gwno_b", "gwno_b_2nd", "year"], INT))  # fmt: skip
    pairs = rows(gwcode1=[365, 640, 652, 2], gwcode2=[652, 652, 365, 652], year=[2015] * 4)
    out = room.add_ucdp_interventions(pairs, data_dir=made(ucdp_acd=table)).frame
    assert out.select("troops_for", "troops_against").rows() == [(1, 0), (0, 1), (0, 0), (0, 0)]


@pytest.fixture
def leaders(made):
    def term(obsid, code, start, end, born):
        return {
            "obsid": obsid,
            "gwcode": code,
            "leader": obsid,
            "start": start,
            "end": end,
            "yrborn": born,
            "gender": "M",
        }

    table = pl.DataFrame([
        term("A-1", 2, dt.date(1900, 3, 1), dt.date(1902, 1, 5), 1850), term("A-2", 2, dt.date(1902, 1, 5), dt.date(1903, 6, 1), None),
        term("B-1", 20, dt.date(1902, 2, 1), dt.date(1904, 1, 1), 1860),
    ], schema_overrides={"gwcode": INT})  # fmt: skip
    spells = pl.DataFrame(
        {"gwcode": [2, 20], "start": [dt.date(1816, 1, 1)] * 2, "end": [dt.date(2020, 12, 31), dt.date(1903, 2, 1)]},
        schema_overrides={"gwcode": INT},
    )
    return made(archigos=table, gw_system=spells)


def test_a_leader_has_a_row_in_each_year_of_office(leaders):
    out = room.create_leader_years(1901, 1904, data_dir=leaders).frame
    assert out.select("obsid", "year", "leaderage", "yrinoffice").rows() == [
        ("A-1", 1901, 51, 2), ("A-1", 1902, 52, 3), ("A-2", 1902, None, 1), ("A-2", 1903, None, 2), ("B-1", 1902, 42, 1), ("B-1", 1903, 43, 2), ("B-1", 1904, 44, 3),
    ]  # fmt: skip
    independent = room.create_leader_years(1901, 1904, system="gw", data_dir=leaders).frame
    assert independent.filter(obsid="B-1")["year"].to_list() == [1902, 1903]
    with pytest.raises(CoverageError, match="1900-2015"):
        room.create_leader_years(1899, 1904, data_dir=leaders)
    with pytest.raises(ParameterError, match="system"):
        room.create_leader_years(system="vdem", data_dir=leaders)


def test_leaders_are_a_pair_where_a_day_of_the_year_saw_both(leaders):
    out = room.create_leader_dyad_years(1900, 1904, directed=False, data_dir=leaders).frame
    assert out.select("obsid1", "obsid2", "year").rows() == [("A-2", "B-1", 1902), ("A-2", "B-1", 1903)]
    both = room.create_leader_dyad_years(1900, 1904, data_dir=leaders)
    assert both.height == 4
    days = room.create_leader_days(dt.date(1902, 1, 4), dt.date(1902, 1, 6), data_dir=leaders).frame
    assert days.select("obsid", "date", "dayinoffice").rows() == [
        ("A-1", dt.date(1902, 1, 4), 675), ("A-1", dt.date(1902, 1, 5), 676), ("A-2", dt.date(1902, 1, 5), 1), ("A-2", dt.date(1902, 1, 6), 2),
    ]  # fmt: skip


@pytest.fixture
def treaties(made):
    def member(atopid, code, entry):
        return {"atopid": atopid, "member": code, "entry": entry}

    signed = dt.date(1902, 5, 1)
    rows_ = (
        [member(9, c, signed) for c in (2, 20, 40)]
        + [member(9, 70, dt.date(1903, 1, 1))]
        + [member(8, c, signed) for c in (2, 70)]
    )
    states = pl.DataFrame({"ccode": [2, 20, 40, 41, 42, 70], "stateabb": list("ABCDEF"), "statenme": list("ABCDEF"),
                           "start": [dt.date(1816, 1, 1)] * 6, "end": [dt.date(2016, 12, 31)] * 6}, schema_overrides={"ccode": INT})  # fmt: skip
    return made(atop5_1m=pl.DataFrame(rows_, schema_overrides={"member": INT}), cow_states=states)


def test_founders_of_a_treaty_are_a_group_that_formed_and_weights_add_up_to_all_groups(treaties):
    out = room.create_kads(3, 1902, 1903, n_per_year=5, seed=1, data_dir=treaties)
    formed = out.frame.filter(formed=1)
    assert formed.select("ccode1", "ccode2", "ccode3", "year", "weight").rows() == [(2, 20, 40, 1902, 1.0)]
    assert out.frame.group_by("year").agg(pl.col("weight").sum())["weight"].to_list() == [math.comb(6, 3)] * 2
    assert out.frame.filter(year=1903).height == 5
    assert out.frame.select(pl.struct("ccode1", "ccode2", "ccode3", "year").is_duplicated().any()).item() is False
    assert (out["ccode1"] < out["ccode2"]).all()
    again = room.create_kads(3, 1903, 1903, n_per_year=5, seed=1, data_dir=treaties)
    assert again.frame.equals(out.frame.filter(year=1903))
    everything = room.create_kads(3, 1902, 1902, n_per_year=1000, seed=1, data_dir=treaties)
    assert everything.height == math.comb(6, 3)
    assert set(everything["weight"]) == {1.0}
    for wrong in ({"k": 1}, {"k": 13}):
        with pytest.raises(ParameterError, match="k"):
            room.create_kads(wrong["k"], 1902, 1902, seed=1, data_dir=treaties)
    with pytest.raises(ParameterError, match="n_per_year"):
        room.create_kads(2, 1902, 1902, n_per_year=0, seed=1, data_dir=treaties)


def test_only_alliances_with_a_pledge_that_some_founder_made(made):
    signed, later = dt.date(1902, 5, 1), dt.date(1905, 1, 1)
    rows_ = [
        {"atopid": a, "member": c, "entry": e, "defense": d}
        for a, c, e, d in (
            (1, 2, signed, 1),
            (1, 20, signed, 0),
            (2, 40, signed, 0),
            (2, 41, signed, 0),
            (3, 2, signed, 0),
            (3, 41, signed, 0),
            (3, 42, later, 1),
        )
    ]
    states = pl.DataFrame({"ccode": [2, 20, 40, 41, 42], "stateabb": list("ABCDE"), "statenme": list("ABCDE"), "start": [dt.date(1816, 1, 1)] * 5,
                           "end": [dt.date(2016, 12, 31)] * 5}, schema_overrides={"ccode": INT})  # fmt: skip
    folder = made(atop5_1m=pl.DataFrame(rows_, schema_overrides={"member": INT}), cow_states=states)

    def groups(**more):
        out = room.create_kads(2, 1902, 1902, n_per_year=99, seed=1, data_dir=folder, **more)
        return out.frame.filter(formed=1).select("ccode1", "ccode2").rows()

    assert groups() == [(2, 20), (2, 41), (40, 41)]
    assert groups(pledge="defense") == [(2, 20)], "a pledge of a later member is none of a founder's"
    with pytest.raises(ParameterError, match="pledge"):
        groups(pledge="trade")
