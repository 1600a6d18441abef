"""One system: its actors, pacts, ties, borders and first shots, for the pickers and the dossiers of every screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import Field

from foedus.studio import systems
from foedus.studio.question import Answer, Column, Question, Shown

if TYPE_CHECKING:
    import polars as pl

    from foedus.scenario.scenario import Scenario
    from foedus.studio.question import Desk
    from foedus.system.nouns import Actor, Pact, Pledge
    from foedus.system.system import System
    from foedus.system.values import Quantity

NOTES = (
    "Pacts in force are those signed before the date that have not ended by then; a membership has its own dates where they differ.",
    "Capability is an effective share with 90 % of the draws; for an actor without any known part it is drawn over the range of the others.",
    "What is not listed here is not coded. It is not known to be absent.",
)
COLUMNS = (
    Column("capability", "capability, effective share", "share"), Column("low", "5 %", "share"), Column("high", "95 %", "share"),
    Column("lat", "latitude", "degrees"), Column("lon", "longitude", "degrees"),
)  # fmt: skip


class AskedSystem(systems.OfSystem):
    """Parameters of one system's nouns."""

    draws: int = Field(200, ge=2, le=5000, description="Draws behind the intervals of capability")
    seed: int = Field(1, ge=0, lt=2**32)


def _answer(asked: AskedSystem, desk: Desk) -> Answer:
    """Return the nouns as the page reads them."""
    from foedus.power.capability import capability_of

    meant, system = systems.before(asked, desk), systems.read(asked, desk)
    strong = {r["actor"]: r for r in capability_of(system, draws=asked.draws, seed=asked.seed).table().to_dicts()}
    actors = [_actor(a, strong[a.id]) for a in system.actors]
    pacts = [_pact(p, system) for p in system.pacts]
    ties = [
        {"a": t.a, "b": t.b, "reason": t.reason, "strength": spread(t.strength), "openness": t.openness, "start": t.start, "end": t.end,
         "in_force": t.in_force(system.date), "sources": list(t.sources), "note": t.note}
        for t in system.ties
    ]  # fmt: skip
    borders = [{"a": b.a, "b": b.b, "type": b.type} for b in system.borders if b.there(system.date)]
    data = {
        "id": system.id, "title": system.title, "date": system.date, "summary": system.summary, "limits": list(system.limits),
        "actors": actors, "pacts": pacts, "ties": ties, "borders": borders,
        "flashpoints": [{"attacker": f.attacker, "target": f.target, "label": f.note} for f in system.flashpoints],
        **_scenario(meant.scenario),
    }  # fmt: skip
    return Answer("observed", data, _tables(data), system=system, seed=asked.seed, draws=asked.draws, notes=NOTES)


def spread(q: Quantity | None) -> float | dict[str, float] | None:
    """Return a number as the page reads it: a point, or the centre with 90 % of a normal or the ends of a range; None stays unknown."""
    import numpy as np

    if q is None or not q.uncertain:
        return None if q is None else q.centre
    low, high = (q.low, q.high) if q.mean is None else (float(x) for x in q.at(np.array([0.05, 0.95])))
    return {"mean": q.centre, "low": low, "high": high}


def _actor(a: Actor, strong: dict[str, Any]) -> dict[str, Any]:
    """Return an actor."""
    return {
        "id": a.id, "name": a.name, "aliases": list(a.aliases), "kind": a.kind, "region": a.region, "major": a.major, "parent": a.parent,
        "cow": a.cow, "gw": a.gw, "nuclear": a.nuclear, "nuclear_note": a.nuclear_note, "regime": spread(a.regime), "regime_label": a.regime_label,
        "ideology": a.ideology, "religion": a.religion_ruling, "control": spread(a.control),
        "capability": {"mean": strong["effective"], "low": strong["effective_low"], "high": strong["effective_high"]},
        "parts": {name: spread(q) for name, q in a.capability},
        "place": {"name": a.place.name, "lat": a.place.lat, "lon": a.place.lon} if a.place else None,
        "factions": [{"id": f.id, "name": f.name, "weight": spread(f.weight), "leans": f.leans} for f in a.factions],
        "sources": list(a.sources), "note": a.note, "entry": a.entry, "exit": a.exit,
    }  # fmt: skip


def _pact(p: Pact, system: System) -> dict[str, Any]:
    """Return a pact with its pledges."""
    return {
        "id": p.id, "name": p.name, "kind": p.kind, "members": list(p.active_members(system.date)),
        "ever": [{"actor": m.actor, "entry": m.entry or p.start, "exit": m.exit or p.end} for m in p.members], "size": p.size,
        "start": p.start, "end": p.end, "in_force": p.in_force(system.date), "strength": spread(p.strength), "atop": p.atop,
        "pledges": [_pledge(g, p, system) for g in p.pledges], "sources": list(p.sources), "note": p.note,
    }  # fmt: skip


