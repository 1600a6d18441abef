"""Members of the Congress of the United States who spoke well or ill of each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data.sources.wikielec import edges
from foedus.data.spec import SourceSpec

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="pc_congress",
    title="Convote, signed mentions in debates of Congress",
    publisher="Matt Thomas, Bo Pang & Lillian Lee",
    url="http://konect.cc/networks/convote/",
    version="2005",
    filename="pc_congress.npz",
    sha256="8f5d28566baf84b1ef27dc448063748036562d5ecebc913ca169462455da8242",
    size=1974,
    bibtex="""@inproceedings{pc_congress,
  author = {Thomas, Matt and Pang, Bo and Lee, Lillian},
  title = {Get out the Vote: Determining Support or Opposition from Congressional Floor-Debate Transcripts},
  booktitle = {Proceedings of EMNLP},
  year = {2006},
  pages = {327--335}
}""",
    units="pairs of members with a mention",
    by_hand="the publisher offers single mentions: add up both directions of a pair and keep arrays n, u, "
    "v, w (members, ends, sign of the sum) in pc_congress.npz",
    licence="free for research with citation",
    citation="Thomas, Matt, Bo Pang & Lillian Lee. 2006. Get out the Vote: Determining Support or "
    "Opposition from Congressional Floor-Debate Transcripts. EMNLP 2006.",
    first_year=2005,
    last_year=2005,
    absence="no mention",
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per pair with a tie."""
    return edges(path, SPEC.id)
