"""What happened between pairs of states, in the form that forecasts are made and scored in: pacts on 1 January, disputes and wars by year.

A dispute counts for the pairs of its first day, a war for all who stood on opposite sides of it at the same time, which takes in pairs that never
shot at each other. A pact is called on when one of two allies is on the attacked side of a war's first day and the other is not on the attacking
side; it is kept if the other fights on the ally's side of that war. Whether its terms bound it is not asked. Knows no model.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from foedus.formation.record import FAR, Record
from foedus.studies import joining_parts as of

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import NDArray

    from foedus.data.store import DataDir

EVENTS = ("pacts", "disputes", "wars")
SOURCES = {"pacts": "atop5_1m", "disputes": "gml_part", "wars": "cow_wars"}
OF = {
    "pact forms": "pacts", "pact ends": "pacts", "formed": "pacts", "ended": "pacts", "dispute": "disputes", "war": "wars", "pact called on": "wars",
    "pact kept": "wars", "enters a war": "wars",
}  # fmt: skip
"""Which record tells of a target."""


@dataclass(frozen=True)
class Happened:
    """The record.

    Attributes
    ----------
    codes : int array, shape (S,)
        All states, ascending.
    spells : (ccode, first day, last day) of membership in the system of states
    ties : Record
    disputes, wars : int arrays, shape (m, 3)
        Position of both in ``codes`` and the year (disputes: of the first day; wars: in which they first met in this war).
    calls : int array, shape (m, 4)
        Position of the ally and of the attacked, the year, and 1 if the ally came to its side.
    entries : int array, shape (m, 2)
        Position and year of each state that entered a war which others had begun.
    began : dict of str to dict of int to int
        Number of disputes and wars that began, by year.
    last : dict of str to int
        Last year of each of `EVENTS`.
    versions : dict of str to str
    """

    codes: NDArray[np.int32]
    spells: tuple[tuple[int, int, int], ...]
    ties: Record
    disputes: NDArray[np.int64]
    wars: NDArray[np.int64]
    calls: NDArray[np.int64]
    entries: NDArray[np.int64]
    began: dict[str, dict[int, int]]
    last: dict[str, int]
    versions: dict[str, str]

    @cached_property
    def _place(self) -> dict[int, int]:
        return {int(c): k for k, c in enumerate(self.codes)}

    def members(self, year: int) -> NDArray[np.bool_]:
        """Return which states are in the system on 1 January, shape (S,)."""
        day, inside = dt.date(year, 1, 1).toordinal(), np.zeros(len(self.codes), dtype=np.bool_)
        for code, first, until in self.spells:
            if first <= day <= until:
                inside[self._place[code]] = True
        return inside

    def allied(self, year: int) -> NDArray[np.bool_]:
        """Return who is tied by a defence pact on 1 January, shape (S, S)."""
        return self.ties.at(self.codes, dt.date(year, 1, 1))[0]

    def between(self, what: str, first: int, until: int) -> NDArray[np.bool_]:
        """Return the pairs with a dispute that began, or a war in which they met, in the years ``first`` to ``until``, shape (S, S)."""
        return self._matrix(self.disputes if what == "disputes" else self.wars, first, until)

    def _matrix(self, table: NDArray[np.int64], first: int, until: int) -> NDArray[np.bool_]:
        """Return the pairs of a table's rows of some years, both ways; the third column is the year."""
        out = np.zeros((len(self.codes), len(self.codes)), dtype=np.bool_)
        some = table[(table[:, 2] >= first) & (table[:, 2] <= until)]
        out[some[:, 0], some[:, 1]] = out[some[:, 1], some[:, 0]] = True
        return out

    def _events(self, target: str, first: int, until: int) -> NDArray[np.bool_]:
        """Return what is on record of a target that is no change of pacts, in some years; states stand on the diagonal."""
        if target == "enters a war":
            return self._matrix(self.entries[:, [0, 0, 1]], first, until)
        if target == "pact called on":
            return self._matrix(self.calls, first, until)
        if target == "pact kept":
            return self._matrix(self.calls[self.calls[:, 3] == 1], first, until)
        return self.between(OF[target], first, until)

    def outcome(
        self, target: str, first: int, horizon: int, allied: NDArray[np.bool_] | None = None
    ) -> NDArray[np.bool_]:
        """Return what came of a target by the end of ``horizon`` years from 1 January ``first`` on, shape (S, S).

        ``allied`` is who was tied at the start, by default on that 1 January.
        """
        if OF[target] != "pacts":
            return self._events(target, first, first + horizon - 1)
        before = self.allied(first) if allied is None else allied
        after = self.allied(first + horizon)
        return after & ~before if target == "pact forms" else before & ~after

    def until(self, target: str, year: int) -> int:
        """Return the first year from ``year`` back before which a target is on record."""
        return min(year, self.last[OF.get(target, target)] + 1)

    def recent(self, target: str, year: int, years: int) -> NDArray[np.bool_]:
        """Return the pairs of whom the same is on record in the years before a year, shape (S, S)."""
        if OF[target] != "pacts":
            return self._events(target, year - years, year - 1)
        now, then = self.allied(year), self.allied(year - years)
        return then & ~now if target == "pact forms" else ~then & now  # a tie that was lost lately; one that is young

    def year(
        self, target: str, year: int, recent: int
    ) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]]:
        """Return what came in a year, who was at risk, and of whom the same was on record in the years before; pairs once, shape (S, S)."""
        inside, ends = self.members(year), self.members(year + 1)
        stay = inside & ends
        if target == "enters a war":
            return self.outcome(target, year, 1), np.diag(stay), self.recent(target, year, recent)
        both, allied = np.triu(np.outer(stay, stay), 1), self.allied(year)
        risk = {"pact forms": ~allied, "pact ends": allied, "pact called on": allied, "pact kept": allied}.get(
            target, True
        ) & both
        return self.outcome(target, year, 1), risk, self.recent(target, year, recent)

    def count(self, name: str, year: int) -> int:
        """Return how many pairs of pacts formed or ended between states of both ends of a year, or how many disputes or wars began in it."""
        if name not in ("formed", "ended"):
            return self.began[name].get(year, 0)
        came, _, _ = self.year("pact forms" if name == "formed" else "pact ends", year, 1)
        inside = self.members(year) & self.members(year + 1)
        return int((came & np.triu(np.outer(inside, inside), 1)).sum())


