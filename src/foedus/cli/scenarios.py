"""``foedus scenario``: write, check, compare scenario files."""

from __future__ import annotations

import json as jsonlib
import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from foedus.cli.common import emit, resolve, say, show, writable


def new(
    path: Annotated[Path, Parameter(name=["--out", "-o"])], *, from_: Annotated[str, Parameter(name=["--from"])], actors: str | None = None,
    data_dir: Path | None = None, force: bool = False,
) -> None:  # fmt: skip
    """Write a scenario file from a real date or a bundled scenario.

    Parameters
    ----------
    path
        Where to write.
    from_
        A year, a date, or a bundled scenario.
    actors
        Only these states, separated by commas.
    data_dir
        Folder with the published data files.
    force
        Overwrite.
    """
    from foedus.errors import parameter
    from foedus.scenario import write

    writable(path, "--out")
    if path.exists() and not force:
        raise parameter("--out", str(path), "a file that does not exist yet", "pass --force to overwrite it")
    system = resolve(from_, data_dir=data_dir, actors=actors).system
    write.write(system, path)
    say(
        f"wrote {path}: {len(system.actors)} actors, {len(system.pacts)} pacts, {len(system.ties)} ties as of {system.date}"
    )
    say(f"Next: foedus brief --in {path}")


def check(path: str, *, json: bool = False) -> None:
    """Report every problem of a scenario file.

    Parameters
    ----------
    path
        The file, or a bundled name.
    json
        Print JSON.
    """
    from foedus.errors import ScenarioError
    from foedus.scenario.check import check as problems

    found = problems(path)
    if json:
        emit({"path": path, "problems": [{"path": p.path, "message": p.message, "hint": p.hint} for p in found]})
        sys.exit(2 if found else 0)
    if found:
        raise ScenarioError(path, found)
    say(f"{path}: no problems")


def diff(first: str, second: str, *, data_dir: Path | None = None, json: bool = False) -> None:
    """List what differs between two systems.

    Parameters
    ----------
    first
        A bundled scenario, a TOML file, a year or a date.
    second
        Another one.
    data_dir
        Folder with the published data files.
    json
        Print JSON.
    """
    import polars as pl

    from foedus.scenario.diff import diff as changes

    rows = [
        c.to_dict()
        for c in changes(resolve(first, data_dir=data_dir).system, resolve(second, data_dir=data_dir).system)
    ]
    if json:
        emit({"first": first, "second": second, "changes": rows})
    elif rows:
        show(f"{first} to {second}", pl.DataFrame(rows), rows=500)
    else:
        say("no difference")


def schema() -> None:
    """Print the JSON Schema of scenario files."""
    from foedus.scenario.schema import json_schema

    sys.stdout.write(jsonlib.dumps(json_schema(), indent=1, sort_keys=True) + "\n")


def list(*, json: bool = False) -> None:
    """List the bundled scenarios and their what-ifs.

    Parameters
    ----------
    json
        Print JSON.
    """
    import polars as pl

    from foedus.scenario.read import bundled_names, load_scenario

    rows = []
    for name in bundled_names():
        s = load_scenario(name)
        rows.append(
            {
                "name": name,
                "date": str(s.system.date),
                "actors": len(s.system.actors),
                "what_ifs": ", ".join(w.name for w in s.what_ifs),
            }
        )
    if json:
        emit({"bundled": rows})
    else:
        show("Bundled scenarios", pl.DataFrame(rows))
