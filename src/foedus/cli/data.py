"""``foedus data``: what data sets there are, and getting, checking, describing, citing and querying them."""

from __future__ import annotations

import builtins
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from foedus.cli.common import bad_option, emit, progress, say, show, writable
from foedus.errors import MissingExtraError

if TYPE_CHECKING:
    import polars as pl

    from foedus.data.spec import SourceSpec
    from foedus.data.store import DataDir

Flag = Annotated[bool, Parameter(negative="")]


WIDE = 120
"""Columns of a terminal below which the list of data sets leaves out what can be looked up."""


def list(*, data_dir: Path | None = None, json: Flag = False) -> None:
    """List the data sets: version, years, terms, and whether each is here.

    Parameters
    ----------
    data_dir
        Folder with the data files (default: the folder that FOEDUS_DATA names).
    json
        Print JSON.
    """
    import polars as pl

    from foedus.data.sources import SOURCES
    from foedus.terminal import console

    data = _at_hand(data_dir)
    rows = [_listed(SOURCES[name].spec, data) for name in SOURCES]
    if json:
        about = ("publisher", "url", "units", "citation", "by_hand")
        more = [{field: getattr(SOURCES[row["id"]].spec, field) for field in about} for row in rows]
        emit({"folder": str(_folder(data_dir)), "data": [row | one for row, one in zip(rows, more, strict=True)]})
        return
    here = sum(row["status"] in {"here", "unrecognised"} for row in rows)
    note = (
        "not here: foedus data fetch NAME gets it; by hand only: download it yourself, then foedus data add NAME FILE\n"
        "unrecognised: another file than the tested one; what is made of it says so"
    )
    frame = pl.DataFrame(rows).with_columns(pl.col("size").map_elements(_bytes, return_dtype=pl.String))
    if console().width < WIDE:
        frame = frame.select("id", "years", "status", "size")
        note += "\na wider terminal, or --json, also shows title, version and licence"
    show(f"{len(rows)} data sets, {here} of them in {_folder(data_dir)}", frame, rows=len(rows), note=note)


def fetch(
    *names: str, accept_terms: Flag = False, all_: Annotated[bool, Parameter(name="--all", negative="")] = False, data_dir: Path | None = None,
) -> None:  # fmt: skip
    """Download data sets from their publishers; what is here already stays.

    Prints the terms and asks; only this command opens a connection.

    Parameters
    ----------
    names
        Data sets, or beginnings of their names: cow_nmc atop gml.
    accept_terms
        Accept the terms without being asked, as a script must.
    all_
        All that can be fetched; so does no NAME.
    data_dir
        Folder to keep them in (default: the folder that FOEDUS_DATA names).
    """
    from foedus.data import fetch as net

    if all_ and names:
        raise bad_option(
            "--all and NAME do not go together", "foedus data fetch --all, or foedus data fetch cow_nmc atop"
        )
    wanted = net.needed(names or None, data_dir=data_dir)
    if wanted:
        _show_terms(wanted)
        _agree(wanted, accepted=accept_terms)
    with progress("fetching", quiet=not wanted) as tell:
        done = net.fetch(names or None, accept=True, data_dir=data_dir, on_progress=tell)
    say(f"fetched {len(done.records)} data sets into {_folder(data_dir)}; {len(done.here)} were there already")
    if done.by_hand:
        say(f"By hand only: {', '.join(done.by_hand)}; foedus data fetch NAME says why, foedus data add takes the file")
    say("Next: foedus data coverage; foedus data cite NAME prints what to cite")


def add(name: str, path: Path, *, data_dir: Path | None = None) -> None:
    """Copy a file that you have into the store.

    Another version than the tested one is taken if it reads, and everything made of it says so.

    Parameters
    ----------
    name
        The data set.
    path
        Its file.
    data_dir
        Folder of the store (default: the folder that FOEDUS_DATA names).
    """
    from foedus.data import changes

    record = changes.add(name, path, data_dir=data_dir)
    say(f"added {name} {record.version}: {record.size:,} bytes, sha256 {record.sha256[:12]}...")
    if not record.recognised:
        say("It is not the tested file: foedus read it, and says in every result that its version is unrecognised.")


def remove(name: str, *, data_dir: Path | None = None) -> None:
    """Delete a data set from the store.

    Parameters
    ----------
    name
        The data set.
    data_dir
        Folder of the store (default: the folder that FOEDUS_DATA names).
    """
    from foedus.data import changes

    say(f"removed {changes.remove(name, data_dir=data_dir)}")


