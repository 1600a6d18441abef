"""Defence pacts among 164 states, 1981 to 2000; and the reader of the file's networks and matrices."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.data import reading
from foedus.data.spec import Route, SourceSpec
from foedus.errors import DataError, message

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="tergm_alliances",
    title="Defence pacts 1981-2000",
    publisher="Skyler J. Cranmer, Bruce A. Desmarais & Elizabeth J. Menninga; R package btergm",
    url="https://cran.r-project.org/package=btergm",
    version="1981-2000",
    filename="alliances.rda",
    sha256="666e7960fd72c9bb7d5a9571eae70f4d8b1fdbb05e6f1f28b21fea801a118faf",
    size=51264,
    bibtex="""@article{tergm_alliances,
  author = {Cranmer, Skyler J. and Desmarais, Bruce A. and Menninga, Elizabeth J.},
  title = {Complex Dependencies in the Alliance Network},
  journal = {Conflict Management and Peace Science},
  volume = {29},
  number = {3},
  year = {2012},
  pages = {279--313}
}""",
    units="pairs of 164 states with a defence pact, yearly",
    routes=(
        Route(
            "https://cran.r-project.org/src/contrib/Archive/xergm.common/xergm.common_1.7.8.tar.gz",
            "data/alliances.rda",
        ),
        Route("https://github.com/leifeld/btergm/archive/HEAD.tar.gz", "data/alliances.rda"),
    ),
    licence="GPL (2 or 3), the package; passed on with the authors' leave",
    citation="Cranmer, Skyler J., Bruce A. Desmarais & Elizabeth J. Menninga. 2012. Complex Dependencies "
    "in the Alliance Network. Conflict Management and Peace Science 29: 279-313.",
    first_year=1981,
    last_year=2000,
    absence="no defence pact",
    year_columns=("year",),
    table="allyNet",
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per year and pair with a defence pact."""
    import polars as pl

    years = []
    for year, network in objects(path, SPEC.table).items():
        names = [str(vertex["vertex.names"][0]) for vertex in network["val"]]
        ties = [(int(edge["inl"][0]) - 1, int(edge["outl"][0]) - 1) for edge in network["mel"] if edge]
        pairs = [(names[min(tie)], names[max(tie)]) for tie in ties]
        years.append(pl.DataFrame(pairs, schema=["a", "b"], orient="row").with_columns(pl.lit(int(year)).alias("year")))
    return reading.conform(pl.concat(years).sort("year", "a", "b"), SPEC.id)


def objects(path: Path, name: str) -> Any:
    """Return one object of the file: a matrix, or networks or matrices by year."""
    content = _content(path, path.stat().st_mtime_ns)
    if name not in content:
        raise DataError(message(f"{path.name} lacks the object", got=", ".join(map(str, content)), expected=name))
    return content[name]


@lru_cache(maxsize=1)
def _content(path: Path, modified: int) -> dict[str, Any]:
    """Return all objects of a file, kept since four data sets are read from it one after the other."""
    return reading.general(path, "rda")


def matrix_ties(matrix: Any) -> pl.DataFrame:
    """Return the ordered pairs of a labelled matrix whose cell is not zero."""
    import polars as pl

    names = np.asarray(matrix.coords["dim_0"].to_numpy(), dtype=str)
    rows, columns = np.nonzero(matrix.to_numpy())
    return pl.DataFrame(
        {"a": names[rows].tolist(), "b": names[columns].tolist()}, schema={"a": pl.String, "b": pl.String}
    )
