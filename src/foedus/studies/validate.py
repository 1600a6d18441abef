"""`validate`: published results beside ours, from raw data to figure, with a verdict on each and why they differ.

Rows and what counts as agreement are in ``published/*.toml`` and `foedus.studies.validate_spec`; how they are judged in
`foedus.studies.validate_rule`; what computes them in the modules ``validate_blocs``, ``validate_power`` and so on, which call the same functions as
any user. A row from memory may be equal and reproduces nothing; the result keeps the two apart. Fits and tunes nothing.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from foedus import files, limits
from foedus.data.sources import SOURCES
from foedus.errors import FoedusError, MissingExtraError, ParameterError, message, parameter
from foedus.studies.validate_measures import measures
from foedus.studies.validate_rule import ABSENT, DIFFERS, FAILED, Found, judge, shown, worded
from foedus.studies.validate_spec import Row, chosen
from foedus.studies.verdict_run import Bench, shipped_digest

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable
    from pathlib import Path

    import polars as pl

    from foedus.data.store import DataDir

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Judged:
    """One row with what was found, the verdict, why, the seconds it took, and whether it was kept from an earlier run."""

    row: Row
    found: Found | None
    verdict: str
    problem: str
    seconds: float
    kept: bool = False

    @property
    def ours(self) -> tuple[str, ...]:
        """Our values as text."""
        return shown(self.row, self.found)

    @property
    def word(self) -> str:
        """The verdict, with the distance that was allowed."""
        return worded(self.row, self.found, self.verdict)

    @property
    def why(self) -> str:
        """What is known of why it differs, or why there is nothing to compare."""
        note = self.found.note if self.found is not None else ""
        return self.problem or "; ".join(t for t in (self.row.why, note) if t)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON's own types."""
        found = self.found
        values = None if found is None else {
            "values": list(found.values), "intervals": [None if s is None else list(s) for s in found.spans],
            "level": found.level if found.spans else None, "note": found.note,
        }  # fmt: skip
        return self.row.to_dict() | {
            "ours": values, "ours_shown": list(self.ours), "verdict": self.verdict, "problem": self.problem, "seconds": self.seconds,
            "kept": self.kept,
        }  # fmt: skip


@dataclass(frozen=True)
class Validation:
    """Every row that was asked for.

    Attributes
    ----------
    rows : tuple of Judged
    seed : int
    versions : dict of str to str
        Data sets that were read, with their versions.
    foedus : str
        Version of the program.
    """

    rows: tuple[Judged, ...]
    seed: int
    versions: dict[str, str]
    foedus: str

    @property
    def failed(self) -> tuple[Judged, ...]:
        """Rows that speak against the program: numbers that differ, and errors."""
        return tuple(r for r in self.rows if r.verdict in {DIFFERS, FAILED})

    @property
    def ran(self) -> tuple[Judged, ...]:
        """Rows that were computed, now or in the run that is gone on with."""
        return tuple(r for r in self.rows if r.found is not None)

    @property
    def seconds(self) -> float:
        """Seconds of all rows."""
        return sum(r.seconds for r in self.rows)

    def of(self, name: str) -> Judged:
        """Return one row.

        Raises
        ------
        ParameterError
            It was not asked for.
        """
        for r in self.rows:
            if r.row.id == name:
                return r
        raise parameter("name", name, f"one of {', '.join(r.row.id for r in self.rows)}")

    def counts(self) -> dict[str, dict[str, int]]:
        """Return how many rows of each kind have each verdict."""
        out: dict[str, Counter[str]] = {}
        for r in self.rows:
            out.setdefault(r.row.kind, Counter())[r.verdict] += 1
        return {k: dict(c) for k, c in out.items()}

    def table(self) -> pl.DataFrame:
        """Return one row each: what is compared, source, published, ours, kind, tolerance, verdict, why, seconds, and what shows it."""
        import polars as pl

        return pl.DataFrame([
            {
                "row": r.row.id, "claim": r.row.claim, "source": f"{r.row.source}; {r.row.where}", "basis": r.row.basis,
                "published": "; ".join(r.row.published), "ours": "; ".join(r.ours), "kind": r.row.kind,
                "tolerance": "; ".join(f"{t:g}" for t in r.row.tolerance), "verdict": r.word, "why": r.why, "seconds": r.seconds,
                "show": r.row.show,
            }
            for r in self.rows
        ])  # fmt: skip

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON's own types."""
        return {
            "rows": [r.to_dict() for r in self.rows], "counts": self.counts(), "failed": [r.row.id for r in self.failed], "seed": self.seed,
            "versions": self.versions, "foedus": self.foedus, "seconds": self.seconds,
            "standing": "each row's own: exact, estimated with a 95 % interval, or simulated with the seed",
        }  # fmt: skip


