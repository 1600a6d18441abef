"""Interstate wars broken into fronts: who attacked whom, who joined, how each ended, by year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import SourceSpec

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

_NAMES = {
    "init_war_id": "war_id",
    "init_war_name": "war_name",
    "init_ccode": "attacker",
    "init_name": "attacker_name",
    "target_ccode": "target",
    "annual_outcome": "outcome",
}

SPEC = SourceSpec(
    id="iwd",
    title="Interstate War Data",
    publisher="Dan Reiter, Allan C. Stam & Michael C. Horowitz",
    url="https://doi.org/10.1177/0022002714553107",
    version="1",
    filename="interstate-war-rev.csv",
    sha256="9990294aed85a9d26387f837007633d269b582c1f2305b2deffba027dee05821",
    size=183348,
    bibtex="""@article{iwd,
  author = {Reiter, Dan and Stam, Allan C. and Horowitz, Michael C.},
  title = {A Revised Look at Interstate Wars, 1816-2007},
  journal = {Journal of Conflict Resolution},
  volume = {60},
  number = {5},
  year = {2016},
  pages = {956--976},
  doi = {10.1177/0022002714553107}
}""",
    units="fronts of interstate wars (one attacker each), yearly",
    by_hand="the authors publish a spreadsheet (IWD10.xlsx, with the article): save its table as "
    "interstate-war-rev.csv under its column names",
    licence="free for research with citation",
    citation="Reiter, Dan, Allan C. Stam & Michael C. Horowitz. 2016. A Revised Look at Interstate Wars, "
    "1816-2007. Journal of Conflict Resolution 60: 956-976.",
    first_year=1816,
    last_year=2007,
    absence="no interstate war",
    year_columns=("year",),
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per front and year; a first day after the last (31 December for 1 January) is the first of January."""
    import polars as pl

    raw = reading.text_csv(path).with_columns(pl.all().replace("NA", None))
    names = [c for c in raw.columns if not c.endswith("name")]
    raw = raw.with_columns(*reading.numbers(raw, *names))
    frame = raw.with_columns(
        pl.col("joiner") == 1,
        *(
            reading.day("year", f"month_{edge}{k}", f"day_{edge}{k}", last=edge == "exit").alias(f"{word}{k[1:]}")
            for edge, word in (("entry", "start"), ("exit", "end"))
            for k in ("", "02")
        ),
        *(
            _listed(pattern).alias(word)
            for word, pattern in (("adversaries", "^adv[0-9]+ccode$"), ("allies", "^ally[0-9]+ccode$"))
        ),
    )
    new_year = pl.date(pl.col("year").cast(pl.Int32), 1, 1)
    frame = frame.with_columns(
        pl.when(pl.col("start") > pl.col("end")).then(new_year).otherwise("start").alias("start")
    )
    return reading.conform(frame.rename(_NAMES).sort("war_id", "year"), SPEC.id)


def _listed(pattern: str) -> pl.Expr:
    """Return the codes in the columns of that pattern as one text; null where there are none."""
    import polars as pl

    codes = pl.concat_list(pl.col(pattern).cast(pl.Int64)).list.drop_nulls().cast(pl.List(pl.String)).list.join(", ")
    return pl.when(codes != "").then(codes)
