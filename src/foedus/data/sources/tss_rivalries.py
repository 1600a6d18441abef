"""Strategic rivalries by years: pairs of states that see each other as competitors, threats and enemies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import PEACESCIENCER, PEACESCIENCER_VERSION, SourceSpec, cran

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="tss_rivalries",
    title="Strategic Rivalries",
    publisher="William R. Thompson, Kentaro Sakuwa & Prashant Hosur Suhas",
    url="https://link.springer.com/book/10.1007/978-981-16-6671-1",
    version="1494-2020",
    filename="tss_rivalries.rda",
    sha256="7d4aabe829ed3f3d32cc16cb1cf4c4fa11588e6823a2c19d73678e29c6879f6f",
    size=3604,
    bibtex="""@book{tss_rivalries,
  author = {Thompson, William R. and Sakuwa, Kentaro and Suhas, Prashant Hosur},
  title = {Analyzing Strategic Rivalries in World Politics: Types of Rivalry, Regional Variation, and Escalation/De-escalation},
  publisher = {Springer},
  year = {2021}
}""",
    units="undirected pairs of states, by spell of years",
    routes=cran("peacesciencer", PEACESCIENCER_VERSION, "data/tss_rivalries.rda"),
    licence="cite; not to be passed on by foedus",
    citation="Thompson, William R., Kentaro Sakuwa & Prashant Hosur Suhas. 2021. Analyzing Strategic Rivalries in "
    "World Politics.",
    first_year=1816,
    last_year=2020,
    absence="no strategic rivalry",
    via=PEACESCIENCER,
    year_columns=("end",),
    table="tss_rivalries",
    parser=3,
)

_EMPIRE, _HEIR, _LAST = 300.0, 305.0, 1918.0


def parse(path: Path) -> pl.DataFrame:
    """Return one row per rivalry, ``ccode1 < ccode2``, both years included; an end in 2020 may be the data's.

    The file gives the rivalries of Austria-Hungary (300) and of Austria (305) whole to one of the two codes. Years to 1918 are the empire's here,
    years from 1919 the republic's, as a row of their own where a rivalry has both: neither was a state in the other's years.
    """
    import polars as pl

    flags = ("positional", "spatial", "ideological", "interventionary")
    frame = reading.rda(path, SPEC.table)
    austrian = pl.any_horizontal(pl.col("ccode1", "ccode2").is_in([_EMPIRE, _HEIR]))
    before = frame.filter(austrian).with_columns(
        pl.col("ccode1", "ccode2").replace(_HEIR, _EMPIRE), pl.min_horizontal("end", pl.lit(_LAST)).alias("end")
    )
    after = frame.filter(austrian).with_columns(
        pl.col("ccode1", "ccode2").replace(_EMPIRE, _HEIR),
        pl.max_horizontal("start", pl.lit(_LAST + 1.0)).alias("start"),
    )
    both = (
        pl.concat([frame.filter(~austrian), before, after])
        .filter(pl.col("start") <= pl.col("end"))
        .sort("tssr_id", "start")
        .with_columns(
            pl.min_horizontal("ccode1", "ccode2").alias("ccode1"),
            pl.max_horizontal("ccode1", "ccode2").alias("ccode2"),
            *((pl.col(f).fill_null(0) > 0).alias(f) for f in flags),
        )
    )
    return reading.conform(both, SPEC.id)
