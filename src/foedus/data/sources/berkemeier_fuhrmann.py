"""Alliances in wars, 1816 to 2003: honoured, violated, or not put to the test."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.data import reading
from foedus.data.spec import SourceSpec

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

_NAMES = {
    "warid": "war_id",
    "warname": "war",
    "cowwarid": "cow_war",
    "sample": "early",
    "sabhon": "sabrosky_honored",
    "sabvio": "sabrosky_violated",
    "sabroskyhonorbf": "sabrosky_honored_bf",
    "sabroskyhonorllm": "sabrosky_honored_llm",
}
_READINGS = {
    "honor": "honored",
    "violate": "violated",
    "dna": "not_tested",
    "cfna": "no_action",
    "nonagg": "nonagg_only",
    "consul": "consul_only",
}

SPEC = SourceSpec(
    id="berkemeier_fuhrmann",
    title="Fulfilment of alliance commitments in war",
    publisher="Molly Berkemeier & Matthew Fuhrmann",
    url="https://doi.org/10.1177/2053168018779697",
    version="2018",
    filename="alliance_reliability_berkemeier_fuhrmann_2018.csv",
    sha256="803301ef221f5f0e208a3fc5da64cf0bc74cb8e5b774b4ff72edccf8e289fbaf",
    size=52233,
    bibtex="""@article{berkemeier_fuhrmann,
  author = {Berkemeier, Molly and Fuhrmann, Matthew},
  title = {Reassessing the Fulfillment of Alliance Commitments in War},
  journal = {Research and Politics},
  volume = {5},
  number = {2},
  year = {2018}
}""",
    units="pairs of a war and an alliance with a member in it",
    by_hand="the replication files are on the journal's archive: save their table as "
    "alliance_reliability_berkemeier_fuhrmann_2018.csv",
    licence="free for research with citation",
    citation="Berkemeier, Molly & Matthew Fuhrmann. 2018. Reassessing the Fulfillment of Alliance "
    "Commitments in War. Research & Politics 5 (2).",
    first_year=1816,
    last_year=2003,
    absence="no alliance of a state at war",
)


def parse(path: Path) -> pl.DataFrame:
    """Return one row per war and alliance; a mark that is not set is false."""
    import polars as pl

    raw = reading.text_csv(path)
    readings = {f"{old}{who}": f"{new}_{who.lower()}" for who in ("BF", "LLM") for old, new in _READINGS.items()}
    marks = [*readings.values(), "sabrosky_honored_bf", "sabrosky_honored_llm"]
    flags = (
        "early",
        "multilateral",
        "defense",
        "offense",
        "neutral",
        "nonagg",
        "consul",
        "sabrosky_honored",
        "sabrosky_violated",
    )
    frame = raw.with_columns(*reading.numbers(raw, *(c for c in raw.columns if c != "warname"))).rename(
        _NAMES | readings
    )
    frame = frame.with_columns(pl.col(flags) == 1, (pl.col(marks) == 1).fill_null(value=False))
    return reading.conform(frame.sort("war_id", "atopid"), SPEC.id)
