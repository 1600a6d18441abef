"""The real system of a date, from the field's data sets.

States are the members of the Correlates of War system; treaties come from ATOP, guarantees, clauses and alignments
from our own table, borders and capitals from their tables, ties from rivalries, wars and disputes. As of the start of
the day: nothing recorded later matters (convention 4.13), and what the data do not cover is unknown and listed in
``limits`` (convention 4.1).
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from foedus import params as parameters
from foedus.data.states import who
from foedus.data.store import DataDir
from foedus.errors import CoverageError, message, parameter
from foedus.system.dates import parse_date
from foedus.system.nouns import Source
from foedus.system.system import System
from foedus.system.tables import OPTIONAL, Tables
from foedus.system.tables.actors import actors as actors_of
from foedus.system.tables.actors import borders as borders_of
from foedus.system.tables.actors import signatories
from foedus.system.tables.pacts import own_pacts, treaties
from foedus.system.tables.ties import ties as ties_of

if TYPE_CHECKING:
    import os
    from collections.abc import Collection, Iterable, Iterator

    from foedus.params import Params
    from foedus.system.nouns import Actor, Border, Pact, Tie

NOWHERE = "shared ideology, ethnic ties, sponsorship and troops abroad are in no data set used here: nobody is friend or foe by them alone"
"""What no real system holds, whatever data are at hand."""


def from_tables(
    date: str | int | dt.date,
    data_dir: DataDir | str | os.PathLike[str] | None = None,
    *,
    actors: Iterable[str] | None = None,
    table: Params | None = None,
) -> System:
    """Return the state system as of the start of a day.

    Parameters
    ----------
    date : str, int or datetime.date
        A day; a year means 1 January.
    data_dir : DataDir, str or Path, optional
        Folder with the data files, found by name and checksum anywhere below it.
    actors : iterable of str, optional
        Only these states, by any name, abbreviation or code that is unique on the date.
    table : Params, optional
        Replaces ``params/ties.toml``.

    Returns
    -------
    System
        One actor per state, with its COW abbreviation as id.

    Raises
    ------
    DataError
        Required files are missing, all listed at once, or broken.
    CoverageError
        The date lies outside the membership lists, or beyond the treaties.
    UnknownStateError
        A name in ``actors`` means no state on the date, or several.
    ParameterError
        Not a date, or fewer than two actors.

    Examples
    --------
    >>> s = from_tables("1914-07-28", "/data")  # doctest: +SKIP
    >>> s.actor("Serbia").id  # doctest: +SKIP
    'YUG'
    """
    day, store = parse_date(date), DataDir.of(data_dir)
    tables = Tables.read(store)
    only = None if actors is None else {_cow_code(name, day, store) for name in actors}
    if only is not None and len(only) < 2:
        raise parameter("actors", sorted(only), "two states or more")
    return build(day, tables, only=only, table=table)


def over_dates(dates: Iterable[dt.date], data_dir: DataDir | str | os.PathLike[str] | None = None) -> Iterator[System]:
    """Yield the state system of each date; the tables are read once."""
    tables = Tables.read(data_dir)
    for date in dates:
        yield build(date, tables)


def build(date: dt.date, tables: Tables, *, only: Collection[int] | None = None, table: Params | None = None) -> System:
    """Return the system that ``tables`` give on a date, of all members or of the COW codes ``only``."""
    table = table or parameters.load("ties")
    members, limits = actors_of(date, tables, table)
    _check_treaties(date, tables)
    added, added_limits = signatories(date, tables, members)
    members, limits = members + added, limits + added_limits
    if only is not None:
        members = tuple(a for a in members if a.cow in only)
        limits.insert(0, f"holds {len(members)} chosen states, not the whole system")
    ids = {a.cow: a.id for a in members if a.cow is not None}
    pacts, dropped = treaties(date, tables, ids, {a.id: a.name for a in members})
    pacts += own_pacts(date, tables.treaties, ids)
    borders, border_limits = borders_of(date, tables, ids)
    ties, tie_limits = ties_of(date, tables, ids, table)
    if dropped and only is None:
        limits.append(f"treaties left out, because fewer than two of their members are states here: {_some(dropped)}")
    odd = [s for s in tables.sources.values() if s.version.startswith("unrecognised")]
    limits += [f"{s.title}: {s.version}, not the version that foedus was tested with" for s in odd]
    absent = [
        f"{what} (no file of {source} at hand)" for source, what in OPTIONAL.items() if tables.get(source) is None
    ]
    if tables.treaties is None:
        absent.append(
            "our own table of guarantees, clauses and alignments is not there: "
            "conditions that ATOP only flags stay unknown"
        )
    return System(
        id=date.isoformat(),
        title=f"The state system on {date.isoformat()}",
        date=date,
        actors=members,
        pacts=tuple(pacts),
        ties=ties,
        borders=borders,
        sources=_sources(tables, members, pacts, ties, borders),
        summary=_summary(date, members, pacts),
        limits=(*limits, *border_limits, *tie_limits, *absent, NOWHERE),
    )


def _check_treaties(date: dt.date, tables: Tables) -> None:
    """Refuse a day on whose start treaties are unknown: a system without them would say that nobody is bound.

    The last day that is known is the one after the last year of the data: its start is their end (convention 4.13).
    """
    last = tables.last_year("atop5_1m")
    if date > dt.date(last + 1, 1, 1):
        raise CoverageError(
            message(
                "Treaties are not known", got=f"{date}", expected=f"a day up to {last + 1}-01-01; {tables.title('atop5_1m')}",
                hint=f"take {last + 1}, or write what has changed since: foedus scenario new --from {last + 1} -o mine.toml",
            )
        )  # fmt: skip


def _cow_code(name: str, date: dt.date, store: DataDir) -> int:
    """Return the COW code of a state named in any way."""
    match = who(name, date, store)[0]
    code = match.code if match.scheme == "cow" else match.other_code
    if code is None:
        raise parameter("actors", name, f"a member of the Correlates of War system on {date}")
    return code


def _summary(date: dt.date, members: tuple[Actor, ...], pacts: list[Pact]) -> str:
    """Return what the system holds, in a sentence."""
    kinds = [sum(p.kind == kind for p in pacts) for kind in ("treaty", "guarantee", "alignment")]
    return (
        f"{len(members)} states as of the start of {date.isoformat()}, {kinds[0]} treaties, {kinds[1]} guarantees and "
        f"{kinds[2]} alignments in force, from published data sets and foedus's own sourced table."
    )


def _some(names: list[str], most: int = 12) -> str:
    """Return the first names of a list, and how many more there are."""
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")


def _sources(
    tables: Tables, members: tuple[Actor, ...], pacts: list[Pact], ties: tuple[Tie, ...], borders: tuple[Border, ...]
) -> tuple[Source, ...]:
    """Return the data sets that facts came from, then the texts that our own table cites for these pacts."""
    cited = {"cow-states", "cow-majors", *(s for a in members for s in (*a.sources, *a.capability_sources))}
    cited |= {s for p in pacts for s in (*p.sources, *(x for pledge in p.pledges for x in pledge.sources))}
    cited |= {s for t in ties for s in t.sources}
    cited |= {"cow-contdir"} if borders else set()
    cited |= {"cw-gw-panel"} if any(a.gw is not None for a in members) else set()
    own = tables.treaties.sources if tables.treaties else ()
    texts = tuple(Source(s.id, s.title, s.publisher, s.url, s.year, s.licence, s.note) for s in own if s.id in cited)
    return (*(s for s in tables.sources.values() if s.id in cited), *texts)
