"""Blocs against wars on a system whose answers are known."""

import datetime as dt
import json

import numpy as np
import pytest

from foedus.errors import DataError, ParameterError
from foedus.studies.bloc_wars import blocs_against_wars, score_war
from foedus.studies.war_scores import RULES, BlocWars
from foedus.studies.war_sides import Belligerent, WarSides

SHOT = dt.date(1910, 3, 1)
CODES = {"AA": 1, "BB": 2, "CC": 3, "DD": 4, "EE": 5}
NAMES = {9: "Nowhere"}


@pytest.fixture
def coded(quartet):
    actors = tuple(a for a in quartet.actors)
    return quartet.with_(actors=tuple(_with_code(a) for a in actors), date=SHOT - dt.timedelta(days=1))


def _with_code(actor):
    from dataclasses import replace

    return replace(actor, cow=CODES[actor.id])


def war(*who, initiators=(1,), shot=SHOT):
    entries = tuple(Belligerent(c, s, shot + dt.timedelta(days=d), switched=False) for c, s, d in who)
    return WarSides(1, "The war", entries, initiators)


PAIRS = ((1, "A", 0), (3, "B", 0), (2, "A", 2), (4, "B", 3))


def score(system, contest, **options):
    return score_war(contest, system, names=NAMES, draws=20, **options)


def test_friends_on_one_side_agree_and_chance_is_exact(coded):
    found = score(coded, war(*PAIRS))
    assert (found.agree, found.scored, found.decided, found.best) == (2, 2, 2, 4)
    assert (found.originators, found.proved, found.date) == ("apart", True, dt.date(1910, 2, 28))
    assert [(e.actor, e.role, e.agrees) for e in found.entrants] == [
        ("AA", "attacker", None), ("CC", "target", None), ("BB", "other", True), ("DD", "other", True),
    ]  # fmt: skip
    # Blocs of two and two: originators from different ones in 2 of 3 orders, then both others right in 1 of 2.
    np.testing.assert_allclose(found.chance, [2 / 3, 0, 1 / 3], atol=1e-12)
    row = found.row()
    assert row["p"] == pytest.approx(1 / 3)
    assert row["share"] == 1.0
    assert 0 <= row["low"] <= row["mean"] <= row["high"] <= 1
    assert [row[r] for r in RULES] == [1.0, 1.0, 0.5, 0.5]
    assert found.checked == found.found == 2


def test_a_war_across_the_blocs_and_one_within_them(coded):
    crossed = score(coded, war((1, "A", 0), (3, "B", 0), (2, "B", 2), (4, "A", 3)))
    assert (crossed.agree, crossed.decided) == (0, 2)
    within = score(coded, war((1, "A", 0), (2, "B", 0), (3, "A", 2)))
    assert (within.originators, within.agree, within.decided, within.scored) == ("together", 0, 0, 1)


def test_the_loose_do_not_agree_and_are_not_decided(coded):
    found = score(coded, war(*PAIRS, (5, "B", 4)))
    assert (found.agree, found.decided, found.scored) == (2, 2, 3)
    assert found.entrants[-1].agrees is None
    assert found.entrants[-1].p_agrees == 0.0
    lone = score(coded, war((5, "A", 0), (1, "B", 0), (2, "B", 1), initiators=(5,)))
    assert (lone.originators, lone.agree, lone.decided) == ("undetermined", 0, 0)


def test_originators_are_the_strongest_of_the_first_day(coded):
    found = score(coded, war((2, "A", 0), (1, "A", 0), (4, "B", 0), (3, "B", 0), initiators=(2, 1)))
    assert [e.actor for e in found.entrants[:2]] == ["AA", "CC"]
    found = score(coded, war((2, "A", 0), (1, "A", 0), (4, "B", 0), initiators=(2,)))
    assert [e.actor for e in found.entrants[:2]] == ["BB", "DD"]
    found = score(coded, war((9, "A", 0), (2, "A", 0), (4, "B", 0), (3, "B", 5), initiators=(9,)))
    assert [e.actor for e in found.entrants[:2]] == ["BB", "DD"]
    assert found.outside == ("Nowhere",)


