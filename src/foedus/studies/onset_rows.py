"""Rows for the onset of disputes and wars: directed pairs by year, with who would come to whose help.

The rules are those of ``docs/decisions/0015-onset-with-expected-support.md``. Values come from the system of 1 January by the engine's own code. Fits
nothing.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import numpy as np

from foedus.data.store import DataDir
from foedus.kernels import streams
from foedus.studies import joining_parts as of
from foedus.system.real import system as real_system
from foedus.war.field import ground
from foedus.war.support import expected_support, mean_ground, onset_terms

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

    from numpy.typing import NDArray

FIRST, LAST = 1816, 2010
WARS_LAST = 2007
INPUT_DRAWS = 16
FAR_SHARE = 20
"""One in so many of the pairs without border or great power is a row, with so much weight."""
LONG = 150.0
"""Years of peace of a pair without a dispute on record."""


@dataclass(frozen=True)
class OnsetRows:
    """Directed pairs by year, n of them.

    ``x`` (n, len(TERMS)); ``dispute``, ``war`` whether one began (war NaN after 2007); ``year``; ``attacker``, ``attacked`` codes; ``pair`` label
    of the unordered pair; ``weight``; and for the baselines ``last`` (a dispute began in the year before), ``peace`` (years since the pair's last
    dispute began), ``pledged`` (a defence pledge of anybody to the attacked), ``allied`` (a defence pledge between the two).
    """

    x: NDArray[np.float32]
    dispute: NDArray[np.int8]
    war: NDArray[np.float32]
    year: NDArray[np.int32]
    attacker: NDArray[np.int32]
    attacked: NDArray[np.int32]
    pair: NDArray[np.int32]
    weight: NDArray[np.float32]
    last: NDArray[np.bool_]
    peace: NDArray[np.float32]
    pledged: NDArray[np.bool_]
    allied: NDArray[np.bool_]

    def take(self, which: NDArray[np.int64] | NDArray[np.bool_]) -> OnsetRows:
        """Return some rows."""
        return replace(self, **{f.name: getattr(self, f.name)[which] for f in fields(self)})


def onset_rows(
    *, data_dir: DataDir | str | os.PathLike[str] | None = None, first: int = FIRST, last: int = LAST, progress: Callable[[float], None] | None = None
) -> OnsetRows:  # fmt: skip
    """Return the rows of some years; some minutes for all of them.

    Parameters
    ----------
    data_dir : DataDir, str or Path, optional
    first, last : int
    progress : callable, optional
        Called with the share done.

    Raises
    ------
    DataError
        Data sets that are not there.

    References
    ----------
    [Gibler2016]_, [Sarkees2010]_
    """
    folder = DataDir.of(data_dir)
    disputes, wars = _began(folder, "disputes"), _began(folder, "wars")
    latest: dict[int, int] = {}
    for a, b, year in sorted(disputes, key=lambda t: t[2]):
        if year < first:
            latest[_label(a, b)] = year
    before = {(a, b) for a, b, year in disputes if year == first - 1}
    parts: list[tuple[NDArray, ...]] = []
    for year in range(first, last + 1):
        parts.append(_year(folder, year, disputes, wars, latest, before))
        before = {(a, b) for a, b, when in disputes if when == year}
        latest |= {_label(a, b): year for a, b in before}
        if progress is not None:
            progress((year - first + 1) / (last - first + 1))
    return OnsetRows(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _label(a: int, b: int) -> int:
    """Return the label of an unordered pair of codes."""
    return min(a, b) * 1000 + max(a, b)


def _began(folder: DataDir, source: of.Source) -> set[tuple[int, int, int]]:
    """Return attacker, attacked and year of each onset: pairs of those in it from the first day, side A on side B."""
    parts = of.participants(folder, source).filter("original")
    both = parts.join(parts, on="event")
    rows = both.select("ccode", "side", "ccode_right", "side_right", "start").rows()
    return {(a, b, day.year) for a, s, b, t, day in rows if s == 0 and t == 1}


def _year(
    folder: DataDir, year: int, disputes: set[tuple[int, int, int]], wars: set[tuple[int, int, int]], latest: dict[int, int],
    before: set[tuple[int, int]],
) -> tuple[NDArray, ...]:  # fmt: skip
    """Return the columns of one year."""
    system = real_system(dt.date(year, 1, 1), data_dir=folder.path)
    said = mean_ground(ground(system, seed=1, outer=INPUT_DRAWS))
    values = onset_terms(said, expected_support(said, year))
    codes = np.array([a.cow for a in system.actors], dtype=np.int64)
    n, major = len(codes), said.major > 0
    i, j = np.nonzero(~np.eye(n, dtype=np.bool_))
    close = (said.near[i, j] == 1) | major[i] | major[j]
    key = (
        codes[i].astype(np.uint64) * np.uint64(10_000_000)
        + codes[j].astype(np.uint64) * np.uint64(10_000)
        + np.uint64(year)
    )
    keep = close | (streams.uniforms(1, key, 1)[0] < 1 / FAR_SHARE)
    weight = np.where(close, 1.0, float(FAR_SHARE))
    place = {int(c): k for k, c in enumerate(codes)}
    came = [np.zeros((n, n), dtype=np.bool_) for _ in range(3)]
    for table, kind in ((disputes, 0), (wars, 1)):
        for a, b, when in table:
            if when == year and a in place and b in place:
                came[kind][place[a], place[b]] = True
    for a, b in before:
        if a in place and b in place:
            came[2][place[a], place[b]] = True
    keep |= came[0][i, j] | came[1][i, j]
    weight = np.where(came[0][i, j] | came[1][i, j], 1.0, weight)
    i, j, weight = i[keep], j[keep], weight[keep]
    pledges = said.pledges
    defence = np.zeros((n, n), dtype=np.bool_)
    fights = pledges.kind == 0
    defence[pledges.by[fights], pledges.to[fights]] = True
    mutual = np.stack([defence, defence.T]).any(axis=0)
    label = np.minimum(codes[i], codes[j]) * 1000 + np.maximum(codes[i], codes[j])
    peace = np.array([year - latest[p] if p in latest else LONG for p in label.tolist()])
    war = came[1][i, j].astype(np.float32) if year <= WARS_LAST else np.full(len(i), np.nan, dtype=np.float32)
    full = np.ones(len(i), dtype=np.int32)
    return (
        values[i, j].astype(np.float32), came[0][i, j].astype(np.int8), war, full * year, codes[i].astype(np.int32), codes[j].astype(np.int32),
        label.astype(np.int32), weight.astype(np.float32), came[2][i, j], peace.astype(np.float32),
        np.asarray(defence.any(axis=0))[j], np.asarray(mutual)[i, j],
    )  # fmt: skip
