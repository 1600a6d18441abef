"""Participants of militarized interstate disputes: side, own first and last day, highest hostility and deaths."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import COW_TERMS, Route, SourceSpec

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

ARCHIVE = "https://correlatesofwar.org/wp-content/uploads/MID-5-Data-and-Supporting-Materials.zip"

SPEC = SourceSpec(
    id="midb",
    title="Militarized Interstate Disputes, participants",
    publisher="Correlates of War Project",
    url="https://correlatesofwar.org/data-sets/mids/",
    version="5.0",
    filename="MIDB 5.0.csv",
    sha256="5189071e3b8aa32e1338f3df43fe574f4a0f2a06b2f481a3213c9e8f01211722",
    size=336982,
    bibtex="""@article{midb,
  author = {Palmer, Glenn and McManus, Roseanne W. and D'Orazio, Vito and Kenwick, Michael R. and Karstens,
    Mikaela and Bloch, Chase and Dietrich, Nick and Kahn, Kayla and Ritter, Kellan and Soules, Michael J.},
  title = {The {MID5} Dataset, 2011-2014: Procedures, Coding Rules, and Description},
  journal = {Conflict Management and Peace Science},
  volume = {39},
  number = {4},
  year = {2022},
  pages = {470--482}
}""",
    units="participations of a state in a dispute",
    routes=(Route(ARCHIVE, "MIDB 5.0.csv"),),
    licence=COW_TERMS,
    citation="Palmer, Glenn, et al. 2022. The MID5 Dataset, 2011-2014: Procedures, Coding Rules, and Description. "
    "Conflict Management and Peace Science 39: 470-482.",
    first_year=1816,
    last_year=2014,
    absence="no dispute",
    year_columns=("end",),
    parser=2,
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per participation; a missing day (-9) is the first of its month, of an end the last."""
    import polars as pl

    raw = reading.text_csv(path)
    plain = [c for c in raw.columns if c != "stabb"]
    raw = raw.with_columns(*reading.numbers(raw, *plain)).with_columns(pl.col(plain).replace(-9, None))
    frame = raw.with_columns(
        reading.day("styear", "stmon", "stday", last=False).alias("start"),
        reading.day("endyear", "endmon", "endday", last=True).alias("end"),
        pl.any_horizontal(pl.col("stday").is_null(), pl.col("endday").is_null()).alias("day_missing"),
        pl.when(pl.col("sidea") == 1).then(pl.lit("A")).otherwise(pl.lit("B")).alias("side"),
        (pl.col("orig") == 1).alias("originator"),
        pl.col("stabb").alias("abbreviation"),
        pl.col("revtype1").alias("revision1"),
        pl.col("revtype2").alias("revision2"),
        pl.col("fatalpre").alias("deaths"),
    )
    return reading.conform(frame.sort("dispnum", "ccode", "start"), SPEC.id)
