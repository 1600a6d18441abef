"""Labels and reasons of the comparison with another coding, on hand-made findings; attacks of wars, on hand-made fronts."""

import datetime as dt

import polars as pl
import pytest

from foedus.obligations.bound import Obligation
from foedus.studies.casus import Casus, Finding, absence, case, ours, theirs
from foedus.studies.war_attacks import BY_HAND, Attack, attacks_by_war

DAY = dt.date(1914, 7, 29)
NOTHING = {
    f"{c}_{w}": False for c in ("honored", "violated", "no_action", "nonagg_only", "consul_only") for w in ("bf", "llm")
}
ROW = NOTHING | {
    "war_id": 1, "war": "A war", "atopid": 9, "early": True, "defense": False, "offense": False, "neutral": False, "nonagg": False, "consul": False,
}  # fmt: skip


def found(pledge, verdict, reason="", *, first=True, broken=False, pledged=()):
    row = Obligation("AA", "BB", pledge, verdict, reason, "P", "atop-9", "treaty", "Art. 1", "", ())
    return Finding(DAY, first, row, broken, frozenset({pledge, *pledged}))


@pytest.mark.parametrize(
    ("findings", "label"),
    [
        ([], "not in force"),
        ([found("consul", "not triggered")], "consultation only"),
        ([found("nonagg", "stay out"), found("consul", "not triggered")], "non-aggression kept"),
        ([found("nonagg", "stay out", broken=True)], "performance"),
        ([found("neutral", "not triggered")], "not met"),
        ([found("neutral", "not triggered", pledged=("nonagg",)), found("nonagg", "stay out")], "non-aggression kept"),
        ([found("neutral", "stay out")], "performance"),
        ([found("defense", "released"), found("nonagg", "stay out")], "not met"),
        ([found("consul", "not triggered", pledged=("defense",))], "not met"),
        ([found("defense", "released"), found("defense", "bound")], "performance"),
        ([found("offense", "undetermined"), found("defense", "released")], "undetermined"),
        ([found("consul", "undetermined")], "consultation only"),
    ],
)  # fmt: skip
def test_our_label_is_the_most_demanding(findings, label):
    assert ours(findings)[0] == label


@pytest.mark.parametrize(
    ("marks", "label"),
    [
        ({"honored_llm": True}, "performance"),
        ({"violated_llm": True}, "performance"),
        ({"no_action_llm": True, "nonagg_only_llm": True, "consul_only_llm": True}, "not met"),
        ({"nonagg_only_llm": True}, "non-aggression kept"),
        ({"consul_only_llm": True}, "consultation only"),
        ({"honored_bf": True, "no_action_llm": True}, "not met"),
    ],
)
def test_their_label(marks, label):
    assert theirs(ROW | marks, "llm") == label


@pytest.mark.parametrize(
    ("findings", "marks", "reason"),
    [
        ([], {"no_action_llm": True}, "not in force: why"),
        ([found("defense", "undetermined", "only in a certain region, and")], {"no_action_llm": True}, "undetermined: place"),
        ([found("defense", "undetermined", "against certain adversaries only")], {"no_action_llm": True}, "undetermined: adversary"),
        ([found("defense", "undetermined", "owed only in a certain conflict")], {"no_action_llm": True}, "undetermined: conflict"),
        ([found("defense", "undetermined", "owed only if a demand is refused")], {"no_action_llm": True}, "undetermined: demand"),
        ([found("defense", "undetermined", "a further limit")], {"no_action_llm": True}, "undetermined: limit"),
        ([found("defense", "bound")], {"no_action_llm": True}, "recoded"),
        ([found("defense", "bound", first=False)], {"no_action_llm": True, "defense": True}, "later"),
        ([found("defense", "bound")], {"no_action_llm": True, "defense": True}, "other"),
        ([found("neutral", "stay out")], {"no_action_llm": True, "neutral": True}, "neutrality"),
        ([found("nonagg", "stay out", broken=True), found("neutral", "stay out")],
         {"nonagg_only_llm": True, "nonagg": True, "neutral": True}, "non-aggression"),
        ([found("defense", "released", "attacked first")], {"honored_llm": True, "defense": True}, "released"),
        ([found("defense", "not triggered", "owed only against CC")], {"honored_llm": True, "defense": True}, "adversary"),
        ([found("defense", "not triggered", "owed only in Europe")], {"honored_llm": True, "defense": True}, "place"),
        ([found("defense", "not triggered", "has 2 adversaries or more")], {"honored_llm": True, "defense": True}, "number"),
        ([found("defense", "not triggered", "BB is the attacker")], {"honored_llm": True, "defense": True}, "ally attacks"),
        ([found("consul", "not triggered", pledged=("defense",))], {"honored_llm": True, "defense": True, "consul": True},
         "not owed to the belligerent"),
        ([found("nonagg", "stay out")], {"violated_llm": True, "nonagg": True}, "non-aggression"),
        ([found("nonagg", "stay out")], {"consul_only_llm": True, "nonagg": True}, "other"),
        ([found("consul", "not triggered")], {"consul_only_llm": True, "consul": True}, ""),
    ],
)  # fmt: skip
def test_the_reason_of_a_disagreement(findings, marks, reason):
    assert case(ROW | marks, findings, "why").reason == reason


