"""Blocs over a series of dates: every line-up solved, numbered from date to date, on as many processes as are given.

Each date is solved on its own, so any number of workers gives the same bits; what joins the dates, the numbers of the blocs and the charge on
moves, runs from the first to the last. Under a charge each line-up is the exact best of a charged problem given the date before it: not the
best of its date (the price says how far) and not the best of the whole series.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from foedus import executors
from foedus.blocs.exact import partition
from foedus.blocs.matching import NOWHERE, numbered
from foedus.blocs.moment import Blocs, Moment, check, moment
from foedus.blocs.series import BlocYears, Followed
from foedus.errors import parameter
from foedus.system.dates import parse_date

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from foedus.executors import On
    from foedus.params import Params
    from foedus.system.system import System
    from foedus.system.tables import Tables

_SPAN = re.compile(r"^(\d{4}|\d{4}-\d{2}-\d{2}):(\d{4}|\d{4}-\d{2}-\d{2})$")


def is_span(text: str) -> bool:
    """Return whether a text means a range of years or dates, ``A:B``."""
    return bool(_SPAN.match(text))


def dates_of(text: str, step: int = 1) -> tuple[dt.date, ...]:
    """Return the dates of a range ``A:B``, both ends included.

    Parameters
    ----------
    text : str
        Two years (1 January of every ``step`` years, convention 4.13), or two dates (the same day of the month, or its last, every ``step``
        months).
    step : int

    Raises
    ------
    ParameterError
        No range, a date that does not exist, an end before its start, or a step below 1.

    Examples
    --------
    >>> [d.year for d in dates_of("1900:1914", step=5)]
    [1900, 1905, 1910]
    >>> [d.isoformat() for d in dates_of("1914-01-31:1914-04-01")]
    ['1914-01-31', '1914-02-28', '1914-03-31']
    """
    found = _SPAN.match(text)
    if not found or len(found[1]) != len(found[2]):
        raise parameter("--in", text, "two years or two dates, such as 1816:2016 or 1914-01-01:1914-12-01")
    if step < 1:
        raise parameter("step", step, "an integer of at least 1: years, or months between dates")
    first, last = parse_date(found[1]), parse_date(found[2])
    if last < first:
        raise parameter("--in", text, "a range whose end is not before its start")
    months = 12 * step if len(found[1]) == 4 else step
    out = []
    for k in range(0, (last.year - first.year) * 12 + last.month - first.month + 1, months):
        year, month = divmod(first.year * 12 + first.month - 1 + k, 12)
        day = dt.date(year, month + 1, min(first.day, calendar.monthrange(year, month + 1)[1]))
        if day <= last:
            out.append(day)
    return tuple(out)


def blocs_over_years(  # noqa: PLR0913
    first: int | str,
    last: int | str,
    *,
    step: int = 1,
    k: Blocs = 2,
    draws: int = 0,
    smooth: float = 0.0,
    seed: int = 1,
    seconds: float = 20.0,
    data_dir: str | os.PathLike[str] | None = None,
    without: Sequence[str] = (),
    table: Params | None = None,
    workers: On = 1,
    progress: Callable[[float], None] | None = None,
) -> BlocYears:
    """Return the blocs of the real system from one year to another.

    Parameters
    ----------
    first, last : int or str
        Years, each its 1 January, or dates.
    step : int
        Years between years, months between dates.
    k : {2, 3, "free"}
        At most so many blocs, or any number.
    draws : int
        Draws behind the memberships of each date; 0 leaves them out.
    smooth : float
        Charge on a move, see `follow`.
    seed : int
    seconds : float, s
        Time limit of each proof.
    data_dir : path, optional
        Folder with the published files; by default the folder that ``FOEDUS_DATA`` names.
    without : sequence of str
        Kinds of pact to leave out where there are any: ``guarantee``, ``alignment``, ``intervention``.
    table : Params, optional
        Replaces ``params/ties.toml``.
    workers : int, str or concurrent.futures.Executor
        Processes, or where as `foedus.executors.run` has it; more than one process needs a program that can be imported again (the
        ``if __name__ == "__main__":`` of `multiprocessing`). An executor runs the dates wherever it likes and is not shut down.
    progress : callable, optional
        Told the share that is done.

    Returns
    -------
    BlocYears
        The same bits for any number of workers, as long as no proof runs out of time.

    Raises
    ------
    ParameterError
        No range, or an argument outside its own.
    DataError
        Data are missing or do not cover a date.

    Examples
    --------
    >>> fd.blocs_over_years(1816, 2016, data_dir="/data").proved  # doctest: +SKIP
    True
    """
    from foedus.data.store import DataDir
    from foedus.system.edits import DropLayer

    check(k, draws)
    _check_charge(smooth, k)
    for kind in without:
        DropLayer(kind)
    executors.check(workers, "workers")
    days = dates_of(f"{first}:{last}", step)
    folder = str(DataDir.of(data_dir).path)
    task = _Task(folder, tuple(without), k, draws, seed, seconds, table)
    _tables(folder)
    latest_first = days[::-1]  # they have the largest systems
    found = executors.in_order(task, latest_first, on=workers, told=dt.date.isoformat, progress=progress)
    return follow(found, k=k, smooth=smooth, draws=draws, seed=seed, seconds=seconds)


def blocs_over(
    systems: Iterable[System], *, k: Blocs = 2, draws: int = 0, smooth: float = 0.0, seed: int = 1, seconds: float = 20.0,
    table: Params | None = None,
) -> BlocYears:  # fmt: skip
    """Return the blocs of systems in the order of their dates, such as the steps of a scenario; see `blocs_over_years`.

    Raises
    ------
    ParameterError
        No system, two of one date, or an argument outside its range.

    Examples
    --------
    >>> import foedus as fd
    >>> from datetime import date
    >>> s = fd.load("europe-1914")
    >>> later = fd.load("europe-1914", date=date(1914, 8, 3))
    >>> [d.date.isoformat() for d in blocs_over([s, later]).dates]
    ['1914-07-28', '1914-08-03']
    """
    check(k, draws)
    _check_charge(smooth, k)
    found = [moment(s, k=k, draws=draws, seed=seed, seconds=seconds, table=table) for s in systems]
    return follow(found, k=k, smooth=smooth, draws=draws, seed=seed, seconds=seconds)


def follow(
    moments: Iterable[Moment], *, k: Blocs = 2, smooth: float = 0.0, draws: int = 0, seed: int = 1, seconds: float = 20.0
) -> BlocYears:  # fmt: skip
    """Return line-ups of single dates as a series in which blocs keep their numbers.

    Parameters
    ----------
    moments : iterable of Moment
        Sorted by date here.
    smooth : float
        An actor that leaves the bloc in which it was last seen is charged this share of the weight of all its ties, so that it moves only
        if that saves more. Two blocs only. Solved exactly for each date given the one before it, by one more node that stands for the
        first bloc and is tied to every actor by its charge.
    """
    _check_charge(smooth, k)
    ordered = sorted(moments, key=lambda m: m.date)
    if len({m.date for m in ordered}) < max(1, len(ordered)):
        raise parameter("dates", len(ordered), "one system or more, each of a date of its own")
    return BlocYears(tuple(following(ordered, k=k, smooth=smooth, seconds=seconds)), k, smooth, draws, seed)


def following(
    moments: Iterable[Moment], *, k: Blocs = 2, smooth: float = 0.0, seconds: float = 20.0
) -> Iterator[Followed]:  # fmt: skip
    """Yield line-ups of single dates, given in their order, with the numbers that `follow` gives; each as soon as its moment comes."""
    last: dict[str, int] = {}
    for m in moments:
        label, value, proved = m.label, m.value, m.proved
        if smooth > 0 and last:
            label, value, proved = _charged(m, last, smooth, seconds)
        bloc = numbered(m.ids, label, m.component, m.power, last, most=2 if k == 2 else None)
        last |= {a: int(b) for a, b in zip(m.ids, bloc, strict=True) if b != NOWHERE}
        yield Followed(m, bloc, value, proved)


def _charged(m: Moment, last: dict[str, int], smooth: float, seconds: float) -> tuple[NDArray[np.int64], float, bool]:
    """Return (label, value, proved) of the best line-up under charges; the value is without them."""
    known = np.array([last.get(a, NOWHERE) for a in m.ids])
    charge = smooth * m.tied * np.where(known == NOWHERE, 0.0, np.where(known == 0, 1.0, -1.0))
    held = np.flatnonzero(charge)
    best = partition(
        m.n + 1,
        np.concatenate([m.i, held]),
        np.concatenate([m.j, np.full(len(held), m.n)]),
        np.concatenate([m.w, charge[held]]),
        seconds=seconds,
    )
    label = np.where(m.label == NOWHERE, NOWHERE, best.label[:-1])
    against = (m.w > 0) != (label[m.i] == label[m.j])
    value = max(m.value, float(np.abs(m.w[against]).sum()))
    return label, value, bool(best.proved and m.proved)


def _check_charge(smooth: float, k: Blocs) -> None:
    """Refuse a charge that is no share, or on other than two blocs."""
    if not 0 <= smooth <= 1:
        raise parameter("smooth", smooth, "a share from 0 to 1 of the mover's tie weight")
    if smooth > 0 and k != 2:
        raise parameter("smooth", smooth, "0 with other than two blocs", "a charge on moves is solved for two blocs")


@dataclass(frozen=True)
class _Task:
    """What is done for each date, in whatever process."""

    folder: str
    without: tuple[str, ...]
    k: Blocs
    draws: int
    seed: int
    seconds: float
    table: Params | None

    def __call__(self, day: dt.date) -> Moment:
        """Return the line-up of a date."""
        from foedus.system.from_tables import build

        system = build(day, _tables(self.folder), table=self.table)
        if self.without:
            system = system.with_(pacts=tuple(p for p in system.pacts if p.kind not in self.without))
        return moment(system, k=self.k, draws=self.draws, seed=self.seed, seconds=self.seconds, table=self.table)


@lru_cache(maxsize=1)
def _tables(folder: str) -> Tables:
    """Return the tables of a folder, read once a process."""
    from foedus.system.tables import Tables

    return Tables.read(folder)
