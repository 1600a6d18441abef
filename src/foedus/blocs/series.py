"""The blocs of a series of dates, numbered so that a bloc keeps its number: frozen records, their tables and their text forms.

Made by `foedus.blocs.years`; computes only what follows from line-ups that are already there.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.blocs.matching import NOWHERE, Move
from foedus.blocs.moment import APART_BELOW, Blocs, Moment
from foedus.blocs.polarity import Polarity, polarity
from foedus.blocs.result import DOUBTFUL_BELOW
from foedus.errors import parameter
from foedus.panel.table_files import write_table

if TYPE_CHECKING:
    import datetime as dt
    import os

    import polars as pl
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Leaders:
    """Who leads a bloc: its most capable member, and the one to whom most friendly ties within it lead, by weight."""

    strongest: str
    hub: str


@dataclass(frozen=True, eq=False)
class Followed:
    """One date of a series.

    Attributes
    ----------
    moment : Moment
        Its ``label``, ``value`` and ``proved`` are those of the date's own best line-up.
    bloc : int64 array, shape (n,)
        Number of each actor's bloc, the same as before for a bloc that goes on; -1 without ties.
    value : float
        Weight of frustrated ties in this line-up; above ``moment.value`` only where moves were charged.
    proved : bool
        The line-up is the best of its problem, and the date's own best is proved.
    """

    moment: Moment
    bloc: NDArray[np.int64]
    value: float
    proved: bool

    @property
    def date(self) -> dt.date:
        """Day at whose start it holds."""
        return self.moment.date

    @property
    def price(self) -> float:
        """Share of all tie weight that this line-up frustrates beyond the best of its date."""
        total = self.moment.total
        return (self.value - self.moment.value) / total if total else 0.0

    @property
    def blocs(self) -> tuple[int, ...]:
        """Numbers of the blocs, the most capable first."""
        return tuple(self.polarity.bloc_share)

    @cached_property
    def polarity(self) -> Polarity:
        """Poles, concentration and polarization."""
        m = self.moment
        return polarity(m.power, m.major & m.measured, m.i, m.j, m.w, self.bloc)

    @cached_property
    def leaders(self) -> dict[int, Leaders]:
        """Leaders of each bloc; an actor there by enmity alone, or joined to the rest by no tie, leads none unless there is no other."""
        m, found = self.moment, {}
        standing = np.array(self.standing)
        friendly = m.friendly(self.bloc)
        for b in self.blocs:
            inside = self.bloc == b
            true = inside & ~np.isin(standing, ("apart", "detached"))
            rows = np.flatnonzero(true if true.any() else inside)
            found[b] = Leaders(
                m.ids[rows[np.argmax(m.power[rows])]], m.ids[rows[np.argmax(friendly[rows] + 1e-12 * m.power[rows])]]
            )
        return found

    @cached_property
    def standing(self) -> tuple[str, ...]:
        """How each actor stands.

        ``member``, ``between`` (membership below 0.9), ``apart`` (placed by enmity alone), ``detached`` (no chain of ties leads to the main
        part, so either bloc would do) or ``no ties``.
        """
        m = self.moment
        tied, friendly = m.tied, m.friendly(self.bloc)
        sure = np.ones(m.n) if m.membership is None else np.nan_to_num(m.membership)
        return tuple(
            "no ties" if self.bloc[k] == NOWHERE
            else "detached" if m.component[k] > 0
            else "apart" if friendly[k] < APART_BELOW * tied[k]
            else "between" if sure[k] < DOUBTFUL_BELOW
            else "member"
            for k in range(m.n)
        )  # fmt: skip

    def members(self, bloc: int) -> tuple[str, ...]:
        """Ids of a bloc, the most capable first."""
        rows = np.flatnonzero(self.bloc == bloc)
        return tuple(self.moment.ids[k] for k in rows[np.argsort(-self.moment.power[rows], kind="stable")])


@dataclass(frozen=True, eq=False)
class BlocYears:
    """Blocs over a series of dates.

    Attributes
    ----------
    dates : tuple of Followed
    k : {2, 3, "free"}
        Blocs that were allowed.
    smooth : float
        Charge on a move, in shares of the mover's tie weight; 0 where none was made.
    draws, seed : int
    """

    dates: tuple[Followed, ...]
    k: Blocs
    smooth: float
    draws: int
    seed: int

    @property
    def proved(self) -> bool:
        """Whether every line-up is proved."""
        return all(d.proved for d in self.dates)

    def at(self, date: str | int | dt.date) -> Followed:
        """Return one date of the series; a year means 1 January.

        Raises
        ------
        ParameterError
            Not a date of the series.
        """
        from foedus.system.dates import parse_date

        day = parse_date(str(date))
        for d in self.dates:
            if d.date == day:
                return d
        raise parameter("date", str(date), f"a date of the series ({self.dates[0].date} to {self.dates[-1].date})")

    def table(self) -> pl.DataFrame:
        """Return one row a date and actor.

        ``bloc`` is the number that a bloc keeps, ``bloc_name`` its letter and its hub of the date; ``frustrated_own`` the share of the
        actor's tie weight that stands against the line-up, ``frustrated`` that of the whole system, ``bound`` what no line-up can go below;
        ``price`` what smoothing cost.
        """
        import polars as pl

        return pl.concat([_rows(d) for d in self.dates])

    def moves(self) -> pl.DataFrame:
        """Return one row for each change of an actor from a date to the next, see `Move`."""
        import polars as pl

        rows = [
            (m.date, m.date.year, m.actor, m.name, m.change, m.before, m.after, m.share, m.major)
            for m in self.changes()
        ]
        schema = {
            "date": pl.Date, "year": pl.Int64, "actor": pl.String, "name": pl.String, "change": pl.String, "before": pl.Int64,
            "after": pl.Int64, "capability": pl.Float64, "major": pl.Boolean,
        }  # fmt: skip
        return pl.DataFrame(rows, schema=schema, orient="row")

    def changes(self) -> tuple[Move, ...]:
        """Return every change of an actor from a date to the next, by date, the most capable first."""
        return tuple(m for a, b in zip(self.dates, self.dates[1:], strict=False) for m in _changes(a, b))

    def polarity(self) -> pl.DataFrame:
        """Return one row a date: poles, concentration, polarization, and each of the two largest blocs with its leaders.

        Where no capability is known (the first date of the series has no year before it) what rests on it is null.
        """
        import polars as pl

        return pl.DataFrame([_summary(d) for d in self.dates], infer_schema_length=None)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON's own types."""
        used = {s.id: s for d in self.dates for s in d.moment.sources}
        return {
            "k": self.k, "smooth": self.smooth, "draws": self.draws, "seed": self.seed, "proved": self.proved,
            "dates": [_plain(row) for row in self.polarity().to_dicts()], "actors": [_plain(row) for row in self.table().to_dicts()],
            "moves": [_plain(row) for row in self.moves().to_dicts()],
            "sources": [
                {"id": s.id, "title": s.title, "version": s.version, "sha256": s.sha256, "last_year": s.last_year} for _, s in sorted(used.items())
            ],
        }  # fmt: skip

    def write(self, path: str | os.PathLike[str]) -> None:
        """Write the table, or with ``.json`` everything; written beside its place and renamed (convention 4.12).

        Raises
        ------
        ParameterError
            The suffix is none of ``.parquet``, ``.csv``, ``.json``.
        DataError
            The file cannot be written.
        """
        write_table(self.table(), path, "the blocs", plain=self.to_dict())


