"""Direct contiguity by land or water, by month, in five classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import COW_TERMS, PEACESCIENCER, PEACESCIENCER_VERSION, SourceSpec, cran

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="cow_contdir",
    title="Direct Contiguity",
    publisher="Correlates of War Project",
    url="https://correlatesofwar.org/data-sets/direct-contiguity/",
    version="3.2",
    filename="cow_contdir.rda",
    sha256="779062fb96238a7c55dbb3436a0925f67d8f0b5bd8e522731c0c3c55f492dd70",
    size=5990,
    bibtex="""@article{cow_contdir,
  author = {Stinnett, Douglas M. and Tir, Jaroslav and Schafer, Philip and Diehl, Paul F. and Gochman, Charles},
  title = {The Correlates of War Project Direct Contiguity Data, Version 3},
  journal = {Conflict Management and Peace Science},
  volume = {19},
  number = {2},
  year = {2002},
  pages = {58--66}
}""",
    units="undirected pairs of states, by spell",
    routes=cran("peacesciencer", PEACESCIENCER_VERSION, "data/cow_contdir.rda"),
    licence=COW_TERMS,
    citation="Stinnett, Douglas M., Jaroslav Tir, Philip Schafer, Paul F. Diehl & Charles Gochman. 2002. The "
    "Correlates of War Project Direct Contiguity Data, Version 3.",
    first_year=1816,
    last_year=2016,
    absence="not contiguous",
    via=PEACESCIENCER,
    year_columns=("end",),
    table="cow_contdir",
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per pair and spell of whole months, ``ccode1 < ccode2``; class 0 and mirror images go."""
    import polars as pl

    frame = reading.rda(path, SPEC.table).with_columns(*reading.days("stdate", "enddate"))
    frame = frame.filter(pl.col("conttype") > 0).select(
        pl.min_horizontal("ccode1", "ccode2").alias("ccode1"),
        pl.max_horizontal("ccode1", "ccode2").alias("ccode2"),
        "conttype",
        pl.col("stdate").dt.month_start().alias("start"),
        pl.col("enddate").dt.month_end().alias("end"),
    )
    return reading.conform(frame.unique().sort("ccode1", "ccode2", "start", "conttype"), SPEC.id)
