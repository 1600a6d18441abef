"""Units of analysis: which columns name what a row of a panel is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from foedus.errors import DataError, message, parameter

if TYPE_CHECKING:
    from collections.abc import Iterable

    import polars as pl

Kind = Literal[
    "state_year",
    "dyad_year",
    "leader_year",
    "leader_dyad_year",
    "state_day",
    "leader_day",
    "kad_year",
    "war_participant",
]
SchemeName = Literal["cow", "gw"]
CODE: dict[SchemeName, str] = {"cow": "ccode", "gw": "gwcode"}


@dataclass(frozen=True, slots=True)
class Unit:
    """What one row of a panel is about.

    Attributes
    ----------
    kind : str
        ``state_year``, ``dyad_year``, ``leader_year``, ``leader_dyad_year``, ``state_day``, ``leader_day``, ``kad_year`` or ``war_participant``.
    system : {"cow", "gw"}
        Whose list of states the rows come from.
    keys : tuple of str
        Columns that together name a row.
    sides : tuple of str
        Endings of the columns of each state in a row: ``("",)`` for one, ``("1", "2")`` for a pair.
    directed : bool or None
        Whether a pair stands in both orders; None where there are no pairs.
    time : str
        The column of the year or the day.
    """

    kind: Kind
    system: SchemeName
    keys: tuple[str, ...]
    sides: tuple[str, ...] = ("",)
    directed: bool | None = None
    time: str = "year"

    def __str__(self) -> str:
        words = self.kind.replace("_", "-") + "s"
        return words if self.directed is None else f"{'directed' if self.directed else 'undirected'} {words}"


def state_year(system: SchemeName) -> Unit:
    """Return the unit of states by year."""
    return Unit("state_year", system, (CODE[system], "year"))


def state_day(system: SchemeName) -> Unit:
    """Return the unit of states by day."""
    return Unit("state_day", system, (CODE[system], "date"), time="date")


def dyad_year(system: SchemeName, *, directed: bool) -> Unit:
    """Return the unit of pairs of states by year."""
    code = CODE[system]
    return Unit("dyad_year", system, (f"{code}1", f"{code}2", "year"), ("1", "2"), directed)


def infer(columns: Iterable[str], frame: pl.DataFrame | pl.LazyFrame) -> Unit:
    """Return the unit of a frame that is not yet a panel, from the names of its columns.

    A pair counts as directed where some row has the greater code first; a lazy frame as directed.

    Raises
    ------
    DataError
        The columns name no unit.
    """
    import polars as pl

    have = set(columns)
    for system, code in CODE.items():
        if {f"{code}1", f"{code}2", "year"} <= have:
            lazy = isinstance(frame, pl.LazyFrame)
            unit = dyad_year(system, directed=lazy or bool((frame[f"{code}1"] > frame[f"{code}2"]).any()))
            if {"obsid1", "obsid2"} <= have:
                return Unit("leader_dyad_year", system, ("obsid1", "obsid2", "year"), ("1", "2"), unit.directed)
            return unit
    for system, code in CODE.items():
        if {code, "year"} <= have:
            if "obsid" in have:
                return Unit("leader_year", system, ("obsid", code, "year"))
            return state_year(system)
        if {code, "date"} <= have:
            return state_day(system)
    got = ", ".join(sorted(have)[:12])
    hint = "start from create_state_years() or create_dyad_years(), or name the columns so"
    raise DataError(
        message(
            "A frame without a unit of analysis",
            got=got,
            expected="ccode1, ccode2, year, or ccode, year (gwcode for Gleditsch-Ward)",
            hint=hint,
        )
    )


def check_system(system: str) -> None:
    """Raise unless ``system`` names a list of states."""
    if system not in CODE:
        raise parameter("system", system, "'cow' (Correlates of War) or 'gw' (Gleditsch-Ward)")
