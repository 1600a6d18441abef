"""Education, service, combat, rebellion, experience and health of leaders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import PEACESCIENCER, PEACESCIENCER_VERSION, SourceSpec, cran

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="lead",
    title="LEAD, backgrounds of leaders",
    publisher="Carrie Ellis, Michael C. Horowitz & Allan C. Stam",
    url="https://doi.org/10.1080/03050629.2015.1016157",
    version="2015",
    filename="LEAD.rda",
    sha256="91c91901b7facce4d681fb79bfd9f850baed6d1aa3981fc5291af0b2889e5cfb",
    size=14388,
    licence="free for research with citation",
    citation="Ellis, Carrie Morrill; Horowitz, Michael C.; Stam, Allan C. 2015. Introducing the LEAD Data Set. "
    "International Interactions 41: 718-741.",
    bibtex="""@article{lead,
  author = {Ellis, Carrie Morrill and Horowitz, Michael C. and Stam, Allan C.},
  title = {Introducing the {LEAD} Data Set},
  journal = {International Interactions},
  volume = {41},
  number = {4},
  year = {2015},
  pages = {718--741}
}""",
    units="leaders, by time in office",
    first_year=1870,
    last_year=2015,
    absence="unknown",
    via=PEACESCIENCER,
    routes=cran("peacesciencer", PEACESCIENCER_VERSION, "data/LEAD.rda"),
    year_columns=(),
    table="LEAD",
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per leader's time in office."""
    return reading.conform(reading.rda(path, SPEC.table), SPEC.id)
