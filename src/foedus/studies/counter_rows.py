"""Rows for the counter-alliance detector: every new pact since 1816, what it adds for each outsider, and every signing that could answer it.

The rules are those of ``docs/decisions/0017-counter-alliances.md``. Threat and gap come from the system of the day of signature, on whose start the
pact is not yet in force; signings are ATOP's. Compares nothing; see `foedus.formation.counter`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import polars as pl

from foedus.data import names
from foedus.data.store import DataDir
from foedus.errors import parameter
from foedus.formation.counter_events import Outsiders, Signings
from foedus.formation.counter_history import History
from foedus.formation.counter_threat import danger, pact_rise
from foedus.system.from_tables import build
from foedus.system.nouns import PLEDGE_TYPES, REGIONS
from foedus.system.tables import Tables

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

    from numpy.typing import NDArray

    from foedus.system.system import System

Pacts = Literal["defense", "offense", "any"]
FIRST, LAST = 1816, 2018
TRIGGERS: dict[str, tuple[str, ...]] = {
    "defense": ("defense",),
    "offense": ("offense",),
    "any": PLEDGE_TYPES,
}
"""Promises that make an alliance a pact that may alarm."""
ANSWERS = TRIGGERS | {"offense": ("defense", "offense")}
"""Promises that make a signing an answer."""


@dataclass(frozen=True)
class Pact:
    """An alliance on its first day: number, our own name of it, day, and the positions of its signatories."""

    atop: int
    name: str
    day: dt.date
    members: tuple[int, ...]


def counter_rows(
    *, data_dir: DataDir | str | os.PathLike[str] | None = None, first: int = FIRST, last: int = LAST, pacts: Pacts = "defense",
    progress: Callable[[float], None] | None = None,
) -> History:  # fmt: skip
    """Return the pacts of some years with every outsider, and all signings; about a minute for the defence pacts of two centuries.

    Parameters
    ----------
    data_dir : DataDir, str or Path, optional
    first, last : int
        Years of the pacts' signature, 1816 to 2018.
    pacts : {"defense", "offense", "any"}
        Which alliances may alarm, by what a signatory promises; see `TRIGGERS` and `ANSWERS`.
    progress : callable, optional
        Called with the share done.

    Raises
    ------
    ParameterError
        Years out of range or in the wrong order, or another kind of pact.
    DataError
        Data sets that are not there.
    """
    if not FIRST <= first <= last <= LAST:
        raise parameter("first, last", f"{first}, {last}", f"years from {FIRST} to {LAST} in order")
    if pacts not in TRIGGERS:
        raise parameter("pacts", pacts, f"one of {', '.join(TRIGGERS)}")
    tables = Tables.read(DataDir.of(data_dir))
    roll = Roll(tables)
    signings = signings_of(tables["atop5_1m"], ANSWERS[pacts], roll)
    chosen = new_pacts(tables, TRIGGERS[pacts], roll, first, last)
    steps = len(chosen) + LAST - FIRST + 1
    told = (lambda done: progress(done / steps)) if progress else (lambda done: None)
    found = []
    for done, pact in enumerate(chosen):
        found.append(outsiders_of(pact, build(pact.day, tables), roll))
        told(done + 1)
    years = np.arange(FIRST, LAST + 1)
    grid = np.full((4, len(years), len(roll.codes)), np.nan)
    for k, year in enumerate(years.tolist()):
        _fill(grid[:, k], build(dt.date(year, 1, 1), tables), roll)
        told(len(chosen) + k + 1)
    return history_of(chosen, found, years, grid, signings, roll, tables.last_year("atop5_1m"))


class Roll:
    """Who is a state when: codes in order, names, regions, and spells of membership; who was one at the list's end is taken to be one after it."""

    def __init__(self, tables: Tables) -> None:
        rows = tables["cow_states"].select("ccode", "stateabb", "start", "end").sort("ccode", "start").rows()
        self.codes = tuple(sorted({r[0] for r in rows}))
        self.index = {c: k for k, c in enumerate(self.codes)}
        self.names = tuple({r[0]: r[1] for r in rows}[c] for c in self.codes)
        last = max(end for *_, end in rows)
        self.spells = [(self.index[c], start, dt.date.max if end == last else end) for c, _, start, end in rows]
        self.region = np.array(
            [REGIONS.index(r) if (r := names.region(c)) in REGIONS else -1 for c in self.codes], dtype=np.int64
        )

    def on(self, days: list[dt.date]) -> NDArray[np.bool_]:
        """Return who is a state on each day, shape (n, days)."""
        out = np.zeros((len(self.codes), len(days)), dtype=np.bool_)
        order = np.array([d.toordinal() for d in days], dtype=np.int64)
        for k, start, end in self.spells:
            out[k] |= (order >= start.toordinal()) & (order <= end.toordinal())
        return out


