import dataclasses
import datetime as dt

import pytest

from foedus.errors import ParameterError, UnknownStateError
from foedus.obligations.arrays import pledge_arrays
from foedus.obligations.bound import VERDICTS, bound
from foedus.system.nouns import Member, Pact, Pledge


def with_pledge(system, pledge, *, kind="treaty", start=dt.date(1905, 1, 1), end=None):
    pact = Pact("p", "The pact", kind, (Member("AA"), Member("BB")), (pledge,), start=start, end=end)
    return system.with_(pacts=(pact,))


def verdict(system, attacker="CC", target="AA", prior=()):
    return bound(system, attacker, target, prior=prior).verdict("BB", "AA")


@pytest.mark.parametrize(
    ("pledge", "attack", "prior", "expected"),
    [
        (Pledge("BB", "defense"), ("CC", "AA"), (), "bound"),
        (Pledge("BB", "defense"), ("AA", "CC"), (), "not triggered"),
        (Pledge("BB", "defense", unprovoked=True), ("AA", "CC"), (), "released"),
        (Pledge("BB", "defense", unprovoked=True), ("CC", "AA"), (("AA", "DD"),), "released"),
        (Pledge("BB", "defense", targets=("DD",)), ("CC", "AA"), (), "not triggered"),
        (Pledge("BB", "defense", targets=("CC",)), ("CC", "AA"), (), "bound"),
        (Pledge("BB", "defense", targets=()), ("CC", "AA"), (), "undetermined"),
        (Pledge("BB", "defense", not_targets=("CC",)), ("CC", "AA"), (), "not triggered"),
        (Pledge("BB", "defense", region=("East Asia",)), ("CC", "AA"), (), "not triggered"),
        (Pledge("BB", "defense", region=("Europe",)), ("CC", "AA"), (), "bound"),
        (Pledge("BB", "defense", region=()), ("CC", "AA"), (), "undetermined"),
        (Pledge("BB", "defense", min_attackers=2), ("CC", "AA"), (), "not triggered"),
        (Pledge("BB", "defense", min_attackers=2), ("CC", "AA"), (("DD", "AA"),), "bound"),
        (Pledge("BB", "defense", conflict="another war"), ("CC", "AA"), (), "undetermined"),
        (Pledge("BB", "defense", unclear="the text is disputed"), ("CC", "AA"), (), "undetermined"),
        (Pledge("BB", "defense"), ("BB", "AA"), (), "bound"),
        (Pledge("BB", "offense"), ("AA", "CC"), (), "bound"),
        (Pledge("BB", "offense"), ("CC", "AA"), (), "not triggered"),
        (Pledge("BB", "offense", targets=("DD",)), ("AA", "CC"), (), "not triggered"),
        (Pledge("BB", "neutral"), ("CC", "AA"), (), "stay out"),
        (Pledge("BB", "neutral", unprovoked=True), ("AA", "CC"), (), "released"),
        (Pledge("BB", "neutral", targets=("DD",)), ("CC", "AA"), (), "not triggered"),
        (Pledge("BB", "neutral", not_targets=("CC",)), ("CC", "AA"), (), "not triggered"),
        (Pledge("BB", "neutral", unprovoked=True, targets=("DD",)), ("AA", "CC"), (), "not triggered"),
        (Pledge("BB", "neutral", targets=()), ("CC", "AA"), (), "undetermined"),
        (Pledge("BB", "neutral", region=("East Asia",)), ("CC", "AA"), (), "not triggered"),
        (Pledge("BB", "neutral", region=()), ("CC", "AA"), (), "undetermined"),
        (Pledge("BB", "neutral", conflict="another war"), ("CC", "AA"), (), "undetermined"),
        (Pledge("BB", "neutral", unclear="the text is disputed"), ("CC", "AA"), (), "undetermined"),
        (Pledge("BB", "neutral", min_attackers=2), ("CC", "AA"), (), "stay out"),
        (Pledge("BB", "neutral", min_attackers=2), ("CC", "AA"), (("AA", "DD"),), "not triggered"),
        (Pledge("BB", "offense", min_attackers=2), ("AA", "CC"), (), "not triggered"),
        (Pledge("BB", "offense", min_attackers=2), ("AA", "CC"), (("DD", "AA"),), "bound"),
        (Pledge("BB", "nonagg"), ("AA", "CC"), (), "stay out"),
        (Pledge("BB", "consul"), ("CC", "AA"), (), "not triggered"),
        (Pledge("BB", "defense"), ("CC", "DD"), (), None),
    ],
)
def test_each_clause(quartet, pledge, attack, prior, expected):
    assert verdict(with_pledge(quartet, pledge), *attack, prior=prior) == expected