def validate(
    only: Iterable[str] | None = None, *, data_dir: DataDir | str | os.PathLike[str] | None = None, seed: int = 1, save: Path | None = None,
    progress: Callable[[str, float], None] | None = None,
) -> Validation:  # fmt: skip
    """Return published results beside ours, each with a verdict.

    Parameters
    ----------
    only : iterable of str, optional
        Rows or whole results, such as ``["5.n", "11", "s7"]``; all by default.
    data_dir : DataDir, str or Path, optional
        Folder with the published files. Rows whose files are not there say how to get them.
    seed : int
        Of all draws.
    save : Path, optional
        Folder that keeps what each row found: a stopped run goes on from there.
    progress : callable, optional
        Called with the id of the row that begins and the share done.

    Returns
    -------
    Validation

    Raises
    ------
    ParameterError
        A row that there is not, or a kept file that cannot be read.
    DataError
        ``data_dir`` is no folder.

    Examples
    --------
    >>> found = validate(["s7.burden", "s12.range"])
    >>> [(r.row.id, r.ours, r.verdict) for r in found.rows]
    [('s7.burden', ('25', '25', '40', '0'), 'equal'), ('s12.range', ('0.5', '0.8'), 'equal')]
    """
    from foedus import __version__

    asked, bench = chosen(only), Bench(data_dir, seed=seed)
    if save is not None:
        _folder(save)
    functions, done = measures(), []
    for k, row in enumerate(asked):
        if progress is not None:
            progress(row.id, k / len(asked))
        done.append(_row(row, functions, bench, save))
    if progress is not None:
        progress("done", 1.0)
    used = sorted({s for r in done if r.found is not None for s in r.row.data})
    versions = {s: bench.store.provenance(s).version for s in used}
    return Validation(tuple(done), seed, versions, __version__)


def _row(row: Row, functions: dict[str, Callable[[Bench], Found]], bench: Bench, save: Path | None) -> Judged:
    """Return one row, judged; what goes wrong in it is its own verdict."""
    if problem := row.unreachable or absent(row, bench):
        return Judged(row, None, ABSENT, problem, 0.0)
    begun = time.perf_counter()
    path = None if save is None else save / f"{row.id}-{_digest(row, bench)}.json"
    if path is not None and path.exists():
        found, seconds = _read(path)
        return Judged(row, found, judge(row, found), "", seconds, kept=True)
    try:
        found = functions[row.id](bench)
        verdict = judge(row, found)
    except MissingExtraError as error:
        return Judged(row, None, ABSENT, str(error), 0.0)
    except FoedusError as error:
        return Judged(row, None, FAILED, str(error), time.perf_counter() - begun)
    except Exception as error:
        return Judged(row, None, FAILED, f"{type(error).__name__}: {error}", time.perf_counter() - begun)
    seconds = time.perf_counter() - begun
    if path is not None:
        _write(path, found, seconds)
    return Judged(row, found, verdict, "", seconds)


def absent(row: Row, bench: Bench) -> str:
    """Return which data of a row are not in the store and what gets them, empty if all are there."""
    missing = [SOURCES[s].spec for s in row.data] if bench.folder is None else bench.folder.missing(row.data)
    if not missing:
        return ""
    fetched, by_hand = [s for s in missing if s.routes], [s for s in missing if not s.routes]
    ways = [f"foedus data fetch {' '.join(s.id for s in fetched)}"] if fetched else []
    ways += [f"foedus data add {s.id} FILE, {s.by_hand}" for s in by_hand]
    return f"data not in the store: {'; '.join(ways)}"


def _folder(save: Path) -> None:
    """Make the folder that keeps rows, before any work is done."""
    try:
        save.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise parameter("save", str(save), "a folder that is there or can be made") from error


def _digest(row: Row, bench: Bench) -> str:
    """Return a digest of what a row's result depends on: itself, its files, the program and what it ships, the seed."""
    from foedus import __version__

    files = [] if bench.folder is None else [bench.folder.provenance(s).sha256 for s in sorted(row.data)]
    about = (FORMAT, __version__, row, files, bench.once("shipped", shipped_digest), bench.seed)
    return hashlib.blake2b(repr(about).encode(), digest_size=8).hexdigest()


def _write(path: Path, found: Found, seconds: float) -> None:
    """Keep what a row found."""
    whole = {"values": found.values, "spans": found.spans, "note": found.note, "level": found.level, "seconds": seconds}
    files.replace_file(path, json.dumps(whole, indent=1).encode())


def _read(path: Path) -> tuple[Found, float]:
    """Return what a row found in an earlier run, and its seconds."""
    try:
        raw = limits.plain(limits.raw(path))
        return Found.of(*raw["values"], spans=raw["spans"], note=raw["note"], level=raw["level"]), float(raw["seconds"])
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        hint = "delete the file: the row is then computed again"
        raise ParameterError(message(f"Cannot read {path} as a kept row", got=str(error), hint=hint)) from error
