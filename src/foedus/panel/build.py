"""A whole panel by the names of its unit and columns, made block by block so that it may be larger than memory."""

from __future__ import annotations

import inspect
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from foedus import panel as room
from foedus.data.store import DataDir
from foedus.errors import parameter
from foedus.panel.write import STREAMED, write_blocks

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterator, Sequence

    import polars as pl

    from foedus.panel.panel import At, Panel
    from foedus.panel.unit import SchemeName

UNITS = ("state-year", "dyad-year", "leader-year", "leader-dyad-year")
SHORT = {
    "atop": "atop_alliance",
    "gml-mid": "gml_mids",
    "cow-mid": "cow_mids",
    "rivalries": "strategic_rivalries",
    "gdp": "sim_gdp_pop",
    "majors": "cow_majors",
    "trade": "cow_trade",
    "wars": "cow_wars",
}
_BLOCK = 150_000  # rows of a block, about; a block holds whole histories of its first states


def adders() -> dict[str, Callable[..., Panel]]:
    """Return the functions that add columns, by the name that stands for each on the command line: ``add_nmc`` is ``nmc``."""
    return {
        name.removeprefix("add_").replace("_", "-"): getattr(room, name)
        for name in room.__all__
        if name.startswith("add_")
    }


def adder(name: str) -> Callable[..., Panel]:
    """Return the function that ``name`` stands for: its name, a short form, or the beginning of one name only.

    Raises
    ------
    ParameterError
        No such columns, or several.
    """
    known, wanted = adders(), name.strip().casefold().replace("_", "-").removeprefix("add-")
    wanted = SHORT.get(wanted, wanted).replace("_", "-")
    begins = [wanted] if wanted in known else [k for k in known if k.startswith(wanted)]
    if len(begins) != 1 or not wanted:
        raise parameter("add", name, f"one of {', '.join(begins or known)}", f"short forms: {', '.join(SHORT)}")
    return known[begins[0]]


def build(
    unit: str,
    add: Sequence[str] = (),
    *,
    start: int | None = None,
    end: int | None = None,
    directed: bool = True,
    system: SchemeName = "cow",
    at: At = "year",
    relevant: bool = False,
    carry_forward: bool = False,
    data_dir: DataDir | str | os.PathLike[str] | None = None,
    out: str | os.PathLike[str] | None = None,
    on_block: Callable[[int, int], None] | None = None,
) -> Panel:
    """Return a panel of a unit with columns, or write it block by block of first states.

    Parameters
    ----------
    unit : str
        ``state-year``, ``dyad-year``, ``leader-year`` or ``leader-dyad-year`` (the last two are made in one block).
    add : sequence of str
        Columns in this order: the names of the ``add_`` functions without ``add_``, as ``nmc`` or ``atop``.
    start, end : int, optional
        Years; all that the list of states covers by default.
    directed : bool
        Of pairs.
    system : {"cow", "gw"}
    at : {"year", "jan1"}
        How facts that change by the day are read, where a column has the choice.
    relevant : bool
        Keep politically relevant pairs only (contiguous, or one is a major power), before the columns are added.
    carry_forward : bool
        Count the members of the list's last day as members of later years too; of states and pairs of states.
    data_dir : DataDir, str or Path, optional
    out : str or Path, optional
        File to write, as in `foedus.panel.write.write`. In Parquet, CSV and Arrow it may be larger than memory: only one block is held, and the
        panel that is returned has the columns and no rows.
    on_block : callable, optional
        Called with the number of blocks done and of all.

    Returns
    -------
    Panel

    Raises
    ------
    ParameterError
        Another unit, or a name that stands for no columns.
    CoverageError, DataError
        Years outside the list of states, a data set that is not at hand, or a file that cannot be written.
    """
    import polars as pl

    wanted = unit.replace("_", "-")
    if wanted not in UNITS:
        raise parameter("unit", unit, f"one of {', '.join(UNITS)}")
    if relevant and "dyad" not in wanted:
        raise parameter("relevant", relevant, "pairs", f"a panel of {wanted}s has none")
    if carry_forward and "leader" in wanted:
        raise parameter("carry_forward", carry_forward, "a panel of states", "nobody knows who would be in office")
    store, steps = DataDir.of(data_dir), [adder(name) for name in add]
    blocks = _blocks(wanted, start, end, directed, system, carry_forward, store)

    def finished() -> Iterator[Panel]:
        for number, make in enumerate(blocks, 1):
            panel = room.filter_prd(make()) if relevant else make()
            for step in steps:
                panel = step(panel, at=at) if "at" in inspect.signature(step).parameters else step(panel)
            if on_block:
                on_block(number, len(blocks))
            yield panel

    if out is not None and Path(out).suffix.casefold() in STREAMED:
        return write_blocks(finished(), out)
    panels = list(finished())
    panel = replace(panels[0], data=pl.concat([p.frame for p in panels]))
    if out is not None:
        panel.write(out)
    return panel


def _blocks(
    unit: str,
    start: int | None,
    end: int | None,
    directed: bool,
    system: SchemeName,
    carry_forward: bool,
    store: DataDir,
) -> list[Callable[[], Panel]]:
    """Return what makes each block of rows, in order."""
    if unit == "state-year":
        return [lambda: room.create_state_years(start, end, system=system, carry_forward=carry_forward, data_dir=store)]
    if unit == "leader-year":
        return [lambda: room.create_leader_years(start, end, data_dir=store)]
    if unit == "leader-dyad-year":
        return [lambda: room.create_leader_dyad_years(start, end, directed=directed, data_dir=store)]

    def pairs(first_states: list[int]) -> Panel:
        return room.create_dyad_years(
            start, end, directed=directed, system=system, carry_forward=carry_forward, first_states=first_states,
            data_dir=store,
        )  # fmt: skip

    states = room.create_state_years(start, end, system=system, carry_forward=carry_forward, data_dir=store).frame
    return [lambda b=b: pairs(b) for b in _first_states(states, system)]


def _first_states(states: pl.DataFrame, system: SchemeName) -> list[list[int]]:
    """Return codes of states in blocks whose directed pairs by year are about as many as a block holds."""
    import polars as pl

    code = "ccode" if system == "cow" else "gwcode"
    others = states.group_by("year").len("others")
    rows = states.join(others, on="year", validate="m:1").group_by(code).agg(pl.col("others").sum()).sort(code)
    blocks: list[list[int]] = [[]]
    filled = 0
    for one, count in rows.iter_rows():
        if blocks[-1] and filled + count > _BLOCK:
            blocks.append([])
            filled = 0
        blocks[-1].append(one)
        filled += count
    return blocks
