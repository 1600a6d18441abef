"""Rules that need more than one table of a scenario file: one ``check_`` per rule, each yields (path, message, hint).

Runs on the entries that have the right shape, and knows the ids of those that have not, so that one fault is not reported twice.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from foedus.scenario import ops
from foedus.scenario.draft import all_ops
from foedus.scenario.findings import at, safe
from foedus.scenario.limits import FIRST_DAY, LAST_DAY
from foedus.scenario.references import check_references, check_sources
from foedus.system.lookup import strength_bounds

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from foedus.scenario.draft import Draft
    from foedus.scenario.findings import Findings
    from foedus.scenario.model import PactTable

Fault = tuple[str, str, str]
Path = tuple[str | int, ...]


def check_all(draft: Draft, findings: Findings) -> None:
    """Add every fault of meaning to ``findings``."""
    for rule in (
        check_until, check_ids, check_codes, check_presence, check_parents, check_factions, check_ties, check_borders, check_pacts, check_flashpoints,
        check_events, check_ops, check_what_ifs,
    ):  # fmt: skip
        for path, text, hint in rule(draft):
            findings.add(path, text, hint)
    check_references(draft, findings)
    check_sources(draft, findings)


def check_until(draft: Draft) -> Iterator[Fault]:
    """Check that a file does not end before its own date, and its events and what-ifs lie before its end."""
    until = draft.header.until if draft.header else None
    if draft.header is None or until is None:
        return
    if until < draft.header.date:
        yield (
            at("until"),
            f"got {until}; expected {draft.header.date} or later",
            "until is the last day that the file covers",
        )
    for i, t in draft.items["event"]:
        if t.date >= until:
            yield at("event", i, "date"), f"event {t.id}: got {t.date}; expected a day before until, {until}", ""
    for name, t in draft.what_ifs:
        if t.date is not None and t.date > until:
            yield at("what_if", name, "date"), f"got {t.date}; expected {until} (until) or earlier", ""


def check_ids(draft: Draft) -> Iterator[Fault]:
    """No id stands twice in a section."""
    for section in ("source", "actor", "pact", "event"):
        yield from _twice(((section, i, "id"), t.id) for i, t in draft.items[section])
    for i, actor in draft.items["actor"]:
        yield from _twice((("actor", i, "faction", j, "id"), f.id) for j, f in enumerate(actor.faction))


def check_codes(draft: Draft) -> Iterator[Fault]:
    """No code of one scheme stands for two actors."""
    for scheme in ("cow", "gw"):
        yield from _twice(
            (("actor", i, scheme), code) for i, t in draft.items["actor"] if (code := getattr(t, scheme)) is not None
        )


def check_parents(draft: Draft) -> Iterator[Fault]:
    """Parents lead to a state without coming round."""
    parent = {t.id: t.parent for _, t in draft.items["actor"] if t.parent is not None}
    done: set[str] = set()
    for i, actor in draft.items["actor"]:
        chain: dict[str, None] = {}
        here = actor.id
        while here in parent and here not in chain and here not in done:
            chain[here] = None
            here = parent[here]
        if here in chain:
            ring = [*list(chain)[list(chain).index(here) :], here]
            yield at("actor", i, "parent"), f"actor {actor.id}: parents come round: {safe(' -> '.join(ring), 120)}", ""
        done.update(chain)


def check_factions(draft: Draft) -> Iterator[Fault]:
    """Factions lean to another actor and want ties with others, once each; the least weights of an actor's factions sum to at most 1."""
    for i, actor in draft.items["actor"]:
        for j, faction in enumerate(actor.faction):
            if faction.leans == actor.id:
                yield (
                    at("actor", i, "faction", j, "leans"),
                    f"actor {actor.id}: a faction leans to its own actor",
                    "leave leans out",
                )
            yield from _preferences(("actor", i, "faction", j), actor.id, [p.to for p in faction.stance])
        least = sum(f.weight.low for f in actor.faction if f.weight.mean is None)
        if least > 1 + 1e-9:
            yield at("actor", i, "faction"), f"actor {actor.id}: least weights sum to {least:g}; expected at most 1", ""


