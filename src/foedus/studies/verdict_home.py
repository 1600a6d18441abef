"""Claim J, away from home: whether great powers at war fight outside their own land more than other states do.

Cells of the multiverse of ``docs/decisions/0023-verdicts-over-every-coding-at-hand.md``, from the states and locations of UCDP/PRIO armed conflicts
[Gleditsch2002]_. A conflict's location there is the state over whose government or territory it is, not where shots were fired.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from foedus.estimate.resample import cluster_weights
from foedus.studies.verdict import Cell, Question
from foedus.studies.verdict_run import Bench, Job, Part

if TYPE_CHECKING:
    import polars as pl

WHICH = {"all": (1, 2, 3, 4), "between states or with foreign troops": (2, 4)}
DEATHS = {"from 25 deaths a year": 1, "from 1,000 deaths a year": 2}
YEARS = {"1946-": (1946, 9999), "1946-89": (1946, 1989), "1990-": (1990, 9999)}
SOURCES = ("ucdp_conflicts", "cow_majors", "cw_gw_panel")
DRAWS = 1000


def fighters(conflicts: pl.DataFrame, majors: pl.DataFrame, codes: pl.DataFrame) -> pl.DataFrame:
    """Return one row a conflict, year and state in it: number, type and intensity, ``outside`` its own land, ``great`` power.

    Parameters
    ----------
    conflicts : polars.DataFrame
        The table ``ucdp_conflicts``, Gleditsch-Ward codes.
    majors : polars.DataFrame
        Great powers with their spells, Correlates of War codes; rows after its last day are left out, since nobody is known to be one.
    codes : polars.DataFrame
        ``ccode, gwcode, year``; a year after its last takes that of the last.
    """
    import polars as pl

    sides = ("gw_a", "gw_a_2nd", "gw_b", "gw_b_2nd")
    until = majors["end"].max().year  # type: ignore[union-attr]
    rows = (
        conflicts.drop_nulls("gw_location").filter(pl.col("year") <= until)
        .with_columns(gw=pl.concat_str([pl.col(s) for s in sides], separator=", ", ignore_nulls=True).str.split(", "))
        .explode("gw").filter(pl.col("gw").str.contains(r"^\d+$"))
        .with_columns(outside=~pl.col("gw").is_in(pl.col("gw_location").str.split(", ")), gwcode=pl.col("gw").cast(pl.Int32))
    )  # fmt: skip
    last = int(codes["year"].max())  # type: ignore[arg-type]
    known = rows.with_columns(at=pl.col("year").clip(upper_bound=last)).join(
        codes.select("gwcode", "ccode", pl.col("year").alias("at")).unique(["gwcode", "at"]),
        on=["gwcode", "at"],
        how="inner",
        validate="m:1",
    )
    spells = majors.select("ccode", first=pl.col("start").dt.year(), until=pl.col("end").dt.year())
    great = (
        known.join(spells, on="ccode")
        .filter(pl.col("year").is_between("first", "until"))
        .select("ccode", "year")
        .unique()
    )
    return known.join(
        great.with_columns(great=pl.lit(value=True)), on=["ccode", "year"], how="left", validate="m:1"
    ).select("conflict_id", "year", "type", "intensity", "outside", pl.col("great").fill_null(value=False))


def home_cell(rows: pl.DataFrame, choices: dict[str, str], seed: int) -> Cell:
    """Return the cell of J.1: the share outside among great powers less that among others, by resampled conflicts."""
    import polars as pl

    first, last = YEARS[choices["years"]]
    some = rows.filter(
        pl.col("year").is_between(first, last),
        pl.col("type").is_in(WHICH[choices["conflicts"]]),
        pl.col("intensity") >= DEATHS[choices["deaths"]],
    )
    great, outside = some["great"].to_numpy(), some["outside"].to_numpy().astype(np.float64)
    told = f"{int(great.sum())} state-years of great powers and {int((~great).sum())} of others in {some['conflict_id'].n_unique()} conflicts"
    if not great.any() or great.all() or some["conflict_id"].n_unique() < 2:
        return Cell.without(choices, f"nobody to compare ({told})")

    def gap(w: np.ndarray) -> float:
        both = [(w[k] @ outside[k]) / w[k].sum() if w[k].sum() > 0 else float("nan") for k in (great, ~great)]
        return both[0] - both[1]

    found = np.array([gap(w) for w in cluster_weights(some["conflict_id"].to_numpy(), DRAWS, seed)])
    low, high = np.nanquantile(found, [0.05, 0.95])
    return Cell.of(choices, (gap(np.ones(len(great))), float(low), float(high)), told)


def _jobs(bench: Bench) -> list[Job]:
    """Return the one job of J.1."""
    cells = [{"conflicts": w, "deaths": d, "years": y} for w, d, y in product(WHICH, DEATHS, YEARS)]

    def run() -> list[Cell]:
        absent = bench.lacks(*SOURCES)
        if absent:
            return [Cell.without(c, absent) for c in cells]
        rows = fighters(*(bench.store.table(s) for s in SOURCES))
        return [home_cell(rows, c, bench.seed) for c in cells]

    return [Job(("all conflicts",), run)]


AWAY = Part(
    Question(
        "J.1", "Do great powers at war fight outside their own land more than other states do?",
        "share of state-years in armed conflict whose location is not "
        "the state's own, great powers less others", 0.0, "higher",
        (("conflicts", "between states or with foreign troops"), ("deaths", "from 1,000 deaths a year"), ("years", "1946-")),
        "Great powers have few wars within their borders to begin with, and colonies count as outside; Russia, China and Britain fought at home too.",
        "Where shots were fired: the location is the state over which the conflict is. Whether they chose to fight away, or were not attacked. "
        "Before 1946 no "
        "list at hand says where the fighting was.", "observed",
    ),
    {"conflicts": tuple(WHICH), "deaths": tuple(DEATHS), "years": tuple(YEARS)},
    _jobs,
    SOURCES,
)  # fmt: skip
