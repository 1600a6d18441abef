"""Who would be helped by an outside state, and since when: pledges of third states in a given pair, from ATOP's member file.

An outside state is neither of the two. A pledge that names the states it is against counts only against these (what is "relevant to the pair" in
[Leeds2003b]_ is our reading [M]). Reads tables; fits nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.panel.alliances import pairs_in_phase

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import NDArray

YEARS = 5
"""First days of a year for which a pledge is new, and years on either side of a formation."""
_CODES, _YEARS = 1000, 4096
NOBODY = 0


@dataclass(frozen=True)
class Pledges:
    """Pledges in force on 1 January, one row per alliance, state that owes, state that is owed, year and state named (`NOBODY`: any).

    ``alliance``, ``by``, ``to``, ``year``, ``against``, ``since`` (first such year in which ``to`` was owed it by anybody under the alliance):
    int64 arrays, shape (n,).
    """

    alliance: NDArray[np.int64]
    by: NDArray[np.int64]
    to: NDArray[np.int64]
    year: NDArray[np.int64]
    against: NDArray[np.int64]
    since: NDArray[np.int64]

    def take(self, which: NDArray[Any]) -> Pledges:
        """Return some rows."""
        return Pledges(*(getattr(self, f.name)[which] for f in fields(self)))

    def against_all(self) -> Pledges:
        """Return them as if none named the states it is against."""
        return replace(self, against=np.full(len(self.by), NOBODY))

    def new(self, years: int = YEARS) -> Pledges:
        """Return those under an alliance that is new to whom it helps: on one of its first ``years`` first days of a year."""
        return self.take(self.year - self.since < years)

    def around(self, years: int = YEARS) -> Pledges:
        """Return a row for each of the ``years`` years before and from each beginning, whether or not the pledge lasts."""
        begun = self.take(self.year == self.since)
        n, step = len(begun.by), np.arange(-years, years)
        rows = np.repeat(np.arange(n), len(step))
        return replace(begun.take(rows), year=begun.year[rows] + np.tile(step, n))

    def outside(
        self, protege: NDArray[np.integer], other: NDArray[np.integer], year: NDArray[np.integer]
    ) -> NDArray[np.bool_]:
        """Return whether a state that is neither of the two owes ``protege`` the pledge against ``other``, shape (n,).

        Parameters
        ----------
        protege, other : int arrays, shape (n,)
            Codes.
        year : int array, shape (n,)
        """
        at = (protege.astype(np.int64) * _YEARS + year).astype(np.int64)
        pair = other.astype(np.int64) * _CODES * _YEARS + at
        everyone = self.against == NOBODY
        owed = self.to * _YEARS + self.year
        general = np.unique(self.by[everyone] * _CODES * _YEARS + owed[everyone])
        count = _number(np.sort(general % (_CODES * _YEARS)), at) - np.isin(pair, general)
        if not everyone.all():
            named = np.unique(np.stack([self.by, self.against, owed])[:, ~everyone], axis=1)
            apart = named[0] != named[1]  # a state does not owe help against itself
            count = count + _number(np.sort(named[1, apart] * _CODES * _YEARS + named[2, apart]), pair)
        return count > 0

    def apart(
        self, protege: NDArray[np.integer], other: NDArray[np.integer], year: NDArray[np.integer]
    ) -> NDArray[np.bool_]:
        """Return the same as `outside`, of alliances only in which ``other`` has no part in that year."""
        at = protege.astype(np.int64) * _YEARS + year
        pair = other.astype(np.int64) * _CODES * _YEARS + at
        owed, everyone = self.to * _YEARS + self.year, self.against == NOBODY
        parts = np.unique(
            np.concatenate([np.stack([self.alliance, self.year, w]) for w in (self.by, self.to)], axis=1), axis=1
        )
        general = np.unique(np.stack([self.alliance, self.year, owed])[:, everyone], axis=1)
        named = np.unique(np.stack([self.alliance, self.year, owed, self.against])[:, ~everyone], axis=1)
        inside = np.isin(_key(named[0], named[1], named[3]), _key(*parts))
        free = named[3, ~inside] * _CODES * _YEARS + named[2, ~inside]
        return (
            _number(np.sort(general[2]), at) - _number(_shared(general, parts), pair) + _number(np.sort(free), pair) > 0
        )


def _key(alliance: NDArray[np.int64], year: NDArray[np.int64], state: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return alliance, year and state as one number."""
    return (alliance * _YEARS + year) * _CODES + state


def _shared(general: NDArray[np.int64], parts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return, ordered, the pairs of whoever has a part in an alliance and whoever is owed something under it, one for each alliance."""
    group, mine = general[0] * _YEARS + general[1], parts[0] * _YEARS + parts[1]
    order = np.argsort(mine, kind="stable")
    first, last = (np.searchsorted(mine[order], group, side=s) for s in ("left", "right"))
    size = last - first
    row = np.repeat(np.arange(len(group)), size)
    place = np.arange(size.sum()) - np.repeat(np.cumsum(size) - size, size) + np.repeat(first, size)
    return np.sort(parts[2, order[place]] * _CODES * _YEARS + general[2, row])


def _number(ordered: NDArray[np.int64], keys: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how often each key stands in an ordered array."""
    return np.searchsorted(ordered, keys, side="right") - np.searchsorted(ordered, keys, side="left")


def pledges(members: pl.DataFrame, last_year: int, kind: str) -> Pledges:
    """Return the pledges of one kind in force on each 1 January.

    Parameters
    ----------
    members : polars.DataFrame
        ATOP's member file.
    last_year : int
        Pledges without an end are in force until the end of it.
    kind : {"defense", "offense", "neutral"}

    References
    ----------
    [Leeds2002]_
    """
    import polars as pl

    clauses = [kind, "specthrt", "statthr1", "statthr2"]
    owed = pairs_in_phase(members, last_year, "jan1", clauses).filter(pl.col(kind) == 1)
    named = (pl.col("specthrt") == 1) & pl.col("statthr1").is_not_null()
    listed = pl.concat_list("statthr1", "statthr2").list.drop_nulls()
    rows = (
        owed.with_columns(pl.when(named).then(listed).otherwise(pl.lit([NOBODY])).alias("against"))
        .explode("against", empty_as_null=False, keep_nulls=False)
        .select("atopid", "ccode1", "ccode2", "year", pl.col("against").cast(pl.Int64))
        .unique()
        .sort("atopid", "ccode1", "ccode2", "year", "against")
    )
    begun = rows.group_by("atopid", "ccode2").agg(pl.col("year").min().alias("since"))
    full = rows.join(begun, on=["atopid", "ccode2"], validate="m:1")
    columns = ["atopid", "ccode1", "ccode2", "year", "against", "since"]
    return Pledges(*(full[c].cast(pl.Int64).to_numpy() for c in columns))