@pytest.mark.parametrize(
    ("pledge", "prior", "reason"),
    [
        (Pledge("BB", "neutral", targets=()), (), "the data do not say which"),
        (Pledge("BB", "neutral", region=()), (), "only in a certain region"),
        (Pledge("BB", "neutral", conflict="another war"), (), "only in a certain conflict (another war)"),
        (Pledge("BB", "neutral", unclear="the text is disputed"), (), "the text is disputed"),
        (Pledge("BB", "neutral", min_attackers=2), (("DD", "AA"),), "only while AA has fewer than 2 adversaries"),
        (Pledge("BB", "defense", min_attackers=3), (("DD", "AA"),), "only if AA has 3 adversaries or more"),
        (Pledge("BB", "defense", not_targets=("CC",)), (), "only against others than CC"),
        (Pledge("BB", "consul", targets=("DD",)), (), "only against DD"),
        (Pledge("BB", "consul", region=("East Asia",)), (), "only in East Asia"),
        (Pledge("BB", "consul", variables="consul=1 concoreq=1"), (), "only consultation is owed, on request"),
    ],
)
def test_the_reason_is_the_condition_that_decides(quartet, pledge, prior, reason):
    rows = bound(with_pledge(quartet, pledge), "CC", "AA", prior=prior).rows
    assert reason in next(r.reason for r in rows if r.actor == "BB")


@pytest.mark.parametrize("kind", ["nonagg", "neutral"])
def test_a_promise_of_peace_between_the_two_that_fight(quartet, kind):
    system = with_pledge(quartet, Pledge("BB", kind))
    own = next(r for r in bound(system, "BB", "AA").rows if r.pledge == kind)
    assert (own.verdict, own.reason.endswith("which BB attacks: a breach of its own pledge")) == ("stay out", True)
    attacked = next(r for r in bound(system, "AA", "BB").rows if r.pledge == kind)
    assert (attacked.verdict, attacked.reason[:16]) == ("released", "AA attacks BB: w")
    back = next(r for r in bound(system, "BB", "AA", prior=[("AA", "BB")]).rows if r.pledge == kind)
    assert back.verdict == "released"
    other = next(r for r in bound(system, "AA", "CC").rows if r.pledge == kind)
    assert (other.verdict, "breach" in other.reason) == ("stay out", False)


def test_where_the_attack_falls_decides_a_clause_on_the_place(quartet):
    system = with_pledge(quartet, Pledge("BB", "defense", region=("Europe",), targets=("CC",)))
    assert bound(system, "CC", "AA").verdict("BB") == "bound"
    abroad = bound(system, "CC", "AA", where="Latin America")
    assert abroad.verdict("BB") == "not triggered"
    assert "the attack falls in Latin America" in abroad.rows[0].reason
    with pytest.raises(ParameterError, match="where"):
        bound(system, "CC", "AA", where="the Moon")


def test_a_clause_on_the_place_is_judged_by_the_home_of_the_one_to_be_helped(quartet):
    far = tuple(dataclasses.replace(a, region="East Asia") if a.id == "AA" else a for a in quartet.actors)
    at_home = with_pledge(quartet.with_(actors=far[::-1]), Pledge("BB", "defense", region=("East Asia",)))
    assert verdict(at_home) == "bound"
    outside = bound(with_pledge(at_home, Pledge("BB", "defense", region=("Europe",))), "CC", "AA")
    assert outside.verdict("BB") == "not triggered"
    assert outside.rows[0].reason == "owed only in Europe; AA lies in East Asia"


