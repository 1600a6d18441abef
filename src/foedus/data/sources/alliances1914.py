"""Alliances with Germany and with Russia of twenty European states in 1914: the worked example of the index S."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import SourceSpec

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="alliances1914",
    title="Alliance portfolios of 1914",
    publisher="Curtis S. Signorino & Jeffrey M. Ritter",
    url="https://doi.org/10.1111/0020-8833.00113",
    version="table 6",
    filename="alliances1914.csv",
    sha256="c250b9dcf4f52b8bfc820ba2458613e5a09bff56a735afc9c2fec7a832c2da07",
    size=311,
    bibtex="""@article{alliances1914,
  author = {Signorino, Curtis S. and Ritter, Jeffrey M.},
  title = {Tau-b or Not Tau-b: Measuring the Similarity of Foreign Policy Positions},
  journal = {International Studies Quarterly},
  volume = {43},
  number = {1},
  year = {1999},
  pages = {115--144}
}""",
    units="twenty European states in 1914",
    by_hand="a table in an article: copy it as columns Nation, Cap, GMY, RUS",
    licence="facts of a published table",
    citation="Signorino, Curtis S. & Jeffrey M. Ritter. 1999. Tau-b or Not Tau-b: Measuring the "
    "Similarity of Foreign Policy Positions. International Studies Quarterly 43: 115-144.",
    first_year=1914,
    last_year=1914,
    absence="not in the table",
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per state, as in the article."""
    raw = reading.text_csv(path)
    frame = raw.with_columns(*reading.numbers(raw, "Cap", "GMY", "RUS"))
    return reading.conform(
        frame.rename({"Nation": "state", "Cap": "capability", "GMY": "germany", "RUS": "russia"}), SPEC.id
    )
