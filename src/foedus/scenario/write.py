"""Any `System` as a commented scenario file, which reads back as the same system: ``load(path).hash == system.hash``.

What a user adds by hand (events, what-ifs) is not part of a system and is not written. The header names the terms of every source, because a file
made from data sets holds data of others.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from foedus.errors import InvalidSystemError, ScenarioError, message
from foedus.scenario import limits
from foedus.scenario.files import write_beside
from foedus.scenario.findings import safe
from foedus.scenario.read import parse_text
from foedus.system.values import Quantity

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from foedus.system import nouns
    from foedus.system.system import System

Rows = list[tuple[str, Any]]

ABOUT = {
    "source": "Where facts come from. Every fact below names at least one of these.",
    "actor": "States, armed groups, factions. A key left out is unknown, not zero. A number may be x, [low, high] or { mean = x, sd = y }.\n"
    "gdp: billion international dollars; population: millions; personnel: thousands under arms; cinc: share of the world.",
    "border": "Direct contiguity, once per pair: land, or up to 12, 24, 150, 400 miles of water.",
    "tie": "Reasons to be together (+) or apart (-), strength from -1 to 1. For sponsorship a sponsors b; for fear a fears b.",
    "pact": "In force from the day after start to end. An alignment has no pledges and binds nobody.\n"
    "A pledge is owed by one to others (to left out: all other members), under its conditions.",
    "flashpoint": "Plausible first shots; the first is the default of a brief.",
}


def to_toml(system: System, *, comments: bool = True) -> str:
    """Return the text of a scenario file that holds ``system``.

    Parameters
    ----------
    system : System
        Any system, from data, a file or edits. Facts without a source make the file say ``unsourced = true``.
    comments : bool
        Whether to explain the sections and name the terms of the sources.

    Returns
    -------
    str
        TOML, format 1.

    Notes
    -----
    A normal's bounds are those of its field and are not written. A system that breaks the format's own rules (an id with other characters, a
    number outside its range) is written as it is and refused when read; `write` finds out before it writes.
    """
    out: list[str] = []
    if comments:
        out += [f"# {line}" if line else "#" for line in _head(system)] + [""]
    out += _pairs(_header(system))
    sections = (
        ("source", _source),
        ("actor", _actor),
        ("border", _border),
        ("tie", _tie),
        ("pact", _pact),
        ("flashpoint", _flashpoint),
    )
    for section, rows in sections:
        items: tuple[Any, ...] = getattr(system, f"{section}s")
        if items and comments:
            out += ["", *(f"# {line}" for line in f"---- {section}\n{ABOUT[section]}".split("\n"))]
        for item in items:
            out += ["", f"[[{section}]]", *rows(item)]
    return "\n".join(out) + "\n"


def write(system: System, path: str | Path, *, comments: bool = True) -> None:
    """Write ``system`` to a file, once it is sure that the file reads back as the same system.

    Raises
    ------
    InvalidSystemError
        The system breaks a rule of the format; nothing is written.
    """
    text = to_toml(system, comments=comments)
    try:
        back = parse_text(text, system.id).system
    except ScenarioError as error:
        text_of = "; ".join(str(p) for p in error.problems[:5])
        raise InvalidSystemError(message(f"{system.id} cannot be written as a scenario file", got=text_of)) from error
    if back.hash != system.hash:
        raise InvalidSystemError(
            message(
                f"{system.id} does not read back as the same system", hint="numbers are floats, capability is sorted"
            )
        )
    write_beside(path, text)


def _head(system: System) -> Iterator[str]:
    """Yield the lines of the opening comment."""
    yield f"{_comment(system.title)}, as of the start of {system.date}."
    yield "A foedus scenario file (format 1): TOML, read strictly. Check it with: foedus scenario check FILE"
    yield ""
    yield "Numbers and facts below are taken from these sources; pass this file on only under their terms:"
    for s in system.sources:
        version = f", version {s.version}" if s.version else ""
        yield f"  {_comment(s.id)}: {_comment(s.title)}{_comment(version)}. Terms: {_comment(s.licence) or 'not stated; see the publisher'}"
    if not system.sources:
        yield "  (none named)"


def _header(system: System) -> Rows:
    """Return the keys above the first table."""
    facts: tuple[Any, ...] = (*system.actors, *system.ties, *system.pacts, *system.flashpoints)
    return [
        ("format", 1), ("id", system.id), ("title", system.title), ("date", system.date), ("summary", system.summary or None),
        ("limits", system.limits or None), ("unsourced", True if any(not f.sources for f in facts) else None),
        ("outside", _outside(system) or None),
    ]  # fmt: skip


def _outside(system: System) -> tuple[str, ...]:
    """Return the ids that pledges name and that are no actors here."""
    named = (x for p in system.pacts for q in p.pledges for x in (*q.to, *(q.targets or ()), *q.not_targets))
    return tuple(dict.fromkeys(x for x in named if x not in system.index))


def _source(s: nouns.Source) -> list[str]:
    """Return the lines of a source."""
    return _pairs([(f.name, getattr(s, f.name) or None) for f in fields(s)])


def _actor(a: nouns.Actor) -> list[str]:
    """Return the lines of an actor with its capability and factions."""
    skipped = {"capability", "capability_sources", "place", "factions", "name", "id", "kind"}
    place = None if a.place is None else {"name": a.place.name, "lat": a.place.lat, "lon": a.place.lon}
    rows: Rows = [("id", a.id), ("name", a.name), ("kind", a.kind)]
    rows += [(f.name, getattr(a, f.name)) for f in fields(a) if f.name not in skipped and _stated(a, f.name)]
    out = _pairs([*rows, ("place", place)])
    if a.capability or a.capability_sources:
        out += ["[actor.capability]", *_pairs([*a.capability, ("sources", a.capability_sources or None)])]
    for f in a.factions:
        out += ["[[actor.faction]]"]
        stance = [{"to": p.to, "tie": p.tie} for p in f.stance]
        out += _pairs([
            ("id", f.id), ("name", f.name), ("weight", f.weight), ("leans", f.leans), ("salience", f.salience), ("stance", stance or None),
            ("sources", f.sources or None),
        ])  # fmt: skip
    return out


def _border(b: nouns.Border) -> list[str]:
    """Return the lines of a border."""
    return _pairs([("a", b.a), ("b", b.b), ("type", b.type), ("start", b.start), ("end", b.end)])


def _tie(t: nouns.Tie) -> list[str]:
    """Return the lines of a tie."""
    return _pairs([(f.name, getattr(t, f.name)) for f in fields(t) if _stated(t, f.name) or f.name == "openness"])


def _pact(p: nouns.Pact) -> list[str]:
    """Return the lines of a pact with its pledges."""
    members = [_member(m) for m in p.members]
    rows: Rows = [(n, getattr(p, n)) for n in ("id", "name", "kind", "start", "end")] + [("members", members)]
    rows += [(n, getattr(p, n) or None) for n in ("atop", "size", "sources", "note")]
    out = _pairs([*rows, ("strength", p.strength)])
    for q in p.pledges:
        lists = {"targets", "region"}
        pairs = [
            (f.name, getattr(q, f.name))
            for f in fields(q)
            if _stated(q, f.name) or (f.name in lists and getattr(q, f.name) is not None)
        ]
        out += ["[[pact.pledge]]", *_pairs(pairs)]
    return out


def _member(m: nouns.Member) -> str | dict[str, Any]:
    """Return a member as an id, or as a table with its dates."""
    return m.actor if m.entry is None and m.exit is None else {"actor": m.actor, "from": m.entry, "until": m.exit}


def _flashpoint(f: nouns.Flashpoint) -> list[str]:
    """Return the lines of a flashpoint."""
    return _pairs(
        [("attacker", f.attacker), ("target", f.target), ("note", f.note or None), ("sources", f.sources or None)]
    )


def _stated(record: Any, name: str) -> bool:
    """Whether a field holds anything but its default."""
    default = next(f.default for f in fields(record) if f.name == name)
    return getattr(record, name) != default


def _pairs(rows: Rows) -> list[str]:
    """Return ``key = value`` lines, None left out."""
    return [f"{name} = {_value(value)}" for name, value in rows if value is not None]


def _value(value: Any) -> str:
    """Return a value as TOML writes it."""
    if isinstance(value, Quantity):
        return _value(value.to_plain())
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(int(value))
    if isinstance(value, float):
        return _number(float(value))
    if isinstance(value, str):
        return '"' + re.sub(r'["\\]', r"\\\g<0>", value).translate(_ESCAPES) + '"'
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{k} = {_value(v)}" for k, v in value.items() if v is not None) + " }"
    return "[" + ", ".join(map(_value, value)) + "]"


_ESCAPES = {code: f"\\u{code:04X}" for code in (*range(0x20), 0x7F)}


def _number(x: float) -> str:
    """Return the shortest text that reads back as the same float; whole numbers without a point."""
    if not math.isfinite(x):
        return "nan" if math.isnan(x) else "inf" if x > 0 else "-inf"
    whole = x.is_integer() and abs(x) < 1e15 and not (x == 0 and math.copysign(1, x) < 0)
    return str(int(x)) if whole else repr(x)


def _comment(text: str) -> str:
    """Return ``text`` so that it cannot end a comment."""
    return safe(text, limits.MAX_NAME)
