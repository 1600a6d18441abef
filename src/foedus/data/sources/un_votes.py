"""Votes of states in the General Assembly of the United Nations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import Route, SourceSpec

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="un_votes",
    title="United Nations General Assembly votes",
    publisher="Erik Voeten, Anton Strezhnev & Michael Bailey",
    url="https://doi.org/10.7910/DVN/LEJUQZ",
    version="2020 (R package unvotes 0.3.0)",
    filename="un_votes.rda",
    sha256="36228d584d9cd8ea67dd33072da029628dabcc6faf3dffb183f916cc254660d9",
    size=262141,
    bibtex="""@misc{un_votes,
  author = {Voeten, Erik and Strezhnev, Anton and Bailey, Michael},
  title = {United Nations General Assembly Voting Data},
  year = {2009},
  howpublished = {Harvard Dataverse},
  doi = {10.7910/DVN/LEJUQZ}
}""",
    units="states and roll calls",
    routes=tuple(
        Route(f"https://cran.r-project.org/src/contrib/{place}unvotes_0.3.0.tar.gz", "data/un_votes.rda")
        for place in ("", "Archive/unvotes/")
    ),
    licence="CC0 1.0, the data; MIT, the package",
    citation="Voeten, Erik, Anton Strezhnev & Michael Bailey. 2009. United Nations General Assembly "
    "Voting Data. Harvard Dataverse.",
    first_year=1946,
    last_year=2019,
    absence="absent from the vote, or no member",
    via="the R package unvotes (folder data/ of its source)",
    table="un_votes",
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per roll call and state that voted."""
    return reading.conform(reading.rda(path, SPEC.table).rename({"country_code": "code"}), SPEC.id)