def signings_of(members: pl.DataFrame, words: tuple[str, ...], roll: Roll) -> Signings:
    """Return the days from 1816 on which a state gained a tie by an alliance in which somebody promises one of some things.

    A state enters an alliance when it is first in a phase with such a promise; it gains if on that day somebody is in the alliance to whom it was
    not tied by another one in force on the day before.
    """
    promising = members.filter(pl.any_horizontal(pl.col(w) == 1 for w in words)).select("atopid", "phase").unique()
    rows = members.join(promising, on=["atopid", "phase"], how="semi").filter(pl.col("member").is_in(roll.codes))
    rows = rows.with_columns(pl.col("exit").fill_null(dt.date(9999, 12, 31)))
    entered = (
        rows.group_by("atopid", "member")
        .agg(day=pl.col("entry").min(), left=pl.col("exit").max())
        .sort("day", "atopid", "member")
    )
    events: dict[tuple[dt.date, int], list[int]] = {}
    inside: dict[int, list[tuple[int, dt.date, dt.date]]] = {}
    for atop, member, day, left in entered.iter_rows():
        events.setdefault((day, atop), []).append(roll.index[member])
        inside.setdefault(atop, []).append((roll.index[member], day, left))
    days = sorted({day for day, _ in events})
    there = dict(zip(days, roll.on(days).T, strict=True))
    spells = _Spells(rows, roll)
    kept: list[tuple[int, int, NDArray[np.bool_], NDArray[np.bool_]]] = []
    for (day, atop), who in events.items():
        if day.year < FIRST:
            continue
        party = np.zeros(len(roll.codes), dtype=np.bool_)
        party[[s for s, a, b in inside[atop] if a <= day <= b]] = True
        party &= there[day]
        entrant = np.zeros(len(roll.codes), dtype=np.bool_)
        entrant[who] = True
        entrant &= party
        new = party[None, :] & ~spells.tied(day) & ~np.eye(len(party), dtype=np.bool_)
        gains = entrant & new.any(axis=1)
        if gains.any():
            kept.append((day.toordinal(), atop, gains, party))
    shape = (len(kept), len(roll.codes))
    gains, party = (np.array([k[c] for k in kept], dtype=np.bool_).reshape(shape) for c in (2, 3))
    dates = [dt.date.fromordinal(k[0]) for k in kept]
    absent = gains.astype(np.float32) @ (~roll.on(dates)).astype(np.float32)
    return Signings(
        np.array([k[0] for k in kept], dtype=np.int64),
        np.array([k[1] for k in kept], dtype=np.int64),
        gains,
        party,
        absent == 0,
    )


class _Spells:
    """Who is tied to whom on a day by the phases with some promise."""

    def __init__(self, rows: pl.DataFrame, roll: Roll) -> None:
        phase = {p: k for k, p in enumerate(rows.select("atopid", "phase").unique(maintain_order=True).rows())}
        self.phase = np.array([phase[p] for p in rows.select("atopid", "phase").iter_rows()], dtype=np.int64)
        self.state = np.array([roll.index[c] for c in rows["member"]], dtype=np.int64)
        self.start = np.array([d.toordinal() for d in rows["entry"]], dtype=np.int64)
        self.end = np.array([d.toordinal() for d in rows["exit"]], dtype=np.int64)
        self.n = len(roll.codes)

    def tied(self, day: dt.date) -> NDArray[np.bool_]:
        """Return who is tied to whom through the day before, shape (n, n)."""
        at = day.toordinal()
        on = (self.start < at) & (self.end >= at - 1)
        labels, row = np.unique(self.phase[on], return_inverse=True)
        table = np.zeros((len(labels), self.n), dtype=np.float32)
        table[row, self.state[on]] = 1
        return table.T @ table > 0


