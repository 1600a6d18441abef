"""Friendship and enmity among sixteen tribes of the New Guinea highlands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import SourceSpec

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="tribes",
    title="Highland tribes",
    publisher="Kenneth E. Read",
    url="http://vlado.fmf.uni-lj.si/pub/networks/data/ucinet/ucidata.htm",
    version="1954",
    filename="tribes_edges.csv",
    sha256="8984b79c8acbf6bd778ff5e4fe4c38a48a412a0501a3d54c8f858b177328a54e",
    size=829,
    bibtex="""@article{tribes,
  author = {Read, Kenneth E.},
  title = {Cultures of the Central Highlands, New Guinea},
  journal = {Southwestern Journal of Anthropology},
  volume = {10},
  number = {1},
  year = {1954},
  pages = {1--43}
}""",
    units="pairs of tribes with a tie",
    by_hand="carried by the R package signnet as an object of its own kind: write the edges of tribes as "
    "columns a, b, sign",
    licence="free; facts of a published article",
    citation="Read, Kenneth E. 1954. Cultures of the Central Highlands, New Guinea. Southwestern Journal "
    "of Anthropology 10: 1-43.",
    first_year=1954,
    last_year=1954,
    absence="no tie",
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per pair with a tie."""
    raw = reading.text_csv(path)
    return reading.conform(raw.with_columns(*reading.numbers(raw, "sign")), SPEC.id)
