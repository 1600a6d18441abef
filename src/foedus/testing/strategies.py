"""Hypothesis strategies for systems that a scenario file can hold, with every field of every noun.

``systems()`` is the one to use; the others are its parts. Ids and numbers stay within `foedus.scenario.limits`.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from foedus.scenario import limits
from foedus.system import nouns
from foedus.system.lookup import strength_bounds
from foedus.system.system import System
from foedus.system.values import Quantity

if TYPE_CHECKING:
    import datetime as dt

    from hypothesis.strategies import DrawFn, SearchStrategy

ACTOR_POOL = ("GMY", "AUH", "FRN", "RUS", "UKG", "SER", "A1", "X_9", "ABCDEFGHIJKL")
SOURCE_POOL = ("atop", "cow_nmc-7.0", "s1")
TRICKY = (
    "",
    'He said "no" \\ twice',
    "<script>alert(1)</script>",
    "حزب\u200cالله, الجمهورية",
    "é = [1] # no comment",
    "''' \"\"\"",
    "🕊 [[actor]]",
    "{ op = 1 }",
)
DAYS = st.dates(limits.FIRST_DAY, limits.LAST_DAY)


def texts(*, most: int = 12) -> SearchStrategy[str]:
    """Return text in any script, with quotes and markup, without the characters that a file may not hold."""
    free = st.text(max_size=most).map(lambda s: limits.FORBIDDEN.sub("x", s))
    return st.one_of(st.sampled_from(TRICKY), free)


def names() -> SearchStrategy[str]:
    """Return non-empty names without blank ends."""
    return texts().map(lambda s: s.strip() or "n")


def quantities(low: float, high: float, *, cut: tuple[float, float] | None = None) -> SearchStrategy[Quantity]:
    """Return points, ranges and normals within bounds; normals are cut to ``cut``, by default the same bounds."""
    ends = cut or (low, high)
    number = st.floats(low, high, allow_nan=False, allow_infinity=False)
    point = number.map(lambda x: Quantity(x, x))
    pair = st.tuples(number, number).map(lambda p: Quantity(min(p), max(p)))
    normal = st.builds(lambda m, s: Quantity(float(ends[0]), float(ends[1]), m, s), number, st.floats(0, 1e6))
    return st.one_of(point, pair, normal)


def spans() -> SearchStrategy[tuple[dt.date | None, dt.date | None]]:
    """Return (start, end) in order, open where None."""
    some = st.one_of(st.none(), DAYS)
    return st.tuples(some, some).map(lambda p: p if None in p or p[0] <= p[1] else (p[1], p[0]))  # type: ignore[operator]


def sources_of() -> SearchStrategy[tuple[str, ...]]:
    """Return the ids of a fact's sources, sometimes none."""
    return st.lists(st.sampled_from(SOURCE_POOL), max_size=2).map(tuple)


def sources() -> SearchStrategy[nouns.Source]:
    """Return a source of any kind, its id to be replaced."""
    year = st.one_of(st.none(), st.integers(1000, 2999))
    url = st.sampled_from(("", "https://example.org/a?b=c", "http://example.org"))
    digest = st.sampled_from(("", "0" * 64))
    return st.builds(nouns.Source, st.just("x"), names(), texts(), url, year, texts(), texts(), texts(), digest, year)


@st.composite
def actors(draw: DrawFn, actor_id: str, others: tuple[str, ...]) -> nouns.Actor:
    """Return an actor of that id; it may lean to ``others``."""
    maybe = lambda s: draw(st.one_of(st.none(), s))  # noqa: E731
    religion = st.sampled_from(nouns.RELIGIONS)
    capability = {k: v for k, b in limits.CAPABILITY_BOUNDS.items() if (v := maybe(quantities(*b))) is not None}
    place = st.builds(nouns.Place, names(), st.floats(-90, 90), st.floats(-180, 180))
    faction = st.builds(
        nouns.Faction,
        st.just("f"),
        names(),
        quantities(0.0, 0.5, cut=limits.SHARE),
        st.one_of(st.none(), st.sampled_from(others)),
        sources_of(),
    )
    factions = tuple(_renamed(f, f"F-{i}_x") for i, f in enumerate(draw(st.lists(faction, max_size=2))))
    return nouns.Actor(
        actor_id, draw(names()), draw(st.sampled_from(("state", "group", "faction"))), tuple(draw(st.lists(names(), max_size=2))),
        None, None, draw(st.sampled_from(("", *nouns.REGIONS))), draw(st.booleans()), None,
        draw(st.sampled_from(("none", "latent", "weapons", "unknown"))), draw(texts()), maybe(quantities(*limits.SHARE)), draw(texts()),
        draw(texts()), maybe(religion), maybe(religion), maybe(quantities(*limits.SHARE)), maybe(quantities(*limits.SHARE)),
        maybe(quantities(*limits.SHARE)), tuple(sorted(capability.items())), draw(sources_of()) if capability else (), maybe(place), factions,
        draw(sources_of()), draw(texts()),
    )  # fmt: skip


