"""Distance between the capitals of each pair."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from foedus.data.store import DataDir
from foedus.kernels import distance
from foedus.panel.frame import check_dyad_years

if TYPE_CHECKING:
    import os

    import polars as pl


def add_capital_distance(
    frame: pl.DataFrame, *, data_dir: DataDir | str | os.PathLike[str] | None = None
) -> pl.DataFrame:
    """Return ``frame`` with ``capdist``: great-circle km between the capitals of 1 January; null where one is unknown.

    Raises
    ------
    DataError
        The frame holds no dyad-years, or has the column.

    Notes
    -----
    On a sphere, by the same kernel as `foedus.system.covariates.distance_km`.
    """
    import polars as pl

    check_dyad_years(frame, ["capdist"])
    capitals = DataDir.of(data_dir).table("cow_capitals").filter(pl.col("lat").is_not_null()).sort("start")
    out = np.full(frame.height, np.nan)
    year, one, two = (frame[c].to_numpy() for c in ("year", "ccode1", "ccode2"))
    for y in np.unique(year):
        day = pl.date(int(y), 1, 1)
        now = (
            capitals.filter((pl.col("start") <= day) & (pl.col("end") >= day))
            .unique("ccode", keep="last")
            .sort("ccode")
        )
        codes = now["ccode"].to_numpy()
        if len(codes):
            km = distance.great_circle(now["lat"].to_numpy(), now["lon"].to_numpy())
            rows = np.flatnonzero(year == y)
            i, j = (np.minimum(np.searchsorted(codes, side[rows]), len(codes) - 1) for side in (one, two))
            known = (codes[i] == one[rows]) & (codes[j] == two[rows])
            out[rows] = np.where(known, km[i, j], np.nan)
    return frame.with_columns(pl.Series("capdist", out).fill_nan(None))
