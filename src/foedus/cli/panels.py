"""``foedus build``: a panel by the names of its unit and columns."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from foedus.cli.common import bad_option, emit, progress, say, show, writable

if TYPE_CHECKING:
    from foedus.panel import Panel


def build(
    unit: str, /, *, add: str = "",
    from_: Annotated[int | None, Parameter(name="--from")] = None, to: int | None = None,
    undirected: Annotated[bool, Parameter(negative="")] = False, relevant: Annotated[bool, Parameter(negative="")] = False,
    system: Literal["cow", "gw"] = "cow", at: Literal["year", "jan1"] = "year",
    carry_forward: Annotated[bool, Parameter(negative="")] = False, out: Path | None = None,
    why: str | None = None, row: str | None = None, cite: Annotated[bool, Parameter(negative="")] = False,
    data_dir: Path | None = None, json: Annotated[bool, Parameter(negative="")] = False,
) -> None:  # fmt: skip
    """Make a panel of states or pairs by year with the columns that you name.

    Without --out the coverage of each column is printed: how many cells are known, and how many are missing because their year is not covered.

    Parameters
    ----------
    unit
        state-year, dyad-year, leader-year or leader-dyad-year.
    add
        Columns, separated by commas, in this order: nmc,atop,gml-mid. A wrong name lists all.
    from_
        First year (default: 1816).
    to
        Last year (default: the last that the list of states covers).
    undirected
        Each pair once, the lower code first.
    relevant
        Politically relevant pairs only: contiguous, or one is a major power.
    system
        States of the Correlates of War (cow) or of Gleditsch and Ward (gw).
    at
        Facts that change by the day: on any day of the year, or as of 1 January.
    carry_forward
        Take the members of the list's last year as members of later years too, up to --to. No column is carried.
    out
        File to write: .parquet, .csv, .arrow, .dta (Stata) or .rds (R). Parquet, CSV and Arrow may be larger than memory.
    why
        Explain one cell of this column; needs --row.
    row
        Keys of the row, separated by commas: 200,255,1914.
    cite
        Print the BibTeX entries of the data sets that went into the panel.
    data_dir
        Folder with the published data files (default: the folder that FOEDUS_DATA names).
    json
        Print the coverage as JSON.
    """
    from foedus.panel import build as rows
    from foedus.panel.write import check_suffix

    if out is not None:
        check_suffix(writable(out, "--out"), "--out")
    if (why is None) != (row is None):
        raise bad_option(
            "--why and --row go together", "foedus build dyad-year --add atop --why defense12 --row 200,220,1914"
        )
    with progress("building") as tell:
        panel = rows.build(
            unit, [name for name in add.split(",") if name.strip()], start=from_, end=to, directed=not undirected, system=system, at=at,
            relevant=relevant, carry_forward=carry_forward, data_dir=data_dir, out=out, on_block=lambda done, of: tell(done / of),
        )  # fmt: skip
    if cite:
        say(panel.cite())
    elif why is not None and row is not None:
        say(_explained(panel, why, row))
    elif out is not None:
        say(f"wrote {out}: {panel.unit}, {len(panel.columns)} columns")
        say("Next: foedus build ... --cite prints what to cite")
    elif json:
        emit({"unit": str(panel.unit), "rows": panel.height, "columns": panel.coverage().to_dicts()})
    else:
        _show_coverage(panel)


def _show_coverage(panel: Panel) -> None:
    """Print how much of each column is known."""
    import polars as pl

    years = pl.concat_str("first_year", pl.lit("-"), "last_year").fill_null("")
    kept = ["column", pl.col("source").fill_null(""), years.alias("years"), "known", "outside", "unknown"]
    note = (
        "outside: missing, the year is not covered; unknown: missing inside the years. Nothing is carried forward.\n"
        "--why COLUMN --row KEYS explains one cell; --out FILE writes the rows; --cite prints what to cite."
    )
    show(f"{panel.height:,} {panel.unit} ({panel.unit.system})", panel.coverage().select(kept), rows=200, note=note)


def _explained(panel: Panel, column: str, row: str) -> str:
    """Return why the cell of one row holds what it holds."""
    from foedus.errors import parameter

    parts = row.split(",")
    if len(parts) != len(panel.unit.keys) or not all(p.strip().lstrip("-").isdigit() for p in parts):
        raise parameter("--row", row, ",".join(panel.unit.keys))
    return panel.explain(column, **dict(zip(panel.unit.keys, map(int, parts), strict=True)))
