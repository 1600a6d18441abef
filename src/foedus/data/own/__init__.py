"""foedus's own sourced table: names, guarantees, clauses and alignments that the public data sets do not hold.

It is ``treaties.toml``. Read here into frozen records with codes of the Correlates of War, unknown keys refused. Which of them are in force on
a date is for `foedus.system`. The tables of state names and regions beside it are read by `foedus.data.names`.
"""

from __future__ import annotations

import tomllib
from dataclasses import MISSING, dataclass, fields
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, TypeVar

from foedus.errors import DataError, message

if TYPE_CHECKING:
    import datetime as dt

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class OwnSource:
    """A text or page that the other records cite."""

    id: str
    title: str
    publisher: str = ""
    url: str = ""
    year: int | None = None
    licence: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Name:
    """The usual name of an ATOP alliance, and others by which it is found; ``phase`` where it holds for one phase only."""

    atop: int
    name: str
    phase: int | None = None
    also: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Guarantee:
    """A promise to a state that need not be party to it: ``by`` to ``to``."""

    id: str
    name: str
    start: dt.date
    by: tuple[int, ...]
    to: tuple[int, ...]
    type: str = "defense"
    end: dt.date | None = None
    unprovoked: bool = False
    article: str = ""
    note: str = ""
    unclear: str = ""
    disputed: str = ""
    region: tuple[str, ...] | None = None
    targets: tuple[int, ...] | None = None
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Clause:
    """The condition of a pledge that ATOP flags without naming adversary or place; no ``by`` means every member."""

    atop: int
    type: str
    by: tuple[int, ...] = ()
    phase: int | None = None
    targets: tuple[int, ...] | None = None
    not_targets: tuple[int, ...] = ()
    region: tuple[str, ...] | None = None
    unprovoked: bool | None = None
    min_attackers: int | None = None
    conflict: str | None = None
    unclear: str | None = None
    note: str = ""
    article: str = ""
    disputed: str = ""
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Alignment:
    """States that lean together without a pledge; binds nobody. ``strength`` is a number or [low, high]."""

    id: str
    name: str
    members: tuple[int, ...]
    start: dt.date
    end: dt.date | None = None
    strength: float | tuple[float, float] | None = None
    sources: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Treaties:
    """The whole table."""

    sources: tuple[OwnSource, ...] = ()
    names: tuple[Name, ...] = ()
    guarantees: tuple[Guarantee, ...] = ()
    clauses: tuple[Clause, ...] = ()
    alignments: tuple[Alignment, ...] = ()

    def name_of(self, atop: int, phase: int) -> Name | None:
        """Return the name of an ATOP alliance, the phase's own first."""
        named = [n for n in self.names if n.atop == atop and n.phase in {None, phase}]
        return max(named, key=lambda n: n.phase is not None, default=None)

    def clauses_of(self, atop: int, phase: int, member: int, type_: str) -> tuple[Clause, ...]:
        """Return what is known of one member's pledge of one type."""
        return tuple(
            c for c in self.clauses
            if c.atop == atop and c.type == type_ and c.phase in {None, phase} and (not c.by or member in c.by)
        )  # fmt: skip


@cache
def treaties() -> Treaties | None:
    """Return the shipped table, None where it is not there."""
    file = resources.files("foedus.data.own") / "treaties.toml"
    if not file.is_file():
        return None
    return parse(tomllib.loads(file.read_text(encoding="utf-8")), "data/own/treaties.toml")


def parse(raw: dict[str, Any], origin: str) -> Treaties:
    """Return the table of a parsed TOML file.

    Raises
    ------
    DataError
        An entry lacks a key or has one that is not known; names the entry.
    """
    kinds = {"source": OwnSource, "name": Name, "guarantee": Guarantee, "clause": Clause, "alignment": Alignment}
    unknown = sorted(set(raw) - set(kinds) - {"meta"})
    if unknown:
        raise DataError(message(f"Unknown tables in {origin}", got=", ".join(unknown), expected=", ".join(kinds)))
    parts = {
        k: tuple(_record(cls, entry, f"{origin}, [[{k}]] {n}") for n, entry in enumerate(raw.get(k, []), 1))
        for k, cls in kinds.items()
    }
    return Treaties(parts["source"], parts["name"], parts["guarantee"], parts["clause"], parts["alignment"])


def _record(cls: type[T], entry: dict[str, Any], where: str) -> T:
    """Return one entry as its record; lists become tuples, and so does a lone value where one is expected."""
    declared = {f.name: f for f in fields(cls)}  # type: ignore[arg-type]
    unknown = sorted(set(entry) - set(declared))
    absent = [n for n, f in declared.items() if f.default is MISSING and n not in entry]
    if unknown or absent:
        got = f"unknown {', '.join(unknown)}" if unknown else f"no {', '.join(absent)}"
        raise DataError(message("An entry of our own table", got=got, expected=", ".join(declared), where=where))
    values = {n: tuple(v) if isinstance(v, list) else v for n, v in entry.items()}
    for n, value in values.items():
        if "tuple[" in str(declared[n].type) and n != "strength" and not isinstance(value, tuple):
            values[n] = (value,)
    return cls(**values)
