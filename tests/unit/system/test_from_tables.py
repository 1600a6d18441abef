"""The builder on a few made-up rows (three states, years 1900-1912), then on the published tables."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import replace

import polars as pl
import pytest

from foedus import params
from foedus.data import own
from foedus.data.reading import conform, schema
from foedus.data.sources import SOURCES
from foedus.errors import CoverageError, DataError, ParameterError, UnknownStateError
from foedus.system.from_tables import build, from_tables
from foedus.system.nouns import Source
from foedus.system.tables import OPTIONAL, REQUIRED, Tables

D = dt.date
DAY = D(1910, 6, 15)
UKG, FRN, GMY, RUS = 200, 220, 255, 365


def frame(table, rows):
    """Return rows as a table of that schema; a column that no row has is null, or 0 where nothing may be missing."""
    columns = schema(table)
    fill = {"int": 0, "float": 0.0, "str": "x", "date": D(1900, 1, 1), "bool": False}
    data = [{c.column: row.get(c.column, None if c.missing else fill[c.type]) for c in columns} for row in rows]
    types = {"int": pl.Int32, "float": pl.Float64, "str": pl.String, "date": pl.Date, "bool": pl.Boolean}
    empty = {c.column: types[c.type] for c in columns}
    return conform(pl.DataFrame(data, schema=empty), table)


def member(atopid, code, entry, exit_=None, phase=0, **flags):
    return {"atopid": atopid, "member": code, "phase": phase, "entry": entry, "exit": exit_, "specthrt": 0, **flags}


def mid(dispnum, code, side, start, end, hostlev=3, fatality=0):
    return {
        "dispnum": dispnum,
        "ccode": code,
        "side": side,
        "start": start,
        "end": end,
        "hostlev": hostlev,
        "fatality": fatality,
    }


def tables(treaties=None, without=(), **changed):
    """Return made-up tables of four states; keyword arguments replace the rows of a table."""
    spell = {"start": D(1816, 1, 1), "end": D(1912, 12, 31)}
    rows = {
        "cow_states": [{"ccode": c, "stateabb": a, "statenme": n, **spell} for c, a, n in
                       ((UKG, "UKG", "United Kingdom"), (FRN, "FRN", "France"), (GMY, "GMY", "Germany"), (RUS, "RUS", "Russia"))],
        "cow_majors": [{"ccode": UKG, **spell}],
        "cow_nmc": [{"ccode": c, "year": y, "cinc": 0.1 + c / 10000} for c in (UKG, FRN, GMY) for y in range(1900, 1913)],
        "cow_contdir": [{"ccode1": FRN, "ccode2": GMY, "conttype": 1, "start": D(1900, 1, 1), "end": D(1912, 12, 31)},
                        {"ccode1": UKG, "ccode2": FRN, "conttype": 4, "start": D(1900, 1, 1), "end": D(1912, 12, 31)}],
        "cow_capitals": [{"ccode": UKG, "capital": "London", "lat": 51.5, "lon": -0.1, **spell},
                         {"ccode": FRN, "capital": "Paris", "lat": 48.9, "lon": 2.3, **spell}],
        "atop5_1m": [member(1, FRN, D(1905, 1, 1), defense=1), member(1, RUS, D(1905, 1, 1), defense=1, consul=1)],
        "midb": [mid(7, FRN, "A", D(1909, 1, 1), D(1909, 6, 15)), mid(7, GMY, "B", D(1909, 1, 1), D(1909, 6, 15))],
        "tss_rivalries": [{"tssr_id": 1, "rivalry": "F-G", "ccode1": FRN, "ccode2": GMY, "start": 1756, "end": 1912}],
        "cw_democracy": [{"ccode": FRN, "year": y, "polyarchy": 0.5} for y in range(1900, 1913)],
        "wrp": [{"ccode": FRN, "year": 1945, "catholic": 0.6, "christian": 0.7}],
        "cow_wars": [],
        "gw_states": [],
        "cw_gw_panel": [{"ccode": c, "gwcode": c, "year": 1910} for c in (UKG, FRN)],
    }  # fmt: skip
    rows |= changed
    last = {"atop5_1m": 2018, "midb": 1912, "cow_wars": 1912, "tss_rivalries": 1912, "wrp": 2010}
    here = [*REQUIRED, *(s for s in OPTIONAL if s not in without)]
    sources = {
        s: Source(s.replace("_", "-"), SOURCES[s].spec.title, version="made up", last_year=last.get(s, 1912))
        for s in here
    }
    return Tables({s: frame(s, rows[s]) for s in here}, sources, treaties)


def pledge(rows, treaties=None, by="FRN", kind="defense"):
    """Return the pledges of one member and type in the only treaty."""
    (pact,) = (p for p in build(DAY, tables(treaties, atop5_1m=rows)).pacts if p.kind == "treaty")
    return [p for p in pact.pledges if p.by == by and p.type == kind]


def pair(**flags):
    """Return a treaty of France and Russia in which France has ``flags``."""
    return [member(1, FRN, D(1905, 1, 1), **flags), member(1, RUS, D(1905, 1, 1), defense=1)]


def ties(rows, **changed):
    return {(t.a, t.b, t.reason): t for t in build(DAY, tables(midb=rows, tss_rivalries=[], **changed)).ties}


# ---- actors ------------------------------------------------------------------------------------------------------------------


def test_an_actor_carries_the_year_before_and_its_measurement_error():
    france = build(DAY, tables()).actor("FRN")
    ((part, cinc),) = france.capability
    assert part == "cinc"
    assert cinc.mean == pytest.approx(0.122)
    assert cinc.sd == pytest.approx(0.122 * params.load("ties")["data.cinc.relative_sd"].centre)
    assert (cinc.low, cinc.high) == (0.0, 1.0)
    assert france.regime.mean == 0.5
    assert (france.cow, france.gw, france.region, france.place.name) == (220, 220, "Europe", "Paris")
    assert not france.major


def test_the_year_before_is_used_not_the_year():
    rows = [{"ccode": FRN, "year": 1909, "cinc": 0.2}, {"ccode": FRN, "year": 1910, "cinc": 0.9}]
    assert dict(build(DAY, tables(cow_nmc=rows)).actor("FRN").capability)["cinc"].mean == 0.2


def test_what_no_table_knows_is_unknown_and_counted():
    system = build(DAY, tables())
    russia = system.actor("Russia")
    assert (russia.capability, russia.regime, russia.place, russia.religion_ruling) == ((), None, None, None)
    assert any("capability (cinc) of 1909 is unknown for 1 of 4 states" in line for line in system.limits)
    assert any("religion is unknown on 1910-06-15" in line for line in system.limits)


def test_a_series_is_not_carried_past_its_last_year():
    rows = [{"ccode": c, "year": 1900, "cinc": 0.2} for c in (UKG, FRN, GMY, RUS)]
    system = build(DAY, tables(cow_nmc=rows))
    assert all(a.capability == () for a in system.actors)
    assert any("capability (cinc) of 1909 is unknown for every state" in line for line in system.limits)


@pytest.mark.parametrize(
    ("shares", "word"),
    [({"sunni": 0.55, "muslim": 0.9}, "sunni"), ({"catholic": 0.4, "protestant": 0.3, "christian": 0.7}, "christian"),
     ({"sunni": 0.3, "shia": 0.3, "muslim": 0.6}, "muslim"), ({"sunni": 0.3, "catholic": 0.4, "christian": 0.4}, "mixed")],
)  # fmt: skip
@pytest.mark.parametrize(("year", "known"), [(1945, False), (1946, True), (2014, True), (2015, True), (2016, False)])
def test_religion_needs_more_than_half_and_speaks_for_four_years(shares, word, year, known):
    spell = {"start": D(1816, 1, 1), "end": D(2020, 12, 31)}
    states = [{"ccode": c, "stateabb": a, "statenme": a, **spell} for c, a in ((UKG, "UKG"), (FRN, "FRN"))]
    wrp = [{"ccode": FRN, "year": y, **shares} for y in range(1945, 2011, 5)]
    france = build(D(year, 1, 1), tables(cow_states=states, wrp=wrp)).actor("FRN")
    assert france.religion_majority == (word if known else None)


def test_borders_are_those_of_the_month_and_the_closest_class():
    rows = [
        {"ccode1": FRN, "ccode2": GMY, "conttype": 5, "start": D(1900, 1, 1), "end": D(1912, 12, 31)},
        {"ccode1": FRN, "ccode2": GMY, "conttype": 1, "start": D(1910, 6, 1), "end": D(1910, 6, 30)},
    ]
    assert [b.type for b in build(DAY, tables(cow_contdir=rows)).borders] == ["land"]
    assert [b.type for b in build(D(1910, 7, 1), tables(cow_contdir=rows)).borders] == ["sea400"]


# ---- pacts -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "held"), [(D(1905, 1, 1), False), (D(1905, 1, 2), True), (D(1908, 3, 3), True), (D(1908, 3, 4), False)]
)
def test_a_treaty_binds_from_the_day_after_signature_to_its_last_day(day, held):
    rows = [member(1, c, D(1905, 1, 1), D(1908, 3, 3), defense=1) for c in (FRN, RUS)]
    system = build(day, tables(atop5_1m=rows))
    assert bool(system.pacts) is held
    assert all(m.exit is None for p in system.pacts for m in p.members), "an end later than the date is not known on it"


def test_one_pact_is_one_phase_and_a_late_member_has_its_own_entry():
    rows = [
        *(member(1, c, D(1900, 1, 1), D(1907, 1, 1), phase=1, defense=1) for c in (FRN, RUS)),
        *(member(1, c, D(1907, 1, 1), phase=2, consul=1) for c in (FRN, RUS)),
        member(1, UKG, D(1908, 2, 3), phase=2, consul=1),
    ]
    (pact,) = build(DAY, tables(atop5_1m=rows)).pacts
    assert (pact.id, pact.atop, pact.start) == ("atop-1-2", 1, D(1907, 1, 1))
    assert [(m.actor, m.entry) for m in pact.members] == [("UKG", D(1908, 2, 3)), ("FRN", None), ("RUS", None)]
    assert {p.type for p in pact.pledges} == {"consul"}
    (old,) = build(D(1907, 1, 1), tables(atop5_1m=rows)).pacts
    assert old.id == "atop-1-1"


def test_a_member_that_left_and_came_back_counts_once():
    rows = [
        *pair(defense=1),
        member(1, UKG, D(1905, 1, 1), D(1906, 1, 1), consul=1),
        member(1, UKG, D(1909, 1, 1), consul=1),
    ]
    (pact,) = build(DAY, tables(atop5_1m=rows)).pacts
    assert sorted(m.actor for m in pact.members) == ["FRN", "RUS", "UKG"]


def test_a_treaty_with_one_member_here_is_left_out_and_said_so():
    system = build(
        DAY, tables(atop5_1m=[member(9, FRN, D(1905, 1, 1), defense=1), member(9, 341, D(1905, 1, 1), defense=1)])
    )
    assert system.pacts == ()
    assert any("left out" in line and "ATOP 9" in line for line in system.limits)


def test_a_pledge_without_conditions_is_owed_against_anyone_to_all_others():
    (found,) = pledge(pair(defense=1))
    assert (found.to, found.targets, found.region, found.unprovoked, found.min_attackers) == ((), None, None, False, 1)
    assert found.variables == "ATOP 1 phase 0: defense=1"


@pytest.mark.parametrize(
    ("kind", "flags", "field", "value"),
    [
        ("defense", {"defcoadv": 1, "specthrt": 1, "statthr1": GMY}, "targets", ("GMY",)),
        ("defense", {"defcoadv": 1, "specthrt": 3, "statthr1": GMY, "statthr2": UKG}, "targets", ("GMY", "UKG")),
        ("defense", {"defcoadv": 1, "statthr1": 300, "specthrt": 1}, "targets", ("COW300",)),
        ("defense", {"defcoadv": 1}, "targets", ()),
        ("defense", {"specthrt": 3, "statthr1": GMY}, "targets", None),
        ("defense", {"defcoloc": 1}, "region", ()),
        ("defense", {"defconum": 1}, "min_attackers", 2),
        ("defense", {"defconpr": 1}, "unprovoked", True),
        ("defense", {"defcocon": 1}, "conflict", "as coded: a specific conflict"),
        ("defense", {"defcodem": 1}, "unclear", "owed only if a demand is refused; which demand is not coded"),
        ("offense", {"offcoadv": 1, "specthrt": 1, "statthr1": GMY}, "targets", ("GMY",)),
        ("offense", {"specthrt": 1, "statthr1": GMY}, "targets", None),
        ("neutral", {"neucoatt": 1}, "unprovoked", True),
        ("neutral", {"neuconpr": 1}, "unprovoked", True),
        ("neutral", {"neucoadv": 1, "specthrt": 1, "statthr1": GMY}, "targets", ("GMY",)),
        ("consul", {"concoloc": 1}, "region", ()),
        ("nonagg", {"defcoadv": 1, "statthr1": GMY}, "targets", None),
    ],
)
def test_each_condition_becomes_a_field_of_the_pledge(kind, flags, field, value):
    (found,) = pledge(pair(**{kind: 1}, **flags), kind=kind)
    assert getattr(found, field) == value


def test_a_named_threat_without_a_coded_condition_is_the_target_and_marked_as_disputed():
    (found,) = pledge(pair(defense=1, specthrt=1, statthr1=GMY, statthr2=UKG))
    assert found.targets == ("GMY", "UKG")
    assert "defcoadv=0" in found.disputed
    assert "statthr1=255" in found.variables


def test_adversary_and_number_of_adversaries_are_two_ways_into_one_pledge():
    named, many = pledge(pair(defense=1, defcoadv=1, defconum=1, defconpr=1, specthrt=1, statthr1=GMY))
    assert (named.targets, named.min_attackers, named.unprovoked) == (("GMY",), 1, True)
    assert (many.targets, many.min_attackers, many.unprovoked) == (None, 2, True)


def test_neutrality_beside_defence_against_a_named_state_is_towards_others():
    flags = {"defense": 1, "defcoadv": 1, "neutral": 1, "neucoadv": 1, "specthrt": 1, "statthr1": GMY}
    (found,) = pledge(pair(**flags), kind="neutral")
    assert found.targets == (), "who is meant is not coded"
    clause = own.parse({"clause": [{"atop": 1, "type": "neutral", "article": "Art. II"}]}, "here")
    (found,) = pledge(pair(**flags), clause, kind="neutral")
    assert (found.targets, found.not_targets) == (None, ("GMY",))


@pytest.mark.parametrize(
    ("clause", "flags", "targets", "region"),
    [
        ({"targets": [GMY]}, {"defcoadv": 1}, ("GMY",), None),
        ({"region": ["Europe"]}, {"defcoloc": 1}, None, ("Europe",)),
        ({"region": ["Europe"]}, {"specthrt": 1, "statthr1": GMY}, None, ("Europe",)),
        ({"region": ["Europe"]}, {"defcoadv": 1}, (), ("Europe",)),
    ],
)
def test_a_clause_of_ours_narrows_the_pledge_that_it_speaks_of(clause, flags, targets, region):
    entry = {
        "atop": 1,
        "type": "defense",
        "by": [FRN],
        "article": "Art. I",
        "sources": ["text"],
        "disputed": "who knows",
    }
    treaties = own.parse({"clause": [entry | clause], "source": [{"id": "text", "title": "Text"}]}, "here")
    (found,) = pledge(pair(defense=1, **flags), treaties)
    assert (found.targets, found.region, found.article, found.disputed) == (targets, region, "Art. I", "who knows")
    assert found.sources == ("atop5-1m", "text")
    assert pledge(pair(defense=1, **flags), treaties, by="RUS")[0].article == "", "the clause is France's only"


def test_clauses_with_and_without_adversary_go_to_the_two_ways():
    raw = {
        "clause": [
            {"atop": 1, "type": "defense", "targets": [GMY], "article": "II"},
            {"atop": 1, "type": "defense", "article": "III"},
        ]
    }
    named, many = pledge(pair(defense=1, defcoadv=1, defconum=1), own.parse(raw, "here"))
    assert (named.article, named.targets, named.min_attackers) == ("II", ("GMY",), 1)
    assert (many.article, many.targets, many.min_attackers) == ("III", None, 2)


def test_guarantees_and_alignments_are_pacts_of_their_own_kind():
    raw = {
        "guarantee": [
            {"id": "g", "name": "G", "start": D(1839, 4, 19), "end": D(1920, 1, 1), "by": [UKG, GMY, 300], "to": [FRN]},
            {"id": "gone", "name": "X", "start": D(1839, 4, 19), "end": D(1910, 6, 14), "by": [UKG], "to": [FRN]},
            {"id": "nobody", "name": "X", "start": D(1839, 4, 19), "by": [UKG], "to": [211]},
        ],
        "alignment": [
            {"id": "a", "name": "A", "start": D(1904, 4, 8), "members": [UKG, FRN], "strength": [0.3, 0.6]},
            {"id": "later", "name": "A", "start": D(1910, 6, 15), "members": [UKG, FRN]},
            {"id": "alone", "name": "A", "start": D(1904, 4, 8), "members": [UKG, 211]},
        ],
    }
    found = {p.id: p for p in build(DAY, tables(own.parse(raw, "here"), atop5_1m=[])).pacts}
    assert set(found) == {"g", "a"}
    assert [(p.by, p.to, p.type) for p in found["g"].pledges] == [
        ("UKG", ("FRN",), "defense"),
        ("GMY", ("FRN",), "defense"),
    ]
    assert (found["g"].kind, found["g"].end) == ("guarantee", None)
    assert (found["a"].kind, found["a"].pledges, found["a"].strength.low) == ("alignment", (), 0.3)


# ---- ties --------------------------------------------------------------------------------------------------------------------

OPPOSED = (FRN, "A"), (GMY, "B")


@pytest.mark.parametrize(
    ("levels", "deaths", "rule"),
    [((3, 1), (0, 0), "dispute"), ((4, 4), (0, 2), "dispute_fatal"), ((4, 1), (None, None), "dispute"),
     ((5, 5), (6, 6), "war_ended"), ((5, 1), (0, 0), "dispute"), ((5, 4), (3, 0), "dispute_fatal")],
)  # fmt: skip
def test_an_ended_dispute_falls_under_one_rule_and_halves_in_five_years(levels, deaths, rule):
    ended = D(1905, 6, 15)
    rows = [mid(1, c, s, D(1905, 1, 1), ended, h, f) for (c, s), h, f in zip(OPPOSED, levels, deaths, strict=True)]
    tie = ties(rows)["FRN", "GMY", "injury"]
    strength = params.load("ties")[f"data.{rule}.strength"]
    factor = 0.5 ** ((DAY - ended).days / 365.25 / 5.0)
    assert (tie.strength.low, tie.strength.high) == pytest.approx(
        (strength.low * factor, strength.high * factor), abs=1e-6
    )
    assert tie.note == "MID 1, 1905-01-01 to 1905-06-15"


@pytest.mark.parametrize(
    ("end", "held"), [(D(1900, 6, 14), False), (D(1900, 6, 20), True), (DAY - dt.timedelta(1), True)]
)
def test_a_dispute_counts_for_ten_years(end, held):
    assert bool(ties([mid(1, c, s, D(1900, 6, 1), end) for c, s in OPPOSED])) is held


def test_a_dispute_that_goes_on_has_no_level_yet():
    rows = [mid(1, c, s, D(1910, 1, 1), D(1914, 1, 1), hostlev=5, fatality=6) for c, s in OPPOSED]
    (tie,) = ties(rows).values()
    assert (tie.reason, tie.strength.low) == ("injury", params.load("ties")["data.dispute.strength"].low)
    assert "going on" in tie.note


def test_a_war_that_goes_on_is_dated_by_the_list_of_wars():
    spell = {"start": D(1910, 1, 1), "end": D(1914, 1, 1)}
    wars = [
        {"warnum": 1, "name": "A War", "ccode": c, "side": s, **spell} for c, s in ((FRN, "A"), (UKG, "A"), (GMY, "B"))
    ]
    rows = [mid(1, c, s, D(1910, 1, 1), D(1914, 1, 1), hostlev=5) for c, s in OPPOSED]
    found = ties(rows, cow_wars=wars)
    assert set(found) == {("FRN", "GMY", "war"), ("GMY", "UKG", "war"), ("FRN", "UKG", "interest")}
    assert found["FRN", "GMY", "war"].strength.centre == params.load("ties")["data.war_ongoing.strength"].centre


def test_pairs_count_only_while_both_take_part():
    rows = [mid(1, FRN, "A", D(1905, 1, 1), D(1905, 3, 1)), mid(1, GMY, "B", D(1905, 3, 2), D(1905, 9, 1))]
    assert ties(rows) == {}
    rows = [mid(1, FRN, "A", D(1905, 1, 1), D(1905, 3, 2)), mid(1, GMY, "B", D(1905, 3, 2), D(1905, 9, 1))]
    assert ties(rows)["FRN", "GMY", "injury"].note == "MID 1, 1905-03-02 to 1905-03-02"


@pytest.mark.parametrize(("level", "held"), [(3, False), (4, True), (5, True)])
def test_the_same_side_counts_from_the_use_of_force_on(level, held):
    found = ties([mid(1, c, "A", D(1905, 1, 1), D(1905, 3, 1), hostlev=level) for c in (FRN, GMY)])
    assert (("FRN", "GMY", "interest") in found) is held


def test_one_tie_per_pair_and_reason_the_strongest():
    weak = [mid(1, c, s, D(1909, 1, 1), D(1909, 2, 1)) for c, s in OPPOSED]
    strong = [mid(2, c, s, D(1909, 1, 1), D(1909, 2, 1), hostlev=5) for c, s in OPPOSED]
    (tie,) = ties([*weak, *strong]).values()
    assert tie.note.startswith("MID 2")


@pytest.mark.parametrize(
    ("start", "end", "held"), [(1909, 1910, True), (1910, 1911, False), (1900, 1909, False), (1900, 1912, True)]
)
def test_a_rivalry_is_in_force_after_its_first_year_until_its_last(start, end, held):
    row = {"tssr_id": 1, "rivalry": "F-G", "ccode1": FRN, "ccode2": GMY, "start": start, "end": end}
    reasons = {t.reason for t in build(DAY, tables(tss_rivalries=[row], midb=[])).ties}
    assert ("rivalry" in reasons) is held


def test_a_tie_table_of_the_user_is_obeyed_and_a_reason_that_no_data_gives_refused():
    def with_reason(reason):
        text = params.load("ties")
        return params.Params("ties", text.table, text.extra | {"data.rivalry.reason": reason}, "mine.toml")

    reasons = {t.reason for t in build(DAY, tables(), table=with_reason("fear")).ties}
    assert "fear" in reasons
    with pytest.raises(ParameterError, match=r"data\.rivalry\.reason in mine\.toml: got 'pact'"):
        build(DAY, tables(), table=with_reason("pact"))


# ---- the whole ---------------------------------------------------------------------------------------------------------------


def test_nothing_recorded_later_changes_a_byte():
    """Convention 4.13: every later record is moved, and every end or level that is known only later."""
    before = tables(
        own.treaties(),
        midb=[
            *(mid(1, c, s, D(1910, 1, 1), D(1911, 1, 1)) for c, s in OPPOSED),
            *(mid(2, c, s, D(1905, 1, 1), D(1906, 1, 1)) for c, s in OPPOSED),
        ],
        cow_wars=[
            {"warnum": 1, "name": "W", "ccode": c, "side": s, "start": D(1910, 3, 1), "end": D(1911, 1, 1)}
            for c, s in OPPOSED
        ],
    )
    after = Tables(moved(before.frames, DAY), before.sources, before.treaties)
    assert {s for s in before.frames if not before[s].equals(after[s])} >= {
        "cow_nmc",
        "midb",
        "cow_wars",
        "atop5_1m",
        "cow_contdir",
    }
    assert build(DAY, before).hash == build(DAY, after).hash


def moved(frames, day):
    """Return the frames with everything that is recorded on or after ``day`` changed."""
    later = dt.timedelta(days=400)
    out = {}
    for name, table in frames.items():
        new = table
        starts, ends = (
            [c for c in ("start", "entry") if c in table.columns],
            [c for c in ("end", "exit") if c in table.columns],
        )
        if name == "cw_gw_panel":
            out[name] = new
            continue
        if starts and table[starts[0]].dtype == pl.Date:
            start, end = pl.col(starts[0]), pl.col(ends[0])
            begun = start < day if name in {"midb", "atop5_1m", "cow_wars"} else start <= day
            over = end.is_not_null() & (end < day)
            unended = [
                pl.when(over).then(c).otherwise(1).cast(pl.Int32).alias(c)
                for c in ("hostlev", "fatality")
                if c in table.columns
            ]
            new = new.with_columns(
                pl.when(begun).then(start).otherwise(start + later),
                pl.when(over).then(end).otherwise(end.fill_null(D(2018, 12, 31)) + later),
                *unended,
            )
        elif starts:
            new = new.with_columns(
                pl.when(pl.col("start") < day.year).then("start").otherwise(pl.col("start") + 1),
                pl.when(pl.col("end") < day.year).then("end").otherwise(pl.col("end") + 50),
            )
        if "year" in table.columns:
            values = [c for c in table.columns if table[c].dtype == pl.Float64]
            new = new.with_columns(pl.when(pl.col("year") < day.year).then(c).otherwise(0.7).alias(c) for c in values)
        out[name] = new
    return out


@pytest.mark.parametrize("absent", sorted(OPTIONAL))
def test_a_data_set_that_may_be_absent_is_a_line_in_the_limits(absent):
    system = build(DAY, tables(without=(absent,)))
    assert any(OPTIONAL[absent] in line and absent in line for line in system.limits)
    assert system.limits[-1].startswith("shared ideology")


def test_a_file_of_an_unknown_version_is_named_in_the_limits():
    made = tables()
    odd = replace(made.sources["cow_nmc"], version="unrecognised file (sha256 0123...)")
    system = build(DAY, Tables(made.frames, made.sources | {"cow_nmc": odd}, None))
    assert any("National Material Capabilities: unrecognised file (sha256 0123...)" in line for line in system.limits)


def test_without_our_own_table_that_is_said():
    assert any("our own table" in line for line in build(DAY, tables(None)).limits)


def test_a_part_of_the_system_holds_only_what_lies_between_its_states():
    system = build(DAY, tables(), only={FRN, GMY})
    assert system.ids == ("FRN", "GMY")
    assert system.pacts == ()
    assert system.limits[0] == "holds 2 chosen states, not the whole system"
    assert not any("left out" in line for line in system.limits)


def test_sources_are_those_that_facts_came_from():
    found = {s.id for s in build(DAY, tables()).sources}
    assert {"cow-states", "cow-nmc", "atop5-1m", "midb", "tss-rivalries"} <= found
    assert "wrp" not in found, "its counts begin in 1945"


def test_a_date_outside_the_lists_is_refused():
    with pytest.raises(CoverageError, match="expected a day from"):
        build(D(1950, 1, 1), tables())


def test_all_missing_required_files_are_named_at_once(tmp_path):
    with pytest.raises(DataError, match=f"{len(REQUIRED)} of {len(REQUIRED)} data files are missing") as caught:
        from_tables("1914", tmp_path)
    assert all(SOURCES[s].spec.filename in str(caught.value) for s in REQUIRED)


# ---- published tables --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def july(realdata_dir):
    return from_tables("1914-07-28", realdata_dir)


def pact(system, atop):
    (found,) = (p for p in system.pacts if p.atop == atop)
    return found


def owed(system, atop, by, kind="defense"):
    return [p for p in pact(system, atop).pledges if p.by == by and p.type == kind]


@pytest.mark.realdata
def test_1914_has_its_states_by_the_names_of_the_day(july):
    assert len(july.actors) == 47
    assert (july.id, july.title) == ("1914-07-28", "The state system on 1914-07-28")
    for name, found in (
        ("SER", "YUG"),
        ("Serbia", "YUG"),
        ("Yugoslavia", "YUG"),
        ("gw:340", "YUG"),
        ("Ottoman Empire", "TUR"),
    ):
        assert july.actor(name).id == found
    assert july.actor("YUG").name == "Serbia"
    assert {a.id for a in july.actors if a.major} == {"USA", "UKG", "FRN", "GMY", "AUH", "ITA", "RUS", "JPN"}
    assert dict(july.actor("GMY").capability)["cinc"].mean == pytest.approx(0.1577, abs=0.02)


@pytest.mark.realdata
def test_1914_pledges_and_their_adversaries(july):
    triple = pact(july, 1350)
    assert (triple.id, triple.start) == ("atop-1350-4", D(1913, 8, 2))
    assert {m.actor for m in triple.members} == {"GMY", "AUH", "ITA"}
    named, many = owed(july, 1350, "ITA")
    assert (named.targets, named.unprovoked) == (("FRN",), True)
    assert (many.targets, many.min_attackers) == (None, 2)
    assert [p.targets for p in owed(july, 1335, "GMY")] == [("RUS",)]
    assert [p.not_targets for p in owed(july, 1335, "AUH", "neutral")] == [("RUS",)]
    assert [p.targets for p in owed(july, 1385, "FRN")] == [("GMY",)]
    assert owed(july, 1385, "FRN")[0].article == "Art. I"
    (greek,) = owed(july, 1490, "GRC")
    assert greek.targets == ("BUL",)
    assert greek.disputed
    kinds = {p.id: p.kind for p in july.pacts}
    assert kinds["belgium-1839"] == "guarantee"
    assert kinds["entente-cordiale-1904"] == "alignment"


@pytest.mark.realdata
def test_1914_signatories_that_only_gleditsch_and_ward_count_are_added_with_their_unknowns(july):
    (treaty,) = [p for p in july.pacts if p.atop == 1480]
    assert {m.actor for m in treaty.members} == {"MNG", "YUG"}
    montenegro = july.actor("Montenegro")
    assert (montenegro.cow, montenegro.gw, montenegro.capability, montenegro.place) == (341, 341, (), None)
    assert any("Montenegro" in line and "unknown" in line for line in july.limits)


def test_a_signatory_is_added_only_where_both_schemes_mean_the_same_state():
    spell = {"start": D(1816, 1, 1), "end": D(1912, 12, 31)}
    states = [{"ccode": c, "stateabb": a, "statenme": a, **spell} for c, a in ((UKG, "UKG"), (FRN, "FRN"))]
    later = [{"ccode": c, "stateabb": a, "statenme": n, "start": D(1912, 1, 1), "end": D(1912, 12, 31)}
             for c, a, n in ((GMY, "GMY", "Germany"), (RUS, "RUS", "Russia"))]  # fmt: skip
    independent = [
        {"gwcode": GMY, "stateabb": "GMY", "statenme": "x", **spell},
        {"gwcode": RUS, "stateabb": "OTHER", "statenme": "x", **spell},
    ]
    rows = [member(1, c, D(1905, 1, 1), defense=1) for c in (FRN, GMY, RUS)]
    system = build(DAY, tables(cow_states=states + later, gw_states=independent, atop5_1m=rows))
    assert "GMY" in system.index
    assert "RUS" not in system.index
    assert system.actor("GMY").capability == ()


@pytest.mark.realdata
def test_1914_the_ottoman_treaty_binds_from_the_day_after_its_signature(realdata_dir):
    held = {
        day: any(p.atop == 2005 for p in from_tables(day, realdata_dir).pacts) for day in ("1914-08-02", "1914-08-03")
    }
    assert held == {"1914-08-02": False, "1914-08-03": True}


@pytest.mark.realdata
def test_1914_no_war_before_the_first_shot(july, realdata_dir):
    assert not [t for t in july.ties if t.reason == "war"]
    later = {(t.a, t.b) for t in from_tables("1914-08-05", realdata_dir).ties if t.reason == "war"}
    assert {("AUH", "YUG"), ("GMY", "RUS"), ("FRN", "GMY")} <= later


@pytest.mark.realdata
def test_a_war_has_sides_not_fronts(realdata_dir):
    """Brazil and Japan were on opposite sides at the same time in 1944, though they never met: the data have no more to say."""
    system = from_tables("1944-12-01", realdata_dir)
    reasons = {frozenset((t.a, t.b)): t.note for t in system.ties if t.reason == "war"}
    assert frozenset(("GMY", "UKG")) in reasons
    assert reasons[frozenset(("BRA", "JPN"))].endswith("going on since 1944-07-06")


@pytest.mark.realdata
def test_1866_has_the_powers_of_the_german_war(realdata_dir):
    system = from_tables("1866-06-01", realdata_dir)
    found = {a.cow: (a.id, a.name) for a in system.actors}
    assert (found[255], found[300], found[325]) == (("GMY", "Prussia"), ("AUH", "Austria"), ("ITA", "Italy"))
    assert system.actor("Bavaria").id == "BAV"
    assert system.actor("Italy").place.name == "Florence"


@pytest.mark.realdata
@pytest.mark.parametrize(
    ("date", "states", "some"), [("1938", 66, 20), ("1962", 111, 50), ("1985", 161, 100), ("2010", 194, 200)]
)
def test_every_era_builds_fast_and_is_the_same_each_time(realdata_dir, date, states, some):
    from_tables(date, realdata_dir)
    start = time.perf_counter()
    system = from_tables(date, realdata_dir)
    assert time.perf_counter() - start < 2.0
    assert len(system.actors) == states
    assert len(system.pacts) > some
    assert len(system.ties) > 50
    assert len(system.borders) > 100
    assert system.hash == from_tables(date, realdata_dir).hash


@pytest.mark.realdata
def test_past_the_last_year_of_each_source_it_says_unknown(realdata_dir):
    """On 1 January 2019 treaties are those of the end of 2018; the day after, they are not known, and no system is made of nothing."""
    system = from_tables("2019", realdata_dir)
    assert len([p for p in system.pacts if p.kind == "treaty"]) > 200
    assert system.bound("RUS", "POL").verdict("USA", "POL") == "bound"
    assert system.borders == ()
    text = "\n".join(system.limits)
    for part in ("borders are unknown", "religion is unknown", "disputes after 2014", "major powers", "who is a state"):
        assert part in text
    assert "treaties are unknown" not in text
    for date in ("2019-01-02", "2019-03-18"):
        with pytest.raises(CoverageError, match="Treaties are not known"):
            from_tables(date, realdata_dir)
    with pytest.raises(CoverageError):
        from_tables("2024-01-01", realdata_dir)


@pytest.mark.realdata
@pytest.mark.parametrize("date", ["1866-06-01", "1914-07-28", "1938", "1941-12-08", "1962", "1985", "2010"])
def test_as_of_nothing_recorded_later_changes_a_byte_of_a_real_system(realdata_dir, date):
    from foedus.system.dates import parse_date

    real = Tables.read(realdata_dir)
    day = parse_date(date)
    after = Tables(moved(real.frames, day), real.sources, real.treaties)
    assert sum(not real[s].equals(after[s]) for s in real.frames) >= 10
    assert build(day, real).hash == build(day, after).hash


@pytest.mark.realdata
def test_a_chosen_few_by_any_name(realdata_dir):
    system = from_tables("1914-07-28", realdata_dir, actors=["Serbia", "cow:300", "rus", "Deutsches Reich"])
    assert system.ids == ("GMY", "AUH", "YUG", "RUS")
    with pytest.raises(UnknownStateError):
        from_tables("1914-07-28", realdata_dir, actors=["Serbia", "Ruritania"])
    with pytest.raises(ParameterError, match="two states or more"):
        from_tables("1914-07-28", realdata_dir, actors=["Serbia", "SER"])


@pytest.mark.realdata
def test_every_source_of_a_real_system_says_version_checksum_and_terms(july):
    sets = [s for s in july.sources if s.version]
    assert len(sets) >= 9
    assert all(len(s.sha256) == 64 and s.licence and s.last_year and s.note for s in sets)
    known = {s.id for s in july.sources}
    cited = (
        {x for p in july.pacts for x in p.sources}
        | {x for t in july.ties for x in t.sources}
        | {x for a in july.actors for x in a.sources}
    )
    assert cited <= known
