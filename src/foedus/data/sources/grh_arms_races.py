"""Arms races between rivals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import PEACESCIENCER, PEACESCIENCER_VERSION, SourceSpec, cran

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="grh_arms_races",
    title="Arms Races",
    publisher="Douglas M. Gibler, Toby J. Rider & Marc L. Hutchison",
    url="https://doi.org/10.1177/0022343305050687",
    version="2005",
    filename="grh_arms_races.rda",
    sha256="48360d7bf065295545b0bdc015d2dec11110a2381bd4e1f342a57a1294224bae",
    size=827,
    licence="free for research with citation",
    citation="Gibler, Douglas M.; Rider, Toby J.; Hutchison, Marc L. 2005. Taking Arms Against a Sea of Troubles:"
    " Conventional Arms Races During Periods of Rivalry. Journal of Peace Research 42: 131-147.",
    bibtex="""@article{grh_arms_races,
  author = {Gibler, Douglas M. and Rider, Toby J. and Hutchison, Marc L.},
  title = {Taking Arms Against a Sea of Troubles: Conventional Arms Races During Periods of Rivalry},
  journal = {Journal of Peace Research},
  volume = {42},
  number = {2},
  year = {2005},
  pages = {131--147}
}""",
    units="undirected pairs of rivals, by spell of years",
    first_year=1816,
    last_year=1993,
    absence="no arms race",
    via=PEACESCIENCER,
    routes=cran("peacesciencer", PEACESCIENCER_VERSION, "data/grh_arms_races.rda"),
    year_columns=("end",),
    table="grh_arms_races",
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per arms race."""
    import polars as pl

    frame = (
        reading.rda(path, SPEC.table)
        .rename({"styear": "start", "endyear": "end"})
        .with_columns(
            pl.min_horizontal("ccode1", "ccode2").alias("ccode1"), pl.max_horizontal("ccode1", "ccode2").alias("ccode2")
        )
    )
    return reading.conform(frame, SPEC.id)
