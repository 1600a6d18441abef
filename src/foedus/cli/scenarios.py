"""``foedus scenario``: write, check, compare scenario files."""

from __future__ import annotations

import json as jsonlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from foedus.cli.common import bad_option, day, emit, say, show, writable
from foedus.studies.meant import Meant, resolve

if TYPE_CHECKING:
    from foedus.blocs.graph import SignedGraph
    from foedus.scenario.scenario import Scenario
    from foedus.system.system import System

DETAIL = 110
"""Characters of a detail shown."""


def new(
    path: Annotated[Path, Parameter(name=["--out", "-o"])], *, from_: Annotated[str | None, Parameter(name=["--from"])] = None,
    from_edges: Path | None = None, from_matrix: Path | None = None, object: str | None = None, directed: str | None = None,
    date: str | None = None, positive: str = "interest", negative: str = "rivalry", scale: bool = False,
    actors: str | None = None, data_dir: Path | None = None, force: bool = False,
) -> None:  # fmt: skip
    """Write a scenario file from a real date, a bundled scenario, or a signed network of your own.

    Parameters
    ----------
    path
        Where to write.
    from_
        A year, a date, or a bundled scenario.
    from_edges
        A signed network: edge list as .csv (from, to, sign or weight), or Pajek .net.
    from_matrix
        A signed network: matrix as .csv with names of rows and columns, or .rda or .rds with a matrix or network of R.
    object
        Which object of an R file with several.
    directed
        How two directions that differ become one tie: sum, mean, strongest, agree, lower.
    date
        Day as of which a network holds.
    positive
        Reason of its ties above 0.
    negative
        Reason of its ties below 0.
    scale
        Divide its weights by the greatest.
    actors
        Only these states, separated by commas.
    data_dir
        Folder with the published data files.
    force
        Overwrite.
    """
    from foedus.errors import parameter
    from foedus.scenario import write

    given = [x for x in (from_, from_edges, from_matrix) if x is not None]
    if len(given) != 1:
        raise bad_option(
            f"One of --from, --from-edges and --from-matrix says what to begin from; got {len(given)}",
            "--from europe-1914",
        )
    writable(path, "--out")
    if path.exists() and not force:
        raise parameter("--out", str(path), "a file that does not exist yet", "pass --force to overwrite it")
    network = from_edges or from_matrix
    if network is not None:
        if actors or data_dir:
            raise bad_option("--actors and --data-dir go with --from", "leave them out")
        read = _matrix if from_matrix else _edges
        system = _of_network(read(network, object, directed), path, date, positive, negative, scale=scale)
        meant = Meant(system)
    else:
        meant = resolve(str(from_), data_dir=data_dir, date=date, actors=actors)
        system = meant.system
    write.write(system, path)
    say(
        f"wrote {path}: {len(system.actors)} actors, {len(system.pacts)} pacts, {len(system.ties)} ties as of {system.date}"
    )
    for limit in system.limits if network is not None else ():
        say(f"Unknown: {limit}")
    if meant.scenario is not None:
        _tell_left_out(meant.scenario)
    say(f"Next: foedus brief --in {path}")


def _edges(path: Path, name: str | None, directed: str | None) -> SignedGraph:
    """Return the signed graph of an edge list."""
    from foedus.blocs.graph import signed_graph

    if name is not None:
        raise bad_option("--object goes with --from-matrix", "leave it out")
    return signed_graph(path, directed=directed)  # type: ignore[arg-type] - it checks the rule


def _matrix(path: Path, name: str | None, directed: str | None) -> SignedGraph:
    """Return the signed graph of a matrix."""
    from foedus.blocs.graph import signed_graph
    from foedus.blocs.matrix_files import read_matrix

    names, matrix = read_matrix(path, name=name)
    return signed_graph(matrix, ids=names, directed=directed)  # type: ignore[arg-type] - it checks the rule


