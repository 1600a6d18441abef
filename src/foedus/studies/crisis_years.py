"""The international interaction game of all directed pairs of states over two centuries, beside what was published and what happened.

Every ordered pair of members of the Correlates of War system plays the game of `foedus.kernels.crisis_game` once a year. `Years.distribution` sets
the ends beside those that Bennett and Stam print [BennettStam2000]_, `Years.observed` beside disputes and wars that began. Fits nothing; inputs are
taken at their recorded values, so that the counts carry no interval of their own.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus import panel
from foedus.data.store import DataDir
from foedus.errors import CoverageError, message, parameter
from foedus.kernels import portfolios
from foedus.kernels.crisis_game import OUTCOMES, UNKNOWN, Costs, exponent, payoffs, solve, utilities
from foedus.kernels.prevail import chances
from foedus.panel.alliances import directed_years
from foedus.security.expected_utility import LEVELS, MEASURES, miles_per_day, strengths
from foedus.security.interaction import check_attitude, published_costs

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterator

    import polars as pl
    from numpy.typing import NDArray

    from foedus.panel.panel import At
    from foedus.security.expected_utility import Measure
    from foedus.security.interaction import Attitude

FIRST, LAST = 1816, 2010
"""Years that all inputs and the list of disputes cover."""
SOURCES = (
    "cow_states",
    "atop5_1m",
    "cow_nmc",
    "cow_capitals",
    "cow_contdir",
    "cow_majors",
    "gml_dirdisp",
    "cow_war_inter",
)
PUBLISHED = {
    "all": {"SQ": 0.12, "NEGO": 0.61, "ACQ_A": 0.0007, "ACQ_B": 0.005, "WAR_A": 0.29},
    "relevant": {"SQ": 0.15, "NEGO": 0.65, "ACQ_A": 0.001, "ACQ_B": 0.01, "WAR_A": 0.22},
}
"""Shares of ends over 810,900 directed dyad-years 1816-1984, Bennett and Stam 2000, p. 465; those of all pairs add up to 1.026."""
FORCE = ("SQ", "ACQ_A", "ACQ_B", "NEGO", "CAP_A", "CAP_B", "WAR_B", "WAR_A")
"""Ends from the least to the most forceful: a pair is counted under the more forceful of its two orders."""


@dataclass(frozen=True)
class World:
    """What the game needs of one year: n states by code, unknown NaN.

    ``codes`` (n,), ``levels`` int8 (n, n), ``share`` (n,), ``km`` (n, n), ``land`` bool (n, n).
    """

    year: int
    codes: NDArray[np.int64]
    levels: NDArray[np.int8]
    share: NDArray[np.float64]
    km: NDArray[np.float64]
    land: NDArray[np.bool_]


@dataclass(frozen=True)
class Years:
    """Ends of the game by directed pair and year.

    ``frame``: ``year, ccode1, ccode2`` (A moves first), ``outcome`` (position in ``OUTCOMES``, null unknown), ``tie`` (a mover on the way was
    indifferent), ``p1, p2`` (each side's own estimate of its chance), ``risk1, risk2``, ``relevant``, ``dispute``, ``war`` (of the pair, began in the
    year).
    """

    frame: pl.DataFrame
    measure: Measure
    risk: Attitude
    at: At
    costs: Costs
    sources: dict[str, str]

    @property
    def unknown(self) -> int:
        """Directed pair-years whose end is unknown, as capability, a capital or similarity is."""
        return int(self.frame["outcome"].null_count())

    def distribution(self, first: int = FIRST, last: int = LAST) -> pl.DataFrame:
        """Return the share of each end, of all pairs and of politically relevant ones, beside the published shares (of 1816-1984)."""
        import polars as pl

        known = self.frame.filter(pl.col("outcome").is_not_null(), pl.col("year").is_between(first, last))
        groups = {"all": known, "relevant": known.filter("relevant")}
        rows = []
        for k, name in enumerate(OUTCOMES):
            row: dict[str, Any] = {"outcome": name}
            for group, part in groups.items():
                row |= {f"n_{group}": int((part["outcome"] == k).sum())}
                row |= {
                    f"{group}": row[f"n_{group}"] / part.height if part.height else None,
                    f"published_{group}": PUBLISHED[group].get(name),
                }
            rows.append(row)
        return pl.DataFrame(rows)

    def observed(self, *, relevant: bool = False, level: float = 0.9) -> pl.DataFrame:
        """Return how often a dispute or a war of the pair began in the year, by the more forceful end of its two orders.

        Intervals are Wilson's and treat pair-years as independent, so that they are too narrow.
        """
        import polars as pl

        force = np.array([FORCE.index(o) for o in OUTCOMES], dtype=np.int8)
        known = self.frame.filter(pl.col("outcome").is_not_null())
        known = known.filter("relevant") if relevant else known
        strongest = known.with_columns(pl.Series("force", force[known["outcome"].to_numpy()]))
        low, high = pl.min_horizontal("ccode1", "ccode2"), pl.max_horizontal("ccode1", "ccode2")
        pairs = strongest.group_by("year", low.alias("low"), high.alias("high")).agg(
            pl.col("force", "dispute", "war").max()
        )
        rows = []
        for k, name in enumerate(FORCE):
            part = pairs.filter(pl.col("force") == k)
            row: dict[str, Any] = {"outcome": name, "n": part.height}
            for event in ("dispute", "war"):
                row |= _rate(event, part[event].drop_nulls(), level)
            rows.append(row)
        return pl.DataFrame(rows, infer_schema_length=None)

    def to_dict(self) -> dict[str, Any]:
        """Return a plain form, without the pairs themselves."""
        return {
            "standing": "derived", "n": self.frame.height, "unknown": self.unknown, "ties": int(self.frame["tie"].sum()), "measure": self.measure,
            "risk": self.risk, "at": self.at, "costs": self.costs._asdict(), "distribution": self.distribution().to_dicts(),
            "observed": self.observed().to_dicts(), "observed_relevant": self.observed(relevant=True).to_dicts(), "sources": self.sources,
        }  # fmt: skip


def _rate(event: str, happened: pl.Series, level: float) -> dict[str, Any]:
    """Return how many of the pairs an event befell, and its rate with Wilson's interval; unknown of nothing."""
    from scipy.stats import binomtest

    count = int(happened.sum())
    if not len(happened):
        return {f"{event}s": 0, f"{event}_rate": None, f"{event}_low": None, f"{event}_high": None}
    low, high = binomtest(count, len(happened)).proportion_ci(level, "wilson")
    return {
        f"{event}s": count,
        f"{event}_rate": count / len(happened),
        f"{event}_low": float(low),
        f"{event}_high": float(high),
    }


