"""Hypothesis strategies for systems that a scenario file can hold, with every field of every noun.

``systems()`` is the one to use; the others are its parts. Ids and numbers stay within `foedus.scenario.limits`.
"""

from __future__ import annotations

import dataclasses
from functools import cache
from typing import TYPE_CHECKING, Any

from foedus.extras import missing
from foedus.scenario import limits
from foedus.system import nouns
from foedus.system.lookup import strength_bounds
from foedus.system.system import System
from foedus.system.values import Quantity

try:
    from hypothesis import strategies as st
except ImportError as error:
    raise missing("hypothesis", "foedus.testing") from error

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


@cache
def texts(*, most: int = 12) -> SearchStrategy[str]:
    """Return text in any script, with quotes and markup, without the characters that a file may not hold."""
    free = st.text(max_size=most).map(lambda s: limits.FORBIDDEN.sub("x", s))
    return st.one_of(st.sampled_from(TRICKY), free)


@cache
def names() -> SearchStrategy[str]:
    """Return non-empty names without blank ends."""
    return texts().map(lambda s: s.strip() or "n")


@cache
def quantities(low: float, high: float, *, cut: tuple[float, float] | None = None) -> SearchStrategy[Quantity]:
    """Return points, ranges and normals within bounds; normals are cut to ``cut``, by default the same bounds."""
    ends = cut or (low, high)
    number = st.floats(low, high, allow_nan=False, allow_infinity=False)
    point = number.map(lambda x: Quantity(x, x))
    pair = st.tuples(number, number).map(lambda p: Quantity(min(p), max(p)))
    normal = st.builds(lambda m, s: Quantity(float(ends[0]), float(ends[1]), m, s), number, st.floats(0, 1e6))
    return st.one_of(point, pair, normal)


@cache
def spans() -> SearchStrategy[tuple[dt.date | None, dt.date | None]]:
    """Return (start, end) in order, open where None."""
    some = st.one_of(st.none(), DAYS)
    return st.tuples(some, some).map(lambda p: p if None in p or p[0] <= p[1] else (p[1], p[0]))  # type: ignore[operator]


@cache
def sources_of() -> SearchStrategy[tuple[str, ...]]:
    """Return the ids of a fact's sources, sometimes none."""
    return st.lists(st.sampled_from(SOURCE_POOL), max_size=2).map(tuple)


@cache
def sources() -> SearchStrategy[nouns.Source]:
    """Return a source of any kind, its id to be replaced."""
    year = st.one_of(st.none(), st.integers(1000, 2999))
    url = st.sampled_from(("", "https://example.org/a?b=c", "http://example.org"))
    digest = st.sampled_from(("", "0" * 64))
    return st.builds(nouns.Source, st.just("x"), names(), texts(), url, year, texts(), texts(), texts(), digest, year)


@cache
def maybe(strategy: SearchStrategy[Any]) -> SearchStrategy[Any]:
    """Return what ``strategy`` gives, or None."""
    return st.none() | strategy


@cache
def words(choices: tuple[Any, ...], *, least: int = 0, most: int = 1) -> SearchStrategy[Any]:
    """Return one of ``choices``, or a tuple of ``least`` to ``most`` different ones."""
    one = st.sampled_from(choices)
    return one if most == 1 else st.lists(one, min_size=least, max_size=most, unique=True).map(tuple)


@cache
def actors(actor_id: str, others: tuple[str, ...]) -> SearchStrategy[nouns.Actor]:
    """Return an actor of that id; its factions may lean to ``others``."""
    share = maybe(quantities(*limits.SHARE))
    weight = quantities(0.0, 0.5, cut=limits.SHARE)
    wish = st.builds(nouns.Preference, words(others), quantities(*limits.STRENGTH))
    stance = st.lists(wish, max_size=2, unique_by=lambda p: p.to).map(tuple)
    lean = maybe(words(others))
    faction = st.builds(nouns.Faction, st.just("f"), names(), weight, lean, sources_of(), share, stance)
    factions = st.lists(faction, max_size=2).map(lambda fs: tuple(_renamed(f, f"F-{i}_x") for i, f in enumerate(fs)))
    parts = st.fixed_dictionaries({}, optional={k: quantities(*b) for k, b in limits.CAPABILITY_BOUNDS.items()})
    made = st.builds(
        nouns.Actor,
        id=st.just(actor_id),
        name=names(),
        kind=words(("state", "group", "faction")),
        aliases=st.lists(names(), max_size=2).map(tuple),
        region=words(("", *nouns.REGIONS)),
        major=st.booleans(),
        nuclear=words(("none", "latent", "weapons", "unknown")),
        nuclear_note=texts(),
        regime=share,
        regime_label=texts(),
        ideology=texts(),
        religion_majority=maybe(words(nouns.RELIGIONS)),
        religion_ruling=maybe(words(nouns.RELIGIONS)),
        control=share,
        air=share,
        missiles=share,
        capability=parts.map(lambda d: tuple(sorted(d.items()))),
        capability_sources=sources_of(),
        place=maybe(st.builds(nouns.Place, names(), st.floats(-90, 90), st.floats(-180, 180))),
        factions=factions,
        sources=sources_of(),
        note=texts(),
    )
    return made.map(lambda a: a if a.capability else _replaced(a, capability_sources=()))


