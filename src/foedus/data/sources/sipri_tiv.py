"""Deliveries of major arms from each state to each, by year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from foedus.data import reading
from foedus.data.spec import SourceSpec

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="sipri_tiv",
    title="Arms transfers, matrices",
    publisher="Stockholm International Peace Research Institute",
    url="https://www.sipri.org/databases/armstransfers",
    version="2019",
    filename="sipri_tiv.rds",
    sha256="69cb0fe6fdc00d6ffdb6b256b356d639e424ecadac88a7259772dcb624fbdb8f",
    size=298151,
    bibtex="""@misc{sipri_tiv,
  author = {{Stockholm International Peace Research Institute}},
  title = {{SIPRI} Arms Transfers Database},
  year = {2019},
  howpublished = {https://www.sipri.org/databases/armstransfers}
}""",
    units="ordered pairs of suppliers and recipients, yearly",
    by_hand="the publisher offers a query form, not a file: save yearly matrices of TIV, 1950 first, "
    "suppliers in rows, as an R list in sipri_tiv.rds",
    licence="free for non-commercial use with citation",
    citation="Stockholm International Peace Research Institute. 2019. SIPRI Arms Transfers Database.",
    first_year=1950,
    last_year=2018,
    absence="no delivery known",
    year_columns=("year",),
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per year and pair with deliveries; the file holds one matrix per year, the first for 1950."""
    import polars as pl

    matrices = reading.general(path, "rds")
    years = []
    for year, matrix in enumerate(matrices, SPEC.first_year):
        names = np.asarray(matrix.coords["dim_0"].to_numpy(), dtype=str)
        values = matrix.to_numpy()
        rows, columns = np.nonzero(np.nan_to_num(values))
        cells = {"exporter": names[rows].tolist(), "importer": names[columns].tolist(), "tiv": values[rows, columns]}
        years.append(pl.DataFrame(cells).with_columns(pl.lit(year).alias("year")))
    return reading.conform(pl.concat(years).sort("year", "exporter", "importer"), SPEC.id)