@st.composite
def pledges(draw: DrawFn, members: tuple[str, ...], ids: tuple[str, ...]) -> nouns.Pledge:
    """Return a pledge by one of ``members``; it may name actors of ``ids`` and one who is none."""
    by = draw(st.sampled_from(members))
    someone = st.sampled_from((*[i for i in ids if i != by], "ELSEWHERE"))
    lists = st.lists(someone, max_size=2, unique=True).map(tuple)
    targets = draw(st.one_of(st.none(), lists))
    others = tuple(x for x in draw(lists) if x not in (targets or ()))
    region = draw(st.one_of(st.none(), st.lists(st.sampled_from(nouns.REGIONS), max_size=2).map(tuple)))
    return nouns.Pledge(
        by, draw(st.sampled_from(nouns.PLEDGE_TYPES)), draw(lists), targets, others, region, draw(st.booleans()), draw(st.integers(1, 9)),
        draw(texts()), draw(texts()), draw(texts()), draw(texts()), draw(texts()), draw(sources_of()),
    )  # fmt: skip


@st.composite
def pacts(draw: DrawFn, pact_id: str, ids: tuple[str, ...]) -> nouns.Pact:
    """Return a pact of that id among ``ids``."""
    kind = draw(st.sampled_from(nouns.PACT_KINDS))
    members = tuple(draw(st.lists(st.sampled_from(ids), min_size=2, max_size=3, unique=True)))
    start, end = draw(spans())
    strength = draw(st.one_of(st.none(), quantities(*limits.SHARE))) if kind in {"alignment", "intervention"} else None
    return nouns.Pact(
        pact_id, draw(names()), kind, tuple(nouns.Member(m, *draw(spans())) for m in members),
        tuple(draw(st.lists(pledges(members, ids), max_size=2))) if kind != "alignment" else (), start, end, strength,
        draw(st.one_of(st.none(), st.integers(1, 9999))), draw(sources_of()), draw(texts()),
    )  # fmt: skip


@st.composite
def ties(draw: DrawFn, ids: tuple[str, ...]) -> nouns.Tie:
    """Return a tie between two of ``ids``."""
    a, b = draw(st.permutations(ids))[:2]
    reason = draw(st.sampled_from(nouns.WRITABLE_REASONS))
    openness = draw(st.sampled_from(("open", "acknowledged", "deniable", "alleged")))
    return nouns.Tie(
        a,
        b,
        reason,
        draw(quantities(*strength_bounds(reason))),
        openness,
        *draw(spans()),
        draw(sources_of()),
        draw(texts()),
    )


@st.composite
def systems(draw: DrawFn, *, most_actors: int = 4) -> System:
    """Return a system that a scenario file can hold."""
    ids = tuple(draw(st.lists(st.sampled_from(ACTOR_POOL), min_size=2, max_size=most_actors, unique=True)))
    pairs = [(a, b) for i, a in enumerate(ids) for b in ids[i + 1 :]]
    borders = draw(st.lists(st.sampled_from(pairs), max_size=3, unique=True))
    flashpoints = draw(
        st.lists(st.builds(nouns.Flashpoint, st.just(ids[0]), st.just(ids[1]), texts(), sources_of()), max_size=2)
    )
    made = tuple(draw(actors(i, tuple(x for x in ids if x != i))) for i in ids)
    child, parent = draw(st.permutations(range(len(ids))))[:2]
    if draw(st.booleans()):
        made = tuple(_replaced(a, parent=ids[parent], cow=255, gw=255) if k == child else a for k, a in enumerate(made))
    return System(
        draw(st.sampled_from(("s", "europe-1914", "1938-01-01"))), draw(names()), draw(DAYS), made,
        tuple(draw(pacts(f"p-{k}", ids)) for k in range(draw(st.integers(0, 3)))),
        tuple({(frozenset((t.a, t.b)), t.reason, t.start, t.end, t.note): t for t in draw(st.lists(ties(ids), max_size=4))}.values()),
        tuple(nouns.Border(a, b, draw(st.sampled_from(nouns.BORDER_TYPES))) for a, b in borders),
        tuple(_renamed(draw(sources()), s) for s in SOURCE_POOL), tuple(flashpoints), draw(texts()), tuple(draw(st.lists(texts(), max_size=2))),
    )  # fmt: skip


def _renamed(record: Any, new: str) -> Any:
    """Return a noun with another id."""
    return _replaced(record, id=new)


def _replaced(record: Any, **changes: Any) -> Any:
    """Return a noun with some fields replaced."""
    return dataclasses.replace(record, **changes)
