"""What a pact's outsiders signed in the years after it: a record beside the account of who was alarmed, not a cause.

Whether an outsider entered a pact of defence, or one of consultation, within so many years comes from ATOP, and so does how many of all other
outsiders did so in the same years: what is to be expected without any pact. Who allies next, and why, needs a model of formation, which is not here.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from foedus.errors import parameter

if TYPE_CHECKING:
    from collections.abc import Iterable

    from foedus.security.account import Account
    from foedus.system.signed import Signed
    from foedus.system.tables import Tables

YEARS = 5
"""Years after the signature that are looked at."""
MOST = 5
LEAST = 1e-5
"""Alarm a year from which an outsider counts as alarmed."""
KINDS = ("defence", "consultation")


@dataclass(frozen=True, slots=True)
class Entry:
    """A state's entry into an alliance that promises something: of a kind, on a day, with whom."""

    atop: int
    day: dt.date
    kind: str
    partners: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What one outsider signed; ``entries`` None and both flags None where the data end before the years are over and nothing was signed yet."""

    actor: str
    defence: bool | None
    consultation: bool | None
    joined: bool
    entries: tuple[str, ...]


@dataclass(frozen=True)
class Answers:
    """The record of the most alarmed outsiders, and the share of all other outsiders that did the same."""

    rows: tuple[Answer, ...]
    others: dict[str, float | None]
    n_others: int
    years: int

    def table(self) -> pl.DataFrame:
        """Return one row an outsider, the most alarmed first."""
        rows = [
            {
                "actor": r.actor, "defence_pact": r.defence, "consultation": r.consultation, "joined_the_pact": r.joined,
                "signed": "; ".join(r.entries),
            }
            for r in self.rows
        ]  # fmt: skip
        kinds = {
            "actor": pl.String,
            "defence_pact": pl.Boolean,
            "consultation": pl.Boolean,
            "joined_the_pact": pl.Boolean,
            "signed": pl.String,
        }
        return pl.DataFrame(rows, schema=kinds)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON's own types."""
        return {
            "years": self.years, "others": self.others, "n_others": self.n_others, "outsiders": self.table().to_dicts(),
            "standing": "observed (ATOP)",
        }  # fmt: skip


class Entries:
    """Every state's entries into alliances with a promise of defence or of consultation, by state.

    Parameters
    ----------
    members : polars.DataFrame
        ATOP's member file, ``atop5_1m``.
    last : int
        Last year that it covers.
    """

    def __init__(self, members: pl.DataFrame, last: int) -> None:
        self.end = dt.date(last, 12, 31)
        self._by_state: dict[int, list[Entry]] = {}
        for kind, word in zip(KINDS, ("defense", "consul"), strict=True):
            promising = members.filter(pl.col(word) == 1).select("atopid", "phase").unique()
            inside = members.join(promising, on=["atopid", "phase"], how="semi")
            first = inside.group_by("atopid", "member").agg(day=pl.col("entry").min()).sort("atopid", "member")
            party: dict[int, list[tuple[int, dt.date]]] = {}
            for atop, member, day in first.iter_rows():
                party.setdefault(atop, []).append((member, day))
            for atop, who in party.items():
                for member, day in who:
                    partners = tuple(m for m, d in who if m != member and d <= day)
                    self._by_state.setdefault(member, []).append(Entry(atop, day, kind, partners))

    def of(self, code: int, date: dt.date, years: int, *, without: int = 0) -> list[Entry]:
        """Return the entries of a state after a day, within so many years, but for those into one alliance."""
        last = plus_years(date, years)
        return [e for e in self._by_state.get(code, ()) if date < e.day <= last and e.atop != without]

    def entered(self, code: int, date: dt.date, years: int, kind: str, *, without: int = 0) -> bool | None:
        """Return whether a state entered an alliance of a kind; None where the data end first and it had not."""
        found = any(e.kind == kind for e in self.of(code, date, years, without=without))
        return True if found else None if plus_years(date, years) > self.end else False


def answers(signed: Signed, account: Account, tables: Tables, *, years: int = YEARS, most: int = MOST) -> Answers:
    """Return what the most alarmed outsiders signed within some years of a pact.

    Parameters
    ----------
    signed : Signed
    account : Account
        Of the system of the day after.
    tables : Tables
    years, most : int
        Years looked at; outsiders listed.

    Raises
    ------
    ParameterError
        ``years`` or ``most`` below 1.
    """
    if years < 1 or most < 1:
        raise parameter("years, most", f"{years}, {most}", "integers of at least 1")
    record = Entries(tables["atop5_1m"], tables.last_year("atop5_1m"))
    codes = {a.id: a.cow for a in account.system.actors if a.cow is not None}
    names = {a.cow: a.id for a in account.system.actors}
    inside = {e.actor for e in account.members}
    alarmed = [e.actor for e in account.alarmed if e.alarm and e.alarm.mean >= LEAST and e.actor in codes][:most]
    rows = tuple(_row(record, a, codes[a], signed, years, names, tables) for a in alarmed)
    rest = [c for a, c in codes.items() if a not in inside and a not in alarmed]
    shares = {
        kind: share(record.entered(c, signed.date, years, kind, without=signed.atop) for c in rest) for kind in KINDS
    }
    return Answers(rows, shares, len(rest), years)


def share(known: Iterable[bool | None]) -> float | None:
    """Return the share of those known that hold; None where nothing is known."""
    sure = [k for k in known if k is not None]
    return sum(sure) / len(sure) if sure else None


def plus_years(date: dt.date, years: int) -> dt.date:
    """Return the same day so many years later or earlier; the last of February for its 29th."""
    try:
        return date.replace(year=date.year + years)
    except ValueError:
        return date.replace(year=date.year + years, day=28)


def _row(
    record: Entries, actor: str, code: int, signed: Signed, years: int, names: dict[int | None, str], tables: Tables
) -> Answer:
    """Return the record of one outsider."""
    joined = any(e.atop == signed.atop for e in record.of(code, signed.date, years))
    found: dict[int, Entry] = {}
    for e in record.of(code, signed.date, years, without=signed.atop):
        found.setdefault(e.atop, e)
    told = []
    for e in sorted(found.values(), key=lambda e: (e.day, e.atop)):
        own = tables.treaties.name_of(e.atop, 0) if tables.treaties else None
        with_ = ", ".join(names.get(p, str(p)) for p in e.partners[:4]) + (" ..." if len(e.partners) > 4 else "")
        told.append(f"{e.day} {own.name if own else f'ATOP {e.atop}'} ({e.kind}; with {with_ or 'nobody yet'})")
    flags = {kind: record.entered(code, signed.date, years, kind, without=signed.atop) for kind in KINDS}
    return Answer(actor, flags["defence"], flags["consultation"], joined, tuple(told))