def _preferences(path: tuple[Any, ...], actor: str, named: list[str]) -> Iterator[Fault]:
    """Yield a wanted tie of an actor with itself, and one that is stated twice."""
    for k, to in enumerate(named):
        if to == actor:
            yield at(*path, "stance", k, "to"), f"actor {actor}: a faction wants a tie with its own actor", ""
        if to in named[:k]:
            yield at(*path, "stance", k, "to"), f"actor {actor}: the tie wanted with {to} stands twice", "keep one"


def check_ties(draft: Draft) -> Iterator[Fault]:
    """Two different actors, the sign of the reason, dates in order, nothing said twice."""
    seen: dict[tuple[Any, ...], int] = {}
    for i, t in draft.items["tie"]:
        name = f"tie {t.a}-{t.b} ({t.reason})"
        if t.a == t.b:
            yield at("tie", i, "b"), f"{name}: expected two different actors", ""
        yield from _strength(("tie", i), name, t.reason, t.strength)
        yield from _span(("tie", i), name, t.start, t.end)
        same = (frozenset((t.a, t.b)), t.reason, t.start, t.end, t.note)
        if same in seen:
            yield (
                at("tie", i),
                f"{name}: stands twice, as tie[{seen[same]}]",
                "two facts of one reason differ in start or note",
            )
        seen.setdefault(same, i)


def check_borders(draft: Draft) -> Iterator[Fault]:
    """Two different actors, once per pair at any time."""
    seen: dict[frozenset[str], list[tuple[int, Any]]] = {}
    for i, t in draft.items["border"]:
        pair = frozenset((t.a, t.b))
        yield from _span(("border", i), f"border {t.a}-{t.b}", t.start, t.end)
        if len(pair) < 2:
            yield at("border", i, "b"), f"border {t.a}-{t.b}: expected two different actors", ""
            continue
        twice = [k for k, old in seen.get(pair, []) if _overlap(old, t)]
        if twice:
            yield (
                at("border", i),
                f"border {t.a}-{t.b}: stands twice, as border[{twice[0]}]",
                "once per pair; the nearest class counts, and a border that changed has dates that do not overlap",
            )
        seen.setdefault(pair, []).append((i, t))


def _overlap(one: Any, other: Any) -> bool:
    """Whether two spans, open where None, have a day between them in common."""
    first, last = max(one.start or FIRST_DAY, other.start or FIRST_DAY), min(one.end or LAST_DAY, other.end or LAST_DAY)
    return first < last


def check_presence(draft: Draft) -> Iterator[Fault]:
    """Actors come before they go."""
    for i, t in draft.items["actor"]:
        yield from _span(("actor", i), f"actor {t.id}", t.entry, t.exit, "entry", "exit")


def check_pacts(draft: Draft) -> Iterator[Fault]:
    """Members, pledges and dates of each pact agree with its kind."""
    for i, t in draft.items["pact"]:
        yield from check_pact(t, ("pact", i))


def check_pact(t: PactTable, path: Path) -> Iterator[Fault]:
    """Yield the faults of one pact."""
    name = f"pact {t.id}"
    yield from _span(path, name, t.start, t.end)
    members = {m.actor for m in t.members}
    if len(members) < 2 and t.kind in {"treaty", "alignment"}:
        yield at(*path, "members"), f"{name}: got {len(members)} member; expected two or more for a {t.kind}", ""
    for j, m in enumerate(t.members):
        yield from _span((*path, "members", j), f"{name}, {m.actor}", m.from_, m.until, "from", "until")
    yield from _spells(t, path)
    if t.kind == "alignment" and t.pledge:
        yield (
            at(*path, "pledge"),
            f"{name}: an alignment binds nobody; expected no pledge",
            'use kind = "treaty" for a pact with pledges',
        )
    if t.strength is not None and t.kind not in {"alignment", "intervention"}:
        yield (
            at(*path, "strength"),
            f"{name}: a {t.kind} has no strength; expected one only for an alignment or intervention",
            "",
        )
    for j, p in enumerate(t.pledge):
        if p.by not in members:
            yield (
                at(*path, "pledge", j, "by"),
                f"{name}: {p.by} is no member",
                f"members: {', '.join(sorted(members)[:12])}",
            )
        if p.by in p.to:
            yield at(*path, "pledge", j, "to"), f"{name}: {p.by} pledges to itself", ""
        if both := set(p.targets or ()) & set(p.not_targets):
            yield (
                at(*path, "pledge", j, "not_targets"),
                f"{name}: {', '.join(sorted(both))} is both target and no target",
                "",
            )


