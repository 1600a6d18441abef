"""Formal alliances of the Correlates of War Project by member: class, promises, days of entry and exit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import COW_TERMS, SourceSpec

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

_NAMES = {"all_st": "start", "all_end": "end", "mem_st": "entry", "mem_end": "exit"}

SPEC = SourceSpec(
    id="cow_alliances",
    title="Formal Alliances",
    publisher="Douglas M. Gibler; Correlates of War Project",
    url="https://correlatesofwar.org/data-sets/formal-alliances/",
    version="4.1",
    filename="alliance_v4.1_by_member.csv",
    sha256="",
    size=0,
    bibtex="""@book{cow_alliances,
  author = {Gibler, Douglas M.},
  title = {International Military Alliances, 1648-2008},
  publisher = {CQ Press},
  year = {2009}
}""",
    units="members of formal alliances of states",
    by_hand="the owner forbids that programs hand it on: download version4.1_csv.zip from the project's "
    "page and put alliance_v4.1_by_member.csv into the data folder",
    licence=COW_TERMS,
    citation="Gibler, Douglas M. 2009. International Military Alliances, 1648-2008. CQ Press.",
    first_year=1816,
    last_year=2012,
    absence="no formal alliance",
    year_columns=("entry", "exit"),
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per alliance and member; ``end`` and ``exit`` are null where in force on the data's last day."""
    import polars as pl

    raw = reading.text_csv(path)
    spells = {
        f"{who}_{edge}": (f"{who}_{edge}_year", f"{who}_{edge}_month", f"{who}_{edge}_day")
        for who in ("all", "mem")
        for edge in ("st", "end")
    }
    flags = ("defense", "neutrality", "nonaggression", "entente", "left_censor", "right_censor")
    parts = [c for columns in spells.values() for c in columns]
    raw = raw.with_columns(*reading.numbers(raw, "version4id", "ccode", *parts, *flags))
    raw = raw.with_columns(pl.when(pl.col(c) > 0).then(pl.col(c)).alias(c) for c in parts)
    frame = raw.with_columns(
        *(pl.col(columns[1]).fill_null(12) for columns in spells.values()),
        *(pl.col(c) == 1 for c in flags),
        pl.col("ss_type").str.strip_chars().replace("", None),
    ).with_columns(reading.day(*columns, last=True).alias(_NAMES[word]) for word, columns in spells.items())
    names = {"left_censor": "left_censored", "right_censor": "right_censored"}
    return reading.conform(frame.rename(names).sort("version4id", "ccode", "entry"), SPEC.id)
