"""Onsets of intra-state conflict by state and year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import PEACESCIENCER, PEACESCIENCER_VERSION, SourceSpec, cran

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="ucdp_onsets",
    title="UCDP conflict onsets by state",
    publisher="Uppsala Conflict Data Program",
    url="https://ucdp.uu.se/downloads/",
    version="19.1",
    filename="ucdp_onsets.rda",
    sha256="90d86e1e1c68e0217cf89c5c9ece3d311deb1512f34c93925f2c4ca7f2a70908",
    size=3317,
    licence="CC BY 4.0",
    citation="Gleditsch, Nils Petter et al. 2002. Armed Conflict 1946-2001: A New Dataset. Journal of Peace "
    "Research 39: 615-637.",
    bibtex=r"""@article{ucdp_onsets,
  author = {Gleditsch, Nils Petter and Wallensteen, Peter and Eriksson, Mikael and Sollenberg, Margareta and Strand, H{\aa}vard},
  title = {Armed Conflict 1946-2001: A New Dataset},
  journal = {Journal of Peace Research},
  volume = {39},
  number = {5},
  year = {2002},
  pages = {615--637},
  note = {UCDP/PRIO Armed Conflict Dataset}
}""",
    units="Gleditsch-Ward state-years",
    first_year=1946,
    last_year=2017,
    absence="unknown",
    via=PEACESCIENCER,
    routes=cran("peacesciencer", PEACESCIENCER_VERSION, "data/ucdp_onsets.rda"),
    year_columns=("year",),
    table="ucdp_onsets",
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per state and year."""
    return reading.conform(reading.rda(path, SPEC.table), SPEC.id)
