"""Propensity of eleven actors around ISIS in 2016 to work together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus import limits
from foedus.data import reading
from foedus.data.spec import SourceSpec

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="landscape_propensities",
    title="Landscape of the war against ISIS, propensities",
    publisher="Robert Axelrod & Alexander C. Furnas",
    url="https://doi.org/10.1017/S000712340000973X",
    version="2016-02-20",
    filename="Pairwise_propensity_Feb_20.csv",
    sha256="eec6ba6c3461c5d9a1d118104b50a1f42849e3436156ac3da900ab4e042a3c6d",
    size=333,
    bibtex="""@article{landscape_propensities,
  author = {Axelrod, Robert and Bennett, D. Scott},
  title = {A Landscape Theory of Aggregation},
  journal = {British Journal of Political Science},
  volume = {23},
  number = {2},
  year = {1993},
  pages = {211--233},
  note = {the theory; data of an application to the war against ISIS by Axelrod and Furnas, 2016}
}""",
    units="ordered pairs of actors of one conflict",
    by_hand="from the authors' repository, whose address is not stable: Pairwise_propensity_Feb_20.csv, a "
    "matrix with names in its first row and column",
    licence="free for research with citation",
    citation="Axelrod, Robert & D. Scott Bennett. 1993. A Landscape Theory of Aggregation. British "
    "Journal of Political Science 23: 211-233; data of an application to the war against ISIS by Axelrod "
    "and Furnas, 2016.",
    first_year=2016,
    last_year=2016,
    absence="an actor and itself",
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per ordered pair; the file is a matrix."""
    import polars as pl

    limits.check_csv(path)
    raw = pl.read_csv(path, infer_schema=False, glob=False)
    first, *others = raw.columns
    order = pl.DataFrame({"name": others, "actor": range(1, len(others) + 1)})
    cells = raw.unpivot(others, index=first, variable_name="name2").rename({first: "name1"}).drop_nulls("value")
    frame = cells.join(order.rename({"name": "name1", "actor": "actor1"}), on="name1", how="left")
    frame = frame.join(order.rename({"name": "name2", "actor": "actor2"}), on="name2", how="left")
    frame = frame.with_columns(pl.col("value").str.strip_chars().cast(pl.Int32) - 3).rename({"value": "propensity"})
    return reading.conform(frame.sort("actor1", "actor2"), SPEC.id)
