"""Disputes of a pact's members in the five years after it against the five before, and against what states like them did in the same years.

The rules stand in ``docs/concepts/pact-account.md`` and were written before the first result. A new dispute counts once for a state that is among
its originators; disputes are GML's. A difference in differences takes off the change of other states: of all of the same standing (``peers``), or of
the five among them whose own rate of disputes before was nearest (``matched``). Neither makes signing a pact an experiment: states sign when they
expect danger.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from foedus.estimate.resample import cluster_weights
from foedus.studies.pact_answers import plus_years

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from foedus.data.store import DataDir

WINDOW, NEAREST = 5, 5
"""Years on either side of the signature; states to which a member is matched."""
OUTCOMES = ("any", "outsiders", "attacked", "attacks", "within")
"""New disputes a year: any; with outsiders; with outsiders who began it; with outsiders whom it began it with; with other members."""
ALONE = OUTCOMES.index("within")
"""The outcome that others have no counterpart of: it is not compared with theirs."""
NULLS = ("change", "peers", "matched", "earlier")
"""After less before; that less the same of all states of its standing; less that of the matched; five years before less those before, less peers'."""
DRAWS = 1_000


@dataclass(frozen=True)
class Record:
    """Disputes, states, great powers and capabilities, as arrays.

    ``pairs`` (R, 4): number of a dispute, originator, originator on the other side, whether the first is on side A; ``day`` (R,) the dispute's first
    day as an ordinal.
    """

    pairs: NDArray[np.int64]
    day: NDArray[np.int64]
    states: tuple[tuple[int, dt.date, dt.date], ...]
    majors: tuple[tuple[int, dt.date, dt.date], ...]
    cinc: dict[tuple[int, int], float]
    first: dt.date
    last: dt.date

    @classmethod
    def read(cls, store: DataDir) -> Record:
        """Return the record of a data folder."""
        part = store.table("gml_part").filter("orig")
        started = part.with_columns(day=pl.date("styear", "stmon", "dummy_stday"))
        began = started.group_by("dispnum").agg(pl.col("day").min())
        sides = started.select("dispnum", "ccode", "sidea").unique()
        both = (
            sides.join(sides, on="dispnum").filter(pl.col("sidea") != pl.col("sidea_right")).join(began, on="dispnum")
        )
        both = both.sort("dispnum", "ccode", "ccode_right")
        pairs = (
            both.select("dispnum", "ccode", "ccode_right", pl.col("sidea").cast(pl.Int64)).to_numpy().astype(np.int64)
        )
        spell = ("ccode", "start", "end")
        caps = store.table("cow_nmc").select("ccode", "year", "cinc").drop_nulls().rows()
        spec = store.provenance("gml_part").spec
        return cls(
            pairs, np.array([d.toordinal() for d in both["day"]], dtype=np.int64), tuple(store.table("cow_states").select(*spell).rows()),
            tuple(store.table("cow_majors").select(*spell).rows()), {(c, y): v for c, y, v in caps}, dt.date(1816, 1, 1),
            dt.date(spec.last_year or 0, 12, 31),
        )  # fmt: skip

    def throughout(self, start: dt.date, end: dt.date) -> set[int]:
        """Return the codes of those who were states on every day from ``start`` to ``end``."""
        return {c for c, a, b in self.states if a <= start and b >= end}

    def major(self, day: dt.date) -> set[int]:
        """Return the codes of the great powers of a day."""
        return {c for c, a, b in self.majors if a <= day <= b}

    def rates(self, members: set[int], start: dt.date, end: dt.date) -> dict[int, NDArray[np.float64]]:
        """Return each state's new disputes a year from ``start`` up to the day before ``end``, shape (len(OUTCOMES),) in that order.

        "Outsiders" are those not among ``members``, and "within" means disputes with one of them.
        """
        at = (self.day >= start.toordinal()) & (self.day < end.toordinal())
        rows = self.pairs[at]
        opponent_in = np.isin(rows[:, 2], sorted(members))
        begins = rows[:, 3] == 1
        out: dict[int, NDArray[np.float64]] = {}
        chosen = (
            np.ones(len(rows), dtype=np.bool_),
            ~opponent_in,
            ~opponent_in & ~begins,
            ~opponent_in & begins,
            opponent_in,
        )
        for k, mask in enumerate(chosen):
            for code, count in zip(
                *np.unique(np.unique(rows[mask, :2], axis=0)[:, 1], return_counts=True), strict=True
            ):
                out.setdefault(int(code), np.zeros(len(OUTCOMES)))[k] = count
        years = end.year - start.year
        return {c: v / years for c, v in out.items()}


@dataclass(frozen=True)
class Aftermath:
    """What followed one pact, means over its members.

    Attributes
    ----------
    before, after : float array, shape (len(OUTCOMES),)
        New disputes a member and year.
    against : dict of str to float array
        The change under each of `NULLS`; NaN where there was nobody to compare with.
    members, matched : int
        Members that were states throughout; of them those with a match.
    """

    before: NDArray[np.float64]
    after: NDArray[np.float64]
    against: dict[str, NDArray[np.float64]]
    members: int
    matched: int


