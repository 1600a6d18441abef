"""Wars by pair of states and year before and after the middle of the twentieth century, under every rule of counting at hand.

The rules are those of ``docs/decisions/0022-the-debate-on-deterrence.md``. Says how often, not why.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

import numpy as np

from foedus import panel as panels
from foedus.estimate.resample import cluster_weights
from foedus.studies import joining_parts as of

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import NDArray

    from foedus.data.store import DataDir

LISTS: dict[str, int] = {"COW wars": 2003, "IWD": 2007, "GML, war": 2010, "COW MID, war": 2014}
"""Lists of wars, and the last year that each is counted to: disputes count where they reached war, hostility 5."""
PAIRS = ("war", "first day", "across", "list")
"""A war as one; pairs of its first day's participants; all pairs across its sides that fought at once; pairs of the dyadic list."""
COUNTS = ("onsets", "war-years")
SYSTEMS = ("cow", "gw")
WORLD_WARS = {"COW wars": (106, 139), "IWD": (38, 53), "GML, war": (257, 258), "COW MID, war": (257, 258)}
PUBLISHED = (0.00056, 0.00005)
"""Wars per pair of states and year, 1820-1949 and 1950-2000 [JacksonNei2015]_ [M]."""
MAIN = (1820, 1949, 1950, 2000)
WINDOWS = (
    MAIN, (1816, 1949, 1950, 2000), (1820, 1944, 1950, 2000), (1816, 1944, 1946, 2000), (1820, 1949, 1950, 2003), (1820, 1949, 1950, 2007),
)  # fmt: skip
WAR = 5

Who = Literal["war", "first day", "across", "list"]


@dataclass(frozen=True)
class Rate:
    """Wars per pair and year in two windows, by one rule.

    ``by_wars``, ``by_years``: ends of the 95 % interval of ``ratio`` over resampled wars, and over resampled years of each window; infinite where
    the second window may be left without a war.
    """

    source: str
    pairs: str
    count: str
    system: str
    world_wars: bool
    window: tuple[int, int, int, int]
    n: tuple[int, int]
    rate: tuple[float, float]
    ratio: float
    by_wars: tuple[float, float]
    by_years: tuple[float, float]

    @property
    def meets(self) -> tuple[bool, bool]:
        """Whether each rate has the published digits."""
        return round(self.rate[0], 5) == PUBLISHED[0], round(self.rate[1], 5) == PUBLISHED[1]


def fought(folder: DataDir, source: str) -> dict[str, pl.DataFrame]:
    """Return the pairs that fought in each war of a list, by who counts as a pair.

    Parameters
    ----------
    folder : DataDir
    source : str
        One of `LISTS`.

    Returns
    -------
    dict of str to polars.DataFrame
        By `PAIRS`: ``war, first, last``, the first and last year in which the pair fought.
    """
    import polars as pl

    across = _across(_parts(folder, source))
    listed = _listed(folder, source)
    whole = across.group_by("war").agg(pl.col("first").min(), pl.col("last").max())
    return {
        "war": whole, "first day": across.filter("original").select("war", "first", "last"), "across": across.select("war", "first", "last"),
        "list": listed,
    }  # fmt: skip


def _parts(folder: DataDir, source: str) -> pl.DataFrame:
    """Return the participants of a list's wars."""
    import polars as pl

    if source == "COW wars":
        return of.participants(folder, "wars")
    if source == "IWD":
        return of.participants(folder, "iwd")
    if source == "GML, war":
        level = folder.table("gml_mid_disps").filter(pl.col("hostlev") >= WAR)["dispnum"]
        return of.participants(folder, "disputes").filter(pl.col("event").is_in(level.implode()))
    table = folder.table("midb")
    level = table.filter(pl.col("hostlev") >= WAR)["dispnum"].unique()
    spells = table.filter(pl.col("dispnum").is_in(level.implode()))
    return spells.select(
        event="dispnum", ccode="ccode", side=pl.when(pl.col("side") == "A").then(0).otherwise(1), start="start", end="end", original="originator",
    )  # fmt: skip


def _across(parts: pl.DataFrame) -> pl.DataFrame:
    """Return the pairs of participants on different sides that were in at once: ``war, first, last, original``."""
    import polars as pl

    both = parts.filter(pl.col("side") == 0).join(
        parts.filter(pl.col("side") == 1), on="event", validate="m:m", suffix="2"
    )
    first, last = pl.max_horizontal("start", "start2"), pl.min_horizontal("end", "end2")
    pairs = both.filter((first <= last) & (pl.col("ccode") != pl.col("ccode2"))).select(
        "ccode", "ccode2", war=pl.col("event").cast(pl.Int64), first=first.dt.year(), last=last.dt.year(),
        original=pl.col("original") & pl.col("original2"),
    )  # fmt: skip
    return pairs.group_by("war", "ccode", "ccode2").agg(
        pl.col("first").min(), pl.col("last").max(), pl.col("original").any()
    )


def _listed(folder: DataDir, source: str) -> pl.DataFrame:
    """Return the pairs of a list that names them: ``war, first, last``."""
    import polars as pl

    if source == "COW wars":
        rows = folder.table("cow_dyadic_war").select(
            "ccode1", "ccode2", war="warnum", first=pl.col("start").dt.year(), last=pl.col("end").dt.year()
        )
    elif source == "IWD":
        rows = folder.table("iwd").select(
            ccode1="attacker", ccode2="target", war="larger_war_id", first=pl.col("start").dt.year(), last=pl.col("end").dt.year()
        )  # fmt: skip
    else:
        table = folder.table("gml_dirdisp" if source == "GML, war" else "cow_mid_dirdisps")
        rows = table.filter(pl.max_horizontal("hostlev1", "hostlev2") >= WAR).select(
            "ccode1", "ccode2", war="dispnum", first="year", last="year"
        )
    low, high = pl.min_horizontal("ccode1", "ccode2"), pl.max_horizontal("ccode1", "ccode2")
    return (
        rows.group_by(pl.col("war").cast(pl.Int64), low.alias("one"), high.alias("two"))
        .agg(pl.col("first").min(), pl.col("last").max())
        .select("war", "first", "last")
    )


