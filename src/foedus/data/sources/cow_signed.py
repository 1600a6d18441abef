"""Signed ties of states in 51 overlapping spans of four years."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import COW_TERMS, SourceSpec

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="cow_signed",
    title="Signed international relations, 1946-1999",
    publisher="Patrick Doreian & Andrej Mrvar",
    url="http://mrvar.fdv.uni-lj.si/pajek/SVG/CoW/default.htm",
    version="2015",
    filename="cow_signed_1946_1999.csv",
    sha256="f6d52ba926434f3ba9bd266c21b90471927974ad3aa3afa49590aaf0b1e24832",
    size=665807,
    bibtex="""@article{cow_signed,
  author = {Doreian, Patrick and Mrvar, Andrej},
  title = {Structural Balance and Signed International Relations},
  journal = {Journal of Social Structure},
  volume = {16},
  number = {2},
  year = {2015}
}""",
    units="pairs of states with a tie, in spans of four years",
    by_hand="carried by the R package signnet as a list of graphs: write the edges of cowList as columns "
    "period (as 46-49), a, b, sign",
    licence=COW_TERMS,
    citation="Doreian, Patrick & Andrej Mrvar. 2015. Structural Balance and Signed International "
    "Relations. Journal of Social Structure 16.",
    first_year=1946,
    last_year=1999,
    absence="no tie",
    year_columns=("end",),
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per span and pair with a tie."""
    import polars as pl

    raw = reading.text_csv(path)
    frame = raw.with_columns(
        *reading.numbers(raw, "sign"),
        *(
            (pl.col("period").str.extract(r"^(\d\d)-(\d\d)$", k).cast(pl.Int32) + 1900).alias(word)
            for k, word in ((1, "start"), (2, "end"))
        ),
    )
    return reading.conform(frame.sort("start", "a", "b"), SPEC.id)