def verify(*, data_dir: Path | None = None, json: Flag = False) -> None:
    """Compare every file with its checksum and read every table; exit 1 if one is not as it should be.

    Parameters
    ----------
    data_dir
        Folder with the data files (default: the folder that FOEDUS_DATA names).
    json
        Print JSON.
    """
    import polars as pl

    from foedus.data.store import DataDir

    checks = DataDir.of(data_dir).verify()
    rows = [{"id": c.id, "status": c.status, "detail": c.detail} for c in checks]
    bad = [c.id for c in checks if c.status != "ok"]
    if json:
        emit({"folder": str(_folder(data_dir)), "data": rows})
    else:
        frame = pl.DataFrame(rows, schema=["id", "status", "detail"])
        note = (
            f"Next: foedus data fetch {bad[0]}, or foedus data add {bad[0]} FILE, puts a good file in its place"
            if bad
            else ""
        )
        show(f"{len(checks)} data sets, {len(bad)} not as they should be", frame, rows=len(rows), note=note)
    sys.exit(1 if bad else 0)


def coverage(name: str | None = None, *, data_dir: Path | None = None, json: Flag = False) -> None:
    """Say what the tables at hand cover; of one, how many cells of each column are known.

    Parameters
    ----------
    name
        A data set; all that are here without it.
    data_dir
        Folder with the data files (default: the folder that FOEDUS_DATA names).
    json
        Print JSON.
    """
    import polars as pl

    from foedus.data.changes import declared
    from foedus.data.store import DataDir

    data = DataDir.of(data_dir)
    if name is not None:
        declared(name)
        data.require(name)
    rows, unread = [], []
    for one in [name] if name else _names_here(data):
        try:
            rows.append(_covered(one, data))
        except MissingExtraError as error:
            if name:
                raise
            unread.append(str(error))
    for text in unread:
        say(f"left out: {text}")
    columns = _columns(name, data).to_dicts() if name else []
    if json:
        emit({"data": rows, **({"columns": columns} if name else {})})
        return
    note = "absence: what a missing row means inside the years; outside them everything is unknown, never zero"
    schema = ["id", "units", "years", "absence", "rows", "version"]
    show(f"{len(rows)} tables in {data.path}", pl.DataFrame(rows, schema=schema), rows=len(rows), note=note)
    if columns:
        show(f"Columns of {name}", pl.DataFrame(columns), rows=len(columns))


def cite(*names: str, data_dir: Path | None = None) -> None:
    """Print the BibTeX entries of data sets; of those that are here without a name.

    Parameters
    ----------
    names
        Data sets, or beginnings of their names.
    data_dir
        Folder with the data files (default: the folder that FOEDUS_DATA names).
    """
    from foedus.data.fetch import choose
    from foedus.data.sources import SOURCES

    data = _at_hand(data_dir)
    chosen = choose(names) if names else [SOURCES[n].spec for n in (_names_here(data) if data else [])]
    if not chosen:
        raise bad_option(f"No data set is in {_folder(data_dir)}", "name one: foedus data cite cow_nmc")
    sys.stdout.write("\n\n".join(_entry(spec, data) for spec in chosen) + "\n")


def where(name: str | None = None, *, data_dir: Path | None = None) -> None:
    """Print the folder of the data, or the path of one data set's file.

    Parameters
    ----------
    name
        A data set.
    data_dir
        Folder with the data files (default: the folder that FOEDUS_DATA names).
    """
    from foedus.data.changes import declared
    from foedus.data.store import DataDir

    if name is None:
        sys.stdout.write(f"{_folder(data_dir)}\n")
        return
    declared(name)
    data = DataDir.of(data_dir)
    data.require(name)
    sys.stdout.write(f"{data.find(name)}\n")


def query(sql: str, *, out: Path | None = None, data_dir: Path | None = None, json: Flag = False) -> None:
    """Run a SELECT over the tables at hand, which are named as foedus data list names them.

    Parameters
    ----------
    sql
        The query, in the SQL of Polars.
    out
        File to write: .csv or .parquet.
    data_dir
        Folder with the data files (default: the folder that FOEDUS_DATA names).
    json
        Print JSON.
    """
    from foedus.data.query import query as rows
    from foedus.errors import parameter

    if out is not None and writable(out, "--out").suffix.casefold() not in {".csv", ".parquet"}:
        raise parameter("--out", str(out), "a file that ends in .csv or .parquet")
    if out is not None and json:
        raise bad_option("--json and --out do not go together", "--json prints to the terminal")
    frame = rows(sql, data_dir=data_dir)
    if out is not None:
        _write(frame, out)
        say(f"wrote {out}: {frame.height:,} rows, {frame.width} columns")
    elif json:
        emit({"rows": frame.to_dicts()})
    else:
        show(f"{frame.height:,} rows", frame)


