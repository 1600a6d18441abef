"""Rules about names: every actor, source and event that a scenario file mentions is there, and every fact has a source."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from foedus.scenario import ops
from foedus.scenario.draft import all_ops
from foedus.scenario.explain import label
from foedus.scenario.findings import at
from foedus.scenario.model import ActorTable, PactTable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from foedus.scenario.draft import Draft
    from foedus.scenario.findings import Findings

Path = tuple[str | int, ...]


def check_references(draft: Draft, findings: Findings) -> None:
    """Every actor, source and event that is named is there."""
    inside, outside = draft.ids["actor"], set(draft.header.outside) if draft.header else set()
    tables = {(section, i): t for section, rows in draft.items.items() for i, t in rows}
    for path, name in _actor_names(draft):
        if name not in inside and not (path[-2] in {"to", "targets", "not_targets"} and name in outside):
            if findings.full:
                findings.more += 1
                continue
            hint = findings.near(name, inside) or _outside_hint(path)
            findings.add(at(*path), f"{_who(path, tables)}got '{name}', which is no actor here", hint)
    for name in sorted(outside & inside):
        findings.add("outside", f"{name} is an actor here; expected only ids that are not", "")
    for path, name in _source_names(draft):
        if name not in draft.ids["source"]:
            if findings.full:
                findings.more += 1
                continue
            hint = findings.near(name, draft.ids["source"]) or "add a [[source]] with that id"
            findings.add(at(*path), f"{_who(path, tables)}got '{name}', which is no source here", hint)
    for name, t in draft.what_ifs:
        for j, event in enumerate(t.skip_events):
            if event not in draft.ids["event"]:
                hint = findings.near(event, draft.ids["event"])
                findings.add(at("what_if", name, "skip_events", j), f"got '{event}', which is no event here", hint)


def check_sources(draft: Draft, findings: Findings) -> None:
    """Every fact names a source, unless the file says that it does not."""
    if draft.header and draft.header.unsourced:
        return
    for section in ("actor", "tie", "pact", "event", "flashpoint"):
        for i, t in draft.items[section]:
            if not t.sources:
                text = f"{_who((section, i), {(section, i): t})}missing; expected the id of at least one source"
                findings.add(
                    at(section, i, "sources"),
                    text,
                    "or write unsourced = true above the first table, which every report shows",
                )


def _actor_names(draft: Draft) -> Iterator[tuple[Path, str]]:
    """Yield every actor id that a section names; edits are tried on the system instead, because they may add actors."""
    for i, t in draft.items["actor"]:
        if t.parent is not None:
            yield ("actor", i, "parent"), t.parent
        yield from (
            (("actor", i, "faction", j, "leans"), f.leans) for j, f in enumerate(t.faction) if f.leans is not None
        )
        for j, f in enumerate(t.faction):
            yield from ((("actor", i, "faction", j, "stance", k, "to"), p.to) for k, p in enumerate(f.stance))
    for section, ends in (("border", ("a", "b")), ("tie", ("a", "b")), ("flashpoint", ("attacker", "target"))):
        yield from (((section, i, end), getattr(t, end)) for i, t in draft.items[section] for end in ends)
    for i, t in draft.items["pact"]:
        yield from ((("pact", i, "members", j), m.actor) for j, m in enumerate(t.members))
        for j, p in enumerate(t.pledge):
            yield ("pact", i, "pledge", j, "by"), p.by
            for field in ("to", "targets", "not_targets"):
                yield from (
                    (("pact", i, "pledge", j, field, k), name) for k, name in enumerate(getattr(p, field) or ())
                )


def _source_names(draft: Draft) -> Iterator[tuple[Path, str]]:
    """Yield every source id that is named."""
    for section in ("actor", "tie", "pact", "event", "flashpoint"):
        for i, t in draft.items[section]:
            yield from _sources_in(t, (section, i))
    for path, op in all_ops(draft):
        yield from _sources_in(op, path)
        if isinstance(op, ops.AddPactOp):
            yield from _sources_in(op.pact, (*path, "pact"))
        elif isinstance(op, ops.AddActorOp):
            yield from _sources_in(op.actor, (*path, "actor"))
        elif isinstance(op, ops.AmendActorOp) and op.set.capability is not None:
            yield from _sources_in(op.set.capability, (*path, "set", "capability"))
        elif isinstance(op, ops.AmendPactOp):
            yield from (x for j, p in enumerate(op.add_pledges) for x in _sources_in(p, (*path, "add_pledges", j)))


def _sources_in(t: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """Yield the source ids of a table and of its capability, factions and pledges."""
    yield from (((*path, "sources", k), name) for k, name in enumerate(t.sources))
    if isinstance(t, ActorTable) and t.capability is not None:
        yield from _sources_in(t.capability, (*path, "capability"))
    inner = (
        ("faction", t.faction)
        if isinstance(t, ActorTable)
        else ("pledge", t.pledge)
        if isinstance(t, PactTable)
        else ("", [])
    )
    for j, part in enumerate(inner[1]):
        yield from _sources_in(part, (*path, inner[0], j))


def _who(path: Path, tables: dict[tuple[Any, Any], Any]) -> str:
    """Return how a user knows the entry at ``path``, with a colon."""
    t = tables.get((path[0], path[1]))
    raw = {k: getattr(t, k) for k in ("id", "a", "b", "reason", "attacker", "target") if hasattr(t, k)}
    return f"{label(str(path[0]), raw)}: " if raw else ""


def _outside_hint(path: Path) -> str:
    """Return the hint for a pledge that names somebody who is no actor."""
    return (
        "list ids that only pledges name in `outside`"
        if len(path) > 2 and path[-2] in {"to", "targets", "not_targets"}
        else ""
    )
