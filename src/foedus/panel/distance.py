"""Distance between the capitals of each pair."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Literal

import numpy as np

from foedus.kernels import distance
from foedus.panel.create import create_dyad_years
from foedus.panel.panel import DYADIC, At, Panel, Rows, check_at, derived, need, state_columns
from foedus.panel.unit import CODE

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

    import polars as pl
    from narwhals.typing import IntoFrame

    from foedus.data.store import DataDir


def add_capital_distance(
    frame: Panel | IntoFrame,
    *,
    at: At | Literal["dec31"] = "year",
    data_dir: DataDir | str | os.PathLike[str] | None = None,
) -> Panel:
    """Return the panel with ``capdist``, great-circle km between the two capitals; null where one is unknown.

    Of states ``mincapdist``, the least of its distances to the capitals of the other members of the year.

    Parameters
    ----------
    frame : Panel or any frame
        Dyad-years or state-years; the capitals are those of the list whose codes the panel was made with.
    at : {"year", "jan1", "dec31"}
        The first capital of the year (which a state born during it has too), that of 1 January, or that of 31 December.
    data_dir : DataDir, str or Path, optional

    Raises
    ------
    DataError
        The frame holds other units, or has the column.

    Notes
    -----
    On a sphere, by the same kernel as `foedus.system.covariates.distance_km`.
    """
    import polars as pl

    if at != "dec31":
        check_at(at)
    panel = Panel.of(frame, data_dir)
    need(panel, "state_year", *DYADIC)
    if panel.unit.kind == "state_year":
        return least_of_state(panel, partial(add_capital_distance, at=at), "capdist", "km to the nearest other capital")
    scheme = panel.unit.system
    source = f"{scheme}_capitals"
    made = panel.origin(source, "great-circle km between the capitals")
    places = derived(panel, [source], _places, CODE[scheme], at)

    def build(rows: Rows) -> pl.DataFrame:
        one, two = (rows.states(places, side, scheme, what=source) for side in ("1", "2"))
        lat, lon = places["lat"].to_numpy(), places["lon"].to_numpy()
        km = (
            distance.great_circle_pairs(lat[one], lon[one], lat[two], lon[two])
            if len(lat)
            else np.full(rows.height, np.nan)
        )
        return pl.DataFrame({"capdist": np.where((one >= 0) & (two >= 0), km, np.nan)}).fill_nan(None)

    return panel.add({"capdist": made}, build)


def least_of_state(panel: Panel, add: Callable[[Panel], Panel], distance: str, what: str) -> Panel:
    """Return a panel of state-years with the least of each state's distances to the other members of the year, ``min`` before its name.

    Parameters
    ----------
    panel : Panel
        State-years.
    add : callable
        Adds ``distance`` to a panel of pairs.
    distance, what : str
        The column, and what its least one is.
    """
    import polars as pl

    system = panel.unit.system
    code = CODE[system]
    pairs = add(create_dyad_years(directed=False, system=system, data_dir=panel.folder()))
    sides = [pairs.frame.select(pl.col(f"{code}{s}").alias(code), "year", distance) for s in "12"]
    least = pl.concat(sides).group_by(code, "year").agg(pl.col(distance).min().alias(f"min{distance}"))
    source = pairs.origins[distance].source
    return state_columns(panel, source, {f"min{distance}": what}, least, scheme=system)


def _places(capitals: pl.DataFrame, code: str, at: str) -> pl.DataFrame:
    """Return the place of each state's capital by year."""
    import polars as pl

    year = pl.col("year")
    day = {"jan1": pl.date(year, 1, 1), "dec31": pl.date(year, 12, 31)}.get(at)
    spells = (
        capitals.filter(pl.col("lat").is_not_null())
        .with_columns(
            pl.int_ranges(pl.col("start").dt.year(), pl.col("end").dt.year() + 1, dtype=pl.Int32).alias("year")
        )
        .explode("year", empty_as_null=False, keep_nulls=False)
        .sort(code, "year", "start")
    )
    if day is not None:
        spells = spells.filter((pl.col("start") <= day) & (pl.col("end") >= day))
    return spells.unique([code, "year"], keep="first" if at == "year" else "last", maintain_order=True)
