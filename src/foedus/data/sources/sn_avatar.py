"""Allies and enemies in the animated series Avatar: The Last Airbender; a graph of middle size for tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data.sources.wikielec import edges
from foedus.data.spec import SourceSpec

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="sn_avatar",
    title="Avatar: The Last Airbender, allies and enemies",
    publisher="David Schoch",
    url="https://schochastics.github.io/signnet/",
    version="signnet 1.0",
    filename="sn_avatar.npz",
    sha256="071eb4d508ebd6bda3314a46c8554cf6c046f17c38648298cb1064b6be065f48",
    size=4390,
    bibtex="""@article{sn_avatar,
  author = {Schoch, David},
  title = {signnet: An {R} package for analyzing signed networks},
  journal = {Journal of Open Source Software},
  volume = {8},
  number = {81},
  year = {2023},
  pages = {4987}
}""",
    units="pairs of characters with a tie",
    by_hand="carried by the R package signnet as an object of its own kind: keep the edges of avatar as "
    "arrays n, u, v, w (characters, ends, sign) in sn_avatar.npz",
    licence="MIT, the package",
    citation="Schoch, David. 2023. signnet: An R package for analyzing signed networks. Journal of Open "
    "Source Software 8 (81): 4987.",
    first_year=2005,
    last_year=2008,
    absence="no tie",
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per pair with a tie."""
    return edges(path, SPEC.id)
