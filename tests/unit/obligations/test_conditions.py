"""Conditions of ATOP's member file that need more than one row: the war in which a phase was made, further limits, terms of a treaty."""

import datetime as dt

import polars as pl
import pytest

from foedus.system.tables.pacts import _made_in, _terms
from foedus.system.tables.pledges import MadeIn, lapsed, pledges

IDS = {200: "UKG", 220: "FRN", 255: "GMY", 325: "ITA", 365: "RUS", 740: "JPN"}
CONDITIONS = {f"{p}co{c}": 0 for p in ("def", "off", "neu", "con") for c in ("adv", "loc", "con", "num", "dem", "pr")}
BASE = CONDITIONS | {
    "atopid": 9999, "phase": 0, "member": 200, "defense": 0, "offense": 0, "neutral": 0, "nonagg": 0, "consul": 0, "specthrt": 0,
    "statthr1": None, "statthr2": None, "olimob": 0,
}  # fmt: skip
DAY = dt.date(1942, 1, 1)
WARS = pl.DataFrame(
    {
        "warnum": [139] * 4 + [7],
        "ccode": [200, 255, 220, 740, 255],
        "side": ["A", "B", "A", "B", "A"],
        "start": [dt.date(1939, 9, 3), dt.date(1939, 9, 1), dt.date(1939, 9, 3), dt.date(1941, 12, 7), dt.date(1900, 1, 1)],
        "end": [None, dt.date(1945, 5, 7), dt.date(1940, 6, 22), dt.date(1945, 8, 14), dt.date(1901, 1, 1)],
    }
)  # fmt: skip
SIGNED = pl.DataFrame({"atopid": [1, 1, 2], "phase": [0, 0, 0], "member": [200, 365, 365], "cowwar": [139, None, 139]})


def of(kind, made_in=None, **conditions):
    return pledges(BASE | {kind: 1} | conditions, IDS, None, made_in)[0]


def test_the_enemies_of_the_war_that_a_treaty_means_are_those_known_by_the_date():
    assert _made_in(DAY, SIGNED, WARS) == {(1, 0): MadeIn(139, (255, 740))}
    assert _made_in(dt.date(1940, 1, 1), SIGNED, WARS)[1, 0].enemies == (255,)
    assert _made_in(dt.date(1945, 6, 1), SIGNED, WARS)[1, 0].enemies == (740,)
    assert _made_in(DAY, SIGNED, None) == {}


def test_a_war_is_over_when_nobody_known_fights_in_it():
    wars = WARS.with_columns(pl.col("end").fill_null(dt.date(1945, 8, 14)))
    assert _made_in(dt.date(1945, 8, 15), SIGNED, wars)[1, 0] == MadeIn(139, (), over=True)
    assert not _made_in(dt.date(1945, 8, 14), SIGNED, wars)[1, 0].over


@pytest.mark.parametrize(
    ("targets", "meant", "rest"),
    [
        ({}, ("GMY", "JPN"), (None, ("GMY", "JPN"))),
        ({"defcoadv": 1, "statthr1": 255}, ("GMY",), None),
        ({"defcoadv": 1, "statthr1": 255, "statthr2": 325}, ("GMY",), (("GMY", "ITA"), ("GMY",))),
    ],
)
def test_a_pledge_for_a_war_is_owed_against_its_enemies_and_open_against_others(targets, meant, rest):
    found = of("defense", MadeIn(139, (255, 740)), defcocon=1, **targets)
    assert (found[0].targets, found[0].conflict) == (meant, "")
    assert "cowwar=139" in found[0].variables
    assert [(p.targets, p.not_targets) for p in found[1:]] == ([rest] if rest else [])
    assert all("number 139" in p.conflict for p in found[1:])


def test_a_named_state_outside_the_war_leaves_the_conflict_open():
    (found,) = of("defense", MadeIn(139, (740,)), defcocon=1, defcoadv=1, statthr1=255)
    assert (found.targets, found.not_targets) == (("GMY",), ())
    assert "number 139" in found.conflict


def test_a_conflict_without_a_known_war_stays_as_coded():
    for made_in in (None, MadeIn(139)):
        (found,) = of("offense", made_in, offcocon=1)
        assert found.conflict == "as coded: a specific conflict"


def test_what_was_owed_in_a_war_only_lapses_with_it_and_the_pact_says_so():
    row = BASE | {"offense": 1, "defense": 1, "offcocon": 1, "pubsecr": 2, "length": 60, "proren": 1, "renounce": 1}
    over = MadeIn(139, over=True)
    assert lapsed(row, over) == ("offense",)
    assert lapsed(row, MadeIn(139, (255,))) == lapsed(row, None) == ()
    assert [p.type for p in pledges(row, IDS, None, over)[0]] == ["defense"]
    assert _terms([row], over) == [
        "secret (pubsecr=2)",
        "made for 60 months, with a provision on its renewal",
        "may be renounced",
        "owed in war 139 of Correlates of War only, which has ended: offense",
    ]
    assert _terms([BASE | {"pubsecr": 1, "length": 12}], None) == [
        "some articles secret (pubsecr=1)",
        "made for 12 months",
    ]
    assert _terms([BASE], None) == []


def test_a_further_limit_leaves_help_and_neutrality_open_but_not_the_rest():
    for kind in ("defense", "offense", "neutral"):
        (found,) = of(kind, olimob=1)
        assert "olimob=1" in found.unclear
        assert "olimob=1" in found.variables
    for kind in ("nonagg", "consul"):
        (found,) = of(kind, olimob=1)
        assert found.unclear == ""


def test_a_demand_and_a_limit_are_both_told():
    (found,) = of("offense", offcodem=1, olimob=1)
    assert "demand" in found.unclear
    assert "limit" in found.unclear


def test_the_number_of_adversaries_and_a_named_one_are_two_ways_into_defence_and_two_conditions_of_neutrality():
    assert len(of("defense", defcoadv=1, defconum=1, statthr1=255)) == 2
    (found,) = of("neutral", neucoadv=1, neuconum=1, statthr1=255)
    assert (found.targets, found.min_attackers) == (("GMY",), 2)
