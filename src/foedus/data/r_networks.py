"""Matrices and networks in R's ``.rda`` and ``.rds`` files: what users of statnet, btergm and signnet save.

A numeric matrix with its row and column names, and the ``network`` objects of R's package of that name (the form of btergm's lists of networks), with
one attribute of the edges as weights. igraph's objects hold environments and are refused with the line of R that turns them into a matrix.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from foedus import limits
from foedus.data.r_tables import UnsupportedError, Value, texts, values
from foedus.errors import DataError, message

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


MOST = limits.MATRIX
"""Actors of a network."""

HINT = (
    "in R, save a matrix: saveRDS(as_adjacency_matrix(g, attr = 'sign', sparse = FALSE), 'net.rds') for igraph, "
    "as.sociomatrix(g, 'sign') for network"
)


class Found(NamedTuple):
    """A square matrix with the names of its rows; ``directed`` is known of a network, None of a matrix."""

    names: tuple[str, ...]
    matrix: NDArray[np.float64]
    directed: bool | None


def read(path: Path, name: str | None = None, *, attribute: str = "sign") -> Found:
    """Return one matrix or network of a file.

    Parameters
    ----------
    path : Path
    name : str, optional
        Of the object, or of the member of a list, such as ``"allies/1914"``; not needed where there is only one.
    attribute : str
        Of the edges of a network, whose value is the weight; where no edge has it every edge is +1.

    Raises
    ------
    DataError
        No such file, no matrix or network in it, several and no name, or one that is not square or not named alike by rows and columns.
    """
    try:
        return _read(path, name, attribute)
    except DataError:
        raise
    except UnsupportedError as fault:
        raise _fault(path, "a form that is not read here", HINT) from fault
    except Exception as fault:  # bytes of R's that hold together and mean nothing
        raise _fault(path, str(fault) or type(fault).__name__, HINT) from fault


def _read(path: Path, name: str | None, attribute: str) -> Found:
    """Return one matrix or network of a sound file."""
    content = values(path)
    found = dict(_members(content, ""))
    if name is None and len(found) == 1:
        (name,) = found
    if name is None or name not in found:
        raise _fault(
            path, f"{len(found)} matrices or networks" + (f", none named {name}" if name else ""), _names(found)
        )
    value = found[name]
    return _network(path, value, attribute) if _is_network(value) else _matrix(path, value)


def _names(found: dict[str, Value]) -> str:
    """Return the hint that lists what there is."""
    return f"name one of: {', '.join(list(found)[:20])}" if found else HINT


def _members(value: Any, name: str) -> Iterator[tuple[str, Value]]:
    """Yield every matrix and network of a value by name: of a list its members', of a file its objects'."""
    if isinstance(value, dict):
        for tag, member in value.items():
            yield from _members(member, tag)
    elif isinstance(value, Value) and (_is_network(value) or _dim(value)):
        yield name, value
    elif isinstance(value, Value) and isinstance(value.data, list):
        tags = texts(value, "names") or [str(k + 1) for k in range(len(value.data))]
        for tag, member in zip(tags, value.data, strict=False):
            if isinstance(member, Value):
                yield from _members(member, f"{name}/{tag}" if name else tag)


def _is_network(value: Value) -> bool:
    """Return whether this is an object of R's package network."""
    return "network" in texts(value, "class")


def _dim(value: Value) -> tuple[int, ...]:
    """Return the shape of a numeric matrix, empty for anything else."""
    dim = value.attributes.get("dim")
    if not isinstance(dim, Value) or len(dim.data) != 2 or not isinstance(value.data, np.ndarray):
        return ()
    return tuple(_whole(x) for x in dim.data)


def _matrix(path: Path, value: Value) -> Found:
    """Return a matrix; R fills it by columns."""
    shape = _dim(value)
    if shape[0] != shape[1] or shape[0] * shape[1] != len(value.data):
        raise _fault(path, f"a matrix of {shape[0]} x {shape[1]}", "rows and columns are the same actors")
    named = value.attributes.get("dimnames")
    both = named.data if isinstance(named, Value) and len(named.data) == 2 else [None, None]
    rows, columns = (tuple(str(x) for x in side.data) if isinstance(side, Value) else None for side in both)
    if rows and columns and rows != columns:
        raise _fault(
            path, "rows and columns of different names", "rows and columns are the same actors, in the same order"
        )
    names = rows or columns or tuple(str(k + 1) for k in range(shape[0]))
    return Found(names, value.data.reshape(shape, order="F"), None)


def _network(path: Path, value: Value, attribute: str) -> Found:
    """Return a network as a matrix."""
    parts = _by_name(value)
    about, edges = _by_name(parts.get("gal")), _list(parts.get("mel"))
    n = _whole(_one(about.get("n")))
    if not 1 <= n <= MOST:
        raise _fault(path, f"a network of {n} actors", f"1 to {MOST:,}")
    directed = bool(_one(about.get("directed")))
    if _one(about.get("bipartite")) not in {None, 0.0}:
        raise _fault(path, "a bipartite network", "one set of actors")
    out = np.zeros((n, n))
    weighted = any(attribute in _by_name(_by_name(e).get("atl")) for e in edges if e is not None)
    for edge in edges:
        if edge is None:
            continue
        ends = _by_name(edge)
        (tail, head), kept = (_whole(_one(ends.get(x))) for x in ("outl", "inl")), _by_name(ends.get("atl"))
        weight = _one(kept.get(attribute)) if weighted else 1.0
        if not (1 <= tail <= n and 1 <= head <= n) or not isinstance(weight, float) or _one(kept.get("na")):
            raise _fault(path, "an edge whose ends or value are missing", f"every edge has {attribute}, or none has")
        out[tail - 1, head - 1] = weight
        if not directed:
            out[head - 1, tail - 1] = weight
    named = [_one(_by_name(v).get("vertex.names")) for v in _list(parts.get("val"))]
    names = tuple(str(k + 1 if x is None else _whole(x) if isinstance(x, float) else x) for k, x in enumerate(named))
    return Found(names if len(names) == n else tuple(str(k + 1) for k in range(n)), out, directed)


def _by_name(value: Any) -> dict[str, Any]:
    """Return a named list as a dict, empty for anything else."""
    if not isinstance(value, Value) or not isinstance(value.data, list):
        return {}
    return dict(zip(texts(value, "names"), value.data, strict=False))


def _list(value: Any) -> list[Any]:
    """Return the members of a list."""
    return value.data if isinstance(value, Value) and isinstance(value.data, list) else []


def _whole(x: Any) -> int:
    """Return a whole number, 0 for whatever is none."""
    return int(x) if isinstance(x, float) and abs(x) < 1e9 and x == int(x) else 0


def _one(value: Any) -> Any:
    """Return the first entry of a vector, None where there is none or it is NA."""
    if not isinstance(value, Value) or not len(value.data):
        return None
    first = value.data[0]
    return None if first is None or first != first else first  # noqa: PLR0124 - NaN


def _fault(path: Path, got: str, hint: str) -> DataError:
    """Return the error that names the file."""
    return DataError(
        message(
            "No network can be read from this R file",
            got=got,
            expected="a square matrix, or a network",
            where=str(path),
            hint=hint,
        )
    )