def crisis_years(
    first: int = FIRST, last: int = LAST, data_dir: DataDir | str | os.PathLike[str] | None = None, *, measure: Measure = "tau_b",
    risk: Attitude = "portfolio", costs: Costs | None = None, at: At = "year", workers: int = 1, progress: Callable[[float], None] | None = None,
) -> Years:  # fmt: skip
    """Return the end of the game for every directed pair of states in every year.

    Parameters
    ----------
    first, last : int
    data_dir : DataDir, str or Path, optional
        Folder with the published files.
    measure : {"tau_b", "s_abs"}
        Similarity of portfolios of ATOP pledges.
    risk : "portfolio" or float
        As of `foedus.security.interaction.crisis`.
    costs : Costs, optional
        By default the published ones.
    at : {"year", "jan1"}
        Pledges, borders and capitals on any day of the year and capability of the year, as the field counts them; or as of 1 January, with
        capability of the year before.
    workers : int
        Threads; the result does not depend on them.
    progress : callable, optional
        Called with the share done.

    Raises
    ------
    CoverageError
        Years outside `FIRST` to `LAST`, or ``first`` after ``last``.
    DataError
        A published file is not there.
    ParameterError
        Another argument outside its range.

    Examples
    --------
    >>> crisis_years(1900, 1914, "/data").distribution()  # doctest: +SKIP
    """
    if not FIRST <= first <= last <= LAST:
        raise CoverageError(
            message("Years of the game", got=f"{first}-{last}", expected=f"a range within {FIRST}-{LAST}")
        )
    check_attitude(risk)
    for name, value, known in (("measure", measure, MEASURES), ("at", at, ("year", "jan1"))):
        if value not in known:
            raise parameter(name, value, f"one of {', '.join(known)}")
    if workers < 1:
        raise parameter("workers", workers, "an integer of at least 1")
    store = DataDir.of(data_dir)
    paid = costs or published_costs()
    pairs = _pairs(first, last, store, at)
    worlds = list(_worlds(pairs, first, last, store, at))
    frames = []
    with ThreadPoolExecutor(workers) as pool:
        for k, frame in enumerate(pool.map(lambda w: play(w, measure=measure, risk=risk, costs=paid), worlds)):
            frames.append(frame)
            if progress is not None:
                progress((k + 1) / len(worlds))
    return Years(
        _with_events(frames, pairs), measure, risk, at, paid, {s: store.provenance(s).version for s in SOURCES}
    )


def play(world: World, *, measure: Measure, risk: Attitude, costs: Costs) -> dict[str, NDArray[Any]]:
    """Return the ends of all directed pairs of one year, as columns."""
    n = len(world.codes)
    similarity = portfolios.alike(world.levels, measure)
    strength = strengths(world.share, world.km, world.land, miles_per_day(world.year))
    if risk == "portfolio":
        attitude = portfolios.risk(world.levels, strength, world.share, measure=measure, known=similarity).attitude
    else:
        attitude = np.full(n, float(risk))
    first, second = chances(similarity, strength, attitude)
    i, j = np.nonzero(~np.eye(n, dtype=np.bool_))
    r = exponent(attitude)
    alike = similarity[i, j]
    p1, p2 = first[i, j], second[j, i]
    solved = solve(payoffs(utilities(alike, r[i]), utilities(alike, r[j]), p1, p2, costs))
    return {
        "year": np.full(len(i), world.year, np.int32), "ccode1": world.codes[i].astype(np.int32), "ccode2": world.codes[j].astype(np.int32),
        "outcome": solved.outcome, "tie": solved.tie, "p1": p1.astype(np.float32), "p2": p2.astype(np.float32),
        "risk1": attitude[i].astype(np.float32), "risk2": attitude[j].astype(np.float32),
    }  # fmt: skip


