"""Peace Data as a table of spells, one line each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.sources.peacedata import dated
from foedus.data.spec import SourceSpec

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="peacedata_spells",
    title="Peace Data, spells",
    publisher="Paul F. Diehl, Gary Goertz & Yahve Gallegos",
    url="https://garygoertz.com/peace-data/",
    version="3.1",
    filename="peacedata31_spells.csv",
    sha256="b008a8b7fbd1f0d0503f27e21835874d2a58d2bf06ca842f70d533daa6a32aa2",
    size=111712,
    bibtex="""@article{peacedata_spells,
  author = {Diehl, Paul F. and Goertz, Gary and Gallegos, Yahve},
  title = {Peace Data: Concept, Measurement, Patterns, and Research Agenda},
  journal = {Conflict Management and Peace Science},
  volume = {38},
  number = {5},
  year = {2021},
  pages = {605--624}
}""",
    units="pairs of states with a relationship, one row for each spell on the scale",
    by_hand="made from peacedata3.1.csv by writing one line per spell: ccode1, ccode2, start, end (YYYYMMDD), level",
    licence="free for non-commercial use with citation; for commercial use ask the authors",
    citation="Diehl, Paul F., Gary Goertz & Yahve Gallegos. 2021. Peace Data: Concept, Measurement, "
    "Patterns, and Research Agenda. Conflict Management and Peace Science 38: 605-624.",
    first_year=1900,
    last_year=2020,
    absence="no relationship: the two hardly deal with each other",
    year_columns=("start", "end"),
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per pair and spell."""
    raw = reading.text_csv(path)
    frame = raw.with_columns(*reading.numbers(raw, "ccode1", "ccode2"))
    return reading.conform(dated(frame).sort("ccode1", "ccode2", "start"), SPEC.id)