def _spells(t: PactTable, path: Path) -> Iterator[Fault]:
    """Yield a fault for a member whose spells in one pact overlap."""
    spells: dict[str, list[tuple[Any, Any]]] = {}
    for m in t.members:
        spells.setdefault(m.actor, []).append((m.from_ or t.start, m.until or t.end))
    for member, dates in spells.items():
        if len(dates) == 1:
            continue
        dates.sort(key=lambda d: d[0] or FIRST_DAY)
        open_ended = any(start is None for start, _ in dates[1:]) or any(end is None for _, end in dates[:-1])
        if open_ended or any(a[1] > b[0] for a, b in itertools.pairwise(dates)):
            hint = "one that left and came back has two entries whose dates do not overlap"
            yield at(*path, "members"), f"pact {t.id}: {member} stands {len(dates)} times", hint


def check_flashpoints(draft: Draft) -> Iterator[Fault]:
    """Nobody attacks itself."""
    for i, t in draft.items["flashpoint"]:
        if t.attacker == t.target:
            yield (
                at("flashpoint", i, "target"),
                f"flashpoint {t.attacker}-{t.target}: expected two different actors",
                "",
            )


def check_events(draft: Draft) -> Iterator[Fault]:
    """Events do not come before the file's date."""
    start = draft.header.date if draft.header else None
    for i, t in draft.items["event"]:
        if start is not None and t.date < start:
            hint = "what came before the file's date is part of its actors, ties and pacts"
            yield at("event", i, "date"), f"event {t.id}: got {t.date}; expected {start} or later", hint


def check_ops(draft: Draft) -> Iterator[Fault]:
    """Check that what edits write is sound in itself."""
    for path, op in all_ops(draft):
        if isinstance(op, ops.AddPactOp):
            yield from check_pact(op.pact, (*path, "pact"))
        elif isinstance(op, ops.ChangeTieOp):
            yield from _strength(path, f"tie {op.a}-{op.b} ({op.reason})", op.reason, op.strength)


def check_what_ifs(draft: Draft) -> Iterator[Fault]:
    """What-ifs change something, at a date that the file covers; they may leave out events that matter only at a later date."""
    start = draft.header.date if draft.header else None
    events = {t.id: t.date for _, t in draft.items["event"]}
    for name, t in draft.what_ifs:
        if not t.edits and not t.skip_events:
            yield at("what_if", name), "changes nothing; expected edits or skip_events", ""
        if start is None:
            continue
        if t.date is not None and t.date < start:
            yield at("what_if", name, "date"), f"got {t.date}; expected {start} or later", ""
        left_out = [events[e] for e in t.skip_events if e in events]
        if not t.edits and left_out and min(left_out) >= (t.date or start):
            hint = f"set date to a day after {min(left_out)}"
            yield (
                at("what_if", name, "skip_events"),
                f"changes nothing: none of these has happened by the start of {t.date or start}",
                hint,
            )


def _twice(pairs: Iterable[tuple[Path, Any]]) -> Iterator[Fault]:
    """Yield a fault for every value that stood before."""
    seen: dict[Any, Path] = {}
    for path, value in pairs:
        if value in seen:
            yield at(*path), f"{value} stands twice, first at {at(*seen[value])}", ""
        seen.setdefault(value, path)


def _span(path: Path, name: str, start: Any, end: Any, first: str = "start", last: str = "end") -> Iterator[Fault]:
    """Yield a fault if dates are not in order."""
    if start is not None and end is not None and start > end:
        yield at(*path, last), f"{name}: got {last} {end} before {first} {start}", ""


def _strength(path: Path, name: str, reason: str, strength: Any) -> Iterator[Fault]:
    """Yield a fault if a strength contradicts its reason."""
    low, high = strength_bounds(reason)
    ends = (strength.low, strength.high) if strength.mean is None else (strength.mean, strength.mean)
    if ends[0] < low or ends[1] > high:
        yield (
            at(*path, "strength"),
            f"{name}: got {strength}; expected within [{low:g}, {high:g}] for {reason}",
            "the sign follows the fact",
        )
