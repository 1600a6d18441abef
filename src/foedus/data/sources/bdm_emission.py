"""Positions of ten states on the date of a European rule on car emissions: the worked example of the expected utility model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import SourceSpec

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="bdm_emission",
    title="Emission standards of the European Community",
    publisher="Bruce Bueno de Mesquita",
    url="https://press.umich.edu/Books/E/European-Community-Decision-Making",
    version="1994",
    filename="bdm_emission.csv",
    sha256="d22c1abb398ff8f53ee0a3ecc44aa4ec7d79e6c868ed49da5e35c1ae5e9708c5",
    size=217,
    bibtex="""@book{bdm_emission,
  editor = {Bueno de Mesquita, Bruce and Stokman, Frans N.},
  title = {European Community Decision Making: Models, Applications, and Comparisons},
  publisher = {Yale University Press},
  year = {1994}
}""",
    units="ten members of the European Community",
    by_hand="a table in a book: copy it as columns actor, capability, position, salience",
    licence="facts of a published table",
    citation="Bueno de Mesquita, Bruce & Frans N. Stokman, eds. 1994. European Community Decision Making: "
    "Models, Applications, and Comparisons. Yale University Press.",
    first_year=1985,
    last_year=1985,
    absence="not in the table",
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per state, as published."""
    raw = reading.text_csv(path)
    return reading.conform(raw.with_columns(*reading.numbers(raw, "capability", "position", "salience")), SPEC.id)
