"""Disputes between states of the nineteenth century, as a game of escalation and resistance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import Route, SourceSpec

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

_NAMES = {
    "cap_1": "cap1",
    "cap_2": "cap2",
    "balanc": "balance",
    "s_wt_re1": "s1",
    "s_wt_re2": "s2",
    "dem1": "polity1",
    "dem2": "polity2",
    "peaceyrs": "peace_years",
    "revis1": "revision1",
    "revis2": "revision2",
    "sq": "status_quo",
    "capit": "capitulation",
    "esc": "escalation",
}

SPEC = SourceSpec(
    id="war1800",
    title="19th-century international disputes",
    publisher="Brenton Kenkel & Curtis S. Signorino; Correlates of War Project",
    url="https://cran.r-project.org/package=games",
    version="games 1.1.2",
    filename="war1800.rda",
    sha256="316e53d99efb96ac0c7108a51d5c8aceade4481cfcc9f129fe5912b16f732963",
    size=11069,
    bibtex="""@article{war1800,
  author = {Kenkel, Brenton and Signorino, Curtis S.},
  title = {Estimating Extensive Form Games in {R}},
  journal = {Journal of Statistical Software},
  volume = {56},
  number = {8},
  year = {2014},
  pages = {1--27}
}""",
    units="pairs of states in a dispute",
    routes=tuple(
        Route(f"https://cran.r-project.org/src/contrib/{place}games_1.1.2.tar.gz", "data/war1800.rda")
        for place in ("", "Archive/games/")
    ),
    licence="GPL (2 or later), the package",
    citation="Kenkel, Brenton & Curtis S. Signorino. 2014. Estimating Extensive Form Games in R. Journal "
    "of Statistical Software 56 (8); Jones, Daniel M., Stuart A. Bremer & J. David Singer. 1996. "
    "Militarized Interstate Disputes, 1816-1992. Conflict Management and Peace Science 15: 163-213.",
    first_year=1816,
    last_year=1899,
    absence="no dispute of the sample",
    via="the R package games (folder data/ of its source)",
    year_columns=("year",),
    table="war1800",
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per dispute."""
    import polars as pl

    flags = ("revision1", "revision2", "status_quo", "capitulation", "war", "escalation")
    frame = reading.rda(path, SPEC.table).rename(_NAMES).with_columns(pl.col(flags) == 1)
    return reading.conform(frame, SPEC.id)
