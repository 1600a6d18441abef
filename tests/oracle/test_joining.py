"""Rows of joining from the real tables: against plain look-ups, against a future that is taken away, and the shipped fit made again."""

import datetime as dt

import numpy as np
import polars as pl
import pytest

from foedus.data.store import DataDir
from foedus.errors import ParameterError
from foedus.studies import joining_facts, joining_fit
from foedus.studies import joining_parts as of
from foedus.studies.joining_rows import joining_rows
from foedus.war.joining import shipped

pytestmark = pytest.mark.realdata
WORLD_WAR = 106


@pytest.fixture(scope="module")
def folder(realdata_dir):
    return DataDir(realdata_dir)


@pytest.fixture(scope="module")
def wars(folder):
    return joining_rows("wars", data_dir=folder)


def test_disputes_have_the_participants_of_the_list(folder):
    parts = of.participants(folder, "disputes")
    assert parts["event"].n_unique() == 2174
    assert parts.group_by("event", "ccode").len()["len"].max() == 1
    assert (~parts["original"]).sum() == 557  # of 577 later spells, some are of states that had been in it before
    begun = parts.group_by("event").agg(pl.col("start").min(), pl.col("start").filter("original").max().alias("last"))
    assert begun["start"].equals(begun["last"])


@pytest.mark.parametrize(("source", "events", "entered"), [("wars", 95, (31, 65)), ("iwd", 88, (33, 58))])
def test_entries_of_wars(folder, wars, source, events, entered):
    rows = wars if source == "wars" else joining_rows(source, data_dir=folder, terms=("constant", "defense"))
    assert len(np.unique(rows.event)) == events
    assert tuple(np.bincount(rows.y)[1:]) == entered
    joined = (~of.participants(folder, source)["original"]).sum()
    assert joined == sum(entered) + rows.lost


def test_who_entered_the_first_world_war(wars):
    own = (wars.event == WORLD_WAR) & (wars.y > 0)
    entered = {(int(c), int(r), int(y)) for c, r, y in zip(wars.ccode[own], wars.round[own], wars.y[own], strict=True)}
    assert {c for c, r, _ in entered if r == 0} == {255, 365, 220, 211}  # 29 July to 4 August 1914
    assert (200, 1, 2) in entered  # 5 August
    assert {(c, y) for c, _, y in entered} >= {(640, 1), (325, 2), (355, 1), (360, 2), (2, 2), (235, 2)}


def test_rows_are_what_plain_look_ups_say(folder, wars):
    parts = of.participants(folder, "wars").rows(named=True)
    pledges = set(folder.table("atop_dyads").filter("atop_defense").select("ccode1", "ccode2", "year").rows())
    borders = folder.table("cow_contdir").filter(pl.col("conttype") == 1).rows(named=True)
    rivals = folder.table("tss_rivalries").rows(named=True)
    rng = np.random.default_rng(1)
    picked = np.concatenate([np.flatnonzero(wars.y)[::3], rng.integers(0, len(wars.y), 250)])
    for k in picked:
        event, i = int(wars.event[k]), int(wars.ccode[k])
        own = [p for p in parts if p["event"] == event]
        begun = min(p["start"] for p in own)
        day = begun + dt.timedelta(days=int(of.CUTS[wars.round[k]]))
        inside = [p for p in own if p["end"] >= day and (p["start"] < day or p["original"])]
        assert all(p["ccode"] != i or p["start"] >= day for p in own if not p["original"])
        for s in (0, 1):
            side = [p["ccode"] for p in inside if p["side"] == s]
            want = {
                "defense": any((i, m, day.year - 1) in pledges for m in side),
                "border_own": any({i, m} == {b["ccode1"], b["ccode2"]} and b["start"] <= day <= b["end"] for m in side for b in borders),
                "rival_own": any({i, m} == {b["ccode1"], b["ccode2"]} and b["start"] < day.year <= b["end"] for m in side for b in rivals),
            }  # fmt: skip
            assert {t: bool(wars.x[k, s, wars.terms.index(t)]) for t in want} == want, (event, i, day)


