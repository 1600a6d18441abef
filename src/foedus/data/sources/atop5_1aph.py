"""ATOP by phase of an alliance: its terms between two changes of the treaty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.sources import atop5_1a, atop5_1m
from foedus.data.spec import Route, SourceSpec

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="atop5_1aph",
    title="Alliance Treaty Obligations and Provisions, alliance phases",
    publisher=atop5_1m.SPEC.publisher,
    url=atop5_1m.SPEC.url,
    version="5.1",
    filename="atop5_1aph.csv",
    sha256="828ed77daf341ea377f75e042c2e51e4e6ccb0515e058db6355a89f8aebb0fcf",
    size=202256,
    licence=atop5_1m.SPEC.licence,
    citation=atop5_1m.SPEC.citation,
    bibtex="""@article{atop5_1aph,
  author = {Leeds, Brett Ashley and Ritter, Jeffrey M. and Mitchell, Sara McLaughlin and Long, Andrew G.},
  title = {Alliance Treaty Obligations and Provisions, 1815-1944},
  journal = {International Interactions},
  volume = {28},
  number = {3},
  year = {2002},
  pages = {237--260}
}""",
    units="military alliances of all states, one row for each phase between two changes of terms",
    routes=(Route(atop5_1m.ARCHIVE, "atop5_1aph.csv"),),
    first_year=1815,
    last_year=2018,
    absence="no alliance",
    year_columns=("start", "end"),
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per alliance and phase; ``end`` is null where it was in force on the data's last day."""
    return reading.conform(atop5_1a.dated(path).sort("atopid", "phase"), SPEC.id)