def test_wars_without_a_score_say_why(coded):
    assert score(coded, war((1, "A", 0), (9, "B", 0), (3, "B", 1))).startswith("no originator of one side")
    assert score(coded, war((1, "A", 0), (3, "B", 0), (8, "B", 1))).endswith("was in the system: 8")


def test_a_system_of_the_first_shot_is_refused(coded):
    with pytest.raises(ParameterError, match="before the first shot"):
        score(coded.with_(date=SHOT), war(*PAIRS))


def test_the_larger_ally_is_told_who_entered_before_and_the_anchor_s_ally_is_not(coded):
    found = score(coded, war((1, "A", 0), (5, "B", 0), (3, "B", 2), (4, "B", 3)))
    by = {e.actor: e.rules for e in found.entrants}
    assert by["DD"]["larger_ally"]  # CC, its ally, entered before
    assert not by["DD"]["anchor_ally"]  # none with AA or EE: the stronger, AA
    same_day = score(coded, war((1, "A", 0), (5, "B", 0), (3, "B", 2), (4, "B", 2)))
    assert not {e.actor: e.rules for e in same_day.entrants}["DD"]["larger_ally"]


def test_same_seed_same_bits_and_another_name_of_blocs_no_difference(coded):
    one, two = score(coded, war(*PAIRS), seed=3), score(coded, war(*PAIRS), seed=3, checks=0)
    np.testing.assert_array_equal(one.shares, two.shares)
    assert two.checked == 0


def result(coded):
    contests = (war(*PAIRS), war((1, "A", 0), (3, "B", 0), (2, "B", 2), (4, "B", 3), (5, "B", 4)))
    return BlocWars(
        "cow", tuple(score(coded, w) for w in contests), (("Other", "why"),), 20, 1, ("cow_wars", "cow_nmc")
    )


def test_pooling(coded):
    found = result(coded)
    total, era = found.summary().rows(named=True)
    assert (total["era"], era["era"]) == ("all", "1900-1945")
    assert {k: v for k, v in total.items() if k != "era"} == {k: v for k, v in era.items() if k != "era"}
    assert (total["wars"], total["scored"], total["agree"], total["decided"]) == (2, 5, 3, 4)
    assert total["share"] == pytest.approx(3 / 5)
    assert total["each_war"] == pytest.approx((1 + 1 / 3) / 2)
    assert total["decided_share"] == pytest.approx(3 / 4)
    exact = np.convolve(found.wars[0].chance, found.wars[1].chance)
    assert total["p"] == pytest.approx(exact[3:].sum())
    assert total["low"] == pytest.approx(1 / 3)
    assert total["high"] == pytest.approx(1.0)
    for rule in RULES:
        right = sum(w.right(rule) for w in found.wars) / 5
        assert total[rule] == pytest.approx(right)
        assert total[f"diff_{rule}"] == pytest.approx(3 / 5 - right)
        assert total[f"diff_{rule}_low"] <= total[f"diff_{rule}"] <= total[f"diff_{rule}_high"]


def test_forms_of_the_result(coded):
    found = result(coded)
    assert found.table().height == 2
    assert found.actors().height == 9
    assert set(found.actors()["role"]) == {"attacker", "target", "other"}
    plain = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert plain["unscored"] == [["Other", "why"]]
    assert plain["wars"][0]["date"] == "1910-02-28"
    text = found.markdown()
    assert "| The war | 1910-02-28 | AA : CC | 2 / 2 | 1.00 |" in text
    assert "| agree / scored | 3 / 5 | 3 / 5 |" in text
    assert "Sarkees" in found.cite()
    none = BlocWars("cow", (score(coded, war((5, "A", 0), (1, "B", 0), (2, "B", 1), initiators=(5,))),), (), 20, 1, ())
    assert "EE : AA, undetermined" in none.markdown()
    assert "| share of the decided | - |" in none.markdown()


def test_bad_input_is_refused(tmp_path):
    with pytest.raises(ParameterError, match="source"):
        blocs_against_wars(tmp_path, source="mid")
    with pytest.raises(ParameterError, match="draws"):
        blocs_against_wars(tmp_path, draws=1)
    with pytest.raises(DataError):
        blocs_against_wars(tmp_path)