def test_nobody_is_at_risk_outside_the_system_or_twice(folder, wars):
    keys = np.stack([wars.event, wars.ccode, wars.round])
    assert np.unique(keys, axis=1).shape[1] == len(wars.y)
    entered = {(e, c): r for e, c, r, y in zip(wars.event, wars.ccode, wars.round, wars.y, strict=True) if y}
    assert all(r <= entered.get((e, c), 99) for e, c, r in zip(wars.event, wars.ccode, wars.round, strict=True))
    system = {
        c: (s, e)
        for c, s, e in folder.table("cow_states")
        .filter(pl.len().over("ccode") == 1)
        .select("ccode", "start", "end")
        .rows()
    }
    alone = [(c, y) for c, y in zip(wars.ccode.tolist(), wars.year.tolist(), strict=True) if c in system]
    assert all(system[c][0].year <= y <= system[c][1].year for c, y in alone)


def test_rows_before_a_year_do_not_change_with_what_comes_after(folder, wars, monkeypatch):
    whole = DataDir.table
    early = {
        "atop_dyads": pl.col("year") < 1900, "tss_rivalries": pl.col("start") < 1900, "gml_part": pl.col("styear") < 1900,
        "cow_wars": pl.col("start") < dt.date(1900, 1, 1), "cow_nmc": pl.col("year") < 1900, "cw_democracy": pl.col("year") < 1900,
        "cow_contdir": pl.col("start") < dt.date(1900, 1, 1), "cow_majors": pl.col("start") < dt.date(1900, 1, 1),
    }  # fmt: skip
    monkeypatch.setattr(
        DataDir,
        "table",
        lambda self, name: whole(self, name).filter(early[name]) if name in early else whole(self, name),
    )
    cut = joining_rows("wars", data_dir=folder)
    before = wars.take(
        wars.begun < 1899
    )  # the war of 1899 does not exist: the first round of any dispute is within a year
    again = cut.take(cut.begun < 1899)
    inside, inside_again = before.year < 1900, again.year < 1900
    for name in ("x", "ccode", "event", "round", "foe", "weight", "border", "pledge", "joiner"):
        np.testing.assert_array_equal(getattr(before, name)[inside], getattr(again, name)[inside_again], err_msg=name)


def test_how_much_is_unknown(wars):
    assert set(wars.unknown()) == {"reach", "odds", "regime_own", "regime_other"}
    assert max(wars.unknown().values()) < 0.06


def test_the_fit_of_wars_that_ships_is_made_again(folder, wars):
    again, ours = joining_fit.fit_specification(wars, "wars", draws=0), shipped("wars")
    assert ours.terms == again.model.terms
    np.testing.assert_allclose(ours.coef, again.model.coef, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(ours.fill, again.model.fill, rtol=1e-5, atol=1e-6)
    assert (ours.counts, ours.clusters) == (again.model.counts, again.model.clusters)
    assert joining_fit.versions(folder)["cow_wars"] == "4.0"


def test_a_source_and_a_term_that_there_are_not(folder):
    with pytest.raises(ParameterError, match="disputes, wars, iwd"):
        of.participants(folder, "feuds")
    with pytest.raises(ParameterError, match="constant"):
        joining_rows("iwd", data_dir=folder, terms=("luck",))


def test_terms_of_disputes_and_weapons(folder):
    states = joining_facts.States.of(folder)
    parts = of.participants(folder, "disputes")
    few = parts.filter(pl.col("start").min().over("event").dt.year().is_between(2001, 2009))
    every = of.rounds(few, 2010)
    look = joining_facts.outlook(folder, states, every, of.present(every, few), few)
    armed = {int(c) for c in states.code[look.state["nuclear"][-1] > 0]}
    assert armed == {2, 365, 200, 220, 710, 666, 750, 770, 731}
    late = every["begin"].to_numpy() > joining_facts.WARS_END
    assert np.isnan(look.when["war"][late]).all()
    assert np.isfinite(look.when["war"][~late]).all()
    fought = set(folder.table("gml_part").filter(pl.col("hiact") >= 20)["dispnum"].to_list())
    assert joining_facts.warlike(folder, "disputes", every).tolist() == [e in fought for e in every["event"]]
