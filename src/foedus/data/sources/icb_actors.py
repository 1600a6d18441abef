"""States in international crises: what each saw, did and got."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.sources.icb_crises import dated
from foedus.data.spec import Route, SourceSpec

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

_NAMES = {
    "crisname": "name",
    "cracid": "ccode",
    "systrgyr": "system_year",
    "systrgmo": "system_month",
    "systrgda": "system_day",
    "yerres": "response_year",
    "monres": "response_month",
    "dayres": "response_day",
}

SPEC = SourceSpec(
    id="icb_actors",
    title="International Crisis Behavior, actors",
    publisher="International Crisis Behavior Project",
    url="https://sites.duke.edu/icbdata/",
    version="14",
    filename="icb2v14.csv",
    sha256="ccffd1fa3bbe8be1394e7e5199c78b161fdc498f0ea7d4faebe0634b621be5ba",
    size=259671,
    bibtex="""@misc{icb_actors,
  author = {Brecher, Michael and Wilkenfeld, Jonathan and Beardsley, Kyle and James, Patrick and Quinn, David},
  title = {International Crisis Behavior Data Codebook, Version 14},
  year = {2021},
  howpublished = {https://sites.duke.edu/icbdata/}
}""",
    units="states that were in an international crisis",
    routes=(Route("https://sites.duke.edu/icbdata/files/2021/01/icb2v14.csv"),),
    licence="free for research with citation",
    citation="Brecher, Michael, Jonathan Wilkenfeld, Kyle Beardsley, Patrick James & David Quinn. 2021. "
    "International Crisis Behavior Data Codebook, Version 14; Brecher, Michael & Jonathan Wilkenfeld. "
    "2000. A Study of Crisis.",
    first_year=1918,
    last_year=2018,
    absence="no foreign policy crisis",
    year_columns=("start", "end"),
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per crisis and actor."""
    frame = dated(path, {"start": "{}trig", "end": "{}term"})
    return reading.conform(frame.rename(_NAMES).sort("cracno"), SPEC.id)
