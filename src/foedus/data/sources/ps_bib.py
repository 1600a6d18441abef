"""References of the data sets and functions of the R package."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.sources.tergm_alliances import objects
from foedus.data.spec import PEACESCIENCER, PEACESCIENCER_VERSION, SourceSpec, cran

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="ps_bib",
    title="References of the R package peacesciencer",
    publisher="Steven V. Miller",
    url="https://svmiller.com/peacesciencer/",
    version="1.2.9",
    filename="ps_bib.rda",
    sha256="fa4bb82e41f85868819cd9e72f3555a617d2e12c223a56160bf7b11a082d4fe1",
    size=6793,
    licence="free for research with citation",
    citation="Miller, Steven V. 2022. peacesciencer: An R Package for Quantitative Peace Science Research. "
    "Conflict Management and Peace Science 39: 755-779.",
    bibtex="""@article{ps_bib,
  author = {Miller, Steven V.},
  title = {{peacesciencer}: An {R} Package for Quantitative Peace Science Research},
  journal = {Conflict Management and Peace Science},
  volume = {39},
  number = {6},
  year = {2022},
  pages = {755--779}
}""",
    units="references",
    first_year=1816,
    last_year=2026,
    absence="not in the package",
    via=PEACESCIENCER,
    routes=cran("peacesciencer", PEACESCIENCER_VERSION, "data/ps_bib.rda"),
    table="ps_bib",
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per reference; authors are joined as in BibTeX."""
    import polars as pl

    table = objects(path, SPEC.table)
    named = {c.column: table[c.column.upper()] for c in reading.schema(SPEC.id)}
    return reading.conform(pl.DataFrame({c: [_text(v) for v in values] for c, values in named.items()}), SPEC.id)


def _text(value: object) -> str | None:
    """Return a cell as text: a list's parts joined by ``and``, null where there is none."""
    if isinstance(value, str):
        return value
    if isinstance(value, int | float):
        return None if value != value else f"{value:g}"  # noqa: PLR0124
    parts = [str(v) for v in value if isinstance(v, str)] if hasattr(value, "__iter__") else []  # type: ignore[attr-defined]
    return " and ".join(parts) or None
