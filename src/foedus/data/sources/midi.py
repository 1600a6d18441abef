"""Incidents of militarized interstate disputes: day, action, deaths; from 1992 on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.sources import midb
from foedus.data.spec import COW_TERMS, Route, SourceSpec

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="midi",
    title="Militarized Interstate Disputes, incidents",
    publisher=midb.SPEC.publisher,
    url=midb.SPEC.url,
    version="5.0",
    filename="MIDI 5.0.csv",
    sha256="fc7d5ca720d1fcb94b3b575bbd43f24b4d2552d01e3e950027fee5b0b6bc0381",
    size=231631,
    bibtex="""@article{midi,
  author = {Palmer, Glenn and McManus, Roseanne W. and D'Orazio, Vito and Kenwick, Michael R. and Karstens,
    Mikaela and Bloch, Chase and Dietrich, Nick and Kahn, Kayla and Ritter, Kellan and Soules, Michael J.},
  title = {The {MID5} Dataset, 2011-2014: Procedures, Coding Rules, and Description},
  journal = {Conflict Management and Peace Science},
  volume = {39},
  number = {4},
  year = {2022},
  pages = {470--482}
}""",
    units="incidents of disputes that were going on from 1993 on",
    routes=(Route(midb.ARCHIVE, "MIDI 5.0.csv"),),
    licence=COW_TERMS,
    citation=midb.SPEC.citation,
    first_year=1992,
    last_year=2014,
    absence="no incident of a coded dispute",
    year_columns=("end",),
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per incident; a missing day (-9) widens it to its month, a missing month to its year."""
    import polars as pl

    raw = reading.text_csv(path)
    raw = raw.with_columns(*reading.numbers(raw)).with_columns(pl.all().replace(-9, None))
    parts = ("stday", "stmon", "endday", "endmon")
    frame = raw.with_columns(
        pl.any_horizontal(pl.col(parts).is_null()).alias("day_missing"),
        pl.col("stmon").fill_null(1),
        pl.col("endmon").fill_null(12),
        pl.col("duration").alias("days"),
        pl.col("tbi").alias("wait"),
        pl.col("fatalpre").alias("deaths"),
        pl.col("numa").alias("states_a"),
    ).with_columns(
        reading.day("styear", "stmon", "stday", last=False).alias("start"),
        reading.day("endyear", "endmon", "endday", last=True).alias("end"),
    )
    return reading.conform(frame.sort("dispnum", "incidnum"), SPEC.id)
