"""Rows for the onset and the end of pact ties: undirected pairs of states by year, as of 1 January.

The rules are those of ``docs/decisions/0020-formation-of-pact-ties.md``. Values come from the kernel that forecasts use (`foedus.formation.ties`);
yearly series are those of the year before (convention 4.13). Fits nothing.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import numpy as np

from foedus.data.store import DataDir
from foedus.formation.record import CAUSES, FAR, Record
from foedus.formation.ties import tie_terms
from foedus.kernels import distance

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

    import polars as pl
    from numpy.typing import NDArray

    from foedus.formation.record import Kind
    from foedus.formation.ties import What

FIRST, LAST = 1816, 2015
"""First and last year of rows: what is known of 1 January 2016 lacks the disputes of 2015."""
INPUTS = (
    "cow_states",
    "cow_majors",
    "cow_nmc",
    "cow_contdir",
    "cow_capitals",
    "atop5_1m",
    "midb",
    "cw_democracy",
)
"""Data sets that rows are made from."""


@dataclass(frozen=True)
class TieRows:
    """Pairs by year, n of them: those without a tie (form) or those with one (end), as of 1 January.

    ``x`` (n, K) float32, terms of `foedus.formation.ties`; ``y`` whether a tie began or ended in the year; ``year``; ``one``, ``two`` codes, the
    first the lesser; ``treaty`` ATOP number of the treaty that did it, 0 if none; ``cause`` index into `foedus.formation.record.CAUSES` of an
    end, else 0; ``age`` years of a tie, or since the last one; ``recent`` how many of the two had such an event in the year before; ``own`` sum of ln
    of the rates at which each had one in earlier years, of all pairs at risk, both shrunk towards that of all.
    """

    what: What
    x: NDArray[np.float32]
    y: NDArray[np.int8]
    year: NDArray[np.int32]
    one: NDArray[np.int32]
    two: NDArray[np.int32]
    treaty: NDArray[np.int32]
    cause: NDArray[np.int8]
    age: NDArray[np.float32]
    recent: NDArray[np.int8]
    own: NDArray[np.float32]

    @property
    def pair(self) -> NDArray[np.int32]:
        """Label of each row's pair."""
        return self.one * 1000 + self.two

    def take(self, which: NDArray[np.int64] | NDArray[np.bool_]) -> TieRows:
        """Return some rows."""
        return replace(self, **{f.name: getattr(self, f.name)[which] for f in fields(self) if f.name != "what"})


