"""Terrain of each state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import PEACESCIENCER, PEACESCIENCER_VERSION, SourceSpec, cran

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="rugged",
    title="Ruggedness and mountains",
    publisher="Nathan Nunn & Diego Puga; Douglas M. Gibler & Steven V. Miller",
    url="https://diegopuga.org/data/rugged/",
    version="2012",
    filename="rugged.rda",
    sha256="5c1d8fd4dabb1b2e93ff6a3ae93ddd6d23276707c9b7109ab07bf182d689dfcc",
    size=2477,
    licence="free for research with citation",
    citation="Nunn, Nathan; Puga, Diego. 2012. Ruggedness: The Blessing of Bad Geography in Africa. Review of "
    "Economics and Statistics 94: 20-36.",
    bibtex="""@article{rugged,
  author = {Nunn, Nathan and Puga, Diego},
  title = {Ruggedness: The Blessing of Bad Geography in Africa},
  journal = {Review of Economics and Statistics},
  volume = {94},
  number = {1},
  year = {2012},
  pages = {20--36},
  note = {with the mountain share of Gibler and Miller (2014), External Territorial Threat, State Capacity, and
    Civil War, Journal of Peace Research 51: 634-646}
}""",
    units="states; no years: terrain does not change",
    first_year=1816,
    last_year=2025,
    absence="unknown",
    via=PEACESCIENCER,
    routes=cran("peacesciencer", PEACESCIENCER_VERSION, "data/rugged.rda"),
    year_columns=(),
    table="rugged",
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per state."""
    return reading.conform(reading.rda(path, SPEC.table), SPEC.id)
