"""Issues of roll calls of the General Assembly of the United Nations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import Route, SourceSpec

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="un_roll_call_issues",
    title="United Nations General Assembly issues",
    publisher="Erik Voeten, Anton Strezhnev & Michael Bailey",
    url="https://doi.org/10.7910/DVN/LEJUQZ",
    version="2020 (R package unvotes 0.3.0)",
    filename="un_roll_call_issues.rda",
    sha256="eec1b509ebce692c242b842837d5d861b52b65b2868a7c66f573d4a87d2eb0be",
    size=8512,
    bibtex="""@misc{un_roll_call_issues,
  author = {Voeten, Erik and Strezhnev, Anton and Bailey, Michael},
  title = {United Nations General Assembly Voting Data},
  year = {2009},
  howpublished = {Harvard Dataverse},
  doi = {10.7910/DVN/LEJUQZ}
}""",
    units="roll calls on six issues; one may have several",
    routes=tuple(
        Route(f"https://cran.r-project.org/src/contrib/{place}unvotes_0.3.0.tar.gz", "data/un_roll_call_issues.rda")
        for place in ("", "Archive/unvotes/")
    ),
    licence="CC0 1.0, the data; MIT, the package",
    citation="Voeten, Erik, Anton Strezhnev & Michael Bailey. 2009. United Nations General Assembly "
    "Voting Data. Harvard Dataverse.",
    first_year=1946,
    last_year=2019,
    absence="none of the six issues",
    via="the R package unvotes (folder data/ of its source)",
    table="un_roll_call_issues",
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per roll call and issue."""
    return reading.conform(reading.rda(path, SPEC.table).sort("rcid", "short_name"), SPEC.id)