def new_pacts(tables: Tables, words: tuple[str, ...], roll: Roll, first: int, last: int) -> list[Pact]:
    """Return the alliances with some promise, at the first phase that has it, of which at least two signatories are states, by day."""
    members = tables["atop5_1m"]
    rows = members.filter(pl.any_horizontal(pl.col(w) == 1 for w in words))
    phases = rows.group_by("atopid").agg(phase=pl.col("phase").min())
    rows = members.join(phases, on=["atopid", "phase"], validate="m:1")
    starts = rows.group_by("atopid").agg(day=pl.col("entry").min())
    kept = starts.filter(pl.col("day").dt.year().is_between(first, last)).sort("day", "atopid")
    out = []
    for atop, day in kept.iter_rows():
        signed = rows.filter((pl.col("atopid") == atop) & (pl.col("entry") == day))["member"].unique().sort()
        there = roll.on([day])[:, 0]
        who = tuple(roll.index[c] for c in signed.to_list() if c in roll.index and there[roll.index[c]])
        if len(who) >= 2:
            known = tables.treaties.name_of(atop, 0) if tables.treaties else None
            out.append(Pact(atop, known.name if known else f"ATOP {atop}", day, who))
    return out


def _places(system: System, roll: Roll) -> tuple[list[int], list[int]]:
    """Return the positions in the system, and in the roll, of the actors that are Correlates of War states."""
    pairs = [(k, roll.index[a.cow]) for k, a in enumerate(system.actors) if a.cow in roll.index]
    return [k for k, _ in pairs], [s for _, s in pairs]


def outsiders_of(pact: Pact, system: System, roll: Roll) -> NDArray[np.float64]:
    """Return the outsiders of a pact: state, rise, threat before, gap before, gap after, own capability, whether a great power, shape (m, 7)."""
    here, there = _places(system, roll)
    place = dict(zip(there, here, strict=True))
    world = danger(system)
    found = pact_rise(world, [place[m] for m in pact.members])
    major = np.array([float(a.major) for a in system.actors])
    rows = [
        (s, found.rise[k], found.before[k], found.gap_before[k], found.gap_after[k], world.power[k], major[k])
        for k, s in zip(here, there, strict=True) if s not in pact.members
    ]  # fmt: skip
    return np.array(rows, dtype=np.float64).reshape(-1, 7)


def _fill(into: NDArray[np.float64], system: System, roll: Roll) -> None:
    """Write threat, own capability, capability with allies and standing of every state on 1 January, (4, n); modified in place."""
    here, there = _places(system, roll)
    world = danger(system)
    columns = (world.threat, world.power, world.defence, np.array([float(a.major) for a in system.actors]))
    for k, values in enumerate(columns):
        into[k, there] = values[here]


def history_of(
    chosen: list[Pact], found: list[NDArray[np.float64]], years: NDArray[np.int64], grid: NDArray[np.float64], signings: Signings, roll: Roll,
    last: int,
) -> History:  # fmt: skip
    """Return pacts, outsiders and signings as one history."""
    n = len(roll.codes)
    member = np.zeros((len(chosen), n), dtype=np.bool_)
    for k, pact in enumerate(chosen):
        member[k, list(pact.members)] = True
    rows = np.concatenate([*found, np.zeros((0, 7))])
    pact = np.repeat(np.arange(len(found)), [len(f) for f in found])
    day = np.array([p.day.toordinal() for p in chosen], dtype=np.int64)
    state = rows[:, 0].astype(np.int64)
    return History(
        roll.codes, roll.names, tuple((p.atop, p.name) for p in chosen), Outsiders(pact, state, day, member), signings,
        rows[:, 1], rows[:, 2], rows[:, 3], rows[:, 4], rows[:, 5], rows[:, 6] > 0, roll.region, years, grid[0], grid[1], grid[2], grid[3],
        dt.date(last, 12, 31).toordinal(),
    )  # fmt: skip
