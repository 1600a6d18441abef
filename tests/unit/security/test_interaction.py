"""The interaction game of two actors of a system: hand cases, a plain twin of the whole, what is refused, and the same bits for the same seed."""

import dataclasses
import datetime as dt

import numpy as np
import pytest

from foedus.errors import InvalidSystemError, ParameterError, UnknownStateError
from foedus.kernels.crisis_game import OUTCOMES, Costs
from foedus.security.expected_utility import bilateral, miles_per_day, multilateral, stakes, strengths, third_party
from foedus.security.interaction import crisis
from foedus.system.nouns import Member, Pact, Pledge
from foedus.system.system import System
from foedus.system.values import Quantity


def test_war_trap_functions_by_hand():
    assert bilateral(0.7, 1.0, 0.2) == pytest.approx(0.7 * 0.8 - 0.3 * 0.8)
    # The gap of 0.8 is expected to grow to 1.1.
    assert bilateral(0.7, 1.0, 0.2, own_later=1.0, other_later=-0.1) == pytest.approx(0.32 + 0.7 * 0.3 - 0.3 * 0.3)
    assert multilateral(
        np.array([0.8, 0.5]), np.array([0.6, 0.9]), np.array([0.9, 0.0]), np.array([0.4, 1.0])
    ) == pytest.approx(0.4 * 0.5 - 0.4)
    with pytest.raises(ParameterError, match="chance between 0 and 1"):
        bilateral(1.2, 1.0, 0.0)
    with pytest.raises(ParameterError, match="chances between"):
        multilateral(np.array([1.2]), np.array([0.5]), np.array([1.0]), np.array([0.0]))


def test_a_third_party_weighs_its_part_against_the_cost_of_taking_sides():
    assert third_party(0.1, 0.2, 0.2, 0.5) == "A"
    assert third_party(0.1, 0.2, 0.2, 0.5, cost_with_a=0.2) == "B"
    assert third_party(0.1, 0.2, 0.2, 0.5, cost_with_a=0.1) is None
    with pytest.raises(ParameterError, match="not all 0"):
        third_party(0.0, 0.0, 0.0, 1.0)


def test_force_moves_farther_a_day_in_later_times():
    assert [miles_per_day(y) for y in (1914, 1918, 1919, 1945, 1946)] == [250, 250, 375, 375, 500]


def test_strength_at_home_and_over_a_land_border_is_whole():
    """Numbers of methods: c = .2 at 0 miles .249646, at 1,000 miles of 250 a day .183832."""
    km = np.array([[0.0, 1000 * 1.609344], [1000 * 1.609344, 0.0]])
    there = strengths(np.array([0.2, 0.3]), km, np.zeros((2, 2), dtype=bool), 250.0)
    assert there[0].tolist() == pytest.approx([0.249646, 0.183832], abs=1e-6)
    near = strengths(np.array([0.2, 0.3]), km, np.array([[False, True], [True, False]]), 250.0)
    assert near[0].tolist() == pytest.approx([0.249646, 0.249646], abs=1e-6)


def plain_outcome(system, a, b):
    """The whole game at r = 1 and central inputs, written out with loops."""
    at = stakes(system)
    i, j, k, s = system.index[a], system.index[b], at.similarity, at.strength(0)
    plus = total = 0.0
    for x in range(len(system.actors)):
        lam = s[i, j] if x == i else s[j, j] if x == j else max(s[x, i], s[x, j])
        d = k[x, i] - k[x, j]
        plus, total = plus + max(lam * d, 0), total + abs(lam * d)
    p, gap = plus / total, 1 - k[i, j]
    talk = p * gap - (1 - p) * gap
    worth = {
        "SQ": (0, 0), "ACQ_A": (-gap, gap), "ACQ_B": (gap, -gap), "NEGO": (talk, -talk),
        "CAP_A": (-gap - (1 - p), gap), "CAP_B": (gap, -gap - p), "WAR_A": (talk - (1 - p), -talk - p), "WAR_B": (talk - (1 - p), -talk - p),
    }  # fmt: skip

    def choose(mover, yes, no):
        return yes if worth[yes][mover] >= worth[no][mover] - 1e-12 else no

    by_a, by_b = choose(1, "WAR_A", "CAP_B"), choose(0, "WAR_B", "CAP_A")
    first = choose(0, by_a, choose(1, by_b, "NEGO"))
    second = choose(1, by_b, choose(0, by_a, "NEGO"))
    return p, choose(0, choose(1, first, "ACQ_B"), choose(1, choose(0, second, "ACQ_A"), "SQ"))


def test_the_whole_against_plain_loops(quartet):
    for a, b in (("AA", "CC"), ("CC", "AA"), ("AA", "BB"), ("EE", "AA")):
        found = crisis(quartet, a, b, risk=0.0, draws=2)
        p, outcome = plain_outcome(quartet, a, b)
        assert (found.a.p, found.b.p) == pytest.approx((p, 1 - p))
        assert found.outcome == outcome
        assert found.variants["both neutral to risk (R = 0)"] == outcome


