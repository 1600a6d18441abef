"""Votes for and against each other in elections of administrators of Wikipedia; and the reader of signed edges in NumPy archives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from foedus.data import reading
from foedus.data.spec import SourceSpec
from foedus.errors import DataError, message

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="wikielec",
    title="Wikipedia adminship elections",
    publisher="Jure Leskovec, Daniel Huttenlocher & Jon Kleinberg; Stanford Network Analysis Project",
    url="https://snap.stanford.edu/data/wikiElec.html",
    version="2008-01",
    filename="wikielec.npz",
    sha256="d33d8e5851caf2727357bf89901b7fd50bbd4750f29bd416e401d34dd703cf54",
    size=187853,
    bibtex="""@inproceedings{wikielec,
  author = {Leskovec, Jure and Huttenlocher, Daniel and Kleinberg, Jon},
  title = {Signed Networks in Social Media},
  booktitle = {Proceedings of the SIGCHI Conference on Human Factors in Computing Systems},
  year = {2010},
  pages = {1361--1370}
}""",
    units="pairs of users who voted on each other",
    by_hand="the publisher offers single votes: add up both directions of a pair and keep arrays n, u, v, "
    "w (users, ends, sign of the sum) in wikielec.npz",
    licence="free for research with citation",
    citation="Leskovec, Jure, Daniel Huttenlocher & Jon Kleinberg. 2010. Signed Networks in Social Media. CHI 2010.",
    first_year=2004,
    last_year=2008,
    absence="no vote",
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per pair with a tie."""
    return edges(path, SPEC.id)


def edges(path: Path, table: str) -> pl.DataFrame:
    """Return the table of an archive with arrays ``u``, ``v`` and ``w``: ends and sign."""
    import polars as pl

    with np.load(path, allow_pickle=False) as archive:
        lacking = {"u", "v", "w"} - set(archive.files)
        if lacking:
            raise DataError(message(f"{path.name} lacks arrays", got=", ".join(archive.files), expected="u, v, w"))
        frame = pl.DataFrame({"a": archive["u"], "b": archive["v"], "sign": archive["w"]})
    return reading.conform(frame, table)
