"""Small systems by hand, for tests that need one whose answers are known."""

import datetime as dt

import pytest

from foedus.system.nouns import Actor, Border, Flashpoint, Member, Pact, Place, Pledge, Tie
from foedus.system.system import System
from foedus.system.values import Quantity


def actor(name, share, *, lat=0.0, lon=0.0, region="Europe", **more):
    return Actor(
        name,
        name.title(),
        capability=(("cinc", Quantity.of(share)),),
        place=Place(name, lat, lon),
        region=region,
        **more,
    )


def tie(a, b, reason, strength):
    return Tie(a, b, reason, Quantity.of(strength))


@pytest.fixture
def make_actor():
    return actor


@pytest.fixture
def quartet():
    """Two pairs of friends who hate each other: AA-BB against CC-DD, each pair with a defence pact; EE knows nobody."""
    both = ("AA", "BB")
    others = ("CC", "DD")
    pacts = tuple(
        Pact(f"pact-{x}", f"Pact of {x}", "treaty", tuple(Member(m) for m in pair), tuple(Pledge(m, "defense") for m in pair),
             start=dt.date(1900, 1, 1))
        for x, pair in (("first", both), ("second", others))
    )  # fmt: skip
    ties = tuple(tie(x, y, "rivalry", [-0.9, -0.5]) for x in both for y in others)
    return System(
        "quartet", "Two pairs", dt.date(1910, 1, 1),
        tuple(actor(n, s, lat=i * 2.0) for i, (n, s) in enumerate([("AA", 0.3), ("BB", 0.2), ("CC", 0.3), ("DD", 0.15), ("EE", 0.05)])),
        pacts, ties, (Border("AA", "CC", "land"), Border("BB", "DD", "land")), flashpoints=(Flashpoint("AA", "CC"),),
    )  # fmt: skip
