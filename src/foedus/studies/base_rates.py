"""How rare disputes and wars are: the share of pairs of states that begin one in a year, by who is counted, and what a pact changes within each.

These are the climatology that every forecast is scored against. Pairs are those of the COW system, undirected; disputes GML's; wars inter-state wars,
in which a pair begins when both are first at war with each other, joiners too. Counts only; fits nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from foedus import panel
from foedus.data.store import DataDir
from foedus.errors import parameter

if TYPE_CHECKING:
    import os

    import polars as pl

    from foedus.panel.panel import At

LAST_DISPUTE, LAST_WAR = 2010, 2003
"""Last years that are counted: of GML disputes, and of wars the year in which the last of the list began."""
Event = Literal["dispute", "war"]
SOURCES = ("cow_states", "gml_dirdisp", "cow_war_inter", "cow_contdir", "cow_majors", "atop5_1m")


@dataclass(frozen=True, slots=True)
class Rate:
    """Of ``n`` years of pairs of one ``group``, with or without a defence pact (None: all), those in which an ``event`` began, with its interval."""

    event: Event
    group: str
    pact: bool | None
    first_year: int
    last_year: int
    n: int
    events: int
    rate: float
    low: float
    high: float


@dataclass(frozen=True)
class BaseRates:
    """Base rates; intervals are Wilson's at ``level`` and treat pair-years as independent, so that they are too narrow."""

    rates: tuple[Rate, ...]
    level: float
    at: str
    sources: dict[str, str]

    def of(self, event: Event, group: str, *, pact: bool | None = None, since: int = 1816) -> Rate:
        """Return one rate.

        Raises
        ------
        ParameterError
            It was not counted.
        """
        for rate in self.rates:
            if (rate.event, rate.group, rate.pact, rate.first_year) == (event, group, pact, since):
                return rate
        raise parameter("event, group, pact, since", (event, group, pact, since), "one of those in `table()`")

    def table(self) -> pl.DataFrame:
        """Return one row per rate."""
        import polars as pl

        return pl.DataFrame([{name: getattr(r, name) for name in Rate.__slots__} for r in self.rates])

    def to_dict(self) -> dict[str, Any]:
        """Return a plain form."""
        return {"rates": self.table().rows(named=True), "level": self.level, "at": self.at, "sources": self.sources}


def base_rates(
    data_dir: DataDir | str | os.PathLike[str] | None = None, *, at: At = "year", level: float = 0.9
) -> BaseRates:
    """Return how often pairs of states begin a dispute or a war.

    Groups: ``all``; ``relevant`` (contiguous by land or up to 400 miles of water, or with a major power); ``land`` (a border on land); ``other``
    (not relevant). Disputes 1816-2010, wars 1816-2003 and from 1946; disputes of ``all`` and ``land`` by defence pact too: among all pairs those
    with a pact fight more often, among neighbours less, because it is neighbours that make pacts (Simpson's paradox).

    Parameters
    ----------
    data_dir : DataDir, str or Path, optional
        Folder with the published files.
    at : {"year", "jan1"}
        Contiguity, majors and pacts on any day of the year, as the field counts them, or as of 1 January.
    level : float
        Coverage of the intervals.

    Raises
    ------
    DataError
        A published file is not there.
    ParameterError
        An argument outside its range.
    """
    if not 0 < level < 1:
        raise parameter("level", level, "a coverage between 0 and 1")
    store = DataDir.of(data_dir)
    made = (
        panel.create_dyad_years(1816, LAST_DISPUTE, directed=False, data_dir=store)
        .pipe(panel.add_gml_mids, keep=[]).pipe(panel.add_cow_wars).pipe(panel.add_contiguity, at=at).pipe(panel.add_cow_majors, at=at)
        .pipe(panel.add_atop_alliance, at=at)
    )  # fmt: skip
    return BaseRates(counted(made.frame, level), level, at, {s: store.provenance(s).version for s in SOURCES})


def counted(pairs: pl.DataFrame, level: float) -> tuple[Rate, ...]:
    """Return the rates of a panel of pairs that has the columns of `base_rates`."""
    import polars as pl

    near, major = pl.col("conttype") >= 1, (pl.col("cowmaj1") == 1) | (pl.col("cowmaj2") == 1)
    relevant, pact = (near | major).fill_null(value=False), pl.max_horizontal("defense12", "defense21") == 1
    groups = {"all": pl.lit(value=True), "relevant": relevant, "land": pl.col("conttype") == 1, "other": ~relevant}
    windows: tuple[tuple[Event, str, int, int], ...] = (
        ("dispute", "gmlmidonset", 1816, LAST_DISPUTE), ("war", "cowinteronset", 1816, LAST_WAR), ("war", "cowinteronset", 1946, LAST_WAR)
    )  # fmt: skip
    found = []
    for event, column, first, last in windows:
        known = pairs.filter(pl.col("year").is_between(first, last), pl.col(column).is_not_null())
        for group, where in groups.items():
            inside = known.filter(where)
            parts = [(None, inside)]
            if event == "dispute" and group in {"all", "land"}:
                parts += [(has, inside.filter(pact if has else ~pact)) for has in (False, True)]
            for has, part in parts:
                n, events = part.height, int(part[column].sum())
                found.append(Rate(event, group, has, first, last, n, events, *_share(events, n, level)))
    return tuple(found)


def _share(events: int, n: int, level: float) -> tuple[float, float, float]:
    """Return a share and its interval by Wilson's score; NaN of nothing."""
    from statistics import NormalDist

    if not n:
        return float("nan"), float("nan"), float("nan")
    z = NormalDist().inv_cdf(0.5 + level / 2)
    p = events / n
    centre, half = p + z * z / (2 * n), z * (p * (1 - p) / n + z * z / (4 * n * n)) ** 0.5
    return p, (centre - half) / (1 + z * z / n), (centre + half) / (1 + z * z / n)