@dataclass(frozen=True)
class Year:
    """What is known at the start of 1 January of a year of its n states; arguments of `foedus.formation.ties.tie_terms`, and their codes."""

    code: NDArray[np.int32]
    capability: NDArray[np.float64]
    regime: NDArray[np.float64]
    distance_km: NDArray[np.float64]
    land: NDArray[np.bool_]
    major: NDArray[np.bool_]
    allied: NDArray[np.bool_]
    dispute_age: NDArray[np.float64]
    tie_age: NDArray[np.float64]
    year: int

    def terms(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return the terms of all pairs for onset and for end."""
        return tie_terms(**{f.name: getattr(self, f.name) for f in fields(self) if f.name != "code"})


class Years:
    """The states of every year and what was known of them, from the store.

    Parameters
    ----------
    data_dir : DataDir, str or Path, optional
    kind : {"defense", "any"}
        Which ties.
    """

    def __init__(self, data_dir: DataDir | str | os.PathLike[str] | None = None, *, kind: Kind = "defense") -> None:
        folder = DataDir.of(data_dir)
        self.record = Record.read(folder, kind=kind)
        self._tables = {
            name: folder.table(name) for name in ("cow_states", "cow_majors", "cow_contdir", "cow_capitals")
        }
        self._series = {
            column: {y: dict(part.select("ccode", column).iter_rows()) for (y,), part in folder.table(name).drop_nulls(column).group_by("year")}
            for name, column in (("cow_nmc", "cinc"), ("cw_democracy", "polyarchy"))
        }  # fmt: skip

    def at(self, year: int) -> Year:
        """Return the states of 1 January of a year and what was known of them."""
        day = dt.date(year, 1, 1)
        code = np.unique(_on(self._tables["cow_states"], day)["ccode"].to_numpy()).astype(np.int32)
        place = {int(c): k for k, c in enumerate(code)}
        n = len(code)
        cinc, regime = (
            np.array([self._series[c].get(year - 1, {}).get(int(k), np.nan) for k in code])
            for c in ("cinc", "polyarchy")
        )
        lat, lon = np.full(n, np.nan), np.full(n, np.nan)
        for c, a, b in (
            _on(self._tables["cow_capitals"], day).sort("start").select("ccode", "lat", "lon").drop_nulls().iter_rows()
        ):
            if c in place:
                lat[place[c]], lon[place[c]] = a, b
        borders = _on(self._tables["cow_contdir"], day).filter(conttype=1).select("ccode1", "ccode2")
        major = np.isin(code, _on(self._tables["cow_majors"], day)["ccode"].to_numpy())
        allied, tie_age, dispute_age = self.record.at(code, day)
        total = np.nansum(cinc)
        return Year(
            code, cinc / total if total > 0 else cinc, regime, distance.great_circle(lat, lon), _marked(borders, place), major, allied, dispute_age,
            tie_age, year,
        )  # fmt: skip


def _marked(pairs: pl.DataFrame, place: dict[int, int]) -> NDArray[np.bool_]:
    """Return which pairs of states are listed, symmetric, shape (n, n)."""
    out = np.zeros((len(place), len(place)), dtype=np.bool_)
    for a, b in pairs.iter_rows():
        if a in place and b in place:
            out[place[a], place[b]] = out[place[b], place[a]] = True
    return out


def _on(table: pl.DataFrame, day: dt.date) -> pl.DataFrame:
    """Return the spells that hold on a day."""
    import polars as pl

    return table.filter((pl.col("start") <= day) & (pl.col("end") >= day))


def tie_rows(
    *, data_dir: DataDir | str | os.PathLike[str] | None = None, kind: Kind = "defense", first: int = FIRST, last: int = LAST,
    progress: Callable[[float], None] | None = None,
) -> tuple[TieRows, TieRows]:  # fmt: skip
    """Return the rows for onsets and those for ends.

    Parameters
    ----------
    data_dir : DataDir, str or Path, optional
    kind : {"defense", "any"}
        Ties of a defence pledge, or of any of ATOP's five.
    first, last : int
        Years, 1816 to 2015.
    progress : callable, optional
        Called with the share done.

    Raises
    ------
    DataError
        Data sets that are not there.

    Notes
    -----
    A tie that begins with a state that is not yet a member on 1 January is in no row, nor is what a state does after it left the system.

    References
    ----------
    [Leeds2002]_, [Palmer2022]_
    """
    years = Years(data_dir, kind=kind)
    events = {"form": _events(years.record, "begin"), "end": _events(years.record, "end")}
    rates = {what: _Rates(len(years.record.code)) for what in events}
    parts: dict[str, list[tuple[NDArray, ...]]] = {"form": [], "end": []}
    for year in range(first, last + 1):
        now = years.at(year)
        form, end = now.terms()
        i, j = np.triu_indices(len(now.code), 1)
        tied = now.allied[i, j]
        for what, x, at_risk in (("form", form, ~tied), ("end", end, tied)):
            a, b = i[at_risk], j[at_risk]
            age = now.tie_age[a, b]
            parts[what].append(
                (
                    x[at_risk],
                    *_outcome(years.record, events[what].get(year), now.code, a, b, year),
                    age,
                    *rates[what].of(now.code, years.record.code, a, b),
                )
            )
            rates[what].add(now.code, years.record.code, a, b, parts[what][-1][1])
        if progress is not None:
            progress((year - first + 1) / (last - first + 1))
    return tuple(_rows(what, parts[what]) for what in ("form", "end"))  # type: ignore[return-value]


def _rows(what: What, parts: list[tuple[NDArray, ...]]) -> TieRows:
    """Return the rows of some years."""
    x, y, year, one, two, treaty, cause, age, recent, own = (np.concatenate(c) for c in zip(*parts, strict=True))
    return TieRows(
        what, x, y.astype(np.int8), year.astype(np.int32), one.astype(np.int32), two.astype(np.int32), treaty.astype(np.int32), cause.astype(np.int8),
        age.astype(np.float32), recent.astype(np.int8), own.astype(np.float32),
    )  # fmt: skip


def _events(record: Record, column: str) -> dict[int, list[tuple[int, int, int, int]]]:
    """Return positions of both states, treaty and cause of every tie that begins or ends, by year."""
    out: dict[int, list[tuple[int, int, int, int]]] = {}
    tie = record.tie
    for one, two, day, treaty, cause in zip(
        *(tie[k].tolist() for k in ("one", "two", column, "treaty", "cause")), strict=True
    ):
        if day != FAR:
            out.setdefault(dt.date.fromordinal(day).year, []).append(
                (one, two, treaty, cause if column == "end" else 0)
            )
    return out


def _outcome(
    record: Record, events: list[tuple[int, int, int, int]] | None, code: NDArray[np.int32], a: NDArray[np.intp], b: NDArray[np.intp], year: int
) -> tuple[NDArray, ...]:  # fmt: skip
    """Return ``y, year, one, two, treaty, cause`` of pairs."""
    n = len(record.code)
    treaty, cause, came = (np.zeros((n, n), dtype=np.int32) for _ in range(3))
    for one, two, number, why in events or ():
        treaty[one, two], cause[one, two], came[one, two] = number, why, 1
    place = np.searchsorted(record.code, code)
    at = place[a], place[b]
    return came[at], np.full(len(a), year), code[a], code[b], treaty[at], cause[at]


class _Rates:
    """How often each state had an event in earlier years, and in the year before."""

    def __init__(self, n: int) -> None:
        self.events, self.risk, self.last = np.zeros(n), np.zeros(n), np.zeros(n, dtype=np.bool_)

    def of(
        self, code: NDArray[np.int32], every: NDArray[np.int32], a: NDArray[np.intp], b: NDArray[np.intp]
    ) -> tuple[NDArray, NDArray]:
        """Return how many of each pair had one in the year before, and the sum of ln of both rates."""
        place = np.searchsorted(every, code)
        whole = (self.events.sum() + 1.0) / (self.risk.sum() + 1000.0)
        log = np.log((self.events + whole * 1000.0) / (self.risk + 1000.0))[place]
        return self.last[place][a].astype(np.int8) + self.last[place][b], log[a] + log[b]

    def add(
        self, code: NDArray[np.int32], every: NDArray[np.int32], a: NDArray[np.intp], b: NDArray[np.intp], y: NDArray
    ) -> None:
        """Count the events of a year."""
        place = np.searchsorted(every, code)
        n = len(self.events)
        both = np.concatenate([place[a], place[b]])
        came = np.bincount(both, np.tile(y, 2), minlength=n)
        self.events += came
        self.risk += np.bincount(both, minlength=n)
        self.last = came > 0


def causes(rows: TieRows) -> dict[str, int]:
    """Return how many ties ended in each way."""
    return {name: int(((rows.cause == k) & (rows.y == 1)).sum()) for k, name in enumerate(CAUSES) if k}
