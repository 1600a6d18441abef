"""Adherents of religions by state, every five years."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import COW_TERMS, Route, SourceSpec

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="wrp",
    title="World Religion Project, national",
    publisher="Zeev Maoz & Errol A. Henderson; Correlates of War Project",
    url="https://correlatesofwar.org/data-sets/world-religion-data/",
    version="1.1",
    filename="WRP_national.csv",
    sha256="a79d395595067c2f59cb3fd43b48f67a86e5c7225614a3a6be23c91fbd18d65e",
    size=361994,
    bibtex="""@article{wrp,
  author = {Maoz, Zeev and Henderson, Errol A.},
  title = {The World Religion Dataset, 1945-2010: Logic, Estimates, and Trends},
  journal = {International Interactions},
  volume = {39},
  number = {3},
  year = {2013},
  pages = {265--291}
}""",
    units="Correlates of War states, every five years",
    routes=(Route("https://correlatesofwar.org/wp-content/uploads/WRP_national.csv"),),
    licence=COW_TERMS,
    citation="Maoz, Zeev & Errol A. Henderson. 2013. The World Religion Dataset, 1945-2010. International "
    "Interactions 39: 265-291.",
    first_year=1945,
    last_year=2010,
    absence="unknown",
    year_columns=("year",),
)

#: Our word for a confession, and the columns of the table that are added up for it. The last two are families.
CONFESSIONS: dict[str, tuple[str, ...]] = {
    "catholic": ("chrstcat",),
    "protestant": ("chrstprot", "chrstang"),
    "orthodox": ("chrstorth",),
    "sunni": ("islmsun",),
    "shia": ("islmshi",),
    "alawi": ("islmalw",),
    "ibadi": ("islmibd",),
    "jewish": ("total jews",),
    "buddhist": ("total buddhists",),
    "shinto": ("total shinto",),
    "hindu": ("total hindus",),
    "syncretic": ("total syncretics",),
    "animist": ("total animists",),
    "none": ("non religious",),
    "christian": ("total christians",),
    "muslim": ("total muslims",),
}


def parse(path: Path) -> pl.DataFrame:
    """Return one row per state and year with the share of the population that each confession has.

    The shares are of the population, or of the sum of all entries where people are counted in two religions (Japan),
    so that none passes 1.
    """
    import polars as pl

    raw = reading.text_csv(path)
    population = ("sum of religious adherents", "population in independent states")
    wanted = {c for columns in CONFESSIONS.values() for c in columns} | {"year", "state", *population}
    raw = raw.with_columns(*reading.numbers(raw, *sorted(wanted)))
    everyone = pl.max_horizontal(*population)
    frame = raw.with_columns(
        pl.col("state").alias("ccode"),
        *((pl.sum_horizontal(*columns) / everyone).alias(word) for word, columns in CONFESSIONS.items()),
    )
    return reading.conform(frame.unique(["ccode", "year"], keep="first").sort("ccode", "year"), SPEC.id)
