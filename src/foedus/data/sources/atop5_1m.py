"""ATOP by member and phase: what each member of an alliance promises, on which conditions, from when to when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import Route, SourceSpec

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

ARCHIVE = "http://www.atopdata.org/uploads/6/9/1/3/69134503/atop_5.1__.csv_.zip"

SPEC = SourceSpec(
    id="atop5_1m",
    title="Alliance Treaty Obligations and Provisions, members",
    publisher="ATOP Project, Rice University",
    url="http://www.atopdata.org/",
    version="5.1",
    filename="atop5_1m.csv",
    sha256="0e3c803f65275c3cb9309d08c04710416dff16aee936c8b4f887c7b67ee5b55b",
    size=568197,
    bibtex="""@article{atop5_1m,
  author = {Leeds, Brett Ashley and Ritter, Jeffrey M. and Mitchell, Sara McLaughlin and Long, Andrew G.},
  title = {Alliance Treaty Obligations and Provisions, 1815-1944},
  journal = {International Interactions},
  volume = {28},
  number = {3},
  year = {2002},
  pages = {237--260}
}""",
    units="members of alliances, by phase and spell",
    routes=(Route(ARCHIVE, "atop5_1m.csv"),),
    licence="free for research with citation",
    citation="Leeds, Brett Ashley, Jeffrey Ritter, Sara Mitchell & Andrew Long. 2002. Alliance Treaty Obligations "
    "and Provisions, 1815-1944. International Interactions 28: 237-260.",
    first_year=1815,
    last_year=2018,
    absence="no alliance",
    year_columns=("entry", "exit"),
    parser=2,
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per member and spell within an alliance's phase.

    ``exit`` is null where the member was in on the data's last day. A missing day of entry or exit is the last of its
    month, so that nobody is bound before he surely signed.
    """
    import polars as pl

    raw = reading.text_csv(path)
    raw = raw.with_columns(*reading.numbers(raw))
    frame = flags(raw).with_columns(
        reading.day("yrent", "moent", "dayent", last=True).alias("entry"),
        pl.when(pl.col("yrexit") > 0).then(_exit(raw)).alias("exit"),
        pl.col("cowsys") == 1,
        pl.col("cowwar").replace(0, None),
    )
    return reading.conform(frame.sort("atopid", "phase", "member", "entry"), SPEC.id)


def flags(raw: pl.DataFrame) -> pl.DataFrame:
    """Return a file of numbers with true and false for its marks, and null for states that are not named."""
    import polars as pl

    return raw.with_columns(
        *(pl.col(c) == 1 for c in ("ineffect", "new5", "rev5")),
        (pl.col("bilat") == 1).alias("bilateral"),
        *(pl.col(c).replace(0, None) for c in ("statthr1", "statthr2")),
    )


def _exit(raw: pl.DataFrame) -> pl.Expr:
    """Return the day of exit; rows still in, coded 0, get a harmless month so that it holds for all."""
    import polars as pl

    safe = {c: pl.col(c) for c in ("yrexit", "moexit", "dayexit")}
    year = pl.when(safe["yrexit"] > 0).then(safe["yrexit"]).otherwise(1).cast(pl.Int32)
    month = pl.when(safe["moexit"] > 0).then(safe["moexit"]).otherwise(12).cast(pl.Int32)
    exact = safe["dayexit"].fill_null(0) >= 1
    day = pl.when(exact).then(safe["dayexit"]).otherwise(1).cast(pl.Int32)
    return pl.when(exact).then(pl.date(year, month, day)).otherwise(pl.date(year, month, 1).dt.month_end())
