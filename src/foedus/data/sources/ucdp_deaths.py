"""Battle deaths by the country on whose ground they fell, by year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import Route, SourceSpec

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="ucdp_deaths",
    title="Battle deaths by country",
    publisher="Peace Research Institute Oslo & Uppsala Conflict Data Program",
    url="https://www.prio.org/data/1",
    version="PRIO 3.1, UCDP GED 23.1",
    filename="ucdpbrds.rda",
    sha256="419f8f50af7fe1564d7e067a8bc8c1ef9d7c71e75cd54819251bc7353d18626e",
    size=35516,
    bibtex="""@article{ucdp_deaths,
  author = {Lacina, Bethany and Gleditsch, Nils Petter},
  title = {Monitoring Trends in Global Combat: A New Dataset of Battle Deaths},
  journal = {European Journal of Population},
  volume = {21},
  year = {2005},
  pages = {145--166},
  note = {to 1988; after that the UCDP Georeferenced Event Dataset: Sundberg and Melander, Journal of Peace Research 50 (2013) 523--532}
}""",
    units="countries and dependencies, yearly",
    routes=(Route("https://github.com/kvelleby/poldat/archive/HEAD.tar.gz", "data/ucdpbrds.rda"),),
    licence="CC BY 4.0",
    citation="Lacina, Bethany & Nils Petter Gleditsch. 2005. Monitoring Trends in Global Combat: A New "
    "Dataset of Battle Deaths. European Journal of Population 21: 145-166; Sundberg, Ralph & Erik "
    "Melander. 2013. Introducing the UCDP Georeferenced Event Dataset. Journal of Peace Research 50: "
    "523-532.",
    first_year=1946,
    last_year=2022,
    absence="unknown",
    via="the R package poldat (folder data/ of its source), which sums deaths by country",
    year_columns=("year",),
    table="ucdpbrds",
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per country, shape and year."""
    import polars as pl

    names = {"country_name": "name", "capname": "capital", "b_def": "borders_defined"}
    frame = reading.rda(path, SPEC.table).rename(names).with_columns(pl.col("borders_defined") == 1)
    return reading.conform(frame.sort("gwcode", "year", "fid"), SPEC.id)
