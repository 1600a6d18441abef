"""Who is a member of the state system on a date, and which code the other list gives it (convention 4.2).

Names are for `foedus.data.states`.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from foedus.data.store import DataDir
from foedus.errors import CoverageError, message

if TYPE_CHECKING:
    import os

    import polars as pl


def members(date: dt.date, data_dir: DataDir | str | os.PathLike[str] | None = None) -> pl.DataFrame:
    """Return the members of the Correlates of War system on a date; see `membership`."""
    store = DataDir.of(data_dir)
    later = date > last_day(store.table("cow_states")) and store.find("cow_nmc") is not None
    return membership(store.table("cow_states"), store.table("cow_nmc") if later else None, date)


def membership(spells: pl.DataFrame, capabilities: pl.DataFrame | None, date: dt.date) -> pl.DataFrame:
    """Return the members of the COW system on a date: ccode, stateabb, statenme, start, end; sorted by code.

    Past the last day of the membership list the members are the states with a row of National Material Capabilities
    in the year before, if that series is at hand and goes so far.

    Raises
    ------
    CoverageError
        Before 1816, or after what the lists cover.
    """
    import polars as pl

    columns = ["ccode", "stateabb", "statenme", "start", "end"]
    first, last = spells["start"].min(), last_day(spells)
    if date <= last:
        here = spells.filter((pl.col("start") <= date) & (pl.col("end") >= date))
    else:
        held = (
            capabilities.filter(pl.col("year") == date.year - 1)["ccode"].to_list() if capabilities is not None else []
        )
        here = spells.sort("start").group_by("ccode").last().filter(pl.col("ccode").is_in(held))
    if not here.height:
        hint = "after the list's last day, National Material Capabilities of the year before says who is a member"
        raise CoverageError(
            message("Members of the state system", got=date, expected=f"a day from {first} to {last}", hint=hint)
        )
    return here.select(columns).sort("ccode")


def gw_codes(date: dt.date, data_dir: DataDir | str | os.PathLike[str] | None = None) -> dict[int, int]:
    """Return the Gleditsch-Ward code of each COW code in the year of ``date``; empty where the table is not at hand."""
    store = DataDir.of(data_dir)
    return gw_codes_of(store.table("cw_gw_panel"), date.year) if store.find("cw_gw_panel") else {}


def gw_codes_of(panel: pl.DataFrame, year: int) -> dict[int, int]:
    """Return the Gleditsch-Ward code of each COW code in a year; the lower where a year has two."""
    import polars as pl

    rows = panel.filter(pl.col("year") == year).sort("gwcode", descending=True)
    return dict(rows.select("ccode", "gwcode").iter_rows())


def last_day(spells: pl.DataFrame) -> dt.date:
    """Return the last day of the membership list."""
    last = spells["end"].max()
    return last if isinstance(last, dt.date) else dt.date.min
