"""Militarized interstate disputes: first and last day, outcome, highest hostility and deaths of the whole dispute."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.sources import midb
from foedus.data.spec import COW_TERMS, Route, SourceSpec

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="mida",
    title="Militarized Interstate Disputes, disputes",
    publisher=midb.SPEC.publisher,
    url=midb.SPEC.url,
    version="5.0",
    filename="MIDA 5.0.csv",
    sha256="fa00331f8b5e68b57d510303039081a1494b4d45df680ca38dfd8640d32c8474",
    size=134293,
    bibtex="""@article{mida,
  author = {Palmer, Glenn and McManus, Roseanne W. and D'Orazio, Vito and Kenwick, Michael R. and Karstens,
    Mikaela and Bloch, Chase and Dietrich, Nick and Kahn, Kayla and Ritter, Kellan and Soules, Michael J.},
  title = {The {MID5} Dataset, 2011-2014: Procedures, Coding Rules, and Description},
  journal = {Conflict Management and Peace Science},
  volume = {39},
  number = {4},
  year = {2022},
  pages = {470--482}
}""",
    units="disputes between states",
    routes=(Route(midb.ARCHIVE, "MIDA 5.0.csv"),),
    licence=COW_TERMS,
    citation=midb.SPEC.citation,
    first_year=1816,
    last_year=2014,
    absence="no dispute",
    year_columns=("end",),
    parser=2,
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per dispute; a missing day (-9) is the first of its month for a start and the last for an end."""
    import polars as pl

    raw = reading.text_csv(path)
    raw = raw.with_columns(*reading.numbers(raw)).with_columns(pl.all().replace(-9, None))
    frame = raw.with_columns(
        reading.day("styear", "stmon", "stday", last=False).alias("start"),
        reading.day("endyear", "endmon", "endday", last=True).alias("end"),
        (pl.col("recip") == 1).alias("reciprocated"),
        (pl.col("ongo2014") == 1).alias("ongoing"),
        pl.col("fatalpre").alias("deaths"),
        pl.col("maxdur").alias("max_days"),
        pl.col("mindur").alias("min_days"),
        pl.col("numa").alias("states_a"),
        pl.col("numb").alias("states_b"),
    )
    return reading.conform(frame.sort("dispnum"), SPEC.id)
