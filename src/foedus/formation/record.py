"""What a date knows of past ties and disputes: which pairs are tied, since when or until when they were, and when they last had a dispute.

From ATOP's member file and the Correlates of War's list of participants in disputes, as of the start of a day: only what began before it matters
(convention 4.13). A pair is tied while either owes the other what is asked, in one phase of one alliance; spells with less than `GAP` days between
them are one tie, so that a renewal is neither an end nor an onset. Knows no model.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from foedus.system.nouns import PLEDGE_TYPES

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import NDArray

    from foedus.data.store import DataDir

GAP = 31
"""Days without a tie up to which it counts as the same tie."""
DAYS_A_YEAR = 365.25
FAR = np.iinfo(np.int32).max
"""Last day of what was in force when the data end."""
Kind = Literal["defense", "any"]
CAUSES = (
    "in force",
    "expired or fulfilled",
    "violated or abrogated",
    "replaced",
    "a member lost its independence",
    "a member left",
    "unknown",
)
"""How a tie ended, by ATOP's codes of the last spell; see `Record`."""


@dataclass(frozen=True)
class Record:
    """Ties and disputes of all pairs of states; days are ordinals of `datetime.date`.

    Attributes
    ----------
    code : int32 array, shape (S,)
        Correlates of War codes, ascending.
    tie : int32 arrays
        ``one``, ``two`` positions in ``code``, ``begin``, ``end`` first and last day, ``treaty`` ATOP number of the first spell, ``cause`` index into
        `CAUSES`; shape (T,), in order of ``begin``. A cause is read from ATOP's TERM (1, 2, 3) and, of the member whose exit it was, TERMMODE (4: it
        ceased to be a state) [M]; a member left where the alliance itself went on.
    spell : int32 arrays
        ``one``, ``two``, ``begin``, ``end`` of the spells that ties are made of, each phase of each alliance, in order of ``begin``: on a day between
        two of them the pair is not tied, for that day does not know of the renewal.
    dispute : int32 arrays
        ``one``, ``two``, ``day`` on which both were in it on opposite sides for the first time; shape (D,), in order of ``day``.
    last_year : int
        Last year that ATOP and the disputes both cover.
    last_year_of_ties : int
        Last year that ATOP covers.
    """

    code: NDArray[np.int32]
    tie: dict[str, NDArray[np.int32]]
    spell: dict[str, NDArray[np.int32]]
    dispute: dict[str, NDArray[np.int32]]
    last_year: int
    last_year_of_ties: int

    @classmethod
    def read(cls, folder: DataDir, *, kind: Kind = "defense") -> Record:
        """Return the record of a data folder.

        Parameters
        ----------
        folder : DataDir
        kind : {"defense", "any"}
            A pledge of defence, or any of ATOP's five.

        Raises
        ------
        DataError
            Files that are missing or broken.
        """
        members, parts = folder.table("atop5_1m"), folder.table("midb")
        codes = np.unique(
            np.concatenate(
                [
                    folder.table("cow_states")["ccode"].to_numpy(),
                    members["member"].to_numpy(),
                    parts["ccode"].to_numpy(),
                ]
            )
        )
        known, disputes = (folder.provenance(name).last_year or 0 for name in ("atop5_1m", "midb"))
        spells = _spells(members, kind)
        return cls(
            codes.astype(np.int32),
            _merged(spells, codes),
            _raw(spells, codes),
            _disputes(parts, codes),
            min(known, disputes),
            known,
        )

    def at(
        self, codes: NDArray[np.integer], day: dt.date
    ) -> tuple[NDArray[np.bool_], NDArray[np.float64], NDArray[np.float64]]:
        """Return what is known at the start of a day of some states.

        Parameters
        ----------
        codes : int array, shape (n,)
            Correlates of War codes; those of nobody in the record have no past in it.
        day : datetime.date

        Returns
        -------
        allied : bool array, shape (n, n)
        tie_age, dispute_age : float64 arrays, shape (n, n)
            Years, as of `foedus.formation.ties.tie_terms`.
        """
        when, n = day.toordinal(), len(self.code)
        since, allied = np.full((n, n), np.inf), np.zeros((n, n), dtype=np.bool_)
        one, two, first, last = (
            self.spell[k][: np.searchsorted(self.spell["begin"], when)] for k in ("one", "two", "begin", "end")
        )
        on = last >= when
        allied[one[on], two[on]] = True
        np.minimum.at(since, (one[~on], two[~on]), (when - last[~on]) / DAYS_A_YEAR)
        one, two, first, last = (
            self.tie[k][: np.searchsorted(self.tie["begin"], when)] for k in ("one", "two", "begin", "end")
        )
        on = (last >= when) & allied[one, two]
        since[one[on], two[on]] = (when - first[on]) / DAYS_A_YEAR
        seen = slice(0, int(np.searchsorted(self.dispute["day"], when)))
        fought = np.full((n, n), np.inf)
        fought[self.dispute["one"][seen], self.dispute["two"][seen]] = (when - self.dispute["day"][seen]) / DAYS_A_YEAR
        place = np.searchsorted(self.code, codes)
        known = (place < n) & (self.code[np.minimum(place, n - 1)] == codes)
        grid = np.ix_(np.minimum(place, n - 1), np.minimum(place, n - 1))
        both = known[:, None] & known[None, :]
        allied = (allied | allied.T)[grid] & both
        return (
            allied,
            np.where(both, np.minimum(since, since.T)[grid], np.inf),
            np.where(both, np.minimum(fought, fought.T)[grid], np.inf),
        )


