"""Fighting of the 80 armed groups of the Second Congo War, and the model's shifters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import SourceSpec

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

SPEC = SourceSpec(
    id="congo_shifters",
    title="Networks in Conflict, groups",
    publisher="Michael D. König, Dominic Rohner, Mathias Thoenig & Fabrizio Zilibotti",
    url="https://doi.org/10.3982/ECTA13117",
    version="2017",
    filename="shifters.csv",
    sha256="a4fe6134777701f4e86efa209efb1444894d025093072929b5bebaca77c477e8",
    size=9696,
    bibtex="""@article{congo_shifters,
  author = {König, Michael D. and Rohner, Dominic and Thoenig, Mathias and Zilibotti, Fabrizio},
  title = {Networks in Conflict: Theory and Evidence from the Great War of Africa},
  journal = {Econometrica},
  volume = {85},
  number = {4},
  year = {2017},
  pages = {1093--1132},
  doi = {10.3982/ECTA13117}
}""",
    units="armed groups",
    by_hand="part of the article's supplement, which the journal hands out on its page: take shifters.csv from it",
    licence="free for research with citation",
    citation="König, Michael D., Dominic Rohner, Mathias Thoenig & Fabrizio Zilibotti. 2017. Networks in "
    "Conflict: Theory and Evidence from the Great War of Africa. Econometrica 85: 1093-1132.",
    first_year=1998,
    last_year=2010,
    absence="no group of the study",
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per group."""
    raw = reading.text_csv(path, bare_cr=True)
    names = {
        "name_short": "short",
        "TotFight": "fights",
        "TotFight_Enemy": "fights_enemies",
        "TotFight_Allied": "fights_allies",
        "OBS_SHIFTER": "observed_shifter",
        "E": "shifter",
    }
    raw = raw.with_columns(*reading.numbers(raw, *(c for c in raw.columns if not c.startswith("name"))))
    return reading.conform(raw.rename(names).sort("group"), SPEC.id)
