"""`stability_over_years`: the audit of `foedus.security.stability` on every 1 January of a range, from the published data sets.

Reads only what the audit needs, members, capabilities, borders and treaties, so that two centuries take seconds; the strengths, their draws and the
ties are those that a `System` of the date has. Does not know our own guarantees and alignments, which make no tie.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from foedus import executors
from foedus import params as parameters
from foedus.data.store import DataDir
from foedus.errors import CoverageError, message, parameter
from foedus.panel.table_files import write_table
from foedus.security.stability import GAMMAS, audit, check, tied
from foedus.system.system import System
from foedus.system.tables import Tables
from foedus.system.tables.actors import actors, borders, signatories
from foedus.system.tables.pacts import treaties

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Sequence

    import polars as pl

    from foedus.executors import On
    from foedus.params import Params
    from foedus.security.stability_result import Pledged, Stability

FIRST = 1816


@dataclass(frozen=True, eq=False)
class StabilityYears:
    """The audits of a range of years, and which data they rest on."""

    dates: tuple[Stability, ...]
    sources: tuple[dict[str, Any], ...]

    def at(self, year: int) -> Stability:
        """Return the audit of a year.

        Raises
        ------
        ParameterError
            Not a year of the range.
        """
        for one in self.dates:
            if one.date.year == year:
                return one
        raise parameter("year", year, f"a year of the range ({self.dates[0].date.year} to {self.dates[-1].date.year})")

    def table(self) -> pl.DataFrame:
        """Return one row a year, actor and gamma."""
        import polars as pl

        return pl.concat([d.table() for d in self.dates])

    def summary(self) -> pl.DataFrame:
        """Return one row a year and gamma; null where no strength is known."""
        import polars as pl

        return pl.concat([d.summary() for d in self.dates], how="vertical_relaxed")

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON's own types."""
        one = self.dates[0]
        return {
            "standing": "exact at the centre of every number; shares of draws over uncertain strengths", "reach": one.reach, "loyal": one.loyal,
            "pledged": one.pledged, "draws": one.draws, "seed": one.seed, "sources": list(self.sources),
            "years": [r | {"date": r["date"].isoformat()} for r in self.summary().to_dicts()],
        }  # fmt: skip

    def write(self, path: str | os.PathLike[str]) -> None:
        """Write every row, or with ``.json`` the years and every row; written beside its place and renamed (convention 4.12).

        Raises
        ------
        ParameterError
            The suffix is none of ``.parquet``, ``.csv``, ``.json``.
        DataError
            The file cannot be written.
        """
        rows = self.table()
        told = [r | {"date": r["date"].isoformat()} for r in rows.to_dicts()]
        write_table(rows, path, "the audit", plain=self.to_dict() | {"rows": told})


def stability_over_years(
    first: int = FIRST, last: int = 2016, *, step: int = 1, gammas: Sequence[float] = GAMMAS, reach: bool = False, loyal: bool = False,
    pledged: Pledged = "either", draws: int = 50, seed: int = 1, data_dir: DataDir | str | os.PathLike[str] | None = None,
    workers: On = 1, progress: Callable[[float], None] | None = None,
) -> StabilityYears:  # fmt: skip
    """Return the audit of every 1 January of a range of years.

    Parameters
    ----------
    first, last : int
        Years from 1816, both included; the last is the one after ATOP's last. Capabilities are those of the year before (convention 4.13): those
        of 1816 are unknown.
    step : int
        Years from one to the next.
    gammas, reach, loyal, pledged, seed
        As of `foedus.security.stability.stability`.
    draws : int
        Draws of uncertain strengths for each year; the same state has the same draws in every year.
    data_dir : DataDir, str or Path, optional
    workers : int, str or concurrent.futures.Executor
        Processes, or where as `foedus.executors.run` has it; the result is the same anywhere.
    progress : callable, optional
        Told the share that is done.

    Returns
    -------
    StabilityYears

    Raises
    ------
    ParameterError
        An argument outside its range.
    CoverageError
        Beyond the treaties, or before the membership list.
    DataError
        Data are missing.

    References
    ----------
    [JacksonNei2015]_

    Examples
    --------
    >>> fd.stability_over_years(1900, 1914, data_dir="/data").summary().columns[:3]  # doctest: +SKIP
    ['date', 'year', 'gamma']
    """
    check(gammas, pledged, draws)
    if first > last or step < 1:
        raise parameter("first, last, step", f"{first}, {last}, {step}", "years in order, and a step of at least 1")
    executors.check(workers, "workers")
    folder = None if data_dir is None else str(DataDir.of(data_dir).path)
    _tables.cache_clear()
    tables = _tables(folder)
    most = tables.last_year("atop5_1m") + 1
    if first < FIRST or last > most:
        raise CoverageError(
            message("Treaties are not known", got=f"{first} to {last}", expected=f"{FIRST} to {most}; {tables.title('atop5_1m')}")
        )  # fmt: skip
    task = _Task(folder, tuple(gammas), reach, loyal, pledged, draws, seed)
    years = range(first, last + 1, step)
    out = executors.in_order(task, years, on=workers, progress=progress)
    used = [
        tables.sources[s]
        for s in (
            "cow_states",
            "cow_nmc",
            "atop5_1m",
            *(("cow_contdir", "cow_capitals", "cow_majors") if reach else ()),
        )
    ]
    told = tuple(
        {"id": s.id, "title": s.title, "version": s.version, "sha256": s.sha256, "last_year": s.last_year} for s in used
    )
    return StabilityYears(tuple(out), told)


@dataclass(frozen=True)
class _Task:
    """What is done for each year, in whatever process."""

    folder: str | None
    gammas: tuple[float, ...]
    reach: bool
    loyal: bool
    pledged: Pledged
    draws: int
    seed: int

    def __call__(self, year: int) -> Stability:
        """Return the audit of 1 January."""
        system = _bare(dt.date(year, 1, 1), _tables(self.folder), parameters.load("ties"))
        return audit(
            system, tied(system, self.pledged), gammas=self.gammas, reach=self.reach, loyal=self.loyal, pledged=self.pledged, draws=self.draws,
            seed=self.seed,
        )  # fmt: skip


@lru_cache(maxsize=1)
def _tables(folder: str | None) -> Tables:
    """Return the tables of a folder, or of the one that ``FOEDUS_DATA`` names, read once a process."""
    return Tables.read(folder)


def _bare(date: dt.date, tables: Tables, table: Params) -> System:
    """Return the members of a date with their capabilities, places, borders and treaties, and nothing else."""
    members, limits = actors(date, tables, table)
    added, more = signatories(date, tables, members)
    members += added
    ids = {a.cow: a.id for a in members if a.cow is not None}
    near, unknown = borders(date, tables, ids)
    signed, _ = treaties(date, tables, ids, {a.id: a.name for a in members})
    limits = [x for x in (*limits, *more, *unknown) if not x.startswith(("regime", "religion"))]
    return System(
        date.isoformat(), f"The state system on {date.isoformat()}", date, members, tuple(signed), borders=near, limits=tuple(limits)
    )  # fmt: skip
