"""National material capabilities by state and year: six components and their composite index, CINC."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import COW_TERMS, PEACESCIENCER, PEACESCIENCER_VERSION, SourceSpec, cran

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="cow_nmc",
    title="National Material Capabilities",
    publisher="Correlates of War Project",
    url="https://correlatesofwar.org/data-sets/national-material-capabilities/",
    version="7.0",
    filename="cow_nmc.rda",
    sha256="c265ab4ffa73c87ddc565ce08a12963e8a6aa5020a56e3658108add14b24e82d",
    size=347751,
    bibtex="""@incollection{cow_nmc,
  author = {Singer, J. David and Bremer, Stuart and Stuckey, John},
  title = {Capability Distribution, Uncertainty, and Major Power War, 1820-1965},
  booktitle = {Peace, War, and Numbers},
  editor = {Russett, Bruce M.},
  publisher = {Sage},
  year = {1972},
  pages = {19--48},
  note = {National Material Capabilities, version 7.0}
}""",
    units="Correlates of War state-years",
    routes=cran("peacesciencer", PEACESCIENCER_VERSION, "data/cow_nmc.rda"),
    licence=COW_TERMS,
    citation="Singer, J. David, Stuart Bremer & John Stuckey. 1972. Capability Distribution, Uncertainty, and "
    "Major Power War, 1820-1965. National Material Capabilities, v7.0.",
    first_year=1816,
    last_year=2022,
    absence="unknown",
    via=PEACESCIENCER,
    year_columns=("year",),
    table="cow_nmc",
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per state and year."""
    return reading.conform(reading.rda(path, SPEC.table), SPEC.id)