def _spells(members: pl.DataFrame, kind: Kind) -> pl.DataFrame:
    """Return ``a, b, begin, end, atopid, mode, term`` of each pair of members of one phase in which one of the two owes what is asked."""
    import polars as pl

    owes = pl.col("defense") == 1 if kind == "defense" else pl.any_horizontal(
        pl.col(k) == 1 for k in PLEDGE_TYPES
    )  # fmt: skip
    rows = members.select(
        "atopid", "phase", "member", "entry", pl.col("exit").is_null().alias("open"), pl.col("exit").fill_null(dt.date.max), "termmode", "term",
        owes.fill_null(value=False).alias("owes"),
    )  # fmt: skip
    pairs = rows.join(rows, on=["atopid", "phase"], validate="m:m", suffix="2").filter(
        (pl.col("member") < pl.col("member2")) & (pl.col("owes") | pl.col("owes2"))
    )
    leaves, other = pl.col("exit") <= pl.col("exit2"), pl.col("exit2") <= pl.col("exit")
    return (
        pairs.with_columns(
            begin=pl.max_horizontal("entry", "entry2"), end=pl.min_horizontal("exit", "exit2"),
            lost=(leaves & (pl.col("termmode") == 4)) | (other & (pl.col("termmode2") == 4)),
        )
        .filter(pl.col("begin") <= pl.col("end"))
        .select(a="member", b="member2", begin="begin", end="end", atopid="atopid", lost="lost", term="term")
        .sort("a", "b", "begin", "end", "atopid")
    )  # fmt: skip


def _cause(term: int | None, *, lost: bool, open_: bool) -> int:
    """Return the index into `CAUSES` of how a spell ended."""
    if open_:
        return 0
    if lost:
        return CAUSES.index("a member lost its independence")
    return CAUSES.index("unknown") if term is None else term or CAUSES.index("a member left")


def _merged(spells: pl.DataFrame, codes: NDArray[np.integer]) -> dict[str, NDArray[np.int32]]:
    """Return the ties that spells make, in order of their first day."""
    rows: list[list[int]] = []
    pair: tuple[int, int] | None = None
    for a, b, begin, end, treaty, lost, term in spells.iter_rows():
        first = begin.toordinal()
        last = FAR if end == dt.date.max else end.toordinal()
        cause = _cause(term, lost=bool(lost), open_=last == FAR)
        if pair == (a, b) and first <= min(rows[-1][3], FAR - GAP) + GAP:
            if last >= rows[-1][3]:
                rows[-1][3], rows[-1][5] = last, cause
            continue
        pair = (a, b)
        rows.append([a, b, first, last, treaty, cause])
    table = np.array(rows, dtype=np.int64).reshape(-1, 6)
    table = table[np.argsort(table[:, 2], kind="stable")]
    columns = [np.searchsorted(codes, table[:, 0]), np.searchsorted(codes, table[:, 1]), *table.T[2:]]
    return {
        k: c.astype(np.int32) for k, c in zip(("one", "two", "begin", "end", "treaty", "cause"), columns, strict=True)
    }


def _raw(spells: pl.DataFrame, codes: NDArray[np.integer]) -> dict[str, NDArray[np.int32]]:
    """Return spells as arrays, in order of their first day."""
    some = spells.sort("begin", maintain_order=True)
    days = {
        k: np.array([FAR if d == dt.date.max else d.toordinal() for d in some[k]], dtype=np.int32)
        for k in ("begin", "end")
    }
    return {
        "one": np.searchsorted(codes, some["a"]).astype(np.int32),
        "two": np.searchsorted(codes, some["b"]).astype(np.int32),
        **days,
    }


def _disputes(parts: pl.DataFrame, codes: NDArray[np.integer]) -> dict[str, NDArray[np.int32]]:
    """Return the pairs that were on opposite sides of a dispute at the same time, in order of the first day."""
    import polars as pl

    some = parts.select("dispnum", "ccode", "side", "start", "end").drop_nulls()
    both = some.join(some, on="dispnum", validate="m:m", suffix="2").filter(
        (pl.col("ccode") < pl.col("ccode2")) & (pl.col("side") != pl.col("side2"))
    )
    both = both.with_columns(since=pl.max_horizontal("start", "start2"), until=pl.min_horizontal("end", "end2"))
    days = both.filter(pl.col("since") <= pl.col("until")).sort("since", "ccode", "ccode2")
    columns = [
        np.searchsorted(codes, days["ccode"].to_numpy()), np.searchsorted(codes, days["ccode2"].to_numpy()),
        np.array([d.toordinal() for d in days["since"]], dtype=np.int64),
    ]  # fmt: skip
    return {k: c.astype(np.int32) for k, c in zip(("one", "two", "day"), columns, strict=True)}
