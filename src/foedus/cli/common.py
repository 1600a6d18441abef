"""What commands share: which system is meant, what a what-if does, how results and progress are shown."""

from __future__ import annotations

import json
import math
import os
import re
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from foedus.errors import ParameterError, message, parameter

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator, Mapping

    import polars as pl

    from foedus.estimate.nested import Estimate
    from foedus.params import Params
    from foedus.report.words import Names, Said
    from foedus.system.system import System

_DATE = re.compile(r"^\d{4}(-\d{2}-\d{2})?$")


def tie_table(path: Path | None) -> Params | None:
    """Return the user's table of reasons, if one was given."""
    if path is None:
        return None
    from foedus import params

    return params.load_file(path)


def pair(text: str, option: str, expected: str = "ATTACKER:TARGET, such as AUH:SER") -> tuple[str, str]:
    """Return the two actors of ``A:B``."""
    left, _, right = text.rpartition(":") if text.count(":") == 1 else _coded_pair(text)
    if not left or not right:
        raise parameter(option, text, expected)
    return left, right


def _coded_pair(text: str) -> tuple[str, str, str]:
    """Return the two actors of a pair whose names hold colons, as in ``cow:300:cow:345``."""
    match = re.match(r"^((?:cow|gw):\d+|[^:]+):((?:cow|gw):\d+|[^:]+)$", text, re.IGNORECASE)
    return (match[1], ":", match[2]) if match else ("", ":", "")


def day(text: str | None, option: str, *, last: bool) -> dt.date | None:
    """Return the day that a date or a year means, the year's first or last; None where nothing is given."""
    from foedus.system.dates import parse_date

    if text is None:
        return None
    if not _DATE.match(text):
        raise parameter(option, text, "a year or a date, such as 1890 or 1890-06-18")
    return parse_date(f"{text}-12-31" if last and len(text) == 4 else text)


def writable(path: Path, option: str, *, makes_folder: bool = False) -> Path:
    """Return the path if a file can be written there, before any work is done.

    Parameters
    ----------
    path : Path
    option : str
        What a message calls it.
    makes_folder : bool
        Whether the writer makes a folder that is not there.

    Raises
    ------
    ParameterError
        It is a folder, lies below a file, its folder is not there, or may not be written to.
    """
    folder = path.resolve().parent
    if not makes_folder and not folder.exists():
        raise parameter(option, str(path), "a file in a folder that is there", f"make {folder} first")
    above = next((p for p in (folder, *folder.parents) if p.exists()), None)
    if path.is_dir() or above is None or not above.is_dir() or not os.access(above, os.W_OK):
        raise parameter(option, str(path), "a file in a folder that can be written to")
    return path


def drawable(path: Path) -> Path:
    """Return the path of a figure if it can be written, before any work is done."""
    from foedus.report.figures.account import check

    check(writable(path, "--figure"))
    return path


def workers_or_default(workers: int | None) -> int:
    """Return the number of threads to use."""
    if workers is not None and workers < 1:
        raise parameter("--workers", workers, "an integer of at least 1")
    return workers or min(8, os.cpu_count() or 1)


def placed(on: str | None, workers: int | None) -> str | int:
    """Return where a range of dates runs: what ``--on`` says, or processes of this machine."""
    from foedus import executors

    if on is None:
        return workers_or_default(workers)
    if workers is not None:
        raise bad_option("--on and --workers do not go together", "--on processes:N")
    executors.check(on)
    return on


def emit(data: dict[str, Any]) -> None:
    """Print a result as JSON: sorted keys, ten significant digits, the same bytes for the same numbers; hidden characters as escapes."""
    from foedus.terminal import visible_json, writes_all

    text = json.dumps(rounded(data), sort_keys=True, ensure_ascii=not writes_all(), indent=1, default=str)
    sys.stdout.write(visible_json(text) + "\n")


