"""`stance`: ties as bargained, the edit that sets them, and which verdicts turn on them."""

import json
from dataclasses import replace

import numpy as np
import pytest

from foedus.blocs.drawn import drawn_line_ups
from foedus.errors import ParameterError
from foedus.kernels import bargaining as kernel
from foedus.security import verdicts as judged
from foedus.security.factions import wishes
from foedus.security.rounds import Rules, run
from foedus.security.stance import bargained, stance
from foedus.system.nouns import Faction, Preference
from foedus.system.propensity import propensity
from foedus.system.stance_edits import TakeStance
from foedus.system.values import Quantity

QUICK = {"draws": 24, "worlds": 4, "war_draws": 100}


MADE = {}


@pytest.fixture
def found(divided):
    """What is found with `QUICK`, made once."""
    if not MADE:
        MADE["stance"] = stance(divided, "EE", **QUICK)
    return MADE["stance"]


def test_ties_are_those_of_the_bargain_on_each_issue_alone(divided):
    w = wishes(divided, "EE", draws=6)
    rules = (Rules(rounds=32), Rules(status_quo=1.0, view="own", conflict="concede", rounds=32))
    ties, ending = bargained(w, rules)
    for d in range(6):
        for k in range(len(w.issues)):
            s = w.salience[d, k][None]
            one = run(w.position[d, k][None], w.weight[d][None] * s, s, (rules[d % 2],))
            assert ties[d, k] == one.median[0]
            assert ending[d, k] == one.ending[0]
    assert (np.abs(ties) <= 1).all()


def test_the_edit_of_a_draw_gives_the_propensities_that_blocs_are_drawn_from(divided, found):
    """Ties are scaled in arrays instead of building a system for each draw; the system of one draw gives the same line-up."""
    blocs = judged.Blocs(divided, "EE", found.issues, draws=24, seed=1)
    label = blocs.under(found.ties)
    for d in (0, 7, 23):
        p = propensity(found.edit(d).apply(divided), seed=1, n_draws=24)
        fast = blocs._with(blocs._unit[1], found.ties)
        e = divided.index["EE"]
        old = np.isin(np.stack([p.i, p.j]), [e]).any(axis=0)
        assert p.parts[d] == pytest.approx(fast.parts[d])
        weight = np.where(old, p.total[d] - p.residual[d], p.total[d]) * p.scale[d]
        alone = drawn_line_ups(p.n, p.i, p.j, weight[None], blocs.two.label)[0][0]
        assert (alone == label[d]).all() or (alone != label[d]).all()


def test_the_bargained_edit_carries_the_spread_of_the_draws(divided, found):
    edit = found.edit()
    assert isinstance(edit, TakeStance)
    for wish, drawn in zip(edit.ties, found.ties.T, strict=True):
        assert wish.tie.mean == pytest.approx(drawn.mean())
        assert wish.tie.sd == pytest.approx(drawn.std())
    edited = edit.apply(divided)
    assert all(f.leans is None for f in edited.actor("EE").factions)
    assert {t.b for t in edited.ties if t.a == "EE"} == set(found.issues)
    assert edit.describe().startswith("set the stance of EE: ")


def test_what_is_found(divided, found):
    assert set(found.issues[:2]) == {"AA", "CC"}
    assert found.shots == (("AA", "CC"),)
    assert set(found.shares) == {"bloc", "war", "attacker", "holds"}
    assert found.shares["war"].count == 3
    assert found.shares["holds"].count == 5
    assert found.overall.count == sum(s.count for s in found.shares.values())
    mine = next(v for v in found.verdicts if v.kind == "bloc" and v.actor == "EE")
    assert 0 < mine.flips < 1
    assert mine.low < mine.flips < mine.high
    for share in (*found.shares.values(), found.overall):
        assert 0 <= share.share.low <= share.share.mean <= share.share.high <= 1
        assert share.share.low < share.share.high
    assert found.means == pytest.approx(wishes(divided, "EE", draws=24).mean)
    assert [w.faction for w in found.without] == ["north", "south", "rest"]
    first = found.heads[0]
    mate = {"AA": "north", "BB": "north", "CC": "south", "DD": "south"}[first]
    alone = {w.faction: w.alone[0] for w in found.without}
    assert alone[mate] > alone["south" if mate == "north" else "north"]
    assert found.statement().endswith("not settled")


def test_the_same_seed_gives_the_same_bits_and_records_are_plain(divided, found):
    again = stance(divided, "EE", **QUICK)
    assert json.dumps(again.to_dict()) == json.dumps(found.to_dict())
    assert stance(divided, "EE", **QUICK, seed=2).ties.tolist() != found.ties.tolist()
    table = found.table()
    assert table["stated"].to_list() == [None] * len(found.issues)
    assert (table["bargained_low"] <= table["bargained"]).all()
    flips = found.verdict_table()["flips"].to_list()
    assert flips == sorted(flips, reverse=True)


