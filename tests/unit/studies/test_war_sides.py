"""Sides of wars: Correlates of War as coded, Interstate War Data from its fronts (decision 8)."""

import datetime as dt

import polars as pl

from foedus.studies.war_sides import cow_sides, iwd_sides

D = dt.date
GER, ITA, JPN, CHN, USA, UK, FRA, RUS, POL, ROM = 255, 325, 740, 710, 2, 200, 220, 365, 290, 360


def spell(ccode, side, start, *, initiator=False, war=1):
    return {"warnum": war, "name": f"war {war}", "ccode": ccode, "side": side, "start": start, "initiator": initiator}


def front(number, attacker, target, start, *, joiner=False, allies=None, foes=None, name=None):
    return {
        "larger_war_id": 9, "larger_war_name": "large", "war_id": number, "attacker": attacker, "attacker_name": name or str(attacker),
        "target": target, "target_name": str(target), "joiner": joiner, "start": start, "allies": allies, "adversaries": foes,
    }  # fmt: skip


def iwd(*rows, names=None):
    schema = {"attacker": pl.Int32, "target": pl.Int32, "allies": pl.String, "adversaries": pl.String}
    return iwd_sides(pl.DataFrame(rows, schema_overrides=schema), names or {})


def sides(war):
    return {b.ccode: b.side for b in war.belligerents}


def test_cow_takes_the_side_of_the_first_entry_and_the_initiator_s_is_a():
    rows = [
        spell(POL, "A", D(1939, 9, 1)),
        spell(GER, "B", D(1939, 9, 1), initiator=True),
        spell(ITA, "B", D(1940, 6, 10)),
        spell(ITA, "A", D(1943, 10, 18)),
        spell(UK, "A", D(1939, 9, 3)),
        spell(GER, "B", D(1945, 1, 1), initiator=True),
    ]
    (war,) = cow_sides(pl.DataFrame(rows))
    assert sides(war) == {GER: "A", POL: "B", UK: "B", ITA: "A"}
    assert [b.ccode for b in war.belligerents if b.switched] == [ITA]
    assert war.initiators == (GER,)
    assert war.first_shot == D(1939, 9, 1)
    assert [b.entry for b in war.belligerents] == [D(1939, 9, 1), D(1939, 9, 1), D(1939, 9, 3), D(1940, 6, 10)]


def test_cow_leaves_out_wars_of_two_and_orders_by_first_shot():
    rows = [
        spell(c, s, D(1900, 1, k + 1), initiator=c == 1, war=7)
        for k, (c, s) in enumerate([(1, "A"), (2, "B"), (3, "B")])
    ]
    rows += [spell(c, s, D(1890, 1, 1), war=8) for c, s in ((1, "B"), (2, "A"), (3, "A"))]
    rows += [spell(c, s, D(1880, 1, 1), war=9) for c, s in ((1, "A"), (2, "B"))]
    early, late = cow_sides(pl.DataFrame(rows))
    assert (early.number, late.number) == (8, 7)
    assert early.initiators == ()
    assert sides(early)[1] == "A"  # nobody is marked: the side of the first row
    assert sides(late) == {1: "A", 2: "B", 3: "B"}


def test_iwd_a_newcomer_stands_against_the_principal_it_meets():
    (war,) = iwd(
        front(1, GER, POL, D(1939, 9, 1)),
        front(2, UK, GER, D(1939, 9, 3), joiner=True),
        front(3, ITA, UK, D(1940, 6, 10), joiner=True),
    )
    assert sides(war) == {GER: "A", POL: "B", UK: "B", ITA: "A"}
    assert war.initiators == (GER,)
    assert not any(b.switched for b in war.belligerents)


def test_iwd_two_newcomers_are_placed_by_the_lists_and_a_state_only_listed_enters_with_its_row():
    (war,) = iwd(
        front(1, GER, POL, D(1939, 9, 1)),
        front(2, ITA, FRA, D(1940, 6, 10), joiner=True, allies=f"{GER}"),
        front(3, JPN, USA, D(1941, 12, 7), foes=f"{POL}, {CHN}"),
    )
    assert sides(war) == {GER: "A", POL: "B", ITA: "A", FRA: "B", JPN: "A", USA: "B", CHN: "B"}
    assert {b.ccode: b.entry for b in war.belligerents}[CHN] == D(1941, 12, 7)


def test_iwd_fronts_without_a_common_state_are_parts_until_a_front_joins_them():
    apart = (
        front(1, JPN, CHN, D(1937, 7, 7)),
        front(2, GER, POL, D(1939, 9, 1)),
        front(3, UK, GER, D(1939, 9, 3), joiner=True),
        front(4, FRA, GER, D(1939, 9, 3), joiner=True),
    )
    (war,) = iwd(*apart)
    assert sides(war) == {GER: "A", POL: "B", UK: "B", FRA: "B"}
    assert war.first_shot == D(1939, 9, 1)
    joined = (*apart, front(5, JPN, USA, D(1941, 12, 7), foes=f"{UK}"))
    (war,) = iwd(*joined)
    assert sides(war) == {GER: "A", POL: "B", UK: "B", FRA: "B", JPN: "A", CHN: "B", USA: "B"}
    assert {b.ccode: b.entry for b in war.belligerents}[CHN] == D(1941, 12, 7)
    assert war.initiators == (GER,)
    by_principals = (*apart, front(5, JPN, UK, D(1941, 12, 8)))
    (war,) = iwd(*by_principals)
    assert sides(war) == {GER: "A", POL: "B", UK: "B", FRA: "B", JPN: "A", CHN: "B"}


def test_iwd_lists_of_a_later_year_join_nothing():
    rows = (
        front(1, JPN, CHN, D(1937, 7, 7)),
        front(1, JPN, CHN, D(1940, 1, 1), foes=f"{UK}"),
        front(2, GER, POL, D(1939, 9, 1)),
        front(3, UK, GER, D(1939, 9, 3)),
    )
    (war,) = iwd(*rows)
    assert CHN not in sides(war)


def test_iwd_of_two_on_one_side_the_lists_say_who_moved_else_the_target():
    base = (
        front(1, GER, POL, D(1939, 9, 1)),
        front(2, RUS, POL, D(1939, 9, 17), joiner=True),
        front(3, ITA, POL, D(1939, 9, 18), joiner=True),
        front(4, ROM, POL, D(1939, 9, 19), joiner=True),
    )
    (war,) = iwd(*base, front(5, GER, RUS, D(1941, 6, 22), allies=f"{ITA}"), front(6, FRA, RUS, D(1941, 7, 1)))
    assert sides(war) == {GER: "A", POL: "B", RUS: "A", ITA: "A", ROM: "A", FRA: "A"}
    assert [b.ccode for b in war.belligerents if b.switched] == [RUS]
    (war,) = iwd(*base, front(5, ROM, GER, D(1944, 8, 24), allies=f"{POL}", foes=f"{ITA}"))
    assert [b.ccode for b in war.belligerents if b.switched] == [ROM]
    (war,) = iwd(*base, front(5, ROM, GER, D(1944, 8, 24)))
    assert [b.ccode for b in war.belligerents if b.switched] == [GER]


def test_iwd_a_known_name_goes_before_a_code_and_lists_of_own_principals_are_ignored():
    (war,) = iwd(
        front(1, RUS, 300, D(1914, 8, 1), foes=f"{RUS}"),
        front(2, RUS, 211, D(1914, 8, 4), name="Germany", allies="300"),
        names={"Germany": GER},
    )
    assert sides(war) == {RUS: "A", 300: "B", GER: "B", 211: "A"}
