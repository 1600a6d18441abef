"""What every panel function asks of its frame, and the one way in which columns are joined to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from foedus.errors import DataError, message, parameter

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

At = Literal["jan1", "year"]
UNIT = ("ccode1", "ccode2", "year")


def check_dyad_years(frame: pl.DataFrame, new: Sequence[str]) -> None:
    """Raise unless ``frame`` holds dyad-years and none of the columns ``new``."""
    absent = [c for c in UNIT if c not in frame.columns]
    if absent:
        hint = "start from create_dyad_years(1816, 2010)"
        raise DataError(
            message(
                "A panel of dyad-years lacks columns",
                got=", ".join(frame.columns),
                expected=", ".join(absent),
                hint=hint,
            )
        )
    twice = [c for c in new if c in frame.columns]
    if twice:
        raise DataError(
            message("Columns are already in the panel", got=", ".join(twice), hint="drop or rename them first")
        )


def check_at(at: str) -> None:
    """Raise unless ``at`` is one of the two readings of a year."""
    if at not in {"jan1", "year"}:
        raise parameter("at", at, "'jan1' (as of the start of 1 January) or 'year' (any day of the year)")


def join_one(frame: pl.DataFrame, right: pl.DataFrame, on: Sequence[str]) -> pl.DataFrame:
    """Return ``frame`` with the columns of ``right``, which has each key once; rows and their order stay."""
    return frame.join(right, on=list(on), how="left", validate="m:1", maintain_order="left")


def join_pairs(frame: pl.DataFrame, right: pl.DataFrame) -> pl.DataFrame:
    """Return ``frame`` with columns of undirected pairs and years (``right`` has the lower code first)."""
    import polars as pl

    keyed = frame.with_columns(
        pl.min_horizontal("ccode1", "ccode2").alias("_low"), pl.max_horizontal("ccode1", "ccode2").alias("_high")
    )
    named = right.rename({"ccode1": "_low", "ccode2": "_high"})
    return join_one(keyed, named, ("_low", "_high", "year")).drop("_low", "_high")


def within(column: str, first: int, last: int) -> pl.Expr:
    """Return a column with zeros for absent rows inside a source's years, and null outside them."""
    import polars as pl

    return pl.when(pl.col("year").is_between(first, last)).then(pl.col(column).fill_null(0)).alias(column)
