"""Spells in which a state counts as a regional or a global power."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import PEACESCIENCER, PEACESCIENCER_VERSION, SourceSpec, cran

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="maoz_powers",
    title="Regional and global powers, Maoz",
    publisher="Zeev Maoz",
    url="https://doi.org/10.1017/CBO9780511762659",
    version="2010",
    filename="maoz_powers.rda",
    sha256="600899bd98cf2d056c9fbfca57ec1b6587a5fe22cebe56687e4f2f2536a143fd",
    size=424,
    licence="free for research with citation",
    citation="Maoz, Zeev. 2010. Networks of Nations: The Evolution, Structure, and Impact of International "
    "Networks, 1816-2001. Cambridge University Press.",
    bibtex="""@book{maoz_powers,
  author = {Maoz, Zeev},
  title = {Networks of Nations: The Evolution, Structure, and Impact of International Networks, 1816-2001},
  publisher = {Cambridge University Press},
  year = {2010}
}""",
    units="states, by spell",
    first_year=1816,
    last_year=2010,
    absence="no power of that rank",
    via=PEACESCIENCER,
    routes=cran("peacesciencer", PEACESCIENCER_VERSION, "data/maoz_powers.rda"),
    year_columns=(),
    table="maoz_powers",
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per spell of rank."""
    frame = reading.rda(path, SPEC.table).with_columns(
        *reading.days("regstdate", "regenddate", "globstdate", "globenddate")
    )
    return reading.conform(frame, SPEC.id)
