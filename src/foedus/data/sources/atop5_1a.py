"""ATOP by alliance: first and last day, members, kinds of obligation, and what the treaty says besides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.sources import atop5_1m
from foedus.data.spec import Route, SourceSpec

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="atop5_1a",
    title="Alliance Treaty Obligations and Provisions, alliances",
    publisher=atop5_1m.SPEC.publisher,
    url=atop5_1m.SPEC.url,
    version="5.1",
    filename="atop5_1a.csv",
    sha256="eafd146fa5c5bc2737ae829288c87d01c990a55fbc82dcc2dc08b94c0d7b5b7d",
    size=183543,
    licence=atop5_1m.SPEC.licence,
    citation=atop5_1m.SPEC.citation,
    bibtex="""@article{atop5_1a,
  author = {Leeds, Brett Ashley and Ritter, Jeffrey M. and Mitchell, Sara McLaughlin and Long, Andrew G.},
  title = {Alliance Treaty Obligations and Provisions, 1815-1944},
  journal = {International Interactions},
  volume = {28},
  number = {3},
  year = {2002},
  pages = {237--260}
}""",
    units="military alliances of all states, each once",
    routes=(Route(atop5_1m.ARCHIVE, "atop5_1a.csv"),),
    first_year=1815,
    last_year=2018,
    absence="no alliance",
    year_columns=("start", "end"),
    parser=2,
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per alliance; ``end`` is null where it was in force on the data's last day."""
    return reading.conform(dated(path).sort("atopid"), SPEC.id)


def dated(path: Path) -> pl.DataFrame:
    """Return a file of alliances or of their phases with dates, flags and a list of members."""
    import polars as pl

    raw = reading.text_csv(path)
    names = [c for c in raw.columns if c != "atopidphase"]
    raw = raw.with_columns(*reading.numbers(raw, *names))
    ended = pl.col("endyr") > 0
    year, month = (pl.when(ended).then(pl.col(c)).otherwise(1) for c in ("endyr", "endmo"))
    members = pl.concat_list(pl.col("^mem[0-9]+$").cast(pl.Int64)).list.drop_nulls()
    return (
        atop5_1m.flags(raw)
        .with_columns(year.alias("_year"), month.alias("_month"))
        .with_columns(
            reading.day("begyr", "begmo", "begday", last=True).alias("start"),
            pl.when(ended).then(reading.day("_year", "_month", "endday", last=True)).alias("end"),
            members.list.len().alias("members"),
            members.cast(pl.List(pl.String)).list.join(", ").alias("member_list"),
        )
    )
