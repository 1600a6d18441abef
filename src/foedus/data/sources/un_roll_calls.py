"""Roll calls of the General Assembly of the United Nations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import Route, SourceSpec

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="un_roll_calls",
    title="United Nations General Assembly roll calls",
    publisher="Erik Voeten, Anton Strezhnev & Michael Bailey",
    url="https://doi.org/10.7910/DVN/LEJUQZ",
    version="2020 (R package unvotes 0.3.0)",
    filename="un_roll_calls.rda",
    sha256="61a83d780e07cdfda635ca89e05875ceb58c6d64f876f85ac45f36b966a02ec0",
    size=213221,
    bibtex="""@misc{un_roll_calls,
  author = {Voeten, Erik and Strezhnev, Anton and Bailey, Michael},
  title = {United Nations General Assembly Voting Data},
  year = {2009},
  howpublished = {Harvard Dataverse},
  doi = {10.7910/DVN/LEJUQZ}
}""",
    units="roll calls",
    routes=tuple(
        Route(f"https://cran.r-project.org/src/contrib/{place}unvotes_0.3.0.tar.gz", "data/un_roll_calls.rda")
        for place in ("", "Archive/unvotes/")
    ),
    licence="CC0 1.0, the data; MIT, the package",
    citation="Voeten, Erik, Anton Strezhnev & Michael Bailey. 2009. United Nations General Assembly "
    "Voting Data. Harvard Dataverse.",
    first_year=1946,
    last_year=2019,
    absence="no roll call",
    via="the R package unvotes (folder data/ of its source)",
    year_columns=("date",),
    table="un_roll_calls",
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per roll call."""
    import polars as pl

    names = {
        "importantvote": "important",
        "unres": "resolution",
        "amend": "amendment",
        "para": "paragraph",
        "descr": "description",
    }
    frame = (
        reading.rda(path, SPEC.table)
        .rename(names)
        .with_columns(
            *reading.days("date"),
            *(pl.col(c) == 1 for c in ("important", "amendment", "paragraph")),
            pl.col("resolution", "short", "description").str.strip_chars().replace("", None),
        )
    )
    return reading.conform(frame.sort("rcid"), SPEC.id)
