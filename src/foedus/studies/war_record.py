"""The war on record that begins with an attack: who entered it, when and on which side, in the actors of a system.

The list is that of inter-state wars of the Correlates of War, which ends in 2007; of a later attack nothing is known here, not that no war began.
Draws nothing.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from foedus.data.store import DataDir
from foedus.studies.joining_parts import SOURCES, participants
from foedus.war.history import NO_WAR, Entrance, History

if TYPE_CHECKING:
    import os

    import polars as pl

    from foedus.system.system import System

WITHIN = 7
"""Days from the system's date within which the war must begin: lists date the first fighting, which may follow a declaration."""
TITLE = "Correlates of War inter-state wars 4.0"


def on_record(
    system: System, attacker: str, target: str, *, data_dir: DataDir | str | os.PathLike[str] | None = None
) -> History:
    """Return the war that began on or soon after a system's date between these two, attacked from the attacker's side.

    Both must be first participants, on opposite sides, the attacker on the first initiator's. Actors are matched by Correlates of War code, so that a
    scenario has its history too.

    Parameters
    ----------
    system : System
    attacker, target : str
        Actors of the system.
    data_dir : DataDir, path or None

    Returns
    -------
    History
        With a ``note`` and no war where none is on record.

    Raises
    ------
    DataError
        The list is not at hand.
    """
    import polars as pl

    folder = DataDir.of(data_dir)
    parts, last = participants(folder, "wars"), SOURCES["wars"][1]
    pair = [system.actor(x) for x in (attacker, target)]
    listed = _listed(folder, system.date)
    uncoded = [a.id for a in pair if a.cow not in listed]
    if system.date.year > last:
        return History.none(f"the list of wars ends in {last}")
    if uncoded:
        return History.none(
            f"{NO_WAR}: the list is of states, and {' and '.join(uncoded)} {'are' if uncoded[1:] else 'is'} none of it"
        )
    found, reversed_ = (
        _begun(parts, system.date, (pair[0].cow, pair[1].cow)),
        _begun(parts, system.date, (pair[1].cow, pair[0].cow)),
    )
    if found is None:
        note = NO_WAR
        if reversed_ is not None:
            day = parts.filter(pl.col("event") == reversed_)["start"].min()
            note = f"{note}; {_name(folder, reversed_)} does, on {day}, begun by {pair[1].id}'s side"
        return History.none(note)
    return _history(folder, parts.filter(pl.col("event") == found), found, system)


def _begun(parts: pl.DataFrame, date: dt.date, pair: tuple[int | None, int | None]) -> int | None:
    """Return the number of the first war that began from a date on between two states, from the first one's side."""
    import polars as pl

    near = pl.col("start").is_between(date, date + dt.timedelta(days=WITHIN))
    first = parts.filter(pl.col("original") & near)
    both = [first.filter((pl.col("ccode") == code) & (pl.col("side") == side)) for side, code in enumerate(pair)]
    wars = both[0].join(both[1], on="event", how="semi").sort("start", "event")["event"].to_list()
    return wars[0] if wars else None


def _name(folder: DataDir, number: int) -> str:
    """Return a war's name and number."""
    import polars as pl

    return f"{folder.table('cow_wars').filter(pl.col('warnum') == number)['name'][0]} (no. {number})"


def _history(folder: DataDir, parts: pl.DataFrame, number: int, system: System) -> History:
    """Return a war in the actors of a system."""
    import polars as pl

    names = dict(folder.table("cow_wars").filter(pl.col("warnum") == number).select("ccode", "state_name").rows())
    ids = {a.cow: a.id for a in system.actors if a.cow is not None}
    rows = parts.select("ccode", "side", "start", "end").rows()
    start, end = min(r[2] for r in rows), max(r[3] for r in rows)
    actors = {ids[c]: Entrance("AB"[side], (a - start).days, (b - start).days) for c, side, a, b in rows if c in ids}
    absent = tuple(sorted(str(names[c]) for c, *_ in rows if c not in ids))
    known = _listed(folder, start) | names.keys()
    unlisted = tuple(a.id for a in system.actors if a.cow not in known)
    return History(_name(folder, number), TITLE, start, end, actors, absent, unlisted)


def _listed(folder: DataDir, day: dt.date) -> set[int]:
    """Return the states that the list counts on a day, by code."""
    import polars as pl

    return set(folder.table("cow_states").filter(pl.lit(day).is_between("start", "end"))["ccode"].to_list())