def rounded(value: Any) -> Any:
    """Return the value with floats at ten significant digits; what is not finite, which JSON does not have, as null."""
    if isinstance(value, float):
        return float(f"{value:.10g}") if math.isfinite(value) else None
    if isinstance(value, dict):
        return {k: rounded(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(v) for v in value]
    return value


ID_WIDTH = 28
"""Characters up to which an id in the first column of a table stays on one line."""


def show(
    title: str, frame: pl.DataFrame, *, rows: int = 40, note: str = "", of: System | Mapping[str, str] | None = None
) -> None:
    """Print a table to stdout, floats at two decimals, and how many rows were left out.

    Parameters
    ----------
    title : str
    frame : DataFrame
    rows : int
        Rows that are printed.
    note : str
        A line below.
    of : System, or dict
        Whose actors the table is about, or names by id: names of the time stand for ids in text. JSON and files keep ids.
    """
    from rich.table import Table

    from foedus.terminal import console as opened

    console = opened()
    if of is not None:
        title, note, frame = _named(title, note, frame, of)
    table = Table(title=title, title_justify="left", header_style="bold")
    words = [_longest_word(name, frame[name].head(rows)) for name in frame.columns]
    fits = sum(words) + 3 * len(words) + 1 <= console.width
    for place, (name, dtype) in enumerate(frame.schema.items()):
        whole = place == 0 and all(" " not in str(x) and len(str(x)) <= ID_WIDTH for x in frame[name].head(rows))
        table.add_column(
            name.replace("_", " "), justify="right" if dtype.is_numeric() else "left", overflow="fold", no_wrap=whole,
            min_width=words[place] if fits else None,
        )  # fmt: skip
    for row in frame.head(rows).iter_rows():
        table.add_row(*(_cell(v) for v in row))
    console.print(table)
    if frame.height > rows:
        console.print(f"{frame.height - rows} more rows; --json holds all")
    if note:
        console.print(note)


def chance(e: Estimate) -> str:
    """Return a chance and its interval as per cent, a rare one as one in so many, and how many draws were made where none was a hit."""
    from foedus.report import words

    return words.chance(e)


def change(e: Estimate) -> str:
    """Return a difference of chances and its interval in percentage points."""
    from foedus.report.words import phrase, points

    return phrase(e, points)


def _longest_word(name: str, cells: pl.Series) -> int:
    """Return the width of the longest word of a column, which a narrow table would otherwise cut."""
    return max(len(word) for text in (name.replace("_", " "), *map(_cell, cells)) for word in text.split() or [""])


def say(text: str, *, of: System | Mapping[str, str] | None = None) -> None:
    """Print a paragraph to stdout, with the names of its time for the ids of a system if one is given."""
    from foedus.terminal import console

    console().print(text if of is None else told(text, of), markup=False, emoji=False, highlight=False, soft_wrap=False)


def told(text: str, of: System | Mapping[str, str]) -> str:
    """Return a text for a person: names of the time, with the id where it does not abbreviate the name, for the ids of a system's actors.

    In place of a system, names by id will do.
    """
    return _said(of).told(text)


def _said(of: System | Mapping[str, str]) -> Names | Said:
    """Return what says names for ids."""
    from foedus.report.words import Names, Said
    from foedus.system.system import System

    return Names(of) if isinstance(of, System) else Said(of)


def _named(title: str, note: str, frame: pl.DataFrame, of: System | Mapping[str, str]) -> tuple[str, str, pl.DataFrame]:
    """Return a table and what is said of it with names in place of ids."""
    import polars as pl

    say = _said(of).told
    text = [c for c, kind in frame.schema.items() if kind == pl.String]
    cells = [pl.Series(c, [None if x is None else say(x) for x in frame[c]], dtype=pl.String) for c in text]
    return say(title), say(note), frame.with_columns(cells).rename(say)


def _cell(value: Any) -> str:
    """Return a cell's text."""
    if value is None:
        return "unknown"
    return f"{value:.3g}" if isinstance(value, float) else str(value)


@contextmanager
def progress(label: str, *, quiet: bool = False) -> Iterator[Callable[..., None]]:
    """Show a bar on stderr; yields ``tell(share)`` or ``tell(stage, share)``."""
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    from foedus.terminal import console as opened

    console = opened(stderr=True)
    if quiet or not console.is_terminal:
        yield lambda *_: None
        return
    words = TextColumn("{task.description}", style="progress.description", markup=False)
    with Progress(
        words, BarColumn(), TaskProgressColumn(), TimeRemainingColumn(), console=console, transient=True
    ) as bar:
        task = bar.add_task(label, total=1.0)

        def tell(*what: Any) -> None:
            bar.update(task, completed=what[-1], description=what[0] if len(what) == 2 else label)

        yield tell


@contextmanager
def stages(label: str, *, after: float = 2.0) -> Iterator[Callable[[str, float], None]]:
    """Say on stderr what is being worked on; yields ``tell(what, share)``.

    A bar on a terminal, from the start. Elsewhere a line for each stage, none before ``after`` seconds have gone by, so that a quick command says
    nothing; then at once that of the stage that it is in.
    """
    import threading

    if sys.stderr.isatty():
        with progress(label) as tell:
            tell("starting", 0.0)
            yield tell
        return
    now: list[str] = []
    late, lock = threading.Event(), threading.Lock()

    def line() -> None:
        with lock:
            late.set()
            if now:
                sys.stderr.write(f"{label}: {now[0]}\n")
                sys.stderr.flush()

    def tell(what: str, share: float) -> None:
        with lock:
            said, now[:] = now[:1], [f"{what} ({share:.0%})"]
            if late.is_set() and said != now:
                sys.stderr.write(f"{label}: {now[0]}\n")
                sys.stderr.flush()

    clock = threading.Timer(after, line)
    clock.daemon = True
    clock.start()
    try:
        yield tell
    finally:
        clock.cancel()


@contextmanager
def progress_lines(label: str, *, quiet: bool = False, every: float = 10.0) -> Iterator[Callable[[float], None]]:
    """Show a bar with the time left on stderr, or where that is no terminal a line every so many seconds."""
    import time

    if quiet or sys.stderr.isatty():
        with progress(label, quiet=quiet) as tell:
            yield tell
        return
    begun: list[float] = []
    last = [time.monotonic()]

    def line(share: float) -> None:
        now = time.monotonic()
        begun[:] = begun or [now, share]
        if share < 1 and now - last[0] < every:
            return
        last[0], done = now, share - begun[1]
        left = f", {(1 - share) * (now - begun[0]) / done:.0f} s left" if done > 0 and share < 1 else ""
        sys.stderr.write(f"{label}: {share:.0%}{left}\n")

    yield line


def bad_option(text: str, hint: str) -> ParameterError:
    """Return an error about options that do not go together."""
    return ParameterError(message(text, hint=hint))
