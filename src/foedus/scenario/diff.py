"""`diff`: what differs between two systems, noun by noun and field by field.

Empty if both hold the same nouns, in whatever order. Compares what is held, not what follows from it; for that see ``compare``.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from foedus.system.lookup import DIRECTED_REASONS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from foedus.system.nouns import Tie
    from foedus.system.system import System

Kind = Literal["added", "removed", "changed"]


@dataclass(frozen=True, slots=True)
class Change:
    """One difference; ``field`` is empty for a noun added or removed, which then stands whole in ``new`` or ``old``."""

    kind: Kind
    noun: str
    id: str
    field: str = ""
    old: Any = None
    new: Any = None

    def __str__(self) -> str:
        if self.kind != "changed":
            return f"{self.kind} {self.noun} {self.id}"
        return f"changed {self.noun} {self.id}: {self.field} {_shown(self.old)} -> {_shown(self.new)}"

    def to_dict(self) -> dict[str, str]:
        """Return the change as text, for a table."""
        whole = self.kind != "changed"
        old, new = ("" if whole else _shown(v) for v in (self.old, self.new))
        return {"kind": self.kind, "noun": self.noun, "id": self.id, "field": self.field, "old": old, "new": new}


def diff(a: System, b: System) -> list[Change]:
    """Return the changes that lead from ``a`` to ``b``.

    Parameters
    ----------
    a, b : System

    Returns
    -------
    list of Change
        By noun, in the order of the systems; empty where the two hold the same.

    Examples
    --------
    >>> import foedus as fd
    >>> s = fd.load("europe-1914")
    >>> [str(c) for c in diff(s, s.edit().void("belgium-1839").done())][:1]
    ['removed pact belgium-1839']
    """
    whole = {"actors", "pacts", "ties", "borders", "sources", "flashpoints"}
    out = [
        Change("changed", "system", b.id, f.name, getattr(a, f.name), getattr(b, f.name))
        for f in dataclasses.fields(a)
        if f.name not in whole and getattr(a, f.name) != getattr(b, f.name)
    ]
    out += _compare("actor", {x.id: x for x in a.actors}, {x.id: x for x in b.actors})
    out += _compare("pact", {x.id: x for x in a.pacts}, {x.id: x for x in b.pacts}, skip=("pledges",))
    out += _compare("pledge", _pledges(a, b), _pledges(b, a))
    out += _compare(
        "tie",
        _numbered((_tie_name(t), t) for t in a.ties),
        _numbered((_tie_name(t), t) for t in b.ties),
        skip=("a", "b", "reason"),
    )
    for noun, ends in (("border", ("a", "b")), ("flashpoint", ("attacker", "target"))):
        old, new = (_numbered((_ends(noun, x), x) for x in getattr(s, f"{noun}s")) for s in (a, b))
        out += _compare(noun, old, new, skip=ends)
    out += _compare("source", {x.id: x for x in a.sources}, {x.id: x for x in b.sources})
    return out


def _compare(noun: str, old: dict[str, Any], new: dict[str, Any], skip: tuple[str, ...] = ()) -> list[Change]:
    """Return the changes between records of one noun, by id."""
    out = [Change("removed", noun, k, old=v) for k, v in old.items() if k not in new]
    out += [Change("added", noun, k, new=v) for k, v in new.items() if k not in old]
    for k, before in old.items():
        if k in new and new[k] != before:
            names = [f.name for f in dataclasses.fields(before) if f.name not in skip]
            pairs = [(n, getattr(before, n), getattr(new[k], n)) for n in names]
            out += [Change("changed", noun, k, n, x, y) for n, x, y in pairs if x != y]
    return out


def _pledges(system: System, other: System) -> dict[str, Any]:
    """Return the pledges of pacts that both systems hold, by pact, giver, type and receivers."""
    shared = {p.id for p in other.pacts}
    named = (
        (f"{p.id}: {q.type} by {q.by} to {', '.join(q.to) or 'all members'}", q)
        for p in system.pacts
        if p.id in shared
        for q in p.pledges
    )
    return _numbered(named)


def _tie_name(tie: Tie) -> str:
    """Return a tie's ends and reason, the ends sorted where the reason has no direction."""
    ends = (tie.a, tie.b) if tie.reason in DIRECTED_REASONS else sorted((tie.a, tie.b))
    return f"{'-'.join(ends)} ({tie.reason})"


def _ends(noun: str, record: Any) -> str:
    """Return the two actors of a border, sorted, or of a flashpoint."""
    return "-".join(sorted((record.a, record.b))) if noun == "border" else f"{record.attacker}-{record.target}"


def _numbered(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Return records by name, the second of a name with a number behind it."""
    out: dict[str, Any] = {}
    seen: Counter[str] = Counter()
    for name, record in pairs:
        seen[name] += 1
        out[name if seen[name] == 1 else f"{name} #{seen[name]}"] = record
    return out


def _shown(value: Any) -> str:
    """Return one value as a user reads it."""
    if value is None or value in ((), ""):
        return "(none)"
    if isinstance(value, tuple):
        return ", ".join(_shown(v) for v in value)
    if dataclasses.is_dataclass(value) and not hasattr(type(value), "centre"):
        parts = (
            f"{f.name}={_shown(v)}"
            for f in dataclasses.fields(value)
            if (v := getattr(value, f.name)) not in (None, (), "")
        )
        return f"({', '.join(parts)})"
    return str(value)