def _of_network(
    graph: SignedGraph, path: Path, date: str | None, positive: str, negative: str, *, scale: bool
) -> System:  # fmt: skip
    """Return the system of a signed graph, named after the file to write."""
    import re

    from foedus.scenario.from_network import system_from_network

    when = day(date, "--date", last=False)
    if when is None:
        raise bad_option("A network has no date", "--date 1914-07-28 says as of which day it holds")
    made = re.sub(r"[^a-z0-9]+", "-", path.stem.casefold()).strip("-")[:80].strip("-") or "my-network"
    return system_from_network(graph, date=when, id=made, positive=positive, negative=negative, scale=scale)


def _tell_left_out(scenario: Scenario) -> None:
    """Say what of a scenario is not in the system of its date, and so not in the file written."""
    there = set(scenario.system.ids)
    absent = [a.id for a in (scenario.whole or scenario.system).actors if a.id not in there]
    parts = [
        f"actors who are not there on that day, with their ties and pledges: {', '.join(absent)}" if absent else "",
        f"events after it: {len(scenario.events)}" if scenario.events else "",
        f"what-ifs: {len(scenario.what_ifs)}" if scenario.what_ifs else "",
    ]
    if any(parts):
        say(f"Left out: {'; '.join(p for p in parts if p)}. The file holds the system of {scenario.system.date}.")


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

    one, two = (resolve(x, data_dir=data_dir).system for x in (first, second))
    rows = [c.to_dict() for c in changes(one, two)]
    if json:
        emit({"first": first, "second": second, "changes": rows})
    elif rows:
        show(f"{first} to {second}", pl.DataFrame(rows), rows=500)
    else:
        say("no difference")


def events(
    name: str, *, from_: Annotated[str | None, Parameter(name=["--from"])] = None, to: Annotated[str | None, Parameter(name=["--to"])] = None,
    every: bool = False, about: str | None = None, json: bool = False,
) -> None:  # fmt: skip
    """List the dated changes of a scenario: day, what changes, by which source.

    Parameters
    ----------
    name
        A bundled scenario or a TOML file.
    from_
        First day, or a year (its 1 January); the file's own date if not given.
    to
        Last day, or a year (its 31 December).
    every
        Ties and borders as well; without it events, pacts, members and actors.
    about
        Only what concerns this actor, and events.
    json
        Print JSON.
    """
    import polars as pl

    from foedus.scenario.read import load_scenario
    from foedus.scenario.timeline import KINDS, PACTS, Timeline, timeline

    scenario = load_scenario(name)
    first, last = day(from_, "--from", last=False), day(to, "--to", last=True)
    found = timeline(scenario, first=first, last=last, kinds=KINDS if every else PACTS)
    if about is not None:
        actor = (scenario.whole or scenario.system).actor(about).id
        found = Timeline(found.scenario, tuple(c for c in found.changes if c.kind == "event" or actor in c.who))
    if json:
        emit(found.to_dict())
        return
    if not found.changes:
        say(f"{found.scenario}: nothing changes between these days")
        return
    rows = [
        {"date": str(c.date), "change": c.kind, "what": c.name + (f" ({', '.join(c.who)})" if c.kind in {"signed", "joined", "left"} else ""),
         "detail": _told(c.detail), "sources": ", ".join(c.sources)} for c in found.changes
    ]  # fmt: skip
    show(
        f"Dated changes of {found.scenario}; each shows in systems from the next day on", pl.DataFrame(rows), rows=400,
        of=scenario.whole or scenario.system,
    )  # fmt: skip
    say(
        f"Sources: keys of the file; foedus scenario new --from {name} -o FILE writes them out in full. Details are cut here; --json holds all."
    )


def _told(text: str) -> str:
    """Return a detail that fits a table; --json holds all of it."""
    return text if len(text) <= DETAIL else text[: DETAIL - 4].rsplit(" ", 1)[0] + " ..."


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
