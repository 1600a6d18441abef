"""Allies of a state and how long they stay before and after the middle of the twentieth century; density of alliances and rivalries before 1914.

The rules are those of ``docs/decisions/0022-the-debate-on-deterrence.md``. Says how many, not why.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from foedus import panel as panels
from foedus.errors import DataError
from foedus.extras import require
from foedus.panel.portfolios import formal_levels
from foedus.studies.peace_facts_wars import times_drawn

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl
    from numpy.typing import NDArray

    from foedus.data.store import DataDir

ALLIES_PUBLISHED, LASTING_PUBLISHED = (2.525, 10.523), (0.56, 0.96)
"""Allies of a state, and share of ties that are there after five years [JacksonNei2015]_ [M]."""
KINDS = ("ATOP, any pact", "ATOP, defence", "COW, formal alliance")
WINDOWS = ((1820, 1949, 1950, 2000), (1816, 1950, 1951, 2000), (1816, 1944, 1946, 2000))
STEP = 5
"""Years after which a tie is looked for again, and years in a block that is resampled whole."""
FIRST, LAST = 1816, 2005
BEFORE_WAR = (1900, 1913)
EUROPE = (200, 399)
OTTOMAN = 640
HOSTILE = 0.25
"""The lesser of the two steps of rivalry on the scale of Peace Data."""


@dataclass(frozen=True)
class Change:
    """A mean in two windows, by one rule: ``value`` of both, ``ratio``, and the 95 % intervals of all three over resampled blocks of five years."""

    what: str
    kind: str
    rule: str
    window: tuple[int, int, int, int]
    value: tuple[float, float]
    low: tuple[float, float]
    high: tuple[float, float]
    ratio: float
    ratio_low: float
    ratio_high: float


@dataclass(frozen=True)
class Density:
    """Share of pairs with a tie by year, and its trend.

    ``slope`` points of per cent a year with the 95 % interval, errors by Newey and West with two lags; ``n`` ties and ``pairs`` by year.
    """

    kind: str
    where: str
    year: NDArray[np.int64]
    n: NDArray[np.int64]
    pairs: NDArray[np.int64]
    slope: tuple[float, float, float]

    @property
    def share(self) -> NDArray[np.float64]:
        """Share of pairs, per cent."""
        return 100.0 * self.n / self.pairs


def _panel(folder: DataDir, first: int, last: int) -> pl.DataFrame:
    """Return undirected pairs by year with their ATOP pacts."""
    made = panels.add_atop_alliance(panels.create_dyad_years(first, last, directed=False, data_dir=folder))
    return made.frame


def ties_by_kind(folder: DataDir) -> tuple[pl.DataFrame, dict[str, pl.DataFrame | None]]:
    """Return all pairs by year, and the allied ones by kind; None for a kind whose file is not there.

    Returns
    -------
    pairs : polars.DataFrame
        ``ccode1, ccode2, year``, members of the Correlates of War's list on a same day of the year.
    ties : dict of str to polars.DataFrame or None
        The same columns.
    """
    import polars as pl

    frame, keys = _panel(folder, FIRST, LAST), ["ccode1", "ccode2", "year"]
    defence = (pl.col("defense12") == 1) | (pl.col("defense21") == 1)
    try:
        levels = formal_levels(folder.table("cow_alliances"), folder.provenance("cow_alliances").last_year, "year")
        formal = frame.select(keys).join(_undirected(levels), on=keys, how="semi")
    except DataError:
        formal = None
    return frame.select(keys), dict(
        zip(KINDS, (frame.filter(pl.col("atop_alliance") == 1).select(keys), frame.filter(defence).select(keys), formal), strict=True)
    )  # fmt: skip


def _undirected(levels: pl.DataFrame) -> pl.DataFrame:
    """Return the tied pairs of a table of levels, lower code first."""
    import polars as pl

    low, high = pl.min_horizontal("ccode1", "ccode2"), pl.max_horizontal("ccode1", "ccode2")
    return levels.filter(pl.col("level") > 0).select(low.alias("ccode1"), high.alias("ccode2"), "year").unique()


def changes(folder: DataDir, *, draws: int = 1000, seed: int = 1) -> tuple[tuple[Change, ...], tuple[str, ...]]:
    """Return allies of a state and five-year survival under every rule, and the kinds that are not at hand."""
    import polars as pl

    pairs, ties = ties_by_kind(folder)
    years = np.arange(FIRST, LAST + 1)
    states = _by_year(_members(pairs), years)
    out = []
    for kind, tied in ties.items():
        if tied is None:
            continue
        degree = np.divide(2.0 * _by_year(tied, years), states)
        ones = np.ones(len(years))
        ways = [
            ("allies of a state", "mean over years", degree, ones),
            ("allies of a state", "mean over states and years", degree * states, states),
        ]
        later = tied.with_columns(pl.col("year") - STEP)
        still = tied.join(later, on=["ccode1", "ccode2", "year"], how="semi")
        alive = tied.join(pairs.with_columns(pl.col("year") - STEP), on=["ccode1", "ccode2", "year"], how="semi")
        held, there, both = (_by_year(t, years) for t in (still, tied, alive))
        some, share = (there > 0).astype(np.float64), np.divide(held, there, out=np.zeros(len(years)), where=there > 0)
        what = f"still there after {STEP} years"
        ways += [
            (what, "of all ties", held, there),
            (what, "of ties whose states still exist", held, both),
            (what, "mean over years", share, some),
        ]
        out += [_change(text, kind, rule, w, top, base, years, draws, seed) for text, rule, top, base in ways for w in WINDOWS]  # fmt: skip
    return tuple(out), tuple(k for k, t in ties.items() if t is None)


def _members(pairs: pl.DataFrame) -> pl.DataFrame:
    """Return the states of pairs by year."""
    import polars as pl

    parts = [pairs.select(pl.col(c).alias("ccode"), "year") for c in ("ccode1", "ccode2")]
    return pl.concat(parts).unique()


def _by_year(rows: pl.DataFrame, years: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the number of rows in each year."""
    found = rows["year"].to_numpy().astype(np.int64) - int(years[0])
    return np.bincount(found[(found >= 0) & (found < len(years))], minlength=len(years)).astype(np.float64)


