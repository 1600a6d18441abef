"""Who fought whom in inter-state wars: ordered pairs of states and years."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import COW_TERMS, Route, SourceSpec

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

_NAMES = {
    "disno": "dispnum",
    "dyindex": "dyadnum",
    "statea": "ccode1",
    "stateb": "ccode2",
    "warolea": "role1",
    "waroleb": "role2",
    "wardyadrolea": "dyad_role1",
    "wardyadroleb": "dyad_role2",
    "outcomea": "outcome",
    "batdtha": "deaths1",
    "batdthb": "deaths2",
    "batdths": "deaths",
    "changes_1": "change",
}

SPEC = SourceSpec(
    id="cow_dyadic_war",
    title="Dyadic Inter-State War Dataset",
    publisher="Zeev Maoz; Correlates of War Project",
    url="https://correlatesofwar.org/data-sets/cow-war/",
    version="2022-07",
    filename="directed_dyadic_war.csv",
    sha256="aa2eb5244a0cb0b579867e50eb02e4297fb29250e67120fb132e3c0618dceda0",
    size=112038,
    bibtex="""@article{cow_dyadic_war,
  author = {Maoz, Zeev and Johnson, Paul L. and Kaplan, Jasper and Ogunkoya, Fiona and Shreve, Aaron P.},
  title = {The Dyadic Militarized Interstate Disputes ({MIDs}) Dataset Version 3.0: Logic, Characteristics, and Comparisons to Alternative Datasets},
  journal = {Journal of Conflict Resolution},
  volume = {63},
  number = {3},
  year = {2019},
  pages = {811--835}
}""",
    units="ordered pairs of states at war with each other, yearly",
    routes=(
        Route(
            "https://correlatesofwar.org/wp-content/uploads/Dyadic-Interstate-War-Dataset.zip",
            "directed_dyadic_war.csv",
        ),
    ),
    licence=COW_TERMS,
    citation="Maoz, Zeev, Paul L. Johnson, Jasper Kaplan, Fiona Ogunkoya & Aaron P. Shreve. 2019. The "
    "Dyadic Militarized Interstate Disputes (MIDs) Dataset Version 3.0. Journal of Conflict Resolution "
    "63: 811-835.",
    first_year=1816,
    last_year=2007,
    absence="not at war with each other",
    year_columns=("year",),
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per ordered pair and year; months and days written in each other's place are put right."""
    import polars as pl

    raw = reading.text_csv(path)
    raw = raw.with_columns(*reading.numbers(raw, *(c for c in raw.columns if c != "dyindex")))
    swapped = pl.col("warstrtmnth") > 12
    pairs = (("warstrtmnth", "warstrtday"), ("warendmnth", "warenday"))
    raw = raw.with_columns(
        *(
            pl.when(swapped).then(pl.col(b)).otherwise(pl.col(a)).alias(a)
            for pair in pairs
            for a, b in (pair, pair[::-1])
        ),
        pl.col("warendyr").replace(19118, 1918),
    )
    frame = raw.with_columns(
        reading.day("warstrtyr", "warstrtmnth", "warstrtday", last=False).alias("start"),
        reading.day("warendyr", "warendmnth", "warenday", last=True).alias("end"),
    )
    return reading.conform(frame.rename(_NAMES), SPEC.id)
