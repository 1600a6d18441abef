"""Allies and enemies among the 80 armed groups of the Second Congo War."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import SourceSpec

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="congo_groups",
    title="Networks in Conflict, ties",
    publisher="Michael D. König, Dominic Rohner, Mathias Thoenig & Fabrizio Zilibotti",
    url="https://doi.org/10.3982/ECTA13117",
    version="2017",
    filename="adjacency_matrix.csv",
    sha256="c9fa9772631cf565862bfe1351f74049ceb7b0a6eccf8b53152016ac7ec4a4e7",
    size=74688,
    bibtex="""@article{congo_groups,
  author = {König, Michael D. and Rohner, Dominic and Thoenig, Mathias and Zilibotti, Fabrizio},
  title = {Networks in Conflict: Theory and Evidence from the Great War of Africa},
  journal = {Econometrica},
  volume = {85},
  number = {4},
  year = {2017},
  pages = {1093--1132},
  doi = {10.3982/ECTA13117}
}""",
    units="ordered pairs of armed groups with a tie",
    by_hand="part of the article's supplement, which the journal hands out on its page: take the "
    "adjacency matrices of allies and enemies as group_a, group_b, enemy, allied, value from it",
    licence="free for research with citation",
    citation="König, Michael D., Dominic Rohner, Mathias Thoenig & Fabrizio Zilibotti. 2017. Networks in "
    "Conflict: Theory and Evidence from the Great War of Africa. Econometrica 85: 1093-1132.",
    first_year=1998,
    last_year=2010,
    absence="neutral",
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per ordered pair that is allied or hostile."""
    import polars as pl

    raw = reading.text_csv(path, bare_cr=True)
    raw = raw.with_columns(*reading.numbers(raw)).with_columns((pl.col("allied") - pl.col("enemy")).alias("sign"))
    return reading.conform(raw.filter(pl.col("sign") != 0).sort("group_a", "group_b"), SPEC.id)
