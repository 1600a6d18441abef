"""Attacks on currencies of 90 countries, and whether they defended or devalued."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import Route, SourceSpec

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="leblang2003",
    title="Currency attacks",
    publisher="David Leblang",
    url="https://cran.r-project.org/package=games",
    version="games 1.1.2",
    filename="leblang2003.rda",
    sha256="16a6437f2b3cd8b15b6a6ce754e6866efd07266ae3ea81314bf70520038ce1a8",
    size=296605,
    bibtex="""@article{leblang2003,
  author = {Leblang, David},
  title = {To Defend or Devalue: The Political Economy of Exchange Rate Policy},
  journal = {International Studies Quarterly},
  volume = {47},
  number = {4},
  year = {2003},
  pages = {533--559}
}""",
    units="countries, monthly",
    routes=tuple(
        Route(f"https://cran.r-project.org/src/contrib/{place}games_1.1.2.tar.gz", "data/leblang2003.rda")
        for place in ("", "Archive/games/")
    ),
    licence="GPL (2 or later), the package; passed on with the author's leave",
    citation="Leblang, David. 2003. To Defend or Devalue: The Political Economy of Exchange Rate Policy. "
    "International Studies Quarterly 47: 533-559.",
    first_year=1985,
    last_year=1998,
    absence="not in the sample",
    via="the R package games (folder data/ of its source)",
    year_columns=("year",),
    table="leblang2003",
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per country and month."""
    import polars as pl

    flags = ("preelec", "postelec", "rightgov", "unifgov", "capcont")
    frame = reading.rda(path, SPEC.table).rename({"USinterest": "us_interest"}).with_columns(pl.col(flags) == 1)
    return reading.conform(frame, SPEC.id)