def _pledge(g: Pledge, p: Pact, system: System) -> dict[str, Any]:
    """Return a pledge; ``targets`` and ``region`` are None without such a condition, empty where the text names some that the data do not."""
    return {
        "by": g.by, "to": list(p.recipients(g, system.date)), "type": g.type, "targets": None if g.targets is None else list(g.targets),
        "not_targets": list(g.not_targets), "region": None if g.region is None else list(g.region), "unprovoked": g.unprovoked,
        "min_attackers": g.min_attackers, "conflict": g.conflict, "unclear": g.unclear, "article": g.article, "variables": g.variables,
        "disputed": g.disputed, "sources": list(g.sources or p.sources),
    }  # fmt: skip


def _scenario(scenario: Scenario | None) -> dict[str, Any]:
    """Return the events and what-ifs of a scenario; none of a real date."""
    if scenario is None:
        return {"events": [], "what_ifs": [], "until": None}
    return {
        "events": [{"id": e.id, "date": e.date, "note": e.note, "changes": [x.describe() for x in e.edits], "sources": list(e.sources)}
                   for e in scenario.events],
        "what_ifs": [{"id": w.name, "title": w.title, "note": w.note, "changes": w.describe()} for w in scenario.what_ifs],
        "until": scenario.until,
    }  # fmt: skip


def _tables(data: dict[str, Any]) -> dict[str, Shown]:
    """Return the nouns as tables, one row each."""
    pledges = [
        {"pact": p["name"], "kind": p["kind"], "by": g["by"], "to": ", ".join(g["to"]), "type": g["type"], "article": g["article"] or g["variables"],
         "conditions": _conditions(g), "in_force": p["in_force"]}
        for p in data["pacts"] for g in p["pledges"]
    ]  # fmt: skip
    return {
        "actors": Shown("Actors", _frame([
            {**{k: a[k] for k in ("id", "name", "kind", "region", "major", "nuclear")}, **_flat("capability", a["capability"]),
             **_flat("regime", a["regime"]), "place": (a["place"] or {}).get("name"), "lat": (a["place"] or {}).get("lat"),
             "lon": (a["place"] or {}).get("lon"), "factions": ", ".join(f["name"] for f in a["factions"])} for a in data["actors"]
        ]), COLUMNS),
        "pacts": Shown("Pacts", _frame([
            {**{k: p[k] for k in ("id", "name", "kind", "start", "end", "in_force", "atop")}, "members": ", ".join(p["members"]),
             "pledges": len(p["pledges"]), "sources": ", ".join(p["sources"])} for p in data["pacts"]
        ])),
        "pledges": Shown("Pledges", _frame(pledges)),
        "ties": Shown("Ties", _frame([
            {**{k: t[k] for k in ("a", "b", "reason")}, **_flat("strength", t["strength"]), "openness": t["openness"], "start": t["start"],
             "end": t["end"], "in_force": t["in_force"], "sources": ", ".join(t["sources"])} for t in data["ties"]
        ])),
        "borders": Shown("Borders", _frame(data["borders"])),
    }  # fmt: skip


def _conditions(g: dict[str, Any]) -> str:
    """Return the conditions of a pledge in words."""
    told = [
        "only against an unprovoked attack" if g["unprovoked"] else "",
        "" if g["targets"] is None else f"only against {', '.join(g['targets']) or 'adversaries that the data do not name'}",
        f"not against {', '.join(g['not_targets'])}" if g["not_targets"] else "",
        "" if g["region"] is None else f"only in {', '.join(g['region']) or 'a region that the data do not name'}",
        f"only if there are {g['min_attackers']} adversaries or more" if g["min_attackers"] > 1 else "",
        f"only in {g['conflict']}" if g["conflict"] else "", g["unclear"], f"disputed: {g['disputed']}" if g["disputed"] else "",
    ]  # fmt: skip
    return "; ".join(t for t in told if t)


def _flat(name: str, value: Any) -> dict[str, float | None]:
    """Return a number with its interval as flat columns."""
    mean, low, high = (value[k] for k in ("mean", "low", "high")) if isinstance(value, dict) else (value,) * 3
    return {name: mean, f"{name}_low": low, f"{name}_high": high}


def _frame(rows: list[dict[str, Any]]) -> pl.DataFrame:
    import polars as pl

    return pl.DataFrame(rows, infer_schema_length=None)


def _python(asked: AskedSystem) -> str:
    """Return the same as a program."""
    lines = systems.python(asked)
    lines.insert(lines.index("import foedus as fd") + 1, "from foedus.power.capability import capability_of")
    return "\n".join([
        *lines, "result = s.to_dict()", f"strength = capability_of(s, draws={asked.draws}, seed={asked.seed}).table()",
        "print(result['pacts'])", "print(strength)",
    ])  # fmt: skip


SYSTEM = Question("system", "What the system holds", AskedSystem, _answer, _python, lambda _: None)
