"""Peace Data: how friendly or hostile two states were, from rivalry to security community, with days."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus import limits
from foedus.data import reading
from foedus.data.spec import SourceSpec

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="peacedata",
    title="Peace Data",
    publisher="Paul F. Diehl, Gary Goertz & Yahve Gallegos",
    url="https://garygoertz.com/peace-data/",
    version="3.1",
    filename="peacedata3.1.csv",
    sha256="ea53edd4d33c35f653143b60a428aee4790bcb05587dd37cf0a9372b152826b2",
    size=148622,
    bibtex="""@article{peacedata,
  author = {Diehl, Paul F. and Goertz, Gary and Gallegos, Yahve},
  title = {Peace Data: Concept, Measurement, Patterns, and Research Agenda},
  journal = {Conflict Management and Peace Science},
  volume = {38},
  number = {5},
  year = {2021},
  pages = {605--624}
}""",
    units="pairs of states with a relationship, one row for each spell on the scale",
    by_hand="the authors' site asks for a visit by hand: take peacedata3.1.csv from the archive of version 3.1",
    licence="free for non-commercial use with citation; for commercial use ask the authors",
    citation="Diehl, Paul F., Gary Goertz & Yahve Gallegos. 2021. Peace Data: Concept, Measurement, "
    "Patterns, and Research Agenda. Conflict Management and Peace Science 38: 605-624.",
    first_year=1900,
    last_year=2020,
    absence="no relationship: the two hardly deal with each other",
    year_columns=("start", "end"),
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per pair and spell; the file has one line per pair and two cells per spell."""
    import polars as pl

    limits.check_csv(path)
    rows = pl.read_csv(path, has_header=False, infer_schema=False, glob=False)
    periods, levels = rows.columns[1::2], rows.columns[2::2]
    spells = [
        rows.select(
            pl.col(rows.columns[0]).str.strip_chars().cast(pl.Int32).alias("dyad"),
            pl.col(p).alias("period"),
            pl.col(v).alias("level"),
        )
        for p, v in zip(periods, levels, strict=True)
    ]
    used = pl.concat(spells).with_columns(pl.col("period").str.strip_chars()).filter(~pl.col("period").is_in(["", "."]))
    frame = used.with_columns(
        (pl.col("dyad") // 1000).alias("ccode1"),
        (pl.col("dyad") % 1000).alias("ccode2"),
        *(pl.col("period").str.extract(r"^(\d{8})-(\d{8})$", k).alias(word) for k, word in ((1, "start"), (2, "end"))),
    )
    return reading.conform(dated(frame).sort("ccode1", "ccode2", "start"), SPEC.id)


def dated(frame: pl.DataFrame) -> pl.DataFrame:
    """Return spells with dates for texts YYYYMMDD, where 20209999 means going on, and -9 as no level."""
    import polars as pl

    parts = {
        f"{word}_{part}": pl.col(word).str.slice(at, size).cast(pl.Int32)
        for word in ("start", "end")
        for part, at, size in (("year", 0, 4), ("month", 4, 2), ("day", 6, 2))
    }
    frame = frame.with_columns(
        **parts, going=pl.col("end") == "20209999", level=pl.col("level").cast(pl.Float64).replace(-9.0, None)
    )
    month = {w: pl.col(f"{w}_month").is_between(1, 12) for w in ("start", "end")}
    day = {w: month[w] & pl.col(f"{w}_day").is_between(1, 31) for w in ("start", "end")}
    frame = frame.with_columns(
        (~day["start"] | (~day["end"] & ~pl.col("going"))).alias("day_missing"),
        *(
            pl.when(month[w]).then(pl.col(f"{w}_month")).otherwise(other).alias(f"{w}_month")
            for w, other in (("start", 1), ("end", 12))
        ),
        *(pl.when(day[w]).then(pl.col(f"{w}_day")).alias(f"{w}_day") for w in ("start", "end")),
    )
    end = reading.day("end_year", "end_month", "end_day", last=True)
    return frame.with_columns(
        reading.day("start_year", "start_month", "start_day", last=False).alias("start"),
        pl.when(~pl.col("going")).then(end).alias("end"),
    )