def test_wars_can_be_left_out_or_chosen(divided):
    steps = []
    none = stance(divided, "EE", draws=12, worlds=0, rules=Rules(rounds=16), progress=steps.append)
    assert set(none.shares) == {"bloc"}
    assert none.drawn_in == ()
    assert none.reading.startswith("Q = 0.5")
    assert steps == sorted(steps)
    assert steps[-1] == 1.0
    quiet = stance(divided.with_(flashpoints=()), "EE", draws=12, worlds=2, toward=["AA"], rules=Rules(rounds=16))
    assert set(quiet.shares) == {"bloc", "attacker", "holds"}
    shot = stance(
        divided, "EE", draws=12, worlds=2, war_draws=50, shots=[("CC", "AA"), ("EE", "DD")], rules=Rules(rounds=16)
    )
    assert shot.shots == (("CC", "AA"), ("EE", "DD"))
    assert [(a, b) for a, b, *_ in shot.drawn_in] == [("CC", "AA")]


def test_a_faction_that_is_alone_leaves_nobody_without_it(one_faction):
    system = one_faction(Faction("all", "All", Quantity.of(1.0), "AA"))
    found = stance(system, "EE", draws=12, worlds=0, toward=["AA", "CC"], rules=Rules(rounds=16))
    assert found.factions == ("all",)
    assert found.without[0].others is None
    assert found.without[0].to_dict()["without"] is None
    assert found.ties == pytest.approx(found.means)
    assert (found.by_mean.mean, found.by_mean.low) == (0.0, 0.0)


def test_all_friends_are_one_bloc(divided):
    friends = divided.with_(
        ties=tuple(replace(t, reason="interest", strength=Quantity(0.9, 1.0)) for t in divided.ties)
    )
    found = stance(friends, "EE", draws=12, worlds=0, toward=["AA", "CC"], rules=Rules(rounds=16))
    assert "nobody" in found.heads
    assert found.centre == ()


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"draws": 1}, "The 'draws' parameter: got 1; expected an integer of at least 2"),
        ({"worlds": -1}, "The 'worlds' parameter"),
        ({"worlds": 13, "draws": 12}, "at most the draws, 12"),
        ({"war_draws": 0}, "The 'war_draws' parameter"),
    ],
)
def test_bad_options_are_refused(divided, options, match):
    with pytest.raises(ParameterError, match=match):
        stance(divided, "EE", **options)


def test_a_stance_names_each_other_actor_once():
    with pytest.raises(ParameterError, match="each other actor once"):
        TakeStance("EE", (Preference("AA", Quantity.of(0.1)), Preference("AA", Quantity.of(0.2))))


def test_courses_by_hand():
    chance = np.array([[0.02, 0.3, 0.1, 0.05], [0.03, 0.1, 0.3, 0.05]])
    assert judged.course(chance).tolist() == [0, 1, 2, 1]


def test_a_course_is_another_only_beyond_simulation():
    was = np.array([[0.09, 0.09, 0.20, 0.20, 0.0], [0.0, 0.0, 0.19, 0.15, 0.09]])
    now = np.array([[0.11, 0.16, 0.19, 0.10, 0.0], [0.0, 0.0, 0.20, 0.20, 0.30]])
    assert judged.other_course(was, now, 1000).tolist() == [False, True, False, True, True]
    assert judged.other_course(was, now, 10**7).tolist() == [True, True, True, True, True]


def test_shares_are_never_narrower_than_so_few_draws():
    never = judged.spread(np.zeros(40))
    assert (never.mean, never.low) == (0.0, 0.0)
    assert 0.01 < never.high < 0.1
    some = judged.spread(np.array([0.0] * 20 + [1.0] * 20))
    assert (some.low, some.high) == (0.0, 1.0)


def test_verdicts_in_words_are_counted():
    found = judged.Judged.of(
        "attacker", [("A", ""), ("B", "")], ["x", "y"], [["x", "z"], ["x", "z"], ["x", "y"]], ["x", "z"]
    )
    assert found.differ.tolist() == [[False, True], [False, True], [False, False]]
    assert found.alone == 0.5
    assert found.share.share.mean == pytest.approx(1 / 3)
    one, two = found.verdicts()
    assert (one.flips, one.instead, two.flips, two.instead) == (0.0, "", pytest.approx(2 / 3), "z")
    assert set(two.to_dict()) == {"kind", "actor", "where", "stated", "flips", "low", "high", "instead"}


def test_the_mean_needs_no_model(divided):
    w = wishes(divided, "EE", draws=4)
    assert w.mean[2, 0] == pytest.approx(float(kernel.mean(w.position[2, 0], w.weight[2] * w.salience[2, 0])))
