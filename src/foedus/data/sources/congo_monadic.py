"""Fighting of the 80 armed groups of the Second Congo War by year, with the rain on their grounds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import SourceSpec
from foedus.extras import require

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

_NAMES = {
    "id": "acled_id",
    "TotFight": "fights",
    "TotFight_Enemy": "fights_enemies",
    "TotFight_Allied": "fights_allies",
    "TotFight_Neutral": "fights_neutral",
    "lag1TotFight_Enemy": "fights_enemies_before",
    "lag1TotFight_Allied": "fights_allies_before",
    "degree_minus": "enemies",
    "degree_plus": "allies",
    "Foreign": "foreign",
    "Government_org": "government",
}

SPEC = SourceSpec(
    id="congo_monadic",
    title="Networks in Conflict, group-years",
    publisher="Michael D. König, Dominic Rohner, Mathias Thoenig & Fabrizio Zilibotti",
    url="https://doi.org/10.3982/ECTA13117",
    version="2017",
    filename="KRTZ_monadic_AF.dta",
    sha256="4633c028a127d83136e46e99d356e0f5ad5899732d2ec5786bbc3bde6e124991",
    size=1161849,
    bibtex="""@article{congo_monadic,
  author = {König, Michael D. and Rohner, Dominic and Thoenig, Mathias and Zilibotti, Fabrizio},
  title = {Networks in Conflict: Theory and Evidence from the Great War of Africa},
  journal = {Econometrica},
  volume = {85},
  number = {4},
  year = {2017},
  pages = {1093--1132},
  doi = {10.3982/ECTA13117}
}""",
    units="armed groups, yearly",
    by_hand="part of the article's supplement, which the journal hands out on its page: take "
    "KRTZ_monadic_AF.dta from it",
    licence="free for research with citation",
    citation="König, Michael D., Dominic Rohner, Mathias Thoenig & Fabrizio Zilibotti. 2017. Networks in "
    "Conflict: Theory and Evidence from the Great War of Africa. Econometrica 85: 1093-1132.",
    first_year=1998,
    last_year=2010,
    absence="no group of the study",
    year_columns=("year",),
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per group and year; the file's marks of single groups and years are left out."""
    require(f"{path.name}, a file of Stata,", "pyreadstat")
    import polars as pl
    import pyreadstat

    reading.check_stata(path)
    columns, _ = pyreadstat.read_dta(path, output_format="dict")
    frame = pl.DataFrame(
        {name: values for name, values in columns.items() if not name.startswith(("D", "TE"))}, strict=False
    )
    frame = frame.with_columns(pl.selectors.float().fill_nan(None), pl.selectors.string().replace("", None)).rename(
        _NAMES
    )
    frame = frame.with_columns(pl.col("foreign", "government") == 1)
    return reading.conform(frame.sort("group", "year"), SPEC.id)
