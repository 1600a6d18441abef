"""Why an actor is where it is: what moves it, where it would be without a reason, and the words and tables made of that."""

import json

import numpy as np
import pytest

from foedus.blocs.result import heard
from foedus.blocs.solve import blocs
from foedus.blocs.why import Change, Why
from foedus.estimate.wilson import wilson
from foedus.system.nouns import REASONS, Tie
from foedus.system.propensity import propensity
from foedus.system.values import Quantity


@pytest.fixture
def torn(quartet):
    """EE likes AA for interest, and CC a little for ideology."""
    more = (Tie("EE", "AA", "interest", Quantity.of(0.6)), Tie("EE", "CC", "ideology", Quantity.of(0.2)))
    return quartet.with_(ties=(*quartet.ties, *more))


def test_least_change_is_what_the_other_side_costs_more(torn):
    result = blocs(torn, draws=20)
    why = result.why("EE", change=True)
    centre = propensity(torn, seed=None)
    at = [k for k in range(len(centre.i)) if 4 in (centre.i[k], centre.j[k])]
    own = np.abs(result.weight[at])
    assert why.change.proved
    assert why.change.movers == ()
    assert why.change.least == pytest.approx(abs(own.max() - 2 * own.min() + own.min()) / own.sum(), rel=1e-4)
    assert why.change.of_all == pytest.approx(why.change.least * own.sum() / result.total)
    assert {p for p, *_ in why.change.ties} == {"AA", "CC"}
    assert why.change.one_tie()[1] == pytest.approx(why.change.least)
    assert "alone does it with a change of" in why.sentence()


def test_without_the_reason_that_holds_it_it_stands_with_the_others(torn):
    result = blocs(torn, draws=20)
    why = result.why("EE", change=True)
    moves = {w.reason: w for w in why.without}
    assert set(moves) == {r for r, *_ in why.by_reason}
    assert moves["interest"].moves
    assert moves["interest"].bloc != why.bloc
    assert not moves["ideology"].moves
    assert moves["ideology"].bloc == why.bloc
    assert f"Without interest in its own ties it would stand with {moves['interest'].bloc}." in why.sentence()
    table = why.table()
    assert table.filter(name="interest")["without"].item() == moves["interest"].bloc
    assert table.filter(kind="partner")["change"].null_count() == 0
    assert json.loads(json.dumps(why.to_dict()))["change"]["proved"]


def test_one_reason_alone_leaves_no_bloc(quartet):
    lone = quartet.with_(ties=(*quartet.ties, Tie("EE", "AA", "interest", Quantity.of(0.6))))
    why = blocs(lone, draws=20).why("EE", change=True)
    assert [(w.reason, w.bloc, w.moves) for w in why.without] == [("interest", "no bloc", False)]
    assert "No single reason decides" in why.sentence()


def test_a_head_is_told_by_the_other_head_or_by_its_heaviest_neighbour(quartet):
    result = blocs(quartet, draws=20)
    assert result.why(result.names[0], change=True).change.anchor == result.names[1]
    pair = quartet.with_(ties=(Tie("DD", "EE", "interest", Quantity.of(0.6)),), pacts=(), borders=())
    alone = blocs(pair, draws=20)
    assert alone.why(alone.names[0], change=True).change.anchor in {"DD", "EE"} - {alone.names[0]}


def test_no_time_leaves_the_rest_out(torn):
    why = blocs(torn, draws=20).why("EE", change=True, seconds=0.0)
    assert why.without == ()
    assert why.change.ties == ()


def test_plain_why_has_its_interval_and_no_changes(torn):
    why = blocs(torn, draws=20).why("EE")
    assert why.change is None
    assert why.interval[0] <= why.membership <= why.interval[1]
    assert why.table()["change"].null_count() == why.table().height
    assert why.to_dict()["change"] is None
    assert "[" in why.sentence()


