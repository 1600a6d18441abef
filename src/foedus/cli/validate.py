"""``foedus validate``: published results beside ours, with a verdict on each."""

from __future__ import annotations

import sys
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from foedus.cli.common import emit, progress, say, writable

if TYPE_CHECKING:
    from collections.abc import Sequence

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
        kept = f"the same command goes on from what {save} holds"
        none = "nothing was kept: with --save DIR the same command would go on"
        sys.stderr.write(f"stopped; {kept if save else none}\n")
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
    if json:
        emit({"rows": [r.to_dict() for r in rows]})
        return
    for _, some in groupby(rows, key=lambda r: r.group):
        of = list(some)
        cells = [(r.id, r.claim, _marked(r), _short(r), _agreement(r)) for r in of]
        _table(
            f"{of[0].group}  {of[0].title}: {of[0].source}", ("row", "what", "published", "kind", "agreement"), cells
        )
        data = dict.fromkeys(d for r in of for d in r.data)
        shows = dict.fromkeys(r.show for r in of)
        say(f"Data: {', '.join(data) or 'none'}. Shown by: {'; '.join(shows)}.")
    say(
        f"{len(rows)} rows. * from memory, not verified. --json also has table or page, tolerances and reasons of each."
    )


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
    from foedus.report.validation import AGREE

    cells = [
        (r.row.id, r.row.claim, _marked(r.row), "; ".join(r.ours) or "none", _short(r.row), r.word, f"{r.seconds:.1f}") for r in rows
    ]  # fmt: skip
    title = f"{rows[0].row.group}  {rows[0].row.title} ({rows[0].row.source})"
    _table(title, ("row", "what", "published", "ours", "kind", "verdict", "s"), cells)
    for r in rows:
        if r.why and r.verdict not in AGREE:
            say(f"{r.row.id}: {r.why.rstrip('.')}.")


def _table(title: str, names: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a narrow table without lines between its columns."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    from foedus.terminal import console

    table = Table(title=title, title_justify="left", header_style="bold", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for name in names:
        table.add_column(
            name, no_wrap=name in {"row", "kind", "s"}, overflow="fold", justify="right" if name == "s" else "left"
        )
    for row in rows:
        table.add_row(*row)
    console().print(table)
