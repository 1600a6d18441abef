"""From the disputes of a pair and year to one: rules that each name what they keep.

A rule drops the rows of a group that fall short of the group's best and never empties a group. The groups are pairs and years, of leaders where the
rows name them. Deaths that are unknown rank above none and below 1 to 25.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from foedus.data.store import DataDir
from foedus.errors import DataError, message, parameter

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Sequence

    import polars as pl

    Rule = Callable[[pl.DataFrame], pl.DataFrame]

_ONGOING = ("gmlmidongoing", "midongoing", "dispongoing", "cowmidongoing")
_ONSET = ("gmlmidonset", "midonset", "disponset", "cowmidonset")
_DISPUTE = ("fatality", "hostlev", "mindur", "maxdur", "recip", "stmon", "hiact", "outcome", "settle")
_UNKNOWN_DEATHS = 0.5


def create_dispute_dyad_years(
    source: Literal["gml", "cow"] = "gml", *, data_dir: DataDir | str | os.PathLike[str] | None = None
) -> pl.DataFrame:
    """Return every dispute of each directed pair and year, with what the rules ask of the dispute.

    Parameters
    ----------
    source : {"gml", "cow"}
        GML disputes 1816-2010 or those of the Correlates of War.
    data_dir : DataDir, str or Path, optional

    Returns
    -------
    polars.DataFrame
        The data set's columns for each side, and ``fatality, hostlev, mindur, maxdur, recip, stmon, hiact, outcome, settle`` of the whole dispute.

    Raises
    ------
    ParameterError
        Another source.
    """
    if source not in {"gml", "cow"}:
        raise parameter("source", source, "'gml' or 'cow'")
    store = DataDir.of(data_dir)
    rows, whole = {"gml": ("gml_dirdisp", "gml_mid_disps"), "cow": ("cow_mid_dirdisps", "cow_mid_disps")}[source]
    return with_disputes(store.table(rows), store.table(whole))


def with_disputes(rows: pl.DataFrame, disputes: pl.DataFrame) -> pl.DataFrame:
    """Return rows about pairs in a dispute with the columns of the whole dispute in place of their own."""
    whole = disputes.select("dispnum", *_DISPUTE)
    kept = rows.drop([c for c in _DISPUTE if c in rows.columns])
    return kept.join(whole, on="dispnum", how="left", validate="m:1", maintain_order="left")


def whittle_onsets(frame: pl.DataFrame) -> pl.DataFrame:
    """Drop disputes that merely go on where another of the same pair and year begins."""
    return _best(frame, _one_of(frame, _ONSET).cast(int))


def whittle_fatality(frame: pl.DataFrame) -> pl.DataFrame:
    """Keep the disputes with the most deaths (``fatality`` of the whole dispute)."""
    import polars as pl

    return _best(frame, _column(frame, "fatality").cast(pl.Float64).fill_null(_UNKNOWN_DEATHS))


def whittle_hostility(frame: pl.DataFrame) -> pl.DataFrame:
    """Keep the disputes with the highest hostility (``hostlev`` of the whole dispute)."""
    return _best(frame, _column(frame, "hostlev"))


def whittle_duration(frame: pl.DataFrame, *, by: Literal["mindur", "maxdur"] = "mindur") -> pl.DataFrame:
    """Keep the longest disputes, by their shortest or their longest reckoning."""
    if by not in {"mindur", "maxdur"}:
        raise parameter("by", by, "'mindur' or 'maxdur'")
    return _best(frame, _column(frame, by))


def whittle_reciprocation(frame: pl.DataFrame) -> pl.DataFrame:
    """Keep reciprocated disputes where there is one."""
    return _best(frame, _column(frame, "recip").cast(int))


def whittle_start_month(frame: pl.DataFrame) -> pl.DataFrame:
    """Keep the disputes that began in the earliest month."""
    return _best(frame, -_column(frame, "stmon"))


def whittle_first(frame: pl.DataFrame) -> pl.DataFrame:
    """Keep the dispute with the lowest number: a last resort that decides nothing of substance."""
    return _best(frame, -_column(frame, "dispnum")).unique(_group(frame), keep="first", maintain_order=True)


#: The rules in their order; another order keeps another dispute in some hundred pairs and years.
RULES: dict[str, Rule] = {
    "onsets": whittle_onsets,
    "fatality": whittle_fatality,
    "hostility": whittle_hostility,
    "mindur": whittle_duration,
    "maxdur": lambda frame: whittle_duration(frame, by="maxdur"),
    "reciprocation": whittle_reciprocation,
    "start_month": whittle_start_month,
    "first": whittle_first,
}


def whittle(frame: pl.DataFrame, rules: Sequence[str] = tuple(RULES)) -> pl.DataFrame:
    """Return one row per pair and year by the named rules in the given order.

    Parameters
    ----------
    frame : polars.DataFrame
        As of `create_dispute_dyad_years`.
    rules : sequence of str
        Names in `RULES`. The result has one row per pair and year if ``first`` is among them.

    Raises
    ------
    ParameterError
        Another rule.
    DataError
        A column that a rule needs is not there.
    """
    unknown = [r for r in rules if r not in RULES]
    if unknown:
        raise parameter("rules", ", ".join(unknown), f"some of {', '.join(RULES)}")
    for rule in rules:
        frame = RULES[rule](frame)
    return frame


def _group(frame: pl.DataFrame) -> list[str]:
    """Return the columns that name a pair and year, of leaders where the rows have them."""
    keys = ["ccode1", "ccode2", *(c for c in ("obsid1", "obsid2") if c in frame.columns), "year"]
    for key in keys:
        _column(frame, key)
    return keys


def _column(frame: pl.DataFrame, name: str) -> pl.Expr:
    """Return a column of disputes."""
    import polars as pl

    if name not in frame.columns:
        hint = "start from create_dispute_dyad_years()"
        raise DataError(
            message(
                "Disputes by pair and year lack a column", got=", ".join(frame.columns[:10]), expected=name, hint=hint
            )
        )
    return pl.col(name)


def _one_of(frame: pl.DataFrame, names: Sequence[str]) -> pl.Expr:
    """Return the one of these columns that the frame has."""
    return _column(frame, next((n for n in names if n in frame.columns), names[0]))


def _best(frame: pl.DataFrame, score: pl.Expr) -> pl.DataFrame:
    """Return the rows whose score is their group's highest; groups of one row stay as they are."""
    import polars as pl

    group = _group(frame)
    # Null ranks below every value, so that a group without any keeps all its rows.
    scored = frame.with_columns(score.cast(pl.Float64).fill_null(float("-inf")).alias("_score"))
    return scored.filter(pl.col("_score") == pl.col("_score").max().over(group)).drop("_score")
