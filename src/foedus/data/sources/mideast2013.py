"""Friends and foes in the Middle East, from a chart of summer 2013."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import SourceSpec

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="mideast2013",
    title="Middle East friends and foes, 2013",
    publisher="The Big Pharaoh",
    url=" "
    "https://www.washingtonpost.com/news/worldviews/wp/2013/08/26/the-middle-east-explained-in-one-sort-of-terrifying-chart/",
    version="2013-08",
    filename="mideast2013_edges.csv",
    sha256="fb8300746af70dbabf2b29ccf10fb7fd58f3784d94fe3c136ec3b98512693b81",
    size=720,
    bibtex="""@misc{mideast2013,
  author = {{The Big Pharaoh}},
  title = {The Middle East, explained in one (sort of terrifying) chart},
  year = {2013},
  note = {Washington Post, 26 August 2013}
}""",
    units="pairs of states and parties with a tie in the chart",
    by_hand="a picture: write its arrows as columns a, b, sign",
    licence="facts of a published chart",
    citation="The Big Pharaoh. 2013. The Middle East, explained in one (sort of terrifying) chart. "
    "Washington Post, 26 August.",
    first_year=2013,
    last_year=2013,
    absence="no tie in the chart",
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per pair with a tie."""
    raw = reading.text_csv(path)
    return reading.conform(raw.with_columns(*reading.numbers(raw, "sign")), SPEC.id)
