"""Borders and capitals of states and dependencies, dated, by Gleditsch-Ward codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data.sources import cshapes_cow
from foedus.data.spec import Route, SourceSpec

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="cshapes_gw",
    title="CShapes, Gleditsch-Ward codes",
    publisher=cshapes_cow.SPEC.publisher,
    url=cshapes_cow.SPEC.url,
    version="2.0",
    filename="cshapes_2_gw.topojson.xz",
    sha256="196c6d9d881cf944e176e4ce5bfc61074d21792de7152cb0a9e035e56b0297c8",
    size=2080548,
    bibtex="""@article{cshapes_gw,
  author = {Schvitz, Guy and Girardin, Luc and Rüegger, Seraina and Weidmann, Nils B. and Cederman, Lars-Erik and Gleditsch, Kristian Skrede},
  title = {Mapping the International System, 1886-2019: The {CShapes} 2.0 Dataset},
  journal = {Journal of Conflict Resolution},
  volume = {66},
  number = {1},
  year = {2022},
  pages = {144--161}
}""",
    units="states and dependencies, one row for each period of unchanged borders",
    routes=tuple(
        Route(
            f"https://cran.r-project.org/src/contrib/{place}cshapes_2.0.tar.gz", "inst/extdata/cshapes_2_gw.topojson.xz"
        )
        for place in ("", "Archive/cshapes/")
    ),
    licence=cshapes_cow.SPEC.licence,
    citation=cshapes_cow.SPEC.citation,
    first_year=1886,
    last_year=2019,
    absence="not a state or dependency then",
    via="the R package cshapes (folder inst/extdata/ of its source)",
    year_columns=("end",),
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per country and period of unchanged borders."""
    return cshapes_cow.shapes(path, "gwcode", SPEC.id)
