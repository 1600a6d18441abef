"""Last year's pacts of the 164 states of the networks of defence pacts, and the shared partners counted from them, as the file holds both.

Both matrices of the file have cells above the diagonal only, and the count is the square of that half: a partner is counted where it stands between
the two in the network's order, and no other one is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from foedus.data import reading
from foedus.data.sources import tergm_alliances
from foedus.data.spec import SourceSpec

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="tergm_lagged",
    title="Defence pacts 1981-2000, the year before",
    publisher=tergm_alliances.SPEC.publisher,
    url="https://cran.r-project.org/package=btergm",
    version="1981-2000",
    filename="alliances.rda",
    sha256="666e7960fd72c9bb7d5a9571eae70f4d8b1fdbb05e6f1f28b21fea801a118faf",
    size=51264,
    bibtex="""@article{tergm_lagged,
  author = {Cranmer, Skyler J. and Desmarais, Bruce A. and Menninga, Elizabeth J.},
  title = {Complex Dependencies in the Alliance Network},
  journal = {Conflict Management and Peace Science},
  volume = {29},
  number = {3},
  year = {2012},
  pages = {279--313}
}""",
    units="pairs of 164 states with a defence pact or a counted shared partner in the year before, yearly",
    routes=tergm_alliances.SPEC.routes,
    licence=tergm_alliances.SPEC.licence,
    citation=tergm_alliances.SPEC.citation,
    first_year=1981,
    last_year=2000,
    absence="neither",
    year_columns=("year",),
    table="lNet",
)
SHARED = "LSP"


def parse(path: Path) -> pl.DataFrame:
    """Return one row per year and pair with a cell that is not zero in either matrix."""
    import polars as pl

    counts = tergm_alliances.objects(path, SHARED)
    years = []
    for year, matrix in tergm_alliances.objects(path, SPEC.table).items():
        names = np.asarray(matrix.coords["dim_0"].to_numpy(), dtype=str)
        tied, shared = matrix.to_numpy(), counts[year].to_numpy()
        one, two = np.nonzero((tied != 0) | (shared != 0))
        columns = {
            "year": np.full(len(one), int(year)), "a": names[one].tolist(), "b": names[two].tolist(),
            "tied": tied[one, two] != 0, "shared": shared[one, two].astype(np.int64),
        }  # fmt: skip
        years.append(pl.DataFrame(columns))
    return reading.conform(pl.concat(years).sort("year", "a", "b"), SPEC.id)