def _folder(data_dir: Path | None) -> Path:
    """Return the folder that is meant."""
    from foedus.data.changes import folder_of

    return folder_of(data_dir)


def _at_hand(data_dir: Path | None) -> DataDir | None:
    """Return the folder's data, None where it is not there yet and was not named."""
    from foedus.data.store import DataDir

    return DataDir(data_dir) if data_dir is not None or _folder(None).is_dir() else None


def _names_here(data: DataDir) -> builtins.list[str]:
    """Return the names of the data sets that are here."""
    from foedus.data.sources import SOURCES

    return [name for name in SOURCES if data.find(name)]


def _status(spec: SourceSpec, data: DataDir | None) -> str:
    """Return whether a data set is here, and if not, how it may be got."""
    from foedus.data.store import sha256

    path = data.find(spec.id) if data else None
    if path is not None:
        return "here" if sha256(path) == spec.sha256 else "unrecognised"
    return "not here" if spec.routes else "by hand only"


def _listed(spec: SourceSpec, data: DataDir | None) -> dict[str, Any]:
    """Return the row of a data set in the list."""
    years, status = f"{spec.first_year}-{spec.last_year}", _status(spec, data)
    path = data.find(spec.id) if data else None
    return {
        "id": spec.id, "title": spec.title, "version": spec.version, "years": years, "licence": spec.licence, "status": status,
        "size": path.stat().st_size if path else spec.size,
    }  # fmt: skip


def _bytes(size: int) -> str:
    """Return a size in words."""
    if not size:
        return "unknown"
    return f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{max(1, round(size / 1e3))} kB"


def _show_terms(wanted: builtins.list[SourceSpec]) -> None:
    """Print the terms of each data set to stderr, those with the same terms together."""
    terms: dict[tuple[str, str], builtins.list[str]] = {}
    for spec in wanted:
        terms.setdefault((spec.publisher, spec.licence), []).append(f"{spec.id} ({spec.title} {spec.version})")
    for (publisher, licence), names in terms.items():
        sys.stderr.write(f"{publisher}: {licence}\n  {'; '.join(names)}\n")
    sys.stderr.write(
        "These are the terms in short; the publisher's page (foedus data list --json holds its address) decides.\n"
    )


def _agree(wanted: builtins.list[SourceSpec], *, accepted: bool) -> None:
    """Raise unless the user accepts the terms."""
    from foedus.errors import ParameterError, message

    if accepted:
        return
    if sys.stdin is None or not sys.stdin.isatty():
        hint = "read the terms above, then pass --accept-terms"
        raise ParameterError(message("The terms must be accepted", got="no terminal to ask on", hint=hint))
    size = _bytes(sum(spec.size for spec in wanted))
    sys.stderr.write(f"Accept these terms and download {len(wanted)} data sets, {size}? [y/N] ")
    sys.stderr.flush()
    if sys.stdin.readline().strip().casefold() not in {"y", "yes"}:
        raise ParameterError(message("The terms were not accepted", got="no download"))


def _covered(name: str, data: DataDir) -> dict[str, Any]:
    """Return what a table covers."""
    import polars as pl

    found = data.provenance(name)
    return {
        "id": name, "units": found.spec.units, "years": f"{found.spec.first_year}-{found.last_year}", "absence": found.spec.absence,
        "rows": data.scan(name).select(pl.len()).collect().item(), "version": found.version,
    }  # fmt: skip


def _columns(name: str, data: DataDir) -> pl.DataFrame:
    """Return how many cells of each column of a table are known."""
    import polars as pl

    from foedus.data.reading import schema

    frame = data.table(name)
    rows = [
        (c.column, c.type, c.unit, frame.height - frame[c.column].null_count(), frame[c.column].null_count(), c.missing)
        for c in schema(name)
    ]
    return pl.DataFrame(rows, schema=["column", "type", "unit", "known", "missing", "missing_means"], orient="row")


def _entry(spec: SourceSpec, data: DataDir | None) -> str:
    """Return a BibTeX entry, with a note where the file here is not the tested one."""
    mark = (
        f"% {spec.id}: the file here is unrecognised, so its version may differ\n"
        if _status(spec, data) == "unrecognised"
        else ""
    )
    return mark + (spec.bibtex or f"% {spec.citation}")


def _write(frame: pl.DataFrame, out: Path) -> None:
    """Write rows whole or not at all."""
    from foedus import files
    from foedus.spreadsheet import harmless

    with files.beside(out) as beside:
        if out.suffix.casefold() == ".csv":
            harmless(frame).write_csv(beside)
        else:
            frame.write_parquet(beside, compression="zstd")