def _change(
    what: str, kind: str, rule: str, window: tuple[int, int, int, int], top: NDArray[np.float64], base: NDArray[np.float64],
    years: NDArray[np.int64], draws: int, seed: int,
) -> Change:  # fmt: skip
    """Return a ratio of sums in two windows; years whose base is 0 add nothing."""
    spans = []
    for k, (first, last) in enumerate((window[:2], window[2:])):
        inside = (years >= first) & (years <= last)
        block = (years[inside] - first) // STEP
        sums = [np.bincount(block, v[inside]) for v in (top, base)]
        weight = times_drawn(len(sums[0]), draws, seed + k)
        spans.append((sums[0].sum() / sums[1].sum(), (weight @ sums[0]) / (weight @ sums[1])))
    value = (float(spans[0][0]), float(spans[1][0]))
    ends = [np.quantile(v, [0.025, 0.975]) for v in (spans[0][1], spans[1][1], spans[1][1] / spans[0][1])]
    return Change(
        what, kind, rule, window, value, (float(ends[0][0]), float(ends[1][0])), (float(ends[0][1]), float(ends[1][1])), value[1] / value[0],
        float(ends[2][0]), float(ends[2][1]),
    )  # fmt: skip


def densities(folder: DataDir, years: tuple[int, int] = BEFORE_WAR) -> tuple[Density, ...]:
    """Return the density of pacts and of rivalries by year, among all states and among those of Europe (with the Ottoman Empire).

    Parameters
    ----------
    folder : DataDir
    years : (int, int)
        First and last.
    """
    import polars as pl

    panel = panels.add_atop_alliance(panels.create_dyad_years(*years, directed=False, data_dir=folder))
    frame = panels.add_peace_scale(panels.add_strategic_rivalries(panel)).frame
    kinds = {
        "ATOP, any pact": pl.col("atop_alliance") == 1, "ATOP, defence": (pl.col("defense12") == 1) | (pl.col("defense21") == 1),
        "rivalries, Thompson": pl.col("rivalry") == 1, "rivalries, Peace Data": (pl.col("peace_scale") <= HOSTILE).fill_null(value=False),
    }  # fmt: skip
    inside = pl.all_horizontal(pl.col(c).is_between(*EUROPE) | (pl.col(c) == OTTOMAN) for c in ("ccode1", "ccode2"))
    span = np.arange(years[0], years[1] + 1)
    out = []
    for where, rows in (("all states", frame), ("Europe", frame.filter(inside))):
        pairs = _by_year(rows, span)
        for kind, tied in kinds.items():
            n = _by_year(rows.filter(tied), span)
            out.append(Density(kind, where, span, n.astype(np.int64), pairs.astype(np.int64), trend(100.0 * n / pairs, span)))  # fmt: skip
    return tuple(out)


def trend(values: NDArray[np.float64], years: NDArray[np.int64], *, lags: int = 2) -> tuple[float, float, float]:
    """Return the slope of values over years with its 95 % interval, errors that let ``lags`` neighbouring years go together [NeweyWest1987]_.

    Examples
    --------
    >>> [round(x, 3) for x in trend(np.array([1.0, 2.0, 3.0, 4.0]), np.arange(4))]
    [1.0, 1.0, 1.0]
    """
    require("A slope over years", "statsmodels")
    import statsmodels.api as sm

    made: Callable[..., object] = sm.OLS(values, sm.add_constant(years.astype(np.float64) - years.mean())).fit
    fit = made(cov_type="HAC", cov_kwds={"maxlags": lags, "use_correction": True}, use_t=True)
    low, high = np.asarray(fit.conf_int(0.05))[1]  # type: ignore[attr-defined]
    return float(fit.params[1]), float(low), float(high)  # type: ignore[attr-defined]
