"""``foedus validate``: published results beside ours, with a verdict on each."""

from __future__ import annotations

import sys
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from foedus.cli.common import emit, progress, say, show, writable

if TYPE_CHECKING:
    from foedus.studies.validate import Judged, Validation
    from foedus.studies.validate_spec import Row

Folder = Annotated[Path | None, Parameter(name=["--data-dir"])]


def validate(
    *, only: str | None = None, list_: Annotated[bool, Parameter(name="--list", negative="")] = False, html: Path | None = None,
    save: Path | None = None, data_dir: Folder = None, seed: int = 1, json: bool = False,
) -> None:  # fmt: skip
    """Set published results beside ours, each with a verdict and why they differ.

    Exit 1 if a row of kind number differs or a row fails; a row whose data are not at hand does neither.

    Parameters
    ----------
    only
        Rows or whole results by commas: 5.n,11,s7.
    list_
        Show the rows with what counts as agreement, and run nothing.
    html
        Write everything as one HTML file.
    save
        Folder that keeps rows: a stopped run goes on from there.
    data_dir
        Folder with the published data files.
    seed
        The same seed gives the same numbers.
    json
        Print JSON.
    """
    from foedus.studies.validate import validate as run
    from foedus.studies.validate_spec import chosen

    names = None if only is None else [name.strip() for name in only.split(",") if name.strip()]
    rows = chosen(names)
    if html is not None:
        writable(html, "--html")
    if list_:
        _list(rows, json=json)
        return
    try:
        with progress("rows", quiet=json) as tell:
            found = run(names, data_dir=data_dir, seed=seed, save=save, progress=tell)
    except KeyboardInterrupt:
        kept = "the same command goes on from what" if save else "with --save DIR the same command would go on;"
        sys.stderr.write(f"stopped; {kept} {save} holds\n" if save else f"stopped; {kept} nothing was kept\n")
        sys.exit(130)
    if html is not None:
        from foedus.report.validation import write_html

        write_html(found, html)
    if json:
        emit(found.to_dict())
    else:
        _print(found)
    if found.failed:
        sys.exit(1)


def _list(rows: tuple[Row, ...], *, json: bool) -> None:
    """Print the specifications."""
    import polars as pl

    if json:
        emit({"rows": [r.to_dict() for r in rows]})
        return
    for _, some in groupby(rows, key=lambda r: r.group):
        of = list(some)
        table = pl.DataFrame([
            {"row": r.id, "what": r.claim, "published": _marked(r), "kind": _short(r), "agreement": _agreement(r), "data": ", ".join(r.data)}
            for r in of
        ])  # fmt: skip
        show(f"{of[0].group}  {of[0].title}: {of[0].source}", table, rows=len(of))
    say(f"{len(rows)} rows. * from memory, not verified. What shows each row: --list --json, or --html of a run.")


def _agreement(row: Row) -> str:
    """Return what counts as agreement, in short."""
    if row.unreachable:
        return "cannot be run"
    if row.kind in {"sign", "direction"}:
        return f"interval against {row.null:g}"
    return f"digits, or within {'; '.join(f'{t:g}' for t in row.tolerance)}" if row.tolerance else "digits"


def _short(row: Row) -> str:
    """Return the kind in one word."""
    return row.kind.partition(" ")[0]


def _marked(row: Row) -> str:
    """Return what is published; a star marks what is from memory."""
    return "; ".join(row.published) + ("*" if row.basis == "memory" else "")


def _print(found: Validation) -> None:
    """Print every result with its rows, then the sums."""
    from foedus.report.validation import closing, tally

    for _, some in groupby(found.rows, key=lambda r: r.row.group):
        _group(list(some))
    say("* from memory, not verified: equal or not, nothing is reproduced.")
    say(f"{tally(found)} {found.seconds:.0f} seconds, seed {found.seed}.")
    if found.versions:
        say(f"Data: {'; '.join(f'{k} {v}' for k, v in found.versions.items())}.")
    say(closing(found))


def _group(rows: list[Judged]) -> None:
    """Print one result: its rows, then why those differ that do."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from foedus.report.validation import AGREE

    title = f"{rows[0].row.group}  {rows[0].row.title} ({rows[0].row.source})"
    table = Table(title=escape(title), title_justify="left", header_style="bold", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for name in ("row", "what", "published", "ours", "kind", "verdict", "s"):
        whole = name in {"row", "kind", "s"}
        table.add_column(name, no_wrap=whole, overflow="fold", justify="right" if name == "s" else "left")
    for r in rows:
        ours = "; ".join(r.ours) or "none"
        cells = (r.row.id, r.row.claim, _marked(r.row), ours, _short(r.row), r.word, f"{r.seconds:.1f}")
        table.add_row(*map(escape, cells))
    console = Console()
    console.print(table)
    for r in rows:
        if r.why and r.verdict not in AGREE:
            console.print(escape(f"{r.row.id}: {r.why.rstrip('.')}."), highlight=False)
