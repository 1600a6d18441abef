"""Latent territorial threat to each state with its interval."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import PEACESCIENCER, PEACESCIENCER_VERSION, SourceSpec, cran

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="terrthreat",
    title="Latent External Territorial Threat",
    publisher="Steven V. Miller",
    url="https://doi.org/10.1093/jogss/ogac012",
    version="2022",
    filename="terrthreat.rda",
    sha256="67394b4056144f377dc9aba832a6e0aacc46b6ec9e338f78635f793ddf00770d",
    size=836076,
    licence="free for research with citation",
    citation="Miller, Steven V. 2022. A Random Item Response Model of External Territorial Threat, 1816-2010. "
    "Journal of Global Security Studies 7(4).",
    bibtex="""@article{terrthreat,
  author = {Miller, Steven V.},
  title = {A Random Item Response Model of External Territorial Threat, 1816-2010},
  journal = {Journal of Global Security Studies},
  volume = {7},
  number = {4},
  year = {2022}
}""",
    units="Correlates of War state-years",
    first_year=1816,
    last_year=2010,
    absence="unknown",
    via=PEACESCIENCER,
    routes=cran("peacesciencer", PEACESCIENCER_VERSION, "data/terrthreat.rda"),
    year_columns=("year",),
    table="terrthreat",
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per state and year."""
    return reading.conform(reading.rda(path, SPEC.table), SPEC.id)
