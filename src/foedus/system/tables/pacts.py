"""Treaties, guarantees and alignments in force on a date.

One pact is one phase of one ATOP alliance. As of a date nothing later is known (convention 4.13): neither who joins
nor when a pact or a membership ends, so no end is stored. Who promises what is for ``pledges``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from foedus.system.nouns import Member, Pact, Pledge
from foedus.system.tables.pledges import MadeIn, lapsed, pledges
from foedus.system.values import Quantity

if TYPE_CHECKING:
    import datetime as dt

    import polars as pl

    from foedus.data.own import Alignment, Clause, Guarantee, Treaties
    from foedus.system.nouns import PledgeType
    from foedus.system.tables import Tables

_NAMED_MEMBERS = 4


def treaties(
    date: dt.date, tables: Tables, ids: dict[int, str], called: dict[str, str]
) -> tuple[list[Pact], list[str]]:
    """Return the phases of ATOP alliances in force with two members or more among ``ids``, and names of those with fewer.

    Parameters
    ----------
    date : datetime.date
    tables : Tables
    ids : dict of int to str
        Actors by COW code.
    called : dict of str to str
        Name of each actor.
    """
    import polars as pl

    abbreviations = dict(tables["cow_states"].select("ccode", "stateabb").iter_rows()) | ids
    signed = tables["atop5_1m"].filter(pl.col("entry") < date)
    first = {(a, p): start for a, p, start in signed.group_by("atopid", "phase").agg(pl.col("entry").min()).iter_rows()}
    active = signed.filter(pl.col("exit").is_null() | (pl.col("exit") >= date)).sort(
        "atopid", "phase", "member", "entry"
    )
    made_in = _made_in(date, signed, tables.get("cow_wars"))
    rows: dict[tuple[int, int], list[dict[str, Any]]] = {}
    for row in active.iter_rows(named=True):
        rows.setdefault((row["atopid"], row["phase"]), []).append(row)
    out, dropped = [], []
    for (atop, phase), members in rows.items():
        present = [m for m in members if m["member"] in ids]
        if len(present) > 1:
            pact = _treaty(
                first[atop, phase], present, tables.treaties, abbreviations, called, made_in.get((atop, phase))
            )
            out.append(pact if len(present) == len(members) else replace(pact, size=len(members)))
        else:
            named = tables.treaties.name_of(atop, phase) if tables.treaties else None
            dropped.append(f"ATOP {atop}" + (f" ({named.name})" if named else ""))
    return out, dropped


def _made_in(date: dt.date, signed: pl.DataFrame, wars: pl.DataFrame | None) -> dict[tuple[int, int], MadeIn]:
    """Return the war in which each phase was made, with what was known of it by the date: who had entered, who had left."""
    import polars as pl

    if wars is None:
        return {}
    phase = ["atopid", "phase"]
    named = signed.drop_nulls("cowwar").group_by(phase).agg(pl.col("cowwar").min())
    members: dict[tuple[int, int], set[int]] = {}
    for a, p, member in signed.join(named, on=phase, how="semi").select(*phase, "member").iter_rows():
        members.setdefault((a, p), set()).add(member)
    spells: dict[int, list[tuple[int, str, dt.date | None]]] = {}
    for number, *spell in wars.filter(pl.col("start") < date).select("warnum", "ccode", "side", "end").iter_rows():
        spells.setdefault(number, []).append((spell[0], spell[1], spell[2]))
    out = {}
    for atop, number_of_phase, number in named.iter_rows():
        known = spells.get(number, [])
        sides = [side for code, side, _ in known if code in members[atop, number_of_phase]]
        if not sides:
            continue
        fighting = [(code, side) for code, side, end in known if end is None or end >= date]
        ours = max(sorted(set(sides)), key=sides.count)
        enemies = sorted({code for code, side in fighting if side != ours})
        out[atop, number_of_phase] = MadeIn(number, tuple(enemies), over=not fighting)
    return out


def _treaty(
    start: dt.date, rows: list[dict[str, Any]], own: Treaties | None, ids: dict[int, str], called: dict[str, str],
    made_in: MadeIn | None = None,
) -> Pact:  # fmt: skip
    """Return one phase as a pact."""
    atop, phase = rows[0]["atopid"], rows[0]["phase"]
    promised: list[Pledge] = []
    used: list[Clause] = []
    for row in rows:
        found, clauses = pledges(row, ids, own, made_in)
        promised += found
        used += [c for c in clauses if c not in used]
    named = own.name_of(atop, phase) if own else None
    names = [called[ids[r["member"]]] for r in rows]
    shown = ", ".join(names[:_NAMED_MEMBERS]) + (
        f" and {len(names) - _NAMED_MEMBERS} more" if len(names) > _NAMED_MEMBERS else ""
    )
    notes = [
        f"ATOP {atop}" + (f", phase {phase}" if phase else ""),
        *_terms(rows, made_in),
        *(f"{c.article}: {c.note}" if c.article else c.note for c in used if c.note),
    ]
    cited = dict.fromkeys(["atop5-1m", *(named.sources if named else ()), *(s for c in used for s in c.sources)])
    return Pact(
        id=f"atop-{atop}" + (f"-{phase}" if phase else ""),
        name=named.name if named else f"ATOP {atop} ({shown})",
        kind="treaty",
        members=tuple(Member(ids[r["member"]], r["entry"] if r["entry"] != start else None) for r in rows),
        pledges=tuple(promised),
        start=start,
        atop=atop,
        sources=tuple(cited),
        note="; ".join(n.rstrip(".") for n in notes),
    )


def _terms(rows: list[dict[str, Any]], made_in: MadeIn | None) -> list[str]:
    """Return what the member file says of secrecy, length and renewal, and what is owed no more; changes no verdict."""
    first = rows[0]
    out = [{1: "some articles secret (pubsecr=1)", 2: "secret (pubsecr=2)"}.get(first.get("pubsecr") or 0, "")]
    if first.get("length"):
        renewal = ", with a provision on its renewal" if first.get("proren") else ""
        out.append(f"made for {first['length']} months{renewal}")
    if first.get("renounce"):
        out.append("may be renounced")
    ended = sorted({kind for row in rows for kind in lapsed(row, made_in)})
    if made_in is not None and ended:
        out.append(f"owed in war {made_in.war} of Correlates of War only, which has ended: {', '.join(ended)}")
    return [text for text in out if text]


def own_pacts(date: dt.date, own: Treaties | None, ids: dict[int, str]) -> list[Pact]:
    """Return the guarantees and alignments of our own table in force at the start of a date, among ``ids``."""
    if own is None:
        return []
    guarantees = [_guarantee(g, ids) for g in own.guarantees if _in_force(g.start, g.end, date)]
    alignments = [_alignment(a, ids) for a in own.alignments if _in_force(a.start, a.end, date)]
    return [p for p in (*guarantees, *alignments) if p is not None]


def _guarantee(g: Guarantee, ids: dict[int, str]) -> Pact | None:
    """Return a guarantee as a pact of its guarantors; None without a guarantor or an object here."""
    by, to = [ids[c] for c in g.by if c in ids], tuple(ids[c] for c in g.to if c in ids)
    if not by or not to:
        return None
    promise = Pledge(
        by=by[0],
        type=cast("PledgeType", g.type),
        to=to,
        targets=None if g.targets is None else tuple(ids[c] for c in g.targets if c in ids),
        region=g.region,
        unprovoked=g.unprovoked,
        unclear=g.unclear,
        article=g.article,
        disputed=g.disputed,
        sources=g.sources,
    )
    pledged = tuple(replace(promise, by=who) for who in by)
    return Pact(g.id, g.name, "guarantee", tuple(map(Member, by)), pledged, g.start, sources=g.sources, note=g.note)


def _alignment(a: Alignment, ids: dict[int, str]) -> Pact | None:
    """Return an alignment; None with fewer than two members here."""
    members = tuple(Member(ids[c]) for c in a.members if c in ids)
    if len(members) < 2:
        return None
    strength = None if a.strength is None else Quantity.of(a.strength, bounds=(0.0, 1.0))
    return Pact(a.id, a.name, "alignment", members, start=a.start, strength=strength, sources=a.sources, note=a.note)


def _in_force(start: dt.date, end: dt.date | None, date: dt.date) -> bool:
    """Whether a pact was signed before the date and had not ended by its start."""
    return start < date and (end is None or end >= date)
