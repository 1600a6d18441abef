"""Trust and distrust among traders on Bitcoin OTC."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import SourceSpec

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="bitcoin_otc",
    title="Bitcoin OTC trust network",
    publisher="Srijan Kumar et al.; Stanford Network Analysis Project",
    url="https://snap.stanford.edu/data/soc-sign-bitcoin-otc.html",
    version="2016",
    filename="bitcoin_otc.csv",
    sha256="c7754aa124717415de90c01793c84e880cbb92a2249fabf20f99296ac5527a68",
    size=289142,
    bibtex="""@inproceedings{bitcoin_otc,
  author = {Kumar, Srijan and Spezzano, Francesca and Subrahmanian, V. S. and Faloutsos, Christos},
  title = {Edge Weight Prediction in Weighted Signed Networks},
  booktitle = {IEEE International Conference on Data Mining},
  year = {2016},
  pages = {221--230}
}""",
    units="pairs of traders who rated each other",
    by_hand="the publisher offers single ratings: add up both directions of a pair and write id1, id2 "
    "(numbered from 0) and the sign of the sum",
    licence="free for research with citation",
    citation="Kumar, Srijan, Francesca Spezzano, V. S. Subrahmanian & Christos Faloutsos. 2016. Edge "
    "Weight Prediction in Weighted Signed Networks. IEEE International Conference on Data Mining.",
    first_year=2010,
    last_year=2016,
    absence="no rating",
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per pair."""
    raw = reading.text_csv(path)
    frame = raw.with_columns(*reading.numbers(raw)).rename({"id1": "a", "id2": "b"})
    return reading.conform(frame, SPEC.id)
