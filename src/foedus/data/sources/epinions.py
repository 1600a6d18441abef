"""Trust and distrust among reviewers on Epinions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data.sources.wikielec import edges
from foedus.data.spec import SourceSpec

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="epinions",
    title="Epinions social network",
    publisher="Jure Leskovec, Daniel Huttenlocher & Jon Kleinberg; Stanford Network Analysis Project",
    url="https://snap.stanford.edu/data/soc-sign-epinions.html",
    version="2003",
    filename="epinions.npz",
    sha256="386c53e0806933a6a9d71c4b3b9c191851bd057d799b2ff4a8cdbd73b8b4fd65",
    size=1741264,
    bibtex="""@inproceedings{epinions,
  author = {Leskovec, Jure and Huttenlocher, Daniel and Kleinberg, Jon},
  title = {Signed Networks in Social Media},
  booktitle = {Proceedings of the SIGCHI Conference on Human Factors in Computing Systems},
  year = {2010},
  pages = {1361--1370}
}""",
    units="pairs of reviewers with a statement of trust or distrust",
    by_hand="the publisher offers single statements: add up both directions of a pair and keep arrays n, "
    "u, v, w (reviewers, ends, sign of the sum) in epinions.npz",
    licence="free for research with citation",
    citation="Leskovec, Jure, Daniel Huttenlocher & Jon Kleinberg. 2010. Signed Networks in Social Media. CHI 2010.",
    first_year=1999,
    last_year=2003,
    absence="no statement",
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per pair with a tie."""
    return edges(path, SPEC.id)
