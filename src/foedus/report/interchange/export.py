"""`export`: a System or a result as a file of another program; the ending says which. Whole or not there at all (convention 4.12)."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from foedus.errors import parameter
from foedus.report.export import replace_file, to_csv
from foedus.report.interchange import draws as drawn
from foedus.report.interchange import files, network, tables
from foedus.report.interchange.about import about, about_all
from foedus.report.interchange.efg import to_efg
from foedus.security.interaction_result import Crisis
from foedus.system.system import System

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    from foedus.params import Params

GRAPHS = {".graphml": files.to_graphml, ".gexf": files.to_gexf, ".net": files.to_pajek}
TABLES = (".csv", ".feather", ".arrow", ".parquet")
DRAWS = {".nc": drawn.to_netcdf, ".nc4": drawn.to_netcdf4}
ENDINGS = (*GRAPHS, *TABLES, *DRAWS, ".efg")
BESIDE = "-metadata.json"
"""Ending of the file beside a table whose format has no room for what a file says of itself."""


def export(
    what: Any,
    path: str | os.PathLike[str],
    *,
    of: str = "signed",
    draws: int = 400,
    seed: int = 1,
    table: Params | None = None,
) -> list[Path]:
    """Write a system or a result in another program's form.

    Parameters
    ----------
    what : System, sequence of System, Blocs, War, Crisis, or any result with a ``table()``
    path : path
        Its ending says the form. A `System`: ``.graphml``, ``.gexf``, ``.net`` (Pajek), or a table as ``.csv``, ``.feather``, ``.arrow``,
        ``.parquet``. Several
        systems: ``.gexf``, dynamic. `Blocs` and `War`: ``.nc`` (NetCDF 3, needs nothing more), ``.nc4`` (NetCDF 4 with ArviZ's groups). A
        `Crisis`: ``.efg``
        (Gambit). The table of any result: as a table of a system.
    of : {"signed", "facts", "actors", "matrix"}
        Which network of a system (``signed`` or ``facts``), or which table. See `foedus.report.interchange.network.to_networkx` and
        `foedus.system.edge_rows`.
    draws, seed : int
        Behind the intervals of ``signed``.
    table : Params, optional
        Replaces ``params/ties.toml`` for signed ties.

    Returns
    -------
    list of Path
        What was written: the file, and beside ``.csv``, ``.feather`` and ``.arrow`` what it says of itself as ``<name>-metadata.json``.

    Raises
    ------
    ParameterError
        An ending that is none of these, or does not go with what is written.
    MissingExtraError
        The form needs a package that is not installed; says which extra brings it.
    InvalidSystemError
        Ids that no file can tell apart.

    Examples
    --------
    >>> import foedus as fd, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     [p.name for p in export(fd.load("europe-1914"), f"{folder}/facts.csv", of="facts")]
    ['facts.csv', 'facts.csv-metadata.json']
    """
    target = Path(path)
    ending = check_ending(target)
    if isinstance(what, System):
        return _system(what, target, ending, of, {"draws": draws, "seed": seed}, table)
    if isinstance(what, list | tuple):
        return _several(what, target, ending)
    if isinstance(what, Crisis) and ending == ".efg":
        return [replace_file(target, to_efg(what).encode())]
    if ending in DRAWS and not isinstance(what, Crisis):
        return [replace_file(target, DRAWS[ending](what))]
    if ending in TABLES and hasattr(what, "table"):
        system = getattr(what, "system", None)
        said = (
            about(system, result=type(what).__name__) if isinstance(system, System) else {"result": type(what).__name__}
        )
        return _table(what.table(), target, ending, said)
    raise parameter("path", target.name, f"an ending that goes with {type(what).__name__}", _goes(what))


def check_ending(path: Path, option: str = "path") -> str:
    """Return the ending of a file in lower case if it stands for a form."""
    ending = path.suffix.casefold()
    if ending not in ENDINGS:
        raise parameter(option, path.name, f"a file that ends in {', '.join(ENDINGS)}")
    return ending


def _goes(what: Any) -> str:
    """Return which endings go with a result."""
    if isinstance(what, Crisis):
        return f".efg, or {', '.join(TABLES)} for its table"
    return f".nc or .nc4 for draws of blocs or a war, {', '.join(TABLES)} for a table"


def _system(
    system: System, target: Path, ending: str, of: str, drawn_by: dict[str, int], table: Params | None
) -> list[Path]:
    """Write a system."""
    if ending in TABLES:
        frame = tables.table(system, of, ties=table, **drawn_by)
        return _table(frame, target, ending, about(system, table=of))
    if ending not in GRAPHS:
        raise parameter(
            "path",
            target.name,
            f"a file that ends in {', '.join((*GRAPHS, *TABLES))}",
            "draws are of a result: blocs, a war, a crisis",
        )
    if ending == ".net" and of != "signed":
        raise parameter(
            "of", of, "'signed': a Pajek file here holds one sign a pair", "facts go into .graphml or .gexf"
        )
    graph = network.to_networkx(system, of=of, table=table, **drawn_by)  # type: ignore[arg-type]
    return [replace_file(target, GRAPHS[ending](graph).encode())]


def _several(systems: Sequence[Any], target: Path, ending: str) -> list[Path]:
    """Write a walk through time."""
    if ending in TABLES:
        return _table(tables.over_time(systems), target, ending, about_all(list(systems), table="facts"))
    if ending != ".gexf":
        raise parameter(
            "path",
            target.name,
            "a file that ends in .gexf, or a table",
            "GraphML and Pajek have no days; write one file a year",
        )
    return [replace_file(target, files.to_gexf(network.over_time(systems)).encode())]


def _table(frame: Any, target: Path, ending: str, said: dict[str, str]) -> list[Path]:
    """Write a table, and beside it what it says of itself where the format has no room."""
    import polars as pl

    if ending == ".csv":
        data = to_csv(frame).encode()
    else:
        buffer = io.BytesIO()
        if ending == ".parquet":
            frame.write_parquet(buffer, metadata=said)
        else:
            frame.write_ipc(buffer, compat_level=pl.CompatLevel.oldest())
        data = buffer.getvalue()
    out = [replace_file(target, data)]
    if ending != ".parquet":
        text = json.dumps({"url": target.name, **said}, ensure_ascii=False, indent=1) + "\n"
        out.append(replace_file(target.with_name(target.name + BESIDE), text.encode()))
    return out