def happened(folder: DataDir) -> Happened:
    """Return the record of a data folder.

    Raises
    ------
    DataError
        Files that are missing or broken.
    """
    ties = Record.read(folder)
    states = folder.table("cow_states")
    until = states["end"].max()  # whoever is a state when the list ends is taken to stay one
    spells = tuple(
        (int(c), a.toordinal(), FAR if b == until else b.toordinal())
        for c, a, b in states.select("ccode", "start", "end").rows()
    )
    codes = np.unique(np.concatenate([ties.code, states["ccode"].to_numpy()])).astype(np.int32)
    tables = {what: _pairs(folder, what, codes) for what in ("disputes", "wars")}
    began = {what: dict(_began(folder, what).rows()) for what in ("disputes", "wars")}
    last, versions = {}, {}
    for what, source in SOURCES.items():
        found = folder.provenance(source)
        last[what] = int(found.last_year or 0)
        versions[source] = str(found.version)
    calls, entries = _wars(folder, ties, codes)
    return Happened(codes, spells, ties, tables["disputes"], tables["wars"], calls, entries, began, last, versions)


def _pairs(folder: DataDir, what: str, codes: NDArray[np.integer]) -> NDArray[np.int64]:
    """Return positions of both and year of the pairs of an event: of its first day for disputes, of all who met for wars."""
    import polars as pl

    parts = of.participants(folder, what)  # type: ignore[arg-type]
    if what == "disputes":
        parts = parts.filter("original")
    both = parts.join(parts, on="event", suffix="2").filter((pl.col("side") == 0) & (pl.col("side2") == 1))
    met = both.with_columns(day=pl.max_horizontal("start", "start2")).filter(
        pl.col("day") <= pl.min_horizontal("end", "end2")
    )
    columns = [np.searchsorted(codes, met[c].to_numpy()) for c in ("ccode", "ccode2")]
    return np.stack([*columns, met["day"].dt.year().to_numpy()], axis=1).astype(np.int64)


def _wars(folder: DataDir, ties: Record, codes: NDArray[np.integer]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the pacts that each war called on, and who entered it."""
    calls, entries = [], []
    for _, war in of.participants(folder, "wars").group_by("event", maintain_order=True):
        at = np.searchsorted(codes, war["ccode"].to_numpy())
        side = dict(zip(at.tolist(), war["side"].to_list(), strict=True))
        original, starts = war["original"].to_numpy(), [dt.date.fromisoformat(str(d)) for d in war["start"].to_list()]
        day = min(starts)
        allied = ties.at(codes, day)[0]
        attackers = {x for x, first in zip(at.tolist(), original, strict=True) if first and side[x] == 0}
        for x, first, start in zip(at.tolist(), original, starts, strict=True):
            if not first:
                entries.append((x, start.year))
            elif side[x] == 1:
                calls += [
                    (i, x, day.year, int(side.get(i) == 1))
                    for i in np.flatnonzero(allied[x]).tolist()
                    if i not in attackers
                ]
    return np.array(calls, dtype=np.int64).reshape(-1, 4), np.array(entries, dtype=np.int64).reshape(-1, 2)


def _began(folder: DataDir, what: str) -> pl.DataFrame:
    """Return the number of events that began by year."""
    import polars as pl

    parts = of.participants(folder, what)  # type: ignore[arg-type]
    return (
        parts.group_by("event")
        .agg(pl.col("start").min().dt.year().alias("year"))
        .group_by("year")
        .agg(pl.len().cast(pl.Int64))
    )