def test_what_is_shown_fits_together(quartet):
    found = crisis(quartet, "AA", "CC", draws=30)
    assert found.outcome in OUTCOMES
    assert found.table().height == 8
    assert found.table().filter("reached")["outcome"].to_list() == [found.outcome]
    assert [s.node for s in found.steps] == list(range(12, 0, -1))
    assert sum(e.mean for e in found.shares.values()) == pytest.approx(1)
    assert sum(e.mean for e in found.shares_any_risk.values()) == pytest.approx(1)
    first = found.steps[-1]
    assert (first.mover, first.reached) == ("AA", True)
    assert found.outcome == (first.if_yes if first.yes else first.if_no)
    for s in found.steps:
        assert s.yes is (s.worth_yes >= s.worth_no - 1e-12)
    assert found.variants["as reported"] == found.outcome
    by = {h.actor: h for h in found.helpers}
    assert set(by) == {"BB", "DD", "EE"}
    assert (by["BB"].side, by["DD"].side) == ("A", "B")
    assert by["BB"].adds_a > 0 > by["BB"].adds_b
    own = 1 - sum(abs(h.adds_a) for h in found.helpers)
    assert 0 < own < 1
    assert found.helpers_table().height == 3
    assert found.steps_table().height == 12
    plain = found.to_dict()
    assert plain["outcome"] == found.outcome
    assert plain["shares"]["SQ"]["low"] <= plain["shares"]["SQ"]["high"]


def test_no_interval_is_without_width_where_inputs_are_uncertain(quartet):
    sure = crisis(quartet, "AA", "CC", draws=40)
    for e in (*sure.shares.values(), *sure.shares_any_risk.values()):
        assert e.low < e.high
    actors = tuple(
        dataclasses.replace(a, capability=(("cinc", Quantity.of([a.capability[0][1].centre * 0.7, a.capability[0][1].centre * 1.3])),))
        for a in quartet.actors
    )  # fmt: skip
    vague = crisis(dataclasses.replace(quartet, actors=actors), "AA", "CC", draws=40)
    assert vague.a.drawn_p.low < vague.a.drawn_p.high
    assert vague.a.risk_low <= vague.a.risk <= vague.a.risk_high


def test_the_same_seed_gives_the_same_bits(quartet):
    one, two, other = (crisis(quartet, "AA", "CC", draws=20, seed=s).to_dict() for s in (1, 1, 2))
    assert one == two
    assert one["a"]["drawn_p"] != other["a"]["drawn_p"]


def test_costs_that_are_given_are_taken(quartet):
    dear = crisis(quartet, "AA", "CC", costs=Costs(0.0, 9.0, 9.0, 0.0), draws=10)
    assert dear.table().filter(dear.table()["outcome"].str.starts_with("WAR"))["worth_a"].max() < -1
    assert dear.shares["WAR_A"].mean == 0


def test_s_is_another_measure_and_its_variant_is_tau_b(quartet):
    found = crisis(quartet, "AA", "CC", measure="s_abs", draws=5)
    assert "similarity by tau_b" in found.variants
    assert found.similarity == pytest.approx(stakes(quartet, measure="s_abs").similarity[0, 2])


def test_two_friends_of_everybody_have_no_tau_b(quartet):
    everyone = tuple(a.id for a in quartet.actors)
    pact = Pact(
        "all",
        "All",
        "treaty",
        tuple(Member(a) for a in everyone),
        tuple(Pledge(a, "defense") for a in everyone),
        start=dt.date(1900, 1, 1),
    )
    friends = dataclasses.replace(quartet, pacts=(pact,))
    with pytest.raises(ParameterError, match="s_abs"):
        crisis(friends, "AA", "CC", draws=5)
    found = crisis(friends, "AA", "CC", measure="s_abs", draws=5)
    assert found.similarity == 0.999
    assert "similarity by tau_b" not in found.variants
    assert {h.side for h in found.helpers} <= {"A", "B", None}


def test_all_enemies_and_two_actors_are_answered(quartet):
    alone = dataclasses.replace(quartet, pacts=())
    assert crisis(alone, "AA", "CC", draws=5).outcome in OUTCOMES
    two = System("two", "Two", quartet.date, quartet.actors[:2])
    found = crisis(two, "AA", "BB", draws=5)
    assert found.outcome in OUTCOMES
    assert found.helpers == ()
    assert found.helpers_table().height == 0
    assert found.a.risk == 0.0


def test_no_strength_anywhere_is_an_error(quartet):
    gone = tuple(
        dataclasses.replace(a, control=Quantity.of(0.0) if a.id in {"AA", "BB"} else None) for a in quartet.actors[:3]
    )
    system = System("gone", "Gone", quartet.date, gone)
    assert crisis(system, "AA", "CC", draws=5).a.p >= 0
    with pytest.raises(InvalidSystemError, match="Nobody who prefers a side"):
        crisis(system, "AA", "BB", draws=5)
    nobody = tuple(dataclasses.replace(a, control=Quantity.of(0.0)) for a in gone)
    with pytest.raises(InvalidSystemError, match="Nobody who prefers a side"):
        crisis(System("nobody", "Nobody", quartet.date, nobody), "AA", "CC", draws=5)


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"b": "AA"}, "another actor"),
        ({"risk": "bold"}, "portfolio, or a number"),
        ({"risk": 2.0}, "portfolio, or a number"),
        ({"draws": 1}, "at least 2"),
        ({"measure": "kappa"}, "one of tau_b"),
        ({"costs": Costs(1.0, float("nan"), 1.0, 1.0)}, "finite"),
        ({"costs": Costs(1.0, -1.0, 1.0, 1.0)}, "not below 0"),
    ],
)
def test_what_is_refused(quartet, change, text):
    with pytest.raises(ParameterError, match=text):
        crisis(quartet, **({"a": "AA", "b": "CC"} | change))


def test_an_unknown_actor_is_refused(quartet):
    with pytest.raises(UnknownStateError, match="ZZ"):
        crisis(quartet, "AA", "ZZ")


def test_no_draws_are_refused(quartet):
    with pytest.raises(ParameterError, match="at least 1"):
        stakes(quartet, seed=1, draws=0)
