"""Confrontations between states, with deaths and whether both had built up their arms before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import Route, SourceSpec

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="mmb_war",
    title="Mutual military buildups and war",
    publisher="Steven V. Miller",
    url="https://svmiller.com/stevedata/",
    version="2024",
    filename="mmb_war.rda",
    sha256="018f73185d1fb7f9267beb27f3d50219abb75e121aab22d3b0d1e9ded4124391",
    size=10156,
    bibtex="""@article{mmb_war,
  author = {Gibler, Douglas M. and Miller, Steven V.},
  title = {The Militarized Interstate Confrontation Dataset, 1816-2014},
  journal = {Journal of Conflict Resolution},
  volume = {68},
  number = {2-3},
  year = {2024},
  pages = {562--586}
}""",
    units="ordered pairs of states in a militarized interstate confrontation",
    routes=(Route("https://github.com/svmiller/stevedata/archive/HEAD.tar.gz", "data/mmb_war.rda"),),
    licence="GPL (2 or later), the package; the confrontations with citation of Gibler & Miller",
    citation="Gibler, Douglas M. & Steven V. Miller. 2024. The Militarized Interstate Confrontation "
    "Dataset, 1816-2014. Journal of Conflict Resolution 68: 562-586.",
    first_year=1816,
    last_year=2014,
    absence="no confrontation",
    via="the R package stevedata (folder data/ of its source)",
    year_columns=("year",),
    table="mmb_war",
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per ordered pair and confrontation; each pair stands in both orders."""
    import polars as pl

    names = {"dyfatmin": "deaths_min", "dyfatmax": "deaths_max", "sumevents": "events", "mmb": "buildup"}
    frame = reading.rda(path, SPEC.table).rename(names).with_columns(pl.col("buildup") == 1)
    return reading.conform(frame.sort("ccode1", "ccode2", "year", "micnum"), SPEC.id)
