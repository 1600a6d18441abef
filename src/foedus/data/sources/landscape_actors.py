"""Eleven actors around ISIS in 2016, with their size in the conflict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import SourceSpec

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="landscape_actors",
    title="Landscape of the war against ISIS, actors",
    publisher="Robert Axelrod & Alexander C. Furnas",
    url="https://doi.org/10.1017/S000712340000973X",
    version="2016-02-20",
    filename="Actor_data.csv",
    sha256="df0c7d45d96ac67a1fc084d8f3d97b4818791a4a728f4c7015c32cff2afeba33",
    size=157,
    bibtex="""@article{landscape_actors,
  author = {Axelrod, Robert and Bennett, D. Scott},
  title = {A Landscape Theory of Aggregation},
  journal = {British Journal of Political Science},
  volume = {23},
  number = {2},
  year = {1993},
  pages = {211--233},
  note = {the theory; data of an application to the war against ISIS by Axelrod and Furnas, 2016}
}""",
    units="actors of one conflict",
    by_hand="from the authors' repository, whose address is not stable: Actor_data.csv with columns id, "
    "actor, strength",
    licence="free for research with citation",
    citation="Axelrod, Robert & D. Scott Bennett. 1993. A Landscape Theory of Aggregation. British "
    "Journal of Political Science 23: 211-233; data of an application to the war against ISIS by Axelrod "
    "and Furnas, 2016.",
    first_year=2016,
    last_year=2016,
    absence="no actor of the study",
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per actor."""
    raw = reading.text_csv(path)
    frame = raw.with_columns(*reading.numbers(raw, "id", "strength")).rename({"actor": "name", "id": "actor"})
    return reading.conform(frame.sort("actor"), SPEC.id)