def letter(bloc: int) -> str:
    """Return the letter of a bloc's number: A to Z, then AA.

    Examples
    --------
    >>> letter(0), letter(25), letter(26)
    ('A', 'Z', 'AA')
    """
    return letter(bloc // 26 - 1) + chr(65 + bloc % 26) if bloc >= 26 else chr(65 + bloc)


def _changes(before: Followed, after: Followed) -> list[Move]:
    """Return what changed from one date to the next."""
    old = {a: k for k, a in enumerate(before.moment.ids)}
    new = {a: k for k, a in enumerate(after.moment.ids)}
    out = []
    for actor in [*new, *(a for a in old if a not in new)]:
        was = int(before.bloc[old[actor]]) if actor in old else NOWHERE
        now = int(after.bloc[new[actor]]) if actor in new else NOWHERE
        if actor not in old:
            change = "entered"
        elif actor not in new:
            change = "left"
        elif was == now:
            continue
        else:
            change = "tied" if was == NOWHERE else "untied" if now == NOWHERE else "moved"
        m, k = (after.moment, new[actor]) if actor in new else (before.moment, old[actor])
        blocs = (None if was == NOWHERE else was, None if now == NOWHERE else now)
        out.append(Move(after.date, actor, m.names[k], change, *blocs, float(m.power[k]), bool(m.major[k])))
    return sorted(out, key=lambda x: -x.share)


def _rows(d: Followed) -> pl.DataFrame:
    """Return the rows of one date."""
    import polars as pl

    m, total = d.moment, d.moment.total or 1.0
    tied = m.tied
    own = np.divide(m.frustrated(d.bloc), tied, out=np.full(m.n, np.nan), where=tied > 0)
    named = {b: f"{letter(b)} ({x.hub})" for b, x in d.leaders.items()} | {NOWHERE: None}
    return pl.DataFrame({
        "date": [d.date] * m.n, "year": [d.date.year] * m.n, "actor": m.ids, "name": m.names,
        "cow": pl.Series(m.cow, dtype=pl.Int64), "major": m.major, "capability": m.power,
        "bloc": pl.Series(d.bloc).replace(NOWHERE, None), "bloc_name": pl.Series([named[int(b)] for b in d.bloc], dtype=pl.String),
        "membership": pl.Series([None] * m.n if m.membership is None else m.membership, dtype=pl.Float64).fill_nan(None),
        "standing": d.standing, "frustrated_own": pl.Series(own).fill_nan(None), "frustrated": [d.value / total] * m.n,
        "bound": [m.bound / total] * m.n, "price": [d.price] * m.n, "proved": [d.proved] * m.n, "value": [d.value] * m.n,
    })  # fmt: skip


def _summary(d: Followed) -> dict[str, Any]:
    """Return one row on a date."""
    p, m, total = d.polarity, d.moment, d.moment.total or 1.0
    known = m.measured
    row: dict[str, Any] = {
        "date": d.date, "year": d.date.year, "actors": m.n, "ties": len(m.w), "blocs": len(p.bloc_share), "proved": d.proved,
        "frustrated": d.value / total, "bound": m.bound / total, "price": d.price,
        "poles": len(p.poles) if known else None, "pole_states": ", ".join(m.ids[k] for k in p.poles) if known else None,
        "top_two": p.top_two, "bipolar": p.bipolar, "concentration": p.concentration, "bloc_poles": p.bloc_poles if known else None,
        "polarization": p.polarization, "modularity": p.modularity,
    }  # fmt: skip
    for place in ("first", "second"):
        b = d.blocs[0 if place == "first" else 1] if len(d.blocs) > (place == "second") else None
        lead = None if b is None else d.leaders[b]
        row |= {
            f"{place}": None if b is None else letter(b),
            f"{place}_share": None if b is None else p.bloc_share[b],
            f"{place}_strongest": lead and lead.strongest,
            f"{place}_hub": lead and lead.hub,
        }
    return row


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row with its date as text."""
    return row | {"date": row["date"].isoformat()}