def aftermath(record: Record, members: Sequence[int], date: dt.date) -> Aftermath | None:
    """Return what followed a pact; None where the data do not cover ten years around it or no member was a state throughout.

    Parameters
    ----------
    record : Record
    members : sequence of int
        Correlates of War codes of the signatories.
    date : datetime.date
        Day of signature, which is in neither window.
    """
    start, end = plus_years(date, -WINDOW), plus_years(date, WINDOW)
    if start < record.first or end > record.last:
        return None
    there, inside = record.throughout(start, end), set(members)
    ours = sorted(inside & there)
    if not ours:
        return None
    day = dt.timedelta(days=1)
    before, after = record.rates(inside, start, date), record.rates(inside, date + day, end + day)
    zero = np.zeros(len(OUTCOMES))
    change = {c: after.get(c, zero) - before.get(c, zero) for c in there}
    early = plus_years(date, -2 * WINDOW)
    longer = record.throughout(early, end) if early >= record.first else set()
    past = record.rates(inside, early, start) if longer else {}
    trend = {c: before.get(c, zero) - past.get(c, zero) for c in longer}
    majors = record.major(date)
    peers = {standing: sorted(c for c in there - inside if (c in majors) == standing) for standing in (True, False)}
    known: dict[str, list[NDArray[np.float64]]] = {name: [] for name in NULLS}
    matched = 0
    for c in ours:
        like = peers[c in majors]
        known["change"].append(change[c])
        known["peers"].append(change[c] - _mean(change, like))
        nearest = _nearest(record, c, like, before, date.year - 1)
        matched += bool(nearest)
        known["matched"].append(change[c] - _mean(change, nearest))
        if c in longer:
            known["earlier"].append(trend[c] - _mean(trend, [p for p in like if p in longer]))
    return Aftermath(
        np.mean([before.get(c, zero) for c in ours], axis=0), np.mean([after.get(c, zero) for c in ours], axis=0),
        {name: _known_mean(rows) for name, rows in known.items()}, len(ours), matched,
    )  # fmt: skip


def _nearest(
    record: Record, code: int, like: list[int], before: dict[int, NDArray[np.float64]], year: int
) -> list[int]:
    """Return the states whose rate of disputes before was nearest, ties by capability and then by code."""
    zero = np.zeros(len(OUTCOMES))
    own, size = before.get(code, zero)[0], record.cinc.get((code, year))

    def distance(other: int) -> tuple[float, float, int]:
        theirs = record.cinc.get((other, year))
        apart = abs(np.log(theirs / size)) if theirs and size else np.inf
        return round(abs(before.get(other, zero)[0] - own), 9), apart, other

    return sorted(like, key=distance)[:NEAREST]


def _mean(values: dict[int, NDArray[np.float64]], codes: Sequence[int]) -> NDArray[np.float64]:
    """Return the mean over other states, NaN without any, and for the outcome that they have no counterpart of."""
    out = np.mean([values[c] for c in codes], axis=0) if codes else np.full(len(OUTCOMES), np.nan)
    out[ALONE] = np.nan
    return out


def _known_mean(rows: list[NDArray[np.float64]]) -> NDArray[np.float64]:
    """Return the mean over the rows that are known, NaN without any."""
    known = [r for r in rows if not np.isnan(r[0])]
    return np.mean(known, axis=0) if known else np.full(len(OUTCOMES), np.nan)


def over_pacts(
    values: NDArray[np.float64], cluster: NDArray[np.int64], *, seed: int, draws: int = DRAWS
) -> list[tuple[float, float, float, int]]:
    """Return of each column the mean over pacts, its 90 % interval over resampled clusters of pacts, and how many pacts are known.

    Mean and interval are NaN for fewer than two clusters: one pact says nothing of how far another would be off.

    Parameters
    ----------
    values : array, shape (n_pacts, n_columns)
        NaN where unknown.
    cluster : int array, shape (n_pacts,)
    seed, draws : int
    """
    known = ~np.isnan(values)
    filled = np.where(known, values, 0.0)
    counts = [len(np.unique(cluster[k])) for k in known.T]
    if max(counts, default=0) < 2:
        return [(float("nan"), float("nan"), float("nan"), int(k.sum())) for k in known.T]
    weights = np.stack(list(cluster_weights(cluster, draws, seed)))
    there = weights @ known.astype(np.float64)
    means = np.divide(weights @ filled, there, out=np.full(there.shape, np.nan), where=there > 0)
    out = []
    for k, clusters in enumerate(counts):
        n = int(known[:, k].sum())
        if clusters < 2:
            out.append((float("nan"), float("nan"), float("nan"), n))
        else:
            low, high = np.nanquantile(means[:, k], [0.05, 0.95])
            out.append((float(values[known[:, k], k].mean()), float(low), float(high), n))
    return out
