"""Every combination of conditions against a table of three truth values, written from docs/concepts/war.md without a look at the code."""

import itertools

import pytest

from foedus.obligations.bound import bound
from foedus.system.nouns import Member, Pact, Pledge

NO, OPEN, YES = 0, 1, 2
KINDS = ("defense", "offense", "neutral", "nonagg", "consul")
TARGETS = (None, (), ("CC",), ("DD",))
REGIONS = (None, (), ("Europe",), ("East Asia",))
TERMS = list(
    itertools.product(KINDS, TARGETS, ((), ("CC",)), REGIONS, (False, True), (1, 2), ("", "a war"), ("", "a doubt"))
)
WARS = [
    [("CC", "AA")], [("AA", "CC")], [("CC", "DD")], [("DD", "AA"), ("CC", "AA")], [("AA", "DD"), ("CC", "AA")],
    [("CC", "AA"), ("AA", "CC")], [("CC", "AA"), ("AA", "EE")], [("AA", "EE"), ("AA", "DD")], [("BB", "AA")],
]  # fmt: skip


def adversary(terms, foes):
    """Whether one of some foes is an adversary that the pledge means."""
    _, targets, spared, *_ = terms
    found = [
        NO if f in spared else YES if targets is None else OPEN if targets == () else YES * (f in targets) for f in foes
    ]
    return max(found, default=NO)


def expected(terms, attacks):
    """Return the verdict on a pledge of BB to AA, None where AA is at peace."""
    kind, _, _, region, unprovoked, least, conflict, unclear = terms
    attackers = {x for x, y in attacks if y == "AA"}
    victims = {y for x, y in attacks if x == "AA"}
    foes = attackers | victims
    if not foes:
        return None
    if kind == "nonagg":
        return "stay out"
    if kind == "consul":
        return "not triggered"
    first = next(x for x, y in attacks if "AA" in (x, y)) == "AA"
    meant = adversary(terms, {"defense": attackers, "offense": victims, "neutral": foes}[kind])
    if unprovoked and first and (kind == "defense" or (kind == "neutral" and meant)):
        return "released"
    place = YES if region is None else OPEN if region == () else YES * (region == ("Europe",))
    number = {
        "defense": len(attackers) >= least,
        "offense": len(foes) >= least,
        "neutral": least == 1 or len(foes) < least,
    }[kind]
    truth = min(meant, place, YES * number, OPEN if conflict or unclear else YES)
    return {NO: "not triggered", OPEN: "undetermined", YES: "stay out" if kind == "neutral" else "bound"}[truth]


@pytest.mark.parametrize("attacks", WARS, ids=str)
def test_all_combinations_of_conditions(quartet, attacks):
    pledges = tuple(Pledge("BB", t[0], ("AA",), *t[1:], article=str(k)) for k, t in enumerate(TERMS))
    one = quartet.with_(pacts=(Pact("p", "The pact", "treaty", (Member("AA"), Member("BB")), pledges),))
    found = {int(r.article): r.verdict for r in bound(one, *attacks[-1], prior=attacks[:-1]).rows}
    wrong = [
        (t, found.get(k), expected(t, attacks)) for k, t in enumerate(TERMS) if found.get(k) != expected(t, attacks)
    ]
    assert not wrong, wrong[:3]