def test_counts_and_kappa_by_hand():
    quiet, asked = [found("defense", "released")], [found("defense", "bound")]
    rows = [
        case(ROW | {"honored_llm": True, "defense": True}, asked, ""),
        case(ROW | {"honored_llm": True, "defense": True}, quiet, ""),
        case(ROW | {"no_action_llm": True, "defense": True}, quiet, ""),
        case(ROW | {"no_action_llm": True, "defense": True}, quiet, ""),
    ]
    result = Casus(tuple(rows))
    assert result.agreement() == 0.75
    counts = result.binary()
    assert (counts["both"], counts["ours_only"], counts["theirs_only"], counts["neither"]) == (1, 0, 1, 2)
    assert counts["kappa"] == pytest.approx((0.75 - 0.5) / 0.5)
    assert result.reasons() == {"released": 1}
    assert len(result.disagreements) == 1
    assert result.table()["agree"].to_list() == [True, False, True, True]
    assert result.confusion().row(by_predicate=pl.col("ours") == "not met") == ("not met", 1, 2, 0, 0)
    assert "| A war | 9 | not met | performance | released |" in result.markdown()
    assert Casus((rows[0],)).binary()["kappa"] == 1.0


def fronts(*rows):
    columns = (
        "larger_war_id",
        "war_id",
        "attacker",
        "target",
        "attacker_name",
        "target_name",
        "joiner",
        "start",
        "end",
        "allies",
        "adversaries",
    )
    return pl.DataFrame(
        [dict(zip(columns, r, strict=True)) for r in rows],
        schema_overrides={"allies": pl.String, "adversaries": pl.String},
    )


def test_attacks_are_read_by_name_once_a_front_with_listed_states_as_they_enter():
    d1, d2, d3 = dt.date(1900, 1, 1), dt.date(1901, 1, 1), dt.date(1901, 12, 31)
    table = fronts(
        (7, 1, 365, 220, "Germany", "France", False, d1, dt.date(1900, 12, 31), None, "211"),
        (7, 1, 365, 220, "Germany", "France", False, d2, d3, "640", "211, 200"),
        (7, 2, 200, 255, "United Kingdom", "Germany", True, d2, d3, "220, 900", None),
    )
    out = attacks_by_war(table, {"Germany": 255})
    assert out[7] == (
        Attack(d1, 255, 211, d3),
        Attack(d1, 255, 220, d3),
        Attack(d2, 200, 255, d3),
        Attack(d2, 640, 220, d3),
        Attack(d2, 900, 255, d3),
    )
    assert set(BY_HAND) <= set(out)
    assert out[90] == (Attack(dt.date(1939, 4, 7), 325, 339, dt.date(1939, 4, 12)),)


def test_why_an_alliance_owed_nothing():
    members = pl.DataFrame({
        "atopid": [1, 2, 3], "entry": [dt.date(1890, 1, 1), dt.date(1915, 1, 1), dt.date(1920, 1, 1)], "exit": [dt.date(1900, 1, 1), None, None],
    })  # fmt: skip
    attacks = (Attack(DAY, 1, 2, dt.date(1918, 11, 11)),)
    said = [absence(a, attacks, members) for a in (1, 2, 3, 4)]
    assert said == ["in force before or after the war only", "no member among the belligerents", "in force before or after the war only",
                    "no such alliance in ATOP 5.1"]  # fmt: skip
