"""International crises: trigger, gravity, violence, outside help and outcome of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import Route, SourceSpec

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="icb_crises",
    title="International Crisis Behavior, crises",
    publisher="International Crisis Behavior Project",
    url="https://sites.duke.edu/icbdata/",
    version="14",
    filename="icb1v14.csv",
    sha256="f0115d16b6ca8266a471cf53c8db54de32a64ba8e5855d727a51ee699014db1f",
    size=107080,
    bibtex="""@misc{icb_crises,
  author = {Brecher, Michael and Wilkenfeld, Jonathan and Beardsley, Kyle and James, Patrick and Quinn, David},
  title = {International Crisis Behavior Data Codebook, Version 14},
  year = {2021},
  howpublished = {https://sites.duke.edu/icbdata/}
}""",
    units="international crises",
    routes=(Route("https://sites.duke.edu/icbdata/files/2021/01/icb1v14.csv"),),
    licence="free for research with citation",
    citation="Brecher, Michael, Jonathan Wilkenfeld, Kyle Beardsley, Patrick James & David Quinn. 2021. "
    "International Crisis Behavior Data Codebook, Version 14; Brecher, Michael & Jonathan Wilkenfeld. "
    "2000. A Study of Crisis.",
    first_year=1918,
    last_year=2018,
    absence="no international crisis",
    year_columns=("start", "end"),
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per crisis."""
    frame = dated(path, {"start": "{}trig", "end": "{}term"})
    return reading.conform(frame.rename({"crisname": "name"}).sort("crisno"), SPEC.id)


def dated(path: Path, dates: dict[str, str]) -> pl.DataFrame:
    """Return a file of the project in numbers, with year, month and day of each of ``dates`` under its name.

    Values of -99 and days that stand for a part of the month are null.
    """
    import polars as pl

    raw = reading.text_csv(path)
    words = {"icb1", "icb2", "crisname", "actor"}
    raw = raw.with_columns(*reading.numbers(raw, *(c for c in raw.columns if c not in words)))
    raw = raw.with_columns(pl.selectors.numeric().replace(-99, None)).with_columns(
        pl.col("^yrmed.+$").replace(99, None)
    )
    prefixes = {"year": "yr", "month": "mo", "day": "da"}
    parts = {f"{word}_{part}": stem.format(p) for word, stem in dates.items() for part, p in prefixes.items()}
    frame = raw.with_columns(pl.col(raw_name).alias(name) for name, raw_name in parts.items())
    days = [c for c in frame.columns if c.endswith("_day") or c in {"dayres", "systrgda"} or c.startswith("damed")]
    frame = frame.with_columns(pl.when(pl.col(c) <= 31).then(pl.col(c)).alias(c) for c in days)
    return frame.with_columns(
        reading.day(f"{word}_year", f"{word}_month", f"{word}_day", last=word == "end").alias(word)
        for word in ("start", "end")
    )
