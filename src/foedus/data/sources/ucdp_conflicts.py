"""Armed conflicts with a government on one side, by year: sides, helpers with troops, intensity."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import Route, SourceSpec

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

_NAMES = {
    "territory_name": "territory",
    "intensity_level": "intensity",
    "type_of_conflict": "type",
    "start_date": "start",
    "start_prec": "start_precision",
    "start_date2": "start25",
    "start_prec2": "start25_precision",
    "ep_end_date": "end",
    "gwno_a": "gw_a",
    "gwno_a_2nd": "gw_a_2nd",
    "gwno_b": "gw_b",
    "gwno_b_2nd": "gw_b_2nd",
    "gwno_loc": "gw_location",
}

SPEC = SourceSpec(
    id="ucdp_conflicts",
    title="UCDP/PRIO Armed Conflict Dataset",
    publisher="Uppsala Conflict Data Program & Peace Research Institute Oslo",
    url="https://ucdp.uu.se/downloads/",
    version="20.1",
    filename="ucdp-prio-acd-201.csv",
    sha256="b797ffe37c35aba0a9f013e7019307753d4444655bf3c6a7090df85ba57382ae",
    size=524378,
    bibtex="""@article{ucdp_conflicts,
  author = {Gleditsch, Nils Petter and Wallensteen, Peter and Eriksson, Mikael and Sollenberg, Margareta and Strand, Håvard},
  title = {Armed Conflict 1946-2001: A New Dataset},
  journal = {Journal of Peace Research},
  volume = {39},
  number = {5},
  year = {2002},
  pages = {615--637}
}""",
    units="armed conflicts that a government took part in, in years with 25 battle deaths",
    routes=(Route("https://ucdp.uu.se/downloads/ucdpprio/ucdp-prio-acd-201-csv.zip", "ucdp-prio-acd-201.csv"),),
    licence="CC BY 4.0",
    citation="Gleditsch, Nils Petter, Peter Wallensteen, Mikael Eriksson, Margareta Sollenberg & Håvard "
    "Strand. 2002. Armed Conflict 1946-2001: A New Dataset. Journal of Peace Research 39: 615-637.",
    first_year=1946,
    last_year=2019,
    absence="no conflict with 25 battle deaths",
    year_columns=("year",),
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per conflict and year."""
    import polars as pl

    raw = reading.text_csv(path).with_columns(pl.all().replace("", None))
    plain = (
        "conflict_id",
        "year",
        "incompatibility",
        "intensity_level",
        "type_of_conflict",
        "start_prec",
        "start_prec2",
    )
    frame = raw.with_columns(
        *reading.numbers(raw, *plain),
        pl.col("start_date", "start_date2", "ep_end_date").str.to_date("%Y-%m-%d"),
        (pl.col("cumulative_intensity") == "1").alias("cumulative_intensity"),
        (pl.col("ep_end") == "1").alias("episode_end"),
    )
    return reading.conform(frame.rename(_NAMES).sort("conflict_id", "year"), SPEC.id)