@cache
def pledges(members: tuple[str, ...], ids: tuple[str, ...]) -> SearchStrategy[nouns.Pledge]:
    """Return a pledge by one of ``members``; it may name actors of ``ids`` and one who is none."""
    someone = words((*ids, "ELSEWHERE"), most=3)
    made = st.builds(
        nouns.Pledge,
        by=words(members),
        type=words(nouns.PLEDGE_TYPES),
        to=someone,
        targets=maybe(someone),
        not_targets=someone,
        region=maybe(words(nouns.REGIONS, most=3)),
        unprovoked=st.booleans(),
        min_attackers=st.integers(1, 9),
        conflict=texts(),
        unclear=texts(),
        article=texts(),
        variables=texts(),
        disputed=texts(),
        sources=sources_of(),
    )
    return made.map(_sound_pledge)


def _sound_pledge(p: nouns.Pledge) -> nouns.Pledge:
    """Return a pledge that is not owed to its giver and excludes nobody that it names."""
    others = tuple(x for x in p.not_targets if x not in (p.targets or ()))
    return _replaced(p, to=tuple(x for x in p.to if x != p.by), not_targets=others)


@st.composite
def pacts(draw: DrawFn, pact_id: str, ids: tuple[str, ...]) -> nouns.Pact:
    """Return a pact of that id among ``ids``."""
    kind = draw(words(nouns.PACT_KINDS))
    members = ids[: draw(st.integers(2, len(ids)))]
    start, end = draw(spans())
    return nouns.Pact(
        pact_id,
        draw(names()),
        kind,
        tuple(nouns.Member(m, *draw(spans())) for m in members),
        tuple(draw(st.lists(pledges(members, ids), max_size=2))) if kind != "alignment" else (),
        start,
        end,
        draw(maybe(quantities(*limits.SHARE))) if kind in {"alignment", "intervention"} else None,
        draw(maybe(st.integers(1, 9999))),
        draw(sources_of()),
        draw(texts()),
    )


@cache
def ties(a: str, b: str, reason: str) -> SearchStrategy[nouns.Tie]:
    """Return a tie of that reason between two actors."""
    openness = words(("open", "acknowledged", "deniable", "alleged"))
    made = st.builds(nouns.Tie, st.just(a), st.just(b), st.just(reason), quantities(*strength_bounds(reason)), openness)
    dated = st.tuples(made, spans(), sources_of(), texts())
    return dated.map(lambda t: _replaced(t[0], start=t[1][0], end=t[1][1], sources=t[2], note=t[3]))


@st.composite
def systems(draw: DrawFn, *, most_actors: int = 4) -> System:
    """Return a system that a scenario file can hold."""
    ids = draw(words(ACTOR_POOL, least=2, most=most_actors))
    pairs = tuple((a, b) for i, a in enumerate(ids) for b in ids[i + 1 :])
    made = tuple(draw(actors(i, tuple(x for x in ids if x != i))) for i in ids)
    if draw(st.booleans()):
        made = (_replaced(made[0], parent=ids[-1], cow=255, gw=255), *made[1:])
    named = st.tuples(words(pairs), words(nouns.WRITABLE_REASONS))
    tied = [draw(ties(a, b, reason)) for (a, b), reason in draw(st.lists(named, max_size=4))]
    flashpoint = st.builds(nouns.Flashpoint, st.just(ids[0]), st.just(ids[1]), texts(), sources_of())
    return System(
        draw(words(("s", "europe-1914", "1938-01-01"))),
        draw(names()),
        draw(DAYS),
        made,
        tuple(draw(pacts(f"p-{k}", ids)) for k in range(draw(st.integers(0, 2)))),
        tuple({(t.a, t.b, t.reason, t.start, t.end, t.note): t for t in tied}.values()),
        tuple(nouns.Border(a, b, draw(words(nouns.BORDER_TYPES))) for a, b in draw(words(pairs, most=3))),
        tuple(_renamed(draw(sources()), s) for s in SOURCE_POOL),
        tuple(draw(st.lists(flashpoint, max_size=2))),
        draw(texts()),
        tuple(draw(st.lists(texts(), max_size=2))),
    )


def _renamed(record: Any, new: str) -> Any:
    """Return a noun with another id."""
    return _replaced(record, id=new)


def _replaced(record: Any, **changes: Any) -> Any:
    """Return a noun with some fields replaced."""
    return dataclasses.replace(record, **changes)
