"""National material capabilities of each state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.panel.panel import Panel, state_columns

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    from narwhals.typing import IntoFrame

    from foedus.data.store import DataDir

COLUMNS = {
    "milex": "military expenditure, thousands of current pounds (until 1913) or dollars",
    "milper": "military personnel, thousands",
    "irst": "iron and steel production, thousands of tons",
    "pec": "primary energy consumption, thousands of coal-ton equivalents",
    "tpop": "total population, thousands",
    "upop": "urban population, thousands",
    "cinc": "composite index of national capability, share of the system, 0 to 1",
}


def add_nmc(
    frame: Panel | IntoFrame, *, keep: Sequence[str] | None = None, data_dir: DataDir | str | os.PathLike[str] | None = None
) -> Panel:  # fmt: skip
    """Return the panel with the components and the composite index (``cinc``) of each state in that year.

    Columns end in 1 and 2 where a row has two states; null where the series has no value. A `System` of 1 January uses the year before (convention
    4.13): compare it with the panel's row of that year.

    Parameters
    ----------
    frame : Panel or any frame
        State-years, dyad-years, leader-years or state-days with ``ccode``.
    keep : sequence of str, optional
        Which of ``milex, milper, irst, pec, tpop, upop, cinc``; all by default.
    data_dir : DataDir, str or Path, optional

    Raises
    ------
    DataError
        The frame has no COW codes, or has these columns.
    ParameterError
        ``keep`` names another column.

    References
    ----------
    [Singer1972]_
    """
    from foedus.panel.keep import kept

    panel = Panel.of(frame, data_dir)
    return state_columns(panel, "cow_nmc", kept(COLUMNS, keep), panel.folder().table("cow_nmc"))
