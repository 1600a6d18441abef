"""Treaties at their signature: which one a name or an ATOP number means, the day it was signed, and the system of the day after.

The name is looked up in our own sourced table, the days and members are ATOP's. On the day after its signature a pact is in force and nothing that
it has brought about is. Accounts for nothing; see `foedus.security.account`.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from foedus.errors import ParameterError, message
from foedus.system.from_tables import build
from foedus.system.lookup import LISTED, fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from foedus.data.own import Name
    from foedus.params import Params
    from foedus.system.system import System
    from foedus.system.tables import Tables

_NUMBER = re.compile(r"^(?:atop[:\s-]*)?(\d{4,5})(?:[-.](\d))?$", re.IGNORECASE)
_BRACKET = re.compile(r"^(.*?)\s*\(([^()]*)\)$")
FIRST = dt.date(1816, 1, 1)


@dataclass(frozen=True, slots=True)
class Signed:
    """A phase of an ATOP alliance on its first day.

    ``members`` are codes of those who signed on that day, ``later`` of those who came to the phase afterwards; ``promises`` are ATOP's words for
    what any of the signatories promised.
    """

    atop: int
    phase: int
    name: str
    date: dt.date
    members: tuple[int, ...]
    later: tuple[int, ...]
    promises: tuple[str, ...]
    note: str = ""
    sources: tuple[str, ...] = ()

    @property
    def pact(self) -> str:
        """Id that the pact has in a real system."""
        return f"atop-{self.atop}" + (f"-{self.phase}" if self.phase else "")

    @property
    def day(self) -> dt.date:
        """Day on whose start the pact is in force for the first time."""
        return self.date + dt.timedelta(days=1)


def find_signed(query: str | int, tables: Tables) -> Signed:
    """Return the treaty that a name or an ATOP number means, in its first phase.

    Parameters
    ----------
    query : str or int
        ``ATOP:1350``, ``1350``, ``atop-1350-4`` (its fourth phase), or a name of our own table, whole or without its bracket: ``Triple Alliance``.
    tables : Tables

    Raises
    ------
    ParameterError
        Nothing bears the name or number, or several do; names the nearest, or the candidates.
    """
    text = str(query).strip()
    number = _NUMBER.match(text)
    if number:
        return _phase(int(number[1]), int(number[2]) if number[2] else None, tables, text)
    names = tables.treaties.names if tables.treaties else ()
    hits = {n.atop: n for n in names if fold(text) in _spellings(n)}
    if len(hits) == 1:
        (name,) = hits.values()
        return _phase(name.atop, name.phase, tables, text)
    got = repr(text[:60])
    if hits:
        found = ", ".join(f"ATOP:{a} ({n.name})" for a, n in sorted(hits.items()))
        raise ParameterError(message("Several treaties bear this name", got=got, expected=f"one of {found}"))
    every = {s: n for n in names for s in _spellings(n)}
    near = dict.fromkeys(
        f"{every[s].name} (ATOP:{every[s].atop})"
        for s in difflib.get_close_matches(fold(text), list(every), n=3, cutoff=0.5)
    )
    hint = (
        f"did you mean {', '.join(near)}?"
        if near
        else f"give the ATOP number, as in ATOP:1350, or a name: {_names(names)}; a pact of a scenario needs --in"
    )
    raise ParameterError(message("No treaty of this name in our own table", got=got, hint=hint))  # fmt: skip


def _names(names: Sequence[Name]) -> str:
    """Return the names of our own table for a message, without their brackets."""
    told = sorted({n.name.split(" (", maxsplit=1)[0] for n in names})
    return f"{', '.join(told[:LISTED])}{f' and {len(told) - LISTED} more' if len(told) > LISTED else ''}"


def defence_pacts(tables: Tables, *, first: int = 1816, last: int = 9999) -> list[Signed]:
    """Return every ATOP alliance in which a member has ever promised to defend, at the first phase in which one does, by day.

    Parameters
    ----------
    tables : Tables
    first, last : int
        Years of signature, from 1816.
    """
    import polars as pl

    rows = tables["atop5_1m"]
    phases = rows.filter(pl.col("defense") == 1).group_by("atopid").agg(phase=pl.col("phase").min())
    starts = rows.join(phases, on=["atopid", "phase"]).group_by("atopid", "phase").agg(start=pl.col("entry").min())
    kept = starts.filter(
        (pl.col("start") >= FIRST) & pl.col("start").dt.year().is_between(first, last)
    ).sort("start", "atopid")  # fmt: skip
    return [_phase(a, p, tables, str(a)) for a, p, _ in kept.iter_rows()]


def signed_system(signed: Signed, tables: Tables, *, table: Params | None = None) -> System:
    """Return the real system of the day after the signature.

    Raises
    ------
    CoverageError
        The day lies outside the data.
    """
    return build(signed.day, tables, table=table)


def _spellings(name: Name) -> set[str]:
    """Return every folded spelling that means this treaty: its name, the name without its bracket, what the bracket holds if it is one word."""
    out = {fold(name.name), *(fold(a) for a in name.also)}
    bracket = _BRACKET.match(name.name)
    if bracket:
        out.add(fold(bracket[1]))
        out |= {fold(bracket[2])} if re.fullmatch(r"[A-Z]{3,}", bracket[2]) else set()
    return out


def _phase(atop: int, phase: int | None, tables: Tables, asked: str) -> Signed:
    """Return a phase of an alliance, the first where none is asked for."""
    import polars as pl

    rows = tables["atop5_1m"].filter(pl.col("atopid") == atop)
    if phase is not None:
        rows = rows.filter(pl.col("phase") == phase)
    if rows.is_empty():
        hint = "the name may be easier: foedus pact-account NATO"
        raise ParameterError(
            message("No such alliance", got=asked, expected=f"a number of {tables.title('atop5_1m')}", hint=hint)
        )
    rows = rows.filter(pl.col("phase") == rows["phase"].min())
    start: dt.date = rows["entry"].min()  # type: ignore[assignment]
    there = rows.filter(pl.col("entry") == start)
    found = rows["phase"][0]
    own = tables.treaties.name_of(atop, found) if tables.treaties else None
    return Signed(
        atop, found, own.name if own else f"ATOP {atop}", start, tuple(sorted(there["member"].unique().to_list())),
        tuple(sorted(set(rows["member"].to_list()) - set(there["member"].to_list()))),
        tuple(w for w in ("defense", "offense", "neutral", "nonagg", "consul") if (there[w] == 1).any()),
        own.note if own else "", own.sources if own else (),
    )  # fmt: skip