def _pairs(first: int, last: int, store: DataDir, at: At) -> pl.DataFrame:
    """Return undirected pairs by year with geography and what began between them."""
    import polars as pl

    made = (
        panel.create_dyad_years(first, last, directed=False, data_dir=store)
        .pipe(panel.add_contiguity, at=at).pipe(panel.add_capital_distance, at=at).pipe(panel.add_cow_majors, at=at)
        .pipe(panel.add_gml_mids, keep=[]).pipe(panel.add_cow_wars)
    )  # fmt: skip
    near, major = pl.col("conttype") >= 1, (pl.col("cowmaj1") == 1) | (pl.col("cowmaj2") == 1)
    return made.frame.select(
        "ccode1", "ccode2", "year", "conttype", "capdist", (near | major).fill_null(value=False).alias("relevant"),
        pl.col("gmlmidonset").alias("dispute"), pl.col("cowinteronset").alias("war"),
    )  # fmt: skip


def _worlds(pairs: pl.DataFrame, first: int, last: int, store: DataDir, at: At) -> Iterator[World]:
    """Yield what the game needs of each year."""
    import polars as pl

    members = store.table("atop5_1m")
    owed = directed_years(members, store.provenance("atop5_1m").last_year, at)
    level = pl.max_horizontal(*(pl.col(p) * k for p, k in LEVELS.items())).cast(pl.Int8).alias("level")
    ties = {
        int(y[0]): t
        for y, t in owed.select("ccode1", "ccode2", "year", level).filter(pl.col("level") > 0).group_by("year")
    }
    shift = 0 if at == "year" else 1
    nmc = store.table("cow_nmc").select("ccode", pl.col("year") + shift, "cinc")
    shares = {int(y[0]): dict(t.select("ccode", "cinc").iter_rows()) for y, t in nmc.group_by("year")}
    for (year,), block in pairs.group_by("year", maintain_order=True):
        codes = np.unique(np.concatenate([block["ccode1"].to_numpy(), block["ccode2"].to_numpy()])).astype(np.int64)
        one, two = (np.searchsorted(codes, block[c].to_numpy()) for c in ("ccode1", "ccode2"))
        km, land = np.full((len(codes),) * 2, np.nan), np.zeros((len(codes),) * 2, dtype=np.bool_)
        km[one, two] = km[two, one] = block["capdist"].fill_null(float("nan")).to_numpy()
        land[one, two] = land[two, one] = (block["conttype"] == 1).fill_null(value=False).to_numpy()
        found = shares.get(int(year), {})
        share = np.array([np.nan if found.get(int(c)) is None else found[int(c)] for c in codes])
        yield World(int(year), codes, _levels(codes, ties.get(int(year))), share, km, land)


def _levels(codes: NDArray[np.int64], ties: pl.DataFrame | None) -> NDArray[np.int8]:
    """Return portfolios of pledges, the greater of both directions, 3 with oneself."""
    out = np.zeros((len(codes),) * 2, dtype=np.int8)
    if ties is not None:
        one, two = (np.searchsorted(codes, ties[c].to_numpy()).clip(max=len(codes) - 1) for c in ("ccode1", "ccode2"))
        here = (codes[one] == ties["ccode1"].to_numpy()) & (codes[two] == ties["ccode2"].to_numpy())
        np.maximum.at(out, (one[here], two[here]), ties["level"].to_numpy()[here])
    out = np.maximum(out, out.T)
    np.fill_diagonal(out, portfolios.TOP)
    return out


def _with_events(frames: list[dict[str, NDArray[Any]]], pairs: pl.DataFrame) -> pl.DataFrame:
    """Return all years as one frame, with who is relevant and what began between the two."""
    import polars as pl

    made = pl.DataFrame({c: np.concatenate([f[c] for f in frames]) for c in frames[0]})
    events = pairs.select("ccode1", "ccode2", "year", "relevant", "dispute", "war")
    swapped = events.rename({"ccode1": "ccode2", "ccode2": "ccode1"}).select(events.columns)
    both = pl.concat([events, swapped])
    outcome = pl.when(pl.col("outcome") != UNKNOWN).then("outcome")
    return made.with_columns(outcome, pl.col("p1", "p2").fill_nan(None)).join(
        both, on=["ccode1", "ccode2", "year"], how="left", validate="1:1", maintain_order="left"
    )
