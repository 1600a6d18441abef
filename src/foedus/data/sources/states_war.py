"""Participants of wars, from militarized interstate confrontations, with deaths, power and democracy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import Route, SourceSpec

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

_NAMES = {
    "mindur": "days_min",
    "maxdur": "days_max",
    "fatalmin": "deaths_min",
    "fatalmax": "deaths_max",
    "oppfatalmin": "opponent_deaths_min",
    "oppfatalmax": "opponent_deaths_max",
    "v2x_polyarchy": "polyarchy",
    "wbgdp2011est": "ln_gdp",
    "wbpopest": "ln_population",
    "wbgdppc2011est": "ln_gdppc",
}

SPEC = SourceSpec(
    id="states_war",
    title="State performance in inter-state wars",
    publisher="Steven V. Miller",
    url="https://svmiller.com/stevedata/",
    version="2024",
    filename="states_war.rda",
    sha256="3fa05a91b6031df9e691a573a17705a1b74b6ae2b18848c181facd43ac530b2d",
    size=14856,
    bibtex="""@article{states_war,
  author = {Gibler, Douglas M. and Miller, Steven V.},
  title = {The Militarized Interstate Confrontation Dataset, 1816-2014},
  journal = {Journal of Conflict Resolution},
  volume = {68},
  number = {2-3},
  year = {2024},
  pages = {562--586}
}""",
    units="participations of a state in an inter-state war",
    routes=(Route("https://github.com/svmiller/stevedata/archive/HEAD.tar.gz", "data/states_war.rda"),),
    licence="GPL (2 or later), the package; the confrontations with citation of Gibler & Miller",
    citation="Gibler, Douglas M. & Steven V. Miller. 2024. The Militarized Interstate Confrontation "
    "Dataset, 1816-2014. Journal of Conflict Resolution 68: 562-586.",
    first_year=1816,
    last_year=2014,
    absence="no war",
    via="the R package stevedata (folder data/ of its source)",
    year_columns=("end",),
    table="states_war",
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per war and state; a missing day (-9) widens the participation to its month."""
    import polars as pl

    raw = reading.rda(path, SPEC.table)
    parts = {
        f"{word}_{part}": pl.col(column).str.split("/").list.get(k).cast(pl.Int32)
        for word, column in (("start", "stdate"), ("end", "enddate"))
        for k, part in enumerate(("month", "day", "year"))
    }
    frame = raw.with_columns(**parts).with_columns(
        ((pl.col("start_day") < 1) | (pl.col("end_day") < 1)).alias("day_missing"),
        reading.day("start_year", "start_month", "start_day", last=False).alias("start"),
        reading.day("end_year", "end_month", "end_day", last=True).alias("end"),
        (pl.col("sidea") == 1).alias("side_a"),
        (pl.col("orig") == 1).alias("originator"),
    )
    return reading.conform(frame.rename(_NAMES).sort("micnum", "ccode"), SPEC.id)