def test_words_for_every_kind_of_change():
    base = Why("A", "B", 0.9, (), ())
    assert "nothing coded holds it there" in base.sentence()
    tie = ("C", 0.3, False, True)
    unsure = Why("A", "B", 0.9, (), (), (0.8, 1.0), Change(0.2, 0.01, "B", ("D",), proved=False, ties=(tie,)))
    assert "at most 20.0% of its own weight change (1.00% of all ties), and D with it." in unsure.sentence()
    assert "No change of one of its ties alone does." in unsure.sentence()
    assert "It leaves B once ties worth at most 20.0%" in unsure.sentence()
    many = Why("A", "A", 0.9, (), (), (0.8, 1.0), Change(0.2, 0.01, "B", tuple("CDEFGHIJ"), proved=True, ties=()))
    assert "It comes to the side of B once ties worth 20.0%" in many.sentence()
    assert ", and C, D, E, F, G, H and 2 more with it." in many.sentence()
    bare = Why("A", "B", 0.9, (), (), (0.8, 1.0), Change(0.2, 0.01, "B", (), proved=True, ties=()))
    assert bare.sentence().endswith("alone.")


def test_memberships_in_both_blocs_add_up_and_pairs_say_what_is_certain(torn):
    result = blocs(torn, draws=40)
    fuzzy = result.fuzzy()
    assert fuzzy.height == 10
    assert np.allclose(fuzzy.group_by("actor").agg(total=fuzzy["membership"].sum() * 0 + 1)["total"].to_list(), 1)
    sums = {a: sum(r["membership"] for r in fuzzy.filter(actor=a).to_dicts()) for a in ("AA", "EE")}
    assert sums == pytest.approx({"AA": 1.0, "EE": 1.0})
    assert (fuzzy["low"] <= fuzzy["membership"]).all()
    assert (fuzzy["membership"] <= fuzzy["high"]).all()
    pairs = result.pairs()
    assert pairs.height == 10
    assert pairs.filter(a="AA", b="BB")["always"].item() == "together"
    assert pairs.filter(a="AA", b="CC")["always"].item() == "apart"
    assert pairs["together"].is_sorted(descending=True)


def test_wilson_against_its_defining_equation():
    hits = np.arange(21.0)
    low, high = wilson(hits, 20)
    z = 1.6448536269514722
    for p, bound in ((hits / 20, low), (hits / 20, high)):
        assert np.allclose((p - bound) ** 2, z * z * bound * (1 - bound) / 20, atol=1e-12)


def test_noise_of_sums_is_not_heard():
    assert heard(np.array([[2.0, 1e-13], [1e-14, 0.0]])).tolist() == [[2.0, 0.0], [1e-14, 0.0]]
    assert "faction" in REASONS


def test_the_main_reason_of_a_partner_pulls_the_way_that_the_partner_does(quartet):
    """A rivalry heavier than any one friendly reason, but lighter than two of them: the pull is friendly, and so is its main reason."""
    torn = quartet.with_(
        ties=(
            Tie("AA", "BB", "rivalry", Quantity.of(-0.8)),
            Tie("AA", "BB", "interest", Quantity.of(0.7)),
            Tie("AA", "BB", "sponsorship", Quantity.of(0.7)),
            *(t for t in quartet.ties if {t.a, t.b} != {"AA", "BB"}),
        )
    )
    result = blocs(torn, draws=20)
    why = result.why("AA")
    for partner, pull, *_, mainly in why.by_actor:
        a, b = result.system.index["AA"], result.system.index[partner]
        p = result.centre
        e = int(np.flatnonzero(((p.i == a) & (p.j == b)) | ((p.i == b) & (p.j == a)))[0])
        towards = p.parts[0, :, e] * (1 if result.two.label[a] == result.two.label[b] else -1) * np.sign(pull)
        assert towards[REASONS.index(mainly)] == towards.max() >= 0
    assert {mainly for partner, *_, mainly in why.by_actor if partner == "BB"} <= {"interest", "sponsorship"}