def yearly(pairs: pl.DataFrame, count: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the war and the year of each thing counted: the first year of each pair, or every year from it to the last."""
    import polars as pl

    if count == "onsets":
        return pairs["war"].to_numpy(), pairs["first"].cast(pl.Int64).to_numpy()
    long = pairs.with_columns(year=pl.int_ranges(pl.col("first").cast(pl.Int64), pl.col("last").cast(pl.Int64) + 1))
    rows = long.explode("year", empty_as_null=False, keep_nulls=False)
    return rows["war"].to_numpy(), rows["year"].to_numpy()


def pair_years(folder: DataDir, system: str) -> dict[int, int]:
    """Return the number of pairs of states in each year."""
    import polars as pl

    first, last = WINDOWS[1][0], max(w[3] for w in WINDOWS)
    rows = panels.create_dyad_years(first, last, directed=False, system="gw" if system == "gw" else "cow", data_dir=folder)  # fmt: skip
    return dict(rows.frame.group_by("year").agg(pl.len()).iter_rows())


def rates(folder: DataDir, *, draws: int = 1000, seed: int = 1) -> tuple[Rate, ...]:
    """Return the rates under every combination of rules.

    Parameters
    ----------
    folder : DataDir
    draws, seed : int
        Of the resampled wars and years.
    """
    there = {s: pair_years(folder, s) for s in SYSTEMS}
    out = []
    for source, last in LISTS.items():
        by_who = fought(folder, source)
        for who in PAIRS:
            for count in COUNTS:
                war, year = yearly(by_who[who], count)
                for great in (True, False):
                    keep = np.ones(len(war), dtype=np.bool_) if great else ~np.isin(war, WORLD_WARS[source])
                    for window in WINDOWS:
                        if window[3] <= last:
                            spans = _spans(war[keep], year[keep], window, draws, seed)
                            out += [_rate((source, who, count, s, great, window), spans, there[s]) for s in SYSTEMS]
    return tuple(out)


@dataclass(frozen=True)
class _Spans:
    """What was counted in two windows: in all, by resampled wars (draws, 2), and by year."""

    n: tuple[int, int]
    by_wars: NDArray[np.float64]
    by_year: tuple[NDArray[np.float64], NDArray[np.float64]]
    draws: int
    seed: int


@lru_cache(maxsize=64)
def times_drawn(clusters: int, draws: int, seed: int) -> NDArray[np.float64]:
    """Return how often each cluster is in each resampled set, shape (draws, clusters); fewer than two are not resampled."""
    if clusters < 2:
        return np.ones((draws, clusters))
    return np.array(list(cluster_weights(np.arange(clusters), draws, seed)))


def _spans(
    war: NDArray[np.int64], year: NDArray[np.int64], window: tuple[int, int, int, int], draws: int, seed: int
) -> _Spans:  # fmt: skip
    """Return the counts of one rule in two windows."""
    a, b, c, d = window
    inside = [(year >= a) & (year <= b), (year >= c) & (year <= d)]
    labels, which = np.unique(war[inside[0] | inside[1]], return_inverse=True)
    each = np.zeros((len(labels), 2))
    either = np.flatnonzero(inside[0] | inside[1])
    for k in (0, 1):
        np.add.at(each[:, k], which, inside[k][either].astype(np.float64))
    by_wars = times_drawn(len(labels), draws, seed) @ each
    early = np.bincount(year[inside[0]] - a, minlength=b - a + 1).astype(np.float64)
    late = np.bincount(year[inside[1]] - c, minlength=d - c + 1).astype(np.float64)
    return _Spans((int(early.sum()), int(late.sum())), by_wars, (early, late), draws, seed)


def _rate(
    rule: tuple[str, str, str, str, bool, tuple[int, int, int, int]], spans: _Spans, there: dict[int, int]
) -> Rate:
    """Return the rates of one rule and system."""
    window = rule[5]
    years = (range(window[0], window[1] + 1), range(window[2], window[3] + 1))
    pairs = [np.array([there[y] for y in span], dtype=np.float64) for span in years]
    first, second = (n / p.sum() for n, p in zip(spans.n, pairs, strict=True))
    with np.errstate(divide="ignore", invalid="ignore"):
        by_wars = (spans.by_wars[:, 0] / pairs[0].sum()) / (spans.by_wars[:, 1] / pairs[1].sum())
        parts = []
        for k in (0, 1):
            weights = times_drawn(len(pairs[k]), spans.draws, spans.seed + k)
            parts.append((weights @ spans.by_year[k]) / (weights @ pairs[k]))
        by_years = parts[0] / parts[1]
        ratio = float(np.divide(first, second))
    return Rate(*rule, spans.n, (float(first), float(second)), ratio, _ends(by_wars), _ends(by_years))


def _ends(ratios: NDArray[np.float64]) -> tuple[float, float]:
    """Return the ends of the 95 % interval of resampled ratios; one without a war in the second window is infinite."""
    low, high = np.quantile(np.where(np.isnan(ratios), np.inf, ratios), [0.025, 0.975], method="inverted_cdf")
    return float(low), float(high)
