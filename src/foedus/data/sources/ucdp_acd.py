"""Armed conflicts by year with governments, supporters, issue and intensity."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import PEACESCIENCER, PEACESCIENCER_VERSION, SourceSpec, cran

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="ucdp_acd",
    title="UCDP/PRIO Armed Conflict Dataset, as packed",
    publisher="Uppsala Conflict Data Program; Peace Research Institute Oslo",
    url="https://ucdp.uu.se/downloads/",
    version="25.1",
    filename="ucdp_acd.rda",
    sha256="e040581fa00a27a21544c5cc8d012fb841d64f2bb99d1a483c6ae68c465e6bdc",
    size=13684,
    licence="CC BY 4.0",
    citation="Gleditsch, Nils Petter et al. 2002. Armed Conflict 1946-2001: A New Dataset. Journal of Peace "
    "Research 39: 615-637.",
    bibtex=r"""@article{ucdp_acd,
  author = {Gleditsch, Nils Petter and Wallensteen, Peter and Eriksson, Mikael and Sollenberg, Margareta and Strand, H{\aa}vard},
  title = {Armed Conflict 1946-2001: A New Dataset},
  journal = {Journal of Peace Research},
  volume = {39},
  number = {5},
  year = {2002},
  pages = {615--637},
  note = {UCDP/PRIO Armed Conflict Dataset}
}""",
    units="conflict-years, one row by pair of supporting states",
    first_year=1946,
    last_year=2024,
    absence="no armed conflict of 25 deaths",
    via=PEACESCIENCER,
    routes=cran("peacesciencer", PEACESCIENCER_VERSION, "data/ucdp_acd.rda"),
    year_columns=("year",),
    table="ucdp_acd",
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per conflict, year and supporting states."""
    frame = reading.rda(path, SPEC.table).with_columns(*reading.days("start_date", "start_date2", "ep_end_date"))
    return reading.conform(frame, SPEC.id)