def test_reasons_name_the_condition_and_the_breach(quartet):
    rows = bound(with_pledge(quartet, Pledge("BB", "defense", targets=("DD",), article="Art. 2")), "CC", "AA").rows
    assert "only against DD" in rows[0].reason
    assert rows[0].article == "Art. 2"
    assert "breach" in bound(with_pledge(quartet, Pledge("BB", "defense")), "BB", "AA").rows[0].reason


@pytest.mark.parametrize(
    ("start", "end", "counts"),
    [
        (dt.date(1910, 1, 1), None, False),
        (dt.date(1909, 12, 31), None, True),
        (None, dt.date(1909, 12, 31), False),
        (None, dt.date(1910, 1, 1), True),
    ],
)
def test_only_pacts_signed_before_and_not_ended_count(quartet, start, end, counts):
    rows = bound(with_pledge(quartet, Pledge("BB", "defense"), start=start, end=end), "CC", "AA").rows
    assert bool(rows) is counts


def test_date_moves_the_system(quartet):
    late = with_pledge(quartet, Pledge("BB", "defense"), start=dt.date(1912, 5, 1))
    assert bound(late, "CC", "AA").rows == ()
    assert bound(late, "CC", "AA", date=dt.date(1912, 5, 2)).verdict("BB") == "bound"


def test_an_alignment_binds_nobody_and_says_so(quartet):
    pact = Pact("entente", "Entente", "alignment", (Member("AA"), Member("BB")), start=dt.date(1904, 1, 1))
    result = bound(quartet.with_(pacts=(pact,)), "CC", "AA")
    assert [(r.actor, r.verdict, r.reason) for r in result.rows] == [
        ("BB", "not triggered", "an alignment binds nobody")
    ]


def test_a_guarantee_may_protect_one_who_is_no_member(quartet):
    pact = Pact(
        "g",
        "Guarantee",
        "guarantee",
        (Member("AA"), Member("CC")),
        tuple(Pledge(x, "defense", to=("EE",)) for x in ("AA", "CC")),
    )
    result = bound(quartet.with_(pacts=(pact,)), "CC", "EE")
    assert result.verdict("AA") == "bound"
    assert "breach" in next(r for r in result.rows if r.actor == "CC").reason


def test_most_demanding_verdict_first(quartet):
    pledges = (Pledge("BB", "consul"), Pledge("BB", "defense"), Pledge("BB", "neutral"))
    pact = Pact("p", "P", "treaty", (Member("AA"), Member("BB")), pledges)
    result = bound(quartet.with_(pacts=(pact,)), "CC", "AA")
    assert [r.verdict for r in result.rows] == ["bound", "stay out", "not triggered"]
    assert result.by_actor()["BB"].pledge == "defense"
    assert result.verdict("BB", pledge="neutral") == "stay out"
    assert result.verdict("BB", pact="other") is None
    assert set(result.table()["verdict"]) <= set(VERDICTS)
    assert result.to_dict()["obligations"][0]["verdict"] == "bound"


def test_unknown_and_equal_actors_are_refused(quartet):
    with pytest.raises(UnknownStateError, match="Atlantis"):
        bound(quartet, "Atlantis", "AA")
    with pytest.raises(ParameterError, match="another actor"):
        bound(quartet, "AA", "Aa")


def test_arrays_of_a_system_without_pledges(quartet):
    pledges, nouns = pledge_arrays(quartet.with_(pacts=()))
    assert nouns == []
    assert pledges.targets.shape == (0, 5)


def test_unknown_home_region_leaves_a_region_clause_open(quartet):
    actors = tuple(dataclasses.replace(a, region="") for a in quartet.actors)
    system = with_pledge(quartet.with_(actors=actors), Pledge("BB", "defense", region=("Europe",)))
    assert verdict(system) == "undetermined"
